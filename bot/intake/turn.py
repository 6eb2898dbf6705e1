"""What one turn may do to the record: write a fact, leave it blank, settle the type, begin again.

Hides the bookkeeping that every change needs (old values kept, confirmation withdrawn, words and turn noted), so
that taps and words cannot forget it. Used by `taps`, `words` and `interview`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.intake.clocks import Clocks
from bot.intake.hearing import Ear
from bot.intake.phrases import Entity, Value
from bot.intake.reading.plain import plain
from bot.intake.record import Consent, Fact, Record
from bot.intake.rules import RuleBook
from bot.intake.steps import HEALTH_FACTS, Heard, Outcome, Say, Steps, Wish
from bot.intake.taxonomy import FactSpec, Matter

#: The privacy notice's version, stored with each consent (PIPL 17).
PRIVACY_VERSION = "2026-11-23.2"
#: Facts that only a direct answer fills: their words in a story mean too many things.
ANSWER_ONLY = frozenset({"story", "applicant_details", "safe_time", "helper_authority", "health_consent"})


def as_written(words: str, text: str, meant: Callable[[str], str]) -> str:
    """The citizen's own characters for words that were read from the copy of the same length that `meant` makes."""
    if words in text:
        return words
    if "\n" in words:  # clauses that do not stand side by side
        return "\n".join(as_written(line, text, meant) for line in words.split("\n"))
    at = max(meant(text).find(words), plain(text).find(words))
    return text[at : at + len(words)] if at >= 0 and words else words


@dataclass(slots=True)
class Turn:
    """One turn under way: what was heard, and the outcome that grows."""

    steps: Steps
    ear: Ear
    propose: Callable[[Record], None]
    heard: Heard
    out: Outcome
    clocks: Clocks = field(default_factory=Clocks)
    rules: RuleBook = field(default_factory=RuleBook)

    @property
    def record(self) -> Record:
        return self.out.record

    @property
    def at(self) -> str:
        """The turn's time as ISO 8601, to the second."""
        return self.heard.at.isoformat(timespec="seconds")

    def spec(self, key: str) -> FactSpec:
        return self.steps.taxonomy.facts[key]

    def say(self, response: str, **fill: str) -> None:
        self.out.says.append(Say(response, fill))

    def wish(self, kind: str, **fill: str) -> None:
        self.out.wishes.append(Wish(kind, fill))

    def consent(self, kind: str, given: bool, to: str | None = None) -> None:
        self.record.consents.append(Consent(kind, given, PRIVACY_VERSION, self.at, to))

    def write(self, key: str, value: Value, source: str) -> None:
        """Write a fact. Overwriting keeps the old value, says the new one, and asks for the card again."""
        record = self.record
        old = record.facts.get(key)
        if old is not None and old.value == value.value and old.shown == value.shown:
            record.editing = None
            return
        if old is not None and source in ("answer", "choice"):
            source = "correction"
        words = as_written(value.words, self.heard.text, self.ear.meant)
        record.write(key, Fact(value.value, value.shown, words, record.turn, source, self.at, value.approx))
        self.out.changed.append(key)
        record.last_written = key
        record.editing = None
        if key == "place":
            record.candidates, record.place_so_far = [], ""
        if key == "is_expropriation" and value.value == "yes":
            record.type, record.subtype = "expropriation", None
        if record.status == "filed":
            # What lies with the committee is not overwritten: the change goes there as an amendment.
            now = {name: part for name, part in asdict(record.facts[key]).items() if name != "earlier"}
            before = record.facts[key].earlier[-1] if old is not None else None
            self.out.wishes.append(Wish("amend", {"fact": key, "old": before, "new": now}))
        elif old is not None:
            self.unconfirm()
            self.say("utter_changed", label=self.spec(key).label, shown=value.shown)

    def follow(self) -> None:
        """What follows from what was told need not be asked: the facts implied, and what was named and passed over."""
        record = self.record
        for key in list(record.facts):
            for implied, said in self.spec(key).implies:
                if not record.said(implied):
                    fact = record.facts[key]
                    self.write(implied, Value(said, self._shown(implied, said), fact.words), fact.source)
        if record.asked is not None and record.said(record.asked):
            record.offered += [fact for fact in record.asked_beside if not record.said(fact)]

    def _shown(self, key: str, said: str) -> str:
        option = self.spec(key).option(said)
        return option.label if option else "是" if said == "yes" else "否"

    def unconfirm(self) -> None:
        """A change after the read-back makes card and handover consent void: she agreed to something else."""
        if self.record.status == "filed":
            return
        self.record.confirmed_at = None
        self.record.consents = [c for c in self.record.consents if c.kind != "handover"]

    def blank(self, key: str, why: str) -> None:
        """Leave a fact honestly blank; a needed one is asked for again, twice, with the reason."""
        record, spec = self.record, self.spec(key)
        if record.status == "filed":  # what was filed stays as it is
            record.editing = None
            self.say("utter_errand_dropped")
            return
        spared = key == "phone" and "helper_phone" in record.facts  # there is a number to call
        if spec.need and not spared and record.misses.get(key, 0) < (1 if why == "declined" else 2):
            record.misses[key] = record.misses.get(key, 0) + 1
            self.say("utter_needed", label=spec.label, why=spec.why)
            return
        if record.editing == key:
            record.facts.pop(key, None)
        record.leave_blank(key, why)
        record.editing = None

    def settle(self, key: str, by: str) -> None:
        """Settle the matter (`wages/wage_arrears`) and fill its facts from the story."""
        record, matter = self.record, self.steps.taxonomy.matters[key]
        record.type, record.subtype, record.type_by = matter.type, matter.subtype, by
        if record.status == "elsewhere":
            record.status = "open"
        self.unconfirm()
        if not matter.another_door:
            self.rehear(matter)
            self.say("utter_understood", name=matter.short)

    def rehear(self, matter: Matter) -> None:
        """Once the type is known, the story fills that type's facts: nothing is asked that was said."""
        story = self.record.facts.get("story")
        if story is None:
            return
        entities = tuple(Entity(**entity) for entity in self.record.story_entities)
        told = datetime.fromisoformat(story.at).date()
        about_her = {*self.steps.taxonomy.carried, *self.steps.taxonomy.again}
        specs, own = self.listened(matter), self._own_part(story.value)
        found = self.ear.story([s for s in specs if s.key not in about_her], own, told, entities)
        found |= self.ear.story([s for s in specs if s.key in about_her], story.value, told, entities)
        self._for_somebody_else(found)
        for key, value in found.items():
            if not self.record.said(key):
                words = as_written(value.words, story.value, self.ear.meant)
                fact = Fact(value.value, value.shown, words, story.turn, "story", story.at, value.approx)
                self.record.write(key, fact)
                self.out.changed.append(key)
                for implied, said in self.spec(key).implies:
                    if not self.record.said(implied):
                        shown = self._shown(implied, said)
                        self.record.write(implied, Fact(said, shown, words, story.turn, "story", story.at))
                if key == "is_expropriation" and value.value == "yes":
                    # Only an answer to the question sends a land matter away; in a story it may be said in passing.
                    self.record.facts.pop(key)

    def reread(self) -> None:
        """Read the story anew for the matter as it stands: another matter was told apart from it, or proved to be none."""
        record, matter = self.record, self.steps.matter(self.record)
        story = record.facts.get("story")
        if matter is None or story is None:
            return
        own = plain(self._own_part(story.value))
        for key, fact in list(record.facts.items()):
            if fact.source == "story" and fact.turn == story.turn and plain(fact.words) not in own and key != "story":
                record.facts.pop(key)
        self.rehear(matter)

    def _own_part(self, story: str) -> str:
        """The story with what was told of other matters blanked out, of the same length: their sums are not this one's."""
        for other in self.record.others:
            if other["way"] != "only" and other["words"]:
                story = story.replace(other["words"], "。" * len(other["words"]))
        return story

    def _for_somebody_else(self, found: dict[str, Value]) -> None:
        """A next matter that is another person's: what was carried over is not hers."""
        record, told = self.record, found.get("on_behalf")
        known = record.facts.get("on_behalf")
        if told is not None and known is not None and known.source == "carried" and known.value != told.value:
            for key in [key for key, fact in record.facts.items() if fact.source == "carried"]:
                record.facts.pop(key)

    def another(self, waiting: dict[str, Any] | None = None) -> None:
        """Begin the next matter of the talk with what is known of her already; `waiting` is one told before."""
        old, taxonomy = self.record, self.steps.taxonomy
        keys = taxonomy.carried
        record = Record(
            consents=[consent for consent in old.consents if consent.kind == "privacy"],
            turn=old.turn,
            model=old.model,
            release=old.release,
            follows=old.receipt or old.follows,
            last_said=old.last_said,
            others=[other for other in old.others if other is not waiting and other["way"] == "apart"],
            facts={k: replace(old.facts[k], source="carried", earlier=[]) for k in keys if k in old.facts},
            blanks={k: old.blanks[k] for k in keys if k in old.blanks},
            same={k: asdict(old.facts[k]) for k in taxonomy.again if k in old.facts},
        )
        self.out.record = record
        if waiting is None or not waiting["words"]:
            self.say("utter_next_story")
            return
        words, told = waiting["words"], waiting["turn"]
        record.signs = [sign for sign in old.signs if sign["words"] in words]
        record.facts["story"] = Fact(words, words, words, told, "story", waiting["at"])
        if waiting["key"] is None:
            self.say("utter_next_story")
            return
        before = self.steps.matter(old)
        self.say("utter_next_matter", name=taxonomy.matters[waiting["key"]].short)
        self.settle(waiting["key"], "citizen")
        shares = taxonomy.pair(before.key, waiting["key"]).shares if before is not None else ()
        for key in shares:
            if key in old.facts and not record.said(key):
                record.facts[key] = replace(old.facts[key], source="carried", earlier=[])

    def listened(self, matter: Matter) -> list[FactSpec]:
        """Facts of the matter that free text may fill: asked ones and those only heard, minus what lacks consent."""
        together = (f for fact in matter.facts for f in self.steps.taxonomy.asked_with(matter, fact))
        sides = [self.steps.taxonomy.matters[o["key"]] for o in self.record.others if o["way"] == "together"]
        keys = dict.fromkeys((*matter.facts, *matter.heard, *together, *(key for side in sides for key in side.facts)))
        health = self.record.consent("health")
        medical = "medical" in (matter.type, *(side.type for side in sides))
        closed = HEALTH_FACTS if medical and not (health and health.given) else ()
        return [self.spec(key) for key in keys if key not in ANSWER_ONLY and key not in closed]

    def decisive(self) -> str | None:
        """The fact without which a time limit that seems over cannot be judged, or None."""
        matter = self.steps.matter(self.record)
        if matter is None:
            return None
        return self.clocks.decisive(self.record, self.clocks.of(self.record, matter, self.heard.at.date()))

    def limits(self, urgent: bool = False) -> str:
        """The time limits of her own matter in one sentence, by the facts told so far; empty when none is known."""
        matter = self.steps.matter(self.record)
        if matter is None:
            return ""
        today = self.heard.at.date()
        sides = (self.steps.taxonomy.matters[o["key"]] for o in self.record.others if o["way"] == "together")
        return self.clocks.sentence(self.clocks.of_all(self.record, (matter, *sides), today), today, urgent)

    def stands(self, response: str) -> bool:
        """Whether the rule cards under an answer are in force today and hold where she is."""
        return self.rules.stands(response, self.heard.at.date(), self.record.place_path())

    def restart(self) -> None:
        """Begin again: the privacy consent stays, everything told of this matter is dropped from the draft."""
        old = self.record
        self.out.record = Record(
            consents=[consent for consent in old.consents if consent.kind == "privacy"],
            turn=old.turn,
            model=old.model,
            release=old.release,
            follows=old.follows,
            last_said=old.last_said,
            same=old.same,
            facts={key: fact for key, fact in old.facts.items() if fact.source == "carried"},
        )
        self.say("utter_restarted")
