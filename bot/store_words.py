"""The search index of filed records: two neighbouring characters are one term.

Hides that SQLite has FTS5 and PostgreSQL a tsvector, since both cut words at spaces, which Chinese has not, and FTS5's
own trigrams do not find a name of two characters. Called by the store's parts inside their transactions.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import column, false, select, table, text
from sqlalchemy.engine import Connection

from bot.intake.reading.plain import plain
from bot.personal import drop_terms

#: Terms of one record in the search index; a tsvector holds a megabyte.
TERMS = 40_000
#: Stands between runs in FTS5, so that no phrase reaches over a comma; no term has three letters.
GAP = "gap"
_RUN = re.compile(r"\w+")
_WORDS = table("case_words", column("record_id"), column("words"))


def index_words(connection: Connection, record: int, words: str) -> None:
    """Put the words of a record into the search index, in place of what was there."""
    drop_terms(connection, record)
    terms = [term for run in _runs(words) for term in (*_terms(run), "")][:TERMS]
    if connection.dialect.name == "sqlite":
        indexed = " ".join(term or GAP for term in terms)
        connection.execute(text("INSERT INTO case_words(rowid, words) VALUES (:r, :w)"), {"r": record, "w": indexed})
    else:
        vector = " ".join(f"'{term}':{min(at, 16_383)}" for at, term in enumerate(terms, 1) if term)
        insert = text("INSERT INTO case_words(record_id, words) VALUES (:r, CAST(:w AS tsvector))")
        connection.execute(insert, {"r": record, "w": vector})


def with_words(record: Any, words: str, lite: bool) -> Any:
    """The condition that the record of a column has all `words`; `lite`: on SQLite."""
    asked = [_terms(run) for run in _runs(words)]
    if not asked:
        return false()
    if lite:
        phrases = [f'"{run[0]}"*' if len(run[0]) == 1 else '"' + " ".join(run) + '"' for run in asked]
        found = text("SELECT rowid FROM case_words WHERE case_words MATCH :asked")
        found = found.bindparams(asked=" AND ".join(phrases)).columns(column("rowid"))
        return record.in_(found)
    phrases = [f"'{run[0]}':*" if len(run[0]) == 1 else " <-> ".join(f"'{t}'" for t in run) for run in asked]
    query = " & ".join(f"({phrase})" for phrase in phrases)
    condition = text("case_words.words @@ CAST(:asked AS tsquery)").bindparams(asked=query)
    return record.in_(select(_WORDS.c.record_id).where(condition))


def _runs(words: str) -> list[str]:
    """Letters and figures that stand together, simplified, in lower case."""
    return _RUN.findall(plain(words).lower().replace("_", " "))


def _terms(run: str) -> list[str]:
    """Every two neighbours of a run; a single character is a term of its own.

    >>> _terms("王小兰"), _terms("王")
    (['王小', '小兰'], ['王'])
    """
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
