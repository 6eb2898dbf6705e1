"""Claims about the interview: what is asked next, what a tap, a correction, a danger or an aside does to it."""

from __future__ import annotations

from copy import deepcopy

import pytest
from builders import NOW, WAGES, Interviewed, a_fact, a_record, a_reply, an_interview, said, tapped
from hypothesis import given
from strategies import records

from bot import knowledge
from bot.intake.assisted import COMES_FOR
from bot.intake.interview import FIRST
from bot.intake.record import Record
from bot.intake.steps import HEALTH_FACTS, Guess, Steps

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
ASKED = [key for key, matter in knowledge.taxonomy().matters.items() if not matter.another_door]
MEDICAL = (Guess("medical", None, 0.93),)
LAND = (Guess("land", None, 0.93),)
FAMILY = (Guess("family", "marriage", 0.9),)


def steps() -> Steps:
    return an_interview().steps


def a_talk() -> Interviewed:
    """A talk after consent."""
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    return talk


def a_wages_talk() -> Interviewed:
    """A talk in which a wage story was told and understood; amount and place are in the story."""
    talk = a_talk()
    talk.say(STORY, types=WAGES)
    assert talk.record.type == "wages"
    return talk


# —— the next question ——


@given(records())
def test_the_next_step_is_one_function_of_the_record(record: Record) -> None:
    before = record.to_dict()
    first = steps().next_step(record)
    assert steps().next_step(Record.from_dict(deepcopy(before))) == first
    assert record.to_dict() == before


def test_first_comes_the_consent_then_the_story_then_the_type() -> None:
    talk = Interviewed()
    assert talk.out.ask == "privacy_consent"
    assert talk.tap("privacy_consent", "yes").ask == "story"
    assert talk.say("村里的事情一直没人管我该怎么办").ask == "dispute_type"


@pytest.mark.parametrize("matter", ASKED)
def test_every_matter_can_be_walked_to_filing_and_asks_nothing_twice(matter: str) -> None:
    talk = Interviewed().until(None, matter)
    asked = [step for step in talk.asked if step]
    assert len(asked) == len(set(asked))
    assert talk.record.consent("handover") is not None
    questions = steps().questions(talk.record)
    named = (*talk.record.offered, "health_consent")  # asked in the same breath as another, and passed over
    assert all(talk.record.said(fact) or fact in named for fact in questions)


@pytest.mark.parametrize("matter", ASKED)
def test_the_talk_is_at_most_eighteen_questions_long(matter: str) -> None:
    talk = Interviewed().until(None, matter)
    facts = [step for step in talk.asked if step in talk.taxonomy.facts]
    assert len(facts) <= 18


def test_what_the_story_told_is_not_asked() -> None:
    talk = a_wages_talk()
    assert talk.record.value("amount") == 32_000
    assert talk.record.value("place")["code"] == "330503"
    talk.until(None)
    assert "amount" not in talk.asked and "place" not in talk.asked


def test_a_conditional_question_waits_for_its_condition() -> None:
    record = a_record("wages", "wage_arrears", still_employed="yes")
    assert "last_day" not in steps().questions(record)
    record.facts["still_employed"] = a_fact("no")
    assert "last_day" in steps().questions(record)


def test_the_step_counter_never_passes_its_end() -> None:
    talk = Interviewed()
    for _ in range(40):
        n, of = steps().progress(talk.record)
        assert 0 <= n <= of
        if talk.out.ask is None:
            break
        talk.hear(a_reply(talk.out.ask, talk.taxonomy))
    assert talk.out.act == "file"


def test_hearing_leaves_the_earlier_record_as_it_was() -> None:
    talk = a_wages_talk()
    before, copy = talk.record, deepcopy(talk.record)
    talk.say("金额不对，是五万")
    assert before == copy


# —— asides ——


def test_a_question_in_the_middle_is_answered_and_the_open_one_comes_back() -> None:
    talk = a_wages_talk()
    open_ = talk.out.ask
    talk.say("调解要钱吗？", act="faq", act_confidence=0.95, faq="cost")
    assert talk.responses == ["utter_faq/cost"]
    assert talk.out.ask == open_


def test_a_question_beside_a_strict_answer_does_not_swallow_the_answer() -> None:
    talk = a_talk()
    talk.say("老板一直不给我们发工资", types=WAGES)
    talk.until("amount")
    talk.say("三万五，调解要钱吗？", act="faq", act_confidence=0.95, faq="cost")
    assert talk.record.value("amount") == 35_000
    assert talk.responses == ["utter_faq/cost"]


def test_a_surname_that_the_model_takes_for_a_greeting_is_still_a_name() -> None:
    talk = a_wages_talk().until("applicant_name")
    talk.say("李四", act="greet", act_confidence=0.98)
    assert talk.record.value("applicant_name") == "李四"


def test_small_talk_is_answered_and_fills_nothing() -> None:
    talk = a_wages_talk().until("written_contract")
    facts, open_ = dict(talk.record.facts), talk.out.ask
    talk.say("谢谢你", act="thanks", act_confidence=0.95)
    assert talk.responses == ["utter_thanks"]
    assert (talk.record.facts, talk.out.ask) == (facts, open_)


def test_a_question_before_consent_is_answered_and_consent_stays_open() -> None:
    talk = Interviewed()
    talk.say("这个收费吗？", act="faq", act_confidence=0.95, faq="cost")
    assert talk.responses == ["utter_faq/cost"]
    assert talk.out.ask == "privacy_consent"


# —— needed facts, skipping, blanks ——


def test_a_needed_fact_is_asked_again_with_its_reason_and_at_last_left_blank() -> None:
    talk = a_wages_talk().until("counterpart")
    for _ in range(2):
        assert talk.say("不知道").ask == "counterpart"
        assert "utter_needed" in talk.responses
    talk.say("不知道")
    assert talk.record.blanks["counterpart"] == "unknown"
    assert talk.out.ask != "counterpart"


def test_an_optional_fact_may_be_unknown_at_once() -> None:
    talk = a_wages_talk().until("written_contract")
    talk.say("不清楚")
    assert talk.record.blanks["written_contract"] == "unknown"
    assert talk.out.ask != "written_contract"


def test_skipping_leaves_an_honest_blank() -> None:
    talk = a_wages_talk().until("wanted")
    talk.say("先空着")
    assert talk.record.blanks["wanted"] == "skipped"
    assert talk.out.ask != "wanted"


def test_a_fact_that_cannot_be_read_keeps_her_words_and_the_talk_goes_on() -> None:
    talk = a_talk()
    talk.say("老板一直不给我们发工资", types=WAGES)
    talk.until("amount")
    for _ in range(4):
        if talk.out.ask == "amount":
            talk.say("反正挺多的了")
    assert talk.out.ask != "amount"
    assert talk.record.blanks["amount"] == "unclear"
    assert talk.record.unread["amount"] == "反正挺多的了"


def test_a_place_known_by_half_is_asked_for_its_county_and_joined() -> None:
    talk = a_talk()
    talk.say("老板一直不给我们发工资", types=WAGES)
    assert talk.out.ask == "place"
    talk.say("在浙江湖州")
    assert talk.out.ask == "place"
    assert "place" not in talk.record.facts
    talk.say("南浔区练市镇")
    assert talk.record.value("place")["code"] == "330503"


def test_an_ambiguous_county_is_offered_as_buttons() -> None:
    talk = a_talk()
    talk.say("老板一直不给我们发工资", types=WAGES)
    out = talk.say("鼓楼区")
    assert out.ask == "place"
    assert len(out.choices) >= 2 and all(choice.step == "place" for choice in out.choices)
    talk.hear(tapped("place", out.choices[0].value, out.choices[0].title))
    assert talk.record.value("place")["code"] == out.choices[0].value


# —— corrections ——


def test_a_correction_changes_one_fact_keeps_the_old_value_and_says_so() -> None:
    talk = a_wages_talk()
    others = {key: fact.value for key, fact in talk.record.facts.items() if key != "amount"}
    talk.say("金额不对，是三万五")
    fact = talk.record.facts["amount"]
    assert fact.value == 35_000
    assert [old["value"] for old in fact.earlier] == [32_000]
    assert fact.source == "correction"
    assert "utter_changed" in talk.responses
    assert {key: fact.value for key, fact in talk.record.facts.items() if key != "amount"} == others


def test_a_correction_without_a_name_finds_the_fact_of_its_kind() -> None:
    talk = a_wages_talk()
    talk.say("不对，是三万五")
    assert talk.record.value("amount") == 35_000


def test_a_tapped_row_of_the_card_is_opened_and_then_closed_by_its_answer() -> None:
    talk = a_wages_talk().until("card")
    assert talk.tap("card", "edit:amount").ask == "amount"
    talk.say("四万")
    assert talk.record.value("amount") == 40_000
    assert talk.out.ask == "card"


def test_a_change_after_confirmation_voids_it_and_the_handover_consent() -> None:
    talk = a_wages_talk().until("handover_consent")
    assert talk.record.confirmed_at is not None
    talk.say("金额不对，是五万")
    assert talk.record.confirmed_at is None
    assert talk.record.consent("handover") is None
    assert talk.out.ask == "card"


def test_the_same_answer_again_is_no_change() -> None:
    talk = a_wages_talk().until("card")
    talk.tap("card", "edit:amount")
    talk.say("三万二")
    assert talk.record.facts["amount"].earlier == []
    assert talk.out.ask == "card"


def test_changing_the_type_on_the_card_keeps_what_was_told() -> None:
    talk = a_wages_talk().until("card")
    talk.tap("card", "edit:type")
    assert talk.out.ask == "dispute_type"
    talk.tap("dispute_type", "debt")
    assert talk.record.type == "debt"
    assert talk.record.value("amount") == 32_000
    assert talk.record.value("applicant_name") == "李四"


# —— taps ——


def test_a_button_of_an_earlier_step_still_means_what_it_said() -> None:
    talk = a_wages_talk().until("written_contract")
    talk.tap("written_contract", "yes", "是 / 有")
    later = talk.out.ask
    talk.tap("written_contract", "no", "不是 / 没有")
    assert talk.record.value("written_contract") == "no"
    assert talk.record.facts["written_contract"].earlier[0]["value"] == "yes"
    assert talk.out.ask == later


def test_an_unknown_button_changes_nothing_and_the_question_comes_back() -> None:
    talk = a_wages_talk()
    before = talk.record.to_dict()
    talk.tap("horoscope", "yes")
    talk.tap("written_contract", "pirates")
    after = talk.record.to_dict()
    counted = {"turn", "stalled", "last_said"}  # how often the talk got nowhere is remembered, nothing else
    assert {k: v for k, v in after.items() if k not in counted} == {k: v for k, v in before.items() if k not in counted}


def test_a_confirmation_tapped_before_the_card_was_shown_does_not_count() -> None:
    talk = a_wages_talk()
    talk.tap("card", "ok")
    assert talk.record.confirmed_at is None


def test_a_handover_tapped_before_the_card_was_confirmed_does_not_count() -> None:
    talk = a_wages_talk()
    talk.tap("handover_consent", "yes")
    assert talk.record.consent("handover") is None


def test_another_committee_can_be_chosen() -> None:
    talk = a_wages_talk().until("handover_consent")
    choice = next(choice for choice in talk.out.choices if choice.value.startswith("body:"))
    talk.tap("handover_consent", choice.value)
    assert talk.out.act == "file"
    consent = talk.record.consent("handover")
    assert consent is not None and consent.to == choice.value[5:] == talk.record.committee["id"]  # type: ignore[index]


def test_refusing_the_handover_files_nothing_and_it_is_offered_again() -> None:
    talk = a_wages_talk().until("handover_consent")
    talk.tap("handover_consent", "no")
    assert talk.out.act is None
    assert talk.out.ask == "handover_consent"


def test_refusing_the_notice_is_answered_and_nothing_is_asked() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "no")
    assert "utter_no_consent" in talk.responses
    assert talk.out.ask == "privacy_consent"


# —— danger ——


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我不想活了", "self_harm"),
        ("他昨天又动手打我，我脸都肿了", "violence"),
        ("他说要弄死我全家", "threat"),
        ("我爸两个小时前抢救无效走了", "death"),
        ("物业把我家水给停了", "utility_cut"),
    ],
)
def test_a_danger_is_answered_before_anything_else(text: str, kind: str) -> None:
    for talk in (Interviewed(), a_talk(), a_wages_talk()):
        talk.say(text)
        assert talk.responses[0] == f"utter_danger_{kind}"
        assert talk.out.says[0].show == {"danger": kind}


def test_a_danger_that_only_the_model_sees_is_answered_too() -> None:
    talk = a_wages_talk()
    talk.say("我夜里总站在河边发呆", signs=("self_harm",))
    assert talk.responses[0] == "utter_danger_self_harm"


def test_what_only_the_model_sees_neither_stops_the_talk_nor_writes_a_fact() -> None:
    talk = a_wages_talk()
    open_, facts = talk.out.ask, set(talk.record.facts)
    talk.say("他那个人的脾气您也晓得的", signs=("violence",))
    assert talk.out.ask != "safe_now"
    assert "violence_now" not in set(talk.record.facts) - facts
    assert open_


def test_what_only_the_model_sees_stops_the_talk_where_it_is_all_but_certain_and_still_writes_no_fact() -> None:
    talk = a_wages_talk()
    facts = set(talk.record.facts)
    talk.say("他那个人的脾气您也晓得的", signs=("violence",), sure=("violence",))
    assert talk.out.ask == "safe_now"
    assert "violence_now" not in set(talk.record.facts) - facts
    assert {sign["by"] for sign in talk.record.signs} == {"model"}


def test_a_death_that_only_the_model_hears_in_a_yes_or_no_is_no_sign() -> None:
    for asked, kept in (("still_employed", False), ("events", True)):
        talk = a_wages_talk()
        talk.record.asked = asked
        talk.say("还没有，就这么一下子就结束了", signs=("death",))
        assert ("death" in talk.record.sign_kinds()) == kept


def test_a_certain_model_stops_nothing_that_the_words_deny() -> None:
    talk = a_wages_talk()
    talk.say("他从来没有打过我", signs=("violence",), sure=("violence",))
    assert talk.out.ask != "safe_now" and talk.record.signs == []


def test_a_danger_answered_before_consent_is_noted_after_it_without_the_card_again() -> None:
    talk = a_talk()
    talk.say("他昨天又动手打我", told=("violence",))
    assert "utter_danger_violence" not in talk.responses
    assert talk.record.sign_kinds() == {"violence"}


def test_a_bare_question_of_law_is_asked_whether_to_register_and_may_stay_a_question() -> None:
    talk = a_talk()
    talk.say("公司不签劳动合同怎么办？", types=(Guess("wages", "labour_other", 0.95),))
    assert talk.out.ask == "purpose"
    stays = Interviewed(record=deepcopy(talk.record))
    stays.tap("purpose", "question")
    assert stays.responses == ["utter_only_asking"]
    assert stays.out.ask == "story"
    talk.tap("purpose", "intake")
    assert talk.out.ask in talk.taxonomy.facts


def test_a_button_typed_word_by_word_is_a_tapped_button() -> None:
    talk = a_wages_talk().until("card")
    talk.say("都对，就这样")
    assert talk.out.ask == "handover_consent"


def test_danger_to_life_stops_the_questions_until_she_says_she_can_go_on() -> None:
    talk = a_wages_talk()
    open_ = talk.out.ask
    talk.say("我不想活了")
    assert talk.out.ask == "safe_now"
    talk.tap("safe_now", "yes")
    assert talk.out.ask == open_


def test_before_consent_a_danger_is_answered_without_keeping_anything_open() -> None:
    talk = Interviewed()
    talk.say("他拿刀要砍我")
    assert talk.responses[0].startswith("utter_danger_")
    assert talk.out.ask == "privacy_consent"


def test_a_danger_told_twice_is_not_lectured_twice_but_a_wish_to_die_is_always_heard() -> None:
    talk = a_wages_talk()
    talk.say("他昨天又动手打我")
    talk.tap("safe_now", "yes")
    talk.say("他昨天又动手打我")
    assert "utter_danger_violence" not in talk.responses
    talk.say("我不想活了")
    talk.tap("safe_now", "yes")
    talk.say("我不想活了")
    assert "utter_danger_self_harm" in talk.responses


def test_dangers_come_in_the_order_of_their_urgency() -> None:
    talk = a_talk()
    talk.say("他打了我，我不想活了")
    shown = [say.show["danger"] for say in talk.out.says if "danger" in say.show]
    assert shown == sorted(shown, key=FIRST.index)
    assert shown[0] == "self_harm"


def test_as_long_as_she_is_not_safe_the_questions_wait() -> None:
    talk = a_wages_talk()
    talk.say("他昨天又动手打我")
    for text in ("不安全，他还在门外", "我害怕", "不安全"):
        talk.say(text)
        assert talk.responses
        assert talk.out.ask == "safe_now"
    talk.say("现在安全了")
    assert talk.out.ask != "safe_now"


def test_who_goes_on_by_herself_is_not_held_for_ever() -> None:
    talk = a_wages_talk()
    talk.say("他昨天又动手打我")
    for _ in range(3):
        talk.say("我想接着说欠工资的事情")
    assert talk.out.ask != "safe_now"


def test_a_button_text_is_never_read_as_a_danger() -> None:
    talk = a_wages_talk()
    talk.tap("dispute_type", "family/domestic_violence", "家庭暴力：家里有人动手、威胁")
    assert talk.record.signs == []


def test_violence_that_was_told_is_not_asked_about_again() -> None:
    talk = a_talk()
    talk.say("老公昨天又动手打我，我要离婚", types=FAMILY)
    talk.tap("safe_now", "yes")
    assert talk.record.value("violence_now") == "now"
    assert talk.record.subtype == "domestic_violence"


# —— health ——


def test_health_facts_wait_for_their_own_consent() -> None:
    talk = a_talk()
    talk.say("我在湖州市南浔区仁和医院看病，2026年3月5日做手术，病历复印了，做过鉴定", types=MEDICAL)
    assert talk.record.type == "medical"
    assert not set(HEALTH_FACTS) & set(talk.record.facts)
    talk.until("health_consent", "medical")
    talk.tap("health_consent", "yes")
    assert {"treated_on", "records_copied", "appraisal"} <= set(talk.record.facts)


def test_refusing_health_drops_health_facts_and_never_asks_for_them() -> None:
    talk = a_talk()
    talk.say("我2026年3月5日在湖州市南浔区仁和医院做手术，病历复印了", types=MEDICAL)
    talk.until("health_consent", "medical")
    talk.tap("health_consent", "no")
    talk.until(None, "medical")
    assert not set(HEALTH_FACTS) & set(talk.record.facts)
    assert not set(HEALTH_FACTS) & set(talk.asked)


def test_withdrawing_health_later_drops_what_was_told() -> None:
    talk = a_talk()
    talk.say("我2026年3月5日在湖州市南浔区仁和医院做手术，病历复印了", types=MEDICAL)
    talk.until("health_consent", "medical")
    talk.tap("health_consent", "yes")
    talk.until("card", "medical")
    talk.tap("health_consent", "no")
    assert not set(HEALTH_FACTS) & set(talk.record.facts)


# —— other doors ——


def test_expropriation_leads_to_other_doors_and_asks_nothing() -> None:
    talk = a_talk()
    talk.say("政府把我家房子征收了，补偿谈不拢", types=(Guess("expropriation", None, 0.95),))
    assert talk.out.ask == "elsewhere"
    assert talk.record.status == "elsewhere"
    assert "utter_another_door" in talk.responses


def test_a_land_matter_that_proves_to_be_expropriation_goes_to_the_other_door() -> None:
    talk = a_talk()
    talk.say("我家的地一直拿不到钱", types=LAND)
    talk.until("is_expropriation", "land")
    talk.tap("is_expropriation", "yes")
    assert talk.record.type == "expropriation"
    assert talk.out.ask == "elsewhere"


def test_a_land_story_that_mentions_expropriation_in_passing_is_still_asked() -> None:
    talk = a_talk()
    talk.say("隔壁村去年征地了，可我家的地是租给合作社收不到租金", types=LAND)
    assert talk.record.type == "land"


def test_asking_for_advice_is_offered_as_a_door_and_can_be_taken_back() -> None:
    talk = a_talk()
    talk.say("我想问问医保政策怎么规定的", types=(Guess("not_a_dispute", None, 0.9),))
    assert talk.out.ask == "elsewhere"
    choice = next(choice for choice in talk.out.choices if choice.step == "dispute_type")
    talk.hear(tapped(choice.step, choice.value))
    assert talk.out.ask == "dispute_type"
    talk.tap("dispute_type", "neighbour")
    assert talk.record.status == "open"
    assert talk.out.ask == "place"


def test_danger_at_another_door_still_gets_its_card() -> None:
    talk = a_talk()
    talk.say("政府征收我家房子，再逼我就不想活了", types=(Guess("expropriation", None, 0.95),))
    assert talk.responses[0] == "utter_danger_self_harm"
    assert talk.out.ask == "safe_now"
    talk.tap("safe_now", "yes")
    assert talk.out.ask == "elsewhere"


# —— leaving and coming back ——


def test_leaving_asks_whether_to_keep_and_keeping_loses_nothing() -> None:
    talk = a_wages_talk().until("written_contract")
    open_, facts = talk.out.ask, deepcopy(talk.record.facts)
    assert talk.say("退出").ask == "leave"
    talk.tap("leave", "keep")
    assert talk.record.status == "left"
    talk.say("你好", act="greet", act_confidence=0.9)
    assert talk.record.status == "open"
    assert (talk.out.ask, talk.record.facts) == (open_, facts)


def test_leaving_with_delete_asks_the_desk_to_delete() -> None:
    talk = a_wages_talk()
    talk.say("退出")
    talk.tap("leave", "delete")
    assert talk.out.act == "delete"


def test_beginning_again_keeps_the_consent_and_drops_the_rest() -> None:
    talk = a_wages_talk()
    talk.say("重新开始")
    assert talk.out.ask == "story"
    assert talk.record.facts == {}
    assert talk.record.consent("privacy") is not None


def test_after_filing_a_second_matter_starts_with_nothing_but_who_she_is() -> None:
    talk = a_wages_talk().until(None)
    talk.record.status = "filed"
    talk.tap("again", "yes")
    assert talk.out.ask == "story"
    assert set(talk.record.facts) <= set(talk.taxonomy.carried)
    assert {fact.source for fact in talk.record.facts.values()} == {"carried"}


def test_after_filing_words_that_correct_nothing_change_nothing() -> None:
    talk = a_wages_talk().until(None)
    talk.record.status = "filed"
    facts = deepcopy(talk.record.facts)
    for text in ("三万二什么时候能要回来？", "退出", "谢谢"):
        talk.say(text)
        assert talk.record.facts == facts
        assert talk.record.status == "filed"
        assert talk.responses


# —— the type ——


def test_an_unsure_model_asks_back_with_the_best_three() -> None:
    talk = a_talk()
    three = (Guess("debt", None, 0.4), Guess("wages", "wage_arrears", 0.3), Guess("consumer", None, 0.2))
    out = talk.say("他一直欠着我钱没有给我", types=three)
    assert out.ask == "dispute_type"
    assert [choice.value for choice in out.choices] == ["debt", "wages/wage_arrears", "consumer", "none"]


def test_none_of_the_three_offers_all_types() -> None:
    talk = a_talk()
    talk.say("他一直欠着我钱没有给我", types=(Guess("debt", None, 0.4), Guess("wages", None, 0.3)))
    talk.tap("dispute_type", "none")
    assert {choice.value for choice in talk.out.choices} == set(knowledge.taxonomy().types)


def test_a_type_typed_by_its_name_counts_as_tapped() -> None:
    talk = a_talk()
    talk.say("村里的事情一直没人管我该怎么办")
    talk.say("邻里")
    assert (talk.record.type, talk.record.type_by) == ("neighbour", "citizen")


def test_three_vague_answers_end_with_other_and_not_in_a_loop() -> None:
    talk = a_talk()
    talk.say("村里的事情一直没人管我该怎么办")
    for _ in range(3):
        talk.say("就是那件事情啊没人管的")
    assert talk.record.type == "other"


def test_every_turn_has_the_turn_and_time_of_its_words() -> None:
    talk = a_wages_talk()
    fact = talk.record.facts["amount"]
    assert fact.words in STORY
    assert fact.turn == 2
    assert fact.at == NOW.isoformat(timespec="seconds")


def test_a_message_is_read_with_its_own_date() -> None:
    talk = a_talk()
    talk.say("老板一直不给我们发工资", types=WAGES)
    talk.until("still_employed")
    talk.say("没有，离职了")
    assert talk.record.asked_beside[0] == "last_day"
    talk.hear(said("没签，上个月走的", at=NOW.replace(year=2025, month=3)))
    assert talk.record.value("last_day")["start"].startswith("2025-02")


# —— what was once filed wrongly ——


def test_thanks_at_a_free_question_is_not_filed_as_the_other_side() -> None:
    talk = a_wages_talk()
    assert talk.out.ask == "counterpart"
    facts = deepcopy(talk.record.facts)
    talk.say("谢谢你", act="thanks", act_confidence=0.95)
    assert talk.responses == ["utter_thanks"]
    assert talk.record.facts == facts


def test_a_greeting_on_coming_back_is_not_filed_as_the_other_side() -> None:
    talk = a_wages_talk()
    talk.say("退出")
    talk.tap("leave", "keep")
    talk.say("你好", act="greet", act_confidence=0.9)
    assert "counterpart" not in talk.record.facts


def test_the_date_of_an_operation_is_heard_with_the_place_between() -> None:
    talk = a_talk()
    talk.say("我2026年3月5日在湖州市南浔区仁和医院做手术，病历复印了", types=(Guess("medical", None, 0.93),))
    talk.until("health_consent", "medical")
    talk.tap("health_consent", "yes")
    assert talk.record.value("treated_on") is not None


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("我是网格员，替村里老李头来问，他的地租给人家八年一分没给", True),
        ("代隔壁王奶奶来反映，她儿子不给赡养费", True),
        ("他替我来签的承包合同，现在地租不给了", False),
        ("帮我问问怎么把地要回来，租金八年没给", False),
    ],
)
def test_who_comes_for_another_is_heard_in_her_own_words(text: str, another: bool) -> None:
    assert (COMES_FOR.search(text) is not None) is another
