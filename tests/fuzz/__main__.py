# SPDX-License-Identifier: Apache-2.0
"""Fuzzing of everything that reads what strangers wrote: `python -m tests.fuzz TARGET [libFuzzer options] [CORPUS…]`.

atheris (PyPI) is no dependency; install it into an environment of its own and lend it the project's packages:

    python3 -m venv fuzz && fuzz/bin/pip install atheris
    .venv/bin/python -m tests.fuzz.seeds corpus
    export PYTHONPATH=.:.venv/lib/python3.13/site-packages
    fuzz/bin/python -m tests.fuzz dialects -max_total_time=3600 corpus/dialects

What must hold, for any bytes: no exception but a target's own refusal, at most a gigabyte of memory, at most 20 seconds
an input, and of an exchange always a record. What was found is kept as a test beside the reader.
"""

import sys

import atheris

with atheris.instrument_imports(include=["auditor"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz one target until libFuzzer's options say stop."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Usage: python -m tests.fuzz {'|'.join(TARGETS)} [options] [corpus]")
    target = TARGETS[sys.argv[1]]
    options = [sys.argv[0], "-rss_limit_mb=1024", "-timeout=20", *sys.argv[2:]]
    atheris.Setup(options, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
