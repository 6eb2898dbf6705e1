"""Two matters in one talk: noticed by meaning or by her own word, asked about once, kept together or told apart.

Hides when parts of a telling are two matters, and what a clerk does with each pair of matters (data:
`pairs` in taxonomy.yml). The understanding has judged the parts (`tellings.cuts`); `words` and `taps` call. How the
second matter begins with what is known already is `Turn.another`; that both are linked is the desk's care.
False alarms and hits: README, 量出来的数.
"""

from __future__ import annotations

import re
from typing import Any

from bot.intake.steps import Half
from bot.intake.tellings import added, of_a_wrong, tells
from bot.intake.turn import Turn

#: Probability that both parts need; less is enough where a word adds the second (还, 又, 另外).
SURE, SURE_WHEN_ADDED = 0.8, 0.6
#: A later telling at an open question needs more: an answer may sound like another type.
SURE_LATER = 0.85
#: What she can want done with a second matter.
WAYS = ("together", "apart", "only")
#: She says herself that there are more than two.
THIRD = re.compile(r"[三四五六3456][个件桩样码](?:事|情况|问题|纠纷)|第三[个件桩]|还有一[个件桩]是?")
#: Questions whose answers describe the dispute itself: what is told there belongs to it.
ABOUT_IT = frozenset({"objection", "cost_share", "wanted", "dependants", "evidence", "areas_known", "children"})
TOGETHER = re.compile(r"一起|一块|合(?:在|成|并|到)|放一|并")
APART = re.compile(r"分开|各办|各是各|一件一件|一样一样|单独|两份|先.{0,10}(?:再|后)")
ONLY = re.compile(r"^(?:就|只)|不用|不办|一件就|其实是一|就是一|算了|先放")
SAME = re.compile(
    r"(?:还是|就是|也是)?(?:一样|同一?个?(?:地方|人|家|个)?|(?:刚才|前面)?(?:那|这)(?:里|儿|个|家|边|个地方|个人)|跟(?:刚才|前面)(?:的)?一样|他|她|老地方)(?:的)?[。.!！]?"
)


def told_two(turn: Turn) -> None:
    """A second matter in the first telling: of the pairs that the parts make, the surest that a clerk would ask about."""
    record, taxonomy = turn.record, turn.steps.taxonomy
    if record.others:
        return
    for one, other in turn.heard.halves:
        if min(one.confidence, other.confidence) < (SURE_WHEN_ADDED if added(other.words) else SURE):
            continue
        if any(taxonomy.matters[half.key].another_door or half.type == "other" for half in (one, other)):
            continue
        if {one.key, other.key} & set(taxonomy.first) and not _endangered(turn):
            continue  # "他没有打我": the model knows the words, the rules know the denial
        pair = taxonomy.pair(one.key, other.key)
        if not pair.ask:
            if pair.main is not None and record.type in (None, pair.main.split("/")[0]):
                turn.settle(pair.main, "model")
                return
            continue
        main, side = _ordered(turn, one, other)
        if main is None or side is None:
            continue
        record.others.append(_other(turn, side.key, side.words))
        if THIRD.search(turn.heard.text):  # it is asked for when these two are done
            record.others.append(_other(turn, None, "", "apart"))
        if (record.type, record.subtype) != (main.type, main.subtype):
            record.type_confidence = round(main.confidence, 4)
            turn.settle(main.key, "model")
        else:
            turn.reread()
        return


def _endangered(turn: Turn) -> bool:
    """Whether violence was told, by the rules that read negation (`signs`)."""
    return any(sign["kind"] == "violence" and sign.get("by") != "model" for sign in turn.record.signs)


def _ordered(turn: Turn, one: Half, other: Half) -> tuple[Half | None, Half | None]:
    """Which is the main matter: the one in danger, else the one that the whole telling is about, else the first."""
    record, first = turn.record, turn.steps.taxonomy.first
    for main, side in ((one, other), (other, one)):
        if main.key in first:
            return main, side
    if record.type is None:
        return one, other
    for main, side in ((one, other), (other, one)):
        if (main.type, main.subtype) == (record.type, record.subtype):
            return main, side
    for main, side in ((one, other), (other, one)):
        if main.type == record.type and side.type != record.type:
            return main, side
    return None, None


def _other(turn: Turn, key: str | None, words: str, way: str | None = None) -> dict[str, Any]:
    return {"key": key, "words": words, "turn": turn.record.turn, "at": turn.at, "way": way}


def told_another(turn: Turn, rest: str) -> None:
    """ "还有个事，……" in the middle of an interview: noted with its type if that is clear, asked about once."""
    record = turn.record
    best = turn.heard.types[0] if turn.heard.types else None
    key = None
    if best is not None and tells(rest) and best.confidence >= 0.45:
        key = (
            turn.steps.taxonomy.matter(best.type, best.subtype).key if best.type in turn.steps.taxonomy.types else None
        )
    if key is not None and turn.steps.taxonomy.matters[key].another_door:
        key = None
    if key is None or record.type is None:
        # Told in a word, or not clear: it waits until this one is filed, and is then asked for.
        record.others.append(_other(turn, None, rest, "apart"))
        turn.say("utter_other_waits")
    elif key not in {known["key"] for known in record.others}:
        record.others.append(_other(turn, key, rest))
    else:
        turn.say("utter_noted")


def told_later(turn: Turn, step: str, text: str) -> bool:
    """Another dispute told by the way, without saying so. Notes it; True when it was one."""
    record, taxonomy = turn.record, turn.steps.taxonomy
    best = turn.heard.types[0] if turn.heard.types else None
    if step in ABOUT_IT or best is None or record.type is None or best.confidence < SURE_LATER:
        return False
    if best.type in (record.type, "other") or best.type not in taxonomy.types:
        return False
    key = taxonomy.matter(best.type, best.subtype).key
    matter = taxonomy.matter(record.type, record.subtype)
    telling = tells(text) and added(text) and of_a_wrong(text)
    if not telling or taxonomy.matters[key].another_door:
        return False
    if not taxonomy.pair(matter.key, key).ask or key in {known["key"] for known in record.others}:
        return False
    record.others.append(_other(turn, key, text))
    return True


def decided(turn: Turn, value: str) -> None:
    """Her answer: `together` (one record), `apart` (one after the other), `only` (this one alone)."""
    record = turn.record
    open_ = record.open_other()
    matter = turn.steps.matter(record)
    if open_ is None or matter is None or value not in WAYS:
        return
    open_["way"] = value
    other = turn.steps.taxonomy.matters[open_["key"]]
    turn.say(f"utter_two_{value}", main=matter.short, other=other.short)
    if value == "only":
        turn.reread()  # it was one matter after all: what was told in both parts is hers


def replied(turn: Turn, text: str) -> bool:
    """Typed words to the question of two matters. The second miss keeps both together: nothing is lost."""
    record = turn.record
    if APART.search(text):
        decided(turn, "apart")
    elif TOGETHER.search(text):
        decided(turn, "together")
    elif ONLY.search(text):
        decided(turn, "only")
    else:
        record.misses["two_matters"] = record.misses.get("two_matters", 0) + 1
        if record.misses["two_matters"] < 2:
            return False
        record.misses.pop("two_matters")
        decided(turn, "together")
    return True
