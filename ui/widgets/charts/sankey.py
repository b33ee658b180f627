# SPDX-License-Identifier: Apache-2.0
"""Streams between columns of nodes: height is the amount, colour the provider it goes to; a click opens what is behind.

With the keyboard: left and right go from column to column, up and down from node to node, Return opens. The widget
knows nothing of calls; it shows `Streams` and tells which node or stream was chosen.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QToolTip,
    QWidget,
)

from ui.models.flows import Node, Ribbon, Streams
from ui.theme import theme
from ui.theme.series import series
from ui.widgets.basics import follow_theme

NODE, GAP, HEAD, FOOT, SIDE = 12, 10, 34, 12, 176
FAINT, STRONG, DIM = 0.34, 0.62, 0.12
SMALLEST = 2.0
OTHERS = -1

type Words = Callable[[float], str]


@dataclass(slots=True)
class Placed:
    """A node where it stands, and how much of it is taken by streams on either side."""

    node: Node
    rect: QRectF
    before: float = 0.0
    after: float = 0.0
    ribbons: list[QGraphicsPathItem] = field(default_factory=list)


class Sankey(QGraphicsView):
    """The picture; see the module."""

    node_chosen = Signal(int, str)
    """Column and name."""

    stream_chosen = Signal(int, str, str)
    """Column of the source, source and target."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._streams: Streams | None = None
        self._titles: tuple[str, ...] = ()
        self._words: Words = str
        self._placed: dict[tuple[int, str], Placed] = {}
        self._current: tuple[int, str] | None = None
        self._hot: tuple[int, str] | None = None
        scene = QGraphicsScene(self)  # a view does not own its scene: it needs a parent, or it is collected
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(theme().px(300))
        self.setAccessibleName("Data flows")
        follow_theme(self, self._draw)

    def show_streams(self, streams: Streams, titles: tuple[str, ...], words: Words) -> None:
        """Show these; `words` says an amount."""
        self._streams, self._titles, self._words = streams, titles, words
        self._current = self._hot = None
        self._draw()
        self.setAccessibleDescription(self._said())

    def node(self, column: int, name: str) -> QRectF | None:
        """Where a node stands, in the view."""
        placed = self._placed.get((column, name))
        return None if placed is None else placed.rect

    def _said(self) -> str:
        if self._streams is None or not self._streams.total:
            return "No calls."
        greatest = [nodes[0] for nodes in self._streams.nodes if nodes]
        pairs = zip(self._titles, greatest, strict=True)
        parts = [f"{title}: {node.name} {self._words(node.amount)}" for title, node in pairs]
        return f"The greatest of each column. {'; '.join(parts)}. The table has all figures."

    # --- drawing ---

    def _draw(self) -> None:
        scene = self.scene()
        scene.clear()
        self._placed.clear()
        area = self.viewport().rect()
        scene.setSceneRect(QRectF(area))
        scene.setBackgroundBrush(theme().color("surface"))
        if self._streams is None or not self._streams.total or area.width() < 100:
            return
        self._place(self._streams, area.width(), area.height())
        for ribbon in self._ordered(self._streams):
            self._add_ribbon(ribbon)
        for placed in self._placed.values():
            self._add_node(placed)
        for column, title in enumerate(self._titles):
            self._add_title(column, title)
        self._mark()

    def _place(self, streams: Streams, width: int, height: int) -> None:
        px = theme().px
        columns = len(streams.nodes)
        step = (width - 2 * px(SIDE) - px(NODE)) / max(columns - 1, 1)
        crowded = max(len(nodes) for nodes in streams.nodes)
        gap = min(px(GAP), (height - px(HEAD) - px(FOOT)) / (2.5 * crowded))
        room = height - px(HEAD) - px(FOOT) - gap * (crowded - 1)
        scale = max(room - SMALLEST * crowded, 10) / streams.total
        for column, nodes in enumerate(streams.nodes):
            taken = sum(max(node.amount * scale, SMALLEST) for node in nodes) + gap * (len(nodes) - 1)
            y = px(HEAD) + max((height - px(HEAD) - px(FOOT) - taken) / 2, 0)
            for node in self._sorted(streams, column, nodes):
                tall = max(node.amount * scale, SMALLEST)
                rect = QRectF(px(SIDE) + column * step, y, px(NODE), tall)
                self._placed[column, node.name] = Placed(node, rect)
                y += tall + gap

    def _sorted(self, streams: Streams, column: int, nodes: tuple[Node, ...]) -> list[Node]:
        """Near what they come from, so that streams cross little; the first column by amount."""
        if column == 0:
            return list(nodes)
        pull: defaultdict[str, float] = defaultdict(float)
        for ribbon in streams.ribbons:
            if ribbon.column == column - 1:
                pull[ribbon.target] += ribbon.amount * self._placed[column - 1, ribbon.source].rect.center().y()
        return sorted(nodes, key=lambda node: pull[node.name] / node.amount)

    def _ordered(self, streams: Streams) -> list[Ribbon]:
        """Streams in the order in which they leave and arrive, so that they do not cross at a node."""
        where = {key: placed.rect.y() for key, placed in self._placed.items()}
        colours = {name: place for place, name in enumerate(streams.providers)}
        return sorted(
            streams.ribbons,
            key=lambda one: (
                one.column,
                where[one.column, one.source],
                where[one.column + 1, one.target],
                colours.get(one.provider, 99),
            ),
        )

    def _add_ribbon(self, ribbon: Ribbon) -> None:
        assert self._streams is not None
        start, end = self._placed[ribbon.column, ribbon.source], self._placed[ribbon.column + 1, ribbon.target]
        tall_start = start.rect.height() * ribbon.amount / start.node.amount
        tall_end = end.rect.height() * ribbon.amount / end.node.amount
        x0, x1 = start.rect.right(), end.rect.left()
        y0, y1 = start.rect.y() + start.after, end.rect.y() + end.before
        start.after += tall_start
        end.before += tall_end
        middle = (x0 + x1) / 2
        path = QPainterPath(QPointF(x0, y0))
        path.cubicTo(middle, y0, middle, y1, x1, y1)
        path.lineTo(x1, y1 + tall_end)
        path.cubicTo(middle, y1 + tall_end, middle, y0 + tall_start, x0, y0 + tall_start)
        path.closeSubpath()
        item = QGraphicsPathItem(path)
        color = series(self._streams.providers.index(ribbon.provider))
        item.setData(0, ribbon)
        item.setData(1, color)
        item.setPen(QPen(Qt.PenStyle.NoPen))
        item.setCursor(Qt.CursorShape.PointingHandCursor)
        self.scene().addItem(item)
        start.ribbons.append(item)
        end.ribbons.append(item)

    def _add_node(self, placed: Placed) -> None:
        assert self._streams is not None
        node, last = placed.node, len(self._titles) - 1
        item = QGraphicsRectItem(placed.rect)
        provider = node.column == 2
        color = series(self._streams.providers.index(node.name)) if provider else theme().color("bar_none")
        item.setBrush(color)
        item.setPen(QPen(Qt.PenStyle.NoPen))
        item.setData(0, node)
        item.setCursor(Qt.CursorShape.PointingHandCursor)
        self.scene().addItem(item)
        px = theme().px
        if placed.rect.height() < px(7) and self._neighbour_near(placed):
            return  # a label of its own would lie on its neighbour's; the tooltip and the table have it
        at_left = node.column == 0
        room = px(SIDE - 22) if node.column in (0, last) else px(170)
        text = self._label(node, room)
        y = placed.rect.center().y() - text.boundingRect().height() / 2
        x = placed.rect.left() - px(9) - text.boundingRect().width() if at_left else placed.rect.right() + px(9)
        text.setPos(x, y)

    def _neighbour_near(self, placed: Placed) -> bool:
        near = theme().px(15)
        return any(
            other is not placed
            and other.node.column == placed.node.column
            and abs(other.rect.center().y() - placed.rect.center().y()) < near
            and other.node.amount >= placed.node.amount
            and (other.node.amount, other.rect.y()) != (placed.node.amount, placed.rect.y())
            for other in self._placed.values()
        )

    def _label(self, node: Node, room: int) -> QGraphicsSimpleTextItem:
        font, amount = theme().font(12, QFont.Weight.Medium), self._words(node.amount)
        metrics = QFontMetrics(font)
        name = metrics.elidedText(
            node.name, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(f"  {amount}")
        )
        item = self._text(f"{name}  {amount}", font, "text")
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        return item

    def _add_title(self, column: int, title: str) -> None:
        item = self._text(title, theme().font(12), "muted")
        first = next(placed.rect for (at, _), placed in self._placed.items() if at == column)
        wide = item.boundingRect().width()
        x = first.right() - wide if column == 0 else first.left()
        item.setPos(x, theme().px(8))

    def _text(self, text: str, font: QFont, color: str) -> QGraphicsSimpleTextItem:
        item = QGraphicsSimpleTextItem(text)
        item.setFont(font)
        item.setBrush(theme().color(color))
        item.setZValue(2)
        self.scene().addItem(item)
        return item

    def _mark(self) -> None:
        """Streams of the node under the mouse, or of the chosen one, stand out; the others step back."""
        chosen = self._placed.get(self._hot or self._current or (-1, ""))
        for placed in self._placed.values():
            for item in placed.ribbons:
                color = QColor(item.data(1))
                color.setAlphaF(FAINT if chosen is None else STRONG if item in chosen.ribbons else DIM)
                item.setBrush(color)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The frame around the node that has the keyboard."""
        placed = self._placed.get(self._current or (-1, ""))
        if placed is not None and self.hasFocus():
            painter.setPen(QPen(theme().color("accent_fill"), 2))
            painter.drawRect(placed.rect.adjusted(-3, -3, 3, 3))

    # --- mouse ---

    def _under(self, at: QPointF) -> Node | Ribbon | None:
        found = (item.data(0) for item in self.items(at.toPoint()))
        return next((one for one in found if isinstance(one, Node | Ribbon)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the mouse stands out."""
        under = self._under(event.position())
        hot = (under.column, under.name) if isinstance(under, Node) else None
        if hot != self._hot:
            self._hot = hot
            self._mark()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        self._hot = None
        self._mark()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens a node or a stream."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            match self._under(event.position()):
                case Node(column=column, name=name):
                    self.node_chosen.emit(column, name)
                case Ribbon(column=column, source=source, target=target):
                    self.stream_chosen.emit(column, source, target)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip says amount and share."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = self._under(QPointF(event.pos()))
            said = "" if under is None else self.describe(under)
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().viewportEvent(event)

    def describe(self, one: Node | Ribbon) -> str:
        """A node or a stream in words, with its share of everything."""
        total = self._streams.total if self._streams else 0
        share = f"{one.amount / total:.1%}" if total else "–"
        name = one.name if isinstance(one, Node) else f"{one.source} → {one.target}"
        return f"{name}: {self._words(one.amount)}, {share} of all"

    # --- keyboard ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the nodes, Return opens the one that has the keyboard."""
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps and self._placed:
            self._walk(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.node_chosen.emit(*self._current)
        else:
            super().keyPressEvent(event)

    def _walk(self, columns: int, rows: int) -> None:
        keys = sorted(self._placed, key=lambda key: (key[0], self._placed[key].rect.y()))
        if self._current is None:
            self._current = keys[0]
        else:
            column = self._current[0] + columns
            there = [key for key in keys if key[0] == column]
            if columns and there:
                height = self._placed[self._current].rect.center().y()
                self._current = min(there, key=lambda key: abs(self._placed[key].rect.center().y() - height))
            elif rows:
                at = there.index(self._current) + rows
                self._current = there[min(max(at, 0), len(there) - 1)]
        self._mark()
        node = self._placed[self._current].node
        self.setAccessibleDescription(self.describe(node))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fills its room."""
        super().resizeEvent(event)
        self._draw()
