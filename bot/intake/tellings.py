"""How a telling is cut into two, and which words begin another dispute.

Hides the words: what is a wrong done to somebody, what adds one to another, what says that a thing is settled. Kept free
of everything else, so that the understanding may call it (`cuts`) before it judges the parts; `matters` calls the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Chinese characters that a part needs to be a telling of its own, and how many cuts are tried.
TELLING, CUTS = 7, 10
BREAK = re.compile(r"[，。！？；,!?;\n]+|\s+")
HAN = re.compile(r"[\u4e00-\u9fff]")
#: Something done to her: a part without any is background ("宅基地是公公的名字"), not a matter.
WRONG = re.compile(
    r"不[给付发还退赔修管让养认肯理同承签]|没[给付发还退赔结人]|拖|欠|打|漏|占|堵|吵|扣|撞|咬|骗|辞|开除|赶|离婚|伤|断|压|摔|坏|乱|涨|闹|"
    r"砸|挡|偷|私自|威胁|跑了|关门|毛病|失误|堆|扔|灌|噪|停|臭|没法"
)
ADDED = re.compile(
    r"^[^，。；！？,;!?\s]{0,10}?(?:还(?![款钱清在没给是价])|又|也(?!许)|另外|再有|再一个|而且|同时|顺便)"
)
ASKING = re.compile(r"[?？]|吗|怎么|多少|能不能|可不可以|是不是|算不算|该不该|谁")
#: What she says is settled or not her point is no second matter.
SETTLED = re.compile(
    r"不(?:怨|追究|说|跟|关|是问)|没有?(?:争议|意见|矛盾)|已经(?:处理|赔|拿|办)|先不|处理完|早了结|办完|先声明"
)
ANOTHER = re.compile(
    r"^(?:对了|哦|嗯|噢|那个|我|俺|咱|这边|[，,。 ])*(?:(?:还|另外?|再|又)(?:外)?(?:想)?(?:有|说|讲|反映)?一?(?:个|件|档子|桩|码)(?:别的|另外的)?"
    r"(?:事儿?|事情|纠纷|麻烦)|另外?(?:还)?(?:有)?一?(?:件|桩)(?:事儿?|事情)?|第二[件桩](?:事儿?|事情)?|还有别的事儿?)(?:情)?[，,。:：呢啊呀 ]*"
)


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """Where a telling may pass to another matter: both parts tell of a wrong, the second asks nothing."""
    if SETTLED.search(text):
        return
    found = 0
    for cut in BREAK.finditer(text):
        one, other = text[: cut.start()], text[cut.end() :]
        told = all(len(HAN.findall(part)) >= TELLING and WRONG.search(part) for part in (one, other))
        if told and not ASKING.search(other):
            found += 1
            yield one, other
        if found == CUTS:
            return


def another(text: str) -> str | None:
    """What follows "我还有个事"; "" when nothing does; None when the words do not begin so."""
    begun = ANOTHER.match(text)
    return None if begun is None else text[begun.end() :].strip()


def tells(text: str) -> bool:
    """Whether the words are long enough to tell of a matter."""
    return len(HAN.findall(text)) >= TELLING


def added(text: str) -> bool:
    """Whether the words begin by adding themselves to something (还, 又, 另外)."""
    return ADDED.search(text) is not None


def of_a_wrong(text: str) -> bool:
    """Whether the words tell, without asking, of a wrong that is not settled."""
    return WRONG.search(text) is not None and ASKING.search(text) is None and SETTLED.search(text) is None
