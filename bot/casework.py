"""The staff's side of the desk: the queue, a case, and every act that changes one.

Hides scope (another body's case does not exist), lawful acts, versions (two people at once), the re-reading of a
changed fact, and the access log. Part of the desk, reached as `desk.cases`; called by the console's pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.intake.cases import lawful
from bot.intake.clocks import Clocks
from bot.intake.directory import Directory
from bot.intake.document import flags
from bot.intake.hearing import Ear
from bot.intake.parties import first_call, parties
from bot.intake.record import BLANKS, Fact, Record
from bot.intake.risk import grade
from bot.intake.sources import overlooked, segments
from bot.intake.taxonomy import FactSpec, Taxonomy
from bot.permissions import may
from bot.store import Store
from bot.store_cases import Done, Sight
from bot.store_queue import Case, Wanted
from bot.store_staff import Account
from bot.veils import Veils

PAGE = 30
BUBBLES = 200
LONGEST_WHY, LONGEST_NOTE = 500, 20_000
log = logging.getLogger("fenzhen.cases")


class NoCase(LookupError):
    """There is no such case within the scope of who asks."""


class NotDone(ValueError):
    """The act was not done; the message says why in plain Chinese."""


class Stale(NotDone):
    """Somebody else changed the case since the page was opened."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the queue. `after` continues it; `counts` are by (status, colour, unanswered)."""

    rows: list[Case]
    after: tuple[datetime, int] | None
    counts: Mapping[tuple[str, str, bool], int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message beside the record: `pieces` are its text cut by the facts that came from each piece."""

    seq: int
    who: str
    at: datetime
    pieces: list[tuple[str, tuple[str, ...]]]
    danger: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the record: fact, label, value as shown, the words it came from and their turn, values before."""

    key: str
    label: str
    shown: str
    words: str
    turn: int
    blank: bool
    by_staff: bool
    earlier: tuple[str, ...]
    spec: FactSpec


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with everything its page shows. `older`: number of the first bubble when there are older ones."""

    case: Case
    document: Mapping[str, Any]
    rows: list[Row]
    bubbles: list[Bubble]
    older: int | None
    overlooked: list[dict[str, Any]]
    history: list[Done]
    seen_by: list[Sight]
    #: Kinds of personal data that are covered, and the facts in which something is.
    covered: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


class Casework:
    """Queue and cases over a store. Thread-safe."""

    def __init__(
        self,
        store: Store,
        taxonomy: Taxonomy,
        ear: Ear,
        clocks: Clocks,
        directory: Callable[[], Directory],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._taxonomy, self._ear, self._clocks = store, taxonomy, ear, clocks
        self._directory, self._clock = directory, clock
        #: Who sees what covered.
        self.veils = Veils(store, clock)
        store.open_missing_cases()

    # —— the queue ——

    def queue(self, account: Account, wanted: Wanted, after: tuple[datetime, int] | None = None) -> Listing:
        """A page of the cases within her scope, newest activity first."""
        rows = self._store.queue(account.scope, wanted, PAGE + 1, after)
        more = len(rows) > PAGE
        rows = self.veils.lines(account, rows[:PAGE])
        return Listing(
            rows, (rows[-1].active_at, rows[-1].id) if more else None, self._store.counts(account.scope, wanted)
        )

    def first_to_see(self, account: Account) -> list[Case]:
        """Danger that nobody has answered yet."""
        return self.veils.lines(account, self._store.first_to_see(account.scope, 8))

    def newest(self, account: Account, since: str = "") -> tuple[str, int]:
        """A mark of the newest activity within her scope, and how many cases moved since the mark `since`."""
        return self._store.newest(account.scope, since)

    def areas(self, account: Account, chosen: str | None) -> list[str]:
        """Slash paths by which she can narrow the list: one step below her area, and below the one chosen."""
        found: set[str] = set()
        for top in filter(None, {account.area, chosen}):
            depth = top.count("/") + 1
            for body in self._directory():
                if body.area.startswith(f"{top}/"):
                    found.add("/".join(body.area.split("/")[: depth + 1]))
        return sorted(found)

    # —— one case ——

    def open(self, account: Account, receipt: str, before: int | None = None) -> Opened:
        """A case for its page; the access log notes who looked. `before`: older bubbles than this number."""
        case = self._case(account, receipt)
        document = self._store.record(receipt)
        assert document is not None
        bubbles, older = self._bubbles(case, document, before)
        veil = self.veils.of(account, case, document)
        self._store.note_sight(case.id, account.id, "see" if veil.covered else "whole", self._clock())
        whole = Opened(
            case=case,
            document=document,
            rows=self._record_rows(document),
            bubbles=bubbles,
            older=older,
            overlooked=self._overlooked(case, document),
            history=self._store.history(case.id),
            seen_by=self._store.seen_by(case.id),
            covered=veil.covered,
            hidden=frozenset(row for row, fact in document["facts"].items() if veil.hides(row, str(fact["shown"]))),
        )
        return veil.over_all(whole)

    def unmask(self, account: Account, receipt: str, why: str) -> None:
        """Show her a case whole for a while, for a reason. Raises NotDone, NoCase."""
        try:
            self.veils.unmask(account, self._case(account, receipt), why)
        except ValueError as error:
            raise NotDone(str(error)) from error

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

    def _bubbles(self, case: Case, document: Mapping[str, Any], before: int | None) -> tuple[list[Bubble], int | None]:
        """The talk as it stands; when the citizen deleted it, what was filed of it."""
        facts = document["facts"]
        rows = (
            self._store.bubbles(case.conversation_id, before, BUBBLES + 1) if case.conversation_id is not None else []
        )
        if not rows and before is None:
            said = document["transcript"]
            return [
                self._bubble(n, b["who"], datetime.fromisoformat(b["at"]), b["text"], b["turn"], None, facts)
                for n, b in enumerate(said, 1)
            ], None
        older = rows[1].seq if len(rows) > BUBBLES else None
        rows = rows[-BUBBLES:]
        return [self._bubble(r.seq, r.who, r.at, r.text, r.turn, r.show, facts) for r in rows], older

    @staticmethod
    def _bubble(
        seq: int, who: str, at: datetime, text: str, turn: int, show: Mapping[str, Any] | None, facts: Mapping[str, Any]
    ) -> Bubble:
        pieces: list[tuple[str, tuple[str, ...]]] = segments(text, turn, facts) if who == "citizen" else [(text, ())]
        return Bubble(seq, who, at, pieces, bool(show and "danger" in show), (show or {}).get("name"))

    def _record_rows(self, document: Mapping[str, Any]) -> list[Row]:
        matter = self._taxonomy.matter(document["matter"]["type"], document["matter"]["subtype"])
        known, facts, blanks = self._taxonomy.facts, document["facts"], document["blanks"]
        order = [key for key in matter.facts if key in facts or key in blanks]
        order += [key for key in (*facts, *blanks) if key not in order and key in known]
        rows = []
        for key in dict.fromkeys(order):
            spec, fact = known[key], facts.get(key)
            if fact is None:
                unread = document["unread"].get(key, "")
                rows.append(Row(key, spec.label, BLANKS[blanks[key]], unread, 0, True, False, (), spec))
                continue
            earlier = tuple(str(old["shown"]) for old in fact["earlier"])
            by_staff = fact["source"] == "mediator"
            words = "" if fact["words"] == fact["shown"] else fact["words"]
            rows.append(Row(key, spec.label, fact["shown"], words, fact["turn"], False, by_staff, earlier, spec))
        return rows

    def _overlooked(self, case: Case, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the talk says and the record lacks; read once, then kept until either changes."""
        kept = self._store.overlooked(case.id)
        if kept is not None:
            return kept
        said = self._store.hers(case.conversation_id) if case.conversation_id is not None else []
        if not said:
            said = [(n, b["text"]) for n, b in enumerate(document["transcript"], 1) if b["who"] == "citizen"]
        found = [one.to_dict() for one in overlooked(document, said, case.filed_at.date())]
        self._store.keep_overlooked(case.id, case.version, found)
        return found

    # —— acts ——

    def mediators(self, account: Account, receipt: str) -> list[Account]:
        """Who a case can be given to: active mediators and heads within whose scope it is."""
        case = self._case(account, receipt)
        able = [a for a in self._store.accounts() if a.active and may(a.role, "case", "take")]
        return [a for a in able if a.scope.covers(case.body_id, case.area)]

    def accept(self, account: Account, receipt: str, version: int) -> None:
        """Accept a case: the committee takes it up. Raises Unlawful, Stale, NoCase."""
        case = self._case(account, receipt)
        self._do(account, case, version, "accept", {"waiting_since": None})
        call = self._store.open_call_of(case.conversation_id) if case.conversation_id is not None else None
        if call is not None and call.why == "danger" and call.taken_by is None:
            self._store.end_call(call.id, self._clock())  # whoever accepted has seen it: it rings no more

    def assign(self, account: Account, receipt: str, version: int, to: int) -> None:
        """Give a case to a mediator. Raises NotDone when she cannot have it, Unlawful, Stale, NoCase."""
        case = self._case(account, receipt)
        chosen = next((a for a in self.mediators(account, receipt) if a.id == to), None)
        if chosen is None:
            raise NotDone("没有这位调解员，或者这件不归她管。")
        change = {"fact": "mediator", "before": case.mediator, "after": chosen.shown}
        self._do(account, case, version, "assign", {"mediator_id": chosen.id}, change=change)

    def note(self, account: Account, receipt: str, version: int, words: str) -> None:
        """Keep a note of the staff's own; the citizen does not see it."""
        words = words.strip()
        if not words:
            raise NotDone("这一条是空的，写几个字再存。")
        if len(words) > LONGEST_NOTE:
            raise NotDone(f"太长了（{len(words)} 个字），每条最多 {LONGEST_NOTE} 个字，请分成几条。")
        self._do(account, self._case(account, receipt), version, "note", {}, why=words)

    def edit(self, account: Account, receipt: str, version: int, fact: str, words: str, why: str) -> None:
        """Correct a fact: `words` are read as the citizen's would be; the old value and the reason stay in the history.

        Raises NotDone when the words cannot be read, nothing changes or the reason is missing; Unlawful, Stale, NoCase.
        """
        case = self._case(account, receipt)
        document = self._store.record(receipt)
        spec = self._taxonomy.facts.get(fact)
        if spec is None or document is None:
            raise NotDone("没有这一栏。")
        words, why = words.strip(), why.strip()
        if not why or len(why) > LONGEST_WHY:
            raise NotDone(f"为什么改，要写一句，{LONGEST_WHY} 个字以内。")
        lawful("edit", case.status)
        now = self._clock()
        fresh = self._read(spec, words, now)
        before = document["facts"].get(fact)
        if before is not None and (before["value"], before["shown"]) == (fresh.value, fresh.shown):
            raise NotDone("和原来的一样，没有改。")
        fresh.turn = before["turn"] if before else 0
        changed = self._changed(document, fact, fresh)
        change = {"fact": fact, "before": before["shown"] if before else None, "after": fresh.shown}
        self._do(account, case, version, "edit", {}, why=why, change=change, document=changed)

    def _read(self, spec: FactSpec, words: str, now: datetime) -> Fact:
        at = now.isoformat(timespec="seconds")
        if not words:
            raise NotDone("改成什么，要写一下。")
        if len(words) > LONGEST_NOTE:
            raise NotDone(f"太长了，最多 {LONGEST_NOTE} 个字。")
        option = spec.option(words) if spec.options else None
        if option is not None:
            return Fact(option.value, option.label, option.label, 0, "mediator", at)
        if spec.kind == "yes_no" and words in ("yes", "no"):
            shown = "是" if words == "yes" else "否"
            return Fact(words, shown, shown, 0, "mediator", at)
        value = self._ear.answer(spec, words, now.date()).value
        if value is None:
            raise NotDone(f"“{spec.label}”没读懂“{words[:40]}”，换个写法再试，比如写全数字、写到区县。")
        return Fact(value.value, value.shown, words, 0, "mediator", at, value.approx)

    def _changed(self, document: Mapping[str, Any], key: str, fact: Fact) -> dict[str, Any]:
        """The record with one fact changed, and all that follows from it: parties, place, flags, colour, time limits."""
        raw = {"facts": document["facts"], "signs": document["signs"], "consents": document["consents"]}
        record = Record.from_dict({**raw, **{k: document["matter"][k] for k in ("type", "subtype")}})
        record.write(key, fact)
        colour, reasons = grade(record)
        place = record.value("place")
        matter = self._taxonomy.matter(document["matter"]["type"], document["matter"]["subtype"])
        clocks = self._clocks.of(record, matter, self._clock().date())
        return {
            **document,
            "facts": {k: asdict(f) for k, f in record.facts.items()},
            "blanks": {k: why for k, why in document["blanks"].items() if k != key},
            "unread": {k: said for k, said in document["unread"].items() if k != key},
            "parties": parties(record),
            "first_call": first_call(record),
            "place": place if isinstance(place, Mapping) and place.get("path") else None,
            "flags": flags(record),
            "clocks": [clock.to_dict() for clock in clocks],
            "colour": {"grade": colour, "reasons": reasons},
        }

    def _do(
        self,
        account: Account,
        case: Case,
        version: int,
        act: str,
        columns: Mapping[str, Any],
        why: str | None = None,
        change: dict[str, Any] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        status = lawful(act, case.status)
        if document is None and status != case.status:
            document = self._store.record(case.receipt)
        if document is not None:
            document = {**document, "status": status}
        done = Done(self._clock(), account.shown, act, status, why, change)
        if not self._store.work(case.id, version, done, account.id, columns, document):
            raise Stale("这件刚被别人改过。下面是最新的样子，看一看再接着办；您写的还在框里。")
