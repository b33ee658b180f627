# SPDX-License-Identifier: Apache-2.0
"""Runs every benchmark beside this file: `python -m tests.benchmarks [NAME…]`, for example `store`."""

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    for module in found:
        if not names or module.removeprefix("bench_") in names:
            importlib.import_module(f"tests.benchmarks.{module}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
