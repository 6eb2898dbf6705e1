"""The search index of filed records: two neighbouring characters are one term.

Hides that SQLite has FTS5 and PostgreSQL a tsvector, since both cut words at spaces, which Chinese has not, and FTS5's
own trigrams do not find a name of two characters. A term is stored as letters under the key (`Keyring.blind`): the
index tells no word, only that two records share one. Called by the store's parts inside their transactions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import column, false, select, table, text
from sqlalchemy.engine import Connection

from bot.intake.reading.plain import plain
from bot.keys import FIRST, Keyring
from bot.personal import drop_terms
from bot.sealed import ring_of

#: Terms of one record in the search index; a tsvector holds a megabyte.
TERMS = 40_000
#: Stands between runs in FTS5, so that no phrase reaches over a comma; a blind term has four letters or ten.
GAP = "gap"
_RUN = re.compile(r"\w+")
_WORDS = table("case_words", column("record_id"), column("words"))


def index_words(connection: Connection, record: int, words: str) -> None:
    """Put the words of a record into the search index, in place of what was there."""
    drop_terms(connection, record)
    blind = ring_of(connection.dialect).first.blind
    terms = [term and blind(term) for run in _runs(words) for term in (*_terms(run), "")][:TERMS]
    if connection.dialect.name == "sqlite":
        indexed = " ".join(term or GAP for term in terms)
        connection.execute(text("INSERT INTO case_words(rowid, words) VALUES (:r, :w)"), {"r": record, "w": indexed})
    else:
        vector = " ".join(f"'{term}':{min(at, 16_383)}" for at, term in enumerate(terms, 1) if term)
        insert = text("INSERT INTO case_words(record_id, words) VALUES (:r, CAST(:w AS tsvector))")
        connection.execute(insert, {"r": record, "w": vector})


def with_words(record: Any, words: str, lite: bool, ring: Keyring) -> Any:
    """The condition that the record of a column has all `words`; `lite`: on SQLite."""
    asked = [_terms(run) for run in _runs(words)]
    if not asked:
        return false()
    # While a key is being changed, some records have their terms under the old one.
    by_key = [[[key.blind(term) for term in run] for run in asked] for key in ring.keys]
    if lite:
        spelt = [" AND ".join(_fts(run) for run in runs) for runs in by_key]
        found = text("SELECT rowid FROM case_words WHERE case_words MATCH :asked")
        found = found.bindparams(asked=" OR ".join(f"({one})" for one in spelt)).columns(column("rowid"))
        return record.in_(found)
    spelt = [" & ".join(f"({_tsquery(run)})" for run in runs) for runs in by_key]
    condition = text("case_words.words @@ CAST(:asked AS tsquery)")
    condition = condition.bindparams(asked=" | ".join(f"({one})" for one in spelt))
    return record.in_(select(_WORDS.c.record_id).where(condition))


def _fts(run: Sequence[str]) -> str:
    return f'"{run[0]}"*' if len(run[0]) == FIRST else '"' + " ".join(run) + '"'


def _tsquery(run: Sequence[str]) -> str:
    return f"'{run[0]}':*" if len(run[0]) == FIRST else " <-> ".join(f"'{term}'" for term in run)


def _runs(words: str) -> list[str]:
    """Letters and figures that stand together, simplified, in lower case."""
    return _RUN.findall(plain(words).lower().replace("_", " "))


def _terms(run: str) -> list[str]:
    """Every two neighbours of a run; a single character is a term of its own.

    >>> _terms("王小兰"), _terms("王")
    (['王小', '小兰'], ['王'])
    """
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
