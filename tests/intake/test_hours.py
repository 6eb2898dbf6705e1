"""Claims about opening hours as directories write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.intake.hours import read_hours, said

FRIDAY = datetime(2026, 11, 20, 9, 30)


@pytest.mark.parametrize(
    ("text", "at", "is_open"),
    [
        ("周一至周五 8:30-17:00", FRIDAY, True),
        ("周一至周五 8:30-17:00", FRIDAY.replace(hour=17), False),
        ("周一至周五 8:30-17:00", datetime(2026, 11, 21, 10), False),
        ("周一至周日 9:00-17:00", datetime(2026, 11, 21, 10), True),
        ("周一至周六 8:30-16:30", datetime(2026, 11, 22, 10), False),
        ("周一到周五 8：30—11：30，13：30—17：00", FRIDAY.replace(hour=12), False),
        ("周一到周五 8：30—11：30，13：30—17：00", FRIDAY.replace(hour=14), True),
        ("每天 0:00-24:00", datetime(2026, 11, 22, 3), True),
        ("24小时", datetime(2026, 11, 22, 3), True),
        ("周一至周五 8:30-17:00", datetime(2026, 10, 1, 10), False),  # a holiday on a Thursday
        ("周一至周五 8:30-17:00", datetime(2026, 2, 14, 10), True),  # a Saturday worked for the Spring Festival
    ],
)
def test_somebody_is_there_in_the_hours_that_the_directory_writes(text: str, at: datetime, is_open: bool) -> None:
    hours = read_hours(text)
    assert hours is not None and hours.open_at(at) == is_open


@pytest.mark.parametrize("text", ["", "看情况", "电话联系", "25:00-26:00", "17:00-8:30"])
def test_hours_that_cannot_be_read_promise_nothing(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("at", "opening", "words"),
    [
        (FRIDAY, FRIDAY, "今天 9:30"),
        (FRIDAY.replace(hour=7), FRIDAY.replace(hour=8), "今天 8:30"),
        (FRIDAY.replace(hour=18), datetime(2026, 11, 23, 8, 30), "周一（11月23日）8:30"),
        (datetime(2026, 11, 22, 10), datetime(2026, 11, 23, 8, 30), "明天 8:30"),
    ],
)
def test_the_next_opening_is_said_as_people_say_it(at: datetime, opening: datetime, words: str) -> None:
    hours = read_hours("周一至周五 8:30-17:00")
    assert hours is not None
    found = hours.next_opening(at)
    assert found is not None and found.date() == opening.date()
    assert said(found, at) == words
