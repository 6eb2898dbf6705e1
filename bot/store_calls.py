"""The store's part on calls for a person: who waits, who has the floor in a talk. Called by `floor` through the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database, drawn
from bot.permissions import Scope
from bot.tables import accounts, acts, calls, cases, conversations, records


@dataclass(frozen=True, slots=True)
class Call:
    """A talk in which a person is wanted, or speaks. `why`: asked | danger | entered | amended | withdrawn; `words`: what was said then;
    `body_id` and `area` decide who sees it (an empty area: nobody knows yet where, so everybody does)."""

    id: int
    conversation_id: int
    key: str
    why: str
    words: str
    at: datetime
    body_id: str | None
    area: str
    taken_by: int | None
    mediator: str | None
    taken_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    last_at: datetime


#: Reasons for a call, the gravest last.
WEIGHT = ("entered", "amended", "withdrawn", "asked", "danger")


class CallRows(Database):
    """Rows of calls. At most one call of a conversation is open."""

    def open_call(self, conversation: int, why: str, words: str, body: str | None, area: str, at: datetime) -> None:
        """Call for a person; a call that is open becomes the graver one of both, and knows the place better."""
        mine = (calls.c.conversation_id == conversation, calls.c.ended_at.is_(None))
        fresh: dict[str, Any] = {"body_id": body, "area": area}
        with self._writing() as connection:
            weaker = [known for known in WEIGHT if WEIGHT.index(known) < WEIGHT.index(why)]
            raised = calls.update().where(*mine, calls.c.why.in_(weaker))
            connection.execute(raised.values(why=why, words=words))
            if connection.execute(calls.update().where(*mine).values(**fresh)).rowcount:
                return
        values = {"conversation_id": conversation, "why": why, "words": words, "body_id": body, "area": area, "at": at}
        try:
            with self._writing() as connection:
                connection.execute(calls.insert().values(**values, open_for=conversation))
        except IntegrityError:
            return  # two at once: the other has called already

    def place_call(self, conversation: int, body: str | None, area: str) -> None:
        """Say better who is called, now that more is known."""
        mine = (calls.c.conversation_id == conversation, calls.c.ended_at.is_(None))
        with self._writing() as connection:
            connection.execute(calls.update().where(*mine).values(body_id=body, area=area))

    def call(self, id_: int) -> Call | None:
        """A call by its number, whoever asks."""
        return self._one(calls.c.id == id_)

    def open_call_of(self, conversation: int) -> Call | None:
        """The open call of a conversation, or None."""
        return self._one(calls.c.open_for == conversation)

    def _one(self, condition: Any) -> Call | None:
        with self._reading() as connection:
            row = connection.execute(_rows().where(condition)).one_or_none()
        return drawn(Call, row) if row else None

    def open_calls(self, scope: Scope, limit: int = 50) -> list[Call]:
        """Open calls within a scope: danger first, then the longest waiting."""
        reached: list[Any] = [calls.c.area == ""]
        if scope.body:
            reached.append(calls.c.body_id == scope.body)
        if scope.area:
            reached.append(calls.c.area == scope.area)
            reached.append(calls.c.area.startswith(f"{scope.area}/", autoescape=True))
        query = _rows().where(calls.c.ended_at.is_(None), or_(*reached))
        order = (calls.c.taken_by.is_not(None), (calls.c.why != "danger"), calls.c.at, calls.c.id)
        with self._reading() as connection:
            return [drawn(Call, row) for row in connection.execute(query.order_by(*order).limit(limit))]

    def take_call(self, id_: int, account: int, at: datetime) -> bool:
        """Take the floor. False when somebody else has it, or the call is over."""
        free = (calls.c.id == id_, calls.c.ended_at.is_(None), calls.c.taken_by.is_(None))
        with self._writing() as connection:
            taken = calls.update().where(*free).values(taken_by=account, taken_at=at, seen_at=at)
            return bool(connection.execute(taken).rowcount)

    def watch_call(self, id_: int, account: int, at: datetime) -> None:
        """Note that the mediator is still there."""
        mine = (calls.c.id == id_, calls.c.taken_by == account, calls.c.ended_at.is_(None))
        with self._writing() as connection:
            connection.execute(calls.update().where(*mine).values(seen_at=at))

    def end_call(self, id_: int, at: datetime) -> bool:
        """Close a call. False when it was over already."""
        with self._writing() as connection:
            over = calls.update().where(calls.c.id == id_, calls.c.ended_at.is_(None))
            return bool(connection.execute(over.values(ended_at=at, open_for=None)).rowcount)

    def answered(self, conversation: int, at: datetime) -> None:
        """A mediator answered: the cases of this conversation wait no more."""
        ids = select(records.c.id).where(records.c.conversation_id == conversation)
        with self._writing() as connection:
            mine = cases.update().where(cases.c.record_id.in_(ids))
            connection.execute(mine.values(waiting_since=None, active_at=at))

    def note_act(self, conversation: int, account: int, who: str, act: str, at: datetime) -> None:
        """Write an act into the history of every case that was filed from a conversation."""
        filed = select(records.c.id, records.c.status).where(records.c.conversation_id == conversation)
        with self._writing() as connection:
            for row in connection.execute(filed).all():
                values = {"record_id": row.id, "at": at, "who": who, "account_id": account, "act": act}
                connection.execute(acts.insert().values(**values, status=row.status))


def _rows() -> Any:
    return (
        select(calls, conversations.c.key, conversations.c.last_at, accounts.c.shown.label("mediator"))
        .join(conversations, conversations.c.id == calls.c.conversation_id)
        .outerjoin(accounts, accounts.c.id == calls.c.taken_by)
    )
