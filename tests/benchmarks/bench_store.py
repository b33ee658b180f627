# SPDX-License-Identifier: Apache-2.0
"""The sealed ledger against a plaintext store: appending, file size, verification, reading metadata.

    python -m tests.benchmarks.bench_store

The plaintext store is one SQLite table of msgpack metadata and zstd bodies, written by the same SQLite with the same
durability (WAL, `synchronous=FULL`) through the bare driver. Both start from the same drafts. Each figure is the median
over rounds in which the two take turns: appending by the clock on the wall, since it waits for the disk, with the ratio
of processor time beside it; reading by processor time. Before appending is timed, both logs have had their full length,
since a commit that makes a file longer waits for the file system too. On a busy machine trust the ratios only.
"""

import gc
import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from unittest import mock

import zstandard
from sqlcipher3 import dbapi2

from auditor.calls import Call, Exchange, Request, Response
from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, Location, create_store
from auditor.store.format import records, sealing
from auditor.store.format.records import Completion, Draft, SealedExchange
from auditor.store.keys.identity import Argon2
from auditor.store.verification.verify import verify

ROUNDS = 5
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = (
    *("the", "of", "data", "model", "token", "request", "answer", "please", "summarise"),
    *("table", "customer", "contract", "figure", "report", "query"),
)
APPENDS = {256: 4096, 16: 768, 1: 64}
"""Records of one round by group size; at 256 a segment each."""
WARM_UP = 8192
"""Records that fill both logs before appending is timed."""


def drafts(count: int, seed: int = 1) -> list[Draft]:
    """Completions with 8 KB of exchange, compressible about as chat is."""
    chance = random.Random(seed)
    return [_draft(chance, number) for number in range(count)]


def _draft(chance: random.Random, number: int) -> Draft:
    text = " ".join(f"{chance.choice(WORDS)}{chance.randrange(100)}" for _ in range(900)).encode()[:8000]
    call = Call(
        id=f"{chance.getrandbits(128):032x}",
        time=NOW,
        provider="openai",
        operation="chat",
        request_model="gpt-4o",
        response_model="gpt-4o-2024-08-06",
        response_id=f"chatcmpl-{chance.getrandbits(64):016x}",
        finish_reasons=("stop",),
        input_tokens=chance.randrange(9000),
        output_tokens=chance.randrange(900),
        server_address="api.openai.com",
        path="/v1/chat/completions",
        method="POST",
        status=200,
        stream=True,
        actor=f"a-{chance.randrange(1000):016d}",
        credential=f"k-{chance.randrange(50):016d}",
        user_agent="OpenAI/Python 2.8.1",
        client="openai-python",
        cost_usd=0.001,
    )
    exchange = Exchange(
        id=call.id,
        time=NOW,
        request=Request(method="POST", url="https://api.openai.com/v1/chat/completions", body=text[:6000]),
        response=Response(status=200, body=text[6000:]),
    )
    return Draft(Completion(time=NOW, exchange=exchange.id, calls=(call,)), SealedExchange(exchange=exchange))


class Plain:
    """The plaintext store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._compress = zstandard.ZstdCompressor(level=3).compress
        self._connection = dbapi2.connect(path, isolation_level=None)
        for pragma in ("page_size=8192", "journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, meta BLOB, body BLOB)")

    def append(self, group: Sequence[Draft]) -> None:
        rows = [(records.encode(draft.meta), self._compress(records.encode(draft.body))) for draft in group]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO record (meta, body) VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class Sealed:
    """A store of ours, and its gateway's writer."""

    def __init__(self, folder: Path) -> None:
        made = create_store(folder, b"bench", argon2=Argon2(iterations=1, memory_kib=64, lanes=1), months=2)
        self.location = Location.parse(made.store)
        self.identity = Identity.open(made.identity, b"bench")
        self.ledger = made.ledgers[0]
        self.path = self.location.ledger_file(self.ledger)
        self._writer = LedgerWriter.for_gateway(Enrolment.load(made.gateway), self.location)

    def append(self, group: Sequence[Draft]) -> None:
        self._writer.append(group)

    def close(self) -> None:
        self._writer.close()


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of one run, the collector kept out."""
    return spent(work, clock)[0]


def spent(work: Callable[[], object], *clocks: Callable[[], float]) -> list[float]:
    """Time of one run by several clocks, the collector kept out."""
    gc.collect()
    begins = [clock() for clock in clocks]
    work()
    return [clock() - begin for clock, begin in zip(clocks, begins, strict=True)]


@contextmanager
def both(material: Sequence[Draft] = (), group: int = 256) -> Iterator[tuple[Sealed, Plain]]:
    """The two stores, with this material in them and closed if there is any."""
    with tempfile.TemporaryDirectory() as folder:
        sealed, plain = Sealed(Path(folder) / "sealed"), Plain(Path(folder) / "plain.db")
        with closing(sealed), closing(plain):
            for store in (sealed, plain):
                fill(store, material, group)
            if not material:
                yield sealed, plain
        if material:
            yield sealed, plain


def fill(store: Sealed | Plain, material: Sequence[Draft], group: int) -> None:
    for at in range(0, len(material), group):
        store.append(material[at : at + group])


def compare(
    sealed: Callable[[], object],
    plain: Callable[[], object],
    count: int,
    what: str,
    demand: float,
    waits: bool = False,
) -> None:
    """Let the two take turns and print rates and ratio: by processor time, or where they wait for the disk by the clock
    on the wall, with the ratio of processor time behind it."""
    clocks = (time.perf_counter, time.process_time) if waits else (time.process_time,)
    turns = [(spent(sealed, *clocks), spent(plain, *clocks)) for _ in range(ROUNDS)]
    ours, theirs = (count / median(spent[0] for spent in side) for side in zip(*turns, strict=True))
    ratios = [median(plain[at] / sealed[at] for sealed, plain in turns) for at in range(len(clocks))]
    beside = f" (processor time {ratios[1]:.2f})" if waits else ""
    _print(f"{what:58} {ours:10,.0f}/s {theirs:10,.0f}/s   {ratios[0]:5.2f}   >= {demand}{beside}")


def appending() -> None:
    warm = drafts(WARM_UP)
    for group, count in APPENDS.items():
        material = drafts(count)
        with both() as (sealed, plain):
            for store in (sealed, plain):
                fill(store, warm, 256)
            compare(
                lambda sealed=sealed, material=material, group=group: fill(sealed, material, group),
                lambda plain=plain, material=material, group=group: fill(plain, material, group),
                count,
                f"1-2  append, groups of {group}",
                0.65 if group > 1 else 0.5,
                waits=True,
            )


def size() -> None:
    material = drafts(4096)
    for padded, demand in ((False, 1.05), (True, 1.08)):
        patch = mock.patch.object(sealing, "padded_length", sealing.padded_length if padded else lambda length: length)
        with patch, both(material) as (sealed, plain):
            ours, theirs = sealed.path.stat().st_size, plain.path.stat().st_size
            name = f"3    bytes a record, {'with' if padded else 'without'} padding"
            count = len(material)
            _print(f"{name:58} {ours / count:10,.0f}   {theirs / count:10,.0f}     {ours / theirs:5.3f}   <= {demand}")


def verification() -> None:
    for group, count in ((256, 8192), (1, 8192)):
        with both(drafts(count), group) as (sealed, plain):
            compare(
                lambda sealed=sealed: _expect(verify(sealed.location).holds),
                lambda plain=plain: bare_read(plain.path),
                count,
                f"4    verify / bare read and SHA-256, written in groups of {group}",
                0.5,
            )
            if group > 1:
                time_opened = median(seconds(lambda: verify(sealed.location, sealed.identity)) for _ in range(3))
                _print(f"{'     the same with an identity: every record opened':58} {count / time_opened:10,.0f}/s")


def bare_read(path: Path) -> None:
    with closing(dbapi2.connect(path)) as connection:
        for meta, body in connection.execute("SELECT meta, body FROM record ORDER BY seq"):
            hashlib.sha256(meta + body).digest()


def projection() -> None:
    material = drafts(8192)
    with both(material) as (sealed, plain):
        reader = LedgerReader.open(sealed.location, sealed.identity)
        compare(
            lambda: _expect(sum(1 for _ in reader.records(sealed.ledger)) == len(material)),
            lambda: _expect(plain_metas(plain.path) == len(material)),
            len(material),
            "12   metadata of closed segments / plaintext rows, decoded",
            0.4,
        )


def plain_metas(path: Path) -> int:
    with closing(dbapi2.connect(path)) as connection:
        return sum(1 for (meta,) in connection.execute("SELECT meta FROM record") if records.decode_meta(meta))


def _expect(holds: bool) -> None:
    if not holds:
        raise AssertionError("the benchmark did not do its work")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program's output


def main() -> None:
    """All measures, one line each: ours, plaintext, ratio, demand."""
    _print(f"{'store: measure of STORE.md':58} {'ours':>12} {'plaintext':>12}   ratio   demand")
    appending()
    size()
    verification()
    projection()


if __name__ == "__main__":
    main()
