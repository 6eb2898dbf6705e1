"""The seven rules of routing, one claim each, and what holds for every case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.intake.directory import Directory
from bot.intake.divisions import Divisions
from bot.intake.routing import Case, Route, RoutingPolicy, known_types, route

KNOWLEDGE = Path(__file__).resolve().parents[2] / "bot" / "knowledge"
DIVISIONS = Divisions.load(KNOWLEDGE / "divisions.csv")
POLICY = RoutingPolicy.from_mapping(YAML(typ="safe").load((KNOWLEDGE / "routing.yml").read_text(encoding="utf-8")))
TYPES = [
    "family",
    "property",
    "wages",
    "medical",
    "land",
    "neighbour",
    "consumer",
    "traffic",
    "debt",
    "finance",
    "education",
    "injury",
    "expropriation",
    "other",
    "not_a_dispute",
]
HEADER = "id,name,area,types,address,phone,hours,serves_home,url\n"
WUXING = "浙江省/湖州市/吴兴区"
ZHILI = WUXING + "/织里镇"
VILLAGE = ZHILI + "/样例村"

Row = tuple[str, str, str, str]


def a_directory(*rows: Sequence[str]) -> Directory:
    lines = []
    for row in rows:
        key, area, types, home = (*row, "", "")[:4]
        lines.append(f"{key},{key}调委会（示例）,{area},{types},样例路1号,0572-0000001,,{home},\n")
    return Directory.parse(HEADER + "".join(lines), DIVISIONS, known_types(POLICY, TYPES))


STEPS = (("village", VILLAGE), ("town", ZHILI), ("county", WUXING), ("city", "浙江省/湖州市"), ("province", "浙江省"))


def go(directory: Directory, **fields: Any) -> Route:
    return route(Case.from_mapping({"type": "family", "place": VILLAGE, **fields}), directory, DIVISIONS, POLICY)


def order(result: Route) -> list[str | None]:
    return [result.primary, *result.alternatives]


def test_the_nearest_body_comes_first_and_the_others_follow() -> None:
    assert order(go(a_directory(*reversed(STEPS)))) == ["village", "town", "county", "city", "province"]


def test_at_the_same_depth_the_specialist_goes_first() -> None:
    directory = a_directory(("g", WUXING), ("s", WUXING, "family"), ("v", VILLAGE))
    assert order(go(directory)) == ["v", "s", "g"]


@pytest.mark.parametrize("kind", ["medical", "wages", "traffic", "finance", "consumer", "education", "injury"])
def test_expert_matters_go_to_the_nearest_specialist_first(kind: str) -> None:
    directory = a_directory(*STEPS, ("far", "浙江省", kind), ("near", "浙江省/湖州市", kind))
    assert order(go(directory, type=kind))[:3] == ["near", "far", "village"]


@pytest.mark.parametrize("kind", ["family", "property", "land", "neighbour", "debt", "other"])
def test_everyday_matters_go_to_the_nearest_first(kind: str) -> None:
    directory = a_directory(*STEPS, ("expert", "浙江省/湖州市", kind))
    assert order(go(directory, type=kind))[:4] == ["village", "town", "county", "expert"]


def test_a_body_for_other_types_does_not_cover() -> None:
    result = go(a_directory(("m", WUXING, "medical")))
    assert result.primary is None and result.alternatives == ()
    assert any("12348" in door for door in result.doors)


def test_a_sub_type_counts_as_a_speciality() -> None:
    directory = a_directory(("lift", WUXING, "elevator"), ("prop", WUXING, "property"))
    assert order(go(directory, type="property", subtype="elevator")) == ["lift", "prop"]
    assert order(go(directory, type="property")) == ["prop"]
    assert order(go(directory, type="elevator")) == ["lift", "prop"]


def test_equal_bodies_keep_the_order_of_the_directory() -> None:
    assert order(go(a_directory(("b", WUXING), ("a", WUXING), ("c", WUXING)))) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("size", "first"),
    [
        ({"people": 9}, "village"),
        ({"people": 10}, "town"),
        ({"amount": 499_999}, "village"),
        ({"amount": 500_000}, "town"),
        ({"amount": -900_000}, "village"),
        ({"amount": "八十万"}, "village"),
        ({"amount": "800000"}, "town"),
        ({"colour": "orange"}, "town"),
        ({"colour": "yellow"}, "village"),
        ({"colour": "red"}, "county"),
        ({"colour": "RED", "people": 30}, "county"),
    ],
)
def test_big_and_urgent_cases_begin_higher_and_the_lower_bodies_stay(size: dict[str, object], first: str) -> None:
    result = go(a_directory(*STEPS), **size)
    assert result.primary == first
    assert sorted(order(result), key=str) == ["city", "county", "province", "town", "village"]


def test_a_floor_that_nobody_reaches_leaves_the_lower_bodies_as_alternatives() -> None:
    result = go(a_directory(*STEPS[:2]), colour="red")
    assert result.primary is None and result.ask is None
    assert result.alternatives == ("village", "town")
    assert any("12348" in door for door in result.doors)


def test_a_floor_holds_for_specialists_too() -> None:
    directory = a_directory(*STEPS, ("s", VILLAGE, "wages"), ("t", WUXING, "wages"))
    assert order(go(directory, type="wages", colour="orange"))[:2] == ["t", "s"]


@pytest.mark.parametrize(
    "place", ["", "浙江", "湖州", "北京", "朝阳区", "普陀", "北京朝阳区和长春朝阳区", "**市", "浙江省/没有县"]
)
def test_a_place_that_is_unknown_or_ambiguous_is_asked_for(place: str) -> None:
    result = go(a_directory(*STEPS, ("bj", "北京市")), place=place)
    assert result.primary is None and result.ask == "place" and result.alternatives == ()


@pytest.mark.parametrize("place", ["东莞", "东莞市虎门镇", "广东省/东莞市"])
def test_a_city_without_counties_is_known_well_enough(place: str) -> None:
    result = go(a_directory(("dg", "广东省/东莞市"), ("hm", "广东省/东莞市/虎门镇")), place=place)
    assert result.ask is None
    assert result.primary == ("hm" if "虎门" in place else "dg")


def test_a_city_without_counties_counts_as_a_county_for_the_floor() -> None:
    assert go(a_directory(("dg", "广东省/东莞市")), place="东莞", colour="red").primary == "dg"


@pytest.mark.parametrize("kind", ["expropriation", "not_a_dispute"])
@pytest.mark.parametrize("place", ["", "朝阳区", VILLAGE])
def test_what_is_no_committees_business_gets_doors_and_no_question(kind: str, place: str) -> None:
    result = go(a_directory(*STEPS), type=kind, place=place)
    assert (result.primary, result.alternatives, result.ask) == (None, (), None)
    assert any(("行政复议" if kind == "expropriation" else "12345") in door for door in result.doors)


@pytest.mark.parametrize("told", [{"subtype": "domestic_violence"}, {"signs": ["violence"]}])
def test_violence_at_home_puts_safety_first_and_still_names_a_body(told: dict[str, object]) -> None:
    result = go(a_directory(*STEPS), **told)
    assert result.safety_first and result.primary == "village"
    assert "110" in result.doors[0] and "保护令" in result.doors[1]


def test_violence_at_home_is_safety_first_even_before_the_place_is_known() -> None:
    result = go(a_directory(*STEPS), subtype="domestic_violence", place="")
    assert result.safety_first and result.ask == "place" and "110" in result.doors[0]


def test_no_safety_notice_without_danger() -> None:
    assert not go(a_directory(*STEPS)).safety_first


OFFICE = ("office", "浙江省/湖州市", "wages", "青海省/海东市")


@pytest.mark.parametrize("home", ["青海海东", "青海省/海东市/化隆回族自治县", "化隆县", "海东市乐都区"])
def test_the_home_towns_office_is_the_first_alternative(home: str) -> None:
    result = go(a_directory(*STEPS, OFFICE), type="wages", home_place=home)
    assert order(result)[:3] == ["village", "office", "town"]


@pytest.mark.parametrize("home", ["", "青海", "甘肃临夏", "西宁", "朝阳区"])
def test_an_office_serves_only_the_people_of_its_home(home: str) -> None:
    assert "office" not in order(go(a_directory(*STEPS, OFFICE), type="wages", home_place=home))


def test_the_office_is_the_primary_when_nothing_else_covers() -> None:
    assert order(go(a_directory(OFFICE), type="wages", home_place="海东乐都")) == ["office"]


def test_an_office_elsewhere_does_not_come_in() -> None:
    office = ("office", "北京市", "wages", "青海省/海东市")
    assert go(a_directory(office), type="wages", home_place="海东乐都").primary is None


def test_old_and_new_names_meet_in_place_and_directory() -> None:
    old = a_directory(("q", "湖南省/永州市/祁阳县"))
    new = a_directory(("q", "湖南省/永州市/祁阳市"))
    for directory in (old, new):
        for place in ("祁阳县", "祁阳市", "湖南省/永州市/祁阳县"):
            assert go(directory, place=place).primary == "q"


def test_a_village_told_without_its_township_is_found_through_the_directory() -> None:
    directory = a_directory(*STEPS)
    assert order(go(directory, place="湖州市吴兴区样例村"))[:2] == ["village", "town"]


def test_a_village_name_in_two_townships_is_not_guessed() -> None:
    directory = a_directory(*STEPS, ("twin", WUXING + "/埭溪镇/样例村"))
    assert go(directory, place="湖州市吴兴区样例村").primary == "county"


def test_a_township_missing_in_the_directory_falls_back_to_the_county() -> None:
    assert go(a_directory(*STEPS), place="湖州市吴兴区埭溪镇").primary == "county"


def test_a_neighbouring_county_is_not_covered() -> None:
    assert order(go(a_directory(*STEPS), place="湖州市德清县"))[0] == "city"


def test_an_unknown_type_still_reaches_the_general_bodies() -> None:
    for kind in ("", "something", None):
        assert go(a_directory(*STEPS, ("m", VILLAGE, "medical")), type=kind).primary == "village"


def test_every_reason_is_a_sentence_for_the_citizen() -> None:
    for case in ({}, {"colour": "red"}, {"place": ""}, {"type": "expropriation"}, {"place": "朝阳区"}):
        result = go(a_directory(*STEPS), **case)
        assert result.reasons and all(reason.endswith("。") and "{" not in reason for reason in result.reasons)


PLACES = st.sampled_from(
    ["", VILLAGE, ZHILI, WUXING, "湖州市吴兴区", "浙江", "湖州", "朝阳区", "东莞", "祁阳县", "北京海淀", "瞎写的/"]
)
AREAS = st.sampled_from(
    [area for _, area in STEPS] + ["北京市", "广东省/东莞市", "湖南省/永州市/祁阳县", "浙江省/湖州市/德清县"]
)
SPECIALITIES = st.sampled_from(["", "", "wages", "family", "elevator", "property;medical"])
ROWS = st.lists(st.tuples(AREAS, SPECIALITIES, st.sampled_from(["", "", "", "青海省/海东市"])), max_size=8)
CASES = st.fixed_dictionaries(
    {
        "type": st.sampled_from([*TYPES, "", "elevator", "无"]),
        "subtype": st.sampled_from(["", "elevator", "domestic_violence", "wage_arrears"]),
        "place": st.one_of(PLACES, st.text(max_size=12)),
        "home_place": st.sampled_from(["", "海东", "青海省/海东市/乐都区", "北京"]),
        "people": st.one_of(st.none(), st.integers(-5, 60)),
        "amount": st.one_of(st.none(), st.floats(allow_nan=True), st.integers(-1, 10**7)),
        "colour": st.sampled_from(["", "green", "blue", "yellow", "orange", "red"]),
        "signs": st.lists(
            st.sampled_from(["violence", "self_harm", "threat", "minor", "death", "group", "utility_cut"]), max_size=2
        ),
    }
)


def numbered(rows: list[tuple[str, str, str]]) -> Directory:
    return a_directory(*((f"b{n}", *row) for n, row in enumerate(rows)))


@given(CASES, ROWS)
def test_every_case_gets_a_route_and_no_body_twice(fields: dict[str, Any], rows: list[tuple[str, str, str]]) -> None:
    directory = numbered(rows)
    result = route(Case.from_mapping(fields), directory, DIVISIONS, POLICY)
    named = [key for key in order(result) if key]
    assert len(named) == len(set(named)) and all(key in directory for key in named)
    assert result.doors and result.reasons
    if result.ask:
        assert result.primary is None
    if result.primary is None and result.ask is None and fields["type"] not in POLICY.no_committee:
        assert any("12348" in door for door in result.doors)


@given(CASES, ROWS, AREAS)
def test_one_more_body_never_takes_the_primary_away(
    fields: dict[str, Any], rows: list[tuple[str, str, str]], area: str
) -> None:
    case = Case.from_mapping(fields)
    before = route(case, numbered(rows), DIVISIONS, POLICY)
    after = route(case, numbered([*rows, (area, "", "")]), DIVISIONS, POLICY)
    assert before.primary is None or after.primary is not None
    assert set(order(before)) - {None} <= set(order(after))


@given(ROWS, st.sampled_from(["family", "wages", "medical", "land"]))
def test_the_alternatives_hold_every_other_covering_body_once(rows: list[tuple[str, str, str]], kind: str) -> None:
    directory = numbered(rows)
    result = go(directory, type=kind)
    covering = {
        body.id
        for body in directory
        if not body.serves_home and VILLAGE.startswith(body.area) and (body.is_general or kind in body.types)
    }
    assert {key for key in order(result) if key} == covering
    assert len(result.alternatives) == len(set(result.alternatives))
