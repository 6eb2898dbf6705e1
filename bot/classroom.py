"""What the training pages work with: phrasebook, lessons, the names of labels, and the ear of the live model.

Opened by `opening`; called by the training pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.inbox import Inbox
from bot.labels import Labels
from bot.lessons import Lessons
from bot.new_types import NewTypes
from bot.newcomer import Newcomer, Understand
from bot.phrasebook import Phrasebook
from bot.phrasebook_findings import Watch
from bot.wordings import Cards, Sayings
from bot.workshop import Workshop

#: An answer below this is not worth showing; so many are shown.
FAINT, GUESSES = 0.03, 4
#: Where a story is cut; what is longer is cut at its commas as well, what is shorter stays with its neighbour.
_ENDS, _COMMAS = re.compile(r"(?<=[。！？!?；;…\n])"), re.compile(r"(?<=[，,])")
LONG_PART, SHORT_PART = 40, 8


def split_story(text: str) -> list[str]:
    """A long story as sentences that can be taught one by one: nothing is added and no character but blanks is lost.

    >>> split_story("我在工地干了半年。工钱一分没给！老板电话不接，人也跑了。")
    ['我在工地干了半年。工钱一分没给！', '老板电话不接，人也跑了。']
    """
    parts: list[str] = []
    for sentence in _ENDS.split(text):
        for part in _joined(_COMMAS.split(sentence), LONG_PART) if len(sentence) > LONG_PART else [sentence]:
            told = " ".join(part.split())
            if told:
                parts.append(told)
    return _joined(parts)


def _joined(parts: Sequence[str], together: int = 0) -> list[str]:
    """Neighbours put together while one of them is very short, or both are no longer than `together`."""
    out: list[str] = []
    for part in parts:
        if out and (min(len(out[-1]), len(part)) < SHORT_PART or len(out[-1]) + len(part) <= together):
            out[-1] += part
        elif part:
            out.append(part)
    return out


@dataclass(slots=True)
class Classroom:
    """The training side of the desk."""

    book: Phrasebook
    lessons: Lessons
    labels: Labels
    inbox: Inbox
    understand: Understand
    workshop: Workshop
    sayings: Sayings
    cards: Cards
    types: NewTypes
    newcomer: Newcomer
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.book)

    def guesses(self, understood: Mapping[str, Any]) -> list[tuple[str, float]]:
        """The labels that the model would give a text, surest first: a story's types, or what else the words do."""
        told = [
            (f"{one['type']}/{one['subtype']}" if one["subtype"] else str(one["type"]), float(one["confidence"]))
            for one in understood.get("types", ())
        ]
        act, sure = str(understood.get("act") or ""), float(understood.get("act_confidence", 0.0))
        if understood.get("faq"):
            told.insert(0, (str(understood["faq"]), sure))
        elif act not in ("", "tell", "faq"):
            told.insert(0, (act, sure))
        known = self.labels.all()
        return [(label, sure) for label, sure in told if label in known and sure >= FAINT][:GUESSES]
