"""Hides how citizens say when: reads every day, month, year or stretch of time out of a message.

Called by the interview through `bot.intake.reading` and by the verb `read`. Conventions: a month or day without a year
is the most recent one that has begun; `三月到八月` is one stretch; `去年十月至今` ends `now`; `五月份开始` is that
month; what is said loosely (`拖了半年多`, `年底`, `夏天`) is `approx`; `很久以前` is nothing.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import date

from bot.intake.reading.calendar_words import Precision, Stretch, days_before, weekday_of
from bot.intake.reading.date_phrases import Phrase, find_phrases
from bot.intake.reading.durations import DONE_FOR, find_durations
from bot.intake.reading.plain import plain

_DATE_FACTS = re.compile(r"since|until|when|date|day|month|_on$|_at$|_from$|_to$|term|paid_up|born|birth")
_TO = re.compile(
    r"份?(?:的时候)?(?:[日号])?(?:开始|起)?[,\s]{0,2}(?:就)?(?:一直|直)?(?:拖欠|拖|持续|欠|干|住|做)?"
    r"(?:到|至|—{1,2}|–|-{1,2}|~)了?\s?"
)
_TO_NOW = re.compile(
    r"份?(?:的时候)?(?:开始|起)?[,\s]{0,2}(?:就)?(?:一直|直)?(?:拖欠|拖|持续|欠|干|住|做)?"
    r"(?:(?:到|至|—{1,2}|--?|~)了?(?:现在|如今|目前|眼下|今天|今日|今(?![年天日早晚晨儿])|这会儿|当下)|(?:开始|起)?以来|到今(?![年天日]))"
)
_ITS_LENGTH = re.compile(r"[,\s]?(?:一共|总共|整整|足足|共|前后|就是)?")
_SENTENCE_ENDS = re.compile(r"[。;!?\n]")
_SAME_STORY = 30  # characters between two dates of one story
_COARSER: dict[Precision, int] = {"day": 0, "month": 1, "year": 2, "approx": 3}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days meant by `text`, the exact words at `span`; both ends inclusive, `end` never before `start`."""

    text: str
    start: date
    end: date
    precision: Precision
    span: tuple[int, int]


def read_dates(text: str, now: date, asked: str | None = None) -> tuple[DateSpan, ...]:
    """Return the dates in `text`, in order, without overlap; empty when there are none. Never raises.

    `now` is the day of the message. `asked` is the fact just asked for: a date fact (`since`, `last_day`,
    `marriage_date`) lets bare forms count that are a price or a house number elsewhere (`7.12`, `15号`, `三个月`).

    >>> read_dates("去年十月到今年三月没发工资", date(2026, 11, 20))[0].end
    datetime.date(2026, 3, 31)
    """
    clean = plain(text)
    wanted = asked is not None and _DATE_FACTS.search(asked) is not None
    found = [*find_phrases(clean, now, wanted)]
    lengths = set()
    for spoken in find_durations(clean, now, wanted):
        found.append(Phrase(spoken.span, fixed=spoken.stretch, since=spoken.since))
        lengths.add(spoken.span)
    return tuple(
        DateSpan(text[start:end], days.start, days.end, days.precision, (start, end))
        for (start, end), days in _joined(clean, _leftmost_longest(found), now, lengths)
    )


def _leftmost_longest(found: list[Phrase]) -> list[Phrase]:
    kept: list[Phrase] = []
    for phrase in sorted(found, key=lambda phrase: (phrase.span[0], -phrase.span[1])):
        if not kept or phrase.span[0] >= kept[-1].span[1]:
            kept.append(phrase)
    return kept


def _joined(
    text: str, phrases: list[Phrase], now: date, lengths: Set[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], Stretch]]:
    """Yield the phrases' days, two joined by 到 as one stretch; its length, said at once after it, adds nothing."""
    at = 0
    told: tuple[int, Stretch] | None = None  # the last dated month or day of this text, and where it ended
    dated = -1  # where the last date that was said outright ended
    while at < len(phrases):
        phrase = phrases[at]
        begin, end = phrase.span
        at += 1
        if phrase.span in lengths and dated >= 0 and _from_that_day(text, dated, begin):
            continue
        if told and not _SENTENCE_ENDS.search(text, told[0], begin) and begin - told[0] <= _SAME_STORY:
            phrase = _later_in_the_story(phrase, told[1], now)
        to_now = _TO_NOW.match(text, end)
        days = _latest(phrase, now)
        if to_now and days and days.start <= now:
            start = phrase.since or days.start
            yield (begin, to_now.end()), Stretch(start, now, days.precision)
            at = _after(phrases, at, to_now.end())
            continue
        to = _TO.match(text, end)
        if to and at < len(phrases) and to.end() == phrases[at].span[0]:
            both = _from_to(phrase, phrases[at], now)
            if both:
                said = phrases[at].span[1]
                yield (begin, said), both
                at += 1
                if (
                    at < len(phrases)
                    and phrases[at].span in lengths
                    and _ITS_LENGTH.fullmatch(text[said : phrases[at].span[0]])
                ):
                    at += 1
                continue
        if days:
            yield phrase.span, days
            dated = dated if phrase.span in lengths else end
            said_when = phrase.year is not None or phrase.fixed is not None and phrase.span not in lengths
            if days.precision in ("day", "month") and said_when:
                told = end, days


def _from_that_day(text: str, dated: int, begin: int) -> bool:
    """Tell whether a length counts from the date before it: 去年三月进的厂，干了三个月 says nothing of the last three."""
    return (
        begin - dated <= _SAME_STORY
        and not _SENTENCE_ENDS.search(text, dated, begin)
        and bool(DONE_FOR.search(text[max(0, begin - 6) : begin]))
    )


def _later_in_the_story(phrase: Phrase, told: Stretch, now: date) -> Phrase:
    """Return `phrase` in the year of what was just told: in `2024年3月进厂，5月就没发工资` May is that year's."""
    if phrase.in_month is not None and phrase.fixed is None and told.precision == "day":
        same_month = phrase.in_month(told.start.year, told.start.month)
        if same_month is not None and told.start < same_month.start <= now:
            return replace(phrase, in_month=None, fixed=same_month)  # 上个月七号做的手术，九号就感染了
    if phrase.in_year is None or phrase.year is not None:
        return phrase
    later = _earliest(phrase, told.start)
    if later is None or later.start > now or later.precision not in ("day", "month"):
        return phrase
    years = range(told.start.year - 1, told.start.year + 2)
    year = next((year for year in years if phrase.in_year(year) == later), None)
    return replace(phrase, year=year)


def _after(phrases: list[Phrase], at: int, position: int) -> int:
    while at < len(phrases) and phrases[at].span[0] < position:
        at += 1
    return at


def _latest(phrase: Phrase, now: date) -> Stretch | None:
    """Return the phrase's days; without a year or a month, the most recent that have begun by `now`."""
    if phrase.fixed is not None:
        return phrase.fixed
    if phrase.in_year and phrase.year is not None:
        return phrase.in_year(phrase.year)
    if phrase.in_year:
        # Nine years reach over a century year without 29 February.
        years = range(now.year, now.year - 9, -1)
        return next((s for year in years if (s := phrase.in_year(year)) and s.start <= now), None)
    if phrase.in_month:
        months = (divmod(now.year * 12 + now.month - 1 - back, 12) for back in range(4))
        return next((s for year, month in months if (s := phrase.in_month(year, month + 1)) and s.start <= now), None)
    if phrase.weekday is not None:
        day = weekday_of(now, 0, phrase.weekday)
        return day if day.start <= now else weekday_of(now, 1, phrase.weekday)
    return phrase.fixed


def _earliest(phrase: Phrase, since: date) -> Stretch | None:
    """Return the days of a phrase without a year or a month: the first that begin on or after `since`."""
    if phrase.in_year:
        years = range(since.year - 1, since.year + 2)
        return next((s for year in years if (s := phrase.in_year(year)) and s.start >= since), None)
    if phrase.in_month:
        months = (divmod(since.year * 12 + since.month - 1 + ahead, 12) for ahead in range(3))
        return next((s for year, month in months if (s := phrase.in_month(year, month + 1)) and s.start >= since), None)
    if phrase.weekday is not None:
        day = weekday_of(since, 0, phrase.weekday)
        return day if day.start >= since else weekday_of(since, -1, phrase.weekday)
    return phrase.fixed


def _from_to(first: Phrase, last: Phrase, now: date) -> Stretch | None:
    """Return the stretch from `first` to `last`, each giving the other the year it lacks."""
    if first.open and not last.open:
        end = _latest(last, now)
        start = _latest(first, end.start) if end else None
    else:
        start = _latest(first, now)
        end = _until(last, start, now)
        if start and end and first.open and end.start > now:
            start = _latest(first, days_before(start.start, 1))
            end = _until(last, start, now)
    if start is None or end is None or end.end < start.start or end.start < start.start:
        return None
    coarser = max(start.precision, end.precision, key=_COARSER.__getitem__)
    return replace(start, start=first.since or start.start, end=end.end, precision=coarser)


def _until(last: Phrase, start: Stretch | None, now: date) -> Stretch | None:
    if start is None:
        return None
    return _earliest(last, start.start) if last.open else _latest(last, now)
