# SPDX-License-Identifier: Apache-2.0
"""The Data flows page: who sends by which client to which provider in which country, as streams, matrix and table.

All three show the same figures of one reading. Streams are the usual picture; where a column has more nodes than can
be read, the matrix stands first. A click leads to the calls.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from auditor.archive import Filter
from auditor.archive.flows import ANY_DATA
from ui.models import formats
from ui.models.flows import MEASURES, SHOWN, Flows, Measure, Path, read_flows, streams
from ui.models.overview import OTHERS, PERIODS, Matrix, Period, dollars
from ui.models.policy import policy_of
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, down, holder, label
from ui.widgets.charts.matrix import MatrixView
from ui.widgets.charts.sankey import Sankey
from ui.widgets.choice import Choice
from ui.widgets.empty import Empty
from ui.widgets.plain_table import PlainTable
from ui.widgets.segments import Segments

VIEWS = (("streams", "Streams"), ("matrix", "Matrix"), ("table", "Table"))
MOST_ROWS = 1_000
MOST_LINES = 40
EVERYTHING = "Any calls"


def moment() -> datetime:
    """Now."""
    return datetime.now(UTC)


class FlowsPage(QWidget):
    """Choices on top, the picture below."""

    failed = Signal(object)
    calls_wanted = Signal(object, object, object)
    """A filter, and since and until, to be shown in Traffic."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.clock: Callable[[], datetime] = moment
        self.period: Period = PERIODS[2]
        self.measure: Measure = MEASURES[0]
        self.found: Flows | None = None
        self._since: datetime | None = None
        self._view = ""
        self.periods = Segments("Period", [(one.key, one.name) for one in PERIODS])
        self.measures = Segments("Width", [(one.key, one.name) for one in MEASURES])
        self.views = Segments("Shown as", VIEWS)
        self.data = Choice()
        self.data.setAccessibleName("Which calls")
        self.data.addItem(EVERYTHING, None)
        self.note = label("", "caption", wrap=True)
        self.sankey, self.empty = Sankey(), Empty()
        self.matrix = MatrixView("Who sends to which provider", self._cell_words)
        self.table = PlainTable("Data flows", self._columns(("Actor", "Client", "Provider", "Country")))
        self._shown: Sequence[Path] = ()
        self._arrange()
        self._connect()

    @staticmethod
    def _columns(names: Sequence[str]) -> list[tuple[str, int]]:
        figures = (("Calls", -90), ("Tokens", -140), ("Spend", -100))
        return [*((name, 0) for name in names), *figures]

    def _arrange(self) -> None:
        head = across(label("Data flows", "title"), 1, self.periods, margins=(24, 14, 16, 12), spacing=16)
        tools = across(
            self.views, label("Width", "muted"), self.measures, self.data, 1, margins=(18, 10, 18, 8), spacing=12
        )
        tools.insertSpacing(1, theme().px(16))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Matrix of data flows")
        area.setWidget(holder(down(self.matrix, 1, margins=(10, 6, 10, 6)), "panel"))
        self._area = QStackedWidget()
        for part in (self.sankey, area, self.table, self.empty):
            self._area.addWidget(part)
        note = down(self.note, margins=(24, 6, 24, 10))
        body = down(holder(tools), self._area, holder(note), spacing=0)
        body.setStretchFactor(self._area, 1)
        layout = down(holder(head, "bar"), holder(body, "panel"), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.periods.choose(self.period.key)
        self.measures.choose(self.measure.key)
        self.data.setMinimumWidth(theme().px(170))

    def _connect(self) -> None:
        self.periods.chosen.connect(self._choose_period)
        self.measures.chosen.connect(self._choose_measure)
        self.views.chosen.connect(self.show_as)
        self.data.activated.connect(lambda _: self.look())
        self.sankey.node_chosen.connect(lambda column, name: self._open((column, name)))
        self.sankey.stream_chosen.connect(lambda at, source, target: self._open((at, source), (at + 1, target)))
        self.matrix.opened.connect(self._open_cell)
        self.table.opened.connect(lambda row: self._open(*enumerate(self._shown[row].names)))

    # --- reading ---

    def look(self) -> None:
        """Read the flows again."""
        since, data = self.period.since(self.clock()), self.data.currentData()
        location = self._session.location
        self._session.query(
            self,
            lambda archive, _: (
                read_flows(archive, policy_of(location), since, None, data),
                [share.value for share in archive.top("sent", limit=40)],
            ),
            lambda answer: self.show_flows(answer[0], answer[1], since),
            self.failed.emit,
            topic="flows",
            label="Reading the data flows",
        )

    def show_flows(self, found: Flows, types: Sequence[str], since: datetime | None) -> None:
        """Show these; `types` are the data types there are."""
        self.found, self._since = found, since
        self._offer(types)
        self.table.setHorizontalHeaderLabels([name for name, _ in self._columns(found.columns)])
        self._draw()

    def _offer(self, types: Sequence[str]) -> None:
        chosen = self.data.currentData()
        self.data.clear()
        self.data.addItem(EVERYTHING, None)
        self.data.addItem("With data sent", ANY_DATA)
        for type_ in types:
            self.data.addItem(f"With {formats.one_line(type_, 40)} sent", type_)
        self.data.setCurrentIndex(max(self.data.findData(chosen), 0) if chosen else 0)

    def _choose_period(self, key: str) -> None:
        self.period = next(one for one in PERIODS if one.key == key)
        self.look()

    def _choose_measure(self, key: str) -> None:
        self.measure = next(one for one in MEASURES if one.key == key)
        if self.found is not None:
            self._draw()

    # --- showing ---

    def show_as(self, view: str) -> None:
        """Show streams, matrix or table."""
        self._view = view
        if self.found is not None:
            self._draw()

    def _draw(self) -> None:
        found, measure = self.found, self.measure
        assert found is not None
        view = self._view or ("streams" if found.readable else "matrix")
        self.views.choose(view)
        picture = streams(found, measure)
        if not picture.total:
            self._say_empty(found)
            return
        self.sankey.show_streams(picture, found.columns, measure.words)
        self.matrix.show_matrix(matrix(found, measure), measure.words)
        self._shown = sorted(found.paths, key=measure.amount, reverse=True)[:MOST_ROWS]
        self.table.show_rows([_row(path) for path in self._shown])
        self._area.setCurrentIndex([key for key, _ in VIEWS].index(view))
        self.note.setText(self._notes(found))

    def _notes(self, found: Flows) -> str:
        parts = ["Country: the seat of the contracting party, and the region where the host names one."]
        if not found.readable:
            parts.append(f"Of crowded columns the {SHOWN} greatest are drawn; the table has all.")
        if found.columns[0] == "Actor":
            parts.append("Name teams in policy.toml to see them in place of actors.")
        if len(found.paths) > MOST_ROWS:
            parts.append(f"The first {MOST_ROWS:,} of {len(found.paths):,} rows are listed.")
        return " ".join(parts)

    def _say_empty(self, found: Flows) -> None:
        self._area.setCurrentIndex(3)
        self.note.setText("")
        if found.paths:
            self.empty.say("coins", f"No {self.measure.name.lower()} known of these.", "Choose another width.")
        else:
            self.empty.say(
                "flows", "No calls in this period.", "Choose a longer period.", "All time", self._show_all
            )  # fmt: skip

    def _show_all(self) -> None:
        self.periods.choose("all")
        self.data.setCurrentIndex(0)
        self._choose_period("all")

    def _cell_words(self, amount: float, row: str, column: str) -> str:
        where = f" to {column}" if column else ""
        return f"{row}{where}: {self.measure.words(amount)} {self.measure.name.lower()}"

    # --- ways on ---

    def _open(self, *nodes: tuple[int, str]) -> None:
        """Show the calls behind nodes together; those that stand for many others lead nowhere."""
        if self.found is None:
            return
        conditions = [self.found.filter(column, name) for column, name in nodes]
        if None in conditions:
            return
        whole = Filter()
        for condition in conditions:
            whole &= condition or Filter()
        data = self.data.currentData()
        if data is not None:
            whole &= Filter.parse("sent:*") if data == ANY_DATA else Filter.field("sent", data)
        self.calls_wanted.emit(whole, self._since, None)

    def _open_cell(self, row: str, provider: str | None) -> None:
        nodes = [(0, row), *([(2, provider)] if provider else [])]
        self._open(*nodes)

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the way it is shown."""
        next((one for one in self.views.buttons.values() if one.isChecked()), self.sankey).setFocus()


def matrix(found: Flows, measure: Measure) -> Matrix:
    """Who by provider; the smaller ones of many stand together in a last row."""
    rows, columns = Counter[str](), Counter[str | None]()
    for path in found.paths:
        rows[path.names[0]] += measure.amount(path)  # type: ignore[assignment]
        columns[path.names[2]] += measure.amount(path)  # type: ignore[assignment]
    kept = [name for name, _ in rows.most_common(MOST_LINES)]
    across_ = [name for name, _ in columns.most_common(SHOWN)]
    cells = Counter[tuple[str, str | None]]()
    for path in found.paths:
        row = path.names[0] if path.names[0] in kept else OTHERS
        column = path.names[2] if path.names[2] in across_ else OTHERS
        cells[row, column] += measure.amount(path)  # type: ignore[assignment]
    more_rows = (OTHERS,) if len(rows) > len(kept) else ()
    more_columns = (OTHERS,) if len(columns) > len(across_) else ()
    return Matrix((*kept, *more_rows), (*across_, *more_columns), cells)


def _row(path: Path) -> tuple[str, ...]:
    names = (formats.one_line(name, 120) for name in path.names)
    return (*names, f"{path.calls:,}", f"{path.tokens:,}", dollars(path.cost_usd))
