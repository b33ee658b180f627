# SPDX-License-Identifier: Apache-2.0
"""The rules of a store: the built-in ones and those in the folder `rules` beside it, less those that were turned off.

Which are off stands in the folder, too (`off.txt`, one rule's id a line), so that the desktop and the command line
evaluate the same rules.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from auditor.errors import InputError
from auditor.rules.model import Rule, Rules
from auditor.rules.reading import load
from auditor.store import Location, files

NAME: Final = "rules"
OFF: Final = "off.txt"
_HEAD: Final = "# Rules that are turned off, by their ids.\n"


class RuleFolder(msgspec.Struct, frozen=True):
    """The folder of a store's own rules; it need not exist."""

    path: Path

    @classmethod
    def of(cls, location: Location) -> "RuleFolder":
        """The folder beside a store."""
        return cls(location.folder.absolute().parent / NAME)

    def all(self, more: Iterable[Path] = ()) -> Rules:
        """Every rule, those that are off included; `more` are further folders."""
        own = [self.path] if self.path.is_dir() else []
        return load([*own, *more])

    def off(self) -> frozenset[str]:
        """The ids of the rules that are off."""
        file = self.path / OFF
        lines = files.read(file, "The list").decode(errors="replace").splitlines() if file.exists() else []
        return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))

    def running(self, more: Iterable[Path] = ()) -> Rules:
        """The rules that are evaluated."""
        found, off = self.all(more), self.off()
        return Rules(tuple(rule for rule in found.rules if rule.id not in off), found.bad)

    def turn(self, rule: str, on: bool) -> None:
        """Turn a rule on or off. Raises `EnvironmentFailure` where the folder cannot be written."""
        off = self.off() - {rule} if on else self.off() | {rule}
        self._made()
        files.write(self.path / OFF, (_HEAD + "".join(f"{one}\n" for one in sorted(off))).encode())

    def is_own(self, rule: Rule) -> bool:
        """Whether a rule lies in this folder, and so may be edited."""
        return rule.path is not None and rule.path.is_relative_to(self.path)

    def save(self, file: Path, text: str) -> None:
        """Write a file of rules in the folder. Raises `InputError` where it lies elsewhere."""
        if file.parent != self.path or file.suffix not in (".yml", ".yaml"):
            raise InputError(f"{file} is no rule file of {self.path}.", "Give it a name that ends in .yml.")
        self._made()
        files.write(file, text.encode())

    def remove(self, file: Path) -> None:
        """Delete a file of rules of the folder."""
        if file.parent == self.path:
            file.unlink(missing_ok=True)

    def _made(self) -> None:
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"{self.path} cannot be made: {error.strerror}.") from error
