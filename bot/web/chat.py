"""The chat API: open a conversation, send, history, receipts, delete.

Hides how a turn of the agent becomes numbered bubbles, and what happens before consent: words typed then live only
in this process's memory and are taken up when she agrees, so that nothing is stored and nothing is lost (PIPL 13).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.agent import Host, Reply
from bot.intake.reading.identity import cover_identity
from bot.intake.steps import Outcome
from bot.settings import Settings
from bot.store import Message, Talk
from bot.web.refusals import LONGEST, Refused, read_json

HELD = 1_000  # conversations whose words before consent are held in memory
HELD_SECONDS = 1_800
EXPIRED = "您上次的谈话放了很久，按说好的规定删掉了，一句也没有留。不要紧，什么时候想说，重新开始就行。"
NOTICE = Path(__file__).resolve().parents[1] / "knowledge" / "privacy_notice.md"


class Chat:
    """Handlers of the chat API over a host."""

    def __init__(self, host: Host, settings: Settings) -> None:
        self._host = host
        self._settings = settings
        self._held: OrderedDict[str, tuple[float, str, tuple[str, ...]]] = OrderedDict()

    def routes(self) -> list[Route]:
        """The API's routes (OpenAPI: bot/web/openapi.py)."""
        return [
            Route("/api/notice", self.notice),
            Route("/api/conversations", self.open, methods=["POST"]),
            Route("/api/conversations/current", self.current, methods=["GET"]),
            Route("/api/conversations/current", self.delete, methods=["DELETE"]),
            Route("/api/conversations/current/messages", self.send, methods=["POST"]),
            Route("/api/conversations/current/receipts", self.receipts, methods=["GET"]),
        ]

    async def notice(self, _: Request) -> Response:
        """The privacy notice."""
        from bot.intake.turn import PRIVACY_VERSION

        text = NOTICE.read_text(encoding="utf-8").replace("{centre}", self._settings.centre)
        return JSONResponse({"version": PRIVACY_VERSION, "text": text})

    async def open(self, _: Request) -> Response:
        """Open a conversation; the token in the answer is its only key."""
        _, token = self._host.desk.open_conversation()
        out = self._host.desk.opening()
        return JSONResponse({"token": token, **await self._standing(out), "messages": await self._welcome(out)}, 201)

    async def current(self, request: Request) -> Response:
        """History after a number, and the open question."""
        talk = self._talk(request)
        after = request.query_params.get("after", "0")
        if not after.isdigit() or len(after) > 12:
            raise Refused(400, "bad_request", "after 要写成数字。")
        bubbles = [_shown(m) for m in self._host.desk.history(talk, int(after))]
        out = self._host.desk.standing(talk)
        if not bubbles and after == "0":
            bubbles = await self._welcome(out)
        back = await self._back(talk, out) if after == "0" else []
        return JSONResponse(
            {**await self._standing(out), "messages": bubbles, "back": back, "mediator": self._host.desk.speaking(talk)}
        )

    async def delete(self, request: Request) -> Response:
        """Delete everything of the conversation, also what was filed, unless law keeps it (PIPL 47)."""
        talk = self._talk(request)
        self._held.pop(talk.key, None)
        self._host.desk.delete(talk)
        return Response(status_code=204)

    async def receipts(self, request: Request) -> Response:
        """Results of everything that was filed from this conversation."""
        return JSONResponse({"receipts": self._host.desk.sheets.receipts(self._talk(request))})

    async def send(self, request: Request) -> Response:
        """One message or one tapped button. The same id twice is one turn."""
        talk = self._talk(request)
        body = await read_json(request)
        text, choice, client_id = _message(body)
        desk = self._host.desk
        if client_id and desk.was_heard(talk, client_id):
            return await self._again(talk, client_id)
        now = datetime.now()
        reply = await self._host.hear(talk.key, text, choice=choice, client_id=client_id, at=now)
        if reply.repeated and client_id:
            return await self._again(talk, client_id)
        text = cover_identity(text)  # the desk covered it in what it keeps; here in what is shown and held
        bubbles = [Message(0, "citizen", now, 0, text)]
        before = desk.consented(talk)
        bubbles += await self._kept(talk.key, reply, now)
        after = desk.conversation(_token(request))
        if after is None:
            self._held.pop(talk.key, None)  # deleted: nor in memory does a word stay
        if after is not None and not desk.consented(after) and choice is None:
            self._hold(talk.key, text, reply)
        elif not before and after is not None and (held := self._take(talk.key)) is not None:
            # She told her story before she agreed: now it is taken up, and nothing need be typed twice.
            bubbles = bubbles[:1]
            words, told = held
            reply = await self._host.hear(talk.key, words, at=now, told=told)
            bubbles += await self._kept(talk.key, reply, now)
        shown = [_shown(m) for m in bubbles]
        if after is not None:
            numbered = {m.client_id: m.seq for m in desk.history(after) if m.client_id}
            shown[0]["seq"] = numbered.get(client_id or "", 0)
        speaking = desk.speaking(after) if after is not None else None
        return JSONResponse({**_state(reply.state), "messages": shown, "duplicate": False, "mediator": speaking})

    async def _kept(self, key: str, reply: Reply, now: datetime) -> list[Message]:
        turn = int(reply.state.get("turn", 0))
        said = [Message(0, "desk", now, turn, text, show) for text, show in reply.bubbles]
        return self._host.desk.keep_replies(key, said)

    async def _again(self, talk: Talk, client_id: str) -> Response:
        """The answer to a message that was heard already: the bubbles that followed it."""
        talk = self._host.desk.conversation_by_key(talk.key) or talk
        history = self._host.desk.history(talk)
        own = next((m for m in history if m.client_id == client_id), None)
        bubbles = [m for m in history if own is not None and m.turn == own.turn and m.seq >= own.seq]
        out = self._host.desk.standing(talk)
        if not any(m.who == "desk" for m in bubbles):
            # The answer was lost (the server stopped in mid-turn): ask the open question again.
            asked = await self._host.say([(f"utter_ask_{out.ask}", {})]) if out.ask else []
            said = [Message(0, "desk", datetime.now(), own.turn if own else 0, text) for text in asked]
            bubbles += self._host.desk.keep_replies(talk.key, said)
        again = {
            "messages": [_shown(m) for m in bubbles],
            "duplicate": True,
            "mediator": self._host.desk.speaking(talk),
        }
        return JSONResponse({**await self._standing(out), **again})

    async def _back(self, talk: Talk, out: Outcome) -> list[str]:
        """Where we were, for a page that opens again after a long while; not stored, the talk is as it was."""
        said = [(say.response, dict(say.fill)) for say in self._host.desk.returning.back(talk, datetime.now())]
        if said and out.ask:
            said.append((f"utter_ask_{out.ask}", {}))
        return await self._host.say(said)

    async def _welcome(self, out: Outcome) -> list[dict[str, Any]]:
        named: list[tuple[str, dict[str, str]]] = [
            ("utter_welcome", {}),
            (f"utter_ask_{out.ask or 'privacy_consent'}", {}),
        ]
        now = datetime.now()
        return [_shown(Message(0, "desk", now, 0, text)) for text in await self._host.say(named)]  # type: ignore[arg-type]

    async def _standing(self, out: Outcome) -> dict[str, Any]:
        done, total = self._host.desk.steps.progress(out.record)
        return {
            "ask": out.ask,
            "choices": [choice.to_dict() for choice in out.choices],
            "step": {"n": done, "of": total},
            "status": out.record.status,
            "safety": self._host.desk.sheets.safety(out.record),
        }

    def _talk(self, request: Request) -> Talk:
        return talk_of(self._host, request)

    def _hold(self, key: str, text: str, reply: Reply) -> None:
        """Keep words typed before consent in memory, and which dangers in them were answered already."""
        _, earlier, told = self._held.pop(key, (0.0, "", ()))
        shown = tuple(show["danger"] for _, show in reply.bubbles if show and "danger" in show)
        if len(text) > 4:  # "不行", "好的" are no story
            earlier = f"{earlier}\n{text}".strip()[:LONGEST]
        self._held[key] = (time.monotonic(), earlier, (*told, *shown))
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    def _take(self, key: str) -> tuple[str, tuple[str, ...]] | None:
        at, text, told = self._held.pop(key, (0.0, "", ()))
        return (text, told) if text and time.monotonic() - at < HELD_SECONDS else None


def talk_of(host: Host, request: Request) -> Talk:
    """The conversation of the request's token. Raises Refused: unknown, deleted, or gone by time."""
    token = _token(request)
    talk = host.desk.conversation(token) if 20 <= len(token) <= 100 else None
    if talk is None and host.desk.returning.expired(token):
        raise Refused(410, "expired", EXPIRED)
    if talk is None:
        raise Refused(404, "unknown_token", "没有找到这次谈话，可能已经删除或过期了。可以重新开始说。")
    return talk


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _message(body: Mapping[str, Any]) -> tuple[str, dict[str, str] | None, str | None]:
    """Text, choice and id of a message. Raises Refused for what cannot be a message."""
    client_id = body.get("id")
    if client_id is not None and (not isinstance(client_id, str) or not 1 <= len(client_id) <= 64):
        raise Refused(422, "bad_id", "消息的编号不对，请再发一次。")
    choice = body.get("choice")
    if choice is not None:
        known = isinstance(choice, dict) and all(isinstance(choice.get(k), str) for k in ("title", "step", "value"))
        if not known or any(len(choice[k]) > 200 for k in ("title", "step", "value")):
            raise Refused(422, "bad_choice", "这个按钮没认出来，请再点一次。")
        return choice["title"], {k: choice[k] for k in ("title", "step", "value")}, client_id
    text = body.get("text")
    if not isinstance(text, str):
        raise Refused(422, "bad_text", "没看懂发来的内容，请再发一次。")
    text = clean(text)
    if len(text) > LONGEST:
        raise Refused(413, "too_long", f"这一段太长了（{len(text)} 个字），请分成几段发，每段不超过 {LONGEST} 个字。")
    if not text.strip():
        raise Refused(422, "empty", "这条是空的，写几个字再发。")
    return text, None, client_id


def clean(text: str) -> str:
    """Text without what a database or a screen cannot hold: control characters and lone surrogates."""
    return "".join(
        c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) != 127)
    )


def _shown(message: Message) -> dict[str, Any]:
    at = message.at.isoformat(timespec="seconds")
    return {"seq": message.seq, "who": message.who, "at": at, "text": message.text, "show": message.show}


def _state(state: Mapping[str, Any]) -> dict[str, Any]:
    return {key: state.get(key) for key in ("ask", "choices", "step", "status", "safety")}
