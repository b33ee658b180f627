# SPDX-License-Identifier: Apache-2.0
"""The Traffic page: every call, filtered, over time, and one of them in the inspector.

What is listed is the filter and the span brushed in the histogram together. New calls come in at the top while the
list is live and scrolled to its top; otherwise they are counted and wait.
"""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from auditor.archive import Filter, Sort
from auditor.errors import AuditorError
from ui.inspector import Inspector
from ui.models import formats
from ui.models.calls import CallTable, Wish
from ui.models.columns import COLUMNS, PLACE, SORTABLE, Row
from ui.models.filtering import read_filter
from ui.models.reading import suggestions
from ui.models.summing import MOST, Sums, sums_of
from ui.models.views import View
from ui.pages.call_actions import CallActions
from ui.pages.content import ContentReader
from ui.pages.content_search import ContentSearch
from ui.pages.exporting import Exporting
from ui.pages.saved_views import SavedViews
from ui.pages.traffic_chart import EVER, TrafficChart
from ui.session import Session
from ui.shortcuts import Shortcut, action
from ui.theme import theme
from ui.widgets.basics import across, down, holder, label, rule, tool
from ui.widgets.call_view import CallView
from ui.widgets.empty import Empty
from ui.widgets.filter_bar import FilterBar
from ui.widgets.live_button import LiveButton

SETTLE_MS = 90
WIDTHS = [876, 480]
"""Of the list and the inspector at first."""


class TrafficPage(QWidget):
    """Filter bar, histogram, table and inspector."""

    failed = Signal(object)
    said = Signal(str)
    """Something was done, in a sentence."""

    finding_wanted = Signal(str)
    terms_wanted = Signal(str)
    """An id of the registry whose terms are to be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._expression = Filter()
        self._listing = self._row_wanted = False
        self.model = CallTable(session.query, self)
        self.view = CallView(self.model)
        self.filter_bar = FilterBar(read_filter)
        self.chart = TrafficChart(session, lambda: self.expression, self.failed.emit, self)
        self.histogram, self.time_bar = self.chart.histogram, self.chart.time_bar
        self.inspector = Inspector()
        self.content = ContentReader(session, self.inspector, self)
        self.exporting = Exporting(session, self, self)
        self.views = SavedViews(session, self, self)
        self.search = ContentSearch(session, self, self)
        self.actions_ = CallActions(self)
        self.count = label("", "caption")
        self.live_button = LiveButton()
        self.columns_button = tool("columns", "Choose columns", text="Columns")
        self.empty = Empty()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._arrange()
        self._connect()
        self._add_shortcuts()

    # --- arrangement ---

    def _arrange(self) -> None:
        tools = across(
            self.views.button, self.search.button, self.exporting.button, self.columns_button, self.live_button,
            spacing=2,
        )  # fmt: skip
        head = across(self.filter_bar, margins=(16, 12, 12, 8), spacing=12)
        head.setStretchFactor(self.filter_bar, 1)
        tools_column = down()
        tools_column.addLayout(tools)
        tools_column.addStretch(1)
        head.addLayout(tools_column)
        self.table_area = QStackedWidget()
        self.table_area.addWidget(self.view)
        self.table_area.addWidget(self.empty)
        left = down(self.chart.panel(self.count), rule(), self.table_area, spacing=0)
        left.setStretchFactor(self.table_area, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(holder(left, "panel"))
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.setSizes(WIDTHS)
        self.inspector.setMinimumWidth(theme().px(360))
        layout = down(spacing=0)
        layout.addWidget(holder(head, "bar"))
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.filter_bar.applied.connect(self._apply)
        self.filter_bar.left.connect(self.focus_list)
        self.filter_bar.suggestions_wanted.connect(self._suggest)
        self.chart.spanned.connect(self.list_again)
        self.view.chosen.connect(self._settle.start)
        self.view.opened.connect(self.inspector.focus_first)
        self.view.cell_menu.connect(self._cell_menu)
        self.view.horizontalHeader().sectionClicked.connect(self._sort_by)
        self._settle.timeout.connect(self._inspect)
        self.model.listed.connect(self._listed)
        self.model.busy.connect(self._set_listing)
        self.model.failed.connect(self.failed)
        self.session.news.connect(self._take_news)
        self.live_button.resumed.connect(self._grow)
        self.inspector.findings.finding_wanted.connect(self.finding_wanted)
        self.inspector.findings.terms_wanted.connect(self.terms_wanted)
        for talks in (self.exporting, self.views, self.search):
            talks.said.connect(self.said)
        self.columns_button.clicked.connect(
            lambda: self.view.columns_menu().popup(
                self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft())
            )
        )

    def _add_shortcuts(self) -> None:
        action(self, Shortcut.FILTER).triggered.connect(self.focus_filter)
        action(self, Shortcut.LIVE).triggered.connect(self.live_button.toggle)
        action(self, Shortcut.CLEAR_TIME).triggered.connect(self.histogram.free)
        action(self, Shortcut.COLUMNS).triggered.connect(self.columns_button.click)
        action(self, Shortcut.SAVE_VIEW).triggered.connect(self.views.save)
        action(self, Shortcut.EXPORT).triggered.connect(self.exporting.open)
        action(self, Shortcut.PANE_NEXT).triggered.connect(lambda: self._pane(1))
        action(self, Shortcut.PANE_BACK).triggered.connect(lambda: self._pane(-1))
        for shortcut, do in (
            (Shortcut.COPY, self.actions_.copy_addresses),
            (Shortcut.COPY_CSV, self.actions_.copy_csv),
            (Shortcut.COPY_CURL, self.actions_.copy_curl),
        ):
            entry = action(self.view, shortcut)
            entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            entry.triggered.connect(do)

    # --- what is listed ---

    @property
    def filter(self) -> Filter:
        """Expression and span together."""
        return self.expression & Filter.between(*self.chart.span)

    @property
    def expression(self) -> Filter:
        """The expression of the filter bar; the last valid one."""
        return self._expression

    def start(self) -> None:
        """List everything for the first time."""
        self._mark_order(self.model.wish.sort)
        self.list_again()
        self.views.look()
        self.view.setFocus()

    def _apply(self, text: str) -> None:
        found = read_filter(text).filter
        if found is not None:
            self._expression = found
            self.list_again()

    def list_again(self, order: Sort | None = None) -> None:
        """List by the present filter and span, in this order or the present one, and draw the chart to it."""
        self.live_button.wait_for(0)
        self.model.show(Wish(self.filter, order or self.model.wish.sort))
        self.chart.draw()

    def filter_by(self, condition: Filter) -> None:
        """Narrow the present filter by a condition."""
        self.filter_bar.set_text(str(self.expression & condition))
        self.filter_bar.remember(self.filter_bar.text)

    def show_only(self, condition: Filter, since: datetime | None = None, until: datetime | None = None) -> None:
        """List nothing but what a condition lets through, over all time or a span, and go to the first call."""
        self._show(str(condition), condition, since, until)

    def _show(
        self, text: str, condition: Filter, since: datetime | None, until: datetime | None, order: Sort | None = None
    ) -> None:
        self.chart.show_span(since, until)
        self._expression = condition
        self.filter_bar.set_text(text)
        self._mark_order(order or self.model.wish.sort)
        self.list_again(order)
        self._row_wanted = True
        self.view.setFocus()

    def view_now(self, name: str) -> View:
        """What is shown at present, as a view of this name."""
        since, until = self.chart.span
        order = self.model.wish.sort
        return View(
            name=name,
            filter=self.filter_bar.text,
            since=since,
            until=until,
            columns=tuple(self.view.columns()),
            sort=order.field,
            descending=order.descending,
        )

    def show_view(self, view: View) -> None:
        """Show a saved view; a filter that is no longer valid stands in the bar and says why."""
        condition = read_filter(view.filter).filter or Filter()
        if view.columns:
            self.view.set_columns(view.columns)
        self._show(view.filter, condition, view.since, view.until, Sort(view.sort, view.descending))

    def _sort_by(self, section: int) -> None:
        column, order = COLUMNS[section], self.model.wish.sort
        if column.key not in SORTABLE or column.field is None:
            self._mark_order(order)
            return
        self.sort(Sort(column.field, not order.descending if order.field == column.field else True))

    def sort(self, order: Sort) -> None:
        """List in another order."""
        self._mark_order(order)
        self.model.show(Wish(self.filter, order))

    def _mark_order(self, order: Sort) -> None:
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(True)
        # Qt points up for descending; the arrow people know points down where values fall
        direction = Qt.SortOrder.AscendingOrder if order.descending else Qt.SortOrder.DescendingOrder
        key = next(column.key for column in COLUMNS if column.field == order.field)
        header.setSortIndicator(PLACE[key], direction)

    def _set_listing(self, under_way: bool) -> None:
        self._listing = under_way

    def _listed(self, count: int) -> None:
        total = self.session.calls
        everything = not self.filter
        self.count.setText(
            formats.count(count, "call") if everything else f"{count:,} of {formats.count(max(total, count), 'call')}"
        )
        self.count.setAccessibleName(self.count.text())
        self.table_area.setCurrentIndex(0 if count else 1)
        self.exporting.offer(count)
        if count == 0:
            self._say_empty(everything)
        if self._row_wanted:
            self.view.go_to(0)
        self._row_wanted = False
        self._inspect()

    def _say_empty(self, everything: bool) -> None:
        if everything:
            self.empty.say(
                "empty", "No call has been recorded yet.",
                "Start a gateway with “auditor gateway run”, or import a file with “auditor import”.",
                "Look again", self.session.look_for_news,
            )  # fmt: skip
        else:
            self.empty.say("filter", "No call matches the filter.", "", "Show all calls", self._show_all)

    def _show_all(self) -> None:
        if self.chart.span != EVER:
            self.histogram.free()
        self.filter_bar.clear()

    # --- live ---

    def _take_news(self, calls: int) -> None:
        at_top = self.view.verticalScrollBar().value() == 0
        if self.live_button.live and at_top:
            self._grow()
        else:
            self.live_button.wait_for(self.live_button.waiting + calls)

    def _grow(self) -> None:
        self.live_button.wait_for(0)
        self.model.grow()
        self.chart.draw_soon()

    # --- selection ---

    def _inspect(self) -> None:
        selected = self.view.selected_count()
        if selected == 0:
            self.inspector.show_nothing()
        elif selected == 1:
            self._inspect_row(self.view.selected_ranges()[0][0])
        else:
            self.view.read_selected(MOST, partial(sums_of, selected), self._show_sums)

    def _show_sums(self, sums: Sums) -> None:
        if sums.selected == self.view.selected_count():
            self.inspector.show_selection(sums)

    def _inspect_row(self, number: int) -> None:
        row = self.model.row(number)
        if row is None:
            self._settle.start()
        elif self.inspector.call is None or self.inspector.call.id != row.call.id:
            self.inspector.show_call(row.call)
            self.content.locate(row.call)

    def _cell_menu(self, key: str, row: Row, at: QPoint) -> None:
        self.actions_.menu(key, row).popup(at)

    # --- keyboard ---

    def focus_filter(self) -> None:
        """Go to the filter."""
        self.filter_bar.field.setFocus()
        self.filter_bar.field.selectAll()

    def focus_list(self) -> None:
        """Go to the list, on a row; on the first one of a listing that is still on its way."""
        self.view.setFocus()
        self._row_wanted = self._listing
        if not self._listing and not self.view.currentIndex().isValid():
            self.view.go_to(0)

    def _pane(self, step: int) -> None:
        panes = [self.filter_bar.field, self.histogram, self.view, self.inspector]
        focused = self.focusWidget()
        within = [pane is focused or pane.isAncestorOf(focused) for pane in panes]
        now = within.index(True) if True in within else 0
        target = panes[(now + step) % len(panes)]
        self.inspector.focus_first() if target is self.inspector else target.setFocus()

    def _suggest(self, text: str, cursor: int) -> None:
        self.session.query(
            self,
            lambda archive, _: suggestions(archive, text, cursor),
            lambda found: self.filter_bar.show_suggestions(text, found),
            lambda _: None,
            topic="suggestions",
        )

    def show_failure(self, error: AuditorError) -> None:
        """Hand a failure to the window."""
        self.failed.emit(error)
