"""`check`, its legal part: every statement of law that we make stands on a rule card in force, figure by figure.

Hides how a statement is recognised and how a number in Chinese words is compared with a card. A response names its
cards in `metadata: {rules: [R1]}` of a variant; an empty list says "this is no statement of law". Called by
`checking` and by the agreement tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import cn2an

from bot.intake.rules import NATIONAL, RuleBook

#: Words with which a response states law, rather than what the desk does or asks.
LEGAL = re.compile(
    r"法律(?!援助|服务|热线|上的事|上怎么|方面|知识|，打|\s?12348)|法定|民法典|条例|第\s?\d+\s?条|时效|强制执行|司法确认|法院确认|约束力"
    r"|保护令|告诫书|尸检|封存|冷静期|行政复议|个工作日|分之|总包要|先垫|不看家里|不受理|不再收|不再重复受理|口头申请"
    r"|(?:一分钱|都|全程|一律)不收|免费的|讲自愿|全凭自愿"
)
NUMBER = r"[\d.]+|[零一二两三四五六七八九十百千万]+"
FIGURE = re.compile(rf"({NUMBER})(?:到({NUMBER}))?\s*(个工作日|小时|天|日(?!子)|个月|年(?!底|初|级|轻)|个人)")
SHARE = re.compile(rf"({NUMBER})分之({NUMBER})")
#: Which figures of a card a unit may come from.
KEYS = {"个工作日": "working_days", "小时": "hours", "天": "days", "日": "days", "个月": "months", "年": "years",
        "个人": "people"}  # fmt: skip


def legal_findings(said: Mapping[str, Any], book: RuleBook, cards: Mapping[str, Mapping[str, Any]],
                   today: date) -> Iterator[str]:  # fmt: skip
    """One plain Chinese sentence for each statement of law without a card that holds everywhere today."""
    for name, variants in said.items():
        text = " ".join(variant.get("text", "") for variant in variants)
        named = book.answers.get(name)
        if named is None:
            if found := LEGAL.search(text):
                yield f"{name} 说到法律（“{found.group()}”），没有写靠哪张规则卡：metadata: {{rules: [...]}}"
            continue
        for rule in named:
            card = book.cards.get(rule)
            if card is None:
                yield f"{name} 写的规则卡 {rule} 不存在"
            elif not card.holds(today, card.holds_for):
                yield f"{name} 靠的规则卡 {rule} 今天不在有效期里"
            elif card.holds_for != NATIONAL:
                yield f"{name} 靠的规则卡 {rule} 只管{card.holds_for}，这句话却是说给所有人听的"
        yield from _figures(name, text, [cards[rule] for rule in named if rule in cards])


def _figures(name: str, text: str, cards: list[Mapping[str, Any]]) -> Iterator[str]:
    """A number with a unit of law must stand on one of the cards named."""
    if not cards:
        return
    known = [(key, value) for card in cards for key, value in (card.get("figure") or {}).items()]
    for match in FIGURE.finditer(text):
        for number in filter(None, match.group(1, 2)):
            wanted, key = _number(number), KEYS[match.group(3)]
            if (wanted, key) == (1, "people"):
                continue  # "您一个人说": herself, no figure
            if not any(k.startswith(key) and v == wanted for k, v in known):
                yield f"{name} 里的“{match.group()}”在它靠的规则卡上找不到"
    for match in SHARE.finditer(text):
        share = Fraction(int(_number(match.group(2))), int(_number(match.group(1))))
        if not any(k.startswith("share") and Fraction(v) == share for k, v in known):
            yield f"{name} 里的“{match.group()}”在它靠的规则卡上找不到"


def _number(words: str) -> float:
    return float(cn2an.cn2an(words, "smart"))
