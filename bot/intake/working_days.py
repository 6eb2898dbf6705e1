"""Working days by the Chinese calendar: weekends, public holidays and the days worked in exchange for them.

Hides `chinese_calendar` and its limit: the State Council names a year's holidays in the autumn before, so that the
table ends some day. Beyond it only weekends are known, and the caller is told. Called by `clocks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar

#: A stretch of days, both ends inclusive.
Days = tuple[date, date]


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on `day`, and whether the calendar knows its year (else only weekends are free).

    >>> is_working_day(date(2026, 2, 17)), is_working_day(date(2026, 2, 14))  # Spring Festival; a Saturday worked
    ((False, True), (True, True))
    """
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def after_working_days(start: date, count: int, excluded: Iterable[Days] = ()) -> tuple[date, bool]:
    """The `count`-th working day after `start` (itself not counted, 民法典 201), and whether the calendar knew all.

    Days within `excluded` are not counted: an appraisal stops the committee's time (医疗纠纷条例 38). Raises ValueError
    for a negative count.
    """
    if count < 0:
        raise ValueError("工作日的天数不能是负数")
    stopped = list(excluded)
    day, known = start, True
    while count:
        day += timedelta(days=1)
        if any(first <= day <= last for first, last in stopped):
            continue
        working, in_table = is_working_day(day)
        known = known and in_table
        count -= working
    return day, known
