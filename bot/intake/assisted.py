"""Somebody tells it for another: which name and which number is whose.

Hides one rule: who says "我叫" or "打我的" while speaking for another, speaks of herself. A turn reads names and numbers
before it is known for whom she speaks, so they are sorted when the turn is done. Called by the interview.
"""

from __future__ import annotations

import re

from bot.intake.phrases import Value
from bot.intake.record import Fact
from bot.intake.turn import Turn

#: Said of herself: "我叫李小梅", not "我妈叫张桂芳".
OWN_NAME = re.compile(r"我(?:姓.[，,]?)?叫|我的?名字|我是(?!替|帮|代|她|他|老)|本人")
#: Said beside a number that is her own.
OWN_NUMBER = re.compile(r"我(?:的|自己的?)?(?:手机|电话|号码?|联系方式)|打我|打给我|联系我|留我的?")
#: The applicant has none: her helper's is to be called.
NO_NUMBER = re.compile(r"没有?(?:手机|电话)|不(?:会)?用手机|打我的?|打给我|留我的?|联系我")


#: "替我妈说的": said of the talk itself, by whoever speaks for another.
FOR_ANOTHER = re.compile(
    r"[替帮代](?:我|俺|他|她|老人|别人|邻居|朋友|亲戚|家里|同事|工友|单位|公司)[^，。,;；]{0,4}(?:说|问|来|办|登记|填|反映)"
)

#: Told with the matter itself: "我是网格员，替村里老李头来问". Not "他替我来办的".
COMES_FOR = re.compile(
    r"(?:^|[，。,;；\s我俺员工记部是来想])(?:想|要|是)?[替帮代](?!我(?:们|自己)?(?:来|问|说|办|登记|反映))[^，。,;；\s0-9]{1,12}?"
    r"(?:来(?:问|说|办|登记|反映|咨询|申请)|(?:问一下|问问|咨询|登记一下|反映))"
)


def came_for_another(turn: Turn) -> None:
    """She said in her own words for whom she came, by none of the taxonomy's phrases: it is written."""
    record, text = turn.record, turn.heard.text
    own = record.facts.get("on_behalf")
    implied = own is not None and own.turn == record.turn and own.value == "self" and own.source != "choice"
    if (
        record.type is None
        or record.status != "open"
        or (own is not None and not implied)
        or not COMES_FOR.search(text)
    ):
        return
    option = turn.spec("on_behalf").option("other")
    if option is not None and turn.heard.choice is None:
        turn.write("on_behalf", Value("other", option.label, text), "story")


def speaks_for_another(turn: Turn) -> bool:
    """Take back that it is her own matter, which only followed from her telling a name. True when nothing else is said."""
    record, text = turn.record, turn.heard.text.strip()
    own, name = record.facts.get("on_behalf"), record.facts.get("applicant_name")
    followed = own is not None and name is not None and own.value == "self" and own.words == name.words
    if not followed or record.status != "open" or not FOR_ANOTHER.search(text):
        return False
    option = turn.spec("on_behalf").option("other")
    if option is not None:
        turn.write("on_behalf", Value("other", option.label, text), "answer")
    return len(text) <= 12


def sort_out(turn: Turn, step: str | None) -> None:
    """Put the helper's own name and number in their place. `step` was the open question when she spoke."""
    record = turn.record
    if record.value("on_behalf") != "other":
        return
    text = turn.heard.text
    known_now = "on_behalf" in turn.out.changed
    name = record.facts.get("applicant_name")
    fresh = known_now or "applicant_name" in turn.out.changed
    if name is not None and fresh and step != "applicant_name" and _own(OWN_NAME, name, turn, known_now):
        _move(turn, "applicant_name", "helper_name")
    phone = record.facts.get("phone")
    fresh = known_now or "phone" in turn.out.changed
    if phone is not None and fresh:
        beside_name = "helper_name" in record.facts and step in ("on_behalf", "helper_name", "helper_relation")
        if beside_name or _own(OWN_NUMBER, phone, turn, known_now):
            _move(turn, "phone", "helper_phone")
    if "relation" in turn.out.changed and step not in ("relation", "counterpart"):
        # "我妈叫张桂芳" says what the helper is to her, and nothing of the other side.
        record.facts.pop("relation", None)
    if step in ("phone", "applicant_name") and NO_NUMBER.search(text) and "phone" not in record.facts:
        _without_phone(turn)


def _own(pattern: re.Pattern[str], fact: Fact, turn: Turn, known_now: bool) -> bool:
    """Whether the words before the value say that it is the speaker's own."""
    told = turn.record.facts.get("story")
    story = str(told.words) if told and known_now and fact.turn != turn.record.turn else turn.heard.text
    at = story.find(fact.words)
    beside = story[max(0, at - 12) : at + len(fact.words)] if at >= 0 else fact.words
    return pattern.search(beside) is not None


def _move(turn: Turn, old: str, new: str) -> None:
    """Move a fact to whom it belongs; what is known of her already stays as it is."""
    record = turn.record
    fact = record.facts.pop(old)
    turn.out.changed = [key for key in turn.out.changed if key != old]
    if new not in record.facts:
        record.write(new, fact)
        turn.out.changed.append(new)


def _without_phone(turn: Turn) -> None:
    """ "没有手机，打我的": the applicant's number is honestly blank, the helper's is asked for or is called."""
    record = turn.record
    record.facts.pop("phone", None)
    record.misses.pop("phone", None)
    record.leave_blank("phone", "none")
    if "helper_phone" not in record.facts:
        record.editing = "helper_phone"
