"""Claims about acts through the desk: what reaches her chat and comes back, who may, two people at once, any order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import NOW, Talking, tapped
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from system import a_database
from test_casework import STORY, THERE, House, a_house_on

from bot import knowledge
from bot.casework import NoCase, NotDone, Stale
from bot.inbox import Inbox
from bot.intake.cases import ACTS, Unlawful
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account
from bot.tables import records

SESSION = {"day": "2026-11-25", "time": "09:00", "way": "here", "where": "练市镇调委会二楼"}
AGREED = {"form": "written", "terms": "月底前付清三万二", "amount": "三万二", "day": "2026-11-20", "due": "2026-12-31"}
BOTH = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture()
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from a_database(request, getattr(request, "param", "sqlite"), tmp_path)


@pytest.fixture()
def house(store: Store) -> House:
    return a_house_on(store)


@pytest.fixture()
def fang(house: House) -> Account:
    return house.somebody("wang.fang")


@pytest.fixture()
def talking(house: House) -> Talking:
    return Talking(house.desk).consented()


def done(house: House, account: Account, receipt: str, act: str, **form: str) -> list[str]:
    """Do an act with the version as it is. Returns the names of what she is told."""
    version = house.desk.cases.find(account, receipt).version
    return [name for name, _ in house.desk.cases.do(account, receipt, version, act, form)]


@BOTH
def test_a_case_is_walked_from_new_to_closed_with_who_when_and_why(house: House, fang: Account) -> None:
    receipt = house.case()
    for act, form in (
        ("accept", {}),
        ("appoint", SESSION),
        ("meet", {"day": "2026-11-20", "came": "双方", "why": "差两千"}),
        ("agree", AGREED),
        ("confirm", {"step": "applied", "day": "2026-11-20"}),
        ("perform", {"result": "performed", "day": "2026-11-20"}),
        ("visit", {"day": "2026-11-20", "way": "phone", "satisfied": "yes"}),
        ("close", {}),
    ):
        done(house, fang, receipt, act, **form)
    opened = house.desk.cases.open(fang, receipt)
    assert opened.case.status == opened.document["status"] == "closed"
    assert all(act.who == fang.shown and act.at >= NOW for act in opened.history[1:])
    with house.store._engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM cases")).mappings().one()
    kept = ("outcome", "agreed_amount", "performance", "confirmation", "satisfied")
    assert [row[name] for name in kept] == ["agreed", 32000, "performed", "applied", "yes"]
    assert row["accepted_at"] is not None and row["answered_at"] is not None
    jsonschema.validate(opened.document, knowledge.record_schema())


def test_a_question_goes_into_her_chat_and_her_answer_comes_back(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "accept")
    assert done(house, fang, receipt, "ask", words="欠条上写的是谁的名字？") == ["utter_case_question"]
    assert house.desk.cases.find(fang, receipt).waiting_since is None
    talking.say("是老板自己签的", at=house.clock())
    assert talking.responses == ["utter_case_answer"]
    opened = house.desk.cases.open(fang, receipt)
    last = opened.history[-1]
    assert (last.act, last.who, (last.particulars or {})["words"]) == ("answer", "citizen", "是老板自己签的")
    assert opened.course.pending is None and opened.case.waiting_since is not None
    assert opened.document["amendments"] == []  # an answer is no correction of what was filed


def test_danger_in_an_answer_is_answered_first(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "ask", words="他最近找过你吗？")
    out = talking.say("他昨晚来家里打我，还拿着刀", at=house.clock())
    assert talking.responses[0].startswith("utter_danger_") and "safety" in out.says[0].show
    assert house.desk.cases.open(fang, receipt).history[-1].act == "answer"


def test_a_question_on_mediation_or_a_right_of_hers_is_no_answer(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "ask", words="欠条在谁手里？")
    talking.say("调解收费吗", act="faq", act_confidence=0.99, faq="cost")
    talking.say("删除我的资料")
    talking.tap("leave", "keep")
    assert house.desk.cases.find(fang, receipt).pending is not None


def test_an_answer_right_under_the_question_does_not_disturb_the_next_matter(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    talking.tap("again", "yes")
    before = house.desk.standing(house.desk.conversation_by_key(talking.key))  # type: ignore[arg-type]
    assert before.ask == "story"
    done(house, fang, receipt, "ask", words="欠条在谁手里？")
    talking.say("还有一件是邻居把我家的墙弄坏了")  # the question is not the last thing she sees
    assert house.desk.cases.find(fang, receipt).pending is not None


@BOTH
def test_a_transfer_waits_for_her_yes_and_then_belongs_to_the_other_committee(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "accept")
    to = house.desk.cases.elsewhere(fang, receipt)[0]
    assert done(house, fang, receipt, "offer", to=to.id, why="对方在那边") == ["utter_case_offer"]
    assert house.desk.cases.find(fang, receipt).body_id != to.id
    talk = house.desk.conversation_by_key(talking.key)
    assert talk is not None
    assert [choice.value for choice in house.desk.standing(talk).choices][:2] == ["yes", "no"]
    talking.out = house.desk.hear(talking.key, tapped("enquiry", "yes", "同意转过去"))
    assert talking.responses == ["utter_case_transferred"]
    document = house.desk.record(receipt)
    assert document is not None and document["committee"]["id"] == to.id and document["status"] == "filed"
    assert document["consents"][-1]["to"] == to.id and document["consents"][-1]["kind"] == "handover"
    theirs = house.somebody("theirs", body=to.id)
    assert receipt in house.receipts(theirs)
    case = house.desk.cases.find(theirs, receipt)
    assert (case.mediator, case.pending) == (None, None) and case.waiting_since is not None
    jsonschema.validate(document, knowledge.record_schema())


def test_who_says_no_stays(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    body = house.desk.cases.find(fang, receipt).body_id
    done(house, fang, receipt, "offer", to=house.desk.cases.elsewhere(fang, receipt)[0].id, why="对方在那边")
    talking.say("我再想想吧，那边远不远啊")
    assert house.desk.cases.find(fang, receipt).pending is not None  # neither yes nor no
    talk = house.desk.conversation_by_key(talking.key)
    assert talk is not None and "no" in [choice.value for choice in house.desk.standing(talk).choices]
    talking.out = house.desk.hear(talking.key, tapped("enquiry", "no", "不同意，还在这家"))
    case = house.desk.cases.find(fang, receipt)
    assert (case.body_id, case.pending) == (body, None) and talking.responses[-1] == "utter_case_decline"


def test_a_typed_no_right_under_the_question_is_her_answer(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "offer", to=house.desk.cases.elsewhere(fang, receipt)[0].id, why="对方在那边")
    talking.say("不同意")
    assert talking.responses[-1] == "utter_case_decline" and house.desk.cases.find(fang, receipt).pending is None


def test_a_case_goes_only_to_a_committee_of_the_list(house: House, fang: Account) -> None:
    receipt = house.case()
    for to in ("", "no-such-body", house.desk.cases.find(fang, receipt).body_id or ""):
        with pytest.raises(NotDone):
            done(house, fang, receipt, "offer", to=to, why="远")


def test_every_act_on_another_bodys_case_is_refused(house: House, fang: Account) -> None:
    receipt = house.case(THERE)
    for act in ACTS:
        with pytest.raises(NoCase):
            house.desk.cases.do(fang, receipt, 1, act, {})
    for look in (house.desk.cases.elsewhere, house.desk.cases.session):
        with pytest.raises(NoCase):
            look(fang, receipt)


def test_a_double_click_and_a_stale_page_do_nothing_twice(house: House, fang: Account) -> None:
    receipt, other = house.case(), house.somebody("li.si")
    assert house.desk.cases.do(fang, receipt, 1, "accept", {}) != []
    assert house.desk.cases.do(fang, receipt, 1, "accept", {}) == []  # the second click: nothing is told twice
    with pytest.raises(Unlawful):
        house.desk.cases.do(other, receipt, 1, "accept", {})
    house.desk.cases.do(fang, receipt, 2, "ask", {"words": "在吗"})
    for stale in ({"words": "还在吗"}, {"words": "在"}):
        with pytest.raises(Stale):
            house.desk.cases.do(fang, receipt, 2, "ask", stale)
    assert [act.act for act in house.desk.cases.open(fang, receipt).history] == ["file", "accept", "ask"]


def test_her_answer_is_not_lost_when_a_mediator_acts_in_the_same_moment(
    house: House, fang: Account, talking: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "ask", words="欠条在谁手里？")
    work, raced = house.store.work, []

    def slow(*given: Any, **more: Any) -> bool:
        if not raced:
            raced.append(True)
            house.desk.cases.note(fang, receipt, house.desk.cases.find(fang, receipt).version, "同时记的")
        return bool(work(*given, **more))

    monkeypatch.setattr(house.store, "work", slow)
    talking.say("在我手里")
    assert [act.act for act in house.desk.cases.open(fang, receipt).history][-2:] == ["note", "answer"]


def test_another_type_keeps_every_fact_and_takes_its_own_rules_and_limits(house: House, fang: Account) -> None:
    receipt = house.case()
    before = house.desk.cases.open(fang, receipt)
    house.desk.cases.retype(fang, receipt, 1, "medical", "其实是在医院摔的")
    opened = house.desk.cases.open(fang, receipt)
    assert opened.document["facts"] == before.document["facts"]
    assert opened.document["matter"]["settled_by"] == "mediator" and opened.case.type == "medical"
    assert opened.case.due_at > before.case.due_at  # 30 working days (R23)
    assert {c["id"] for c in opened.document["clocks"]} != {c["id"] for c in before.document["clocks"]}
    assert (opened.history[-1].change or {})["before"] == before.document["matter"]["name"]
    assert house.receipts(fang, Wanted(type="medical")) == [receipt]
    jsonschema.validate(opened.document, knowledge.record_schema())
    for matter, why in (("medical", "没变"), ("no_such", "x"), ("not_a_dispute", "x"), ("debt", " ")):
        with pytest.raises(NotDone):
            house.desk.cases.retype(fang, receipt, 2, matter, why)


def test_a_correction_counts_the_time_limits_of_the_side_matter_too(
    house: House, fang: Account, talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    side = {"type": "debt", "subtype": None, "name": "借款", "official_code": None, "words": "还借了我两万", "turn": 2}
    whole = house.store.record(receipt)
    assert whole is not None
    with house.store._writing() as connection:
        connection.execute(records.update().values(document={**whole, "side_matters": [side]}))
    house.desk.cases.edit(fang, receipt, 1, "amount", "两万", "电话里核实过")
    limits = {clock["id"] for clock in house.desk.cases.open(fang, receipt).document["clocks"]}
    assert {"wage_arbitration", "civil_debt"} <= limits
    house.desk.cases.retype(fang, receipt, 2, "medical", "其实是在医院摔的")
    opened = house.desk.cases.open(fang, receipt)
    assert "civil_debt" in {clock["id"] for clock in opened.document["clocks"]}
    assert set(knowledge.taxonomy().matters["debt"].rules) & set(opened.document["rules"])


# —— two sessions at once ——


def appointed(house: House, fang: Account, where: str, mediator: Account | None = None) -> str:
    """A case with a session at nine, in `mediator`'s hands."""
    receipt = house.case()
    done(house, fang, receipt, "accept")
    if mediator is not None:
        house.desk.cases.assign(fang, receipt, 2, mediator.id)
    done(house, fang, receipt, "appoint", **{**SESSION, "where": where})
    return receipt


@pytest.mark.parametrize(("hers", "where"), [(True, "张村村委会"), (False, "练市镇调委会二楼")])
def test_a_mediator_or_a_room_that_is_taken_is_told_and_a_tick_appoints_it(
    house: House, fang: Account, hers: bool, where: str
) -> None:
    mediator = fang if hers else None
    first = appointed(house, fang, SESSION["where"], mediator)
    second = house.case()
    done(house, fang, second, "accept")
    if mediator is not None:
        house.desk.cases.assign(fang, second, 2, mediator.id)
    wanted = {**SESSION, "where": where, "time": "10:30"}
    with pytest.raises(NotDone, match=first):
        done(house, fang, second, "appoint", **wanted)
    assert house.desk.cases.find(fang, second).status == "accepted"
    done(house, fang, second, "appoint", **wanted, despite="1")
    assert house.desk.cases.find(fang, second).status == "mediating"


def test_another_room_another_hour_and_the_same_case_moved_are_in_nobodys_way(house: House, fang: Account) -> None:
    first = appointed(house, fang, SESSION["where"])
    second = appointed(house, fang, "张村村委会")
    done(house, fang, second, "appoint", **{**SESSION, "time": "11:00"})
    done(house, fang, first, "appoint", **{**SESSION, "time": "08:30"})


def test_what_she_withdrew_stands_closed_and_can_be_taken_up_again_only_with_a_reason(
    house: House, fang: Account, talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "ask", words="欠条在谁手里？")
    talking.say("我要撤回申请")
    talking.tap("withdraw", "yes")
    opened = house.desk.cases.open(fang, receipt)
    assert (opened.course.status, opened.course.outcome, opened.course.pending) == ("withdrawn", "withdrawn", None)
    assert opened.ends == [] and house.receipts(fang, Wanted(overdue_at=NOW + timedelta(days=99))) == []
    with pytest.raises(Unlawful):
        done(house, fang, receipt, "reopen")
    done(house, fang, receipt, "reopen", why="她打电话说还想调")
    assert house.desk.cases.find(fang, receipt).status == "filed"


@BOTH
def test_clocks_near_their_end_are_found(house: House, fang: Account) -> None:
    soon, later = house.case(), house.case()
    done(house, fang, soon, "accept")
    done(house, fang, soon, "appoint", **SESSION)
    week = (NOW, NOW + timedelta(days=7))
    assert house.receipts(fang, Wanted(ending=week)) == [soon]
    both = Wanted(ending=(NOW, NOW + timedelta(days=31)))
    assert set(house.receipts(fang, both)) == {soon, later}
    done(house, fang, later, "refuse", reason="court")
    assert house.receipts(fang, both) == [soon]


def test_the_same_telephone_and_the_other_matter_are_shown_within_her_scope(house: House, fang: Account) -> None:
    first, second = house.case(phone="13900005678"), house.case(phone="13900005678")
    other = house.case(THERE, phone="13900005678")
    alike = [case.receipt for case in house.desk.cases.open(fang, first).alike]
    assert alike == [second] and other not in alike


def test_an_erased_record_keeps_no_word_of_an_act(house: House, fang: Account, talking: Talking) -> None:
    receipt = talking.filed(STORY)
    done(house, fang, receipt, "ask", words="欠条在谁手里？")
    talk = house.desk.conversation_by_key(talking.key)
    assert talk is not None
    house.desk.delete(talk)
    with house.store._engine.connect() as connection:
        for table in ("acts", "cases", "case_ends"):
            assert "欠条" not in str(connection.execute(text(f"SELECT * FROM {table}")).all())
        assert connection.execute(text("SELECT count(*) FROM case_ends")).scalar() == 0


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('machine')}/desk.db")
    yield a_house_on(store)
    store.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(set(ACTS) - {"assign", "edit", "retype"})), st.sampled_from(["", "说明"]), st.booleans()
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25)
@given(STEPS)
def test_in_any_order_no_unlawful_act_succeeds_and_the_history_only_grows(
    machine: House, steps: list[tuple[str, str, bool]]
) -> None:
    fang = next((a for a in machine.store.accounts() if a.name == "any.order"), None) or machine.somebody(
        "any.order", area="浙江省"
    )
    receipt = machine.case()
    forms: dict[str, dict[str, str]] = {
        "refuse": {"reason": "court"},
        "ask": {"words": "在吗"},
        "appoint": SESSION,
        "meet": {"day": "2026-11-20", "came": "双方"},
        "agree": AGREED,
        "end": {"reason": "gone"},
        "perform": {"result": "performed", "day": "2026-11-20"},
        "confirm": {"step": "applied", "day": "2026-11-20"},
        "visit": {"day": "2026-11-20", "way": "phone", "satisfied": "yes"},
        "note": {},
        **{act: {"way": "phone"} for act in ("answer", "transfer", "decline")},
    }
    kept: list[Any] = list(machine.desk.cases.open(fang, receipt).history)
    for act, why, stale in steps:
        case = machine.desk.cases.find(fang, receipt)
        form = {**forms.get(act, {}), "why": why, "to": "c3305"}
        if act == "offer":
            form["to"] = machine.desk.cases.elsewhere(fang, receipt)[0].id
        try:
            machine.desk.cases.do(fang, receipt, case.version - stale, act, form)
        except (Unlawful, NotDone):
            assert machine.desk.cases.find(fang, receipt) == case
            continue
        if stale:  # the same click once more: done already, and not done again
            assert machine.desk.cases.find(fang, receipt) == case and kept[-1].act == act
            continue
        assert case.status in ACTS[act].starts and (why or not ACTS[act].needs_why)
        history = machine.desk.cases.open(fang, receipt).history
        assert history[:-1] == kept and history[-1].act == act
        kept = history
        fresh = machine.desk.cases.find(fang, receipt)
        document = machine.desk.record(receipt)
        assert document is not None and fresh.status == history[-1].status == document["status"]


def test_what_a_mediator_mended_comes_to_the_trainers_first(house: House, fang: Account, store: Store) -> None:
    receipt = house.case()
    house.desk.cases.retype(fang, receipt, 1, "medical", "其实是在医院摔的")
    (group,), _ = Inbox(store).groups()
    (said,) = group.said
    assert (said.why, said.guess, said.settled) == ("mediator", "wages/wage_arrears", "medical")
