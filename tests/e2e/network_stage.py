# SPDX-License-Identifier: Apache-2.0
"""A gateway in a mode that needs no setting of clients, alone in namespaces: `unshare -mn python -m … MODE FOLDER`.

The network namespace it runs in is the router's, with a provider behind a public address; a second one holds a client,
linked by a veth pair. In mode local the client is a program beside the gateway, known by its name. Prints what the
client saw and what was recorded, as one JSON object.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from auditor.gateway import wireguard
from auditor.gateway.config import GatewayConfig
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, OTHER_HOST, Gateway
from tests.e2e.upstream import Upstream

ADDRESS = "5.6.7.8"
"""A public address; in this namespace it is on loopback."""
RULES = Path(__file__).parents[2] / "packaging/gateway/transparent.nft"

NAME = "ai-client"
_CLIENT = """
import json, pathlib, socket, ssl, sys, httpx
pathlib.Path("/proc/self/comm").write_text(sys.argv[2])
seen = {}
for name, trusted in json.loads(sys.argv[1]).items():
    with httpx.Client(verify=ssl.create_default_context(cafile=trusted), timeout=60) as client:
        url, body = "https://5.6.7.8/v1/chat/completions?transparent", {"model": "gpt-4o", "messages": []}
        answer = client.post(url, json=body, headers={"host": name}, extensions={"sni_hostname": name})
        seen[name] = answer.status_code
quic = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
quic.settimeout(3)
quic.connect(("5.6.7.8", 443))
quic.send(bytes([0xC0]) * 1200)
try:
    quic.recv(10)
    seen["quic"] = "answered"
except TimeoutError:
    seen["quic"] = "silence"
except ConnectionRefusedError:
    seen["quic"] = "refused"
print(json.dumps(seen))
"""


def main(mode: str, folder: Path) -> None:
    """Build the stage, let the client talk, print what happened."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{ADDRESS}/32", "dev", "lo")
    authority = TestAuthority(folder, (HOST, OTHER_HOST))
    with Upstream(authority) as upstream, client_namespace() as inside, ExitStack() as stack:
        rules = RULES.read_text() + provider(upstream.port)
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
        gateway = Gateway(folder / "audit")
        if mode == "local":
            ready_for_redirector(gateway, folder)
            mode, inside = f"local:{NAME}", []
        with gateway.running(mode=mode, listen="0.0.0.0:8080", upstream_ca=str(authority.ca_file)):
            if mode == "wireguard":
                stack.enter_context(tunnel(gateway, inside))
            trusts = json.dumps({HOST: str(gateway.ca_file), OTHER_HOST: str(authority.ca_file)})
            client = [*inside, sys.executable, "-c", _CLIENT, trusts, NAME]
            said = subprocess.run(client, capture_output=True, check=True)
        urls = [one.request.url for one in gateway.exchanges()]
    sys.stdout.write(json.dumps({**json.loads(said.stdout), "recorded": urls, "hits": len(upstream.hits)}))


def provider(port: int) -> str:
    """Rules that make the public address lead to the provider, for the router itself."""
    return f"""
table inet internet {{
    chain output {{
        type nat hook output priority -100;
        oifname "lo" ip daddr {ADDRESS} tcp dport 443 redirect to :{port}
    }}
}}
"""


def ready_for_redirector(gateway: Gateway, folder: Path) -> None:
    """What mitmproxy's redirector needs: control groups of version 2 where it looks for them, and `sudo`.

    We are root already, so a stand-in runs what it is given; of the options that come first it needs none.
    """
    run("umount", "--lazy", "--recursive", "/sys/fs/cgroup")
    run("mount", "-t", "cgroup2", "none", "/sys/fs/cgroup")
    sudo = folder / "bin/sudo"
    sudo.parent.mkdir()
    sudo.write_text('#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n')
    sudo.chmod(0o755)
    gateway.environment["PATH"] = f"{sudo.parent}:{os.environ['PATH']}"


@contextmanager
def client_namespace() -> Iterator[list[str]]:
    """A namespace behind interface `clients0`; yields the beginning of a command that runs in it."""
    holder = subprocess.Popen(["unshare", "-n", "sleep", "120"])
    try:
        inside = ["nsenter", "-t", str(holder.pid), "-n"]
        own = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{holder.pid}/ns/net").readlink() == own:
            pass
        run("ip", "link", "add", "clients0", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "address", "add", "10.9.0.1/24", "dev", "clients0")
        run("ip", "link", "set", "clients0", "up")
        for command in ("address add 10.9.0.2/24 dev eth0", "link set eth0 up", "route add default via 10.9.0.1"):
            run(*inside, "ip", *command.split())
        yield inside
    finally:
        holder.kill()
        holder.wait()


@contextmanager
def tunnel(gateway: Gateway, inside: list[str]) -> Iterator[None]:
    """Send everything of the client through WireGuard, in user space."""
    config = GatewayConfig.load(gateway.config_folder, {"listen": "0.0.0.0:8080"})
    lines = wireguard.client(config, "10.9.0.1").splitlines()
    known = "\n".join(line for line in lines if not line.startswith(("Address", "DNS")))
    server = subprocess.Popen([*inside, "wireguard-go", "-f", "wg9"])
    try:
        while subprocess.run([*inside, "ip", "link", "set", "wg9", "up"], capture_output=True).returncode:
            assert server.poll() is None
            time.sleep(0.05)
        subprocess.run([*inside, "wg", "setconf", "wg9", "/dev/stdin"], input=known, text=True, check=True)
        run(*inside, "ip", "address", "add", wireguard.ADDRESS, "dev", "wg9")
        run(*inside, "ip", "route", "add", ADDRESS, "dev", "wg9")
        yield
    finally:
        server.terminate()
        server.wait()


def run(*command: str) -> None:
    """Run, or fail."""
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
