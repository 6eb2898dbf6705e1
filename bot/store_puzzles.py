"""The store's part on puzzles: turns from which the desk may learn, in groups that one decision teaches.

The words are not here: they are read from the talk when somebody looks, and gone when the talk is. Called by the desk,
casework and `inbox` through the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class PuzzleHead:
    """What a group is known by: the words of one of its puzzles, and what it was taken for."""

    group_id: int
    guess: str | None
    settled: str | None
    text: str


#: The words of a puzzle: what the citizen said in its turn.
_SAID = and_(
    messages.c.conversation_id == puzzles.c.conversation_id,
    messages.c.turn == puzzles.c.turn,
    messages.c.who == "citizen",
)


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

    def put_in_groups(self, put: Mapping[int, int], fresh: Sequence[Sequence[int]] = ()) -> list[int]:
        """Put puzzles (id → group) in groups, and those of `fresh` in one new group each; weigh all these anew. Returns
        the new groups in the order of `fresh`."""
        with self._writing() as connection:
            made = []
            for _ in fresh:
                row = connection.execute(puzzle_groups.insert().values(many=0, weight=0.0))
                made.append(int(row.inserted_primary_key[0]))
            every = {**put, **{one: group for group, ids in zip(made, fresh) for one in ids}}
            for one, group in every.items():
                connection.execute(puzzles.update().where(puzzles.c.id == one).values(group_id=group))
            for group in sorted(set(every.values())):
                _weigh(connection, group)
            return made

    def groups(self, limit: int, offset: int = 0) -> list[tuple[int, int, float]]:
        """Groups that teach most, as (id, how many, weight)."""
        heaviest = (puzzle_groups.c.weight.desc(), puzzle_groups.c.id.desc())
        query = select(puzzle_groups).where(puzzle_groups.c.weight > 0).order_by(*heaviest)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset))
            return [(row.id, row.many, row.weight) for row in rows]

    def heads(self, limit: int) -> list[PuzzleHead]:
        """One puzzle of each of the groups that teach most, with its words."""
        heaviest = (puzzle_groups.c.weight.desc(), puzzle_groups.c.id.desc())
        best = select(puzzle_groups.c.id).where(puzzle_groups.c.weight > 0).order_by(*heaviest).limit(limit).subquery()
        within = (puzzles.c.group_id == best.c.id) & (puzzles.c.state == "open")
        first = select(func.min(puzzles.c.id).label("id")).join(best, within).group_by(best.c.id).subquery()
        columns = (puzzles.c.group_id, puzzles.c.guess, puzzles.c.settled, messages.c.text)
        query = select(*columns).join(first, first.c.id == puzzles.c.id).join(messages, _SAID)
        with self._reading() as connection:
            return [PuzzleHead(*row) for row in connection.execute(query)]

    def reweigh(self, group: int) -> None:
        """Weigh a group anew: talks of it were deleted."""
        with self._writing() as connection:
            _weigh(connection, group)

    def of_groups(self, groups: Sequence[int], limit: int) -> dict[int, list[PuzzleRow]]:
        """Open puzzles of each group, what teaches most first, at most `limit` of each."""
        best = (puzzles.c.weight.desc(), puzzles.c.id.desc())
        nth = func.row_number().over(partition_by=puzzles.c.group_id, order_by=best).label("nth")
        mine = (puzzles.c.state == "open", puzzles.c.group_id.in_(groups))
        ranked = select(puzzles.c.id, nth).where(*mine).subquery()
        query = _rows().join(ranked, ranked.c.id == puzzles.c.id).where(ranked.c.nth <= limit).order_by(*best)
        found: dict[int, list[PuzzleRow]] = {group: [] for group in groups}
        for row in self._puzzles(query):
            if row.group_id is not None:
                found[row.group_id].append(row)
        return found

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
    return (
        select(puzzles, messages.c.text, conversations.c.draft)
        .join(messages, _SAID)
        .join(conversations, conversations.c.id == puzzles.c.conversation_id)
    )
