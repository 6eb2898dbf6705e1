"""Corrections in words: "金额不对，是三万五", five turns later or at the card; one fact changes, the rest stays.

Hides how the meant fact is found: by its name, by the value denied, or by the kind of the new value (PEERS 1, 5).
Called by `words` before an answer is looked for.
"""

from __future__ import annotations

import re

from bot.intake.phrases import Value
from bot.intake.steps import ASK_BACK, Choice, Say
from bot.intake.taps import tapped
from bot.intake.taxonomy import FactSpec
from bot.intake.turn import Turn

CORRECTING = re.compile(r"不对|错了|说错|写错|记错|改一下|改成|改为|更正|纠正|我要改|应该是|不是.{1,12}[，, ]?是")
CORRECTS_FIRST = re.compile(r"^(?:不对|错了|说错|写错|刚才(?:说|写)?错|改一下|更正|纠正|我要改|记错)")
#: Kinds that are read strictly: their values cannot be mistaken for open words.
STRICT = frozenset({"money", "period", "people", "area", "phone", "place", "name"})
#: Characters in which a matter can be told: "是老板拖欠我工资", not "是李四".
ENOUGH_FOR_A_MATTER = 5
COUNTED = frozenset({"money", "people", "area", "phone"})


def corrected(turn: Turn, text: str, step: str | None, wrong: bool = False) -> bool:
    """ "金额不对，是三万五": one fact changes, the rest stays (PEERS 1). `wrong`: she has said that something is."""
    record = turn.record
    if step in ("privacy_consent", "safe_now", "story", "dispute_type", "purpose", "elsewhere", "leave"):
        return False
    filed = record.status == "filed"
    if (step is None and not filed) or (filed and len(text) > 60):  # a long telling is more than a correction
        return False
    facts = turn.steps.taxonomy.facts
    at_card = step in ("card", "handover_consent")
    known = [*record.facts, *(record.blanks if filed or at_card else ())]
    named = [k for k in known if k != "story" and any(n in text for n in (facts[k].label, *facts[k].names))]
    target = max(named, key=lambda key: _fits(facts[key], text), default=None)
    if (
        not wrong
        and not CORRECTING.search(text)
        and not (at_card and (target is not None or _by_kind(turn, text, COUNTED)))
    ):
        if not (filed and target is not None and _tells_anew(turn, target, text)):
            return False
    denied = re.search(r"不是([^，,。；;]{1,12})[，, ]*(?:而?是)", text)
    if denied:
        said = denied.group(1).strip()
        told = (k for k, f in record.facts.items() if k != "story" and (said in f.shown or said in f.words))
        denied_fact = next(told, None)
        # "不是借钱" denies the matter itself, though 钱 is a name of the sum.
        if not filed and denied_fact is None and _another_matter(turn, said, text[denied.end() :]):
            return True
        target = denied_fact if target is None else target
    if not filed and re.search(r"类型|这一?类|这不是.{1,8}(?:事|纠纷|类)|不是.{1,8}(?:的事|纠纷|这类)", text):
        return _type_corrected(turn, text)
    if target is None and not (wrong or at_card or CORRECTS_FIRST.search(text)):
        return False
    value = re.split(r"(?:是|改成|改为|应为|更正为|叫)(?=[^，,。]*$)", text, maxsplit=1)[-1].strip(" ，,。：:")
    if target is not None:
        value = re.sub(
            rf"^(?:{'|'.join(map(re.escape, (facts[target].label, *facts[target].names)))})(?:错了|不对)?[，,:： ]*",
            "",
            value,
        )
    else:
        target = _by_kind(turn, value)
    if target is None or (step is not None and target == step and not record.said(step)):
        if at_card or (filed and len(text) <= 30):
            turn.out.says.append(Say("utter_which_to_change", show={"card": True} if filed else {}))
            return True
        return False
    answer = turn.ear.answer(facts[target], value, turn.heard.at.date(), entities=turn.heard.entities)
    strict = facts[target].kind not in ("text", "party", "name")
    if answer.value is not None and value and (strict or value != text):
        turn.write(target, Value(answer.value.value, answer.value.shown, text, answer.value.approx), "correction")
    else:
        turn.unconfirm()
        record.editing = target
    return True


def _fits(spec: FactSpec, text: str) -> tuple[int, int, bool]:
    """How well words name a fact: its longest name in them, how many of its names, whether it is a person's own name."""
    found = [len(name) for name in {spec.label, *spec.names} if name in text]
    return max(found), len(found), spec.kind == "name"


def _tells_anew(turn: Turn, key: str, text: str) -> bool:
    """Whether plain words after filing give a fact a new value: "对方电话是13900001234"."""
    spec = turn.spec(key)
    if spec.kind not in STRICT or len(text) > 40 or re.search(r"[?？吗呢]|什么|怎么|多少|几时", text):
        return False
    answer = turn.ear.answer(spec, text, turn.heard.at.date(), entities=turn.heard.entities)
    return answer.value is not None and answer.value.value != turn.record.value(key)


def _type_corrected(turn: Turn, text: str) -> bool:
    """ "类型错了，应该是房产物业": the named type, or the types to choose from."""
    wanted = re.split(r"是|，|,", text)[-1]
    matters = turn.steps.taxonomy.matters
    named = [k for k, m in matters.items() if m.short in wanted or m.name.removesuffix("纠纷") in wanted]
    if named:
        turn.settle(named[-1] if len(named) == 1 else named[0], "citizen")
    else:
        tapped(turn, Choice(text, "card", "edit:type"))
    return True


def _another_matter(turn: Turn, denied: str, instead: str) -> bool:
    """ "不对，不是借钱，是老板拖欠我工资", said at any question: the matter itself is denied, another type put in its place.

    "不是张三，是李四打的" and "不是我签的，是我老公签的" deny no matter.
    """
    matters = [m for m in turn.steps.taxonomy.matters.values() if m.type == turn.record.type]
    named = "|".join(f"{m.short}|{m.name}|{m.plain}" for m in matters)
    if not any(denied[at : at + 2] in named for at in range(len(denied) - 1)):
        return False
    best, known = (turn.heard.types[0] if turn.heard.types else None), turn.steps.taxonomy.matters
    if best is None or best.type in (turn.record.type, "not_a_dispute", "other") or best.confidence < ASK_BACK:
        return False
    if len(re.findall(r"[\u4e00-\u9fff]", instead)) < ENOUGH_FOR_A_MATTER or best.type not in known:
        return False
    key = f"{best.type}/{best.subtype}"
    turn.settle(key if key in known else best.type, "citizen")
    return True


def _by_kind(turn: Turn, value: str, kinds: frozenset[str] | None = None) -> str | None:
    """The told fact that a bare new value replaces: of the value's kind, the latest first."""
    record, facts = turn.record, turn.steps.taxonomy.facts
    latest = sorted(record.facts, key=lambda key: record.facts[key].turn, reverse=True)
    for key in [k for k in (record.last_written, *latest) if k in record.facts and k != "story"]:
        if (
            facts[key].kind in (kinds or STRICT)
            and turn.ear.answer(facts[key], value, turn.heard.at.date()).value is not None
        ):
            return key
    return None
