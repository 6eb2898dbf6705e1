"""Who stands on the other side, by what is said to have passed between them: 合作社的老陈欠我两万, 我借给表弟周强五万.

Hides the grammar of owing, lending, taking, hitting and promising: which end of the verb is she, and which the other.
What she only heard of others (听说老赵欠老孙十万) names nobody. Called by `phrases.party_from_story`.
"""

from __future__ import annotations

import re

from bot.intake.reading.answers import read_name

_HERS = "(?:我|俺|咱|本人)(?:们|家|爸|妈|父亲|母亲|老公|老婆|丈夫|妻子|儿子|女儿|弟弟|妹妹|哥哥|姐姐|老伴|奶奶|爷爷)?(?:几个|大家|全家|夫妻|俩)?"
#: The commoner surnames that are not also a plain word after 老 or 小 (小区, 老房, 小时).
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛温芦季俞章鲁葛伍韦"
    "申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃翁隋植霍甘桂柯娄阮"
)
_CALLED = (
    "老板娘?|总|经理|主任|书记|支书|村长|组长|队长|班长|师傅|工头|包工头|房东|会计|主管|店长|院长|校长|园长|科长|厂长|医生|大夫|老师|"
    "某某?|大哥|大姐|大爷|大妈|大婶|大叔|大伯|大娘|叔|婶子|婶娘|婶|嫂子|嫂|哥|姐|姨|伯|爷|家(?:老[大二三四五六]|儿子|媳妇|小子)|老[大二三四五六幺]|[二三四五六]"
)
_ROLE = (
    "包工头|小?工头|老板娘?|房东|二房东|租客|邻居|中介|司机|车主|业务员|经理|店主|店长|老乡|工友|同事|同学|朋友|战友|亲戚|合伙人|村长|村主任|支书|组长|队长|"
    "班长|带班的?|介绍人|担保人|会计|厂长|院长|校长|园长|医生|教练|楼[上下]的?|对门的?|隔壁村?的?|前院的?|后院的?"
)
_KIN = "表[哥弟姐妹]|堂[哥弟姐妹]|小叔子?|小舅子|大舅子|姐夫|妹夫|女婿|儿媳|侄[子儿]|外甥|连襟|妯娌|前夫|前妻|[大二三]?哥|[大二三]?弟|[大二三]?姐|妹妹?"
#: Whose man he is: 合作社的老陈, 村东头砖厂的刘老四.
_OF = "(?:(?:同村|本村|老家|一个村|[东西南北]头|村[东西南北]头?|隔壁村?|[一二三四五六七八九十]组|镇上|街上|[\u4e00-\u9fff]{0,4}(?:合作社|厂|公司|店|超市|工地|食堂|中介所?|物业|市场|修理铺|门市|村|组|队|家))(?:里|上)?的)"
#: A character of a given name: none of those with which the sentence goes on.
_GIVEN = "[^\\W\\da-zA-Z一二三四五六七八九十百千万两半几的了着过还欠借说不没就是把被给在和跟也都又要拿打骂占]"
_SOMEBODY = (
    f"(?P<name>{_OF}?(?:{_ROLE}|{_KIN})?(?:[老小阿大][{_SINGLE}](?:头|家)?|[{_SINGLE}](?:{_CALLED}))"
    f"|(?:{_OF}?(?:{_ROLE}|{_KIN})|{_OF})(?P<full>[{_SINGLE}]{_GIVEN}{{1,2}}))"
)
_ADVERB = "(?:到现在|至今|现在|一直|还|总共|一共|拢共|前后|就|都|也|又|老是|总|那边|那里|当时|去年|前年|今年|上个?月)*"
_GAP = "(?:[0-9一二两三四五六七八九十]{1,4}[年月日号天]?份?)?"
_OURS = f"{_HERS}(?:的?(?:地|田|山|鱼塘|房子?|屋子?|门面|铺子|车|货|钱))?"
#: What a neighbour's beasts, walls and water do to what is ours: 隔壁村老张家的羊啃了我三亩麦苗.
_THEIRS = "(?:[一二两三四几]?[头只条])?(?:大|小)?(?:狗|羊|牛|猪|鸡|鸭|鹅|猫|马|驴|树根?|墙|院墙|房檐|屋檐|空调(?:外机)?|外机|摄像头|窗户|大门|水管|下水|水|车|三轮|猪圈|羊圈|厕所|油烟|烟囱?|卫生间|厨房)"
_HARM = "(?:啃|咬|吃|踩|踏|拱|撞|压|祸害|糟蹋|糟践|淹|泡|挡|堵|伸到|长到|倒在|砸|漏到|流到|占|挖|熏|吓|正?对着|正?冲着|照)(?:到|了|着|坏|断|死|伤|住|光|倒)*"
#: He owes us, took from us, hit us, promised us.
_HE = tuple(
    re.compile(frame)
    for frame in (
        f"{_SOMEBODY}{_ADVERB}{_GAP}(?:拖?欠|差|该|短|少)(?:了|着|下|给)?{_HERS}",
        f"{_SOMEBODY}{_ADVERB}{_GAP}(?:跟|问|向|找|管|从|在){_HERS}(?:这儿?|手[里上])?(?:借|拿|赊|贷|租|买|进)",
        f"{_SOMEBODY}{_ADVERB}{_GAP}(?:借|拿|骗|扣|占|吞|打|骂|咬|撞|推|收)(?:走|了|去|过|着)*{_HERS}",
        f"{_SOMEBODY}{_ADVERB}(?:把|将){_HERS}",
        f"{_SOMEBODY}家?(?:的?{_THEIRS}|(?:养|喂|放)[了的]?[^。;；\n]{{0,16}}?){_ADVERB}{_HARM}{_HERS}",
        f"{_SOMEBODY}家?(?:的?{_THEIRS})?(?:漏|渗|跑|反|滴)水?[^。;；\n]{{0,12}}?{_HERS}",
        f"{_SOMEBODY}{_ADVERB}(?:把|将)[^，,。;；\n]{{1,8}}(?:往|朝|向|挪到|移到|堆到|堆在){_HERS}",
        f"{_SOMEBODY}家?(?:盖|修|建|砌|装|挖|开)[^，,。;；\n]{{0,6}}[，,]?{_HARM}{_HERS}",
        f"{_SOMEBODY}{_ADVERB}(?:答应|承诺|说好)(?:了|过)?(?:给|赔|还){_HERS}",
    )
)
#: We lent or gave to him, owe him, work for him; he did it to us.
_TO_HIM = tuple(
    re.compile(frame)
    for frame in (
        f"(?:被|让|叫){_SOMEBODY}(?:家的?狗)?(?:给)?(?:打|咬|撞|骂|砸|推|赶|辞|骗|占|拆|堵|挖)",
        f"{_OURS}{_ADVERB}{_GAP}(?:借|赊|垫|转|租|包|交|付|汇)(?:钱)?(?:给|了)+{_SOMEBODY}",
        f"{_HERS}{_ADVERB}{_GAP}(?:欠|差)(?:了|着)?{_SOMEBODY}",
        f"{_HERS}{_ADVERB}{_GAP}(?:跟着|跟|给|帮|替|在|找){_SOMEBODY}(?:那里|那儿|手下|家)?(?:干|做|打工|种|开车|装修|盖|修|看|要|借)",
        f"(?:跟着?|在){_SOMEBODY}(?:手下|手底下)",
        f"(?:跟|和|与|同){_SOMEBODY}家?(?:为|因为?|换|吵|闹|打架|打官司|争|起了?(?:争|冲|纠|口)|扯皮|有(?:纠纷|矛盾|过节))",
        f"(?:请|找|雇)(?:的|了){_SOMEBODY}(?:带|来|给|做|干|修|盖|装|贴|刷|包)",
    )
)


def other_side(text: str) -> tuple[str, str] | None:
    """The name as said and the words that tell it, or None. `text` is without hearsay (`phrases.told_by_herself`).

    >>> other_side("合作社的老陈欠我们三年租金")
    ('合作社的老陈', '合作社的老陈欠我们')
    """
    found = [
        match
        for frames in (_HE, _TO_HIM)
        for frame in frames
        for match in frame.finditer(text)
        if _names_him(match, text, subject=frames is _HE)
    ]
    if not found:
        return None
    match = min(found, key=lambda one: one.start("name"))
    return match["name"], match.group()


def _names_him(match: re.Match[str], text: str, subject: bool) -> bool:
    if match["full"] and not read_name(match["full"]):
        return False
    # 老赵欠老孙: neither of them is she.
    return not (subject and text[max(0, match.start("name") - 1) : match.start("name")] in tuple("欠差借替帮代"))
