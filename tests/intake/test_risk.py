"""Claims about the colour of a case: what makes it urgent, and that a danger told never makes it calmer."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_record
from hypothesis import given
from hypothesis import strategies as st
from strategies import records, signs

from bot.intake.interview import FIRST
from bot.intake.record import Record
from bot.intake.risk import COLOURS, grade


def a_sign(kind: str, when: str = "now") -> dict[str, Any]:
    return {"kind": kind, "words": "原话", "turn": 1, "when": when}


def told(*kinds: str, when: str = "now", **facts: Any) -> Record:
    record = a_record("wages", "wage_arrears", **facts)
    record.signs = [a_sign(kind, when) for kind in kinds]
    return record


def level(record: Record) -> int:
    return COLOURS.index(grade(record)[0])


@given(records(), signs())
def test_adding_a_danger_never_lowers_the_colour(record: Record, sign: dict[str, Any]) -> None:
    before = level(record)
    record.signs.append(sign)
    assert level(record) >= before


@given(records(), st.integers(0, 10**9), st.integers(1, 5000))
def test_more_money_or_more_people_never_lower_the_colour(record: Record, amount: int, people: int) -> None:
    before = level(record)
    for key, more in (("amount", amount), ("people", people)):
        if key in record.facts and isinstance(record.facts[key].value, (int, float)):
            record.facts[key].value += more
    assert level(record) >= before


@given(records())
def test_every_record_has_a_colour_and_a_reason(record: Record) -> None:
    colour, reasons = grade(record)
    assert colour in COLOURS
    assert reasons and all(reasons)


@given(records())
def test_grading_changes_nothing(record: Record) -> None:
    before = record.to_dict()
    grade(record)
    assert record.to_dict() == before


def test_a_calm_case_is_green() -> None:
    assert grade(told())[0] == "green"


def test_a_wish_to_die_is_red_even_when_it_was_said_of_the_past() -> None:
    assert grade(told("self_harm"))[0] == "red"
    assert grade(told("self_harm", when="past"))[0] == "red"


def test_a_threat_is_urgent_even_without_an_amount() -> None:
    assert grade(told("threat"))[0] == "orange"


@pytest.mark.parametrize("other", ["violence", "death", "group"])
def test_a_threat_with_another_danger_is_red(other: str) -> None:
    assert grade(told("threat", other))[0] == "red"


def test_a_child_near_violence_is_red() -> None:
    assert grade(told("violence", "minor"))[0] == "red"


def test_violence_now_weighs_more_than_violence_long_ago() -> None:
    assert level(told("violence")) > level(told("violence", when="past")) > level(told())


def test_violence_answered_on_the_question_counts_like_violence_told() -> None:
    assert grade(a_record("family", "marriage", violence_now="now"))[0] == "orange"
    assert grade(a_record("family", "marriage", violence_now="past"))[0] == "yellow"
    assert grade(a_record("family", "marriage", violence_now="no"))[0] == "green"


def test_cut_water_is_yellow_whether_told_or_answered() -> None:
    assert grade(told("utility_cut"))[0] == "yellow"
    assert grade(a_record("property", "property_service", utility_cut="yes"))[0] == "yellow"


@pytest.mark.parametrize(("people", "colour"), [(9, "green"), (10, "yellow"), (300, "yellow")])
def test_ten_people_make_a_case_yellow(people: int, colour: str) -> None:
    assert grade(told(people=people))[0] == colour


@pytest.mark.parametrize(
    ("amount", "colour"), [(49_999, "green"), (50_000, "blue"), (499_999, "blue"), (500_000, "yellow")]
)
def test_a_sum_weighs_at_its_threshold(amount: int, colour: str) -> None:
    assert grade(told(amount=amount))[0] == colour


def test_words_in_place_of_a_number_do_not_break_the_grade() -> None:
    assert grade(told(amount=None, people=None))[0] == "green"


def test_the_most_urgent_reason_stands_first() -> None:
    _, reasons = grade(told("self_harm", "utility_cut", amount=60_000))
    assert "不想活" in reasons[0]
    assert len(reasons) == 3


def test_every_kind_of_danger_has_a_colour_above_green() -> None:
    assert all(level(told(kind)) > 0 for kind in FIRST)
