"""Claims about wishes beside the interview: what is recognised, what is not, and the questions that belong to them."""

from __future__ import annotations

import doctest

import pytest
from builders import WAGES, Interviewed
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import errands
from bot.intake.errands import CONSENTS, ERRANDS, WISHES, last_four_in, receipt_in
from bot.intake.record import Record

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
RECEIPT = "FZ20261120-34679A"
SAID = {
    "progress": ["查一下我的受理号", "帮我查一下进度", "办到哪了", "我想问一下进展", "现在到哪一步了？", "有消息了吗"],
    "supplement": ["我要补充", "我还要补充一点", "我想再补充几句：老板昨天又来了", "补充"][:3],
    "withdraw": ["撤回申请", "我要撤回申请", "帮我把登记撤了吧", "我不调解了，撤了吧", "取消登记"],
    "take_back": ["撤回同意", "我要撤回病情的同意", "收回授权", "撤回移交的同意", "现在不同意交给调委会了"],
    "held": ["查看我的资料", "你们存了我什么信息", "看看我的信息", "我的资料交给谁了", "这里都记了我哪些资料？"],
    "export": ["导出", "导出我的资料", "把我的资料导出来", "下载我的记录", "给我复制一份"],
    "another_device": ["换个手机接着说", "我想换个手机接着说", "换台电脑继续", "给我个短码", "能用别的手机接着说吗"],
}
STORIES = (
    "我去劳动局查进度，他们说还在办，老板一直不给钱",
    "我撤回申请以后老板又反悔了，现在不认账",
    "物业把我的资料给了别人，天天有人打电话推销",
    "他换了个手机接着骗我，借我两万不还",
    "邻居同意让我过路，后来又撤回同意，把路堵了",
    "我要补办房产证，开发商不给",
)


def filed_talk() -> Interviewed:
    """A talk whose record was filed."""
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    talk.until(None)
    talk.record.status, talk.record.receipt, talk.record.asked = "filed", RECEIPT, None
    return talk


def wishes(talk: Interviewed) -> list[str]:
    return [wish.kind for wish in talk.out.wishes]


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, said in SAID.items() for words in said])
def test_a_wish_is_recognised_in_plain_words_after_filing(kind: str, words: str) -> None:
    talk = filed_talk()
    talk.say(words)
    began = talk.record.errand or (wishes(talk)[0] if talk.out.wishes else "")
    assert began.removesuffix("_sure") == kind or wishes(talk)[:1] in ([kind], [f"{kind}_asked"])


@pytest.mark.parametrize("story", STORIES)
def test_a_story_that_speaks_of_such_things_is_no_wish(story: str) -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(story, types=WAGES)
    assert talk.out.wishes == [] and talk.record.errand is None
    assert talk.record.facts["story"].value == story


@pytest.mark.parametrize("kind", sorted(set(WISHES) - {"withdraw"}))
def test_a_wish_in_the_middle_leaves_the_open_question_open(kind: str) -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    asked, facts = talk.out.ask, dict(talk.record.facts)
    talk.say(SAID[kind][0])
    if talk.record.errand is not None:
        talk.say("算了")
    assert talk.record.errand is None
    assert talk.interview.steps.next_step(talk.record) == asked
    assert dict(talk.record.facts) == facts


def test_what_the_model_is_sure_of_is_a_wish_only_in_short_words_and_never_in_the_story() -> None:
    talk = filed_talk()
    talk.say("我那单子眼下啥情形", act="progress", act_confidence=0.9)
    assert wishes(talk) == ["progress"]
    fresh = Interviewed()
    fresh.tap("privacy_consent", "yes")
    fresh.say("我那单子眼下啥情形", act="progress", act_confidence=0.9)
    assert fresh.out.wishes == []


def test_while_she_is_asked_whether_she_is_safe_no_guess_interrupts() -> None:
    """Found by a replay: "我现在没事了" was `progress` at 0.83."""
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我不想活了")
    assert talk.out.ask == "safe_now"
    talk.say("我现在没事了", act="progress", act_confidence=0.95)
    assert talk.out.wishes == [] and talk.out.ask != "safe_now"


def test_a_danger_is_answered_before_a_wish() -> None:
    talk = filed_talk()
    talk.say("我要补充")
    talk.say("我不想活了")
    assert talk.responses[0] == "utter_danger_self_harm"
    assert wishes(talk) == ["supplement"]


# —— receipt and digits ——


@given(st.integers(0, 9999), st.sampled_from(["尾号{}", "后四位是{}", "{}", "手机1380000{}", "，{}。"]))
def test_receipt_and_digits_are_told_apart_however_they_are_written(number: int, way: str) -> None:
    digits = f"{number:04d}"
    for receipt in (RECEIPT, RECEIPT.lower(), "ＦＺ20261120－34679Ａ", "FZ 20261120 34679a"):
        text = f"我的受理号{receipt} {way.format(digits)}"
        assert receipt_in(text) == RECEIPT
        assert last_four_in(text) == digits


def test_a_receipt_alone_has_no_digits_of_a_phone() -> None:
    assert last_four_in(f"受理号是{RECEIPT}") is None
    assert receipt_in("我登记过，号码是20261120") is None


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(errands).failed == 0


def test_half_of_the_pair_is_kept_until_the_other_half_comes() -> None:
    talk = filed_talk()
    talk.say(RECEIPT)
    talk.say("1234")
    assert dict(talk.out.wishes[0].fill) == {"receipt": RECEIPT, "last_four": "1234"}


# —— questions of a wish ——


def test_withdrawing_asks_first_and_no_leaves_everything() -> None:
    talk = filed_talk()
    talk.say("撤回申请")
    assert (talk.out.ask, wishes(talk)) == ("withdraw", ["withdraw_asked"])
    talk.say("不撤了")
    assert (talk.out.ask, wishes(talk)) == (None, [])
    talk.say("撤回申请")
    talk.tap("withdraw", "yes")
    assert wishes(talk) == ["withdraw"]


def test_an_old_button_of_a_wish_does_nothing_by_itself() -> None:
    for step in ERRANDS:
        talk = filed_talk()
        talk.tap(step, "yes")
        assert talk.out.wishes == []


def test_each_consent_is_taken_back_alone_and_only_after_a_yes() -> None:
    for kind in CONSENTS:
        talk = filed_talk()
        talk.say("撤回同意")
        assert talk.out.ask == "take_back"
        assert {"privacy", "handover", "no"} == {choice.value for choice in talk.out.choices}
        talk.tap("take_back", kind)
        assert (talk.out.ask, wishes(talk)) == ("take_back_sure", ["take_back_asked"])
        talk.tap("take_back_sure", "yes")
        assert [dict(wish.fill) for wish in talk.out.wishes] == [{"consent": kind}]


def test_words_about_something_else_let_a_wish_rest() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    asked = talk.out.ask
    talk.say("撤回同意")
    talk.say("宏达建材有限公司")
    assert talk.record.errand is None
    assert asked == "counterpart" and talk.record.value("counterpart")["name"] == "宏达建材有限公司"


def test_before_filing_more_words_are_more_of_the_story() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    asked = talk.out.ask
    talk.say("我要补充")
    talk.say("我要补充：老板还扣了押金不退")
    assert talk.out.wishes == [] and talk.record.errand is None and talk.out.ask == asked
    assert talk.record.facts["story"].value == f"{STORY}\n老板还扣了押金不退"


def test_withdrawing_before_filing_asks_whether_to_keep_or_delete() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(STORY, types=WAGES)
    talk.say("撤回申请")
    assert talk.out.ask == "leave"


# —— amendments ——


def test_a_correction_after_filing_is_an_amendment_with_old_and_new() -> None:
    talk = filed_talk()
    confirmed, consents = talk.record.confirmed_at, list(talk.record.consents)
    talk.say("金额不对，是三万五")
    (wish,) = talk.out.wishes
    assert wish.kind == "amend" and wish.fill["fact"] == "amount"
    assert (wish.fill["old"]["value"], wish.fill["new"]["value"]) == (32000, 35000)
    assert (talk.record.confirmed_at, talk.record.consents, talk.record.status) == (confirmed, consents, "filed")


def test_a_row_of_the_card_is_tapped_and_answered_after_filing_too() -> None:
    talk = filed_talk()
    talk.tap("card", "edit:amount")
    assert talk.out.ask == "amount"
    talk.say("四万")
    assert [wish.fill["new"]["value"] for wish in talk.out.wishes] == [40000]
    assert talk.out.ask is None


def test_a_new_number_in_plain_words_after_filing_is_an_amendment_and_a_question_is_not() -> None:
    talk = filed_talk()
    talk.say("我的电话是13900001111")
    assert [wish.fill["fact"] for wish in talk.out.wishes] == ["phone"]
    talk.say("对方电话是多少？")
    assert talk.out.wishes == []


def test_a_record_with_an_open_wish_is_read_back_the_same() -> None:
    record = Record(errand="take_back_sure", errand_about="health")
    assert Record.from_dict(record.to_dict()) == record
