"""What figures are made of: how a talk ended, and what agents did."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to the calls, which older calls lack; and the table of spans."""
    op.add_column("calls", sa.Column("talk_ended_at", sa.Double))
    op.add_column("calls", sa.Column("transferred_at", sa.Double))
    op.add_column("calls", sa.Column("overflow", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "agent_spans",
        sa.Column("span", sa.Text, primary_key=True),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("pool", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.Column("call", sa.Text),
        sa.Column("missed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_agent_spans_until", "agent_spans", ["until"])
    op.create_index("ix_agent_spans_call", "agent_spans", ["call"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("agent_spans")
    op.drop_column("calls", "overflow")
    op.drop_column("calls", "transferred_at")
    op.drop_column("calls", "talk_ended_at")
