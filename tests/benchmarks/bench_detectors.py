# SPDX-License-Identifier: Apache-2.0
"""Speed, memory and alarms of the detectors over the sources and documentation of installed packages.

    python -m tests.benchmarks.bench_detectors

Alarms per MB are an upper bound of false alarms: the names of packages' authors are in this text as well.
"""

import random
import resource
import site
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from auditor.detectors import Scanner

SECRETS = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY", "PAYMENT_CARD", "CONFIDENTIAL_MARK"})
LIMITS = {"SECRET": 10, "PASSWORD": 5, "PERSON": 40, "NATIONAL_ID": 10, "PHONE": 5, "HEALTH": 15}
_LONGEST, _MOST = 40_000, 3_000_000
_SKIPPED = ("phonenumbers", "stdnum", "python_stdnum")
"""Beginnings of the folders of packages that are about the data looked for: what they show is no false alarm."""


def corpus(pattern: str) -> list[str]:
    """Texts of installed packages, in an order of their own that is the same every time."""
    paths = sorted(
        path
        for path in Path(site.getsitepackages()[0]).rglob(pattern)
        if not any(part.startswith(_SKIPPED) for part in path.parts)
    )
    random.Random(3).shuffle(paths)
    texts, size = [], 0
    for path in paths:
        text = path.read_text("utf-8", "replace")[:_LONGEST]
        if len(text) > 400 and size < _MOST:
            texts.append(text.partition("\n\n")[2] if path.name == "METADATA" else text)
            size += len(texts[-1])
    return texts


def measure(name: str, texts: Sequence[str], types: frozenset[str] | None = None) -> None:
    """One line: megabytes per CPU-second, warm, and alarms per megabyte."""
    scanner, size = Scanner(), sum(map(len, texts)) / 1e6
    for text in texts[:50]:
        scanner.scan(text, types)
    began, counts = time.process_time(), Counter[str]()
    for text in texts:
        counts.update(match.type for match in scanner.scan(text, types))
    speed = size / (time.process_time() - began)
    alarms = {type_: round(count / size, 1) for type_, count in counts.most_common()}
    over = [type_ for type_, limit in LIMITS.items() if alarms.get(type_, 0) > limit]
    print(f"{name:22} {size:6.2f} MB {speed:7.1f} MB/CPU-s  alarms/MB {alarms}  over the limit: {over or 'none'}")  # noqa: T201


def main() -> None:
    """Print the figures."""
    code, prose = corpus("*.py"), corpus("METADATA")
    measure("code, all types", code)
    measure("documentation, all", prose)
    measure("code, secrets", code, SECRETS)
    print(f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
