"""Releases of the model: the course that one takes, and the gate before it. Pure: numbers in, reasons out.

Hides what may follow what, what the gate asks, who may publish, and how many earlier releases are kept. Called by
`workshop`, which trains and switches, and by the training pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from bot.quality.figures import FOCUS

#: Earlier published releases that are kept with model and examples, to go back to. Older ones keep their figures only.
KEPT = 5
#: The types whose recall is guarded, and by how much it may fall (issue 6).
GUARDED = FOCUS
FALL = Fraction(2, 100)
#: What a trial leaves in the folder of its release, and writes while it runs.
FROZEN, LANGUAGE, RESULT, PROGRESS, TROUBLE = (
    "frozen",
    "language.zip",
    "result.json",
    "progress.json",
    "trouble.json",
)
#: What Rasa said, what the process said.
LOG, SAID = "training.log", "process.log"
#: The steps of a trial in order; cross-validation only when it is asked for.
STEPS = ("training", "live", "new", "crossing", "comparing")
#: A reason for publishing against the gate is a sentence, not a letter.
LONGEST_REASON = 300

#: state → states that may follow. `outdated`: it was compared with a model that is no longer live.
COURSE: Mapping[str, frozenset[str]] = {
    "training": frozenset({"ready", "failed", "stopped"}),
    "ready": frozenset({"published", "outdated"}),
    "published": frozenset({"kept"}),
    "kept": frozenset({"published", "dropped"}),
    "failed": frozenset(),
    "stopped": frozenset(),
    "outdated": frozenset(),
    "dropped": frozenset(),
}

Kept = TypeVar("Kept")


class NotReleased(Exception):
    """What was asked cannot be done; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that the gate objects to. `kind`: recall | unmeasured | safety | replay | uncompared; `subject` is the
    type, the set or the replay; `was` and `now` are counts of what was right, of `many`."""

    kind: str
    subject: str = ""
    was: int = 0
    now: int = 0
    many: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kind", "subject", "was", "now", "many")}


def objections(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Reason]:
    """What the gate has against a model that measures `after`, where the live one measures `before`; empty: it holds.

    Both: `types` (figures by `bot.quality.figures.type_figures`), `safety` (set → `safety_figures`), `replays`
    (conversation → what went wrong, empty when it went well). What cannot be compared counts against it.
    """
    if before is None:
        return [Reason("uncompared")]
    return [*_recall(before, after), *_safety(before, after), *_replays(before, after)]


def _recall(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Reason]:
    for type_ in GUARDED:
        (was, many), (now, same) = right_of(before.get("types"), type_), right_of(after.get("types"), type_)
        if not many or many != same:
            yield Reason("unmeasured", type_, was, now, same)
        elif Fraction(was - now, many) > FALL:
            yield Reason("recall", type_, was, now, many)


def right_of(figures: Mapping[str, Any] | None, type_: str) -> tuple[int, int]:
    """How many texts of a type were taken for it, of how many."""
    row = ((figures or {}).get("confusion") or {}).get(type_) or {}
    return int(row.get(type_, 0)), sum(row.values())


def _safety(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Reason]:
    """Danger heard by the live model is heard by the next: over each set together, so that 1.0 stays 1.0."""
    sets = before.get("safety") or {}
    if not sets:
        yield Reason("unmeasured", "safety")
    for name, was in sets.items():
        now = (after.get("safety") or {}).get(name)
        (heard, many), (hears, same) = _heard(was), _heard(now)
        if now is None or many != same:
            yield Reason("unmeasured", f"safety/{name}", heard, hears, same)
        elif hears < heard:
            yield Reason("safety", name, heard, hears, many)


def _heard(figures: Mapping[str, Any] | None) -> tuple[int, int]:
    """How many dangers were heard, of how many there are."""
    signs = ((figures or {}).get("signs") or {}).values()
    heard = sum(one["right"] for one in signs)
    return heard, heard + sum(one["missed"] for one in signs)


def _replays(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Reason]:
    told = after.get("replays") or {}
    for name, wrong in (before.get("replays") or {}).items():
        if not wrong and told.get(name, "?"):
            yield Reason("replay", name)


def why_not(account: int, author: int | None, proposers: Sequence[int]) -> str | None:
    """Why somebody may not publish a release, or None. `proposers`: whose lessons are new in it."""
    if account == author:
        return "这一次是您按的训练，要请另一位训练员来发布。"
    if proposers and set(proposers) == {account}:
        return "里面新教的都是您一个人提的，要请另一位训练员来发布。"
    return None


def follows(state: str, after: str) -> bool:
    """Whether a release may go from one state to another."""
    return after in COURSE.get(state, frozenset())


def to_drop(kept: Sequence[Kept]) -> Sequence[Kept]:
    """Of the releases that could be gone back to, last published first, those that are too many."""
    return kept[KEPT:]
