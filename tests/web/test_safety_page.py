"""Safety mode in a real Chromium: a plain page, one screen of numbers, and leaving without a trace."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from test_chat_page import DANGER, STORY, Citizen, Coming, faults
from test_chat_page import comes as comes
from test_chat_page import filed as filed

pytestmark = pytest.mark.browser
EVERYDAY = "https://www.weather.com.cn/"


def leads_somewhere(page: Page) -> Page:
    """An everyday page in place of the real one: no test goes to the network."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body="<title>天气</title><p>晴")

    page.route(f"{EVERYDAY}**", answer)
    return page


def hurt(comes: Coming) -> Citizen:
    citizen = comes().tap("同意").say(DANGER)
    leads_somewhere(citizen.page)
    return citizen


def test_the_tab_says_nothing_of_disputes_once_she_told_of_a_blow(comes: Coming) -> None:
    citizen = hurt(comes)
    for _ in range(2):  # and after a reload
        for word in ("分诊", "调解", "家暴", "110"):
            assert word not in citizen.page.title()
            assert word not in citizen.page.locator("h1").inner_text()
        assert citizen.page.locator("link[rel='icon']").get_attribute("href").startswith("data:image/svg")
        citizen.page.reload()
        citizen.ready()


def test_a_talk_without_danger_keeps_the_desks_name(comes: Coming) -> None:
    citizen = comes().tap("同意").say(STORY)
    assert "分诊台" in citizen.page.title()
    expect(citizen.page.locator("#safety-open")).to_be_hidden()


def test_one_screen_has_the_numbers_the_protection_order_and_shelter(comes: Coming) -> None:
    screen = hurt(comes).page.locator("#log .safety-fold")
    expect(screen).to_have_count(1)
    for number in ("110", "12338", "12356"):
        expect(screen.locator(f"a[href='tel:{number}']").first).to_be_visible()
    assert "上班时间" in screen.inner_text() and "庇护" in screen.inner_text() and "保护令" in screen.inner_text()


def test_the_numbers_stay_at_hand_in_the_header_and_fold_in_the_talk(comes: Coming) -> None:
    citizen = hurt(comes).tap("先停一下")
    expect(citizen.page.locator("#log .safety-fold a").first).to_be_hidden()
    citizen.page.locator("#safety-open").click()
    expect(citizen.page.locator("#safety a[href='tel:110']").first).to_be_visible()
    citizen.page.locator("#safety").get_by_text("收起").click()
    expect(citizen.page.locator("#safety")).to_be_hidden()


def left_without_trace(citizen: Citizen) -> None:
    page = citizen.page
    page.wait_for_url(EVERYDAY)
    assert page.title() == "天气"
    page.go_back(wait_until="commit")
    assert citizen.base not in page.url
    beside = page.context.new_page()
    beside.goto(f"{citizen.base}/health")
    assert beside.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [[], []]
    assert beside.evaluate("document.cookie") == ""
    citizen.arrive()
    expect(citizen.own(DANGER)).to_have_count(0)
    expect(citizen.page.locator("#words")).to_have_value("")


def test_quick_exit_replaces_the_page_and_clears_the_device(comes: Coming) -> None:
    citizen = hurt(comes)
    citizen.page.locator("#words").fill("还没发出去的话")
    citizen.page.locator("#leave").click()
    left_without_trace(citizen)


def test_esc_twice_leaves_as_the_button_does_and_once_does_not(comes: Coming) -> None:
    citizen = hurt(comes)
    citizen.page.keyboard.press("Escape")
    citizen.page.wait_for_timeout(5_000)  # far beyond the limit: a busy machine delivers keys late
    citizen.page.keyboard.press("Escape")
    citizen.page.wait_for_timeout(300)
    assert citizen.page.url.startswith(citizen.base)
    citizen.page.keyboard.press("Escape")
    left_without_trace(citizen)


def test_one_esc_on_a_page_just_opened_does_not_leave(comes: Coming) -> None:
    citizen = comes()
    leads_somewhere(citizen.page)
    citizen.page.add_init_script(
        "addEventListener('DOMContentLoaded', () =>"
        " document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })))"
    )
    citizen.page.reload()
    citizen.page.wait_for_timeout(300)
    assert citizen.page.url.startswith(citizen.base)
    citizen.ready()


def test_esc_twice_leaves_from_the_open_screen_of_numbers_too(comes: Coming) -> None:
    citizen = hurt(comes)
    citizen.page.locator("#safety-open").click()
    citizen.page.keyboard.press("Escape")
    citizen.page.keyboard.press("Escape")
    citizen.page.wait_for_url(EVERYDAY)


def test_the_skip_link_makes_no_second_entry_in_the_history(comes: Coming) -> None:
    citizen = hurt(comes)
    before = citizen.page.evaluate("history.length")
    citizen.page.locator("a.skip").focus()
    citizen.page.keyboard.press("Enter")
    assert citizen.page.evaluate("history.length") == before
    expect(citizen.page.locator("#words")).to_be_focused()


def test_the_talk_stays_on_the_server_when_she_leaves(comes: Coming) -> None:
    citizen = hurt(comes)
    token = citizen.page.evaluate("localStorage.getItem('fenzhen.token')")
    citizen.page.locator("#leave").click()
    citizen.page.wait_for_url(EVERYDAY)
    kept = citizen.page.request.get(
        f"{citizen.base}/api/conversations/current", headers={"Authorization": f"Bearer {token}"}
    )
    assert kept.ok and DANGER in [message["text"] for message in kept.json()["messages"]]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_axe_finds_nothing_on_the_safety_screen(comes: Coming, elder: bool) -> None:
    citizen = comes()
    if elder:
        citizen.elder()
    citizen.tap("同意").say(DANGER)
    assert faults(citizen.page) == []
    citizen.page.locator("#safety-open").click()
    assert faults(citizen.page) == []
