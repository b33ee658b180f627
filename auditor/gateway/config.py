# SPDX-License-Identifier: Apache-2.0
"""How a gateway is set up: `gateway.toml` in the folder `auditor init` wrote, overridden by the command line.

`store` says where the ledger lies; what the proxy needs stands in the table `[proxy]`, every key optional. Paths are
relative to the file. Wrong values end in one sentence that names the file and the key.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from auditor.errors import InputError
from auditor.providers.configured import ProviderHost

FILE = "gateway.toml"
_ADVICE = "Correct the file or the option of the same name."

MODES = ("regular", "transparent", "reverse:", "upstream:", "wireguard", "local", "socks5")
"""Beginnings of the modes of https://docs.mitmproxy.org/stable/concepts/modes/ that a gateway offers."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[proxy]` of `gateway.toml`; the options of `auditor gateway run` have the same names."""

    listen: str = "127.0.0.1:8080"
    mode: str = "regular"
    provider_host: tuple[str, ...] = ()
    """Self-hosted endpoints: `HOST[:PORT]=DIALECT`."""
    upstream_ca: str | None = None
    """PEM file of certificate authorities for the way to the providers, beside the system's."""
    resolve: tuple[str, ...] = ()
    """Where to find a host instead of asking the name service: `HOST:PORT=ADDRESS[:PORT]`."""
    proxy_auth: str | None = None
    """Who may use the proxy: `@FILE` (Apache htpasswd) or `ldap[s]:…` as mitmproxy's `proxyauth` has it."""
    intent: Literal["wait", "queue"] = "wait"
    on_store_failure: Literal["block", "allow"] = "block"
    metrics: str | None = None
    workers: int = 1
    spill_bytes: int = 1 << 20
    """Bodies in flight beyond this go to disk, sealed."""
    patience: float = 5.0
    """Seconds a call waits for its record before `on_store_failure` decides."""
    grace: float = 20.0
    """Seconds that running calls have to end when the gateway is stopped."""
    heartbeat: float = 60.0
    """Seconds between signs of life in the ledger."""


class GatewayConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway's folder and its settings, checked. Travels to the recorder and the proxies as JSON."""

    folder: str
    store: str
    """The store's folder or URL."""
    settings: Settings = Settings()

    @classmethod
    def load(cls, folder: Path, overrides: Mapping[str, Any] | None = None) -> "GatewayConfig":
        """Read `folder/gateway.toml`; `overrides` are settings by name, `None` leaves the file's.

        Raises `InputError` where the file is missing, broken or a value is out of range.
        """
        path = folder / FILE
        given = {key: value for key, value in (overrides or {}).items() if value is not None}
        file = _read(path)
        settings = _convert({**_from_file(file.get("proxy", {}), path), **given}, path)
        for problem in _problems(settings):
            raise InputError(f"{path}: {problem}.", _ADVICE)
        return cls(folder=str(folder.resolve()), store=_store(file, path), settings=settings)

    @property
    def path(self) -> Path:
        """The folder as `auditor init` wrote it."""
        return Path(self.folder)

    @property
    def authority(self) -> Path:
        """The folder of the certificate authority."""
        return self.path / "ca"

    @property
    def spool(self) -> Path:
        """Where large bodies in flight lie, sealed."""
        return self.path / "spool"

    @property
    def listen(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return host_port(self.settings.listen)

    @property
    def provider_hosts(self) -> tuple[ProviderHost, ...]:
        """The operator's own hosts."""
        return tuple(ProviderHost.parse(entry) for entry in self.settings.provider_host)

    @property
    def metrics(self) -> tuple[str, int] | None:
        """Host and port of health and metrics, where wanted."""
        return host_port(self.settings.metrics) if self.settings.metrics else None


def host_port(text: str) -> tuple[str, int]:
    """Split `HOST:PORT` (IPv6 in brackets); raises `ValueError`."""
    host, colon, port = text.rpartition(":")
    number = int(port) if colon and port.isdecimal() else -1
    if not 0 <= number <= 65535 or (":" in host and not host.startswith("[")):
        raise ValueError(f"'{text}' is no HOST:PORT")
    return host.strip("[]"), number


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.", "Create a gateway folder with: auditor init --out DIR") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None


def _store(file: Mapping[str, Any], path: Path) -> str:
    store = file.get("store")
    if not isinstance(store, str):
        raise InputError(f"{path}: 'store' is missing.", _ADVICE)
    return store if "://" in store else str((path.parent / store).resolve())


def _from_file(table: Any, path: Path) -> dict[str, Any]:
    """The table `[proxy]`, its paths made absolute."""
    if not isinstance(table, dict):
        raise InputError(f"{path}: 'proxy' is no table.", _ADVICE)
    if isinstance(authority := table.get("upstream_ca"), str):
        table["upstream_ca"] = str((path.parent / authority).resolve())
    return table


def _convert(values: dict[str, Any], path: Path) -> Settings:
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}.", _ADVICE) from None


def _problems(settings: Settings) -> list[str]:
    """What is wrong with the settings, one clause each; empty where they hold."""
    found = [*_address_problems(settings), *_entry_problems(settings)]
    if not settings.mode.startswith(MODES):
        found.append(f"mode '{settings.mode}' is none of {', '.join(MODES)}")
    if settings.workers < 1:
        found.append("workers must be at least 1")
    if settings.upstream_ca and not Path(settings.upstream_ca).is_file():
        found.append(f"upstream_ca '{settings.upstream_ca}' is no file")
    if settings.spill_bytes < 1 or settings.heartbeat <= 0 or settings.grace < 0 or settings.patience <= 0:
        found.append("spill_bytes, heartbeat, grace and patience must be positive")
    return found


def _address_problems(settings: Settings) -> list[str]:
    found = []
    for name in ("listen", "metrics"):
        text = getattr(settings, name)
        try:
            if text is not None:
                host_port(text)
        except ValueError as error:
            found.append(f"{name}: {error}")
    return found


def _entry_problems(settings: Settings) -> list[str]:
    found = []
    for entry in settings.provider_host:
        try:
            ProviderHost.parse(entry)
        except InputError as error:
            found.append(f"provider_host: {error.message.rstrip('.')}")
    found += [
        f"resolve '{entry}' is no HOST:PORT=ADDRESS"
        for entry in settings.resolve
        if not all(part.strip() for part in entry.partition("="))
    ]
    return found
