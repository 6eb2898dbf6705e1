"""Where a case stands after its history: what is asked and unanswered, appointed, agreed, performed, and what ends soon.

Pure. The history is the truth and is never rewritten; everything that a list, a page, a form or a statistic says of it
is folded from it here and nowhere else (`course`), so that they cannot say different things. What nobody wrote down is
None or empty. Called by `casework`, the store, the papers, the export and the statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.intake.cases import CONFIRM_DAYS, RUNNING, UNCONFIRMABLE, Standing

#: Acts by which the citizen gets an answer from a person.
ANSWERING = frozenset({"accept", "refuse", "ask", "offer", "appoint", "agree", "fail", "end", "take_over"})
#: Act → the outcome that it is.
OUTCOMES: Mapping[str, str] = {
    "agree": "agreed", "fail": "failed", "end": "ended", "give_up": "withdrawn", "withdraw": "withdrawn",
    "refuse": "refused",
}  # fmt: skip
#: How a mediation ended, and whether an agreement was kept, as forms and lists say it.
OUTCOME_NAMES: Mapping[str, str] = {
    "agreed": "达成协议", "failed": "没有谈成", "withdrawn": "当事人撤回", "ended": "终止", "refused": "不予受理",
}  # fmt: skip
PERFORMANCES: Mapping[str | None, str] = {
    "performed": "已履行", "partly": "履行了一部分", "reneged": "反悔", None: "还没履行",
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
class Visit:
    """A return visit: when and by whom it was written down; `told` as in the act."""

    at: datetime
    who: str
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """A case after its history. Particulars as in the acts; None: not (or no longer).

    `pending`: {"kind": question | transfer, "words", "to"?}; `session`: {"at", "way", "where"}; `agreement`: {"terms",
    "amount", "effective_on", "due", "parts"}; `performance`: performed | partly | reneged; `confirmation`: applied |
    confirmed | refused; `satisfied`: yes | partly | no | unreached. `meetings`: sessions that were held, {"on", "came",
    "words", "where", "session": what had been appointed}; `paid`: in yuan, of all performances.
    """

    status: str = "filed"
    accepted_at: datetime | None = None
    accepted_by: str | None = None
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
    meetings: tuple[dict[str, Any], ...] = ()
    visits: tuple[Visit, ...] = ()
    paid: float | None = None

    @property
    def confirmed(self) -> bool:
        """Whether a court confirmed the agreement."""
        return self.confirmation == "confirmed"

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
        on_the_spot = bool(told.get("performed"))  # the sum of the agreement was paid
        return replace(
            now, outcome=OUTCOMES[done.act], outcome_at=done.at, pending=None, session=None,
            agreement=dict(told) if done.act == "agree" else None,
            performance="performed" if on_the_spot else None, confirmation=None,
            paid=_added(now.paid, told.get("amount")) if on_the_spot else now.paid,
        )  # fmt: skip
    if done.act == "accept":
        return replace(now, accepted_at=done.at, accepted_by=done.who)
    if done.act in ("ask", "offer"):
        return replace(now, pending={"kind": "question" if done.act == "ask" else "transfer", **told})
    if done.act in ("answer", "decline", "recall"):
        return replace(now, pending=None)
    if done.act == "transfer":
        # The next committee begins anew: what the one before accepted is not its acceptance.
        return replace(now, pending=None, session=None, accepted_at=None, accepted_by=None)
    if done.act == "appoint":
        return replace(now, session=dict(told))
    if done.act == "cancel":
        return replace(now, session=None)
    if done.act == "meet":
        return replace(now, session=None, meetings=(*now.meetings, {**told, "session": now.session}))
    if done.act == "perform":
        return replace(now, performance=told.get("result"), paid=_added(now.paid, told.get("amount")))
    if done.act == "confirm":
        return replace(now, confirmation=told.get("step"))
    if done.act == "visit":
        visits = (*now.visits, Visit(done.at, done.who, {"words": done.why, **told}))
        return replace(now, visited_at=done.at, satisfied=told.get("satisfied"), visits=visits)
    if done.act == "reopen":
        return replace(
            now, outcome=None, outcome_at=None, agreement=None, performance=None, confirmation=None, pending=None
        )
    return now


def _added(paid: float | None, amount: Any) -> float | None:
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount < 0:
        return paid
    return (paid or 0) + float(amount)


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
