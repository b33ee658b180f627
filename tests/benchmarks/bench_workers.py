# SPDX-License-Identifier: Apache-2.0
"""What several proxy processes carry beside one, and what each part of a call costs in processor time.

`python -m tests.benchmarks workers` (needs nginx): `ROUNDS` (5) rounds of `REQUESTS` (1600) requests of `CLIENTS` (16)
clients who keep their connections, in turns; medians of ratios within a round.

1. One and two proxies on the cores as they are. On a machine of two, the load generator and the server, which stand on
   other machines in production, take their part of the two.
2. The gateway on two cores of its own, made of control groups (version 1, root): all of its processes together get
   twice `OWN` (0.3) of a core, each of them at most `OWN`, as one that keeps one thread busy gets of two cores; load
   and server have the rest of the real ones. These are two slow cores, not two fast ones: everything takes 1 / `OWN`
   times as long but the disk's syncs, the load and the server; and where three processes have work, they run at once
   and then stand still at once. What it leaves out is what two busy cores do to each other's caches and memory.
   `OWN=0.4` and such tell whether the share matters.
3. One to four proxies that are held to `SHARE` (0.2) of a core each, everything else being free: whether one recorder
   and one ledger hold back several proxies where the machine does not.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tests.benchmarks.bench_gateway import say
from tests.benchmarks.gateway_upstream import HOST, Backend, backend, missing
from tests.benchmarks.processes import busy_ms, can_hold, family, group, held, module_of
from tests.benchmarks.programs.steady_load import Settings, Steady
from tests.e2e.gateway import PROXY, RECORDER, Gateway

ROUNDS = int(os.environ.get("ROUNDS", "5"))
REQUESTS = int(os.environ.get("REQUESTS", "1600"))
CLIENTS = int(os.environ.get("CLIENTS", "16"))
OWN = float(os.environ.get("OWN", "0.3"))
SHARE = float(os.environ.get("SHARE", "0.2"))
WARMING: Final = 400
TOGETHER_US: Final = 100_000
"""The period of the two cores' group: in a short one, up to a sixth of what it may have is lost between slices."""
SETTLING_S: Final = 0.5
"""What the recorder has yet to write of a round is counted with it."""


class Side(NamedTuple):
    """A running gateway, and the processes of each part that a call passes."""

    gateway: Gateway
    parts: Mapping[str, list[int]]


type Hold = Callable[[Side], contextlib.AbstractContextManager[None]]


class Round(NamedTuple):
    """What a round came to, and milliseconds of processor time a call by part."""

    steady: Steady
    costs: Mapping[str, float]


def main() -> None:
    """Measure and print."""
    if "nginx" in missing():
        say("workers: not measured, nginx is missing (Debian: apt-get install nginx-light)")
        return
    with tempfile.TemporaryDirectory(prefix="bench-workers-") as name, backend(Path(name)) as target:
        say(f"{os.cpu_count()} cores, shared by all of it")
        tell_costs(compared(Path(name) / "free", target, (1, 2), free), os.cpu_count() or 1)
        if not can_hold():
            say("not measured on cores of its own: there are no control groups (version 1) to be used here")
            return
        say(f"a gateway on two cores of its own, each {OWN} of a real one")
        tell_costs(compared(Path(name) / "own", target, (1, 2), on_two_cores), 2, beside=("server", "load"))
        say(f"proxies held to {SHARE} of a core each")
        compared(Path(name) / "held", target, (1, 2, 3, 4), proxies_held)


def compared(folder: Path, target: Backend, numbers: Collection[int], hold: Hold) -> Mapping[int, list[Round]]:
    """Rounds with so many proxies, in turns."""
    with contextlib.ExitStack() as stack:
        sides = {one: stack.enter_context(running(folder / str(one), target, one)) for one in numbers}
        for side in sides.values():
            measured(side, target, WARMING)
            stack.enter_context(hold(side))
        turns = [{one: measured(side, target, REQUESTS) for one, side in sides.items()} for _ in range(ROUNDS)]
    for one in numbers:
        rate = statistics.median(turn[one].steady.per_second for turn in turns)
        ratios = [turn[one].steady.per_second / turn[1].steady.per_second for turn in turns]
        delay = statistics.median(turn[one].steady.median_ms for turn in turns)
        wrong = sum(turn[one].steady.wrong for turn in turns)
        say(
            f"{one} proxies: {rate:.0f} calls a second, {statistics.median(ratios):.2f} of one "
            f"({min(ratios):.2f} to {max(ratios):.2f}), median {delay:.1f} ms, {wrong} wrong"
        )
    return {one: [turn[one] for turn in turns] for one in numbers}


@contextlib.contextmanager
def free(_: Side) -> Iterator[None]:
    """Everything as it is."""
    yield


@contextlib.contextmanager
def on_two_cores(side: Side) -> Iterator[None]:
    """All of a gateway within two slow cores, none of its processes on more than one."""
    with contextlib.ExitStack() as stack:
        (supervisor,) = side.parts["supervisor"]
        cores = stack.enter_context(group(f"bench-{os.getpid()}-{supervisor}-cores", 2 * OWN, period_us=TOGETHER_US))
        for pid in family(supervisor):
            stack.enter_context(held(pid, OWN, cores))
        yield


@contextlib.contextmanager
def proxies_held(side: Side) -> Iterator[None]:
    """Each proxy on a share of a core, the rest free."""
    with contextlib.ExitStack() as stack:
        for pid in side.parts["proxies"]:
            stack.enter_context(held(pid, SHARE))
        yield


def tell_costs(sides: Mapping[int, list[Round]], cores: int, beside: Collection[str] = ()) -> None:
    """Print what a call costs where, and the most that so many cores can give by it: one proxy has one core.

    Parts that are `beside` have others.
    """
    alone = 0.0
    for number, rounds in sides.items():
        costs = {part: statistics.median(one.costs[part] for one in rounds) for part in rounds[0].costs}
        total = sum(cost for part, cost in costs.items() if part not in beside)
        alone = alone or max(costs["proxies"], total / cores)
        most = min(number, cores * alone / total)
        parts = ", ".join(f"{part} {cost:.2f}" for part, cost in costs.items())
        say(f"{number} proxies: {total:.2f} ms of processor time a call ({parts}): at most {most:.2f} of one")


@contextlib.contextmanager
def running(folder: Path, target: Backend, workers: int) -> Iterator[Side]:
    """A gateway with so many proxies on a store of its own."""
    gateway = Gateway(folder)
    hosts = [f"{HOST}:{target.port}=openai"]
    process = gateway.start(upstream_ca=str(target.ca_file), provider_host=hosts, resolve=[], workers=workers)
    try:
        modules = {pid: module_of(pid) for pid in family(process.pid)}
        parts = {
            "proxies": [pid for pid, module in modules.items() if module == PROXY],
            "recorder": [pid for pid, module in modules.items() if module == RECORDER],
            "supervisor": [process.pid],
            "server": family(target.pid),
        }
        yield Side(gateway, parts)
    finally:
        gateway.stop(process)


def measured(side: Side, target: Backend, requests: int) -> Round:
    """One round."""
    host, _, port = side.gateway.url.removeprefix("http://").partition(":")
    settings = Settings(
        proxy=(host, int(port)),
        server=(HOST, target.port),
        proxy_ca=str(side.gateway.ca_file),
        server_ca=str(target.ca_file),
        path="/v1/chat/completions",
        body=str(target.body),
        clients=CLIENTS,
        requests=requests,
    )
    command = [sys.executable, "-m", "tests.benchmarks.programs.steady_load", msgspec.json.encode(settings).decode()]
    before = {part: busy_ms(pids) for part, pids in side.parts.items()}
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    time.sleep(SETTLING_S)
    steady = msgspec.json.decode(said, type=Steady)
    costs = {part: (busy_ms(pids) - before[part]) / requests for part, pids in side.parts.items()}
    return Round(steady, {**costs, "load": steady.own_ms})
