"""Claims about the state machine of a case: what is lawful, where its history leads, what ends, what a form may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from builders import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot import knowledge
from bot.intake.calendar_file import calendar_file
from bot.intake.cases import ACTS, CLOSED, CONFIRM_DAYS, RUNNING, STATUSES, Standing, Unlawful, lawful, lawful_acts
from bot.intake.course import Course, Done, course, ends
from bot.intake.particulars import Setting, Unclear, particulars
from bot.intake.tidings import tidings

CHOICES = knowledge.choices()
SETTING = Setting(NOW, NOW - timedelta(days=5), (), CHOICES)
BODY = {"id": "nx", "name": "南浔区调委会（示例）", "phone": "0572-0000001"}
TODAY = NOW.date().isoformat()
#: A form for each act that would be taken in the right status.
FORMS: dict[str, dict[str, str]] = {
    "refuse": {"reason": "court"},
    "ask": {"words": "欠条在谁手里？"},
    "answer": {"way": "phone", "why": "在我手里"},
    "transfer": {"way": "phone", "why": "同意"},
    "decline": {"way": "door", "why": "不同意"},
    "appoint": {"day": "2026-11-25", "time": "09:00", "way": "here", "where": "村委会二楼"},
    "meet": {"day": TODAY, "came": "双方", "why": "差两千"},
    "agree": {"form": "written", "terms": "月底前付清", "amount": "32000", "day": TODAY, "due": "2026-12-31"},
    "end": {"reason": "gone"},
    "perform": {"result": "performed", "day": TODAY},
    "confirm": {"step": "applied", "day": TODAY},
    "visit": {"day": TODAY, "way": "phone", "satisfied": "yes"},
}


def a_document(subtype: str | None = "wage_arrears", **more: Any) -> dict[str, Any]:
    matter = {"type": "wages", "subtype": subtype}
    return {"matter": matter, "committee": BODY, "receipt": "FZ20261120-34679A", "clocks": [], **more}


def told_of(act: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    return {"to": BODY} if act == "offer" else particulars(act, form or FORMS.get(act, {}), SETTING)


def after(*acts: str, document: dict[str, Any] | None = None) -> tuple[Course, list[Done]]:
    """A case after acts done one after the other. Raises Unlawful."""
    history = [Done(NOW, "citizen", "file", "filed", None, None)]
    for act in acts:
        now = course(history)
        status = lawful(act, now.standing(document or a_document()), "说明")
        history.append(Done(NOW, "王芳", act, status, "说明", None, told_of(act)))
    return course(history), history


# —— lawful ——


def test_a_case_goes_from_filed_to_closed() -> None:
    now, _ = after("accept", "appoint", "meet", "appoint", "agree", "confirm", "perform", "visit", "close")
    assert (now.status, now.outcome, now.performance, now.confirmation, now.satisfied) == (
        "closed", "agreed", "performed", "applied", "yes",
    )  # fmt: skip


@pytest.mark.parametrize(
    "acts",
    [
        ("refuse", "accept"),
        ("agree",),
        ("appoint",),
        ("accept", "refuse"),
        ("accept", "fail", "agree"),
        ("accept", "agree", "agree"),
        ("accept", "cancel"),
        ("accept", "appoint", "cancel", "cancel"),
        ("transfer",),
        ("ask", "transfer"),
        ("offer", "answer"),
        ("offer", "offer"),
        ("offer", "ask"),
        ("answer",),
        ("recall",),
        ("ask", "answer", "answer"),
        ("accept", "perform"),
        ("accept", "fail", "confirm"),
        ("accept", "close"),
        ("give_up", "accept"),
        ("accept", "agree", "perform", "close", "perform"),
        ("accept", "reopen"),
    ],
)
def test_an_act_out_of_turn_is_refused(acts: tuple[str, ...]) -> None:
    with pytest.raises(Unlawful):
        after(*acts)


def test_a_transfer_needs_a_reason_and_her_consent_and_begins_anew() -> None:
    with pytest.raises(Unlawful):
        lawful("offer", Standing("accepted", taken_up=True), " ")
    now, _ = after("accept", "appoint", "offer", "transfer")
    assert (now.status, now.accepted_at, now.session, now.pending) == ("filed", None, None, None)
    now, _ = after("accept", "offer", "decline")
    assert (now.status, now.pending) == ("accepted", None)


def test_a_reopened_case_goes_where_it_stood_and_its_history_stays() -> None:
    now, history = after("accept", "agree", "close", "reopen")
    assert (now.status, now.agreement, now.outcome) == ("accepted", None, None)
    assert [done.act for done in history] == ["file", "accept", "agree", "close", "reopen"]
    assert after("refuse", "reopen")[0].status == "filed"


def test_confirmation_is_for_thirty_days_and_not_for_divorce() -> None:
    agreed = Standing("agreed", taken_up=True, effective_on=date(2026, 11, 1))
    assert lawful("confirm", agreed, on=date(2026, 12, 1)) == "agreed"
    with pytest.raises(Unlawful):
        lawful("confirm", agreed, on=date(2026, 12, 2))
    with pytest.raises(Unlawful):
        lawful("confirm", replace(agreed, confirmable=False), on=date(2026, 11, 2))
    assert knowledge.rules()["R11"]["figure"]["days"] == CONFIRM_DAYS


def test_an_agreement_is_closed_once_its_performance_is_known_or_explained() -> None:
    agreed = Standing("agreed", taken_up=True)
    with pytest.raises(Unlawful):
        lawful("close", agreed, " ")
    assert lawful("close", agreed, "抚养费每月给，给到十八岁") == "closed"
    assert lawful("close", replace(agreed, performed=True)) == "closed"


def test_what_she_wants_deleted_is_kept_and_not_used() -> None:
    for status in STATUSES:
        allowed = set(lawful_acts(Standing(status, restricted=True)))
        assert allowed <= {"note", "end", "give_up", "close"}


class AnyCase(RuleBasedStateMachine):
    """Acts in any order: what is refused changes nothing, what is done only adds to the history."""

    def __init__(self) -> None:
        super().__init__()
        self.history = [Done(NOW, "citizen", "file", "filed", None, None)]
        self.kept = list(self.history)

    @rule(act=st.sampled_from(sorted(ACTS)), why=st.sampled_from(["", "说明"]))
    def try_to(self, act: str, why: str) -> None:
        now = course(self.history)
        standing = now.standing(a_document())
        on = NOW.date() if act == "confirm" else None
        try:
            status = lawful(act, standing, why, on)
        except Unlawful:
            assert act not in lawful_acts(standing) or not why
            return
        assert standing.status in ACTS[act].starts and (why or not ACTS[act].needs_why)
        self.history.append(Done(NOW, "王芳", act, status, why or None, None, told_of(act)))

    @invariant()
    def the_history_is_never_rewritten(self) -> None:
        assert self.history[: len(self.kept)] == self.kept
        self.kept = list(self.history)

    @invariant()
    def every_standing_is_lawful(self) -> None:
        now = course(self.history)
        assert now.status in STATUSES and now.status == self.history[-1].status
        if now.status in RUNNING:
            assert now.outcome is None and now.agreement is None
        if now.status in CLOSED:
            assert now.session is None and now.pending is None or now.status == "closed"
        if now.status != "filed" and now.status in RUNNING:
            assert now.accepted_at is not None
        if now.performance or now.confirmation:
            assert now.agreement is not None and now.accepted_at is not None
        if now.session is not None:
            assert now.status == "mediating"
        if now.pending is not None:
            assert now.status in RUNNING | {"agreed"}
        if [done.act for done in self.history][-1] == "transfer":
            asked = [done.act for done in self.history if done.act in ("offer", "recall", "decline", "transfer")]
            assert asked[-2:] == ["offer", "transfer"]


TestAnyCase = AnyCase.TestCase
TestAnyCase.settings = settings(max_examples=60)  # of fifty acts each


# —— what ends ——


def test_an_agreement_reminds_of_confirmation_performance_and_the_visit() -> None:
    now, _ = after("accept", "agree")
    found = {end.name: end.at.date() for end in ends(now, NOW, a_document())}
    assert found["confirm"] == NOW.date() + timedelta(days=30)
    assert found["perform"] == date(2026, 12, 31) and found["visit"] > found["perform"] and "due" not in found
    assert "confirm" not in {end.name for end in ends(now, NOW, a_document("marriage"))}
    now, _ = after("accept", "agree", "perform", "confirm")
    assert ends(now, NOW, a_document()) == []


def test_her_limits_elsewhere_end_too_while_the_case_runs() -> None:
    clock = {"id": "wage_arbitration", "label": "申请劳动仲裁", "state": "running", "earliest": "2026-12-01"}
    document = a_document(clocks=[clock, {**clock, "id": "x", "state": "passed"}])
    now, _ = after("accept")
    assert [end.name for end in ends(now, datetime(2026, 12, 20), document)] == ["wage_arbitration", "due"]
    assert ends(after("accept", "fail")[0], NOW, document) == []


# —— what a form may say ——


@pytest.mark.parametrize(
    ("act", "changed"),
    [
        ("refuse", {"reason": ""}),
        ("refuse", {"reason": "no_such"}),
        ("refuse", {"reason": "other", "why": " "}),
        ("appoint", {"day": "2026-11-19"}),
        ("appoint", {"day": "2026-11-20", "time": "09:00"}),
        ("appoint", {"day": "2028-01-10"}),
        ("appoint", {"day": "2026-11-22"}),  # a Sunday
        ("appoint", {"time": "23:00"}),
        ("appoint", {"time": "九点"}),
        ("appoint", {"day": "明天"}),
        ("appoint", {"where": ""}),
        ("appoint", {"way": "by pigeon"}),
        ("agree", {"day": "2026-11-21"}),
        ("agree", {"day": "2020-01-01"}),
        ("agree", {"due": ""}),
        ("agree", {"due": "2026-11-01"}),
        ("agree", {"terms": ""}),
        ("agree", {"terms": "长" * 2001}),
        ("agree", {"amount": "说不清"}),
        ("agree", {"on1": "2026-12-01", "sum1": "1"}),
        ("agree", {"on1": "2026-12-01"}),
        ("agree", {"form": "secret"}),
        ("perform", {"result": "reneged", "why": ""}),
        ("perform", {"day": "2027-01-01"}),
        ("visit", {"satisfied": "no", "why": ""}),
        ("visit", {"satisfied": "maybe"}),
        ("end", {"reason": ""}),
        ("meet", {"came": ""}),
        ("ask", {"words": "\n "}),
        ("answer", {"why": ""}),
        ("confirm", {"step": "x"}),
    ],
)
def test_a_form_that_says_too_little_or_the_impossible_is_told(act: str, changed: dict[str, str]) -> None:
    particulars(act, FORMS[act], SETTING)
    with pytest.raises(Unclear):
        particulars(act, {**FORMS[act], **changed}, SETTING)


@given(
    st.sampled_from(sorted(ACTS)),
    st.dictionaries(st.sampled_from(sorted({k for f in FORMS.values() for k in f})), st.text()),
)
def test_any_form_is_read_or_refused_in_words(act: str, form: dict[str, str]) -> None:
    try:
        assert isinstance(particulars(act, form, SETTING), dict)
    except Unclear as error:
        assert str(error)


def test_a_rest_day_may_be_chosen_on_purpose() -> None:
    sunday = {**FORMS["appoint"], "day": "2026-11-22", "despite": "1"}
    assert particulars("appoint", sunday, SETTING)["at"] == "2026-11-22T09:00"


def test_nobody_who_was_beaten_is_seated_with_the_other_side_without_a_word_on_her_safety() -> None:
    flagged = replace(SETTING, flags=("no_face_to_face_first",))
    with pytest.raises(Unclear):
        particulars("appoint", FORMS["appoint"], flagged)
    assert particulars("appoint", {**FORMS["appoint"], "way": "online"}, flagged)
    assert particulars("appoint", {**FORMS["appoint"], "safe": "分两间屋谈，妇联在场"}, flagged)["safe"]


def test_parts_add_up_to_the_sum() -> None:
    parts = {"on1": "2026-12-31", "sum1": "一万二", "on2": "2027-01-31", "sum2": "20000"}
    told = particulars("agree", {**FORMS["agree"], **parts, "due": ""}, SETTING)
    assert told["amount"] == 32000 and [part["amount"] for part in told["parts"]] == [12000, 20000]


# —— what she is told ——


def test_every_tiding_has_its_wording_and_every_brace_is_filled() -> None:
    said = knowledge.responses()
    seen: set[str] = set()
    before = {"cancel": after("accept", "appoint")[0], "transfer": after("offer")[0]}
    for act in ACTS:
        forms = [FORMS.get(act, {})]
        if act == "perform":
            forms.append({**forms[0], "result": "reneged", "why": "说没钱"})
        if act == "appoint":
            before[act] = Course()
        for form in forms:
            told = told_of(act, form) | ({"to": BODY} if act == "transfer" else {})
            for name, fill in tidings(act, told, "说明", a_document(), before.get(act, Course()), CHOICES):
                seen.add(name)
                for variant in said[name]:
                    assert "{" not in variant["text"].format(**fill)
    moved = tidings("appoint", told_of("appoint"), None, a_document(), before["cancel"], CHOICES)
    seen |= {name for name, _ in moved}
    assert seen == {name for name in said if name.startswith("utter_case_")}


def test_the_calendar_file_keeps_to_its_format() -> None:
    text = calendar_file("FZ1", datetime(2026, 11, 25, 9), "调解", "村委会二楼，" * 20 + "a;b\n", NOW)
    assert text.endswith("END:VCALENDAR\r\n") and "DTSTART:20261125T010000Z" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "\\;b\\n" in unfolded and unfolded.count("\n") == unfolded.count("\r\n")


def test_every_reason_names_rule_cards_that_exist() -> None:
    assert {rule for one in CHOICES.refusals.values() for rule in one.rules} <= set(knowledge.rules())
