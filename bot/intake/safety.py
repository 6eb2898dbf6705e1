"""Safety mode: when it holds, the one screen it shows, and what it asks of the mediator.

Hides which hotlines and which lines of the rule cards belong to which danger, and who cannot look after herself
(反家庭暴力法 14, DOMAIN R42). Numbers and wording are data (`bot/knowledge/hotlines.yml`, `rules.yml`); nothing of them
stands here. Built by `bot.knowledge.safety`, called by the steps, the document and the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intake.record import Record

#: Dangers of a person: the page goes plain, the screen of numbers is at hand, and it is asked how to reach her safely.
AT_RISK = frozenset({"violence", "self_harm", "threat", "minor"})
#: Persons without, or with limited, capacity for civil acts, as they are spoken of.
INCAPABLE = re.compile(
    r"痴呆|阿尔茨海默|智障|智力(?:障碍|残疾|有问题|不好|低)|弱智|傻子|精神(?:病|分裂|残疾|失常|不正常|有问题)|自闭症|唐氏|植物人|失智|失能|"
    r"脑瘫|认不(?:得|清|出)人|不认(?:得|识)人|糊涂了|脑子(?:不清楚|糊涂|有问题|不好使)|神志不清|生活不能自理|没法照顾自己|照顾不了自己|瘫(?:痪|在床)"
)


def at_risk(record: Record) -> bool:
    """Whether safety mode holds: somebody's life, body or child was spoken of as in danger."""
    return (
        bool(record.sign_kinds() & AT_RISK)
        or record.subtype == "domestic_violence"
        or record.value("violence_now") == "now"
    )


def incapable(record: Record) -> str | None:
    """Her words for a person who cannot look after herself, where violence or a threat was told; else None."""
    if not record.sign_kinds() & {"violence", "threat"}:
        return None
    told = [sign["words"] for sign in record.signs]
    told += [fact.words for key in ("story", "dependants", "wanted") if (fact := record.facts.get(key))]
    found = next((match for words in told if (match := INCAPABLE.search(words))), None)
    return found.group() if found else None


def duty_to_report(record: Record) -> dict[str, Any] | None:
    """Words and turn of what must be reported (R42: a child, or a person without capacity, is being hurt), or None."""
    kinds = record.sign_kinds()
    if "minor" in kinds and kinds & {"violence", "threat"}:
        sign = next(sign for sign in record.signs if sign["kind"] == "minor")
        return {"words": sign["words"], "turn": sign["turn"]}
    words = incapable(record)
    if words is None:
        return None
    sign = next(sign for sign in record.signs if sign["kind"] in ("violence", "threat"))
    return {"words": words, "turn": sign["turn"]}


@dataclass(frozen=True, slots=True)
class Safety:
    """The data of safety mode, read once. `hotlines` and `cards` as they stand in the YAML files."""

    hotlines: Sequence[Mapping[str, Any]]
    cards: Sequence[Mapping[str, Any]]

    def screen(self, record: Record) -> dict[str, Any] | None:
        """What the one screen shows for the dangers of a record, or None outside safety mode.

        `calls`: number, name, what for, an honest word about its hours. `parts`: head and lines, with the article.
        """
        if not at_risk(record):
            return None
        kinds = record.sign_kinds() & AT_RISK
        if record.subtype == "domestic_violence" or record.value("violence_now") == "now":
            kinds |= {"violence"}
        calls = [
            {"number": line["number"], "name": line["name"], "for": line["for"], "note": line.get("note")}
            for line in sorted(self.hotlines, key=lambda line: (_rank(line, kinds), line["order"]))
            if _rank(line, kinds) < LAST
        ]
        parts = [
            {"head": card["head"], "lines": list(card["lines"]), "article": card["article"]}
            for card in reversed(self.cards)
            if kinds & set(card.get("safety", ()))
        ]
        return {"calls": calls, "parts": parts}

    def banners(self, record: Record, flags: Iterable[str]) -> list[dict[str, Any]]:
        """What the mediator must read first: flag, rule, its words, and the citizen's words and turn behind it."""
        found = []
        for flag in flags:
            card = next((card for card in self.cards if card.get("flag") == flag), None)
            if card is None:
                continue
            behind = duty_to_report(record) if flag == "duty_to_report" else _first_violence(record)
            found.append(
                {
                    "flag": flag,
                    "rule": card["id"],
                    "text": card["mediator"],
                    "words": behind["words"] if behind else None,
                    "turn": behind["turn"] if behind else None,
                }
            )
        return found


LAST = 99


def _rank(line: Mapping[str, Any], kinds: Iterable[str]) -> int:
    """How early a number stands for these dangers; `LAST` when it does not belong to them."""
    ranks: Mapping[str, int] = line.get("safety") or {}
    return min((int(ranks[kind]) for kind in kinds if kind in ranks), default=LAST)


def _first_violence(record: Record) -> dict[str, Any] | None:
    sign = next((sign for sign in record.signs if sign["kind"] == "violence"), None)
    if sign is not None:
        return {"words": sign["words"], "turn": sign["turn"]}
    fact = record.facts.get("violence_now")
    return {"words": fact.words, "turn": fact.turn} if fact else None
