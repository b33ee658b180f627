# SPDX-License-Identifier: Apache-2.0
"""Findings leave a running gateway: to a real rsyslog over TLS, and to a webhook that is away when they arise, stays
away over the gateway's death, and takes them from the next run."""

import shutil
import signal
from pathlib import Path

import httpx
import msgspec
import pytest

from auditor.demo.mock import authority
from auditor.findings import Finding
from auditor.gateway.outbox import FILE
from tests.auditor.gateway.receivers import Receiver, rsyslog, until
from tests.e2e.gateway import HOST, PATIENCE_S, Gateway
from tests.e2e.upstream import Upstream
from tests.ports import free_port

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"
CARD = "4539 1488 0343 6467"
WAIT_S = 60.0


@pytest.fixture
def made(tmp_path: Path) -> authority.Authority:
    (tmp_path / "receiver").mkdir()
    return authority.create(tmp_path / "receiver", ["localhost"])


def forwarding(folder: Path, upstream: Upstream, made: authority.Authority, **targets: str) -> Gateway:
    gateway = Gateway(folder / "gateway", upstream)
    lines = ["[forward]", f'ca = "{made.certificate}"', *(f'{name} = "{url}"' for name, url in targets.items())]
    with (gateway.config_folder / "gateway.toml").open("a") as file:
        file.write("\n" + "\n".join(lines) + "\n")
    return gateway


def say(gateway: Gateway, text: str, key: str) -> None:
    """One call that a rule speaks of."""
    with gateway.client() as client:
        body = {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}
        assert client.post(URL, json=body, headers={"authorization": f"Bearer {key}"}).status_code == 200


def test_a_webhook_that_is_away_gets_everything_from_the_next_run(
    tmp_path: Path, upstream: Upstream, made: authority.Authority
) -> None:
    port, metrics = free_port(), f"127.0.0.1:{free_port()}"
    gateway = forwarding(tmp_path, upstream, made, webhook=f"https://localhost:{port}/hook")

    def waiting() -> bool:
        said = httpx.get(f"http://{metrics}/metrics", timeout=PATIENCE_S).text.splitlines()
        return any(line.startswith("auditor_forward_waiting{") and line.endswith(" 1.0") for line in said)

    process = gateway.start(metrics=metrics)
    try:
        say(gateway, f"Please charge the card {CARD} of the customer.", "sk-first")
        until(waiting, WAIT_S)
    finally:
        gateway.stop(process, signal.SIGKILL)
    assert CARD.replace(" ", "").encode() not in (gateway.config_folder / FILE).read_bytes()
    receiver = Receiver(port, made)
    try:
        with gateway.running():
            until(lambda: len(receiver.bodies) == 1, WAIT_S)
            say(gateway, f"Please charge the card {CARD} once more.", "sk-second")
            until(lambda: len(receiver.bodies) == 2, WAIT_S)
    finally:
        receiver.close()
    found = [msgspec.convert(body, Finding) for body in receiver.bodies]
    assert {one.rule.title for one in found} == {found[0].rule.title}
    assert all(CARD not in str(body) and CARD.replace(" ", "") not in str(body) for body in receiver.bodies)


@pytest.mark.skipif(shutil.which("rsyslogd") is None, reason="rsyslogd is not installed here")
def test_a_real_rsyslog_is_told_by_a_running_gateway(
    tmp_path: Path, upstream: Upstream, made: authority.Authority
) -> None:
    (tmp_path / "syslog").mkdir()
    with rsyslog(tmp_path / "syslog", made) as (port, messages):
        gateway = forwarding(tmp_path, upstream, made, syslog=f"syslog+tls://localhost:{port}")
        with gateway.running():
            say(gateway, f"Please charge the card {CARD} of the customer.", "sk-first")
            until(lambda: len(messages()) == 1, WAIT_S)
    name, facility, severity, data, text = messages()[0]
    assert (name, facility, severity) == ("ai-usage-auditor", "audit", "warning")
    finding = msgspec.json.decode(text, type=Finding)
    assert f'id="{finding.id}"' in data
    assert CARD not in text
