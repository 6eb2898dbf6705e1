"""In a real browser: a talk goes on, on a second device, by a short code; progress is looked up on a page of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from test_chat_page import STORY, Coming, faults
from test_chat_page import comes as comes

pytestmark = [pytest.mark.browser, pytest.mark.running]


def test_what_was_said_on_one_phone_goes_on_on_another_by_a_code(comes: Coming, server: str) -> None:
    first = comes()
    first.tap("同意").say(STORY)
    asked = first.standing()["ask"]
    first.say("换个手机接着说")
    first.page.get_by_role("button", name="看短码").click()
    digits = first.page.locator("#code-digits")
    expect(digits).to_have_text(re.compile(r"^\d{4} \d{4}$"))
    assert faults(first.page) == []
    code = digits.inner_text()
    first.page.locator("#code-close").click()
    assert code.replace(" ", "") not in first.page.locator("#log").inner_text().replace(" ", "")

    second = comes()
    second.page.locator(".notice [data-resume]").click()
    second.page.locator("#resume-code").fill("1234")
    second.page.locator("#resume-form [type=submit]").click()
    expect(second.page.locator("#resume-trouble")).not_to_be_empty()
    assert faults(second.page) == []
    second.page.locator("#resume-code").fill(code)
    second.page.locator("#resume-form [type=submit]").click()
    expect(second.page.locator("#log")).to_contain_text("木工")
    second.ready()
    assert second.standing()["ask"] == asked


def test_the_progress_page_is_usable_on_a_phone_and_by_everybody(comes: Coming, server: str) -> None:
    page = comes().page
    page.goto(f"{server}/progress")
    assert faults(page) == []
    page.locator("#receipt").fill("FZ20261120-AAAAAA")
    page.locator("#last_four").fill("1234")
    page.locator("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("#receipt").input_value() == "FZ20261120-AAAAAA"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
