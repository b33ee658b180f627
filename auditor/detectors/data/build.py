# SPDX-License-Identifier: Apache-2.0
"""Builds `names.tsv` from Faker's lists, and `words.txt`: `python -m auditor.detectors.data.build FOLDER_OF_TEXTS…`.

Run by whoever renews the lists, with Faker installed; the program itself reads only the results. Words are those
that occur in lower case in the texts given (the documentation of installed packages): a capital makes no name of them.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

_HEADER = """\
# SPDX-License-Identifier: Apache-2.0 AND MIT
# Given names and family names: name, tab, f (given), l (family).
# Source: the person providers of Faker {version} (https://github.com/joke2k/faker), whose English lists come from the
# United States census and social security administration (public domain).
# Copyright (c) 2012 Daniele Faraglia. Permission is hereby granted, free of charge, to any person obtaining a copy of
# this software and associated documentation files (the "Software"), to deal in the Software without restriction,
# including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following
# conditions: The above copyright notice and this permission notice shall be included in all copies or substantial
# portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED,
# INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
# IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN
# ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
# DEALINGS IN THE SOFTWARE.
"""
_WORDS_HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Common words of English and of software: what occurs in lower case, at least eight times, in the documentation and
# sources of the packages this program uses (counted by auditor.detectors.data.build; no text is copied).
"""
_LISTS = re.compile(r"(?P<first>first|given)_(?!.*(?:pairs|kana))|(?P<last>last)_?names?|(?P<last2>\w*last_names\w*)")


def _providers() -> Iterator[Any]:
    package = import_module("faker.providers.person")
    for module in iter_modules(package.__path__):
        if module.ispkg:
            yield import_module(f"faker.providers.person.{module.name}").Provider


def _tokens(values: Any) -> Iterator[str]:
    for value in values:
        names = value if isinstance(value, tuple) else (value,)
        for name in names:
            yield from (token for token in re.split(r"[\s]+", str(name)) if len(token) > 1 and not token.endswith("."))


def _names() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for provider in _providers():
        for attribute in dir(provider):
            found = _LISTS.match(attribute)
            values = getattr(provider, attribute)
            if found and isinstance(values, (list, tuple, dict)):
                for token in _tokens(values):
                    names.setdefault(token, set()).add("f" if found["first"] else "l")
    return names


def _common_words(folders: list[str]) -> set[str]:
    counts: Counter[str] = Counter()
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.suffix in {".md", ".rst", ".txt", ".py"} or path.name == "METADATA":
                counts.update(
                    re.findall(r"(?<![\w.\"'`/-])[a-z]{2,}(?![\w\"'`/=-])", path.read_text("utf-8", "replace"))
                )
    return {word for word, count in counts.items() if count >= 8}


def main() -> None:
    """Write the list beside this file."""
    names, common = _names(), _common_words(sys.argv[1:])
    lines = [
        f"{name}\t{''.join(sorted(kinds))}"
        for name, kinds in sorted(names.items())
        if name.isprintable() and not any(map(str.isdigit, name))
    ]
    folder = Path(__file__).parent
    header = _HEADER.format(version=metadata.version("faker"))
    (folder / "names.tsv").write_text(header + "\n".join(lines) + "\n", "utf-8")
    (folder / "words.txt").write_text(_WORDS_HEADER + "\n".join(sorted(common)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
