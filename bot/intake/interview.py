"""One turn of the interview from end to end: danger, tap or words, routing, the next question.

The one door of the pure core. `Interview.hear` takes a record and what was heard and returns a new record with what
to say; it never raises on what a citizen typed and knows no wording: it names responses that `domain.yml` holds.
Called by the desk only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from bot.intake import doubts
from bot.intake.asides import both
from bot.intake.assisted import came_for_another, sort_out, speaks_for_another
from bot.intake.clocks import JOINT, Clocks
from bot.intake.commands import COMMANDS, command
from bot.intake.corrections import STRICT
from bot.intake.errands import WISHES, tapped_errand, wanted
from bot.intake.hearing import Ear
from bot.intake.odd import odd
from bot.intake.phrases import Value
from bot.intake.record import Record
from bot.intake.rules import RuleBook
from bot.intake.signs import Sign, believed_signs, unmeant_signs
from bot.intake.steps import Choice, Heard, Outcome, Say, Steps
from bot.intake.stuck import unstick
from bot.intake.sums import lift_areas, lift_heads
from bot.intake.taps import tapped
from bot.intake.turn import Turn
from bot.intake.words import UNHEARD, answered

#: Dangers that stop the questions until she says that she can go on (R24, R40).
STOPPING = frozenset({"self_harm", "violence", "death", "threat"})
#: A typed button with a few words more is still the button's answer.
SHORT = 20
#: Answers to odd talk.
ODD = {
    "foreign": "utter_odd_foreign",
    "gibberish": "utter_odd_gibberish",
    "orders": "utter_odd_orders",
    "advert": "utter_odd_advert",
}
#: Whom to ring up, before the number or before "will do".
RINGING_UP = re.compile(
    r"打(?:给|到)?[^，。,;；!！打]{0,10}?(?=[:： ]?\d{5}|就行|也行|都行|就可以|就好|的?手机|的?电话|的号)"
)
#: What is said first when several dangers are told at once.
FIRST = ("self_harm", "violence", "threat", "death", "minor", "utility_cut", "group")


@dataclass(slots=True)
class Interview:
    """The interview over one taxonomy. `propose` writes committee and reasons into a record (the desk routes)."""

    steps: Steps
    ear: Ear
    propose: Callable[[Record], None]
    clocks: Clocks = field(default_factory=Clocks)
    rules: RuleBook = field(default_factory=RuleBook)

    def open(self, record: Record) -> Outcome:
        """The first words of the desk, before the citizen has said anything."""
        out = Outcome(record=deepcopy(record))
        out.says.append(Say("utter_welcome"))
        return self._ask(out)

    def hear(self, before: Record, heard: Heard) -> Outcome:
        """Take one turn. Returns a new record in the outcome; `before` is left as it was."""
        out = Outcome(record=deepcopy(before))
        turn = Turn(self.steps, self.ear, self.propose, heard, out, self.clocks, self.rules)
        out.record.turn += 1
        if heard.model:
            out.record.model, out.record.release = heard.model, heard.release
        if out.record.status == "left":
            out.record.status = "open"  # she is back
        step = self.steps.next_step(out.record)
        self._danger(turn)
        choice = heard.choice or self._typed_button(out.record, step, heard.text)
        if choice is not None:
            if not tapped_errand(turn, choice):
                tapped(turn, choice)
        elif (kind := self._odd(turn, step)) is not None:
            turn.say(ODD[kind])
        elif not wanted(turn, step):
            if before.errand is not None and step == before.errand:
                step = turn.steps.next_step(out.record)  # her words were about something else: the wish rests
            both(turn, step, lambda: self._words(turn, step))
        if choice is None and out.record.status == "filed" and not (out.says or out.wishes or out.act):
            if self.steps.next_step(out.record) is None:
                turn.say("utter_after_filing")  # words after filing that changed nothing
        doubts.listen(turn, before)
        self._close(turn)
        unstick(before, out)
        return out

    def _odd(self, turn: Turn, step: str | None) -> str | None:
        """What kind of odd talk this is, or None. Danger is never odd, and people and firms may have Latin names."""
        record, text = turn.record, turn.heard.text
        if any(sign["turn"] == record.turn for sign in record.signs) or record.safety_open:
            return None
        kind = odd(text)
        named = step in self.steps.taxonomy.facts and turn.spec(step or "").kind in ("name", "party")
        return None if kind in ("gibberish", "foreign") and named and len(text) <= 40 else kind

    @staticmethod
    def _words(turn: Turn, step: str | None) -> None:
        """Words that are no wish: a command, a correction, the answer to the open question, an aside."""
        out = turn.out
        if command(turn, step):
            return
        alarmed = len(out.says)
        if not speaks_for_another(turn):
            answered(turn, step)
        came_for_another(turn)
        sort_out(turn, step)
        if alarmed and out.record.safety_open:
            # A cry that was no answer to the open question is not told so.
            out.says = [say for say in out.says if not say.response.removeprefix("utter_").startswith(UNHEARD)]

    def listen(self, before: Record, heard: Heard) -> Outcome:
        """A turn while a mediator has the floor: danger is told as ever, everything else is left to her."""
        out = Outcome(record=deepcopy(before))
        out.record.turn += 1
        self._danger(Turn(self.steps, self.ear, self.propose, heard, out))
        said = {say.response for say in out.says}
        for kind in sorted(
            {sign.kind for sign in believed_signs(heard.text, self._doubted(before, heard))} & STOPPING, key=FIRST.index
        ):
            if f"utter_danger_{kind}" not in said:  # told before, and told again: the numbers are shown again
                out.says.append(Say(f"utter_danger_{kind}", show={"danger": kind}))
        return out

    @staticmethod
    def is_own(record: Record, heard: Heard) -> bool:
        """Whether a turn is the desk's to answer whoever has the floor: leaving, and her rights (PIPL 44–47)."""
        rights = [pattern for name, pattern in WISHES.items() if name != "supplement"]
        own = [COMMANDS["quit"], COMMANDS["delete"], *rights]
        return record.leaving or record.errand is not None or any(p.fullmatch(heard.text.strip()) for p in own)

    def _typed_button(self, record: Record, step: str | None, text: str) -> Choice | None:
        """A button whose title was typed word by word is tapped."""
        return next((c for c in self.steps.choices(record, step) if c.title == text.strip()), None)

    def _close(self, turn: Turn) -> Outcome:
        """Route when enough is known, then ask what is next."""
        out, record = turn.out, turn.record
        if out.act == "delete" or (record.status in ("left", "filed") and self.steps.next_step(record) is None):
            record.asked = None
            out.choices = self.steps.choices(record, None)
            return out
        matter = self.steps.matter(record)
        if matter is not None and matter.another_door and record.status == "open" and not record.safety_open:
            record.status = "elsewhere"
            self.propose(record)
            doors = (record.routing or {}).get("doors", [])
            out.says.append(Say("utter_another_door", {"name": matter.short}, {"doors": doors}))
        self._sum(out)
        turn.follow()
        doubts.look(turn)
        step = self.steps.next_step(record)
        if step != record.asked:  # the talk moved on: nothing is wanting any more
            out.says = [say for say in out.says if say.response not in ("utter_noted", "utter_place_more")]
        if step == "card" and (decisive := turn.decisive()) is not None:
            record.editing = step = decisive
        if step in ("card", "handover_consent"):
            self.propose(record)
        self._remind(turn, step)
        if step is None and record.status == "open":
            out.act = "file"
            return out
        return self._ask(out)

    @staticmethod
    def _sum(out: Outcome) -> None:
        """The sums behind a lift, as soon as the last of their numbers is told."""
        record = out.record
        counted = any(key.startswith("households_") for key in out.changed)
        measured = any(key.startswith("area_") for key in out.changed)
        if record.subtype != "elevator":
            return
        if counted and (heads := lift_heads(record)) is not None:
            out.says.append(Say("utter_lift_sum", heads))
        if (counted or measured) and (areas := lift_areas(record)) is not None:
            out.says.append(Say("utter_lift_areas", areas))

    @staticmethod
    def _remind(turn: Turn, step: str | None) -> None:
        """Tell what ends when: before the handover is asked, or at once when it cannot wait so long."""
        record = turn.record
        if record.status != "open" or record.safety_open or step in ("leave", "privacy_consent"):
            return
        sentence = turn.limits(urgent=step not in ("handover_consent", None))
        if sentence and not set(sentence.split(JOINT)) <= set(record.reminded.split(JOINT)):
            record.reminded = sentence
            turn.say("utter_time_limits", limits=sentence)

    def _ask(self, out: Outcome) -> Outcome:
        out.ask = self.steps.next_step(out.record)
        out.record.asked = out.ask
        out.record.asked_beside = self.steps.beside(out.record, out.ask)
        if out.ask == "two_matters" and (other := out.record.open_other()) is not None:
            matter, named = self.steps.matter(out.record), self.steps.taxonomy.matters[other["key"]]
            assert matter is not None  # the step comes after the type
            out.says.append(Say("utter_two_matters", {"main": matter.short, "other": named.short}))
        if out.ask == "doubt" and (doubt := out.record.open_doubt()) is not None:
            out.says.append(Say(f"utter_doubt_{doubt['kind']}", dict(doubt["fill"])))
        out.choices = self.steps.choices(out.record, out.ask)
        return out

    def filed(self, out: Outcome, heard: Heard, receipt: str, at: str) -> Outcome:
        """After the desk has filed the record of `out`: the next matter begins if one waits, with all that is known.

        Returns an outcome with a new record; `act` stays `file`.
        """
        record = deepcopy(out.record)
        record.status, record.receipt, record.filed_at, record.asked = "filed", receipt, at, None
        after = Outcome(record=record, says=list(out.says), act=out.act, changed=list(out.changed))
        waiting = next((other for other in record.others if other["way"] == "apart"), None)
        if waiting is None:
            after.choices = self.steps.choices(record, None)
            return after
        turn = Turn(self.steps, self.ear, self.propose, heard, after, self.clocks)
        turn.another(waiting)
        doubts.listen(turn, record)
        after.act = None
        self._close(turn)
        after.act = "file"
        return after

    def _danger(self, turn: Turn) -> None:
        """Say the danger card once for each kind told, before anything else; stop the questions if life is at stake.

        The rules (first net) decide, unless the model finds what they read next to impossible and it is not said
        plainly; a sign that only the model sees (second net) is shown and noted for the mediator but writes no fact
        and raises no colour, and it stops the talk only where the model is all but certain: to a blow that no rule knows, the next question on the house would be a cold answer.
        """
        record, heard = turn.record, turn.heard
        if heard.choice is not None:
            return
        known = record.sign_kinds()
        said = self._without_calls(record, heard.text)
        read = believed_signs(said, self._doubted(record, heard))
        for sign in read:
            record.signs.append(
                {
                    "kind": sign.kind,
                    "words": sign.text,
                    "turn": record.turn,
                    "when": sign.when,
                    "who": sign.who,
                    "by": "rules",
                }
            )
        ruled = {sign.kind for sign in read}
        plain = self._plain_answer(record, heard.text)
        guessed = set() if plain or said != heard.text else set(heard.signs) - unmeant_signs(heard.text)
        asked = self.steps.taxonomy.facts.get(record.asked or "")
        if asked is not None and asked.kind == "yes_no":
            guessed.discard("death")  # "还没，就走了一半": to a yes or no the net would hear that somebody died
        for kind in guessed - ruled - known:
            record.signs.append(
                {
                    "kind": kind,
                    "words": heard.text[:120],
                    "turn": record.turn,
                    "when": "now",
                    "who": None,
                    "by": "model",
                }
            )
        new = set(record.sign_kinds() - known) | (ruled & {"self_harm"})
        for kind in sorted(new - set(heard.told), key=FIRST.index):
            turn.out.says.append(Say(f"utter_danger_{kind}", show={"danger": kind}))
        stopping = new & (ruled | (guessed & set(heard.sure))) & STOPPING
        if stopping == {"threat"} and "group" in new:
            stopping = set()  # "we shall block the gate": many and angry, nobody's life
        if record.status == "open" and stopping and record.consent("privacy"):
            record.safety_open = True
        if "utility_cut" in new & ruled and record.consent("privacy") and "utility_cut" not in record.facts:
            cut = next(sign for sign in record.signs if sign["kind"] == "utility_cut")
            turn.write("utility_cut", Value("yes", "是", cut["words"]), "story")
        if "violence" in new & ruled and "violence_now" not in record.facts:
            self._note_violence(turn, read)

    @staticmethod
    def _doubted(record: Record, heard: Heard) -> tuple[str, ...]:
        """Kinds of which a rule's find may be taken back: none any more once a danger was told."""
        return () if record.signs else heard.unlikely

    def _plain_answer(self, record: Record, text: str) -> bool:
        """Whether a place, a day, a sum or the children's ages were asked for, or a button's words were typed: there a
        guess of the model is no sign."""
        spec = self.steps.taxonomy.facts.get(record.asked or "")
        if spec is None or self._typed_button(record, record.asked, text) is not None:
            return spec is not None
        if len(text) <= SHORT and any(text.startswith(one.title) for one in self.steps.choices(record, record.asked)):
            return True  # "已经走了，上个月": she left the place, nobody died
        return spec.kind in STRICT or spec.key in ("children", "dependants")

    def _without_calls(self, record: Record, text: str) -> str:
        """The text without whom to ring up, blanked out: asked for a number, "打俺儿子138…" is no blow."""
        spec = self.steps.taxonomy.facts.get(record.asked or "")
        numbered = spec is not None and (
            spec.kind == "phone" or spec.key in ("safe_time", "safe_contact", "call_first")
        )
        return RINGING_UP.sub(lambda call: "，" * len(call.group()), text) if numbered else text

    def _note_violence(self, turn: Turn, read: Sequence[Sign]) -> None:
        """Violence that was told need not be asked about in a family matter."""
        told = next(sign for sign in turn.record.signs if sign["kind"] == "violence")
        blows = [sign.span for sign in read if sign.kind == "violence" and sign.when != "feared"]
        threats = [sign.span for sign in read if sign.kind == "threat"]
        if threats and not any(all(b[1] <= t[0] or t[1] <= b[0] for t in threats) for b in blows):
            return  # who would hurt whom is not clear from these words: it is asked
        value = "past" if told["when"] == "past" else "now"
        option = turn.spec("violence_now").option(value)
        if option is not None and turn.record.consent("privacy"):
            turn.write("violence_now", Value(value, option.label, told["words"]), "story")
