# SPDX-License-Identifier: Apache-2.0
"""A gateway's enrolment: the folder `init` writes for one gateway. It holds no key that opens a record.

`enrolment.json` (public: the ledger's name and the store's facts), `signing.key` (rolls with each segment),
`pseudonym.key`, and `gateway.toml`, which the gateway reads itself. The two keys are readable by their owner only.
"""

from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.calls import Value
from auditor.errors import InputError
from auditor.store import files
from auditor.store.format import layout
from auditor.store.format.sealing import KEY_SIZE
from auditor.store.format.signing import KeyFile
from auditor.store.keys import facts

ENROLMENT_FILE: Final = "enrolment.json"
SIGNING_KEY_FILE: Final = "signing.key"
PSEUDONYM_KEY_FILE: Final = "pseudonym.key"
CONFIG_FILE: Final = "gateway.toml"
SERVER_FILE: Final = "server.password"

_CONFIG = """\
# The gateway's settings; `auditor gateway check` explains and checks them. Paths are relative to this file.
store = {store}
"""

_SHIP = """
# Records are committed here first, then copied to the shared store.
[ship]
to = {to}
password_file = {file}
"""


class _File(Value, frozen=True, kw_only=True):
    format: int
    ledger: str
    store: facts.StoreFacts


class Enrolment(Value, frozen=True, kw_only=True):
    """What a gateway knows: its ledger's name, the store's public facts, its pseudonym key, where its key file is."""

    folder: Path
    ledger: str
    store: facts.StoreFacts
    pseudonym_key: bytes

    @property
    def key_file(self) -> KeyFile:
        """The rolling signing key."""
        return KeyFile(self.folder / SIGNING_KEY_FILE)

    @classmethod
    def load(cls, folder: Path) -> "Enrolment":
        """Read a gateway's folder and check every signature in it. Raises `InputError` or `CheckFailed`."""
        path = folder / ENROLMENT_FILE
        try:
            file = msgspec.json.decode(files.read(path, "The gateway's enrolment"), type=_File)
        except msgspec.MsgspecError as error:
            raise InputError(
                f"{path} is no enrolment.", "Give the gateway folder that `auditor init` wrote."
            ) from error
        store = facts.decode(facts.encode(file.store), path)
        store.enrolment(file.ledger)
        key = files.read(folder / PSEUDONYM_KEY_FILE, "The pseudonym key")
        if len(key) != KEY_SIZE:
            raise InputError(f"{folder / PSEUDONYM_KEY_FILE} is damaged.", "Restore it from a backup.")
        return cls(folder=folder, ledger=file.ledger, store=store, pseudonym_key=key)


def add_server(folder: Path, url: str, password: str) -> None:
    """Have a gateway ship its records to a server: its settings name the URL and the file of its password."""
    files.write(folder / SERVER_FILE, password.encode() + b"\n", files.PRIVATE)
    config = files.read(folder / CONFIG_FILE, "The gateway's settings")
    to, file = (msgspec.json.encode(text).decode() for text in (url, SERVER_FILE))
    files.write(folder / CONFIG_FILE, config + _SHIP.format(to=to, file=file).encode())


def check_store(folder: Path, store: facts.StoreFacts) -> None:
    """Raise `InputError` where a folder is no gateway's of this store, or knows facts of it that `store` lacks."""
    found = Enrolment.load(folder)
    if found.store.id != store.id:
        raise InputError(f"{folder} belongs to a gateway of another store.", "Give a folder of this store.")
    store.check_follows(found.store)
    store.enrolment(found.ledger)


def renew(folder: Path, store: facts.StoreFacts) -> None:
    """Bring the public facts in a gateway's folder up to date; its keys stay as they are."""
    check_store(folder, store)
    _write_facts(folder, Enrolment.load(folder).ledger, store)


def _write_facts(folder: Path, ledger: str, store: facts.StoreFacts) -> None:
    file = _File(format=layout.FORMAT, ledger=ledger, store=store)
    files.write(folder / ENROLMENT_FILE, msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")


def write(folder: Path, store: facts.StoreFacts, ledger: str, keys: tuple[Ed25519PrivateKey, bytes], at: str) -> None:
    """Write a gateway's folder: its enrolment, its (signing, pseudonym) keys, and settings naming the store `at`."""
    signing_key, pseudonym_key = keys
    folder.mkdir(mode=0o700)
    _write_facts(folder, ledger, store)
    files.write(folder / PSEUDONYM_KEY_FILE, pseudonym_key, files.PRIVATE)
    files.write(folder / CONFIG_FILE, _CONFIG.format(store=msgspec.json.encode(at).decode()).encode())
    KeyFile(folder / SIGNING_KEY_FILE).create(signing_key)
