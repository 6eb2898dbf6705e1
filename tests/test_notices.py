"""Claims about notices on the way out: what is told and what never is, a receiver that refuses, hangs or fails, a
restart in between."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, Talking
from sqlalchemy import select

from bot.channels import Notice, Undelivered, Webhook, WeChat
from bot.desk import Desk
from bot.notices import FIRST_WAIT, GIVE_UP, LONGEST_WAIT, Notices
from bot.opening import known, open_notices
from bot.settings import Settings, SettingsError
from bot.store import Store
from bot.tables import outbox

STORY = "我在湖州市南浔区练市镇的工地干活，老板周建业欠我三万二工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"
QUICK = (0.5, 0.5)
A_NOTICE = Notice("n1", "新的登记", "FZ20261123-7CT7MD", "拖欠工资", "2026-11-23 10:00")


class Receiver(ThreadingHTTPServer):
    """Somebody's server on this machine: keeps what comes, answers as told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.wait, self.answers = 200, 0.0, [b"{}"]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.got]


class _Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append((self.path, dict(self.headers.items()), body))
        time.sleep(self.server.wait)
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(self.server.status)
        if 300 <= self.server.status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture()
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture()
def clock() -> Clock:
    return Clock()


@pytest.fixture()
def desk(store: Store, clock: Clock) -> Desk:
    opened = Desk(store, known(), clock)
    table = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    opened.committees.replace(opened.committees.read(table))
    return opened


def notices(store: Store, clock: Clock, *channels: Any) -> Notices:
    return Notices(store, channels, lambda kind: kind, clock)


def filed(desk: Desk, story: str = STORY, matter: str = "wages/wage_arrears") -> str:
    return Talking(desk).consented().filed(story, matter, applicant_name="李小梅", phone="13900005678")


def rows(store: Store) -> list[Any]:
    with store._engine.connect() as connection:
        return connection.execute(select(outbox).order_by(outbox.c.id)).all()


# —— what is told ——


def test_a_new_case_is_told_once_with_receipt_and_type_and_nothing_of_hers(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    receipt = filed(desk)
    going = notices(store, clock, Webhook(receiver.address, "key"))
    assert (going.look(), going.look()) == (1, 0)
    assert (going.deliver(), going.deliver()) == ((1, 0), (0, 0))
    (told,) = receiver.told()
    assert (told["receipt"], told["type"]) == (receipt, "wages") and set(told) == {
        "id",
        "kind",
        "receipt",
        "type",
        "at",
    }
    sent = receiver.got[0][2].decode()
    assert not [word for word in ("李小梅", "13900005678", "周建业", "三万二", "南浔") if word in sent]


def test_danger_is_told_as_danger_and_first(store: Store, desk: Desk, clock: Clock, receiver: Receiver) -> None:
    filed(desk)
    beaten = filed(desk, BEATEN, "family/domestic_violence")
    going = notices(store, clock, Webhook(receiver.address, ""))
    going.look()
    going.deliver()
    assert [told["kind"] for told in receiver.told()] == ["有危险", "新的登记"]
    assert receiver.told()[0]["receipt"] == beaten


def test_danger_in_a_talk_that_is_not_filed_is_told_without_a_number(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    Talking(desk).consented().say(BEATEN)
    going = notices(store, clock, Webhook(receiver.address, ""))
    assert (going.look(), going.look()) == (1, 0)
    going.deliver()
    assert [(told["kind"], told["receipt"]) for told in receiver.told()] == [("有危险", "")]


def test_a_case_past_its_time_is_told_once_and_one_that_ended_is_not(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    late, ended = filed(desk), filed(desk)
    number = store.filed.standing(ended)
    assert number is not None
    store.filed.act(number.id, NOW, "citizen", "withdraw", "withdrawn")
    clock.now = NOW + timedelta(days=30, hours=1)
    going = notices(store, clock, Webhook(receiver.address, ""))
    assert (going.look(), going.look()) == (1, 0)
    going.deliver()
    assert [(told["kind"], told["receipt"]) for told in receiver.told()] == [("过了期限", late)]


def test_a_channel_that_is_switched_on_does_not_tell_the_whole_past(store: Store, desk: Desk, clock: Clock) -> None:
    filed(desk)
    clock.now = NOW + timedelta(days=3)
    assert notices(store, clock, Webhook("http://127.0.0.1:9", "")).look() == 0


def test_what_was_erased_is_not_told_any_more(store: Store, desk: Desk, clock: Clock, receiver: Receiver) -> None:
    standing = store.filed.standing(filed(desk))
    assert standing is not None
    going = notices(store, clock, Webhook(receiver.address, ""))
    going.look()
    store.filed.erase(standing.id, NOW, "citizen")
    assert going.deliver() == (0, 0) and rows(store) == [] and receiver.got == []


# —— a receiver in trouble ——


def test_the_body_is_signed_so_that_the_receiver_can_tell_who_sent_it(receiver: Receiver) -> None:
    Webhook(receiver.address, "secret").send(A_NOTICE)
    _, headers, body = receiver.got[0]
    assert headers["X-Fenzhen-Signature"] == "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_every_answer_but_a_good_one_is_undelivered(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(Undelivered, match=str(status)):
        Webhook(receiver.address, "").send(A_NOTICE)
    assert len(receiver.got) == 1, "a redirect is not followed"


def test_a_receiver_that_hangs_is_left_after_a_while(receiver: Receiver) -> None:
    receiver.wait = 3
    began = time.monotonic()
    with pytest.raises(Undelivered, match="timeout"):
        Webhook(receiver.address, "", QUICK).send(A_NOTICE)
    assert time.monotonic() - began < 2


def test_a_receiver_that_is_not_there_or_breaks_off_is_undelivered_without_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/hook?token=SECRET"
        with pytest.raises(Undelivered) as told:
            Webhook(address, "", QUICK).send(A_NOTICE)
    assert "SECRET" not in str(told.value) and told.value.__cause__ is None


def test_what_did_not_arrive_is_tried_again_ever_later_and_arrives_under_the_same_id(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    filed(desk)
    going = notices(store, clock, Webhook(receiver.address, ""))
    going.look()
    receiver.status = 500
    waits = []
    for _ in range(9):
        assert going.deliver() == (0, 1)
        waits.append(rows(store)[0].next_at - clock.now)
        clock.now = rows(store)[0].next_at - timedelta(seconds=1)
        assert going.deliver() == (0, 0), "not before its time"
        clock.now += timedelta(seconds=1)
    assert waits[0] == FIRST_WAIT and waits[1] == 2 * FIRST_WAIT and waits[-1] == LONGEST_WAIT
    assert rows(store)[0].trouble == "HTTP 500"
    receiver.status = 200
    again = notices(store, clock, Webhook(receiver.address, ""))  # the desk was opened anew in between
    assert again.deliver() == (1, 0)
    assert len({told["id"] for told in receiver.told()}) == 1


def test_after_two_days_it_is_given_up_and_shown_as_such(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    filed(desk)
    going = notices(store, clock, Webhook(receiver.address, ""))
    going.look()
    receiver.status = 404
    clock.now = NOW + GIVE_UP + timedelta(hours=1)
    going.deliver()
    assert going.deliver() == (0, 0) and rows(store)[0].given_up_at is not None
    (state,) = store.outbox_state(clock.now - timedelta(days=1))
    assert (state["channel"], state["sent"], state["waiting"], state["given_up"]) == ("webhook", 0, 0, 1)


def test_one_channel_in_trouble_does_not_hold_up_the_other(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    filed(desk)

    class Broken:
        name = "broken"

        def send(self, notice: Notice) -> None:
            raise Undelivered("HTTP 500")

    going = notices(store, clock, Broken(), Webhook(receiver.address, ""))
    going.look()
    assert going.deliver() == (1, 1)


def test_a_notice_taken_by_a_process_that_died_is_sent_by_another_later(
    store: Store, desk: Desk, clock: Clock, receiver: Receiver
) -> None:
    filed(desk)
    going = notices(store, clock, Webhook(receiver.address, ""))
    going.look()
    assert len(store.to_send(clock.now, clock.now + timedelta(minutes=5))) == 1  # and then it died
    assert going.deliver() == (0, 0)
    clock.now += timedelta(minutes=6)
    assert going.deliver() == (1, 0)


# —— WeChat ——

FIELDS = {"kind": "thing1", "receipt": "character_string2", "type": "thing3", "at": "time4"}


def wechat(receiver: Receiver, to: tuple[str, ...] = ("openid1",)) -> WeChat:
    return WeChat("app", "secret", "template", to, FIELDS, receiver.address, QUICK)


def test_wechat_gets_a_token_once_and_the_template_filled(receiver: Receiver) -> None:
    receiver.answers = [b'{"access_token": "T", "expires_in": 7200}', b'{"errcode": 0}']
    channel = wechat(receiver)
    channel.send(A_NOTICE)
    channel.send(A_NOTICE)
    assert [path for path, _, _ in receiver.got] == [
        "/cgi-bin/stable_token",
        "/cgi-bin/message/template/send?access_token=T",
        "/cgi-bin/message/template/send?access_token=T",
    ]
    told = receiver.told()[1]
    assert told["touser"] == "openid1" and told["data"]["character_string2"]["value"] == A_NOTICE.receipt


def test_wechat_takes_a_new_token_when_the_old_one_is_refused(receiver: Receiver) -> None:
    token = b'{"access_token": "T", "expires_in": 7200}'
    receiver.answers = [token, b'{"errcode": 42001}', token, b'{"errcode": 0}']
    wechat(receiver).send(A_NOTICE)
    assert [json.loads(body).get("force_refresh") for _, _, body in receiver.got] == [False, None, True, None]


@pytest.mark.parametrize("answer", [b'{"errcode": 43004}', b"not json", b"[]"])
def test_wechat_that_refuses_is_undelivered(receiver: Receiver, answer: bytes) -> None:
    receiver.answers = [answer]
    with pytest.raises(Undelivered):
        wechat(receiver).send(A_NOTICE)


def test_whoever_has_a_wechat_message_does_not_get_it_twice(receiver: Receiver) -> None:
    token, good = b'{"access_token": "T", "expires_in": 7200}', b'{"errcode": 0}'
    receiver.answers = [token, good, b'{"errcode": 45009}', good]
    channel = wechat(receiver, ("one", "two"))
    with pytest.raises(Undelivered, match="45009"):
        channel.send(A_NOTICE)
    channel.send(A_NOTICE)
    assert [told["touser"] for told in receiver.told() if "touser" in told] == ["one", "two", "two"]


# —— settings ——


def test_without_settings_nothing_goes_out_and_half_of_them_is_refused(tmp_path: Path) -> None:
    assert open_notices(Settings.from_environment({"FENZHEN_DATABASE": f"sqlite:///{tmp_path / 'd.db'}"})) is None
    with pytest.raises(SettingsError, match="FENZHEN_NOTICE_WECHAT_TO"):
        Settings.from_environment({f"FENZHEN_NOTICE_WECHAT_{name}": "x" for name in ("APPID", "SECRET", "TEMPLATE")})
    with pytest.raises(SettingsError, match="WEBHOOK"):
        Settings.from_environment({"FENZHEN_NOTICE_WEBHOOK": "file:///etc/passwd"})
