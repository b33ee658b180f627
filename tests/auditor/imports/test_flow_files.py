# SPDX-License-Identifier: Apache-2.0
"""mitmproxy's flow files through the front door of imports; how one flow is read is tested with `addons.flows`."""

import io
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.calls import Exchange
from auditor.errors import InputError
from auditor.imports import BadEntry, Format, check, read
from tests.auditor.imports.desk import Desk

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # mitmproxy uses old names of pyparsing
    from mitmproxy import http
    from mitmproxy.io import FlowWriter
    from mitmproxy.test import tflow, tutils


def recorded(*paths: str) -> bytes:
    """A flow file of calls to a provider, one per path."""
    file = io.BytesIO()
    writer = FlowWriter(file)
    for path in paths:
        request = tutils.treq(
            host="api.openai.com", port=443, scheme=b"https", path=path.encode(), authority=b"", content=b"{}"
        )
        writer.add(tflow.tflow(req=request, resp=http.Response.make(200, b'{"object": "list"}')))
    return file.getvalue()


TWO = recorded("/v1/models", "/v1/files")


def written(folder: Path, data: bytes) -> Path:
    path = folder / "flows"
    path.write_bytes(data)
    return path


def test_a_flow_file_is_told_and_read(tmp_path: Path) -> None:
    path = written(tmp_path, TWO)
    assert check(path) is Format.FLOWS
    told: list[int] = []
    first, second = read(path, told.append)
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert first.request.url == "https://api.openai.com/v1/models"
    assert second.response is not None
    assert second.response.body == b'{"object": "list"}'
    assert sum(told) == path.stat().st_size


def test_a_flow_file_that_breaks_off_keeps_what_is_whole(desk: Desk, tmp_path: Path) -> None:
    tally = desk.take(written(tmp_path, TWO[:-100]), on_bad=lambda *_: None)
    assert (tally.added, tally.bad) == (1, 1)


def test_a_flow_file_of_which_nothing_can_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no exchange in it"):
        check(written(tmp_path, recorded("/v1/models")[:-100]))


def test_flows_to_hosts_that_are_no_providers_are_passed_over(desk: Desk, tmp_path: Path) -> None:
    file = io.BytesIO(recorded("/v1/models"))
    file.seek(0, io.SEEK_END)
    FlowWriter(file).add(tflow.tflow(resp=True))
    tally = desk.take(written(tmp_path, file.getvalue()))
    assert (tally.added, tally.elsewhere) == (1, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_flow_file_gives_entries_or_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(TWO)
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(raw)))
    path = written(tmp_path, bytes(raw[:cut]))
    try:
        entries = list(read(path))
    except InputError:
        return
    assert all(isinstance(one, Exchange | BadEntry) for one in entries)
