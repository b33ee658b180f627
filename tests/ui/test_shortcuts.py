# SPDX-License-Identifier: Apache-2.0
from collections import Counter

from PySide6.QtGui import QKeySequence

from ui.frame import PAGES
from ui.shortcuts import Shortcut, page_key


def test_no_two_shortcuts_share_keys() -> None:
    keys = [QKeySequence(text).toString() for shortcut in Shortcut for text in shortcut.keys]
    keys += [QKeySequence(page_key(number)).toString() for number in range(1, 9)]
    assert [text for text, times in Counter(keys).items() if times > 1] == []


def test_every_shortcut_is_real_and_explained() -> None:
    for shortcut in Shortcut:
        assert all(QKeySequence(text).count() == 1 for text in shortcut.keys)
        assert shortcut.meaning[0].isupper()


def test_every_page_has_a_number() -> None:
    assert len(PAGES) <= 8
