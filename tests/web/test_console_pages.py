"""The console in a real Chromium beside a citizen's page, against the real server and the trained model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import Talking, an_account
from house import AREA
from playwright.sync_api import Browser, Page, expect
from serving import signed_in
from system import Running

from bot.opening import open_staff

pytestmark = pytest.mark.browser

WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)
STORY = "我在湖州市南浔区一个工地做木工，老板周建业欠我一万八千元工资，拖了半年不给"


@pytest.fixture(scope="module")
def mediators(running: Running) -> list[str]:
    staff = open_staff(running.settings)
    for name, shown in (("wang.fang", "王芳"), ("li.si", "李四")):
        an_account(staff, running.host.desk, name, "head", shown, area=AREA)
    return ["wang.fang", "li.si"]


@pytest.fixture()
def fang(browser: Browser, server: str, mediators: list[str]) -> Iterator[Page]:
    page = signed_in(browser, server, mediators[0])
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.context.close()
    assert troubles == []


@pytest.fixture()
def citizen(browser: Browser, server: str) -> Iterator[Page]:
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server)
    page.locator(".choice").first.click()
    expect(page.locator(".pending")).to_have_count(0)
    yield page
    page.context.close()


def say(page: Page, words: str) -> None:
    page.locator("#words").fill(words)
    page.locator("#words").press("Enter")
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator("#typing .dots")).to_have_count(0)


def desk_bubbles(page: Page) -> int:
    return page.locator(".turn.desk").count()


def faults(page: Page) -> list[Any]:
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]]


def _number(address: str) -> int:
    return int("".join(filter(str.isdigit, address)) or 0)


def test_a_mediator_takes_over_beside_the_citizens_page_and_hands_back(
    browser: Browser, server: str, fang: Page, citizen: Page, mediators: list[str]
) -> None:
    links = "#list a[href*='/review/talks/']"
    rung = fang.locator(links).count()  # other tests' citizens may be ringing too
    say(citizen, STORY)
    say(citizen, "转人工")
    expect(fang.locator(links)).to_have_count(rung + 1)  # came by itself
    newest = max((link.get_attribute("href") or "" for link in fang.locator(links).all()), key=_number)
    fang.locator(f"#list a[href='{newest}']").click()
    fang.get_by_role("button", name="我来说").click()
    expect(citizen.locator("#with")).to_contain_text("王芳")
    expect(citizen.locator("#choices")).to_be_hidden()

    fang.fill(".say textarea", "您好，我是王芳，欠条还在吗？")
    fang.click(".say .button:not([data-reply])")
    expect(citizen.locator(".turn.mediator").last).to_contain_text("欠条还在吗")
    before = desk_bubbles(citizen)
    say(citizen, "欠条还在，金额是一万八")
    expect(fang.locator("#bubbles li").last).to_contain_text("欠条还在")
    assert desk_bubbles(citizen) == before  # the desk is silent

    say(citizen, "他刚才发信息说要拿刀砍死我")
    expect(citizen.locator(".bubble.danger").last).to_be_visible()
    assert faults(fang) == [] and faults(citizen) == []

    other = signed_in(browser, server, mediators[1], 390)
    other.goto(fang.url)
    expect(other.locator("#floor")).to_contain_text("王芳")
    expect(other.locator(".say")).to_have_count(0)
    other.context.close()

    fang.get_by_role("button", name=re.compile("交还")).click()
    expect(citizen.locator("#with")).to_be_hidden(timeout=WAIT_MS)
    expect(citizen.locator("#choices .choice").first).to_be_visible(timeout=WAIT_MS)
    citizen.reload()
    expect(citizen.locator(".turn.mediator")).to_have_count(1)


def test_pointing_at_a_fact_lights_up_the_words_and_the_reverse(running: Running, server: str, fang: Page) -> None:
    receipt = Talking(running.host.desk).consented().filed(STORY, counterpart="周建业")
    fang.goto(f"{server}/review/cases/{receipt}")
    fang.hover("[data-fact=amount]")
    expect(fang.locator(".said.lit", has_text="一万八千")).to_have_count(1)
    fang.hover(".said >> text=一万八千")
    expect(fang.locator("[data-fact=amount].lit")).to_have_count(1)


def test_an_edit_from_the_page_keeps_old_and_new(running: Running, server: str, fang: Page) -> None:
    receipt = Talking(running.host.desk).consented().filed(STORY, counterpart="周建业")
    fang.goto(f"{server}/review/cases/{receipt}")
    fang.click("[data-fact=amount] .change")
    fang.fill(".edit [name=value]", "两万")
    fang.fill(".edit [name=why]", "电话里核实过")
    fang.click(".edit .button >> nth=0")
    expect(fang.locator("[data-fact=amount] .value")).to_have_text("20,000元")
    expect(fang.locator(".history")).to_contain_text("电话里核实过")


def test_a_new_case_comes_into_the_open_queue_by_itself(running: Running, server: str, fang: Page) -> None:
    fang.goto(f"{server}/review/cases")
    receipt = Talking(running.host.desk).consented().filed(STORY)
    expect(fang.locator(f"#list a[href$='{receipt}']").first).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_clean_for_axe_and_fits_the_screen(
    running: Running, browser: Browser, server: str, mediators: list[str], width: int
) -> None:
    receipt = Talking(running.host.desk).consented().filed(STORY)
    page = signed_in(browser, server, mediators[0], width)
    case = f"cases/{receipt}"
    paths = (
        "cases",
        "statistics",
        "talks",
        "me",
        "password",
        "second-factor",
        case,
        f"{case}?edit=amount",
        f"{case}/papers",
    )
    paths += tuple(f"{case}/papers/{form}" for form in ("acceptance", "agreement", "rights_notice"))
    for path in paths:
        page.goto(f"{server}/review/{path}")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.close()
