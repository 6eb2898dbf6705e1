"""The store's part on keys: sealing anew what lies under another key or under none, and telling how much that is.

Hides how a sealed value looks inside a column. Every batch is one transaction, and a value is only replaced if it is
still the one that was read: a desk may serve meanwhile, and a run that was killed goes on where it stood, because what
is left to do is read from the values themselves. Called by `python -m bot keys` and by the daily job of `serve`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.sql.schema import Column, Table

from bot.database import Database, mark
from bot.intake.cases import searchable
from bot.keys import SEALED, Keyring, KeysError
from bot.sealed import SealedJson, SealedText
from bot.store_words import index_words
from bot.tables import key_marks, metadata, records

#: Rows sealed anew in one transaction: short, so that nobody who writes meanwhile waits long.
BATCH = 300
#: What lies under no key is counted under this name.
OPEN = ""
#: Length of "fz1$" and a key's name.
_START = 12


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch did: the table, values sealed anew, values that could not be opened (damaged, or no key)."""

    table: str
    sealed: int
    lost: int


class KeyRows(Database):
    """Sealed values, whatever table they lie in."""

    @property
    def keys(self) -> Keyring:
        """The ring by which this database is sealed."""
        return self._keys

    def mark_keys(self) -> None:
        """Note the sealing key after it was made, so that no desk opens without it."""
        with self._writing() as connection:
            mark(connection, self._keys)

    def seal_anew(self, batch: int = BATCH, files_lost: int = 0) -> Iterator[Step]:
        """Seal everything under the first key that is not, then the search index; step by step.

        At the end keys under which nothing lies any more are no longer asked for at opening; files are sealed anew
        before (`files_lost`: some could not be).
        """
        lost = files_lost
        for table in sealed_tables():
            last: Any = 0
            while last is not None:
                last, step = self._seal_batch(table, last, batch)
                lost += step.lost
                yield step
        yield from self._index_anew(batch)
        if not lost:
            self._settle_marks()

    def sealed_under(self) -> dict[str, Counter[str]]:
        """How many values of each table lie under which key (its name; OPEN: under none). Reads everything once."""
        found: dict[str, Counter[str]] = {}
        with self._reading() as connection:
            for table in sealed_tables():
                counted: Counter[str] = Counter()
                for column in sealed_columns(table):
                    raw = cast(column, Text)
                    start = func.substr(raw, 2 if isinstance(column.type, SealedJson) else 1, _START)
                    for row in connection.execute(select(start, func.count()).where(_held(column)).group_by(start)):
                        named = str(row[0]).startswith("fz1$")
                        counted[str(row[0])[4:_START] if named else OPEN] += row[1]
                found[table.name] = counted
        return found

    def terms_to_index(self) -> int:
        """Records whose search terms may still lie under another key."""
        return self._to_index(self._keys.first.name)

    def _to_index(self, name: str) -> int:
        with self._reading() as connection:
            return int(connection.execute(select(key_marks.c.to_index).where(key_marks.c.name == name)).scalar() or 0)

    def _seal_batch(self, table: Table, last: int, batch: int) -> tuple[int | None, Step]:
        (number,) = table.primary_key.columns
        columns, name = sealed_columns(table), self._keys.first.name
        raws = [cast(column, Text).label(column.name) for column in columns]
        stale = or_(*(_elsewhere(column, name) for column in columns))
        query = select(number.label("number_"), *raws).where(number > last, stale).order_by(number).limit(batch)
        sealed = lost = 0
        with self._writing() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                same, fresh = [number == row.number_], {}
                for column in columns:
                    raw = row._mapping[column.name]
                    if raw is None or _is_under(raw, name):
                        continue
                    try:
                        fresh[column.name] = self._opened(column, raw)
                    except KeysError:
                        lost += 1
                        continue
                    same.append(cast(column, Text) == raw)
                if fresh and connection.execute(table.update().where(*same).values(**fresh)).rowcount:
                    sealed += len(fresh)
        return (rows[-1].number_ if len(rows) == batch else None), Step(table.name, sealed, lost)

    def _opened(self, column: Column[Any], raw: str) -> Any:
        """The value of a column as it was put in, from its raw text."""
        if isinstance(column.type, SealedText):
            return self._keys.open(raw)
        value = json.loads(raw)
        if isinstance(value, str) and SEALED.fullmatch(value):
            return json.loads(self._keys.open(value))
        return value

    def _index_anew(self, batch: int) -> Iterator[Step]:
        """The search terms of records, from the newest down; how far it came is kept with each batch."""
        name = self._keys.first.name
        mine = key_marks.update().where(key_marks.c.name == name)
        while below := self._to_index(name):
            query = select(records.c.id, records.c.document).where(records.c.id <= below)
            with self._writing() as connection:
                rows = connection.execute(query.order_by(records.c.id.desc()).limit(batch)).all()
                for row in rows:
                    if row.document:
                        index_words(connection, row.id, searchable(row.document))
                down = rows[-1].id - 1 if len(rows) == batch else 0
                connection.execute(mine.values(to_index=down))
            yield Step("case_words", len(rows), 0)

    def _settle_marks(self) -> None:
        used = {name for counted in self.sealed_under().values() for name in counted}
        first = self._keys.first.name
        with self._writing() as connection:
            connection.execute(key_marks.delete().where(key_marks.c.name != first, key_marks.c.name.not_in(used)))


def sealed_tables() -> list[Table]:
    """Tables with sealed columns."""
    return [table for table in metadata.sorted_tables if sealed_columns(table)]


def sealed_columns(table: Table) -> list[Any]:
    """Sealed columns of a table."""
    return [column for column in table.columns if isinstance(column.type, (SealedText, SealedJson))]


def _held(column: Any) -> Any:
    """Whether a column holds something: neither NULL nor, as JSON columns once had it, JSON's null."""
    raw = cast(column, Text)
    return and_(raw.is_not(None), raw != "null") if isinstance(column.type, SealedJson) else raw.is_not(None)


def _elsewhere(column: Any, name: str) -> Any:
    quote = '"' if isinstance(column.type, SealedJson) else ""
    return and_(_held(column), cast(column, Text).not_like(f"{quote}fz1${name}$%"))


def _is_under(raw: str, name: str) -> bool:
    return raw.lstrip('"').startswith(f"fz1${name}$")
