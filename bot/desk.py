"""The desk: the one door through which everything that changes a case goes.

Chat, console, API, Rasa actions and tests are equal callers. Hides how a turn is kept, how a committee is named and
how a record is filed. It knows the store and the intake, and neither the web nor Rasa.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.attachments import Attachment, Attachments, Kept
from bot.casefile import Casefile
from bot.casework import Casework
from bot.committees import Committees
from bot.export import Export
from bot.floor import Floor
from bot.intake.clocks import Clocks
from bot.intake.divisions import Divisions
from bot.intake.document import result
from bot.intake.enquiry import answers, enquiry_buttons
from bot.intake.hearing import Ear
from bot.intake.interview import STOPPING, Interview
from bot.intake.particulars import Choices
from bot.intake.puzzling import puzzle
from bot.intake.reading.identity import cover_identity
from bot.intake.reading.plain import plain
from bot.intake.record import Consent, Record
from bot.intake.retention import Retention
from bot.intake.routing import RoutingPolicy
from bot.intake.rules import RuleBook
from bot.intake.safety import Safety
from bot.intake.steps import Heard, Outcome, Say, Steps
from bot.intake.taxonomy import Taxonomy
from bot.intake.turn import PRIVACY_VERSION
from bot.returning import Returning
from bot.rights import Rights, Swept
from bot.sheets import Sheets
from bot.shelf import Shelf
from bot.statistics import Statistics
from bot.store import Message, Store, Talk
from bot.store_queue import Case

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
    """Open with a store and knowledge; `meant` mends misheard words before facts are read (`Ear`).

    Thread-safe; one turn of a conversation at a time is the host's care.
    """

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        clock: Callable[[], datetime] = datetime.now,
        attachments: Attachments | None = None,
        hours: str = OFFICE_HOURS,
        meant: Callable[[str], str] = plain,
    ) -> None:
        self._store = store
        #: What citizens sent as evidence; None for a desk without a folder.
        self.attachments = attachments
        self._knowledge = knowledge
        self._clock = clock
        steps = Steps(knowledge.taxonomy, knowledge.divisions)
        self.steps = steps
        #: The directory, and which committee a record goes to.
        self.committees = Committees(store, knowledge.taxonomy, knowledge.divisions, knowledge.policy)
        #: What is shown of a record, and the document that is filed.
        self.sheets = Sheets(store, steps, knowledge.clocks, knowledge.rules, knowledge.safety, attachments, clock)
        #: Codes for another device, and how a filed record stands.
        self.returning = Returning(store, steps, knowledge.retention, clock)
        self.rights = Rights(store, steps, knowledge.retention, self.returning, clock)
        if attachments is not None:
            self.rights.also_forget.append(attachments)
        self._ear = ear = Ear(knowledge.divisions, meant)
        self._interview = Interview(steps, ear, self.committees.propose, knowledge.clocks, knowledge.rules)
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
            self.committees.directory,
            clock,
        )
        store.open_missing_cases()
        #: What staff keep at hand: saved views, canned replies.
        self.shelf = Shelf(store, clock)
        self.statistics = Statistics(store, knowledge.taxonomy, self.committees.directory, clock)
        self.export = Export(store)
        #: The papers of a case: forms, the list of contents, the whole file.
        self.papers = Casefile(store, self.cases, steps, attachments, clock)

    def go_by(self, clocks: Clocks, rules: RuleBook, safety: Safety) -> None:
        """Go by other rule cards from the next turn and act on. A turn under way ends with those that it began with; a
        draft holds facts and no law, so that nothing of a running talk is lost; what was filed stays as it was."""
        self._interview = replace(self._interview, clocks=clocks, rules=rules)
        self.sheets.go_by(clocks, rules, safety)
        self.cases.go_by(clocks, rules)

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
        self.sheets.show_safety(out)
        record = out.record
        if out.act == "delete":
            self.rights.delete(talk, out)
            return out
        if heard.choice is None and heard.faq is None and not (out.changed or out.wishes or out.act):
            # She is back and did not simply answer: one sentence on where we were, then the open question.
            alarmed = any("danger" in say.show for say in out.says)
            if out.ask == talk.draft.get("asked") and not alarmed:
                out.says = [*self.returning.back(talk, heard.at), *out.says]
        amended = self.rights.carry_out(talk, out, heard)
        consent = record.consent("privacy")
        if consent is None or not consent.given:
            self._without_consent(talk, out, heard)
            return out
        said = Message(0, "citizen", heard.at, record.turn, heard.text, client_id=client_id)
        filed = None
        if out.act == "file":
            filed = self.sheets.filed(talk, record, said)
            matter = self._knowledge.taxonomy.matter(filed["matter"]["type"], filed["matter"]["subtype"])
            out.says.append(Say("utter_filed", {"receipt": filed["receipt"]}, {"result": result(filed, matter)}))
            out = self._interview.filed(out, heard, filed["receipt"], filed["filed_at"])
            record = out.record
        self.sheets.show_cards(talk, out)
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
        self.sheets.show_safety(out)
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
        self.sheets.show_safety(out)
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

    def keep_replies(self, key: str, said: list[Message]) -> list[Message]:
        """Keep the desk's bubbles of a turn, numbered. Before consent there is nothing to keep."""
        talk = self._store.talk(key=key)
        if talk is None or not self.consented(talk):
            return said
        return self._store.add_messages(key, said)

    def history(self, talk: Talk, after: int = 0) -> list[Message]:
        """Bubbles of a conversation above number `after`."""
        return self._store.messages(talk, after)

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
        self._ear.story(specs, text, self._clock().date())
        self.committees.directory()

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

    # —— filing ——

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


def _counted(record: Record) -> dict[str, int]:
    """How often a wish's question went unanswered: a number, no word of hers."""
    return {"progress": record.misses["progress"]} if "progress" in record.misses else {}
