"""The store's part on the queue: which cases somebody sees, narrowed, counted, newest activity first.

`cases` holds the work on a record and what the queue filters by, in small rows, so that a list of 100,000 costs
little. Called by `casework` through the store; `store_cases` is the part on one case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, String, and_, cast, false, func, literal, null, or_, select, union_all

from bot.database import Database, drawn
from bot.intake.cases import RUNNING
from bot.permissions import Scope
from bot.store_tallies import Counted, counted_cases
from bot.store_words import with_words
from bot.tables import accounts, case_ends, cases, records

#: What lists are counted by.
KINDS = ("status", "colour", "waits", "late")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None or empty: not narrowed. `waiting_before`: unanswered since before then;
    `ending`: some clock of the case ends between the two times."""

    type: str | None = None
    status: str | None = None
    colour: str | None = None
    area: str | None = None
    group: str | None = None
    mediator: int | None = None
    overdue_at: datetime | None = None
    ending: tuple[datetime, datetime] | None = None
    waiting_before: datetime | None = None
    words: str = ""
    counted: Counted | None = None  # only those behind a figure of the statistics

    @property
    def costly(self) -> bool:
        """Whether the narrowing is better done once for the list and its counts together than once for each."""
        return bool(self.words.strip() or self.group or self.ending or self.counted or self.overdue_at)


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
    pending: dict[str, Any] | None
    session_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether its time is over and the mediation is not."""
        return self.status in RUNNING and self.due_at < now


@dataclass(frozen=True, slots=True)
class Found:
    """A list that was narrowed once: its first rows, its counts as in `counts`, how many have a clock that ends soon."""

    rows: list[Case]
    counts: dict[tuple[str, str, bool, bool], int]
    ending: int


class QueueRows(Database):
    """Rows of the queue."""

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
            rows = (
                connection.execute(case_rows().where(cases.c.record_id.in_(found)).order_by(*newest)) if found else []
            )
            return [drawn_case(row) for row in rows]

    def found(self, scope: Scope, wanted: Wanted, limit: int, soon: tuple[datetime, datetime]) -> Found:
        """The first page of a list with its counts and what ends soon, narrowed once for all three (`Wanted.costly`)."""
        columns = [cases.c[name] for name in ("record_id", "active_at", "status", "colour", "waiting_since", "due_at")]
        hits = select(*columns).where(*self._narrowed(scope, wanted)).cte("hits")
        newest = select(hits.c.record_id).order_by(hits.c.active_at.desc(), hits.c.record_id.desc()).limit(limit)
        by = _kinds(hits, soon[0])
        page, kinds = newest.subquery(), select(*by, func.count().label("many")).group_by(*by).subquery()
        ending = select(func.count(case_ends.c.record_id.distinct())).where(
            case_ends.c.at.between(*soon), case_ends.c.record_id.in_(select(hits.c.record_id))
        )
        text_, flag = cast(null(), String), cast(null(), Boolean)
        parts = union_all(
            select(literal("row").label("part"), page.c.record_id.label("many"), text_, text_, flag, flag),
            select(literal("ends"), ending.scalar_subquery(), text_, text_, flag, flag),
            select(literal("kind"), kinds.c.many, *(kinds.c[name] for name in KINDS)),
        )
        with self._reading() as connection:
            got = connection.execute(parts).all()
            ids = [part[1] for part in got if part[0] == "row"]
            rows = [drawn_case(row) for row in connection.execute(case_rows().where(cases.c.record_id.in_(ids)))]
        rows.sort(key=lambda case: (case.active_at, case.id), reverse=True)
        counts = {(part[2], part[3], bool(part[4]), bool(part[5])): part[1] for part in got if part[0] == "kind"}
        return Found(rows, counts, next(part[1] for part in got if part[0] == "ends"))

    def counts(self, scope: Scope, wanted: Wanted, now: datetime) -> dict[tuple[str, str, bool, bool], int]:
        """How many cases of the list there are by (status, colour, still unanswered, past its time)."""
        by = _kinds(cases, now)
        query = select(*by, func.count().label("many")).where(*self._narrowed(scope, wanted)).group_by(*by)
        with self._reading() as connection:
            rows = connection.execute(query)
            return {(row.status, row.colour, bool(row.waits), bool(row.late)): row.many for row in rows}

    def ending(self, scope: Scope, wanted: Wanted, since: datetime, until: datetime) -> int:
        """How many cases of the list have a clock that ends between two times."""
        ids = select(case_ends.c.record_id).join(cases, cases.c.record_id == case_ends.c.record_id)
        soon = ids.where(case_ends.c.at.between(since, until), *self._narrowed(scope, wanted)).distinct()
        with self._reading() as connection:
            return int(connection.execute(select(func.count()).select_from(soon.subquery())).scalar_one())

    def next_ends(self, ids: Sequence[int], since: datetime) -> dict[int, tuple[str, datetime]]:
        """What ends next in each of these cases, as (name for people, when)."""
        query = select(case_ends).where(case_ends.c.record_id.in_(list(ids)), case_ends.c.at >= since)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(case_ends.c.at.desc())) if ids else []
            return {row.record_id: (row.label, row.at) for row in rows}

    def first_to_see(self, scope: Scope, limit: int) -> list[Case]:
        """Danger that nobody has answered yet (R8): red before orange, the longest waiting first."""
        urgent = [cases.c.colour.in_(("red", "orange")), cases.c.waiting_since.is_not(None)]
        query = case_rows().where(*self._within(scope), *urgent)
        query = query.order_by(cases.c.colour.desc(), cases.c.waiting_since, cases.c.record_id).limit(limit)
        with self._reading() as connection:
            return [drawn_case(row) for row in connection.execute(query)]

    def sessions_about(self, at: datetime, within: timedelta, but: int) -> list[Case]:
        """Other cases in which a session is appointed nearer than `within` to a time."""
        near = and_(cases.c.session_at > at - within, cases.c.session_at < at + within, cases.c.record_id != but)
        with self._reading() as connection:
            return [drawn_case(row) for row in connection.execute(case_rows().where(near).limit(200))]

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
        within = [or_(*reached) if reached else false()]
        if scope.area and not scope.body and not self._is_sqlite:
            # Both halves begin alike: said once more, PostgreSQL reads one range of the index and no rows.
            within.append(cases.c.area.startswith(scope.area, autoescape=True))
        return within

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
            clauses += [cases.c.due_at < wanted.overdue_at, cases.c.status.in_(sorted(RUNNING))]
        if wanted.ending is not None:
            soon = select(case_ends.c.record_id).where(case_ends.c.at.between(*wanted.ending))
            clauses.append(cases.c.record_id.in_(soon))
        if wanted.waiting_before is not None:
            clauses.append(cases.c.waiting_since <= wanted.waiting_before)
        if wanted.counted is not None:
            clauses += [cases.c.filed_at.between(*_span(wanted.counted))]
            if wanted.counted.of_tally:
                clauses.append(cases.c.record_id.in_(counted_cases(wanted.counted)))
        if wanted.words.strip():
            clauses.append(with_words(cases.c.record_id, wanted.words, self._is_sqlite, self._keys))
        return clauses


def _span(counted: Counted) -> tuple[datetime, datetime]:
    """The months of a figure as the first and the last moment of filing."""
    year, month = map(int, (counted.until or "9998-12").split("-"))
    after = datetime(year + month // 12, month % 12 + 1, 1)
    return datetime.fromisoformat(f"{counted.since or '2000-01'}-01"), after - timedelta(microseconds=1)


def _kinds(of: Any, now: datetime) -> list[Any]:
    """What a list is counted by, as columns named as in KINDS."""
    late = and_(of.c.status.in_(sorted(RUNNING)), of.c.due_at < now)
    return [of.c.status, of.c.colour, of.c.waiting_since.is_not(None).label("waits"), late.label("late")]


def case_rows() -> Any:
    """Rows of cases for `drawn_case`."""
    return (
        select(cases, records.c.receipt, records.c.conversation_id, accounts.c.shown.label("mediator"))
        .join(records, records.c.id == cases.c.record_id)
        .outerjoin(accounts, accounts.c.id == cases.c.mediator_id)
    )


def drawn_case(row: Any) -> Case:
    """A case from a row of `case_rows`."""
    return drawn(Case, row, id=row.record_id, groups=tuple(filter(None, row.groups.split(","))))
