"""Calls also tell where the caller's number belongs, and the arms of the experiments he was in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns. Older calls have neither."""
    op.add_column("calls", sa.Column("region", sa.Text, nullable=False, server_default=""))
    op.add_column("calls", sa.Column("arms", sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("calls", "arms")
    op.drop_column("calls", "region")
