# SPDX-License-Identifier: Apache-2.0
"""Measure 10 of the store's design: contents searched by their words, beside opening every content, and beside a scan.

    python -m tests.benchmarks search          with AUDITOR_BENCH_CALLS=1000000 for a million (100,000)

Texts of 1 KB and of 16 KB, of our own: made-up words drawn as words are (Zipf), with a number nobody else said in each.
"Opening" is how contents were searched before there was an index, measured over a real store's first calls; "scan"
the least that any search without an index can do: decompress every text and look. Both are of a part of the calls and
told for all of them. A search is whole: index, list, access record, which is told for itself as well. Processor
time.
"""

import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched, chain
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import zstandard
from sqlalchemy import func, insert, select, update

from auditor import searching
from auditor.archive import Archive
from auditor.archive.schema import word_pieces, worded
from auditor.archive.search import held
from auditor.archive.search.pieces import Numbers, Piece, merged, packed
from auditor.archive.search.words import words_of
from auditor.detectors import Scanner
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms, texts
from auditor.providers import Providers
from tests.auditor.archive.conftest import make_store
from tests.auditor.archive.test_archive import exchange
from tests.benchmarks.index_material import FIRST, Facts, fill

CALLS: Final = int(os.environ.get("AUDITOR_BENCH_CALLS", "100000"))
OPENED: Final = 1_000
SCANNED: Final = 5_000
TAKEN: Final = 16_000_000
"""Bytes of texts that are taken in as searches do; the words of the rest are put there directly."""
ROUNDS: Final = 5
VOCABULARY: Final = 60_000


def vocabulary() -> list[str]:
    """Made-up words, those that are said most first."""
    rng = random.Random(1)
    syllables = ["".join(pair) for pair in ((c, v) for c in "bdfghklmnprstvz" for v in "aeiou")]
    return ["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3, 3, 4, 5)))) for _ in range(VOCABULARY)]


def drawn(count: int, size: int, at_once: int, seed: int = 1) -> Iterator[Numbers]:
    """The words of texts of about so many characters, by their places in the vocabulary: a row a text."""
    weights = 1 / np.arange(2.7, VOCABULARY + 2.7)
    draws = np.random.default_rng(seed)
    for block in batched(range(count), at_once):
        yield draws.choice(VOCABULARY, size=(len(block), size * 10 // 70), p=weights / weights.sum())


def said(count: int, size: int) -> Iterator[str]:
    """Texts of about so many characters."""
    words = vocabulary()
    rows = chain.from_iterable(drawn(count, size, 1_000))
    for number, places in enumerate(rows):
        yield f"{' '.join(words[at] for at in places.tolist())}, ticket{number:07d}."


def made(start: int, count: int, size: int) -> Iterator[Piece]:
    """The words of more such texts, from this number on, in pieces as large as taking them in leaves them."""
    known, place = np.unique([word.encode() for word in vocabulary()], return_inverse=True)
    each = searching.BLOCK
    while 2 * each * len(set(next(said(1, size)).split())) <= held.LARGEST:
        each *= 2
    for rows in drawn(count, size, each, seed=2):
        calls = np.arange(start + 1, start + 1 + len(rows))
        words, holding = np.divmod(np.unique((place[rows] << 32) + calls[:, None]), 1 << 32)
        used, words = np.unique(words, return_inverse=True)
        tickets = [f"ticket{call - 1:07d}".encode() for call in calls.tolist()]
        yield merged(Piece(known[used].tolist(), words, holding), Piece(tickets, np.arange(len(rows)), calls))
        start += len(rows)


def spent(work: Callable[[], object]) -> float:
    """Processor seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def opening(folder: Path, size: int) -> float:
    """Seconds a call to open contents and look, in a real store."""
    store = make_store(folder)
    pipeline = Pipeline(Providers.load(), Pseudonyms(store.identity.pseudonym_key), Scanner())
    store.write(*(pipeline.process(exchange(f"x{n}", text)) for n, text in enumerate(said(OPENED, size))))
    with store.archive() as archive:
        archive.refresh()
        ids = [call.id for call in archive.calls()]

        def look() -> None:
            opened = archive.content(ids, "bench")
            looked = ["\n".join(text.text for text in texts(one.content)).casefold() for one in opened]
            assert sum("ticket0000007" in one for one in looked) == 1

        return median(spent(look) for _ in range(3)) / OPENED


def scanning(size: int) -> float:
    """Seconds a call to decompress a text and look."""
    codec = zstandard.ZstdCompressor()
    kept = [codec.compress(text.encode()) for text in said(SCANNED, size)]

    def look() -> None:
        reader = zstandard.ZstdDecompressor()
        assert sum("ticket0000007" in reader.decompress(one).decode().casefold() for one in kept) == 1

    return median(spent(look) for _ in range(ROUNDS)) / SCANNED


def take_in(archive: Archive, count: int, size: int) -> tuple[float, float]:
    """Take words in as searches do, but for opening, of the first calls; the rest is made. Seconds a call, and the
    bytes of all texts."""
    index, seconds, weight, taken = archive.index, 0.0, 0, min(count, TAKEN // size)
    for some in batched(said(taken, size), searching.BLOCK):
        with index.reading() as connection:
            block = held.waiting(connection, searching.BLOCK)[: len(some)]
        weight += sum(len(text.encode()) for text in some)
        begun = time.process_time()
        words = {here.n: words_of(text) for here, text in zip(block, some, strict=True)}
        with index.writing() as connection:
            held.take(connection, block, words)
        seconds += time.process_time() - begun
    for piece in made(taken, count - taken, size):
        with index.writing() as connection:
            connection.execute(insert(word_pieces), packed(piece)._asdict())
            connection.execute(update(worded).values(newest=int(piece.calls.max())))
    return seconds / taken, weight * count / taken


def measure(count: int, size: int) -> None:
    """Print the figures for texts of a size."""
    with tempfile.TemporaryDirectory() as folder:
        opened, scanned = opening(Path(folder) / "opened", size), scanning(size)
        with make_store(Path(folder) / "searched").archive() as archive:
            facts = Facts(FIRST, "a-1", "k-1", "openai", "client/1")
            fill(archive.index, (facts._replace(time=FIRST + timedelta(seconds=n)) for n in range(count)))
            taking, weight = take_in(archive, count, size)
            with archive.index.reading() as connection:
                blobs = (word_pieces.c.words, word_pieces.c.counts, word_pieces.c.gaps, word_pieces.c.wide)
                sizes = [connection.scalar(select(func.sum(func.length(blob)))) or 0 for blob in blobs]
                pieces = connection.scalar(select(func.count()).select_from(word_pieces))
            told = f"{count:,} calls of {weight / count:,.0f} bytes: {taking * 1e3:.2f} ms a call to take in"
            print(f"{told}, {pieces} pieces, {sum(sizes) / weight:.3f} of the text ({sizes})")  # noqa: T201
            print(f"  opening {opened * count:,.0f} s, scan {scanned * count:,.1f} s for all (a part, times)")  # noqa: T201
            record = median(spent(lambda: archive.content([], "bench")) for _ in range(ROUNDS))
            print(f"  an access record alone {record * 1e3:.1f} ms")  # noqa: T201
            for what, asked in asking(count, size).items():
                took = median(spent(lambda asked=asked: search(archive, asked)) for _ in range(ROUNDS))
                against = f"1/{opened * count / took:,.0f} of opening, 1/{scanned * count / took:,.0f} of a scan"
                print(f"  {what:30} {search(archive, asked):9,} calls {took * 1e3:9.1f} ms, {against}")  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  resident at most {peak:,.0f} MB")  # noqa: T201


def asking(count: int, size: int) -> dict[str, str]:
    """What is searched for."""
    words = "".join(next(said(1, size))).split()
    often = max(set(words), key=words.count)
    return {
        "one call has it": f"ticket{count // 2:07d}",
        "within a word, a thousandth": f"t{count // 2 // 1000:04d}",
        "nobody has it": "xylophone",
        "a common word": often,
        "two words": f"{often} ticket{count // 3:07d}",
    }


def search(archive: Archive, asked: str) -> int:
    """How many calls a whole search finds."""
    return searching.search(archive, asked, "bench").total


def main() -> None:
    """Print the figures."""
    measure(CALLS, 1_000)
    measure(CALLS // 16, 16_000)


if __name__ == "__main__":
    main()
