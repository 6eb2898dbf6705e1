"""Claims on questions asked in one breath: what rides beside a question, what is not asked alone, what the card offers."""

from __future__ import annotations

import pytest
from builders import WAGES, Interviewed, a_fact, a_record, an_interview

from bot import knowledge
from bot.intake.document import card
from bot.intake.record import Record
from bot.intake.steps import BESIDE, Guess, Steps, applies
from bot.intake.taxonomy import Taxonomy, TaxonomyError

ELEVATOR = (Guess("property", "elevator", 0.95),)
DEBT = (Guess("debt", None, 0.95),)


def steps() -> Steps:
    return an_interview().steps


def told(story: str, types: tuple[Guess, ...] = WAGES) -> Interviewed:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(story, types=types)
    return talk


def test_what_was_told_is_not_named_beside_a_question() -> None:
    record = a_record("debt", story=a_fact("朋友借我两万不还"))
    assert steps().beside(record, "place") == ["counterpart"]
    record.facts["counterpart"] = a_fact({"name": "韩小东", "kind": "person"}, "韩小东")
    assert steps().beside(record, "place") == []


@pytest.mark.parametrize("key", sorted(knowledge.taxonomy().matters))
def test_no_question_names_more_beside_it_than_one_keeps_in_mind(key: str) -> None:
    matter = knowledge.taxonomy().matters[key]
    record = a_record(matter.type, matter.subtype, story=a_fact("工地上的事，人没了"))
    assert all(len(steps().beside(record, fact)) <= BESIDE for fact in matter.facts)


def test_what_was_named_beside_and_passed_over_is_not_asked_alone() -> None:
    talk = told("我们单元想加装电梯，一楼那家死活不同意", ELEVATOR).until("households_total")
    talk.say("十二户")
    assert talk.out.ask == "areas_known"
    assert talk.record.asked_beside == ["households_joining", "households_agreeing"]
    assert {"households_joining", "households_agreeing"} <= set(talk.record.offered)


def test_who_the_other_side_is_and_her_number_are_asked_alone_when_passed_over() -> None:
    talk = told("朋友借我两万不还", DEBT).until("place")
    talk.say("海安市城东镇")
    assert talk.out.ask == "counterpart"
    talk.until("applicant_name").say("我叫柳小满")
    assert talk.out.ask == "phone"


def test_how_and_when_it_is_safe_to_call_is_asked_alone_where_somebody_is_in_danger() -> None:
    calm, danger = told("老板欠我工资三万没给"), told("我老公昨晚又喝酒打我", (Guess("family", "marriage", 0.95),))
    for talk in (calm, danger):
        talk.until("applicant_name").say("柳小满，13800001234")
    assert calm.out.ask == "card"
    assert danger.out.ask == "safe_contact"
    assert "safe_time" in danger.record.asked_beside


def test_the_last_day_is_named_again_beside_the_next_question_once_she_has_left() -> None:
    talk = told("老板欠我工资三万没给").until("still_employed")
    talk.say("早就不干了")
    assert (talk.out.ask, talk.record.asked_beside[0]) == ("written_contract", "last_day")
    talk.say("没签，六月三十号走的")
    assert talk.record.value("last_day")["start"] == "2026-06-30"


def test_what_follows_from_what_was_told_is_not_asked() -> None:
    talk = told("老板欠我工资三万没给，我上个月离职了")
    assert talk.record.value("still_employed") == "no"
    talk.until("applicant_name").say("柳小满，13800001234")
    assert talk.record.value("on_behalf") == "self"


def test_a_name_told_for_somebody_else_is_no_matter_of_her_own() -> None:
    talk = told("老板欠我工资三万没给").until("applicant_name")
    talk.tap("on_behalf", "other")
    assert talk.out.ask == "helper_name"
    talk.until("applicant_name").say("王秀英，13800001234")
    assert talk.record.value("on_behalf") == "other"


def test_the_general_contractor_is_named_only_when_the_talk_is_of_a_site() -> None:
    spec = knowledge.taxonomy().facts["general_contractor"]
    assert applies(a_record("wages", story=a_fact("工地上欠我工资")), spec)
    assert not applies(a_record("wages", story=a_fact("饭店欠我工资")), spec)


def test_the_card_offers_what_was_passed_over_as_an_honest_blank() -> None:
    talk = told("我们单元想加装电梯，一楼那家死活不同意", ELEVATOR).until("card")
    rows = {row["fact"]: row for row in card(talk.record, talk.taxonomy, steps().questions(talk.record))}
    assert rows["own_floor"]["blank"] and rows["own_floor"]["words"] == ""
    talk.tap("card", "edit:own_floor")
    assert talk.out.ask == "own_floor"
    talk.say("二楼")
    assert (talk.out.ask, talk.record.value("own_floor")) == ("card", 2)


def test_a_wish_can_be_tapped_or_told_in_her_own_words() -> None:
    talk = told("老板欠我工资三万没给").until("wanted")
    offered = [choice.value for choice in talk.out.choices if choice.step == "wanted"]
    talk.tap("wanted", offered[0])
    assert talk.record.facts["wanted"].shown == offered[0]
    assert talk.out.ask == "applicant_name"


def test_a_record_of_before_this_is_still_read() -> None:
    old = a_record("debt").to_dict()
    del old["asked_beside"], old["offered"]
    assert Record.from_dict(old).offered == []


def test_a_condition_that_is_no_pattern_is_named_in_plain_words() -> None:
    raw = knowledge.read_yaml(knowledge.FOLDER / "taxonomy.yml")
    raw["facts"]["general_contractor"]["about"] = "工地("
    with pytest.raises(TaxonomyError, match="general_contractor"):
        Taxonomy.from_mapping(raw)


@pytest.mark.parametrize("step", ["place", "since", "children"])
def test_a_guess_is_no_danger_where_a_plain_thing_was_asked_but_the_rules_still_hear_it(step: str) -> None:
    talk = told("我和丈夫过不下去了，想离婚", (Guess("family", "marriage", 0.95),)).until(step)
    talk.say("两个孩子，大的十岁小的五岁", signs=("minor",))
    assert talk.record.sign_kinds() == set()
    talk.until("handled_before").say("我不想活了")
    assert talk.record.sign_kinds() == {"self_harm"}


def test_a_place_told_after_she_would_not_tell_it_is_nobodys_name() -> None:
    talk = told("朋友借我两万不还", DEBT).until("place")
    for _ in range(3):
        if talk.out.ask == "place":
            talk.say("不想说")
    assert talk.out.ask == "counterpart"
    talk.say("海安市城东镇七星湖社区")
    assert talk.out.ask == "counterpart"
    assert talk.record.value("place")["code"].startswith("320685")


@pytest.mark.parametrize("story", ["干了四个月老板一直没给我发工资", "在工地做了三个月到现在一分钱没拿到"])
def test_months_worked_without_any_pay_are_the_months_owed(story: str) -> None:
    talk = told(story)
    assert talk.record.value("months_owed") in (3, 4)
    assert talk.record.value("amount") is None


def test_months_worked_are_not_the_months_owed_where_some_pay_came() -> None:
    assert told("我在饭店干了四个月，老板最后一个月的工资没给").record.value("months_owed") != 4
