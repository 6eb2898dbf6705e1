"""Hides how people say how long something has gone on (`拖了半年多`, `两年没给`) or how long ago it was (`三个月前`).

Called by `dates` through `find_durations`. Contract terms, notice periods and months of pay (`合同签三年`,
`三个月工资`) are the same words without a date, so what stands before and after a duration decides whether it counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.intake.reading.calendar_words import (
    Stretch,
    days_before,
    months_before,
    one_day,
    small_number,
    whole_month,
    whole_year,
)

_NUMBER = r"(?:\d{1,3}(?:\.5)?|[二三四五六七八九]?十[几多来]|[一二两三四五六七八九十]{1,3}|[俩仨])"
_NOT_IN_NUMBER = r"(?<![\d.一二两三四五六七八九十百千万第每半几数])"
_YEAR_ENDS = r"(?!级|纪|龄|轻|薪|底|初|中|末|代|份|度|夜|货|三十|级|会|检|审|报|息|金|款|费|票|假|付|租|利)"
DURATION = (
    rf"(?:[大小]?半年|{_NUMBER}\s?年半|{_NUMBER}\s?年零?{_NUMBER}\s?个(?:[多来]?月|半月)|{_NUMBER}\s?[多来]?年{_YEAR_ENDS}"
    rf"|{_NUMBER}\s?个月零{_NUMBER}\s?天|[大小]?半(?:个[多来]?|拉)月|{_NUMBER}\s?个半月|{_NUMBER}\s?[多来]?个?[多来]?月(?![份底初中末])|[俩仨]月"
    rf"|{_NUMBER}\s?[多来]?个?[多来]?(?:星期|礼拜)|{_NUMBER}\s?[多来]?周(?![岁年边围一二三四五六日天末])|{_NUMBER}\s?[多来]?天)多?"
)
_FOUND = re.compile(rf"{_NOT_IN_NUMBER}(?P<said>{DURATION})")
_YEARS = re.compile(rf"({_NUMBER})\s?[多来]?年(半?)")
_MONTHS = re.compile(rf"({_NUMBER})\s?[多来]?个?[多来]?(半?)[多来]?月")
_WEEKS = re.compile(rf"({_NUMBER})\s?[多来]?个?[多来]?(?:星期|礼拜|周)")
_DAYS = re.compile(rf"({_NUMBER})\s?[多来]?天")

_AGO = re.compile(r"(?:左右)?(?:以前|之前|前)(?![面后妻夫途任])的?")
_TERM_BEFORE = re.compile(
    r"(?:[每第隔限满]|每隔|为期|期限|租期|工期|年限|保修期?|质保期?|试用期|承包期|未来|再过?|判处?|签了?|交了|付了|预付|先[交付]"
    r"|一次交|约定|最[多长]|提前|还有|到了|签有|出行前|前一|后|保证|给你|宽限|延期|延长|只有|才|需要?|[是满]每)$"
)
_TERM_AFTER = re.compile(
    r"的(?:$|[,。;!?])|的?(?:工资|薪|工钱|房租|租金|租约|物业费|抚养费|生活费|利息|货款|合同|假期?|期限?|以内|之内|内|以后|之后|后"
    r"|一[次交签付结]|学费|费|保修|质保|押金|社保|赡养费|徒刑|刑|缓刑|大|零|[每]|\d|[一二三四五六七八九十]|[块元])"
)
# 七天冷静期, 三十天的上诉期: a period that a law or a contract gives, over or not, tells no day.
_PERIOD_AFTER = re.compile(
    r"的?[^\s,。;!?、\d的了没不我你他她还已过]{0,5}期(?![间待望盼])|的?(?:[^\s,。;!?的了没我他还]{0,2}无理由|包[退换修]|免[费租]|[全免]?保修)"
)
# 两个月的绩效, 半年的水电费: months of pay or of a charge.
_CHARGE_AFTER = re.compile(
    r"的?[^\s,。;!?\d的了没不未我你他她还已过退赔]{0,4}(?:费|薪|金|款|绩效|提成|补贴|补助|津贴|分红|奖)|的[^\s,。;!?\d了没不未我他还]{0,3}钱"
)
#: 干了, 住了: what was done for so long may be over; 拖了, 欠了, 等了 go on.
DONE_FOR = re.compile(
    r"(?:干|做|打|上|住|用|骑|开|学|忙活|租|种|当|坐|待|呆|关|拘留|处|交往|教|跑|养|吃|教|练|看|穿|戴|带|守|管|喂|帮|养护|伺候)了(?:他|我|她|我们)?$"
)
# 干了三个月就走了, 住了半个月院: it is over, and nobody said when that was.
_OVER_AFTER = re.compile(
    r"就(?!没)|才|便|,?(?:后来|然后|之后)|的?(?:[住医]?院(?!长|子)|牢|兵|官司|保姆|护工|保安|[小大杂木瓦电焊]工|学徒|班(?!组)|学(?!校)|书|活儿?|生意|代理|会计|司机|零工|工(?![资钱地人头友程厂]))"
)
_OWED_BEFORE = re.compile(r"(?:拖|拖欠)了$")
_GOING_ON_BEFORE = re.compile(
    r"(?:了|[快近这都有]|已经?|过去|最近|将近|差不多|整整|足足|前后|长达|超过|大概|拖|拖欠|前|停[工产水电气暖]|失业|分居|住院|欠薪)[我他她它们你的有]{0,2}$"
)
_GOING_ON_AFTER = re.compile(
    r"(?:左右)?(?:了|没|未|[不都还]|一直|来(?!月)|以来|下来|过去了|无|拿不到|之久|有余|就没|,?(?:没|未|还|一直|都|也没|仍|至今))"
)
_WHOLE_MESSAGE = re.compile(r"[\s,.。!?、吧了呢啊呀左右快得有大概差不多已经将近我想应该是都要]*")
# 没有一天是干净的, 没一天安生: no day at all, whatever follows.
_NEVER_BEFORE = re.compile(r"(?:没有?过?|没得|无|哪|不让[我俺他她]?有?)$")
#: 干了三个月: a period worked, lived or served; it tells no day unless it is said to go on (了, 还在, 到现在).
_STILL_AFTER = re.compile(
    r"(?:左右)?(?:了(?!就|才|便)|[,]?(?:一直)?(?:还在|还是|到现在|至今|到如今|到今天|没[断停挪换])|以来|下来)"
)
_SERVED_BEFORE = re.compile(
    r"(?:(?:判|罚|拘|蹲|伺候|照顾|维修|修|合作|代理|谈|处)了|住院|卧床|陪护|误工|护理|养伤|休养)$"
)
# 说三个月还, 答应半年给: a promise, over or not, tells no day.
_PROMISED_BEFORE = re.compile(r"(?:说好?|讲好|约好|答应|保证|承诺|写的?)(?:是|过)?$")
_PROMISED_AFTER = re.compile(r"(?:就|内|后)?(?:[还给](?!没|不|未)|退(?!休)|结清|付清|交房|完工|到期)")
_ONE_DAY = ("一天", "1天")
#: 一月还五千二, 一个月给三千: so much each time.
_ONE_MONTH = ("一月", "1月", "一个月", "1个月", "一年", "1年")
_SO_MUCH_EACH = re.compile(r"[还交给挣开拿付发扣收要得才就是]{1,2}[\d一二两三四五六七八九十几百]+[\d百千万块元]")
_RECENT_DAYS = re.compile(r"(?<![以之先提年月天期周])(?:这|前|近)[几两三]天(?![后内])|(?<!\d)几天前(?![面])")


@dataclass(frozen=True, slots=True)
class SpokenDuration:
    """A duration found at `span`; `since` is the day it began; `stretch` are the days meant."""

    span: tuple[int, int]
    stretch: Stretch
    since: date
    ago: bool


def _amount(said: str) -> float | None:
    """Return the number in `said`; `十几` counts as 10, two neighbours (`三四`) as their mean."""
    if said[0].isdigit():
        return float(said)
    if said[-1] in "几多来":
        return small_number(said[:-1])
    number = small_number(said)
    if number is None and len(said) == 2:
        low, high = small_number(said[0]), small_number(said[1])
        return None if low is None or high is None or high - low != 1 else (low + high) / 2
    return number


def how_long_before(said: str, now: date) -> date | None:
    """Return the day that lies the spoken duration before `now` (`一年三个月`, `两个半月`, `半年多`), else None.

    A little more (`多`) is not counted; half a month is 15 days; `大半年` is seven months, `小半年` five.
    """
    months, days = 0.0, 0.0
    if "半年" in said:
        months = {"大": 7.0, "小": 5.0}.get(said[0], 6.0)
    elif re.match(r"[大小]?半[个拉]", said):
        days = {"大": 20.0, "小": 10.0}.get(said[0], 15.0)
    else:
        for pattern, months_each, days_each in ((_YEARS, 12, 0), (_MONTHS, 1, 0), (_WEEKS, 0, 7), (_DAYS, 0, 1)):
            part = pattern.search(said)
            if part is None:
                continue
            number = _amount(part[1])
            if number is None:
                return None
            if pattern in (_YEARS, _MONTHS) and part[2]:
                number += 0.5
            months += number * months_each
            days += number * days_each
    if not months and not days:
        return None
    return days_before(months_before(now, int(months)), round(days + (months - int(months)) * 30))


def find_durations(text: str, now: date, asked_for_a_date: bool) -> Iterator[SpokenDuration]:
    """Yield the durations of `text` (already plain) that tell when something was, with `now` as their end.

    `asked_for_a_date` lets a bare duration count. `N天前` is that day; `N个月前` that month, `N年前` that year, both
    approximate; what has gone on for a duration runs from then to `now`, approximate.
    """
    for found in _RECENT_DAYS.finditer(text):
        since = days_before(now, 3 if "两" in found[0] or "三" in found[0] else 7)
        yield SpokenDuration(found.span(), Stretch(since, now, "approx"), since, ago=True)
    for found in _FOUND.finditer(text):
        start, end = found.span("said")
        said = found["said"]
        since_day = None if "十两" in said else how_long_before(said, now)  # 十九、二十两天: two days
        if since_day is None:
            continue
        ago = _AGO.match(text, end)
        if ago:
            yield SpokenDuration((start, ago.end()), _around(said, since_day), since_day, ago=True)
            continue
        before, after = text[max(0, start - 8) : start], text[end : end + 8]
        if not _goes_on(said, before, after, asked_for_a_date) and not _is_all_there_is(text, start, end):
            continue
        yield SpokenDuration((start, end), Stretch(since_day, now, "approx"), since_day, ago=False)


def _goes_on(said: str, before: str, after: str, asked_for_a_date: bool) -> bool:
    if any(pattern.match(after) for pattern in (_TERM_AFTER, _PERIOD_AFTER, _CHARGE_AFTER)) and not _OWED_BEFORE.search(
        before
    ):
        return False
    if said in _ONE_MONTH and _SO_MUCH_EACH.match(after):
        return False
    if said in _ONE_DAY and (before.endswith("前") or _NEVER_BEFORE.search(before)):
        return False
    if _PROMISED_BEFORE.search(before) and _PROMISED_AFTER.match(after):
        return False
    if before.endswith(("没有", "没到", "不到")) and after.startswith("就"):
        return False  # 没有三天就坏了
    if DONE_FOR.search(before) and _OVER_AFTER.match(after):
        return False
    if (
        not asked_for_a_date
        and (DONE_FOR.search(before) or _SERVED_BEFORE.search(before))
        and not _STILL_AFTER.match(after)
    ):
        return False
    if _TERM_BEFORE.search(before) and not after.startswith("了"):
        return False
    return bool(asked_for_a_date or _GOING_ON_BEFORE.search(before) or _GOING_ON_AFTER.match(after))


def _is_all_there_is(text: str, start: int, end: int) -> bool:
    return bool(
        start <= 12
        and len(text) - end <= 12
        and _WHOLE_MESSAGE.fullmatch(text[:start])
        and _WHOLE_MESSAGE.fullmatch(text[end:])
    )


def _around(said: str, day: date) -> Stretch:
    if "天" in said or "周" in said or "星期" in said or "礼拜" in said or re.match(r"[大小]?半[个拉]", said):
        return one_day(day)
    if "月" in said or "半" in said:
        month = whole_month(day.year, day.month)
        assert month is not None
        return Stretch(month.start, month.end, "approx")
    year = whole_year(day.year)
    return Stretch(year.start, year.end, "approx")
