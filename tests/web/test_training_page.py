"""The training pages in a real Chromium: marked by hand and keyboard, two people, back to the byte, readable for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import Talking, an_account
from house import House, a_house
from playwright.sync_api import Browser, Page, expect
from serving import served, signed_in
from test_phrasebook import bytes_of

from bot.intake.steps import Guess
from bot.understanding.chinese import segmenter
from bot.understanding.spans import find_spans

pytestmark = pytest.mark.browser

WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)
TRAINING = "/review/training"
SAID = "村里的铲车老板卷着工钱连夜跑路了"
TORN = (Guess("wages", "wage_arrears", 0.4), Guess("debt", None, 0.35))


async def an_ear(text: str) -> dict[str, Any]:
    """The desk's own tokenizer and spans; what the model says of the type is not what these tests are about."""
    return {
        "act": "tell",
        "act_confidence": 0.9,
        "types": [
            {"type": "debt", "subtype": None, "confidence": 0.48},
            {"type": "wages", "subtype": "wage_arrears", "confidence": 0.41},
        ],
        "tokens": [(start, end) for word, start, end in segmenter().tokenize(text) if word.strip()],
        "entities": find_spans(text),
    }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = a_house(tmp_path_factory.mktemp("training"))
    for name, shown in (("chen.lei", "陈蕾"), ("zhao.min", "赵敏")):
        an_account(made.staff, made.desk, name, "trainer", shown)
    assert made.console.classroom is not None
    made.console.classroom.understand = an_ear
    Talking(made.desk).consented().say(f"我叫李小梅，{SAID}", types=TORN)
    return made


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    yield from served(house.pages())


@pytest.fixture()
def chen(browser: Browser, address: str) -> Iterator[Page]:
    yield from watched(signed_in(browser, address, "chen.lei"))


@pytest.fixture()
def zhao(browser: Browser, address: str) -> Iterator[Page]:
    yield from watched(signed_in(browser, address, "zhao.min"))


def watched(page: Page) -> Iterator[Page]:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    page.context.close()
    assert troubles == []


def faults(page: Page) -> list[Any]:
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]]


def select(page: Page, words: str) -> None:
    """Select words in the box, as a hand or Shift and the arrows do."""
    page.locator("[name=text]").evaluate(
        "(box, words) => { const at = box.value.indexOf(words); box.focus();"
        " box.setSelectionRange(at, at + words.length); box.dispatchEvent(new Event('select')); }",
        words,
    )


def test_one_teaches_from_a_talk_another_approves_and_undoing_restores_to_the_byte(
    house: House, chen: Page, zhao: Page, address: str
) -> None:
    room = house.console.classroom
    assert room is not None
    before = bytes_of(room.book.root)
    chen.goto(f"{address}{TRAINING}/inbox")
    chen.get_by_role("link", name="教它").first.click()
    expect(chen.locator("[name=text]")).not_to_have_value("")
    chen.locator("[name=text]").fill(SAID)
    expect(chen.locator("#tokens")).to_contain_text("铲车")
    select(chen, "铲车老板")
    expect(chen.locator("#picked")).to_contain_text("铲车老板")
    chen.keyboard.press("Alt+5")
    expect(chen.locator("#marked")).to_contain_text("铲车老板")
    chen.keyboard.press("Alt+2")
    chen.locator("[name=reason]").fill("铲车老板也是老板，没听懂")
    chen.locator("[name=looked]").check()
    chen.keyboard.press("Control+Enter")
    expect(chen.locator(".done")).to_be_visible()

    chen.goto(f"{address}{TRAINING}/lessons")
    expect(chen.get_by_role("button", name="同意，写进去")).to_have_count(0)
    assert bytes_of(room.book.root) == before
    zhao.goto(f"{address}{TRAINING}/lessons")
    for left in (2, 1):
        expect(zhao.get_by_role("button", name="同意，写进去")).to_have_count(left)
        zhao.get_by_role("button", name="同意，写进去").first.click()
        expect(zhao.locator(".done")).to_be_visible()
    assert [one.label for one in room.book.same(SAID)] == ["wages/wage_arrears"]
    assert "铲车老板" in [one.text for one in room.lessons.words.words("word/role")]

    for left in (2, 1):
        zhao.goto(f"{address}{TRAINING}/lessons?state=approved")
        expect(zhao.locator(".lesson")).to_have_count(left)
        zhao.locator(".lesson summary").first.click()
        zhao.locator(".lesson [name=answer]").first.fill("试一试")
        zhao.get_by_role("button", name="撤回，恢复原样").first.click()
        expect(zhao.locator(".done")).to_be_visible()
    assert bytes_of(room.book.root) == before


def test_a_selection_that_cuts_a_word_is_named_and_widened(chen: Page, address: str) -> None:
    chen.goto(f"{address}{TRAINING}/teach")
    chen.locator("[name=text]").fill("物业公司停了我家的电")
    expect(chen.locator("#tokens .token")).not_to_have_count(0)
    select(chen, "业公")
    expect(chen.locator("#picked")).to_contain_text("物业公司")
    chen.locator("#exact").click()
    chen.keyboard.press("Alt+8")
    assert chen.locator("[name=marks]").input_value() == "word/term 业公"
    chen.locator("#marked button").click()
    assert chen.locator("[name=marks]").input_value() == ""


def test_words_are_taken_by_keyboard_and_by_touch(chen: Page, address: str) -> None:
    chen.goto(f"{address}{TRAINING}/teach")
    chen.locator("[name=text]").fill("开铲车的老板不给工钱")
    tokens = chen.locator("#tokens .token")
    expect(tokens.first).to_be_visible()
    words = tokens.all_text_contents()
    chen.locator("#tokens").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        chen.keyboard.press(key)
    expect(chen.locator('#tokens [aria-selected="true"]')).to_have_text(words[1:3])
    chen.keyboard.press("Escape")
    tokens.nth(3).click()
    expect(chen.locator('#tokens [aria-selected="true"]')).to_have_text(words[3:4])
    chen.keyboard.press("Alt+9")
    chen.locator("#right-word").fill("老板")
    chen.keyboard.press("Enter")
    assert chen.locator("[name=marks]").input_value() == f"word/slip {words[3]} 老板"


def test_what_is_none_of_our_business_is_one_key(chen: Page, address: str) -> None:
    chen.goto(f"{address}{TRAINING}/teach")
    chen.locator("[name=text]").fill("明天会不会下雨")
    expect(chen.locator("#guesses input")).not_to_have_count(0)
    chen.keyboard.press("Alt+1")
    chen.keyboard.press("Alt+0")
    expect(chen.locator("[name=guess]:checked")).to_have_value("chatter")


def test_a_label_is_found_by_typing_two_characters(chen: Page, address: str) -> None:
    chen.goto(f"{address}{TRAINING}/teach")
    chen.locator("#find-label").fill("电梯")
    assert "电梯" in (chen.locator("[name=label] option:checked").get_attribute("title") or "")
    every = 'document.querySelectorAll("[name=label] option").length'
    some = chen.evaluate(every)
    chen.locator("#find-label").fill("")
    assert chen.evaluate(every) > 50 > some
    assert chen.locator("[name=label]").input_value() == ""


@pytest.mark.parametrize("width", [390, 1280])
def test_every_training_page_is_for_everybody(house: House, browser: Browser, address: str, width: int) -> None:
    room = house.console.classroom
    assert room is not None
    room.watch.wait()
    room.lessons.propose_word(house.staff.account("chen.lei"), "word/role", f"铲车师傅{width}", "常有人说")
    word, one = room.lessons.words.words("word/role")[0], room.book.examples()[0]
    Talking(house.desk).consented().say("他们把我们那一片的地都给占了去，也不说法", types=TORN)
    groups, _ = room.inbox.groups()
    number = groups[0].said[0].id
    page = signed_in(browser, address, "zhao.min", width)
    for path in (
        "/inbox", f"/inbox/{number}", f"/inbox/{number}/replay", "", "?q=工资", "?label=wages/wage_arrears",
        f"/examples/{one.key}", "/words", "/words?kind=word/slip", f"/words/{word.key}",
        f"/teach?text={SAID}", "/lessons", "/lessons?state=undone", "/findings",
    ):  # fmt: skip
        page.goto(address + TRAINING + path)
        expect(page.locator("h1")).to_be_visible()
        if path.startswith("/teach"):
            expect(page.locator("#tokens .token").first).to_be_visible()
        assert faults(page) == [], path
        across = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(across) <= 0, path
    page.context.close()
