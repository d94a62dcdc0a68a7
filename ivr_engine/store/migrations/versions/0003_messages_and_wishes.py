"""What callers left: messages, and wishes to be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "messages",
        sa.Column("message", sa.Text, primary_key=True),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("left_at", sa.Double, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("heard_at", sa.Double),
        sa.Column("heard_by", sa.Text),
    )
    op.create_index("ix_messages_heard_at", "messages", ["heard_at"])
    op.create_table(
        "wishes",
        sa.Column("wish", sa.Text, primary_key=True),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.Double),
        sa.Column("tried_by", sa.Text),
        sa.Column("done_at", sa.Double),
        sa.Column("result", sa.Text),
    )
    op.create_index("ix_wishes_done_at", "wishes", ["done_at"])


def downgrade() -> None:
    """Remove both tables."""
    op.drop_table("wishes")
    op.drop_table("messages")
