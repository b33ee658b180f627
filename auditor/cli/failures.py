# SPDX-License-Identifier: Apache-2.0
"""How the command line ends: one sentence on stderr and the exit code; never a traceback, content or keys.

A known failure (`AuditorError`) says itself what happened. Anything else is a defect of ours and shows only where it
arose: an unknown exception's text may quote what passed through it. `-vv` adds the frames, still without that text.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import typer

from auditor.errors import AuditorError

USAGE = 2
ENVIRONMENT = 4
DEFECT = 70
"""EX_SOFTWARE of sysexits.h: beside the codes 0 to 4 that the contract gives a meaning."""
INTERRUPTED = 130

_INNER = "Value error, "
"""What typer's validation sets before a sentence about an option's value."""
_SHOULD = re.compile("Input should be ([^,]+)(?:, unable.*)?")
"""Its sentences about numbers, and how it failed to read one."""

_ROOT = Path(__file__).parents[2]
_PACKAGES = frozenset({"addons", "auditor", "ui"})
logger = logging.getLogger("auditor")


def guarded(work: Callable[[], int]) -> int:
    """Runs `work` and returns its exit code, or the one of its failure after telling the user."""
    try:
        code = work()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _reader_left()
    except (KeyboardInterrupt, typer.Abort):
        return _told("Interrupted.", INTERRUPTED)
    except typer.Exit as e:
        return e.exit_code
    except Exception as e:
        _show_frames(e)
        return _told(*_sentence(e))


def _sentence(error: Exception) -> tuple[str, int]:
    if isinstance(error, AuditorError):
        return error.diagnostics(), error.exit_code
    if isinstance(error, typer.TyperException):
        return _wrong_usage(error), USAGE
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if isinstance(error.filename, str) else ""
        return f"The system refused: {error.strerror}{where}.", ENVIRONMENT
    if isinstance(error, MemoryError):
        return "The machine has too little memory for this.", ENVIRONMENT
    return _defect(error), DEFECT


def _wrong_usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "auditor"
    said = _SHOULD.sub(r"it should be \1", error.format_message().replace(_INNER, "")).rstrip(".")
    return f"{said}. See: {command} --help"


def _defect(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)] or frames
    at = f" at {_short(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""
    return f"This is a defect of the program ({type(error).__name__}{at}). Run it again with -vv and report the frames."


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _PACKAGES


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name


def _show_frames(error: BaseException | None) -> None:
    """The frames of an exception and of its causes, kinds only: a message could hold content."""
    while error is not None and logger.isEnabledFor(logging.DEBUG):
        frames = "".join(traceback.format_tb(error.__traceback__))
        print(f"{type(error).__module__}.{type(error).__qualname__}\n{frames}", file=sys.stderr, end="")  # noqa: T201
        error = error.__cause__ or error.__context__


def _told(sentence: str, code: int) -> int:
    print(f"auditor: {sentence}", file=sys.stderr)  # noqa: T201
    return code


def _reader_left() -> int:
    """The reader of a pipe had enough (`| head`): no failure. Python must not flush into the closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
