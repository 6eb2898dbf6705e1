"""What speaks against a guess of the second net: a kind of danger without any word that could tell it.

The trained net (`bot.understanding.dangers`) hears a child, a number of people or "再不…就" and is alarmed by company
alone. Here stands for each kind what must be said somewhere for it to be meant at all, wide on purpose ("a child" needs
a word of hurt, fear, want or loss), and what settles it ("那事早结了"). It never speaks against the rules, only against
the net. Called by `bot.intake.signs` only.
"""

from __future__ import annotations

import re
from typing import Final

#: Somebody's body, fear or loss; a child in danger is never told without one of these.
_HARM = (
    r"伤|痛|疼|哭|怕|吓|抖|躲|逃|锁|关[^系心于照]|饿|冻|冷|饭|揍|骂|摸|亲(?!戚|家|生|子)|脱|丢|扔|烫|摔|跌|掉(?!色)|咬|血|死|害|跪|肿|疤|缝|抽(?!奖)|昏|晕|断|"
    r"赶|拴|绑|捆|推|拽|扇|踢|踹|掐|砸|撞|碾|轧|卡(?:住|嗓)|夹|毒|呛|溺|淹|没气|抢|藏|拐|骗|卖|失踪|走丢|不见|找不|没人|不管|一个人|独自|自己|欺|孤|辱|罚|逼|虐|病|烧|icu|"
    r"抢救|重症|住院|残|瘫|瞎|聋|哑|瘦|黑|紫|青|脏|虱|烂|臭|尿|辍|失学|没上|不上学|退学|干活|打工|上班|厂|店里|冲床|夜|直播|陪|嫁|许给|怀孕|约|裸|照片|视频|片子|威胁|弄|杀|砍|"
    r"跳|割|划|药|遗|不想|走了|没了|消失|打(?!电话|车|折|算|印|听|架子|疫苗|针|游戏|篮球|球|车|卡)|抱走|带走|不给看|见不到|见不着|孩子手里|碎|炸|漏电|触电|坠|滑|塌|倒|井|坑|河|塘|水里|泳|窗|阳台|楼顶|"
    r"抽搐|发烧|高烧|过敏|误|针|手术|脑|心脏|听力|看不见|说不出|不说话|发呆|噩梦|抑郁|割|低着头|缩|僵|狗|刀|棍|皮带|开水|烟头|网|救|怎么办|命|残疾|畸|早产|窒息|没哭|吐|拉肚|中暑|吃不|要饭|捡"
)
#: What must be said somewhere for the kind to be meant at all.
NEEDS: Final = {
    # Water, power, heat or gas, and somebody who cuts it.
    "utility_cut": (
        re.compile(r"[水电气暖闸网灯热]|宽带|空开|表箱|变压器"),
        re.compile(
            r"停|断|掐|铰|锯|摘|挖|扯|扒|藏|没收|收走|关|拉|剪|锁|拔|拆|封|切|卸|拧|截|割|砍|摘|限|焊|扭|灭|黑|掉|销|解开|冻结|毛病|推|不给|不让|不肯|不卖|刷不|充不|一滴|一度|"
            r"没(?:有)?(?:水|电|气|暖|灯|热)|(?:水|电|气|暖)(?:也|都|全)?(?:没|冇)"
        ),
    ),
}
#: Words after which the kind is harmless, unless what is left without them holds words of `BUT`.
SETTLES: Final = {
    "threat": re.compile(
        r"起诉|法院|法庭|仲裁|传票|律师|投诉|举报|立案|派出所|劳动(?:局|监察)|工商|消防|12315|12345|市长热线|差评|曝光|小红书|挂网|发帖|征信|公示|通报|绝交|请家长|物业费|"
        r"停车费|离(?:他|她)[^|‖]{0,4}米|回(?:老家|娘家)|不带孩子|搬出去|离婚|分手|散伙|撤(?:股|资)|退(?:股|群)|除名|拉黑|耗(?:到底|下去)|奉陪|延毕|毕不了业|停课|报警|110|城管|居委|街道办|媒体|记者|电视台|抖音|换(?:物业|老师|班主任)|炒了|滞纳金|取消|开除|辞退|降薪|调岗|扣(?:钱|奖金|工资|绩效)|换人|走人|解约|违约|拍卖|查封|保全|不续|涨租|取消|停卡|叫拖车|换锁|耗着|改(?:成)?(?:窗|墙)"
    ),
    "minor": re.compile(
        r"抚养费|学费|奶粉钱(?:谁|怎么)|户口|转学|学籍|随[^|‖]{0,4}姓|姓[^|‖]{0,4}(?:改|成)|改姓|生活费|压岁钱|校服|教辅|书包(?!里)|玩具|兴趣班|学区|学位|借读|伙食费|延时费|托管费|秋游|换班|"
        r"(?:[2-9]\d|[二三四五六]十[一二三四五六七八九]?)(?:多)?岁?了?(?=[|‖]|的|$)|婆家分地|上大学|成家|打(?:篮|足|排)?球|考试"
    ),
    "self_harm": re.compile(
        r"(?:公司|店|铺|生意|工作|份工|上?班|加班|健身|课|训练|婚姻|项目|工程|厂)[^|‖]{0,10}(?:撑|熬|干|做|坚持|过|活)不(?:下去|住|到)了?|"
        r"(?:婚|债|离开他|贷款)[^‖]{0,10}解脱了?|遗嘱|公证|跳(?:票|槽|广场舞|舞|绳|下来崴)|死心了?|生死有命|(?:日子|生活)(?:还|总)(?:得|要|是)?过|不认我这个|没劲|不想(?:再)?干了?|(?:想|准备|打算)辞职|人都麻了|想死你|"
        r"(?:没|没有|从没|从来没|并没|不)(?:有)?(?:想|打算|说)过?(?:要|去|真的?)?(?:寻)?(?:死|自杀|轻生)(?!也|还|不)"
    ),
    "group": re.compile(
        r"就我|唯独|聚餐|饭店|酒席|婚宴|年会|团建|旅游|同意|签了?字|签了?名|加装|投票|表决|开会|抽奖|团购|天没|来天|心里堵|换物业|等通知|等着|班车|晚点|等了[^|‖]{0,4}(?:钟头|小时|分钟)"
    ),
    "death": re.compile(
        r"没(?:有)?(?:意见|争议)|早(?:就)?(?:结|了结|处理|分完|赔完)了?|喜丧|寿终|无疾而终|安详|福气|死了?机|"
        r"(?<!没)(?:抢救|救)(?:过|回)来了|脱离危险|(?:走|没|去世|过世|不在|病故)了?(?:有)?[一二三四五六七八九十几多\d]+来?年|[一二三四五六七八九十几多\d]年前(?:就)?(?:走|没|去世|过世|病故)|去世多年"
    ),
    "utility_cut": re.compile(
        r"胶水|薪水|口水|墨水|汗水|泪水|保险丝|宽带|手机号|检修|抢修|冻裂|修好|忘(?:了|记)?(?:交|买|充|关)|漏水|滴水|水漫|跳闸|老化|电梯(?:停|坏)"
    ),
    "violence": re.compile(
        r"(?<!说)(?<!说是)(?<!说她)(?<!说他)我?自己(?:不小心|滑|摔|崴|跌|骑|撞|踩)|没(?:有)?(?:碰|动)(?:过)?(?:他|她|手|我)|离他[^|‖]{0,4}米|打(?:给|来|过去|我|他|到)?[^|‖]{0,8}(?:电话|手机|微信)上?|通讯录[^|‖]{0,6}打(?:了|过)?(?:一遍|个遍)?|"
        r"打(?:了个?)?(?:喷嚏|哈欠|嗝|鼾|盹|比方|赏|赌)|打(?:发|光棍|呼噜|官司|工|卡|听|折|印|交道|款)|打了[^|‖]{0,4}万|踢出群|群管理|(?:背后|暗地里)捅[^|‖]{0,4}刀子?|背刺|(?:像|好像|仿佛)[^|‖]{0,4}(?:捅|打|扇|抽|割)[^|‖]{0,6}(?:似的|一样)|砍(?:了|掉|得)?(?:我)?[^|‖]{0,4}(?:预算|部门|项目|假|零头|奖)|"
        r"(?:预算|价格|费用)被砍[^|‖]{0,6}|打脸了?|(?:公司|单位|老板)[^|‖]{0,3}一脚(?:把我)?踢(?:开|出)|扎针|抽血|按摩|推拿|复位|护士|扶梯|叉车|台阶|染发|烫发|剃头|推子|"
        r"(?<!放)(?<!让)(?:狗|猫|蜂|蛇|牛)[^|‖]{0,12}(?:咬|扑|追|撞|顶|蜇)[^|‖]{0,4}|(?:楼上|高空|架子|树|车上|货架)[^|‖]{0,6}(?:掉|扔|落|坠)下?来?[^|‖]{0,8}(?:砸|打)(?:了|到|中)?[^|‖]{0,4}|(?:挖机|车|机器|叉车|铲车)[^|‖]{0,4}(?:碾|轧|压|撞|卷|绞)|(?:空开|电?闸|开关)[^|‖]{0,6}(?:推|拉|扳)[^|‖]{0,3}"
    ),
}
_FORCE = (
    r"打(?:我|他|她|人|伤|死|残|断|的|得|骂|孩|老)|揍|踢|踹|扇|掐|勒|砸|捅|砍(?!掉|价)|刀|棍|血|揪|拽|按|摁|绑|拳|耳光|"
    r"巴掌|搡|薅|杵|夯|怼|推(?!子|拿|掉)|拖|咬|烫|泼|家暴|虐|抽|扒|动手"
)
BUT: Final = {
    "threat": re.compile(
        r"杀|砍|捅|弄|死|命|烧|火|炸|砸|刀|腿|手指|血|埋|废|残|堵(?!上改)|泼|棺|药(?!店|房|费)|人(?:来|上门)|小心|当心|等着(?!收|我起|他起|他来)|好看|好过|跟着|盯|尾随|照片|视频|裸|"
        r"黑社会|道上|光头|不得安|收拾|拼|坟|车祸|出事|后果|送走|活不|陪葬|躺|车上|撞|打|孩子|女儿|儿子"
    ),
    "minor": re.compile(_HARM),
    "self_harm": re.compile(
        r"死|活(?!动|儿|干)|药|跳|(?<!分)割|绳|河|江|桥|楼顶|天台|遗书|遗言|骨灰|后事|不想|累赘|拖累|结束|消失|下辈子|煤气|炭|绝|命|日子|想好"
    ),
    "group": re.compile(
        r"围|堵(?!得慌)|聚(?!餐|会)|上访|横幅|静坐|罢|讨|维权|跑|一起去|一块去|拖欠|没发|没结|不退|谁也|去(?:市|县|省|区|镇|政府|总部)|欠|不开工|都要去|睡在"
    ),
    "death": re.compile(r"人没了|死(?!了)|死因|尸|法医|火化|没气|断气|没救|工地|人走了|没醒"),
    "utility_cut": re.compile(
        r"逼|故意|不让|不给|把我家|给我家|赶|报复|不交|不签|不搬|因为我|单单|就我一家|水电|断水|断电"
    ),
    "violence": re.compile(_FORCE),
}


#: What dies or breaks and is no person: settles a death unless somebody of the family, of the work is told of.
_THINGS = re.compile(r"死机|鹦鹉|电脑|手机|宠物|猫|狗|鸡|鸭|鱼|牛|羊(?!水)|猪|树|花|苗|蜂|蟹")
_SOMEBODY = re.compile(
    r"人|爸|妈|爹|娘|爷|奶|外公|外婆|姥|公公|婆婆|老公|老婆|丈夫|妻|媳|老伴|儿|女|孩|娃|哥|弟|姐|妹|叔|伯|舅|姑|姨|嫂|侄|工友|同事|老乡|邻居|司机|师傅"
)


#: A firm's name tells nothing: "浙江顺水装饰有限公司欠我工资" was a cut of the water to the net.
_FIRM = re.compile(r"[^|‖\s给在跟和与]{2,14}有限公司")
#: A longer telling holds a word for everything; there the net is believed.
LONGEST: Final = 100


def spoken_against(text: str) -> frozenset[str]:
    """Kinds of danger that `text` (one writing, lower case) cannot mean: no word for them, or words that settle them."""
    if len(text) > LONGEST:
        return frozenset()
    said = _FIRM.sub("", text)
    against = {"death"} if _THINGS.search(text) and not _SOMEBODY.search(text) else set()
    against |= {kind for kind, needed in NEEDS.items() if not all(words.search(said) for words in needed)}
    for kind, words in SETTLES.items():
        left, times = words.subn("", text)
        if times and not BUT[kind].search(left):
            against.add(kind)
    return frozenset(against)
