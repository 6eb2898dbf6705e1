"""What the labels of examples are called in the words of the trade. Called by the training pages and `lessons`.

A label is a key of the taxonomy (`wages/wage_arrears`), a question on mediation (`faq/cost`) or an intent (`affirm`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.intake.taxonomy import Taxonomy
from bot.phrasebook import Phrasebook

#: Groups in which labels are offered, in this order.
DISPUTES, DANGERS, QUESTIONS, TALK = "纠纷", "危险", "问调解怎么办", "回答、命令、闲话"


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its name, what belongs to it, and the group in which it is offered."""

    key: str
    name: str
    plain: str
    group: str


class Labels:
    """Names of all labels over a phrasebook. `named` is labels.yml."""

    def __init__(self, book: Phrasebook, taxonomy: Taxonomy, named: Mapping[str, Mapping[str, str]]) -> None:
        self._book, self._taxonomy, self._named = book, taxonomy, named
        self._last: tuple[int, dict[str, Label]] = (-1, {})

    def all(self) -> dict[str, Label]:
        """Every label that can be taught, in the order in which they are offered."""
        examples = self._book.examples()
        if self._book.edition != self._last[0]:
            first: dict[str, str] = {}
            for example in examples:
                first.setdefault(example.label, example.text)
            self._last = self._book.edition, self._made(first)
        return self._last[1]

    def _made(self, first: Mapping[str, str]) -> dict[str, Label]:
        made: dict[str, Label] = {}
        for type_, subtypes in self._taxonomy.subtypes.items():
            matter = self._taxonomy.matters[type_]
            unsure = f"{matter.name}（说不准是哪一种）" if subtypes else matter.name
            made[type_] = Label(type_, unsure, matter.plain, DISPUTES)
            for subtype in subtypes:
                own = self._taxonomy.matter(type_, subtype)
                made[own.key] = Label(own.key, f"{matter.name} · {own.name}", own.plain, DISPUTES)
        for key, words in self._named.items():
            made[key] = Label(key, words["name"], words["plain"], DANGERS if key.startswith("danger_") else TALK)
        for key, text in first.items():
            if key.startswith("danger_") and "+" in key:
                made[key] = self._joined(key, made)
            elif key not in made:
                asked = key.startswith("faq/")
                made[key] = Label(key, f"问：{text[:24]}" if asked else key, text, QUESTIONS if asked else TALK)
        return made

    @staticmethod
    def _joined(key: str, made: Mapping[str, Label]) -> Label:
        """Two dangers told in one example (`danger_violence+threat`)."""
        parts = [made[f"danger_{sign}"] for sign in key.removeprefix("danger_").split("+")]
        return Label(key, "和".join(part.name for part in parts), "；".join(part.plain for part in parts), DANGERS)
