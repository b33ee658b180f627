# SPDX-License-Identifier: Apache-2.0
"""`auditor import` as a user runs it: exchanges a second from start to end, and the memory of all its processes.

    python -m tests.benchmarks import

Start-up, unlocking, reading, parsing, scanning, sealing and the index are all in the time, and the processor time of a
call has its share of the start. Exchanges are of our own making (see `import_traffic`), and recorded ones where
`../shared/data` has them: those three times over, at other times, so that two thirds of their texts were met before.
The size of the HAR is `AUDITOR_BENCH_HAR_MB` (256).
"""

import contextlib
import ctypes
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.import_traffic import FIRST, Json, entries, exchanges
from tests.benchmarks.processes import family

COUNTS = (2_000, 16_000, 40_000)
HAR_MB = int(os.environ.get("AUDITOR_BENCH_HAR_MB", "256"))
RECORDED = Path("../shared/data/wire-dev.jsonl.gz")
_EVERY_S = 1.0
_CHILD_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of <linux/prctl.h>."""


def write_ndjson(path: Path, count: int) -> int:
    """Write this many exchanges; their number."""
    with path.open("w") as file:
        file.writelines(json.dumps(one) + "\n" for one in exchanges(count))
    return count


def write_recorded(path: Path, rounds: int) -> int:
    """Write the recorded exchanges so many times; their number."""
    written = 0
    with path.open("w") as file:
        for _ in range(rounds):
            with gzip.open(RECORDED, "rt") as lines:
                for line in lines:
                    moment = FIRST + timedelta(milliseconds=20 * written)
                    file.write(json.dumps(_recorded(json.loads(line), moment.isoformat())) + "\n")
                    written += 1
    return written


def _recorded(one: Json, time_: str) -> Json:
    """A recorded exchange as `auditor import` reads it."""
    sides = {
        side: {
            "headers": one[f"{side}_headers"],
            **{kind: one[f"{side}_{kind}"] for kind in ("body", "body_b64") if one.get(f"{side}_{kind}") is not None},
        }
        for side in ("request", "response")
    }
    return {
        "time": time_,
        "client": {"user": "recorded"},
        "request": {"method": one["method"], "url": one["url"], **sides["request"]},
        "response": {"status": one["status"], **sides["response"]},
        "messages": [_message(frame) for frame in one.get("ws_messages") or () if frame.get("kind") == "message"],
    }


def _message(frame: Json) -> Json:
    data = frame["data"]
    return {"direction": frame["direction"], "text": data if isinstance(data, str) else json.dumps(data)}


def write_har(path: Path, size: int) -> int:
    """Write a HAR of about `size` bytes; the number of its entries."""
    written = 0
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [')
        for number, one in enumerate(entries(sys.maxsize)):
            if file.tell() >= size:
                break
            file.write((",\n" if number else "") + json.dumps(one))
            written = number + 1
        file.write("]}}")
    return written


class Memory:
    """The resident memory of a process and all below it, looked at while it runs."""

    def __init__(self, pid: int) -> None:
        self.most_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self, pid: int) -> None:
        while not self._over.wait(_EVERY_S):
            self.most_mb = max(self.most_mb, sum(map(_resident_mb, family(pid))))


def _resident_mb(pid: int) -> float:
    """Memory in MB, shared pages shared out (proportional set size); 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


class Run(NamedTuple):
    """What a command took: seconds by the clock, processor seconds of all its processes, the most memory in MB."""

    seconds: float
    processor: float
    memory_mb: float


def _processor() -> float:
    """Processor seconds of all processes that were waited for, and of those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _inherit_orphans() -> None:
    """Wait for what a command leaves behind, too: the server its workers are forked from ends after it (Linux)."""
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def auditor(folder: Path, *arguments: str) -> Run:
    """Run the command in a fresh place."""
    environment = {
        **os.environ,
        "AUDITOR_STORE": str(folder / "data" / "store"),
        "AUDITOR_IDENTITY": str(folder / "data" / "auditor.identity"),
        "AUDITOR_PASSPHRASE_FILE": str(folder / "passphrase"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    began, before = time.monotonic(), _processor()
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with Memory(process.pid) as memory:
        _, complaint = process.communicate()
    took = time.monotonic() - began
    _wait_for_orphans()
    if process.returncode:
        raise SystemExit(complaint.decode())
    return Run(took, _processor() - before, memory.most_mb)


def measure(name: str, write: Callable[[Path, Any], int], wanted: int) -> None:
    """One line: an import into a fresh store."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "passphrase").write_text("correct horse battery staple\n")
        (folder / "passphrase").chmod(0o600)
        recording = folder / "recording"
        count = write(recording, wanted)
        size = recording.stat().st_size / 1e6
        auditor(folder, "init", "--out", str(folder / "data"))
        took = auditor(folder, "import", str(recording))
    print(  # noqa: T201
        f"{name:8} {count:7,} in {size:7,.1f} MB: {took.seconds:6.1f} s, {count / took.seconds:6,.0f}/s, "
        f"{size / took.seconds:5.1f} MB/s, {took.processor / count * 1000:.2f} ms of processor each, "
        f"at most {took.memory_mb:,.0f} MB"
    )


def runs() -> Iterable[tuple[str, Callable[[Path, Any], int], int]]:
    """What is imported: exchanges of three lengths, recorded ones, then a HAR."""
    yield from (("NDJSON", write_ndjson, count) for count in COUNTS)
    if RECORDED.exists():
        yield "recorded", write_recorded, 3
    else:
        print(f"recorded: not measured, {RECORDED} is missing")  # noqa: T201
    yield "HAR", write_har, HAR_MB * 1_000_000


def main() -> None:
    """Print the figures."""
    _inherit_orphans()
    print(f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores")  # noqa: T201
    for run in runs():
        measure(*run)


if __name__ == "__main__":
    main()
