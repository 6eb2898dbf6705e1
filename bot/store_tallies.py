"""The store's part on statistics: what each case adds, kept as sums, and which cases stand behind a figure.

`tallies` holds one small row for each case; `tally_sums` the sums by place, month, type and level, where a case counts
for its committee and for every step of its area. So a page reads a few hundred rows however many cases there are. Both
are brought up to date before they are read: cases that moved since the mark are read again, their old share is taken
out of the sums and the new one put in. Sums hold no word and no name and outlive a record that is erased. Called by
`statistics` and by `store_queue`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.database import Database, drawn
from bot.intake.course import Done, course
from bot.intake.tallies import COUNTED, MEASURES, Tally, tally
from bot.tables import acts, cases, records, tallies, tally_marks, tally_sums

BATCH = 500
#: Cases are stamped before they are stored: so far behind the mark they are read again.
OVERLAP = timedelta(minutes=2)
KEY = ("place", "above", "month", "type", "level")


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases behind a figure: months `since`–`until` as 2026-11, inclusive; None: not narrowed. `figure` of COUNTED."""

    figure: str | None = None
    since: str | None = None
    until: str | None = None
    level: str | None = None
    body: str | None = None

    @property
    def of_tally(self) -> bool:
        """Whether more is asked than when a case was filed."""
        return self.figure in COUNTED or bool(self.level or self.body)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which sums: places that do not overlap, months inclusive, one type or level, or all."""

    places: tuple[str, ...]
    since: str
    until: str
    type: str | None = None
    level: str | None = None


def counted_cases(counted: Counted) -> Any:
    """A select of the case numbers behind a figure, for the queue, which knows itself when they were filed."""
    clauses: list[Any] = []
    if counted.level:
        clauses.append(tallies.c.level == counted.level)
    if counted.body:
        clauses.append(tallies.c.body_id == counted.body)
    if counted.figure in COUNTED:
        clauses.append(tallies.c[counted.figure] > 0)
    return select(tallies.c.record_id).where(*clauses)


class TallyRows(Database):
    """Rows of the statistics."""

    def tally_changed(self, most: int | None = None) -> int:
        """Bring the sums up to date with every case that moved since the mark, or with about the first `most` of them.
        Returns how many are left: the first time in a full database they are many (`upkeep` counts them on)."""
        counted = 0
        after: tuple[datetime, int] | None = None
        with self._reading() as connection:
            mark = connection.execute(select(tally_marks.c.at)).scalar_one()
            fresh = select(cases.c.record_id).where(cases.c.active_at >= mark - OVERLAP).limit(1)
            if connection.execute(fresh).first() is None:
                return 0
        while True:
            with self._writing() as connection:
                # The first statement takes the lock: two pages at once must not add the same case twice.
                connection.execute(tally_marks.update().values(turns=tally_marks.c.turns + 1))
                mark = connection.execute(select(tally_marks.c.at)).scalar_one()
                query = _cases().where(_moved(after or (mark - OVERLAP, 0)))
                rows = connection.execute(query.order_by(cases.c.active_at, cases.c.record_id).limit(BATCH)).all()
                _tally(connection, rows)
                if rows and rows[-1].active_at > mark:
                    connection.execute(tally_marks.update().values(at=rows[-1].active_at))
                counted += sum(row.active_at > mark for row in rows)
                if len(rows) < BATCH:
                    return 0
                after = (rows[-1].active_at, rows[-1].record_id)
                if most is not None and counted >= most:
                    left = select(func.count()).select_from(cases).where(_moved(after))
                    return int(connection.execute(left).scalar_one())

    def sums(self, narrowed: Narrowed, by: str) -> dict[str, dict[str, int]]:
        """Measures by a column of the key (month, type, level, place)."""
        return self._sums(narrowed, tally_sums.c.place.in_(narrowed.places), by)

    def sums_below(self, narrowed: Narrowed, above: str) -> dict[str, dict[str, int]]:
        """Measures by the places one step below an area, and by the committees whose ground it is."""
        return self._sums(narrowed, tally_sums.c.above == above, "place")

    def _sums(self, narrowed: Narrowed, where: Any, by: str) -> dict[str, dict[str, int]]:
        added = [func.sum(tally_sums.c[name]).label(name) for name in MEASURES]
        span = tally_sums.c.month.between(narrowed.since, narrowed.until)
        query = select(tally_sums.c[by].label("key"), *added).where(where, span).group_by(tally_sums.c[by])
        for name in ("type", "level"):
            if getattr(narrowed, name):
                query = query.where(tally_sums.c[name] == getattr(narrowed, name))
        with self._reading() as connection:
            return {
                row.key: {name: int(getattr(row, name) or 0) for name in MEASURES} for row in connection.execute(query)
            }


def _moved(after: tuple[datetime, int]) -> Any:
    at, id_ = after
    # The first condition says nothing new: by it the index is entered in the middle and not read from its beginning.
    later = or_(cases.c.active_at > at, and_(cases.c.active_at == at, cases.c.record_id > id_))
    return and_(cases.c.active_at >= at, later)


def _cases() -> Any:
    columns = ("record_id", "active_at", "status", "type", "area", "body_id", "filed_at")
    return select(*(cases.c[name] for name in columns), records.c.document).join(
        records, records.c.id == cases.c.record_id
    )


def _tally(connection: Connection, rows: Sequence[Any]) -> None:
    """Count these cases anew: what they added before is taken out of the sums."""
    if not rows:
        return
    ids = [row.record_id for row in rows]
    history: dict[int, list[Done]] = defaultdict(list)
    for act in connection.execute(select(acts).where(acts.c.record_id.in_(ids)).order_by(acts.c.id)):
        history[act.record_id].append(drawn(Done, act))
    old = {row.record_id: row for row in connection.execute(select(tallies).where(tallies.c.record_id.in_(ids)))}
    change: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    fresh = []
    for row in rows:
        done = course(history[row.record_id])
        new = tally(
            row.document,
            done,
            status=row.status,
            type_=row.type,
            area=row.area,
            body=row.body_id,
            filed=row.filed_at,
        )
        before = _stored(old[row.record_id]) if row.record_id in old else None
        if new == before:
            continue
        for one, sign in ((before, -1), (new, 1)):
            if one is not None:
                _add(change, one, sign)
        fresh.append({"record_id": row.record_id, **_columns(new)})
    gone = [row["record_id"] for row in fresh if row["record_id"] in old]
    if gone:
        connection.execute(tallies.delete().where(tallies.c.record_id.in_(gone)))
    if fresh:
        connection.execute(tallies.insert(), fresh)
        _store_sums(connection, change)


def _add(change: dict[tuple[str, ...], dict[str, int]], one: Tally, sign: int) -> None:
    for place, above in one.places:
        sums = change[(place, above, one.month, one.type, one.level)]
        for name, value in one.measures.items():
            sums[name] += sign * value


def _store_sums(connection: Connection, change: Mapping[tuple[str, ...], Mapping[str, int]]) -> None:
    rows = [{**dict(zip(KEY, key, strict=True)), **added} for key, added in change.items() if any(added.values())]
    if not rows:
        return
    # One statement for all rows: to make one for each took nineteen parts in twenty of the time.
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(tally_sums)
    sums = {name: tally_sums.c[name] + insert.excluded[name] for name in MEASURES}
    connection.execute(insert.on_conflict_do_update(index_elements=list(KEY), set_=sums), rows)


def _columns(one: Tally) -> dict[str, Any]:
    return {
        "month": one.month,
        "type": one.type,
        "level": one.level,
        "area": one.area,
        "body_id": one.body,
        **one.measures,
    }


def _stored(row: Any) -> Tally:
    measures = {name: getattr(row, name) for name in MEASURES}
    return Tally(row.month, row.type, row.level, row.area, row.body_id, measures)
