"""The chat page in a real Chromium, against the real server and the trained model: what a citizen sees and can do.

Wording varies, so the claims are about facts on the screen (receipt, committee, numbers to call), not about sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

pytestmark = pytest.mark.browser

WAIT_MS = 15_000
PHONE_SIZE = {"width": 390, "height": 844}
STORY = "我在湖州市南浔区一个工地做木工，老板欠我一万八千元工资，拖了半年不给，我叫王小兰，我的电话13800138000"
DANGER = "我老公昨晚又打我了，拿着刀说要杀了我"
#: What she answers to a question; to any other she taps the last button (不清楚, 跳过, 不想说).
ANSWERS = {
    "story": STORY,
    "place": "湖州市南浔区",
    "counterpart": "周建业",
    "applicant_name": "王小兰",
    "phone": "13800138000",
    "amount": "一万八千元",
    "wanted": "把工资结清",
}
TOKEN = "localStorage.getItem('fenzhen.token')"
BUBBLES = "[...document.querySelectorAll('#log .bubble .words')].map((words) => words.textContent)"
CARD_ROWS = """[...document.querySelectorAll('button.card-row:enabled')].map(
  (row) => `${row.querySelector('.row-label').textContent}=${row.querySelector('.row-value').textContent}`)"""
#: Sizes in CSS pixels of all text that can be seen.
TEXT_SIZES = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.unseen') && e.clientHeight !== 1)
  .filter((e) => e.placeholder || [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.className || e.tagName])"""

expect.set_options(timeout=WAIT_MS)


class Citizen:
    """One person at one page."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.troubles: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def arrive(self) -> Citizen:
        self.page.goto(self.base)
        return self.ready()

    def ready(self) -> Citizen:
        """Wait until the talk is drawn and nothing is on its way."""
        expect(self.page.locator("#log:not([aria-busy]) .turn").first).to_be_visible()
        expect(self.page.locator(".pending")).to_have_count(0)
        expect(self.page.locator("#typing .dots")).to_have_count(0)
        return self

    def say(self, text: str) -> Citizen:
        self.page.locator("#words").fill(text)
        self.page.locator("#words").press("Enter")
        return self.ready()

    def tap(self, title: str) -> Citizen:
        self.page.locator(".choice", has_text=title).first.click()
        return self.ready()

    def standing(self) -> dict[str, Any]:
        """Open question, buttons and history, as the server has them."""
        headers = {"Authorization": f"Bearer {self.page.evaluate(TOKEN)}"}
        answer: dict[str, Any] = self.page.request.get(f"{self.base}/api/conversations/current", headers=headers).json()
        return answer

    def answer_until(self, step: str | None) -> Citizen:
        """Answer question after question until `step` is asked (None: until it is filed)."""
        for _ in range(40):
            now = self.standing()
            if now["ask"] == step:
                return self
            if now["ask"] in ANSWERS:
                self.say(ANSWERS[now["ask"]])
            elif now["ask"] in ("privacy_consent", "safe_now", "purpose", "card", "handover_consent"):
                self.tap(now["choices"][0]["title"])
            elif now["choices"]:
                self.tap(now["choices"][-1]["title"])
            else:
                self.say("不知道")
        raise AssertionError(f"after 40 answers the desk still asks {now['ask']}, not {step}")

    def bubbles(self) -> list[str]:
        said: list[str] = self.page.evaluate(BUBBLES)
        return said

    def own(self, text: str) -> Any:
        return self.page.locator(".turn.citizen .words").filter(has_text=text)

    def elder(self) -> Citizen:
        self.page.locator("#elder").click()
        return self


Coming = Callable[..., Citizen]


def a_context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=PHONE_SIZE, locale="zh-CN", has_touch=True)  # type: ignore[arg-type]


@pytest.fixture()
def comes(browser: Browser, server: str) -> Iterator[Coming]:
    """A citizen with a device of her own; the console must stay clean unless a test says why it may not."""
    opened: list[tuple[BrowserContext, Citizen, bool]] = []

    def come(quiet: bool = True) -> Citizen:
        context = a_context(browser)
        citizen = Citizen(context.new_page(), server)
        opened.append((context, citizen, quiet))
        return citizen.arrive()

    yield come
    for context, citizen, quiet in opened:
        context.close()
        assert not quiet or citizen.troubles == []


@pytest.fixture(scope="module")
def filed(browser: Browser, server: str) -> Iterator[Citizen]:
    """A whole talk about unpaid wages, from the first word to the receipt."""
    context = a_context(browser)
    citizen = Citizen(context.new_page(), server).arrive()
    citizen.answer_until(None)
    yield citizen
    context.close()
    assert citizen.troubles == []


def faults(page: Page) -> list[str]:
    """What axe finds, as id and the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {[node['html'][:120] for node in fault['nodes']]}" for fault in found]


# —— a whole talk ——


def test_a_wages_talk_ends_with_a_receipt_and_a_committee_to_go_to(filed: Citizen) -> None:
    card = filed.page.locator(".result")
    expect(card).to_have_count(1)
    expect(card.locator(".receipt-number")).to_have_text(re.compile(r"^FZ\d{8}-[0-9A-Z]{6}$"))
    expect(card.locator(".card-name")).to_contain_text("南浔区")
    expect(card.locator(".card-name")).to_contain_text("人民调解委员会")
    expect(card.locator(".where a[href^='tel:']")).to_have_text(re.compile(r"^\d{3,4}-\d{7,8}$"))
    expect(card.locator(".where")).to_contain_text(re.compile(r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"))
    expect(card.locator(".ticks li")).not_to_have_count(0)
    expect(card.get_by_role("button", name="复制回执")).to_be_visible()
    expect(card.get_by_role("button", name="打印回执")).to_be_visible()
    expect(filed.page.locator("#step-text")).to_have_text("已经交上去了")
    expect(filed.page.locator("button.card-row:enabled")).not_to_have_count(0)  # a tap is an amendment now


def test_a_reload_shows_the_same_talk(filed: Citizen) -> None:
    before = filed.bubbles()
    number = filed.page.locator(".receipt-number").text_content()
    filed.page.reload()
    filed.ready()
    assert filed.bubbles() == before
    expect(filed.page.locator(".receipt-number")).to_have_text(str(number))


def test_a_second_tab_shows_the_same_talk(filed: Citizen) -> None:
    second = Citizen(filed.page.context.new_page(), filed.base).arrive()
    expect(second.page.locator(".result")).to_have_count(1)
    assert second.bubbles() == filed.bubbles()
    second.page.close()
    assert second.troubles == []


def test_what_is_said_in_one_tab_appears_once_in_the_other(comes: Coming) -> None:
    first = comes().tap("同意")
    second = Citizen(first.page.context.new_page(), first.base).arrive()
    first.say("楼上天天半夜拖桌子，吵得我睡不着")
    expect(second.own("楼上天天半夜")).to_have_count(1)
    expect(second.page.locator("#log .turn")).to_have_count(first.page.locator("#log .turn").count())
    assert second.bubbles() == first.bubbles()


def test_words_told_before_the_consent_are_taken_up_after_it(comes: Coming) -> None:
    citizen = comes().say(STORY)
    assert citizen.standing()["ask"] == "privacy_consent"
    citizen.tap("同意")
    assert citizen.standing()["ask"] not in ("privacy_consent", "story")
    expect(citizen.own(STORY)).to_have_count(1)
    expect(citizen.page.locator("#words")).to_have_value("")


def test_a_greeting_that_waits_for_the_consent_is_not_drawn_again(comes: Coming) -> None:
    citizen = comes()
    start = citizen.bubbles()
    with citizen.page.expect_response("**/api/conversations/current?**"):
        citizen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    citizen.page.reload()
    citizen.ready()
    assert citizen.bubbles() == start


def test_tapping_a_row_of_the_card_corrects_that_fact_only(comes: Coming) -> None:
    citizen = comes().answer_until("card")
    before = set(citizen.page.evaluate(CARD_ROWS))
    assert "涉及金额=18,000元" in before
    citizen.page.locator("button.card-row:enabled", has_text="涉及金额").click()
    citizen.ready()
    assert citizen.standing()["ask"] == "amount"
    citizen.say("两万一千元")
    after = set(citizen.page.evaluate(CARD_ROWS))
    assert before - after == {"涉及金额=18,000元"}
    assert after - before == {"涉及金额=21,000元"}


# —— safety ——


def test_in_danger_the_police_are_one_tap_away_and_in_sight(comes: Coming) -> None:
    citizen = comes().tap("同意").say(DANGER)
    call = citizen.page.locator(".danger a.call[href='tel:110']").first
    expect(call).to_have_text("拨打 110")
    expect(call).to_be_in_viewport()


def test_when_a_card_fills_the_screen_a_button_leads_down_to_the_answers(comes: Coming) -> None:
    citizen = comes().elder().tap("同意").say(DANGER)
    expect(citizen.page.locator(".danger a.call[href='tel:110']").first).to_be_in_viewport()
    onward = citizen.page.locator("#fresh")
    for _ in range(6):
        if onward.is_visible():
            onward.click()
    expect(onward).to_be_hidden()
    expect(citizen.page.locator(".choice").first).to_be_in_viewport()


def test_script_typed_by_a_citizen_is_shown_as_text(comes: Coming) -> None:
    nasty = "<img src=x onerror='window.pwned=1'><script>window.pwned=1</script><b>邻居占了我的车位</b>"
    citizen = comes().tap("同意").say(nasty)
    for _ in range(2):
        expect(citizen.own("window.pwned=1")).to_have_text(nasty)
        expect(citizen.page.locator("#log img, #log script, #log b")).to_have_count(0)
        assert citizen.page.evaluate("window.pwned") is None
        citizen.page.reload()
        citizen.ready()


def test_an_identity_number_is_covered_on_her_own_screen_too(comes: Coming) -> None:
    citizen = comes().tap("同意")
    citizen.say("韩小东借我两万不还，他身份证110105194912310021")
    shown = citizen.page.locator(".citizen .words").all_inner_texts()
    assert any("1****************1" in text for text in shown), shown
    assert "19491231" not in citizen.page.content()


def test_deleting_takes_everything_off_the_screen_and_the_device(comes: Coming) -> None:
    citizen = comes().tap("同意").say(STORY)
    token = citizen.page.evaluate(TOKEN)
    citizen.page.locator("#menu-open").click()
    citizen.page.locator("#menu").get_by_text("删除我的资料").click()
    citizen.ready().tap("全部删掉")
    expect(citizen.page.locator(".turn.citizen")).to_have_count(0)
    assert citizen.page.evaluate(TOKEN) is None
    gone = citizen.page.request.get(
        f"{citizen.base}/api/conversations/current", headers={"Authorization": f"Bearer {token}"}
    )
    assert gone.status == 404
    citizen.tap("开始新的谈话")
    expect(citizen.page.locator(".choice", has_text="同意").first).to_be_visible()


# —— a bad network ——


def heard_times(citizen: Citizen, text: str) -> int:
    return [message["text"] for message in citizen.standing()["messages"]].count(text)


def test_after_a_network_failure_a_tap_sends_the_words_once(comes: Coming) -> None:
    citizen = comes(quiet=False).tap("同意")
    citizen.page.route("**/messages", lambda route: route.abort())
    citizen.page.locator("#words").fill(STORY)
    citizen.page.locator("#words").press("Enter")
    again = citizen.page.get_by_role("button", name="再试一次")
    expect(again).to_be_visible()
    expect(citizen.own(STORY)).to_have_count(1)
    citizen.page.unroute("**/messages")
    again.click()
    citizen.ready()
    expect(citizen.own(STORY)).to_have_count(1)
    expect(again).to_have_count(0)
    assert heard_times(citizen, STORY) == 1


def test_when_only_the_answer_is_lost_the_words_count_once_and_the_answer_comes(comes: Coming) -> None:
    citizen = comes(quiet=False).tap("同意")
    lost: list[str] = []

    def lose_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()  # the server hears it, the page does not hear the server
        route.abort()

    citizen.page.route("**/messages", lose_first_answer)
    citizen.say(STORY)
    expect(citizen.own(STORY)).to_have_count(1)
    assert len(lost) == 1
    assert heard_times(citizen, STORY) == 1
    assert citizen.bubbles()[-1] == citizen.standing()["messages"][-1]["text"]


# —— everybody ——


def test_elder_mode_is_remembered_and_no_text_is_smaller_than_20_pixels(comes: Coming) -> None:
    citizen = comes().tap("同意").say(DANGER).elder()
    citizen.page.reload()
    citizen.ready()
    expect(citizen.page.locator("#elder")).to_have_attribute("aria-checked", "true")
    small = [(size, name) for size, name in citizen.page.evaluate(TEXT_SIZES) if size < 20]
    assert small == []
    header = citizen.page.locator(".top").bounding_box()
    assert header is not None and header["height"] <= 120


def test_the_keyboard_alone_can_agree_and_send(comes: Coming) -> None:
    citizen = comes()
    page = citizen.page

    def tab_to(selector: str) -> None:
        for _ in range(25):
            page.keyboard.press("Tab")
            if page.evaluate("(it) => document.activeElement.matches(it)", selector):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    tab_to(".choice")
    page.keyboard.press("Enter")
    expect(citizen.own("同意")).to_have_count(1)
    citizen.ready()
    assert page.evaluate("document.activeElement !== document.body"), "the focus got lost with the button"
    if not page.evaluate("document.activeElement.matches('#words')"):
        tab_to("#words")
    page.keyboard.type(STORY)
    page.keyboard.press("Enter")
    citizen.ready()
    expect(citizen.own(STORY)).to_have_count(1)
    assert citizen.standing()["ask"] not in ("privacy_consent", "story")


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_axe_finds_nothing_at_the_start_and_in_mid_talk(comes: Coming, elder: bool) -> None:
    citizen = comes()
    if elder:
        citizen.elder()
    assert faults(citizen.page) == []
    citizen.tap("同意").say(DANGER)
    citizen.page.locator("#menu-open").click()
    assert faults(citizen.page) == []


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_axe_finds_nothing_with_cards_and_receipt(filed: Citizen, elder: bool) -> None:
    if (filed.page.locator("#elder").get_attribute("aria-checked") == "true") != elder:
        filed.elder()
    expect(filed.page.locator(".result")).to_be_attached()
    assert faults(filed.page) == []
