"""Claims about how a kept conversation that goes wrong is told to trainers, and that it is noticed at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from bot.claims import Differs, claim, located, named, record_differences, turn_differences
from bot.intake.record import Record
from bot.knowledge import claims_wording, record_schema
from bot.rehearsal import conversations
from bot.settings import ROOT

TALKS = list(conversations(ROOT / "tests" / "dialogues"))
#: Our names for things. Committees are known to trainers by their number; two citizens type programs.
IDENTIFIER = re.compile(r"[A-Za-z_]{2,}")
THEIRS = re.compile(r"(body:)?[qv]\d+-\w+|<script>alert|</script>|DROP TABLE")
#: What a filed document is when nothing of it is as a conversation claims.
EMPTY: dict[str, Any] = {
    "matter": {"type": "other", "subtype": None, "settled_by": None}, "committee": None, "parties": [], "consents": [],
    "clocks": [], "facts": {}, "matter_no": 0, "flags": [], "safety_first": None, "rules": [], "blanks": {},
    "status": None, "restricted": None, "colour": {"grade": "green"}, "place": None, "signs": [], "side_matters": [],
    "linked": [], "doubts": [], "amendments": [], "transcript": [],
}  # fmt: skip


def a_reply(**state: Any) -> Any:
    return SimpleNamespace(responses=["utter_kept"], repeated=False, state={"ask": "x", "choices": [], **state})


def differing(turn: Mapping[str, Any]) -> list[str]:
    """What is told when nothing that a turn claims is so."""
    reply = a_reply(ask="wanted" if turn.get("ask") != "wanted" else "place", status="left")
    return turn_differences(turn, reply, Record())


@pytest.mark.parametrize("spoken", [pytest.param(spoken, id=name) for name, spoken in TALKS])
def test_what_goes_wrong_in_a_conversation_is_told_without_our_own_names_for_things(spoken: Mapping[str, Any]) -> None:
    told = [line for turn in spoken["turns"] for line in differing(turn)]
    if "record" in spoken:
        told += record_differences(spoken["record"], EMPTY)
    assert [line for line in told if IDENTIFIER.search(THEIRS.sub("", line))] == []


def test_the_turn_the_words_what_should_have_been_and_what_came_are_told() -> None:
    turn = {"citizen": "包工头跑了", "type": "wages/wage_arrears", "ask": "place"}
    record = Record(type="land")
    told = located(2, turn["citizen"], "；".join(turn_differences(turn, a_reply(ask="wanted"), record)))
    for part in ("第 2 句", "包工头跑了", "“工资劳动（拖欠工资）”", "“农村土地”", named("place"), named("wanted")):
        assert part in told


def test_what_holds_is_not_told() -> None:
    turn = {"type": "land", "ask": "place", "kept": True, "says": "utter_kept", "facts": {"amount": None}}
    assert turn_differences(turn, a_reply(ask="place"), Record(type="land")) == []
    assert record_differences({"type": "other", "facts": {}, "not_flags": ["harm"], "no_consents": ["x"]}, EMPTY) == []


def test_of_a_mapping_only_what_differs_is_told() -> None:
    filed = {**EMPTY, "facts": {"amount": {"value": 32000}, "people": {"value": 6}}}
    (told,) = record_differences({"facts": {"amount": 32000, "people": 5}}, filed)
    assert named("people") in told and named("amount") not in told and "5" in told and "6" in told


def test_a_claim_that_nobody_knows_is_no_claim_that_holds() -> None:
    with pytest.raises(Differs):
        record_differences({"colur": "red"}, EMPTY)
    with pytest.raises(Differs):
        claim(False, "silent")


def test_every_column_that_a_conversation_may_claim_of_a_record_has_a_name() -> None:
    columns = {name for _, spoken in TALKS for name in spoken.get("record", {})}
    assert columns <= claims_wording()["of"].keys() and record_schema()
