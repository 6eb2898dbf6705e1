"""Hides the things that Chinese counts in 块, 元 and 角 without meaning money: 两块毛巾, 三元区, 三角债.

Called by `money`, which has found a number and the unit after it. The counter 块 goes with cloth, flat and lumpy things
and with land; what follows the thing tells too, since 五十块砖钱 is fifty yuan again.
"""

import re

_CLOTH = "毛[巾毯毡料线肚皮]|[浴手方餐丝头枕毛]巾|[布面衣]料|布(?![置局告署])|地毯|毯|被[子单套面褥]|床[单垫罩]|垫子|[坐靠]垫|海绵|手帕|帘子"
_FOOD = "[香肥洗药]皂|蛋糕|年糕|糕|月饼|饼(?!店)|糖(?![尿厂])|巧克力|豆腐|[猪牛羊腊鱼鸡鸭里瘦肥五花]{0,2}肉|排骨|[鸡猪牛]排|披萨|西瓜|[生老]?姜|面包|萝卜|红薯"
_FLAT = (
    "[瓷地墙红青火水]?砖|瓦(?!工|斯)|(?<!老)板(?![车凳费])|木[头料板材]|石[头碑料板]|石(?![油化材])|玻璃|镜[子片]|屏|[手怀]表|表(?![示哥弟姐妹叔侄姑嫂格白明现态演扬达决彰舅])|"
    "电[池瓶板]|硬盘|显卡|芯片|内存条?|[铁钢铝铜]皮|砚|招牌|[广告]{0,2}牌|牌(?!照|费)|匾|碑|膏药|玉(?!米)|翡翠|金砖|钢[材锭]|混凝土|冰(?![箱柜淇粉棍])|塑料"
)
_LAND = (
    "责任田|自留地|宅基|[空荒菜林山草墓坟旱水]地|地(?![铁税租沟接])|田|土(?!豆)|宅|林|山(?!东|西)|草|区域|场地|墓|坟"
)
_BODY = "骨头|骨|伤疤|疤|淤[青血]|斑|头皮|疙瘩"
_THING = f"儿|{_CLOTH}|{_FOOD}|{_FLAT}|{_LAND}|{_BODY}"
# What stands between: 太阳能, 不锈, 新; never a verb or a word that begins another clause.
_OF_A_KIND = "[^ ,.。;；!！?？、\\n0-9的了我你他她它在给还是不没就都也把被让跟买赔换修付交收扣要卖装拿用花老每一押退]"
_FEE = "[钱费款金租价]"
_PIECES = re.compile(f" ?块(?:{_THING})(?![^给花要收付赔欠,，、 ]?{_FEE})")
_PIECES_OF_A_KIND = re.compile(f" ?块(?:(?:不锈)?{_OF_A_KIND}){{0,3}}?(?:{_THING})(?![^给花要收付赔欠,，、 ]?{_FEE})")
_FEW = 100
# 三元区, 三元里, 两元店; 三角债, 三角地, 八角茴香
_NAMED = re.compile("元(?:[区桥镇乡]|里(?![面外])|村(?!里)|巷)")
_SHOP = re.compile("[元块](?:店|超市)")
_CORNERS = re.compile("角(?:[债形恋铁钢梅戏架区裤函尺洲湖粽龙池镇乡村带]|关系|地带?|茴香|大楼)")


def counts_things(text: str, value: float, at: int, one_character: bool) -> bool:
    """Tell whether the unit at `at`, after a number of `value`, counts things or is part of a name, and no money.

    >>> counts_things("两块毛巾", 2, 1, True), counts_things("两块毛三", 2, 1, True), counts_things("十块砖钱", 10, 1, True)
    (True, False, False)
    """
    if _PIECES.match(text, at) or value < _FEW and _PIECES_OF_A_KIND.match(text, at, at + 12):
        return True
    return bool(_SHOP.match(text, at) or one_character and (_NAMED.match(text, at) or _CORNERS.match(text, at)))
