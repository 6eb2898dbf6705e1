"""Conversations led through the running system: model, actions, desk, database (PEERS 12: `rasa test` runs no actions).

Hides how a turn is sent and what every turn must keep. Called by `tests/dialogues`, which runs each conversation as a
test, and by `trial`, which runs them all with the live model and with a new one.

A conversation stands in `tests/dialogues/*.yml`. A turn is `citizen:` (typed words) or `tap:` (step and
value; the button must have been offered), with optional claims about what followed:

    ask       the open step                       says / not_says   names of responses that were (not) said
    status    open, filed, elsewhere, left        signs             kinds of danger told so far
    type      wages or wages/wage_arrears         facts             fact → value, or a part of it
    blank     facts honestly empty, or {} none    unsaid            facts neither told nor left blank
    earlier   fact → values that were replaced    choices           button values that are among those offered
    kept      false: the conversation is deleted  repeated          true: the desk had heard this message already
    differs   true: not what was said the turn before

A turn `rest: {step: answer}` answers all that is still asked (with what is asked in the same breath), from the mapping
and from REST, until the talk is filed or
the step `until:` is open; it fails when a step is asked twice. `restart: true` on a turn opens the desk anew on the same
database first; `device: true` opens the talk on another device by a code first (same history, same question);
`again: true` sends the last turn's client id; `at_once: 3` sends the message three times, the second while the first
runs; `forgotten: [words]` says that afterwards no table, tracker, export or file holds these words; `days: 3` lets days go by; `mediator: accepted` is what the
committee did meanwhile with what was filed last; `times: 300` says the words three hundred times over.
`record:` makes claims about the document filed last, `records:` how many were filed. No claim is about wording.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import jsonschema

from actions.intake import ValidateIntakeForm
from bot.agent import Host
from bot.claims import (
    TURN_CLAIMS,
    Differs,
    broken,
    claim,
    difference,
    listed,
    located,
    record_differences,
    turn_difference,
    turn_differences,
)
from bot.desk import Desk
from bot.intake.reading.identity import cover_identity
from bot.intake.record import Record
from bot.knowledge import read_yaml, record_schema
from bot.opening import open_desk
from bot.settings import Settings
from bot.tables import metadata

#: When every conversation begins: a Friday, so that "上个月" and "去年" have known answers.
BEGIN = datetime(2026, 11, 20, 9, 30)
DOING = frozenset(
    ["citizen", "times", "tap", "again", "restart", "rest", "until", "days", "mediator", "device", "at_once"]
)
#: Characters that are kept of what went wrong.
LONGEST = 500
#: What `rest` answers where a conversation says nothing of its own: a value after "=" is tapped, all else is typed.
REST = {
    "handled_before": "还没找过别的地方",
    "wanted": "希望有人帮我们谈妥",
    "applicant_name": "柳小满，13800001234",
    "phone": "13800001234",
    "purpose": "=intake",
    "on_behalf": "=self",
    "safe_time": "晚上七点以后",
    "applicant_details": "=declined",
    "card": "=ok",
    "handover_consent": "=yes",
}


class Running(Protocol):
    """A whole system of one's own, as the tests and `Stage` open it."""

    settings: Settings
    host: Host

    def hear(self, key: str, text: str, **more: Any) -> Any: ...

    def wait(self, coming: Coroutine[Any, Any, Any]) -> Any: ...


class Stage:
    """The whole system over one model, on a database of its own in `room`."""

    def __init__(self, model: Path, room: Path) -> None:
        own = {"database": f"sqlite:///{room / 'desk.db'}", "attachments": room / "attachments", "key_file": None}
        self.settings = dataclasses.replace(Settings.from_environment({}), **own)  # type: ignore[arg-type]
        self.host = Host.load(model, open_desk(self.settings))
        self._loop = asyncio.new_event_loop()

    def hear(self, key: str, text: str, **more: Any) -> Any:
        """One turn."""
        return self.wait(self.host.hear(key, text, **more))

    def wait(self, coming: Coroutine[Any, Any, Any]) -> Any:
        """What a coroutine gives."""
        return self._loop.run_until_complete(coming)

    def close(self) -> None:
        """End the loop."""
        self._loop.close()


def conversations(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every conversation of a folder with its name, `file::sentence`."""
    for path in sorted(folder.glob("*.yml")):
        for spoken in read_yaml(path) or ():
            yield f"{path.stem}::{spoken['name']}", spoken


def rehearsed(model: Path, folder: Path, room: Path, tell: Callable[[int, int], None]) -> dict[str, str]:
    """Lead every conversation of a folder with a model: name → where it went wrong, empty when it went well. `tell`: how
    many of how many are done."""
    stage, told = Stage(model, room), list(conversations(folder))
    found: dict[str, str] = {}
    for number, (name, spoken) in enumerate(told):
        tell(number, len(told))
        try:
            lead(stage, spoken)
            found[name] = ""
        except Differs as error:
            found[name] = str(error)[:LONGEST]
        except Exception as error:  # a system that breaks is a conversation that went wrong
            found[name] = broken(error)
    stage.close()
    return found


def lead(running: Running, spoken: Mapping[str, Any]) -> None:
    """Lead one conversation. Raises Differs where it goes another way than told."""
    replay = Replay(running)
    for number, turn in enumerate(spoken["turns"], 1):
        try:
            found = _differences(replay, turn)
        except Differs as error:
            found = [str(error)]
        if found:
            raise Differs(located(number, replay.typed[-1] if replay.typed else "", "；".join(found)))
    found = _filed_otherwise(replay.filed(), spoken)
    if found:
        raise Differs(located(0, "", "；".join(found)))


def _differences(replay: Replay, turn: Mapping[str, Any]) -> list[str]:
    """Carry out a turn. Returns what its claims say and the system did not do."""
    reply = replay.take(turn)
    found = turn_differences(turn, reply, replay.record())
    for words in listed(turn.get("forgotten")):
        if still := replay.held_still(words):
            found.append(turn_difference("forgotten", words, still))
    if turn.get("differs") and replay.texts == replay.before:
        found.append(turn_difference("differs", None, replay.texts))
    return found


def _filed_otherwise(documents: list[dict[str, Any]], spoken: Mapping[str, Any]) -> list[str]:
    """What a conversation claims of its documents, and is otherwise."""
    many = spoken.get("records", len(documents))
    if many != len(documents):
        return [difference("filed", many, len(documents))]
    if "record" not in spoken:
        return []
    return record_differences(spoken["record"], documents[-1]) if documents else [difference("nothing_filed")]


class Replay:
    """One conversation under way."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.key, self.token = running.host.desk.open_conversation()
        self.number = 0
        self.passed = timedelta()
        self.offered: list[dict[str, str]] = [choice.to_dict() for choice in self.desk.opening().choices]
        self.asked: str | None = self.desk.opening().ask
        self.beside: list[str] = []
        self.typed: list[str] = []
        self.before: list[str] = []
        self.texts: list[str] = []

    @property
    def desk(self) -> Desk:
        desk: Desk = self.running.host.desk
        return desk

    def reopen(self) -> None:
        """A new desk on the same database, as after a restart of the server."""
        self.running.host.desk = ValidateIntakeForm.desk = open_desk(self.running.settings)

    def change_device(self) -> None:
        """Another device by a code, and the page loaded there: it shows the same talk and the same open question."""
        old = self.desk.conversation(self.token)
        assert old is not None
        code, _ = self.desk.returning.new_code(old)
        token = self.desk.returning.use_code(code, "another device")
        new = self.desk.conversation(token) if token else None
        claim(new, "device_code")
        assert token is not None and new is not None
        claim(self.desk.returning.use_code(code, "a third") is None, "device_twice")
        claim(new.key == self.key and self.desk.history(new) == self.desk.history(old), "device_talk")
        claim(self.desk.standing(new).ask == self.asked, "device_question")
        self.token = token

    def heard_at_once(self, text: str, times: int, more: Mapping[str, Any]) -> Any:
        """The same message several times while the first still runs: one turn, one answer, the others only ask again."""

        async def all_of_them() -> list[Any]:
            return list(await asyncio.gather(*(self.running.host.hear(self.key, text, **more) for _ in range(times))))

        replies = self.running.wait(all_of_them())
        claim([reply.repeated for reply in replies].count(False) == 1, "heard_twice")
        talk = self.desk.conversation_by_key(self.key)
        assert talk is not None
        hers = [m for m in self.desk.history(talk) if m.client_id == more["client_id"]]
        claim(len(hers) == 1, "kept_twice")
        return next(reply for reply in replies if not reply.repeated)

    def held_still(self, words: str) -> list[str]:
        """Where these words are still held: every table of the database, Rasa's tracker, what is exported, the files."""
        store, found = self.desk._store, []
        with store._engine.connect() as connection:
            for table in metadata.sorted_tables:
                rows = connection.execute(table.select()).all()
                found += [table.name for row in rows if words in str(tuple(row))]
        tracker = self.running.wait(self.running.host._agent.tracker_store.retrieve(self.key))
        found += ["tracker"] if tracker is not None and words in str([e.as_dict() for e in tracker.events]) else []
        found += ["export"] if words in json.dumps(list(self.desk.records()), ensure_ascii=False) else []
        return found

    def decided(self, status: str) -> None:
        """What was filed last goes to a status, as by the mediators' console."""
        filed = self.desk._store.filed
        standing = filed.standing(self.filed()[-1]["receipt"])
        assert standing is not None
        filed.act(standing.id, BEGIN + self.passed, "mediator", "moved", status)

    def take(self, turn: Mapping[str, Any]) -> Any:
        """Carry out one turn of the file. Returns the last reply."""
        if "rest" in turn:
            return self._rest(turn["rest"] or {}, turn.get("until"))
        return self._send(turn)

    def _rest(self, answers: Mapping[str, Any], until: str | None) -> Any:
        """Answer what is still asked. A step that comes twice was not understood, or is asked twice: both fail."""
        answered: list[str] = []
        claim(self.asked is not None, "nothing_asked")
        reply = None
        while self.asked is not None and self.asked != until:
            step = self.asked
            if answers.get("on_behalf") == "=other" and any(c["step"] == "on_behalf" for c in self.offered):
                reply = self._send({"tap": {"step": "on_behalf", "value": "other"}})
                continue
            claim(step not in answered, "asked_twice", step)
            answered.append(step)
            reply = self._send(self._answer(step, answers))
        claim(reply is not None, "open_already", until)
        return reply

    def _answer(self, step: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a step, and to what is asked in the same breath as far as the conversation says something."""
        answer = str(answers.get(step, REST.get(step, "=unknown")))
        beside = [str(answers[fact]) for fact in self.beside if fact in answers]
        beside = [words for words in beside if not words.startswith("=")]
        if not answer.startswith("="):
            return {"citizen": "，".join([answer, *beside])}
        if not beside:
            return {"tap": {"step": step, "value": answer[1:]}}
        title = next((c["title"] for c in self.offered if c["value"] == answer[1:] and c["step"] == step), "不清楚")
        return {"citizen": "，".join([title, *beside])}

    def _send(self, turn: Mapping[str, Any]) -> Any:
        """Send one message and check what holds for every turn."""
        unknown = sorted(turn.keys() - TURN_CLAIMS - DOING)
        claim(not unknown, "unknown_claim", came=unknown)
        if turn.get("restart"):
            self.reopen()
        if turn.get("device"):
            self.change_device()
        self.passed += timedelta(days=turn.get("days", 0))
        if "mediator" in turn:
            self.decided(turn["mediator"])
        if not turn.get("again"):
            self.number += 1
        more: dict[str, Any] = {
            "client_id": f"m{self.number}",
            "at": BEGIN + self.passed + timedelta(minutes=self.number),
        }
        if "tap" in turn:
            more["choice"] = self._button(turn["tap"])
            text = more["choice"]["title"]
        else:
            text = turn["citizen"] * int(turn.get("times", 1))
        self.typed.append(text)
        if turn.get("at_once"):
            reply = self.heard_at_once(text, int(turn["at_once"]), more)
        else:
            reply = self.running.hear(self.key, text, **more)
        self.offered = reply.state["choices"]
        self.asked = reply.state["ask"]
        self.beside = reply.state.get("beside", [])
        self._always(text, reply)
        return reply

    def _button(self, tap: Mapping[str, Any]) -> dict[str, str]:
        step, value = tap["step"], tap["value"]
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)
        named = (value, "skipped") if value == "unknown" else (value,)  # 不清楚 and 跳过 stand in the same place
        found = next((c for c in self.offered if c["step"] == step and c["value"] in named), None)
        on_the_card = step == "card" and value.startswith("edit:")
        titles = [choice["title"] for choice in self.offered]
        claim(found or on_the_card or tap.get("old"), "no_button", value, titles, step)
        return found or {"title": "修改", "step": step, "value": value}

    def _always(self, text: str, reply: Any) -> None:
        """A desk always answers, and never shows an unfilled brace."""
        texts = [bubble for bubble, _ in reply.bubbles]
        claim(any(texts), "silent")
        unfilled = [t for t in texts if re.search(r"\{\w*\}", t)]
        claim(not unfilled, "unfilled", came=unfilled)
        self.before, self.texts = self.texts, texts

    def record(self) -> Record | None:
        """The draft as stored."""
        talk = self.desk.conversation_by_key(self.key)
        return None if talk is None else Record.from_dict(talk.draft)

    def filed(self) -> list[dict[str, Any]]:
        """Documents filed from this conversation, oldest first, each valid by the schema and without invention."""
        talk = self.desk.conversation_by_key(self.key)
        if talk is None:
            return []
        documents = [self.desk.record(result["receipt"]) for result in self.desk.sheets.receipts(talk)]
        for filed in documents:
            assert filed is not None
            jsonschema.validate(filed, record_schema())
            said = cover_identity("\n".join(self.typed))
            for key, fact in filed["facts"].items():
                ours = [line for line in fact["words"].split("\n") if line not in said]
                claim(not ours, "not_hers", came=ours, of=key)
            for sign in filed["signs"]:
                claim(sign["words"] in said, "not_hers", came=sign["words"], of=sign["kind"])
        return [filed for filed in documents if filed is not None]
