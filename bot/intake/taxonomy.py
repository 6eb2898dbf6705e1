"""Dispute types and the facts each one asks for, as data.

Hides how the taxonomy file is laid out: inheritance of a sub-type from its type, extra facts heard in one answer,
conditions. Called by the interview, the record, the desk and the agreement tests. The file itself is
`bot/knowledge/taxonomy.yml`; `bot.knowledge.load()` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = frozenset(
    ["text", "place", "period", "money", "people", "count", "area", "phone", "name", "party", "yes_no", "choice"]
)


class TaxonomyError(ValueError):
    """The taxonomy data contradict themselves; the message names the place, for the clerk who edited it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a `choice` fact: stored value, words on the button, words that mean it when asked, and in a story."""

    value: str
    label: str
    words: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactSpec:
    """What one fact is and how it is heard. `key` is also the slot, the record field and `utter_ask_<key>`."""

    key: str
    kind: str
    label: str
    why: str
    unit: str = ""
    need: bool = False
    also: tuple[str, ...] = ()
    when: tuple[str, str] | None = None
    names: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    buttons: tuple[str, str] | None = None
    implies: tuple[tuple[str, str], ...] = ()
    suffixes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    pattern: re.Pattern[str] | None = None

    def option(self, value: str) -> Option | None:
        """The option stored as `value`, or None."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Matter:
    """A type, or a sub-type laid over its type: everything the interview and the result card need."""

    type: str
    subtype: str | None
    name: str
    short: str
    plain: str
    code: str | None
    committees: tuple[str, ...]
    rules: tuple[str, ...]
    bring: tuple[str, ...]
    facts: tuple[str, ...]
    heard: tuple[str, ...]
    also: Mapping[str, tuple[str, ...]]
    focus: bool
    another_door: bool

    @property
    def key(self) -> str:
        """`wages` or `wages/wage_arrears`: what buttons and records carry."""
        return f"{self.type}/{self.subtype}" if self.subtype else self.type


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All matters and facts. Build with `from_mapping`; look up with `matter`."""

    version: str
    facts: Mapping[str, FactSpec]
    matters: Mapping[str, Matter]
    types: tuple[str, ...]
    subtypes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def matter(self, type_: str, subtype: str | None = None) -> Matter:
        """The matter for a type and sub-type; an unknown sub-type falls back to its type.

        Raises KeyError for an unknown type.
        """
        return self.matters.get(f"{type_}/{subtype}") or self.matters[type_]

    def asked_with(self, matter: Matter, fact: str) -> tuple[str, ...]:
        """Facts heard in the same answer as `fact` for this matter."""
        return tuple(dict.fromkeys((*self.facts[fact].also, *matter.also.get(fact, ()))))

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Taxonomy:
        """Check and freeze the mapping read from YAML. Raises TaxonomyError with the place that is wrong."""
        facts = {key: _fact(key, value) for key, value in raw["facts"].items()}
        closing = tuple(raw.get("closing", ()))
        heard = tuple(raw.get("heard", ()))
        matters: dict[str, Matter] = {}
        for type_, spec in raw["types"].items():
            matters[type_] = _matter(type_, None, spec, spec, closing, heard)
            for subtype, extra in (spec.get("subtypes") or {}).items():
                merged = {**spec, **extra, "short": extra.get("name", spec["short"])}
                matters[f"{type_}/{subtype}"] = _matter(type_, subtype, merged, extra, closing, heard)
        for matter in matters.values():
            named = [*matter.facts, *matter.heard, *matter.also, *(f for fs in matter.also.values() for f in fs)]
            _known(named, facts, f"types.{matter.key}")
        for fact in facts.values():
            _known([*fact.also, *([fact.when[0]] if fact.when else [])], facts, f"facts.{fact.key}")
        return cls(
            version=str(raw["version"]),
            facts=facts,
            matters=matters,
            types=tuple(raw["types"]),
            subtypes={t: tuple(s.get("subtypes") or {}) for t, s in raw["types"].items()},
        )


def _known(named: Iterable[str], facts: Mapping[str, FactSpec], where: str) -> None:
    for name in named:
        if name not in facts:
            raise TaxonomyError(f"taxonomy.yml：{where} 用到了没有定义的事实“{name}”")


def _fact(key: str, raw: Mapping[str, Any]) -> FactSpec:
    if raw.get("kind") not in KINDS:
        raise TaxonomyError(
            f"taxonomy.yml：facts.{key} 的 kind“{raw.get('kind')}”不认识，可以用：{'、'.join(sorted(KINDS))}"
        )
    for needed in ("label", "why"):
        if not raw.get(needed):
            raise TaxonomyError(f"taxonomy.yml：facts.{key} 缺少 {needed}")
    options = tuple(
        Option(
            value=str(value),
            label=option["label"],
            words=tuple(map(str, option["words"])),
            told=tuple(map(str, option.get("told", option["words"]))),
        )
        for value, option in (raw.get("options") or {}).items()
    )
    if raw["kind"] == "choice" and not options:
        raise TaxonomyError(f"taxonomy.yml：facts.{key} 是 choice，要写 options")
    try:
        pattern = re.compile(raw["pattern"]) if raw.get("pattern") else None
    except re.error as error:
        raise TaxonomyError(f"taxonomy.yml：facts.{key} 的 pattern 写错了：{error}") from error
    condition = next(iter((raw.get("when") or {}).items()), None)
    return FactSpec(
        key=key,
        kind=raw["kind"],
        label=raw["label"],
        why=raw["why"],
        unit=raw.get("unit", ""),
        need=bool(raw.get("need", False)),
        also=tuple(raw.get("also", ())),
        when=(condition[0], str(condition[1])) if condition else None,
        names=tuple(raw.get("names", ())),
        cues=tuple(raw.get("cues", ())),
        buttons=(str(raw["buttons"][0]), str(raw["buttons"][1])) if raw.get("buttons") else None,
        unless=tuple(map(str, raw.get("unless", ()))),
        implies=tuple((k, str(v)) for k, v in (raw.get("implies") or {}).items()),
        suffixes=tuple(raw.get("suffixes", ())),
        words=tuple(map(str, raw.get("words", ()))),
        yes=tuple(raw.get("yes", ())),
        no=tuple(raw.get("no", ())),
        options=options,
        pattern=pattern,
    )


def _matter(
    type_: str,
    subtype: str | None,
    spec: Mapping[str, Any],
    own: Mapping[str, Any],
    closing: tuple[str, ...],
    heard: tuple[str, ...],
) -> Matter:
    skipped = set(own.get("skip", ()))
    another_door = bool(spec.get("another_door", False))
    for needed in ("name", "short", "plain", *(() if another_door else ("facts",))):
        if not spec.get(needed):
            raise TaxonomyError(f"taxonomy.yml：types.{type_}{f'/{subtype}' if subtype else ''} 缺少 {needed}")
    facts = () if another_door else ("story", *(f for f in spec["facts"] if f not in skipped), *closing)
    return Matter(
        type=type_,
        subtype=subtype,
        name=spec["name"],
        short=spec["short"],
        plain=spec["plain"],
        code=spec.get("code"),
        committees=tuple(spec.get("committees", ())),
        rules=tuple(spec.get("rules", ())),
        bring=tuple(spec.get("bring", ())),
        facts=facts,
        heard=tuple(dict.fromkeys((*heard, *spec.get("heard", ())))),
        also={key: tuple(value) for key, value in (own.get("also") or {}).items()},
        focus=bool(spec.get("focus", False)),
        another_door=another_door,
    )
