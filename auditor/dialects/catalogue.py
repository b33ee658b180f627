# SPDX-License-Identifier: Apache-2.0
"""The page of providers, operations and what is extracted, written from the tables that do the work.

`python -m auditor.dialects.catalogue > docs/providers.md` renews it; a test compares it.
"""

import sys
from collections.abc import Iterable, Iterator

from auditor.dialects.routing import ROUTES, Route
from auditor.providers import FAMILIES
from auditor.providers.tables import compatible, entries

_INTRODUCTION = """# Providers, operations and what is extracted

Written by `python -m auditor.dialects.catalogue` from the tables the program itself uses; a test keeps it current.

Every call carries, besides what is listed here, the facts of its connection: time, duration, time to the first byte,
host, path, method, status, client program, bytes, outcome, and the cost where the public price list knows the model.
What no row below names is recorded as the operation `other` with its path; a body that cannot be read is recorded
whole with the outcome `unparsed`. Of both the texts that were sent are searched for data all the same. An unknown host
whose bodies are unmistakably of a known dialect is `self_hosted`.
"""

_OPERATIONS = """
## What is read

A row holds for hosts of the named family; rows of "all" are tried after a family's own. Paths are regular expressions.
Streams are put together into the answer they amount to, so streamed and plain answers give the same facts.
"""

_PROVIDERS = """
## Who is behind a host

`{region}` is read from the host's name. Hosts marked with paths are shared: only these paths lead to models. A legal
entity stands here only with the place where it was read; `auditor terms show` tells those of other regions.
"""

_COMPATIBLE = """
## Hosts that speak the OpenAI dialect

Known by name only, from the public lists of LiteLLM and models.dev; below them the list of genai-prices is asked.
"""


def page() -> str:
    """The page in Markdown."""
    return "\n".join([_INTRODUCTION, *_operations(), _PROVIDERS, *_providers(), _COMPATIBLE, *_others(), ""])


def _operations() -> Iterator[str]:
    yield _OPERATIONS
    for family in (*FAMILIES, None):
        rows = [one for one in ROUTES if (family in one.families if family else not one.families)]
        if rows:
            yield f"### {family or 'all'}\n"
            yield from _table(("operation", "path", "dialect", "extracted", "source"), map(_operation, rows))


def _operation(route: Route) -> tuple[str, ...]:
    methods = " ".join(sorted(route.methods))
    path = f"{methods} `{_escaped(route.path.pattern)}`{' (told by the body)' if route.when else ''}".strip()
    dialect = route.dialect
    return route.operation, path, dialect.name, ", ".join(dialect.extracts), _links(dialect.source)


def _providers() -> Iterator[str]:
    rows = (
        (
            entry.name,
            f"{entry.title} ({surface.name})",
            f"{entry.entity} ({_links(entry.entity_source or '')})" if entry.entity else "",
            entry.country or "",
            entry.family,
            ", ".join(f"`{_escaped(host)}`" for host in surface.hosts)
            + (f" on paths {', '.join(f'`{_escaped(one)}`' for one in surface.paths)}" if surface.paths else ""),
        )
        for entry in entries()
        for surface in entry.surface
    )
    yield from _table(("provider", "surface", "legal entity", "country", "family", "hosts"), rows)


def _others() -> Iterator[str]:
    yield from _table(("host", "provider"), ((f"`{host}`", name) for host, name in sorted(compatible().items())))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _links(source: str) -> str:
    return ", ".join(f"<{one}>" if one.startswith("http") else one for one in source.split(", "))


if __name__ == "__main__":
    sys.stdout.write(page())
