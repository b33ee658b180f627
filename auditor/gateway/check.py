# SPDX-License-Identifier: Apache-2.0
"""What `auditor gateway check` reports: whether this gateway could run, and what its clients have to set.

Nothing is changed: sockets are opened and closed again, the store is only read.
"""

import datetime
import importlib.util
import os
import shutil
import socket
from collections.abc import Callable

import msgspec

from auditor.errors import AuditorError, EnvironmentFailure, InputError
from auditor.gateway import authority, redirector
from auditor.gateway.config import GatewayConfig
from auditor.gateway.readers import Readers
from auditor.gateway.settings import HTTP_PROXY_MODES
from auditor.gateway.supervisor import OWN_SOCKETS, bind
from auditor.store.keys.enrolment import PSEUDONYM_KEY_FILE, SIGNING_KEY_FILE, Enrolment
from auditor.store.ledger import locking
from auditor.store.location import Location
from auditor.store.server import engine as server
from auditor.store.server import shipping

LOW_SPACE = 1 << 30
"""Free bytes below which the store is said to be short of room."""
SOON = datetime.timedelta(days=60)


class Result(msgspec.Struct, frozen=True):
    """One thing looked at: whether it holds, in a sentence."""

    holds: bool
    text: str


class Report(msgspec.Struct, frozen=True):
    """All results, and what clients must set."""

    results: tuple[Result, ...]
    clients: str

    @property
    def holds(self) -> bool:
        """Whether the gateway could run."""
        return all(result.holds for result in self.results)


def report(config: GatewayConfig) -> Report:
    """Look at everything a run needs. Never raises for what it finds."""
    looks = (_proxy_installed, _settings, _keys, _store, _space, _authority, _port, _metrics_port, _publish, _ship)
    results = tuple(_tried(look, config) for look in looks)
    return Report(results, clients(config))


def clients(config: GatewayConfig) -> str:
    """What programs need in their environment, or which address to use instead of the provider's."""
    certificate, mode = config.authority / authority.CERTIFICATE_FILE, config.settings.mode
    address = config.reachable(socket.getfqdn())
    if mode.startswith(HTTP_PROXY_MODES):
        variables = authority.environment(certificate, proxy(config))
        return "Clients set:\n" + "\n".join(f"  {key}={value}" for key, value in variables.items())
    if mode.startswith("reverse:"):
        return f"Clients use https://{address} in place of {mode[8:]} and trust {certificate}."
    if mode.startswith("socks5"):
        return f"Clients name {address} as their SOCKS5 proxy and trust {certificate}."
    if mode.startswith("wireguard"):
        return f"Clients import what 'auditor gateway ca --wireguard HOST' prints and trust {certificate}."
    return f"Clients need no proxy setting; they trust {certificate}."


def proxy(config: GatewayConfig) -> str | None:
    """The URL that clients anywhere name as their HTTP proxy; None in modes that are none."""
    is_proxy = config.settings.mode.startswith(HTTP_PROXY_MODES)
    return f"http://{config.reachable(socket.getfqdn())}" if is_proxy else None


def _tried(look: Callable[[GatewayConfig], str], config: GatewayConfig) -> Result:
    try:
        return Result(True, look(config))
    except AuditorError as error:
        return Result(False, error.diagnostics())
    except OSError as error:
        return Result(False, f"{error.filename or 'The system'}: {error.strerror}.")


def _proxy_installed(_: GatewayConfig) -> str:
    if importlib.util.find_spec("mitmproxy") is None:
        raise InputError("mitmproxy is not installed.", "Install the package with its extra [gateway].")
    return "The proxy is installed."


def _settings(config: GatewayConfig) -> str:
    settings = config.settings
    own = f", {len(config.provider_hosts)} hosts of your own" if config.provider_hosts else ""
    return (
        f"The configuration holds: mode {settings.mode}, intent {settings.intent}, "
        f"{settings.on_store_failure} on store failure{own}."
    )


def _keys(config: GatewayConfig) -> str:
    enrolment = Enrolment.load(config.path)
    for name in (PSEUDONYM_KEY_FILE, SIGNING_KEY_FILE):
        path = config.path / name
        if not path.exists():
            raise InputError(f"{path} is missing.", "Restore it from a backup, or enrol the gateway again.")
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise InputError(f"{path} can be read by others.", f"Run: chmod 600 {path}")
    newest = max(epoch.epoch for epoch in enrolment.store.epochs)
    return f"The keys are complete and signed; records can be sealed until the end of {newest}."


def _store(config: GatewayConfig) -> str:
    location, enrolment = Location.parse(config.store), Enrolment.load(config.path)
    folder = location.ledger_folder if location.ledger_folder.exists() else location.folder.parent
    if location.folder.exists() and location.facts().id != enrolment.store.id:
        raise InputError(f"{location.folder} is another store.", "Correct 'store' in gateway.toml.")
    if not os.access(folder, os.W_OK):
        raise EnvironmentFailure(f"{folder} cannot be written.", "Check the folder and your rights.")
    if enrolment.ledger in location.ledger_files():
        with location.translated(enrolment.ledger), location.engine(enrolment.ledger).connect():
            pass  # of a version this program knows
    return f"The ledger {enrolment.ledger} can be written to {location.folder}."


def _space(config: GatewayConfig) -> str:
    folder = Location.parse(config.store).folder
    free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free
    if free < LOW_SPACE:
        raise EnvironmentFailure(f"Only {free >> 20} MiB are free for the store.", "Make room before you start.")
    return f"{free >> 30} GiB are free for the store."


def _authority(config: GatewayConfig) -> str:
    if not (config.authority / authority.KEY_FILE).exists():
        return f"The certificate authority will be made in {config.authority} by the first run."
    made = authority.certificate(config.authority)
    left = made.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    if left < SOON:
        raise InputError(f"The certificate authority ends in {left.days} days.", "Replace it and tell the clients.")
    return f"The certificate authority is valid until {made.not_valid_after_utc:%Y-%m-%d}."


def _port(config: GatewayConfig) -> str:
    if config.settings.mode.startswith("local"):
        redirector.require()
        return "What mode local needs of this machine is there."
    if config.settings.mode.startswith(OWN_SOCKETS):
        return f"Mode {config.settings.mode} listens by itself."
    return _address(config, config.settings.listen, lambda: bind(config), "to listen on")


def _metrics_port(config: GatewayConfig) -> str:
    if config.metrics is None:
        return "Metrics are not published."
    address = config.metrics
    return _address(config, config.settings.metrics, lambda: socket.create_server(address), "for metrics")


def _publish(config: GatewayConfig) -> str:
    if config.publish is None:
        return "Sealed records are not published by HTTPS."
    address, use = config.publish, f"to publish sealed records, for {len(Readers(config.path).all())} tokens"
    return _address(config, config.settings.publish, lambda: socket.create_server(address), use)


def _address(config: GatewayConfig, named: str | None, take: Callable[[], socket.socket], use: str) -> str:
    """Whether an address can be had; while the gateway runs, which holds its own, it is looked at no closer."""
    try:
        take().close()
    except (OSError, EnvironmentFailure) as error:
        if locking.is_held(Location.parse(config.store).ledger_file(Enrolment.load(config.path).ledger)):
            return f"{named} is in use, and this gateway runs."
        if isinstance(error, EnvironmentFailure):
            raise
        raise EnvironmentFailure(f"{named} cannot be listened on: {error.strerror}.") from error
    return f"{named} is free {use}."


def _ship(config: GatewayConfig) -> str:
    if config.ship is None:
        return "Records stay on this machine: no server is named to ship them to."
    url, enrolment = config.ship.url(config.path), Enrolment.load(config.path)
    there = shipping.arrived(url, enrolment.ledger)
    behind = state.behind if (state := shipping.Shipping.load(config.path)) else 0
    return f"Records are shipped to {server.label(url)}: {there} leaves are there, {behind} wait here."
