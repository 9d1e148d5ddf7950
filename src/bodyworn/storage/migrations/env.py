"""Alembic's entry: runs the migrations on the connection that :func:`bodyworn.storage.migrations.upgrade` hands in."""

from alembic import context

from bodyworn.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction covers all of it
)
context.run_migrations()
