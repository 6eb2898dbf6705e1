"""Rule cards: what the law says, from when, where, and which of our own answers stand on it.

Hides the question whether a card may be used: it must be in force on the day and hold for the place, otherwise the
desk is silent (DOMAIN R27, R34: local figures are for their region only). The cards are data
(`bot/knowledge/rules.yml`), the answers name them (`metadata: {rules: […]}` of a response). Called by the interview
before it answers a question of law, and by `document` for what is filed and shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: What holds everywhere.
NATIONAL = "全国"


class RuleError(ValueError):
    """A card lacks something; the message names the card, for the clerk who edited it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One rule. `until` is the first day on which it holds no more; `checked_on` None: nobody compared the text yet."""

    id: str
    title: str
    article: str
    source: str
    citizen: str
    holds_for: str
    effective: date | None
    until: date | None = None
    checked_on: date | None = None

    def holds(self, day: date, place: str = "") -> bool:
        """Whether the card may be used on a day for a place (path such as `浙江省/宁波市/海曙区`).

        A card without a date of effect is not used; one of a region only for a place known to lie in it.
        """
        if self.effective is None or day < self.effective or (self.until is not None and day >= self.until):
            return False
        return self.holds_for == NATIONAL or self.holds_for in place.split("/")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All cards by id, and for each response the ids of the cards it stands on. An empty one answers everything."""

    cards: Mapping[str, Card] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, raw: Iterable[Mapping[str, Any]], answers: Mapping[str, tuple[str, ...]]) -> RuleBook:
        """Check and freeze the cards read from YAML. Raises RuleError with the card that is wrong."""
        cards = {}
        for card in raw:
            for needed in ("id", "title", "article", "source", "citizen", "holds_for"):
                if not card.get(needed):
                    raise RuleError(f"rules.yml：{card.get('id')} 缺少 {needed}")
            days = {key: _day(card, key) for key in ("effective", "until", "checked_on")}
            words = {key: str(card[key]) for key in ("id", "title", "article", "source", "citizen", "holds_for")}
            cards[words["id"]] = Card(
                **words, effective=days["effective"], until=days["until"], checked_on=days["checked_on"]
            )
        return cls(cards, dict(answers))

    def usable(self, ids: Iterable[str], day: date, place: str = "") -> list[Card]:
        """Those of the cards that hold on the day for the place, in the order asked."""
        return [card for key in ids if (card := self.cards.get(key)) is not None and card.holds(day, place)]

    def stands(self, response: str, day: date, place: str = "") -> bool:
        """Whether every card under a response holds; a response without any makes no statement of law."""
        ids = self.answers.get(response, ())
        return len(self.usable(ids, day, place)) == len(ids)


def _day(card: Mapping[str, Any], key: str) -> date | None:
    value = card.get(key)
    if value is not None and not isinstance(value, date):
        raise RuleError(f"rules.yml：{card['id']} 的 {key}“{value}”不是日子，写成 2021-01-01 这样")
    return value
