# SPDX-License-Identifier: Apache-2.0
"""The queue of findings as a Qt model: one row a case, kept in memory, the selection kept by finding."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.findings import Case
from ui.models.findings import said

type Index = QModelIndex | QPersistentModelIndex

ROOT = QModelIndex()


class CaseList(QAbstractListModel):
    """Cases in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cases: Sequence[Case] = ()
        self.now = datetime.now(UTC)

    def show_cases(self, cases: Sequence[Case]) -> None:
        """Show these."""
        self.beginResetModel()
        self.cases, self.now = cases, datetime.now(UTC)
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of cases."""
        return 0 if parent.isValid() else len(self.cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What screen readers say and tooltips show; the delegate paints the case itself."""
        if not index.isValid() or index.row() >= len(self.cases):
            return None
        case = self.cases[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return case
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return said(case, self.now)
        return None

    def place(self, finding: str) -> int:
        """The row of a finding, or -1."""
        return next((row for row, case in enumerate(self.cases) if case.finding.id == finding), -1)
