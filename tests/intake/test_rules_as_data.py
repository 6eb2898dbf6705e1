"""Claims about the rule cards and hotlines: complete, sourced, dated, and in words a citizen would use."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

KNOWLEDGE = Path(__file__).parents[2] / "bot" / "knowledge"
# The numbers of the domain description, the gaps are its own; 45 to 48 are her rights (DOMAIN 5).
NUMBERS = [*range(1, 10), 11, 13, 14, 15, 17, 18, 19, 20, 23, 24, 25, 27, 28, 30, 31, 33, 34, 36, *range(38, 49)]
HOTLINES = {"110", "120", "12345", "12348", "12333", "12338", "12356", "12368", "12315", "12355"}
OFFICIAL_TONE = re.compile(r"贵方|兹|特此|敬请|予以|之规定|依法|上述|该当事人|届时|悉知|知悉|谨|务必|本平台")
ALL_DAY = re.compile(r"24\s*小时|二十四小时(?!内)|全天|7\s*[x×*]\s*24")


def _read(name: str) -> Any:
    return YAML(typ="safe").load((KNOWLEDGE / name).read_text(encoding="utf-8"))


RULES: list[dict[str, Any]] = _read("rules.yml")["rules"]
PHONES: list[dict[str, Any]] = _read("hotlines.yml")["hotlines"]
BY_ID = {rule["id"]: rule for rule in RULES}
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule["id"] for rule in RULES])


def test_every_rule_of_the_domain_has_exactly_one_card() -> None:
    assert [rule["id"] for rule in RULES if rule["id"][0] == "R"] == [f"R{number}" for number in NUMBERS]


def test_what_answers_need_beyond_the_domain_has_cards_of_its_own() -> None:
    others = [rule["id"] for rule in RULES if rule["id"][0] != "R"]
    assert others == [f"S{number}" for number in range(1, len(others) + 1)]


def test_a_date_of_checking_is_claimed_only_for_texts_that_were_read() -> None:
    for rule in RULES:
        assert rule["checked_on"] is None or (rule["mark"] == "L" and rule["checked_on"] <= date.today())
        assert rule["mark"] != "o" or rule["checked_on"] is None


@each_rule
def test_a_card_names_its_article_source_and_place(rule: dict[str, Any]) -> None:
    assert re.search(r"第\d+", rule["article"])
    assert rule["source"] and rule["title"] and rule["holds_for"]
    assert rule["mark"] in ("L", "w", "o")
    for key in ("effective", "checked_on"):
        assert rule[key] is None or isinstance(rule[key], date)


@each_rule
def test_a_card_speaks_one_to_three_plain_sentences(rule: dict[str, Any]) -> None:
    words = rule["citizen"]
    sentences = [sentence for sentence in re.split(r"[。？！]", words) if sentence]
    assert 1 <= len(sentences) <= 3
    assert words.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", words)
    assert not OFFICIAL_TONE.search(words + rule["title"])
    assert max(map(len, sentences)) <= 60


@each_rule
def test_a_figure_is_a_number_with_its_unit(rule: dict[str, Any]) -> None:
    for key, value in (rule["figure"] or {}).items():
        if key.startswith("share_"):
            assert 0 < Fraction(value) < 1
        elif key in ("from", "excluding", "counted_by", "about"):
            assert value
        else:
            assert re.match(r"days|working_days|months|years|hours|yuan|people", key)
            assert isinstance(value, int)


def test_the_three_thirties_differ_in_unit() -> None:
    assert BY_ID["R11"]["figure"]["days"] == 30
    assert BY_ID["R23"]["figure"]["working_days"] == 30
    assert BY_ID["R7"]["figure"] == {"months": 1, "about": True}
    units = [set(BY_ID[key]["figure"]) & {"days", "working_days", "months"} for key in ("R11", "R23", "R7")]
    assert units == [{"days"}, {"working_days"}, {"months"}]
    assert "工作日" in BY_ID["R23"]["citizen"]
    assert "工作日" not in BY_ID["R11"]["citizen"] + BY_ID["R7"]["citizen"]
    assert "左右" in BY_ID["R7"]["citizen"]


def test_the_lift_needs_two_thirds_then_three_quarters() -> None:
    figure = BY_ID["R33"]["figure"]
    assert Fraction(figure["share_take_part"]) == Fraction(2, 3)
    assert Fraction(figure["share_agree"]) == Fraction(3, 4)


def test_a_local_rule_does_not_pass_for_a_national_one() -> None:
    assert {rule["id"] for rule in RULES if rule["holds_for"] != "全国"} == {"R6", "R27", "R34"}


def test_missing_the_land_arbitration_limit_is_never_the_end() -> None:
    assert "法院" in BY_ID["R28"]["citizen"]
    assert "没办法" not in BY_ID["R28"]["citizen"]


def test_the_hotlines_are_complete_and_in_a_fixed_order() -> None:
    assert {phone["number"] for phone in PHONES} == HOTLINES
    assert len(PHONES) == len(HOTLINES)
    assert [phone["order"] for phone in PHONES] == list(range(1, len(PHONES) + 1))
    assert PHONES[0]["number"] == "110"


@pytest.mark.parametrize("phone", PHONES, ids=[phone["number"] for phone in PHONES])
def test_a_hotline_says_what_it_is_for_and_promises_no_unsourced_hours(phone: dict[str, Any]) -> None:
    assert re.search(r"[\u4e00-\u9fff]", phone["name"]) and re.search(r"[\u4e00-\u9fff]", phone["for"])
    assert phone["mark"] in ("L", "w", "o")
    assert phone["hours"] is None or phone["checked_on"] is not None
    assert not ALL_DAY.search(" ".join(str(value) for value in phone.values()))
