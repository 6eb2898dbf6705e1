"""Claims about sending photos and papers over HTTP. The routes need a desk and no trained model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from builders import Talking, a_reply, tapped
from evidence import a_pdf, a_photo, a_zip
from starlette.testclient import TestClient

from bot.agent import Reply
from bot.attachments import MOST
from bot.desk import Desk
from bot.evidence_files import LARGEST
from bot.intake.steps import Guess
from bot.settings import Settings
from bot.web.app import make_app

ROUTE = "/api/conversations/current/attachments"


@pytest.fixture()
def client(desk: Desk, settings: Settings) -> Iterator[TestClient]:
    async def hear(key: str, text: str, *, choice: dict[str, str]) -> Reply:
        out = desk.hear(key, tapped(choice["step"], choice["value"], text))
        return Reply([(say.response, None) for say in out.says], {"turn": out.record.turn})

    host: Any = SimpleNamespace(
        desk=desk, say=None, understand=None, prepared=None, reword=None, ear_of=None, hear=hear
    )
    with TestClient(make_app(host, settings), raise_server_exceptions=False) as opened:
        yield opened


class Sender:
    def __init__(self, client: TestClient, desk: Desk) -> None:
        self.client, self.talking = client, Talking(desk)
        self.headers = {"Authorization": f"Bearer {self.talking.token}"}

    def send(self, content: bytes, name: str = "欠条.jpg", type_: str = "image/jpeg", id_: str | None = None) -> Any:
        fields = {"id": id_} if id_ else {}
        return self.client.post(ROUTE, files={"file": (name, content, type_)}, data=fields, headers=self.headers)

    def sent(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.client.get(ROUTE, headers=self.headers).json()["attachments"]
        return listed

    def get(self, id_: str, **query: str) -> Any:
        return self.client.get(f"{ROUTE}/{id_}", params=query, headers=self.headers)


@pytest.fixture()
def sender(client: TestClient, desk: Desk) -> Sender:
    opened = Sender(client, desk)
    opened.talking.consented()
    return opened


def on_disk(settings: Settings) -> list[Path]:
    return [path for path in settings.attachments.rglob("*") if path.is_file()]


def refused(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert re.search(r"[\u4e00-\u9fff]{3,}", answer.json()["error"]["message"])


def test_a_photo_is_sent_listed_opened_and_deleted(sender: Sender, settings: Settings) -> None:
    answer = sender.send(a_photo(placed=True))
    assert answer.status_code == 201
    sent = answer.json()["attachment"]
    assert sender.sent() == [sent]
    opened = sender.get(sent["id"])
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/jpeg")
    assert len(opened.content) == sent["size"] and b"SecretCamera" not in opened.content
    assert sender.get(sent["id"], size="small").content != opened.content
    assert sender.client.delete(f"{ROUTE}/{sent['id']}", headers=sender.headers).status_code == 204
    refused(sender.get(sent["id"]), 404, "gone")
    assert (sender.sent(), on_disk(settings)) == ([], [])


def test_a_file_is_sent_out_to_be_saved_and_never_to_run(sender: Sender) -> None:
    sent = sender.send(a_pdf(), "合同 (1).pdf", "text/html").json()["attachment"]
    headers = sender.get(sent["id"]).headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("attachment;")
    assert unquote(headers["content-disposition"].split("''")[1]) == "合同 (1).pdf"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "空.jpg", 422, "empty"),
        (b"MZ" + b"\0" * 900, "欠条.jpg", 415, "wrong_kind"),
        (a_zip(), "合同.pdf", 415, "wrong_kind"),
        (a_pdf() + a_zip(), "合同.pdf", 422, "damaged"),
        (a_photo()[:-100], "欠条.jpg", 422, "damaged"),
        (a_pdf(password="1"), "合同.pdf", 422, "locked"),
        (b"\xff\xd8\xff" + b"\0" * LARGEST, "大.jpg", 413, "too_large"),
        (b"\xff\xd8\xff" + b"\0" * (LARGEST + 200_000), "很大.jpg", 413, "too_large"),
    ],
    ids=[
        "empty",
        "renamed program",
        "renamed archive",
        "two in one",
        "cut short",
        "locked",
        "too large",
        "far too large",
    ],
)
def test_what_cannot_be_taken_is_refused_and_what_was_sent_stays(
    sender: Sender, settings: Settings, content: bytes, name: str, status: int, code: str
) -> None:
    sender.send(a_photo())
    kept = on_disk(settings)
    refused(sender.send(content, name), status, code)
    assert len(sender.sent()) == 1
    assert on_disk(settings) == kept


def test_a_stream_that_does_not_say_how_long_it_is_ends_at_the_limit(sender: Sender, settings: Settings) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'

    def chunks() -> Iterator[bytes]:
        yield head
        for _ in range(400):
            yield b"\0" * 65_536

    headers = {**sender.headers, "Content-Type": "multipart/form-data; boundary=x"}
    refused(sender.client.post(ROUTE, content=chunks(), headers=headers), 413, "too_large")
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n\xff\xd8\xff',
            "multipart/form-data; boundary=x",
        ),
        (b"rubbish", "multipart/form-data; boundary=x"),
        (b"rubbish", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"{}", "application/json"),
    ],
    ids=["nothing", "broken off", "rubbish", "no border", "a word for a file", "json"],
)
def test_an_upload_that_breaks_off_keeps_nothing(sender: Sender, settings: Settings, body: bytes, type_: str) -> None:
    answer = sender.client.post(ROUTE, content=body, headers={**sender.headers, "Content-Type": type_})
    refused(answer, 400, "bad_upload")
    assert (sender.sent(), on_disk(settings)) == ([], [])


def test_the_same_upload_twice_is_one_file(sender: Sender) -> None:
    first, second = sender.send(a_photo(), id_="one"), sender.send(a_photo(), id_="one")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["attachment"] == second.json()["attachment"] and second.json()["duplicate"]
    assert len(sender.sent()) == 1


def test_no_more_files_than_a_matter_may_have(sender: Sender) -> None:
    for _ in range(MOST):
        assert sender.send(a_photo(size=(8, 8))).status_code == 201
    refused(sender.send(a_photo()), 409, "too_many")


def test_before_the_consent_nothing_is_kept(client: TestClient, desk: Desk, settings: Settings) -> None:
    refused(Sender(client, desk).send(a_photo()), 409, "consent_first")
    assert on_disk(settings) == []


def test_without_the_token_nothing_is_told(client: TestClient, desk: Desk, sender: Sender) -> None:
    sent = sender.send(a_photo()).json()["attachment"]
    stranger = Sender(client, desk)
    stranger.talking.consented()
    for path in (sent["id"], "0" * 32, "..%2f..%2fetc%2fpasswd"):
        refused(stranger.get(path), 404, "gone" if "%" not in path else "http")
    assert stranger.client.delete(f"{ROUTE}/{sent['id']}", headers=stranger.headers).status_code == 404
    stranger.headers = {"Authorization": "Bearer " + "x" * 43}
    refused(stranger.get(sent["id"]), 404, "unknown_token")
    refused(stranger.send(a_photo()), 404, "unknown_token")
    assert len(sender.sent()) == 1


def asked_for_evidence(sender: Sender) -> None:
    talking = sender.talking
    out = talking.say("朋友借我两万不还", types=(Guess("debt", None, 0.95),))
    while out.ask != "evidence":
        assert out.ask is not None
        out = talking.desk.hear(talking.key, a_reply(out.ask, talking.desk.steps.taxonomy, "debt"))


def draft_of(sender: Sender) -> dict[str, Any]:
    talk = sender.talking.desk.conversation(sender.talking.token)
    assert talk is not None
    return talk.draft


def test_a_photo_sent_while_she_is_asked_what_she_has_in_hand_is_the_answer(sender: Sender) -> None:
    asked_for_evidence(sender)
    assert sender.send(a_photo(), id_="one").status_code == 201
    draft = draft_of(sender)
    assert draft["facts"]["evidence"]["value"] and draft["asked"] == "handled_before"
    talk = sender.talking.desk.conversation(sender.talking.token)
    assert talk is not None
    assert [m.text for m in sender.talking.desk.history(talk)][-1] == "utter_evidence_received"
    sender.send(a_photo(), id_="one")
    assert draft_of(sender) == draft


def test_a_photo_sent_at_another_time_answers_nothing(sender: Sender) -> None:
    sender.talking.say("朋友借我两万不还", types=(Guess("debt", None, 0.95),))
    before = draft_of(sender)
    assert sender.send(a_photo()).status_code == 201
    assert draft_of(sender) == before
