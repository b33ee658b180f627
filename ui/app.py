# SPDX-License-Identifier: Apache-2.0
"""Starting the desktop: `run` opens the window, `screenshots` renders every page to PNG files and ends.

Loaded by the command line only when the desktop is wanted. Defects end in a dialog that names their kind and place
but no content.
"""

import gc
import logging
import os
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from auditor.errors import EnvironmentFailure
from ui.settings import Settings
from ui.theme import theme
from ui.window import Window

log = logging.getLogger(__name__)


def application() -> QApplication:
    """The Qt application, made where there is none yet; offscreen where there is no display."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if needs_offscreen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["auditor"])
    app.setApplicationName("AI Usage Auditor")
    app.setDesktopFileName("ai-usage-auditor")
    gc.freeze()  # four in five of all objects: looking through them all kept every thread waiting for 0.1 s and more
    return app


def needs_offscreen() -> bool:
    """Whether there is no display to open a window on."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in {"win32", "darwin"}:
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(location: str, identity_path: str | Path, passphrase: bytes | None = None) -> int:
    """Open the desktop on a store and stay until it is closed; returns the exit code.

    Without `passphrase` the unlock screen asks for it. Raises `EnvironmentFailure` where there is no display.
    """
    if needs_offscreen():
        raise EnvironmentFailure(
            "There is no display to open the desktop on.", "Set DISPLAY, or render pictures with --screenshots DIR."
        )
    app = application()
    settings = Settings()
    theme().start(settings.mode(), settings.scale())
    sys.excepthook = show_defect
    window = Window(str(location), str(identity_path), settings)
    window.show()
    if passphrase is not None:
        window.unlock.use(passphrase)
    return app.exec()


def screenshots(
    directory: str | Path,
    location: str,
    identity_path: str | Path,
    passphrase: bytes,
    reason: str | None = None,
    *,
    all_states: bool = True,
) -> list[Path]:
    """Render every page, light and dark, to PNG files in `directory`; returns their paths.

    Content is rendered only where `reason` is given; the reading is recorded with it, as everywhere. An empty store, an
    extreme one and twice the text size follow in folders of their own; without `all_states` only the store given and
    the first start. Raises the `AuditorError` that kept the store closed.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application()
    from ui import gallery
    from ui.screenshots import Wanted, render_store

    folder, wanted = Path(directory), Wanted(str(location), str(identity_path), passphrase, reason)
    pictures = [*render_store(folder, wanted), *gallery.first_start(folder)]
    return [*pictures, *gallery.all_states(folder, wanted)] if all_states else pictures


def show_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that something is broken, by kind and place; never with values, which may be content."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    place = ""
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("a defect: %s at %s", kind.__name__, place)
    box = QMessageBox(
        QMessageBox.Icon.Critical,
        "A defect of ours",
        f"Something went wrong in the program ({kind.__name__} at {place}).",
    )
    box.setInformativeText("Nothing of the store was changed. Please report it with the text above.")
    box.exec()
