# SPDX-License-Identifier: Apache-2.0
from collections import Counter

from PySide6.QtGui import QKeySequence

from ui.frame import PAGES
from ui.shortcuts import NUMBERED_PAGES, OF_WIDGETS, Shortcut, page_key
from ui.widgets.help import lines


def test_no_two_shortcuts_share_keys() -> None:
    keys = [QKeySequence(text).toString() for shortcut in Shortcut for text in shortcut.keys]
    keys += [QKeySequence(page_key(number)).toString() for number in range(1, NUMBERED_PAGES + 1)]
    assert [text for text, times in Counter(keys).items() if times > 1] == []


def test_every_shortcut_is_real_and_explained() -> None:
    for shortcut in Shortcut:
        assert all(QKeySequence(text).count() == 1 for text in shortcut.keys)
        assert shortcut.meaning[0].isupper()


def test_pages_beyond_the_ninth_have_no_key_of_their_own() -> None:
    assert page_key(NUMBERED_PAGES) == "Ctrl+9"
    assert {page_key(number) for number in range(NUMBERED_PAGES + 1, len(PAGES) + 1)} <= {""}


def test_the_list_of_shortcuts_is_complete() -> None:
    listed = [keys for place in OF_WIDGETS for keys, _ in lines(place)]
    assert {shortcut.keys for shortcut in Shortcut} <= set(listed)
    assert {shortcut.place for shortcut in Shortcut} == set(OF_WIDGETS)
