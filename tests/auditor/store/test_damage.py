# SPDX-License-Identifier: Apache-2.0
"""Random edits of the raw file: whatever changes what is stored is noticed; whatever passes is readable whole."""

import random
from pathlib import Path

import msgspec
import pytest
from sqlcipher3 import dbapi2

from auditor.store.format.records import Draft, SealedExchange
from auditor.store.format.schema import metadata
from auditor.store.ledger import segment
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, as_before_row_numbers, completion, intent

ROUNDS = 75
PAGE = 8192


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made(tmp_path_factory)


@pytest.fixture(scope="module", params=["of today", "with an index of numbers"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = made(tmp_path_factory)
    if request.param != "of today":
        as_before_row_numbers(home.file)
    return home


def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A ledger of some segments, its log folded into the file."""
    home = Home(tmp_path_factory.mktemp("store") / "audit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "MAX_RECORDS", 20)
        with home.writer() as writer:
            for number in range(40):
                writer.append([noise(number), intent(number)])
    for path in home.file.parent.glob(f"{home.file.name}-*"):
        path.unlink()
    return home


def noise(number: int) -> Draft:
    """A completion whose body does not compress, so that most bytes of the file matter."""
    draft = completion(number)
    assert draft.body is not None
    request = msgspec.structs.replace(draft.body.exchange.request, body=random.Random(number).randbytes(12_000))
    exchange = msgspec.structs.replace(draft.body.exchange, request=request)
    return Draft(draft.meta, SealedExchange(exchange=exchange))


def stored(path: Path) -> list[tuple[object, ...]]:
    """Everything in the tables, read past the indexes; raises where the file cannot be read."""
    connection = dbapi2.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = metadata.sorted_tables
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table.name} NOT INDEXED")]
    finally:
        connection.close()


def edit(raw: bytearray, chance: random.Random) -> str:
    """One random edit, and what it was."""
    at, kind = chance.randrange(len(raw)), chance.choice(("bit", "byte", "run", "page swap", "page back"))
    page, other = at // PAGE * PAGE, chance.randrange(len(raw)) // PAGE * PAGE
    if kind == "bit":
        raw[at] ^= 1 << chance.randrange(8)
    elif kind == "byte":
        raw[at] = chance.randrange(256)
    elif kind == "run":
        raw[at : at + 40] = chance.randbytes(len(raw[at : at + 40]))
    elif kind == "page swap":
        raw[page : page + PAGE], raw[other : other + PAGE] = raw[other : other + PAGE], raw[page : page + PAGE]
    else:
        raw[page : page + PAGE] = raw[other : other + PAGE]
    return f"{kind} at {at}"


def test_a_schema_that_is_no_text_any_more_is_named(sound: Home) -> None:
    """SQLite quotes it in its message, which the driver cannot decode."""
    whole = sound.file.read_bytes()
    at = whole.index(b"CREATE TABLE record")
    try:
        for place in (at, at + 7, at + 13):
            sound.file.write_bytes(whole[:place] + b"\xaa\xff\xfe" + whole[place + 3 :])
            report = verify(sound.location)
            assert not report.holds
    finally:
        sound.file.write_bytes(whole)


def test_a_damaged_table_is_noticed_though_its_index_is_sound(sound: Home) -> None:
    """Nothing was erased, so the index of `erasure` is empty, and reading by it would not see the table's page."""
    whole = sound.file.read_bytes()
    connection = dbapi2.connect(sound.file)
    ((root,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'erasure'").fetchall()
    connection.close()
    at = (root - 1) * PAGE
    try:
        for page in range(1, len(whole) // PAGE):
            sound.file.write_bytes(whole[:at] + whole[page * PAGE : (page + 1) * PAGE] + whole[at + PAGE :])
            assert not verify(sound.location).holds or stored_equal(sound, whole)
    finally:
        sound.file.write_bytes(whole)


def stored_equal(home: Home, whole: bytes) -> bool:
    """Whether the tables hold what they held before."""
    now = stored(home.file)
    home.file.write_bytes(whole)
    return stored(home.file) == now


def test_random_edits_are_noticed(either: Home) -> None:
    sound = either
    whole, chance = sound.file.read_bytes(), random.Random(20261123)
    before, unnoticed = stored(sound.file), 0
    sealed = [record.seq for record in sound.records()]
    try:
        for _ in range(ROUNDS):
            raw = bytearray(whole)
            what = edit(raw, chance)
            sound.file.write_bytes(raw)
            if verify(sound.location).holds:
                unnoticed += 1
                assert stored(sound.file) == before, what
                assert [record.seq for record in sound.records()] == sealed, what
    finally:
        sound.file.write_bytes(whole)
    assert verify(sound.location, sound.identity).holds
    assert unnoticed < ROUNDS / 3, "most edits must hit bytes that matter, or this proves little"
