"""A case walked from new to closed in the console, in each role, with the citizen's own page open beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from builders import Talking, an_account
from house import AREA
from playwright.sync_api import Browser, Page, expect
from serving import signed_in
from system import Running
from test_console_pages import STORY, WAIT_MS, faults, say

from bot.intake.working_days import is_working_day
from bot.opening import open_staff
from bot.permissions import PERMISSIONS

pytestmark = pytest.mark.browser

#: Roles that see cases.
SEEING = sorted(PERMISSIONS["case"]["see"])


@pytest.fixture(scope="module")
def staff(running: Running) -> dict[str, str]:
    accounts = open_staff(running.settings)
    for role in SEEING:
        an_account(accounts, running.host.desk, f"walk.{role}", role, f"走{role}", area=AREA)
    return {role: f"walk.{role}" for role in SEEING}


@pytest.fixture()
def talking(running: Running) -> Talking:
    return Talking(running.host.desk).consented()


@pytest.fixture()
def citizen(browser: Browser, server: str, talking: Talking) -> Iterator[Page]:
    """The chat of `talking` on a telephone."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{server}/progress")
    page.evaluate("token => localStorage.setItem('fenzhen.token', token)", talking.token)
    yield page
    page.context.close()


def a_working_day() -> date:
    return next(d for n in range(2, 30) if is_working_day(d := date.today() + timedelta(days=n))[0])


def do(page: Page, case: str, act: str, **fields: str) -> None:
    """Choose an act on the case page, fill in its form and send it."""
    page.goto(f"{case}?do={act}#doing")
    form = page.locator("form.doing")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif field.first.get_attribute("type") == "checkbox":
            field.check()
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator(".button").first.click()
    expect(page.locator(".done")).to_be_visible()


@pytest.mark.parametrize("role", ["mediator", "head"])
def test_a_case_is_walked_from_new_to_closed_beside_the_citizens_page(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking, citizen: Page, role: str
) -> None:
    receipt = talking.filed(STORY, counterpart="周建业")
    citizen.goto(server)
    page = signed_in(browser, server, staff[role], 390 if role == "head" else 1280)
    case = f"{server}/review/cases/{receipt}"
    page.goto(case)
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.locator(".done")).to_be_visible()
    page.get_by_role("button", name="我来办").click()
    expect(citizen.locator(".turn.desk").last).to_contain_text("受理了", timeout=WAIT_MS)

    do(page, case, "ask", words="欠条上签的是谁的名字？")
    expect(citizen.locator(".turn.mediator").last).to_contain_text("欠条上签的是谁", timeout=WAIT_MS)
    assert faults(citizen) == []
    say(citizen, "是老板自己签的")
    page.goto(case)
    expect(page.locator(".history")).to_contain_text("是老板自己签的")

    do(
        page,
        case,
        "appoint",
        day=a_working_day().isoformat(),
        time="09:30",
        way="here",
        where=f"练市镇调委会二楼，{role}",
    )
    expect(citizen.locator(".turn.desk").last).to_contain_text("练市镇调委会二楼", timeout=WAIT_MS)
    with citizen.expect_download() as saved:
        citizen.get_by_role("button", name="存到手机日历").last.click()
    assert saved.value.suggested_filename == f"{receipt}.ics"
    with page.expect_download() as saved:
        page.get_by_role("link", name="存到日历").click()
    assert saved.value.suggested_filename == f"{receipt}.ics"

    today = date.today().isoformat()
    do(page, case, "meet", day=today, came="双方都来了", why="还差两千，回去想想")
    due = (date.today() + timedelta(days=40)).isoformat()
    do(page, case, "agree", form="written", terms="月底前付清一万八", amount="一万八", day=today, due=due)
    expect(page.locator("#stands-title + ul")).to_contain_text("18,000元")
    expect(page.locator("#stands-title + ul")).to_contain_text("申请司法确认")
    expect(citizen.locator("#log, main").first).to_contain_text("一起去法院确认", timeout=WAIT_MS)
    do(page, case, "confirm", step="applied", day=today)
    do(page, case, "perform", result="performed", day=today, amount="18000")
    do(page, case, "visit", day=today, way="phone", satisfied="yes", why="钱收到了")
    do(page, case, "close")
    expect(page.locator(".headline")).to_contain_text("已办结")
    expect(page.locator(".history > li")).to_have_count(12)
    page.context.close()

    citizen.goto(f"{server}/progress")
    citizen.fill("#receipt", receipt)
    citizen.fill("#last_four", "1234")
    citizen.click("button[type=submit]")
    expect(citizen.locator(".found")).to_contain_text("办完了")


def test_a_clerk_takes_in_and_follows_up_and_decides_nothing(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    page = signed_in(browser, server, staff["clerk"])
    case = f"{server}/review/cases/{receipt}"
    page.goto(case)
    page.get_by_role("button", name="受理", exact=True).click()
    for act in ("agree", "fail", "end", "offer", "meet"):
        page.goto(f"{case}?do={act}")
        expect(page.locator("form.doing")).to_have_count(0)
    do(page, case, "appoint", day=a_working_day().isoformat(), time="10:00", way="online", where="会议号 123456")
    do(page, case, "give_up", why="她打电话说不想调了")
    do(page, case, "close")
    page.context.close()


def test_a_supervisor_looks_and_finds_no_button(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    page = signed_in(browser, server, staff["supervisor"])
    page.goto(f"{server}/review/cases/{receipt}?do=accept")
    expect(page.locator(".record")).to_be_visible()
    expect(page.locator("main form:not([action$='/unmask'])")).to_have_count(0)
    page.context.close()


def test_a_transfer_goes_through_her_own_button(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking, citizen: Page
) -> None:
    receipt = talking.filed(STORY)
    citizen.goto(server)
    page = signed_in(browser, server, staff["mediator"])
    case = f"{server}/review/cases/{receipt}"
    page.goto(f"{case}?do=offer#doing")
    to = page.locator("[name=to] option").nth(1).get_attribute("value")
    do(page, case, "offer", to=to or "", why="对方在那边，他们去得快")
    citizen.get_by_role("button", name="同意转过去").click(timeout=WAIT_MS)
    expect(citizen.locator(".turn.desk").last).to_contain_text("已经转给", timeout=WAIT_MS)
    page.context.close()


def test_a_refusal_names_the_next_door_in_her_chat(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking, citizen: Page
) -> None:
    receipt = talking.filed(STORY)
    citizen.goto(server)
    page = signed_in(browser, server, staff["mediator"])
    do(page, f"{server}/review/cases/{receipt}", "refuse", reason="court")
    expect(citizen.locator(".turn.desk").last).to_contain_text("12368", timeout=WAIT_MS)
    page.context.close()


def test_what_is_wrong_in_a_form_is_said_and_nothing_typed_is_lost(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    page = signed_in(browser, server, staff["mediator"], 390)
    case = f"{server}/review/cases/{receipt}"
    page.goto(case)
    page.get_by_role("button", name="受理", exact=True).click()
    page.goto(f"{case}?do=agree#doing")
    page.fill("[name=terms]", "月底付清")
    page.fill("[name=amount]", "说不清多少")
    page.locator("[name=form][value=oral]").check()
    page.fill("[name=due]", (date.today() + timedelta(days=9)).isoformat())
    page.locator("form.doing .button").first.click()
    expect(page.locator("[role=alert]")).to_contain_text("没读懂")
    expect(page.locator("[name=terms]")).to_have_value("月底付清")
    expect(page.locator("[name=form][value=oral]")).to_be_checked()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_form_of_an_act_is_clean_for_axe_and_fits_the_screen(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking, width: int
) -> None:
    receipt = talking.filed(STORY)
    case = f"{server}/review/cases/{receipt}"
    page = signed_in(browser, server, staff["head"], width)

    def look(*acts: str) -> None:
        for act in acts:
            page.goto(f"{case}?do={act}")
            assert faults(page) == [], act
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), act

    look("refuse", "offer", "ask", "retype")
    page.goto(case)
    page.get_by_role("button", name="受理", exact=True).click()
    look("appoint", "meet", "agree", "end", "fail")
    do(page, case, "agree", form="oral", terms="说好了", performed="1")
    look("", "perform", "confirm", "visit", "close", "reopen")
    for path in ("cases?ending=1", "replies"):
        page.goto(f"{server}/review/{path}")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.close()


def test_a_view_is_saved_and_a_canned_reply_fills_the_box(
    browser: Browser, server: str, staff: dict[str, str], talking: Talking
) -> None:
    receipt = talking.filed(STORY)
    page = signed_in(browser, server, staff["mediator"])
    page.goto(f"{server}/review/cases?type=wages&status=filed")
    page.fill(".views [name=name]", "待受理的工资")
    page.get_by_role("button", name="存下").click()
    page.goto(f"{server}/review/cases")
    page.get_by_role("link", name="待受理的工资").click()
    expect(page.locator("[name=type]")).to_have_value("wages")

    page.goto(f"{server}/review/replies")
    page.fill("[name=words]", "您好，我是调委会的，有几句想问您。")
    page.get_by_role("button", name="存下").click()
    page.goto(f"{server}/review/cases/{receipt}")
    page.get_by_role("button", name="跟当事人说话").click()
    page.get_by_role("button", name="我来说").click()
    page.locator(".replies summary").click()
    page.locator("[data-reply]").first.click()
    expect(page.locator("[name=words]")).to_have_value("您好，我是调委会的，有几句想问您。")
    assert faults(page) == []
    page.context.close()
