"""Claims about the gate and the course of a release, on numbers alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quality.figures import FOCUS
from bot.releases import COURSE, KEPT, Reason, follows, objections, right_of, to_drop, why_not


def measured(many: int = 100, right: int = 90, heard: int = 10, of: int = 10, **more: Any) -> dict[str, Any]:
    """A measurement in which every focus type and the safety set went alike; `more`: type → right, or replays."""
    replays = more.pop("replays", {"工资": ""})
    rows = {type_: more.get(type_, right) for type_ in FOCUS}
    confusion = {type_: {type_: good, "other": many - good} for type_, good in rows.items()}
    signs = {"violence": {"right": heard, "missed": of - heard, "wrong": 0}}
    return {"types": {"confusion": confusion}, "safety": {"heldout": {"signs": signs}}, "replays": replays}


def kinds(before: dict[str, Any] | None, after: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in objections(before, after)]


def test_the_same_figures_pass() -> None:
    assert objections(measured(), measured()) == []


@pytest.mark.parametrize("type_", FOCUS)
def test_a_focus_type_may_lose_two_points_and_not_more(type_: str) -> None:
    assert kinds(measured(), measured(**{type_: 88})) == []
    assert kinds(measured(), measured(**{type_: 87})) == [("recall", type_)]
    assert objections(measured(), measured(**{type_: 87})) == [Reason("recall", type_, 90, 87, 100)]


@pytest.mark.parametrize(("many", "lost", "passes"), [(50, 1, True), (49, 1, False), (25, 0, True), (1000, 20, True)])
def test_two_points_are_two_points_of_however_many(many: int, lost: int, passes: bool) -> None:
    before, after = measured(many, many), measured(many, many, wages=many - lost)
    assert (kinds(before, after) == []) is passes


def test_other_types_may_fall_and_focus_types_may_rise() -> None:
    before, after = measured(), measured(right=100)
    before["types"]["confusion"]["traffic"] = {"traffic": 10}
    after["types"]["confusion"]["traffic"] = {"other": 10}
    assert objections(before, after) == []


def test_a_gain_in_one_focus_type_does_not_pay_for_a_loss_in_another() -> None:
    assert kinds(measured(), measured(family=100, land=80)) == [("recall", "land")]


@pytest.mark.parametrize(
    ("was", "now", "passes"), [(10, 10, True), (10, 9, False), (8, 8, True), (8, 7, False), (8, 9, True)]
)
def test_safety_recall_never_falls(was: int, now: int, passes: bool) -> None:
    told = kinds(measured(heard=was), measured(heard=now))
    assert told == ([] if passes else [("safety", "heldout")])


def test_every_safety_set_counts_for_itself() -> None:
    before, after = measured(), measured(heard=10)
    seeds = {"signs": {"death": {"right": 5, "missed": 0, "wrong": 0}}}
    before["safety"]["seeds"] = seeds
    assert kinds(before, after) == [("unmeasured", "safety/seeds")]
    after["safety"]["seeds"] = {"signs": {"death": {"right": 4, "missed": 1, "wrong": 0}}}
    assert kinds(before, after) == [("safety", "seeds")]


def test_a_replay_that_went_well_must_go_well() -> None:
    before = measured(replays={"一": "", "二": "asked twice"})
    assert kinds(before, measured(replays={"一": "", "二": "still"})) == []
    assert kinds(before, measured(replays={"一": "type: wanted wages", "二": ""})) == [("replay", "一")]
    assert kinds(before, measured(replays={"二": ""})) == [("replay", "一")]
    assert kinds(before, measured(replays={"一": "", "二": "", "三": "new and failing"})) == []


def test_what_cannot_be_compared_does_not_pass() -> None:
    assert kinds(None, measured()) == [("uncompared", "")]
    assert ("unmeasured", "wages") in kinds(measured(0, 0), measured(0, 0))
    assert ("unmeasured", "land") in kinds(measured(100), measured(90, 90))
    bare: dict[str, Any] = {"types": None, "safety": {}, "replays": {}}
    assert ("unmeasured", "safety") in kinds(bare, bare)


@given(st.integers(1, 400).flatmap(lambda many: st.tuples(st.just(many), st.integers(0, many), st.integers(0, many))))
def test_the_gate_objects_to_a_fall_of_more_than_two_points_whatever_the_size(counts: tuple[int, int, int]) -> None:
    many, was, now = counts
    told = kinds(measured(many, was), measured(many, now))
    assert bool(told) == (100 * (was - now) > 2 * many)


def test_the_right_ones_are_counted_from_the_confusion() -> None:
    assert right_of(measured(wages=87)["types"], "wages") == (87, 100)
    assert right_of(None, "wages") == (0, 0)


def test_who_trained_does_not_publish_nor_who_alone_taught() -> None:
    assert why_not(1, 1, [2]) and why_not(2, 1, [2]) and why_not(2, 1, [2, 2])
    assert why_not(2, 1, []) is None and why_not(2, 1, [2, 3]) is None and why_not(3, 1, [2]) is None
    assert why_not(2, None, []) is None


def test_the_course_has_no_way_past_the_gate() -> None:
    assert {state for state, after in COURSE.items() if "published" in after} == {"ready", "kept"}
    assert {state for state, after in COURSE.items() if "kept" in after} == {"published"}
    assert not follows("outdated", "published") and not follows("failed", "ready") and not follows("nobody", "ready")
    assert {after for some in COURSE.values() for after in some} <= set(COURSE)


def test_the_oldest_of_too_many_are_dropped() -> None:
    assert list(to_drop(range(KEPT))) == [] and list(to_drop(range(KEPT + 2))) == [KEPT, KEPT + 1]
