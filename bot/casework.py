"""The staff's side of the desk: the queue, a case, and every act that changes one.

Hides how a page of the queue and of a case is put together, and the access log; the acts are `case_acts`, corrections
`case_edits`. Part of the
desk, reached as `desk.cases`; called by the console's pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.attachments import Attachment
from bot.case_acts import NoCase, NotDone, Stale
from bot.case_edits import CaseEdits
from bot.intake.course import Course, Done, End, course, ends
from bot.intake.record import BLANKS
from bot.intake.sources import heard, lacking, segments
from bot.intake.taxonomy import FactSpec
from bot.store_cases import Sight
from bot.store_queue import Case, Wanted
from bot.store_staff import Account

PAGE = 30
#: A clock is near its end.
SOON = timedelta(days=7)
BUBBLES = 200
#: Bubbles of hers that are compared with the record when a case is opened, and each time its page asks on: a
#: millisecond each.
READ_FIRST, READ_ON = 60, 300


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the queue. `after` continues it; `counts` are by (status, colour, unanswered, late); `ending`: how many
    have a clock that ends within `SOON`; `soon`: what ends next in a row's case, (name, when), if it is within that."""

    rows: list[Case]
    after: tuple[datetime, int] | None
    counts: Mapping[tuple[str, str, bool, bool], int]
    ending: int
    soon: Mapping[int, tuple[str, datetime]]

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
class Warnings:
    """What the talk says and the record lacks (`Overlooked` as mappings); `unread`: bubbles of hers not compared yet."""

    overlooked: list[dict[str, Any]]
    unread: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with everything its page shows. `older`: number of the first bubble when there are older ones; `linked`:
    other matters of the same talk; `alike`: cases with the same telephone of the applicant."""

    case: Case
    document: Mapping[str, Any]
    rows: list[Row]
    bubbles: list[Bubble]
    older: int | None
    warnings: Warnings
    history: list[Done]
    course: Course
    ends: list[End]
    linked: list[Case]
    alike: list[Case]
    seen_by: list[Sight]
    #: Kinds of personal data that are covered, and the facts in which something is.
    covered: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


class Casework(CaseEdits):
    """Queue, cases and acts over a store. Thread-safe."""

    # —— the queue ——

    def queue(self, account: Account, wanted: Wanted, after: tuple[datetime, int] | None = None) -> Listing:
        """A page of the cases within her scope, newest activity first."""
        now = self._clock()
        soon = (now, now + SOON)
        found = self._store.found(account.scope, wanted, PAGE + 1, soon) if wanted.costly else None
        if found is not None and after is None:
            rows = found.rows
        else:
            rows = self._store.queue(account.scope, wanted, PAGE + 1, after)
        more = len(rows) > PAGE
        rows = self.veils.lines(account, rows[:PAGE])
        ends_next = self._store.next_ends([row.id for row in rows], now)
        return Listing(
            rows,
            (rows[-1].active_at, rows[-1].id) if more else None,
            found.counts if found else self._store.counts(account.scope, wanted, now),
            found.ending if found else self._store.ending(account.scope, wanted, *soon),
            {id_: end for id_, end in ends_next.items() if end[1] <= now + SOON},
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
        history = self._store.history(case.id)
        now = course(history)
        linked = self._linked(account, case, document)
        veil = self.veils.of(account, case, document)
        self._store.note_sight(case.id, account.id, "see" if veil.covered else "whole", self._clock())
        whole = Opened(
            case=case,
            document=document,
            rows=self._record_rows(document),
            bubbles=bubbles,
            older=older,
            warnings=self._warnings(case, document, READ_FIRST),
            history=history,
            course=now,
            ends=ends(now, case.due_at, document),
            linked=linked,
            alike=self._alike(account, case, document, linked),
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

    def _linked(self, account: Account, case: Case, document: Mapping[str, Any]) -> list[Case]:
        found = [self._store.case(link["receipt"]) for link in document.get("linked", ())]
        return self.veils.lines(
            account, [o for o in found if o is not None and account.scope.covers(o.body_id, o.area)]
        )

    def _alike(self, account: Account, case: Case, document: Mapping[str, Any], linked: list[Case]) -> list[Case]:
        """The same person came before, or somebody filed the same dispute twice (图木舒克: fewer repeat visits)."""
        phones = {p["phone"] for p in document["parties"] if p["role"] in ("applicant", "agent") and p.get("phone")}
        known = {case.id, *(one.id for one in linked)}
        found = [one for phone in sorted(phones) for one in self._store.queue(account.scope, Wanted(words=phone), 6)]
        fresh = [one for one in {one.id: one for one in found}.values() if one.id not in known]
        return self.veils.lines(account, fresh[:5])

    def evidence(self, account: Account, receipt: str, id_: str, noted: bool = True) -> Attachment:
        """A photo or paper of a case within her scope; opening it is `noted`. Raises NoCase."""
        case = self._case(account, receipt)
        document = self._document(case)
        found = next((sent for sent in document.get("attachments", ()) if sent["id"] == id_), None)
        covered = self.veils.of(account, case, document).covered  # a photo cannot be covered: it is shown whole or not
        if found is None or document.get("restricted") or covered:
            raise NoCase(receipt)
        if noted:
            self._store.note_sight(case.id, account.id, "evidence", self._clock())
        kept = {name: found[name] for name in ("id", "title", "kind", "size", "pages", "sha256")}
        return Attachment(**kept, at=datetime.fromisoformat(found["at"]), filed=True)

    def session(self, account: Account, receipt: str) -> dict[str, Any] | None:
        """The session appointed in a case, or None. Raises NoCase."""
        return self._store.course(self._case(account, receipt).id).session

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
            label = spec.label.replace("您的", "当事人的").replace("您", "当事人")  # labels are spoken to the citizen
            if fact is None:
                unread = document["unread"].get(key, "")
                rows.append(Row(key, label, BLANKS[blanks[key]], unread, 0, True, False, (), spec))
                continue
            earlier = tuple(str(old["shown"]) for old in fact["earlier"])
            by_staff = fact["source"] == "mediator"
            words = "" if fact["words"] == fact["shown"] else fact["words"]
            rows.append(Row(key, label, fact["shown"], words, fact["turn"], False, by_staff, earlier, spec))
        return rows

    def warnings(self, account: Account, receipt: str) -> Warnings:
        """What the talk says and the record lacks, a good piece of a long talk read on. Raises NoCase."""
        case = self._case(account, receipt)
        document = self._document(case)
        veil = self.veils.of(account, case, document)
        return veil.over_all(self._warnings(case, document, READ_ON))

    def _warnings(self, case: Case, document: Mapping[str, Any], most: int) -> Warnings:
        """Her words are read once; what was heard in them is kept and compared with the record as it is now."""
        on = case.filed_at.date()
        upto, known = self._store.heard(case.id)
        talk = case.conversation_id
        said, unread = self._store.hers(talk, upto, most) if talk is not None else ([], 0)
        if said:
            known = [*known, *(one for seq, text in said for one in heard(seq, text, on))]
            self._store.keep_heard(case.id, said[-1][0], known)
        elif not upto:  # the talk is gone: what was filed of it
            filed = [(n, b["text"]) for n, b in enumerate(document["transcript"], 1) if b["who"] == "citizen"]
            known = [one for seq, text in filed[:READ_ON] for one in heard(seq, text, on)]
        return Warnings([one.to_dict() for one in lacking(document, known)], unread)


__all__ = ["Casework", "Listing", "NoCase", "NotDone", "Opened", "Stale"]
