"""The store's part on notices to the staff: what is worth telling, the outbox, how sending went; and what the daily
clearing did. Called by `notices` and `upkeep` through the store.

Hides the queries that find what nobody was told of yet. A notice is a row for each channel, unique for its case (or, in
danger before filing, its talk) and kind, so that two processes tell once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from bot.intake.cases import CLOSED
from bot.tables import calls, cases, outbox, records, sweeps

#: Kinds of notice, the most urgent first.
KINDS = ("danger", "new", "overdue")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice to be sent: `receipt` and `type` are empty in danger before filing."""

    id: int
    kind: str
    channel: str
    receipt: str
    type: str
    at: datetime
    tries: int


class NoticeRows(Database):
    """Rows of the outbox and of the daily clearing."""

    def note_news(self, channels: Sequence[str], since: datetime, now: datetime, limit: int = 200) -> int:
        """Put what happened since a time and was not told yet into the outbox. Returns how many notices."""
        urgent = cases.c.colour.in_(("red", "orange"))
        moved = (cases.c.active_at >= since,)
        found = {
            "danger": and_(*moved, urgent, cases.c.waiting_since.is_not(None)),
            "new": and_(*moved, cases.c.filed_at >= since, ~urgent),
            "overdue": and_(cases.c.due_at < now, cases.c.due_at >= since, cases.c.status.not_in(sorted(CLOSED))),
        }
        added = 0
        for channel in channels:
            for kind, condition in found.items():
                told = exists().where(
                    outbox.c.record_id == cases.c.record_id, outbox.c.kind == kind, outbox.c.channel == channel
                )
                query = select(cases.c.record_id).where(condition, ~told).order_by(cases.c.record_id).limit(limit)
                added += sum(self._note(kind, channel, "record_id", row, now) for row in self._ids(query))
            told = exists().where(outbox.c.conversation_id == calls.c.conversation_id, outbox.c.channel == channel)
            filed = exists().where(records.c.conversation_id == calls.c.conversation_id)
            waits = (calls.c.why == "danger", calls.c.at >= since, calls.c.ended_at.is_(None))
            query = select(calls.c.conversation_id).where(*waits, ~told, ~filed).distinct().limit(limit)
            added += sum(self._note("danger", channel, "conversation_id", row, now) for row in self._ids(query))
        return added

    def _ids(self, query: Any) -> list[int]:
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def _note(self, kind: str, channel: str, whose: str, number: int, now: datetime) -> int:
        row = {"kind": kind, "channel": channel, whose: number, "at": now, "next_at": now, "tries": 0}
        try:
            with self._writing() as connection:
                connection.execute(outbox.insert().values(**row))
        except IntegrityError:  # another process was first, or she has just deleted it
            return 0
        return 1

    def to_send(self, now: datetime, until: datetime, limit: int = 20) -> list[Waiting]:
        """Notices whose time has come, danger first; each is put off to `until`, so that no other process sends it."""
        query = (
            select(outbox, records.c.receipt, records.c.type)
            .outerjoin(records, records.c.id == outbox.c.record_id)
            .where(outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None), outbox.c.next_at <= now)
            .order_by(outbox.c.kind, outbox.c.next_at, outbox.c.id)  # "danger" is the first of the three words
            .limit(limit)
        )
        taken = []
        with self._writing() as connection:
            for row in connection.execute(query).all():
                mine = outbox.update().where(outbox.c.id == row.id, outbox.c.next_at == row.next_at)
                if connection.execute(mine.values(next_at=until)).rowcount:
                    known = (row.receipt or "", row.type or "")
                    taken.append(Waiting(row.id, row.kind, row.channel, *known, row.at, row.tries))
        return taken

    def sent(self, id_: int, at: datetime) -> None:
        """Note that a notice arrived."""
        self._settle(id_, sent_at=at, trouble=None)

    def not_sent(self, id_: int, trouble: str, next_at: datetime | None, at: datetime) -> None:
        """Note why a notice did not arrive (a code, no words of anybody); `next_at` None: it is given up."""
        later: dict[str, Any] = {"next_at": next_at} if next_at else {"given_up_at": at}
        self._settle(id_, tries=outbox.c.tries + 1, trouble=trouble[:64], **later)

    def _settle(self, id_: int, **values: Any) -> None:
        with self._writing() as connection:
            connection.execute(outbox.update().where(outbox.c.id == id_).values(**values))

    def outbox_state(self, since: datetime) -> list[dict[str, Any]]:
        """For each channel and kind: sent since a time, waiting, given up since, the last trouble."""
        waiting = and_(outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None))
        query = select(
            outbox.c.channel,
            outbox.c.kind,
            func.count(outbox.c.id).filter(outbox.c.sent_at >= since).label("sent"),
            func.count(outbox.c.id).filter(waiting).label("waiting"),
            func.count(outbox.c.id).filter(outbox.c.given_up_at >= since).label("given_up"),
            func.max(outbox.c.trouble).filter(waiting).label("trouble"),
        ).group_by(outbox.c.channel, outbox.c.kind)
        with self._reading() as connection:
            return [dict(row._mapping) for row in connection.execute(query.order_by(outbox.c.channel, outbox.c.kind))]

    # —— the daily clearing ——

    def note_sweep(self, at: datetime, by: str, done: Mapping[str, int]) -> None:
        """Keep what a clearing did, in numbers only."""
        with self._writing() as connection:
            connection.execute(sweeps.insert().values(at=at, by=by, **done))
            oldest = select(sweeps.c.id).order_by(sweeps.c.id.desc()).offset(400).limit(1).scalar_subquery()
            connection.execute(sweeps.delete().where(sweeps.c.id <= oldest))

    def sweeps(self, limit: int = 30) -> list[dict[str, Any]]:
        """The last clearings, newest first."""
        with self._reading() as connection:
            rows = connection.execute(select(sweeps).order_by(sweeps.c.id.desc()).limit(limit))
            return [dict(row._mapping) for row in rows]
