"""How a call went, as its agent says."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for calls of which nobody said anything."""
    op.add_column("calls", sa.Column("disposition", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("calls", "disposition")
