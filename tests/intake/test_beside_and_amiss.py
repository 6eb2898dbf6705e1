"""Claims about what is told and asked in one breath, about "刚才说错了", and about news told after filing."""

from __future__ import annotations

import pytest
from builders import WAGES, Interviewed, Talking, said
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Desk
from bot.intake.questions import cut_off
from bot.intake.steps import Beside

STORY = "我在湖州市南浔区练市镇的宏达厂干活，老板王大强欠我三万二工资"


def asked_for(fact: str) -> Interviewed:
    """A wages talk in which `fact` is asked."""
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    return talk.until(fact)


@given(st.text(alphabet="没签合同要收费吗，。？ 他不来怎么办", max_size=40))
def test_what_is_cut_off_is_hers_word_by_word(text: str) -> None:
    for asked, told in cut_off(text):
        assert asked and told
        assert asked in text and told in text
        assert len(asked) + len(told) <= len(text)


@pytest.mark.parametrize("text", ["请问，要收费吗", "我想问一下，要收费吗", "你好，调解收费吗", "那个，要钱吗"])
def test_words_that_only_lead_to_a_question_are_nothing_told(text: str) -> None:
    assert not list(cut_off(text))


def test_an_answer_and_a_question_in_one_breath_are_both_heard() -> None:
    talk = asked_for("written_contract")
    beside = Beside("要收费吗", "cost", 0.9, "没签合同")
    talk.say("没签合同，要收费吗", act="faq", act_confidence=0.7, faq="cost", beside=beside)
    assert talk.record.value("written_contract") == "no"
    assert "utter_faq/cost" in talk.responses
    assert talk.out.ask == "handled_before"


def test_a_question_beside_free_words_is_no_part_of_the_answer() -> None:
    talk = asked_for("wanted")
    talk.say("把钱给我就行，调解要钱吗", beside=Beside("调解要钱吗", "cost", 0.9, "把钱给我就行"))
    assert talk.record.value("wanted") == "把钱给我就行"
    assert "utter_faq/cost" in talk.responses


def test_a_question_beside_the_first_telling_is_answered_and_the_telling_kept_whole() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    whole = f"{STORY}，调解要钱吗"
    talk.say(whole, types=WAGES, beside=Beside("调解要钱吗", "cost", 0.9, STORY))
    assert talk.record.value("story") == whole
    assert talk.record.type == "wages"
    assert "utter_faq/cost" in talk.responses


def test_a_question_that_nobody_here_can_answer_is_not_passed_over_in_silence() -> None:
    talk = asked_for("written_contract")
    talk.say("没签合同，到时候能全拿回来吗")
    assert talk.record.value("written_contract") == "no"
    assert "utter_faq_unsure" in talk.responses


@pytest.mark.parametrize(
    "words", ["刚才说错了", "我说错了", "哎呀，前面写错了", "不对，刚才说错了一个地方", "好像有个地方不对"]
)
def test_something_is_wrong_and_not_said_what_offers_what_was_told(words: str) -> None:
    talk = asked_for("wanted")
    talk.say(words)
    assert talk.out.ask == "which_fact"
    offered = {choice.value for choice in talk.out.choices}
    assert {"amount", "counterpart", "place", "type"} <= offered
    assert "wanted" not in talk.record.facts


def test_the_wrong_fact_is_tapped_and_asked_for_anew_and_the_talk_goes_on_where_it_was() -> None:
    talk = asked_for("wanted")
    talk.say("刚才说错了")
    talk.tap("which_fact", "amount")
    assert talk.out.ask == "amount"
    talk.say("三万五")
    assert talk.record.value("amount") == 35000
    assert [old["value"] for old in talk.record.facts["amount"].earlier] == [32000]
    assert talk.out.ask == "wanted"


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [("金额是三万五", "amount", 35000), ("三万五", "amount", 35000), ("人数，是六个人", "people", 6)],
)
def test_the_right_value_may_be_told_at_once(words: str, fact: str, value: int) -> None:
    talk = asked_for("wanted")
    talk.record.facts.setdefault("people", talk.record.facts["amount"]) if fact == "people" else None
    talk.say("说错了")
    talk.say(words)
    assert talk.record.value(fact) == value
    assert talk.out.ask == "wanted"


def test_nothing_was_wrong_after_all() -> None:
    talk = asked_for("wanted")
    before = dict(talk.record.facts)
    talk.say("刚才说错了")
    talk.say("没错，接着说")
    assert talk.out.ask == "wanted"
    assert talk.record.facts == before


def test_wrong_is_an_answer_where_yes_or_no_is_asked() -> None:
    talk = asked_for("still_employed")
    talk.say("不对")
    assert talk.out.ask != "which_fact"


def a_filed_talk(desk: Desk) -> Talking:
    talk = Talking(desk).consented()
    talk.filed(STORY, evidence="没有")
    return talk


def test_news_told_after_filing_is_read_back_and_goes_to_the_committee_once_she_agrees(desk: Desk) -> None:
    talk = a_filed_talk(desk)
    words = "昨天老板把厂门锁了，人跑到杭州去了"
    talk.say(words, types=WAGES)
    assert talk.out is not None and talk.out.ask == "add_on"
    assert words in str(talk.out.says)
    receipt = talk.out.record.receipt
    assert receipt is not None
    assert not (desk.record(receipt) or {})["amendments"]
    talk.tap("add_on", "yes")
    [added] = (desk.record(receipt) or {})["amendments"]
    assert (added["kind"], added["words"]) == ("supplement", words)


def test_news_after_filing_that_fills_a_blank_is_an_amendment_with_her_words(desk: Desk) -> None:
    talk = Talking(desk).consented()
    receipt = talk.filed(STORY)
    talk.say("我还有微信聊天记录和工友作证", types=WAGES)
    talk.say("补进去")
    kinds = {(a["kind"], a["fact"]) for a in (desk.record(receipt) or {})["amendments"]}
    assert ("supplement", None) in kinds


@pytest.mark.parametrize("words", ["谢谢你们", "好的知道了，我等电话", "这个要多长时间", "嗯"])
def test_thanks_and_questions_after_filing_are_no_news(desk: Desk, words: str) -> None:
    talk = a_filed_talk(desk)
    talk.say(words)
    assert talk.out is not None and talk.out.ask is None


def test_news_she_does_not_want_kept_is_not_kept(desk: Desk) -> None:
    talk = a_filed_talk(desk)
    receipt = talk.out.record.receipt if talk.out else None
    talk.say("老板昨天来找过我两回", types=WAGES)
    talk.tap("add_on", "no")
    assert receipt is not None and not (desk.record(receipt) or {})["amendments"]


def test_news_of_another_matter_begins_that_matter(desk: Desk) -> None:
    talk = a_filed_talk(desk)
    talk.say("我弟弟工地上也压了他两万块", types=WAGES)
    talk.tap("add_on", "another")
    assert talk.out is not None and talk.out.record.status == "open"
    assert talk.out.record.value("story") == "我弟弟工地上也压了他两万块"


def test_a_typed_word_to_another_question_of_hers_lets_the_news_rest(desk: Desk) -> None:
    talk = a_filed_talk(desk)
    talk.say("老板昨天来找过我两回", types=WAGES)
    talk.desk.hear(talk.key, said("查进度"))
    talk.say("谢谢")
    assert talk.out is not None and talk.out.ask is None
