"""The application's page, the elder mode's sizes, folded words and reading aloud, in a real Chromium."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader
from test_chat_page import Citizen, a_context, faults

pytestmark = pytest.mark.browser

#: Everything that can be tapped and seen, with its width and height in CSS pixels; links inside a sentence are text.
TARGETS = """() => [...document.querySelectorAll('button, [role=switch], .call')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => [e.id || e.className, Math.round(e.getBoundingClientRect().width), Math.round(e.getBoundingClientRect().height)])"""
#: A browser with a Chinese voice that notes what it is told to read.
VOICE = """(() => {
  const said = (window.said = []);
  const voice = { lang: 'zh-CN', name: 'test' };
  const speech = { getVoices: () => [voice], speak: (words) => said.push(words.text), cancel: () => said.push('—'), addEventListener() {} };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
})()"""
LONG = "我在湖州市南浔区一个工地做木工，老板欠我一万八千元工资，拖了半年不给，" + "找了他好多回都说没钱，" * 12


@pytest.fixture()
def citizen(browser: Browser, server: str) -> Iterator[Citizen]:
    context = a_context(browser)
    yield Citizen(context.new_page(), server)
    context.close()


def test_the_card_leads_to_a_sheet_that_prints_on_one_page_and_back(citizen: Citizen) -> None:
    citizen.arrive().answer_until("card")
    citizen.page.locator("button", has_text="打印申请书").click()
    sheet = citizen.page.locator("#sheet")
    expect(sheet).to_contain_text("王小兰")
    expect(sheet).to_contain_text("按指印")
    assert citizen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(citizen.page) == []
    printed = PdfReader(io.BytesIO(citizen.page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    with citizen.page.expect_download() as saved:
        citizen.page.get_by_role("button", name="存成 Word").click()
    assert saved.value.suggested_filename.endswith(".docx")
    citizen.page.get_by_role("button", name="回到谈话").click()
    citizen.ready()
    assert citizen.standing()["ask"] == "card"
    assert citizen.troubles == []


def test_leaving_from_the_sheet_leaves_nothing_on_the_device(citizen: Citizen) -> None:
    citizen.arrive().answer_until("card")
    citizen.page.locator("button", has_text="打印申请书").click()
    expect(citizen.page.locator("#sheet")).to_be_visible()
    citizen.page.get_by_role("button", name="快速离开").click()
    expect(citizen.page.locator("#sheet")).to_have_count(0)
    beside = citizen.page.context.new_page()
    beside.goto(f"{citizen.base}/health")
    assert beside.evaluate("localStorage.getItem('fenzhen.token')") is None


@pytest.mark.parametrize(("elder", "least"), [(False, 44), (True, 60)], ids=["normal", "elder"])
def test_whatever_is_tapped_is_large_enough(citizen: Citizen, elder: bool, least: int) -> None:
    citizen.arrive()
    if elder:
        citizen.elder()
    citizen.answer_until("card")
    citizen.page.locator("#menu-open").click()
    small = [target for target in citizen.page.evaluate(TARGETS) if min(target[1:]) < least]
    assert small == []


def test_long_words_are_folded_on_the_card_and_unfolded_by_key(citizen: Citizen) -> None:
    citizen.arrive().tap("同意").say(LONG).answer_until("card")
    story = citizen.page.locator(".card-fold", has_text="事情经过").last
    value = story.locator(".row-value")
    before = value.bounding_box()
    story.get_by_role("button", name="看全部").focus()
    citizen.page.keyboard.press("Enter")
    after = value.bounding_box()
    assert before is not None and after is not None and after["height"] > 1.5 * before["height"]
    expect(value).to_have_text(LONG)
    assert faults(citizen.page) == []


def test_reading_aloud_is_offered_with_a_voice_and_stops_when_she_types(citizen: Citizen) -> None:
    citizen.page.add_init_script(VOICE)
    citizen.arrive()
    citizen.page.locator(".aloud").first.click()
    assert len([line for line in citizen.page.evaluate("said") if line != "—"]) > 0
    citizen.page.locator("#words").press_sequentially("我")
    assert citizen.page.evaluate("said").pop() == "—"


def test_without_a_chinese_voice_nothing_of_reading_aloud_is_seen(citizen: Citizen) -> None:
    citizen.page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    citizen.arrive()
    expect(citizen.page.locator(".aloud:visible")).to_have_count(0)
    citizen.page.locator("#menu-open").click()
    expect(citizen.page.locator(".auto-aloud")).to_be_hidden()


def test_in_elder_mode_she_is_told_once_how_to_speak_instead_of_typing(citizen: Citizen) -> None:
    citizen.arrive().elder()
    hint = citizen.page.locator(".page-notice", has_text="话筒")
    expect(hint).to_have_count(1)
    citizen.page.locator("#elder").click()
    citizen.page.locator("#elder").click()
    expect(hint).to_have_count(1)
