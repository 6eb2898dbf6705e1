"""A console over a real desk and a real database, without the model: for tests over HTTP."""

from __future__ import annotations

import dataclasses
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builders import OWN_PASSWORD as OWN
from builders import QUICK, an_account
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from system import settings_on

from bot.desk import Desk
from bot.opening import open_classroom, open_desk
from bot.permissions import ROLES
from bot.settings import ROOT
from bot.staff import Staff
from bot.store import Store
from bot.web.review import Console
from bot.workshop import Tools

AREA = "浙江省/湖州市/南浔区"


async def no_voice(named: list[tuple[str, dict[str, str]]]) -> list[str]:
    """Wording is not what these tests are about."""
    return [name for name, _ in named]


async def no_ear(text: str) -> dict[str, Any]:
    """What a model would say of any text, without one."""
    return {
        "act": "tell",
        "act_confidence": 0.9,
        "types": [{"type": "wages", "subtype": "wage_arrears", "confidence": 0.8}],
        "tokens": [(at, min(at + 2, len(text))) for at in range(0, len(text), 2)],
        "entities": [{"entity": "role", "start": 0, "end": 2}, {"entity": "organisation", "start": 2, "end": 4}],
    }


@dataclass
class House:
    """A console over a database of its own, with one account for each role."""

    desk: Desk
    staff: Staff
    console: Console

    def pages(self) -> Starlette:
        """The console alone, with its styles and scripts: for a real browser (`serving.served`)."""
        static = Mount("/static", StaticFiles(directory=ROOT / "bot" / "web" / "static"))
        return Starlette(routes=[*self.console.routes(), static])

    def browser(self) -> TestClient:
        return TestClient(self.pages(), base_url="https://desk.example", follow_redirects=False)

    def signed_in(self, name: str) -> TestClient:
        browser = self.browser()
        answer = sign_in(browser, name, OWN)
        assert answer.status_code == 303, answer.text
        return browser


def key_of(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def sign_in(browser: TestClient, name: str, password: str, **more: str) -> Any:
    key = key_of(browser.get("/review/sign-in").text)
    return browser.post("/review/sign-in", data={"form_key": key, "name": name, "password": password, **more})


def a_house(folder: Path) -> House:
    """A console with one account for each role, all over one county."""
    settings = dataclasses.replace(settings_on(folder), models=folder / "models")
    desk = open_desk(settings)
    staff = Staff(Store.open(settings.database), hasher=QUICK)
    for role in ROLES:
        an_account(staff, desk, f"{role}.one", role, area=AREA)
    root = folder / "language"
    shutil.copytree(ROOT / "nlu_data", root / "nlu_data", dirs_exist_ok=True)
    room = open_classroom(settings, no_ear, root, tools=Tools(program=("true",)))
    return House(desk, staff, Console(desk, staff, no_voice, "示例中心", room))
