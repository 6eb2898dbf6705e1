"""A town without its county: choices to ask about, never a guess."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.intake.divisions import Divisions
from bot.intake.places import Place, read_places
from bot.intake.townships import counties_of_towns, towns_alone

DIVISIONS = Divisions.load(Path(__file__).resolve().parents[2] / "bot" / "knowledge" / "divisions.csv")


def alone(text: str) -> tuple[Place, ...]:
    return towns_alone(text, read_places(text, DIVISIONS), DIVISIONS)


@pytest.mark.parametrize(
    ("text", "said", "codes"),
    [
        ("我在织里镇上班", "织里镇", {"330502"}),
        ("家在善琏镇的一个村", "善琏镇", {"330503"}),
        ("祁阳那边，文富市镇", "文富市镇", {"431181"}),
    ],
)
def test_a_town_alone_gives_candidates_and_no_code(text: str, said: str, codes: set[str]) -> None:
    (place,) = alone(text)
    assert (place.text, place.code, set(place.candidates)) == (said, None, codes)


def test_a_city_in_the_text_narrows_the_towns_of_one_name() -> None:
    (here,) = alone("我在湖州打工，工地在双林镇")
    assert here.code is None
    assert here.candidates == ("330503",)


@pytest.mark.parametrize(
    "text", ["城关镇", "各乡镇", "到镇上", "下乡", "湖州市南浔区善琏镇", "新镇", "", "我们街道不管"]
)
def test_common_names_and_names_with_their_county_give_nothing(text: str) -> None:
    assert alone(text) == ()


def test_the_dictionary_is_read_in_a_moment() -> None:
    counties_of_towns.cache_clear()
    started = time.perf_counter()
    assert len(counties_of_towns()) > 20_000
    assert time.perf_counter() - started < 2.0


def test_time_is_linear_in_the_text() -> None:
    text = "我在织里镇上班镇镇镇街道" * 1_600
    started = time.perf_counter()
    alone(text)
    assert time.perf_counter() - started < 2.0
