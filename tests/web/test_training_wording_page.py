"""The pages of import, wording, cards, the wizard, the quality card and the guide in a real Chromium, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from house import House
from playwright.sync_api import Browser, Page, expect
from serving import WAIT_MS, served, signed_in
from test_training_wording import TRAINING, house  # noqa: F401

pytestmark = pytest.mark.browser
PAGES = (
    f"{TRAINING}/exchange", f"{TRAINING}/wording", f"{TRAINING}/wording/utter_faq~cost", f"{TRAINING}/cards",
    f"{TRAINING}/cards/R11", f"{TRAINING}/new-type", f"{TRAINING}/quality", "/review/help",
)  # fmt: skip


@pytest.fixture()
def address(house: House) -> Iterator[str]:  # noqa: F811
    yield from served(house.pages())


@pytest.fixture(params=[1280, 390])
def trainer(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = signed_in(browser, address, "trainer.one", request.param)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.context.close()
    assert troubles == []


def test_the_pages_can_be_used_by_everybody_and_fit_the_screen(trainer: Page) -> None:
    for path in PAGES:
        trainer.goto(path)
        assert Axe().run(trainer).response["violations"] == [], path
        assert not trainer.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_the_bubble_follows_the_words_and_a_file_is_looked_through(trainer: Page, tmp_path: Path) -> None:
    trainer.goto(f"{TRAINING}/wording/utter_faq~cost")
    trainer.locator("textarea").first.fill("不收钱{amount}")
    expect(trainer.locator(".bubble").first).to_contain_text("不收钱", timeout=WAIT_MS)
    expect(trainer.locator("form .trouble").first).to_be_visible(timeout=WAIT_MS)
    path = tmp_path / "例子.csv"
    path.write_bytes("text,label\n包工头卷着工钱连夜跑路了,wages\n唱个歌吧,sing\n".encode("gb18030"))
    trainer.goto(f"{TRAINING}/exchange")
    trainer.set_input_files("[name=file]", path)
    trainer.get_by_role("button", name="先看一看").click()
    expect(trainer.get_by_role("heading", name="新的句子：1 句")).to_be_visible(timeout=WAIT_MS)
    assert Axe().run(trainer).response["violations"] == []
