# SPDX-License-Identifier: Apache-2.0
"""What all commands share: the global options, and the examples in a command's help.

Global options may stand before or after the command (`hoisted` brings them to the front), as kubectl's and docker's
users expect; so no command repeats them.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

WITH_VALUE = frozenset(
    {"--store", "--identity", "--passphrase-file", "--config", "--holder", "--holder-passphrase-file"}
)
FLAGS = frozenset({"--verbose", "--version"})

PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="The organisation's policy; by default the gateway's policy.toml."),
]
Folders = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="A folder of Sigma rules of your own; repeatable.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with the global options first, in their order; nothing behind `--` is touched."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in WITH_VALUE:
            front += [word, *itertools.islice(words, 1)]
        elif word in FLAGS or _is_verbose(word) or word.partition("=")[0] in WITH_VALUE:
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def _is_verbose(word: str) -> bool:
    return word.startswith("-v") and set(word[1:]) == {"v"}


def examples(*lines: str) -> str:
    """A help epilog that shows commands as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
