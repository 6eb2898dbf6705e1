"""The open database: connecting, migrating, one transaction at a time.

Hides engine, SQLite's pragmas and Alembic. The parts of the store (`store`, `store_staff`, `store_queue`) stand on it;
nobody else does. SQLite in a file by default (WAL, foreign keys on), PostgreSQL by URL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, func, inspect, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool
from typing_extensions import Self

from bot.keys import Keyring, KeysError
from bot.sealed import RING, ring_of
from bot.tables import key_marks, records

#: Where the keys of a database lie that is not a file, unless the settings say otherwise.
KEY_FILE = Path(__file__).resolve().parent.parent / "var" / "fenzhen.keys"
#: The database is away, locked, full, or all its connections are taken: it comes back by itself.
AWAY = (OperationalError, InterfaceError, NoConnection)
#: PostgreSQL: seconds to connect; a server that went without a word is noticed within a minute (libpq's own names).
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}
#: jit: compiling a query costs more than these short ones take.
SERVER: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_timeout": 10,
    "connect_args": {**PATIENCE, "options": "-c jit=off"},
}
#: SQLite in a file: connections are kept open (SQLAlchemy 1.4 opens one for each transaction, with all its pragmas).
LITE: dict[str, Any] = {
    "poolclass": QueuePool,
    "pool_size": 8,
    "max_overflow": 40,
    "pool_timeout": 10,
    "connect_args": {"check_same_thread": False},
}
#: A frozen dataclass of the store.
Drawn = TypeVar("Drawn")


class StoreError(RuntimeError):
    """The database cannot be used; the message says so in plain Chinese. The cause is chained."""


class Database:
    """An engine with migrated tables. Open with `open(url)`; every public method of a part is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str, keys: Keyring | None = None) -> Self:
        """Connect and migrate to the newest schema. `keys`: by default in a file beside a SQLite file (`desk.keys`
        beside `desk.db`), made when nothing lies under any key yet.

        Raises StoreError when the database cannot be opened or written, or is sealed under keys that are not there;
        then nothing was changed.
        """
        try:
            parsed = make_url(url)
            lite = parsed.get_backend_name() == "sqlite"
            if lite and parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            # hide_parameters: an error's message must not carry her words into a log
            own_file = lite and parsed.database not in (None, "", ":memory:")
            more = LITE if own_file else {} if lite else SERVER
            engine = create_engine(url, future=True, hide_parameters=True, **more)
            if lite:
                event.listen(engine, "connect", _prepare_sqlite)
            ring = keys or _ring_beside(parsed.database if lite else None, lite)
            setattr(engine.dialect, RING, ring)
            with engine.begin() as connection:
                _fit(connection, ring)
                _migrate(connection)
                mark(connection, ring)
        except KeysError as error:
            raise StoreError(str(error)) from error
        except Exception as error:
            raise StoreError(f"数据库打不开或写不进去：{_where(url)}") from error
        return cls(engine)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @property
    def _keys(self) -> Keyring:
        return ring_of(self._engine.dialect)

    @property
    def _is_sqlite(self) -> bool:
        return str(self._engine.dialect.name) == "sqlite"

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except AWAY as error:
            raise StoreError("数据库现在写不进去，您刚才说的话还没有存下来，请稍等再发一次。") from error
        except (KeysError, StatementError) as error:
            raise _locked(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except AWAY as error:
            raise StoreError("资料库现在打不开，请过一会儿再试。您已经说过的都还在。") from error
        except (KeysError, StatementError) as error:
            raise _locked(error) from error


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


def _locked(error: Exception) -> Exception:
    """What a value that cannot be sealed or opened is told as; any other error stays itself."""
    cause = error.orig if isinstance(error, StatementError) else error
    return StoreError(str(cause)) if isinstance(cause, KeysError) else error


def _ring_beside(database: str | None, lite: bool) -> Keyring:
    if lite and database in (None, "", ":memory:"):
        return Keyring.fresh()
    return Keyring.at(Path(str(database)).with_suffix(".keys") if lite else KEY_FILE)


def _fit(connection: Connection, ring: Keyring) -> None:
    """Make a first key for a database that has nothing sealed; refuse keys that cannot open one that has."""
    marked = set()
    if inspect(connection).has_table(key_marks.name):
        marked = set(connection.execute(select(key_marks.c.name)).scalars())
    missing = sorted(marked - {key.name for key in ring.keys})
    if missing:
        raise KeysError(
            f"资料是用钥匙 {'、'.join(missing)} 锁着的，在 {ring.where} 里没有找到。"
            "请把原来的钥匙文件从备份放回去再开（设置 FENZHEN_KEY_FILE 可以写它在哪里）。数据库没有动过。"
        )
    if not ring.keys:
        ring.make()


def mark(connection: Connection, ring: Keyring) -> None:
    """Note the sealing key, before anything lies under it."""
    name = ring.first.name
    if connection.execute(select(key_marks.c.name).where(key_marks.c.name == name)).first() is None:
        last = connection.execute(select(func.max(records.c.id))).scalar() or 0
        connection.execute(key_marks.insert().values(name=name, made_at=datetime.now(), to_index=last))


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
