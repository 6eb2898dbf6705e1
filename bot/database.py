"""The open database: connecting, migrating, one transaction at a time.

Hides engine, SQLite's pragmas and Alembic. The parts of the store (`store`, `store_staff`, `store_queue`) stand on it;
nobody else does. SQLite in a file by default (WAL, foreign keys on), PostgreSQL by URL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import OperationalError
from typing_extensions import Self

#: A frozen dataclass of the store.
Drawn = TypeVar("Drawn")


class StoreError(RuntimeError):
    """The database cannot be used; the message says so in plain Chinese. The cause is chained."""


class Database:
    """An engine with migrated tables. Open with `open(url)`; every public method of a part is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect and migrate to the newest schema. Raises StoreError when the database cannot be opened or written."""
        try:
            parsed = make_url(url)
            lite = parsed.get_backend_name() == "sqlite"
            if lite and parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            # hide_parameters: an error's message must not carry her words into a log
            engine = create_engine(url, future=True, pool_pre_ping=not lite, hide_parameters=True)
            if lite:
                event.listen(engine, "connect", _prepare_sqlite)
            with engine.begin() as connection:
                _migrate(connection)
        except Exception as error:
            raise StoreError(f"数据库打不开或写不进去：{_where(url)}") from error
        return cls(engine)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return str(self._engine.dialect.name) == "sqlite"

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError("数据库现在写不进去，您刚才说的话还没有存下来，请稍等再发一次。") from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError("资料库现在打不开，请过一会儿再试。您已经说过的都还在。") from error


def drawn(kind: type[Drawn], row: Any, **otherwise: Any) -> Drawn:
    """A frozen dataclass from a row that has a column for each of its fields, but for those given by name."""
    named = {field.name for field in fields(cast(Any, kind))} - set(otherwise)
    return kind(**{name: getattr(row, name) for name in named}, **otherwise)


def hashed(token: str) -> str:
    """SHA-256 of a random token: what lies in the database opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def _where(url: str) -> str:
    try:
        return str(make_url(url).database)
    except Exception:
        return "地址写错了"


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA secure_delete=ON")  # deleted words are overwritten, not only unlinked
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = Config(str(Path(__file__).with_name("alembic.ini")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
