# SPDX-License-Identifier: Apache-2.0
"""The saved views of the Traffic page: a menu to show, save and remove them."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ui.models.views import View, described, load_views, problem, save_views, with_view
from ui.session import Session
from ui.shortcuts import Shortcut
from ui.widgets.basics import tool
from ui.widgets.dialogs.ask import AskLine


class Page(Protocol):
    """What the views need of their page."""

    def view_now(self, name: str) -> View:
        """What is shown at present, under a name."""

    def show_view(self, view: View) -> None:
        """Show a view."""

    def window(self) -> QWidget:
        """The window a question stands over."""


class SavedViews(QObject):
    """Keeps the views in the sealed note; `button` opens the menu."""

    said = Signal(str)

    def __init__(self, session: Session, page: Page, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._page = session, page
        self.views: Sequence[View] = ()
        self.button = tool("bookmark", f"Saved views (save: {Shortcut.SAVE_VIEW.keys[0]})", text="Views")
        self.button.clicked.connect(self._open)
        self.ask: AskLine | None = None

    def look(self) -> None:
        """Read the views."""
        note = self._session.note
        self._session.query(self, lambda *_: load_views(note), self._take, topic="views")

    def _take(self, views: Sequence[View]) -> None:
        self.views = views

    def save(self) -> None:
        """Ask for a name, and keep what is shown under it."""
        now = self._page.view_now("")
        self.ask = AskLine(
            "Save this view", described(now), "Save", problem, "", self._page.window()
        )  # fmt: skip
        self.ask.given.connect(lambda name: self._keep(with_view(self.views, self._page.view_now(name)), name))
        self.ask.open()

    def _keep(self, views: Sequence[View], name: str, done: str = "saved") -> None:
        note = self._session.note
        self._session.command(
            self,
            lambda *_: save_views(note, views),
            lambda kept: self._kept(kept, f"The view “{name}” is {done}."),
            label="Saving the views",
        )

    def _kept(self, views: Sequence[View], sentence: str) -> None:
        self.views = views
        self.said.emit(sentence)

    def menu(self) -> QMenu:
        """The views, and what can be done with them."""
        menu = QMenu(self.button)
        menu.setToolTipsVisible(True)
        for view in self.views:
            entry = menu.addAction(view.name.replace("&", "&&"))
            entry.setToolTip(described(view))
            entry.triggered.connect(lambda _=False, view=view: self._page.show_view(view))
        if self.views:
            menu.addSeparator()
        menu.addAction(f"Save this view…\t{Shortcut.SAVE_VIEW.keys[0]}").triggered.connect(self.save)
        remove = menu.addMenu("Remove a view")
        remove.setEnabled(bool(self.views))
        for view in self.views:
            rest = [one for one in self.views if one is not view]
            remove.addAction(view.name.replace("&", "&&")).triggered.connect(
                lambda _=False, view=view, rest=rest: self._keep(rest, view.name, "removed")
            )
        return menu

    def _open(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
