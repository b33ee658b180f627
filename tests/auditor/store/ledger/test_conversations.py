# SPDX-License-Identifier: Apache-2.0
"""Conversations: what calls say comes back as it was, rests on what they say themselves, and can be erased alone."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.errors import CheckFailed, InputError
from auditor.store import LedgerReader, erasing
from auditor.store.erasing import Scope
from auditor.store.format import passages, sealing
from auditor.store.format.layout import Column, segment_prefix
from auditor.store.format.prepare import Prepared
from auditor.store.format.records import Completion, Draft, Passage
from auditor.store.format.sealing import SegmentKeys
from auditor.store.ledger import conversations, segment
from auditor.store.ledger.conversations import Conversations
from auditor.store.ledger.reader import wrapped_keys
from auditor.store.ledger.segment import Header
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, tampering
from tests.auditor.store.talk import call, chat, said, turns


def write(home: Home, drafts: Sequence[Draft], memory: Conversations | None = None) -> list[int]:
    """Write calls in one run of a gateway, in two commits; the numbers of their records."""
    memory, seqs = memory or Conversations(), []
    ready = [memory.prepare(draft) for draft in drafts]
    with home.writer() as open_writer:
        for half in (ready[: len(ready) // 2], ready[len(ready) // 2 :]):
            numbers = iter(open_writer.append([one for made in half for one in made]))
            seqs += [[next(numbers) for _ in made][-1] for made in half]
    return seqs


def size(made: Sequence[Prepared]) -> int:
    return sum(len(one.body or b"") for one in made)


def test_turns_are_stored_without_what_was_said_before(home: Home) -> None:
    drafts = turns(12)
    memory = Conversations()
    made = [memory.prepare(draft) for draft in drafts]
    assert [len(one) for one in made] == [1, *[2] * 11], "the first is whole, each later one adds a passage"
    alone = [Conversations().prepare(draft) for draft in drafts]
    assert size(made[-1]) < size(alone[-1]) / 3
    seqs = write(home, drafts)
    reader = home.reader()
    assert [reader.body(home.gateway, seq) for seq in reversed(seqs)] == [one.body for one in reversed(drafts)]
    passed = [record for record in home.records() if isinstance(record.meta, Passage)]
    assert len(passed) == 11
    for identity in (home.identity, None):
        report = verify(home.location, identity)
        assert report.holds, report.faults


def test_marks_that_move_with_the_last_turn_do_not_matter(home: Home) -> None:
    memory = Conversations()
    marked = [memory.prepare(draft) for draft in turns(12, marked=True)]
    plain = [Conversations().prepare(draft) for draft in turns(12, marked=True)]
    assert size(marked[-1]) < size(plain[-1]) / 3


def test_calls_that_are_no_conversation_add_no_passages() -> None:
    memory = Conversations()
    drafts = [chat(number, [said(1000 + number, 400)]) for number in range(20)]
    assert [len(memory.prepare(draft)) for draft in drafts] == [1] * 20


def test_what_conversations_begin_with_is_kept_once() -> None:
    memory = Conversations()
    drafts = [chat(number, [said(1, 400), said(1000 + number, 200)]) for number in range(6)]
    made = [memory.prepare(draft) for draft in drafts]
    assert [len(one) for one in made] == [1, 2, 1, 1, 1, 1]
    assert size(made[-1]) < size(made[0]) * 0.6


@pytest.mark.parametrize("body", [b'["' + b'\\"' * 300_000 + b"\\", b'["' + b'\\"' * 300_000, b"[" + b'"' * 600_000])
def test_strings_without_end_are_read_once(body: bytes) -> None:
    """Whoever looked from each quote to the end would be at it for hours."""
    memory = Conversations()
    assert [len(memory.prepare(call(number, body))) for number in range(2)] in ([1, 1], [1, 2])


def test_a_request_that_repeats_itself_without_end_comes_back(home: Home) -> None:
    long = "a" * 400_000
    drafts = [chat(number, [*[long] * number, long + "b"]) for number in range(1, 4)]
    seqs = write(home, [*drafts, chat(9, [long * 2])])
    assert [home.reader().body(home.gateway, seq) for seq in seqs[:3]] == [draft.body for draft in drafts]


def test_nothing_is_shared_between_actors() -> None:
    memory = Conversations()
    first, second = turns(6, "a-1"), turns(6, "a-2")
    made = [[memory.prepare(draft) for draft in both] for both in zip(first, second, strict=True)]
    names = [{one.name for both in made for one in both[at] if one.name} for at in (0, 1)]
    assert len(names[0]) == len(names[1]) == 5
    assert not names[0] & names[1]
    afters = [{both[at][-1].after for both in made} - {b""} for at in (0, 1)]
    assert afters == names


def test_a_chain_of_passages_is_bounded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 6
    monkeypatch.setattr(conversations, "DEPTH", depth)
    monkeypatch.setattr(passages, "DEPTH", depth)
    drafts = turns(2 * depth + 5)
    seqs = write(home, drafts)
    read = 0
    counted: Callable[..., bytes] = sealing.open_apart

    def counting(prefix: bytes, seq: int, key: bytes, sealed: bytes) -> bytes:
        nonlocal read
        read += 1
        return counted(prefix, seq, key, sealed)

    monkeypatch.setattr("auditor.store.ledger.reader.open_apart", counting)
    for seq, draft in zip(seqs, drafts, strict=True):
        read, reader = 0, home.reader()
        assert reader.body(home.gateway, seq) == draft.body
        assert read <= depth


def test_a_reader_remembers_few_passages_and_reads_the_others_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "REMEMBERED", 6000)
    drafts = [draft for pair in zip(turns(6), turns(6, "a-2", first=1), strict=True) for draft in pair]
    seqs = write(home, drafts)
    reader = home.reader()
    for seq, draft in [*zip(seqs, drafts, strict=True), *zip(reversed(seqs), reversed(drafts), strict=True)]:
        assert reader.body(home.gateway, seq) == draft.body


def test_a_gateway_that_starts_anew_writes_whole_what_it_made_ready_for_the_one_before(home: Home) -> None:
    memory, drafts = Conversations(), turns(8)
    seqs = [*write(home, drafts[:4], memory), *write(home, drafts[4:], memory)]
    reader = home.reader()
    assert [reader.body(home.gateway, seq) for seq in seqs] == [draft.body for draft in drafts]
    assert verify(home.location, home.identity).holds


def test_many_at_once_behind_one_key_go_on_each_with_its_own(home: Home) -> None:
    """A service whose users share address and key: conversations with the same beginning, one call of each in turns."""
    memory, users = Conversations(), 40
    drafts = [
        chat(turn * users + user, [said(7, 300), *(said(1000 + 50 * user + at) for at in range(2 * turn + 1))])
        for turn in range(4)
        for user in range(users)
    ]
    made = [memory.prepare(draft) for draft in drafts]
    alone = [Conversations().prepare(draft) for draft in drafts[-users:]]
    assert sum(map(size, made[-users:])) < sum(map(size, alone)) * 0.7
    assert len({one.after for both in made[-users:] for one in both[-1:]}) == users, "each rests on its own"
    seqs = write(home, drafts)
    reader = home.reader()
    assert all(reader.body(home.gateway, seq) == draft.body for seq, draft in zip(seqs, drafts, strict=True))


def test_of_one_endpoint_the_oldest_conversation_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "BYTES", 60_000)
    memory, talks = Conversations(), [turns(2, first=20 * number) for number in range(20)]
    for first, _ in talks:
        assert len(memory.prepare(first)) == 1
    again = [len(memory.prepare(second)) for _, second in reversed(talks)]
    assert again[0] == 2
    assert again[-1] == 1, "it was forgotten"
    memory.forget()
    assert len(memory.prepare(talks[0][1])) == 1


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "BYTES", 20_000)
    memory, drafts = Conversations(), [turns(2, f"a-{actor}") for actor in range(20)]
    for first, _ in drafts:
        assert len(memory.prepare(first)) == 1
    assert len(memory.prepare(drafts[0][1])) == 1, "it was forgotten"
    assert len(memory.prepare(drafts[-1][1])) == 2, "it was not"


def test_what_calls_begin_with_is_made_ready_once_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    class Told(sealing.Given):
        def __init__(self, texts: bytes) -> None:
            super().__init__(texts)
            made.append(texts)

    monkeypatch.setattr(conversations, "Given", Told)
    memory, draft = Conversations(), chat(0, [said(number) for number in range(3)])
    bodies = [memory.prepare(draft)[-1].body for _ in range(6)]
    assert len(made) == 1
    assert len(set(bodies[2:])) == 1, "what was kept compresses as what is new"
    memory.forget_old()
    memory.prepare(draft)
    assert made == made[:1] * 2


def test_silent_conversations_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("auditor.store.ledger.conversations.time.monotonic", lambda: now)
    memory, (first, second, third) = Conversations(), turns(3)
    memory.prepare(first)
    now += conversations.IDLE - 1
    assert len(memory.prepare(second)) == 2
    now += conversations.IDLE + 1
    memory.forget_old()
    assert len(memory.prepare(third)) == 1
    memory.forget()
    assert len(memory.prepare(third)) == 1


pool = [said(number, 12 + 20 * (number % 4)) for number in range(9)] + ['quo"ted \\ \u20ac text ' * 4, "short"]
chats = st.lists(st.lists(st.sampled_from(pool), min_size=1, max_size=12).map(tuple), min_size=1, max_size=12)
raws = st.lists(
    st.one_of(
        st.lists(st.sampled_from(pool), max_size=14).map(lambda texts: json.dumps(texts).encode()),
        st.lists(st.sampled_from([one.encode() for one in pool] + [b'"', b"\\", b"[", b"\xff"]), max_size=60).map(
            lambda parts: b"[" + b'"'.join(parts)
        ),
    ),
    max_size=10,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A store for many examples."""
    return Home(tmp_path_factory.mktemp("kept") / "audit")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=raws)
def test_any_bodies_come_back_as_they_were(kept: Home, bodies: list[bytes]) -> None:
    drafts = [call(number, body) for number, body in enumerate(bodies)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conversations, "_SMALLEST", 1)
        patch.setattr(conversations, "_WORTH", 64)
        seqs = write(kept, drafts)
    reader = kept.reader()
    assert [reader.body(kept.gateway, seq) for seq in seqs] == [draft.body for draft in drafts]


def readable(home: Home) -> str:
    """All that is to be read in a gateway's ledger."""
    reader, found = home.reader(), []
    for record in home.records():
        found.append(repr(record.meta))
        if record.has_body and isinstance(record.meta, Completion):
            found.append(repr(reader.body(home.gateway, record.seq)))
    return "\n".join(found)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chats=chats, data=st.data())
def test_erasing_any_calls_leaves_the_others_and_nothing_that_only_they_said(
    tmp_path_factory: pytest.TempPathFactory, chats: list[tuple[str, ...]], data: st.DataObject
) -> None:
    home = Home(tmp_path_factory.mktemp("erased") / "audit")
    drafts = [chat(number, texts) for number, texts in enumerate(chats)]
    seqs = write(home, drafts)
    gone = data.draw(st.sets(st.integers(0, len(drafts) - 1), max_size=3))
    for number in sorted(gone):
        scope = Scope(call=f"call-{number}")
        targets = erasing.find(LedgerReader.open(home.location, home.identity), scope)
        erasing.erase(home.location, home.identity, scope, targets, "asked to")
    reader = home.reader()
    left = [number for number in range(len(drafts)) if number not in gone]
    assert [reader.body(home.gateway, seqs[at]) for at in left] == [drafts[at].body for at in left]
    lives = {text for at in left for text in chats[at]}
    everything = readable(home)
    for text in {text for at in gone for text in chats[at]} - lives - {"short"}:
        assert json.dumps(text)[1:-1] not in everything
    for at in gone:
        with pytest.raises(InputError):
            reader.body(home.gateway, seqs[at])
    assert verify(home.location, home.identity).holds
    assert verify(home.location).holds


def keys_of_first_segment(home: Home) -> tuple[Header, SegmentKeys]:
    """What an auditor who holds every key opens the segment with."""
    with home.location.engine(home.gateway).begin() as connection:
        wrapped = wrapped_keys(connection, home.gateway, 0)
        (row,) = connection.exec_driver_sql("SELECT * FROM segment WHERE seg = 0").mappings()
        header, _ = segment.header_of(row)
    return header, segment.unlock(header, wrapped, home.identity.opener)


def test_a_passage_is_closed_to_everybody_once_the_calls_that_rest_on_it_are_erased(home: Home) -> None:
    """Its bytes stay, its key is gone: neither the keys of the segment nor any key in another body open it."""
    drafts = turns(5)
    seqs = write(home, drafts)
    (last,) = [record.seq for record in home.records() if isinstance(record.meta, Passage)][-1:]
    header, keys = keys_of_first_segment(home)
    with tampering(home.file) as connection:
        ((sealed,),) = connection.execute("SELECT body FROM record WHERE seq = ?", (last,)).fetchall()
        ((rests,),) = connection.execute("SELECT body FROM record WHERE seq = ?", (seqs[-1],)).fetchall()
    held = sealing.reference(keys.open_frame(seqs[-1], Column.BODY, rests))
    assert held is not None
    assert held.seq == last
    prefix = segment_prefix(header.ledger, header.seg)
    assert sealing.open_apart(prefix, last, held.key, sealed), "whoever may read the last call opens it"
    scope = Scope(call="call-4")
    targets = erasing.find(LedgerReader.open(home.location, home.identity), scope)
    erasing.erase(home.location, home.identity, scope, targets, "asked to")
    assert not any(held.key in path.read_bytes() for path in Path(home.folder).rglob("*") if path.is_file())
    for column in (Column.BODY, Column.META, Column.NAMES, Column.VALUES):
        with pytest.raises(CheckFailed):
            keys.open_frame(last, column, sealed)
    for seq in seqs[1:-1]:
        with tampering(home.file) as connection:
            ((body,),) = connection.execute("SELECT body FROM record WHERE seq = ?", (seq,)).fetchall()
        other = sealing.reference(keys.open_frame(seq, Column.BODY, body))
        assert other is not None
        assert other.key != held.key
        with pytest.raises(CheckFailed):
            sealing.open_apart(prefix, last, other.key, sealed)


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        ("UPDATE record SET body = x'00' || body WHERE seq = ?", "passage cannot be read"),
        ("UPDATE record SET body = 'text' WHERE seq = ?", "passage"),
        ("UPDATE record SET seg = -1 WHERE seq = ?", "names no segment"),
        ("UPDATE record SET body = zeroblob(length(body)) WHERE seq = ?", "passage was altered or moved"),
        ("UPDATE record SET body = (SELECT body FROM record WHERE seq = 5) WHERE seq = ?", "passage was altered"),
        ("UPDATE record SET body = NULL WHERE seq = ?", "has no content"),
        ("DELETE FROM record WHERE seq = ?", "has no content"),
    ],
)
def test_what_rests_on_a_passage_that_is_not_as_it_was_is_told(home: Home, tampered: str, told: str) -> None:
    seqs = write(home, turns(5))
    (last,) = [record.seq for record in home.records() if isinstance(record.meta, Passage)][-1:]
    with tampering(home.file) as connection:
        connection.execute(tampered, (last,))
    found = verify(home.location, home.identity).faults
    assert last in {fault.seq for fault in found}
    (resting,) = [fault for fault in found if fault.seq == seqs[-1]]
    assert "cannot be put together" in str(resting)
    assert told in str(resting)
    assert {fault.seq for fault in found}.isdisjoint(seqs[:-1]), "what does not rest on it holds"


def test_a_passage_that_was_altered_is_located(home: Home) -> None:
    seqs = write(home, turns(5))
    (last,) = [record.seq for record in home.records() if isinstance(record.meta, Passage)][-1:]
    with tampering(home.file) as connection:
        connection.execute("UPDATE record SET body = x'00' || body WHERE seq = ?", (last,))
    assert [fault.seq for fault in verify(home.location).faults][:1] == [last]
    with pytest.raises(CheckFailed):
        home.reader().body(home.gateway, seqs[-1])
