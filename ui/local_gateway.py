# SPDX-License-Identifier: Apache-2.0
"""A gateway on this machine, started from the desktop for a try; it ends, drained, when the desktop ends."""

import importlib.util
import sys
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

ADDRESS = "127.0.0.1:8080"
PATIENCE_MS = 10_000


class LocalGateway(QObject):
    """One process of `auditor gateway run`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.said = ""
        """Its last words."""

        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyRead.connect(self._read)
        self._process.stateChanged.connect(lambda _: self.changed.emit())
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @staticmethod
    def installed() -> bool:
        """Whether the gateway's parts are installed beside the desktop."""
        return importlib.util.find_spec("mitmproxy") is not None

    def start(self, folder: Path, address: str = ADDRESS) -> None:
        """Start it with the configuration in a folder."""
        if not self.running:
            self.said = ""
            line = ["-m", "auditor", "gateway", "run", "--config", str(folder), "--listen", address]
            self._process.start(sys.executable, line)

    def stop(self) -> None:
        """End it; what passed is recorded first."""
        if self.running:
            self._process.terminate()
            self._process.waitForFinished(PATIENCE_MS)

    def _read(self) -> None:
        lines = bytes(self._process.readAll().data()).decode(errors="replace").split("\n")
        self.said = next((line.strip() for line in reversed(lines) if line.strip()), self.said)
        self.changed.emit()


@cache
def local_gateway() -> LocalGateway:
    """The desktop's own gateway; it outlives the lock."""
    return LocalGateway()
