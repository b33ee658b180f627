# SPDX-License-Identifier: Apache-2.0
"""The command `auditor`: one file per command group."""


def main() -> None:
    """Runs the command line."""
    from auditor.cli.app import run

    run()
