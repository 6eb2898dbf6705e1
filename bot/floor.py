"""Who has the floor in a talk: the desk, or a mediator who took over. Part of the desk, reached as `desk.floor`.

Hides calls for a person (asked for, or danger), that only one mediator speaks at a time, and that one who went away
without handing back does not leave the citizen alone with silence. Everything lies in the database: a restart changes
nothing. Called by the desk during a turn and by the console's pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.intake.hours import read_hours, said
from bot.intake.record import Record
from bot.permissions import Scope
from bot.store import Message, Store
from bot.store_calls import Call
from bot.store_staff import Account

#: A mediator whose page was not seen for so long has gone away: the desk goes on.
GONE = timedelta(minutes=10)
#: A mediator's page is noted as seen at most so often.
NOTED = timedelta(seconds=30)
LONGEST = 5_000
log = logging.getLogger("fenzhen.floor")


class NoCall(LookupError):
    """There is no such call within the scope of who asks."""


class Taken(ValueError):
    """Somebody else has the floor, or nobody has; the message says so in plain Chinese."""


class Floor:
    """Calls and takeovers over a store. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime], hours: str) -> None:
        self._store, self._clock, self._hours = store, clock, hours

    # —— the citizen's side ——

    def holder(self, conversation: int) -> Call | None:
        """The call in which a mediator has the floor, or None when the desk speaks. One who went away has it no more."""
        call = self._store.open_call_of(conversation)
        return call if call is not None and call.taken_by is not None and not self._gone(call) else None

    def lapse(self, conversation: int) -> bool:
        """Close the call of a mediator who went away without handing back. Returns whether there was one."""
        call = self._store.open_call_of(conversation)
        if call is None or call.taken_by is None or not self._gone(call):
            return False
        return self._store.end_call(call.id, self._clock())

    def _gone(self, call: Call) -> bool:
        return self._clock() - (call.seen_at or call.taken_at or call.at) > GONE

    def ring(self, conversation: int, record: Record, why: str, words: str) -> None:
        """Call for a person. `why`: asked | danger | amended | withdrawn."""
        body, area = where(record)
        self._store.open_call(conversation, why, words[:120], body, area, self._clock())

    def follow(self, conversation: int, record: Record) -> None:
        """After a turn: an open call knows now whom it is for."""
        if self._store.open_call_of(conversation) is not None:
            self._store.place_call(conversation, *where(record))

    def next_opening(self, record: Record) -> str | None:
        """When a person is there, as people say it; empty when now; None when nobody knows."""
        hours = (record.committee or {}).get("hours") or self._hours
        known, now = read_hours(hours), self._clock()
        opening = known.next_opening(now) if known else None
        if opening is None:
            return None
        return "" if opening == now else said(opening, now)

    # —— the mediators' side ——

    def calls(self, account: Account) -> list[Call]:
        """Open calls within her scope: danger first, then the longest waiting; those taken last."""
        return self._store.open_calls(account.scope)

    def call(self, account: Account, id_: int) -> Call:
        """A call within her scope. Raises NoCall."""
        call = self._store.call(id_)
        if call is None or not reaches(account.scope, call):
            if call is not None:
                log.warning("account %d was refused call %d", account.id, id_)
            raise NoCall(id_)
        return call

    def enter(self, account: Account, conversation: int, body: str | None, area: str) -> int:
        """Open the talk of a filed case for taking over. Returns the number of its call."""
        self._store.open_call(conversation, "entered", "", body, area, self._clock())
        call = self._store.open_call_of(conversation)
        if call is None:
            raise NoCall(conversation)
        return call.id

    def take(self, account: Account, id_: int) -> None:
        """Take the floor. Raises Taken when another mediator has it, NoCall."""
        call = self.call(account, id_)
        if call.taken_by == account.id and call.ended_at is None:
            return
        now = self._clock()
        if not self._store.take_call(call.id, account.id, now):
            holder = self.call(account, id_).mediator
            raise Taken(f"{holder}已经在和当事人说话了。" if holder else "这次谈话已经交还给分诊台了。")
        self._store.note_act(call.conversation_id, account.id, account.shown, "take_over", now)

    def say(self, account: Account, id_: int, words: str, client_id: str | None = None) -> Message:
        """Say something to the citizen. The same `client_id` twice is said once. Raises Taken, NoCall."""
        call = self._held(account, id_)
        words = words.strip()
        if not words:
            raise Taken("这条是空的，写几个字再发。")
        if len(words) > LONGEST:
            raise Taken(f"这一段太长了（{len(words)} 个字），每次最多 {LONGEST} 个字。")
        now = self._clock()
        talk = self._store.talk(key=call.key)
        if talk is None:
            raise NoCall(id_)
        known = self._store.messages(talk, limit=20) if client_id else []
        for message in known:
            if message.client_id == client_id:
                return message
        turn = int(talk.draft.get("turn", 0))
        bubble = Message(0, "mediator", now, turn, words, {"name": account.shown}, client_id)
        (kept,) = self._store.add_messages(call.key, [bubble])
        self._store.answered(call.conversation_id, now)
        self._store.watch_call(call.id, account.id, now)
        return kept

    def watch(self, account: Account, call: Call) -> None:
        """Her page is open."""
        if call.taken_by == account.id and call.seen_at and self._clock() - call.seen_at > NOTED:
            self._store.watch_call(call.id, account.id, self._clock())

    def hand_back(self, account: Account, id_: int) -> Call:
        """Give the floor back to the desk. Raises Taken, NoCall."""
        call = self._held(account, id_)
        now = self._clock()
        self._store.end_call(call.id, now)
        self._store.note_act(call.conversation_id, account.id, account.shown, "hand_back", now)
        return call

    def dismiss(self, account: Account, id_: int) -> None:
        """Close a call that needs nobody any more (she was called by telephone). Raises Taken, NoCall."""
        call = self.call(account, id_)
        if call.taken_by is not None and call.taken_by != account.id:
            raise Taken(f"{call.mediator}正在和当事人说话。")
        self._store.end_call(call.id, self._clock())

    def _held(self, account: Account, id_: int) -> Call:
        call = self.call(account, id_)
        if call.ended_at is not None or call.taken_by != account.id:
            raise Taken(
                f"现在是{call.mediator}在说话。"
                if call.taken_by and not call.ended_at
                else "这次谈话已经交还给分诊台了，要说话请再进来。"
            )
        return call


def where(record: Record) -> tuple[str | None, str]:
    """Whom a talk concerns so far: the committee that was named, or the place she told; both unknown: everybody."""
    if record.committee:
        return str(record.committee["id"]), str(record.committee["area"])
    place = record.value("place")
    return None, str(place["path"]) if isinstance(place, dict) and place.get("path") else ""


def reaches(scope: Scope, call: Call) -> bool:
    """Whether a call is within a scope."""
    return call.area == "" or scope.covers(call.body_id, call.area)
