"""A whole talk on a telephone, from the first word to a supplement after filing, in normal and in elder mode: whatever
the desk shows on the way can be read, tapped and used without sight (axe), and nothing hangs over the edge.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from test_chat_page import WAIT_MS, Citizen, a_context, faults

pytestmark = pytest.mark.browser

#: The first turns of a server that has just been opened, on a machine with other work, load dictionaries.
COLD_MS = 60_000

TOLD = "我在湖州市南浔区一个工地做木工，老板周建业欠我一万八千元工资，六月底走的，调解收费吗"
NEWS = "昨天老板把厂门锁了，人跑到杭州去了"
#: Buttons that stand side by side or hang over the edge: (title, left, right, height) in CSS pixels.
BUTTONS = """[...document.querySelectorAll('.choice')].filter((e) => e.checkVisibility()).map((e) => {
  const box = e.getBoundingClientRect();
  return [e.textContent, box.left, box.right, box.height];
})"""


@pytest.fixture(params=[False, True], ids=["normal", "elder"])
def citizen(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Citizen]:
    context = a_context(browser)
    expect.set_options(timeout=COLD_MS)
    arrived = Citizen(context.new_page(), server).arrive()
    if request.param:
        arrived.elder()
    yield arrived
    expect.set_options(timeout=WAIT_MS)
    context.close()
    assert arrived.troubles == []


def look(citizen: Citizen, step: str) -> None:
    """The open step's screen: nothing for axe to find, every button within the page and large enough for a finger."""
    assert faults(citizen.page) == [], step
    elder = citizen.page.locator("#elder").get_attribute("aria-checked") == "true"
    for title, left, right, height in citizen.page.evaluate(BUTTONS):
        assert left >= 0 and right <= 390, (step, title)
        assert height >= (60 if elder else 44), (step, title)


def test_a_whole_talk_to_filing_and_after_can_be_read_and_tapped(citizen: Citizen) -> None:
    citizen.answer_until("story").say(TOLD)
    look(citizen, "a question and its answer beside the story")
    citizen.say("刚才说错了")
    assert citizen.standing()["ask"] == "which_fact"
    look(citizen, "which fact is wrong")
    citizen.tap("都没错")
    citizen.answer_until("card")
    look(citizen, "the card")
    citizen.answer_until("handover_consent")
    look(citizen, "the proposal")
    citizen.answer_until(None)
    expect(citizen.page.locator(".result")).to_be_attached()
    look(citizen, "the receipt")
    citizen.say(NEWS)
    assert citizen.standing()["ask"] == "add_on"
    expect(citizen.page.locator(".choice")).not_to_have_count(0)
    look(citizen, "whether it is added")
    citizen.tap("补进这件事")
    look(citizen, "added")
    expect(citizen.own(NEWS)).to_have_count(1)
