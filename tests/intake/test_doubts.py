"""Claims on contradictions and impossible values: asked once, settled by her, both values kept, flagged if they stay."""

from __future__ import annotations

from typing import Any

import pytest
from builders import Interviewed, a_fact, a_record
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.document import flags
from bot.intake.record import Record


def period(start: str, end: str) -> Any:
    return a_fact({"start": start, "end": end, "precision": "day"}, f"{start}到{end}")


def party(name: str) -> Any:
    return a_fact({"name": name, "kind": "person"}, name)


def number(value: float, unit: str) -> Any:
    return a_fact(value, f"{value:,}{unit}")


def beginning(type_: str, subtype: str | None, **facts: Any) -> Interviewed:
    """A talk that stands in the middle: these facts are known, the next word is hers."""
    told = {"story": "就是这么一回事"} | facts
    return Interviewed(record=a_record(type_, subtype, **told))


def doubt_of(talk: Interviewed) -> dict[str, Any]:
    doubt = talk.record.open_doubt()
    assert doubt is not None, talk.record.doubts
    return doubt


IMPOSSIBLE: dict[str, tuple[str, str | None, dict[str, Any], str, str]] = {
    "a beginning in the future": ("debt", None, {"since": period("2027-03-01", "2027-03-31")}, "future", "since"),
    "a last day in the future": (
        "wages",
        "wage_arrears",
        {"last_day": period("2030-01-01", "2030-01-01")},
        "future",
        "last_day",
    ),
    "an end before its start": (
        "land",
        "land_transfer",
        {"term": period("2020-01-01", "2015-12-31")},
        "backwards",
        "term",
    ),
    "rent paid up to a day before the contract began": (
        "land",
        "land_transfer",
        {"term": period("2020-01-01", "2025-12-31"), "paid_until": period("2018-01-01", "2018-12-31")},
        "backwards",
        "paid_until",
    ),
    "3,000 workers in a noodle shop": (
        "wages",
        "wage_arrears",
        {"counterpart": party("兰香面馆"), "people": number(3000, "人")},
        "range",
        "people",
    ),
    "70 workers in a noodle shop of the story": (
        "wages",
        "wage_arrears",
        {"story": "我们在一家面馆干活，没给钱", "people": number(70, "人")},
        "range",
        "people",
    ),
    "200 mu of homestead": ("land", "homestead", {"land_mu": number(200, "亩")}, "range", "land_mu"),
    "wages beyond reason for one worker": (
        "wages",
        "wage_arrears",
        {"amount": number(800_000_000, "元")},
        "range",
        "amount",
    ),
    "a quarrel of neighbours over a hundred million": (
        "neighbour",
        None,
        {"amount": number(100_000_000, "元")},
        "range",
        "amount",
    ),
    "an age of 180": ("debt", None, {"age": number(180, "岁")}, "range", "age"),
    "a house of 300 floors": ("property", "elevator", {"floors": number(300, "层")}, "range", "floors"),
    "a flat above the roof": (
        "property",
        "elevator",
        {"floors": number(6, "层"), "own_floor": number(9, "楼")},
        "within",
        "own_floor",
    ),
    "more households agreeing than there are": (
        "property",
        "elevator",
        {"households_joining": number(9, "户"), "households_agreeing": number(12, "户")},
        "within",
        "households_agreeing",
    ),
    "the other side bears the applicant's name": (
        "debt",
        None,
        {"counterpart": party("李小田"), "applicant_name": a_fact("李小田")},
        "same",
        "counterpart",
    ),
    "the other side has the applicant's number": (
        "debt",
        None,
        {"counterpart_contact": a_fact("13800001234"), "phone": a_fact("13800001234")},
        "same",
        "counterpart_contact",
    ),
    "a child older than its parent": (
        "family",
        "custody",
        {"age": number(30, "岁"), "children": a_fact("一个儿子45岁")},
        "born",
        "children",
    ),
    "months times pay far from the sum": (
        "wages",
        "wage_arrears",
        {"months_owed": number(3, "个月"), "monthly_pay": number(6000, "元/月"), "amount": number(180_000, "元")},
        "sum",
        "amount",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_asked_about(name: str) -> None:
    type_, subtype, facts, kind, fact = IMPOSSIBLE[name]
    talk = beginning(type_, subtype, **facts)
    talk.say("嗯嗯")
    assert talk.out.ask == "doubt"
    assert (doubt_of(talk)["kind"], doubt_of(talk)["fact"]) == (kind, fact)
    assert f"utter_doubt_{kind}" in talk.responses
    assert talk.out.choices


POSSIBLE: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "today": ("debt", None, {"since": period("2026-11-20", "2026-11-20")}),
    "a contract that runs on": ("land", "land_transfer", {"term": period("2020-01-01", "2035-12-31")}),
    "rent paid within the term": (
        "land",
        "land_transfer",
        {"term": period("2020-01-01", "2025-12-31"), "paid_until": period("2022-01-01", "2022-12-31")},
    ),
    "three hundred workers on a site": (
        "wages",
        "wage_arrears",
        {"counterpart": party("宏达建筑公司"), "people": number(300, "人")},
    ),
    "two million owed to forty workers": (
        "wages",
        "wage_arrears",
        {"people": number(40, "人"), "amount": number(2_000_000, "元")},
    ),
    "two hundred mu of rented land": ("land", "land_transfer", {"land_mu": number(200, "亩")}),
    "the top floor": ("property", "elevator", {"floors": number(6, "层"), "own_floor": number(6, "楼")}),
    "a father of thirty and a child of eight": (
        "family",
        "custody",
        {"age": number(30, "岁"), "children": a_fact("儿子8岁，女儿3岁")},
    ),
    "months times pay near the sum": (
        "wages",
        "wage_arrears",
        {"months_owed": number(3, "个月"), "monthly_pay": number(6000, "元/月"), "amount": number(17_000, "元")},
    ),
    "a sum for six people": (
        "wages",
        "wage_arrears",
        {
            "months_owed": number(3, "个月"),
            "monthly_pay": number(6000, "元/月"),
            "amount": number(108_000, "元"),
            "people": number(6, "人"),
        },
    ),
}


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_can_be_is_taken_without_a_question(name: str) -> None:
    type_, subtype, facts = POSSIBLE[name]
    talk = beginning(type_, subtype, **facts)
    talk.say("嗯嗯")
    assert talk.record.doubts == []


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_she_may_say_that_it_is_so_and_it_is_kept_flagged_and_never_asked_again(name: str) -> None:
    type_, subtype, facts, _, fact = IMPOSSIBLE[name]
    talk = beginning(type_, subtype, **facts)
    talk.say("嗯嗯")
    kept = talk.record.facts[fact].value
    talk.say("就是这样")
    assert talk.record.facts[fact].value == kept
    assert "doubtful" in flags(talk.record)
    for _ in range(4):
        assert talk.out.ask != "doubt"
        talk.say("不知道")


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_value_can_be_said_again_by_a_button(name: str) -> None:
    type_, subtype, facts, _, _ = IMPOSSIBLE[name]
    talk = beginning(type_, subtype, **facts)
    talk.say("嗯嗯")
    again = next(choice for choice in talk.out.choices if choice.value.startswith("redo:"))
    talk.tap("doubt", again.value)
    assert talk.out.ask == again.value[5:]
    assert talk.record.open_doubt() is None


def test_a_new_value_said_at_once_replaces_the_doubtful_one_and_both_are_kept() -> None:
    talk = beginning("neighbour", None, amount=number(100_000_000, "元"))
    talk.say("嗯嗯")
    talk.say("一万块")
    fact = talk.record.facts["amount"]
    assert fact.value == 10_000
    assert fact.earlier[-1]["value"] == 100_000_000
    assert "utter_changed" in talk.responses
    assert "doubtful" not in flags(talk.record)
    assert talk.out.ask != "doubt"


def test_a_second_impossible_value_is_flagged_without_a_second_question() -> None:
    talk = beginning("neighbour", None, amount=number(100_000_000, "元"))
    talk.say("嗯嗯")
    talk.say("两个亿")
    assert talk.record.value("amount") == 200_000_000
    assert talk.out.ask != "doubt"
    assert "doubtful" in flags(talk.record)


WAGES = {"amount": number(12_000, "元"), "place": a_fact({"path": "浙江省/湖州市/南浔区", "code": "330503"}, "南浔区")}


def test_another_sum_said_in_passing_is_asked_about_with_both_on_buttons() -> None:
    talk = beginning("wages", "wage_arrears", **WAGES)
    talk.say("就是宏达建材有限公司，一共欠我12万")
    doubt = doubt_of(talk)
    assert (doubt["kind"], doubt["fact"]) == ("rival", "amount")
    assert [choice.title for choice in talk.out.choices][:2] == ["12,000元", "120,000元"]
    assert talk.record.value("amount") == 12_000
    assert talk.record.value("counterpart")["name"] == "宏达建材有限公司"


@pytest.mark.parametrize(
    ("answer", "amount"), [("前面那个", 12_000), ("后面那个", 120_000), ("12万", 120_000), ("1.2万", 12_000)]
)
def test_one_of_two_sums_is_chosen_in_words(answer: str, amount: int) -> None:
    talk = beginning("wages", "wage_arrears", **WAGES)
    talk.say("就是宏达建材有限公司，一共欠我12万")
    talk.say(answer)
    assert talk.record.value("amount") == amount
    assert talk.record.open_doubt() is None
    told = talk.record.doubts[0]
    assert {told["fill"]["shown"], told["fill"]["beside"]} == {"12,000元", "120,000元"}
    assert "doubtful" not in flags(talk.record)


def test_a_third_sum_settles_it_too() -> None:
    talk = beginning("wages", "wage_arrears", **WAGES)
    talk.say("就是宏达建材有限公司，一共欠我12万")
    talk.say("是两万")
    assert talk.record.value("amount") == 20_000
    assert talk.out.ask != "doubt"


def test_two_sums_ten_times_apart_in_one_breath_are_asked_about() -> None:
    talk = Interviewed().until("story")
    talk.say("老板欠我1.2万不给，说好年底结，他一共欠我12万")
    talk.until("doubt")
    assert doubt_of(talk)["kind"] == "rival"


@pytest.mark.parametrize(
    "words", ["他还借了我媳妇两万", "他只给了两千", "每月利息五百", "大概一万二三吧", "请律师花了三千"]
)
def test_another_sum_of_another_thing_is_no_contradiction(words: str) -> None:
    talk = beginning("wages", "wage_arrears", **WAGES)
    talk.say(words)
    assert talk.record.doubts == []


def test_a_correction_in_words_is_read_back_and_not_questioned() -> None:
    talk = beginning("wages", "wage_arrears", **WAGES)
    talk.say("金额不对，是三万五")
    assert talk.record.value("amount") == 35_000
    assert [old["value"] for old in talk.record.facts["amount"].earlier] == [12_000]
    assert "utter_changed" in talk.responses
    assert talk.record.doubts == []


def test_a_day_to_come_in_a_story_is_not_when_it_began() -> None:
    talk = Interviewed().until("story")
    talk.say("开发商不交房，我们约好明天一起去售楼部")
    talk.tap("dispute_type", "property/housing")
    assert "since" not in talk.record.facts
    assert talk.out.ask == "place"


def test_a_number_told_with_place_and_other_side_in_one_answer_is_the_other_sides() -> None:
    talk = Interviewed().until("story")
    talk.say("我和老公过不下去了，要离婚")
    talk.tap("dispute_type", "family/marriage")
    talk.say("宝鸡市金台区，赵国强，电话13800001234")
    assert talk.record.value("counterpart")["name"] == "赵国强"
    assert talk.record.value("counterpart_contact") == "13800001234"
    assert "phone" not in talk.record.facts


def test_months_of_pay_owed_are_a_sum_and_no_monthly_pay() -> None:
    talk = Interviewed().until("story")
    talk.say("老板压了我两个月工资九千块，到现在还在干")
    talk.tap("dispute_type", "wages/wage_arrears")
    assert talk.record.value("amount") == 9_000
    assert "monthly_pay" not in talk.record.facts


def test_yes_and_no_to_the_same_thing_are_asked_about() -> None:
    talk = beginning("wages", "wage_arrears", **WAGES, written_contract=a_fact("no", "否", "没签合同"))
    talk.say("宏达建材有限公司，签了合同的")
    assert doubt_of(talk)["fact"] == "written_contract"


def test_an_end_said_before_its_start_is_asked_about_in_her_words() -> None:
    talk = beginning("land", "land_transfer", **{k: v for k, v in WAGES.items() if k == "place"})
    talk.tap("card", "edit:term")
    assert talk.out.ask == "term"
    talk.say("2020年到2015年")
    assert doubt_of(talk)["kind"] == "backwards"
    assert doubt_of(talk)["fill"]["shown"] == "2020年到2015年"


def test_the_reason_of_a_doubt_can_be_asked_for_and_it_comes_back() -> None:
    talk = beginning("neighbour", None, amount=number(100_000_000, "元"))
    talk.say("嗯嗯")
    talk.say("为什么问这个")
    assert talk.responses[0] == "utter_doubt_why"
    assert talk.out.ask == "doubt"


def test_who_twice_says_something_else_is_not_held_up() -> None:
    talk = beginning("neighbour", None, amount=number(100_000_000, "元"))
    talk.say("嗯嗯")
    talk.say("今天天气真好呀")
    talk.say("唉日子难过呀")
    assert talk.out.ask != "doubt"
    assert "doubtful" in flags(talk.record)


def test_a_doubt_waits_while_she_is_not_safe() -> None:
    talk = beginning("family", "marriage", amount=number(900_000_000, "元"))
    talk.say("他刚才拿刀要砍我")
    assert talk.out.ask == "safe_now"
    talk.tap("safe_now", "yes")
    assert talk.out.ask == "doubt"


@given(st.sampled_from(sorted(IMPOSSIBLE)), st.lists(st.sampled_from(["keep", "first", "rival", "redo:age", ""])))
def test_any_tap_at_a_doubt_keeps_every_value(name: str, values: list[str]) -> None:
    type_, subtype, facts, _, _ = IMPOSSIBLE[name]
    talk = beginning(type_, subtype, **facts)
    talk.say("嗯嗯")
    for value in values:
        talk.tap("doubt", value)
    assert {key: talk.record.facts[key].value for key in facts} == {
        key: fact.value if hasattr(fact, "value") else fact for key, fact in facts.items()
    }
    assert Record.from_dict(talk.record.to_dict()) == talk.record
