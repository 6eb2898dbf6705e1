"""What a kept conversation claims: about a turn, and about the document filed last. Whatever does not hold is told to
trainers in Chinese, with what should have been and what came.

Hides how a claim is compared, and how values of the desk are named. The wording stands in `bot/knowledge/claims.yml`,
the claims are described in `bot/rehearsal.py`, which leads the conversations and calls this.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.intake.record import Record
from bot.knowledge import claims_wording, clocks, labels, responses, taxonomy

TURN_CLAIMS = frozenset(
    ["ask", "says", "not_says", "status", "signs", "type", "facts", "blank", "unsaid", "earlier", "choices", "kept"]
    + ["repeated", "differs", "forgotten"]
)
SHADES = ("green", "blue", "yellow", "orange", "red")
#: What a value is called where true and false say more than 是 and 不是.
EITHER = {"kept": ("应该留着", "删掉了"), "repeated": ("应该当成说过的", "当成新的一句")}
#: What is filled in when it is said.
BRACE = re.compile(r"\{\w*\}")
#: Characters that are shown of what the desk says, values, and values of a list.
SAID, VALUE, MANY = 24, 60, 6


class Differs(AssertionError):
    """A conversation did not go as it was told; the message says where, in Chinese."""


def claim(holds: object, what: str, should: Any = None, came: Any = None, of: str = "") -> None:
    """What holds for every turn (`always` of the wording). Raises Differs."""
    if not holds:
        raise Differs(difference(what, should, came, of))


def difference(what: str, should: Any = None, came: Any = None, of: str = "") -> str:
    """How something that holds for every turn did not."""
    return _told("always", what, should, came, of)


def turn_difference(what: str, should: Any, came: Any) -> str:
    """How a claim on a turn did not hold that only the leader of the conversation can check."""
    return _told("turn", what, should, came, "")


def located(number: int, words: str, what: str) -> str:
    """Where a conversation went wrong: at its turn of this number (from 1; 0: when it was over), at these words."""
    wording = claims_wording()
    if not number:
        return str(wording["at_the_end"].format(what=what))
    return str(wording["where"].format(number=number, words=f"“{_cut(words, SAID)}”" if words else "", what=what))


def broken(error: Exception) -> str:
    """The desk itself broke."""
    return str(claims_wording()["broken"].format(came=type(error).__name__))


def turn_differences(turn: Mapping[str, Any], reply: Any, record: Record | None) -> list[str]:
    """What a turn's claims say and the system did not do."""
    return [_told("turn", *one) for one in _turn(turn, reply, record)]


_Difference = tuple[str, Any, Any, str]


def _turn(turn: Mapping[str, Any], reply: Any, record: Record | None) -> Iterator[_Difference]:
    state = reply.state
    if "kept" in turn and (record is not None) != turn["kept"]:
        yield "kept", turn["kept"], record is not None, ""
    for name in ("ask", "status"):
        if name in turn and turn[name] != state[name]:
            yield name, turn[name], state[name], ""
    if "repeated" in turn and turn["repeated"] != reply.repeated:
        yield "repeated", turn["repeated"], reply.repeated, ""
    for name in listed(turn.get("says")):
        if name not in reply.responses:
            yield "says", name, reply.responses, ""
    for name in listed(turn.get("not_says")):
        if any(said.startswith(name) for said in reply.responses):
            yield "not_says", name, reply.responses, ""
    offered = [choice["value"] for choice in state["choices"]]
    for value in listed(turn.get("choices")):
        if str(value) not in offered:
            yield "choices", str(value), [choice.get("title", choice["value"]) for choice in state["choices"]], ""
    if record is not None:
        yield from _known(turn, record)


def _known(turn: Mapping[str, Any], record: Record) -> Iterator[_Difference]:
    """Claims on the draft."""
    key = f"{record.type}/{record.subtype}" if record.subtype else record.type
    if "type" in turn and turn["type"] not in (key, record.type):
        yield "type", turn["type"], key, ""
    if "signs" in turn and record.sign_kinds() != set(turn["signs"] or ()):
        yield "signs", turn["signs"], sorted(record.sign_kinds()), ""
    for key, wanted in (turn.get("facts") or {}).items():
        if not within(wanted, record.value(key)):
            yield "facts", wanted, record.value(key), key
    for key, values in (turn.get("earlier") or {}).items():
        fact = record.facts.get(key)
        got = [old["value"] for old in fact.earlier] if fact else None
        if got != values:
            yield "earlier", values, got, key
    for key in listed(turn.get("unsaid")):
        if record.said(key):
            yield "unsaid", None, record.value(key), key
    blank = turn.get("blank") or {}
    whys = blank if isinstance(blank, Mapping) else dict.fromkeys(listed(blank))
    for key, why in whys.items():
        known = record.blanks.get(key)
        if key not in record.blanks or (why is not None and known != why):
            yield "blank", why, record.value(key) if known is None else known, key


def record_differences(wanted: Mapping[str, Any], filed: Mapping[str, Any]) -> list[str]:
    """What the claims on a filed document say and the document does not."""
    committee = filed["committee"] or {}
    roles = {party["role"]: party for party in filed["parties"]}
    consents = {consent["kind"]: consent["given"] for consent in filed["consents"]}
    clocks = {clock["id"]: clock for clock in filed["clocks"]}
    facts = {key: fact["value"] for key, fact in filed["facts"].items()}
    got: dict[str, Any] = {
        **{name: filed["matter"][name] for name in ("type", "subtype", "settled_by")},
        **{name: filed[name] for name in ("matter_no", "flags", "safety_first", "rules", "blanks", "status", "restricted")},
        "committee": committee.get("id"), "area": committee.get("area", ""), "colour": filed["colour"]["grade"],
        "place": (filed["place"] or {}).get("path"), "consents": consents, "facts": facts, "clocks": clocks,
        "parties": roles, "signs": sorted({sign["kind"] for sign in filed["signs"]}),
        "side_matters": [side["type"] for side in filed["side_matters"]], "linked": [x["how"] for x in filed["linked"]],
        "doubts": {doubt["kind"]: doubt["answer"] for doubt in filed["doubts"]}, "amendments": filed["amendments"],
        "transcript": [line["text"] for line in filed["transcript"]],
    }  # fmt: skip
    beside = {"colour_at_least": "colour", "no_consents": "consents", "not_in_transcript": "transcript"}
    found = []
    for name, value in wanted.items():
        came = got.get(beside.get(name, name.removeprefix("not_")))
        claim(name in claims_wording()["of"], "unknown_claim", came=name)
        if not _holds(name, value, came, filed):
            found.append(_record(name, value, came))
    return found


def _holds(name: str, value: Any, came: Any, filed: Mapping[str, Any]) -> bool:
    """Whether one claim on a document holds of what stands there."""
    match name:
        case "area":
            return value in came
        case "flags" | "rules" | "blanks":
            return set(value) <= set(came)
        case "not_flags" | "not_rules" | "not_facts" | "no_consents":
            return not set(value) & set(came)
        case "not_in_transcript":
            return not set(listed(value)) & set(came)
        case "nowhere":
            return not any(words in json.dumps(filed, ensure_ascii=False) for words in value)
        case "colour_at_least":
            return SHADES.index(came) >= SHADES.index(value)
        case "signs":
            return set(value) == set(came)
        case "amendments":
            return len(value) == len(came) and all(map(within, value, came))
        case "place" | "consents" | "facts" | "clocks" | "parties":
            return within(value, came)
        case _:
            return bool(came == value)


def _record(name: str, value: Any, came: Any) -> str:
    """A difference of a document; of a mapping only what differs."""
    if isinstance(value, Mapping) and isinstance(came, Mapping):
        differing = [key for key, one in value.items() if key not in came or not within(one, came[key])]
        parts = [(key, value[key], _part(value[key], came.get(key))) for key in differing]
        return "；".join(_told_of("record", key, should, got) for key, should, got in parts)
    return _told_of("record_not" if name.startswith(("no", "not_")) else "record", name, value, came)


def _told_of(kind: str, of: str, should: Any, came: Any) -> str:
    wording = claims_wording()
    shown = wording["of"].get(of) or _name(of, "")
    if came is None and kind == "record_not":
        came = listed(should)
    return str(wording[kind].format(of=f"“{shown}”", should=named(should, of), came=named(came, of)))


def _part(should: Any, came: Any) -> Any:
    """Of what came, what the claim speaks of."""
    if isinstance(should, Mapping) and isinstance(came, Mapping):
        return {key: came.get(key) for key in should}
    return came


def _told(kind: str, what: str, should: Any, came: Any, of: str) -> str:
    yes, no = EITHER.get(what, ("", ""))
    if yes:
        should, came = (yes if should else no), (yes if came else no).removeprefix("应该")
        return str(claims_wording()[kind][what].format(should=should, came=came))
    shown = named(of) if of else ""
    return str(claims_wording()[kind][what].format(should=named(should, of), came=named(came, of), of=shown))


def named(value: Any, fact: str = "") -> str:
    """What a value of the desk is called in Chinese; `fact`: whose value it is. Her own words and numbers stay."""
    if value is None:
        return "空的"
    if isinstance(value, bool):
        return "是" if value else "不是"
    if isinstance(value, Mapping):
        return "，".join(f"{_name(str(key), '')}{named(one, str(key))}" for key, one in value.items()) or "空的"
    if isinstance(value, Collection) and not isinstance(value, str):
        shown = [named(one, fact) for one in list(value)[:MANY]]
        return ("、".join(shown) or "没有") + ("……" if len(value) > MANY else "")
    text = str(value).removeprefix("~")
    return f"“{_cut(_name(text, fact), VALUE)}”" if isinstance(value, str) else text


def _name(key: str, fact: str) -> str:
    known, names = taxonomy(), claims_wording()["names"]
    spec = known.facts.get(fact)
    for option in spec.options if spec else ():
        if option.value == key:
            return option.label
    if key.startswith("utter_"):
        return _first_words(key)
    if key in known.matters:
        matter = known.matters[key]
        return f"{known.matters[matter.type].short}（{matter.name}）" if matter.subtype else matter.short
    if key in names:
        return str(names[key])
    if subtype := next((matter for matter in known.matters.values() if matter.subtype == key), None):
        return subtype.name
    if key in known.facts:
        return known.facts[key].label
    if key in clocks().by_id:
        return clocks().by_id[key].label
    danger = labels().get(f"danger_{key}")
    return danger["name"].partition("：")[2] or danger["name"] if danger else key


_sayings = functools.cache(responses)


def _first_words(name: str) -> str:
    """How a response begins; `name` may be the beginning of its name."""
    said = _sayings()
    full = name if name in said else next((one for one in said if one.startswith(name)), None)
    text = next((v["text"] for v in said[full] if v.get("text")), "") if full else ""
    return _cut(BRACE.sub("……", " ".join(text.split())), SAID) or name


def _cut(text: str, many: int) -> str:
    return text if len(text) <= many else text[:many] + "……"


def listed(value: Any) -> list[Any]:
    """One value or several, as several."""
    return [] if value is None else value if isinstance(value, list) else [value]


def within(wanted: Any, got: Any) -> bool:
    """Whether `wanted` is a part of `got`: mappings key by key, texts that begin with ~ as a part of the text."""
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(within(value, got.get(key)) for key, value in wanted.items())
    if isinstance(wanted, str) and wanted.startswith("~"):
        return wanted[1:] in str(got)
    return bool(wanted == got)
