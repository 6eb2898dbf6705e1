"""Which mediation committee a case goes to, and which other doors are open.

Called by the desk and by `python -m bot route`. Hides the seven rules of routing; the type lists, floors and every
sentence a citizen reads are in `bot/knowledge/routing.yml`, handed in as a `RoutingPolicy`. `route` is total: every
case gets a Route.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.intake.directory import Body, Directory, contains
from bot.intake.divisions import RANKS, Area, Divisions
from bot.intake.places import Place, read_places

REASONS = frozenset(
    [
        "nearest",
        "specialist",
        "floor_people",
        "floor_amount",
        "floor_colour",
        "home_first",
        "home_only",
        "ask_unknown",
        "ask_ambiguous",
        "nothing",
        "too_low",
        "no_committee",
        "safety",
    ]
)


@dataclass(frozen=True, slots=True)
class Case:
    """What routing needs to know. `place` and `home_place` are said freely or a slash path; `amount` in yuan."""

    type: str
    subtype: str = ""
    place: str = ""
    home_place: str = ""
    people: float | None = None
    amount: float | None = None
    colour: str = ""
    signs: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, fields: Mapping[str, Any]) -> Case:
        """From a JSON object; missing, null and wrongly typed fields count as not said."""
        signs = fields.get("signs")
        return cls(
            type=_word(fields.get("type")),
            subtype=_word(fields.get("subtype")),
            place=_word(fields.get("place")),
            home_place=_word(fields.get("home_place")),
            people=_number(fields.get("people")),
            amount=_number(fields.get("amount")),
            colour=_word(fields.get("colour")).lower(),
            signs=tuple(_word(sign) for sign in signs) if isinstance(signs, list | tuple) else (),
        )


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes. `primary` and `alternatives` are body ids, best first; `doors` and `reasons` are for reading."""

    primary: str | None
    alternatives: tuple[str, ...]
    ask: Literal["place"] | None
    doors: tuple[str, ...]
    reasons: tuple[str, ...]
    safety_first: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """From these sizes on, the primary must be of this level or higher."""

    level: str
    people: float
    amount: float
    colours: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """The lists and wordings of `routing.yml`."""

    specialists_first: frozenset[str]
    no_committee: frozenset[str]
    type_of_subtype: Mapping[str, str]
    floors: tuple[Floor, ...]
    danger_subtypes: frozenset[str]
    danger_type: str
    danger_sign: str
    danger_doors: tuple[str, ...]
    sign_doors: Mapping[str, tuple[str, ...]]
    doors: Mapping[str, tuple[str, ...]]
    legal_aid: str
    legal_aid_not_for: frozenset[str]
    reasons: Mapping[str, str]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> RoutingPolicy:
        """Build from the parsed YAML. Raises KeyError for a missing part, ValueError for a wrong one."""
        floors = tuple(
            Floor(
                level=row["level"],
                people=float(row.get("people", math.inf)),
                amount=float(row.get("amount", math.inf)),
                colours=frozenset(row.get("colours", ())),
            )
            for row in data["floors"]
        )
        for floor in floors:
            if floor.level not in RANKS:
                raise ValueError(f"routing.yml: unknown level {floor.level!r}")
        reasons = {str(key): str(text) for key, text in data["reasons"].items()}
        if missing := REASONS - reasons.keys():
            raise ValueError(f"routing.yml: reasons lack {', '.join(sorted(missing))}")
        for text in reasons.values():
            text.format(name="", place="", home="")
        return cls(
            specialists_first=frozenset(data["specialists_first"]),
            no_committee=frozenset(data["no_committee"]),
            type_of_subtype={sub: kind for kind, subs in data["subtypes"].items() for sub in subs},
            floors=floors,
            danger_subtypes=frozenset(data["danger_subtypes"]),
            danger_type=str(data["danger_type"]),
            danger_sign=str(data["danger_sign"]),
            danger_doors=tuple(data["danger_doors"]),
            sign_doors={str(sign): tuple(texts) for sign, texts in data["sign_doors"].items()},
            doors={str(kind): tuple(texts) for kind, texts in data["doors"].items()},
            legal_aid=str(data["legal_aid"]),
            legal_aid_not_for=frozenset(data.get("legal_aid_not_for", ())),
            reasons=reasons,
        )


def route(case: Case, directory: Directory, divisions: Divisions, policy: RoutingPolicy) -> Route:
    """The seven rules of the contract, in their order of precedence: 5, 4, then 1–3 and 6–7."""
    kind, subtype = _kind(case, policy)
    danger = subtype in policy.danger_subtypes or (kind == policy.danger_type and policy.danger_sign in case.signs)
    urgent = _urgent_doors(case, danger, policy)
    doors = _doors(kind, urgent, policy)
    opening = (policy.reasons["safety"],) if urgent else ()
    safety_first = bool(urgent)

    if kind in policy.no_committee:
        return Route(None, (), None, doors, (*opening, policy.reasons["no_committee"]), safety_first)

    place, why = locate(case.place, divisions)
    if place is None:
        return Route(None, (), "place", doors, (*opening, policy.reasons[why]), safety_first)

    serving = directory.serving(place, divisions)
    locals_ = [b for b in serving if b.home is None and (b.is_general or b.specialises(kind, subtype))]
    ranked = _ranked(locals_, kind, subtype, policy)
    offices = sorted(
        (b for b in serving if b.home is not None and _is_home(b.home, case.home_place, divisions)),
        key=lambda b: -b.ground.rank,
    )
    lowest, floor_reason = _floor(case, policy)
    primary = next((b for b in [*ranked, *offices] if b.ground.rank <= lowest), None)
    others = [b for b in [*offices, *ranked] if b is not primary]

    reasons = [*opening, *_reasons(primary, ranked, offices, place, kind, subtype, floor_reason, divisions, policy)]
    if primary is None and policy.legal_aid not in doors:
        doors = (*doors, policy.legal_aid)
    return Route(
        primary=primary.id if primary else None,
        alternatives=tuple(b.id for b in others),
        ask=None,
        doors=doors,
        reasons=tuple(reasons),
        safety_first=safety_first,
    )


def locate(said: str, divisions: Divisions) -> tuple[Area | None, Literal["", "ask_unknown", "ask_ambiguous"]]:
    """The one place that is known to the county, or why the citizen must be asked.

    `said` is free text or a slash path. Several counties in one text count as ambiguous.
    """
    areas, ambiguous = _areas(said, divisions)
    known = [area for area in areas if area.zone or divisions.known_to_county(area.code)]
    if len({(area.code, area.zone) for area in known}) == 1:
        deepest = max(known, key=lambda area: area.rank)
        # 在练市镇荃步村 and 练市镇南街村 in one text: only the common part is certain.
        if all(contains(area, deepest, divisions) for area in known):
            return deepest, ""
        return divisions.make_area(deepest.code, deepest.zone), ""
    return None, "ask_ambiguous" if ambiguous or known else "ask_unknown"


def _areas(said: str, divisions: Divisions) -> tuple[list[Area], bool]:
    """Areas read from `said`, and whether something in it is ambiguous."""
    said = said.strip()
    if not said:
        return [], False
    if "/" in said:
        area = divisions.area(said)
        if area is not None:
            return [area], False
        said = said.replace("/", "")
    places = read_places(said, divisions)
    if not places:
        # The field is a place, so a bare word such as 朝阳 is a name here.
        codes = divisions.children_called(said, None)
        return [divisions.make_area(code) for code in codes if len(codes) == 1], len(codes) > 1
    areas = [_area_of(place, divisions) for place in places]
    return [area for area in areas if area is not None], any(place.code is None for place in places)


def _area_of(place: Place, divisions: Divisions) -> Area | None:
    if place.code is None:
        return None
    if not divisions.known_to_county(place.code):
        return divisions.make_area(place.code)
    return divisions.make_area(place.code, "", place.town, place.village)


def _is_home(home: Area, said: str, divisions: Divisions) -> bool:
    """Whether the citizen's home, which need not be known to the county, lies in `home`."""
    areas, ambiguous = _areas(said, divisions)
    return bool(areas) and not ambiguous and any(contains(home, area, divisions) for area in areas)


def _kind(case: Case, policy: RoutingPolicy) -> tuple[str, str]:
    """Type and sub-type; a sub-type alone, or in the type's field, tells its type."""
    kind, subtype = case.type, case.subtype
    if kind in policy.type_of_subtype:
        kind, subtype = policy.type_of_subtype[kind], subtype or kind
    if not kind:
        kind = policy.type_of_subtype.get(subtype, "other")
    return kind, subtype


def _ranked(bodies: Sequence[Body], kind: str, subtype: str, policy: RoutingPolicy) -> list[Body]:
    """Best first; equal ones stay in the order of the directory."""

    def place_in_line(body: Body) -> tuple[int, int]:
        general, farness = int(not body.specialises(kind, subtype)), -body.ground.rank
        return (general, farness) if kind in policy.specialists_first else (farness, general)

    return sorted(bodies, key=place_in_line)


def _floor(case: Case, policy: RoutingPolicy) -> tuple[int, str]:
    """The lowest rank allowed for the primary, and the key of the reason ("" when every level may)."""
    lowest, reason = RANKS["village"], ""
    for floor in policy.floors:
        rank = RANKS[floor.level]
        if rank >= lowest:
            continue
        if case.colour in floor.colours:
            lowest, reason = rank, "floor_colour"
        elif case.people is not None and case.people >= floor.people:
            lowest, reason = rank, "floor_people"
        elif case.amount is not None and case.amount >= floor.amount:
            lowest, reason = rank, "floor_amount"
    return lowest, reason


def _urgent_doors(case: Case, danger: bool, policy: RoutingPolicy) -> tuple[str, ...]:
    doors = list(policy.danger_doors) if danger else []
    for sign, texts in policy.sign_doors.items():
        if sign in case.signs and not (danger and sign == policy.danger_sign):
            doors += texts
    return tuple(dict.fromkeys(doors))


def _doors(kind: str, urgent: Sequence[str], policy: RoutingPolicy) -> tuple[str, ...]:
    doors = [*urgent, *policy.doors.get(kind, policy.doors.get("other", ()))]
    if kind not in policy.legal_aid_not_for:
        doors.append(policy.legal_aid)
    return tuple(dict.fromkeys(doors))


def _reasons(
    primary: Body | None,
    ranked: Sequence[Body],
    offices: Sequence[Body],
    place: Area,
    kind: str,
    subtype: str,
    floor_reason: str,
    divisions: Divisions,
    policy: RoutingPolicy,
) -> list[str]:
    def say(key: str, body: Body) -> str:
        ground = divisions.path(body.ground).split("/")[-1]
        home = divisions.path(body.home).split("/")[-1] if body.home else ""
        return policy.reasons[key].format(name=body.name, place=ground, home=home)

    if primary is None:
        return [policy.reasons["too_low" if ranked or offices else "nothing"]]
    if primary in offices:
        return [say("home_only", primary)]
    reasons = []
    if floor_reason and any(body.ground.rank > primary.ground.rank for body in ranked):
        reasons.append(say(floor_reason, primary))
    if primary.specialises(kind, subtype):
        reasons.append(say("specialist", primary))
    elif not reasons:
        reasons.append(say("nearest", primary))
    if offices:
        reasons.append(say("home_first", offices[0]))
    return reasons


def _word(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _number(value: object) -> float | None:
    """A number, also one written as text; negative, boolean and not-a-number count as not said."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip().replace(",", "")):
        value = float(value.strip().replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def known_types(policy: RoutingPolicy, types: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Types with their sub-types, as `Directory.parse` wants them."""
    return {kind: tuple(sub for sub, owner in policy.type_of_subtype.items() if owner == kind) for kind in types}
