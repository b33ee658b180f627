# SPDX-License-Identifier: Apache-2.0
"""What fuzzing starts from, so that it need not guess what JSON is: `python -m tests.fuzz.seeds FOLDER`.

Writes a folder for each target whose inputs have a structure: exchanges of each format for `dialects`, a recording for
`har`, the documented policy for `policy`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from auditor.calls import Exchange
from tests.auditor.dialects.samples import SAMPLES, SOCKETS
from tests.fuzz.targets import KINDS, PLACES

GUIDE = Path(__file__).parents[2] / "docs" / "user-guide.md"


def dialects() -> list[bytes]:
    """Each sample at each of the places whose format it may be, in the form the target reads."""
    return [_exchange(one) for one in SAMPLES] + [_socket(*messages) for _, *messages in SOCKETS]


def policies() -> list[bytes]:
    """The blocks of TOML in the user guide."""
    return [one.encode() for one in re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)]


def recordings() -> list[bytes]:
    """A recording of two entries."""
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 5.0,
        "request": {"method": "POST", "url": PLACES[0], "headers": [], "postData": {"text": "{}"}},
        "response": {"status": 200, "headers": [], "content": {"text": "e30=", "encoding": "base64"}},
        "_webSocketMessages": [{"type": "send", "time": 1.0, "opcode": 1, "data": "{}"}],
    }
    return [json.dumps({"log": {"version": "1.2", "creator": {"name": "n"}, "entries": [entry, entry]}}).encode()]


def _exchange(one: Exchange) -> bytes:
    place = next((n for n, url in enumerate(PLACES) if one.request.url == url), len(PLACES) - 2)
    body = one.response.body if one.response else b""
    stated = (
        next((value for name, value in one.response.headers if name.lower() == "content-type"), "")
        if one.response
        else ""
    )
    kind = next((n for n, name in enumerate(KINDS) if name and stated.startswith(name.partition(";")[0])), 0)
    kind = KINDS.index("text/event-stream") if body.startswith((b"data:", b"event:")) else kind
    return bytes([place + 16 * kind]) + len(one.request.body).to_bytes(2, "big") + one.request.body + body


def _socket(*messages: Any) -> bytes:
    return bytes([len(PLACES) - 1, 0, 0]) + b"\0".join(json.dumps(one).encode() for one in messages)


def main() -> None:
    """Write them all."""
    for target, seeds in (("dialects", dialects()), ("policy", policies()), ("har", recordings())):
        folder = Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / f"seed-{number:03}").write_bytes(seed)


if __name__ == "__main__":
    main()
