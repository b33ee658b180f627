# SPDX-License-Identifier: Apache-2.0
"""What terms permit comes out as permitted and names the clause, all the way: recorded exchanges through `auditor
import` and `auditor analyze`, read back by `auditor findings --json`."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.calls import Exchange
from tests.auditor.cli.house import House
from tests.auditor.distillation.material import OPENAI, TOGETHER, Traffic, answered, prose

DEEPSEEK, GROQ = "https://api.deepseek.com/v1", "https://api.groq.com/openai/v1"


def line(exchange: Exchange) -> bytes:
    """An exchange as `auditor import` reads it."""
    request, response = exchange.request, exchange.response
    assert response is not None
    told = {
        "time": exchange.time.isoformat(),
        "client": {"user": "somebody"},
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": list(request.headers),
            "body_b64": base64.b64encode(request.body).decode(),
        },
        "response": {
            "status": response.status,
            "headers": list(response.headers),
            "body_b64": base64.b64encode(response.body).decode(),
        },
    }
    return json.dumps(told).encode() + b"\n"


def copied(model: str, teacher: str, pupil: str) -> Traffic:
    """The answers of a model, uploaded to train another."""
    traffic, rows = answered("somebody", 14, model=model, base=teacher)
    traffic.upload("somebody", rows, base=pupil)
    return traffic


def classifier() -> Traffic:
    """Messages written to train a spam filter of one's own, uploaded with their labels."""
    traffic, rows = Traffic(), []
    for number in range(20):
        text = prose(("text", number), 60)
        traffic.chat("somebody", f"Write a message of the kind that {prose(('kind', number), 4)}", text)
        rows.append({"text": text, "label": ("spam", "ham")[number % 2]})
    traffic.upload("somebody", rows)
    return traffic


PERMITTED: dict[str, tuple[Callable[[], Traffic], str]] = {
    "distilling DeepSeek": (lambda: copied("deepseek-chat", DEEPSEEK, TOGETHER), "deepseek.permission.2"),
    "tuning inside OpenAI": (lambda: copied("gpt-4o", OPENAI, OPENAI), "openai.permission.1"),
    "a private classifier": (classifier, "openai.permission.1"),
    "open weights": (lambda: copied("openai/gpt-oss-120b", GROQ, TOGETHER), "groq.third_party_terms.1"),
}


def distilled(house: House, traffic: Traffic, folder: Path) -> list[tuple[str, str, str | None]]:
    """Grade, level and clause of what is found on training."""
    file = folder / "traffic.ndjson"
    file.write_bytes(b"".join(line(exchange) for _, exchange in traffic.entries))
    house.ok("import", file)
    house.ok("analyze")
    found = [row for row in house.ok("findings", "--json").rows if row["kind"] in ("distillation", "lineage")]
    return [(row["grade"], row["rule"]["level"], row["clause"] and row["clause"]["id"]) for row in found]


@pytest.mark.parametrize("case", PERMITTED)
def test_what_is_permitted_is_a_note_that_names_the_clause(house: House, tmp_path: Path, case: str) -> None:
    made, clause = PERMITTED[case]
    assert distilled(house, made(), tmp_path) == [("informational", "informational", clause)]


def test_the_same_traffic_is_no_note_where_it_is_not_permitted(house: House, tmp_path: Path) -> None:
    ((grade, level, clause),) = distilled(house, copied("gpt-4o", OPENAI, TOGETHER), tmp_path)
    assert (grade, level) != ("informational", "informational")
    assert clause is not None
    assert clause.startswith("openai.")
