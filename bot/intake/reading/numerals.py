"""Hides how Chinese speakers say and type numbers: 三万二, 两千五, 3万5千多, 十来万, 万把块, 百八十, 3w5, 叁万贰仟.

Called by the readers of money, people and areas, which decide what a number counts, and by `counts`. The grammar is our own: cn2an 0.5.24
refuses 多, 来, 几, 把 and w, and reads a number only when nothing else stands beside it; it serves the tests as
an oracle for well-formed numbers. Everything works on text from `plain` and takes time linear in its length.
"""

import dataclasses
import re
from decimal import Decimal

DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10))),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10))),
    "〇": 0, "两": 2, "幺": 1,
}  # fmt: skip
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "k": 1000, "K": 1000}
BIG_UNITS = {"万": 10**4, "亿": 10**8, "w": 10**4, "W": 10**4}
UNITS = SMALL_UNITS | BIG_UNITS
_HUNDREDS_UP = ("百", "千", "万", "亿")
_BEFORE_A_PAIR = tuple("们咱俺我你他她妻妇子女弟妹兄姐哥爷婆娘老")
_ZEROS = "零〇"
# "几" has no lower bound of its own; three is the least that people mean by it.
_SEVERAL = {"好几": 3, "大几": 5, "小几": 2, "几": 3, "数": 3}
# A digit before one of these counts something else: 两千三个月 is 两千 and 三个月, not 2300.
_COUNTS_SOMETHING_ELSE = frozenset("个天年月日号人名位户口次回岁层楼栋亩倍遍趟")
_MEASURES_AFTER_ABOUT = frozenset(
    "块元个名位人号户口亩万亿斤天年月岁平公米家条分毛次多钱左上吧了的,.。，、;；!！?？ \n"
)

_LITERAL = re.compile(
    r"[0-9]{1,3}(?: [0-9]{3}){1,3}(?= ?[元块])|[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
)
_SPOKEN_DIGITS = re.compile("[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]+")
_SPOKEN_DECIMAL = re.compile(
    "([零〇一二三四五六七八九十两]{1,3})点([零〇一二三四五六七八九]{1,6})(?=[万亿千百亩元块平公垧%])"
)
#: 一万半, 三千半: half of the unit more; 一万半年租 is not that.
_HALF_MORE = re.compile("半(?=$|[,.。;；!！?？、 了吧呢啊呀的都也就还没左上块元钱不])")
_BETWEEN = re.compile(r" ?(?:到|至|~|-{1,2}|—{1,2}|–|〜|、|或者?) ?")
_LONGEST_LITERAL = 15


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """A number found in a text: `value` is the lower end, `high` the upper end of a range or None.

    `unit` is the largest of 1, 10, 100, 1000, 10_000 and 10**8 that was spoken; `digits_only` marks digits read out
    one by one (五零二) or more digits than any amount has, whose `value` means nothing.
    """

    start: int
    end: int
    value: float
    high: float | None = None
    approx: bool = False
    unit: int = 1
    elliptic: bool = False
    arabic: bool = False
    digits_only: bool = False


@dataclasses.dataclass(slots=True)
class _Coefficient:
    low: Decimal
    high: Decimal
    end: int
    arabic: bool = False
    approx: bool = False
    width: int = 1


def _coefficient(text: str, at: int) -> _Coefficient | None:
    """Return what stands before a unit at `at`: digits, a pair such as 三五, or 几."""
    literal = _LITERAL.match(text, at)
    if literal:
        value = (
            Decimal(re.sub("[, ]", "", literal.group())) if literal.end() - at <= _LONGEST_LITERAL + 6 else Decimal(0)
        )
        return _Coefficient(value, value, literal.end(), arabic=True, width=literal.end() - at)
    for word, value_of_word in _SEVERAL.items():
        if text.startswith(word, at):
            end = at + len(word)
            if word in ("数", "大几", "小几") and text[end : end + 1] not in UNITS:
                return None
            return _Coefficient(Decimal(value_of_word), Decimal(value_of_word), end, approx=True)
    if text[at] == "俩" and text[at + 1 : at + 2] in _HUNDREDS_UP and text[at - 1 : at] not in _BEFORE_A_PAIR:
        return _Coefficient(Decimal(2), Decimal(2), at + 1)  # 俩万: how 两万 is typed in the north
    digit = DIGITS.get(text[at : at + 1])
    if digit is None:
        return None
    decimal = _SPOKEN_DECIMAL.match(text, at)
    if decimal:
        whole, fraction = decimal.groups()
        front = spoken_whole(whole)
        value = front + Decimal("0." + "".join(str(DIGITS[char]) for char in fraction))
        return _Coefficient(value, value, decimal.end())
    # 三四百, 三五万, 三、四百
    follow = at + 2 if text[at + 1 : at + 2] == "、" else at + 1
    second = DIGITS.get(text[follow : follow + 1])
    if second is not None and digit > 0 and _makes_a_pair(digit, second):
        after = text[follow + 1 : follow + 2]
        if follow == at + 1 and after not in DIGITS or follow == at + 2 and after in UNITS:
            return _Coefficient(Decimal(digit), Decimal(second), follow + 1, approx=True)
    return _Coefficient(Decimal(digit), Decimal(digit), at + 1)


def _makes_a_pair(first: int, second: int) -> bool:
    return second == first + 1 or (first, second) == (3, 5)


def spoken_whole(text: str) -> Decimal:
    """Return the value of a short whole number of 零–九, 十 and 两 (十二, 二零); used before 点."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return Decimal(10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0))
    return Decimal("".join(str(DIGITS[char]) for char in text))


def _implicit_one(text: str, at: int) -> Number | None:
    """Read the numbers that begin with a unit: 万把块, 百来人, 千多块, 百八十, 上万, 近千元, 小一万's 万."""
    unit = UNITS.get(text[at])
    if unit is None or unit < 100 or text[at].isascii():
        return None
    rest = text[at + 1 : at + 5]
    around = re.match("儿?[一二三四五六七八九]?[百千]|[八][十百千]|十来?", rest) if unit < 10**8 else None
    if around and rest[0] in "儿八十" and not text[at - 1 : at].isdigit():
        return Number(at, at + 1 + around.end(), float(unit), approx=True, unit=unit)
    if rest[:1] in ("把", "来", "多", "余") and rest[1:2] and rest[1] in "块元个名位人号户口亩斤万":
        if rest[1] == "万" and unit < 10**4:
            return Number(at, at + 3, float(unit * 10**4), approx=True, unit=10**4)
        return Number(at, at + 2, float(unit), approx=True, unit=unit)
    before = text[max(0, at - 1) : at]
    if text[max(0, at - 3) : at + 1] == "成千上万":
        return None
    if (
        before
        and before in "上近逾超过成小破"
        and rest[:1]
        and (rest[0] in "块元个名位人号户口亩斤的,万" or _A_CROWD.match(rest))
    ):
        if rest[0] == "万" and unit < 10**4:
            return Number(at, at + 2, float(unit * 10**4), approx=True, unit=10**4)
        return Number(at, at + 1, float(unit), approx=True, unit=unit)
    if before and before in "上近过" and (not rest.strip() or before == "过" and rest[0] in "了,。"):
        return Number(at, at + 1, float(unit), approx=True, unit=unit)
    return None


_A_CROWD = re.compile("业主|村民|居民|工人|职工|乘客|学[生员]|家长|群众|患者|老[人乡百]|商户|住户|农民|员工|会员|消费")


class _Sum:
    """Adds up the parts of one number while it is read from left to right, from `position` on."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.closed_low = self.closed_high = Decimal(0)  # what stands before 亿 and 万
        self.low = self.high = Decimal(0)  # below the last 万
        self.last_unit = 0  # 0: none yet
        self.largest_unit = 1
        self.big_limit, self.small_limit = 10**12, 10**4  # units fall from left to right, but 万 after 千
        self.approx = self.elliptic = self.arabic = self.too_long = False

    def take(self, text: str) -> bool:
        """Read the next part (三千, 5万, a last 五); return whether another one may follow."""
        at = self.position
        if self.last_unit and text[at] in _ZEROS:
            at += 1
            if at >= len(text) or not (text[at] in DIGITS or text[at].isdigit() or text[at] == "十"):
                return False
        zero = at > self.position
        if text[at] in "十拾" and (self.last_unit == 0 or self.last_unit > 10):
            part: _Coefficient | None = _Coefficient(Decimal(1), Decimal(1), at)
        else:
            part = _coefficient(text, at)
        if part is None:
            return False
        if part.arabic and part.width > _LONGEST_LITERAL:
            self.too_long = self.last_unit == 0
            self.position = part.end if self.too_long else self.position
            return False
        about = _about_at(text, part.end) if part.arabic and (part.low >= 10 or self.last_unit) else part.end
        unit = _unit_at(text, about, part.arabic)
        if unit is None:
            self._take_last(text, part, about, zero)
            return False
        if not (self._small(part, UNITS[unit[0]]) if unit[0] in SMALL_UNITS else self._big(part, UNITS[unit[0]])):
            return False
        self.approx, self.arabic = self.approx or part.approx or about > part.end, self.arabic or part.arabic
        self.position = unit[1]
        return self._goes_on_after_unit(text, unit[0] in SMALL_UNITS)

    def _goes_on_after_unit(self, text: str, small: bool) -> bool:
        if self.last_unit in (1000, 10**4) and not self.approx and (half := _HALF_MORE.match(text, self.position)):
            more_by_half = _Coefficient(Decimal(5), Decimal(5), half.end())
            self._add(more_by_half, Decimal(self.last_unit) / 10, half.end(), False)
            self.elliptic = True
            return False
        about = _about_at(text, self.position)
        # 十来万, 三十多万: what is said before 万 belongs to the part below it
        more = _unit_at(text, about, False) if small else None
        if more and more[0] in BIG_UNITS and self._big(None, BIG_UNITS[more[0]]):
            self.approx, self.position = self.approx or about > self.position, more[1]
            about = _about_at(text, self.position)
        if about > self.position:
            self.approx, self.position = True, about
            return False
        return True

    def _add(self, part: _Coefficient, times: Decimal, end: int, approx: bool) -> None:
        self.low, self.high = self.low + part.low * times, self.high + part.high * times
        self.position, self.approx = end, self.approx or approx

    def _small(self, part: _Coefficient, unit: int) -> bool:
        if unit >= self.small_limit:
            return False
        self._add(part, Decimal(unit), self.position, False)
        self.small_limit = self.last_unit = unit
        self.largest_unit = max(self.largest_unit, unit)
        return True

    def _big(self, part: _Coefficient | None, unit: int) -> bool:
        low, high = self.low + (part.low if part else 0), self.high + (part.high if part else 0)
        if unit >= self.big_limit or not low:
            return False
        if unit == 10**8:
            self.closed_low, self.closed_high = (self.closed_low + low) * unit, (self.closed_high + high) * unit
        else:
            self.closed_low, self.closed_high = self.closed_low + low * unit, self.closed_high + high * unit
        self.low = self.high = Decimal(0)
        self.big_limit, self.small_limit, self.last_unit = unit, 10**4, unit
        self.largest_unit = max(self.largest_unit, unit)
        return True

    def _take_last(self, text: str, part: _Coefficient, about: int, zero: bool) -> None:
        """Add a part that no unit follows: the 五 of 二十五, of 一百零五, and of 两千五, where it is 500."""
        after = text[part.end : part.end + 1]
        one = Decimal(1)
        if self.last_unit == 0:
            self.arabic = part.arabic
            self._add(part, one, about, part.approx or about > part.end)
        elif zero or self.last_unit == 10:
            if part.low < self.last_unit and not (part.arabic and self.last_unit == 10 and part.width > 1):
                self._add(part, one, part.end, part.approx)
        elif part.arabic and part.width > 1:
            if part.low < self.last_unit and self.arabic and part.low == part.low.to_integral_value():
                self._add(part, one, about, about > part.end)
        else:
            if part.low != part.high and after and after in _COUNTS_SOMETHING_ELSE:
                part = _Coefficient(part.low, part.low, part.end - 1)
            elif after and after in _COUNTS_SOMETHING_ELSE or part.low == 0:
                return
            elif part.low == 1 and self.last_unit >= 1000 and after and after in "平斤吨方米度件套台间":
                return  # 一万二一平, 1.2万一平: so much for each
            self._add(part, Decimal(self.last_unit) / 10, part.end, part.approx)
            self.elliptic = True


def _unit_at(text: str, at: int, arabic: bool) -> tuple[str, int] | None:
    """Return the unit character at `at` and the offset after it, over one space after a numeral (1 万, 3 万元)."""
    if arabic and text[at : at + 1] == " " and text[at + 1 : at + 2] in ("万", "亿"):
        at += 1
    if text[at : at + 1] == "个" and text[at + 1 : at + 2] in ("亿", "w", "W"):
        at += 1
    char = text[at : at + 1]
    if char not in UNITS or not char:
        return None
    if char.isascii():
        after = text[at + 1 : at + 2]
        if after.isascii() and after.isalpha():
            return None
    return char, at + 1


def _about_at(text: str, at: int) -> int:
    """Return the offset after 多, 来, 余, 几, 好几, 出头 at `at` where it belongs to the number, else `at`."""
    for word in ("好几", "出头", "挂零", "开外", "冒头"):
        if text.startswith(word, at):
            return at + len(word)
    char, after = text[at : at + 1], text[at + 1 : at + 2]
    if char == "几":
        return at + 1 if after not in UNITS or after in BIG_UNITS else at
    if char == "多":
        return at + 1 if after not in ("少", "次") else at
    if char in ("来", "余") and char:
        return at + 1 if not after or after in _MEASURES_AFTER_ABOUT or after in BIG_UNITS else at
    if char == "+" and not after.isdigit():
        return at + 1
    return at


def _read_one_by_one(text: str, at: int) -> Number | None:
    """Return digits spoken one by one at `at` (五零二, 五一), or None where they make or begin a proper number."""
    run = _SPOKEN_DIGITS.match(text, at)
    if run is None or len(run.group()) < 2:
        return None
    spoken, end = run.group(), run.end()
    unit_follows = text[end : end + 1] in UNITS and end < len(text)
    if len(spoken) >= 3:
        return Number(at, end - 1 if unit_follows else end, 0.0, digits_only=True)
    if _SPOKEN_DECIMAL.match(text, at) or _makes_a_pair(DIGITS[spoken[0]], DIGITS[spoken[1]]):
        return None
    # 星期一三千: the second digit belongs to the unit
    return Number(at, at + 1, float(DIGITS[spoken[0]])) if unit_follows else Number(at, end, 0.0, digits_only=True)


def _number_at(text: str, at: int) -> Number | None:
    """Return the number that begins at `at`, reading as far as the grammar goes."""
    if text[at] == "半":
        return Number(at, at + 1, 0.5)
    if text[at] in UNITS and text[at] not in "十拾":
        return _implicit_one(text, at)
    if one_by_one := _read_one_by_one(text, at):
        return one_by_one
    total = _Sum(at)
    while total.position < len(text) and total.take(text):
        pass
    if total.position == at:
        return None
    if total.too_long:
        return Number(at, total.position, 0.0, arabic=True, digits_only=True)
    low, high = total.closed_low + total.low, total.closed_high + total.high
    return Number(
        at,
        total.position,
        float(low),
        float(high) if high > low else None,
        total.approx,
        total.largest_unit,
        total.elliptic,
        total.arabic,
    )


def _joined(text: str, first: Number) -> Number:
    """Return `first` as a range when 到, 至, - or 、 and a larger number follow (5000到6000, 2-3万, 十七、八万)."""
    between = _BETWEEN.match(text, first.end)
    if not between or first.digits_only or first.high is not None or between.end() >= len(text):
        return first
    if first.start and text[first.start - 1] in "-第:/" or text[between.end()] not in _STARTS:
        return first
    second = _number_at(text, between.end())
    if second is None or second.digits_only or second.value == 0.5:
        return first
    low, high = first.value, second.high or second.value
    lead = second.value / second.unit
    if between.group().strip() == "、":
        if second.end - between.end() > 4 or first.approx or lead != int(lead):
            return first
        if not _makes_a_pair(int(first.value % 10), int(lead)):
            return first
        if first.unit <= 10 and second.unit > 1:
            low, high = first.value * second.unit, (first.value - first.value % 10 + lead) * second.unit
        elif first.unit == 10:
            high = first.value + 1
    elif first.unit <= 10 and second.unit >= 100 and first.value < lead:
        low = first.value * second.unit
    elif first.unit < 100 and 1 < second.unit == 10 and first.value < lead and first.end - first.start == 1:
        low = first.value * 10
    if not low < high <= 20 * low:
        return first
    return dataclasses.replace(
        first, end=second.end, value=low, high=high, approx=True, unit=max(first.unit, second.unit)
    )


_STARTS = frozenset("0123456789半几好大小数俩") | DIGITS.keys() | (UNITS.keys() - frozenset("kKwW"))


def find_numbers(text: str) -> list[Number]:
    """Return every number in plain `text`, left to right, without overlaps.

    >>> [n.value for n in find_numbers("三万二和十来万，两千五没退")]
    [32000.0, 100000.0, 2500.0]
    """
    found: list[Number] = []
    at = 0
    while at < len(text):
        number = _number_at(text, at) if text[at] in _STARTS else None
        if number is None:
            at += 1
            continue
        number = _joined(text, number)
        found.append(number)
        at = number.end
    return found


_ABOUT_BEFORE = re.compile(
    "大概其?|大约莫?|大致|约莫|差不多|估计|估摸|将近|接近|至少|起码|少说|怎么[也着]*得|最少|不下|不止|超过|不到|可能|"
    "(?<![合条契节违预制公签相])约(?![定好谈会])|有个|(?<![附最])近$|(?<![赶尽很凉痛])快$|逾$|(?<!老)小$"
)
_ABOUT_AFTER = re.compile(
    "(?:块钱|块|元|万|个人|人|个|亩地?|名|位|钱)?(?:左右|上下|有余|出头|以上|以下|不到|开外|大几|的?样子|差不多)"
)
_CLAUSE_END = re.compile("[,.。;；!！?？\n]")


def said_as_about(text: str, start: int, end: int) -> bool:
    """Tell whether the words around text[start:end] make it approximate: 大概, 约, 左右, 上下, 差不多, 不到 …"""
    before = _CLAUSE_END.split(text[max(0, start - 8) : start])[-1]
    return bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text[end : end + 8]))


_INSTEAD = re.compile("[^。;；!！?？\n]{0,6}?[,，、 ]*(?:而?是|就?只有|最多|顶多|才|就|实际|其实)")


def taken_back(text: str, start: int, end: int) -> bool:
    """Tell whether the value at text[start:end] is denied and another put in its place: 不是三万是四万, 没有三万，最多两万."""
    before = text[max(0, start - 2) : start]
    return before == "不是" or before == "没有" and bool(_INSTEAD.match(text, end))
