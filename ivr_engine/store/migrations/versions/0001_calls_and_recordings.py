"""Calls and recordings. Written out here, not taken from tables.py: a migration never changes afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "calls",
        sa.Column("call", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("arrived_at", sa.Double, nullable=False),
        sa.Column("ended_at", sa.Double, nullable=False),
        sa.Column("queue", sa.Text),
        sa.Column("enqueued_at", sa.Double),
        sa.Column("connected_at", sa.Double),
        sa.Column("pool", sa.Text),
        sa.Column("seat", sa.Text),
        sa.Column("offers", sa.Integer, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("steps", sa.JSON, nullable=False),
    )
    op.create_index("ix_calls_arrived_at", "calls", ["arrived_at"])
    op.create_table(
        "recordings",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("sealed_at", sa.Double, nullable=False),
    )
    op.create_index("ix_recordings_call", "recordings", ["call"])


def downgrade() -> None:
    """Remove both tables."""
    op.drop_table("recordings")
    op.drop_table("calls")
