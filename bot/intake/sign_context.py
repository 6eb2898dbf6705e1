"""A wording of danger in its place: the clause around it, the sentence, what stands before and after.

Hides how far is looked. Every view on the text is at most a few dozen characters, so reading stays linear. Called by
`bot.intake.signs`, `sign_denial` and `sign_weighing`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.intake.sign_senses import Prepared

_REACH = 48  # characters: how far a clause without punctuation is looked at on each side


@dataclass(frozen=True, slots=True)
class Found:
    """A wording found at [start, end) of the prepared text, with the clause [left, right) that holds it."""

    kind: str
    start: int
    end: int
    left: int
    right: int


def window(text: str, at: int) -> tuple[int, int]:
    """The clause around `at`: up to the next mark on each side, at most `_REACH` characters."""
    left = max(text.rfind("|", max(0, at - _REACH), at), text.rfind("‖", max(0, at - _REACH), at)) + 1
    if left == 0:
        left = max(0, at - _REACH)
    ends = [place for place in (text.find("|", at, at + _REACH), text.find("‖", at, at + _REACH)) if place >= 0]
    return left, min(ends, default=min(len(text), at + _REACH))


class Seen:
    """What stands around one wording; every view is short, so reading stays linear."""

    __slots__ = ("found", "ready")

    def __init__(self, ready: Prepared, found: Found) -> None:
        self.ready = ready
        self.found = found

    @property
    def words(self) -> str:
        return self.ready.read[self.found.start : self.found.end]

    @property
    def before(self) -> str:
        return self.ready.read[self.found.left : self.found.start]

    @property
    def clause(self) -> str:
        return self.ready.read[self.found.left : self.found.right]

    @property
    def plain_before(self) -> str:
        return self.ready.plain[self.found.left : self.found.start]

    @property
    def near_before(self) -> str:
        """What stands in the sentence before the clause, at most 40 characters."""
        text = self.ready.plain[max(0, self.found.left - 40) : self.found.left]
        return text[text.rfind("‖") + 1 :]

    @property
    def near(self) -> str:
        """The sentence, at most 60 characters on each side."""
        text = self.ready.plain
        left = text.rfind("‖", max(0, self.found.start - 60), self.found.start) + 1 or max(0, self.found.start - 60)
        right = text.find("‖", self.found.end, self.found.end + 60)
        return text[left : right if right >= 0 else self.found.end + 60]

    @property
    def around(self) -> str:
        """80 characters on each side, over sentence marks."""
        return self.ready.plain[max(0, self.found.start - 80) : self.found.end + 80]
