# SPDX-License-Identifier: Apache-2.0
"""What the Data flows page draws: who → client → provider → country, as paths with three measures each.

One reading serves picture, matrix and table, so that their figures agree. Who is the team that `policy.toml` puts an
actor in; where it names no team at all, the actor itself. The country is the seat of the contracting party as far as
the provider's host tells, with the region where the host names one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QLocale

from auditor.archive import Archive, Filter
from auditor.archive.flows import Flow, flows
from auditor.policy import Policy
from auditor.providers import Providers
from ui.models import formats
from ui.models.overview import dollars

READABLE = 15
"""Nodes of a column up to which a picture of streams can be read."""

SHOWN = 10
"""Nodes that are kept of a column with more, when it is drawn nevertheless; the others stand together."""

UNKNOWN, NO_TEAM = "not known", "no team"
MOST_VALUES = 200
"""Values a filter may list."""

type Names = tuple[str, ...]
"""The names of a path, one a column."""


class Measure(NamedTuple):
    """What widths stand for."""

    key: str
    name: str
    amount: Callable[["Path"], float]
    words: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Path:
    """One way data took."""

    names: Names
    calls: int = 0
    tokens: int = 0
    cost_usd: float = 0.0


MEASURES = (
    Measure("calls", "Calls", lambda path: path.calls, lambda value: f"{value:,.0f}"),
    Measure("tokens", "Tokens", lambda path: path.tokens, lambda value: f"{value:,.0f}"),
    Measure("spend", "Spend", lambda path: path.cost_usd, dollars),
)


@dataclass(frozen=True, slots=True)
class Flows:
    """All paths, the greatest first; `values[column][name]` are the values of the fields in `FIELDS` behind a name."""

    columns: tuple[str, ...]
    paths: tuple[Path, ...]
    values: tuple[Mapping[str, frozenset[str | None]], ...]

    @property
    def readable(self) -> bool:
        """Whether a picture of streams shows every node."""
        return all(len({path.names[at] for path in self.paths}) <= READABLE for at in range(len(self.columns)))

    def filter(self, column: int, name: str) -> Filter | None:
        """The calls behind a node; None where they are too many to name."""
        known = self.values[column].get(name)
        if known is None or len(known) > MOST_VALUES:
            return None
        return any_of(FIELDS[column], known)


FIELDS = ("actor", "client", "provider", "server")


def any_of(field: str, values: Iterable[str | None]) -> Filter:
    """Calls whose field has one of these values; None stands for calls without it."""
    said = [str(Filter.field(field, value)) for value in sorted(values, key=lambda value: value or "")]
    return Filter.parse(" or ".join(said))


def read_flows(
    archive: Archive, policy: Policy, since: datetime | None, until: datetime | None, data: str | None
) -> Flows:
    """The flows of a period."""
    return paths(flows(archive.index, since, until, data), policy, country_of())


@lru_cache(maxsize=1)
def country_of() -> Callable[[str | None], str]:
    """Says where a host's provider is at home."""
    providers = Providers.load()

    @lru_cache(maxsize=4_096)
    def country(server: str | None) -> str:
        found = providers.match(server) if server else None
        if found is None or not found.country:
            return UNKNOWN
        name = QLocale.territoryToString(QLocale.codeToTerritory(found.country))
        return f"{name} · {found.region}" if found.region else name

    return country


def paths(found: Sequence[Flow], policy: Policy, country: Callable[[str | None], str]) -> Flows:
    """Flows by the names a reader knows."""
    sums: dict[Names, Path] = {}
    values: list[defaultdict[str, set[str | None]]] = [defaultdict(set) for _ in FIELDS]
    for flow in found:
        who = (policy.team_of(flow.actor) or NO_TEAM) if policy.team else flow.actor or UNKNOWN
        names = (who, flow.client or UNKNOWN, flow.provider or UNKNOWN, country(flow.server))
        raw = (flow.actor, flow.client, flow.provider, flow.server)
        for at, name in enumerate(names):
            values[at][name].add(raw[at])
        old = sums.get(names, Path(names))
        sums[names] = Path(names, old.calls + flow.calls, old.tokens + flow.tokens, old.cost_usd + flow.cost_usd)
    ordered = sorted(sums.values(), key=lambda path: (-path.calls, path.names))
    columns = ("Team" if policy.team else "Actor", "Client", "Provider", "Country")
    return Flows(columns, tuple(ordered), tuple({k: frozenset(v) for k, v in one.items()} for one in values))


@dataclass(frozen=True, slots=True)
class Node:
    """A name in a column, and its amount."""

    column: int
    name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A stream between neighbours, coloured by the destination it ends at."""

    column: int
    source: str
    target: str
    provider: str
    amount: float


@dataclass(frozen=True, slots=True)
class Streams:
    """Nodes by column and the ribbons between neighbouring columns."""

    nodes: tuple[tuple[Node, ...], ...]
    ribbons: tuple[Ribbon, ...]
    total: float
    providers: tuple[str, ...]
    """In the order of their colours."""


def streams(found: Flows, measure: Measure, most: int = READABLE) -> Streams:
    """What a picture of streams shows; in columns with more than `most` names the smaller ones stand together."""
    folded = _folded(found, measure, most)
    columns = range(len(found.columns))
    amounts: list[Counter[str]] = [Counter() for _ in columns]
    ribbons: Counter[tuple[int, str, str, str]] = Counter()
    for names, amount in folded.items():
        for at in columns:
            amounts[at][names[at]] += amount  # type: ignore[assignment]
        for at in columns[:-1]:
            ribbons[at, names[at], names[at + 1], names[2]] += amount  # type: ignore[assignment]
    nodes = tuple(
        tuple(Node(at, name, amount) for name, amount in amounts[at].most_common() if amount > 0) for at in columns
    )
    providers = tuple(node.name for node in nodes[2]) if len(nodes) > 2 else ()
    lines = (Ribbon(*key, amount) for key, amount in ribbons.items() if amount > 0)
    return Streams(nodes, tuple(lines), sum(folded.values()), providers)


def _folded(found: Flows, measure: Measure, most: int) -> dict[Names, float]:
    """Amounts by path, with the small names of crowded columns folded into one."""
    kept: list[set[str] | None] = []
    for at in range(len(found.columns)):
        amounts: Counter[str] = Counter()
        for path in found.paths:
            amounts[path.names[at]] += measure.amount(path)  # type: ignore[assignment]
        kept.append({name for name, _ in amounts.most_common(SHOWN)} if len(amounts) > most else None)
    others = [others_of(len({path.names[at] for path in found.paths}) - SHOWN) for at in range(len(found.columns))]
    sums: defaultdict[Names, float] = defaultdict(float)
    for path in found.paths:
        names = tuple(
            name if keep is None or name in keep else rest
            for name, keep, rest in zip(path.names, kept, others, strict=True)
        )
        sums[names] += measure.amount(path)
    return sums


def others_of(number: int) -> str:
    """The name of so many nodes that stand together."""
    return formats.count(number, "other")
