"""Hides how single dates are spoken and written: `去年十月`, `上个月15号`, `2023.7.12`, `腊月二十三`, `上周三`, `国庆`.

Called by `dates`, which joins phrases to ranges and gives those without a year theirs. A phrase that looks like a date
but names no real day (30 February) is still yielded, without days, so that no part of it is read as something else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.intake.reading.calendar_words import (
    DAYS_AGO,
    FESTIVALS,
    MONTHS_AGO,
    NAMES_TOO,
    SEASONS,
    WEEKDAYS,
    YEARS_AGO,
    Stretch,
    civil_day,
    days_before,
    digit_by_digit,
    festival,
    full_year,
    lunar_first_and_last,
    months_before,
    one_day,
    part_of_month,
    part_of_year,
    season,
    small_number,
    weekday_of,
    whole_month,
    whole_year,
)
from bot.intake.reading.short_years import decades, is_a_short_year

InYear = Callable[[int], Stretch | None]
InMonth = Callable[[int, int], Stretch | None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words at `span` that name days: outright (`fixed`), in `year`, or once a year or month is known."""

    span: tuple[int, int]
    fixed: Stretch | None = None
    in_year: InYear | None = None
    year: int | None = None
    in_month: InMonth | None = None
    weekday: int | None = None
    since: date | None = None

    @property
    def open(self) -> bool:
        """Whether the year, the month or the week is still missing."""
        return self.year is None and (self.in_year or self.in_month or self.weekday) is not None


_CN = "一二三四五六七八九十"
_N2 = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}}|廿[一二三四五六七八九]?)"
_FREE = rf"(?<![\d.{_CN}两百千万/])"
_TO = r"\s?(?:到|至|—{1,2}|–|-{1,2}|~)\s?"
_YEAR4 = r"(?:(?<!\d)(?:19|20)\d\d|(?:一九|二[零〇○O])[零〇○O一二三四五六七八九]{2})"
_YEAR2 = r"(?:(?<![\d.])\d\d|(?<![一二三四五六七八九十])(?:[零〇○O一二六七八九][零〇○O一二三四五六七八九]|五[零〇一二三四五七八九]|四[七八九]))"
_YEAR_WORD = r"大前年|(?<![以之先目生婚])前年(?!轻|年(?![初中底末尾头]))|去年|上一年|(?<!如)今年|本年|头年|(?<!证)明年|(?<![以之然最])后年"
_YEAR = (
    rf"(?:(?P<y4>{_YEAR4})\s?年度?|(?P<y4to>{_YEAR4})(?={_TO}{_YEAR4}\s?年)|(?P<y2>{_YEAR2})\s?年|(?P<yw>{_YEAR_WORD})"
    rf"|{_FREE}(?P<yago>{_N2}|两)年(?:以|之)?前)"
)
_MONTH_AGO = r"(?<![晚早])(?P<mw>大上|上上|上一|上|这一|这|本|下下|下一|下)个?(?:月份|月(?![租薪供付嫂息]))"
_UNITS = "元块万亿%亩平米㎡斤吨倍公千百毛角折分米升克"
_NOT_A_HOUSE = r"(?![楼栋幢院房室门线路铺店厂桌床车机井文令库仓])"
_MONTH = (
    rf"(?:{_FREE}(?P<m1>[一二三四五六七八九])(?P<m2>[二三四五六七八九十])月份?|{_FREE}(?P<m>{_N2}|元(?=月))\s?月份?"
    rf"|{_FREE}(?P<mlist>{_N2}(?:、{_N2}){{1,5}})\s?月份?"
    rf"|{_FREE}(?P<mto>{_N2})(?={_TO}{_N2}\s?月)|(?P<ml>正月|冬月|腊月))"
)
_DAY = (
    rf"(?:(?P<d>{_N2})\s?(?:日|号{_NOT_A_HOUSE})|(?P<dl>初(?:十|[一二三四五六七八九])|廿[一二三四五六七八九]?)"
    rf"|(?P<db>{_N2})(?!(?<=一)[共直起定般律边旦切下样])(?!(?!一[共直起分毛])[\d{_CN}百千万两.:点个块元天年月岁人%多余来几亩斤次户名楼栋单条吨米份期平位小层室])"
    r"|(?P<dabout>二?十[几来多])\s?[号日]|(?P<part>上半月|下半月|中下旬|中上旬|[上中下]旬|月?[底末]|月?初(?!中)|月?头上|月?中(?![秋国午间学介])))"
)
_MONTH_DAY = re.compile(rf"(?:{_YEAR}的?[\s,]?)?(?:(?P<lunar>农历|阴历|旧历|老历)的?)?闰?{_MONTH}(?:的?\s?{_DAY})?")
_MONTH_AGO_DAY = re.compile(rf"{_MONTH_AGO}(?:的?\s?{_DAY})?")
_YEAR_THING = re.compile(
    rf"(?:{_YEAR}的?\s?)?(?:[五七八九]月(?=端午|七夕|中秋|重阳)|正月(?=元宵)|腊月(?=小年))?"
    rf"(?:(?P<fest>五一(?:国际)?劳动节|六一(?:国际)?儿童节|十一国庆节?|大年初[{_CN}]|(?<![今去前明后本当])年初[一二三四五六七八](?!月)|八月十五"
    rf"|{'|'.join(sorted(FESTIVALS, key=len, reverse=True))})"
    rf"(?:佳?节)?(?P<around>之?[前后](?:{_N2}|两)个?半?(?:天(?!长)|星期|礼拜|周(?!年)|月(?!份))(?!没|[都不未还]|一直|[的]?工资)|(?:放假)?前[一1][天日晚]|前夜|第[二三四五六七]天|后[一1]天|假期|长假|放假|期间|黄金周|之?前(?!后)|前后|以?之?后(?!来))?"
    r"|(?P<season>" + "|".join(sorted(SEASONS, key=len, reverse=True)) + r")(?P<heaven>[天季]|上(?!个|次|面))?"
    r"|(?P<ypart>第?[一二三四1-4]季度|[上下前后]半年|年[初中底末尾](?!中)|(?<=[去今明前]年)年头)|(?P<tail>[初中底末尾](?![一二三四五六七八九十中秋国]))"
    r")"
)
_YEAR_ALONE = re.compile(_YEAR)
_WRITTEN = re.compile(
    r"(?<![\d./])(?P<y>(?:19|20)\d\d)(?P<s>[.\-/])\s?(?P<m>\d{1,2})(?P=s)\s?(?P<d>\d{1,2})(?![\d])(?![./]\d)[日号]?"
    rf"|(?<![\d./])(?P<y_m>(?:19|20)\d\d)(?P<t>[.\-/])(?P<m_y>\d{{1,2}})(?!\d)(?!(?P=t)\d)(?!\s?[{_UNITS}])月?份?"
    rf"|(?<![\d.])(?P<y8>(?:19|20)\d\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>[0-2]\d|3[01])(?![\d{_UNITS}])"
    r"|(?<![\d.\-/vV])(?P<yy>\d\d)[./](?P<mm>\d{1,2})[./](?P<dd>\d{1,2})(?![\d./])"
)
_MONTH_POINT_DAY = re.compile(
    rf"(?:{_YEAR}的?\s?)?(?<![\d.\-/])(?P<m>\d{{1,2}})(?P<s>[./-])(?P<d>\d{{1,2}})(?![\d./%])(?!\s?[{_UNITS}的])(?P<hao>[日号])?"
)
_POINT_BEFORE = re.compile(r"(?:[从自于在到至是]|截止|——?|[-~])\s?$")
_TIME_AFTER = re.compile(r"[上下中]午|[早晚]上|凌晨|当天|那天")
_POINT_AFTER = re.compile(
    r"(?:[日号到至起签]|[上下中]午|[早晚]上|凌晨|开学|开庭|当天|那天|放假|开始|至今|的时候|之?[前后]|以来|假|节|\s?[-~—]{1,2}\s?\d)"
)
_DAY_WORD = re.compile(
    r"大前[天日]|(?<![以之从先目生提])前[天日晚](?!天)|(?<=从)前天(?!天)|昨[天日晚夜]|昨(?:儿个?|个儿?)|前(?:儿个|个儿)|(?<![如])今(?:[天日早晚晨](?!天)|儿个?|个儿)|刚才|方才"
    r"|大后天|(?<![以之然最前])后天(?!天)|(?<![声证])明[天日早晚](?!天)"
)
_HOURS_AGO = re.compile(rf"(?:{_N2}|两|半|几)\s?个?(?:多|半)?(?:小时|钟头|分钟)(?:以|之)?前(?![后面])")
_WEEK = re.compile(
    r"(?:(?<![晚早线马])(?P<w>上上|下下|上|这|本|下|上一|这一|下一)个?)?"
    r"(?P<week>周(?![围边期转全密遭身])|星期|礼拜)(?P<wd>[一二三四五六日天末](?![\d一二三四五六七八九十次百]))?"
)
_DAY_ONLY = re.compile(rf"{_FREE}(?P<d>{_N2})\s?[号日]{_NOT_A_HOUSE}(?![子本报常用照后内前元])")
_DAY_ONLY_BEFORE = re.compile(r"(?:^|[,。;!?、:\s从就到至在是说定约我他她前后上下早—~-])$")
# 上个月七号做的九号就感染了十五号转的院: speech without commas.
_DAY_GOES_ON = re.compile(r"[就才又转出]|去的|来的|他|我|没")
_SOME_DAY = re.compile(
    r"(?<![一二三四五六七八九十百千万几月第份])(?P<d>二?十[几来多])号(?![人楼栋桌位个机员工]|弟兄|兄弟|民工|师傅|业主|村民|老乡|同学|学生|女)"
)
_MONTH_PART_ALONE = re.compile(
    r"(?<![一二三四五六七八九十\d个满每半几数年足岁])(?:月[初中底末](?![一二三四五六七八九十])|[上中下]旬)"
)
_THIS_TIME_OF_A_YEAR = re.compile(r"(去年|前年)的?(?:这个?时候|这会儿?|今天|今日|现在|此时)")
_AROUND_NEW_YEAR = re.compile(
    r"(?:^|(?<=[,。、\s我他她说是在从到们板家司了刚才等]))(?:年前|年后|过完年后?)(?![面后妻夫])"
)
_BARE_YEAR = re.compile(
    rf"(?<![\d.\-/])(?:{_YEAR4}(?={_TO}{_YEAR4}(?!\d))|(?<=[年\d][到至~—-]){_YEAR4}(?![\d.\-/年元块万]))"
)
# 一月三千, 贷款一月还五千二: so much each month; 十月怀胎 is no October.
_EACH_MONTH = re.compile(r"(?:[还交给挣开拿付发扣收要得才就是]|工资|房租|租金|月供){0,2}[\d一二两三四五六七八九十几百]")
_EVENT_SEASONS = frozenset(SEASONS) - set("春夏秋冬")
_SAID_AS_A_TIME_BEFORE = re.compile(r"(?:^|[从自到至在,。、\s])$")
_SAID_AS_A_TIME_AFTER = re.compile(r"(?:$|的时候|开始|[起就签到至,。、没那]|以来|之?[前后])")
_SURNAME_BEFORE = re.compile(r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕]$")
_HOLIDAY_AFTER = re.compile(
    r"节|长?假|黄金周|期间|放假|的时候|那[天会阵]|当天|之?[前后]|以[后来]|过后|开始|[到至就回没我他她起还,。]|左右|一直|$"
)
_COUNT_BEFORE = re.compile(r"[\d一二三四五六七八九十几多每半两成全]$")
_AGE_AFTER = re.compile(
    r"(?:都|已经|才|刚|就|快|满|虚岁|我|她|他|孩子|儿子|女儿|有)*(?:[\d一二三四五六七八九十]+岁|(?:\d{2}|[一二三四五六七八九]?十有?[一二三四五六七八九]?)了?(?=$|[,。;]))"
)


def find_phrases(text: str, now: date, asked_for_a_date: bool) -> Iterator[Phrase]:
    """Yield the date phrases of `text` (already plain), some overlapping; the longest of the leftmost is meant."""
    # First of equals wins: 八月十五 without 号 is the festival.
    yield from _festivals_and_seasons(text, now, asked_for_a_date)
    yield from _months(text, now)
    yield from _years(text, now, asked_for_a_date)
    yield from _written(text, now, asked_for_a_date)
    yield from _days_and_weeks(text, now, asked_for_a_date)


def _year_of(found: re.Match[str], now: date) -> int | None:
    four = found["y4"] or found["y4to"]
    if four:
        return digit_by_digit(four)
    if found["y2"]:
        short = digit_by_digit(found["y2"])
        return None if short is None else full_year(short, now)
    if found["yw"]:
        return now.year - YEARS_AGO[found["yw"]]
    if found["yago"]:
        ago = small_number(found["yago"])
        return None if ago is None else now.year - ago
    return None


def _says_a_year(found: re.Match[str]) -> bool:
    return any(found[name] for name in ("y4", "y4to", "y2", "yw", "yago"))


def _months(text: str, now: date) -> Iterator[Phrase]:
    for found in _MONTH_DAY.finditer(text):
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        one_a_month = found["m"] in ("一", "1") and not found["d"] and not found["db"] and not found["part"]
        a_month_each = one_a_month and not _says_a_year(found) and _EACH_MONTH.match(text, found.end())
        if before in tuple("每满足整") or a_month_each or after == "怀":
            continue
        year = _year_of(found, now)
        if _says_a_year(found) and year is None:
            continue
        yield Phrase(found.span(), in_year=_month_in_year(found), year=year)
    for found in _MONTH_AGO_DAY.finditer(text):
        month = months_before(now.replace(day=1), MONTHS_AGO[found["mw"]])
        yield Phrase(found.span(), fixed=_within_month(found, month.year, month.month))


def _within_month(found: re.Match[str], year: int, month: int) -> Stretch | None:
    said = found["d"] or found["db"] or found["dl"]
    if found["dabout"]:
        return _some_day_of(year, month, found["dabout"])
    if said:
        day = small_number(said)
        return None if day is None else civil_day(year, month, day)
    return part_of_month(year, month, found["part"].removeprefix("月")) if found["part"] else whole_month(year, month)


def _some_day_of(year: int, month: int, said: str) -> Stretch | None:
    """Return 十几号 or 二十几号 of a month: ten days, approximate."""
    whole = whole_month(year, month)
    if whole is None:
        return None
    first = 20 if said[0] == "二" else 10
    return Stretch(whole.start.replace(day=first), whole.start.replace(day=min(first + 9, whole.end.day)), "approx")


def _month_in_year(found: re.Match[str]) -> InYear:
    said = found["m"] or found["mto"] or found["m1"] or ""
    named = {"正月": 1, "冬月": 11, "腊月": 12}.get(found["ml"] or "")
    month = named or (1 if said == "元" else small_number(said)) or 0
    last_month = small_number(found["m2"]) if found["m2"] else None
    if last_month is not None and last_month != month + 1:
        month = 0  # "二五月" is no pair of neighbouring months
    if found["mlist"]:
        listed = [small_number(each) or 0 for each in found["mlist"].split("、")]
        in_a_row = listed == list(range(listed[0], listed[-1] + 1))
        month, last_month = (listed[0], listed[-1]) if in_a_row else (listed[-1], None)
    day = small_number(found["d"] or found["db"] or found["dl"] or "")
    leap = "闰" in found[0]

    def lunar(year: int) -> Stretch | None:
        whole = lunar_first_and_last(year, month, day, leap)
        if whole is None or not found["part"]:
            return whole
        length = (whole.end - whole.start).days
        first, last = {"上": (0, 9), "初": (0, 9), "中": (10, 19)}.get(
            found["part"].removeprefix("月")[0], (20, length)
        )
        return Stretch(days_before(whole.start, -first), days_before(whole.start, -last), "approx")

    def civil(year: int) -> Stretch | None:
        first = _within_month(found, year, month)
        second = whole_month(year, last_month) if last_month else None
        return Stretch(first.start, second.end, "month") if first and second and not found["d"] else first

    return lunar if named or found["lunar"] or found["dl"] or leap else civil


def _festivals_and_seasons(text: str, now: date, asked: bool) -> Iterator[Phrase]:
    for found in _YEAR_THING.finditer(text):
        year, said_year = _year_of(found, now), _says_a_year(found)
        before, after = text[max(0, found.start() - 2) : found.start()], text[found.end() : found.end() + 8]
        if said_year and year is None:
            continue
        in_year = _festival_in_year(found, text, before, after, asked) if found["fest"] else None
        if found["season"] and _is_a_season_of_a_year(found, before, after, asked):
            name = found["season"]
            in_year = _named(season, name)
        elif found["ypart"] and not (found["ypart"][0] == "年" and _COUNT_BEFORE.search(before)):
            in_year = _named(part_of_year, found["ypart"])
        elif found["tail"] and said_year:
            in_year = _named(part_of_year, found["tail"])
        if in_year:
            yield Phrase(found.span(), in_year=in_year, year=year)
    for found in _AROUND_NEW_YEAR.finditer(text):
        yield Phrase(found.span(), in_year=_around_new_year("前" if found[0] == "年前" else "后"))


def _around_new_year(side: str) -> InYear:
    return lambda year: festival(year, "春节", side)


def _named(reader: Callable[[int, str], Stretch | None], name: str) -> InYear:
    return lambda year: reader(year, name)


def _is_a_season_of_a_year(found: re.Match[str], before: str, after: str, asked: bool) -> bool:
    name = found["season"]
    if name in tuple("春夏秋冬") and not found["heaven"] and (not _says_a_year(found) or after[:1] in tuple("节耕收")):
        return False
    if _says_a_year(found) or asked:
        return True
    if before.endswith(("每", "年年", "一到", "每年", "到了")):
        return False
    as_a_time = _SAID_AS_A_TIME_BEFORE.search(before) or _SAID_AS_A_TIME_AFTER.match(after)
    return name in _EVENT_SEASONS or bool(as_a_time)


def _festival_in_year(found: re.Match[str], text: str, before: str, after: str, asked: bool) -> InYear | None:
    name, around = found["fest"], found["around"] or ""
    spoken_twice = {"八": "中秋", "五": "劳动节", "六": "儿童节", "十": "国庆"}
    if len(name) > 3 and name not in FESTIVALS and "年初" not in name:
        name = spoken_twice[name[0]]
    if "年初" in name:
        day = small_number(name[-1])
        return lambda year: lunar_first_and_last(year, 1, day)
    name_ends = found.end("fest")
    if name in ("五一", "十一", "六一") and not around:
        if not _says_a_year(found) and re.search(rf"[{_CN}\d百千万两几零]$", before):
            return None
        if text[name_ends : name_ends + 1] != "节" and not _HOLIDAY_AFTER.match(text, name_ends):
            return None
    elif name in ("五一", "十一", "六一") and re.search(rf"[{_CN}\d百千万两几零]$", before):
        return None
    named_person = _SURNAME_BEFORE.search(before) and not around and text[name_ends : name_ends + 1] != "节"
    if name in NAMES_TOO and named_person and not re.match(r"那天|假|的时候", after):
        return None
    if name == "小年" and re.match(r"[轻纪级货糕青]", after):
        return None
    if name == "年三十" and (
        after[:1] in "岁多几了" and after or before.endswith("今") and not re.match("[晚夜那前后]", after)
    ):
        return None  # 我妈今年三十岁
    if name in ("二月二", "三月三", "九月九") and re.match(r"[\d百千万个次天年月岁人块元家户口]", after):
        return None
    if re.match(r"[路街村镇乡社区小广]", after) or name == "七月半" and re.match("[个年天]", after):
        return None
    return lambda year: festival(year, name, around.removeprefix("放假") or around)


def _years(text: str, now: date, asked: bool) -> Iterator[Phrase]:
    for found in _YEAR_ALONE.finditer(text):
        before, after = text[max(0, found.start() - 3) : found.start()], text[found.end() : found.end() + 8]
        year = _year_of(found, now)
        if year is None or found["yago"]:
            continue
        if re.match(r"[级纪龄轻薪代版]|款(?!项)", after) or (found["yw"] == "今年" and _AGE_AFTER.match(after)):
            continue
        if found["y2"] and not is_a_short_year(found["y2"], year, now, before, after, asked):
            continue
        yield Phrase(found.span(), fixed=whole_year(year))
    for span, years in decades(text, now):
        yield Phrase(span, fixed=years)
    for found in _BARE_YEAR.finditer(text):
        yield Phrase(found.span(), fixed=whole_year(digit_by_digit(found[0]) or now.year))
    for found in re.finditer(r"(?<![\d.])(?:19|20)\d\d(?![\d.\-/元块万])", text) if asked else ():
        yield Phrase(found.span(), fixed=whole_year(int(found[0])))


def _written(text: str, now: date, asked: bool) -> Iterator[Phrase]:
    for found in _WRITTEN.finditer(text):
        if found["y_m"]:
            month = int(found["m_y"])
            # A hyphen before and after the digits is a telephone number.
            if 1 <= month <= 12 and not (found["t"] == "-" and text[max(0, found.start() - 1) : found.start()] == "-"):
                yield Phrase(found.span(), fixed=whole_month(int(found["y_m"]), month))
        elif found["yy"]:
            year = full_year(int(found["yy"]), now)
            at_hand = asked or _POINT_BEFORE.search(text[max(0, found.start() - 3) : found.start()])
            if now.year - 30 <= year <= now.year + 1 and (at_hand or _POINT_AFTER.match(text, found.end())):
                yield Phrase(found.span(), fixed=civil_day(year, int(found["mm"]), int(found["dd"])))
        else:
            parts = (found["y"] or found["y8"], found["m"] or found["m8"], found["d"] or found["d8"])
            yield Phrase(found.span(), fixed=civil_day(*map(int, parts)))
    for found in _MONTH_POINT_DAY.finditer(text):
        month, day = int(found["m"]), int(found["d"])
        before = text[max(0, found.start() - 3) : found.start()]
        context = asked or found["hao"] or _POINT_BEFORE.search(before) or _POINT_AFTER.match(text, found.end())
        if (
            not (
                _says_a_year(found)
                or (context and (asked or found["s"] == "." or _TIME_AFTER.match(text, found.end())))
            )
            or not 1 <= month <= 12
        ):
            continue
        if found["s"] == "-" and text[found.end() : found.end() + 1] == "月":
            continue  # "3-8月" is a range of months
        yield Phrase(found.span(), in_year=_civil(month, day), year=_year_of(found, now))


def _civil(month: int, day: int) -> InYear:
    return lambda year: civil_day(year, month, day)


def _days_and_weeks(text: str, now: date, asked: bool) -> Iterator[Phrase]:
    for found in _DAY_WORD.finditer(text):
        word = found[0] if found[0] in DAYS_AGO else re.sub("个儿?$|儿个?$|.$", "", found[0], count=1)
        yield Phrase(found.span(), fixed=one_day(days_before(now, DAYS_AGO[word])))
    for found in re.finditer(r"刚刚(?!好|才)", text) if asked else ():
        yield Phrase(found.span(), fixed=one_day(now))
    for found in _HOURS_AGO.finditer(text):
        yield Phrase(found.span(), fixed=one_day(now))
    for found in _WEEK.finditer(text):
        if found["w"] or found["wd"]:
            yield from _week(found, text, now, asked)
    for found in _DAY_ONLY.finditer(text):
        before, number = text[max(0, found.start() - 2) : found.start()], small_number(found["d"])
        told = _DAY_ONLY_BEFORE.search(before) or before[-1:] in ("的", "了") and _DAY_GOES_ON.match(text, found.end())
        if number is None or before.endswith(("住在", "〕")) or not (asked or told):
            continue
        yield Phrase(found.span(), in_month=_day_in_month(number))
    for found in _SOME_DAY.finditer(text):
        yield Phrase(found.span(), in_month=_some_day_in_month(found["d"]))
    for found in _MONTH_PART_ALONE.finditer(text):
        part = found[0].removeprefix("月")
        this_month = part_of_month(now.year, now.month, part)
        yield Phrase(found.span(), fixed=this_month, in_month=_part_in_month(part))
    for found in _THIS_TIME_OF_A_YEAR.finditer(text):
        then = months_before(now, 12 * YEARS_AGO[found[1]])
        yield Phrase(found.span(), fixed=Stretch(then, then, "approx"))


def _some_day_in_month(said: str) -> InMonth:
    return lambda year, month: _some_day_of(year, month, said)


def _part_in_month(part: str) -> InMonth:
    return lambda year, month: part_of_month(year, month, part)


def _day_in_month(day: int) -> InMonth:
    return lambda year, month: civil_day(year, month, day)


def _week(found: re.Match[str], text: str, now: date, asked: bool) -> Iterator[Phrase]:
    said, weekday, before = found["w"], WEEKDAYS.get(found["wd"] or ""), text[max(0, found.start() - 1) : found.start()]
    weeks_ago = MONTHS_AGO[said] if said else 0
    if found["wd"] == "末":
        if said or asked:
            saturday, sunday = weekday_of(now, weeks_ago, 5).start, weekday_of(now, weeks_ago, 6).end
            yield Phrase(found.span(), fixed=Stretch(saturday, sunday, "day"))
    elif said:
        yield Phrase(found.span(), fixed=weekday_of(now, weeks_ago, weekday))
    elif weekday is not None and not re.search(r"[每逢一二两三四五六七八九十几\d个半号日(]", before):
        yield Phrase(found.span(), weekday=weekday)
