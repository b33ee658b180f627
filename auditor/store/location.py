# SPDX-License-Identifier: Apache-2.0
"""Where a store is: a folder, or a PostgreSQL server with a folder beside it for what this machine writes.

`--store PATH`, `--store postgresql+psycopg://…`, or by default a folder in the user's data folder. Writers always
commit to a file of their own first (`ledger_file`); readers go where the store is (`engine`).
"""

import contextlib
import re
from pathlib import Path

import platformdirs
from sqlalchemy import Engine

from auditor.calls import Value
from auditor.store import files
from auditor.store.keys import facts
from auditor.store.keys.facts import StoreFacts
from auditor.store.ledger import engine, locking
from auditor.store.server import engine as server

_APP = "ai-usage-auditor"


class Location(Value, frozen=True, kw_only=True):
    """A store's folder; with `server`, the URL of the database it lies in, and the folder holds own ledgers only."""

    folder: Path
    server: str | None = None

    @classmethod
    def parse(cls, text: str | Path | None = None) -> "Location":
        """What `--store` says; the default folder for `None`. Raises `InputError` for a URL of another kind."""
        if text is None:
            return cls(folder=default_folder() / "store")
        if not server.is_url(str(text)):
            return cls(folder=Path(text).expanduser())
        url = server.parse(str(text))
        name = re.sub(r"[^A-Za-z0-9.]+", "-", server.label(url).partition("://")[2]).strip("-")
        return cls(folder=default_folder() / "servers" / name, server=url)

    @property
    def label(self) -> str:
        """The store as people may see it named: no password in it."""
        return str(self.folder) if self.server is None else server.label(self.server)

    def facts(self) -> StoreFacts:
        """The store's public facts. Raises `InputError` where there is no store."""
        if self.server is None:
            return facts.load(self.folder)
        return facts.decode(server.facts(self.server), Path(self.label))

    def save_facts(self, public: StoreFacts) -> None:
        """Replace the store's public facts, at once and durably. Raises `InputError` where another auditor changed
        them since they were read."""
        if self.server is not None:
            server.save_facts(self.server, public)
            return
        path = self.folder / facts.STORE_FILE
        with locking.exclusive(path):
            if path.exists():
                public.check_follows(facts.load(self.folder))
            files.write(path, facts.encode(public))

    def ledgers(self) -> tuple[str, ...]:
        """The ledgers that have begun, by name."""
        return tuple(self.ledger_files()) if self.server is None else server.ledgers(self.server)

    def engine(self, ledger: str) -> Engine:
        """Where to read a ledger; it cannot write."""
        if self.server is not None:
            return server.reading_engine(self.server)
        return engine.reading_engine(self.ledger_file(ledger))

    def translated(self, ledger: str) -> contextlib.AbstractContextManager[None]:
        """Failures of reading a ledger, as a person is told."""
        if self.server is not None:
            return server.translated(self.server)
        return engine.translated(self.ledger_file(ledger))

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

    def copy_mark(self, ledger: str) -> Path:
        """The file that says a ledger here is a copy, brought from where it is written."""
        return self.ledger_folder / f"{ledger}.copy"

    def is_copy(self, ledger: str) -> bool:
        """Whether a ledger here was brought from where it is written."""
        return self.copy_mark(ledger).exists()

    def ledger_files(self) -> dict[str, Path]:
        """The ledgers whose files are here, by name."""
        return {path.stem: path for path in sorted(self.ledger_folder.glob("*.db"))}


def default_folder() -> Path:
    """The user's data folder: `store` and `auditor.identity` lie here where nothing else is said."""
    return platformdirs.user_data_path(_APP)


def default_identity() -> Path:
    """The identity file where nothing else is said."""
    return default_folder() / "auditor.identity"
