# SPDX-License-Identifier: Apache-2.0
import gzip
import sys
from pathlib import Path

import pytest

from auditor.calls import Exchange
from auditor.errors import EnvironmentFailure, InputError
from auditor.imports import BadEntry, Format, check, read
from tests.auditor.imports.material import entry, har, line, ndjson


def written(folder: Path, data: bytes) -> Path:
    path = folder / "recording"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (har(entry()), Format.HAR),
        (har(), Format.HAR),
        (b"\xef\xbb\xbf \n" + har(entry()), Format.HAR),
        (ndjson(line()), Format.NDJSON),
        (b"\xef\xbb\xbf" + ndjson(line()), Format.NDJSON),
        (ndjson(b"{broken", line(request=line()["request"] | {"body": '{"log": {"entries": []}}'})), Format.NDJSON),
    ],
)
def test_the_format_is_told_by_content(tmp_path: Path, data: bytes, form: Format) -> None:
    path = written(tmp_path, data)
    assert check(path) is form
    assert len([x for x in read(path) if isinstance(x, Exchange)]) == (0 if data == har() else 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b" \n\t", "it is empty"),
        (bytes(range(256)) * 8, "it is neither HAR nor a mitmproxy flow file nor NDJSON"),
        (b"[1, 2]", "it is neither HAR nor a mitmproxy flow file nor NDJSON"),
        (gzip.compress(ndjson(line())), "it is compressed with gzip and needs to be unpacked first"),
        (har(entry(), entry())[:-300], "its JSON is cut off or broken (1 whole entries before)"),
        (b'{"a": 1}\n{"b": 2}\n', "there is no exchange in it (line 1: `time` is missing)"),
        (b"{" + b"\0\xff\xfe" * 1000, "there is no exchange in it (line 1: it is no valid JSON)"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_in_one_sentence(tmp_path: Path, data: bytes, why: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(InputError) as caught:
        list(read(path))
    assert caught.value.message == f"{path} cannot be imported: {why}."
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        check(tmp_path / name)


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, ndjson(*[line()] * 2000))
    told: list[int] = []
    assert sum(1 for _ in read(path, told.append)) == 2000
    assert sum(told) == path.stat().st_size
    assert len(told) > 2


def test_bad_entries_come_in_their_place(tmp_path: Path) -> None:
    path = written(tmp_path, har(entry(), 3, entry()))
    assert [type(x) for x in read(path)] == [Exchange, BadEntry, Exchange]


def test_flows_without_mitmproxy_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "addons.flows", None)
    with pytest.raises(EnvironmentFailure, match="needs mitmproxy, which is not installed"):
        check(written(tmp_path, b"12:8:whatever;}"))
