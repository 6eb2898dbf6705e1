"""The trainers' inbox: what the desk did not understand, in groups that one decision teaches, masked.

Hides the grouping and the mask. New puzzles are put beside those that sound alike and were taken for the same thing;
the groups that teach most come first. Nobody here sees a name, a number or an address. Called by the training pages.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from bot.database import StoreError
from bot.intake.masking import mask
from bot.sounds import plain, sound
from bot.store_puzzles import PuzzleHead, PuzzleRow, PuzzleRows

#: So alike (0–100) two sentences sound that one decision teaches both.
ALIKE = 58.0
#: Puzzles put in groups at one look, groups that are known to the grouping, groups on a page, sentences of each, bubbles.
BATCH, KNOWN, PAGE, SHOWN, BUBBLES = 30, 3000, 15, 3, 60
#: Seconds between two batches that are sorted beside: citizens write as well.
BREATH = 0.05
#: A story is known by its beginning.
HEAD = 120


@dataclass(frozen=True, slots=True)
class Said:
    """One puzzle as a trainer sees it."""

    id: int
    text: str
    why: str
    guess: str | None
    confidence: float | None
    settled: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Puzzles that one decision teaches; `said` are some of `many`."""

    id: int
    many: int
    said: list[Said]


@dataclass(frozen=True, slots=True)
class Talk:
    """A page of a puzzle's talk: bubbles as (who, masked text, whether it is the puzzle); `own` is the puzzle's page."""

    said: Said
    bubbles: list[tuple[str, str, bool]]
    page: int
    pages: int
    own: int


class Inbox:
    """Puzzles over a store. Thread-safe."""

    def __init__(self, store: PuzzleRows) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._sorting: threading.Thread | None = None
        self._leaders: defaultdict[str, dict[int, str]] | None = None

    def groups(self, page: int = 0) -> tuple[list[Group], bool]:
        """A page of groups, most instructive first, and whether there are more."""
        if self.sort() == BATCH:
            self._sort_beside()
        rows = self._store.groups(PAGE + 1, page * PAGE)
        told, shown = self._store.of_groups([row[0] for row in rows[:PAGE]], SHOWN), []
        for id_, many, _ in rows[:PAGE]:
            said = told[id_]
            if said:
                shown.append(Group(id_, many, [_said(row) for row in said]))
            else:  # their talks were deleted
                self._store.reweigh(id_)
        return shown, len(rows) > PAGE

    def count(self) -> int:
        """How many groups wait."""
        return self._store.count_puzzles()

    def puzzle(self, id_: int) -> Said | None:
        """A puzzle; None when it is gone."""
        row = self._store.puzzle(id_)
        return _said(row) if row else None

    def talk(self, id_: int, page: int | None = None) -> Talk | None:
        """A page of the talk of a puzzle, the one with its turn unless another is asked for; None when it is gone."""
        row = self._store.puzzle(id_)
        if row is None:
            return None
        names, talk = _names(row.draft), row.conversation_id
        pages = max(1, -(-self._store.bubbles_before(talk) // BUBBLES))
        own = min(self._store.bubbles_before(talk, row.turn) // BUBBLES, pages - 1)
        page = own if page is None else min(page, pages - 1)
        bubbles = [
            (who, mask(text, names).text, who == "citizen" and turn == row.turn)
            for who, turn, text in self._store.bubbles_of(talk, BUBBLES, page * BUBBLES)
        ]
        return Talk(_said(row), bubbles, page, pages, own)

    def talk_of(self, id_: int) -> int | None:
        """The conversation of a puzzle."""
        row = self._store.puzzle(id_)
        return row.conversation_id if row else None

    def said_in_talk(self, id_: int) -> tuple[list[str], list[str], str, str] | None:
        """For a test from a talk: her turns as typed, the names in them, the type it came to, its status. Not masked."""
        row = self._store.puzzle(id_)
        if row is None:
            return None
        said = [text for who, _, text in self._store.bubbles_of(row.conversation_id, 10 * BUBBLES) if who == "citizen"]
        type_, subtype = row.draft.get("type") or "", row.draft.get("subtype")
        label = row.settled if row.settled and "/" in row.settled else f"{type_}/{subtype}" if subtype else type_
        return said, _names(row.draft), label, str(row.draft.get("status") or "")

    def close(self, id_: int, state: str) -> None:
        """The group of a puzzle is taught, or needs no teaching (`dismissed`)."""
        row = self._store.puzzle(id_)
        if row is not None and row.group_id is not None:
            self._store.close_group(row.group_id, state)
            with self._lock:
                for of_kind in (self._leaders or {}).values():
                    of_kind.pop(row.group_id, None)

    def _sort_beside(self) -> None:
        """Put all the others in groups, in a thread of its own: nobody waits for a heap of new puzzles."""
        with self._lock:
            if self._sorting is None or not self._sorting.is_alive():
                self._sorting = threading.Thread(target=self._sort_all, name="inbox", daemon=True)
                self._sorting.start()

    def _sort_all(self) -> None:
        with contextlib.suppress(StoreError):  # the next look goes on
            while self.sort():
                time.sleep(BREATH)

    def sort(self) -> int:
        """Put some new puzzles in groups, beside those that sound alike. Returns how many."""
        with self._lock:
            rows = self._store.ungrouped(BATCH)
            if not rows:
                return 0
            if self._leaders is None:
                self._leaders = defaultdict(dict)
                for head in self._store.heads(KNOWN):
                    self._leaders[_kind(head)][head.group_id] = _heard(head.text)
            put: dict[int, int] = {}
            fresh: list[tuple[str, str, list[int]]] = []  # kind, how its first sounds, the puzzles
            for row in rows:
                heard, kind = _heard(row.text), _kind(row)
                of_kind = self._leaders[kind]
                # Groups that are still to be made stand under numbers below nought.
                new = {-n - 1: sound_ for n, (of, sound_, _) in enumerate(fresh) if of == kind}
                best = (
                    process.extractOne(
                        heard, {**new, **_of_length(of_kind, heard)}, scorer=fuzz.ratio, score_cutoff=ALIKE
                    )
                    if heard
                    else None
                )
                if best is None:
                    fresh.append((kind, heard, [row.id]))
                elif best[2] < 0:
                    fresh[-best[2] - 1][2].append(row.id)
                else:
                    put[row.id] = int(best[2])
            made = self._store.put_in_groups(put, [ids for _, _, ids in fresh])
            for group, (kind, heard, _) in zip(made, fresh):
                of_kind = self._leaders[kind]
                of_kind[group] = heard
                while len(of_kind) > KNOWN:
                    of_kind.pop(next(iter(of_kind)))
            return len(rows)


def _heard(text: str) -> str:
    return sound(plain(text[:HEAD]))


def _of_length(of_kind: Mapping[int, str], heard: str) -> dict[int, str]:
    """Those that are long and short enough to be alike at all: rapidfuzz' ratio of two lengths is at most 2s/(s+l)."""
    least = ALIKE / (200 - ALIKE)
    shortest, longest = len(heard) * least, len(heard) / least
    return {group: other for group, other in of_kind.items() if shortest <= len(other) <= longest}


def _kind(row: PuzzleRow | PuzzleHead) -> str:
    """What is compared with what: the same thing that people said it is, else the same guess."""
    return row.settled or row.guess or ""


def _said(row: PuzzleRow) -> Said:
    text = mask(row.text, _names(row.draft)).text
    return Said(row.id, text, row.why, row.guess, row.confidence, row.settled)


def _names(draft: Mapping[str, Any]) -> list[str]:
    """Names that the record of the talk knows: whoever told, helps, or is told of."""
    return [name for key, fact in (draft.get("facts") or {}).items() for name in _named(key, fact.get("value"))]


def _named(fact: str, value: Any) -> Iterable[str]:
    if fact.endswith("_name") and isinstance(value, str):
        yield value
    if isinstance(value, Mapping):
        for key in ("name", "town", "village"):
            if isinstance(value.get(key), str):
                yield value[key]
