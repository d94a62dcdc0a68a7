"""This file decides how Alembic reaches the database: over the connection `database.migrate` hands it."""

from alembic import context

from ivr_engine.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
