"""Doubts: what cannot be, or was said in two ways, is asked once, kindly, and never dropped.

Hides how contradictions and impossible values are found (the bounds are data: `likely`, `past`, `within` … in
taxonomy.yml) and how her answer settles them. Whatever she answers, both values stay in `Record.doubts`; "就是这样" keeps
the value and flags it for the mediator (`document.flags`). Called by the interview after each turn and by `words` and
`taps` for the answer; it knows no wording but button titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.intake.phrases import Value, number_words
from bot.intake.reading.answers import read_yes_no
from bot.intake.reading.numerals import find_numbers
from bot.intake.reading.plain import plain
from bot.intake.record import Fact, Record
from bot.intake.taxonomy import FactSpec, Likely, Matter, Taxonomy
from bot.intake.turn import Turn, as_written

#: Kinds of doubt; `utter_doubt_<kind>` asks.
KINDS = ("future", "backwards", "range", "rival", "same", "sum", "within", "born")
#: Answers after which nothing is left for the mediator to clear up.
CLEARED = frozenset({"first", "rival", "redo", "mended"})
#: Kinds of fact of which a second value said in passing is another value of the same thing, not one more thing.
RIVALS = frozenset({"money", "phone", "name", "yes_no"})
#: Share by which two sums may differ when one of them is about.
ABOUT = 0.3
#: A sum may be so many times more or less than months × pay before it is asked about: bonuses, deductions, parts paid.
FIT = (0.4, 2.5)
#: Years between the birth of a parent and of a child below which it is asked about.
GENERATION = 14
AGES = re.compile(r"([\d一二两三四五六七八九十百]+)\s*(?:周岁|岁)")
STAYS = re.compile(
    r"就是这样|就是这个|就这样|没错|没说错|没记错|照(?:这个|我说的)|确实(?:是|就)?|真的?(?:是|有)?(?:这|那)"
)
FIRST = re.compile(r"前(?:面|一|头)|第一|先说|头一")
#: Words that make a second sum one more, not another: 还欠他两万, 另外, 利息.
ADDING = re.compile(r"[还又另]|也欠|利息")
SECOND = re.compile(r"后(?:面|一|头|来)|第二|刚才|这次|现在说")


def flagged(record: Record) -> bool:
    """Whether something stands in the record that she confirmed against all likelihood, or left unanswered."""
    return any(doubt["answer"] not in CLEARED for doubt in record.doubts)


def look(turn: Turn) -> None:
    """After a turn: settle doubts that the turn cleared, note new ones. At most one is open at a time."""
    record, today = turn.record, turn.heard.at.date()
    taxonomy = turn.steps.taxonomy
    if record.status != "open" or record.type is None:
        return
    found = list(_impossible(record, taxonomy, today))
    if (words := _turned_round(turn)) is not None:
        found.append(words)
    open_ = record.open_doubt()
    if open_ is not None and open_["turn"] != record.turn:
        if open_["fact"] in turn.out.changed or open_["fact"] not in record.facts:
            open_["answer"] = "mended"
        elif record.editing == open_["fact"]:
            open_["answer"] = "redo"
        elif open_["kind"] not in ("rival", "backwards") and not any(_same(open_, new) for new in found):
            open_["answer"] = "mended"  # the other of the two facts was changed
    for new in found:
        _note(turn, new)


def listen(turn: Turn, before: Record) -> None:
    """Values in this turn's words that disagree with what was known before it, or with each other in one breath."""
    record, text, today = turn.record, turn.heard.text, turn.heard.at.date()
    matter = turn.steps.matter(record)
    if matter is None or record.status != "open":
        return
    if before.type is None and "story" in record.facts:  # now it is known which of the story's facts count
        _in_one_breath(turn, matter, str(record.value("story")), today)
        return
    if turn.heard.choice is not None or before.asked == "wanted":
        return  # what she would be content with is not what she is owed
    _in_one_breath(turn, matter, text, today)
    for spec in turn.listened(matter):
        fact = record.facts.get(spec.key)
        if fact is None or spec.kind not in RIVALS or fact.turn == record.turn or spec.key == before.asked:
            continue
        if spec.kind == "money":
            claims = turn.ear.claims(spec, text, today)
            value = claims[0][0] if len(claims) == 1 else None
        else:
            value = turn.ear.story([spec], text, today, turn.heard.entities, cued=True).get(spec.key)
        if value is not None and not _agree(fact, value):
            _note(turn, _rival(spec, fact, value, as_written(value.words, text, turn.ear.meant)))


def _in_one_breath(turn: Turn, matter: Matter, text: str, today: date) -> None:
    """ "欠我1.2万……一共欠我12万": two sums beside the same cue, and no word that adds one to the other."""
    for spec in turn.listened(matter):
        fact = turn.record.facts.get(spec.key)
        if spec.kind != "money" or fact is None or fact.source == "correction" or ADDING.search(text):
            continue
        claims = turn.ear.claims(spec, text, today)
        if len(claims) != 2 or claims[0][1] != claims[1][1]:
            continue
        for value, _ in claims:
            if not _agree(fact, value):
                _note(turn, _rival(spec, fact, value, as_written(value.words, text, turn.ear.meant)))
                break


def _agree(fact: Fact, value: Value) -> bool:
    if fact.value == value.value:
        return True
    one, other = fact.value, value.value
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and (fact.approx or value.approx):
        return abs(one - other) <= ABOUT * max(abs(one), abs(other))
    return False


def _impossible(record: Record, taxonomy: Taxonomy, today: date) -> Iterator[dict[str, Any]]:
    matter = taxonomy.matter(record.type, record.subtype) if record.type else None
    for key, fact in record.facts.items():
        spec = taxonomy.facts[key]
        if spec.past and (start := _day(fact, "start")) is not None and start > today:
            yield _doubt("future", spec, fact)
        if spec.kind == "period" and _backwards(fact):
            yield _doubt("backwards", spec, fact)
        if spec.after in record.facts and _before(fact, record.facts[spec.after]):
            yield _against("backwards", spec, fact, taxonomy.facts[spec.after], record.facts[spec.after])
        if _outside(record, matter, spec, fact):
            yield _doubt("range", spec, fact)
        if spec.within in record.facts and _more(fact, record.facts[spec.within]):
            yield _against("within", spec, fact, taxonomy.facts[spec.within], record.facts[spec.within])
        for other in (other for other in spec.differs if other in record.facts):
            if _named(fact) == _named(record.facts[other]):
                yield _against("same", spec, fact, taxonomy.facts[other], record.facts[other])
        if spec.born_after in record.facts and _too_old(fact, record.facts[spec.born_after]):
            yield _against("born", spec, fact, taxonomy.facts[spec.born_after], record.facts[spec.born_after])
        if spec.product and (product := _product(record, spec)) is not None and _number(fact) is not None:
            fits = any(FIT[0] <= float(fact.value) / (product * n) <= FIT[1] for n in (1, _count(record, "people")))
            if not fits:
                parts = "、".join(record.facts[k].shown for k in spec.product)
                yield _doubt("sum", spec, fact, {"parts": parts, "product": f"{number_words(round(product))}元"})


def _doubt(kind: str, spec: FactSpec, fact: Fact, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    shown = _brief(fact.shown)
    choices = [["就是这样", "keep"], ["说错了，我再说一遍", f"redo:{spec.key}"]]
    return _made(kind, spec, {"label": spec.label, "shown": shown, **(more or {})}, choices)


def _against(kind: str, spec: FactSpec, fact: Fact, other: FactSpec, beside: Fact) -> dict[str, Any]:
    """Two facts that cannot both be so: either may be said again."""
    fill = {"label": spec.label, "shown": _brief(fact.shown), "other": other.label, "beside": _brief(beside.shown)}
    choices = [
        [f"改“{spec.label}”", f"redo:{spec.key}"],
        [f"改“{other.label}”", f"redo:{other.key}"],
        ["就是这样", "keep"],
    ]
    return _made(kind, spec, fill, choices)


def _rival(spec: FactSpec, fact: Fact, value: Value, words: str) -> dict[str, Any]:
    fill = {"label": spec.label, "shown": _brief(fact.shown), "beside": _brief(value.shown)}
    choices = [[fill["shown"], "first"], [fill["beside"], "rival"], ["都不对，我再说一遍", f"redo:{spec.key}"]]
    return _made("rival", spec, fill, choices, {**asdict(value), "words": words})


def _made(
    kind: str, spec: FactSpec, fill: Mapping[str, str], choices: list[list[str]], rival: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"kind": kind, "fact": spec.key, "fill": dict(fill), "choices": choices, "rival": rival}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["kind"] == other["kind"] and one["fact"] == other["fact"])


def _note(turn: Turn, doubt: dict[str, Any]) -> None:
    """Keep a new doubt. One thing is asked about once: a second such value is kept for the mediator without a word."""
    record = turn.record
    if doubt["fact"] == record.editing:
        return  # she is about to say it again
    known = [old for old in record.doubts if _same(old, doubt)]
    if any(old["fill"] == doubt["fill"] for old in known):
        return
    record.doubts.append({**doubt, "turn": record.turn, "words": "", "answer": "unasked" if known else None})


# —— her answer ——


def decided(turn: Turn, value: str) -> None:
    """A tapped button of the open doubt: `keep`, `first`, `rival`, or `redo:<fact>`."""
    record, doubt = turn.record, turn.record.open_doubt()
    if doubt is None:
        return
    doubt["words"] = turn.heard.text[:120]
    if value == "rival" and doubt["rival"] is not None:
        doubt["answer"] = "rival"
        turn.write(doubt["fact"], Value(**doubt["rival"]), "correction")
    elif value == "first" and doubt["rival"] is not None:
        doubt["answer"] = "first"
        turn.say("utter_doubt_kept", label=doubt["fill"]["label"], shown=doubt["fill"]["shown"])
    elif value.startswith("redo:") and [value] in [choice[1:] for choice in doubt["choices"]]:
        doubt["answer"] = "redo"
        turn.unconfirm()
        record.editing = value[5:]
    elif value == "keep":
        doubt["answer"] = "kept"
        turn.say("utter_doubt_flagged")


def replied(turn: Turn, text: str) -> bool:
    """Typed words to the open doubt. False when they settle nothing; at the second miss the talk goes on, flagged."""
    record, doubt = turn.record, turn.record.open_doubt()
    if doubt is None:
        return False
    spec, yes_no = turn.spec(doubt["fact"]), read_yes_no(text)
    answer = turn.ear.answer(spec, text, turn.heard.at.date()) if spec.kind != "text" else None
    said = answer.value if answer is not None and yes_no is None else None
    if said is not None and spec.kind in ("party", "name") and len(plain(text)) > 8:
        said = None
    rival = doubt["rival"]
    if said is not None and rival is not None and said.value in (rival["value"], record.facts[spec.key].value):
        decided(turn, "rival" if said.value == rival["value"] else "first")
    elif STAYS.search(text) or (yes_no == "yes" and rival is None):
        decided(turn, "keep")
    elif rival is not None and len(text) <= 12 and (FIRST.search(text) or SECOND.search(text)):
        decided(turn, "first" if FIRST.search(text) else "rival")
    elif yes_no in ("unknown", "declined"):
        doubt["answer"], doubt["words"] = "passed", text[:120]
    elif yes_no == "no" or re.search(r"说错|写错|打错|记错|不对|搞错", text) and said is None:
        decided(turn, f"redo:{spec.key}")
    elif said is not None:
        doubt["words"] = text[:120]
        turn.write(spec.key, said, "correction")
    else:
        return False
    return True


def passed(turn: Turn) -> bool:
    """Count a miss at the open doubt. True when it is thereby left to the mediator."""
    record, doubt = turn.record, turn.record.open_doubt()
    if doubt is None:
        return False
    record.misses["doubt"] = record.misses.get("doubt", 0) + 1
    if record.misses["doubt"] < 2:
        return False
    record.misses.pop("doubt")
    doubt["answer"], doubt["words"] = "passed", turn.heard.text[:120]
    return True


# —— what values are ——


def _brief(shown: str) -> str:
    """A value short enough for a button, without braces that a template would take for its own."""
    return re.sub(r"[{}]", "", shown)[:30] or "…"


def _day(fact: Fact, end: str) -> date | None:
    value = fact.value
    return date.fromisoformat(value[end]) if isinstance(value, Mapping) and value.get(end) else None


def _backwards(fact: Fact) -> bool:
    start, end = _day(fact, "start"), _day(fact, "end")
    return start is not None and end is not None and end < start


def _before(fact: Fact, other: Fact) -> bool:
    """Whether the whole of one time lies before the beginning of the other."""
    end, start = _day(fact, "end"), _day(other, "start")
    return end is not None and start is not None and end < start


def _turned_round(turn: Turn) -> dict[str, Any] | None:
    for key in turn.out.changed:
        spec, fact = turn.spec(key), turn.record.facts.get(key)
        if spec.kind != "period" or fact is None or turn.heard.choice is not None:
            continue
        words = turn.ear.turned_round(turn.heard.text, turn.heard.at.date())
        if words is not None:
            return _doubt("backwards", spec, fact, {"shown": _brief(words)})
    return None


def _number(fact: Fact) -> float | None:
    value = fact.value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _count(record: Record, key: str) -> float:
    fact = record.facts.get(key)
    return max((_number(fact) or 1.0) if fact is not None else 1.0, 1.0)


def _outside(record: Record, matter: Matter | None, spec: FactSpec, fact: Fact) -> bool:
    likely: Likely | None = (matter.likely.get(spec.key) if matter is not None else None) or spec.likely
    number = _number(fact)
    if likely is None or number is None:
        return False
    most = likely.most
    if most is not None and likely.per is not None:
        most *= _count(record, likely.per)
    if likely.small_most is not None:
        places = [_named(record.facts[k]) for k in ("counterpart", "site_name") if k in record.facts]
        told = str(record.value("story") or "")
        if any(word in place for place in (*places, told) for word in likely.small):
            most = likely.small_most
    return (most is not None and number > most) or (likely.least is not None and number < likely.least)


def _more(fact: Fact, other: Fact) -> bool:
    one, most = _number(fact), _number(other)
    return one is not None and most is not None and one > most


def _named(fact: Fact) -> str:
    value = fact.value
    return str(value["name"]) if isinstance(value, Mapping) and "name" in value else str(value)


def _too_old(children: Fact, parent: Fact) -> bool:
    ages = [
        find_numbers(plain(said))[0].value for said in AGES.findall(str(children.value)) if find_numbers(plain(said))
    ]
    own = _number(parent)
    return own is not None and any(float(age) > own - GENERATION for age in ages if age is not None)


def _product(record: Record, spec: FactSpec) -> float | None:
    numbers = [_number(record.facts[key]) if key in record.facts else None for key in spec.product]
    if any(not number for number in numbers):
        return None
    product = 1.0
    for number in numbers:
        product *= number or 1.0
    return product
