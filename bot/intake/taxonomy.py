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
class Likely:
    """What a value can be in life; outside, the desk asks once whether it heard right (`doubts`).

    `least` and `most` in the fact's own unit; `per` a fact that multiplies `most` (a sum per worker); `small_most` holds
    instead where one of the words `small` names the place of work.
    """

    least: float | None = None
    most: float | None = None
    per: str | None = None
    small: tuple[str, ...] = ()
    small_most: float | None = None


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
    brief: str = ""  # how the fact is named when it is asked in the same breath as another
    when: tuple[str, tuple[str, ...]] | None = None
    about: re.Pattern[str] | None = None
    acts: re.Pattern[str] | None = None  # what a longer clause must speak of before a word of an option counts
    names: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    left: re.Pattern[str] | None = None  # before `|`, where the value stands: what is still owed after part was paid
    unless: tuple[str, ...] = ()
    buttons: tuple[str, str] | None = None
    implies: tuple[tuple[str, str], ...] = ()
    suffixes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    pattern: re.Pattern[str] | None = None
    likely: Likely | None = None
    past: bool = False
    after: str | None = None
    within: str | None = None
    differs: tuple[str, ...] = ()
    born_after: str | None = None
    product: tuple[str, ...] = ()

    def option(self, value: str) -> Option | None:
        """The option stored as `value`, or None."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Facts asked in one breath. `asked` open the question in turn; `riding` are only named beside another."""

    asked: tuple[str, ...]
    riding: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return (*self.asked, *self.riding)


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
    clusters: tuple[Cluster, ...]
    heard: tuple[str, ...]
    also: Mapping[str, tuple[str, ...]]
    offers: Mapping[str, tuple[str, ...]]
    focus: bool
    another_door: bool
    likely: Mapping[str, Likely] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that is asked, in order."""
        return tuple(dict.fromkeys(fact for cluster in self.clusters for fact in cluster.asked))

    @property
    def riding(self) -> tuple[str, ...]:
        """Every fact that is only named beside another."""
        return tuple(dict.fromkeys(fact for cluster in self.clusters for fact in cluster.riding))

    @property
    def key(self) -> str:
        """`wages` or `wages/wage_arrears`: what buttons and records carry."""
        return f"{self.type}/{self.subtype}" if self.subtype else self.type


@dataclass(frozen=True, slots=True)
class Pair:
    """What a clerk does when two matters are told in one talk.

    `ask`: she is asked whether to keep them together or apart; else they are one matter (`main`, or the one that was
    understood). `shares`: facts that are the same in both (the employer of unpaid wages and of an injury at work).
    """

    both: tuple[str, str]
    ask: bool
    main: str | None = None
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All matters and facts. Build with `from_mapping`; look up with `matter`.

    `first`: matters that come before any other told with them (somebody is in danger). `carried`: facts about herself
    that hold in her next matter too; `again`: facts that may be the same there and are offered as a button.
    """

    version: str
    facts: Mapping[str, FactSpec]
    matters: Mapping[str, Matter]
    types: tuple[str, ...]
    subtypes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    breath: tuple[str, ...] = ()  # how the facts asked beside another are named, said in turn
    at_risk: tuple[str, ...] = ()  # facts asked last where somebody is in danger
    pairs: tuple[Pair, ...] = ()
    first: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    def pair(self, one: str, other: str) -> Pair:
        """What to do with two matters, by their keys: the pair of sub-types, of types, else two types are asked about."""
        types = (one.split("/")[0], other.split("/")[0])
        for first, second in ((one, other), (one, types[1]), (types[0], other), types):
            for pair in self.pairs:
                if pair.both in ((first, second), (second, first)):
                    return pair
        return Pair((one, other), ask=types[0] != types[1])

    def matter(self, type_: str, subtype: str | None = None) -> Matter:
        """The matter for a type and sub-type; an unknown sub-type falls back to its type.

        Raises KeyError for an unknown type.
        """
        return self.matters.get(f"{type_}/{subtype}") or self.matters[type_]

    def asked_with(self, matter: Matter, fact: str) -> tuple[str, ...]:
        """Facts heard in the same answer as `fact` for this matter: its cluster, then those that are never asked."""
        mates = (mate for cluster in matter.clusters if fact in cluster.asked for mate in cluster.facts if mate != fact)
        return tuple(dict.fromkeys((*mates, *self.facts[fact].also, *matter.also.get(fact, ()))))

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Taxonomy:
        """Check and freeze the mapping read from YAML. Raises TaxonomyError with the place that is wrong."""
        facts = {key: _fact(key, value) for key, value in raw["facts"].items()}
        closing = tuple(raw.get("closing", ()))
        heard = tuple(raw.get("heard", ()))
        at_risk = tuple(raw.get("at_risk", ()))
        _known(at_risk, facts, "at_risk")
        matters: dict[str, Matter] = {}
        for type_, spec in raw["types"].items():
            matters[type_] = _matter(type_, None, spec, spec, closing, heard)
            for subtype, extra in (spec.get("subtypes") or {}).items():
                both = {name: {**(spec.get(name) or {}), **(extra.get(name) or {})} for name in ("also", "offers")}
                merged = {**spec, **extra, **both, "short": extra.get("name", spec["short"])}
                matters[f"{type_}/{subtype}"] = _matter(type_, subtype, merged, extra, closing, heard)
        for matter in matters.values():
            beside = [fact for facts in matter.also.values() for fact in facts]
            named = [
                *matter.facts,
                *matter.riding,
                *matter.heard,
                *matter.also,
                *beside,
                *matter.offers,
                *matter.likely,
            ]
            _known(named, facts, f"types.{matter.key}")
        for fact in facts.values():
            held = [fact.when[0] if fact.when else None, fact.after, fact.within, fact.born_after]
            _known([*fact.also, *fact.differs, *fact.product, *filter(None, held)], facts, f"facts.{fact.key}")
        _known([*raw.get("carried", ()), *raw.get("again", ())], facts, "carried、again")
        return cls(
            version=str(raw["version"]),
            facts=facts,
            matters=matters,
            types=tuple(raw["types"]),
            subtypes={t: tuple(s.get("subtypes") or {}) for t, s in raw["types"].items()},
            breath=tuple(raw.get("breath", ())),
            at_risk=at_risk,
            pairs=tuple(_pair(pair, matters, facts) for pair in raw.get("pairs", ())),
            first=tuple(raw.get("first", ())),
            carried=tuple(raw.get("carried", ())),
            again=tuple(raw.get("again", ())),
        )


def _known(named: Iterable[str], facts: Mapping[str, FactSpec], where: str) -> None:
    for name in named:
        if name not in facts:
            raise TaxonomyError(f"taxonomy.yml：{where} 用到了没有定义的事实“{name}”")


def _pair(raw: Mapping[str, Any], matters: Mapping[str, Matter], facts: Mapping[str, FactSpec]) -> Pair:
    both, main = tuple(raw["both"]), raw.get("main")
    for key in (*both, *((main,) if main else ())):
        if key not in matters:
            raise TaxonomyError(f"taxonomy.yml：pairs 用到了没有的类型“{key}”")
    _known(raw.get("shares", ()), facts, f"pairs {both}")
    return Pair((both[0], both[1]), bool(raw.get("ask", False)), main, tuple(raw.get("shares", ())))


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
        about = re.compile(raw["about"]) if raw.get("about") else None
        acts = re.compile(raw["acts"]) if raw.get("acts") else None
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
        brief=raw.get("brief", ""),
        when=_condition(*condition) if condition else None,
        about=about,
        acts=acts,
        names=tuple(raw.get("names", ())),
        cues=tuple(raw.get("cues", ())),
        whole=tuple(raw.get("whole", ())),
        left=re.compile(raw["left"]) if raw.get("left") else None,
        buttons=(str(raw["buttons"][0]), str(raw["buttons"][1])) if raw.get("buttons") else None,
        unless=tuple(map(str, raw.get("unless", ()))),
        implies=tuple((k, str(v)) for k, v in (raw.get("implies") or {}).items()),
        suffixes=tuple(raw.get("suffixes", ())),
        words=tuple(map(str, raw.get("words", ()))),
        yes=tuple(raw.get("yes", ())),
        no=tuple(raw.get("no", ())),
        options=options,
        pattern=pattern,
        likely=_likely(raw["likely"], f"facts.{key}") if raw.get("likely") else None,
        past=bool(raw.get("past", False)),
        after=raw.get("after"),
        within=raw.get("within"),
        differs=tuple(raw.get("differs", ())),
        born_after=raw.get("born_after"),
        product=tuple(raw.get("product", ())),
    )


def _condition(fact: str, values: Any) -> tuple[str, tuple[str, ...]]:
    return fact, tuple(map(str, values if isinstance(values, list) else [values]))


def _clusters(raw: Iterable[Any], skipped: set[str]) -> list[Cluster]:
    """`[place, [amount, +since]]`: a list is asked in one breath; what has a plus is only named beside the rest."""
    clusters = []
    for item in raw:
        named = [str(fact) for fact in (item if isinstance(item, list) else [item])]
        asked = tuple(fact for fact in named if not fact.startswith("+") and fact not in skipped)
        riding = tuple(fact[1:] for fact in named if fact.startswith("+") and fact[1:] not in skipped)
        if asked:
            clusters.append(Cluster(asked, riding))
    return clusters


def _likely(raw: Mapping[str, Any], where: str) -> Likely:
    unknown = set(raw) - {"least", "most", "per", "small", "small_most"}
    if unknown:
        raise TaxonomyError(f"taxonomy.yml：{where} 的 likely 里有不认识的“{'、'.join(sorted(unknown))}”")
    return Likely(raw.get("least"), raw.get("most"), raw.get("per"), tuple(raw.get("small", ())), raw.get("small_most"))


def _matter(
    type_: str,
    subtype: str | None,
    spec: Mapping[str, Any],
    own: Mapping[str, Any],
    closing: tuple[Any, ...],
    heard: tuple[str, ...],
) -> Matter:
    skipped = set(own.get("skip", ()))
    another_door = bool(spec.get("another_door", False))
    for needed in ("name", "short", "plain", *(() if another_door else ("facts",))):
        if not spec.get(needed):
            raise TaxonomyError(f"taxonomy.yml：types.{type_}{f'/{subtype}' if subtype else ''} 缺少 {needed}")
    own_clusters = [] if another_door else _clusters(["story", *spec["facts"]], skipped)
    said = {fact for cluster in own_clusters for fact in cluster.asked}
    clusters = own_clusters + ([] if another_door else _clusters(closing, skipped | said))
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
        clusters=tuple(clusters),
        heard=tuple(dict.fromkeys((*heard, *spec.get("heard", ())))),
        also={key: tuple(value) for key, value in (spec.get("also") or {}).items()},
        offers={key: tuple(map(str, value)) for key, value in (spec.get("offers") or {}).items()},
        focus=bool(spec.get("focus", False)),
        another_door=another_door,
        likely={key: _likely(value, f"types.{type_}") for key, value in (spec.get("likely") or {}).items()},
    )
