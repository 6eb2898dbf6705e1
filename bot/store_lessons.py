"""The store's part on lessons: what trainers propose, who decided, what was written. Called by `lessons`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from bot.database import Database, drawn
from bot.tables import accounts, lessons


@dataclass(frozen=True, slots=True)
class Lesson:
    """A change of the phrasebook, proposed or decided. `kind`: add | many | edit | move | delete | wording | card | type (of these `text` is JSON); `text` and `label` are how it
    will be, `old_text` and `old_label` how it was; `example` names what is changed; `other_label` is what the second
    person would have chosen; `patches` undo it."""

    id: int
    kind: str
    text: str
    label: str
    old_text: str | None
    old_label: str | None
    example: str | None
    reason: str
    author_id: int
    author: str
    at: datetime
    state: str  # proposed | approved | refused | undone | withdrawn
    decider_id: int | None
    decider: str | None
    decided_at: datetime | None
    answer: str | None
    other_label: str | None
    patches: list[dict[str, Any]] | None
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the second person agreed with the first."""

    author: str
    decider: str
    agreed: int
    decided: int


class LessonRows(Database):
    """Rows of lessons."""

    def add_lesson(self, values: Mapping[str, Any], author: int, at: datetime) -> int:
        """Keep a proposal. Returns its number."""
        with self._writing() as connection:
            row = lessons.insert().values(**values, author_id=author, at=at, state="proposed")
            return int(connection.execute(row).inserted_primary_key[0])

    def lesson(self, id_: int) -> Lesson | None:
        """A lesson by its number."""
        with self._reading() as connection:
            row = connection.execute(_rows().where(lessons.c.id == id_)).one_or_none()
        return drawn(Lesson, row) if row else None

    def lessons(self, state: str, limit: int, offset: int = 0) -> list[Lesson]:
        """Lessons in a state: open ones oldest first, decided ones newest first."""
        order = (lessons.c.id,) if state == "proposed" else (lessons.c.decided_at.desc(), lessons.c.id.desc())
        query = _rows().where(lessons.c.state == state).order_by(*order).limit(limit).offset(offset)
        with self._reading() as connection:
            return [drawn(Lesson, row) for row in connection.execute(query)]

    def count_lessons(self) -> dict[str, int]:
        """How many lessons stand in each state."""
        query = select(lessons.c.state, func.count()).group_by(lessons.c.state)
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def proposed_for(self, example: str) -> bool:
        """Whether a change of an example waits to be decided."""
        query = select(lessons.c.id).where(lessons.c.state == "proposed", lessons.c.example == example)
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def settle_lesson(
        self,
        id_: int,
        before: str,
        after: str,
        values: Mapping[str, Any],
        write: Callable[[], list[dict[str, Any]] | None] | None = None,
    ) -> bool:
        """Bring a lesson from one state to another, and write the files within the same transaction: when they cannot
        be written the lesson stays as it was. False when it is no longer in the state `before`."""
        with self._writing() as connection:
            mine = lessons.update().where(lessons.c.id == id_, lessons.c.state == before)
            if not connection.execute(mine.values(state=after, **values)).rowcount:
                return False
            if write is not None:
                patches = write()
                connection.execute(lessons.update().where(lessons.c.id == id_).values(patches=patches))
        return True

    def agreements(self) -> list[Agreement]:
        """For each pair of trainers how many proposals of the first the second agreed to."""
        deciders = accounts.alias()
        agreed = func.sum(case((lessons.c.state != "refused", 1), else_=0))
        query = (
            select(accounts.c.shown.label("author"), deciders.c.shown.label("decider"), agreed, func.count())
            .join(accounts, accounts.c.id == lessons.c.author_id)
            .join(deciders, deciders.c.id == lessons.c.decider_id)
            .where(lessons.c.state.in_(("approved", "refused", "undone")))
            .group_by(accounts.c.shown, deciders.c.shown)
            .order_by(accounts.c.shown, deciders.c.shown)
        )
        with self._reading() as connection:
            return [Agreement(row[0], row[1], int(row[2] or 0), int(row[3])) for row in connection.execute(query)]


def _rows() -> Any:
    deciders = accounts.alias()
    return (
        select(lessons, accounts.c.shown.label("author"), deciders.c.shown.label("decider"))
        .join(accounts, accounts.c.id == lessons.c.author_id)
        .outerjoin(deciders, deciders.c.id == lessons.c.decider_id)
    )
