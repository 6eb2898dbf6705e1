"""Sending photos and papers from the chat page, in a real Chromium, by finger and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from evidence import a_pdf, a_photo
from playwright.sync_api import Browser, Route, expect
from test_chat_page import STORY, Citizen, a_context, faults

from bot.evidence_files import LARGEST

pytestmark = pytest.mark.browser
UPLOADS = "**/attachments"


@pytest.fixture()
def citizen(browser: Browser, server: str) -> Iterator[Citizen]:
    context = a_context(browser)
    yield Citizen(context.new_page(), server).arrive()
    context.close()


def picks(citizen: Citizen, *files: tuple[str, str, bytes]) -> None:
    chosen: Any = [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files]
    citizen.page.locator("#files").set_input_files(chosen)


PHOTO = ("欠条.jpg", "image/jpeg", a_photo(size=(300, 200)))
PAPER = ("合同.pdf", "application/pdf", a_pdf())


def test_a_photo_and_a_paper_stand_in_the_talk_and_after_a_reload(citizen: Citizen) -> None:
    citizen.tap("同意").say(STORY)
    picks(citizen, PHOTO, PAPER)
    for _ in range(2):
        tiles = citizen.page.locator(".turn.citizen .tile")
        expect(tiles).to_have_count(2)
        expect(tiles.first.locator("img")).to_have_js_property("complete", True)
        assert tiles.first.locator("img").evaluate("(image) => image.naturalWidth") > 0
        expect(tiles.last).to_contain_text("合同.pdf")
        citizen.page.reload()
        citizen.ready()
    assert citizen.troubles == []


def test_a_photo_is_opened_large_and_deleted_with_two_taps(citizen: Citizen) -> None:
    citizen.tap("同意")
    picks(citizen, PHOTO)
    citizen.page.locator(".tile").click()
    window = citizen.page.locator("#picture")
    expect(window.locator("img")).to_be_visible()
    window.get_by_role("button", name="删掉").click()
    expect(citizen.page.locator(".tile")).to_have_count(1)
    window.get_by_role("button", name="再点一下").click()
    expect(window).to_be_hidden()
    expect(citizen.page.locator(".tile")).to_have_count(0)
    citizen.page.reload()
    citizen.ready()
    expect(citizen.page.locator(".tile")).to_have_count(0)


def test_before_the_consent_the_camera_says_why_it_waits(citizen: Citizen) -> None:
    picks(citizen, PHOTO)
    expect(citizen.page.locator(".page-notice")).to_contain_text("同意")
    expect(citizen.page.locator(".upload, .tile")).to_have_count(0)


def test_a_renamed_program_is_refused_beside_its_name_and_the_others_arrive(citizen: Citizen) -> None:
    citizen.tap("同意")
    picks(citizen, ("工资表.jpg", "image/jpeg", b"MZ" + b"\0" * 300), PHOTO)
    expect(citizen.page.locator(".upload-failed")).to_contain_text("工资表.jpg")
    expect(citizen.page.locator(".upload-failed .upload-state")).to_contain_text("jpg")
    expect(citizen.page.locator(".tile")).to_have_count(1)
    citizen.page.get_by_role("button", name="不传了").click()
    expect(citizen.page.locator(".upload-failed")).to_have_count(0)


def test_what_is_too_large_or_empty_is_told_without_sending(citizen: Citizen) -> None:
    citizen.tap("同意")
    sent: list[str] = []
    citizen.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    picks(citizen, ("大.jpg", "image/jpeg", b"\0" * (LARGEST + 1)), ("空.png", "image/png", b""))
    expect(citizen.page.locator(".upload-failed")).to_have_count(2)
    assert sent == []


def test_an_upload_that_breaks_off_is_kept_and_sent_once_by_a_tap(citizen: Citizen) -> None:
    citizen.tap("同意")
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST" or len(lost) > 1:
            route.continue_()
            return
        lost.append(route.request.url)
        if len(lost) == 2:
            route.fetch()  # the server takes it, the page does not hear of it
        route.abort()

    citizen.page.route(UPLOADS, lose_the_answer)
    picks(citizen, PHOTO)
    again = citizen.page.get_by_role("button", name="再传一次")
    again.click()
    expect(again).to_be_visible()
    again.click()
    expect(citizen.page.locator(".tile")).to_have_count(1)
    expect(citizen.page.locator(".upload")).to_have_count(0)
    listed = citizen.standing()["messages"]
    assert [message["text"] for message in listed if message["show"]] == ["［照片］欠条.jpg"]


@pytest.mark.parametrize("elder", [False, True], ids=["normal", "elder"])
def test_axe_finds_nothing_with_pictures_failures_and_the_window(citizen: Citizen, elder: bool) -> None:
    if elder:
        citizen.elder()
    citizen.tap("同意")
    picks(citizen, PHOTO, PAPER, ("坏.jpg", "image/jpeg", b"bad"))
    expect(citizen.page.locator(".tile")).to_have_count(2)
    expect(citizen.page.locator(".upload-failed")).to_have_count(1)
    assert faults(citizen.page) == []
    citizen.page.locator(".tile").first.focus()
    citizen.page.keyboard.press("Enter")
    expect(citizen.page.locator("#picture img")).to_be_visible()
    assert faults(citizen.page) == []
    citizen.page.keyboard.press("Escape")
    expect(citizen.page.locator("#picture")).to_be_hidden()
