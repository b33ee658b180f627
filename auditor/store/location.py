# SPDX-License-Identifier: Apache-2.0
"""Where a store is: a folder, by `--store PATH`, or by default in the user's data folder."""

from pathlib import Path

import platformdirs

from auditor.calls import Value
from auditor.errors import InputError
from auditor.store import facts

_APP = "ai-usage-auditor"


class Location(Value, frozen=True, kw_only=True):
    """An embedded store's folder."""

    folder: Path

    @classmethod
    def parse(cls, text: str | Path | None = None) -> "Location":
        """What `--store` says; the default folder for `None`. Raises `InputError` for a URL we cannot reach."""
        if text is None:
            return cls(folder=default_folder() / "store")
        if "://" in str(text):
            raise InputError(f"{str(text).split('://')[0]} stores are not supported by this version.", "Give a folder.")
        return cls(folder=Path(text).expanduser())

    def facts(self) -> facts.StoreFacts:
        """The store's public facts. Raises `InputError` where the folder holds no store."""
        return facts.load(self.folder)

    @property
    def ledger_folder(self) -> Path:
        """Where the ledger files are."""
        return self.folder / facts.LEDGER_FOLDER

    @property
    def order_folder(self) -> Path:
        """Where signed erasures wait for the writers of their ledgers."""
        return self.folder / facts.ORDER_FOLDER

    def ledger_file(self, ledger: str) -> Path:
        """A ledger's file, whether it exists or not."""
        return self.ledger_folder / f"{ledger}.db"

    def ledger_files(self) -> dict[str, Path]:
        """The ledgers that are here, by name."""
        return {path.stem: path for path in sorted(self.ledger_folder.glob("*.db"))}


def default_folder() -> Path:
    """The user's data folder: `store` and `auditor.identity` lie here where nothing else is said."""
    return platformdirs.user_data_path(_APP)


def default_identity() -> Path:
    """The identity file where nothing else is said."""
    return default_folder() / "auditor.identity"
