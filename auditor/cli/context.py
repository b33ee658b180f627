# SPDX-License-Identifier: Apache-2.0
"""What a command works on: the store, the identity and its passphrase, each opened at first use and once.

The store is looked at before the passphrase is asked for, so that a wrong path costs no typing.
"""

import getpass
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.calls import Value
from auditor.cli import output
from auditor.errors import UnlockError

if TYPE_CHECKING:
    from auditor.archive import Archive
    from auditor.policy import Policy
    from auditor.store import Identity, Location

TERMINAL = "-"
_WITHOUT_TERMINAL = "Give --passphrase-file FILE, or set AUDITOR_PASSPHRASE_FILE."


class Holders(Value, frozen=True, kw_only=True):
    """The identities of people who unlock another one together, and their passphrases' files in the same order."""

    files: tuple[Path, ...] = ()
    passphrase_files: tuple[str, ...] = ()


class Options(Value, frozen=True, kw_only=True):
    """The global options as they were given; `None` where one was not."""

    store: str | None = None
    identity: Path | None = None
    passphrase_file: str | None = None
    config: Path | None = None
    holders: Holders = Holders()


class Context:
    """The rooms a command needs, opened as it asks for them."""

    def __init__(self, options: Options) -> None:
        self.options = options

    @cached_property
    def location(self) -> "Location":
        """Where the store is, whether there is one or not."""
        from auditor.store import Location

        return Location.parse(self.options.store)

    @cached_property
    def existing(self) -> "Location":
        """Where the store is; raises `InputError` where there is none."""
        self.location.facts()
        return self.location

    @cached_property
    def identity_file(self) -> Path:
        """The identity file: as given, else beside the store as `init` wrote it, else in the user's data folder."""
        from auditor.store.create import IDENTITY
        from auditor.store.location import default_identity

        beside = self.location.folder.absolute().parent / IDENTITY
        return self.options.identity or (beside if beside.exists() else default_identity())

    @cached_property
    def gateway_folder(self) -> Path:
        """The gateway's folder where no --config names it: beside the store as `init` wrote it."""
        from auditor.store.create import GATEWAY

        return self.location.folder.absolute().parent / GATEWAY

    @cached_property
    def policy_file(self) -> Path:
        """The organisation's policy where nobody names one: in the folder of --config, else in the gateway's."""
        from auditor.policy import POLICY

        return (self.options.config or self.gateway_folder) / POLICY

    def policy(self, file: Path | None = None) -> "Policy":
        """The policy in a file that was named, else the one of the folder, which may have none."""
        from auditor.policy import load, of_folder

        return load(file) if file else of_folder(self.policy_file.parent)

    @cached_property
    def identity(self) -> "Identity":
        """The unlocked identity; raises `UnlockError` where the passphrase does not open it."""
        from auditor.store import Identity

        if not self.identity_file.exists():
            raise UnlockError(f"There is no identity at {self.identity_file}.", "Give --identity FILE.")
        if self.options.holders.files:
            return Identity.open_together(self.identity_file, self._holders())
        return Identity.open(self.identity_file, self.given_passphrase)

    def _holders(self) -> "list[Identity]":
        sources = self.options.holders.passphrase_files
        return [
            person(path, sources[at] if at < len(sources) else TERMINAL)
            for at, path in enumerate(self.options.holders.files)
        ]

    @cached_property
    def given_passphrase(self) -> bytes:
        """The passphrase of the identity, asked for once."""
        return self.passphrase()

    @cached_property
    def archive(self) -> "Archive":
        """What the unlocked auditor sees in the store."""
        from auditor.archive import Archive

        return Archive.open(self.existing, self.identity)

    def up_to_date(self) -> "Archive":
        """The archive with everything the ledgers hold by now."""
        with output.count_progress("Reading the store") as progress:
            self.archive.refresh(progress)
        return self.archive

    def close(self) -> None:
        """Closes what was opened."""
        if "archive" in self.__dict__:
            self.archive.close()

    def passphrase(self, new: bool = False) -> bytes:
        """The passphrase, from its file or the terminal; a new one is asked for twice."""
        source = self.options.passphrase_file or TERMINAL
        if source != TERMINAL:
            return from_file(Path(source))
        if not sys.stdin.isatty():
            raise UnlockError("There is no terminal to ask for the passphrase.", _WITHOUT_TERMINAL)
        return _asked_twice() if new else _asked("Passphrase: ")

    def new_passphrase(self, path: Path | None) -> bytes:
        """A passphrase to come, from a file or asked for twice on the terminal."""
        if path is not None:
            return from_file(path)
        if not sys.stdin.isatty():
            raise UnlockError("There is no terminal to ask for the new passphrase.", "Give --new-passphrase-file FILE.")
        return _asked_twice()


def person(path: Path, source: str) -> "Identity":
    """The unlocked identity of another person, by the passphrase in a file or typed by them."""
    from auditor.store import Identity

    if source != TERMINAL:
        return Identity.open(path, from_file(Path(source)))
    if not sys.stdin.isatty():
        raise UnlockError(f"There is no terminal to ask for the passphrase of {path}.", "Give its passphrase file.")
    return Identity.open(path, _asked(f"Passphrase of {path}: "))


def from_file(path: Path) -> bytes:
    """The first line of a passphrase file, as a terminal would give it."""
    from auditor.store import files

    line = files.read(path, "The passphrase file").partition(b"\n")[0].removesuffix(b"\r")
    if not line:
        raise UnlockError(f"The passphrase file {path} is empty.", "Write the passphrase into its first line.")
    return line


def _asked(prompt: str) -> bytes:
    return getpass.getpass(prompt, stream=sys.stderr).encode()


def _asked_twice() -> bytes:
    passphrase = _asked("New passphrase: ")
    if passphrase != _asked("The same again: "):
        raise UnlockError("The two passphrases differ; nothing was written.")
    return passphrase
