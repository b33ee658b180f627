# SPDX-License-Identifier: Apache-2.0
"""The recipes of the desktop's packages: whole, and naming only what exists. What they build is started by
tests.packaging.bundle."""

import configparser
import plistlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.packaging.bundle import reads_documents

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "packaging/desktop"
SCRIPTS = [ROOT / "packaging/desktop.sh", ROOT / "packaging/depends.sh", RECIPES / "macos/build.sh"]
BUILT = ("build", "dist")
"""Folders of what a recipe makes itself."""


def evaluated(monkeypatch: pytest.MonkeyPatch, platform: str) -> dict[str, list[dict[str, Any]]]:
    """What the recipe asks of PyInstaller on a platform: the arguments of each of its steps."""
    asked: dict[str, list[dict[str, Any]]] = {}

    def step(name: str) -> Any:
        def taken(*arguments: Any, **named: Any) -> SimpleNamespace:
            asked.setdefault(name, []).append({"": arguments, **named})
            return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

        return taken

    def files(package: str, excludes: list[str]) -> list[tuple[str, str]]:
        return [(str(path), str(path.parent.relative_to(ROOT))) for path in (ROOT / package).rglob("*.*")
                if path.suffix not in {".py", ".pyc"} and path.name != "py.typed"]  # fmt: skip

    hooks = SimpleNamespace(
        collect_data_files=files,
        collect_submodules=lambda package: [f"{package}.all"],
        copy_metadata=lambda package: [(str(ROOT / "pyproject.toml"), f"{package}.dist-info")],
    )
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace())  # type: ignore[misc]
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)  # type: ignore[misc]
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("PYTHONPATH", "")
    steps = {name: step(name) for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}
    recipe = RECIPES / "auditor.spec"
    exec(compile(recipe.read_text("utf-8"), str(recipe), "exec"), {"SPECPATH": str(RECIPES), **steps})
    return asked


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_the_recipe_holds_on_every_system(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    asked = evaluated(monkeypatch, platform)
    programs = {program["name"]: program for program in asked["EXE"]}
    assert {name: program["console"] for name, program in programs.items()} == {
        "auditor": True,
        "auditor-desktop": False,
    }
    assert len(asked.get("BUNDLE", [])) == (platform == "darwin")
    for program in programs.values():
        assert Path(program["entitlements_file"]).is_file()
        assert (program["icon"] is None) == (platform == "linux")
    assert "mitmproxy" in asked["Analysis"][0]["excludes"]


def test_the_bundle_gets_every_file_that_is_no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = evaluated(monkeypatch, "linux")["Analysis"][0]
    assert all(Path(script).is_file() for script in analysis[""][0])
    put = {f"{folder}/{Path(file).name}" for file, folder in analysis["datas"]}
    assert all(Path(file).is_file() for file, _ in analysis["datas"])
    for needed in (
        "auditor/terms/data/registry.toml",
        "auditor/providers/data/labs.toml",
        "auditor/rules/builtin/secrets.yml",
        "auditor/detectors/data/names.tsv",
        "auditor/exports/report/report.html.j2",
        "auditor/store/format/body-1.dict",
        "auditor/store/format/meta-1.dict",
        "auditor/store/migrations/env.py",
        "auditor/store/migrations/versions/v0001_first_tables.py",
        "ui/theme/fonts/Inter-Regular.otf",
        "ui/theme/svg/logo.svg",
        "genai-prices.dist-info/pyproject.toml",
    ):
        assert needed in put


def test_the_lock_of_the_bundle_is_that_of_the_desktop() -> None:
    desktop, bundle = (pins(name) for name in ("desktop", "package"))
    assert desktop <= bundle
    assert {name.partition("==")[0] for name in bundle - desktop} >= {"pyinstaller", "altgraph"}
    assert not any(pin.startswith("mitmproxy") for pin in bundle)


def pins(name: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_shell_scripts_parse_and_name_what_exists(script: Path) -> None:
    said = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    named = re.findall(r"\b(?:packaging|requirements|docs|tests)[/.][\w./-]*\w", script.read_text("utf-8"))
    assert all((ROOT / path).exists() or (ROOT / (path.replace(".", "/") + ".py")).exists() for path in named), named


def test_the_windows_installer_is_whole() -> None:
    text = (RECIPES / "windows/installer.iss").read_text("utf-8")
    sections = dict(re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL))
    assert {"Setup", "Files", "Icons", "Run"} <= sections.keys()
    setup = dict(line.split("=", 1) for line in sections["Setup"].split("\n") if line)
    top = RECIPES / "windows" / setup["SourceDir"].replace("\\", "/")
    assert top.resolve() == ROOT
    assert exists(setup["LicenseFile"])
    assert re.fullmatch(r"\{\{[0-9A-F-]{36}\}", setup["AppId"])
    entries = [line for name in ("Files", "Icons", "Run", "Tasks") for line in sections[name].split("\n") if line]
    for entry in entries:
        assert re.fullmatch(r'(\w+: ("[^"]*"|[\w ]+)(; |$))+', entry), f"not of Inno Setup's form: {entry}"
    assert exists(setup["SetupIconFile"])
    assert all(exists(path) for path in re.findall(r'Source: "([^"]+)"', sections["Files"]))
    assert all(exists(path) for path in re.findall(r"(?<=\s)(?:packaging|requirements)\\[\w.\\-]+", text))
    assert set(re.findall(r"\{app\}\\(\S+?\.exe)", text)) == {"auditor-desktop.exe"}


def exists(path: str) -> bool:
    """Whether a path with Windows' separators exists, or is something that the recipe makes."""
    parts = path.split("\\")
    return parts[0] in BUILT or ROOT.joinpath(*parts).exists()


def test_the_entitlements_are_a_property_list() -> None:
    granted = plistlib.loads((RECIPES / "macos/entitlements.plist").read_bytes())
    assert granted == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_desktop_entry_starts_the_installed_program() -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((RECIPES / "ai-usage-auditor.desktop").read_text("utf-8"))
    entry = parser["Desktop Entry"]
    assert (entry["Type"], entry["Exec"], entry["Icon"]) == ("Application", "auditor-desktop", "ai-usage-auditor")
    assert "usr/bin/auditor-desktop" in SCRIPTS[0].read_text()
    assert f'setDesktopFileName("{entry["StartupWMClass"]}")' in (ROOT / "ui/app.py").read_text("utf-8")


def test_the_icon_is_the_logo_in_every_format(tmp_path: Path) -> None:
    subprocess.run([sys.executable, RECIPES / "icon.py", tmp_path], check=True, timeout=60)
    assert {file.name.partition(".")[2] for file in tmp_path.iterdir()} == {"svg", "png", "ico", "icns"}
    assert "currentColor" not in (tmp_path / "ai-usage-auditor.svg").read_text()
    for kind in ("png", "ico"):
        assert QImage(str(tmp_path / f"ai-usage-auditor.{kind}")).width() == 256
    entries = dict(icns_entries((tmp_path / "ai-usage-auditor.icns").read_bytes()))
    assert {name: QImage.fromData(content).width() for name, content in entries.items()} == {
        b"ic07": 128,
        b"ic08": 256,
        b"ic09": 512,
    }


def icns_entries(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert data[:4] == b"icns"
    assert int.from_bytes(data[4:8], "big") == len(data)
    at = 8
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "big")
        yield data[at : at + 4], data[at + 8 : at + length]
        at += length


def test_the_launcher_stands_in_for_the_interpreter(tmp_path: Path) -> None:
    program = tmp_path / "auditor"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{RECIPES / "launcher.py"}" "$@"\n')
    program.chmod(0o700)
    assert reads_documents(str(program))
    said = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60)
    assert (said.returncode, "desktop" in said.stdout) == (0, True)
