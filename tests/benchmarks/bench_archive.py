# SPDX-License-Identifier: Apache-2.0
"""The archive over 200,000 synthetic calls: refresh, pages near and far, counts, histograms, completion.

    python -m tests.benchmarks.bench_archive

Wall times on whatever machine this runs on, and CPU time beside the refresh; trust the ratios.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from statistics import median

from auditor.archive import Archive, Filter, Sort
from auditor.calls import Call, DataCount, Outcome
from auditor.store import Enrolment, Identity, LedgerWriter, Location, create_store
from auditor.store.format.records import Completion, Draft, Intent, Started
from auditor.store.keys.identity import Argon2

CALLS = 200_000
ROUNDS = 3
FIRST = datetime(2026, 11, 1, tzinfo=UTC)

PROVIDERS = (
    ("openai", "gpt-4o", "api.openai.com", "openai-python"),
    ("anthropic", "claude-sonnet-4-5", "api.anthropic.com", "claude-code"),
    ("gcp.gemini", "gemini-2.5-pro", "generativelanguage.googleapis.com", "google-genai"),
    ("mistral_ai", "mistral-large", "api.mistral.ai", "VS Code"),
)
OUTCOMES = (Outcome.COMPLETE,) * 18 + (Outcome.ERROR, Outcome.INTERRUPTED)


def synthetic(count: int, seed: int = 1) -> Iterator[Call]:
    """Calls of a thousand actors over three weeks, some with data in them."""
    rng = random.Random(seed)
    step = timedelta(days=21) / count
    for number in range(count):
        provider, model, host, client = PROVIDERS[min(rng.randrange(8), 3)]
        sent = (DataCount(type=rng.choice(("EMAIL", "PERSON", "SECRET")), direction="sent", count=1),)
        yield Call(
            id=f"{rng.getrandbits(128):032x}",
            time=FIRST + number * step,
            duration_ms=rng.uniform(100, 9000),
            provider=provider,
            operation="chat",
            dialect="openai.chat",
            request_model=model,
            response_model=f"{model}-2026",
            response_id=f"chatcmpl-{number}",
            finish_reasons=("stop",),
            input_tokens=rng.randrange(10, 20_000),
            output_tokens=rng.randrange(1, 4_000),
            server_address=host,
            path="/v1/chat/completions",
            method="POST",
            status=200,
            stream=True,
            actor=f"a-{rng.randrange(1000):016d}",
            credential=f"k-{rng.randrange(50):016d}",
            user_agent=f"{client}/2.8.1",
            client=client,
            request_bytes=rng.randrange(500, 50_000),
            response_bytes=rng.randrange(500, 9_000),
            cost_usd=rng.random() / 100,
            data=sent if rng.random() < 0.2 else (),
            outcome=rng.choice(OUTCOMES),
        )


def drafts(calls: Iterator[Call]) -> Iterator[Draft]:
    """Completions, one in eight after its intent: a gateway writes every intent, an import none."""
    yield Draft(Started(time=FIRST, version="bench"))
    for number, call in enumerate(calls):
        if number % 8 == 0:
            host, path = call.server_address or "", call.path or ""
            yield Draft(Intent(time=call.time, exchange=call.id, method="POST", server_address=host, path=path))
        yield Draft(Completion(time=call.time, exchange=call.id, calls=(call,)))


def timed(what: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Print the median time of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(f"{what:44}{median(times) * 1000:10.2f} ms")  # noqa: T201


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        created = create_store(Path(folder) / "out", b"bench", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
        location = Location.parse(created.store)
        identity = Identity.open(created.identity, b"bench")
        with LedgerWriter.for_gateway(Enrolment.load(created.gateway), location) as writer:
            for batch in batched(drafts(synthetic(CALLS)), 4000):
                writer.append(batch)
        with Archive.open(location, identity, cache=Path(folder) / "cache") as archive:
            wall, cpu = time.perf_counter(), time.process_time()
            archive.refresh()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            size = archive.index_path.stat().st_size / CALLS
            print(f"refresh {CALLS / wall:,.0f} calls/s ({CALLS / cpu:,.0f} a CPU second), {size:,.0f} bytes a call")  # noqa: T201
            reads(archive)


def reads(archive: Archive) -> None:
    """Print the times of what the desktop asks."""
    timed("refresh with no news", archive.refresh)
    timed("listing and first page of 256", lambda: archive.listing().page(0))
    listing = archive.listing()
    timed("page in the middle, unknown", lambda: archive.listing().page(CALLS // 2))
    listing.page(CALLS // 2)
    timed("page next to a known one", lambda: listing.page(CALLS // 2 + 256))
    timed("last page", lambda: archive.listing().page(CALLS - 256))
    timed("ordered by duration, middle page", lambda: archive.listing(sort=Sort("duration")).page(CALLS // 2))
    for text in ("provider:anthropic", "actor:a-0000000000000042", "data:SECRET", "tokens>20k", "*mistral*"):
        narrow = Filter.parse(text)
        timed(f"count     {text}", lambda narrow=narrow: archive.count(narrow))
        timed(f"page 0    {text}", lambda narrow=narrow: archive.listing(narrow).page(0))
        timed(f"histogram {text}", lambda narrow=narrow: archive.histogram(narrow))
    timed("histogram of everything", archive.histogram)
    timed("summary", archive.summary)
    timed("completion model:c", lambda: archive.suggest("model:c"))


if __name__ == "__main__":
    main()
