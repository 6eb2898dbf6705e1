"""Where a case stands after its history: what is asked and unanswered, appointed, agreed, performed, and what ends soon.

Pure. The history is the truth and is never rewritten; everything the console lists or counts by is folded from it here
(`course`), so that a list, a page and a statistic cannot say different things. Called by `casework` and the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.intake.cases import CONFIRM_DAYS, RUNNING, UNCONFIRMABLE, Standing

#: Acts by which the citizen gets an answer.
ANSWERING = frozenset({"accept", "refuse", "ask", "offer", "appoint", "agree", "fail", "end"})
#: Act → the outcome that it is.
OUTCOMES: Mapping[str, str] = {
    "agree": "agreed", "fail": "failed", "end": "ended", "give_up": "withdrawn", "withdraw": "withdrawn",
    "refuse": "refused",
}  # fmt: skip
#: A reminder to look in, so long after an agreement is to be performed.
VISIT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Done:
    """An act in the history of a case. `change` is {"fact", "before", "after"} of an edit; `particulars` what
    `bot.intake.particulars` read from the form."""

    at: datetime
    who: str
    act: str
    status: str
    why: str | None
    change: dict[str, Any] | None
    particulars: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A case after its history. Particulars as in the acts; None: not (or no longer).

    `pending`: {"kind": question | transfer, "words", "to"?}; `session`: {"at", "way", "where"}; `agreement`: {"terms",
    "amount", "effective_on", "due", "parts"}; `performance`: performed | partly | reneged; `confirmation`: applied |
    confirmed | refused; `satisfied`: yes | partly | no | unreached.
    """

    status: str = "filed"
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    pending: dict[str, Any] | None = None
    session: dict[str, Any] | None = None
    outcome: str | None = None
    outcome_at: datetime | None = None
    agreement: dict[str, Any] | None = None
    performance: str | None = None
    confirmation: str | None = None
    visited_at: datetime | None = None
    satisfied: str | None = None

    def standing(self, document: Mapping[str, Any]) -> Standing:
        """What lawfulness depends on."""
        effective = self.agreement["effective_on"] if self.agreement else None
        return Standing(
            status=self.status,
            pending=self.pending["kind"] if self.pending else None,
            session=self.session is not None,
            taken_up=self.accepted_at is not None,
            restricted=bool(document.get("restricted")),
            performed=self.performance is not None,
            confirmable=document["matter"]["subtype"] not in UNCONFIRMABLE,
            effective_on=date.fromisoformat(effective) if effective else None,
        )

    def columns(self) -> dict[str, Any]:
        """What the queue and the statistics read, as columns of `cases`."""
        return {
            "accepted_at": self.accepted_at,
            "answered_at": self.answered_at,
            "pending": self.pending,
            "session_at": datetime.fromisoformat(self.session["at"]) if self.session else None,
            "outcome": self.outcome,
            "outcome_at": self.outcome_at,
            "agreed_amount": self.agreement["amount"] if self.agreement else None,
            "performance": self.performance,
            "confirmation": self.confirmation,
            "visited_at": self.visited_at,
            "satisfied": self.satisfied,
        }


def course(history: Iterable[Done]) -> Course:
    """Fold a history, oldest first."""
    now = Course()
    for done in history:
        now = _after(now, done)
    return now


def _after(now: Course, done: Done) -> Course:
    told = done.particulars or {}
    now = replace(now, status=done.status)
    if done.act in ANSWERING and now.answered_at is None:
        now = replace(now, answered_at=done.at)
    if done.act in OUTCOMES:
        return replace(
            now, outcome=OUTCOMES[done.act], outcome_at=done.at, pending=None, session=None,
            agreement=dict(told) if done.act == "agree" else None,
            performance="performed" if told.get("performed") else None, confirmation=None,
        )  # fmt: skip
    if done.act == "accept":
        return replace(now, accepted_at=done.at)
    if done.act in ("ask", "offer"):
        return replace(now, pending={"kind": "question" if done.act == "ask" else "transfer", **told})
    if done.act in ("answer", "decline", "recall"):
        return replace(now, pending=None)
    if done.act == "transfer":
        return replace(now, pending=None, session=None, accepted_at=None)
    if done.act == "appoint":
        return replace(now, session=dict(told))
    if done.act in ("cancel", "meet"):
        return replace(now, session=None)
    if done.act == "perform":
        return replace(now, performance=told["result"])
    if done.act == "confirm":
        return replace(now, confirmation=told["step"])
    if done.act == "visit":
        return replace(now, visited_at=done.at, satisfied=told["satisfied"])
    if done.act == "reopen":
        return replace(
            now, outcome=None, outcome_at=None, agreement=None, performance=None, confirmation=None, pending=None
        )
    return now


@dataclass(frozen=True, slots=True)
class End:
    """Something of a case that ends: its key, its name for people, and when (the last moment)."""

    name: str
    label: str
    at: datetime


def ends(now: Course, due_at: datetime, document: Mapping[str, Any]) -> list[End]:
    """What ends in a case, soonest first: its own time, the session, the agreement's days, her limits elsewhere."""
    found: list[End] = []
    if now.status in RUNNING:
        found.append(End("due", "办结", due_at))
        for clock in document.get("clocks", ()):
            if clock.get("earliest") and clock["state"] not in ("passed", "waiting"):
                found.append(End(clock["id"], clock["label"], _evening(clock["earliest"])))
    if now.session is not None:
        found.append(End("session", "约好的调解", datetime.fromisoformat(now.session["at"])))
    if now.status == "agreed" and now.agreement is not None:
        effective = now.agreement["effective_on"]
        if now.confirmation is None and document["matter"]["subtype"] not in UNCONFIRMABLE:
            last = date.fromisoformat(effective) + timedelta(days=CONFIRM_DAYS)
            found.append(End("confirm", "申请司法确认", _evening(last.isoformat())))
        if now.performance != "performed":
            days = [part["on"] for part in now.agreement["parts"]] or [now.agreement["due"] or effective]
            found += [End("perform", "按协议履行", _evening(day)) for day in days]
            last = date.fromisoformat(max(days)) + timedelta(days=VISIT_DAYS)
            found.append(End("visit", "回访", _evening(last.isoformat())))
    return sorted(found, key=lambda end: end.at)


def _evening(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59))
