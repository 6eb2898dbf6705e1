"""Issue 6, the loop in a real Chromium over a real server, with a real training: a sentence that was not understood is
taught by one trainer, approved by another, trained, measured, published, and then understood in the chat; the files
differ by what was taught and by nothing else.

The language is the project's own, in a copy; the sets and conversations of the gate are a part of its own (`a_part`),
so that the test takes minutes.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import shutil
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import OWN_PASSWORD, an_account
from playwright.sync_api import Browser, Page, expect
from system import settings_on

from actions.intake import ValidateIntakeForm
from bot.agent import Host
from bot.live import NAME
from bot.opening import open_classroom, open_desk, open_staff
from bot.settings import ROOT
from bot.training import LANGUAGE
from bot.understanding import chinese
from bot.workshop import Tools

pytestmark = [pytest.mark.browser, pytest.mark.running]

WAIT_MS, TRAINING_MS = 30_000, 1_800_000
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
    shutil.copyfile(ROOT / "tests" / "dialogues" / "happy_land.yml", folder / "happy_land.yml")


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
    import uvicorn

    from bot.web.app import make_app

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_app(school.host, school.settings, school.room)
    serving = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none", access_log=False))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not serving.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert serving.started
    yield f"http://127.0.0.1:{port}"
    serving.should_exit = True
    thread.join(10)


class Room:
    """A trainer at her console."""

    def __init__(self, browser: Browser, address: str, name: str, width: int = 1280) -> None:
        self.page: Page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.address = f"{address}/review/training"
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.goto(f"{address}/review")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", OWN_PASSWORD)
        self.page.click("main .button")
        expect(self.page.locator("h1")).to_be_visible(timeout=WAIT_MS)

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
    expect(page.locator(".pending")).to_have_count(0, timeout=WAIT_MS)
    before = page.locator(".turn.desk").count()
    page.locator("#words").fill(story)
    page.locator("#words").press("Enter")
    expect(page.locator(".pending")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator("#typing .dots")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator(".turn.desk").nth(before)).to_be_visible(timeout=WAIT_MS)
    words = "\n".join(page.locator(".turn.desk").all_inner_texts()[before:])
    page.context.close()
    return words


def proposed(room: Room, lines: tuple[str, ...]) -> None:
    """Fill in the form that is open, and send it."""
    room.page.fill("[name=text]", "\n".join(lines))
    room.page.select_option("[name=label]", "wages/wage_arrears")
    room.page.fill("[name=reason]", "工地上的话，包头就是包工头，血汗就是工钱")
    room.page.check("[name=looked]")
    room.press("提出来，请另一位看")


def approved(room: Room, many: int) -> None:
    """Approve what waits."""
    room.go("/lessons")
    for _ in range(many):
        room.press("同意，写进去")
        expect(room.page.locator(".done")).to_be_visible(timeout=WAIT_MS)


def test_a_sentence_that_was_not_understood_is_taught_trained_published_and_understood(
    browser: Browser, address: str, school: School
) -> None:
    original, understood = school.files(), "“拖欠工资”"
    assert understood not in told(browser, address, UNHEARD)
    chen, zhou = Room(browser, address, "chen.lei"), Room(browser, address, "zhou.ping", 390)

    # one teaches it from the inbox, the other approves
    chen.go("/inbox").get_by_role("link", name="教它").first.click()
    expect(chen.page.locator("[name=text]")).to_have_value(re.compile("塔吊上熬了俩月"), timeout=WAIT_MS)
    proposed(chen, TAUGHT)
    approved(zhou, len(TAUGHT))
    assert changes(original, school.files()) == {"disputes/wages.yml": (len(TAUGHT), 0)}

    # trained by the one while the chat goes on, published by the other
    expect(chen.go("/releases").get_by_text("例子比模型新")).to_be_visible(timeout=WAIT_MS)
    release = chen.trained()
    expect(chen.page.locator("#gate")).to_have_text("过关了")
    expect(chen.page.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    zhou.go(release)
    zhou.faultless()
    zhou.press("发布")
    expect(zhou.page.locator(".done")).to_be_visible(timeout=WAIT_MS)
    assert understood in told(browser, address, UNHEARD)
    assert chen.troubles == [] and zhou.troubles == []


def changes(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Lines that came and lines that went, for each file that differs."""
    found = {}
    for file in before.keys() | after.keys():
        lines = list(difflib.ndiff(before.get(file, "").splitlines(), after.get(file, "").splitlines()))
        came, went = (sum(line.startswith(sign) for line in lines) for sign in ("+ ", "- "))
        if came or went:
            found[file] = (came, went)
    return found
