# SPDX-License-Identifier: Apache-2.0
"""A gateway on one host and a desk on another: `unshare -n python -m tests.e2e.two_hosts FOLDER`.

The namespace it runs in is the gateway's; a second one holds the desk, linked by a veth pair. Prints one JSON object:
the seconds from each answered call to its proved record at the desk, and how wrong tokens and keys end.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from auditor.gateway.readers import Readers, Scope
from auditor.store import Identity, LedgerReader, Location
from auditor.store.format.records import Completion
from auditor.store.keys import facts
from auditor.sync.tokens import ReadToken
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, OTHER_HOST, PASSPHRASE, PATIENCE_S, WEBSOCKET_HOST, Gateway
from tests.e2e.network_stage import client_namespace, run
from tests.e2e.upstream import Upstream

CALLS = 5
LISTENER = "10.9.0.1:8443"
URL = f"https://{HOST}/v1/chat/completions"


def main(folder: Path) -> None:
    """Build both hosts, make calls on one, see them arrive on the other."""
    run("ip", "link", "set", "lo", "up")
    authority = TestAuthority(folder, (HOST, OTHER_HOST, WEBSOCKET_HOST))
    with Upstream(authority) as upstream, client_namespace() as inside:
        gateway = Gateway(folder / "gateway-host", upstream)
        desk = Desk(folder / "desk-host", gateway, inside)
        with gateway.running(publish=LISTENER):
            failed = {what: desk.sync(token) for what, token in desk.wrong_tokens().items()}
            nothing = not desk.location.ledgers()
            seconds = desk.arrivals()
        verified = desk.auditor("verify").returncode
    told = {"seconds": seconds, "wrong": failed, "nothing came of them": nothing, "verify": verified}
    sys.stdout.write(json.dumps({**told, "records": len(desk.completions())}))


class Desk:
    """The auditor's machine: the store's public facts, the identity and a token; no route but to the gateway."""

    def __init__(self, folder: Path, gateway: Gateway, inside: list[str]) -> None:
        self.gateway = gateway
        self._inside = inside
        self._folder = folder
        self.location = Location(folder=folder / "store")
        self.location.ledger_folder.mkdir(parents=True)
        shutil.copy(gateway.folder / "store" / facts.STORE_FILE, self.location.folder)
        shutil.copy(gateway.folder / "auditor.identity", folder)
        (folder / "passphrase").write_bytes(PASSPHRASE)
        self._token = Readers(gateway.config_folder).add("desk", [Scope.RECORDS])

    def wrong_tokens(self) -> dict[str, ReadToken]:
        """A guessed secret, one for orders only, and a token that names another key than the gateway shows."""
        orders = Readers(self.gateway.config_folder).add("orders", [Scope.ORDERS])
        return {
            "guessed": ReadToken(id=self._token.id, secret="guessed", pin=self._token.pin),
            "other scope": orders,
            "other key": ReadToken(id=self._token.id, secret=self._token.secret, pin="A" * 43),
        }

    def auditor(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command of the desk's to its end."""
        return subprocess.run(self._command(*arguments), capture_output=True, timeout=120)

    def sync(self, token: ReadToken) -> int:
        """Pull once; the exit code."""
        return self.auditor("sync", f"https://{LISTENER}", "--token-file", self._file(token)).returncode

    def arrivals(self) -> list[float]:
        """Make calls through the gateway; the seconds from each answer to its completion at the desk."""
        follow = self._command(
            "sync", f"https://{LISTENER}", "--token-file", self._file(self._token), "--follow", "--json"
        )
        following = subprocess.Popen(follow, stdout=subprocess.PIPE)
        assert following.stdout
        try:
            following.stdout.readline()  # the gateway's start: from here on it waits for news
            return [self._arrival(number) for number in range(CALLS)]
        finally:
            following.terminate()
            following.wait(PATIENCE_S)
            following.stdout.close()

    def completions(self) -> list[int]:
        """The completions that are here."""
        reader = LedgerReader.open(self.location, Identity.open(self._folder / "auditor.identity", PASSPHRASE))
        ledgers = [ledger for ledger in reader.ledgers() if ledger.startswith("gateway")]
        return [one.seq for ledger in ledgers for one in reader.records(ledger) if isinstance(one.meta, Completion)]

    def _arrival(self, number: int) -> float:
        with self.gateway.client() as client:
            client.post(f"{URL}?call-{number}", json={"model": "gpt-4o", "messages": []}).raise_for_status()
        answered = time.monotonic()
        while len(self.completions()) <= number and time.monotonic() < answered + PATIENCE_S:
            time.sleep(0.05)
        return time.monotonic() - answered

    def _file(self, token: ReadToken) -> str:
        path = self._folder / "token"
        path.write_text(token.text())
        return str(path)

    def _command(self, *arguments: str) -> list[str]:
        files = {"--store": self.location.folder, "--identity": self._folder / "auditor.identity"}
        options = [str(part) for pair in files.items() for part in pair]
        options += ["--passphrase-file", str(self._folder / "passphrase")]
        return [*self._inside, sys.executable, "-m", "auditor", *options, *arguments]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
