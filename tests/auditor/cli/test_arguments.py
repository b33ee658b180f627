# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.cli.arguments import hoisted


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("calls --json", "calls --json"),
        ("calls --store s --json", "--store s calls --json"),
        ("--store s calls", "--store s calls"),
        ("calls --store=s -vv --limit 3", "--store=s -vv calls --limit 3"),
        ("gateway run --config d --listen :1", "--config d gateway run --listen :1"),
        ("verify --passphrase-file - --identity i", "--passphrase-file - --identity i verify"),
        ("calls --verbose --version", "--verbose --version calls"),
        ("scan -- --store s", "scan -- --store s"),
        ("calls --store", "--store calls"),
        ("calls --since -2h", "calls --since -2h"),
    ],
)
def test_global_options_may_stand_anywhere(given: str, expected: str) -> None:
    assert hoisted(given.split()) == expected.split()
