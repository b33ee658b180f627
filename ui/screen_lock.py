# SPDX-License-Identifier: Apache-2.0
"""Whether the system's screen is locked, asked of Windows and macOS; elsewhere the session's D-Bus tells (`ui.idle`).

Windows: WTSQuerySessionInformation with WTSSessionInfoEx, whose SessionFlags are WTS_SESSIONSTATE_LOCK (0) or
WTS_SESSIONSTATE_UNLOCK (1) since Windows 8
(https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wtsinfoex_level1_w). macOS: the session's dictionary
holds CGSSessionScreenIsLocked while it is (https://developer.apple.com/documentation/coregraphics/quartz-window-services).
Neither was run here: both systems' answers are read by functions that a test gives the documented bytes.
"""

import ctypes
import struct
import sys
from collections.abc import Callable
from typing import Any, Final

CURRENT_SESSION: Final = 0xFFFFFFFF
SESSION_INFO_EX: Final = 25
LEVEL: Final = struct.Struct("<i4xIii")
"""WTSINFOEXW up to SessionFlags: its level, then (aligned to 8) session id, connection state and flags."""

LOCKED: Final = 0
UTF8: Final = 0x08000100
IS_LOCKED: Final = b"CGSSessionScreenIsLocked"
FRAMEWORKS: Final = "/System/Library/Frameworks/{0}.framework/{0}"


def reader(platform: str = sys.platform) -> Callable[[], bool] | None:
    """How to ask this system; None where it tells by itself, or cannot be asked."""
    try:
        if platform == "win32":
            return _windows(ctypes.WinDLL("wtsapi32"))  # type: ignore[attr-defined]
        if platform == "darwin":
            return _macos(*(ctypes.CDLL(FRAMEWORKS.format(name)) for name in ("CoreGraphics", "CoreFoundation")))
    except (OSError, AttributeError):
        return None
    return None


def locked_by(info: bytes) -> bool:
    """Whether a WTSINFOEXW of level 1 says that its session is locked."""
    if len(info) < LEVEL.size:
        return False
    level, _, _, flags = LEVEL.unpack_from(info)
    return bool(level == 1 and flags == LOCKED)


def _windows(library: Any) -> Callable[[], bool]:
    def locked() -> bool:
        data, size = ctypes.c_void_p(), ctypes.c_uint32()
        given = ctypes.byref(data), ctypes.byref(size)
        if not library.WTSQuerySessionInformationW(None, ctypes.c_uint32(CURRENT_SESSION), SESSION_INFO_EX, *given):
            return False
        try:
            return locked_by(ctypes.string_at(data, size.value))
        finally:
            library.WTSFreeMemory(data)

    return locked


def _macos(graphics: Any, foundation: Any) -> Callable[[], bool]:
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    foundation.CFStringCreateWithCString.restype = ctypes.c_void_p
    foundation.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    foundation.CFDictionaryGetValue.restype = ctypes.c_void_p
    foundation.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    foundation.CFBooleanGetValue.argtypes = foundation.CFRelease.argtypes = [ctypes.c_void_p]
    key = foundation.CFStringCreateWithCString(None, IS_LOCKED, UTF8)

    def locked() -> bool:
        session = graphics.CGSessionCopyCurrentDictionary()
        if not session:
            return False
        try:
            value = foundation.CFDictionaryGetValue(session, key)
            return bool(value and foundation.CFBooleanGetValue(value))
        finally:
            foundation.CFRelease(session)

    return locked
