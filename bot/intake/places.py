"""Reads places from what citizens write: 石嘴山大武口, 南通海安曲塘镇虹桥社区, 门头沟, 祁阳县梅溪镇.

Called by the reading of facts and by `routing`. Hides: colloquial names without 省市县, old names, same-named districts,
and all the ways in which a place's name stands in a text without being a place (北京路支行, 重庆小面, 周六安排).
An ambiguous name is never settled by likelihood: only another place in the same text settles it.
Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.intake.divisions import RANKS, Divisions, Level, Naming
from bot.intake.place_tails import Tail, read_tail


@dataclass(frozen=True, slots=True)
class Place:
    """A place as said. `text` is exactly `source[span[0]:span[1]]`.

    `code` is the GB/T 2260 code of the county, or of the city or province when no more is said; None when the name
    belongs to several places, which are then in `candidates`. `names` goes from the province down in official names,
    as far as said or implied; for an ambiguous place it holds only what is certain.
    """

    text: str
    code: str | None
    names: tuple[str, ...]
    candidates: tuple[str, ...]
    span: tuple[int, int]
    level: Level
    town: str = ""
    village: str = ""

    @property
    def path(self) -> str:
        """`浙江省/湖州市/南浔区/练市镇`."""
        return "/".join(self.names)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    namings: tuple[Naming, ...]


@dataclass(frozen=True, slots=True)
class _Chain:
    start: int
    end: int
    codes: tuple[str, ...]
    steps: int
    tail: Tail
    any_town: bool


# Names that are also plain words for a part of any town: a place only below a city said in the same text.
_ANY_TOWN = frozenset({"城区", "郊区", "矿区", "东区", "西区", "新城区", "老城区", "新市区", "港口区", "站前区"})
_BROKEN_NAME = {
    "市": "场面价值",
    "区": "别域间分块划",
    "县": "级域",
    "省": "钱心事吃力",
    "旗": "下舰帜号袍",
    "州": "",
    "盟": "友约",
}
_BUILT = re.compile(
    r"街道|镇(?!上|里|政府|干部)|乡(?!下|里|亲|村|镇|党)|村(?!里|民|上)|社区|苑|花园|花苑|小区|公寓|大厦|广场|酒店|宾馆|饭店|山庄|新村|"
    r"家园|佳园|公馆|小镇|古镇(?!镇)|[东南西北中]?[一二三四五六七八九十]{0,2}(?:路(?!过|上|费|途|程)|街(?!道)|大道|大街|胡同|巷|弄|立交|高架)"
)
_BRAND = re.compile(
    r"航空(?!港)|航班|银行|小面|火锅|拉面|牛肉面|米粉|小吃|烤鸭|烤肉|料理|菜(?!市)|话(?!费)|时间|卫视|晚报|日报|人寿|石油|石化|电器|现代|本田|"
    r"大众|啤酒|火腿|大闸蟹|瓜|玉石|玉器|石材|石地|大理石|茶|枣|理工|牌|时代|户口本?上写|条约|路支行"
)
_SCENERY = re.compile(
    r"边|畔|景区|风景|机场|公园|大桥|水库|局|厅|部门|机关|民警|里弄|山|湖(?!区)|河|寺|塔|饭|门(?!面)|学院|大学"
)
_SCHOOL = re.compile(r"大学|学院|中学|小学|幼儿园|实验")
_COMPANY = re.compile(
    r"(?!分公司|某|一家|一个|这家|那家|本地|当地|市|这边|那边)[^\s，。；、！？,.!?的在我你他了把被给去欠]{1,16}?"
    r"(?:有限责任公司|有限公司|股份公司|公司|集团|分行|支行|银行|航空(?!港))"
)
_CUE = re.compile(r"(?:[在住到从去回是至往于]|来自|老家|我家|地址[:：]?|户籍地?[:：]?|籍贯[:：]?|坐落|家里)[ 　]?$")
_CLAUSE_START = re.compile(r"(?:^|[\s，。；！？,.!?:：;“”\"'（(「《])$")
_SOFT_END = re.compile(
    r"$|[\s，。；！？,.!?:：;”\"'）)」]|的|人|这|那|本地|当地|打工|上班|工地|做工|某|有|老家|呢|吧|啊"
)
_COUNTY_OFFICE = re.compile(r"[里级域委城上长医法公有领内外局处政]")
_NOT_IDIOM = re.compile(r"大同小异|长治久安|天水一色|海南岛?航")
# Old names that ended before this are not weighed against a namesake in force.
_STILL_SAID = "2011"
_GAP = re.compile(r"(?:[ 　/·—\-,，]|的|市辖区){0,2}")


def read_places(text: str, divisions: Divisions) -> tuple[Place, ...]:
    """All places in `text`, in order. Total: any text is read, most give nothing."""
    chains = _chains(text, divisions)
    known = frozenset(chain.codes[0] for chain in chains if len(chain.codes) == 1 and not chain.any_town)
    places = []
    for chain in chains:
        codes = _settle(chain, known, divisions)
        if codes:
            places.append(_place(text, chain, codes, divisions))
    return tuple(places)


def _chains(text: str, divisions: Divisions) -> list[_Chain]:
    chains: list[_Chain] = []
    at = 0
    while at < len(text) - 1:
        mention = _mention(text, at, divisions, ())
        if mention is None:
            at += 1
            continue
        chain, at = _follow(text, mention, divisions)
        if chain is not None:
            chains.append(chain)
    return chains


def _follow(text: str, first: _Mention, divisions: Divisions) -> tuple[_Chain | None, int]:
    """The chain that begins with `first` (浙江 湖州 南浔 …) and where reading goes on."""
    codes = _widest(first.namings, divisions)
    # 海南贵德 is in the prefecture 海南, not in the province: what follows may choose among all of that name.
    parents: Sequence[str] = tuple(n.code for n in divisions.namings(text[first.start : first.end]))
    end, steps = first.end, 1
    while True:
        gap = _GAP.match(text, end)
        nxt = _mention(text, gap.end() if gap else end, divisions, parents) or _sharing(text, end, divisions, parents)
        if nxt is None:
            break
        inner = _narrow(parents, nxt.namings, divisions)
        if not inner:
            break
        codes, parents, end, steps = inner, inner, nxt.end, steps + 1
    lone = steps == 1 and (
        all(n.form == "short" for n in first.namings) or all(RANKS[divisions.level(code)] < 3 for code in codes)
    )
    # 总包是永顺劳务公司 names a company, and is no word that she is there.
    named = text[max(0, first.start - 1) : first.start] == "是"
    if lone and (named or not _located(text, first.start)) and _COMPANY.match(text, end, end + 24):
        return None, end
    tail = Tail("", "", end)
    if any(divisions.level(code) != "province" for code in codes):
        tail = read_tail(text, end)
    any_town = steps == 1 and all(n.row.name in _ANY_TOWN and n.form == "name" for n in first.namings)
    return _Chain(first.start, tail.end, codes, steps, tail, any_town), tail.end


def _sharing(text: str, end: int, divisions: Divisions, parents: Sequence[str]) -> _Mention | None:
    """青岛市北区, 济南市中区: the 市 before `end` belongs to the city and to its district, or only to the district."""
    if text[end - 1] != "市":
        return None
    found = _mention(text, end - 1, divisions, parents)
    if found is None or any(naming.form == "short" for naming in found.namings):
        return None
    return found if _narrow(parents, found.namings, divisions) else None


def _mention(text: str, at: int, divisions: Divisions, parents: Sequence[str]) -> _Mention | None:
    """The longest name that begins at `at` and may stand for a place there."""
    for length in divisions.lengths(text[at : at + 2]):
        end = at + length
        word = text[at:end]
        if len(word) < length:
            continue
        found = divisions.namings(word)
        if not found:
            continue
        if not parents:
            # 黄山 alone is the city; the district of that name is called 黄山区.
            top = min(RANKS[divisions.level(n.code)] for n in found)
            found = [n for n in found if n.form != "short" or RANKS[divisions.level(n.code)] == top]
        good = tuple(n for n in found if _stands(text, at, end, n, divisions, parents))
        if not good:
            # 酒泉瓜州, 浙江台州路桥: too common a word alone or half of a road, but a place of its own follows at once.
            good = tuple(n for n in found if _leads(text, end, n, divisions))
        if good:
            return _Mention(at, end, good)
    return None


def _leads(text: str, end: int, naming: Naming, divisions: Divisions) -> bool:
    if naming.row.bare not in ("open", "cue", "parent") or divisions.level(naming.code) == "county":
        return False
    inner = _mention(text, end, divisions, (naming.code,))
    return inner is not None and bool(_narrow((naming.code,), inner.namings, divisions))


def _stands(text: str, start: int, end: int, naming: Naming, divisions: Divisions, parents: Sequence[str]) -> bool:
    below = any(divisions.within(naming.code, parent) for parent in parents)
    after = text[end : end + 1]
    if naming.form != "short" and naming.row.short != () or naming.form == "long":
        # 夷陵区分乡镇: 区分 is a word, but what follows is a town of its own.
        return not after or after not in _BROKEN_NAME.get(text[end - 1], "") or bool(read_tail(text, end).town)
    if naming.form == "name":
        return _short_county_stands(text, start, end, below)
    return _bare_stands(text, start, end, naming, below)


def _short_county_stands(text: str, start: int, end: int, below: bool) -> bool:
    """赵县, 沙县, 和县, a banner: names that keep their ending; two characters are easily a piece of a sentence."""
    if end - start > 2:
        return text[end : end + 1] == "" or text[end] not in _BROKEN_NAME.get(text[end - 1], "")
    if text.startswith(("小吃", "级"), end):
        return False
    if below:
        return True
    if _COUNTY_OFFICE.match(text, end):
        return False
    return _located(text, start) or bool(_CLAUSE_START.search(text[max(0, start - 1) : start]))


def _bare_stands(text: str, start: int, end: int, naming: Naming, below: bool) -> bool:
    row = naming.row
    if row.bare in ("never", "") or _BUILT.match(text, end) or _NOT_IDIOM.match(text, start):
        return False
    # 哈密瓜 is a fruit; 杭州萧山瓜沥镇 is a town.
    if _BRAND.match(text, end) and not (below and read_tail(text, end).town):
        return False
    before = text[max(0, start - 4) : start]
    after = text[end : end + 1]
    if below:
        return not (row.bare == "parent" and _SCENERY.match(text, end))
    if row.bare == "parent" and _leads_to_a_town(text, start, end):
        return True
    if row.bare == "parent" or (row.level == "county" and _SCHOOL.match(text, end)):
        return False
    if before and before[-1] in row.not_after:
        return False
    located = _located(text, start)
    broken = bool(after) and after in row.not_before
    if row.bare == "open":
        return located or not broken
    if located:
        return not broken or after in "上下里"
    if not _CLAUSE_START.search(before[-1:]) or broken:
        return False
    return bool(_SOFT_END.match(text, end)) or read_tail(text, end).end > end


def _leads_to_a_town(text: str, start: int, end: int) -> bool:
    """天门岳口镇: too common a word alone, but a township follows at once."""
    if not _located(text, start) and not _CLAUSE_START.search(text[max(0, start - 1) : start]):
        return False
    town = read_tail(text, end).town
    return len(town) >= 3 and town.endswith(("镇", "乡", "街道")) and text.startswith(town, end)


def _located(text: str, start: int) -> bool:
    return bool(_CUE.search(text[max(0, start - 5) : start]))


def _widest(namings: Sequence[Naming], divisions: Divisions) -> tuple[str, ...]:
    """What a name means on its own: names in force before old ones, and 长沙 is the city, not the county of that name.

    A county's old name that people still use stays possible beside a namesake: 江北区 is in 宁波, and was in 重庆.
    """
    best = [n for n in namings if not n.row.successors] or list(namings)
    if all(divisions.level(n.code) == "county" and n.form != "short" for n in best):
        best = [n for n in namings if not n.row.successors or n.row.valid_to >= _STILL_SAID or not n.row.valid_to]
        best = best or list(namings)
    if all(n.form == "short" for n in best):
        top = min(RANKS[divisions.level(n.code)] for n in best)
        best = [n for n in best if RANKS[divisions.level(n.code)] == top]
    return tuple(dict.fromkeys(n.code for n in best))


def _narrow(parents: Sequence[str], namings: Sequence[Naming], divisions: Divisions) -> tuple[str, ...]:
    strictly = [n for n in namings if not set(parents).isdisjoint(divisions.lineage(n.code)[:-1])]
    # The same place said twice (北京市北京市) adds nothing but its end; 环翠区环翠楼街道 is not that.
    again = [n for n in namings if n.code in parents and n.form != "short"]
    return _widest(strictly or again, divisions) if strictly or again else ()


def _settle(chain: _Chain, known: frozenset[str], divisions: Divisions) -> tuple[str, ...]:
    """The chain's candidates in the light of `known`, the certain places of the text; empty when it is no place."""
    if len(chain.codes) == 1 and not chain.any_town:
        return chain.codes
    inside = tuple(code for code in chain.codes if known.intersection(divisions.lineage(code)))
    if inside:
        return inside
    if chain.any_town:
        return ()
    # The same city: 我住海淀区，公司在朝阳区.
    beside = tuple(
        code
        for code in chain.codes
        if _city_like(parent := divisions[code].parent, divisions) and not known.isdisjoint(divisions.children(parent))
    )
    return beside or chain.codes


def _city_like(code: str, divisions: Divisions) -> bool:
    # Two counties directly under a province (济源, 仙桃) have no city in common; two of a municipality have.
    return divisions.level(code) == "city" or divisions.names(code)[0] in ("北京市", "上海市", "天津市", "重庆市")


def _place(text: str, chain: _Chain, codes: tuple[str, ...], divisions: Divisions) -> Place:
    tail = tuple(filter(None, (chain.tail.town, chain.tail.village)))
    names: tuple[str, ...]
    if len(codes) == 1:
        code: str | None = codes[0]
        names = divisions.names(codes[0])
        candidates: tuple[str, ...] = ()
    else:
        code = None
        shared = {divisions[c].name for c in codes}
        names = tuple(shared) if len(shared) == 1 else ()
        candidates = codes
    level: Level = divisions.level(codes[0])
    if chain.tail.village:
        level = "village"
    elif chain.tail.town:
        level = "township"
    return Place(
        text=text[chain.start : chain.end],
        code=code,
        names=names + tail,
        candidates=candidates,
        span=(chain.start, chain.end),
        level=level,
        town=chain.tail.town,
        village=chain.tail.village,
    )
