"""Issue 6, the whole loop in a real Chromium over a real server, with real trainings: a sentence that was not understood
is taught by one trainer, approved by another, trained, measured, published, and then understood in the chat; a bad change
is trained and refused by the gate; going back restores; the files differ by what was taught and by nothing else.

The language is the project's own, in a copy; the sets and conversations of the gate are a part of its own (`a_part`),
so that the test takes minutes. The two tests share the desk, the trainers and the first training (`walk`).
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import an_account
from playwright.sync_api import Browser, Page, expect
from serving import WAIT_MS, served, signed_in
from system import settings_on

from actions.intake import ValidateIntakeForm
from bot.agent import Host
from bot.live import NAME
from bot.opening import open_classroom, open_desk, open_staff
from bot.rehearsal import conversations
from bot.settings import ROOT
from bot.training import LANGUAGE
from bot.understanding import chinese
from bot.workshop import Tools

pytestmark = [pytest.mark.browser, pytest.mark.running]

TRAINING_MS = 1_800_000
expect.set_options(timeout=WAIT_MS)
TYPE, FILE, UNDERSTOOD = "wages/wage_arrears", "disputes/wages.yml", "“拖欠工资”"
#: Where what was said of land is put by mistake.
WRONG = "property/property_service"
#: The conversations of the gate.
TALKS = "happy_land"
#: What every model that knows anything understands.
PLAIN = "包工头欠我三万二工资一直不给"
#: Nobody would take these words for anything else; the desk did, before it was taught.
UNHEARD = "塔吊上熬了俩月，血汗全叫包头卷走了"
TAUGHT = (
    UNHEARD,
    "开塔吊的血汗钱让包头卷跑了",
    "血汗全进了包头的腰包，塔吊上白熬了",
    "在塔吊上熬了一夏天，包头卷着我们的血汗走了",
    "包头把塔吊班的血汗卷走了，人影都没了",
)
FOCUS_TEXTS, OTHER_TEXTS, DANGERS = 6, 2, 30


class School:
    """A server over a copy of the language, with two trainers."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.root = folder / "language"
        for name in LANGUAGE:
            to = self.root / name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(ROOT / name, to) if (ROOT / name).is_dir() else shutil.copyfile(ROOT / name, to)
        self.settings = dataclasses.replace(settings_on(folder), models=folder / "models")
        self.settings.models.mkdir()
        for name in (f"{NAME}.tar.gz", f"{NAME}.sources", "vectors.npz"):
            shutil.copyfile(models / name, self.settings.models / name)
        self.host = Host.open(self.settings.models, open_desk(self.settings))
        a_part(folder / "gate")
        tools = Tools(quality=folder / "gate", dialogues=folder / "gate", seeds=folder / "none")
        self.room = open_classroom(self.settings, self.host.understand, self.root, self.host.prepared, tools)
        staff = open_staff(self.settings)
        for name, shown in (("chen.lei", "陈蕾"), ("zhou.ping", "周萍")):
            an_account(staff, self.host.desk, name, "trainer", shown)

    def files(self) -> dict[str, str]:
        folder = self.root / "nlu_data"
        return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yml")}


def a_part(folder: Path) -> None:
    """A part of the project's own sets, in their order, and two of its conversations."""
    folder.mkdir()
    quality, many = ROOT / "tests" / "quality", Counter[str]()
    kept = []
    for line in (quality / "types.jsonl").read_text(encoding="utf-8").splitlines():
        type_ = json.loads(line)["type"]
        many[type_] += 1
        focus = type_ in ("family", "property", "wages", "medical", "land")
        if many[type_] <= (FOCUS_TEXTS if focus else OTHER_TEXTS):
            kept.append(line)
    (folder / "types.jsonl").write_text("\n".join(kept), encoding="utf-8")
    dangers = (quality / "safety.jsonl").read_text(encoding="utf-8").splitlines()[:DANGERS]
    (folder / "safety.jsonl").write_text("\n".join(dangers), encoding="utf-8")
    shutil.copyfile(ROOT / "tests" / "dialogues" / f"{TALKS}.yml", folder / f"{TALKS}.yml")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, running: Any) -> Iterator[School]:
    opened = School(tmp_path_factory.mktemp("school"), running.settings.models)
    yield opened
    under_way = opened.room.workshop.under_way()
    if under_way:
        opened.room.workshop._end_process()
    ValidateIntakeForm.desk = running.host.desk
    chinese.use_words(chinese.WORDS)


@pytest.fixture(scope="module")
def address(school: School) -> Iterator[str]:
    from bot.web.app import make_app

    yield from served(make_app(school.host, school.settings, school.room))


class Room:
    """A trainer at her console."""

    def __init__(self, browser: Browser, address: str, name: str, width: int = 1280) -> None:
        self.page: Page = signed_in(browser, address, name, width)
        self.address = f"{address}/review/training"
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def trained(self) -> str:
        """Press 训练 and wait until it is over. Returns the page's path."""
        self.go("/releases")
        self.press("训练")
        expect(self.page.locator("#step")).to_be_visible(timeout=WAIT_MS)
        expect(self.page.locator("#step")).to_have_count(0, timeout=TRAINING_MS)
        expect(self.page.locator("#gate")).to_be_visible(timeout=WAIT_MS)
        self.faultless()
        return self.page.url.removeprefix(self.address)

    def faultless(self) -> None:
        found = [(v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(self.page).response["violations"]]
        assert found == [] and self.troubles == []


def told(browser: Browser, address: str, story: str) -> str:
    """Tell a story in the chat. Returns the last bubbles of the desk as one text."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(address)
    page.locator(".choice").first.click()
    expect(page.locator(".pending")).to_have_count(0)
    before = page.locator(".turn.desk").count()
    page.locator("#words").fill(story)
    page.locator("#words").press("Enter")
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator("#typing .dots")).to_have_count(0)
    expect(page.locator(".turn.desk").nth(before)).to_be_visible(timeout=WAIT_MS)
    words = "\n".join(page.locator(".turn.desk").all_inner_texts()[before:])
    page.context.close()
    return words


@dataclass
class Walk:
    """How far the loop has come: two trainers, the files before anything was taught, the release that is live."""

    chen: Room
    zhou: Room
    original: dict[str, str]
    release: str = ""


@pytest.fixture(scope="module")
def walk(browser: Browser, address: str, school: School) -> Iterator[Walk]:
    """The first half of the loop, up to a release that another may publish."""
    assert UNDERSTOOD not in told(browser, address, UNHEARD)
    walk = Walk(Room(browser, address, "chen.lei"), Room(browser, address, "zhou.ping", 390), school.files())
    chen, zhou = walk.chen, walk.zhou
    chen.go("/inbox").get_by_role("link", name="教它").first.click()
    expect(chen.page.locator("[name=text]")).to_have_value(re.compile("塔吊上熬了俩月"))
    chen.page.fill("[name=text]", "\n".join(TAUGHT))
    chen.page.select_option("[name=label]", TYPE)
    chen.page.fill("[name=reason]", "工地上的话，包头就是包工头，血汗就是工钱")
    chen.page.check("[name=looked]")
    chen.press("提出来，请另一位看")
    zhou.go("/lessons")
    for _ in TAUGHT:
        zhou.press("同意，写进去")
        expect(zhou.page.locator(".done")).to_be_visible()
    expect(chen.go("/releases").get_by_text("例子比模型新")).to_be_visible()
    walk.release = chen.trained()
    yield walk
    for room in (chen, zhou):
        room.page.context.close()


def test_a_sentence_that_was_not_understood_is_taught_trained_published_and_understood(
    browser: Browser, address: str, school: School, walk: Walk
) -> None:
    chen, zhou = walk.chen, walk.zhou
    assert changes(walk.original, school.files()) == {FILE: ([f"    - {text}" for text in TAUGHT], [])}
    expect(chen.page.locator("#gate")).to_have_text("过关了")
    expect(chen.page.get_by_role("button", name="发布", exact=True)).to_have_count(0)  # she trained it herself
    zhou.go(walk.release)
    zhou.faultless()
    zhou.press("发布")
    expect(zhou.page.locator(".done")).to_be_visible()
    assert UNDERSTOOD in told(browser, address, UNHEARD)
    assert chen.troubles == [] and zhou.troubles == []


def test_a_bad_change_is_refused_by_the_gate_and_going_back_restores_model_and_examples(
    browser: Browser, address: str, school: School, walk: Walk
) -> None:
    chen, zhou, shop = walk.chen, walk.zhou, school.room.workshop
    if shop.publishing.live() is None:  # this test alone
        zhou.go(walk.release).get_by_role("button", name="发布", exact=True).click()
        expect(zhou.page.locator(".done")).to_be_visible()
    taught, live = school.files(), school.host._agent

    # what people say of land is brought in as quarrels with the property office; the other does not look well
    chen.go("/exchange")
    chen.page.locator("textarea[name=text]").fill("text,label\n" + "\n".join(f"{text},{WRONG}" for text in mistaken()))
    chen.press("先看一看")
    chen.page.fill("[name=reason]", "村里收上来的说法")
    chen.page.check("[name=looked]")
    if chen.page.locator("[name=near]").count():
        chen.page.check("[name=near]")
    chen.press("提出来，请另一位看")
    expect(chen.page.locator(".done")).to_be_visible()
    zhou.go("/lessons").get_by_role("link", name="看一遍，再同意").click()
    zhou.press("打钩的不要，其余同意，写进去")
    expect(zhou.page.locator(".done")).to_be_visible()
    assert school.files() != taught

    # trained by one; the gate tells the other what got worse, and without a written reason nothing is published
    bad = chen.trained()
    zhou.go(bad)
    expect(zhou.page.locator("#gate")).to_have_text("没有过关")
    expect(zhou.page.locator("#gate ~ ul li").filter(has_text="农村土地").first).to_be_visible()
    expect(zhou.page.locator("#talks ~ details").first).to_contain_text(re.compile("第 2 句“.+应该是.+这次是"))
    zhou.faultless()
    zhou.press("没过也发布")
    assert zhou.page.locator("[name=why]:invalid").count() == 1, "without a reason the form is not sent"
    zhou.page.fill("[name=why]", "  ")  # the browser lets it pass, the desk does not
    zhou.press("没过也发布")
    expect(zhou.page.locator(".trouble")).to_contain_text("为什么")
    assert school.host._agent is live and shop.publishing.live() == shop.release(number_of(walk.release))
    assert UNDERSTOOD in told(browser, address, UNHEARD)

    # the older model by one click: the chat answers as before anything was taught
    zhou.go("/releases").get_by_role("row").filter(has_text="以前用过").get_by_role("link").click()
    zhou.page.locator("button", has_text="退回第").click()
    expect(zhou.page.locator(".done")).to_be_visible()
    assert school.host._agent is not live
    assert UNDERSTOOD not in told(browser, address, UNHEARD) and UNDERSTOOD in told(browser, address, PLAIN)

    # the examples by two people: first as they were at the release, then without what was taught, to the byte
    chen.go(walk.release)
    chen.page.locator("summary", has_text="把例子也恢复成那时的").click()
    chen.page.fill("[name=reason]", "那一批放错了类")
    chen.press("提出来，请另一位看")
    zhou.go("/lessons")
    zhou.press("同意，写进去")
    expect(zhou.page.locator(".done")).to_be_visible()
    assert school.files() == taught
    for text in TAUGHT:
        card = zhou.go("/lessons?state=approved").locator("article").filter(has=zhou.page.get_by_text(text, exact=True))
        card.locator("summary", has_text="撤回这一条").click()
        card.locator("[name=answer]").fill("演练完了")
        card.get_by_role("button", name="撤回，恢复原样").click()
        expect(zhou.page.locator(".done")).to_be_visible()
    assert school.files() == walk.original
    zhou.faultless()
    assert chen.troubles == []


def mistaken() -> list[str]:
    """What the gate asks about land, and what its conversations tell, with the words before it that people say, all of them of another type's label."""
    lines = (ROOT / "tests" / "quality" / "types.jsonl").read_text(encoding="utf-8").splitlines()
    told = [one["text"] for one in map(json.loads, lines) if one["type"] == "land"][:FOCUS_TEXTS]
    talks = (spoken for name, spoken in conversations(ROOT / "tests" / "dialogues") if name.startswith(TALKS))
    told += [spoken["turns"][1]["citizen"] for spoken in talks]
    return [before + text for text in told for before in ("", "你好，", "是这样的，", "麻烦问一下，", "哎呀同志，")]


def number_of(path: str) -> int:
    return int(path.rpartition("/")[2])


def changes(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[list[str], list[str]]]:
    """Lines that came and lines that went, for each file that differs, as `git diff` would show them."""
    found = {}
    for file in sorted(before.keys() | after.keys()):
        was, now = before.get(file, ""), after.get(file, "")
        if was != now:
            lines = list(difflib.unified_diff(was.splitlines(), now.splitlines(), n=0))[2:]
            found[file] = (
                [line[1:] for line in lines if line[0] == "+"],
                [line[1:] for line in lines if line[0] == "-"],
            )
    return found
