# SPDX-License-Identifier: Apache-2.0
"""Clocks that jump, a file system turned read-only, providers that misbehave: the gateway serves the others or fails as
configured, and `auditor status` accounts for each call."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from auditor.store.format.records import Gap
from tests.e2e import chaos, hostile
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, Gateway, eventually
from tests.e2e.upstream import Upstream, completion

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"


class Troubled:
    """A running gateway, and the means to trouble it."""

    def __init__(self, folder: Path, upstream: Upstream) -> None:
        self.gateway = Gateway(folder / "audit", upstream)
        self.chaos = None if chaos.missing() else chaos.Chaos(folder)
        self.gateway.environment |= self.chaos.environment if self.chaos else {}

    def answers(self, mark: str) -> bool:
        """Whether a call passes."""
        with self.gateway.client() as client:
            return client.post(f"{URL}?{mark}", json={}).content == completion()

    def recorded(self) -> list[str]:
        """The URLs of what was recorded, without their host."""
        return [one.request.url.partition("/v1/")[2] for one in self.gateway.exchanges()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    folder = tmp_path_factory.mktemp("chaos")
    authority = TestAuthority(folder, (HOST, hostile.HOST, *hostile.HTTP2))
    with Upstream(authority) as upstream, ExitStack() as stack:
        troubled = Troubled(folder, upstream)
        ports = {HOST: upstream.port, hostile.HOST: stack.enter_context(hostile.provider(authority))}
        ports |= {name: stack.enter_context(hostile.provider(authority, said)) for name, said in hostile.HTTP2.items()}
        resolve = [f"{name}:443=127.0.0.1:{port}" for name, port in ports.items()]
        process = troubled.gateway.start(resolve=resolve, patience=30.0)
        yield troubled
        stop(troubled, process)


def stop(troubled: Troubled, process: subprocess.Popen[bytes]) -> None:
    """It ends in order, every record holds, and every call is accounted for."""
    assert troubled.gateway.stop(process) == 0, troubled.gateway.log.read_text()
    assert "Traceback" not in troubled.gateway.log.read_text()
    status = troubled.gateway.status()
    assert status.seen == status.recorded > 0, status
    assert (status.lost, status.unknown, status.waiting, status.unaccounted) == (0, 0, 0, 0)


@pytest.mark.parametrize("mark", hostile.ANSWERS)
def test_a_provider_that_misbehaves(running: Troubled, mark: str) -> None:
    with running.gateway.client() as client, suppress(httpx.HTTPError):  # what was broken stays broken
        answer = client.post(f"https://{hostile.HOST}/v1/{mark}", json={"model": "m"})
        assert answer.status_code in (200, 502)
    eventually(lambda: mark in running.recorded())
    assert running.answers(f"after-{mark}")


def test_a_clock_that_jumps_is_recorded_where_it_did(running: Troubled) -> None:
    if running.chaos is None:
        pytest.skip(chaos.missing() or "")
    for hours in (1, -1, 0):
        running.chaos.clock(hours * 3000)
        assert running.answers(f"clock-{hours}")
        eventually(lambda hours=hours: f"chat/completions?clock-{hours}" in running.recorded())  # type: ignore[misc]
    told = [one.meta.detail for one in running.gateway.metas() if isinstance(one.meta, Gap)]
    assert [detail.partition("0")[0] for detail in told if detail.endswith(" s")] == ["+3", "-6", "+3"]


def test_a_file_system_turned_read_only_blocks_until_it_is_mended(running: Troubled) -> None:
    if running.chaos is None:
        pytest.skip(chaos.missing() or "")
    running.chaos.read_only(True)
    with running.gateway.client() as client:
        refused = client.post(f"{URL}?read-only", json={})
    running.chaos.read_only(False)
    assert refused.status_code == 503
    assert refused.json()["error"]["type"] == "audit_unavailable"
    eventually(lambda: running.answers("mended"))
    eventually(lambda: "chat/completions?mended" in running.recorded())
    assert "chat/completions?read-only" not in running.recorded()


@pytest.mark.parametrize("host", hostile.HTTP2)
def test_a_provider_whose_http2_is_malformed(running: Troubled, host: str) -> None:
    with running.gateway.client(http2=True) as client, suppress(httpx.HTTPError):  # what was broken stays broken
        assert client.post(f"https://{host}/v1/{host}", json={"model": "m"}).status_code == 502
    eventually(lambda: host in running.recorded())
    assert running.answers(f"after-{host}")
