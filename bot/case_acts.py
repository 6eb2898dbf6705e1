"""Acts on a case: the one way by which staff, or the citizen answering them, change it.

Hides scope (another body's case does not exist), the state machine, versions (two people at once), and who is told
what. The first part of `casework`, whose class stands on this one; `case_edits` corrects a record. Called through it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.intake.cases import Unlawful, due, lawful
from bot.intake.clocks import Clocks
from bot.intake.course import Course, Done
from bot.intake.directory import Body, Directory
from bot.intake.hearing import Ear
from bot.intake.particulars import Choices, Form, Setting, Unclear, particulars
from bot.intake.record import Consent
from bot.intake.rules import RuleBook
from bot.intake.taxonomy import Taxonomy
from bot.intake.tidings import Tiding, said_time, tidings
from bot.intake.turn import PRIVACY_VERSION
from bot.permissions import may
from bot.store import Store
from bot.store_queue import Case
from bot.store_staff import Account
from bot.veils import Veils

LONGEST_NOTE = 20_000
#: A session takes about so long: two that begin nearer than this are in each other's way.
SESSION = timedelta(hours=2)
#: How often the citizen's answer is tried again when somebody changes the case in the same moment.
TRIES = 5
log = logging.getLogger("fenzhen.cases")


class NoCase(LookupError):
    """There is no such case within the scope of who asks."""


class NotDone(ValueError):
    """The act was not done; the message says why in plain Chinese."""


class Stale(NotDone):
    """Somebody else changed the case since the page was opened."""


class CaseActs:
    """Acts over a store. Every act returns what the citizen is to be told of it. Thread-safe."""

    def __init__(
        self,
        store: Store,
        taxonomy: Taxonomy,
        ear: Ear,
        clocks: Clocks,
        rules: RuleBook,
        choices: Choices,
        directory: Callable[[], Directory],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._taxonomy, self._ear, self.choices = store, taxonomy, ear, choices
        self.go_by(clocks, rules)
        self._directory, self._clock = directory, clock
        #: Who sees what covered.
        self.veils = Veils(store, clock)

    def go_by(self, clocks: Clocks, rules: RuleBook) -> None:
        """Go by other rule cards from the next act on."""
        self._clocks, self._rules = clocks, rules

    def find(self, account: Account, receipt: str) -> Case:
        """A case within her scope, without opening it. Raises NoCase."""
        return self._case(account, receipt)

    def _case(self, account: Account, receipt: str) -> Case:
        case = self._store.case(receipt) if len(receipt) <= 32 else None
        if case is None:
            raise NoCase(receipt)
        if not account.scope.covers(case.body_id, case.area):
            # Told as not existing, and kept: whoever tries receipt numbers is seen in the log of the case.
            self._store.note_sight(case.id, account.id, "refused", self._clock())
            log.warning("account %d was refused case %d", account.id, case.id)
            raise NoCase(receipt)
        return case

    def mediators(self, account: Account, receipt: str) -> list[Account]:
        """Who a case can be given to: active mediators and heads within whose scope it is."""
        case = self._case(account, receipt)
        able = [a for a in self._store.accounts() if a.active and may(a.role, "case", "take")]
        return [a for a in able if a.scope.covers(case.body_id, case.area)]

    def elsewhere(self, account: Account, receipt: str) -> list[Body]:
        """Committees that a case can be transferred to: those that were named beside its own, then the near ones."""
        case = self._case(account, receipt)
        document = self._document(case)
        directory = self._directory()
        named = [body["id"] for body in document["alternatives"] if body["id"] in directory]
        county = "/".join(case.area.split("/")[:3])
        near = [
            b.id for b in directory if b.area == county or b.area.startswith(f"{county}/") or county.startswith(b.area)
        ]
        return [directory[id_] for id_ in dict.fromkeys((*named, *near)) if id_ != case.body_id]

    # —— acts of the staff ——

    def accept(self, account: Account, receipt: str, version: int) -> list[Tiding]:
        """Accept a case: the committee takes it up. Raises Unlawful, Stale, NoCase."""
        return self.do(account, receipt, version, "accept", {})

    def assign(self, account: Account, receipt: str, version: int, to: int) -> list[Tiding]:
        """Give a case to a mediator. Raises NotDone when she cannot have it, Unlawful, Stale, NoCase."""
        case = self._case(account, receipt)
        chosen = next((a for a in self.mediators(account, receipt) if a.id == to), None)
        if chosen is None:
            raise NotDone("没有这位调解员，或者这件不归她管。")
        change = {"fact": "mediator", "before": case.mediator, "after": chosen.shown}
        return self._do(account, case, version, "assign", {"mediator_id": chosen.id}, change=change)

    def note(self, account: Account, receipt: str, version: int, words: str) -> list[Tiding]:
        """Keep a note of the staff's own; the citizen does not see it."""
        words = words.strip()
        if not words:
            raise NotDone("这一条是空的，写几个字再存。")
        if len(words) > LONGEST_NOTE:
            raise NotDone(f"太长了（{len(words)} 个字），每条最多 {LONGEST_NOTE} 个字，请分成几条。")
        return self._do(account, self._case(account, receipt), version, "note", {}, why=words)

    def do(self, account: Account, receipt: str, version: int, act: str, form: Form) -> list[Tiding]:
        """Do an act whose particulars a form gives (`bot.intake.particulars`). Raises NotDone, Unlawful, NoCase."""
        case = self._case(account, receipt)
        document = self._document(case)
        standing = self._store.course(case.id).standing(document)
        why = _why(form)
        said = dict(form)
        if act == "offer":
            lawful(act, standing, why)
            told = self._destination(account, receipt, form)
        else:
            try:
                told = particulars(act, said, self._setting(case, document))
            except Unclear as error:
                lawful(act, standing, "x")  # an unlawful act is told as such, whatever its form lacks
                raise NotDone(str(error)) from error
        if act == "appoint" and form.get("despite") != "1":
            lawful(act, standing, why)
            self._free(account, case, told)
        if "words" in told:
            why = None  # it stands in the particulars
        return self._do(account, case, version, act, {}, why=why, told=told)

    def _setting(self, case: Case, document: Mapping[str, Any]) -> Setting:
        return Setting(self._clock(), case.filed_at, tuple(document["flags"]), self.choices)

    def _free(self, account: Account, case: Case, told: Mapping[str, Any]) -> None:
        """Raises NotDone when her mediator, or the room, has another session about that time; a tick appoints it."""
        at = datetime.fromisoformat(told["at"])
        for other in self._store.sessions_about(at, SESSION, case.id):
            session = self._store.course(other.id).session or {}
            same_person = case.mediator_id is not None and other.mediator_id == case.mediator_id
            here = told["way"] == "here" == session.get("way") and other.body_id == case.body_id
            same_room = here and told["where"].split() == str(session.get("where", "")).split()
            if same_person or same_room:
                named = other.receipt if account.scope.covers(other.body_id, other.area) else "别处的一件"
                who = case.mediator if same_person else f"“{told['where']}”"
                then = said_time(datetime.fromisoformat(session["at"])) if session else ""
                raise NotDone(f"撞了：{who}{then}已经约了 {named}。换个时间；确实要约这个点，请勾上“就约这天”。")

    def _destination(self, account: Account, receipt: str, form: Form) -> dict[str, Any]:
        chosen = next((body for body in self.elsewhere(account, receipt) if body.id == form.get("to")), None)
        if chosen is None:
            raise NotDone("转给哪一家，要从名单里选一家。")
        return {"to": shown_body(chosen)}

    # —— the citizen's answer ——

    def asked(self, conversation: int) -> Case | None:
        """The case in which she was asked something and has not answered; its `pending` says what."""
        return self._store.asked(conversation)

    def answered(self, case: Case, words: str, agreed: bool | None = None) -> list[Tiding]:
        """Her answer comes back to the case. `agreed`: what she says to a transfer. Tried again when staff act at once.

        Empty when there is nothing to answer any more.
        """
        act = "answer" if agreed is None else "transfer" if agreed else "decline"
        for _ in range(TRIES):
            fresh = self._store.case(case.receipt)
            if fresh is None or fresh.pending != case.pending:
                return []
            try:
                told = {"words": words, "way": "talk"}
                return self._do(None, fresh, fresh.version, act, {"waiting_since": self._clock()}, told=told)
            except Stale:
                continue
            except Unlawful:
                return []
        return []

    # —— doing ——

    def _document(self, case: Case) -> dict[str, Any]:
        document = self._store.record(case.receipt)
        if document is None:
            raise NoCase(case.receipt)
        return document

    def _do(
        self,
        account: Account | None,
        case: Case,
        version: int,
        act: str,
        columns: Mapping[str, Any],
        why: str | None = None,
        change: dict[str, Any] | None = None,
        document: Mapping[str, Any] | None = None,
        told: dict[str, Any] | None = None,
    ) -> list[Tiding]:
        """Do an act, `account` None: the citizen's. Returns what she is told."""
        if account is not None and self._repeats(account, case, version, act, why, change, told):
            return []
        filed = self._document(case)
        before = self._store.course(case.id)
        on = datetime.fromisoformat(told["on"]).date() if told and act == "confirm" else None
        status = lawful(act, before.standing(filed), why, on)
        now = self._clock()
        fresh = dict(columns)
        consent = None
        if act == "transfer":
            document, consent = self._transferred(filed, before, now)
            fresh |= {
                "mediator_id": None,
                "waiting_since": now,
                "due_at": due({**document, "filed_at": now.isoformat()}),
            }
            told = {**(told or {}), "to": document["committee"], "from": filed["committee"]}
        news = tidings(act, told or {}, why, filed, before, self.choices)
        if account is not None and news and act != "transfer":
            fresh |= {"waiting_since": None}
        done = Done(now, account.shown if account else "citizen", act, status, why, change, told or None)
        number = account.id if account else None
        if not self._store.work(case.id, version, done, number, fresh, document, consent):
            newest = self._store.case(case.receipt)
            if account and newest and self._repeats(account, newest, version, act, why, change, told):
                return []
            raise Stale("这件刚被别人改过。下面是最新的样子，看一看再接着办；您写的还在框里。")
        self._hush(case, act)
        return news

    def _repeats(
        self,
        account: Account,
        case: Case,
        version: int,
        act: str,
        why: str | None,
        change: dict[str, Any] | None,
        told: dict[str, Any] | None,
    ) -> bool:
        """Whether this very act was just done from the same page: a double click is one click, not a reproach."""
        if case.version != version + 1:
            return False
        last = self._store.history(case.id)[-1]
        same_change = (last.change or {}).get("after") == (change or {}).get("after")
        return (
            (last.who, last.act, last.why) == (account.shown, act, why)
            and same_change
            and last.particulars == (told or None)
        )

    def _transferred(
        self, document: Mapping[str, Any], before: Course, now: datetime
    ) -> tuple[dict[str, Any], Consent]:
        """The record in its new committee's hands, with the consent to hand it over (PIPL 23)."""
        assert before.pending is not None
        to = before.pending["to"]
        given = Consent("handover", True, PRIVACY_VERSION, now.isoformat(timespec="seconds"), to["id"])
        changed = {**document, "committee": to, "consents": [*document["consents"], asdict(given)]}
        changed["alternatives"] = [body for body in document["alternatives"] if body["id"] != to["id"]]
        changed["routing_reasons"] = [f"当事人同意，从{(document['committee'] or {}).get('name', '原来那家')}转来"]
        return changed, given

    def _hush(self, case: Case, act: str) -> None:
        """Whoever accepted or refused has seen the danger: it rings no more."""
        if act in ("accept", "refuse") and case.conversation_id is not None:
            call = self._store.open_call_of(case.conversation_id)
            if call is not None and call.why == "danger" and call.taken_by is None:
                self._store.end_call(call.id, self._clock())


def shown_body(body: Body) -> dict[str, str]:
    """A committee as a record names it."""
    return {column: getattr(body, column) for column in ("id", "name", "area", "address", "phone", "hours", "url")}


def _why(form: Form) -> str | None:
    why = form.get("why", "").strip()
    if len(why) > LONGEST_NOTE:
        raise NotDone(f"太长了（{len(why)} 个字），最多 {LONGEST_NOTE} 个字。")
    return why or None
