"""Finds children touched by a danger: hurt, dead, threatened, watching, left alone.

Hides: how Chinese tells the child who is hit from the grown son who hits, and a child from a daughter of forty. Works
on text prepared by `bot.intake.sign_senses`. Called by `bot.intake.signs` only.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from bot.intake.sign_grammar import CHILD, KIN, OTHERS

_NEAR = 30  # characters: how far a child may stand from the danger in speech without punctuation

# "孩子他爸", "女儿的婆婆": the words name a grown-up.
_PARENT_OF = r"(?!(?:他|她|的|们的|他们)?(?:爸|妈|爹|娘|奶奶|爷爷|父亲|母亲|舅|姑|叔|姥|外婆|外公|班主任|媳|抚养|监护|户口|学费|学籍|归谁|判给|姓|探望|医保|上学问题))"
_GROWN = re.compile(
    r"^[^|‖]{0,3}(?:被|让|给|跟|和)?(?:他|她)?(?:的)?(?:老公|丈夫|婆家|婆婆|公公|老婆|媳妇|男朋友|女朋友|男友|对象|前夫|女婿)|"
    r"^[^|‖]{0,8}?(?:上班|打工|干活|加班|工地|工厂|车间|厂里|单位|结婚|婚后|嫁|大学|研究生|部队|当兵|送外卖|开车|酒驾|成年|儿媳|女婿|公司|出差|找工作|媳妇|赌博|啃老|不赡养|不孝)|"
    r"^[^|‖]{0,6}?(?:[2-9]\d|1[89]|[二三四五六]十[一二三四五六七八九]?|十八|十九)(?:多)?(?:岁|周岁|几岁)|^们"
)
_YOUNG = re.compile(r"小孩|婴|宝宝|幼|儿童|少年|少女|未成年|小学|初中|高中|中学|小朋友|童|岁|月|娃")
_PASSIVE = re.compile(r"被|让|挨|遭|叫|受|给")
_OBJECT_BEFORE = re.compile(
    r"(?:把|将|连|对|冲|朝|跟|拿|着|给|往|逼|让|害|打|骂|和|吓|向|用|抓|掐|揍|踢|踹|扇|推|摸|杀|弄|绑|动|与|到|是|了|过|说|要|说要|带)(?:我|他|她|你|自己|人家|前妻|前夫)?(?:家)?(?:的)?(?:们)?(?:两个|三个|小|亲|大|两岁|几个)?$"
)
_OTHER_AGENT = re.compile(rf"(?:他(?!们?妈的)|她|{KIN}|{OTHERS})")
_PEER = re.compile(r"同学|小朋友|弟弟|妹妹|别的孩子|别人家孩子|同桌|小孩|孩子")
_FEELS = re.compile(
    r"吓|哭|看着|看见|看到|在旁边|护着|受伤|发抖|不敢|噩梦|身上|青|肿|血|伤|害怕|躲|目睹|在场|面前|抱着|抱走|抢|也|都|遭殃|一起|上前|拦|拉|挡|当面|听见|听到|才|只有|还小|还在|没人|饿"
)
_CUSTODY = re.compile(r"归谁|抚养|判给|跟谁|探望|上户口|抚养费|学费|学籍|姓|带走了|生活费|彩礼|户口")
_ADULT_HERE = re.compile(rf"我(?!女|儿|孩|娃|家孩|家娃|闺|外|孙|侄|说|们|让|就|真|才|都)|俺|(?:{KIN})")
_OWN = re.compile(
    rf"(?:{CHILD}){_PARENT_OF}[^|‖]{{0,12}}?(?:烫伤|烧伤|骨折|摔断|摔伤|摔成|摔得|摔下|摔破|重伤|受伤|受了伤|昏迷|icu|抢救|病危|落水|溺水|坠楼|坠落|(?:楼|窗|阳台|树|滑梯|车)[^|‖]{{0,3}}(?:掉|坠)|炸伤|[^|‖]{{0,4}}骚扰|罚站|举到窗|忘在车|掉(?:下|进|到)[^|‖]{{0,4}}(?:楼|水|河|井|坑|沟|粪)|"
    r"撞伤|撞飞|被撞|被车|被[^|‖]{0,6}(?:撞|碾|轧)|中毒|失踪|走丢|走失|不见了|找不到了|被拐|拐走|拐卖|抱走|抢走|藏起来|藏匿|咬伤|被咬|被[^|‖]{0,6}狗[^|‖]{0,3}咬|残疾|致残|失明|瘫|脑瘫|截肢|"
    r"没饭吃|没吃饭|没东西吃|饿着|挨饿|饿得|饿肚子|(?:一个人|独自|自己)(?:被)?(?:关|锁|丢|扔|留|在)[^|‖]{0,4}(?:家|屋|车)|没人(?:管|照看|看着|带)|丢在|扔在|扔下|丢下|遗弃|抛弃|锁在|关在|困在|反锁|被[^|‖]{0,6}(?:欺负|霸凌|欺凌|孤立|关小黑屋|体罚|罚站|喂药|针扎|扎针)|"
    r"抽搐|重症|没(?:有|了)?呼吸|中暑|戳(?:到|伤|瞎|中)|看不见|轧断|夹断|夹伤|夹住|截瘫|坠下|坠亡|昏过去|昏倒|晕倒|烫得|烫起|起泡|胶带|摸了|罚站在|不会动|扑倒|缝了?[^|‖]{0,3}针|没救(?:回|活)|卷进|误食|误吞|拴在|脱(?:了)?(?:裤子|衣服)|要饭|约死|洗胃|不吃不喝|吃药自|离家出走|出走|怀孕|被[^|‖]{0,6}(?:骗去|诱骗|诱奸|卖)|割|自残|抑郁|做噩梦|吓得|吓坏|吓哭|吓到|吓傻|吓病|发抖|不敢(?:回家|去学校|上学|出门|说话|睡)|惊吓|流血|出血|鼻青|青一块|淤青|肿|身上[^|‖]{0,4}伤|都是伤|全是伤|伤得|缝了|没保住|没了呼吸|窒息|噎|卡住|触电|煤气)|"
    rf"(?:扔|丢|遗弃|抛弃|抢走|抢|偷走|抱走|拐走|撞了|撞到|撞伤|烫伤|烫了|咬了|咬伤|吓到|吓坏|吓着|饿着|欺负|霸凌|欺凌|针扎|锁|关|砸到|砸中|砸伤|绊倒|压伤|伤到|伤着|伤害|害死|害了|祸害|摸|亲)(?:了|着)?(?:我|他|她|我们|人家|班里|刚出生的|自己)?(?:家|的)*(?:小|亲生|刚出生的)*(?:{CHILD}){_PARENT_OF}|"
    r"(?:把|将)[^|‖]{0,3}(?:孩子|娃|宝宝|女儿|儿子)[^|‖]{0,4}(?:忘|丢|关|锁|举|按|吊)(?:在|到|进)|童工|虐童|校园霸凌|校园暴力|校园欺凌|雇(?:用|佣)未成年|使用童工"
)
_OWN_NEXT = re.compile(
    rf"(?:{CHILD}){_PARENT_OF}[^|‖]{{0,14}}[|](?:当晚|当天|后来|结果|送|被|脸|头|眼|手|腿|身|现在|还在|就|昏|到医院|不|一直|半夜|医生说|摔|从|掉|肚子|发)[^|‖]{{0,8}}?(?:骨折|摔断|重伤|昏迷|icu|重症|抢救|病危|溺水|坠|撞飞|撞伤|被撞|被车|中毒|失踪|残疾|失明|看不见|瘫|脑瘫|截肢|缝了|抽搐|轧断|夹断|流血|出血|不敢(?:回家|去学校|上学|出门)|喊疼|不会动|脱(?:了)?裤子|要饭|锁|饿|烫|窒息|噩梦|发抖|烧伤|起泡|没呼吸|没有?救|昏过去)"
)
_SPEAKS_CHILD = re.compile(r"我(?:今年|才|刚满?|只有|是个?|还是|现在|上|读|在读|在上|还没)?[^|‖]{0,2}$")
_OWN_DENIED = re.compile(
    r"(?:以为|没有?|不会|不曾|从不|别|不要|怕|未|并未|不是)(?:被|让|把|什么|大|真|人|对|受|我|他|她|家|孩子|学校){0,4}$"
)
_LIGHT = re.compile(r"怀孕(?!.{0,6}(?:岁|初中|高中|小学))|离家出走(?=.{0,3}(?:的)?(?:老婆|媳妇))")
_LAW_ONLY = re.compile(
    r"课文|试卷|怎么(?:定义|规定|界定)|什么(?:是|叫)|宣传|讲座|新闻|电影|小说|电视剧|保险(?:怎么买|哪)|主题|班会|论文|作文"
)


@functools.cache
def _child() -> re.Pattern[str]:
    return re.compile(rf"{CHILD}{_PARENT_OF}")


@functools.cache
def _own_danger() -> re.Pattern[str]:
    return re.compile(_OWN.pattern)


def _clause(text: str, at: int) -> tuple[int, int]:
    left = max(text.rfind("|", max(0, at - 60), at), text.rfind("‖", max(0, at - 60), at)) + 1
    if left == 0:
        left = max(0, at - 60)
    ends = [place for place in (text.find("|", at, at + 60), text.find("‖", at, at + 60)) if place >= 0]
    return left, min(ends, default=min(len(text), at + 60))


def _is_grown(text: str, start: int, end: int) -> bool:
    """Whether the child named at [start, end) is a grown one, one not born, or one that is safe."""
    if re.search(
        r"(?:不生|没生|没有生|生不出|生不了|想要|想生|只生)(?:个|过|出|了)?$", text[max(0, start - 5) : start]
    ):
        return True
    if re.match(r"(?:倒|总算|算)?是?(?:保住了|平安|没事|健康)", text[end : end + 6]):
        return True  # safe, and no part of it
    if re.search(r"没(?:有)?(?:老婆|老公)?没?$", text[max(0, start - 4) : start]):
        return True  # there is none
    if _YOUNG.search(text[start:end]):
        return False
    return bool(
        _GROWN.search(text[end : end + 14])
        or re.search(r"(?:[2-9]\d|[二三四五六]十)多?岁的?$", text[max(0, start - 6) : start])
    )


def _is_hit(text: str, child: re.Match[str], kind: str, start: int, end: int) -> bool:
    """Whether `child`, in the same clause as the danger at [start, end), is touched by it and does not do it."""
    if kind in ("self_harm", "death"):
        if child.start() > end:
            return bool(_FEELS.search(text[child.end() : child.end() + 12]))
        between = text[child.end() : max(child.end(), start)]
        if re.search(
            r"(?:见|看|要|抢|争|为了|因为|舍不得|给|养|管)(?:我|他|她)?(?:的)?$",
            text[max(0, child.start() - 4) : child.start()],
        ):
            return False
        return not _ADULT_HERE.search(between) or bool(
            re.search(r"带|抱|拉|领|和|跟", text[max(0, child.start() - 3) : child.start()])
        )
    if child.start() >= start:
        return True
    between = text[child.end() : start]
    if (
        _PASSIVE.search(between)
        or _PASSIVE.match(text[start : start + 1])
        or _OBJECT_BEFORE.search(text[max(0, child.start() - 6) : child.start()])
    ):
        return True
    if re.search(r"当着|面前|在场|旁边|看着|看见|目睹|吓", text[max(0, child.start() - 4) : start]):
        return True
    if _OTHER_AGENT.search(between) or re.search(r"身上|脸上|头上|全身|浑身|屁股|胳膊|身", between):
        return True
    after = text[start : end + 6]
    return bool(_PEER.search(after))


def _acts(text: str, child: re.Match[str]) -> bool:
    """Whether the child is the one who does it or finds it: "被其侄子用绳子拴着", "女儿发现送去洗胃"."""
    before, after = text[max(0, child.start() - 4) : child.start()], text[child.end() : child.end() + 3]
    return bool(
        re.search(r"(?:被|让|遭)(?:其|他|她|我|那个|亲)?(?:的|家)?$", before)
        and re.match(r"用|拿|把|给", after)
        or re.match(r"发现|看见|赶到|送我|送他|送她|报警", after)
    )


def _in_clause(text: str, danger: tuple[str, int, int]) -> tuple[int, int] | None:
    kind, start, end = danger
    left, right = _clause(text, start)
    left, right = max(left, start - _NEAR), max(end, min(right, end + _NEAR))
    for child in _child().finditer(text, left, right):
        if not _is_grown(text, child.start(), child.end()) and _is_hit(text, child, kind, start, end):
            return child.span()
    return None


def _beside(text: str, danger: tuple[str, int, int]) -> tuple[int, int] | None:
    """A child in a neighbouring clause that the danger is about."""
    kind, start, _ = danger
    left, right = _clause(text, start)
    clause = text[left:right]
    if left > 0:
        back, _ = _clause(text, left - 1)
        earlier, _ = _clause(text, back - 1) if back > 0 else (back, 0)
        for since in (back, earlier):
            for child in _child().finditer(text, since, left):
                until = _clause(text, child.start())[1]
                told = text[_clause(text, child.start())[0] : until]
                if _is_grown(text, child.start(), child.end()) or _CUSTODY.search(told):
                    continue
                if not re.match(r"孩|小孩|儿|女|闺|娃", child.group()) and _SPEAKS_CHILD.search(
                    text[max(0, child.start() - 6) : child.start()]
                ):
                    return child.span()
                if re.search(
                    r"为了|因为|舍不得|放不下|放心不下|有(?:一个|两个|了)?$",
                    text[max(0, child.start() - 5) : child.start()],
                ):
                    continue
                if (
                    since == back
                    and kind != "self_harm"
                    and _FEELS.search(text[child.end() : until])
                    and kind != "death"
                ):
                    return child.span()
                if (
                    kind == "violence"
                    and not _ADULT_HERE.search(clause)
                    and (
                        _PASSIVE.search(clause)
                        or re.search(
                            r"打(?:的|得|了)?(?:他|她)|(?:他|她)[^|‖]{0,3}$|身上|老师|同学|阿姨|教练|班主任|后妈|继父",
                            clause,
                        )
                    )
                ):
                    return child.span()
                if kind in ("self_harm", "death") and not _ADULT_HERE.search(clause) and since == back:
                    return child.span()
                if (
                    kind in ("self_harm", "death")
                    and re.match(r"(?:她|他|孩子|结果|最后|当晚|现在|昨|今|前|就|还|送|到)", clause)
                    and not _ADULT_HERE.search(clause)
                ):
                    return child.span()
    if right < len(text) and kind in ("violence", "threat"):
        _, until = _clause(text, right + 1)
        for child in _child().finditer(text, right + 1, until):
            rest = text[child.end() : until]
            if (
                not _is_grown(text, child.start(), child.end())
                and not _CUSTODY.search(text[right:until])
                and _FEELS.search(rest)
            ):
                return child.span()
            if not re.match(r"孩|小孩|儿|女|闺|娃", child.group()) and _SPEAKS_CHILD.search(
                text[max(right, child.start() - 6) : child.start()]
            ):
                return child.span()
            if re.search(r"(?:连|对|还有|包括|和|跟)[^|‖]{0,3}$", text[right : child.start()]) and not _CUSTODY.search(
                rest
            ):
                return child.span()
    return None


def touched_children(read: str, plain: str, dangers: Sequence[tuple[str, int, int]]) -> Iterable[tuple[int, int]]:
    """Places of children touched by one of `dangers` (kind, start, end), or in a danger of their own."""
    for danger in dangers:
        if danger[0] in ("violence", "self_harm", "threat", "death"):
            place = _in_clause(read, danger) or _beside(read, danger)
            if place is not None:
                yield place
    for match in (*_own_danger().finditer(read), *_OWN_NEXT.finditer(read)):
        left, right = _clause(read, match.start())
        child = _child().search(read, match.start(), match.end())
        if child is not None and (_is_grown(read, child.start(), child.end()) or _acts(read, child)):
            continue
        if _OWN_DENIED.search(read[left : match.start()]) or re.search(
            r"(?:没有?|没被|不会)(?:被|受|让|什么|大|摔|真|人)", match.group()
        ):
            continue
        if _LIGHT.search(plain[match.start() : match.end() + 8]) or _LAW_ONLY.search(plain[left:right]):
            continue
        yield match.span()
