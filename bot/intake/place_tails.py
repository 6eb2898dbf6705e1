"""Township and village names after a county's name, read by grammar; no table of them is complete or stays right.

`places` calls it. Hides: which endings make a township or a village, and what looks like one but is not
(这个村, 乡下, 土地流转村里不管).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Characters that end a name: pronouns, particles, verbs a citizen uses right after saying where she lives.
_STOPS = "在我你您他她它们的了是这哪被把给去从没不就也又吗吧呢啊说找欠跟到着过很嘛么呀哦要让叫请问"
# 那大镇 and 新都街道 are towns; 那边 and 都不管 are not.
_HAN = f"(?:(?![{_STOPS}]|那[个边里家些时天儿]|都[不没在是有要被给去说知拖欠])[一-鿿])"
_TOWN = re.compile(
    rf"(?P<name>{_HAN}镇镇|(?:(?!街道|社区|村(?!{_HAN}{{0,3}}(?:街道|镇|乡))){_HAN}){{1,8}}?"
    r"(?:街道|镇|(?:民族)?乡(?!里|亲|镇|村|党|塘街道|下(?![一-鿿]{1,4}(?:村|社区)))|苏木|农场|林场|牧场|渔场|地区办事处|办事处))"
    r"|(?P<corps>[一二三四五六七八九十百零〇\d]{1,4}团)(?![队体购结伙])"
)
_VILLAGE = re.compile(
    rf"(?P<name>(?:(?!社区|村){_HAN}|村(?=社区|村)){{1,10}}?"
    r"(?:村村民委员会|村民委员会|村委会|居民委员会|居委会|社区|嘎查|村(?!庄)))"
    r"|(?P<corps>[一二三四五六七八九十\d]{1,3}连)(?![续接着])"
)
_GAP = re.compile(r"[ 　,，/·、\-]{0,2}")
# Names that only say "some village", and words that show the match has run through a sentence.
_NOBODY = re.compile(
    r"^(?:[一二三四五六七八九十两几\d]?个?|某某?|本|小|老|全|各|古|集|城|乡|农|同|邻|外|山|新农|城中(?=村)|周边|附近|当地|所在|下面|下属|农贸|"
    r"一个小?|整个|隔壁|旁边|所属|街|两|[Xx]+|自然|行政)(?:村|镇|乡|街道|社区|村委会|居委会|小镇)$"
)
_SENTENCE = re.compile(
    r"流转|承包|征地|征收|拆迁|工资|农民|老板|合作|集体|公司|企业|工地|干活|打工|上班|租|种地|房东|学校|医院|位于|有个|有一|一个|本地|"
    r"所有|领导|干部|政府|市场|项目|开发商|物业|邻居|因为|现在|去年|今年|之前|后来|土地|居民|住户|业主|来自|老家"
)


@dataclass(frozen=True, slots=True)
class Tail:
    """Township and village as said, empty when not said; `end` is where they stop in the text."""

    town: str
    village: str
    end: int


def read_tail(text: str, start: int) -> Tail:
    """Township, then village or community, right after `start`.

    >>> read_tail("练市镇荃步村3组", 0)
    Tail(town='练市镇', village='荃步村', end=6)
    """
    end = start
    town = village = ""
    found = _next(_TOWN, text, end)
    if found is not None:
        town, end = found
    found = _next(_VILLAGE, text, end)
    if found is not None:
        village, end = found
    return Tail(town, village, end)


def _next(pattern: re.Pattern[str], text: str, at: int) -> tuple[str, int] | None:
    gap = _GAP.match(text, at)
    begin = gap.end() if gap else at
    # A window keeps the work per call constant however long the citizen writes.
    match = pattern.match(text, begin, begin + 24)
    if match is None:
        return None
    name = match.group()
    if _NOBODY.search(name) or _SENTENCE.search(name):
        return None
    # After a comma a new sentence may have begun; only something as short as a name is taken.
    if begin > at and len(name) > 6:
        return None
    if name[0] in "和与及" and name[1:2] not in tuple("平睦顺合桥龙田气兴乐溪尚谐美丰爱"):
        return None
    return name, match.end()
