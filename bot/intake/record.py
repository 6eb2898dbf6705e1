"""The intake record from the first word to filing: what was said, what it was taken to mean, and in which turn.

Hides the shape that is stored and printed. The interview fills it, the desk stores it, the pages show it. A value is
never here without the words it came from (CONTRACT: nothing is invented); what was not said is absent or in `blanks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

#: Why a fact is blank: there is none, not known, not wanted to tell, told in words that could not be read, put off.
BLANKS = {
    "none": "没有",
    "unknown": "不清楚",
    "declined": "不想说",
    "unclear": "没听明白，原话留着",
    "skipped": "先空着",
}


@dataclass(slots=True)
class Fact:
    """One fact: JSON value (None when only words are known), how it is shown, the citizen's words and turn."""

    value: Any
    shown: str
    words: str
    turn: int
    source: str  # story | answer | choice | correction | carried (from the matter before)
    at: str  # ISO 8601 time
    approx: bool = False
    earlier: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Consent:
    """A consent asked and answered: PIPL 13–17 (privacy), 23 (handover), 28–31 (health)."""

    kind: str  # privacy | health | handover
    given: bool
    version: str
    at: str
    to: str | None = None


@dataclass(slots=True)
class Record:
    """A draft or filed intake. `asked` is the open step; `touched` the facts changed in the current turn."""

    story_entities: list[dict[str, Any]] = field(default_factory=list)  # spans found by the understanding
    status: str = "open"  # open | filed | elsewhere | left
    type: str | None = None
    subtype: str | None = None
    type_confidence: float | None = None
    type_alternatives: list[dict[str, Any]] = field(default_factory=list)
    type_by: str | None = None  # model | citizen
    facts: dict[str, Fact] = field(default_factory=dict)
    blanks: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)  # words of an answer that could not be read
    signs: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)  # contradictions, how she settled each (`doubts`)
    consents: list[Consent] = field(default_factory=list)
    asked: str | None = None
    asked_beside: list[str] = field(default_factory=list)  # facts named in the same breath as `asked`
    offered: list[str] = field(default_factory=list)  # facts once named beside another and not told: not asked alone
    editing: str | None = None  # a fact tapped on the card, open until answered
    leaving: bool = False
    errand: str | None = None  # the open question of a wish beside the interview (errands.py)
    errand_about: str | None = None  # what that wish is about: a receipt number, a kind of consent
    last_written: str | None = None
    reminded: str = ""  # the time limits as last told: said again only when they have changed
    confirmed_at: str | None = None
    safety_open: bool = False
    purpose_open: bool = False  # a bare question of law: does she want to register anything at all?
    misses: dict[str, int] = field(default_factory=dict)
    stalled: int = 0  # turns in a row that brought nothing forward
    last_said: list[str] = field(default_factory=list)  # replies of the last turn by name, and the open step
    candidates: list[str] = field(default_factory=list)  # division codes of an ambiguous place
    place_so_far: str = ""  # what was said of the place while it is not yet known to the county
    committee: dict[str, Any] | None = None
    routing: dict[str, Any] | None = None
    body_choice: str | None = None
    turn: int = 0
    others: list[dict[str, Any]] = field(default_factory=list)  # other matters told in this talk (`matters`)
    same: dict[str, dict[str, Any]] = field(default_factory=dict)  # facts of the matter before that may hold here too
    follows: str | None = None  # receipt of the matter filed before in this talk
    receipt: str | None = None
    filed_at: str | None = None
    model: str | None = None  # which one heard her last, and as which published release
    release: int | None = None

    def consent(self, kind: str) -> Consent | None:
        """The latest consent of this kind."""
        return next((c for c in reversed(self.consents) if c.kind == kind), None)

    def open_doubt(self) -> dict[str, Any] | None:
        """The contradiction that waits for her answer, or None."""
        return next((doubt for doubt in self.doubts if doubt["answer"] is None), None)

    def open_other(self) -> dict[str, Any] | None:
        """The other matter that waits for her word on what to do with it, or None."""
        return next((other for other in self.others if other["way"] is None), None)

    def said(self, fact: str) -> bool:
        """Whether the fact was answered, be it by a value or by an honest blank."""
        return fact in self.facts or fact in self.blanks

    def value(self, fact: str) -> Any:
        """The JSON value of a fact, or None."""
        found = self.facts.get(fact)
        return found.value if found else None

    def place_path(self) -> str:
        """Where the matter happened, as `浙江省/湖州市/南浔区`; empty while it is not known."""
        place = self.value("place")
        return str(place.get("path") or "") if isinstance(place, Mapping) else ""

    def write(self, key: str, fact: Fact) -> None:
        """Set a fact; a value that it replaces is kept in `earlier` (PEERS 5)."""
        old = self.facts.get(key)
        if old is not None:
            before = {k: v for k, v in asdict(old).items() if k != "earlier"}
            fact.earlier = [*old.earlier, before]
        self.facts[key] = fact
        self.blanks.pop(key, None)
        self.unread.pop(key, None)
        self.misses.pop(key, None)

    def leave_blank(self, key: str, why: str) -> None:
        """Mark a fact as asked and honestly blank. `why` is a key of BLANKS."""
        if key not in self.facts:
            self.blanks[key] = why

    def sign_kinds(self) -> set[str]:
        """Kinds of danger told so far."""
        return {sign["kind"] for sign in self.signs}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready copy; `from_dict` reads it back equal."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Record:
        """Read back what `to_dict` wrote."""
        known = {name: value for name, value in raw.items() if name in cls.__dataclass_fields__}
        known["facts"] = {key: Fact(**value) for key, value in raw.get("facts", {}).items()}
        known["others"] = [dict(value) for value in raw.get("others", [])]
        known["doubts"] = [dict(value) for value in raw.get("doubts", [])]
        known["consents"] = [Consent(**value) for value in raw.get("consents", [])]
        return cls(**known)
