# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: what they cost the recorder, and how an index of millions of outputs answers an upload.

    python -m tests.benchmarks fingerprints
    FINGERPRINT_OUTPUTS=10000000 FINGERPRINT_ROWS=100000 python -m tests.benchmarks fingerprints
    FINGERPRINT_SERVER=1 python -m tests.benchmarks fingerprints     also by SQL, on a PostgreSQL of the tests

The cost is CPU time of pipeline and sealing over conversations that repeat their history, group by group with
fingerprints and without in turn, the median of some rounds. The index is synthetic: fingerprints of random words in the
archive's own tables (SQLCipher; of the calls only those whose outputs come back), a tenth of the upload's rows copied
from it; memory is the process's peak.
"""

import contextlib
import itertools
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final
from unittest import mock

import numpy as np
from sqlalchemy import Connection, insert

from auditor import pipeline
from auditor.archive import sharing
from auditor.archive.comparison import Comparison
from auditor.archive.index import Index
from auditor.archive.schema import calls
from auditor.calls import Exchange, Origin, Request, Response
from auditor.detectors import Scanner
from auditor.fingerprinting import FingerprintMemory, Unseen
from auditor.gateway import memory
from auditor.hashing import Hashes, mixed
from auditor.pipeline import Pipeline
from auditor.privacy import PlacedText, Pseudonyms
from auditor.privacy.fingerprints import RUN, WINDOW
from auditor.providers import Providers
from auditor.store.format.prepare import prepare
from auditor.store.format.records import Fingerprints
from tests.auditor.distillation.material import T0
from tests.auditor.distillation.sessions import Content
from tests.postgres import running

OUTPUTS: Final = int(os.environ.get("FINGERPRINT_OUTPUTS", "1000000"))
ROWS: Final = int(os.environ.get("FINGERPRINT_ROWS", "100000"))
SERVER: Final = os.environ.get("FINGERPRINT_SERVER") == "1"
KEY: Final = b"k" * 32
WORDS: Final = 120
BATCH: Final = 16_384
ROUNDS: Final = 15
TURN: Final = timedelta(minutes=1)
TOGETHER: Final = 32
"""Exchanges the recorder digests at once: what comes in a `LINGER` at 640 a second."""
PER_TEXT: Final = round((WORDS - RUN + 1) * 2 / (WINDOW + 1))


class _None:
    """Stands in for the memory of fingerprints."""

    def __init__(self, key: bytes) -> None:
        """Takes the key and forgets it."""

    def unseen(self, number: int, said: object, actor: str | None, time: object) -> Unseen:
        """Nothing."""
        return Unseen(number, "", "")

    def fingerprints(self, calls: Sequence[Unseen]) -> list[Fingerprints]:
        """None."""
        return [Fingerprints(call=one.call) for one in calls]


def conversations(count: int = 30, turns: int = 8) -> list[Exchange]:
    """Chats whose every turn repeats what was said before."""
    found: list[Exchange] = []
    for talk in range(count):
        content = Content(("talk", talk))
        messages = [{"role": "system", "content": content.text(20)}]
        for turn in range(turns):
            messages = [*messages, {"role": "user", "content": content.text(12)}]
            answer = {"role": "assistant", "content": content.text(25)}
            found.append(_exchange(f"{talk}-{turn}", T0 + turn * TURN, f"person-{talk}", messages, answer))
            messages = [*messages, answer]
    return found


def _exchange(id_: str, time_: datetime, user: str, messages: list[dict[str, str]], answer: dict[str, str]) -> Exchange:
    choices = [{"index": 0, "message": answer, "finish_reason": "stop"}]
    kind = (("content-type", "application/json"),)
    return Exchange(
        id=id_,
        time=time_,
        origin=Origin(user=user),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions",
            headers=kind,
            body=json.dumps({"model": "gpt-4o", "messages": messages}).encode(),
        ),
        response=Response(
            status=200, headers=kind, body=json.dumps({"id": id_, "model": "gpt-4o", "choices": choices}).encode()
        ),
    )


def _recorder(memory_of_fingerprints: type) -> Callable[[Sequence[Exchange]], float]:
    """A new recorder's pipeline and sealing: what takes a group of exchanges and tells its CPU seconds."""
    with mock.patch.object(pipeline, "FingerprintMemory", memory_of_fingerprints):
        made = Pipeline(Providers.load(), Pseudonyms(b"k" * 32), Scanner())
    made.process(conversations(1, 1)[0])

    def record(group: Sequence[Exchange]) -> float:
        began = time.process_time()
        for draft in made.process_all(group):
            prepare(draft)
        return time.process_time() - began

    return record


class _Timed(FingerprintMemory):
    """The memory of fingerprints, with what it takes of the processor in `spent` seconds."""

    spent = 0.0

    def unseen(self, number: int, said: Iterable[PlacedText], actor: str | None, when: datetime) -> Unseen:
        """As it does, timed."""
        began = time.process_time()
        found = super().unseen(number, said, actor, when)
        _Timed.spent += time.process_time() - began
        return found

    def fingerprints(self, calls: Sequence[Unseen]) -> list[Fingerprints | None]:
        """As it does, timed."""
        began = time.process_time()
        found = super().fingerprints(calls)
        _Timed.spent += time.process_time() - began
        return found


def cost() -> None:
    """What fingerprints cost the recorder: group by group with and without in turn, and the time in their own code."""
    memory.settle()  # as the recorder's process does
    exchanges = conversations()
    with_, without, own = [], [], []
    for _ in range(ROUNDS):
        sums = [0.0, 0.0]
        recorders = [_recorder(FingerprintMemory), _recorder(_None)]
        for number, group in enumerate(itertools.batched(exchanges, TOGETHER)):
            for which in (0, 1) if number % 2 else (1, 0):
                sums[which] += recorders[which](group)
        with_.append(sums[0])
        without.append(sums[1])
        _Timed.spent, timed = 0.0, _recorder(_Timed)  # apart, since reading the clock takes time
        for group in itertools.batched(exchanges, TOGETHER):
            timed(group)
        own.append(_Timed.spent / len(exchanges) * 1e6)
    more = median(one / other - 1 for one, other in zip(with_, without, strict=True))
    each = median(without) / len(exchanges) * 1e6
    print(f"recorder: {each:.0f} µs of CPU a call without fingerprints; with them {more:+.1%} (demand: at most 10 %),")  # noqa: T201
    print(f"  in their own code {median(own):.0f} µs a call, {min(own):.0f} at best: {median(own) / each:.1%}")  # noqa: T201


def _prints(numbers: range) -> Hashes:
    """The fingerprints of some outputs, `PER_TEXT` each."""
    return mixed(np.arange(numbers.start * PER_TEXT, numbers.stop * PER_TEXT, dtype=np.uint64))


def _fill(connection: Connection, numbers: range) -> None:
    made = _prints(numbers).astype("<u8").tobytes()
    each = [made[place : place + 8 * PER_TEXT] for place in range(0, len(made), 8 * PER_TEXT)]
    sharing.add(connection, ((n, Fingerprints(received=one)) for n, one in zip(numbers, each, strict=True)))


@contextlib.contextmanager
def _filled() -> Iterator[tuple[Index, list[int], Hashes]]:
    """An index of many outputs, those of them that come back in an upload, and the upload's fingerprints."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder) / "index", KEY)
        began = time.monotonic()
        for first in range(1, OUTPUTS + 1, BATCH):
            with index.writing() as connection:
                _fill(connection, range(first, min(first + BATCH, OUTPUTS + 1)))
        took, size = time.monotonic() - began, (Path(folder) / "index").stat().st_size
        print(f"index: {OUTPUTS} outputs of {WORDS} words ({PER_TEXT} fingerprints each), {size / 1e6:.0f} MB,")  # noqa: T201
        print(f"  filled in {took:.0f} s")  # noqa: T201
        facts = {"part": 0, "ledger": "gateway", "time": 0, "outcome": "complete"}
        step = max(1, OUTPUTS // (ROWS // 10))
        copied = list(itertools.islice(range(1, OUTPUTS + 1, step), ROWS // 10))
        with index.writing() as connection:
            connection.execute(insert(calls), [{"n": n, "id": f"c{n}", "seq": n, **facts} for n in copied])
        foreign = range(OUTPUTS + 1, OUTPUTS + 1 + ROWS - len(copied))
        yield index, copied, np.concatenate([*(_prints(range(n, n + 1)) for n in copied), _prints(foreign)])
        index.close()


def _asked(what: str, ask: Callable[[], Collection[object]], copied: Collection[object]) -> None:
    """How long an answer takes, how good it is, and what memory it needs."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, busy = time.monotonic(), time.process_time()
    found = set(ask())
    took, busy = time.monotonic() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    right = len(found & set(copied))
    print(f"{what}: {ROWS} rows in {took:.1f} s ({busy:.1f} s of ours), {right} of {len(copied)} sources named,")  # noqa: T201
    print(f"  {len(found) - right} others; peak memory {peak / 1e3:.0f} MB ({before / 1e3:.0f} MB before asking)")  # noqa: T201


def scale() -> None:
    """An upload against an index of many outputs: in the index, and by SQL on a server that holds its copy."""
    with _filled() as (index, copied, wanted):
        with index.reading() as connection:
            _asked("in the index", lambda: sharing.holders(connection, [wanted])[0], {f"c{n}" for n in copied})
        if not SERVER:
            return
        with running() as postgres:
            comparison = Comparison(postgres.database(), index, KEY)
            _asked("copied to a server and asked", lambda: comparison.holders([wanted])[0], copied)
            _asked("on the server", lambda: comparison.holders([wanted])[0], copied)


def main() -> None:
    """Run both."""
    cost()
    scale()


if __name__ == "__main__":
    main()
