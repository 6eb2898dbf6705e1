"""Which of the citizen's words each fact came from, and what her words say that the record lacks.

Pure. `segments` cuts a bubble so that a page can light up words and facts by each other (PEERS, mediators 6).
`heard` reads one bubble again, which costs a millisecond and needs no record, so it is done once and kept; `lacking`
compares what was heard with the record as it stands now, which costs nothing. Called by `casework` for the case page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.intake.reading import read
from bot.intake.risk import COLOURS
from bot.intake.signs import read_signs

#: What people ask for, as roots: said with one of DEMAND before it and absent from what is wanted, it was overlooked.
DEMANDS: Mapping[str, str] = {
    "赔礼道歉": r"道(?:个|一个)?歉|赔礼|认(?:个)?错",
    "赔偿": r"赔(?!礼)",
    "退钱": r"退(?:钱|款|费|押金|彩礼|还|回|给)",
    "还钱": r"还(?:钱|款|给我|我钱|清)",
    "付工资": r"(?:发|给|付|结清?)(?:我|我们)?(?:的)?(?:工资|工钱|血汗钱)",
    "离婚": r"离婚",
    "抚养费": r"抚养费",
    "抚养孩子": r"(?:孩子|儿子|女儿)(?:的)?(?:归我|跟我|抚养权)|抚养权",
    "看孩子": r"(?:看|见|探望)(?:一眼|一下)?(?:孩子|儿子|女儿)",
    "赡养费": r"赡养费",
    "修好": r"修(?:好|理|缮)|给修",
    "拆掉": r"拆(?:掉|除|了)",
    "恢复原样": r"恢复(?:原状|原样|供水|供电|供暖)",
    "停下来": r"(?:停止|别再|不要再|不许再)",
    "还地": r"(?:把)?(?:地|田)(?:还|要回|收回)|(?:还|退|收回)(?:我)?(?:的)?(?:地|田|承包地)",
}
DEMAND = r"(?:要求|希望|想要|想|必须|得|应该|应当|要他|要她|要对方|要它|让他|让她|让对方|叫他|请他|请你们|要)[^。！？!?；;\n，,]{0,12}?"
_DEMANDS = {name: re.compile(DEMAND + f"(?P<root>{root})") for name, root in DEMANDS.items()}
_ROOTS = {name: re.compile(root) for name, root in DEMANDS.items()}
_CLAUSE = re.compile(r"[^。！？!?；;\n，,]+")
#: Kinds of danger as a mediator reads them.
SIGNS: Mapping[str, str] = {
    "violence": "动手、家暴",
    "self_harm": "不想活、伤害自己",
    "threat": "威胁",
    "minor": "孩子的安全",
    "death": "有人去世",
    "group": "多人聚集",
    "utility_cut": "停水停电停暖",
}


@dataclass(frozen=True, slots=True)
class Overlooked:
    """Something said that the record lacks or has weaker. kind: amount | danger | demand; words as said; seq of the
    bubble; what: what was understood; weaker: the record has it, but less."""

    kind: str
    words: str
    seq: int
    what: str
    weaker: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "words": self.words, "seq": self.seq, "what": self.what, "weaker": self.weaker}


def segments(text: str, turn: int, facts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """A bubble of `turn` as pieces with the keys of the facts that came from each; joined they are the text again.

    A fact whose words do not stand in the text (a tapped button) belongs to the whole bubble.
    """
    marks: list[tuple[int, int, str]] = []
    for key, fact in facts.items():
        for source in (fact, *fact.get("earlier", ())):
            if source["turn"] != turn or source.get("source") == "mediator" or not text:
                continue
            at = text.find(source["words"]) if source["words"] else -1
            marks.append((at, at + len(source["words"]), key) if at >= 0 else (0, len(text), key))
    edges = sorted({0, len(text), *(edge for start, end, _ in marks for edge in (start, end))})
    pieces = []
    for start, end in zip(edges, edges[1:]):
        keys = dict.fromkeys(key for left, right, key in marks if left <= start and end <= right)
        pieces.append((text[start:end], tuple(keys)))
    return pieces


def heard(seq: int, text: str, today: date) -> list[dict[str, Any]]:
    """The sums, dangers and demands in a bubble of hers, JSON-ready; `today` is the day of filing.

    Each has kind, words, seq, what; a sum its `value`, a danger its `sign`, a demand its `root`.
    """
    return [*_amounts(seq, text, today), *_dangers(seq, text), *_demands(seq, text)]


def lacking(document: Mapping[str, Any], said: Iterable[Mapping[str, Any]]) -> list[Overlooked]:
    """What she said that the record lacks or has weaker; `said` as `heard` gives it, the same thing once."""
    known = _sums(document)
    kinds = {sign["kind"] for sign in document["signs"]}
    calm = COLOURS.index(document["colour"]["grade"]) < COLOURS.index("yellow")
    fact = document["facts"].get("wanted")
    wanted = f"{fact['shown']} {fact['words']}" if fact else ""
    once: dict[tuple[str, str], Overlooked] = {}
    for one in said:
        missing, weaker = True, False
        if one["kind"] == "amount":
            missing = one["value"] not in known
            weaker = bool(known) and one["value"] > max(known)
        elif one["kind"] == "danger":
            weaker = one["sign"] in kinds and one["sign"] in ("violence", "self_harm", "threat") and calm
            missing = weaker or one["sign"] not in kinds
        else:
            missing = not _ROOTS[one["root"]].search(wanted)
        if missing:
            found = Overlooked(one["kind"], one["words"], one["seq"], one["what"], weaker)
            once.setdefault((found.kind, found.what), found)
    return list(once.values())


def overlooked(document: Mapping[str, Any], said: Iterable[tuple[int, str]], today: date) -> list[Overlooked]:
    """What the citizen said that the record lacks: `said` are her bubbles as (seq, text), `today` the day of filing."""
    return lacking(document, (one for seq, text in said for one in heard(seq, text, today)))


def _sums(document: Mapping[str, Any]) -> list[float]:
    """Every number the record has as a value, old ones included: said and understood, if only for another fact."""
    numbers: list[float] = []
    for fact in document["facts"].values():
        for source in (fact, *fact.get("earlier", ())):
            if isinstance(source["value"], (int, float)) and not isinstance(source["value"], bool):
                numbers.append(float(source["value"]))
    return numbers


def _amounts(seq: int, text: str, today: date) -> list[dict[str, Any]]:
    return [
        {
            "kind": "amount",
            "words": money.text,
            "seq": seq,
            "what": f"{money.value:,.0f}元",
            "value": float(money.value),
        }
        for money in read(text, today).money
        if money.value is not None
    ]


def _dangers(seq: int, text: str) -> list[dict[str, Any]]:
    return [
        {"kind": "danger", "words": sign.text, "seq": seq, "what": SIGNS.get(sign.kind, sign.kind), "sign": sign.kind}
        for sign in read_signs(text)
    ]


def _demands(seq: int, text: str) -> list[dict[str, Any]]:
    return [
        {"kind": "demand", "words": clause.strip()[:60], "seq": seq, "what": name, "root": name}
        for clause in _CLAUSE.findall(text)
        for name, expression in _DEMANDS.items()
        if expression.search(clause)
    ]
