"""Claims about her rights over the API: another device by a code, progress by receipt, a copy, deletion, expiry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from system import Running
from test_api import CURRENT, STORY, Page, refused, texts

from bot.returning import MOST_TRIES
from bot.web.app import make_app

pytestmark = pytest.mark.running

RESUME, PROGRESS, CODE, COPY = "/api/resume", "/api/progress", f"{CURRENT}/code", f"{CURRENT}/export"
SECRET = "WoDeMiMi99"


@pytest.fixture()
def client(running: Running) -> Iterator[TestClient]:
    """A client with a clean count of wrong guesses: all tests call from one address."""
    with running.host.desk._store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM tries")
    with TestClient(make_app(running.host, running.settings), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture()
def page(client: TestClient) -> Page:
    return Page(client).consented()


@pytest.fixture()
def filed(page: Page) -> Page:
    page.to_filing()
    return page


def receipt_of(page: Page) -> str:
    answered = page.client.get(f"{CURRENT}/receipts", headers=page.headers).json()
    return str(answered["receipts"][-1]["receipt"])


# —— another device ——


def test_a_code_opens_the_same_talk_on_another_device_and_the_first_goes_on(page: Page) -> None:
    page.say(STORY)
    code = page.client.post(CODE, headers=page.headers).json()["code"]
    opened = page.client.post(RESUME, json={"code": f"{code[:4]} {code[4:]}"})
    assert opened.status_code == 201
    other = {"Authorization": f"Bearer {opened.json()['token']}"}
    there = page.client.get(CURRENT, headers=other).json()
    assert texts(there) == texts(page.history()) and there["ask"] == page.history()["ask"]
    page.client.post(f"{CURRENT}/messages", json={"id": "b", "text": "宏达建材有限公司"}, headers=other)
    assert "宏达建材有限公司" in texts(page.history())


def test_a_code_is_good_once_and_a_new_one_makes_the_old_one_void(page: Page) -> None:
    old = page.client.post(CODE, headers=page.headers).json()["code"]
    new = page.client.post(CODE, headers=page.headers).json()["code"]
    refused(page.client.post(RESUME, json={"code": old}), 404, "unknown_code")
    assert page.client.post(RESUME, json={"code": new}).status_code == 201
    refused(page.client.post(RESUME, json={"code": new}), 404, "unknown_code")


@pytest.mark.parametrize("code", ["", "x", "12345678901234567890", "0' OR 1=1", "００００００００"])
def test_a_wrong_code_is_told_the_same_whatever_is_wrong(client: TestClient, code: str) -> None:
    refused(client.post(RESUME, json={"code": code}), 404, "unknown_code")


@pytest.mark.parametrize("body", [{}, {"code": 5}, {"code": ["1"]}, {"code": "0" * 999}])
def test_what_is_no_code_is_refused(client: TestClient, body: Any) -> None:
    refused(client.post(RESUME, json=body), 422, "bad_code")


def test_guessing_codes_is_stopped(page: Page) -> None:
    code = page.client.post(CODE, headers=page.headers).json()["code"]
    for _ in range(MOST_TRIES["from"]):
        page.client.post(RESUME, json={"code": "99999999" if code != "99999999" else "88888888"})
    refused(page.client.post(RESUME, json={"code": code}), 429, "too_often")


def test_without_consent_there_is_no_code(client: TestClient) -> None:
    page = Page(client)
    refused(client.post(CODE, headers=page.headers), 409, "nothing_kept")


# —— progress ——


def test_receipt_and_digits_tell_how_it_stands_and_nothing_of_the_matter(filed: Page) -> None:
    answered = filed.client.post(PROGRESS, json={"receipt": receipt_of(filed).lower(), "last_four": "1234"})
    assert answered.status_code == 200
    told = answered.json()
    assert told["status"] == "filed" and told["state"] and told["next"] and told["committee"]["name"]
    assert "三万" not in answered.text and "宏达" not in answered.text


@pytest.mark.parametrize("digits", ["0000", "", "abcd", "13900001111"])
def test_a_wrong_pair_gives_nothing_away(filed: Page, digits: str) -> None:
    wrong = filed.client.post(PROGRESS, json={"receipt": receipt_of(filed), "last_four": digits})
    nobody = filed.client.post(PROGRESS, json={"receipt": "FZ20261120-AAAAAA", "last_four": "1234"})
    refused(wrong, 404, "no_match")
    assert wrong.json() == nobody.json()


def test_the_progress_page_works_without_a_script(filed: Page) -> None:
    shown = filed.client.get("/progress")
    assert shown.status_code == 200 and "<form" in shown.text
    wrong = filed.client.post("/progress", data={"receipt": receipt_of(filed), "last_four": "0000"})
    assert 'role="alert"' in wrong.text
    found = filed.client.post("/progress", data={"receipt": receipt_of(filed), "last_four": "1234"})
    assert receipt_of(filed) in found.text and "<form" not in found.text
    broken = filed.client.post("/progress", content=b"\xff" * 5000)
    assert broken.status_code in (200, 413)


# —— a copy ——


def test_the_copy_as_json_and_as_a_page_holds_her_words_and_her_record(filed: Page) -> None:
    as_json = filed.client.get(COPY, headers=filed.headers)
    assert "attachment" in as_json.headers["content-disposition"]
    held = as_json.json()
    assert STORY in [line["text"] for line in held["talk"]] and held["filed"][0]["receipt"] == receipt_of(filed)
    as_page = filed.client.get(COPY, params={"as": "html"}, headers=filed.headers)
    assert "attachment" in as_page.headers["content-disposition"]
    assert STORY in as_page.text and receipt_of(filed) in as_page.text


def test_the_copy_shows_her_markup_as_text(page: Page) -> None:
    page.say("<script>alert(1)</script>老板欠我三万二工资不给")
    assert "<script>alert" not in page.client.get(COPY, params={"as": "html"}, headers=page.headers).text


def test_nobody_gets_a_copy_without_the_token(client: TestClient) -> None:
    refused(client.get(COPY), 404, "unknown_token")


# —— deleting, expiring, coming back ——


def test_deleting_over_the_api_reaches_the_record_too(filed: Page) -> None:
    receipt = receipt_of(filed)
    assert filed.client.delete(CURRENT, headers=filed.headers).status_code == 204
    refused(filed.client.get(CURRENT, headers=filed.headers), 404, "unknown_token")
    refused(filed.client.post(PROGRESS, json={"receipt": receipt, "last_four": "1234"}), 404, "no_match")


def test_after_deleting_neither_rasa_nor_the_process_holds_her_words(running: Running, client: TestClient) -> None:
    import gc

    page = Page(client)
    page.say(f"老板叫{SECRET}，欠我三万二工资不给")  # before consent: held in memory only
    page.tap("privacy_consent", "yes")
    page.say(f"还有{SECRET}也没给")
    page.say("删除我的资料")
    page.tap("leave", "delete")
    store = running.host._agent.tracker_store
    assert running.wait(store.keys()) == []
    key = page.opening["token"]
    assert running.wait(store.retrieve(key)) is None
    del page
    gc.collect()
    from rasa.shared.core.trackers import DialogueStateTracker

    left = [t for t in gc.get_objects() if isinstance(t, DialogueStateTracker) and SECRET in str(t.current_state())]
    assert left == []


def test_an_expired_talk_is_told_kindly_as_expired(running: Running, page: Page) -> None:
    desk = running.host.desk
    talk = desk.conversation(page.opening["token"])
    assert talk is not None
    desk.rights._filed.note_expired(talk.key, talk.last_at)
    desk.rights.forget_talk(talk.key)
    refused(page.client.get(CURRENT, headers=page.headers), 410, "expired")


def test_a_page_that_opens_days_later_says_where_we_were_and_stores_nothing(running: Running, page: Page) -> None:
    page.say(STORY)
    desk = running.host.desk
    before = texts(page.history())
    assert page.history()["back"] == []
    with desk._store._engine.begin() as connection:
        talk = desk.conversation(page.opening["token"])
        assert talk is not None
        earlier = (talk.last_at - timedelta(days=3)).isoformat(sep=" ")
        connection.exec_driver_sql("UPDATE conversations SET last_at = ? WHERE id = ?", (earlier, talk.id))
    answered = page.history()
    assert len(answered["back"]) == 2 and texts(answered) == before
    assert page.history(answered["messages"][-1]["seq"])["back"] == []
    json.dumps(answered)
