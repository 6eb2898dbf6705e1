"""Claims about words beside facts, and about what a record lacks of what was said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from builders import a_fact, a_record
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.risk import grade
from bot.intake.sources import heard, lacking, overlooked, segments

DAY = date(2026, 11, 20)


def a_document(**facts: Any) -> dict[str, Any]:
    record = a_record("wages", "wage_arrears", **facts)
    return {
        "facts": {key: asdict(fact) for key, fact in record.facts.items()},
        "signs": record.signs,
        "colour": {"grade": grade(record)[0]},
    }


def kinds(document: dict[str, Any], *said: str) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in overlooked(document, enumerate(said, 1), DAY)]


def test_the_words_of_each_fact_are_cut_out_of_the_bubble() -> None:
    facts = a_document(amount=a_fact(32_000, "32,000元", "三万二"), people=a_fact(6, "6人", "六个人"))["facts"]
    assert segments("老板欠我们六个人三万二工资", 1, facts) == [
        ("老板欠我们", ()),
        ("六个人", ("people",)),
        ("三万二", ("amount",)),
        ("工资", ()),
    ]


def test_words_that_overlap_light_up_for_both() -> None:
    facts = a_document(wanted=a_fact("把三万二还我"), amount=a_fact(32_000, "32,000元", "三万二"))["facts"]
    pieces = dict(segments("就想把三万二还我", 1, facts))
    assert pieces["三万二"] == ("wanted", "amount")


def test_a_tapped_answer_lights_up_whole() -> None:
    facts = a_document(written_contract=a_fact("no", "否", "没签"))["facts"]
    assert segments("不是 / 没有", 1, facts) == [("不是 / 没有", ("written_contract",))]


def test_other_turns_and_the_mediators_own_edits_light_up_nothing() -> None:
    facts = a_document(amount=a_fact(5, "5元", "三万二", turn=2), people=a_fact(6, "6人", "六个人", source="mediator"))
    assert segments("六个人三万二", 1, facts["facts"]) == [("六个人三万二", ())]


@given(st.text(), st.lists(st.text(min_size=1, max_size=6), max_size=5))
def test_the_pieces_are_the_text_again(text: str, words: list[str]) -> None:
    facts = {str(n): asdict(a_fact(1, "1", said)) for n, said in enumerate(words)}
    assert "".join(piece for piece, _ in segments(text, 1, facts)) == text


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("他欠我五万块钱", ("amount", "50,000元")),
        ("我要求他给我赔礼道歉", ("demand", "赔礼道歉")),
        ("他说再来要钱就打死我", ("danger", "威胁")),
    ],
)
def test_what_was_said_and_is_not_in_the_record_is_pointed_out(said: str, missing: tuple[str, str]) -> None:
    document = a_document(amount=a_fact(32_000, "32,000元", "三万二"), wanted=a_fact("把钱给了"))
    assert missing in kinds(document, said)


@pytest.mark.parametrize(
    "said", ["老板欠我三万二", "我就想把工资要回来，把钱给了就行", "他没有打我", "我有微信聊天记录", "2026年3月开始的"]
)
def test_what_the_record_has_is_not_pointed_out(said: str) -> None:
    document = a_document(amount=a_fact(32_000, "32,000元", "三万二"), wanted=a_fact("把钱给了，发工资"))
    assert kinds(document, said) == []


def test_an_old_value_was_heard_too() -> None:
    record = a_record("wages", "wage_arrears", amount=a_fact(32_000, "32,000元", "三万二"))
    record.write("amount", a_fact(35_000, "35,000元", "三万五"))
    document = {"facts": {k: asdict(f) for k, f in record.facts.items()}, "signs": [], "colour": {"grade": "green"}}
    assert kinds(document, "欠我三万二", "不对，是三万五") == []


def test_a_larger_sum_than_the_record_has_is_called_weaker() -> None:
    found = overlooked(a_document(amount=a_fact(32_000, "32,000元", "三万二")), [(1, "一共欠我八万")], DAY)
    assert [(one.what, one.weaker) for one in found] == [("80,000元", True)]
    found = overlooked(a_document(amount=a_fact(32_000, "32,000元", "三万二")), [(1, "先给了我两千")], DAY)
    assert [one.weaker for one in found] == [False]


def test_the_same_thing_said_twice_is_pointed_out_once() -> None:
    assert len(kinds(a_document(), "欠我五万", "五万块不给")) == 1


@given(st.lists(st.sampled_from(["欠我五万", "我要求他道歉", "他说再来就打死我", "没有别的了"]), max_size=4))
def test_what_was_heard_once_is_compared_with_any_record_later(said: list[str]) -> None:
    kept = [one for seq, text in enumerate(said, 1) for one in heard(seq, text, DAY)]
    for document in (a_document(), a_document(amount=a_fact(50_000, "50,000元", "五万"), wanted=a_fact("道歉"))):
        assert lacking(document, kept) == overlooked(document, enumerate(said, 1), DAY)
