"""Claims about safety mode: one screen from data, at her pace, honest answers, the duty to report."""

from __future__ import annotations

import pytest
from builders import NOW, WAGES, Interviewed, a_fact, a_record, said

from bot import knowledge
from bot.intake.document import flags
from bot.intake.record import Record
from bot.intake.safety import at_risk
from bot.intake.steps import Guess

FAMILY = (Guess("family", "marriage", 0.9),)
SAFETY = knowledge.safety()


def told(*kinds: str, words: str = "原话", **more: object) -> Record:
    record = a_record("family", "marriage", **more)
    record.signs = [
        {"kind": kind, "words": words, "turn": 1, "when": "now", "who": "他", "by": "rules"} for kind in kinds
    ]
    return record


def numbers(record: Record) -> list[str]:
    screen = SAFETY.screen(record)
    assert screen is not None
    return [call["number"] for call in screen["calls"]]


def a_talk(story: str, *, types: tuple[Guess, ...] = FAMILY) -> Interviewed:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(story, types=types)
    return talk


# —— the screen ——


def test_after_a_blow_the_police_come_first_and_the_womens_line_with_an_honest_word_about_its_hours() -> None:
    record = told("violence")
    assert numbers(record)[0] == "110"
    assert {"12338", "12356"} <= set(numbers(record))
    screen = SAFETY.screen(record)
    assert screen is not None
    assert "上班时间" in next(call["note"] for call in screen["calls"] if call["number"] == "12338")


def test_the_protection_order_is_told_in_three_lines_with_who_may_go_for_her() -> None:
    screen = SAFETY.screen(told("violence"))
    assert screen is not None
    order = next(part for part in screen["parts"] if "保护令" in part["head"])
    assert len(order["lines"]) == 3
    for who in ("近亲属", "派出所", "妇联", "居", "救助站"):
        assert who in "".join(order["lines"])
    assert "72" in "".join(order["lines"])
    assert any("庇护" in line for part in screen["parts"] for line in part["lines"])


def test_after_words_of_suicide_the_help_line_comes_first_and_no_law_is_read_out() -> None:
    screen = SAFETY.screen(told("self_harm"))
    assert screen is not None
    assert numbers(told("self_harm")) == ["12356", "120", "110"]
    assert screen["parts"] == []


def test_a_child_in_danger_brings_the_line_for_the_young() -> None:
    assert "12355" in numbers(told("minor"))


@pytest.mark.parametrize("kind", ["group", "utility_cut", "death"])
def test_a_cut_a_crowd_or_a_death_alone_is_no_safety_mode(kind: str) -> None:
    assert not at_risk(told(kind))
    assert SAFETY.screen(told(kind)) is None


def test_a_blow_tapped_on_a_button_is_safety_mode_too() -> None:
    record = a_record("family", "marriage", violence_now=a_fact("now", "现在还有"))
    assert numbers(record)[0] == "110"


def test_a_number_that_is_changed_in_the_data_changes_on_the_screen() -> None:
    from bot.intake.safety import Safety

    line = {"order": 1, "number": "999", "name": "试", "for": "试", "safety": {"violence": 1}}
    screen = Safety([line], []).screen(told("violence"))
    assert screen == {"calls": [{"number": "999", "name": "试", "for": "试", "note": None}], "parts": []}


# —— what is asked, and what the mediator sees ——


def test_who_is_in_danger_is_asked_when_and_how_to_reach_her() -> None:
    talk = Interviewed()
    asked = talk.interview.steps.questions(told("violence"))
    assert asked[-2:] == ["safe_contact", "safe_time"]
    assert "safe_contact" not in talk.interview.steps.questions(a_record("wages", "wage_arrears"))


def test_a_message_that_must_say_nothing_is_heard_in_her_words() -> None:
    talk = Interviewed(record=told("violence"))
    ear, spec = talk.interview.ear, talk.taxonomy.facts["safe_contact"]
    found = ear.answer(spec, "短信里别写内容", NOW.date(), "", ())
    assert found.value is not None and found.value.value == "blank_message"


@pytest.mark.parametrize(
    "words", ["他打我奶奶，奶奶老年痴呆认不得人", "护工打我弟弟，他有智力残疾", "瘫痪在床的老娘被他掐"]
)
def test_a_blow_to_somebody_who_cannot_look_after_herself_is_to_be_reported(words: str) -> None:
    record = told("violence", story=a_fact(words))
    assert "duty_to_report" in flags(record)
    banner = next(b for b in SAFETY.banners(record, flags(record)) if b["flag"] == "duty_to_report")
    assert banner["rule"] == "R42" and banner["words"] and banner["turn"] == 1


def test_a_hurt_child_is_to_be_reported_and_the_banner_quotes_the_words() -> None:
    record = told("violence", "minor", words="孩子被打")
    banners = {banner["flag"]: banner for banner in SAFETY.banners(record, flags(record))}
    assert banners["duty_to_report"]["words"] == "孩子被打"
    assert banners["no_face_to_face_first"]["rule"] == "R40"


def test_an_old_person_without_a_blow_is_no_matter_for_the_police() -> None:
    record = a_record("family", "elder_support", story=a_fact("我妈老年痴呆，大哥不肯出钱"))
    assert "duty_to_report" not in flags(record)


# —— at her pace ——


def test_after_words_of_suicide_short_cries_never_bring_the_questions_back() -> None:
    talk = a_talk("老公在外面有人了，我不想活了")
    assert talk.out.ask == "safe_now"
    for cry in ("我好累", "没人在乎我", "孩子也不理我", "嗯", "算了", "我不知道", "你不懂", "……"):
        assert talk.say(cry).ask == "safe_now", cry
    assert talk.say("我好多了，接着说吧").ask == "place"


def test_after_words_of_suicide_she_goes_on_when_she_tells_on() -> None:
    talk = a_talk("老公在外面有人了，我不想活了")
    talk.say("他外面有人三年了，房子也转到他弟弟名下了", types=FAMILY)
    assert talk.say("我要离婚，孩子跟我，房子要分我一半", types=FAMILY).ask != "safe_now"


def test_the_answer_to_the_question_before_the_danger_goes_on_at_once() -> None:
    talk = a_talk("他昨天又打我了")
    assert talk.out.ask == "safe_now"
    talk.say("浙江省湖州市南浔区")
    assert talk.out.ask != "safe_now" and talk.record.said("place")


def test_a_question_on_mediation_is_answered_while_she_is_listened_to() -> None:
    talk = a_talk("他昨天又打我了")
    talk.say("调解要钱吗", act="faq", act_confidence=0.9, faq="cost")
    assert "utter_faq/cost" in talk.responses and talk.out.ask == "safe_now"


def test_no_type_is_announced_while_her_safety_is_open() -> None:
    assert not any("understood" in name for name in a_talk("他昨天又打我了").responses)


def test_a_blow_that_was_told_beside_a_threat_is_not_asked_about_again() -> None:
    talk = a_talk("我老公昨晚又打我了，拿着刀说要杀了我")
    assert talk.record.value("violence_now") == "now"


# —— honest answers ——


@pytest.mark.parametrize(
    "asked",
    [
        "你们会不会告诉我爸妈",
        "能不能别让我妈知道",
        "会跟老师说吗",
        "会打电话给我爸吗",
        "别告诉我家里人",
        "我爸会知道吗",
    ],
)
def test_a_child_who_asks_whether_her_parents_will_be_told_gets_her_own_honest_answer(asked: str) -> None:
    talk = a_talk("我14岁，我爸老打我")
    talk.say(asked)
    assert "utter_who_learns_child" in talk.responses
    assert talk.out.ask == "safe_now"


@pytest.mark.parametrize("asked", ["会不会让我老公知道", "你们会联系他吗", "别让他发现", "婆婆会不会知道"])
def test_a_wife_who_asks_whether_he_will_learn_of_it_gets_an_honest_answer(asked: str) -> None:
    talk = a_talk("我老公昨晚又打我了")
    talk.say(asked)
    assert "utter_who_learns" in talk.responses


@pytest.mark.parametrize(
    "told_", ["他不告诉我钱去哪了", "老板跟工头说好了不给钱", "我找他要钱他不理", "物业没有通知业主就涨价了"]
)
def test_a_story_is_not_taken_for_the_question_who_will_learn_of_it(told_: str) -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(told_, types=WAGES)
    assert not any("who_learns" in name for name in talk.responses)


def test_told_and_asked_in_one_breath_is_answered_and_kept() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.hear(said("我读初二，我爸打我，你们会不会告诉我妈", types=FAMILY))
    assert "utter_who_learns_child" in talk.responses
    assert "story" in talk.record.facts
