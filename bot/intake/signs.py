"""Reads signs of danger from what a citizen wrote: by clause, with negation, time, speaker and who is touched.

Hides: how a found wording (`bot.intake.sign_grammar`) is weighed in its clause and its neighbours. Of two nets
this is the one that reads; a trained one (`bot.understanding.dangers`) is asked beside it. When in doubt about a person it says the sign:
a missed victim costs more than a needless card (contract: recall 1.0, precision at least 0.9).

Decisions, each for a reason:
- *violence*: also long past, feared, told of others, and in a practical question ("家暴怎么取证": somebody who collects
  evidence has been hit); not in a question of definition or law in general ("骂人算家暴吗").
- *threat*: to hurt, to burn, to block, to come with people; also by the speaker; also to kill oneself unless paid.
- *minor*: a child hurt, dead, threatened, watching or neglected; never custody or school alone, never a grown son.
- *death*: recent, sudden or disputed (DOMAIN R24, autopsy within 48 hours); not one that only opens an inheritance.
- *group*: people gathering, or ten and more with one grievance (DOMAIN R17: from ten on they choose representatives).
- *utility_cut*: somebody cuts water, power, heat or gas of a household (DOMAIN R36); not a planned or technical outage.

Called by the classify verb and by the dialogue before every other reading.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.intake.sign_children import touched_children
from bot.intake.sign_context import Found, window
from bot.intake.sign_doubt import may_be_taken_back
from bot.intake.sign_grammar import KIN, OTHERS, patterns
from bot.intake.sign_harmless import spoken_against
from bot.intake.sign_senses import Prepared, prepare
from bot.intake.sign_shapes import shapes
from bot.intake.sign_weighing import FEARED, denies, group_by_number, weigh

When = Literal["now", "past", "feared"]
KINDS: Final = ("violence", "self_harm", "threat", "minor", "death", "group", "utility_cut")
_PAST = re.compile(
    r"以前|之前|曾经|当年|小时候|年轻(?:的)?时|过去|那时|从前|早年|刚结婚时|前几年|前年|去年|[一二两三四五六七八九十几多\d]+年(?:以)?前|几个月前|上个月|上次|离婚前|婚前"
)
_NAME_PERSON = re.compile(rf"(?:{KIN}|{OTHERS}|我们|他们|我|他|她)")


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of danger.

    kind: one of `KINDS`. text: the exact words of the citizen. span: their place in the original text, end exclusive.
    when: 'feared' also for what is only announced. who: the person the words speak of, as said, or None.
    """

    kind: str
    text: str
    span: tuple[int, int]
    when: When
    who: str | None


def _when(ready: Prepared, found: Found) -> When:
    before = ready.plain[max(0, found.left - 12) : found.end]
    if FEARED.search(ready.read[found.left : found.start]) or found.kind == "threat":
        return "feared"
    return "past" if _PAST.search(before) else "now"


def _who(ready: Prepared, found: Found) -> str | None:
    named = _NAME_PERSON.findall(ready.plain[found.left : found.end])
    others = [name for name in named if name not in ("我", "我们")]
    return others[0] if others else (named[0] if named else None)


def _wordings(ready: Prepared) -> Iterator[Found]:
    """Every wording that may be a sign, not yet weighed."""
    for kind, expressions in (*patterns().items(), *shapes().items()):
        for expression in expressions:
            for match in expression.finditer(ready.read):
                if match.end() > match.start():
                    left, right = window(ready.read, match.start())
                    yield Found(kind, match.start(), match.end(), left, max(right, match.end()))


def denied_signs(text: str) -> frozenset[str]:
    """Kinds that `text` names only to deny or explain them: there the second net, deaf to a "没有", is not believed."""
    ready = prepare(text)
    denied = {found.kind for found in _wordings(ready) if denies(ready, found)}
    return frozenset(denied - {sign.kind for sign in read_signs(text)})


def unmeant_signs(text: str) -> frozenset[str]:
    """Kinds that `text` denies, explains or cannot mean: no guess of the second net at these is believed."""
    read = {sign.kind for sign in read_signs(text)}
    return denied_signs(text) | (spoken_against(prepare(text).plain) - read)


def believed_signs(text: str, unlikely: Collection[str]) -> tuple[Sign, ...]:
    """`read_signs` without those that the second net finds next to impossible (`unlikely` kinds); plain words stay."""
    return tuple(
        sign
        for sign in read_signs(text)
        if not may_be_taken_back(
            sign.kind, prepare(text[max(sign.span[0] - 3, 0) : sign.span[1] + 2]).plain, text, unlikely
        )
    )


@functools.lru_cache(maxsize=64)
def read_signs(text: str) -> tuple[Sign, ...]:
    """All signs of danger in `text`, in the order of their place. Any text gives an answer; time grows linearly."""
    ready = prepare(text)
    weighed: list[Found] = []
    for found in _wordings(ready):
        weighed += weigh(ready, found)
    weighed += group_by_number(ready)
    dangers = [(one.kind, one.start, one.end) for one in weighed]
    for start, end in touched_children(ready.read, ready.plain, dangers):
        left, right = window(ready.read, start)
        weighed.append(Found("minor", start, end, left, right))
    signs: list[Sign] = []
    told: dict[str, int] = {}
    for one in sorted(weighed, key=lambda found: (found.start, -found.end)):
        if one.start < told.get(one.kind, 0):
            continue
        told[one.kind] = one.end
        first, last = ready.where[one.start], ready.where[one.end - 1] + 1
        signs.append(Sign(one.kind, text[first:last], (first, last), _when(ready, one), _who(ready, one)))
    return tuple(signs)
