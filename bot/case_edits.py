"""Corrections of a filed record by the staff: a fact, or the type of the dispute; all that follows is read anew.

Hides how her words or a mediator's become a value, and what hangs on a fact: parties, place, colour, rules, time limits
of every matter in the record. Part of `casework`, between its acts (`case_acts`) and its pages; called through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.case_acts import LONGEST_NOTE, CaseActs, NotDone
from bot.intake.cases import due, lawful
from bot.intake.document import flags
from bot.intake.parties import first_call, parties
from bot.intake.puzzling import Puzzle
from bot.intake.record import Fact, Record
from bot.intake.risk import grade
from bot.intake.taxonomy import FactSpec, Matter
from bot.intake.tidings import Tiding
from bot.store_queue import Case
from bot.store_staff import Account

LONGEST_WHY = 500


class CaseEdits(CaseActs):
    """Corrections over a store. Thread-safe."""

    def edit(self, account: Account, receipt: str, version: int, fact: str, words: str, why: str) -> list[Tiding]:
        """Correct a fact: `words` are read as the citizen's would be; the old value and the reason stay in the history.

        Raises NotDone when the words cannot be read, nothing changes or the reason is missing; Unlawful, Stale, NoCase.
        """
        case = self._case(account, receipt)
        document = self._document(case)
        spec = self._taxonomy.facts.get(fact)
        if spec is None:
            raise NotDone("没有这一栏。")
        words, why = words.strip(), _reason(why)
        lawful("edit", self._store.course(case.id).standing(document), why)
        now = self._clock()
        fresh = self._read(spec, words, now)
        before = document["facts"].get(fact)
        change = {"fact": fact, "before": before["shown"] if before else None, "after": fresh.shown}
        if before is not None and (before["value"], before["shown"]) == (fresh.value, fresh.shown):
            if self._repeats(account, case, version, "edit", why, change, None):
                return []
            raise NotDone("和原来的一样，没有改。")
        fresh.turn = before["turn"] if before else 0
        record = _record(document)
        record.write(fact, fresh)
        changed = self._changed(document, record)
        changed["blanks"] = {k: said for k, said in document["blanks"].items() if k != fact}
        changed["unread"] = {k: said for k, said in document["unread"].items() if k != fact}
        told = self._do(account, case, version, "edit", {}, why=why, change=change, document=changed)
        if before is not None and before["source"] != "mediator":
            self._teach(case, Puzzle(before["turn"], "mediator", settled=spec.label))
        return told

    def retype(self, account: Account, receipt: str, version: int, matter: str, why: str) -> list[Tiding]:
        """Give a case another type; every fact stays. `matter`: key of the taxonomy ("wages/wage_arrears").

        Its rules, time limits, colour and time follow. Raises NotDone, Unlawful, Stale, NoCase.
        """
        case = self._case(account, receipt)
        document = self._document(case)
        why = _reason(why)
        lawful("retype", self._store.course(case.id).standing(document), why)
        chosen = self._taxonomy.matters.get(matter)
        if chosen is None or chosen.type == "not_a_dispute":
            raise NotDone("改成哪一类，要选一个。")
        change = {"fact": "type", "before": document["matter"]["name"], "after": chosen.name}
        if (chosen.type, chosen.subtype) == (document["matter"]["type"], document["matter"]["subtype"]):
            if self._repeats(account, case, version, "retype", why, change, None):
                return []
            raise NotDone("和原来的一样，没有改。")
        record = _record(document)
        record.type, record.subtype = chosen.type, chosen.subtype
        changed = self._changed(document, record)
        today = self._clock().date()
        kept = [rule for rule in document["rules"] if any(b["rule"] == rule for b in document.get("banners", ()))]
        ids = tuple(dict.fromkeys(rule for one in (chosen, *self._beside(document)) for rule in one.rules))
        fitting = [card.id for card in self._rules.usable(ids, today, record.place_path())]
        changed["rules"] = list(dict.fromkeys((*fitting, *kept)))
        named = {"type": chosen.type, "subtype": chosen.subtype, "name": chosen.name, "official_code": chosen.code}
        changed["matter"] = {**document["matter"], **named, "settled_by": "mediator"}
        columns = {"due_at": due({**changed, "filed_at": case.filed_at.isoformat()})}
        told = self._do(account, case, version, "retype", columns, why=why, change=change, document=changed)
        was, story = document["matter"], document["facts"].get("story")
        if story is not None and was["settled_by"] != "mediator":
            guess = f"{was['type']}/{was['subtype']}" if was["subtype"] else was["type"]
            self._teach(case, Puzzle(story["turn"], "mediator", guess, was.get("confidence"), matter))
        return told

    def _teach(self, case: Case, found: Puzzle) -> None:
        """What the desk took down and a mediator mended comes to the trainers: it was sure, and wrong."""
        if case.conversation_id is not None and found.turn:
            self._store.add_puzzle(case.conversation_id, found, self._clock())

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

    def _beside(self, document: Mapping[str, Any]) -> list[Matter]:
        """The side matters that are written in the same record."""
        return [self._taxonomy.matter(side["type"], side["subtype"]) for side in document.get("side_matters", ())]

    def _changed(self, document: Mapping[str, Any], record: Record) -> dict[str, Any]:
        """The record with facts or type changed, and all that follows: parties, place, flags, colour, time limits."""
        colour, reasons = grade(record)
        place = record.value("place")
        matter = self._taxonomy.matter(record.type or "", record.subtype)
        clocks = self._clocks.of_all(record, (matter, *self._beside(document)), self._clock().date())
        return {
            **document,
            "facts": {k: asdict(f) for k, f in record.facts.items()},
            "parties": parties(record),
            "first_call": first_call(record),
            "place": place if isinstance(place, Mapping) and place.get("path") else None,
            "flags": flags(record),
            "clocks": [clock.to_dict() for clock in clocks],
            "colour": {"grade": colour, "reasons": reasons},
        }


def _record(document: Mapping[str, Any]) -> Record:
    raw = {"facts": document["facts"], "signs": document["signs"], "consents": document["consents"]}
    return Record.from_dict({**raw, **{k: document["matter"][k] for k in ("type", "subtype")}})


def _reason(why: str) -> str:
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise NotDone(f"为什么改，要写一句，{LONGEST_WHY} 个字以内。")
    return why
