# SPDX-License-Identifier: Apache-2.0
"""Segments are found by their leaf numbers: who follows a ledger asks for what came after a leaf, many times."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Index headers and footers by the leaf they take."""
    op.create_index("segment_by_leaf", "segment", ["ledger", "first_seq"])
    op.create_index("segment_footer_by_leaf", "segment_footer", ["ledger", "last_seq"])


def downgrade() -> None:
    """Without those indexes."""
    op.drop_index("segment_footer_by_leaf", "segment_footer")
    op.drop_index("segment_by_leaf", "segment")
