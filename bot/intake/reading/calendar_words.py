"""Hides the calendar behind Chinese words: small numerals, months, lunar days, festivals, seasons, parts of a year.

Called by `date_phrases` and `dates` of this package. Everything here is arithmetic on days; no text is searched.
"""

import calendar
import contextlib
import functools
import importlib
import re
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "month", "year", "approx"]

_DIGITS = dict(zip("零〇○O一二两三四五六七八九俩仨", (0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3), strict=True))
YEARS_AGO = {
    "大前年": 3, "前年": 2, "去年": 1, "上一年": 1, "旧年": 1, "头年": 1, "今年": 0, "本年": 0, "明年": -1, "后年": -2,
}  # fmt: skip
MONTHS_AGO = {"大上": 2, "上上": 2, "上": 1, "上一": 1, "这": 0, "这一": 0, "本": 0, "下": -1, "下一": -1, "下下": -2}
DAYS_AGO = {
    "大前": 3, "前": 2, "昨": 1, "今": 0, "刚才": 0, "方才": 0, "刚刚": 0, "明": -1, "后": -2, "大后": -3,
}  # fmt: skip
WEEKDAYS = {char: index for index, char in enumerate("一二三四五六日")} | {"天": 6}

# Month and day of festivals in the civil calendar and in the lunar one.
_CIVIL_FESTIVALS = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "青年节": (5, 4), "建军节": (8, 1), "植树节": (3, 12),
    "六一": (6, 1), "儿童节": (6, 1), "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "双十一": (11, 11),
    "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_LUNAR_FESTIVALS = {
    "春节": (1, 1), "过年": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中元节": (7, 15), "七月半": (7, 15),
    "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8), "小年": (12, 23), "二月二": (2, 2), "三月三": (3, 3),
    "九月九": (9, 9),
}  # fmt: skip
_SOLAR_TERMS = {
    "立春": 2, "打春": 2, "惊蛰": 3, "清明": 4, "谷雨": 4, "立夏": 5, "芒种": 6, "夏至": 6, "立秋": 8, "霜降": 10, "立冬": 11,
    "冬至": 12,
}  # fmt: skip
#: Festivals and solar terms that are given names as well: after a surname they are a person's.
NAMES_TOO = frozenset({"国庆", "立春", "惊蛰", "谷雨", "立夏", "芒种", "夏至", "立秋", "霜降", "立冬"})
FESTIVALS = (*_CIVIL_FESTIVALS, *_LUNAR_FESTIVALS, *_SOLAR_TERMS, "除夕", "大年三十", "年三十")
_HOLIDAY_DAYS = {"国庆": 7, "十一": 7, "春节": 7, "过年": 7, "五一": 5, "劳动节": 5}

# First and last (month, day); a last month of 13 or more lies in the following year; day 31 means the month's end.
_SEASONS = {
    "开春": (2, 15, 3, 31), "春耕": (3, 1, 4, 31), "春": (3, 1, 5, 31), "夏": (6, 1, 8, 31), "秋": (9, 1, 11, 31),
    "冬": (12, 1, 14, 31), "秋收": (9, 1, 10, 31), "收秋": (9, 1, 10, 31), "麦收": (5, 20, 6, 31),
    "收麦": (5, 20, 6, 31), "割麦": (5, 20, 6, 31), "夏收": (5, 20, 6, 31), "入夏": (5, 1, 6, 31), "入秋": (8, 1, 9, 31),
    "入冬": (11, 1, 12, 31), "暑假": (7, 1, 8, 31), "寒假": (1, 15, 2, 20), "年关": (1, 10, 2, 15),
}  # fmt: skip
SEASONS = tuple(_SEASONS)
_YEAR_PARTS = {
    "初": (1, 1, 2, 31), "头": (1, 1, 2, 31), "中": (6, 1, 7, 31), "底": (11, 1, 12, 31), "末": (11, 1, 12, 31),
    "尾": (11, 1, 12, 31),
}  # fmt: skip
_MONTH_PARTS = {
    "上": (1, 10),
    "头": (1, 10),
    "初": (1, 10),
    "中": (11, 20),
    "下": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `start` to `end`, both inclusive, and how exactly they were said."""

    start: date
    end: date
    precision: Precision


def small_number(said: str) -> int | None:
    """Return the number 0–99 written in digits or Chinese (`12`, `十二`, `二十三`, `廿三`, `初五`), else None.

    >>> small_number("二十三"), small_number("初五"), small_number("三四")
    (23, 5, None)
    """
    said = said.removeprefix("初").replace("廿", "二十").replace("卅", "三十")
    if said.isascii():
        return int(said) if said.isdigit() and len(said) <= 2 else None
    tens, ten, ones = said.partition("十")
    if not ten:
        return _DIGITS.get(said)
    high, low = _DIGITS.get(tens, 1 if not tens else None), _DIGITS.get(ones, 0 if not ones else None)
    return None if high is None or low is None or not 0 < high < 10 else high * 10 + low


def digit_by_digit(said: str) -> int | None:
    """Return the number spelt digit by digit (`2023`, `二〇二三`, `九八`), else None."""
    digits = [char if char.isascii() and char.isdigit() else str(_DIGITS.get(char, "x")) for char in said]
    joined = "".join(digits)
    return int(joined) if joined.isdigit() else None


def full_year(short: int, now: date) -> int:
    """Return the four-digit year meant by a two-digit one: at most five years ahead of `now`, else last century."""
    century = now.year - now.year % 100
    return century + short if century + short <= now.year + 5 else century - 100 + short


def one_day(day: date) -> Stretch:
    """Return the stretch of that single day."""
    return Stretch(day, day, "day")


def civil_day(year: int, month: int, day: int) -> Stretch | None:
    """Return one day of the civil calendar, or None when there is no such day (30 February)."""
    try:
        return one_day(date(year, month, day))
    except ValueError:
        return None


def whole_month(year: int, month: int) -> Stretch | None:
    """Return a civil month, or None when there is no such month."""
    if not 1 <= month <= 12 or not 1 <= year <= 9998:
        return None
    return Stretch(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")


def whole_year(year: int) -> Stretch:
    """Return a civil year."""
    return Stretch(date(year, 1, 1), date(year, 12, 31), "year")


def months_before(day: date, months: int) -> date:
    """Return the day `months` months earlier (later when negative), clamped to the month's last day."""
    index = max(12, min(day.year * 12 + day.month - 1 - months, 9998 * 12))
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_before(day: date, days: int) -> date:
    """Return the day `days` days earlier, never before year 1."""
    return date.fromordinal(max(1, min(day.toordinal() - days, date(9998, 1, 1).toordinal())))


def part_of_month(year: int, month: int, part: str) -> Stretch | None:
    """Return `初`, `中旬`, `底` … of a civil month. Beginning, middle and end are ten-day periods: approximate."""
    whole = whole_month(year, month)
    if whole is None:
        return None
    if part in ("上半月", "下半月"):
        first, last = (1, 15) if part == "上半月" else (16, 31)
    else:
        first, last = _MONTH_PARTS[part[0]]
        if part == "中下旬":
            last = 31
        elif part == "中上旬":
            first = 1
    return Stretch(whole.start.replace(day=first), whole.end.replace(day=min(last, whole.end.day)), "approx")


def _between(year: int, bounds: tuple[int, int, int, int], precision: Precision) -> Stretch | None:
    first_month, first_day, last_month, last_day = bounds
    last = whole_month(year + (last_month - 1) // 12, (last_month - 1) % 12 + 1)
    if last is None:
        return None
    return Stretch(date(year, first_month, first_day), last.end.replace(day=min(last_day, last.end.day)), precision)


def part_of_year(year: int, part: str) -> Stretch | None:
    """Return `初`, `底`, `上半年`, `二季度` … of a civil year; halves and quarters are exact, the rest approximate."""
    if part in ("上半年", "前半年"):
        return _between(year, (1, 1, 6, 31), "month")
    if part in ("下半年", "后半年"):
        return _between(year, (7, 1, 12, 31), "month")
    if part.endswith("季度"):
        quarter = small_number(part.removeprefix("第")[0])
        if quarter is None or not 1 <= quarter <= 4:
            return None
        return _between(year, (3 * quarter - 2, 1, 3 * quarter, 31), "month")
    return _between(year, _YEAR_PARTS[part[-1]], "approx")


def season(year: int, name: str) -> Stretch | None:
    """Return a season or a farming or school time of that year, approximate. Winter runs into the next year."""
    return _between(year, _SEASONS[name], "approx")


@functools.cache
def lunar_first_and_last(year: int, month: int, day: int | None, leap: bool = False) -> Stretch | None:
    """Return a lunar day, or the whole lunar month when `day` is None, in civil days; None when there is none.

    The lunar table is jionlp's (1900–2100), checked in the tests against published New Year and festival days.
    """
    # jionlp greets on standard output when imported, where the verbs may only write JSON lines.
    with contextlib.redirect_stdout(sys.stderr):
        to_civil = importlib.import_module("jionlp").lunar2solar

    def civil(lunar_day: int) -> date | None:
        try:
            found = to_civil(year, month, lunar_day, leap)
        except (ValueError, IndexError):
            return None
        return date(found.year, found.month, found.day)

    if day is not None:
        only = civil(day)
        return None if only is None else one_day(only)
    first, last = civil(1), civil(30) or civil(29)
    return None if first is None or last is None else Stretch(first, last, "month")


def festival(year: int, name: str, around: str = "") -> Stretch | None:
    """Return the festival's day in that year (lunar year for lunar ones).

    `around` is what was said after it: `前`, `后`, `期间` give an approximate stretch before, after, during it,
    `前一天`, `第二天`, `第三天` that day.
    """
    day: Stretch | None
    if name in _CIVIL_FESTIVALS:
        day = civil_day(year, *_CIVIL_FESTIVALS[name])
    elif name in _LUNAR_FESTIVALS:
        day = lunar_first_and_last(year, *_LUNAR_FESTIVALS[name])
    elif name in _SOLAR_TERMS:
        day = _solar_term(year, name)
    else:
        last_month = lunar_first_and_last(year, 12, None)
        day = None if last_month is None else one_day(last_month.end)
    if day is None:
        return None
    if away := _AWAY.fullmatch(around):
        return _so_far_away(day.start, -1 if away["side"] == "前" else 1, away)
    if around.startswith("前") and around not in ("前", "前后"):
        return one_day(days_before(day.start, 1))
    if around in ("后一天", "后1天"):
        return one_day(days_before(day.start, -1))
    if around.startswith("第"):
        return one_day(days_before(day.start, 1 - (small_number(around[1]) or 1)))
    if around.endswith("前"):
        return Stretch(days_before(day.start, 30), days_before(day.start, 1), "approx")
    if around.endswith("后") and around != "前后":
        return Stretch(days_before(day.start, -1), days_before(day.start, -30), "approx")
    if around == "前后":
        return Stretch(days_before(day.start, 7), days_before(day.start, -7), "approx")
    if around:
        return Stretch(day.start, days_before(day.start, 1 - _HOLIDAY_DAYS.get(name, 3)), "approx")
    return Stretch(day.start, day.end, "approx") if name == "过年" else day


# 端午前三天, 国庆后一个星期, 春节前两个月
_AWAY = re.compile(
    r"之?(?P<side>[前后])(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})个?(?P<half>半?)(?P<unit>天|星期|礼拜|周|月)"
)


def _so_far_away(day: date, way: int, away: re.Match[str]) -> Stretch | None:
    """Return the day so many days before (`way` -1) or after (1) `day`; weeks and months are approximate."""
    count = small_number(away["count"])
    if count is None:
        return None
    if away["unit"] == "天":
        return one_day(days_before(day, -way * count))
    half = 0.5 * bool(away["half"])
    days = round((count + half) * (30 if away["unit"] == "月" else 7))
    far = days_before(day, -way * days)
    slack = 5 if away["unit"] == "月" else 2
    return Stretch(days_before(far, slack), days_before(far, -slack), "approx")


def _solar_term(year: int, name: str) -> Stretch | None:
    month = _SOLAR_TERMS[name]
    whole = whole_month(year, month)
    if whole is None or not 1900 <= year <= 2100:
        return None
    terms = importlib.import_module("chinese_calendar").get_solar_terms(whole.start, whole.end)
    name = name.replace("打春", "立春")
    return next((one_day(day) for day, term in terms if term == name), None)


def weekday_of(now: date, weeks_ago: int, weekday: int | None) -> Stretch:
    """Return a weekday (0 = Monday) of the week so many weeks ago, or that whole week from Monday to Sunday."""
    monday = now - timedelta(days=now.weekday() + 7 * weeks_ago)
    if weekday is None:
        return Stretch(monday, monday + timedelta(days=6), "day")
    return one_day(monday + timedelta(days=weekday))
