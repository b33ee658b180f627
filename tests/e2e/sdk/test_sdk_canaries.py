# SPDX-License-Identifier: Apache-2.0
"""Strings of the traffic occur nowhere in what is written: store, write-ahead log, index, logs, temporary files.

Searched as they are, as UTF-16, in hex and in base64 at each of its three alignments, while the gateway runs and after.
"""

import base64
from collections.abc import Iterable, Iterator

import pytest
from ahocorasick_rs import BytesAhoCorasick

from auditor.demo import people, prompts, scenes
from auditor.demo.mock.server import HOSTS
from tests.e2e.sdk.played import KINDS, Played

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]

CONFIGURED = {"audit/gateway/gateway.toml", "proxy-users", "server.pem", "upstream-ca.pem", "passphrase", "mock.log"}
"""What the operator wrote before any traffic (provider hosts, users), and the mock's own files."""


def canaries(played: Played) -> Iterator[str]:
    """Prompts, answers, tool words, models, hosts, users, passwords and keys."""
    yield from ("quarterly review", "bill of lading", "PermanentRedirect", "Folkungagatan", "wrong neighbour")
    yield from (str(kind["prompt"]) for kind in KINDS.values())
    yield from (made.held.text[:24] for made in played.day if len(made.held.text) > 24)
    yield from (prompts.REPAIR_COST.name, prompts.REPAIR_COST.returns, *prompts.fake_credentials())
    yield from (scenes.GPT, scenes.GPT_THINKING, scenes.CLAUDE, scenes.GEMINI, "gpt-4.1-2025-04-14")
    yield from HOSTS
    yield from (
        "maria.lindqvist@nordpost.example.com",
        "8 465 004 17",
        "/v1/messages",
        "chat/completions",
        "care-answers-v3",
    )
    for person in people.EVERYONE:
        yield from (person.name, person.password, person.keys.openai, person.keys.anthropic, person.keys.gemini)


def spellings(canary: str) -> Iterator[bytes]:
    plain = canary.encode()
    yield plain
    yield canary.encode("utf-16-le")
    yield plain.hex().encode()
    if len(plain) >= 9:
        for shift in range(3):  # base64 without the characters that depend on the neighbours
            yield base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]


def leaks(files: dict[str, bytes], wanted: Iterable[str]) -> dict[str, set[str]]:
    """Which strings occur in which files, in any spelling."""
    spelt = [(canary, spelling) for canary in set(wanted) for spelling in spellings(canary)]
    searched = BytesAhoCorasick([spelling for _, spelling in spelt])
    found: dict[str, set[str]] = {}
    for name, content in files.items():
        for number, _, _ in searched.find_matches_as_indexes(content, overlapping=True):
            found.setdefault(spelt[number][0], set()).add(name)
    return found


@pytest.mark.parametrize("moment", ["running", "stopped"])
def test_no_string_of_the_traffic_is_on_disk(played: Played, moment: str) -> None:
    files = {name: content for name, content in getattr(played, moment).items() if name not in CONFIGURED}
    assert sum(len(content) for name, content in files.items() if name.startswith("audit/store/ledgers")) > 100_000
    if moment == "running":
        assert any(name.endswith("-wal") for name in files)
    else:
        assert any(name.startswith("index/") for name in files), "the index is searched too"
    assert leaks(files, canaries(played)) == {}


def test_the_search_finds_what_is_there(played: Played) -> None:
    names = {person.name for person in people.EVERYONE}
    assert leaks(played.stopped, names) == {name: {"proxy-users"} for name in names}
    phrase = prompts.QUARTER[:40]
    for spelling in spellings(phrase):
        assert leaks({"file": b"x" + spelling + b"y"}, [phrase]) == {phrase: {"file"}}
    for shift in range(3):
        packed = base64.b64encode(b"-" * shift + phrase.encode() + b"...")
        assert leaks({"file": packed}, [phrase]) == {phrase: {"file"}}


def test_the_logs_were_written_and_say_something(played: Played) -> None:
    assert b"listens on" in played.stopped["gateway.log"]
