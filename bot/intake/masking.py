"""Masks: what could name or find a person is taken out of her words before a trainer sees them (PIPL 28, 51).

Hides what such words look like: identity numbers, phones and other long numbers, names, houses and villages. What the
record of the same talk knows as a name is masked wherever it stands; grammar finds the rest, rather one too many than
one too few, for a person looks at the mask before anything is kept. Called by `inbox` and `lessons`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.intake.reading.answers import read_name
from bot.intake.reading.identity import cover_identity
from bot.intake.reading.phones import read_phones
from bot.intake.reading.plain import plain

#: What stands in place of each kind.
STANDS_FOR = {"identity": "【证件号】", "phone": "【电话】", "number": "【号码】", "name": "某某", "place": "某地"}
#: Numbers that people invent for examples, and that stay.
_INVENTED = re.compile(r"138000\d{5}|139000\d{5}")
_LONG = re.compile(r"(?<![\d.])\d(?:[ \-]?\d){6,}(?![\d.]*[元块万亩年])")
_LETTERS = re.compile(r"(?:微信号?|QQ号?|账号|卡号)[是：: ]{0,2}([A-Za-z0-9_\-]{5,})", re.IGNORECASE)
_HOUSE = re.compile(
    r"[一-鿿A-Za-z0-9]{1,6}?(?:路|街|巷|弄|胡同|大道)[ ]?\d+[号弄](?:院)?"
    r"|\d+[ ]?(?:栋|幢|号楼|座|单元|号院)(?:[ ]?\d+[ ]?(?:单元|室|号|楼|层|栋))*|(?<!\d)\d{3,4}[ ]?室"
)
#: Characters of which names of villages are made: none by which a sentence goes on.
_NAMED = "(?:(?![我你您他她它的了是在不没有把被请恳能会要回撤参加改和跟与这那本全各小同老们个一二两几某家去说给向对为到从住于及或])[一-鿿])"
_VILLAGE = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[在住到县区市省镇乡])){_NAMED}{{2,4}}?(?:村|镇|乡|小区|花园|社区|街道)(?![里民长委干子镇改银])"
)
_NO_VILLAGE = re.compile(
    r"^[我你他她们这那本该全各小同老的在们个一二两几某]{0,3}(?:村|镇|乡|小区|花园|社区|街道)$|农村|城镇|乡镇|农民|家乡|老乡|下乡|外乡"
)
#: Words after which a name stands: 我叫李四, 老板名叫张大强, 对方是王小明.
_NAMING = re.compile(
    r"(?:叫做?|名叫|名字是|姓名[是：:]?|本人|我是|对方是|老板是|房东是|丈夫|妻子|老公|老婆|前夫|前妻|儿子|女儿|原告|被告|申请人[：:]?)\s*(?=[一-鿿])"
)
#: In so short a text a clause of its own that reads as a name is one (刘桂英 电话138…); in a letter it is 高位截瘫.
SHORT = 24
_ROLES = frozenset({"申请人", "被申请人", "当事人"})
#: Who or what did it, after 叫 as after 被: 血汗钱叫包头卷走了.
_DOER = re.compile("包头|包工|房东|房产|高利|石头|马蜂|车撞|钟点")
_AROUND = "，。,、；;！!？?（()） "


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text, and what was taken out as (kind, original words); the latter is never stored."""

    text: str
    taken: tuple[tuple[str, str], ...]


def mask(text: str, known: Iterable[str] = (), stands_for: Mapping[str, str] = STANDS_FOR) -> Masked:
    """The text with everything personal replaced. `known`: names and the like from the record of the same talk.

    >>> mask("我叫李小梅，电话13912345678，住幸福路12号3栋").text
    '我叫某某，电话【电话】，某地某地'
    """
    spans = sorted(_found(text, known), key=lambda span: (span[0], -span[1]))
    out, taken, end = [], [], 0
    for start, stop, kind in spans:
        if start < end:
            continue
        out += [text[end:start], stands_for[kind]]
        taken.append((kind, text[start:stop]))
        end = stop
    return Masked("".join([*out, text[end:]]), tuple(taken))


def _found(text: str, known: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    covered = cover_identity(text)
    for match in re.finditer(r"\S\*{8,}\S", covered):  # covered now, or before it was stored
        yield match.start(), match.end(), "identity"
    for phone in read_phones(text) if len(plain(text)) == len(text) else ():
        if not _INVENTED.fullmatch(phone.digits):
            yield *phone.span, "phone"
    for match in _LONG.finditer(text):
        if not _INVENTED.fullmatch(re.sub(r"\D", "", match.group())):
            yield match.start(), match.end(), "number"
    for match in _LETTERS.finditer(text):
        yield match.start(1), match.end(1), "number"
    for name in sorted({name for name in known if len(name) >= 2}, key=len, reverse=True):
        for match in re.finditer(re.escape(name), text):
            yield match.start(), match.end(), "name"
    for match in _HOUSE.finditer(text):
        yield match.start(), match.end(), "place"
    for match in _VILLAGE.finditer(text):
        if not _NO_VILLAGE.search(match.group()):
            yield match.start(), match.end(), "place"
    yield from _names(text)


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _NAMING.finditer(text):
        rest = text[match.end() : match.end() + 4]
        for size in (3, 2, 4):
            said = rest[:size]
            if len(said) == size and read_name(said) == said and said not in _ROLES and not _DOER.match(said):
                yield match.end(), match.end() + size, "name"
                break
    at = 0
    for clause in re.split(f"([{_AROUND}])", text):
        if len(text) <= SHORT and 2 <= len(clause) <= 4 and read_name(clause) == clause:
            yield at, at + len(clause), "name"
        at += len(clause)


def left_in(text: str) -> list[str]:
    """What still looks personal in a text that somebody is about to keep, kinds in order: empty is good."""
    return list(dict.fromkeys(kind for kind, _ in mask(text).taken if kind in ("identity", "phone", "number")))
