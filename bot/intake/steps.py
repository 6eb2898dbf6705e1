"""Which step of the interview is open, and the buttons that belong to it: pure functions of the record.

`Steps.next_step` decides (PEERS 3: the next question is one function of the record, so nothing is asked twice and a
question in the middle breaks nothing). Also the small types that a turn is made of. Called by the turn, the desk and
the pages; it knows no wording beyond button titles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.intake.divisions import Divisions
from bot.intake.phrases import Entity
from bot.intake.record import Record
from bot.intake.safety import at_risk
from bot.intake.taxonomy import FactSpec, Matter, Taxonomy

#: Characters of a told value on a button.
LONGEST_TITLE = 30
#: Facts about health, asked only with their own consent (PIPL 28–29).
HEALTH_FACTS = ("patient", "treated_on", "died_on", "records_copied", "appraisal")
#: So many facts are named beside the one that is asked; more nobody keeps in mind.
BESIDE = 3
#: So many told facts are offered to her who says that something is wrong.
MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, which step it answers, the value. The page sends step and value back."""

    title: str
    step: str
    value: str

    def to_dict(self) -> dict[str, str]:
        return {"title": self.title, "step": self.step, "value": self.value}


#: Below this probability the desk asks back with the best three: of 0.5–0.6 said, half were right, of 0.6–0.7 four fifths.
ASK_BACK = 0.6


@dataclass(frozen=True, slots=True)
class Guess:
    """One candidate of the understanding: type, sub-type, probability 0–1."""

    type: str
    subtype: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Half(Guess):
    """One part of a telling, judged alone, with its words."""

    words: str = ""

    @property
    def key(self) -> str:
        return f"{self.type}/{self.subtype}" if self.subtype else self.type


@dataclass(frozen=True, slots=True)
class Beside:
    """A question on mediation asked beside something told (`questions`): its words, which one, how sure; what was told,
    and the act of that part alone."""

    words: str
    faq: str
    confidence: float
    told: str
    act: str = ""
    act_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn as understood. `act` is the intent; `faq` the question on mediation; `types` best first.

    `halves`: ways to cut the telling into two matters, surest first (`tellings.cuts`); `idle` how likely the words are
    talk without any trouble, by their meaning alone: asked only of a first telling."""

    text: str
    at: datetime
    act: str = ""
    act_confidence: float = 0.0
    faq: str | None = None
    types: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    signs: tuple[str, ...] = ()
    told: tuple[str, ...] = ()  # dangers answered before consent: their cards are not shown again
    halves: tuple[tuple[Half, Half], ...] = ()
    beside: Beside | None = None
    choice: Choice | None = None
    model: str | None = None
    release: int | None = None  # as which that model was published; None: trained by hand
    idle: float = 0.0
    sure: tuple[str, ...] = ()  # of `signs`, those of which the model is all but certain
    unlikely: tuple[str, ...] = ()  # dangers that the model finds next to impossible: a rule's find is doubted


@dataclass(frozen=True, slots=True)
class Say:
    """A named response with what fills its braces, and what the page shows beside it."""

    response: str
    fill: Mapping[str, str] = field(default_factory=dict)
    show: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What she wants beside the interview, for the desk to carry out (errands.py names it, bot/rights.py does it)."""

    kind: str
    fill: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What a turn led to. `ask` is the next step; `choices` its buttons; `act` what the desk must do."""

    record: Record
    says: list[Say] = field(default_factory=list)
    ask: str | None = None
    choices: list[Choice] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    act: str | None = None  # file | delete | None
    wishes: list[Wish] = field(default_factory=list)
    repeated: bool = False  # the message had been heard before: nothing was done


def applies(record: Record, spec: FactSpec) -> bool:
    """Whether the conditions of a fact hold: `when` on another fact, `about` on the words of the story."""
    story = record.facts.get("story")
    if spec.about is not None and not (story and spec.about.search(story.value)):
        return False
    return spec.when is None or record.value(spec.when[0]) in spec.when[1]


@dataclass(frozen=True, slots=True)
class Steps:
    """The order of the interview over one taxonomy."""

    taxonomy: Taxonomy
    divisions: Divisions

    def matter(self, record: Record) -> Matter | None:
        """The matter that the record is about, once settled."""
        return self.taxonomy.matter(record.type, record.subtype) if record.type else None

    def questions(self, record: Record) -> list[str]:
        """The facts that this matter asks for, in order, conditions applied."""
        matter = self.matter(record)
        if matter is None:
            return []
        facts = [f for f in matter.facts if applies(record, self.taxonomy.facts[f])]
        health = record.consent("health")
        if health is not None and not health.given:
            facts = [f for f in facts if f not in HEALTH_FACTS]
        if facts and at_risk(record):
            facts += [f for f in self.taxonomy.at_risk if f not in facts]
        return facts

    def next_step(self, record: Record) -> str | None:
        """The open step: a consent, a fact, `dispute_type`, `two_matters`, `doubt`, `card`, `handover_consent`, or None when done."""
        if record.leaving:
            return "leave"
        if record.errand and not record.safety_open:
            return record.errand
        if record.status == "filed":
            return record.editing
        if record.status != "open":
            return "elsewhere" if record.status == "elsewhere" else None
        consent = record.consent("privacy")
        if consent is None or not consent.given:
            return "privacy_consent"
        if record.safety_open:
            return "safe_now"
        if "story" not in record.facts:
            return "story"
        if record.purpose_open:
            return "purpose"
        if record.type is None:
            return "dispute_type"
        if record.editing:
            return record.editing
        if record.open_other() is not None:
            return "two_matters"
        if record.open_doubt() is not None:
            return "doubt"
        for fact in self.questions(record):
            if fact == "health_consent":
                if record.consent("health") is None:
                    return fact
            elif not record.said(fact) and (self._alone(record, fact) or fact not in record.offered):
                return fact
        if record.confirmed_at is None:
            return "card"
        return "handover_consent" if record.consent("handover") is None else None

    def _alone(self, record: Record, fact: str) -> bool:
        """Whether a fact is asked alone although it was named beside another: it is needed, or her safety needs it."""
        return self.taxonomy.facts[fact].need or (fact in self.taxonomy.at_risk[:1] and at_risk(record))

    def beside(self, record: Record, step: str | None) -> list[str]:
        """The facts asked in the same breath as `step`: of its cluster, not told yet, and fitting what was told."""
        matter = self.matter(record)
        if matter is None or step is None or step not in self.taxonomy.facts or record.editing:
            return []
        closed = HEALTH_FACTS if (health := record.consent("health")) is not None and not health.given else ()
        asked = {fact for cluster in matter.clusters if step in cluster.asked for fact in cluster.asked}
        fitting = []
        mates = self.taxonomy.asked_with(matter, step)
        if at_risk(record) and ("phone" in (step, *mates) or step in self.taxonomy.at_risk):
            mates = tuple(dict.fromkeys((*mates, *(f for f in self.taxonomy.at_risk if f != step))))
        for fact in mates:
            spec = self.taxonomy.facts[fact]
            open_ = applies(record, spec) or (spec.when is not None and spec.when[0] == step)
            again = fact in asked and fact in record.offered
            if spec.brief and open_ and not record.said(fact) and not again and fact not in closed:
                fitting.append(fact)
        return fitting[:BESIDE]

    def breath(self, record: Record) -> str:
        """The words that name what is asked beside the open question; empty when it stands alone."""
        told = self.taxonomy.breath
        if not record.asked_beside or not told:
            return ""
        briefs = "、".join(self.taxonomy.facts[fact].brief for fact in record.asked_beside)
        return told[record.turn % len(told)].format(briefs)

    def progress(self, record: Record) -> tuple[int, int]:
        """Step n of m for the page: answered questions plus one, and all questions of the matter."""
        questions = self.questions(record)
        if not questions:
            return (1 if record.consent("privacy") else 0, 12)
        done = sum(
            record.said(f) or (f == "health_consent" and record.consent("health") is not None) for f in questions
        )
        extra = (record.confirmed_at is not None) + (record.consent("handover") is not None)
        left = [f for f in questions if not record.said(f) and f in record.offered and not self.taxonomy.facts[f].need]
        total = len(questions) - len(left) + 2
        return (min(done + extra + 1, total), total)

    def choices(self, record: Record, step: str | None) -> list[Choice]:
        """The buttons for a step."""
        if step is None:
            return _afterwards() if record.status == "filed" else []
        if step == "elsewhere":
            return [Choice("我说的不是这类事", "dispute_type", "ask"), Choice("说另一件事", "again", "yes")]
        if step == "dispute_type":
            return self._type_choices(record)
        fixed: dict[str, list[tuple[str, str]]] = {
            "privacy_consent": [("同意，开始说", "yes"), ("不同意", "no")],
            "safe_now": [("我现在安全，接着说", "yes"), ("先停一下", "no")],
            "health_consent": [("同意记录病情", "yes"), ("不同意", "no")],
            "card": [("都对，就这样", "ok"), ("有地方要改", "edit")],
            "purpose": [("请调解员帮忙，我要登记", "intake"), ("就想问问", "question")],
            "leave": [("留着，下次接着说", "keep"), ("全部删掉", "delete")],
            "story": [],
            "progress": [("不查了", "no")],
            "supplement": [("没有要补充的", "no")],
            "withdraw": [("确定撤回申请", "yes"), ("先不撤", "no")],
            "take_back_sure": [("确定撤回同意", "yes"), ("先不撤", "no")],
            "add_on": [("补进这件事", "yes"), ("是另一件事", "another"), ("不用记", "no")],
        }
        if step == "take_back":
            return _consents(record)
        if step == "which_fact":
            return self._told_facts(record)
        if step in fixed:
            return [Choice(title, step, value) for title, value in fixed[step]]
        if step == "two_matters" and (matter := self.matter(record)) is not None:
            named = [
                ("两件一起记", "together"),
                ("分开办，一件一件来", "apart"),
                (f"就办“{matter.short}”这一件", "only"),
            ]
            return [Choice(title, step, value) for title, value in named]
        if step == "doubt" and (doubt := record.open_doubt()) is not None:
            return [Choice(title, step, value) for title, value in doubt["choices"]]
        if step == "handover_consent":
            return self._handover_choices(record)
        spec, matter = self.taxonomy.facts.get(step), self.matter(record)
        if spec is None:
            return []
        if step == "place" and record.candidates:
            return [Choice("".join(self.divisions.names(code)), step, code) for code in record.candidates[:6]]
        buttons: list[Choice] = []
        if spec.kind == "yes_no":
            yes, no = spec.buttons or ("是 / 有", "不是 / 没有")
            buttons = [Choice(yes, step, "yes"), Choice(no, step, "no")]
        elif spec.kind == "choice":
            buttons = [Choice(option.label, step, option.value) for option in spec.options]
        if step == "people":
            buttons = [Choice("就我一个", step, "1")]
        if step == "applicant_name" and not record.said("on_behalf"):
            other = self.taxonomy.facts["on_behalf"].option("other")
            buttons += [Choice(other.label, "on_behalf", "other")] if other else []
        if matter is not None:
            buttons += [Choice(words, step, words) for words in matter.offers.get(step, ())]
        if step in record.same and not record.said(step):
            buttons.insert(0, Choice(f"还是{record.same[step]['shown'][:30]}", step, "same"))
        if not spec.need:
            buttons.append(Choice("不清楚" if spec.kind != "text" else "跳过", step, "unknown"))
            if step in ("applicant_details", "safe_time", "violence_now", "phone"):
                buttons[-1] = Choice("不想说", step, "declined")
        return buttons

    def _told_facts(self, record: Record) -> list[Choice]:
        """What she told, to be tapped when something of it is wrong: the latest first."""
        told = [key for key in reversed(record.facts) if key != "story" and record.facts[key].source != "carried"]
        latest = sorted(told, key=lambda key: -record.facts[key].turn)[:MOST_TOLD]
        named = [(f"{self.taxonomy.facts[key].label}：{_short(record.facts[key].shown)}", key) for key in latest]
        if record.type and record.status != "filed":
            named.append((f"纠纷类型：{self.taxonomy.matter(record.type, record.subtype).short}", "type"))
        return [Choice(title, "which_fact", key) for title, key in [*named, ("都没错，接着说", "none")]]

    def _type_choices(self, record: Record) -> list[Choice]:
        offered = [g["key"] for g in record.type_alternatives if g["confidence"] >= 0.05][:3]
        if record.misses.get("dispute_type", 0) >= 1 or not offered:
            offered = [t for t in self.taxonomy.types if t != "other"] + ["other"]
            return [Choice(self.taxonomy.matters[key].short, "dispute_type", key) for key in offered]
        buttons = [
            Choice(f"{self.taxonomy.matters[key].short}：{self.taxonomy.matters[key].plain}", "dispute_type", key)
            for key in offered
        ]
        return [*buttons, Choice("都不是", "dispute_type", "none")]

    @staticmethod
    def _handover_choices(record: Record) -> list[Choice]:
        buttons = []
        if record.committee:
            buttons.append(Choice("同意，交给它", "handover_consent", "yes"))
            others = (record.routing or {}).get("alternatives", [])
            buttons += [Choice(f"换成{b['name']}", "handover_consent", f"body:{b['id']}") for b in others[:2]]
        else:
            buttons.append(Choice("同意，请人工看一看", "handover_consent", "yes"))
        return [*buttons, Choice("先不交", "handover_consent", "no")]


def _afterwards() -> list[Choice]:
    return [
        Choice("说另一件事", "again", "yes"),
        Choice("查进度", "errand", "progress"),
        Choice("补充情况", "errand", "supplement"),
    ]


def _consents(record: Record) -> list[Choice]:
    """The consents that stand, each to be taken back alone."""
    named = {"privacy": "记录我说的话", "health": "记录病情", "handover": "交给调委会"}
    standing = [kind for kind in named if (consent := record.consent(kind)) is not None and consent.given]
    return [*(Choice(named[kind], "take_back", kind) for kind in standing), Choice("先不撤", "take_back", "no")]


def _short(shown: str) -> str:
    """A value on a button: whole where it fits, else cut where one sees that it goes on."""
    return shown if len(shown) <= LONGEST_TITLE else shown[: LONGEST_TITLE - 1] + "…"
