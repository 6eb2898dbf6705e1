"""Claims about working days: holidays, days worked in exchange, appraisals, and the end of the known calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.working_days import after_working_days, is_working_day

DAYS = st.dates(date(2005, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-17", False),  # Spring Festival, a Tuesday
        ("2026-02-14", True),  # the Saturday worked in exchange
        ("2026-02-28", True),  # and the second one
        ("2026-10-01", False),
        ("2026-10-10", True),  # a Saturday worked for National Day
        ("2026-11-21", False),  # a plain Saturday
        ("2026-11-23", True),
    ],
)
def test_a_working_day_is_what_the_state_council_named(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) == (working, True)


def test_thirty_working_days_over_spring_festival_are_longer_than_six_weeks() -> None:
    end, known = after_working_days(date(2026, 1, 30), 30)
    assert known
    # Nine free days from 15 to 23 February, but 14 and 28 February are worked.
    assert end == date(2026, 3, 19)


def test_the_day_itself_is_not_counted() -> None:
    assert after_working_days(date(2026, 11, 23), 1) == (date(2026, 11, 24), True)
    assert after_working_days(date(2026, 11, 20), 1) == (date(2026, 11, 23), True)


def test_an_appraisal_stops_the_count() -> None:
    without, _ = after_working_days(date(2026, 11, 2), 30)
    appraisal = (date(2026, 11, 9), date(2026, 11, 13))
    with_it, _ = after_working_days(date(2026, 11, 2), 30, [appraisal])
    assert without == date(2026, 12, 14)
    assert with_it == date(2026, 12, 21)


def test_beyond_the_known_calendar_only_weekends_are_free_and_this_is_said() -> None:
    end, known = after_working_days(date(2026, 12, 30), 30)
    assert not known
    assert end.year == 2027
    assert is_working_day(date(2027, 10, 1)) == (True, False)
    assert is_working_day(date(1999, 1, 2)) == (False, False)


def test_no_days_end_where_they_began() -> None:
    assert after_working_days(date(2026, 11, 22), 0) == (date(2026, 11, 22), True)
    with pytest.raises(ValueError, match="工作日"):
        after_working_days(date(2026, 11, 22), -1)


@given(DAYS, st.integers(1, 60))
def test_the_last_day_is_a_working_day_and_between_lie_exactly_so_many(start: date, count: int) -> None:
    end, _ = after_working_days(start, count)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day)[0] for day in between) == count
    assert is_working_day(end)[0]


@given(DAYS, st.integers(0, 30), st.integers(0, 60))
def test_a_later_start_never_ends_earlier(start: date, later: int, count: int) -> None:
    assert after_working_days(start + timedelta(days=later), count)[0] >= after_working_days(start, count)[0]


@given(DAYS, st.integers(1, 40), DAYS, st.integers(0, 40))
def test_what_is_not_counted_never_shortens_the_time(start: date, count: int, first: date, length: int) -> None:
    stopped = (first, first + timedelta(days=length))
    assert after_working_days(start, count, [stopped])[0] >= after_working_days(start, count)[0]
