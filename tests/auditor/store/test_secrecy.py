# SPDX-License-Identifier: Apache-2.0
"""A stolen disk, and a gateway taken over: neither opens a record."""

import itertools
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from auditor.errors import AuditorError
from auditor.store import Enrolment, LedgerReader, LedgerWriter
from auditor.store.format import suites
from auditor.store.format.layout import Column, Purpose, segment_prefix
from auditor.store.format.sealing import SegmentKeys
from auditor.store.ledger import engine
from auditor.store.ledger.reader import wrapped_keys
from auditor.store.ledger.segment import wrap_info
from tests.auditor.store.material import CANARIES, PASSPHRASE, Home, completion, intent


def canaries_in(folder: Path) -> list[str]:
    """Canary words in the files below a folder, in any letter case."""
    words = [*CANARIES, "canary-user", "exchange-1", "call-1", PASSPHRASE.decode()]
    return [
        f"{word} in {path.name}"
        for path in folder.rglob("*")
        if path.is_file()
        for word in words
        if word.lower().encode() in path.read_bytes().lower()
    ]


def test_no_word_of_the_traffic_is_in_any_file(home: Home) -> None:
    with home.writer() as writer, LedgerWriter.for_desk(home.location, home.identity) as desk:
        for number in range(20):
            writer.append([intent(number), completion(number)])
        desk.append([completion(1)])
        assert any(path.name.endswith("-wal") and path.stat().st_size for path in home.folder.rglob("*"))
        assert canaries_in(home.folder) == []
    assert canaries_in(home.folder) == []
    (home.folder / "plain").write_bytes(b"..CANARYPrompt..")
    assert canaries_in(home.folder) == ["CanaryPrompt in plain"], "the search finds what is there"


def secrets_of(folder: Path) -> set[bytes]:
    """Every 32 bytes that could be a key in a folder: of each value of its JSON, of all its other small files."""
    found: set[bytes] = set()
    for path in filter(Path.is_file, folder.rglob("*")):
        raw = path.read_bytes()
        if path.suffix == ".json":
            found.update(_decoded(msgspec.json.decode(raw)))
        elif len(raw) < 10_000:
            found.update(raw[at : at + 32] for at in range(max(len(raw) - 31, 0)))
    return found


def _decoded(value: object) -> set[bytes]:
    if isinstance(value, dict):
        return set(itertools.chain.from_iterable(map(_decoded, value.values())))
    if isinstance(value, list):
        return set(itertools.chain.from_iterable(map(_decoded, value)))
    try:
        raw = msgspec.convert(value, bytes)
    except msgspec.ValidationError:
        return set()
    return {raw[at : at + 32] for at in range(0, max(len(raw) - 31, 0), 16)}


def test_nothing_a_gateway_owns_opens_a_record(home: Home) -> None:
    with home.writer() as writer:
        writer.append([completion(1)])
        secrets = secrets_of(home.made.gateway)
    enrolment = Enrolment.load(home.made.gateway)
    with engine.reading_engine(home.file).begin() as connection:
        wrapped = wrapped_keys(connection, home.gateway, 0)
        meta = connection.exec_driver_sql("SELECT meta FROM record").scalar()
        epoch = connection.exec_driver_sql("SELECT epoch FROM segment").scalar()
    purposes = {key.recipient: key.purpose for key in enrolment.store.epochs}
    assert {purposes[recipient] for recipient in wrapped} == set(Purpose)
    prefix = segment_prefix(home.gateway, 0)
    infos = [(sealed, wrap_info(prefix, str(epoch), purposes[recipient])) for recipient, sealed in wrapped.items()]
    assert len(secrets) > 200
    assert enrolment.pseudonym_key in secrets, "what is tried holds the keys a gateway has"
    for secret in secrets:
        with pytest.raises(AuditorError):
            SegmentKeys({Purpose.METADATA: secret}, home.gateway, 0).open(1, Column.META, bytes(meta))
        for sealed, info in infos:
            with pytest.raises(AuditorError):
                suites.unwrap(suites.X25519, secret, sealed, info)
            with pytest.raises(AuditorError):
                suites.unwrap(suites.HYBRID, (secret * 3)[:96], sealed, info)


def test_the_identity_opens_what_the_gateway_cannot(home: Home) -> None:
    home.write(1)
    reader = LedgerReader.open(home.location, home.identity)
    assert b"CanaryPrompt" in reader.body(home.gateway, 1).exchange.request.body


def test_no_private_key_of_an_epoch_is_outside_the_identity(home: Home) -> None:
    """Its public half is looked for by the private half that gives it."""
    home.write(1)
    publics = {key.public_key[-32:] for key in home.location.facts().epochs}
    for secret in secrets_of(home.made.gateway) | secrets_of(home.made.store):
        assert X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() not in publics
