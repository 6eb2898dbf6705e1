"""Something told is wrong, and she does not say what: "刚才说错了". The told facts are offered, to be tapped or named.

Hides by which words this is known and how the answer is read. The step is `which_fact`, a question beside the
interview like those of `errands`, which calls `answered` and `chosen`; `commands` calls `noticed`.
"""

from __future__ import annotations

import re

from bot.intake.corrections import corrected
from bot.intake.steps import Choice
from bot.intake.taps import tapped
from bot.intake.turn import Turn

#: Nothing was told yet, or the words answer another question.
_EARLY = frozenset(
    [
        "privacy_consent",
        "safe_now",
        "story",
        "dispute_type",
        "purpose",
        "elsewhere",
        "leave",
        "card",
        "doubt",
        "two_matters",
    ]
)
_AMISS = re.compile(
    r"(?:哎呀?|唉|啊|不好意思|对不起|等一下|等等|哦|噢|不对|不是|[，,。 ])*"
    r"(?:我|俺|刚才|刚刚|刚|前面|上面|上一[个句条题]|之前|那个|有(?:一?个)?地方|有个?|好像|可能|的|里头?)*"
    r"(?:(?:说|写|打|记|讲|填|弄|搞|输|选|点|答)(?:的)?(?:错|岔)(?:了|啦)?(?:一个|一点|个)?(?:地方|东西)?|不对|错了|有(?:个)?错)(?:了|啦|啊|呀)?[。.!！~]*"
)
_NOTHING = re.compile(
    r"(?:(?:没有?|都|就)*(?:没错|没有错|都对|对的?|没什么|没有了?|不用改?了?|算了|接着(?:说|问|来)|继续)[。！!吧了，, ]*)+"
)
#: What stands beside a fact's name when nothing but the fact is named: "金额那一项错了".
_NAMES_ONLY = re.compile(r"[那这个一项条行里的是说写记填错了不对吧呢啊我，。,. ]*")


def noticed(turn: Turn, text: str, step: str | None) -> bool:
    """Take "刚才说错了": ask which of the told facts is wrong. True when the words say no more than that."""
    record = turn.record
    if step in _EARLY or step is None or not _AMISS.fullmatch(text):
        return False
    spec = turn.steps.taxonomy.facts.get(step)
    if spec is not None and spec.kind == "yes_no" and re.fullmatch(r"(?:不对|不是)[。.!！]*", text):
        return False  # the answer to a question of yes or no
    if any(key != "story" for key in record.facts):
        record.errand = "which_fact"
    else:
        turn.say("utter_tell_anew")
    return True


def chosen(turn: Turn, key: str) -> None:
    """A told fact was tapped or named: it is asked for anew. Any other value lets the matter rest."""
    record = turn.record
    record.errand = None
    if key == "type" and record.status != "filed":
        tapped(turn, Choice("", "card", "edit:type"))
    elif key in record.facts:
        turn.unconfirm()
        record.editing = key
    else:
        turn.say("utter_errand_dropped")


def answered(turn: Turn, text: str) -> bool:
    """The typed answer to `which_fact`. False: the words are about something else, and the question rests."""
    record, facts = turn.record, turn.steps.taxonomy.facts
    if _NOTHING.fullmatch(text):
        chosen(turn, "")
        return True
    named = {
        n: key
        for key in record.facts
        if key != "story"
        for n in (facts[key].label, *facts[key].names)
        if n in text or (len(text) > 1 and text in n)
    }
    name = max(named, key=len, default="")
    if name and _NAMES_ONLY.fullmatch(text.replace(name, "", 1)):
        chosen(turn, named[name])
        return True
    record.errand = None
    return corrected(turn, text, turn.steps.next_step(record), wrong=True)
