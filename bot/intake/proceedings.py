"""What became of a case, read from the acts on it: accepted, answered, sessions, outcome, performance, return visits.

The one place that knows what each act keeps in its particulars; forms and statistics read this and never the acts. What
nobody wrote down is None or empty. Pure. Called by the case's papers and by the statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.intake.course import ANSWERING
from bot.intake.tidings import said_time

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
ANSWERS = ANSWERING | {"take_over"}


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
    def particulars(self) -> dict[str, Any] | None: ...


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
                reader(found, act, act.particulars or {})
        return found


_Reader = Callable[[Proceedings, Acted, Mapping[str, Any]], None]


def _accept(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    found.accepted_at, found.accepted_by = act.at, act.who


def _refuse(found: Proceedings, act: Acted, told: Mapping[str, Any]) -> None:
    found.outcome, found.ended_at, found.ended_why = "refused", act.at, _text(told, "words") or act.why or ""


def _withdraw(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    found.outcome, found.ended_at = "withdrawn", act.at


def _transfer(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
    # The next committee begins anew: what the one before accepted is not its acceptance.
    found.transfers += 1
    found.accepted_at = found.accepted_by = None


def _appoint(found: Proceedings, _: Acted, told: Mapping[str, Any]) -> None:
    at = _text(told, "at")
    with suppress(ValueError):
        at = said_time(datetime.fromisoformat(at))
    found.sessions = (*found.sessions, Session(at, _text(told, "where")))


def _agree(found: Proceedings, act: Acted, told: Mapping[str, Any]) -> None:
    found.outcome, found.ended_at, found.ended_why = "agreed", act.at, act.why or ""
    form = told.get("form")
    written = {"written": True, "oral": False}.get(form) if isinstance(form, str) else None
    parts = [f"{part['on']} 给 {part['amount']:,.2f} 元" for part in told.get("parts") or ()]
    found.agreement = Agreement(
        disputed=_text(told, "disputed"),
        terms=_text(told, "terms"),
        manner="；".join(filter(None, [_text(told, "manner"), *parts])),
        deadline=_text(told, "due") or ("当场履行" if told.get("performed") else ""),
        amount=_money(told.get("amount")),
        written=written,
    )
    found.performed = "full" if told.get("performed") else "none"
    if told.get("performed"):
        found.paid = found.agreement.amount  # on the spot: the sum of the agreement was paid


def _over(outcome: str) -> _Reader:
    def reader(found: Proceedings, act: Acted, _: Mapping[str, Any]) -> None:
        found.outcome, found.ended_at, found.ended_why = outcome, act.at, act.why or ""
        found.agreement = None

    return reader


def _perform(found: Proceedings, _: Acted, told: Mapping[str, Any]) -> None:
    result = {"performed": "full", "partly": "part", "reneged": "reneged"}.get(_text(told, "result"))
    if result is not None:
        found.performed = result
    paid = _money(told.get("amount"))
    if paid is not None:
        found.paid = (found.paid or 0) + paid


def _visit(found: Proceedings, act: Acted, told: Mapping[str, Any]) -> None:
    satisfied = {"yes": "yes", "partly": "fair", "no": "no"}.get(_text(told, "satisfied"))
    words = _text(told, "words") or act.why or ""
    found.visits = (*found.visits, Visit(act.at, act.who, words, satisfied))


def _confirm(found: Proceedings, _: Acted, told: Mapping[str, Any]) -> None:
    found.confirmed = _text(told, "step") == "confirmed"


def _reopen(found: Proceedings, _: Acted, __: Mapping[str, Any]) -> None:
    found.outcome = found.ended_at = found.agreement = found.performed = None
    found.ended_why = ""


_READERS: Mapping[str, _Reader] = {
    "accept": _accept,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "give_up": _over("withdrawn"),
    "transfer": _transfer,
    "appoint": _appoint,
    "agree": _agree,
    "fail": _over("failed"),
    "end": _over("ended"),
    "perform": _perform,
    "visit": _visit,
    "confirm": _confirm,
    "reopen": _reopen,
}


def _text(change: Mapping[str, Any], key: str) -> str:
    value = change.get(key)
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _money(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else None
