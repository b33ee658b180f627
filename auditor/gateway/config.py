# SPDX-License-Identifier: Apache-2.0
"""How a gateway is set up: `gateway.toml` in the folder `auditor init` wrote, overridden by the command line.

`store` says where the ledger lies; what the proxy needs stands in the table `[proxy]`, every key optional. Paths are
relative to the file. Wrong values end in one sentence that names the file and the key.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import InputError
from auditor.gateway.forward_settings import Forward
from auditor.gateway.settings import RELOADED, Settings, host_port, problems
from auditor.providers.configured import ProviderHost
from auditor.store import files
from auditor.store.server import engine as server

FILE = "gateway.toml"
_ADVICE = "Correct the file or the option of the same name."


class Ship(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[ship]`: the PostgreSQL server that gets a copy of every sealed record."""

    to: str
    """`postgresql+psycopg://ROLE@HOST:PORT/DATABASE`; `?sslmode=verify-full` where the network is not your own."""
    password_file: str | None = None
    """Where the role's password stands, relative to the folder; else libpq's ways, such as `~/.pgpass`."""
    every: float = 0.25
    """Seconds between looks for news."""

    def url(self, folder: Path) -> str:
        """The URL with its password. Raises `InputError` where the file cannot be read."""
        parsed = server.parse(self.to)
        if self.password_file is None:
            return parsed
        password = files.read(folder / self.password_file, "The server's password").partition(b"\n")[0].decode()
        return server.with_password(parsed, password)


class GatewayConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway's folder and its settings, checked. Travels to the recorder and the proxies as JSON."""

    folder: str
    store: str
    """The store's folder."""
    settings: Settings = Settings()
    ship: Ship | None = None
    """The server records are shipped to, if any."""
    forward: Forward | None = None
    """Where findings are forwarded to, if anywhere."""

    @classmethod
    def load(cls, folder: Path, overrides: Mapping[str, Any] | None = None) -> "GatewayConfig":
        """Read `folder/gateway.toml`; `overrides` are settings by name, `None` leaves the file's.

        Raises `InputError` where the file is missing, broken or a value is out of range.
        """
        path = folder / FILE
        given = {key: value for key, value in (overrides or {}).items() if value is not None}
        file = _read(path)
        settings = _convert({**_from_file(file.get("proxy", {}), path), **given}, path)
        for problem in problems(settings):
            raise InputError(f"{path}: {problem}.", _ADVICE)
        return cls(
            folder=str(folder.resolve()),
            store=_store(file, path),
            settings=settings,
            ship=_ship(file.get("ship"), path),
            forward=Forward.of(file.get("forward"), path),
        )

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

    def following(self, changed: "GatewayConfig") -> tuple["GatewayConfig", tuple[str, ...]]:
        """This configuration with what a running gateway follows of a changed one; the names of what else changed."""
        kept = {name: getattr(self.settings, name) for name in Settings.__struct_fields__ if name not in RELOADED}
        waiting = [name for name, value in kept.items() if value != getattr(changed.settings, name)]
        waiting += [name for name in ("store", "ship") if getattr(self, name) != getattr(changed, name)]
        settings = msgspec.structs.replace(changed.settings, **kept)
        return msgspec.structs.replace(self, settings=settings, forward=changed.forward), tuple(waiting)

    def reachable(self, everywhere: str) -> str:
        """`HOST:PORT` as clients name it; where it listens on every address, they name the host `everywhere`."""
        host, port = self.listen
        named = everywhere if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
        return f"[{named}]:{port}" if ":" in named else f"{named}:{port}"

    @property
    def provider_hosts(self) -> tuple[ProviderHost, ...]:
        """The operator's own hosts."""
        return tuple(ProviderHost.parse(entry) for entry in self.settings.provider_host)

    @property
    def publish(self) -> tuple[str, int] | None:
        """Host and port where sealed records are published, where wanted."""
        return host_port(self.settings.publish) if self.settings.publish else None

    @property
    def metrics(self) -> tuple[str, int] | None:
        """Host and port of health and metrics, where wanted."""
        return host_port(self.settings.metrics) if self.settings.metrics else None


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
    if server.is_url(store):
        raise InputError(f"{path}: 'store' is the gateway's own folder.", "Name a server in the table [ship].")
    return str((path.parent / store).resolve())


def _ship(table: Any, path: Path) -> Ship | None:
    """The table `[ship]`, where there is one."""
    if table is None:
        return None
    try:
        found = msgspec.convert(table, Ship)
        server.parse(found.to)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: [ship]: {error}.", _ADVICE) from None
    if found.every <= 0:
        raise InputError(f"{path}: [ship]: 'every' must be positive.", _ADVICE)
    return found


def _from_file(table: Any, path: Path) -> dict[str, Any]:
    """The table `[proxy]`, its paths made absolute."""
    if not isinstance(table, dict):
        raise InputError(f"{path}: 'proxy' is no table.", _ADVICE)
    for name in ("upstream_ca", "client_certs"):
        if isinstance(value := table.get(name), str):
            table[name] = str((path.parent / value).resolve())
    for name in ("proxy_auth", "upstream_auth"):
        if isinstance(value := table.get(name), str) and value.startswith("@"):
            table[name] = f"@{(path.parent / value[1:]).resolve()}"
    return table


def _convert(values: dict[str, Any], path: Path) -> Settings:
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}.", _ADVICE) from None
