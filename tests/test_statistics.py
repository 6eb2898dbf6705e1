"""Claims about statistics: what counts, whose cases count, that sums and single cases agree."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import QUICK, Talking, an_account
from sqlalchemy import func, select

from bot import knowledge
from bot.attachments import Attachments
from bot.desk import Desk
from bot.intake.cases import ACTS
from bot.intake.course import Course, Done
from bot.intake.tallies import COUNTED, MEASURES, Tally, level_of, tally
from bot.opening import known
from bot.settings import Settings
from bot.staff import Staff
from bot.statistics import Asked, Figures, Report
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account
from bot.store_tallies import Counted, Narrowed
from bot.tables import tallies, tally_sums

HERE = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
THERE = "我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给"
NEXT_DOOR = "我在湖州市南浔区双林镇，楼上漏水泡了我家天花板，要两万元才修得好"
COUNTY, PROVINCE = "浙江省/湖州市/南浔区", "浙江省"
TODAY = f"{datetime.now():%Y-%m-%d}"
#: What an act says at least.
TOLD: dict[str, dict[str, Any]] = {
    "agree": {
        "form": "written",
        "terms": "分两次付清",
        "amount": None,
        "effective_on": TODAY,
        "due": None,
        "parts": [],
    },
    "perform": {"result": "performed", "on": TODAY, "amount": None},
    "refuse": {"reason": "court", "words": "", "door": ""},
}
FILED = datetime(2026, 11, 20, 9, 30)


@dataclass
class Office:
    """A desk on a database, with what tests do to its cases."""

    store: Store
    desk: Desk
    staff: Staff

    def account(self, name: str, role: str = "head", **scope: str) -> Account:
        return an_account(self.staff, self.desk, name, role, **scope)

    def filed(self, story: str = HERE, matter: str = "wages/wage_arrears") -> str:
        return Talking(self.desk).consented().filed(story, matter)

    def act(self, account: Account, receipt: str, act: str, told: dict[str, Any] | None = None) -> None:
        case = self.desk.cases.find(account, receipt)
        leads = ACTS[act].leads or case.status
        done = Done(datetime.now(), account.shown, act, leads, "写一句", None, {**TOLD.get(act, {}), **(told or {})})
        assert self.store.work(case.id, case.version, done, account.id, {})

    def report(self, account: Account, **asked: str) -> Report:
        return self.desk.statistics.report(account, self.desk.statistics.asked(asked))


@pytest.fixture()
def office(store: Store, tmp_path: Any) -> Office:
    desk = Desk(store, known(), attachments=Attachments(tmp_path / "sent", store))
    text = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    desk.committees.replace(desk.committees.read(text))
    return Office(store, desk, Staff(store, hasher=QUICK))


def agreed(office: Office, fang: Account, receipt: str, paid: float = 30_000) -> None:
    office.act(fang, receipt, "accept")
    office.act(fang, receipt, "agree", {"amount": paid})


# —— what counts ——


def test_the_figures_of_a_county_are_those_of_its_cases(office: Office) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    first, second = office.filed(), office.filed(NEXT_DOOR, "neighbour")
    office.filed()
    agreed(office, fang, first)
    office.act(fang, first, "perform", {"amount": 30_000})
    agreed(office, fang, second, 10_000)
    office.act(fang, second, "perform", {"result": "reneged"})
    report = office.report(fang)
    figures = report.total.figures
    assert (figures.filed, figures.accepted, figures.agreed, figures.performed, figures.reneged) == (3, 2, 2, 1, 1)
    assert (figures.success, figures.kept, figures.unsettled) == (1.0, 0.5, 1)
    assert figures.yuan("agreed") == 40_000 and figures.yuan("paid") == 30_000 and figures.yuan("disputed") == 84_000
    assert figures.answered == figures.prompt == 2
    assert {line.name: line.figures.filed for line in report.by_type} == {"工资劳动": 2, "邻里": 1}
    assert sum(line.figures.filed for line in report.by_month) == 3
    assert sum(line.figures.filed for line in report.by_place) == 3
    assert [(line.name, line.figures.agreed) for line in report.by_level] == [("县", 2)] and report.share_below == 0


def test_success_is_counted_as_the_seed_counts_it() -> None:
    figures = Figures({**dict.fromkeys(MEASURES, 0), "accepted": 575, "agreed": 489})
    assert figures.success is not None and round(figures.success, 2) == 0.85  # 石嘴山, S15


def test_an_agreement_kept_on_the_spot_is_paid(office: Office) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    receipt = office.filed()
    office.act(fang, receipt, "accept")
    office.act(fang, receipt, "agree", {"amount": 500, "performed": True})
    figures = office.report(fang).total.figures
    assert (figures.performed, figures.yuan("paid")) == (1, 500)


def test_a_case_that_is_reopened_leaves_the_figures_it_stood_in(office: Office) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    receipt = office.filed()
    agreed(office, fang, receipt)
    assert office.report(fang).total.figures.agreed == 1
    office.act(fang, receipt, "reopen")
    figures = office.report(fang).total.figures
    assert (figures.agreed, figures.yuan("agreed"), figures.accepted) == (0, 0, 1)


def test_somebody_sees_the_figures_of_her_own_ground_only(office: Office) -> None:
    office.filed(), office.filed(THERE)
    for scope, many in (
        ({"area": COUNTY}, 1),
        ({"area": PROVINCE}, 1),
        ({"area": "山西省/晋城市"}, 1),
        ({"body": "q330503-wages"}, 1),
        ({"body": "q330503-wages", "area": COUNTY}, 1),
        ({"body": "q330503-wages", "area": "山西省"}, 2),
        ({"body": "v330503-11"}, 0),
    ):
        account = office.account(f"n{len(office.store.accounts())}", **scope)
        assert office.report(account).total.figures.filed == many, scope


def test_an_area_outside_her_own_counts_nothing(office: Office) -> None:
    office.filed(THERE)
    fang = office.account("wang.fang", area=COUNTY)
    for area in ("山西省", "山西省/晋城市/高平市", PROVINCE, "浙江省/湖州市/南浔区2"):
        report = office.report(fang, area=area)
        assert report.total.figures.filed == 0 and report.overdue == 0 and not report.by_place, area


def test_every_number_is_the_length_of_its_list_in_the_queue(office: Office) -> None:
    fang = office.account("wang.fang", area=PROVINCE)
    draw = random.Random(4)
    courses = [
        [("accept", None), (ended, None), ("perform", {"result": kept})]
        for ended in ("agree", "fail", "end")
        for kept in ("performed", "reneged")
    ]
    for _ in range(8):
        receipt = office.filed(*draw.choice(((HERE,), (NEXT_DOOR, "neighbour"))))
        for act, change in draw.choice(courses)[: draw.randrange(4)]:
            office.act(fang, receipt, act, change)
    report = office.report(fang)
    lines = [report.total, *report.by_month, *report.by_type, *report.by_level, *report.by_place]
    for line in lines:
        for figure in COUNTED:
            narrows = dict(line.narrows)
            counted = Counted(figure, narrows["since"], narrows["until"], narrows.get("level"), narrows.get("body"))
            wanted = Wanted(type=narrows.get("type"), area=narrows.get("area"), counted=counted)
            listed = office.desk.cases.queue(fang, wanted).total
            assert listed == line.figures.counts[figure], (line.name, figure)


def test_overdue_is_what_is_open_past_its_time(office: Office) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    office.filed()
    assert office.report(fang).overdue == 0
    late = Desk(office.store, known(), clock=lambda: datetime.now() + timedelta(days=60))
    asked = Asked(f"{datetime.now():%Y}-01", f"{datetime.now():%Y-%m}")
    assert late.statistics.report(fang, asked).overdue == 1


def test_an_erased_case_stays_in_the_sums_without_a_row_of_its_own(office: Office) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    receipt = office.filed()
    office.report(fang)
    standing = office.store.filed.standing(receipt)
    assert standing is not None
    office.store.filed.erase(standing.id, datetime.now(), "citizen")
    with office.store._reading() as connection:
        assert connection.execute(select(func.count()).select_from(tallies)).scalar() == 0
    assert office.report(fang).total.figures.filed == 1


# —— sums ——


def test_sums_made_step_by_step_are_the_sums_of_all_cases(office: Office) -> None:
    fang = office.account("wang.fang", area=PROVINCE)
    draw = random.Random(9)
    receipts: list[str] = []
    for _ in range(12):
        if not receipts or draw.random() < 0.4:
            receipts.append(office.filed(*draw.choice(((HERE,), (NEXT_DOOR, "neighbour")))))
        else:
            act = draw.choice(("accept", "agree", "fail", "perform", "reopen", "note", "refuse"))
            told = {"amount": draw.randrange(9_999) / 7} if act in ("agree", "perform") else {}
            office.act(fang, draw.choice(receipts), act, told)
        if draw.random() < 0.5:
            office.store.tally_changed()
    office.store.tally_changed()
    added = [func.sum(tallies.c[name]) for name in MEASURES]
    with office.store._reading() as connection:
        rows = tuple(connection.execute(select(*added)).one())
        top = tuple(
            connection.execute(
                select(*(func.sum(tally_sums.c[name]) for name in MEASURES)).where(tally_sums.c.place == PROVINCE)
            ).one()
        )
    assert tuple(map(int, rows)) == tuple(map(int, top))


def test_counting_twice_changes_nothing(office: Office) -> None:
    office.filed()
    narrowed = Narrowed((PROVINCE,), "2020-01", "2099-12")
    office.store.tally_changed()
    before = office.store.sums(narrowed, "type")
    office.store.tally_changed()
    assert office.store.sums(narrowed, "type") == before and before["wages"]["filed"] == 1


# —— one case ——


def a_tally(facts: dict[str, Any] | None = None, done: Course | None = None, area: str = COUNTY) -> Tally:
    document = {"facts": {key: {"value": value} for key, value in (facts or {}).items()}}
    return tally(document, done or Course(), status="filed", type_="wages", area=area, body="q330503", filed=FILED)


def test_people_who_were_not_told_are_the_applicant_alone() -> None:
    assert a_tally({"people": 6}).measures["people"] == 6
    assert a_tally().measures["people"] == 1
    assert a_tally().measures["disputed_fen"] == 0


def test_an_answer_after_a_day_is_an_answer_and_not_prompt() -> None:
    late = a_tally(done=Course(answered_at=FILED + timedelta(hours=30)))
    assert (late.measures["answered"], late.measures["prompt"], late.measures["minutes"]) == (1, 0, 1_800)


def test_a_case_counts_once_for_its_committee_and_for_each_step_of_its_area() -> None:
    places = [place for place, _ in a_tally().places]
    assert places == ["浙江省", "浙江省/湖州市", COUNTY, "#q330503"] and len(set(places)) == len(places)


def test_levels_are_those_of_the_directory() -> None:
    text = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    from bot.intake.directory import Directory

    for body in Directory.parse(text, knowledge.divisions(), knowledge.taxonomy().subtypes):
        level = level_of(body.area)
        expected = "village" if body.ground.village else "town" if body.ground.town else None
        assert level == expected if expected else level in ("province", "city", "county"), body.area


@pytest.mark.parametrize(
    "query", [{"since": "x", "until": "2026-13"}, {"type": "nonsense"}, {"since": "2026-12", "until": "2026-01"}]
)
def test_nonsense_in_the_address_asks_for_something_sensible(office: Office, query: dict[str, str]) -> None:
    asked = office.desk.statistics.asked(query)
    assert asked.since <= asked.until and asked.type == ""


def test_a_page_counts_a_piece_and_says_how_many_are_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    fang = office.account("wang.fang", area=COUNTY)
    for _ in range(5):
        office.filed()
    monkeypatch.setattr("bot.store_tallies.BATCH", 2)
    monkeypatch.setattr("bot.statistics.AT_ONCE", 2)
    left = [office.report(fang).uncounted for _ in range(2)]
    assert left[0] == 3 > left[1]
    office.desk.statistics.catch_up()
    whole = office.report(fang)
    assert (whole.uncounted, whole.total.figures.filed) == (0, 5)
