"""Which turns the desk may learn from: not understood, unsure, or taken for something that it was not.

Pure: looks at a turn after it was taken. The words stay where they are, with the talk; a puzzle only points at them.
Called by the desk, which keeps what is found for the trainers' inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.intake.record import Record
from bot.intake.steps import ASK_BACK, Heard, Outcome

#: Kinds by what they teach: a mistake that was sure of itself most, a shrug least.
WEIGHTS: Mapping[str, float] = {"unheard": 1.0, "unsure": 2.0, "corrected": 3.0, "mediator": 4.0}
#: Replies that say: that was not understood.
_UNHEARD = ("not_read", "story_more", "odd_gibberish", "stuck")
#: So short and so sure (0–1), a bare answer was understood, only of no use at its question: 不知道, 好的. Nothing to teach.
BARE, SURE = 6, 0.85


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A turn of a talk: what the model took its words for (a label, 0–1), and what a person said it is."""

    turn: int
    why: str
    guess: str | None = None
    confidence: float | None = None
    settled: str | None = None

    @property
    def weight(self) -> float:
        """How much it teaches: a wrong guess the more, the surer it was."""
        sure = self.confidence or 0.0
        return WEIGHTS[self.why] + (sure if self.why == "corrected" else 0.0)


def puzzle(before: Record, out: Outcome, heard: Heard) -> Puzzle | None:
    """What a turn gives to learn, or None."""
    record = out.record
    story = record.facts.get("story")
    best = record.type_alternatives[0] if record.type_alternatives else None
    guess, sure = (str(best["key"]), float(best["confidence"])) if best else (None, None)
    chosen = _key(record) if record.type and record.type_by == "citizen" else None
    if (
        story is not None
        and chosen
        and (before.type, before.subtype, before.type_by)
        != (
            record.type,
            record.subtype,
            "citizen",
        )
    ):
        why = "corrected" if guess != chosen and (sure or 0.0) >= ASK_BACK else "unsure"
        return Puzzle(story.turn, why, guess, sure, chosen)
    if story is not None and out.ask == "dispute_type" and before.asked != "dispute_type" and record.type is None:
        return Puzzle(story.turn, "unsure", guess, sure) if story.turn == record.turn else None
    if (
        heard.choice is None
        and not _bare(heard)
        and any(say.response.removeprefix("utter_").startswith(_UNHEARD) for say in out.says)
    ):
        return Puzzle(record.turn, "unheard", heard.act or None, round(heard.act_confidence, 4))
    return None


def _bare(heard: Heard) -> bool:
    return len(heard.text.strip()) <= BARE and heard.act != "tell" and heard.act_confidence >= SURE


def _key(record: Record) -> str:
    return f"{record.type}/{record.subtype}" if record.subtype else str(record.type)
