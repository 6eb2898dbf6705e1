"""A question asked beside something told: "没签合同，要收费吗" answers the clerk and asks her something.

Hides how a message is cut into what it tells and what it asks. Kept free of everything else, so that the understanding
may call it (`cut_off`) before it judges the asking part by itself; the interview takes the parts one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A longer message is a letter: its questions are part of the story.
LONGEST = 160
#: Chinese characters that a question of its own needs.
SHORTEST = 3
ASKS = re.compile(
    r"[?？]|[吗嘛么](?:[。！.!]|$)|呢(?:[。！.!]|$)|怎么|咋|多[少久长大]|几天|几时|什么|啥|谁|哪|[是能要会有行可算管]不|有没有|可不可以"
)
#: Words that only lead to the question, and tell nothing.
_LEAD = re.compile(
    r"(?:你好|您好|在吗|那|那个|对了|嗯+|哦|请问|(?:我|俺)?(?:就|只)?(?:想|先|再)*请?(?:问|打听|了解|咨询)(?:一?[下个问])?(?:你们?)?(?:个问题|点事|点事儿|事)?|"
    r"(?:我)?(?:有|还有)个?(?:问题|事)(?:想问)?|(?:你|您)(?:先)?(?:告诉|跟)我(?:说)?)[了呢啊吧，, ]*"
)
_BREAK = re.compile(r"[，。！？；,!?;\n]+|\s+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def cut_off(text: str) -> Iterator[tuple[str, str]]:
    """Ways to cut a message into (what is asked, what is told): the last clause or two ask, or the first one or two.

    >>> list(cut_off("没签合同，要收费吗"))
    [('要收费吗', '没签合同')]
    >>> list(cut_off("没签合同"))
    []
    """
    if len(text) > LONGEST:
        return
    breaks = [cut for cut in _BREAK.finditer(text) if text[: cut.start()].strip() and text[cut.end() :].strip()]
    for cut in breaks[:-3:-1]:
        yield from _fitting(text[cut.end() :], text[: cut.start()])
    for cut in breaks[:2]:
        yield from _fitting(text[: cut.end()], text[cut.end() :])


def _fitting(asked: str, told: str) -> Iterator[tuple[str, str]]:
    if (
        ASKS.search(asked.rstrip("，, "))
        and len(_HAN.findall(asked)) >= SHORTEST
        and not _LEAD.fullmatch(told.strip(" ，。,."))
    ):
        yield asked.strip(), told.strip()


def asks_at_the_end(text: str) -> bool:
    """Whether something is told and the last clause asks, in so many words.

    >>> asks_at_the_end("三千六，能全退吗"), asks_at_the_end("三千六"), asks_at_the_end("能全退吗")
    (True, False, False)
    """
    return any(_ASKS_PLAINLY.search(asked) for asked, _ in list(cut_off(text))[:1] if text.rstrip().endswith(asked))


_ASKS_PLAINLY = re.compile(r"(?:[?？]|[吗嘛]|怎么办|咋办|怎么弄|咋整)[?？。！]*$")
