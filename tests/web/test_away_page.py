"""The console in a real Chromium while the database is away: a page comes back by itself, a sent form is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import Talking
from house import House, a_house
from playwright.sync_api import Browser, expect
from serving import WAIT_MS, served, signed_in
from test_database_away import NOTE, STORY, locked

pytestmark = pytest.mark.browser


@pytest.fixture()
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


@pytest.fixture()
def address(house: House) -> Iterator[str]:
    yield from served(house.pages())


def test_a_page_comes_back_by_itself_and_a_note_is_sent_again_by_one_button(
    browser: Browser, house: House, address: str, tmp_path: Path
) -> None:
    receipt = Talking(house.desk).consented().filed(STORY, "wages/wage_arrears")
    page = signed_in(browser, address, "mediator.one")
    page.goto(f"{address}/review/cases/{receipt}")
    with locked(tmp_path / "desk.db"):
        page.goto(f"{address}/review/cases/{receipt}")
        expect(page.locator("h1")).to_have_text("暂时连不上")
    expect(page.locator("[name=note]")).to_be_visible(timeout=WAIT_MS)  # nobody touched the page

    page.fill("[name=note]", NOTE)
    with locked(tmp_path / "desk.db"):
        page.locator("form[action$=note] button").click()
        expect(page.locator("textarea[name=note]")).to_have_value(NOTE)
    page.get_by_role("button", name="再交一次").click()
    expect(page.locator(".history")).to_contain_text(NOTE)
    page.context.close()
