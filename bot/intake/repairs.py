"""Slips mended in the same breath: "三万，不对，是三万五", "我叫王二，哦不对，我叫王三": what was taken back does not count.

Hides the words that take something back, and how far back they reach. Called by `hearing`, which knows the values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.intake.phrases import CLAUSE
from bot.intake.reading.answers import read_name

#: So far before and after the words of taking back a value may stand to be meant by them.
NEAR = 12
_BACK = re.compile(
    r"[，,。；;！!？?、 ]+(?:哦|噢|喔|啊|哎呀?|唉|呃|嗯|额|[，, ])*"
    r"(?:(?:我)?(?:刚才)?(?:说|写|记|打|讲|算|搞)错(?:了|啦)?|不对不对|不对|错了|不是不是|等等|等一下|更正(?:一下)?|不好意思|不是[^，,。；; ]{1,8}(?=[，, ]*是))"
    r"(?:[，,。：: ]*(?:我)?(?:说|写|记|打)错(?:了|啦)?)?(?:了|啊|哦|哈)?[，,。：:！! ]*(?:应该是|应该|应为|改成|而?是)?[，,： ]*"
)
_NAMED = re.compile(r"(?:叫做?|姓|是)(?P<name>[\u4e00-\u9fff]{2,4})$")


def after(text: str) -> tuple[str, str] | None:
    """(what was taken back with all before it, what was said instead) at the last slip; None when nothing was.

    >>> after("表哥叫刘强，错了，刘刚")
    ('表哥叫刘强', '刘刚')
    """
    slips = [slip for slip in _BACK.finditer(text) if text[: slip.start()].strip() and text[slip.end() :].strip()]
    return (text[: slips[-1].start()], text[slips[-1].end() :]) if slips else None


def without_slips(text: str, spans: Sequence[Sequence[tuple[int, int]]]) -> str:
    """The text with every value that was taken back blanked out by commas, so that all offsets stay.

    `spans`: for each kind of value, where its values stand. Of two values of one kind beside the words of taking back,
    the former goes; so does the former of two names.
    """
    for slip in _BACK.finditer(text):
        for kind in spans:
            before = [
                s for s in kind if 0 <= slip.start() - s[1] <= NEAR and not CLAUSE.search(text[s[1] : slip.start()])
            ]
            behind = [s for s in kind if 0 <= s[0] - slip.end() <= NEAR]
            if before and behind:
                text = _blank(text, before[-1])
        named = _NAMED.search(text[max(0, slip.start() - NEAR) : slip.start()])
        clause = CLAUSE.split(text[slip.end() :])[0]
        if named and (read_name(clause) or re.match(r"我?(?:叫|是)", clause)):
            text = _blank(text, (slip.start() - len(named["name"]), slip.start()))
    return text


def _blank(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + "，" * (span[1] - span[0]) + text[span[1] :]
