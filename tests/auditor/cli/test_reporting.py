# SPDX-License-Identifier: Apache-2.0
"""The report of a period: whole on one page, without anything loaded, with nothing said in it."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.auditor.cli import material
from tests.auditor.cli.house import House
from tests.auditor.cli.material import ADDRESS, SECRET_WORD

PERIOD = ("--since", "2026-11-01", "--until", "2026-11-30")


class Page(HTMLParser):
    """The text of a page, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "link", "iframe", "object", "embed", "svg", "video", "audio", "base", "form"}:
            self.loads.append(tag)
        self.loads += [name for name, value in attrs if name in {"src", "href", "style"} or name.startswith("on")]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def worked(house: House) -> House:
    sent = material.exchange(5, "Charge 4539 5787 6362 1486.", material.completion("Done.", 5))
    health = "Patient Maria Keller, born 12.03.1984, was diagnosed with multiple sclerosis and takes ocrelizumab."
    more = material.exchange(6, health, material.completion("Noted.", 6))
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in (sent, more))
    return house.filled(material.day() + lines, analysed=True)


def test_a_report_tells_what_went_where_and_what_was_found(worked: House, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    ran = worked.ok("report", *PERIOD, "--out", path)
    page = Page(path.read_text())
    assert page.open == []
    assert page.loads == []
    assert "http" not in path.read_text().partition("<style>")[2].partition("</style>")[0]
    for word in ("2026-11-01 to 2026-11-30", "5 calls", "OpenAI", "PAYMENT_CARD (1)", "openai.health_data_phi.1"):
        assert word in page.text
    assert "never verdicts" in page.text
    assert "The organisation has stated no policy" in page.text
    assert "open findings:" in ran.err
    found = worked.ok("findings", "--json").rows
    for one in found:
        if one["rule"]["level"] != "informational":
            assert one["id"][:12] in page.text
    assert not [word for word in (SECRET_WORD, ADDRESS, "4539", "alice", "Keller") if word in path.read_text()]
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_empty_store_has_a_report_too(house: House, tmp_path: Path) -> None:
    path = tmp_path / "report.htm"
    ran = house.ok("report", "--out", path, "--fail-on", "low")
    text = Page(path.read_text()).text
    assert "No call was recorded in this period." in text
    assert "none above informational" in ran.err


def test_absurd_names_stay_text(house: House, tmp_path: Path) -> None:
    one = material.exchange(0, "Charge 4539 5787 6362 1486.", material.completion("y", 0))
    (tmp_path / "policy.toml").write_text('[organisation]\nname = "<script>alert(1)</script>\'\\"&"\n')
    (tmp_path / "one.ndjson").write_text(json.dumps(one))
    house.ok("import", tmp_path / "one.ndjson")
    house.ok("analyze")
    path = tmp_path / "r.html"
    house.ok("report", *PERIOD, "--out", path, "--policy", tmp_path / "policy.toml")
    page = Page(path.read_text())
    assert page.loads == []
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize(("level", "code"), [("medium", 1), ("critical", 0), ("informational", 1)])
def test_fail_on_judges_what_is_open(worked: House, tmp_path: Path, level: str, code: int) -> None:
    ran = worked.run("report", *PERIOD, "--out", tmp_path / "r.html", "--fail-on", level)
    assert ran.code == code
    assert (tmp_path / "r.html").exists()


def test_what_is_closed_fails_no_more(worked: House, tmp_path: Path) -> None:
    for one in worked.ok("findings", "--json").rows:
        if one["rule"]["level"] in ("medium", "high"):
            worked.ok("finding", "set", one["id"], "--status", "dismissed", "--comment", "a drill")
    worked.ok("report", *PERIOD, "--out", tmp_path / "r.html", "--fail-on", "medium")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "r.docx"], "neither *.html nor *.pdf"),
        (["--out", "r.html", "--since", "soon"], "--since"),
        (["--out", "r.html", "--since", "2026-11-30", "--until", "2026-11-01"], "ends before it begins"),
    ],
)
def test_what_cannot_be_is_2(house: House, options: list[str], said: str) -> None:
    ran = house.run("report", *options)
    assert (ran.code, said in ran.sentence) == (2, True)


def test_a_pdf_is_made_without_a_display(worked: House, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    command = ["report", *PERIOD, "--out", str(path), "--store", str(worked.store)]
    command += ["--passphrase-file", str(worked.passphrase)]
    program = "import sys; from auditor.cli.app import invoke; sys.exit(invoke(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", program, *command], check=True, capture_output=True, timeout=120)
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.read_bytes().rstrip().endswith(b"%%EOF")
