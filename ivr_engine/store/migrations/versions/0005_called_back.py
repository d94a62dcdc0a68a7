"""Which wish to be called back a call has fulfilled."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which is empty for calls that callers made."""
    op.add_column("calls", sa.Column("wish", sa.Text))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("calls", "wish")
