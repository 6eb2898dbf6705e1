"""Hides how land is measured in speech: 三亩七分地, 一亩半, 两分地, 2公顷, 600平方米的宅基地.

Called by `bot.intake.reading.read`. The unit of the record is the mu: 1/15 hectare, 666.667 square metres. Square
metres count only where the clause speaks of land, since those of a home say nothing about land; the 垧 is left out,
being ten mu in one county and fifteen in the next.
"""

import dataclasses
import re

from bot.intake.reading.numerals import Number, find_numbers, said_as_about, taken_back

SQUARE_METRES_PER_MU = 2000 / 3
MU_PER_HECTARE = 15


@dataclasses.dataclass(frozen=True, slots=True)
class Area:
    """A piece of land: `mu` (1 mu = 1/15 hectare), the lower end of a range."""

    text: str
    mu: float
    approx: bool
    span: tuple[int, int]


_DIGIT = "[0-9一二三四五六七八九两]"
_MU = re.compile(
    f" ?亩(?P<about>多|来(?=地))?(?P<half>半)?"
    f"(?:零?(?P<fen>{_DIGIT})分(?:(?P<li>{_DIGIT})(?:厘|(?=$|[,.。;；!！?？、 地田的])))?(?P<fen_about>多)?(?!钱)|(?P<tenth>{_DIGIT})(?=$|[,.。;；!！?？、 ]|地|田|的))?"
)
_FEN = re.compile(
    f" ?分(?P<half>半)?(?P<about>多)?(?:(?P<li>{_DIGIT})厘)?(?=[多]?(?:的)?(?:地|田|自留|菜|宅|水田|旱|耕|承包|口粮|园|林|荒))"
)
_LI = re.compile(" ?厘(?:地|田|(?=的?(?:菜|宅|水田|旱|耕|承包|自留|园|林|荒)))")
# 十亩地里他占了我八厘: 厘 alone is land only where land was just measured, for it is interest too.
_LI_OF_LAND = re.compile(" ?厘(?![米息利钱])")
_MEASURED_BEFORE = 24
_METRES = re.compile(" ?(?:多|来|余)?(?:个)?(?:平方米|平方|平米|平(?![安时均常等静日原])|㎡|m2|m²)")
_HECTARES = re.compile(" ?(?:多)?(?:公顷|ha(?![a-z]))")
_LAND = re.compile("地|田|承包|果园|菜园|鱼塘|水塘|林|山场|大棚|荒|院坝|晒场|滩")
_STRONG_LAND = re.compile("宅基|耕地|占地|土地|林地|田|承包地|自留地|果园|菜地|鱼塘|空地|荒地|征地|地基|茶园|荒山|旱地")
_HOME = re.compile(
    "房|屋|楼|住宅|建筑面积|商铺|店|铺|室|套|公寓|客厅|车库|车位|小区|厂|装修|面积.{0,3}为?$|地砖|地板|地下|地暖"
)
_CLAUSE = re.compile("[,。;；!！?？\n]")
_A_PRICE = re.compile(
    "地?(?:一年|每年|租金|补偿|才|给|要|是|补|赔|租|卖|收|出|就)?(?:[0-9]{2,}|[一二三四五六七八九两几][百千万])"
)
_ENDS_A_SUM = frozenset("0123456789元块钱百千万")
_FEN_AFTER_LAND = re.compile(" ?分(?P<half>半)?(?P<about>多)?(?P<li>)(?=$|[,.。;；!！?？、 ])")
_LAND_BEFORE = re.compile("(?:地|田)(?:有|是|才|只有|就|也|大概|差不多|共|一共|不到)*$")
_VALUES = dict(zip("零一二三四五六七八九", range(10))) | {"两": 2}


def _digit(char: str | None) -> int:
    if not char:
        return 0
    return _VALUES[char] if char in _VALUES else int(char)


def _on_land(text: str, start: int, end: int) -> bool:
    clause = _CLAUSE.split(text[max(0, start - 14) : start])[-1] + "|" + _CLAUSE.split(text[end : end + 8])[0]
    if _STRONG_LAND.search(clause):
        return True
    return bool(_LAND.search(clause)) and not _HOME.search(clause)


def _area(text: str, number: Number) -> tuple[float, int, bool] | None:
    """Return mu, end and whether the words themselves are approximate."""
    value, approx = number.value, number.approx or number.high is not None
    mu = _MU.match(text, number.end)
    if mu:
        one = number.value == 1 and number.end == number.start + 1
        a_price = _A_PRICE.match(text, mu.end()) or text[max(0, number.start - 1) : number.start] in _ENDS_A_SUM
        if one and a_price and not (mu["half"] or mu["fen"] or mu["tenth"]):
            return None  # 一亩地八百块 and 八百块一亩 are prices
        parts = 0.5 * bool(mu["half"]) + (_digit(mu["fen"]) + _digit(mu["tenth"])) / 10 + _digit(mu["li"]) / 100
        end = mu.end() + (text[mu.end() : mu.end() + 1] in ("地", "田") and mu.end() < len(text))
        return value + parts, end, approx or bool(mu["about"] or mu["fen_about"])
    fen = _FEN.match(text, number.end)
    if not fen and _LAND_BEFORE.search(text[max(0, number.start - 8) : number.start]):
        fen = _FEN_AFTER_LAND.match(text, number.end)
    if fen and value < 10:
        end = fen.end() + (text[fen.end() : fen.end() + 1] in ("地", "田"))
        return (value + 0.5 * bool(fen["half"])) / 10 + _digit(fen["li"]) / 100, end, approx or bool(fen["about"])
    if value < 10 and (li := _LI.match(text, number.end)):
        return value / 100, li.end(), approx
    hectares = _HECTARES.match(text, number.end)
    if hectares:
        return value * MU_PER_HECTARE, hectares.end(), approx or "多" in hectares.group()
    metres = _METRES.match(text, number.end)
    if metres and _on_land(text, number.start, metres.end()):
        return value / SQUARE_METRES_PER_MU, metres.end(), approx or metres.group().strip()[:1] in "多来余"
    return None


def read_areas(text: str, numbers: list[Number] | None = None) -> list[Area]:
    """Return the areas of land in plain `text`, in mu rounded to three decimals, left to right.

    >>> [a.mu for a in read_areas("流转了三亩七分地，还有一亩半")]
    [3.7, 1.5]
    """
    found: list[Area] = []
    for number in find_numbers(text) if numbers is None else numbers:
        if number.digits_only or not 0 < number.value < 1e9 or found and number.start < found[-1].span[1]:
            continue
        if text[max(0, number.start - 1) : number.start] in ("第", "每"):
            continue
        area = _area(text, number)
        near = found and number.start - found[-1].span[1] <= _MEASURED_BEFORE
        if area is None and near and number.value < 10 and (li := _LI_OF_LAND.match(text, number.end)):
            area = number.value / 100, li.end(), number.approx
        if area is None and near and number.value < 10 and (fen := _FEN_AFTER_LAND.match(text, number.end)):
            area = (number.value + 0.5 * bool(fen["half"])) / 10, fen.end(), number.approx or bool(fen["about"])
        if area is not None:
            mu, end, approx = area
            about = approx or said_as_about(text, number.start, end)
            found.append(Area(text[number.start : end], round(mu, 3), about, (number.start, end)))
    meant = [area for area in found if not taken_back(text, *area.span)]
    return meant or found
