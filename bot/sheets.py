"""What the desk shows of a record: safety screen, read-back card, proposal, 申请书, the filed document and its receipt.

Hides what each is made of (facts, files sent, rule cards, time limits) beside the record. Called by the desk; how a
sheet looks is the page's care, what stands on it the intake's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.attachments import Attachment, Attachments
from bot.intake.application import application, filed_record
from bot.intake.clocks import Clocks
from bot.intake.document import card, document, flags, result, sides
from bot.intake.record import Record
from bot.intake.risk import grade
from bot.intake.rules import RuleBook
from bot.intake.safety import AT_RISK, Safety
from bot.intake.steps import Outcome, Say, Steps
from bot.store import Message, Store, Talk

#: Letters of a receipt number: none that a person reads or hears for another (0/O, 1/I/L, 2/Z, 5/S, 8/B).
RECEIPT_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"


class Sheets:
    """Open with the store and the dated data. Thread-safe like the store."""

    def __init__(
        self,
        store: Store,
        steps: Steps,
        clocks: Clocks,
        rules: RuleBook,
        safety: Safety,
        attachments: Attachments | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._steps = steps
        self._taxonomy = steps.taxonomy
        self.go_by(clocks, rules, safety)
        self._attachments = attachments
        self._clock = clock

    def go_by(self, clocks: Clocks, rules: RuleBook, safety: Safety) -> None:
        """Go by other rule cards from the next document on."""
        self._law = clocks, rules, safety

    # —— beside what is said ——

    def safety(self, record: Record) -> dict[str, Any] | None:
        """The one screen of safety mode, or None when nobody was told to be in danger."""
        return self._law[2].screen(record)

    def show_safety(self, out: Outcome) -> None:
        """Put the one screen of numbers beside the first words on a danger of this turn."""
        screen = self.safety(out.record)
        first = next((n for n, say in enumerate(out.says) if say.show.get("danger") in AT_RISK), None)
        if screen is not None and first is not None:
            say = out.says[first]
            out.says[first] = Say(say.response, say.fill, {**say.show, "safety": screen})

    def show_cards(self, talk: Talk, out: Outcome) -> None:
        """Put the read-back card beside the words that speak of it."""
        sent = [attachment.title for attachment in self.sent(talk)]
        rows = card(out.record, self._taxonomy, self._steps.questions(out.record), sent)
        for index, say in enumerate(out.says):
            if say.show.get("card") is True:
                shown = {"card": rows, "editable": True} if out.record.status == "filed" else {"card": rows}
                out.says[index] = Say(say.response, say.fill, shown)
        if out.ask == "card":
            out.says.append(Say("utter_read_back", show={"card": rows, "editable": True}))
        if out.ask == "handover_consent":
            committee, routing = out.record.committee, out.record.routing or {}
            shown = {
                "committee": committee,
                "reasons": routing.get("reasons", []),
                "alternatives": routing.get("alternatives", [])[:2],
            }
            out.says.append(Say("utter_proposed" if committee else "utter_nobody_near", show={"proposal": shown}))

    # —— of what is filed ——

    def receipts(self, talk: Talk) -> list[dict[str, Any]]:
        """Results of what was filed from a conversation, oldest first."""
        taxonomy = self._taxonomy
        filed = self._store.records_of(talk)
        return [result(doc, taxonomy.matter(doc["matter"]["type"], doc["matter"]["subtype"])) for doc in filed]

    def filed(self, talk: Talk, record: Record, said: Message) -> dict[str, Any]:
        """The document to be filed, with the transcript up to `said`; not yet in the database."""
        now = self._clock()
        taxonomy = self._taxonomy
        assert record.type is not None
        matter = taxonomy.matter(record.type, record.subtype)
        transcript = [
            {"turn": m.turn, "who": m.who, "at": m.at.isoformat(timespec="seconds"), "text": m.text}
            for m in [*self._store.messages(talk, talk.matter_from), said]
        ]
        kept = (matter, *sides(record, taxonomy))
        ids = tuple(dict.fromkeys(rule for one in kept for rule in one.rules))
        clocks, rules, safety = self._law
        return document(
            record,
            matter,
            receipt=_receipt(now),
            matter_no=talk.matters + 1,
            filed_at=now.isoformat(timespec="seconds"),
            colour=grade(record),
            rules=rules.usable(ids, now.date(), record.place_path()),
            clocks=clocks.of_all(record, kept, now.date()),
            transcript=transcript,
            attachments=[attachment.to_dict() for attachment in self.sent(talk)],
            banners=safety.banners(record, flags(record)),
            taxonomy=taxonomy,
        )

    def application(self, talk: Talk, receipt: str | None = None) -> dict[str, Any] | None:
        """Fields of the 申请书: of a filed record, of the one filed last, or of the open talk. None: nothing to print."""
        filed = self._store.records_of(talk)
        if receipt is not None:
            filed = [document for document in filed if document["receipt"] == receipt]
        if receipt is not None or talk.draft.get("status") == "filed":
            if not filed:
                return None
            record = filed_record(filed[-1])
            sent = [sent["title"] for sent in filed[-1].get("attachments", ())]
        else:
            record = Record.from_dict(talk.draft)
            sent = [attachment.title for attachment in self.sent(talk)]
        if "story" not in record.facts and record.type is None:
            return None
        fields = application(record, self._taxonomy, self._steps.questions(record), sent)
        body = record.committee if record.receipt else None
        now = self._clock()
        foot = f"本表按 {now.year}年{now.month}月{now.day}日 以前的谈话预填，空着的地方请用笔写；不收费。"
        number = f"回执号：{record.receipt}　" if record.receipt else ""
        return {**fields, "committee": body["name"] if body else "", "foot": number + foot}

    def sent(self, talk: Talk) -> list[Attachment]:
        """Files that she sent in this matter so far."""
        return self._attachments.waiting(talk) if self._attachments is not None else []


def _receipt(now: datetime) -> str:
    """A receipt number: the day and six letters that nobody confuses or guesses."""
    return f"FZ{now:%Y%m%d}-{''.join(secrets.choice(RECEIPT_LETTERS) for _ in range(6))}"
