# SPDX-License-Identifier: Apache-2.0
"""The style sheet: only what a palette cannot say (rounded fields, quiet borders, tabs), kept short on purpose.

Large style sheets are slow and break native colours; item views are painted by delegates and not styled here.
Widgets choose a variant by the dynamic property `look`.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from string import Template

from ui.theme.colors import Colors

SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $border_strong; padding: ${p4}px ${p8}px; }
QMainWindow, QDialog { background: $window; }
QWidget[look="panel"] { background: $surface; }
QWidget[look="card"] { background: $raised; border: 1px solid $border; border-radius: ${p10}px; }
QWidget[look="page"] { background: $window; }
QFrame[look="group"] { background: $surface; border: 1px solid $border; border-radius: ${p10}px; }
QWidget[look="bar"] { background: $window; border-bottom: 1px solid $border; }
QWidget[look="status"] { background: $window; border-top: 1px solid $border; }
QWidget[look="rail"] { background: $sunken; border-right: 1px solid $border; }
QLabel { background: transparent; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="caption"] { color: $muted; font-size: ${p12}px; }
QLabel[look="heading"] { font-size: ${p15}px; font-weight: 600; }
QLabel[look="title"] { font-size: ${p22}px; font-weight: 600; }
QLabel[look="bad"] { color: $bad; }
QLabel[look="warn"] { color: $warn; }
QLabel[look="good"] { color: $good; }

QLineEdit, QPlainTextEdit[look="field"], QComboBox {
  background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${p6}px;
  padding: 0 ${p8}px; min-height: ${p30}px; selection-background-color: $accent_fill; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit[look="field"]:focus, QComboBox:focus {
  border: 2px solid $accent_fill; padding: 0 ${p7}px; }
QLineEdit[state="bad"] { border: 2px solid $bad; padding: 0 ${p7}px; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus {
  background: transparent; border: 0; padding: 0; font-size: ${p15}px; }
QWidget[look="palette"] { background: $raised; border: 1px solid $border_strong; border-radius: ${p10}px; }
QWidget[look="palette"] QListWidget { background: transparent; }
QLabel[look="key"] { background: $hover; border: 1px solid $border; border-radius: ${p4}px; padding: 1px ${p5}px;
  font-size: ${p12}px; }
QLineEdit:disabled { background: $window; color: $muted; border-color: $border; }
QComboBox::drop-down { border: 0; width: ${p20}px; }

QPushButton, QToolButton { background: $raised; color: $text; border: 1px solid $border_strong;
  border-radius: ${p6}px; padding: 0 ${p12}px; min-height: ${p28}px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent_fill; padding: 0 ${p11}px; }
QPushButton:disabled, QToolButton:disabled { color: $muted; border-color: $border; background: $window; }
QPushButton[look="primary"] { background: $accent_fill; color: $on_accent; border-color: $accent_fill;
  font-weight: 600; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $window; color: $muted; border-color: $border; }
QToolButton[look="quiet"], QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent;
  padding: 0 ${p6}px; }
QToolButton[look="quiet"]:hover, QPushButton[look="quiet"]:hover { background: $hover; }
QToolButton[look="quiet"]:checked { background: $accent_soft; color: $accent; border-color: $accent; }
QToolButton[look="quiet"]:focus, QPushButton[look="quiet"]:focus { border: 2px solid $accent_fill; padding: 0 ${p5}px; }
QPushButton[look="link"] { background: transparent; color: $accent; border: 1px solid transparent; text-align: left;
  padding: 0 ${p4}px; }
QPushButton[look="link"]:hover { background: $hover; }
QPushButton[look="link"]:focus { border: 2px solid $accent_fill; padding: 0 ${p3}px; }
QToolButton[look="rail"] { background: transparent; border: 2px solid transparent; border-radius: ${p8}px;
  padding: ${p6}px 0; color: $muted; font-size: ${p11}px; }
QToolButton[look="rail"]:hover { background: $hover; color: $text; }
QToolButton[look="rail"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QToolButton[look="rail"]:focus { border-color: $accent_fill; }
QToolButton::menu-indicator { image: none; width: 0; }

QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar { background: transparent; }
QTabBar::tab { color: $muted; padding: ${p8}px ${p7}px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom-color: $accent_fill; }
QTabBar::tab:focus { background: $accent_soft; }
QTabBar QToolButton { border: 0; padding: 0; min-height: 0; background: $surface; }
QTabBar::tear { width: 0; }

QFrame[look="chip"] { background: $hover; border-radius: ${p6}px; }
QFrame[look="chip"] QLabel { color: $muted; font-size: ${p12}px; }
QFrame[look="chip"][tone="text"] QLabel { color: $text; }
QFrame[look="chip"][tone="good"] { background: $good_soft; }
QFrame[look="chip"][tone="good"] QLabel { color: $good; }
QFrame[look="chip"][tone="warn"] { background: $warn_soft; }
QFrame[look="chip"][tone="warn"] QLabel { color: $warn; }
QFrame[look="chip"][tone="bad"] { background: $bad_soft; }
QFrame[look="chip"][tone="bad"] QLabel { color: $bad; }
QWidget[look="inset-row"] { background: $window; border: 1px solid $border; border-radius: ${p7}px; }
QRadioButton, QCheckBox { spacing: ${p8}px; min-height: ${p24}px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: ${p15}px; height: ${p15}px; background: $surface;
  border: 1px solid $border_strong; }
QCheckBox::indicator { border-radius: ${p4}px; }
QRadioButton::indicator { border-radius: ${p8}px; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url("$tick"); }
QRadioButton::indicator:checked { border: ${p5}px solid $accent_fill; width: ${p7}px; height: ${p7}px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent_fill; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $muted; }
QFrame[look="inset"] { background: $sunken; border: 1px solid $border; border-radius: ${p7}px; }
QFrame[look="sent"] { background: $surface; border: 1px solid $border; border-radius: ${p10}px; }
QFrame[look="received"] { background: $window; border: 1px solid $border; border-radius: ${p10}px; }
QWidget[look="notice-bad"] { background: $bad_soft; border-bottom: 1px solid $border; }
QWidget[look="notice-good"] { background: $good_soft; border-bottom: 1px solid $border; }
QWidget[look="notice-warn"] { background: $warn_soft; }
QFrame[look="rule"] { background: $border; }
QListWidget[look="suggestions"] { background: $raised; border: 1px solid $border_strong; border-radius: ${p6}px; }
QLabel[look="strong"] { font-weight: 600; }

QMenu { background: $raised; color: $text; border: 1px solid $border_strong; padding: ${p4}px; }
QMenu::item { padding: ${p5}px ${p24}px ${p5}px ${p12}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $accent_fill; color: $on_accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: ${p4}px ${p8}px; }

QHeaderView { background: $window; border: 0; }
QHeaderView::section { background: $window; color: $muted; border: 0; border-bottom: 1px solid $border;
  padding: 0 ${p10}px; font-size: ${p12}px; font-weight: 500; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableView, QListView, QScrollArea { background: $surface; border: 0; outline: 0; }
QScrollArea[look="page"] { background: $window; }
QPlainTextEdit[look="code"], QTextEdit[look="flow"] { background: transparent; border: 0;
  selection-background-color: $accent_fill; selection-color: $on_accent; }
QTableView[look="matrix"] QHeaderView, QTableView[look="matrix"] QHeaderView::section,
QTableView[look="matrix"] QTableCornerButton::section { background: $surface; border: 0; }
QTableWidget::item { padding: 0 ${p7}px; border-bottom: 1px solid $border; }
QTableWidget::item:selected { background: $selection; color: $text; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent_fill; }
QProgressBar { background: $hover; border: 0; border-radius: ${p3}px; max-height: ${p6}px; min-height: ${p6}px; }
QProgressBar::chunk { background: $accent_fill; border-radius: ${p3}px; }

QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: ${p12}px; }
QScrollBar:horizontal { height: ${p12}px; }
QScrollBar::handle { background: $bar_none; border-radius: ${p3}px; margin: ${p3}px; min-height: ${p24}px;
  min-width: ${p24}px; }
QScrollBar::handle:hover { background: $border_strong; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; width: 0;
  height: 0; }
""")

TICK = Path(__file__).with_name("marks") / "tick.svg"
LENGTHS = (3, 4, 5, 6, 7, 8, 10, 11, 12, 15, 20, 22, 24, 28, 30)


def style_sheet(colors: Colors, px: Callable[[float], int]) -> str:
    """The style sheet in these colours; `px` scales the design's lengths."""
    return SHEET.substitute(
        asdict(colors), tick=TICK.as_posix(), **{f"p{length}": str(px(length)) for length in LENGTHS}
    )
