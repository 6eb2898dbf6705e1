"""Claims about the three views of a record: the read-back card, the filed document, the result."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from builders import AT, BODY, OTHER_BODY, Interviewed, a_fact, a_record, an_interview

from bot import knowledge
from bot.intake.document import card, document, flags, parties, result
from bot.intake.record import BLANKS, Consent, Record
from bot.intake.risk import grade

RECEIPT = "FZ20261120-34679A"
KINDS = {"person": "王小二", "organisation": "宏达建材有限公司"}


def a_party(kind: str) -> Any:
    return a_fact({"name": KINDS[kind], "kind": kind}, KINDS[kind])


def rows(record: Record) -> list[dict[str, Any]]:
    return card(record, knowledge.taxonomy(), an_interview().steps.questions(record))


def filed(record: Record) -> dict[str, Any]:
    assert record.type is not None
    matter = knowledge.taxonomy().matter(record.type, record.subtype)
    return document(
        record,
        matter,
        receipt=RECEIPT,
        matter_no=1,
        filed_at=AT,
        colour=grade(record),
        transcript=[{"turn": 1, "who": "citizen", "at": AT, "text": "老板不给工资"}],
        taxonomy=knowledge.taxonomy(),
    )


def finished(matter: str = "wages/wage_arrears") -> Record:
    """A record walked through to filing."""
    return Interviewed().until(None, matter).record


# —— the card ——


def test_the_card_begins_with_the_type_and_follows_the_order_of_the_questions() -> None:
    record = finished()
    shown = [row["fact"] for row in rows(record)]
    assert shown[0] == "type"
    asked = [fact for fact in an_interview().steps.questions(record) if fact in record.facts]
    assert [fact for fact in shown if fact in asked] == asked


def test_the_card_shows_every_fact_once() -> None:
    record = finished()
    shown = [row["fact"] for row in rows(record)]
    assert len(shown) == len(set(shown))
    assert set(record.facts) <= set(shown)


def test_the_card_quotes_her_words_only_where_they_differ() -> None:
    amount, name = a_fact(32_000, "32,000元", "三万二"), a_fact("李四", "李四", "李四")
    by_fact = {row["fact"]: row for row in rows(a_record("wages", amount=amount, applicant_name=name))}
    assert (by_fact["amount"]["shown"], by_fact["amount"]["words"]) == ("32,000元", "三万二")
    assert by_fact["applicant_name"]["words"] == ""


@pytest.mark.parametrize("why", sorted(BLANKS))
def test_a_blank_is_shown_as_a_blank_with_its_reason(why: str) -> None:
    record = a_record("wages", "wage_arrears")
    record.leave_blank("wanted", why)
    row = next(row for row in rows(record) if row["fact"] == "wanted")
    assert row["blank"] is True
    assert row["shown"] == BLANKS[why]


def test_a_question_not_asked_yet_has_no_row() -> None:
    assert "amount" not in [row["fact"] for row in rows(a_record("wages", "wage_arrears"))]


def test_a_fact_that_could_not_be_read_is_shown_in_her_words() -> None:
    record = a_record("wages")
    record.leave_blank("amount", "unclear")
    record.unread["amount"] = "反正挺多的"
    row = next(row for row in rows(record) if row["fact"] == "amount")
    assert (row["words"], row["blank"]) == ("反正挺多的", True)


def test_facts_heard_together_stand_together() -> None:
    record = a_record("wages", "wage_arrears", counterpart=a_party("person"), counterpart_contact="13800001234")
    shown = [row["fact"] for row in rows(record)]
    assert shown.index("counterpart_contact") == shown.index("counterpart") + 1


def test_the_card_without_a_type_still_shows_what_was_told() -> None:
    assert [row["fact"] for row in rows(a_record(story="老板不给工资"))] == ["story"]


def test_the_official_details_are_offered_on_the_card_and_say_that_they_are_empty() -> None:
    row = rows(a_record("wages", "wage_arrears"))[-1]
    assert (row["fact"], row["blank"]) == ("applicant_details", True)


def test_evidence_that_nobody_asked_for_is_an_honest_blank_to_tap() -> None:
    row = next(row for row in rows(a_record("wages", "wage_arrears")) if row["fact"] == "evidence")
    assert row["blank"]
    told = rows(a_record("wages", "wage_arrears", evidence="欠条"))
    assert [(row["shown"], row["blank"]) for row in told if row["fact"] == "evidence"] == [("欠条", False)]


# —— parties ——


@pytest.mark.parametrize("agent", [True, False], ids=["agent", "in person"])
@pytest.mark.parametrize("respondent", [*KINDS, None])
@pytest.mark.parametrize("contractor", [*KINDS, None])
def test_parties_of_every_kind_stand_with_their_role(
    respondent: str | None, contractor: str | None, agent: bool
) -> None:
    record = a_record("wages", "wage_arrears", applicant_name="李四", phone="13800001234")
    if respondent:
        record.facts["counterpart"] = a_party(respondent)
        record.facts["counterpart_contact"] = a_fact("13900001234")
    if contractor:
        record.facts["general_contractor"] = a_party(contractor)
    if agent:
        record.facts["on_behalf"] = a_fact("other", "替别人来说")
        record.facts["helper_name"] = a_fact("李小四")
        record.facts["helper_relation"] = a_fact("child", "子女")
        record.facts["helper_authority"] = a_fact("entrusted", "本人委托我办")
    named = {party["role"]: party for party in parties(record)}
    assert (named["applicant"]["name"], named["applicant"]["phone"]) == ("李四", "13800001234")
    assert ("agent" in named) is agent
    if agent:
        assert (named["agent"]["name"], named["agent"]["relation"], named["agent"]["phone"]) == ("李小四", "子女", None)
    assert ("respondent" in named) is (respondent is not None)
    if respondent:
        assert (named["respondent"]["kind"], named["respondent"]["phone"]) == (respondent, "13900001234")
    assert ("general_contractor" in named) is (contractor is not None)
    if contractor:
        assert (named["general_contractor"]["kind"], named["general_contractor"]["phone"]) == (contractor, None)


def test_contractor_subcontractor_and_crew_boss_are_separate_parties() -> None:
    record = a_record("wages", "wage_arrears")
    for key in ("counterpart", "general_contractor", "subcontractor", "crew_boss"):
        record.facts[key] = a_party("person")
    assert [party["role"] for party in parties(record)] == [
        "applicant",
        "respondent",
        "general_contractor",
        "subcontractor",
        "crew_boss",
    ]


def test_the_hospital_is_the_other_side_of_a_medical_dispute() -> None:
    record = a_record("medical", hospital=a_party("organisation"))
    assert parties(record)[1]["role"] == "respondent"


def test_a_counterpart_known_only_by_unread_words_is_not_made_a_party() -> None:
    record = a_record("wages", counterpart=a_fact(None, "不晓得叫啥"))
    assert [party["role"] for party in parties(record)] == ["applicant"]


def test_what_was_not_said_of_the_applicant_is_none() -> None:
    applicant = parties(a_record("wages"))[0]
    assert {key: value for key, value in applicant.items() if key not in ("role", "kind")} == dict.fromkeys(
        ["form", "name", "phone", "gender", "age", "ethnicity", "occupation", "address"]
    )


# —— the document ——


@pytest.mark.parametrize("key", sorted(k for k, m in knowledge.taxonomy().matters.items() if not m.another_door))
def test_a_finished_interview_gives_a_lawful_document(key: str) -> None:
    jsonschema.validate(filed(finished(key)), knowledge.record_schema())


def test_nothing_is_invented_in_the_document() -> None:
    record = a_record("wages", "wage_arrears", story="老板不给工资")
    record.consents.append(Consent("handover", True, "1", AT, None))
    document_ = filed(record)
    assert document_["place"] is None
    assert document_["committee"] is None
    assert document_["health_facts_consented"] is None
    assert set(document_["facts"]) == {"story"}


def test_the_document_keeps_words_turn_and_earlier_values() -> None:
    record = a_record("wages", amount=a_fact(32_000, "32,000元", "三万二"))
    record.write("amount", a_fact(35_000, "35,000元", "三万五", turn=4, source="correction"))
    kept = filed(record)["facts"]["amount"]
    assert (kept["value"], kept["words"], kept["turn"], kept["source"]) == (35_000, "三万五", 4, "correction")
    assert kept["earlier"][0]["words"] == "三万二"


def test_the_document_is_a_copy() -> None:
    record = finished()
    document_ = filed(record)
    document_["facts"]["amount"]["value"] = 1
    document_["blanks"]["amount"] = "unknown"
    assert record.value("amount") == 32_000
    assert "amount" not in record.blanks


@pytest.mark.parametrize(
    ("facts", "kinds", "flag"),
    [
        ({"handled_before": "court"}, (), "handled_elsewhere"),
        ({"handled_before": "police"}, (), "handled_elsewhere"),
        ({}, ("violence",), "no_face_to_face_first"),
        ({"violence_now": "now"}, (), "no_face_to_face_first"),
        ({}, ("violence", "minor"), "duty_to_report"),
        ({"people": 10}, (), "joint_case"),
    ],
)
def test_the_mediator_is_flagged_what_to_look_at_first(
    facts: dict[str, Any], kinds: tuple[str, ...], flag: str
) -> None:
    record = a_record("family", "marriage", **facts)
    record.signs = [{"kind": kind, "words": "原话", "turn": 1, "when": "now"} for kind in kinds]
    assert flag in flags(record)


def test_a_plain_case_has_no_flags() -> None:
    assert flags(a_record("wages", "wage_arrears", handled_before="none", people=9)) == []


# —— the result ——


def test_the_result_says_who_why_what_to_bring_and_where_else() -> None:
    record = finished()
    shown = result(filed(record), knowledge.taxonomy().matter("wages", "wage_arrears"))
    assert shown["committee"]["id"] == BODY["id"]
    assert shown["alternatives"] == [OTHER_BODY]
    assert shown["reasons"] and shown["bring"] and shown["doors"]
    assert shown["receipt"] == RECEIPT


def test_the_result_names_at_most_two_alternatives() -> None:
    record = finished()
    record.routing = {"alternatives": [OTHER_BODY] * 5}
    assert len(result(filed(record), knowledge.taxonomy().matter("wages"))["alternatives"]) == 2
