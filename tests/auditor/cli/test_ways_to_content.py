# SPDX-License-Identifier: Apache-2.0
"""Nothing opens content but behind a recorded access: every piece of code that could is walked, and every way is run.

The walk reads all sources: whoever names a function that opens bodies or names is on a list here, with why. The run
goes through the command line, the analyses and the desktop with a reader that looks into the ledgers, anew at every
opening, whether an access to that very call, or actor, is durable there.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.store import Identity, LedgerReader, Location
from auditor.store.format.records import Access, AnyMeta, Completion, Named
from tests.auditor.cli.house import PASSPHRASE, House
from tests.auditor.cli.material import day

ROOT = Path(__file__).parents[3]
OPENERS = {
    "body": {
        "auditor/archive/content.py": "open_content, behind Archive.content",
        "auditor/store/ledger/reader.py": "the reader itself",
    },
    "behind": {"auditor/archive/reveal.py": "names_behind"},
    "names_behind": {"auditor/archive/archive.py": "Archive.names, after write_access"},
    "open_content": {
        "auditor/archive/archive.py": "Archive.content, after write_access",
        "ui/pages/content.py": "the desktop's function of that name, by Archive.content",
    },
    "decode_body": {
        "auditor/store/ledger/reader.py": "LedgerReader.body",
        "auditor/store/verification/opening.py": "verification: opened, compared, dropped",
    },
    "kept_apart": {"auditor/archive/content.py": "open_content of what is revealed, behind Archive.content"},
    "decode_values": {
        "auditor/store/ledger/reader.py": "LedgerReader.kept_apart",
        "auditor/store/verification/opening.py": "verification: opened, compared, dropped",
    },
    "decode_names": {
        "auditor/store/ledger/reader.py": "LedgerReader.names",
        "auditor/store/verification/opening.py": "verification: opened, compared, dropped",
    },
}
"""Attributes that open content, and the only modules that may name them."""


def named(tree: ast.AST) -> Iterator[str]:
    """Everything called or imported by name in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def test_no_other_code_opens_content() -> None:
    found: dict[str, set[str]] = {name: set() for name in OPENERS}
    for folder in ("auditor", "addons", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in set(named(ast.parse(path.read_text()))) & OPENERS.keys():
                found[name].add(path.relative_to(ROOT).as_posix())
    for name, modules in found.items():
        assert modules <= OPENERS[name].keys(), f"{name} is used in {modules - OPENERS[name].keys()}: is it recorded?"


@pytest.fixture
def full(house: House, tmp_path: Path) -> House:
    """A house with a day of calls in it."""
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson")
    return house


@pytest.fixture
def opened(full: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened, once its access was found in the ledgers."""
    location = Location.parse(str(full.store))
    seen: list[str] = []

    def metas() -> list[AnyMeta]:
        reader = LedgerReader.open(location, Identity.open(full.folder / "auditor.identity", PASSPHRASE))
        return [record.meta for name in reader.ledgers() for record in reader.records(name)]

    def guarded(open_: Callable[..., object]) -> Callable[..., object]:
        def check(reader: LedgerReader, ledger: str, seq: int) -> object:
            here = LedgerReader.open(location, Identity.open(full.folder / "auditor.identity", PASSPHRASE))
            (record, *_) = here.records(ledger, seq - 1)
            accesses = [meta for meta in metas() if isinstance(meta, Access) and meta.reason]
            match record.meta:
                case Completion(calls=calls):
                    assert any(call.id in access.calls for call in calls for access in accesses), "not recorded"
                    seen.append(calls[0].id)
                case Named(actor=actor):
                    assert any(access.actor == actor for access in accesses), "not recorded"
                    seen.append(actor)
            return open_(reader, ledger, seq)

        return check

    for name in ("body", "behind"):
        monkeypatch.setattr(LedgerReader, name, guarded(getattr(LedgerReader, name)))
    return seen


def test_every_way_from_the_command_line_is_recorded_first(full: House, opened: list[str]) -> None:
    calls = full.ok("calls", "--json").rows
    id_, actor = calls[0]["id"], calls[0]["actor"]
    for arguments, count in (
        (("calls", "--json"), 0),
        (("show", id_), 0),
        (("verify",), 0),
        (("status",), 0),
        (("access-log",), 0),
        (("show", id_, "--reason", "r"), 1),
        (("show", id_, "--raw", "--reason", "r"), 1),
        (("calls", "--json", "--content", "--reason", "r"), len(calls)),
        (("reveal", "--call", id_, "--reason", "r"), 1),
        (("reveal", "--actor", actor, "--reason", "r"), 1),
    ):
        opened.clear()
        full.ok(*arguments)
        assert len(opened) == count, arguments
    opened.clear()
    full.ok("analyze")
    assert len(set(opened)) <= len(calls)
