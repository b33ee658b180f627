# SPDX-License-Identifier: Apache-2.0
"""The tables of a ledger, the same on SQLite and PostgreSQL. Rows are only ever inserted.

Two exceptions: a writer replaces its newest checkpoint until it has stood for a second, and an erasure empties a
record's blobs and its segment's footer (the leaf hashes stay). Every column is plain and signed, or sealed; see
each table. Sequence numbers of a ledger are the leaf numbers of its tree: headers and footers take one each.

A file holds one ledger, so SQLite's own row numbers are those of the records: an index of them would be one page more
in every commit. Files that were begun before (version 0002 and earlier) have it, and keep it.
"""

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


class Blob(LargeBinary):
    """Bytes as the driver gives them: what a tampered file holds instead, readers refuse and never convert."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """No conversion."""
        return


def _key(name: str, kind: type[Text] | type[BigInteger]) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


ledger = Table(  # plain; signed by an auditor
    "ledger",
    metadata,
    _key("ledger", Text),
    Column("store", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("enrol_key", Blob, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("signature", Blob, nullable=False),
)

epoch = Table(  # plain; signed by an auditor
    "epoch",
    metadata,
    _key("epoch", Text),
    _key("recipient", Text),
    Column("purpose", Text, nullable=False),
    Column("store", Text, nullable=False),
    Column("suite", Text, nullable=False),
    Column("public_key", Blob, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("not_after", BigInteger, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("signature", Blob, nullable=False),
)

segment = Table(  # the header: plain; `prev_sig` is by the key of the segment before; leaf `first_seq`
    "segment",
    metadata,
    _key("ledger", Text),
    _key("seg", BigInteger),
    Column("format", Integer, nullable=False),
    Column("suite", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("opened_min", BigInteger, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("frontier", Blob, nullable=False),
    Column("key_commit", Blob, nullable=False),
    Column("wrap_digest", Blob, nullable=False),
    Column("sign_pk", Blob, nullable=False),
    Column("prev_sig", Blob, nullable=False),
)

segment_key = Table(  # the segment's secrets, sealed (HPKE) to a recipient each; the header commits to all of them
    "segment_key",
    metadata,
    _key("ledger", Text),
    _key("seg", BigInteger),
    _key("recipient", Text),
    Column("wrapped", Blob, nullable=False),
)

segment_footer = Table(  # all metadata of a closed segment in sealed blocks; leaf `last_seq`
    "segment_footer",
    metadata,
    _key("ledger", Text),
    _key("seg", BigInteger),
    Column("last_seq", BigInteger, nullable=False),
    Column("leaf", Blob, nullable=False),
    Column("footer", Blob),
)

record = Table(  # meta and body sealed; `leaf` covers their place and ciphertext
    "record",
    metadata,
    Column("ledger", Text, nullable=False),
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("seg", BigInteger, nullable=False),
    Column("leaf", Blob, nullable=False),
    Column("meta", Blob),
    Column("body", Blob),
)

segment_index = Table(  # sealed search index, by bucket of tokens
    "segment_index",
    metadata,
    _key("ledger", Text),
    _key("seg", BigInteger),
    _key("bucket", BigInteger),
    Column("blob", Blob, nullable=False),
)

checkpoint = Table(  # plain; a C2SP note signed by the segment's key
    "checkpoint",
    metadata,
    _key("ledger", Text),
    _key("size", BigInteger),
    Column("seg", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,  # written by every commit: one page less in each
)

erasure = Table(  # plain; an auditor signed (`facts.Erased`) that leaf `seq` lost its content
    "erasure",
    metadata,
    _key("ledger", Text),
    _key("seq", BigInteger),
    Column("by_ledger", Text, nullable=False),
    Column("by_seq", BigInteger, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("signature", Blob, nullable=False),
)

Index("segment_by_leaf", segment.c.ledger, segment.c.first_seq)
Index("segment_footer_by_leaf", segment_footer.c.ledger, segment_footer.c.last_seq)
