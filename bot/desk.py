"""The desk: the one door through which everything that changes a case goes.

Chat, console, API, Rasa actions and tests are equal callers. Hides how a turn is kept, how a committee is named and
how a record is filed. It knows the store and the intake, and neither the web nor Rasa.
"""

from __future__ import annotations

import csv
import io
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.attachments import Attachment, Attachments, Kept
from bot.case_acts import shown_body
from bot.casefile import Casefile
from bot.casework import Casework
from bot.export import Export
from bot.floor import Floor
from bot.intake.application import application, filed_record
from bot.intake.clocks import Clocks
from bot.intake.directory import COLUMNS, Body, Directory
from bot.intake.divisions import Divisions
from bot.intake.document import card, document, flags, result, sides
from bot.intake.enquiry import answers, enquiry_buttons
from bot.intake.hearing import Ear
from bot.intake.interview import STOPPING, Interview
from bot.intake.particulars import Choices
from bot.intake.puzzling import puzzle
from bot.intake.reading.identity import cover_identity
from bot.intake.record import Consent, Record
from bot.intake.retention import Retention
from bot.intake.risk import grade
from bot.intake.routing import Case as Routed
from bot.intake.routing import RoutingPolicy, route
from bot.intake.rules import RuleBook
from bot.intake.safety import AT_RISK, Safety
from bot.intake.steps import Heard, Outcome, Say, Steps
from bot.intake.taxonomy import Taxonomy
from bot.intake.turn import PRIVACY_VERSION
from bot.rights import Rights, Swept
from bot.shelf import Shelf
from bot.statistics import Statistics
from bot.store import Message, Store, Talk
from bot.store_queue import Case

#: Letters of a receipt number: none that a person reads or hears for another (0/O, 1/I/L, 2/Z, 5/S, 8/B).
RECEIPT_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"

#: When people of the centre are there, where no committee is named yet.
OFFICE_HOURS = "周一至周五 8:30-17:00"
#: Dangers that ring in the console at once, without her asking for a person.
RINGING = STOPPING | {"minor"}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The dated data that the desk works by."""

    taxonomy: Taxonomy
    divisions: Divisions
    policy: RoutingPolicy
    clocks: Clocks
    rules: RuleBook
    retention: Retention
    safety: Safety
    choices: Choices


class Desk:
    """Open with a store and knowledge. Thread-safe; one turn of a conversation at a time is the host's care."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        clock: Callable[[], datetime] = datetime.now,
        attachments: Attachments | None = None,
        hours: str = OFFICE_HOURS,
    ) -> None:
        self._store = store
        #: What citizens sent as evidence; None for a desk without a folder.
        self.attachments = attachments
        self._knowledge = knowledge
        self._clock = clock
        self._directory: Directory | None = None
        self._lock = threading.Lock()
        steps = Steps(knowledge.taxonomy, knowledge.divisions)
        self.steps = steps
        self.rights = Rights(store, steps, knowledge.retention, clock)
        if attachments is not None:
            self.rights.also_forget.append(attachments)
        ear = Ear(knowledge.divisions)
        self._interview = Interview(steps, ear, self._propose, knowledge.clocks, knowledge.rules)
        #: Who speaks in a talk: the desk, or a mediator who took over.
        self.floor = Floor(store, clock, hours)
        #: The staff's side: queue, cases and the acts on them.
        self.cases = Casework(
            store,
            knowledge.taxonomy,
            ear,
            knowledge.clocks,
            knowledge.rules,
            knowledge.choices,
            self.directory,
            clock,
        )
        store.open_missing_cases()
        #: What staff keep at hand: saved views, canned replies.
        self.shelf = Shelf(store, clock)
        self.statistics = Statistics(store, knowledge.taxonomy, self.directory, clock)
        self.export = Export(store)
        #: The papers of a case: forms, the list of contents, the whole file.
        self.papers = Casefile(store, self.cases, steps, attachments, clock)

    # —— conversations ——

    def open_conversation(self) -> tuple[str, str]:
        """A new conversation. Returns (key for Rasa, token for the page); the token cannot be guessed or chosen."""
        key, token = secrets.token_hex(16), secrets.token_urlsafe(32)
        self._store.open_talk(key, token, Record().to_dict(), self._clock())
        return key, token

    def conversation(self, token: str) -> Talk | None:
        """The conversation of a token, or None when unknown or deleted."""
        return self._store.talk(token=token)

    def conversation_by_key(self, key: str) -> Talk | None:
        """The conversation of Rasa's sender_id, or None."""
        return self._store.talk(key=key)

    def forget(self, key: str) -> None:
        """Delete a conversation with its draft, bubbles and files; filed records stay with their committee."""
        self.rights.forget_talk(key)

    def delete(self, talk: Talk) -> None:
        """Delete everything of a conversation, as 删除我的资料 in the chat does."""
        self.rights.delete(talk, Outcome(Record.from_dict(talk.draft)))

    def consented(self, talk: Talk) -> bool:
        """Whether the privacy notice was agreed to: before that no word of hers is stored."""
        consent = Record.from_dict(talk.draft).consent("privacy")
        return consent is not None and consent.given

    def was_heard(self, talk: Talk, client_id: str) -> bool:
        """Whether the page's message of this id was already heard (sending twice is harmless)."""
        return talk.heard_id == client_id or self._store.knows_message(talk, client_id)

    def opening(self) -> Outcome:
        """What the desk says first."""
        return self._interview.open(Record())

    def standing(self, talk: Talk) -> Outcome:
        """The open question of a conversation, without a turn: for a page that comes back."""
        record = Record.from_dict(talk.draft)
        out = Outcome(record=record)
        if record.leaving or record.errand or self.floor.holder(talk.id) is None:
            out.ask = self.steps.next_step(record)
            out.choices = self.steps.choices(record, out.ask)
            if (case := self.cases.asked(talk.id)) is not None:
                out.choices = [*enquiry_buttons(case.pending), *out.choices]
        return out

    def safety(self, record: Record) -> dict[str, Any] | None:
        """The one screen of safety mode, or None when nobody was told to be in danger."""
        return self._knowledge.safety.screen(record)

    def speaking(self, talk: Talk) -> str | None:
        """The name of the mediator who has the floor in a talk, or None while the desk speaks."""
        call = self.floor.holder(talk.id)
        return call.mediator if call else None

    def hear(self, key: str, heard: Heard, client_id: str | None = None) -> Outcome:
        """Take one turn: understand it against the draft, keep it, file when all is agreed.

        The citizen's words are kept only once she has consented (PIPL 13). A key never seen opens a conversation, so
        that `rasa shell` works. The same `client_id` twice is one turn: the second only asks again.
        """
        talk = self._store.talk(key=key)
        if talk is None:
            self._store.open_talk(key, None, Record().to_dict(), self._clock())
            talk = self._store.talk(key=key)
            assert talk is not None
        if client_id is not None and self.was_heard(talk, client_id):
            out = self.standing(talk)
            out.repeated = True
            return out
        bare = _covered(heard)
        covered, heard = bare.text != heard.text, bare
        before = Record.from_dict(talk.draft)
        if self.floor.holder(talk.id) is not None and not self._interview.is_own(before, heard):
            return self._listen(talk, before, heard, client_id)
        case = self.cases.asked(talk.id)
        if case is not None and (reply := self._answering(talk, before, heard, case.pending or {})) is not None:
            return self._answer(talk, before, heard, client_id, case, reply)
        gone = self.floor.lapse(talk.id)
        out = self._interview.hear(before, heard)
        if covered:
            out.says.append(Say("utter_identity_covered"))
        self._show_safety(out)
        record = out.record
        if out.act == "delete":
            self.rights.delete(talk, out)
            return out
        if heard.choice is None and heard.faq is None and not (out.changed or out.wishes or out.act):
            # She is back and did not simply answer: one sentence on where we were, then the open question.
            alarmed = any("danger" in say.show for say in out.says)
            if out.ask == talk.draft.get("asked") and not alarmed:
                out.says = [*self.rights.back(talk, heard.at), *out.says]
        amended = self.rights.carry_out(talk, out, heard)
        consent = record.consent("privacy")
        if consent is None or not consent.given:
            self._without_consent(talk, out, heard)
            return out
        said = Message(0, "citizen", heard.at, record.turn, heard.text, client_id=client_id)
        filed = None
        if out.act == "file":
            filed = self._document(talk, record, said)
            matter = self._knowledge.taxonomy.matter(filed["matter"]["type"], filed["matter"]["subtype"])
            out.says.append(Say("utter_filed", {"receipt": filed["receipt"]}, {"result": result(filed, matter)}))
            out = self._interview.filed(out, heard, filed["receipt"], filed["filed_at"])
            record = out.record
        self._show_cards(talk, out)
        self._ring(talk, out, heard.text)
        if amended:
            self.floor.ring(talk.id, record, "amended", amended[-1].words)
        if any(say.response == "utter_withdrawn" for say in out.says):
            self.floor.ring(talk.id, record, "withdrawn", heard.text)
        if gone:
            out.says.insert(0, Say("utter_mediator_gone"))
        fresh = record.status == "open" and (filed is not None or Record.from_dict(talk.draft).status == "filed")
        last = self._store.messages(talk, limit=1) if fresh else []
        matter_from = (last[-1].seq if last else 0) + (filed is not None) if fresh else None
        change = (record.receipt, amended) if record.receipt and amended else None
        self._store.keep_turn(talk, record.to_dict(), heard.at, client_id, said, filed, matter_from, change)
        self._note_puzzle(talk, out, heard)
        self.floor.follow(talk.id, record)
        return out

    def _note_puzzle(self, talk: Talk, out: Outcome, heard: Heard) -> None:
        """Point the trainers to a turn from which there is something to learn."""
        found = puzzle(Record.from_dict(talk.draft), out, heard)
        if found is not None:
            self._store.add_puzzle(talk.id, found, heard.at)

    def _without_consent(self, talk: Talk, out: Outcome, heard: Heard) -> None:
        """Keep no word. Taken back (PIPL 15): what was kept of the talk goes, only the withdrawal stays."""
        wordless = Record(consents=out.record.consents, errand=out.record.errand, misses=_counted(out.record))
        if self.consented(talk):
            self.rights.forget_outside(talk.key)
            self._store.forget_words(talk, wordless.to_dict(), heard.at)
            out.ask = self.steps.next_step(wordless)
            out.choices = self.steps.choices(wordless, out.ask)
            out.record = wordless
        elif talk.draft.get("errand") != wordless.errand:
            self._store.forget_words(talk, wordless.to_dict(), heard.at)

    def _show_safety(self, out: Outcome) -> None:
        """Put the one screen of numbers beside the first words on a danger of this turn."""
        screen = self.safety(out.record)
        first = next((n for n, say in enumerate(out.says) if say.show.get("danger") in AT_RISK), None)
        if screen is not None and first is not None:
            say = out.says[first]
            out.says[first] = Say(say.response, say.fill, {**say.show, "safety": screen})

    def arrival(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """What the desk says when a mediator takes over: named responses with what fills them."""
        return [("utter_mediator_here", {"name": name})]

    def resumption(self, talk: Talk, name: str) -> list[tuple[str, dict[str, str]]]:
        """What the desk says when she hands back: that it is the desk again, and the question that was open."""
        ask = self.standing(talk).ask
        said: list[tuple[str, dict[str, str]]] = [("utter_handed_back", {"name": name})]
        return [*said, (f"utter_ask_{ask}", {})] if ask else said

    def _answering(self, talk: Talk, before: Record, heard: Heard, pending: Mapping[str, Any]) -> str | None:
        """What a turn answers to the committee's question: yes, no, or `words`; None when it is something else.

        In the middle of an interview only right under the question, since her words may answer the desk's own.
        """
        if heard.choice is not None:
            return answers(pending, heard)
        if heard.faq or before.safety_open or self._interview.is_own(before, heard):
            return None
        if before.status == "open" and self.steps.next_step(before) is not None:
            last = self._store.messages(talk, limit=1)
            if not last or "enquiry" not in (last[-1].show or {}):
                return None
        return answers(pending, heard)

    def _answer(
        self, talk: Talk, before: Record, heard: Heard, client_id: str | None, case: Case, said: str
    ) -> Outcome:
        """A turn that answers the committee: her words are kept, any danger is told first, the case gets the answer."""
        out = self._interview.listen(before, heard)
        self._show_safety(out)
        kept = Message(0, "citizen", heard.at, out.record.turn, heard.text, client_id=client_id)
        self._store.keep_turn(talk, out.record.to_dict(), heard.at, client_id, kept)
        self._ring(talk, out, heard.text)
        agreed = None if said == "words" else said == "yes"
        news = self.cases.answered(case, heard.text, agreed)
        out.says += [Say(name, fill) for name, fill in news]
        if agreed and news:
            self._hand_over(talk, out.record, case, heard.at)
        out.ask = self.steps.next_step(out.record)
        out.choices = self.steps.choices(out.record, out.ask)
        return out

    def _hand_over(self, talk: Talk, record: Record, case: Case, at: datetime) -> None:
        """After a transfer her talk knows its committee too, and the consent she gave (PIPL 23)."""
        to = (case.pending or {})["to"]
        if record.receipt == case.receipt:
            record.committee = dict(to)
            given = Consent("handover", True, PRIVACY_VERSION, at.isoformat(timespec="seconds"), to["id"])
            record.consents.append(given)
            self._store.keep_turn(talk, record.to_dict(), at, None, None)

    def key_of(self, receipt: str) -> str | None:
        """Rasa's sender_id of the talk that a record was filed from, or None when the talk is gone."""
        case = self._store.case(receipt)
        return self._store.key_of(case.conversation_id) if case and case.conversation_id is not None else None

    def _listen(self, talk: Talk, before: Record, heard: Heard, client_id: str | None) -> Outcome:
        """A turn that a mediator answers: her words and dangers are kept, the open question stays as it is."""
        out = self._interview.listen(before, heard)
        self._show_safety(out)
        said = Message(0, "citizen", heard.at, out.record.turn, heard.text, client_id=client_id)
        self._store.keep_turn(talk, out.record.to_dict(), heard.at, client_id, said)
        return out

    def _ring(self, talk: Talk, out: Outcome, words: str) -> None:
        """Call a person when she asked for one or told of danger; say whether one is there, or when."""
        record = out.record
        kinds = {s["kind"] for s in record.signs if s["turn"] == record.turn and s.get("by") != "model"}
        if kinds & RINGING:
            self.floor.ring(talk.id, record, "danger", words)
        asked = next((n for n, say in enumerate(out.says) if say.response == "utter_human"), None)
        if asked is None:
            return
        self.floor.ring(talk.id, record, "asked", words)
        opening = self.floor.next_opening(record)
        if opening == "":
            told = Say("utter_person_called")
        else:
            told = Say("utter_person_closed", {"when": opening}) if opening else Say("utter_person_later")
        out.says.insert(asked + 1, told)

    def _show_cards(self, talk: Talk, out: Outcome) -> None:
        """Put the read-back card beside the words that speak of it."""
        sent = [attachment.title for attachment in self._sent(talk)]
        rows = card(out.record, self._knowledge.taxonomy, self.steps.questions(out.record), sent)
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

    def keep_replies(self, key: str, said: list[Message]) -> list[Message]:
        """Keep the desk's bubbles of a turn, numbered. Before consent there is nothing to keep."""
        talk = self._store.talk(key=key)
        if talk is None or not self.consented(talk):
            return said
        return self._store.add_messages(key, said)

    def history(self, talk: Talk, after: int = 0) -> list[Message]:
        """Bubbles of a conversation above number `after`."""
        return self._store.messages(talk, after)

    def receipts(self, talk: Talk) -> list[dict[str, Any]]:
        """Results of what was filed from a conversation, oldest first."""
        taxonomy = self._knowledge.taxonomy
        filed = self._store.records_of(talk)
        return [result(doc, taxonomy.matter(doc["matter"]["type"], doc["matter"]["subtype"])) for doc in filed]

    def keep_to_time(self, unfiled_days: int) -> Swept:
        """Let go what is past its time; talks that filed nothing after `unfiled_days` idle days (0: never)."""
        return self.rights.keep_to_time(unfiled_days)

    def note_sweep(self, at: datetime, by: str, done: Mapping[str, int]) -> None:
        """Keep what a clearing by the rule of time did, in numbers."""
        self._store.note_sweep(at, by, done)

    def upkeep(self) -> dict[str, Any]:
        """For the administrator: the last clearings, how long what is kept, how notices fare since yesterday."""
        return {
            "sweeps": self._store.sweeps(),
            "stages": self._knowledge.retention.stages,
            "filed_talk_days": self._knowledge.retention.filed_talk_days,
            "outbox": self._store.outbox_state(self._clock() - timedelta(days=1)),
        }

    def seal_anew(self) -> int:
        """Seal what lies under an older key, or was stored before there were keys. Returns how many values."""
        files, lost = self.attachments.seal_anew() if self.attachments is not None else (0, 0)
        return files + sum(step.sealed for step in self._store.seal_anew(files_lost=lost))

    def warm(self, text: str) -> None:
        """Read a text as a story and forget it: loads what is loaded on first use."""
        specs = self._knowledge.taxonomy.facts.values()
        Ear(self._knowledge.divisions).story(specs, text, self._clock().date())
        self.directory()

    # —— what she sends as evidence ——

    def attach(self, talk: Talk, kept: Kept, title: str, client_id: str | None) -> Attachment:
        """Enter a file that `Attachments.keep` has written."""
        assert self.attachments is not None
        return self.attachments.enter(talk, kept, title, self._clock(), client_id)

    def asks_for_evidence(self, talk: Talk) -> bool:
        """Whether the open question, or what is asked beside it, is what she has in hand: then a photo answers it."""
        record = Record.from_dict(talk.draft)
        open_ = self.standing(talk).ask
        return record.status == "open" and (open_ == "evidence" or "evidence" in self.steps.beside(record, open_))

    def _sent(self, talk: Talk) -> list[Attachment]:
        return self.attachments.waiting(talk) if self.attachments is not None else []

    # —— the application on paper ——

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
            sent = [attachment.title for attachment in self._sent(talk)]
        if "story" not in record.facts and record.type is None:
            return None
        fields = application(record, self._knowledge.taxonomy, self.steps.questions(record), sent)
        body = record.committee if record.receipt else None
        now = self._clock()
        foot = f"本表按 {now.year}年{now.month}月{now.day}日 以前的谈话预填，空着的地方请用笔写；不收费。"
        number = f"回执号：{record.receipt}　" if record.receipt else ""
        return {**fields, "committee": body["name"] if body else "", "foot": number + foot}

    # —— committees ——

    def directory(self) -> Directory:
        """The directory, read from the database once."""
        with self._lock:
            if self._directory is None:
                table = io.StringIO()
                writer = csv.DictWriter(table, COLUMNS)
                writer.writeheader()
                writer.writerows(self._store.bodies())
                self._directory = self.read_directory(table.getvalue(), skip_bad=True)
            return self._directory

    def read_directory(self, text: str, skip_bad: bool = False) -> Directory:
        """A directory from CSV text. Raises DirectoryError with every wrong row, unless they are to be skipped."""
        return Directory.parse(text, self._knowledge.divisions, self._knowledge.taxonomy.subtypes, skip_bad)

    def load_directory(self, directory: Directory) -> int:
        """Replace the directory. Returns how many bodies stand in it now."""
        self._store.replace_bodies([_row(body) for body in directory])
        with self._lock:
            self._directory = None
        return len(directory)

    def _propose(self, record: Record) -> None:
        """Name the committee for a record, with reasons, second choices and other doors (CONTRACT's rules)."""
        colour, _ = grade(record)
        case = Routed(
            type=record.type or "",
            subtype=record.subtype or "",
            place=_path(record.value("place")),
            home_place=_path(record.value("home_place")),
            people=_integer(record.value("people")),
            amount=_amount(record.value("amount")),
            colour=colour,
            signs=tuple(sorted(record.sign_kinds())),
        )
        directory = self.directory()
        found = route(case, directory, self._knowledge.divisions, self._knowledge.policy)
        order = [body for body in (found.primary, *found.alternatives) if body]
        if record.body_choice in order:
            order.remove(record.body_choice)
            order.insert(0, record.body_choice)
            primary: str | None = record.body_choice
        else:
            primary = found.primary
        record.committee = shown_body(directory[primary]) if primary else None
        record.routing = {
            "primary": primary,
            "alternatives": [shown_body(directory[body]) for body in order if body != primary],
            "doors": list(dict.fromkeys((*found.doors, *self._side_doors(record)))),
            "reasons": list(found.reasons),
            "ask": found.ask,
            "safety_first": found.safety_first,
        }

    def _side_doors(self, record: Record) -> list[str]:
        """The other doors of a side matter: it is written in this record, and keeps its own ways."""
        kept = sides(record, self._knowledge.taxonomy)
        return [door for side in kept for door in self._knowledge.policy.doors.get(side.type, ())]

    # —— filing ——

    def _document(self, talk: Talk, record: Record, said: Message) -> dict[str, Any]:
        now = self._clock()
        taxonomy = self._knowledge.taxonomy
        assert record.type is not None
        matter = taxonomy.matter(record.type, record.subtype)
        transcript = [
            {"turn": m.turn, "who": m.who, "at": m.at.isoformat(timespec="seconds"), "text": m.text}
            for m in [*self._store.messages(talk, talk.matter_from), said]
        ]
        kept = (matter, *sides(record, taxonomy))
        ids = tuple(dict.fromkeys(rule for one in kept for rule in one.rules))
        return document(
            record,
            matter,
            receipt=_receipt(now),
            matter_no=talk.matters + 1,
            filed_at=now.isoformat(timespec="seconds"),
            colour=grade(record),
            rules=self._knowledge.rules.usable(ids, now.date(), record.place_path()),
            clocks=self._knowledge.clocks.of_all(record, kept, now.date()),
            transcript=transcript,
            attachments=[attachment.to_dict() for attachment in self._sent(talk)],
            banners=self._knowledge.safety.banners(record, flags(record)),
            taxonomy=taxonomy,
        )

    def records(self) -> Any:
        """Every filed document, oldest first, streamed."""
        return self._store.all_records()

    def record(self, receipt: str) -> dict[str, Any] | None:
        """A filed document by its receipt number."""
        return self._store.record(receipt)


def _covered(heard: Heard) -> Heard:
    """The turn with identity numbers covered: nobody's is asked for, and none is kept (PIPL 28)."""
    text = cover_identity(heard.text)
    if text == heard.text:
        return heard
    entities = tuple(replace(entity, text=cover_identity(entity.text)) for entity in heard.entities)
    return replace(heard, text=text, entities=entities)


def _receipt(now: datetime) -> str:
    """A receipt number: the day and six letters that nobody confuses or guesses."""
    return f"FZ{now:%Y%m%d}-{''.join(secrets.choice(RECEIPT_LETTERS) for _ in range(6))}"


def _counted(record: Record) -> dict[str, int]:
    """How often a wish's question went unanswered: a number, no word of hers."""
    return {"progress": record.misses["progress"]} if "progress" in record.misses else {}


def _path(place: Any) -> str:
    return str(place.get("path", "")) if isinstance(place, Mapping) else ""


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _amount(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _row(body: Body) -> dict[str, str]:
    return {column: getattr(body, column) for column in COLUMNS} | {"types": ";".join(body.types)}
