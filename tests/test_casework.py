"""Claims about the queue and the cases: scope, order, search, lawful acts, two people at once, who saw it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from builders import NOW, QUICK, Talking, an_account
from sqlalchemy import select, text
from system import a_database

from bot import knowledge
from bot.casework import PAGE, NoCase, NotDone, Stale
from bot.desk import Desk
from bot.intake.cases import Unlawful
from bot.intake.sources import heard
from bot.opening import known
from bot.settings import Settings
from bot.staff import Staff
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account
from bot.tables import records

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"
THERE = "我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给"
NX = "浙江省/湖州市/南浔区"
ALL = Wanted()
BOTH = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class House:
    desk: Desk
    staff: Staff
    store: Store
    clock: Clock

    def case(self, story: str = STORY, matter: str = "wages/wage_arrears", **answers: str) -> str:
        """A filed case. Returns its receipt number."""
        return Talking(self.desk).consented().filed(story, matter, **answers)

    def somebody(self, name: str, role: str = "mediator", **scope: str) -> Account:
        return an_account(self.staff, self.desk, name, role, **(scope or {"area": NX}))

    def receipts(self, account: Account, wanted: Wanted = ALL) -> list[str]:
        return [case.receipt for case in self.desk.cases.queue(account, wanted).rows]


@pytest.fixture()
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from a_database(request, getattr(request, "param", "sqlite"), tmp_path)


def a_house_on(store: Store) -> House:
    """A desk with its directory and staff over a store."""
    clock = Clock()
    desk = Desk(store, known(), clock)
    table = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    desk.committees.replace(desk.committees.read(table))
    return House(desk, Staff(store, clock, QUICK), store, clock)


@pytest.fixture()
def house(store: Store) -> House:
    return a_house_on(store)


@pytest.fixture()
def fang(house: House) -> Account:
    return house.somebody("wang.fang")


# —— scope ——


@BOTH
def test_a_county_head_sees_the_bodies_below_and_nobody_elses(house: House, fang: Account) -> None:
    here, there = house.case(), house.case(THERE)
    assert house.receipts(fang) == [here]
    assert house.receipts(house.somebody("gao.ping", area="山西省/晋城市")) == [there]
    assert set(house.receipts(house.somebody("far.away", area="湖南省"))) == set()


def test_a_village_mediator_sees_her_own_bodys_cases_only(house: House) -> None:
    receipt = house.case()
    document = house.desk.record(receipt)
    assert document is not None
    own = house.somebody("own.body", body=document["committee"]["id"])
    other = house.somebody("other.body", body="v330503-11")
    assert house.receipts(own) == [receipt] and house.receipts(other) == []


def test_another_bodys_case_does_not_exist_and_the_attempt_is_kept_without_names(
    house: House, fang: Account, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = house.case(THERE)
    for act in (
        lambda: house.desk.cases.open(fang, receipt),
        lambda: house.desk.cases.accept(fang, receipt, 1),
        lambda: house.desk.cases.assign(fang, receipt, 1, fang.id),
        lambda: house.desk.cases.note(fang, receipt, 1, "x"),
        lambda: house.desk.cases.edit(fang, receipt, 1, "amount", "三万五", "核实过"),
        lambda: house.desk.cases.mediators(fang, receipt),
    ):
        with pytest.raises(NoCase):
            act()
    hers = house.somebody("gao.ping", area="山西省/晋城市")
    seen = house.desk.cases.open(hers, receipt).seen_by
    assert {sight.act for sight in seen if sight.who == fang.shown} == {"refused"}
    assert "refused" in caplog.text and fang.shown not in caplog.text and receipt not in caplog.text


def test_a_receipt_that_was_never_given_is_refused_alike(house: House, fang: Account) -> None:
    for made_up in ("FZ20261120-34679A", "", "x" * 500, "' OR 1=1 --"):
        with pytest.raises(NoCase):
            house.desk.cases.open(fang, made_up)


# —— the queue ——


def test_the_newest_activity_stands_first(house: House, fang: Account) -> None:
    first, second = house.case(), house.case()
    assert house.receipts(fang) == [second, first]
    house.desk.cases.note(fang, first, 1, "打过电话，没人接")
    assert house.receipts(fang) == [first, second]


def test_a_citizen_who_writes_again_moves_her_case_up_and_waits(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    house.desk.cases.accept(fang, receipt, 1)
    house.case()
    assert house.desk.cases.open(fang, receipt).case.waiting_since is None
    talking.say("我还有一张欠条", at=house.clock())
    assert house.receipts(fang)[0] == receipt
    assert house.desk.cases.open(fang, receipt).case.waiting_since is not None


def test_pages_by_key_show_every_case_once(house: House, fang: Account) -> None:
    made = {house.case() for _ in range(PAGE + 3)}
    first = house.desk.cases.queue(fang, ALL)
    late = house.case()  # comes in while she reads
    rest = house.desk.cases.queue(fang, ALL, first.after)
    seen = [case.receipt for case in (*first.rows, *rest.rows)]
    assert sorted(seen) == sorted(made) and late not in seen
    assert rest.after is None and first.total == PAGE + 3


@BOTH
def test_filters_narrow_the_list_and_the_counts_alike(house: House, fang: Account) -> None:
    wages = house.case()
    beaten = house.case(BEATEN, "family/domestic_violence")
    house.desk.cases.accept(fang, wages, 1)
    house.desk.cases.assign(fang, wages, 2, fang.id)
    narrowed = {
        Wanted(type="wages"): [wages],
        Wanted(status="filed"): [beaten],
        Wanted(colour="red"): [],
        Wanted(group="violence"): [beaten],
        Wanted(mediator=fang.id): [wages],
        Wanted(waiting_before=house.clock.now + timedelta(days=1)): [beaten],
        Wanted(waiting_before=NOW - timedelta(days=1)): [],
        Wanted(overdue_at=NOW + timedelta(days=60)): [wages, beaten],
        Wanted(overdue_at=NOW): [],
        Wanted(area=NX): [wages, beaten],
        Wanted(area="山西省"): [],
    }
    grade = house.desk.cases.open(fang, beaten).case.colour
    narrowed[Wanted(colour=grade)] = [beaten]
    for wanted, expected in narrowed.items():
        listing = house.desk.cases.queue(fang, wanted)
        assert [case.receipt for case in listing.rows] == (sorted(expected, key=house.receipts(fang).index)), wanted
        assert listing.total == len(expected)


@BOTH
def test_words_names_numbers_and_receipts_are_found(house: House, fang: Account) -> None:
    receipt = house.case(STORY, counterpart="周建业", applicant_name="王小兰", phone="13900005678")
    other = house.case(BEATEN, "family/domestic_violence")
    for words in (
        "周建业",
        "建业",
        "小兰",
        "王",
        "三万二",
        "工地",
        "13900005678",
        "5678",
        receipt,
        receipt.lower(),
        "工地 王小兰",
    ):
        assert house.receipts(fang, Wanted(words=words)) == [receipt], words
    for words in (
        "周业",
        "兰王",
        "工地 李四",
        "地王",
        "不存在的词",
        "“”",
        "%",
        "'",
        '"',
        "*",
        "NEAR(a b)",
        "王小兰 OR 老公",
    ):
        assert receipt not in house.receipts(fang, Wanted(words=words)), words
    assert house.receipts(fang, Wanted(words="老公")) == [other]
    assert house.receipts(house.somebody("far.away", area="湖南省"), Wanted(words="王小兰")) == []


def test_traditional_characters_and_wide_figures_find_the_same(house: House, fang: Account) -> None:
    receipt = house.case(STORY)
    assert house.receipts(fang, Wanted(words="老闆")) == [receipt]


def test_danger_without_an_answer_is_shown_first_until_somebody_accepts(house: House, fang: Account) -> None:
    beaten = house.case(BEATEN, "family/domestic_violence")
    house.case()
    first = house.desk.cases.first_to_see(fang)
    assert [case.receipt for case in first] == [beaten]
    assert any(words in BEATEN for words in first[0].line["danger"])
    house.desk.cases.accept(fang, beaten, 1)
    assert house.desk.cases.first_to_see(fang) == []


def test_the_pulse_counts_what_moved_since(house: House, fang: Account) -> None:
    assert house.desk.cases.newest(fang) == ("", 0)
    house.case()
    at, _ = house.desk.cases.newest(fang)
    assert at and house.desk.cases.newest(fang, at) == (at, 0)
    house.case()
    house.case(THERE)
    assert house.desk.cases.newest(fang, at)[1] == 1


def test_areas_offered_lie_below_her_own(house: House, fang: Account) -> None:
    offered = house.desk.cases.areas(fang, None)
    assert f"{NX}/千金镇" in offered and all(area.startswith(f"{NX}/") for area in offered)
    assert house.desk.cases.areas(house.somebody("own.body", body="v330503-11"), None) == []


# —— a case ——


def test_every_value_of_the_record_points_to_words_that_she_said(house: House, fang: Account) -> None:
    opened = house.desk.cases.open(fang, house.case())
    lit = {key for bubble in opened.bubbles for _, keys in bubble.pieces for key in keys}
    assert {row.key for row in opened.rows if not row.blank} <= lit
    for bubble in opened.bubbles:
        assert all(not keys for _, keys in bubble.pieces) or bubble.who == "citizen"


def test_the_talk_stays_readable_after_she_deleted_it(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    house.desk.forget(talking.key)
    opened = house.desk.cases.open(fang, receipt)
    assert any(STORY in "".join(piece for piece, _ in bubble.pieces) for bubble in opened.bubbles)


def test_what_was_said_after_filing_and_is_missing_in_the_record_is_pointed_out(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    before = house.desk.cases.open(fang, receipt).warnings.overlooked
    talking.say("另外押金八千也要求他退钱，他还说要打断我的腿", at=house.clock())
    found = house.desk.cases.open(fang, receipt).warnings.overlooked
    fresh = [one for one in found if one not in before]
    assert {one["kind"] for one in fresh} >= {"amount", "demand"}
    assert any(one["what"] == "8,000元" for one in fresh)


def test_a_long_talk_is_compared_piece_by_piece_and_each_bubble_once(
    house: House, fang: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    monkeypatch.setattr("bot.casework.READ_FIRST", 2)
    monkeypatch.setattr("bot.casework.READ_ON", 3)
    read: list[int] = []
    monkeypatch.setattr("bot.casework.heard", lambda seq, text, on: read.append(seq) or heard(seq, text, on))
    talking.say("还要他退押金八千块", at=house.clock())
    unread = [house.desk.cases.open(fang, receipt).warnings.unread]
    while unread[-1]:
        unread.append(house.desk.cases.warnings(fang, receipt).unread)
    assert unread == sorted(unread, reverse=True) and len(unread) > 2
    found = house.desk.cases.open(fang, receipt).warnings.overlooked
    assert "8,000元" in {one["what"] for one in found}
    assert read == sorted(set(read))
    house.desk.cases.edit(fang, receipt, house.desk.cases.find(fang, receipt).version, "amount", "八千", "核实过")
    assert "8,000元" not in {one["what"] for one in house.desk.cases.open(fang, receipt).warnings.overlooked}
    assert read == sorted(set(read))  # the record changed, her words did not


def test_what_was_heard_in_a_talk_goes_with_it(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    case = house.desk.cases.open(fang, receipt).case
    assert house.store.heard(case.id)[0] > 0
    house.desk.forget(talking.key)
    assert house.store.heard(case.id) == (0, [])


def test_whoever_looks_is_noted(house: House, fang: Account) -> None:
    receipt = house.case()
    boss = house.somebody("the.head", "head")
    house.desk.cases.open(boss, receipt)
    seen = house.desk.cases.open(fang, receipt).seen_by
    assert [(sight.who, sight.act) for sight in seen] == [(fang.shown, "see"), (boss.shown, "see")]


def test_records_filed_before_there_were_cases_get_one(house: House, fang: Account) -> None:
    receipt = house.case()
    with house.store._engine.begin() as connection:
        connection.execute(text("DELETE FROM cases"))
        connection.execute(text("DELETE FROM case_words"))
    assert house.receipts(fang) == []
    assert house.store.open_missing_cases() == 1
    assert house.receipts(fang, Wanted(words="工地")) == [receipt]


# —— acts ——


def test_accepting_is_done_once_and_ends_the_wait(house: House, fang: Account) -> None:
    receipt = house.case()
    house.desk.cases.accept(fang, receipt, 1)
    opened = house.desk.cases.open(fang, receipt)
    assert (opened.case.status, opened.case.waiting_since, opened.document["status"]) == ("accepted", None, "accepted")
    with pytest.raises(Unlawful):
        house.desk.cases.accept(fang, receipt, 2)
    assert [(act.act, act.who) for act in opened.history] == [("file", "citizen"), ("accept", fang.shown)]


def test_a_case_goes_to_mediators_within_whose_scope_it_is(house: House, fang: Account) -> None:
    receipt = house.case()
    clerk, far = house.somebody("a.clerk", "clerk"), house.somebody("far.away", area="湖南省")
    assert [a.name for a in house.desk.cases.mediators(clerk, receipt)] == [fang.name]
    house.desk.cases.assign(clerk, receipt, 1, fang.id)
    assert house.desk.cases.open(clerk, receipt).case.mediator == fang.shown
    for wrong in (far.id, clerk.id, 0, 10**9):
        with pytest.raises(NotDone):
            house.desk.cases.assign(clerk, receipt, 2, wrong)


@BOTH
def test_of_two_people_at_once_the_second_is_told_and_nothing_is_overwritten(house: House, fang: Account) -> None:
    receipt, other = house.case(), house.somebody("li.si")
    house.desk.cases.edit(fang, receipt, 1, "amount", "三万五", "电话里核实过")
    with pytest.raises(Stale):
        house.desk.cases.edit(other, receipt, 1, "amount", "两万", "听错了")
    opened = house.desk.cases.open(fang, receipt)
    assert opened.document["facts"]["amount"]["value"] == 35000
    assert [act.act for act in opened.history] == ["file", "edit"]


@BOTH
def test_an_edit_keeps_the_old_value_the_reason_and_all_that_follows(house: House, fang: Account) -> None:
    receipt = house.case()
    house.desk.cases.edit(fang, receipt, 1, "amount", "六十万", "算上了违约金")
    opened = house.desk.cases.open(fang, receipt)
    amount = opened.document["facts"]["amount"]
    assert (amount["value"], amount["source"], amount["earlier"][-1]["value"]) == (600_000, "mediator", 32_000)
    done = opened.history[-1]
    assert (done.why, done.change["fact"] if done.change else None) == ("算上了违约金", "amount")
    assert opened.case.colour == "yellow"  # graded anew: a large sum
    assert house.receipts(fang, Wanted(words="违约金")) == []  # a reason is the staff's own word, not hers
    jsonschema.validate(opened.document, knowledge.record_schema())


def test_an_edited_name_is_found_and_stands_among_the_parties(house: House, fang: Account) -> None:
    receipt = house.case()
    house.desk.cases.edit(fang, receipt, 1, "counterpart", "宏盛建筑有限公司", "营业执照上是这个名字")
    opened = house.desk.cases.open(fang, receipt)
    assert "宏盛" in str([party["name"] for party in opened.document["parties"]])
    assert house.receipts(fang, Wanted(words="宏盛建筑")) == [receipt]


@pytest.mark.parametrize(
    ("fact", "words", "why"),
    [
        ("amount", "说不清", "核实过"),
        ("amount", "", "核实过"),
        ("amount", "三万二", "没变"),
        ("amount", "三万五", "  "),
        ("amount", "三万五", "长" * 501),
        ("no_such_fact", "x", "核实过"),
        ("story", "长" * 20_001, "核实过"),
    ],
)
def test_an_edit_that_cannot_be_read_or_explained_changes_nothing(
    house: House, fang: Account, fact: str, words: str, why: str
) -> None:
    receipt = house.case()
    with pytest.raises(NotDone):
        house.desk.cases.edit(fang, receipt, 1, fact, words, why)
    assert len(house.desk.cases.open(fang, receipt).history) == 1


def test_a_note_too_long_is_told(house: House, fang: Account) -> None:
    receipt = house.case()
    for words in ("", " \n", "长" * 20_001):
        with pytest.raises(NotDone):
            house.desk.cases.note(fang, receipt, 1, words)


def test_the_directory_of_a_scope_may_be_replaced_and_old_cases_stay_visible(house: House, fang: Account) -> None:
    receipt = house.case()
    table = io.StringIO()
    csv.writer(table).writerows([["id", "name", "area", "types"], ["only", "唯一调委会", "山西省", ""]])
    house.desk.committees.replace(house.desk.committees.read(table.getvalue()))
    assert house.receipts(fang) == [receipt]


# —— what she takes back ——


@BOTH
def test_an_erased_record_is_in_no_list_no_search_and_no_page(house: House, fang: Account) -> None:
    receipt = house.case(STORY, counterpart="周建业")
    case = house.desk.cases.find(fang, receipt)
    house.desk.cases.open(fang, receipt)
    house.store.filed.erase(case.id, house.clock(), "citizen")
    assert house.receipts(fang) == [] and house.receipts(fang, Wanted(words="周建业")) == []
    with pytest.raises(NoCase):
        house.desk.cases.open(fang, receipt)
    with house.store._engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM case_words")).scalar() == 0
    assert house.store.open_missing_cases() == 0


def test_a_withdrawn_case_says_so_and_takes_no_more_acts(house: House, fang: Account) -> None:
    receipt = house.case()
    case = house.desk.cases.find(fang, receipt)
    house.store.filed.act(case.id, house.clock(), "citizen", "withdraw", "withdrawn")
    assert house.receipts(fang, Wanted(status="withdrawn")) == [receipt]
    with pytest.raises(Stale):
        house.desk.cases.note(fang, receipt, case.version, "刚才的页面")
    with pytest.raises(Unlawful):
        house.desk.cases.accept(fang, receipt, case.version + 1)


def test_what_came_since_filing_is_not_copied_into_the_record_by_an_edit(house: House, fang: Account) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    talking.say("金额不对，是三万八", at=house.clock())
    version = house.desk.cases.find(fang, receipt).version
    house.desk.cases.edit(fang, receipt, version, "counterpart", "宏盛建筑有限公司", "营业执照上是这个名字")
    document = house.desk.record(receipt)
    assert document is not None and len(document["amendments"]) == 1
    with house.store._engine.connect() as connection:
        stored = connection.execute(select(records.c.document)).scalar()
    assert "三万八" not in str(stored)


@BOTH
def test_a_list_and_its_counts_are_the_same_in_one_question_and_in_three(house: House, fang: Account) -> None:
    for story, matter in ((STORY, "wages/wage_arrears"), (BEATEN, "family/domestic_violence"), (STORY, "debt")):
        house.case(story, matter)
    now = house.clock()
    soon = (now, now + timedelta(days=40))
    for wanted in (
        Wanted(words="工资"),
        Wanted(group="violence"),
        Wanted(ending=soon),
        Wanted(overdue_at=soon[1]),
        ALL,
    ):
        found = house.store.found(fang.scope, wanted, 2, soon)
        assert found.rows == house.store.queue(fang.scope, wanted, 2)
        assert found.counts == house.store.counts(fang.scope, wanted, now)
        assert found.ending == house.store.ending(fang.scope, wanted, *soon) > 0
