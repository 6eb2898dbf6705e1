"""Which danger read by the rules may be taken back when the second net finds it next to impossible.

The rules know words, not what is told: "我写的方案被人砍得只剩一页" is a stabbing to them. Where the trained net
(`bot.understanding.dangers`, UNLIKELY) sees nothing of it, the rule's find is dropped, unless it is said so plainly
that no opinion counts: a blow and whom it hits, to kill somebody, a gas can, the water cut. That one wants to die is
never taken back, nor anything said in a few words. Called by `bot.intake.signs` only.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

#: Shorter words are answers ("以前推过我一次"); the net knows most answers as harmless.
SHORTEST: Final = 12
_HER = r"(?:我|俺|咱|阿拉|他|她|你|老人|孩子|娃|爸|妈|爹|娘|爷|奶|老婆|老公|媳妇|儿子|女儿|闺女|妹|姐|哥|弟|婆|公)"
_STRIKE = r"(?:打|揍|踹|踢|扇|抽|掐|捶|砸|咬|推|搡|拽|拖|烫|捅|砍|杀|摁|按|捆|绑|勒|锁|关)"
PLAIN: Final = {
    "violence": re.compile(
        rf"{_STRIKE}(?:了|过|着|伤|死|断|残)?{_HER}|(?:把|将){_HER}[^，。]{{0,6}}{_STRIKE}|{_HER}(?:们)?(?:被|挨|遭)[^，。]{{0,4}}{_STRIKE}|"
        r"家暴|强奸|性侵|强暴|动粗|拳脚|掌掴|扇打|殴打|鼻青|打(?:了个)?半死|耳光|嘴巴子?|巴掌|验伤|伤情|告诫书|击伤|鞭痕|拖上车|被打$|打成一团"
    ),
    "threat": re.compile(
        rf"(?:杀|砍|捅|剁|宰|埋|弄死|整死|搞死|打死|撞死|烧死|毒死|炸死|做掉|废)(?:了|死|掉|断)?{_HER}|杀人|(?:他|她|你|我)(?:们)?全家|打(?:断|折|残)|"
        r"同归于尽|鱼死网破|要(?:你|他|她)(?:们)?的?(?:狗|小)?命|拿命|拼命|报复社会|汽油|硫酸|煤气罐|炸药|泼(?:了)?(?:红|油)?漆|大粪|花圈|裸照|棺材抬|抬(?:着)?棺材|灵堂|"
        r"堵(?:门|路|人|了|住|死|在|他|你|我|大门)|(?:把|将)[^，。]{1,10}(?:堵|截|封)|跟踪|尾随|弄死|整死|磨刀|打起来|断了头|必须躺下|点(?:着|了)|掂量"
    ),
    "minor": re.compile(rf"{_STRIKE}|摸|脱|死|杀|虐|猥亵|强奸|性侵|厂|夜总会"),
    "death": re.compile(
        r"尸检|法医|死因|猝死|溺|坠|触电|身亡|没救|救不|抢救|没气|断气|断的气|头一歪|喊不应|心脏骤停|不治|难产|医疗事故"
    ),
    "group": re.compile(r"上访|堵|围|横幅|静坐|罢|聚|集体|信访"),
    "utility_cut": re.compile(
        rf"(?:断|停|掐|切)(?:了|掉)?(?:{_HER}们?家?的?)?(?:水|电|气|暖)|(?:水|电|气|暖气?)(?:也|都|全|和电)?(?:给|被)?(?:我)?(?:断|停|掐|切)了|(?:我|俺)(?:们)?家"
    ),
}


def may_be_taken_back(kind: str, words: str, said: str, unlikely: Collection[str]) -> bool:
    """Whether a sign of `kind`, read from `words` (one writing, three characters before and two after) in what was `said`, falls when the net doubts `unlikely`."""
    return kind in unlikely and kind in PLAIN and len(said) >= SHORTEST and not PLAIN[kind].search(words)
