"""Alembic environment: migrates the connection that `bot.store` hands over, or the URL from the settings."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from bot import tables_releases  # noqa: F401 — its tables stand in the same metadata
from bot.settings import Settings
from bot.tables import is_declared, metadata


def _run(connection: object) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, include_object=is_declared)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine(Settings.from_environment().database, future=True).connect() as opened:
        _run(opened)
