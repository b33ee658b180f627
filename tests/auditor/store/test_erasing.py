# SPDX-License-Identifier: Apache-2.0
"""Erasure: the bytes are gone from every file, the ledger holds, a live writer carries it out, nobody forges one."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from auditor.errors import InputError
from auditor.store import LedgerReader, LedgerWriter, erasing
from auditor.store.erasing import Done, Scope
from auditor.store.format.records import Completion, Draft, Erasure
from auditor.store.ledger import erasure, writer
from auditor.store.verification.verify import Report, verify
from tests.auditor.store.material import MOMENT, Home, completion, intent, tampering


def spoken(number: int, actor: str) -> list[Draft]:
    """Intent and completion of an exchange of an actor."""
    draft = completion(number)
    assert isinstance(draft.meta, Completion)
    (call,) = draft.meta.calls
    of = msgspec.structs.replace(call, actor=actor, time=MOMENT + timedelta(minutes=number))
    return [intent(number), Draft(msgspec.structs.replace(draft.meta, calls=(of,), time=of.time), draft.body)]


def drafts(count: int) -> list[Draft]:
    """Exchanges of two actors by turns."""
    return [draft for number in range(count) for draft in spoken(number, "a-even" if number % 2 == 0 else "a-odd")]


def erase(home: Home, scope: Scope, reason: str = "asked to") -> Done:
    targets = erasing.find(LedgerReader.open(home.location, home.identity), scope)
    return erasing.erase(home.location, home.identity, scope, targets, reason)


def blobs(home: Home, where: str) -> list[bytes]:
    """Sealed blobs as they lie in the gateway's file."""
    with tampering(home.file) as connection:
        rows = connection.execute(f"SELECT meta, body FROM record WHERE {where}").fetchall()
        footers = connection.execute("SELECT footer FROM segment_footer").fetchall()
    return [bytes(blob) for row in (*rows, *footers) for blob in row if blob]


def found_in(folder: Path, blob: bytes) -> list[str]:
    """Files below a folder that hold any 24 bytes of the blob's beginning, middle or end."""
    pieces = (blob[:24], blob[len(blob) // 2 :][:24], blob[-24:])
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(piece in path.read_bytes() for piece in pieces)]


def gateway_report(home: Home, report: Report) -> tuple[int, int, int]:
    (one,) = (one for one in report.ledgers if one.ledger == home.gateway)
    return one.records, one.erased, one.opened


def test_an_actor_is_gone_from_every_file_and_the_ledger_holds(home: Home) -> None:
    with home.writer() as open_writer:
        seqs = open_writer.append(drafts(6))
    gone = [seq for at, seq in enumerate(seqs) if at // 2 % 2 == 0]
    before = blobs(home, f"seq IN ({', '.join(map(str, gone))})")
    assert len(before) == 6 + 3 + 1, "metas, bodies and the footer"
    assert all(found_in(home.folder, blob) for blob in before), "the search finds what is there"
    assert erase(home, Scope(actors=frozenset({"a-even"}))) == Done(exchanges=3, records=6)
    assert [found_in(home.folder, blob) for blob in before] == [[]] * len(before)
    assert [record.seq for record in home.records()] == [seq for seq in seqs if seq not in gone]
    assert erasure.waiting(home.location, home.gateway) == []
    for identity, opened in ((home.identity, 6), (None, 0)):
        report = verify(home.location, identity)
        assert report.holds, report.faults
        assert gateway_report(home, report) == (12, 6, opened)


def test_the_erasure_is_recorded_without_saying_whose_it_was(home: Home) -> None:
    with home.writer() as open_writer:
        open_writer.append(drafts(2))
    erase(home, Scope(call="call-1"), "  of her own accord ")
    (record,) = home.reader().records(home.desk)
    assert isinstance(record.meta, Erasure)
    assert (record.meta.reason, record.meta.scope, record.meta.ledger) == ("of her own accord", "call", home.gateway)
    assert (record.meta.leaves, record.meta.completions) == (((3, 4),), 1)
    assert b"a-odd" not in msgspec.msgpack.encode(record.meta)


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        (Scope(since=MOMENT + timedelta(minutes=2)), ["call-0", "call-1"]),
        (Scope(until=MOMENT + timedelta(minutes=3)), ["call-3"]),
        (Scope(call="call-2"), ["call-0", "call-1", "call-3"]),
        (Scope(actors=frozenset({"a-nobody"})), ["call-0", "call-1", "call-2", "call-3"]),
    ],
)
def test_what_a_scope_covers_goes_and_nothing_else(home: Home, scope: Scope, left: list[str]) -> None:
    with home.writer() as open_writer:
        open_writer.append([one for one in drafts(4) if isinstance(one.meta, Completion)])
    erase(home, scope)
    metas = [record.meta for record in home.records()]
    assert [call.id for meta in metas if isinstance(meta, Completion) for call in meta.calls] == left
    assert verify(home.location, home.identity).holds


@pytest.mark.parametrize("scope", [Scope(), Scope(call="c", actors=frozenset({"a"})), Scope(call="c", since=MOMENT)])
def test_a_scope_names_one_thing(home: Home, scope: Scope) -> None:
    with pytest.raises(InputError):
        erasing.find(home.reader(), scope)


def test_erasing_takes_a_reason(home: Home) -> None:
    home.write(1)
    with pytest.raises(InputError, match="reason"):
        erase(home, Scope(call="call-0"), "  ")
    assert len(home.records()) == 1


def test_a_live_writer_carries_it_out_and_its_footer_keeps_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "_LOCK_SECONDS", 0.01)
    with home.writer() as live:
        live.append(drafts(4))
        assert erase(home, Scope(actors=frozenset({"a-odd"}))).waiting == (home.gateway,)
        assert len(home.records()) == 8, "the gateway has its own writer"
        monkeypatch.setattr(writer, "LOOK_SECONDS", 0.0)
        live.append(drafts(1))
        assert len(home.records()) == 6
        assert verify(home.location, home.identity).holds
        assert erasure.waiting(home.location, home.gateway) == []
    assert len(home.records()) == 6
    report = verify(home.location, home.identity)
    assert report.holds, report.faults
    assert gateway_report(home, report) == (10, 4, 6)


def test_what_waited_is_carried_out_once_the_writer_is_gone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "_LOCK_SECONDS", 0.01)
    with home.writer() as live:
        live.append(drafts(2))
        erase(home, Scope(call="call-0"))
        assert erasing.finish(home.location) == (home.gateway,)
    assert erasing.finish(home.location) == ()
    assert len(home.records()) == 2
    assert verify(home.location, home.identity).holds


def test_the_desk_erases_what_it_imported(home: Home) -> None:
    with LedgerWriter.for_desk(home.location, home.identity) as desk:
        desk.append(drafts(2))
    assert erase(home, Scope(call="call-0")) == Done(exchanges=1, records=2)
    kinds = [type(record.meta).__name__ for record in home.reader().records(home.desk)]
    assert kinds == ["Intent", "Completion", "Erasure"]
    assert verify(home.location, home.identity).holds


def test_erasing_again_changes_nothing(home: Home) -> None:
    home.write(3)
    erase(home, Scope(call="call-1"))
    assert erase(home, Scope(call="call-1")) == Done(exchanges=0, records=0)


def _put_back(home: Home) -> Callable[[], None]:
    """What puts an erased record's content back, from a copy made before."""
    copy = home.file.read_bytes()
    aside = home.folder / "aside.db"

    def put() -> None:
        aside.write_bytes(copy)
        with tampering(home.file) as connection:
            connection.execute("ATTACH ? AS old", (str(aside),))
            connection.execute(
                "UPDATE record SET (meta, body) = (SELECT meta, body FROM old.record o WHERE o.seq = record.seq)"
            )

    return put


def test_content_put_back_is_named(home: Home) -> None:
    home.write(3)
    put_back = _put_back(home)
    erase(home, Scope(call="call-1"))
    put_back()
    (fault,) = verify(home.location).faults
    assert (fault.seq, fault.what) == (2, "it was erased, but its content is here")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM erasure WHERE seq = 2",
        "UPDATE erasure SET by_seq = by_seq + 1 WHERE seq = 2",
        "UPDATE erasure SET auditor = '0000000000000000'",
        "UPDATE erasure SET signature = 'text'",
        "UPDATE record SET meta = NULL, body = NULL WHERE seq = 1",
        "UPDATE erasure SET seq = 1 WHERE seq = 2",
    ],
)
def test_content_taken_out_without_a_signature_is_named(home: Home, change: str) -> None:
    home.write(3)
    erase(home, Scope(call="call-1"))
    with tampering(home.file) as connection:
        connection.execute(change)
    faults = verify(home.location).faults
    assert faults
    assert faults[0].seq in (1, 2)


def test_a_footer_taken_out_where_nothing_was_erased_is_named(home: Home) -> None:
    home.write(3)
    home.write(2)
    erase(home, Scope(call="call-2"))
    with tampering(home.file) as connection:
        connection.execute("UPDATE segment_footer SET footer = NULL")
    (fault,) = verify(home.location).faults
    assert fault.what == "segment 1's footer was altered or taken out"


def test_an_order_nobody_signed_is_not_carried_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write(3)
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "carry_out_here", lambda *_: False)
        erase(home, Scope(call="call-1"))
    (path,) = erasure.waiting(home.location, home.gateway)
    order = msgspec.json.decode(path.read_bytes())
    order[0]["seq"] = 1
    path.write_bytes(msgspec.json.encode(order))
    assert erasing.finish(home.location) == (home.gateway,)
    path.write_bytes(b"[]")
    assert erasing.finish(home.location) == (home.gateway,)
    assert len(home.records()) == 3
    assert verify(home.location).holds
