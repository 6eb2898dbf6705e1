"""The store's part on cases: the queue's table, the search index, acts, who saw what.

`records` holds what was filed; `cases` beside it holds the work on it and what the queue filters by, in small rows, so
that a list of 100,000 costs little. `case_words` finds words: two neighbouring characters are one term, in FTS5 on
SQLite and in a tsvector on PostgreSQL, since both cut words at spaces, which Chinese has not, and FTS5's own trigrams
do not find a name of two characters. Called by `casework` and by `store` when a record is filed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, column, exists, false, func, or_, select, table, text
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.intake.cases import CLOSED, due, ground, groups, line, searchable
from bot.intake.reading.plain import plain
from bot.permissions import Scope
from bot.personal import drop_terms
from bot.tables import accounts, acts, cases, facts, messages, parties, records, sights

#: Terms of one record in the search index; a tsvector holds a megabyte.
TERMS = 40_000
#: Stands between runs in FTS5, so that no phrase reaches over a comma; no term has three letters.
GAP = "gap"
_RUN = re.compile(r"\w+")
_WORDS = table("case_words", column("record_id"), column("words"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None or empty: not narrowed. `waiting_before`: unanswered since before then."""

    type: str | None = None
    status: str | None = None
    colour: str | None = None
    area: str | None = None
    group: str | None = None
    mediator: int | None = None
    overdue_at: datetime | None = None
    waiting_before: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the queue. `line` is what `bot.intake.cases.line` gives; `version` grows with each change."""

    id: int
    receipt: str
    status: str
    type: str
    subtype: str | None
    colour: str
    body_id: str | None
    area: str
    mediator_id: int | None
    mediator: str | None
    active_at: datetime
    filed_at: datetime
    waiting_since: datetime | None
    due_at: datetime
    groups: tuple[str, ...]
    line: dict[str, Any]
    version: int
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Done:
    """An act in the history of a case. `change` is {"fact", "before", "after"} of an edit."""

    at: datetime
    who: str
    act: str
    status: str
    why: str | None
    change: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody looked at a case (or was refused: `act`)."""

    at: datetime
    who: str
    role: str
    act: str


class CaseRows(Database):
    """Rows of cases."""

    # —— the queue ——

    def queue(self, scope: Scope, wanted: Wanted, limit: int, after: tuple[datetime, int] | None = None) -> list[Case]:
        """Cases within a scope, newest activity first; `after` is (active_at, id) of the last one of the page before."""
        narrowed = self._narrowed(scope, wanted)
        if after is not None:
            at, id_ = after
            narrowed.append(or_(cases.c.active_at < at, and_(cases.c.active_at == at, cases.c.record_id < id_)))
        newest = (cases.c.active_at.desc(), cases.c.record_id.desc())
        # The numbers first, from the index alone; only these rows are then read.
        numbers = select(cases.c.record_id).where(*narrowed).order_by(*newest).limit(limit)
        with self._reading() as connection:
            found = list(connection.execute(numbers).scalars())
            rows = connection.execute(_rows().where(cases.c.record_id.in_(found)).order_by(*newest)) if found else []
            return [_case(row) for row in rows]

    def counts(self, scope: Scope, wanted: Wanted) -> dict[tuple[str, str, bool], int]:
        """How many cases of the list there are by (status, colour, still unanswered)."""
        waits = cases.c.waiting_since.is_not(None)
        query = select(cases.c.status, cases.c.colour, waits.label("waits"), func.count().label("many"))
        query = query.where(*self._narrowed(scope, wanted)).group_by(cases.c.status, cases.c.colour, waits)
        with self._reading() as connection:
            return {(row.status, row.colour, bool(row.waits)): row.many for row in connection.execute(query)}

    def first_to_see(self, scope: Scope, limit: int) -> list[Case]:
        """Danger that nobody has answered yet (R8): red before orange, the longest waiting first."""
        urgent = [cases.c.colour.in_(("red", "orange")), cases.c.waiting_since.is_not(None)]
        query = _rows().where(*self._within(scope), *urgent)
        query = query.order_by(cases.c.colour.desc(), cases.c.waiting_since, cases.c.record_id).limit(limit)
        with self._reading() as connection:
            return [_case(row) for row in connection.execute(query)]

    def newest(self, scope: Scope, since: str = "") -> tuple[str, int]:
        """A mark of the newest activity within a scope, and how many cases moved since the mark `since`.

        The mark holds the second and how many cases moved in it: two may be filed within one second. ValueError for
        a mark that is none.
        """
        within = self._within(scope)
        with self._reading() as connection:

            def count(*more: Any) -> int:
                query = select(func.count()).select_from(cases).where(*within, *more)
                return int(connection.execute(query).scalar() or 0)

            last = connection.execute(select(func.max(cases.c.active_at)).where(*within)).scalar()
            if last is None:
                return "", 0
            mark = f"{last.isoformat()}#{count(cases.c.active_at == last)}"
            if not since or mark == since:
                return mark, 0
            day, _, known = since.partition("#")
            then = datetime.fromisoformat(day)
            return mark, max(count(cases.c.active_at >= then) - int(known or 0), 0)

    def _within(self, scope: Scope) -> list[Any]:
        reached: list[Any] = []
        if scope.body:
            reached.append(cases.c.body_id == scope.body)
        if scope.area:
            reached.append(cases.c.area == scope.area)
            reached.append(self._under(cases.c.area, scope.area))
        return [or_(*reached) if reached else false()]

    def _under(self, path: Any, area: str) -> Any:
        """Whether a column's slash path lies below an area: on SQLite, which compares bytes, as a range of the index
        ("0" follows "/"); PostgreSQL may sort by a language's rules, where only LIKE is sure."""
        if self._is_sqlite:
            return and_(path > f"{area}/", path < f"{area}0")
        return path.startswith(f"{area}/", autoescape=True)

    def _narrowed(self, scope: Scope, wanted: Wanted) -> list[Any]:
        clauses = self._within(scope)
        for name in ("type", "status", "colour"):
            if getattr(wanted, name):
                clauses.append(cases.c[name] == getattr(wanted, name))
        if wanted.area:
            clauses += self._within(Scope(area=wanted.area))
        if wanted.group:
            clauses.append(cases.c.groups.contains(f",{wanted.group},", autoescape=True))
        if wanted.mediator is not None:
            clauses.append(cases.c.mediator_id == wanted.mediator)
        if wanted.overdue_at is not None:
            clauses += [cases.c.due_at < wanted.overdue_at, cases.c.status.not_in(sorted(CLOSED) or ["-"])]
        if wanted.waiting_before is not None:
            clauses.append(cases.c.waiting_since <= wanted.waiting_before)
        if wanted.words.strip():
            clauses.append(self._with_words(wanted.words))
        return clauses

    def _with_words(self, words: str) -> Any:
        asked = [_terms(run) for run in _runs(words)]
        if not asked:
            return false()
        if self._is_sqlite:
            phrases = [f'"{run[0]}"*' if len(run[0]) == 1 else '"' + " ".join(run) + '"' for run in asked]
            found = text("SELECT rowid FROM case_words WHERE case_words MATCH :asked")
            found = found.bindparams(asked=" AND ".join(phrases)).columns(column("rowid"))
            return cases.c.record_id.in_(found)
        phrases = [f"'{run[0]}':*" if len(run[0]) == 1 else " <-> ".join(f"'{t}'" for t in run) for run in asked]
        query = " & ".join(f"({phrase})" for phrase in phrases)
        condition = text("case_words.words @@ CAST(:asked AS tsquery)").bindparams(asked=query)
        return cases.c.record_id.in_(select(_WORDS.c.record_id).where(condition))

    # —— one case ——

    def case(self, receipt: str) -> Case | None:
        """A case by its receipt number, whoever asks."""
        with self._reading() as connection:
            row = connection.execute(_rows().where(records.c.receipt == receipt)).one_or_none()
        return _case(row) if row else None

    def history(self, case: int) -> list[Done]:
        """Acts of a case, oldest first."""
        query = select(acts).where(acts.c.record_id == case).order_by(acts.c.id)
        with self._reading() as connection:
            return [Done(r.at, r.who, r.act, r.status, r.why, r.change) for r in connection.execute(query)]

    def work(
        self,
        case: int,
        version: int,
        done: Done,
        account: int,
        columns: Mapping[str, Any],
        document: Mapping[str, Any] | None = None,
    ) -> bool:
        """Do an act: the history, the case's columns and, if given, the changed record, in one transaction.

        False when the case was changed since `version` was read; then nothing is done.
        """
        with self._writing() as connection:
            mine = cases.update().where(cases.c.record_id == case, cases.c.version == version)
            fresh = {**columns, "version": version + 1, "active_at": done.at, "status": done.status}
            if document is not None:
                fresh |= {**_projected(document), "status": done.status, "overlooked": None}
            if not connection.execute(mine.values(**fresh)).rowcount:
                return False
            stored: dict[str, Any] = {"status": done.status}
            if document is not None:
                # What came since filing is kept beside the document, not in it (`bot.filed.composed`).
                kept = {**document, "amendments": [], "restricted": False}
                stored |= {"document": kept, **record_columns(document)}
            connection.execute(records.update().where(records.c.id == case).values(**stored))
            if document is not None:
                index_words(connection, case, searchable(document))
                write_parts(connection, case, document)
            connection.execute(
                acts.insert().values(
                    record_id=case,
                    at=done.at,
                    who=done.who,
                    account_id=account,
                    act=done.act,
                    status=done.status,
                    why=done.why,
                    change=done.change,
                )
            )
        return True

    def overlooked(self, case: int) -> list[dict[str, Any]] | None:
        """What was found overlooked, or None when nobody has looked since the record or the talk changed."""
        with self._reading() as connection:
            kept = connection.execute(select(cases.c.overlooked).where(cases.c.record_id == case)).scalar()
        return None if kept is None else list(kept)

    def keep_overlooked(self, case: int, version: int, found: Sequence[Mapping[str, Any]]) -> None:
        """Keep what was found, unless the case changed meanwhile."""
        mine = cases.update().where(cases.c.record_id == case, cases.c.version == version)
        with self._writing() as connection:
            connection.execute(mine.values(overlooked=[dict(one) for one in found]))

    def bubbles(self, conversation: int, before: int | None, limit: int) -> list[Any]:
        """Messages of a conversation as rows, oldest first: the newest `limit`, or those before number `before`."""
        query = select(messages).where(messages.c.conversation_id == conversation)
        if before is not None:
            query = query.where(messages.c.seq < before)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(messages.c.seq.desc()).limit(limit)).all()
        return list(reversed(rows))

    def hers(self, conversation: int) -> list[tuple[int, str]]:
        """The citizen's bubbles of a conversation as (seq, text), oldest first."""
        query = select(messages.c.seq, messages.c.text).where(
            messages.c.conversation_id == conversation, messages.c.who == "citizen"
        )
        with self._reading() as connection:
            return [(row.seq, row.text) for row in connection.execute(query.order_by(messages.c.seq))]

    # —— who saw it ——

    def note_sight(self, case: int, account: int, act: str, at: datetime) -> None:
        """Note who looked at a case (PIPL 51), or tried to."""
        with self._writing() as connection:
            connection.execute(sights.insert().values(record_id=case, account_id=account, act=act, at=at))

    def seen_by(self, case: int, limit: int = 50) -> list[Sight]:
        """Who looked at a case, newest first."""
        query = (
            select(sights.c.at, sights.c.act, accounts.c.shown, accounts.c.role)
            .join(accounts, accounts.c.id == sights.c.account_id)
            .where(sights.c.record_id == case)
            .order_by(sights.c.id.desc())
            .limit(limit)
        )
        with self._reading() as connection:
            return [Sight(row.at, row.shown, row.role, row.act) for row in connection.execute(query)]

    # —— filing ——

    def open_missing_cases(self) -> int:
        """Open a case for every record that has none (filed before there were cases). Returns how many."""
        opened = 0
        missing = select(records.c.id, records.c.document).where(
            ~exists().where(cases.c.record_id == records.c.id), records.c.status != "erased"
        )
        while True:
            with self._writing() as connection:
                rows = connection.execute(missing.order_by(records.c.id).limit(200)).all()
                for row in rows:
                    self.open_case(connection, row.id, row.document)
            opened += len(rows)
            if not rows:
                return opened

    def open_case(self, connection: Connection, record: int, document: Mapping[str, Any]) -> None:
        """The case of a record that was just filed, and its words in the index."""
        filed = datetime.fromisoformat(document["filed_at"])
        stamps = {"filed_at": filed, "active_at": filed, "waiting_since": filed}
        projected = {**_projected(document), "status": document["status"], "due_at": due(document)}
        connection.execute(cases.insert().values(record_id=record, version=1, **stamps, **projected))
        index_words(connection, record, searchable(document))

    @staticmethod
    def stir_cases(connection: Connection, conversation: int, at: datetime) -> None:
        """The citizen spoke again in a talk that has filed cases: they move up and wait for an answer."""
        ids = select(records.c.id).where(records.c.conversation_id == conversation)
        mine = cases.update().where(cases.c.record_id.in_(ids))
        connection.execute(mine.values(active_at=at, overlooked=None))
        connection.execute(mine.where(cases.c.waiting_since.is_(None)).values(waiting_since=at))


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


def record_columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `records` that a document fills."""
    matter, place = document["matter"], document["place"]
    return {
        "type": matter["type"],
        "subtype": matter["subtype"],
        "official_code": matter["official_code"],
        "colour": document["colour"]["grade"],
        "place_code": place["code"] if place else None,
        "place_path": place["path"] if place else None,
        "amount": _number(document["facts"].get("amount")),
        "people": _number(document["facts"].get("people")),
        "body_id": document["committee"]["id"] if document["committee"] else None,
    }


def write_parts(connection: Connection, record: int, document: Mapping[str, Any]) -> None:
    """Parties and facts of a record, in place of those that were there."""
    connection.execute(parties.delete().where(parties.c.record_id == record))
    connection.execute(facts.delete().where(facts.c.record_id == record))
    for party in document["parties"]:
        columns = {k: party.get(k) for k in ("role", "kind", "name", "phone")}
        connection.execute(parties.insert().values(record_id=record, **columns))
    for key, fact in document["facts"].items():
        columns = {k: fact[k] for k in ("value", "shown", "words", "turn", "source", "approx")}
        connection.execute(facts.insert().values(record_id=record, key=key, **columns))


def _number(fact: Mapping[str, Any] | None) -> float | int | None:
    value = fact["value"] if fact else None
    return value if isinstance(value, (int, float)) else None


def _projected(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the queue filters by and shows, from a record."""
    touched = groups(document)
    return {
        "type": document["matter"]["type"],
        "subtype": document["matter"]["subtype"],
        "colour": document["colour"]["grade"],
        "body_id": document["committee"]["id"] if document["committee"] else None,
        "area": ground(document),
        "groups": f",{','.join(touched)}," if touched else "",
        "line": line(document),
    }


def _rows() -> Any:
    return (
        select(cases, records.c.receipt, records.c.conversation_id, accounts.c.shown.label("mediator"))
        .join(records, records.c.id == cases.c.record_id)
        .outerjoin(accounts, accounts.c.id == cases.c.mediator_id)
    )


def _case(row: Any) -> Case:
    return Case(
        id=row.record_id,
        receipt=row.receipt,
        status=row.status,
        type=row.type,
        subtype=row.subtype,
        colour=row.colour,
        body_id=row.body_id,
        area=row.area,
        mediator_id=row.mediator_id,
        mediator=row.mediator,
        active_at=row.active_at,
        filed_at=row.filed_at,
        waiting_since=row.waiting_since,
        due_at=row.due_at,
        groups=tuple(filter(None, row.groups.split(","))),
        line=row.line,
        version=row.version,
        conversation_id=row.conversation_id,
    )


def _runs(words: str) -> list[str]:
    """Letters and figures that stand together, simplified, in lower case."""
    return _RUN.findall(plain(words).lower().replace("_", " "))


def _terms(run: str) -> list[str]:
    """Every two neighbours of a run; a single character is a term of its own.

    >>> _terms("王小兰"), _terms("王")
    (['王小', '小兰'], ['王'])
    """
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
