"""The store's part on puzzles: turns from which the desk may learn, in groups that one decision teaches.

The words are not here: they are read from the talk when somebody looks, and gone when the talk is. Called by the desk,
casework and `inbox` through the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from bot.database import Database, drawn
from bot.intake.puzzling import Puzzle
from bot.tables import conversations, messages, puzzle_groups, puzzles


@dataclass(frozen=True, slots=True)
class PuzzleRow:
    """A puzzle with the words of its turn and the draft of its talk (for the mask)."""

    id: int
    conversation_id: int
    turn: int
    why: str
    guess: str | None
    confidence: float | None
    settled: str | None
    at: datetime
    weight: float
    group_id: int | None
    state: str
    text: str
    draft: Mapping[str, Any]


class PuzzleRows(Database):
    """Rows of puzzles and their groups."""

    def add_puzzle(self, conversation: int, found: Puzzle, at: datetime) -> None:
        """Keep a puzzle; of one turn, what teaches more."""
        mine = (puzzles.c.conversation_id == conversation, puzzles.c.turn == found.turn)
        values = {"why": found.why, "guess": found.guess, "confidence": found.confidence, "settled": found.settled}
        fresh: dict[str, Any] = {**values, "weight": found.weight, "at": at}
        with self._writing() as connection:
            known = connection.execute(select(puzzles).where(*mine)).one_or_none()
            if known is None:
                row = {"conversation_id": conversation, "turn": found.turn, "state": "open", **fresh}
                connection.execute(puzzles.insert().values(**row))
            elif known.state == "open" and (known.weight, known.settled or "") <= (found.weight, found.settled or ""):
                connection.execute(puzzles.update().where(*mine).values(**fresh))

    def ungrouped(self, limit: int) -> list[PuzzleRow]:
        """Open puzzles that stand in no group yet, oldest first."""
        lone = (puzzles.c.state == "open", puzzles.c.group_id.is_(None))
        return self._puzzles(_rows().where(*lone).order_by(puzzles.c.id).limit(limit))

    def new_group(self) -> int:
        """An empty group."""
        with self._writing() as connection:
            made = connection.execute(puzzle_groups.insert().values(many=0, weight=0.0))
            return int(made.inserted_primary_key[0])

    def put_in_groups(self, put: Mapping[int, int]) -> None:
        """Put puzzles (id → group) in groups, and weigh these anew."""
        with self._writing() as connection:
            for one, group in put.items():
                connection.execute(puzzles.update().where(puzzles.c.id == one).values(group_id=group))
            for group in set(put.values()):
                _weigh(connection, group)

    def groups(self, limit: int, offset: int = 0) -> list[tuple[int, int, float]]:
        """Groups that teach most, as (id, how many, weight)."""
        heaviest = (puzzle_groups.c.weight.desc(), puzzle_groups.c.id.desc())
        query = select(puzzle_groups).where(puzzle_groups.c.weight > 0).order_by(*heaviest)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset))
            return [(row.id, row.many, row.weight) for row in rows]

    def reweigh(self, group: int) -> None:
        """Weigh a group anew: talks of it were deleted."""
        with self._writing() as connection:
            _weigh(connection, group)

    def of_group(self, group: int, limit: int) -> list[PuzzleRow]:
        """Open puzzles of a group, what teaches most first."""
        mine = (puzzles.c.state == "open", puzzles.c.group_id == group)
        return self._puzzles(_rows().where(*mine).order_by(puzzles.c.weight.desc(), puzzles.c.id.desc()).limit(limit))

    def puzzle(self, id_: int) -> PuzzleRow | None:
        """A puzzle by its number."""
        return next(iter(self._puzzles(_rows().where(puzzles.c.id == id_))), None)

    def close_group(self, group: int, state: str) -> None:
        """All open puzzles of a group are taught, or need no teaching (dismissed)."""
        with self._writing() as connection:
            mine = (puzzles.c.group_id == group, puzzles.c.state == "open")
            connection.execute(puzzles.update().where(*mine).values(state=state))
            _weigh(connection, group)

    def count_puzzles(self) -> int:
        """How many groups wait."""
        with self._reading() as connection:
            query = select(func.count()).select_from(puzzle_groups).where(puzzle_groups.c.weight > 0)
            return int(connection.execute(query).scalar_one())

    def bubbles_of(self, conversation: int, limit: int, offset: int = 0) -> list[tuple[str, int, str]]:
        """A talk's bubbles as (who, turn, text), oldest first, from the `offset`th on."""
        columns = (messages.c.who, messages.c.turn, messages.c.text)
        query = select(*columns).where(messages.c.conversation_id == conversation).order_by(messages.c.seq)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
        return [(row.who, row.turn, row.text) for row in rows]

    def bubbles_before(self, conversation: int, turn: int | None = None) -> int:
        """How many bubbles a talk has before a turn, or at all."""
        query = select(func.count()).select_from(messages).where(messages.c.conversation_id == conversation)
        with self._reading() as connection:
            return int(connection.execute(query if turn is None else query.where(messages.c.turn < turn)).scalar_one())

    def _puzzles(self, query: Any) -> list[PuzzleRow]:
        with self._reading() as connection:
            rows: Iterable[Any] = connection.execute(query).all()
        return [drawn(PuzzleRow, row, draft=row.draft or {}) for row in rows]


def _weigh(connection: Any, group: int) -> None:
    mine = (puzzles.c.group_id == group, puzzles.c.state == "open")
    many, weight = connection.execute(select(func.count(), func.sum(puzzles.c.weight)).where(*mine)).one()
    own = puzzle_groups.c.id == group
    if many:
        connection.execute(puzzle_groups.update().where(own).values(many=many, weight=float(weight)))
    else:
        connection.execute(puzzle_groups.delete().where(own))


def _rows() -> Any:
    said = and_(
        messages.c.conversation_id == puzzles.c.conversation_id,
        messages.c.turn == puzzles.c.turn,
        messages.c.who == "citizen",
    )
    return (
        select(puzzles, messages.c.text, conversations.c.draft)
        .join(messages, said)
        .join(conversations, conversations.c.id == puzzles.c.conversation_id)
    )
