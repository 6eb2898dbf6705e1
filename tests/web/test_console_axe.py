"""Every page of the console, as its own table names them, in a real Chromium: clean for axe, fits a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import Talking
from house import House, a_house
from playwright.sync_api import Browser, Page
from serving import served, signed_in

from bot.permissions import PERMISSIONS
from bot.web.review_visit import Page as Row

pytestmark = pytest.mark.browser
STORY = "我在湖州市南浔区练市镇一个工地做木工，老板周建业欠我一万八千元工资，拖了半年不给"
#: Pages that are no HTML for people: files, pictures, and what a page asks by itself.
NO_PAGE = re.compile(r"(\.ics|\.zip|\.csv|/word|/export/.*|/evidence/.*|/help/.*|\{ending\})$")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[str]:
    yield from served(house.pages())


@pytest.fixture(scope="module")
def found(house: House) -> dict[str, str]:
    """What stands in the braces of the addresses: a case, a call, a form, an example, a word list, a turn."""
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY, counterpart="周建业", applicant_name="李小梅")
    calling = Talking(house.desk).consented()
    calling.say(STORY)
    calling.say("转人工")
    browser = house.signed_in("trainer.one")
    example = re.search(r"/review/training/examples/([\w-]+)", browser.get("/review/training?type=wages").text)
    word = re.search(r"/review/training/words/([\w-]+)", browser.get("/review/training/words").text)
    call = house.desk.floor.calls(house.staff.account("mediator.one"))[0].id
    named = {"receipt": receipt, "call": str(call), "form": "agreement"}
    return named | {"key": (example or word).group(1) if (example or word) else ""}


def role_of(row: Row) -> str:
    """The role that sees most of those that may."""
    may = PERMISSIONS[row.page][row.act]
    return next(role for role in ("mediator", "trainer", "admin", "head", "clerk", "supervisor") if role in may)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_table_is_clean_for_axe_and_fits_the_screen(
    browser: Browser, house: House, server: str, found: dict[str, str], width: int
) -> None:
    pages: dict[str, Page] = {}
    faults, seen = [], 0
    for row in house.console.pages:
        braces = re.findall(r"\{(\w+)", row.path)
        if row.method != "GET" or not row.by_hand or NO_PAGE.search(row.path) or not set(braces) <= set(found):
            continue
        role = role_of(row)
        if role not in pages:
            pages[role] = signed_in(browser, server, f"{role}.one", width)
        page = pages[role]
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda brace: found[brace.group(1)], row.path)
        answer = page.goto(server + address)
        assert answer is not None
        seen += 1
        faults += [(address, one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, "wide", role))
    for page in pages.values():
        page.context.close()
    assert faults == [] and seen > 15
