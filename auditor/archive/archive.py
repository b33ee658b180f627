# SPDX-License-Identifier: Apache-2.0
"""`Archive`: the store as an unlocked auditor sees it. Lists, filters and figures come from the index; content takes a
reason and leaves a record.

Threads: any thread may call anything. Each reads through a connection of its own; `refresh` runs once at a time;
`interrupt` cancels the reads under way everywhere. A `Listing` belongs to one thread at a time.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import platformdirs

from auditor.archive import cases, charts, content, projection, reveal, sharing, suggestions
from auditor.archive.analysed import Analysed
from auditor.archive.casework import Casework, Tally
from auditor.archive.charts import Histogram, Share, Summary
from auditor.archive.content import Opened, Place
from auditor.archive.filters import Filter
from auditor.archive.index import Index, remove
from auditor.archive.listing import PAGE, Listing, Sort
from auditor.archive.reveal import Revealed
from auditor.archive.standing import Standing
from auditor.archive.status import GapRecord, LedgerStatus, account, gap_records
from auditor.archive.suggestions import Suggestion
from auditor.archive.times import moment
from auditor.calls import Call
from auditor.closing import Closing
from auditor.errors import InputError
from auditor.findings import Case, Finding, Level, State, Step
from auditor.hashing import Hashes
from auditor.privacy import Pseudonyms
from auditor.privacy.fingerprints import FINGERPRINTS, Fingerprinter
from auditor.providers import Providers
from auditor.store import Identity, LedgerReader, Location
from auditor.store.format.records import Record

if TYPE_CHECKING:
    from auditor.archive.comparison import Comparison

BATCH: Final = 16_384
"""Records a transaction takes into the index."""

type Progress = Callable[[int, int], None]
"""Told how many records are done, of how many."""


class Archive(Closing):
    """See the module. Open it with `Archive.open`, and close it."""

    def __init__(self, location: Location, identity: Identity, index: Index, providers: Providers | None) -> None:
        self.location = location
        self._identity = identity
        self._index = index
        self._given_providers = providers
        self._refreshing = threading.Lock()
        self._opening = threading.Lock()
        self._reader = LedgerReader.open(location, identity)
        self._content_reader = LedgerReader.open(location, identity)
        self._taken: dict[str, int] = {}
        self._comparison: Comparison | None = None

    @classmethod
    def open(
        cls,
        location: Location | Path | str,
        identity: Identity,
        *,
        cache: Path | None = None,
        providers: Providers | None = None,
    ) -> "Archive":
        """The archive of a store. `cache` is the folder of the index (the user's cache folder by default); `providers`
        carries the operator's own hosts. Raises `InputError` where there is no store."""
        place = location if isinstance(location, Location) else Location.parse(location)
        path, key = _index_file(place, identity, cache)
        return cls(place, identity, Index.open(path, key), providers)

    @staticmethod
    def discard(location: Location, identity: Identity, cache: Path | None = None) -> None:
        """Delete the index of a store, while no archive is open; the next one fills it from what the ledgers give."""
        remove(_index_file(location, identity, cache)[0])

    @property
    def index_path(self) -> Path:
        """The file of the index; it may be deleted while no archive is open."""
        return self._index.path

    def close(self) -> None:
        """Close the index. Nothing may be running."""
        self._index.close()

    # --- keeping up ---------------------------------------------------------------------------------------------

    def refresh(self, progress: Progress | None = None) -> int:
        """Take new records of all ledgers into the index; how many there were.

        Broken off (also by an exception of `progress`), it goes on from the last whole batch the next time. Raises
        `CheckFailed` where a record was altered.
        """
        with self._refreshing:
            news = self._news()
            total, done = sum(tail - start for start, tail in news.values()), 0
            for ledger, (start, tail) in news.items():
                records = self._reader.records(ledger, start)
                for portion in projection.portions(records, ledger, BATCH):
                    with self._index.writing() as connection:
                        projection.take(connection, portion)
                    done += len(portion.records)
                    if progress:
                        progress(min(done, total), total)
                self._taken[ledger] = tail
                if tail // BATCH > start // BATCH:
                    self._index.analyze()
            return done

    def _news(self) -> dict[str, tuple[int, int]]:
        """Ledgers that grew: the last record taken, and the newest leaf."""
        tails = self._reader.tail()
        with self._index.reading() as connection:
            cursors = {ledger: projection.cursor(connection, ledger) for ledger in tails}
        return {
            ledger: (cursors[ledger], tail)
            for ledger, tail in tails.items()
            if tail > max(cursors[ledger], self._taken.get(ledger, 0))
        }

    def interrupt(self, thread: int | None = None) -> None:
        """Cancel the reads under way in all threads, or in the one of this identifier (`threading.get_ident`):
        `Interrupted` is raised there. Refreshing goes on."""
        self._index.interrupt(thread)

    def known(self, exchanges: Iterable[str]) -> set[str]:
        """Which of these exchange ids are recorded already (as far as the index is refreshed)."""
        with self._index.reading() as connection:
            return projection.known(connection, list(exchanges))

    # --- fingerprints -------------------------------------------------------------------------------------------

    def fingerprinter(self) -> Fingerprinter:
        """Makes fingerprints as the store's gateways do."""
        return Fingerprinter(Pseudonyms(self._identity.pseudonym_key).subkey(FINGERPRINTS))

    def holders(self, wanted: Sequence[Hashes]) -> list[Counter[str]]:
        """For each of some sets of fingerprints the calls that hold some of them, by their ids, and how many each
        holds; the fingerprints of all calls are read once, or asked by SQL after `compare_on`."""
        if not any(len(one) for one in wanted):
            return [Counter() for _ in wanted]
        if self._comparison is None:
            with self._index.reading() as connection:
                return sharing.holders(connection, wanted)
        found = self._comparison.holders(wanted)
        with self._index.reading() as connection:
            return [sharing.named(connection, counts) for counts in found]

    def compare_on(self, url: str) -> None:
        """Have fingerprints compared by SQL, in a PostgreSQL database of the auditors' own. `holders` copies there what
        it lacks; the next time it, too, raises what the server does. Raises `InputError` where the URL is of none."""
        from auditor.archive.comparison import Comparison  # few need the server's driver

        key = self._identity.index_key(self.location.facts().id)
        self._comparison = Comparison(url, self._index, key)

    def not_fingerprinted(self) -> list[str]:
        """The ids of calls that have no fingerprints."""
        with self._index.reading() as connection:
            return sharing.without(connection)

    @property
    def analysed(self) -> Analysed:
        """How far an analysis came."""
        return Analysed(self._index)

    # --- lists --------------------------------------------------------------------------------------------------

    def listing(self, filter_: Filter | None = None, sort: Sort | None = None) -> Listing:
        """The calls of a filter in an order (newest first), with any row at once, as of now."""
        return Listing(self._index, filter_ or Filter(), sort)

    def calls(
        self, filter_: Filter | None = None, sort: Sort | None = None, limit: int | None = None
    ) -> Iterator[Call]:
        """The calls of a filter, one after the other, a page in memory at a time."""
        listing = self.listing(filter_, sort)
        count = len(listing) if limit is None else min(limit, len(listing))
        for offset in range(0, count, PAGE):
            yield from listing.page(offset, min(PAGE, count - offset))

    def count(self, filter_: Filter | None = None) -> int:
        """How many calls a filter lets through."""
        return self.listing(filter_).count

    def call(self, id_: str) -> Call:
        """One call. Raises `InputError` where there is none of this id."""
        return self._found(id_)[id_][0]

    def place(self, id_: str) -> Place:
        """Where a call's record lies. Raises `InputError` where there is none of this id."""
        return self._found(id_)[id_][1]

    def leaf(self, place: Place) -> str:
        """The leaf hash of a record, in hex: what the ledger's checkpoints commit to."""
        with self._opening:
            return self._content_reader.leaf(place.ledger, place.seq).hex()

    def _found(self, *ids: str) -> dict[str, tuple[Call, Place]]:
        with self._index.reading() as connection:
            found = content.places(connection, ids)
        missing = next((id_ for id_ in ids if id_ not in found), None)
        if missing is not None:
            raise InputError(f"There is no call {missing}.", "List calls with `auditor calls`.")
        return found

    def suggest(self, text: str, cursor: int | None = None) -> tuple[Suggestion, ...]:
        """What could stand at the cursor of a filter's text, with the number of calls; see `suggestions`."""
        with self._index.reading() as connection:
            return suggestions.suggest(connection, text, len(text) if cursor is None else cursor)

    # --- figures ------------------------------------------------------------------------------------------------

    def histogram(
        self,
        filter_: Filter | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        buckets: int = 120,
    ) -> Histogram:
        """Calls over time by outcome, in at most `buckets` bars; the whole span of the calls where no end is given."""
        with self._index.reading() as connection:
            return charts.histogram(connection, filter_ or Filter(), since, until, buckets, datetime.now(UTC))

    def summary(self, since: datetime | None = None, until: datetime | None = None) -> Summary:
        """Sums over whole days (UTC), or over all time."""
        with self._index.reading() as connection:
            return charts.summary(connection, since, until)

    def top(
        self, dimension: str, since: datetime | None = None, until: datetime | None = None, limit: int = 10
    ) -> tuple[Share, ...]:
        """The values of one of `charts.DIMENSIONS` with the most calls."""
        with self._index.reading() as connection:
            return charts.top(connection, dimension, since, until, limit)

    def status(self) -> tuple[LedgerStatus, ...]:
        """The account of completeness of every ledger."""
        with self._index.reading() as connection:
            standings = Standing.all(connection)
            return tuple(account(connection, one, self._checkpoint(one.name)) for one in standings)

    def gaps(self) -> list[GapRecord]:
        """The gap records of all ledgers, as far as the index is refreshed."""
        with self._index.reading() as connection:
            return gap_records(connection)

    def _checkpoint(self, ledger: str) -> datetime | None:
        with self._opening:
            here = ledger in self._content_reader.ledgers()
            newest = self._content_reader.newest_checkpoint(ledger) if here else None
        return None if newest is None else moment(newest.at_ms * 1000)

    # --- content ------------------------------------------------------------------------------------------------

    def content(
        self,
        ids: Iterable[str],
        reason: str,
        *,
        action: str = "read",
        scope: str | None = None,
        unmasked: bool = False,
        second: Identity | None = None,
    ) -> Iterator[Opened]:
        """What was said in these calls, in their order. The access is recorded before this returns.

        `unmasked`: it will be shown as it is, which may take a `second` person (see `reveal`). Raises `InputError` for
        an empty reason or an unknown id, `UnlockError` without the second person, and what the ledger's writer raises:
        then nothing is opened.
        """
        wanted = list(ids)
        self._found(*wanted)
        record = content.access(self._identity.name, action, reason, wanted, scope)
        if unmasked:
            record = reveal.approved(record, self.location.facts(), self._identity, second)
        content.write_access(self.location, self._identity, record)
        return self._opened(wanted, unmasked=unmasked)

    def names(self, actor: str, reason: str, *, second: Identity | None = None) -> list[Revealed]:
        """Who stands behind a pseudonym, or the beginning of one. The access is recorded before anything is opened.

        Raises `InputError` where nobody is recorded behind it, and as `content`.
        """
        with self._index.reading() as connection:
            known = reveal.actors(connection, actor)
        if len(known) != 1:
            what = f"Several actors begin with {actor}" if known else f"Nobody is recorded behind {actor}"
            raise InputError(f"{what}.", "Pseudonyms stand in `auditor calls`: a-….")
        record = content.access(self._identity.name, reveal.REVEAL, reason, (), None)
        record = msgspec.structs.replace(record, actor=known[0])
        record = reveal.approved(record, self.location.facts(), self._identity, second)
        content.write_access(self.location, self._identity, record)
        with self._opening, self._index.reading() as connection:
            return reveal.names_behind(connection, self._content_reader, known[0])

    def _opened(self, ids: list[str], *, unmasked: bool) -> Iterator[Opened]:
        opened = content.open_content(self._index, self._content_reader, self._providers, ids, unmasked=unmasked)
        while True:
            with self._opening:
                one = next(opened, None)
            if one is None:
                return
            yield one

    @property
    def _providers(self) -> Providers:
        if self._given_providers is None:
            self._given_providers = Providers.load()
        return self._given_providers

    def access_log(self) -> list[Record]:
        """Who read what and why, newest first, as far as the index is refreshed; each record's meta is an `Access`."""
        with self._index.reading() as connection:
            return content.access_log(connection)

    # --- findings -----------------------------------------------------------------------------------------------

    @property
    def index(self) -> Index:
        """The index itself, for analyses that ask questions of their own of it."""
        return self._index

    def cases(
        self,
        *,
        states: Sequence[State] = (),
        levels: Sequence[Level] = (),
        clause: str | None = None,
        call: str | None = None,
    ) -> list[Case]:
        """Findings with their casework, the last seen first: in these states, of these levels, on this clause, resting
        on this call, where given."""
        now = datetime.now(UTC)
        with self._index.reading() as connection:
            listed = [case.at(now) for case in cases.listed(connection, levels, clause, call)]
        return [case for case in listed if not states or case.finding.status in states]

    def case(self, id_: str) -> Case:
        """One finding by its id or the beginning of it. Raises `InputError` where none, or several, begin so."""
        with self._index.reading() as connection:
            found = cases.beginning_with(connection, id_) if id_ else []
        if len(found) != 1:
            what = f"Several findings begin with {id_}" if found else f"There is no finding {id_}"
            raise InputError(f"{what}.", "List findings with `auditor findings`.")
        return found[0].at(datetime.now(UTC))

    def report(self, found: Iterable[Finding]) -> Tally:
        """Record what an analysis found, as far as it is news; the index is refreshed then. Raises what the ledger's
        writer raises."""
        tally = Casework(self.location, self._identity, self._index).report(found)
        self.refresh()
        return tally

    def triage(self, id_: str, step: Step) -> Case:
        """Take a step with a finding, in the name of this identity; the case after it. Raises `InputError` where the
        step may not be taken."""
        case = self.case(id_)
        Casework(self.location, self._identity, self._index).step(case, step)
        self.refresh()
        return self.case(case.finding.id)


def _index_file(location: Location, identity: Identity, cache: Path | None) -> tuple[Path, bytes]:
    """Where the index of a store is, and its key; the name tells nothing without the identity."""
    store_id = location.facts().id
    key = identity.index_key(store_id)
    name = hashlib.blake2b(store_id.encode(), key=key, digest_size=16).hexdigest()
    folder = cache or platformdirs.user_cache_path("ai-usage-auditor") / "index"
    return folder / f"{name}.db", key
