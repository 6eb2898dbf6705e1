"""Bugs that difficult talks brought to light, each a claim of what must hold instead; played without the model."""

from __future__ import annotations

import pytest
from builders import NOW, WAGES, Interviewed

from bot import knowledge
from bot.intake.hearing import Ear
from bot.intake.steps import Guess

FACTS = knowledge.taxonomy().facts
EAR = Ear(knowledge.divisions())
VIOLENCE = (Guess("family", "domestic_violence", 0.95),)


def answered(fact: str, text: str) -> object:
    answer = EAR.answer(FACTS[fact], text, NOW.date())
    return answer.value.value if answer.value is not None else answer.blank


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("applicant_name", "户主代表叫沈阿毛", "沈阿毛"),
        ("applicant_name", "他叫石头，大名贺石头", "贺石头"),
        ("handled_before", "发过律师函", "office"),
        ("handled_before", "❌", "none"),
        ("handled_before", "法院也告过没立上", "office"),
        ("handled_before", "法院已经立案了", "court"),
        ("collective_consent", "开什么会，他们自己定的", "no"),
        ("fees_paid", "物业费我没交 凭什么交", "no"),
        ("violence_now", "去年动过一次手", "past"),
        ("violence_now", "从来没动过手", "no"),
        ("handled_before", "卫健局打了电话", "office"),
        ("handled_before", "不敢报警", "none"),
        ("handled_before", "报警了", "police"),
        ("fees_paid", "老子交了的！", "yes"),
        ("rent_per_mu", "没租金自家种", "none"),
        ("applicant_name", "我姓庄庄有财", "庄有财"),
    ],
)
def test_an_answer_once_misread_is_read(fact: str, text: str, value: str) -> None:
    assert answered(fact, text) == value


@pytest.mark.parametrize(
    ("text", "name"), [("什么狗屁物业叫安心物业", "安心物业"), ("那个店叫丽人美容院", "丽人美容院")]
)
def test_who_is_called_something_is_named_by_it_and_not_by_what_she_calls_them(text: str, name: str) -> None:
    answer = EAR.answer(FACTS["counterpart"], text, NOW.date())
    assert answer.value is not None and answer.value.value["name"] == name


def test_a_blank_between_clauses_is_a_comma() -> None:
    told = EAR.story([FACTS["handled_before"], FACTS["fees_paid"]], "没找过 不知道找谁", NOW.date())
    assert {key: value.value for key, value in told.items()} == {"handled_before": "none"}


def test_the_ages_of_several_children_are_heard_in_the_story() -> None:
    told = EAR.story([FACTS["children"]], "想离婚，孩子两个，一个八岁一个三岁，老公赌博", NOW.date())
    assert told["children"].value.replace(",", "，") == "孩子两个，一个八岁一个三岁"


def test_who_the_other_side_is_does_not_become_the_children() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我老公喝了酒就打我 昨天又打了", types=VIOLENCE)
    talk.tap("safe_now", "yes")
    talk.say("在成都市武侯区")
    assert talk.out.ask == "children"
    talk.say("他叫陈刚")
    assert talk.record.value("counterpart")["name"] == "陈刚"
    assert "children" not in talk.record.facts and talk.out.ask == "children"


def test_that_a_matter_is_her_own_is_shown_in_words_and_not_as_no() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我叫孙桂兰，老板欠我工资不给", types=WAGES)
    assert talk.record.facts["on_behalf"].shown == FACTS["on_behalf"].option("self").label  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        ("applicant_name", "不留名字行不行"),
        ("applicant_name", "我凭什么告诉你"),
        ("phone", "不想留电话"),
        ("phone", "我没手机"),
        ("counterpart", "不想说他名字"),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["as a question", "as words"])
def test_what_she_will_not_say_is_explained_once_and_then_left_blank(fact: str, refusal: str, known: bool) -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.until(fact)
    asked = {"act": "faq", "act_confidence": 0.95, "faq": "anonymous"} if known else {}
    talk.say(refusal, **asked)
    assert talk.out.ask == fact and talk.responses
    talk.say(refusal, **asked)
    assert talk.record.blanks[fact] == "declined" and talk.out.ask != fact


def test_the_same_question_asked_back_again_and_again_brings_a_person() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.until("place")
    responses: list[str] = []
    for _ in range(4):
        talk.say("能发照片吗", act="faq", act_confidence=0.95, faq="photos")
        responses += talk.responses
    assert {"utter_stuck_person", "utter_human"} & set(responses)


def test_nothing_is_said_twice_in_one_turn() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    for words in ("在吗", "我想问一下", "就是那个", "嗯那个"):
        talk.say(words)
        assert len(talk.responses) == len(set(talk.responses)), talk.responses


def test_a_question_never_becomes_the_name_of_the_other_side() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.until("counterpart")
    for words in ("退钱不行吗", "给钱不就完了吗", "你们去要不行吗"):
        if talk.out.ask == "counterpart":
            talk.say(words)
    assert "counterpart" not in talk.record.facts


def test_the_households_of_a_lift_are_counted_beside_its_floors() -> None:
    told = EAR.story([FACTS["households_total"]], "六层十二户，想加电梯，十户同意", NOW.date())
    assert told["households_total"].value == 12
    assert EAR.story([FACTS["households_total"]], "三层两户不同意", NOW.date()) == {}


def test_another_matter_told_at_another_door_is_taken_in() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("镇上修路占了我家房子，补偿才给八万", types=(Guess("expropriation", None, 0.95),))
    assert talk.record.status == "elsewhere"
    talk.say("我还有个事，拆迁款我哥领走了不给我", types=(Guess("expropriation", None, 0.8),))
    assert talk.record.status == "open" and talk.out.ask == "dispute_type"


def test_thanks_are_answered_with_thanks_and_no_telephone_number() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    for words in ("就那样吧", "嗯嗯那个", "谢谢"):
        act = {"act": "thanks", "act_confidence": 0.95} if words == "谢谢" else {}
        talk.say(words, **act)
    assert "utter_stuck_person" not in talk.responses


@pytest.mark.parametrize("reply", ["俺没手机，打俺儿子13800003434", "打我妈的手机就行，13800003434", "打俺儿子就行"])
def test_asked_for_a_number_whom_to_ring_up_is_no_blow(reply: str) -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.until("phone")
    talk.say(reply)
    assert talk.record.signs == []


def test_a_blow_told_where_a_number_was_asked_is_heard() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.until("phone")
    talk.say("他昨天打了我，13800003434")
    assert talk.record.sign_kinds() == {"violence"}
