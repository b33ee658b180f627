# SPDX-License-Identifier: Apache-2.0
"""The house rules that a machine can check: floors, sizes, licence lines, and nothing of this machine in the tree."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("auditor", "addons", "ui") for path in (ROOT / top).rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def tracked() -> list[Path]:
    """The files git tracks, as a clean clone has them."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name]


def test_dependencies_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_one_idea(path: Path) -> None:
    source = path.read_text()
    assert source.startswith("# SPDX-License-Identifier: Apache-2.0\n")
    assert source.count("\n") <= LONGEST_MODULE
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a module says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_locks_pin_hashes_and_name_no_registry() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert {"dev.txt", "gateway.txt", "desktop.txt", "uv.txt"} <= {lock.name for lock in locks}
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, f"{lock.name} names an address"
        pins = re.findall(r"^[A-Za-z0-9_.-]+==", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[A-Za-z0-9].*\\$", text, re.MULTILINE)), "every pin has hashes"
        assert text.count("--hash=sha256:") >= len(pins) > 0


def test_a_gateway_installs_no_qt_and_a_desktop_no_proxy() -> None:
    assert "pyside6" not in (ROOT / "requirements/gateway.txt").read_text().lower()
    assert "mitmproxy" not in (ROOT / "requirements/desktop.txt").read_text()


def test_no_path_of_a_machine_and_no_unsettled_conflict_is_in_the_tree() -> None:
    unwanted = re.compile(rb"/(?:work|root|home)/[a-z]|/tmp/[a-z]+bench|^<{7} |^>{7} ", re.MULTILINE)
    for path in tracked():
        if path.suffix in {".png", ".ttf", ".otf", ".woff2"} or path == Path(__file__) or not path.is_file():
            continue
        found = unwanted.search(path.read_bytes())
        assert not found, f"{path.relative_to(ROOT)} holds {found and found[0]!r}"


def test_every_decision_has_a_number_of_its_own() -> None:
    paths = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [path.name[:4] for path in paths]
    assert len(set(numbers)) == len(numbers) > 10
    for path, number in zip(paths[1:], numbers[1:], strict=True):  # the first is the template
        assert path.read_text().startswith(f"# {number}. "), f"{path.name} is headed by its number"
