"""Quantities that a fact may mean: sums, stretches of time, people, areas, telephones, and which of several is meant.

Hides how a value read from the text becomes a fact's value, and how the words beside it say whose it is (`cues`,
`unless` of the taxonomy). Called by `hearing` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.intake.phrases import CLAUSE, REACH, Value, clause_start, number_words, plain_number
from bot.intake.reading import Reading
from bot.intake.taxonomy import FactSpec


def values_of(spec: FactSpec, reading: Reading) -> list[tuple[Value, tuple[int, int]]]:
    """Values of this kind in reading order, each with its span."""
    found: list[tuple[Value, tuple[int, int]]] = []
    about = "约"
    if spec.kind == "money":
        for money in reading.money:
            if money.value is not None:
                shown = f"{about if money.approx else ''}{number_words(money.value)}{spec.unit or '元'}"
                found.append((Value(plain_number(money.value), shown, money.text, money.approx), money.span))
    elif spec.kind == "people":
        for people in reading.people:
            if people.value is not None:
                shown = f"{about if people.approx else ''}{people.value}人"
                found.append((Value(people.value, shown, people.text, people.approx), people.span))
    elif spec.kind == "area":
        for area in reading.areas:
            if area.mu is not None:
                shown = f"{about if area.approx else ''}{number_words(area.mu)}亩"
                found.append((Value(plain_number(area.mu), shown, area.text, area.approx), area.span))
    elif spec.kind == "phone":
        found = [(Value(phone.digits, phone.digits, phone.text), phone.span) for phone in reading.phones]
    elif spec.kind == "period":
        for span in reading.dates:
            value = {"start": span.start.isoformat(), "end": span.end.isoformat(), "precision": span.precision}
            found.append((Value(value, _period(span), span.text, span.precision == "approx"), span.span))
    return found


def _period(span: Any) -> str:
    start, end = span.start, span.end
    if span.precision == "year" and start.year == end.year:
        return f"{start.year}年"
    if span.precision == "year":
        return f"{start.year}年到{end.year}年"
    if span.precision == "month":
        first, last = f"{start.year}年{start.month}月", f"{end.year}年{end.month}月"
        return first if first == last else f"{first}到{last}"
    first, last = (f"{d.year}年{d.month}月{d.day}日" for d in (start, end))
    shown = first if first == last else f"{first}到{last}"
    return f"大约{shown}" if span.precision == "approx" else shown


def ruled_out(spec: FactSpec, text: str, span: tuple[int, int]) -> bool:
    """Whether words beside a value say that it is something else: 一天三百 is no sum in dispute."""
    if is_left(spec, text, span):
        return False  # 给了六万，剩下五万七
    before = CLAUSE.split(text[max(0, span[0] - 8) : span[0]])[-1]
    after = CLAUSE.split(text[span[1] : span[1] + 4])[0]
    if spec.left is not None and (
        _NOT_OWED_BEFORE.search(before) or _NOT_OWED_AFTER.match(text[span[1] : span[1] + 16])
    ):
        return True
    if told_of_another(spec, text, span):
        return True
    return any(word in before or (word[0] in "一每" and word in after) for word in spec.unless)


#: 随的份子三千, 退了我两千, 一月三千四, 扣掉借支的八千: given away, come back, due each month; none of it is owed.
_NOT_OWED_BEFORE = re.compile(
    r"(?:(?<!没)(?<!不)(?<!未)(?:退|返)(?:还|回)?(?:给|来)*(?:了|过|回来)(?:我|俺|咱)?们?(?:家)?|(?<![\d十冬腊正份])一月(?:是|给|开|挣)?|"
    r"(?:送|随|孝敬)(?:给|了|他|她|的|过)+(?:份子|礼|红包)?(?:钱)?|扣[掉除去](?:了|他|我|借支|预支|的)*|(?:借支|预支)(?:了|过|的)*|包月|(?<![我俺他她你])(?:每|一)(?:个人|人|户)(?:是|欠|差|就|各|平均)?|人均|平均(?:下来)?(?:每人|一人)?)$"
)
_NOT_OWED_AFTER = re.compile(
    r"(?:块钱?|元|钱)?(?:就?(?:是|算|当)|我|俺)(?:我|俺|当)?(?:自愿|白)?(?:送|孝敬|随|给的?见面礼|见面礼|份子|随礼|礼钱|红包|心意|请客)|"
    r"(?:块钱?|元|钱)?(?:的?)?[，,]?(?:这个|这|那个?|就)?(?:不算(?!数|话)|不用(?:他|她|你)?还|不要他还|我?[也就]?不要了|我?[也就]?不提了|我?[也就]?不跟(?:他|她)算)"
)


def told_of_another(spec: FactSpec, text: str, span: tuple[int, int]) -> bool:
    """Whether the words right after a value say that it belongs to something else (`unless` entries that begin with …).

    2017年包的 is when the land was taken, not the day to which its rent was paid.
    """
    return any(word[0] == "…" and text.startswith(word[1:], span[1]) for word in spec.unless)


def meant(spec: FactSpec, text: str, values: list[tuple[Value, tuple[int, int]]]) -> Value:
    """The value that answers the question, of several said: "一个月一千二，欠了二十个月，两万四" asks for the last."""
    fitting = [pair for pair in values if not ruled_out(spec, text, pair[1])] or values
    near = [(d, pair) for pair in fitting if (d := cue_distance(spec, text, pair[1])) is not None]
    if near:
        return min(near, key=lambda item: item[0])[1][0]
    if spec.kind == "money":
        return _added_up(spec, text, fitting) or max(fitting, key=lambda pair: float(pair[0].value))[0]
    return fitting[0][0]


def _added_up(spec: FactSpec, text: str, values: list[tuple[Value, tuple[int, int]]]) -> Value | None:
    """The sum where she adds two in so many words: "修车八千六加误工三千"."""
    if len(values) != 2:
        return None
    (one, first), (other, second) = values
    if not re.match(r"[^，,。；;]{0,4}(?:加上?|再加上?|还有)[^，,。；;]{0,6}$", text[first[1] : second[0]]):
        return None
    total = plain_number(float(one.value) + float(other.value))
    return Value(
        total, f"{number_words(total)}{spec.unit or '元'}", text[first[0] : second[1]], one.approx or other.approx
    )


def cue_distance(spec: FactSpec, text: str, span: tuple[int, int]) -> int | None:
    """Characters between a value and the nearest cue of the fact in reach; what is left owing comes before all others."""
    if is_left(spec, text, span):
        return -1
    return nearest_cue(spec.cues, text, span)[0]


def is_left(spec: FactSpec, text: str, span: tuple[int, int]) -> bool:
    """Whether the words beside a value say that it is what is still owed after part was paid (`left` of the taxonomy).

    >>> from re import compile
    >>> spec = FactSpec("amount", "money", "", "", left=compile(r"剩下\\|"))
    >>> is_left(spec, "给了六万，剩下五万七", (7, 10)), is_left(spec, "给了六万，剩下五万七", (2, 4))
    (True, False)
    """
    if spec.left is None:
        return False
    before = text[max(0, span[0] - 8) : span[0]].replace("|", " ")
    return spec.left.search(f"{before}|{text[span[1] : span[1] + 8]}") is not None


def nearest_cue(cues: Iterable[str], text: str, span: tuple[int, int]) -> tuple[int | None, str]:
    """The distance of the nearest of the cues in reach of a value, and that cue; (None, "") when there is none."""
    best: int | None = None
    nearest = ""
    before = text[clause_start(text, span[0]) : span[0]]
    after = CLAUSE.split(text[span[1] : span[1] + 2 * REACH])[0]
    for cue in cues:
        left = before.rfind(cue)
        right = after.find(cue)
        distances = [len(before) - left - len(cue)] if left >= 0 else []
        distances += [right + 1] if right >= 0 else []
        for distance in distances:
            if best is None or distance < best:
                best, nearest = distance, cue
    return best, nearest
