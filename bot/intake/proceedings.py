"""What became of a case, read from the acts on it: accepted, answered, sessions, outcome, performance, return visits.

The one place that knows what each act keeps in its `change`; forms and statistics read this and never the acts. What
nobody wrote down is None or empty. Pure. Called by the case's papers and by the statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: How a mediation ended, as statistics and forms say it.
OUTCOMES: Mapping[str, str] = {
    "agreed": "达成协议",
    "failed": "没有谈成",
    "withdrawn": "当事人撤回",
    "ended": "终止",
    "refused": "不予受理",
}
#: Whether an agreement was kept.
PERFORMANCES: Mapping[str, str] = {
    "full": "已履行",
    "part": "履行了一部分",
    "none": "还没履行",
    "reneged": "反悔",
}
#: Acts by which the citizen has an answer from a person.
ANSWERS = frozenset({"accept", "refuse", "transfer", "take_over", "ask", "session"})


class Acted(Protocol):
    """An act as the history keeps it."""

    @property
    def at(self) -> datetime: ...
    @property
    def who(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def why(self) -> str | None: ...
    @property
    def change(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was appointed: when and where, as written."""

    at: str
    place: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms as the mediator wrote them; empty where nothing was written. `amount` in yuan. `written`: None unknown."""

    facts: str = ""
    disputed: str = ""
    terms: str = ""
    manner: str = ""
    deadline: str = ""
    amount: float | None = None
    written: bool | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A return visit: when, by whom, what was said, whether she is satisfied (yes, fair, no; None: not asked)."""

    at: datetime
    who: str
    words: str
    satisfied: str | None


@dataclass(slots=True)
class Proceedings:
    """What became of a case so far."""

    answered_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    sessions: tuple[Session, ...] = ()
    outcome: str | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    agreement: Agreement | None = None
    performed: str | None = None
    paid: float | None = None
    visits: tuple[Visit, ...] = ()
    confirmed: bool = False
    transfers: int = 0

    @classmethod
    def of(cls, acts: Iterable[Acted]) -> Proceedings:
        """Read the acts of a case, oldest first."""
        found = cls()
        for act in acts:
            if act.act in ANSWERS and found.answered_at is None:
                found.answered_at = act.at
            reader = _READERS.get(act.act)
            if reader is not None:
                reader(found, act, act.change or {})
        return found


def _accept(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    found.accepted_at, found.accepted_by = act.at, act.who


def _refuse(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    found.outcome, found.ended_at, found.ended_why = "refused", act.at, act.why or ""


def _withdraw(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    found.outcome, found.ended_at = "withdrawn", act.at


def _transfer(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    # The next committee begins anew: what the one before accepted is not its acceptance.
    found.transfers += 1
    found.accepted_at = found.accepted_by = None


def _session(found: Proceedings, _: Acted, change: Mapping[str, Any]) -> None:
    found.sessions = (*found.sessions, Session(_text(change, "at"), _text(change, "place") or _text(change, "link")))


def _outcome(found: Proceedings, act: Acted, change: Mapping[str, Any]) -> None:
    kind = change.get("outcome")
    found.outcome, found.ended_at, found.ended_why = kind if kind in OUTCOMES else None, act.at, act.why or ""
    found.agreement = None
    if kind == "agreed":
        texts = {key: _text(change, key) for key in ("facts", "disputed", "terms", "manner", "deadline")}
        form = change.get("form")
        written = {"written": True, "oral": False}.get(form) if isinstance(form, str) else None
        found.agreement = Agreement(**texts, amount=_money(change.get("amount")), written=written)
        found.performed = "none"


def _performance(found: Proceedings, _: Acted, change: Mapping[str, Any]) -> None:
    if change.get("performed") in PERFORMANCES:
        found.performed = str(change["performed"])
    paid = _money(change.get("amount"))
    if paid is not None:
        found.paid = (found.paid or 0) + paid


def _visit(found: Proceedings, act: Acted, change: Mapping[str, Any]) -> None:
    satisfied = change.get("satisfied")
    words = _text(change, "words") or act.why or ""
    visit = Visit(act.at, act.who, words, satisfied if satisfied in ("yes", "fair", "no") else None)
    found.visits = (*found.visits, visit)


def _confirmed(found: Proceedings, _: Acted, __: Mapping[str, Any]) -> None:
    found.confirmed = True


def _reopen(found: Proceedings, _: Acted, __: Mapping[str, Any]) -> None:
    found.outcome = found.ended_at = found.agreement = found.performed = None
    found.ended_why = ""


_READERS = {
    "accept": _accept,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "transfer": _transfer,
    "session": _session,
    "outcome": _outcome,
    "performance": _performance,
    "visit": _visit,
    "confirmed": _confirmed,
    "reopen": _reopen,
}


def _text(change: Mapping[str, Any], key: str) -> str:
    value = change.get(key)
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _money(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else None
