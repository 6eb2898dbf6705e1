"""What words say of one fact that is no quantity: yes or no, an option, a count in a pattern, things at hand.

Hides phrases, negation and clause borders. The taxonomy gives the phrases. Called by `hearing`, which decides what to
read where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.intake.reading.counts import read_months
from bot.intake.reading.numerals import find_numbers
from bot.intake.taxonomy import FactSpec, Option

#: Characters before a value in which a cue still belongs to it: about one spoken clause.
REACH = 14
#: A blank between characters is a comma of those who type none ("没找过 不知道找谁").
CLAUSE = re.compile(r"[，。！？；,!?;\n]|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Entity:
    """A span found by the understanding (spaCy): label, words, character offsets."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Value:
    """A fact as heard: JSON value, how it is shown, the exact words, whether it is about."""

    value: Any
    shown: str
    words: str
    approx: bool = False


def plain_number(number: float) -> float | int:
    return int(number) if float(number).is_integer() else float(number)


def number_words(number: float) -> str:
    return f"{plain_number(number):,}"


def clause_start(text: str, at: int) -> int:
    """Where the clause that holds position `at` begins."""
    start = max(0, at - REACH)
    cuts = [match.end() for match in CLAUSE.finditer(text, start, at)]
    return cuts[-1] if cuts else start


def follows(text: str, at: int, cues: Iterable[str]) -> bool:
    before = text[clause_start(text, at) : at]
    return any(cue in before for cue in cues)


NEGATION = re.compile(r"(?:没有?|不是|未|无|别|还没|并没有?|从没|没能)$")


#: Words by which a clause is somebody else's telling; it ends where the clause does.
HEARSAY = re.compile(
    r"(?:我?(?:也|还|就|都|只|后来)?听(?:人家?|别人|他们?|她|工友们?|邻居|村里人?|朋友|同事|有人|老乡)?(?:家)?(?:说|讲|闻)|据说|传言|有人(?:说|讲)|风言风语)"
    r"[^，。,.;；!！?？\n]*"
)
#: Somebody else is spoken of, and what is said has not come back to her.
OTHERS = re.compile(
    r"(?:邻居家?|别人|人家|别的(?:(?![我咱俺])[\u4e00-\u9fff]){0,3}|其他(?:(?![我咱俺])[\u4e00-\u9fff]){0,3}|隔壁(?:(?![我咱俺])[\u4e00-\u9fff]){0,4}?)(?:都|也|已经|早就|就|没)?$"
)
SUPPOSED = re.compile(r"(?:如果|要是|万一|假如|假使|怕|担心)[^我，。,]{0,6}$")


def told_by_herself(text: str) -> str:
    """The text with what she only heard blanked out by commas, so that every offset stays.

    >>> told_by_herself("听说别的组有五万，我的是一万二")
    '，，，，，，，，，我的是一万二'
    """
    return HEARSAY.sub(lambda heard: "，" * len(heard.group()), text)


def _hers(text: str, at: int) -> bool:
    """Whether a phrase at `at` is said as a fact of her own case: not of others, and not only supposed."""
    before = text[clause_start(text, at) : at]
    return not OTHERS.search(before) and not SUPPOSED.search(before)


def polar(spec: FactSpec, text: str) -> Value | None:
    """Yes or no by the fact's own phrases; a phrase for "no" is longer than the "yes" that it contains."""
    hits: list[tuple[int, int, str, str]] = []
    for polarity, phrases in (("no", spec.no), ("yes", spec.yes)):
        for phrase in phrases:
            at = next((m.start() for m in re.finditer(re.escape(phrase), text) if _hers(text, m.start())), -1)
            if at < 0:
                continue
            said = polarity
            if polarity == "yes" and NEGATION.search(text[max(0, at - 3) : at]):
                said = "no"
            hits.append((-len(phrase), at, said, phrase))
    if not hits:
        return None
    _, at, polarity, phrase = min(hits)
    return Value(polarity, "是" if polarity == "yes" else "否", _clause_around(text, at, at + len(phrase)))


def _clause_around(text: str, start: int, end: int) -> str:
    left = clause_start(text, start)
    right = CLAUSE.search(text, end)
    return text[left : min(right.start() if right else len(text), end + REACH)].strip()


def choice(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """The option with the longest word in the text. `strict` reads a story: only the words that mean it there too."""
    best: tuple[int, Option, int] | None = None
    for option in spec.options:
        for said in option.told if strict else (*option.words, option.label):
            word = said.lstrip("=")
            at = text.find(word)
            if at < 0 or (best is not None and len(word) < best[0]):
                continue  # of two as long the later one: "没找过，哦，报过警"
            if not _stands(spec, said, text, at, strict):
                continue
            if strict and NEGATION.search(text[max(0, at - 3) : at]):
                continue
            if len(word) == 1 and strict and not re.fullmatch(r"\W?", text[at + 1 : at + 2]):
                continue  # 男 as a word of its own, not 男方
            best = (len(word), option, at)
    if best is None:
        return None
    length, option, at = best
    return Value(option.value, option.label, _clause_around(text, at, at + length) if strict else text)


def _stands(spec: FactSpec, said: str, text: str, at: int, strict: bool) -> bool:
    """Whether a word of an option is said as the answer, and not somewhere inside a sentence about something else."""
    word = said.lstrip("=")
    start = max((cut.end() for cut in CLAUSE.finditer(text, 0, at)), default=0)
    clause = CLAUSE.split(text[start:])[0].strip()
    if said.startswith("="):
        return word in (clause, SOFT.sub("", clause))
    if strict or spec.acts is None:
        return True
    if len(word) == 1:
        return SOFT.sub("", clause) == word
    return len(clause) <= SHORT_ANSWER or spec.acts.search(clause) is not None


#: Particles around an answer, and how long a clause may be that is nothing but an answer.
SOFT = re.compile(r"[的了啊呢嘛呀哦吧过]+$")
SHORT_ANSWER = 8


def choice_by_yes_no(spec: FactSpec, text: str, yes_no: str | None) -> Value | None:
    option = spec.option(yes_no) if yes_no in ("yes", "no") else None
    if option is None and yes_no == "no":  # ❌ under "have you been anywhere?"
        option = next((one for one in spec.options if "没有" in one.words), None)
    return Value(option.value, option.label, text) if option else None


#: Two and three things in one character, with 个 in them.
_ONE_SIGN_PAIRS = {"俩": "两", "仨": "三"}


def count(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """A small number with the fact's pattern, or (when asked) a bare number."""
    match = spec.pattern.search(text) if spec.pattern else None
    said = next((group for group in match.groups() if group), None) if match else None
    words = match.group() if match else text
    if said is None and not strict and spec.unit != "个月":
        bare = re.search(r"[\d一二两三四五六七八九十百半]+", re.sub(r"一[共起直样般些]|统一|唯一", "", text))
        said = bare.group() if bare else None
    if said is None and spec.unit == "个月" and not strict:
        number = read_months(words)
    elif said and spec.unit == "个月" and not said.isdigit():
        number = read_months(f"{_ONE_SIGN_PAIRS.get(said, said)}{'月' if '个' in said else '个月'}")  # 四个半, 俩
    else:
        numbers = find_numbers(said) if said else []
        number = numbers[0].value if numbers else None
    if number is None or number < 0:
        return None
    return Value(plain_number(number), f"{number_words(number)}{spec.unit}", words)


def listed(spec: FactSpec, text: str) -> Value | None:
    """Things named as being there (evidence at hand): in a clause that has them and does not deny them."""
    said: list[str] = []
    clauses: list[str] = []
    for clause in CLAUSE.split(text):
        if HAVING.search(clause) and not re.search(r"没有?|无|不|丢|弄掉", clause.replace("有没有", "")):
            found = [word for word in spec.words if word in clause and not any(word in other for other in said)]
            clauses += [clause.strip()] if found else []
            said += found
    return Value("、".join(said), "、".join(said), "\n".join(clauses)) if said else None


#: She has it, kept it, made it.
HAVING = re.compile(r"有|留着|保存|手里|拿着|拍了|录了|凭|在我")
