# SPDX-License-Identifier: Apache-2.0
"""Sets the demo's stage: a new store, the mock providers, and a gateway between them and the people.

The gateway is configured as an operator would: `gateway.toml` says where the providers are to be found (`resolve`),
whose certificates to trust on the way there (`upstream_ca`) and who may sign in (`proxy_auth`). Everything lies in one
folder, listens on loopback only, on ports the system chose, and ends with the block.
"""

import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import bcrypt
import msgspec

from auditor.demo.command import Command
from auditor.demo.mock.server import HOSTS
from auditor.demo.people import EVERYONE, Person
from auditor.demo.processes import READY_TIMEOUT, MockAddress, child, running_mock, stop
from auditor.demo.sdk.routes import Route
from auditor.errors import EnvironmentFailure
from auditor.gateway import authority

QUICK = 4
"""bcrypt's lowest cost: these passwords live for minutes and open a proxy on loopback."""
LISTENS = re.compile(r"listens on (\S+):(\d+)")


class Stage(msgspec.Struct, frozen=True):
    """A running gateway: the command on its store, its port, and the authority its clients trust."""

    command: Command
    port: int
    authority: str

    def route(self, person: Person) -> Route:
        """A person's way through the gateway, signed in by name."""
        return Route(f"http://{person.name}:{person.password}@127.0.0.1:{self.port}", self.authority)


@contextmanager
def set_up(folder: Path, pace: float = 0.0, environment: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """Makes the store and runs mock and gateway; leaving the block stops the gateway in order, with all recorded.

    `pace` is the seconds between events of a stream. Raises `EnvironmentFailure` when a part does not start, or when
    the gateway does not end well.
    """
    command = Command(folder, environment or {})
    make_store(command)
    with running_mock(folder, pace) as mock:
        configure(command, mock, EVERYONE)
        line = (sys.executable, "-m", "auditor", "gateway", "run", "--config", str(command.gateway))
        log = folder / "gateway.log"
        with child(line, log, command.environment) as gateway:
            port = listening_port(gateway, log)
            yield Stage(command, port, str(authority.ensure(command.gateway / "ca")))
            if code := stop(gateway):
                raise EnvironmentFailure(f"The gateway ended with exit code {code}.", f"Its log is {log}.")


def make_store(command: Command) -> None:
    """Runs `auditor init` under a passphrase nobody has to remember."""
    command.passphrase_file.touch(mode=0o600)
    command.passphrase_file.write_text(secrets.token_urlsafe(24))
    command.run("init", "--out", str(command.folder / "audit"))


def configure(command: Command, mock: MockAddress, people: Iterable[Person]) -> None:
    """Writes the gateway's settings, and who may sign in."""
    users = command.folder / "proxy-users"
    users.touch(mode=0o600)
    users.write_text("".join(f"{one.name}:{_hashed(one.password)}\n" for one in people))
    settings = {
        "listen": "127.0.0.1:0",
        "resolve": [f"{host}:443=127.0.0.1:{mock.port}" for host in HOSTS],
        "upstream_ca": mock.ca,
        "proxy_auth": f"@{users}",
    }
    lines = (f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in settings.items())
    with (command.gateway / "gateway.toml").open("a", encoding="utf-8") as file:
        file.write("\n[proxy]\n" + "".join(lines))  # JSON's strings and arrays of strings are TOML's too


def listening_port(gateway: subprocess.Popen[bytes], log: Path) -> int:
    """The port the gateway says it listens on."""
    patience = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < patience and gateway.poll() is None:
        if found := LISTENS.search(log.read_text("utf-8", "replace")):
            return int(found[2])
        time.sleep(0.05)
    raise EnvironmentFailure("The gateway did not start.", f"Its log is {log}; keep it with --keep.")


def _hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(QUICK)).decode()
