# SPDX-License-Identifier: Apache-2.0
"""What `--screenshots` renders beside the store itself: the first start, an empty store, one in which everything is as
large as it may get, and all pages at twice the text size."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from auditor.archive import Archive
from auditor.demo import extremes
from auditor.errors import UnlockError
from auditor.store import Identity, Location
from auditor.store.create import Created
from ui.screenshots import MODES, Wanted, grabbed, opened, render_store
from ui.theme import Mode, theme

REASON = "Pictures of a sample store"
LARGE, LARGE_SIZE = 2.0, (2160, 1350)
HOLDERS = ("alice", "bob", "carol")


def first_start(directory: Path) -> Iterator[Path]:
    """The first start without a store, an identity that takes two people, and a wrong passphrase, in both colours."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with opened(str(folder / "store"), str(folder / "auditor.identity")) as window:
            page = window.welcome
            assert page is not None, "there is no store"
            page.folder.setText("audit")
            page.passphrase.setText("correct horse")
            page.again.setText("correct hose")
            yield from _both(window, "first-start", directory)
        with opened(str(_store(folder)), str(folder / "auditor.identity")) as window:
            unlock = window.unlock
            unlock.point_to("audit/store", str(folder / "auditor.identity"))
            unlock.fail(UnlockError("The passphrase does not open bob.identity."))
            unlock.identity.setText("audit/auditor.identity")
            yield from _both(window, "unlock-two-people", directory)


def _store(folder: Path) -> Path:
    """A store whose identity opens by two of three people."""
    made = extremes.empty(folder / "made")
    people = [Identity.create(name, extremes.PASSPHRASE, extremes.CHEAP).auditor for name in HOLDERS]
    Identity.open(made.identity, extremes.PASSPHRASE).shared_among(people).save(folder / "auditor.identity")
    return made.store


def _both(window: QWidget, name: str, directory: Path) -> Iterator[Path]:
    for mode in MODES:
        theme().set_mode(mode)
        yield grabbed(window, directory / f"{name}-{mode}.png")


def all_states(directory: Path, usual: Wanted) -> Iterator[Path]:
    """The states nobody's own store shows all at once, each in a folder of its own."""
    with tempfile.TemporaryDirectory() as made:
        yield from _of(extremes.empty(Path(made) / "empty"), directory / "empty", ())
        yield from _of(extremes.extreme(Path(made) / "extreme"), directory / "extreme", (0, 1, 2, 3))
    yield from render_store(directory / "twice-the-size", usual.at(LARGE, LARGE_SIZE, (Mode.LIGHT,)))


def _of(made: Created, directory: Path, rows: tuple[int, ...]) -> Iterator[Path]:
    wanted = Wanted(str(made.store), str(made.identity), extremes.PASSPHRASE, REASON, rows=rows)
    try:
        yield from render_store(directory, wanted)
    finally:
        Archive.discard(Location.parse(made.store), Identity.open(made.identity, extremes.PASSPHRASE))
