"""Claims about who takes part: 自然人, 法人, 非法人组织 on both sides, with and without an agent, and whose phone rings."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from builders import AT, WAGES, Interviewed, a_fact, a_record, an_interview
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.intake.application import NOT_FITTING, NOT_GIVEN, application
from bot.intake.document import card, document
from bot.intake.parties import first_call, legal_form, parties
from bot.intake.record import Consent, Record
from bot.intake.risk import grade

NAMES = {
    "natural": "李四",
    "legal": "宏达建材有限公司",
    "unincorporated": "正信律师事务所（普通合伙）",
}
KINDS = {"natural": "person", "legal": "organisation", "unincorporated": "organisation"}
PRINTED = {"natural": "自然人", "legal": "法人", "unincorporated": "非法人组织"}


def a_party(form: str) -> Any:
    return a_fact({"name": NAMES[form], "kind": KINDS[form]}, NAMES[form])


def told(applicant: str, respondent: str, agent: bool) -> Record:
    record = a_record(
        "debt", None, applicant_name=NAMES[applicant], phone="13800001234", counterpart=a_party(respondent)
    )
    if agent:
        record.facts["on_behalf"] = a_fact("other", "替别人或单位来说")
        record.facts["helper_name"] = a_fact("王小二")
        record.facts["helper_phone"] = a_fact("13900001234")
        record.facts["helper_relation"] = a_fact("staff", "单位的人")
        record.facts["helper_authority"] = a_fact("entrusted", "本人委托我办")
    return record


def on_paper(record: Record, **more: Any) -> dict[str, Any]:
    return application(record, knowledge.taxonomy(), an_interview().steps.questions(record), **more)


@pytest.mark.parametrize("agent", [True, False], ids=["agent", "in person"])
@pytest.mark.parametrize("respondent", NAMES)
@pytest.mark.parametrize("applicant", NAMES)
def test_every_kind_of_party_is_filed_shown_and_printed_as_what_it_is(
    applicant: str, respondent: str, agent: bool
) -> None:
    record = told(applicant, respondent, agent)
    record.consents.append(Consent("handover", True, "1", AT, None))
    matter = knowledge.taxonomy().matter("debt")
    filed = document(
        record, matter, receipt="FZ20261120-34679A", matter_no=1, filed_at=AT, colour=grade(record),
        transcript=[{"turn": 1, "who": "citizen", "at": AT, "text": "欠钱不还"}], taxonomy=knowledge.taxonomy(),
    )  # fmt: skip
    jsonschema.validate(filed, knowledge.record_schema())
    named = {party["role"]: party for party in filed["parties"]}
    assert set(named) == {"applicant", "respondent", *(["agent"] if agent else [])}
    assert (named["applicant"]["name"], named["applicant"]["form"]) == (NAMES[applicant], applicant)
    assert (named["respondent"]["name"], named["respondent"]["form"]) == (NAMES[respondent], respondent)
    if agent:
        assert (named["agent"]["name"], named["agent"]["phone"]) == ("王小二", "13900001234")
        assert (named["agent"]["relation"], named["agent"]["authority"]) == ("单位的人", "entrusted")
    rows = {row["fact"]: row for row in card(record, knowledge.taxonomy(), an_interview().steps.questions(record))}
    assert rows["applicant_name"]["shown"] == NAMES[applicant]
    assert ("call_first" in rows) is agent
    sheet = on_paper(record)
    assert (sheet["applicant"]["name"], sheet["applicant"]["form"]) == (NAMES[applicant], PRINTED[applicant])
    assert [(r["name"], r["form"]) for r in sheet["respondents"]] == [(NAMES[respondent], PRINTED[respondent])]
    assert (sheet["applicant"]["gender"] == NOT_FITTING) is (applicant != "natural")
    assert (sheet["agent"] is not None) is agent
    if agent:
        assert (sheet["agent"]["title"], sheet["agent"]["name"]) == ("委托代理人", "王小二")


@pytest.mark.parametrize(
    ("name", "kind", "form"),
    [
        ("王小二", "person", "natural"),
        ("老王面馆（个体工商户）", "organisation", "natural"),
        ("宏达建材有限公司", "organisation", "legal"),
        ("天华股份有限公司", "organisation", "legal"),
        ("宏达建材有限公司南浔分公司", "organisation", "unincorporated"),
        ("青山村村民委员会", "organisation", "legal"),
        ("绿野农机合作社", "organisation", "legal"),
        ("阳光小区业主委员会", "organisation", "unincorporated"),
        ("三兴合伙企业", "organisation", "unincorporated"),
        ("老王面馆", "organisation", None),
        ("仁和医院", "organisation", None),
        ("楼上那家", "unknown", None),
    ],
)
def test_what_a_name_does_not_tell_is_left_open(name: str, kind: str, form: str | None) -> None:
    assert legal_form(name, kind) == form


@pytest.mark.parametrize(
    ("authority", "role", "flagged"),
    [
        ("entrusted", "agent", False),
        ("guardian", "agent", False),
        ("typing", "helper", False),
        ("unaware", "helper", True),
    ],
)
def test_only_who_is_entrusted_or_guardian_acts_for_her(authority: str, role: str, flagged: bool) -> None:
    from bot.intake.document import flags

    record = told("natural", "natural", agent=True)
    record.facts["helper_authority"] = a_fact(authority)
    assert parties(record)[1]["role"] == role
    assert ("applicant_unaware" in flags(record)) is flagged


# —— whose telephone rings first ——


def called(**changes: Any) -> tuple[str, str | None]:
    record = told("natural", "natural", agent=True)
    for key, value in changes.items():
        record.facts.pop(key, None)
        if value is not None:
            record.facts[key] = a_fact(value)
    call = first_call(record)
    return call["who"], call["phone"]


def test_the_applicant_is_called_because_it_is_her_matter() -> None:
    assert called() == ("applicant", "13800001234")


def test_the_helper_is_called_where_the_applicant_has_no_telephone() -> None:
    assert called(phone=None) == ("helper", "13900001234")


def test_the_guardian_is_called() -> None:
    assert called(helper_authority="guardian") == ("helper", "13900001234")


def test_what_she_says_decides_who_is_called() -> None:
    assert called(call_first="helper") == ("helper", "13900001234")
    assert called(call_first="applicant", helper_authority="guardian") == ("applicant", "13800001234")


def test_without_a_helper_nobody_else_is_called() -> None:
    record = told("natural", "natural", agent=False)
    record.facts["helper_phone"] = a_fact("13900001234")
    assert first_call(record)["phone"] == "13800001234"


# —— telling it for another ——

STORY = "我替我妈问的，她在晋城高平一个工地给人做饭，包工头老赵欠她三万二工资"


def helping(until: str, story: str = STORY) -> Interviewed:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say(story, types=WAGES)
    return talk.until(until)


def values(talk: Interviewed, *keys: str) -> list[Any]:
    return [talk.record.value(key) for key in keys]


def test_who_asks_for_her_mother_is_her_child_and_says_nothing_of_the_other_side() -> None:
    talk = helping("helper_name")
    assert values(talk, "on_behalf", "helper_relation", "relation") == ["other", "child", None]


def test_the_helpers_own_name_and_number_are_not_the_applicants() -> None:
    talk = helping("helper_name")
    talk.say("我叫李小梅，是她女儿，电话13800002222")
    assert values(talk, "helper_name", "helper_phone", "helper_relation") == ["李小梅", "13800002222", "child"]
    assert values(talk, "applicant_name", "phone") == [None, None]


@pytest.mark.parametrize("answer", ["我妈叫张桂芳，她没有手机，打我的就行", "张桂芳，留我的电话", "张桂芳，没有手机"])
def test_a_mother_without_a_telephone_is_reached_by_her_daughters(answer: str) -> None:
    talk = helping("helper_name")
    talk.say("我叫李小梅，电话13800002222")
    talk.until("applicant_name").say(answer)
    assert values(talk, "applicant_name", "phone") == ["张桂芳", None]
    assert talk.record.blanks["phone"] == "none"
    assert first_call(talk.record) == {"who": "helper", "name": "李小梅", "phone": "13800002222", "safe_time": None}
    assert talk.record.signs == []


def test_a_helper_to_be_called_who_gave_no_number_is_asked_for_it() -> None:
    talk = helping("helper_name")
    talk.say("李小梅")
    talk.until("applicant_name").say("张桂芳，没有手机，打我的就行")
    assert talk.out.ask == "helper_phone"
    talk.say("13800002222")
    assert (talk.out.ask, first_call(talk.record)["phone"]) == ("card", "13800002222")


def test_two_numbers_go_to_two_people() -> None:
    talk = helping("helper_name")
    talk.say("李小梅，13800002222")
    talk.until("applicant_name").say("张桂芳，13900001234")
    assert values(talk, "helper_phone", "phone") == ["13800002222", "13900001234"]


def test_a_name_told_before_it_was_known_for_whom_is_the_helpers() -> None:
    talk = helping("wanted", "老板欠工资三万二不给，我叫李小梅，我的电话13800002222，在晋城高平干的活")
    assert values(talk, "on_behalf") == ["self"]
    talk.say("替我妈说的")
    assert values(talk, "helper_name", "helper_phone") == ["李小梅", "13800002222"]
    assert values(talk, "on_behalf", "applicant_name", "phone", "wanted") == ["other", None, None, None]


@pytest.mark.parametrize(
    ("answer", "authority"),
    [
        ("她让我来的", "entrusted"),
        ("知道的", "entrusted"),
        ("我妈知道", "entrusted"),
        ("她还不知道", "unaware"),
        ("没告诉她", "unaware"),
        ("她不同意", "unaware"),
        ("我就帮她打字，她在旁边坐着", "typing"),
        ("孩子还小，我是监护人", "guardian"),
    ],
)
def test_the_authority_is_heard_as_people_say_it(answer: str, authority: str) -> None:
    assert helping("helper_authority").say(answer).record.value("helper_authority") == authority


def test_a_firm_is_an_applicant_too() -> None:
    talk = helping("applicant_name", "我们公司的货款三万二对方一直不给，在晋城高平")
    talk.say("高平市宏达建材有限公司，电话13900001234")
    assert talk.record.value("applicant_name") == "高平市宏达建材有限公司"
    assert parties(talk.record)[0]["form"] == "legal"


# —— the form ——


def test_the_form_keeps_her_words_beside_what_they_come_to() -> None:
    record = a_record("land", "land_transfer", amount=a_fact(32_000, "32,000元", "三万二"))
    record.facts["since"] = a_fact({}, "2026年1月19日到2026年2月16日", "去年腊月")
    record.facts["land_mu"] = a_fact(3.5, "3.5亩", "三亩半地")
    record.facts["rent_per_mu"] = a_fact(None, "一亩八百斤稻谷", "一亩八百斤稻谷")
    lines = {line["label"]: line["text"] for line in on_paper(record)["facts"]}
    assert lines["涉及金额"] == "32,000元（原话“三万二”）"
    assert lines["从什么时候开始"] == "2026年1月19日到2026年2月16日（原话“去年腊月”）"
    assert lines["地有多少亩"] == "3.5亩（原话“三亩半地”）"
    assert lines["每亩租金"] == "一亩八百斤稻谷"


def test_asked_and_not_told_is_not_given_and_not_asked_is_left_to_write_on() -> None:
    record = a_record("debt", None, applicant_name="李四")
    record.leave_blank("phone", "declined")
    record.leave_blank("wanted", "unclear")
    record.unread["wanted"] = "反正要个说法"
    sheet = on_paper(record)
    assert (sheet["applicant"]["phone"], sheet["applicant"]["gender"]) == (NOT_GIVEN, "")
    assert sheet["wanted"] == "反正要个说法"
    assert sheet["respondents"][0]["name"] == ""


def test_violence_and_safe_times_are_not_on_a_sheet_that_lies_about() -> None:
    record = a_record("family", None, violence_now=a_fact("now", "现在还有"), safe_time="晚上八点他不在家")
    assert "他不在家" not in str(on_paper(record)) and "现在还有" not in str(on_paper(record))


@given(st.text(max_size=600), st.text(min_size=1, max_size=40))
def test_any_words_of_hers_fit_the_form(story: str, name: str) -> None:
    record = a_record("debt", None, applicant_name=a_fact(name, name, name))
    record.facts["story"] = a_fact(story, story or "x", story or "x")
    sheet = on_paper(record, sent=[name])
    assert sheet["applicant"]["name"] == name
    assert len(sheet["events"]) <= 440
