# SPDX-License-Identifier: Apache-2.0
"""What `auditor export` writes, read by parsers that are not ours: the OCSF schema, CSV, HAR, OTLP."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from auditor.exports import ocsf
from auditor.imports import read
from tests.auditor.cli import material
from tests.auditor.cli.house import House
from tests.auditor.cli.material import ADDRESS, KEY, SECRET_WORD

SCHEMA = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=ocsf.VERSION))
"""The schema as https://schema.ocsf.io publishes it, in the package `ocsf-json-schema`."""


@pytest.fixture
def full(house: House) -> House:
    sent = material.exchange(5, "Charge 4539 5787 6362 1486.", material.completion("Done.", 5))
    return house.filled(material.day() + json.dumps(sent).encode() + b"\n")


def validate(event: Any) -> None:
    name = SCHEMA.lookup_class_name_from_uid(class_uid=event["class_uid"])
    schema = SCHEMA.get_class_schema(class_name=name, profiles=[])
    jsonschema.Draft202012Validator(schema).validate(event)


def test_calls_and_findings_are_ocsf(full: House) -> None:
    events = full.ok("export", "--format", "ocsf").rows
    assert [event["class_uid"] for event in events] == [6003] * 4
    full.ok("analyze")
    found = full.ok("export", "--format", "ocsf", "--what", "findings").rows
    assert {event["class_uid"] for event in found} == {2004}
    for event in events + found:
        validate(event)
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    assert events[0]["actor"]["user"]["uid"].startswith("a-")
    assert all("verdict" in event["finding_info"]["desc"] for event in found)


def test_the_schema_would_say_what_is_wrong(full: House) -> None:
    (event, *_) = full.ok("export", "--format", "ocsf").rows
    for broken in (event | {"severity_id": "high"}, event | {"colour": 1}, {**event, "api": {}}):
        with pytest.raises(jsonschema.ValidationError):
            validate(broken)


def test_findings_are_narrowed_by_level_and_time(full: House) -> None:
    full.ok("analyze")
    every = full.ok("export", "--format", "jsonl", "--what", "findings").rows
    high = full.ok("export", "--format", "jsonl", "--what", "findings", "--level", "medium").rows
    assert 0 < len(high) < len(every)
    assert {one["rule"]["level"] for one in high} <= {"medium", "high", "critical"}
    assert full.ok("export", "--format", "jsonl", "--what", "findings", "--since", "2026-11-24").rows == []
    day = every[0]["first_seen"][:10]
    assert full.ok("export", "--format", "jsonl", "--what", "findings", "--until", day).rows
    rows = list(csv.DictReader(io.StringIO(full.ok("export", "--format", "csv", "--what", "findings").out)))
    assert [row["id"] for row in rows] == [one["id"] for one in every]


def test_csv_is_read_back_and_runs_no_formula(house: House, tmp_path: Path) -> None:
    one = material.exchange(0, "x", material.completion("y", 0))
    one["request"]["headers"].append(["user-agent", "=cmd|' /C calc'!A0"])
    (tmp_path / "one.ndjson").write_text(json.dumps(one))
    house.ok("import", tmp_path / "one.ndjson")
    (row,) = csv.DictReader(io.StringIO(house.ok("export", "--format", "csv").out))
    assert row["user_agent.original"] == "'=cmd|' /C calc'!A0"
    assert row["gen_ai.request.model"] == "gpt-4o"
    assert row["gen_ai.usage.input_tokens"] == "10"


def test_nothing_said_is_exported_without_a_reason(full: House, tmp_path: Path) -> None:
    for format_ in ("csv", "jsonl", "har", "ocsf", "otel"):
        out = full.ok("export", "--format", format_).out
        assert not [word for word in (SECRET_WORD, ADDRESS, KEY, "4539", "alice") if word in out], format_
    assert full.ok("access-log", "--json").rows == []
    ran = full.run("export", "--format", "har", "--unmasked")
    assert (ran.code, "takes a reason" in ran.sentence) == (2, True)


def test_with_a_reason_content_is_exported_and_that_is_recorded(full: House, tmp_path: Path) -> None:
    for format_ in ("jsonl", "har", "otel"):
        path = tmp_path / f"calls.{format_}"
        full.ok("export", "--format", format_, "--unmasked", "--reason", "ticket 7", "--out", path)
        assert SECRET_WORD in path.read_text()
        assert ADDRESS in path.read_text()
        assert KEY not in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
    log = full.ok("access-log", "--json").rows
    assert [(one["action"], one["reason"]) for one in log] == [("export", "ticket 7")] * 3


def test_content_is_masked_unless_it_is_revealed(full: House) -> None:
    for format_ in ("jsonl", "otel"):
        out = full.ok("export", "--format", format_, "--content", "--reason", "ticket 7").out
        assert SECRET_WORD in out
        assert ADDRESS not in out
        assert "4539 5787" not in out


def test_a_har_can_be_imported_again(full: House, tmp_path: Path) -> None:
    path = tmp_path / "calls.har"
    full.ok("export", "--format", "har", "--unmasked", "--reason", "to move them", "--out", path)
    again = list(read(path))
    assert len(again) == 4
    assert {getattr(one, "request").url for one in again} == {material.URL}  # noqa: B009


def test_otlp_has_the_conventions_names(full: House) -> None:
    (request, *_) = full.ok("export", "--format", "otel", "--filter", "outcome:complete").rows
    (record,) = request["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    values = {one["key"]: one["value"] for one in record["attributes"]}
    assert record["eventName"] == "gen_ai.client.inference.operation.details"
    assert values["gen_ai.provider.name"] == {"stringValue": "openai"}
    assert values["gen_ai.usage.input_tokens"] == {"intValue": "15"}
    assert values["gen_ai.response.finish_reasons"] == {"arrayValue": {"values": [{"stringValue": "stop"}]}}
    assert record["timeUnixNano"].isdecimal()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "har", "--what", "findings"], "not written as har"),
        (["--format", "csv", "--content", "--reason", "x"], "no place for content"),
        (["--format", "har", "--content", "--reason", "x"], "as they were captured"),
        (["--format", "csv", "--filter", "nonsense:1"], "nonsense"),
        (["--format", "pdf"], "'--format': 'pdf' is not one of"),
    ],
)
def test_what_cannot_be_is_2(full: House, options: list[str], said: str) -> None:
    ran = full.run("export", *options)
    assert (ran.code, said in ran.sentence) == (2, True)


def test_a_folder_that_takes_nothing_is_4_and_leaves_nothing(full: House, tmp_path: Path) -> None:
    ran = full.run("export", "--format", "csv", "--out", tmp_path / "nowhere" / "calls.csv")
    assert (ran.code, "could not be written" in ran.sentence) == (4, True)
