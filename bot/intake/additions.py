"""New facts told after filing, without "我要补充": read back, and asked whether they belong to what was filed.

Hides which words tell something new, and what is done with them: her words go to the committee as a supplement, facts
that were blank go with them; what stands is never overwritten by such words (that is a correction). The step is
`add_on`; `errands` calls `decided` and `answered`, `words` calls `told`.
"""

from __future__ import annotations

import re

from bot.intake.questions import ASKS
from bot.intake.reading.answers import read_yes_no
from bot.intake.tellings import HAN
from bot.intake.turn import Turn

#: Chinese characters below which words tell nothing that a mediator would want to read.
SHORTEST = 5
_NO_NEWS = re.compile(
    r"(?:谢谢|多谢|感谢|麻烦|辛苦|知道|晓得|明白|了解|清楚|收到|好的?|行|可以|等|那我|再见|拜拜|没有?别的|没什么|不用|没事)"
)
_ANOTHER = re.compile(r"另(?:外)?一件|别的事|不是(?:这|那)件|第二件|新的一件")


def told(turn: Turn, text: str) -> bool:
    """Keep words that tell something until she says whether they belong to the filed matter. True when they do tell."""
    record = turn.record
    if record.status != "filed" or len(HAN.findall(text)) < SHORTEST or ASKS.search(text) or _NO_NEWS.match(text):
        return False
    record.errand, record.errand_about = "add_on", text
    turn.say("utter_add_on", words=text if len(text) <= 80 else f"{text[:80]}……")
    return True


def decided(turn: Turn, value: str) -> str | None:
    """Her answer: `yes` sends the words, `no` drops them, `another` begins a matter. Returns its words then."""
    record = turn.record
    words = record.errand_about or ""
    record.errand = record.errand_about = None
    if value == "yes" and words:
        _fill(turn, words)
        turn.wish("supplement", words=words)
    elif value == "another" and words:
        return words
    else:
        turn.say("utter_errand_dropped")
    return None


def answered(text: str) -> str | None:
    """What typed words answer: yes, no, another; None when they are about something else."""
    if _ANOTHER.search(text):
        return "another"
    if re.fullmatch(
        r"(?:就是?|是)?(?:这|那)件(?:事)?(?:的)?[。！!]?|(?:嗯+|好的?|行|那|可以|对|是的?|[，, ])*(?:就|帮我|给我)?(?:补|转|加|记)(?:进去?|上|给他们?|过去|下来|一下|吧|了)+.{0,4}",
        text,
    ):
        return "yes"
    said = read_yes_no(text)
    return said if said in ("yes", "no") else None


def _fill(turn: Turn, words: str) -> None:
    """Facts that were blank and stand in the words."""
    matter = turn.steps.matter(turn.record)
    if matter is None:
        return
    open_ = [spec for spec in turn.listened(matter) if spec.key not in turn.record.facts]
    for key, value in turn.ear.story(open_, words, turn.heard.at.date(), cued=True).items():
        turn.write(key, value, "answer")
