"""Opening hours as directories write them: whether somebody is there now, and when next.

Hides how "周一至周五 8:30-17:00" is read and which days are holidays. Called by `floor` when a citizen asks for a person.
A text that cannot be read gives None: then no hour is promised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.intake.working_days import is_working_day

DAYS = "一二三四五六日"
_RANGE = re.compile(rf"(?:周|星期|礼拜)([{DAYS}天])(?:至|到|-|—|~|～)(?:周|星期|礼拜)?([{DAYS}天])")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|—|–|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")
#: Looked ahead for the next opening: the longest holiday is shorter.
AHEAD = 20


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays (0 is Monday) and spans of the day. `holidays`: closed on public holidays (offices of five days)."""

    weekdays: frozenset[int]
    spans: tuple[tuple[time, time], ...]
    holidays: bool

    def open_at(self, at: datetime) -> bool:
        """Whether somebody is there."""
        return self._works(at) and any(start <= at.time() < end for start, end in self.spans)

    def next_opening(self, at: datetime) -> datetime | None:
        """When somebody is there next; `at` itself when open. None when not within three weeks."""
        if self.open_at(at):
            return at
        for ahead in range(AHEAD):
            day = at + timedelta(days=ahead)
            if self._works(day):
                opening = [datetime.combine(day.date(), start) for start, _ in self.spans]
                later = [one for one in opening if one > at]
                if later:
                    return min(later)
        return None

    def _works(self, at: datetime) -> bool:
        if not self.holidays:
            return at.weekday() in self.weekdays
        works, known = is_working_day(at.date())
        return works if known else at.weekday() in self.weekdays


def read_hours(text: str) -> Hours | None:
    """Hours from a directory's field, or None when it cannot be read.

    >>> read_hours("周一至周五 8:30-17:00").open_at(datetime(2026, 11, 20, 9, 30))
    True
    """
    spans = []
    for found in _SPAN.findall(text):
        start, end = (int(found[0]), int(found[1])), (int(found[2]), int(found[3]))
        if start < end and end <= (24, 0) and start[1] < 60 and end[1] < 60:
            spans.append((time(*start), time(23, 59, 59) if end[0] == 24 else time(*end)))
    if re.search(r"24\s*小时|全天", text):
        spans = [(time(0), time(23, 59, 59))]
    if not spans:
        return None
    weekdays = frozenset(range(7)) if re.search(r"每天|每日|全天|24\s*小时", text) else frozenset(range(5))
    ranged = _RANGE.search(text)
    if ranged:
        first, last = (DAYS.find(day.replace("天", "日")) for day in ranged.groups())
        weekdays = frozenset(range(first, last + 1)) if first <= last else weekdays
    return Hours(weekdays, tuple(sorted(spans)), holidays=weekdays == frozenset(range(5)))


def said(opening: datetime, now: datetime) -> str:
    """An opening as people say it: 今天 13:30, 明天 8:30, 周一（11月23日）8:30."""
    clock = f"{opening.hour}:{opening.minute:02d}"
    days = (opening.date() - now.date()).days
    if days < 2:
        return f"{('今天', '明天')[days]} {clock}"
    return f"周{DAYS[opening.weekday()]}（{opening.month}月{opening.day}日）{clock}"
