"""What the training pages work with: phrasebook, lessons, the names of labels, and the ear of the live model.

Opened by `opening`; called by the training pages.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from bot.inbox import Inbox
from bot.labels import Labels
from bot.lessons import Lessons
from bot.phrasebook import Phrasebook
from bot.phrasebook_findings import Finding, findings

#: The live model's answer to a text: `understood` of the classifier (act, faq, types, signs).
Understand = Callable[[str], Coroutine[Any, Any, Mapping[str, Any]]]
#: An answer below this is not worth showing; so many are shown.
FAINT, GUESSES = 0.03, 4


@dataclass(slots=True)
class Classroom:
    """The training side of the desk."""

    book: Phrasebook
    lessons: Lessons
    labels: Labels
    inbox: Inbox
    understand: Understand
    _findings: tuple[int, list[Finding]] = (-1, [])

    def findings(self) -> list[Finding]:
        """What is wrong with the examples as they stand: found once for each edition of them."""
        examples = self.book.examples()
        if self.book.edition != self._findings[0]:
            self._findings = self.book.edition, findings(examples)
        return self._findings[1]

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
