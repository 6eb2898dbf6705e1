"""Claims about the chat API over the whole running system: everything a page, a phone or a stranger may send."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from builders import PLAIN, TAPS
from starlette.routing import Route
from starlette.testclient import TestClient
from system import Running

from bot import knowledge
from bot.desk import Desk
from bot.store import StoreError
from bot.web.app import make_app
from bot.web.chat import HELD
from bot.web.openapi import OPENAPI
from bot.web.refusals import LONGEST

pytestmark = pytest.mark.running

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
SECRET = "WoDeMiMi88"
MESSAGES = "/api/conversations/current/messages"
CURRENT = "/api/conversations/current"


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[TestClient]:
    with TestClient(make_app(running.host, running.settings), raise_server_exceptions=False) as opened:
        yield opened


class Page:
    """A chat page: one conversation with its token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        opened = client.post("/api/conversations", json={})
        assert opened.status_code == 201
        self.opening: dict[str, Any] = opened.json()
        self.headers = {"Authorization": f"Bearer {self.opening['token']}"}
        self.last: dict[str, Any] = self.opening

    def post(self, body: Any) -> Any:
        return self.client.post(MESSAGES, json=body, headers=self.headers)

    def say(self, text: str, id_: str | None = None) -> dict[str, Any]:
        answered = self.post({"id": id_ or str(uuid4()), "text": text})
        assert answered.status_code == 200, answered.text
        self.last = answered.json()
        return self.last

    def tap(self, step: str, value: str, title: str = "按钮") -> dict[str, Any]:
        answered = self.post({"id": str(uuid4()), "choice": {"title": title, "step": step, "value": value}})
        assert answered.status_code == 200, answered.text
        self.last = answered.json()
        return self.last

    def consented(self) -> Page:
        self.tap("privacy_consent", "yes")
        return self

    def history(self, after: int = 0) -> dict[str, Any]:
        answered = self.client.get(CURRENT, params={"after": after}, headers=self.headers)
        assert answered.status_code == 200
        body: dict[str, Any] = answered.json()
        return body

    def to_filing(self) -> dict[str, Any]:
        """Answer plainly until filed."""
        facts = knowledge.taxonomy().facts
        for _ in range(40):
            ask = self.last["ask"]
            if self.last["status"] == "filed":
                return self.last
            if ask == "story":
                self.say(STORY)
            elif ask in TAPS or ask == "dispute_type":
                self.tap(ask, TAPS.get(ask, "wages/wage_arrears"))
            elif facts[ask].options:
                self.tap(ask, facts[ask].options[0].value)
            else:
                self.say(PLAIN[facts[ask].kind])
        raise AssertionError(f"never filed: {self.last}")


@pytest.fixture()
def page(client: TestClient) -> Page:
    return Page(client)


def texts(answer: dict[str, Any], who: str | None = None) -> list[str]:
    return [message["text"] for message in answer["messages"] if who in (None, message["who"])]


def refused(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert re.search(r"[\u4e00-\u9fff]{3,}", error["message"])


# —— the way through ——


def test_a_new_conversation_greets_and_asks_for_consent(page: Page) -> None:
    assert page.opening["ask"] == "privacy_consent"
    assert len(page.opening["messages"]) == 2
    assert [choice["value"] for choice in page.opening["choices"]] == ["yes", "no"]
    assert len(page.opening["token"]) >= 40


def test_a_dispute_is_told_and_filed_over_the_api(page: Page) -> None:
    page.consented()
    page.to_filing()
    result = next(m["show"]["result"] for m in page.last["messages"] if m["show"] and "result" in m["show"])
    assert result["receipt"] and result["committee"]["name"]
    receipts = page.client.get(f"{CURRENT}/receipts", headers=page.headers).json()["receipts"]
    assert [receipt["receipt"] for receipt in receipts] == [result["receipt"]]


def test_the_history_shows_every_bubble_once_in_order(page: Page) -> None:
    page.consented()
    page.say(STORY)
    messages = page.history()["messages"]
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
    assert STORY in texts({"messages": messages}, "citizen")
    later = page.history(after=messages[-2]["seq"])["messages"]
    assert later == messages[-1:]


def test_a_page_that_comes_back_gets_the_open_question_and_its_buttons(page: Page) -> None:
    page.consented()
    answer = page.say(STORY)
    back = page.history()
    assert (back["ask"], back["choices"], back["step"]) == (answer["ask"], answer["choices"], answer["step"])


def test_deleting_deletes_and_the_token_is_dead(page: Page) -> None:
    page.consented()
    page.say(STORY)
    assert page.client.delete(CURRENT, headers=page.headers).status_code == 204
    refused(page.client.get(CURRENT, headers=page.headers), 404, "unknown_token")
    refused(page.post({"id": "x", "text": "在吗"}), 404, "unknown_token")


# —— before consent ——


def test_words_before_consent_are_taken_up_after_consent(page: Page) -> None:
    early = page.say(STORY)
    assert early["ask"] == "privacy_consent"
    assert early["messages"][0]["seq"] == 0
    after = page.tap("privacy_consent", "yes", "同意，开始说")
    assert after["ask"] not in ("privacy_consent", "story")
    assert STORY in texts(page.history(), "citizen")


def test_words_before_a_refusal_are_stored_nowhere(page: Page) -> None:
    page.say(f"老板叫{SECRET}，欠我三万二工资")
    page.tap("privacy_consent", "no")
    assert not [text for text in texts(page.history()) if SECRET in text]


def test_a_danger_before_consent_is_answered_at_once(page: Page) -> None:
    answer = page.say("我不想活了")
    show = answer["messages"][1]["show"]
    assert show["danger"] == "self_harm" and "12356" in [call["number"] for call in show["safety"]["calls"]]


def test_words_held_before_consent_are_bounded_in_number(client: TestClient) -> None:
    assert HELD <= 10_000


# —— odd words ——


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\x00\x01\x02", "\u3000"])
def test_an_empty_message_is_refused_kindly(page: Page, text: str) -> None:
    refused(page.post({"id": "x", "text": text}), 422, "empty")


@pytest.mark.parametrize(
    "text",
    [
        "😭😭😭",
        "？？？",
        "a\x00b\x07c",
        "<script>alert(1)</script>",
        "/restart",
        '/affirm{"x":1}',
        '／affirm{"x":1}',
        "/session_start",
        '"}]}{{7*7}} ${x} %s %d',
        "'; DROP TABLE messages; --",
        "\u202e翻过来",
        "\ud83d",
        "﷽" * 50,
        "e\u0301" * 200,
        "１２３４５６７８９０",
        "null",
        "🇨🇳" * 30,
    ],
    ids=ascii,  # pytest writes the ids to a file, and half a character cannot be written
)
def test_odd_words_get_an_answer_and_stay_words(page: Page, text: str) -> None:
    page.consented()
    body = json.dumps({"id": str(uuid4()), "text": text}).encode()
    answered = page.client.post(MESSAGES, content=body, headers=page.headers)
    if text == "\ud83d":  # a lone surrogate cleans to nothing
        refused(answered, 422, "empty")
        return
    assert answered.status_code == 200, answered.text
    answer = answered.json()
    assert texts(answer, "desk")
    assert answer["status"] == "open"
    kept = texts(page.history(), "citizen")[-1]
    assert kept == "".join(c for c in text if c >= " " and c != "\x7f")


def test_html_is_given_back_as_text_and_not_changed(page: Page) -> None:
    page.consented()
    story = "<b onclick=alert(1)>老板欠我三万二工资，在湖州市南浔区</b>"
    assert page.say(story)["messages"][0]["text"] == story
    assert page.client.get("/").headers["content-security-policy"].startswith("default-src 'self'")


def test_a_slash_command_neither_restarts_nor_confirms(page: Page) -> None:
    page.consented()
    ask = page.say(STORY)["ask"]
    for text in ("/restart", '/affirm{"amount":1}', "/session_start", "/intake_form"):
        answer = page.say(text)
        assert answer["status"] == "open"
        assert answer["ask"] not in ("privacy_consent", "story")
    assert STORY in texts(page.history(), "citizen")
    assert ask


def test_twenty_thousand_characters_are_heard(page: Page) -> None:
    page.consented()
    answer = page.say(((STORY + "。") * (LONGEST // len(STORY)))[:LONGEST])
    assert answer["ask"] not in ("story", None)
    exactly = Page(page.client).consented()
    assert texts(exactly.say("我" * LONGEST), "desk")


def test_one_character_more_is_refused_with_the_limit(page: Page) -> None:
    page.consented()
    answered = page.post({"id": "x", "text": "我" * (LONGEST + 1)})
    refused(answered, 413, "too_long")
    assert str(LONGEST) in answered.json()["error"]["message"]
    assert page.history()["ask"] == "story"


# —— broken requests ——


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b'"words"', b"42", b"\xff\xfe", b'{"text": "a"', b"[" * 100_000, b'{"a":' * 30_000],
    ids=["empty", "cut", "list", "null", "string", "number", "bytes", "open", "deep list", "deep object"],
)
def test_a_body_that_is_no_json_object_is_refused(page: Page, raw: bytes) -> None:
    refused(page.client.post(MESSAGES, content=raw, headers=page.headers), 400, "bad_json")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "x"}, "bad_text"),
        ({"id": "x", "text": None}, "bad_text"),
        ({"id": "x", "text": 5}, "bad_text"),
        ({"id": "x", "text": ["老板"]}, "bad_text"),
        ({"id": 5, "text": "老板"}, "bad_id"),
        ({"id": "", "text": "老板"}, "bad_id"),
        ({"id": "x" * 65, "text": "老板"}, "bad_id"),
        ({"id": {"$gt": ""}, "text": "老板"}, "bad_id"),
        ({"id": "x", "choice": "yes"}, "bad_choice"),
        ({"id": "x", "choice": {"step": "card"}}, "bad_choice"),
        ({"id": "x", "choice": {"title": 1, "step": "card", "value": "ok"}}, "bad_choice"),
        ({"id": "x", "choice": {"title": "a" * 201, "step": "card", "value": "ok"}}, "bad_choice"),
    ],
)
def test_wrong_types_are_refused_with_a_reason(page: Page, body: Any, code: str) -> None:
    refused(page.post(body), 422, code)


def test_unknown_fields_are_ignored(page: Page) -> None:
    assert page.post({"id": "x", "text": "老板欠我工资", "role": "admin", "receipt": "FZ"}).status_code == 200


def test_a_huge_body_is_refused_before_it_is_read_whole(page: Page) -> None:
    def flood() -> Iterator[bytes]:
        for _ in range(3_000):
            yield b"x" * 1_000

    refused(page.client.post(MESSAGES, content=flood(), headers=page.headers), 413, "too_long")


@pytest.mark.parametrize(
    "step", ["privacy_consent", "place", "amount", "card", "handover_consent", "horoscope", "type"]
)
@pytest.mark.parametrize("value", ["", "yes", "edit:horoscope", "999999", "body:nobody", "../../etc", "330503"])
def test_a_forged_button_never_breaks_the_talk(page: Page, step: str, value: str) -> None:
    page.consented()
    page.say(STORY)
    answer = page.tap(step, value)
    assert answer["status"] in ("open", "elsewhere")
    assert page.history()["ask"]


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "' OR 1=1 --", "Bearer"])
def test_an_unknown_token_opens_nothing(client: TestClient, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    for method, path in (("GET", CURRENT), ("DELETE", CURRENT), ("GET", f"{CURRENT}/receipts")):
        refused(client.request(method, path, headers=headers), 404, "unknown_token")
    refused(client.post(MESSAGES, json={"id": "x", "text": "在吗"}, headers=headers), 404, "unknown_token")
    refused(client.get(CURRENT), 404, "unknown_token")


def test_a_token_in_another_scheme_is_no_token(page: Page) -> None:
    token = page.opening["token"]
    refused(page.client.get(CURRENT, headers={"Authorization": f"Basic {token}"}), 404, "unknown_token")
    refused(page.client.get(f"{CURRENT}?token={token}"), 404, "unknown_token")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 40, "１"])
def test_a_wrong_number_in_the_history_is_refused_kindly(page: Page, after: str) -> None:
    answered = page.client.get(CURRENT, params={"after": after}, headers=page.headers)
    assert answered.status_code in (200, 400), answered.text
    if answered.status_code == 400:
        refused(answered, 400, "bad_request")


def test_a_wrong_method_or_address_is_answered_in_chinese(client: TestClient) -> None:
    for answered in (client.get("/nowhere"), client.put(MESSAGES, json={}), client.get("/static/nothing.js")):
        assert answered.status_code in (404, 405)
        assert re.search(r"[\u4e00-\u9fff]", answered.json()["error"]["message"])


# —— twice, and at once ——


def test_the_same_id_twice_is_one_turn_with_the_same_answer(page: Page) -> None:
    page.consented()
    first = page.say(STORY, "one-id")
    again = page.say(STORY, "one-id")
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert texts(again) == texts(first)
    assert again["ask"] == first["ask"]
    assert texts(page.history(), "citizen").count(STORY) == 1


def test_the_same_id_at_the_same_moment_is_one_turn(page: Page) -> None:
    page.consented()
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(page.post({"id": "same", "text": STORY}))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True, True]
    assert texts(page.history(), "citizen").count(STORY) == 1


def test_two_messages_at_once_are_both_kept_each_before_its_answer(page: Page) -> None:
    page.consented()
    page.say(STORY)
    answers: dict[str, Any] = {}

    def send(text: str) -> None:
        answers[text] = page.post({"id": str(uuid4()), "text": text})

    threads = [threading.Thread(target=send, args=(text,)) for text in ("宏达建材有限公司", "调解要钱吗？")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer.status_code == 200 for answer in answers.values())
    history = page.history()["messages"]
    assert [m["seq"] for m in history] == list(range(1, len(history) + 1))
    assert {"宏达建材有限公司", "调解要钱吗？"} <= set(texts({"messages": history}, "citizen"))
    for answer in answers.values():
        own, *replies = answer.json()["messages"]
        assert all(reply["seq"] > own["seq"] for reply in replies)


def test_a_lost_answer_is_given_again_after_a_restart(page: Page, running: Running) -> None:
    page.consented()
    first = page.say(STORY, "lost")
    with TestClient(make_app(running.host, running.settings)) as other:
        again = other.post(MESSAGES, json={"id": "lost", "text": STORY}, headers=page.headers).json()
    assert again["duplicate"] is True
    assert texts(again) == texts(first)


# —— how it is served ——


@pytest.mark.parametrize("path", ["/", "/health", "/api/openapi.json", "/api/notice", "/static/chat.js", "/nowhere"])
def test_every_answer_carries_strict_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "server" not in headers


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    # The everyday page that 快速离开 leads to stands in data-exit: it is gone to, not loaded.
    assert not re.search(r"(?:src|href|action|content)=[\"']?https?://", client.get("/").text)


def test_the_description_matches_the_routes(running: Running) -> None:
    app = make_app(running.host, running.settings)
    served = {
        (route.path, method.lower())
        for route in app.routes
        if isinstance(route, Route)
        and (route.path.startswith("/api/") or route.path == "/health")
        and route.path != "/api/openapi.json"
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }
    described = {(path, method) for path, methods in OPENAPI["paths"].items() for method in methods}
    assert served == described


def test_answers_are_as_described(page: Page) -> None:
    import jsonschema

    schema = {"$ref": "#/components/schemas/Standing", "components": OPENAPI["components"]}
    for answer in (page.opening, page.consented().last, page.say(STORY), page.history(), page.to_filing()):
        jsonschema.validate(answer, schema)


def test_the_notice_names_who_why_how_long_and_the_rights(client: TestClient) -> None:
    notice = client.get("/api/notice").json()
    assert notice["version"]
    assert "{centre}" not in notice["text"]
    assert "删除" in notice["text"]


def test_no_word_of_hers_is_logged(page: Page, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    page.consented()
    page.say(f"老板叫{SECRET}，欠我三万二工资，我电话13800001234")
    page.post({"id": "x", "text": SECRET * 3_000})
    page.client.post(MESSAGES, content=f'{{"text": "{SECRET}'.encode(), headers=page.headers)
    logged = caplog.text + "".join(capfd.readouterr())
    for word in (SECRET, "13800001234", "三万二", page.opening["token"]):
        assert word not in logged


# —— forged requests ——

#: What anybody may do without being anybody: each is limited or asks for a key of its own.
OPEN_TO_ALL = {"/api/conversations", "/progress", "/review/sign-in"}


def test_no_address_of_the_whole_desk_does_anything_for_a_form_from_elsewhere(client: TestClient) -> None:
    """CSRF: a browser sends its cookies along, and neither the page's token nor the form's key."""
    elsewhere = {"Origin": "https://evil.example", "Cookie": "fenzhen_staff=" + "a" * 43}
    for route in client.app.routes:  # type: ignore[attr-defined]
        for method in sorted(getattr(route, "methods", None) or ()):
            if method in ("GET", "HEAD") or route.path in OPEN_TO_ALL:
                continue
            path = re.sub(r"\{\w+(:\w+)?\}", "0", route.path)
            for body in ({"data": {"x": "1"}}, {"json": {"id": "1", "text": "x", "code": "1", "receipt": "1"}}):
                answer = client.request(method, path, headers=elsewhere, follow_redirects=False, **body)  # type: ignore[arg-type]
                away = answer.status_code == 303 and answer.headers["location"].startswith("/review/sign-in")
                assert answer.status_code >= 400 or away, (method, path, answer.status_code)
    form = client.post("/review/sign-in", data={"name": "x", "password": "y"}, headers=elsewhere)
    assert form.status_code == 403


# —— when something breaks ——


def test_a_database_that_cannot_write_is_told_and_nothing_else(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreError("数据库现在写不进去，您刚才说的话还没有存下来，请稍等再发一次。")

    page.consented()
    with monkeypatch.context() as broken:
        broken.setattr(Desk, "hear", full)
        answered = page.post({"id": "again", "text": STORY})
        assert answered.status_code in (500, 503)
        assert re.search(r"[\u4e00-\u9fff]{3,}", answered.json()["error"]["message"])
    assert STORY not in caplog.text
    assert page.say(STORY, "again")["duplicate"] is False
