"""Weighs a wording of danger, kind by kind: announced or done, harmless or real.

Hides: intention, and what each kind of sign needs around it; whether it is said at all is read by `sign_denial`.
Called by `bot.intake.signs` only.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.intake.sign_context import Found, Seen, window
from bot.intake.sign_denial import is_denied, is_general
from bot.intake.sign_senses import Prepared

# ---------------------------------------------------------------- time, fear, intention
FEARED = re.compile(r"怕|担心|害怕|恐怕|万一|会不会|生怕|唯恐|担忧|说不准|保不齐|□□□?(?=打|杀|跳)|可能会|不知道会|预感")
_WILL = re.compile(
    r"见[^|‖]{0,4}一[次回]$|(?:(?<![还又需主重不总老只必快可])要|(?<!不)想|(?<!不)敢|扬言|威胁|打算|准备|早晚|迟早|信不信|恨不得|巴不得|放话|非得?|叫嚣|发誓)"
    r"(?:过来|来|去|再|找人|叫人|带人|把|给|我|他|她|你|们|一|刀|拿|好好|狠狠|往死里|老公|孩子|儿子|女儿|老板|全家|家人|当场|现在|马上|上门|让人|雇人|喊人|对|跟){0,6}$"
)
_IF_THEN = re.compile(r"再(?!次|一次|婚|也)|敢|要是|如果|否则|不然|□□就|不[^|‖]{1,6}就|见(?:我|他)一次|哪天|只要")
_SAID = re.compile(r"说|扬言|威胁|放话|警告|恐吓|喊|骂|叫|吼|发(?:微信|短信|信息|消息)|打□□|讲")
_I_WILL = re.compile(
    r"(?:再|不)[^|‖]{0,14}(?:我|俺|老子|咱|我们)(?:就|也|要|非|只好|直接|可)[^|‖]{0,6}$|^(?:我|俺|老子|我们)(?:就|要|非得?|真想|今天|明天|一定|早晚|必须|只好|想)[^|‖]{0,8}$"
)
_UNLESS = re.compile(
    r"再不|不给|要是不|如果不|要不给|否则|不然|给你看|给他看|给你们看|死给|死在|威胁|逼我|逼急|以死|以[^|‖]{0,3}相(?:逼|威胁|要挟)|"
    r"(?:不|没|敢|说)[^|‖]{1,14}[|]?[^|‖]{0,3}(?:我|她|他|妈)?就[^|‖]{0,10}$|讨(?:薪|债|工钱|说法|要)|要(?:工资|工钱|钱)|要挟|拿(?:命|死|自杀|跳楼)|(?:我|就)死[^|‖]{0,2}(?:你|他)们?[^|‖]{0,4}(?:门|家|面前|公司)"
)

# ---------------------------------------------------------------- kind by kind
#: Somebody is held for treatment or for a signature: no blow ("护士攥着婆婆的拇指摁手印", "绑着手怕他乱动").
_HANDLER = re.compile(
    r"护士|医生|大夫|麻醉|助产|接生|正骨|按摩|理疗|推拿|牙医|教练|柜员|工作人员|救护|急救|护工|针灸|师傅"
)
_HANDLING = re.compile(
    r"血压|袖带|绷带|纱布|夹板|石膏|手印|指印|指纹|签字|签名|签的字|画押|血管|复位|输液|抽血|扎针|打针|扎了[^|‖]{0,3}[回次]|手术|术后|检查|翻身|担架|约束带|乱动|乱抓|拔管|接生|生产|压腿|拉伸|按得|落枕|刮痧|拔罐"
)
_HELD = re.compile(r"按|摁|压|掰|扎|踩|绑|捆|勒|攥|抓|拉|扯|拽|捏|拧|咔")
#: "死的心都有了，当然是夸张": a figure of speech, by her own word.
_FIGURE = re.compile(r"夸张|打个比方|开玩笑|说着玩|随口|就是一句话|形容")
_IN_EARNEST = re.compile(r"不是(?:夸张|开玩笑|气话|说着玩)|真的(?!不)|没吃|遗书|不骗你")
_FIRM = re.compile(r"公司|工厂|厂子|店|生意|企业|婚姻|项目|感情|小区|工程|学校|工作|合同|行业")
_LIGHT_THREAT = re.compile(
    r"^(?:威胁|恐吓|要挟|胁迫|扬言|吓唬|放话|放狠话)[^‖]{0,20}(?:差评|封杀|行业|找不到工作|失信|起诉|法院|法庭|仲裁庭|领证|电视台|媒体|曝光|保全|查封|热线|12345|12315|拆[^|‖]{0,4}(?:空调|外机|雨棚|棚|招牌|违建)|关门|批不下|降薪)|^(?:威胁|恐吓|要挟|胁迫|扬言|吓唬|放话)[^|‖]{0,14}(?:开除|辞退|解雇|起诉|告|扣|罚|不给|不发|离婚|拉黑|举报|投诉|降薪|调岗|续签|退学|停课|涨|报警|律师|黑名单|征信|签字|辞职|搬|转岗|停车|合同|违约|赔|不让毕业|走法律|仲裁|法院|收回|解约|解除|(?:换|找|去)(?:别家|别人|供应商|一家)|不(?:跟|和|同|再)[^|‖]{0,3}(?:做|合作|往来|来往|生意)|把(?:猫|狗|宠物|东西)[^|‖]{0,3}(?:送|卖|扔)|分手|绝交|不理)"
)
_HARM = re.compile(r"杀|砍|打|弄|死|命|烧|炸|家人|全家|孩子|安全|收拾|堵|泼|刀|腿|黑社会|照片|视频|裸")
_THINGS = re.compile(
    r"门洞|改(?:成)?(?:窗|墙)|砌|上下班|堵得|车(?!间)|杂物|垃圾|管道|下水|雪|淤泥|货|树|高峰|消防|摊|快递|油烟|石头|粪|箱|桶"
)
#: Blocked already, by people: "把大门堵上了，少说也有五六十号".
_STANDS_THERE = re.compile(r"堵(?:上|住|死)?了(?=$|[|‖])|堵着(?!我|他|人)|堵在[^|‖]{0,6}(?:门口|楼下|大厅|马路|路口)")
_ANNOUNCED = re.compile(
    r"明天|后天|今晚|明早|下周|再不|要(?!钱|说|回|工)|就(?!因)|去|商量|约|天天|我家|家门|把我|说|扬言|威胁|催|债|别想|不让"
)
_PEOPLE_BLOCK = re.compile(r"(?<!没)人(?!行道)|闹|要说法|讨|威胁|家属|工人|业主|村民|家长|他们|我们|催|拦|拿")
_HAZARD = re.compile(r"出人命|出了?人命|见血")
_ESCALATE = re.compile(r"再不|不给|逼|打架|冲突|拼|闹|弄|我就|跟他|他们?说")
_ANIMAL = re.compile(
    r"(?:狗|猫|猪|牛|羊|鸡|鸭|鹅|鱼|虾|蟹|树|苗|芽|花|草|庄稼|果|秧|宠物|蜜蜂|鸽|兔|马(?!上)|蚕|鸟|手机|电脑|系统|泰迪|金毛|仓鼠|乌龟|菜|玉米|稻|麦|林|绿植|多肉|泥鳅|鳝|贝|蜂|老鼠|蟑螂|虫|蚊)[^|‖]{0,8}$|(?:苗|鸡|鸭|鹅|鱼|虾|蟹|蜂|羊|猪|兔|树|花|菜|果|塘|棚|圈)[^|‖]{0,3}(?:全|都|也|叫|让|被|给){1,2}[^|‖]{1,12}$"
)
#: What lives and is no person; and a person.
_PLANT = re.compile(r"树|苗|花(?!钱|了)|草(?!甘膦)|庄稼|秧|竹|盆栽|绿植|鱼|虾|猫|狗|鸡|鸭|鹅|猪|牛|羊|蜂|蚕")
_PERSON = re.compile(r"我|俺|咱|他|她|爸|妈|爹|娘|老|人|孩子")
_NOT_DEAD = re.compile(
    r"(?:要|想|会|敢|不如|大不了|恨不得|早晚|迟早|快|差点|差一点|险些|几乎|怕|担心|万一|就要|别|免得|以防|小心|防止|避免|不会)[^|‖]{0,4}$"
)
_LEFT_HOME = re.compile(
    r"带|离家|出去|搬|偷偷|跑|离开|娘家|跟|辞|离职|公司|出国|打工|外地|工资|工钱|不管|拿走|押金|房租|结账|出走|吵架|吵完|离婚"
)
_DYING = re.compile(
    r"住院|医院|抢救|手术|病|昨|今|凌晨|小时|刚|送|癌|车祸|工地|icu|床|输液|急救|120|心梗|脑|突然|没留下一句|走得|岁|术后|诊所|卫生院"
)
_STILL_THERE = re.compile(
    r"钱|房|地|工作|押金|卡|车|东西|货|积蓄|款|工资|电话|消息|名额|希望|耐心|影|信任|感情|人影|权|证|信|分红|户口|路|活|机会|养老|饭|奖金|补贴|股份|包|狗|猫|份额|手机"
)
_FIRM_GONE = re.compile(r"老板|包工头|中介|商家|店|客服|房东|公司|教练|负责人|工头|卖家|销售|经理")
_ESTATE = re.compile(
    r"遗产|继承|遗嘱|过户|分房|房子|房产|存款|宅基地|户口|抚恤|丧葬|房本|产权|名下|赡养|祖屋|老屋|老宅|承包地|份额|公证|分家|拆迁|存折|银行卡|养老金|社保|征地|公积金|借条|欠条|还钱|债务|债|贷款|坟|墓|骨灰|改嫁|再婚|卡里|理财|保单|保险金|受益|抚养费|股份|账户|保证|执照|过世以后|去世以后|去世后|没见过|抚养权|监护|地是|林地|田"
)
_OLD = re.compile(
    r"[一二两三四五六七八九十几多好\d]+(?:多)?年(?:了|前|以前|多)|早(?:就|年|已|些年)|前年|去年|生前|多年|当年|小时候|从小|\d{4}年|以前|很久|早逝|[〇零一二三四五六七八九]{2,4}年|(?<!\d)\d{2}年|上个?世纪|前几年|很早|已故|死得早|走得早|去世得早"
)
_DISPUTED = re.compile(
    r"手术|抢救|误诊|医疗事故|扑倒|磕|跌|绊|工伤|工地|车祸|撞|摔|溺|触电|猝死|中毒|输液|打□|□针|用药|输血|麻醉|尸检|火化|医院不|医院(?:赔|推|说|要|没|拒)|不明|蹊跷|护工|"
    r"工亡|上班|加班|干活|车间|掉下|坠|塌|砸|电死|淹|烧|煤气|被打|殴打|捅|砍|杀|难产|产后|产房|麻药|转院|急诊|icu|养老院|幼儿园|学校|泳|漏电|井|鉴定|死因|讨说法|责任|120|公司不|老板不|赔|喝酒|酒|术后|病床|透析|疫苗"
)
#: A death with which everybody is at peace, unless somebody is blamed.
_PEACEFUL = re.compile(
    r"喜丧|寿终|安详|安安稳稳|福气|有福|睡梦里|睡过去的|无疾而终|无病无灾|(?:医生|医院|大夫|他们)[^|‖]{0,4}尽力|没有?(?:什么)?(?:意见|争议|遗憾)|(?:癌|瘤)[^|‖]{0,3}晚期走"
)
_BLAMED = re.compile(
    r"误诊|事故|说法|不明|蹊跷|(?<!不用)赔|推(?:给|说|卸)|责任|拒|耽误|延误|漏诊|隐瞒|尸检|火化|不让|工地|车祸|摔|打|没人管|讨|追究"
)
_PET = re.compile(
    r"(?:养的?|家的?|我的|他的|她的|买的?|一只|一条|两只|几只)(?:小|老|大|那只|那条)?(?:鹦鹉|金鱼|锦鲤|八哥|画眉|龟|兔子?|仓鼠|猫|狗|泰迪|柯基|金毛|鸽子|鸟|羊|猪|牛|马|驴|鸡|鸭|鹅|鱼)[^|‖]{0,2}(?:也|都|就|被|让|给|叫|在|刚|送)?[^‖]{0,16}$"
)
_FRESH = re.compile(
    r"小时|刚刚|刚(?!结婚|买)|今天|昨天|今早|今晚|早上|上午|下午|前天|凌晨|昨晚|昨夜|半夜|大前天|这两天|前几天|几天前|分钟|[两三四五一\d]天前|上周|上星期"
)
_PLANNED = re.compile(
    r"通知|公告|计划|检修|维修|抢修|施工|改造|台风|暴雨|雷|供电局|电力公司|自来水公司|国家电网|电网|停水公示|全市|全城|片区|限电令|错峰|高温|跳闸|短路|故障|坏|爆|漏|老化|修(?:水)?(?:管|线|泵)|换变压器|换表|换管|什么时候来|几点来|何时恢复|多久来|地震|冻裂|管网|停产"
)
_CUTTER = re.compile(
    r"物业|房东|二房东|邻居|楼上|楼下|隔壁|村|支书|开发商|业委会|老板|他们|他|她|保安|婆|媳|嫂|前夫|老公|哥|弟|人家|公寓|管家|中介|物管|管理处|市场|居委|社区|学校|单位|公司|园区|出租|房主|转租|亲戚|管理|不交|没交|逼|故意|偷偷|被|对方|包工头|工头|厂|宿管|甲方|售楼|业主|大家|有人|谁|要求|催|欠|把|不签|不搬|不同意|不配合|协议|阿姨|租|楼的|剩我|逼|赶|供热站|管委会"
)
_LASTING = re.compile(r"天|没人管|不管|不给|星期|周|个月|小时|至今|半个月|长期|好久|解决|老人|孩子|婴儿|夜|投诉|无人")
_VALVE = re.compile(r"阀|水闸|电闸|供水|供暖|暖气|水管|气管|总管")
_IDLE_SWITCH = re.compile(
    r"自己忘|忘(?:了|记)?(?:交|买|充)|卡里没钱|保险丝|出门|忘|随手|自己|节约|记得|关好|睡前|空调|水龙头"
)
_OUTAGE = re.compile(r"停电了?(?:电梯|困)|电梯")
_CROWD_OK = re.compile(
    r"同意|签字|签了字|加装|投票|参会|聚餐|年夜饭|旅游|团建|跑步|跳舞|学习|上课|晚会|典礼|体检|吃饭|合影|开会|栽树|做饭|表决|过年|旅行|选(?:代表|村长|主任|举|民)|普选|换届|普查|就我(?!们)|只有我(?!们)|唯独我|唯独给我|年会"
)

#: A crowd that signs is quiet, one that signs and sets out is not.
_TO_THE_DOOR = re.compile(r"手印|上访|(?:去|到|找|上)[^|‖]{0,3}(?:市里|县里|省里|镇里|政府|信访)")

_NUMBER = r"(?:[1-9]\d{1,4}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九几上数好成]+[百千十](?:[零一二三四五六七八九十百几]*)|好几十|百十|三五十|十几|几十)(?:多|来|几|余)?"
_HEADS = re.compile(
    rf"{_NUMBER}(?:个|名|号|位|户|家|多)?(?:人(?!民币|工)|口人|工人|工友|农民工|民工|业主|村民|家长|老乡|员工|同事|储户|投资人|投资者|受害者|受害人|学员|学生家庭|姐妹|兄弟|弟兄|住户|邻居|居民|群众|乡亲|商户|租客|患者|户(?!外)|户人家|户家庭|台车|条船|间|位教师|会员|顾客|消费者|农户|社员|老?(?:姐妹|哥们|伙伴|战友)|民办教师|司机|骑手|保洁|保安|打工的|老少|妇女|老人|孩子|学生|车主|摊主|老头老太|退休工人|购房者|买家|散户)|"
    rf"{_NUMBER}(?:个|名)[^|‖]{{0,2}}(?:摘|种|采|收|干|拾|包|扛|拉|开|戴|穿|拿|跟|挖|养|捕|装|搬)[^|‖]{{1,6}}?的"
)
_HEADS_AFTER = re.compile(
    rf"(?:工友|弟兄们?|家长|业主|同事|老乡|我们|一起[^|‖]{{0,6}}的|一共|总共|楼下|受害者|投资人|班组|队上|储户|学员)[^|‖]{{0,8}}?{_NUMBER}(?:个|名|人|位|户|号)(?=$|[|‖]|都|全|没|等)|{_NUMBER}(?:来)?个(?=$|[|‖]|都没|都被|全)"
)
_GRIEVANCE = re.compile(
    r"震裂|裂缝|都不认|搬空|得不到解决|烧死|毒死|串联|约齐|不涨|退钱的|养老钱|那个平台|身上没钱|没(?:拿|发|给|领|结|收)到?|拖欠|欠|不给|不发|不退|退不|不结|跑路|跑了|卷款|失联|骗(?:了|走|光|钱)|被骗|没(?:有)?交(?:付|房)|受骗|上当|受害|不交房|交不了房|烂尾|维权|血汗|讨薪|爆雷|暴雷|停发|克扣|不付|没付|要不到|要不回|讨要|拿不到|关门|联系不上|中毒|一分钱|不认账|不赔|没赔|没办|办不下|绝收|没着落|断缴|补交|强拆|清退|扣(?:着|了|在)|压(?:着|在他)|身份证|没有?(?:社保|合同|补偿)|被(?:裁|开除|辞|拖|坑|占)|打水漂|血本无归|占了|强占|污染"
)
_OUR_SIDE = re.compile(
    r"我们|咱们|俺们|大家|一起|都|集体|全|一共|总共|共|老乡|工友|业主|村民|家长|工人|同事|等|弟兄|姐妹|受害|投资|储户|农户|老人|被|会员|学员|我这|跟我一样|包括我|户"
)


def _is_handling(seen: Seen) -> bool:
    """Whether somebody is held for treatment or a signature, without a blow."""
    near = seen.near
    return bool(
        _HANDLER.search(near)
        and _HANDLING.search(near)
        and _HELD.search(seen.words)
        and not re.search(r"打(?!针|点滴|吊|麻|疫)|扇|踢|踹|骂|揍|毛巾|不给|嫌|偷偷|故意", near)
    )


def _violence(seen: Seen) -> str | None:
    """'violence', 'threat' when it is only announced, None when it is neither."""
    words, before = seen.words, seen.before
    if re.search(r"[要想][^|‖]{0,2}砸", words) and re.search(
        r"窗|门|车|店|玻璃", seen.ready.read[seen.found.start : seen.found.end + 6]
    ):
        return None
    if (
        re.search(r"[掐砍拔剪]", words)
        and re.search(r"水|电|暖|气|树|竹|果|苗|玉米", seen.clause)
        and not re.search(r"脖|死|伤", seen.clause)
    ):
        return None
    if _is_handling(seen) or re.match(r"(?:把|将)自己", words):
        return None
    if words.startswith("掐") and _VALVE.search(seen.clause):
        return None
    if re.match(r"[锁关扣]", words) and re.search(
        r"(?:阀门?|闸|水表|电表|大门|车位|仓库?|厕所|地锁)(?:给|都|也)?$", before
    ):
        return None  # a valve is locked, nobody
    if re.match(r"[被挨遭]", words) or FEARED.search(before):
        return "violence"
    will = _WILL.search(before)
    if will is None and re.search(r"还要[^|‖]{0,3}$", before) and _SAID.search(seen.near_before + before):
        return "threat"
    if will:
        if re.search(r"恨不得|巴不得", will.group()) or (
            words.startswith("打人") and re.search(r"我[^|‖]{0,4}想$", before)
        ):
            return None
        return "threat"
    if _I_WILL.search(before) and not re.search(r"我(?!就|要|们)", words) and _IF_THEN.search(seen.near):
        return "threat"
    if (
        _SAID.search(seen.near[: seen.near.find(words) + 1])
        and _IF_THEN.search(before + words)
        and re.search(r"就[^|‖]{0,4}$", before + words[:1])
    ):
        return "threat"
    return "violence"


def _self_harm(seen: Seen) -> bool:
    words, clause, near = seen.words, seen.clause, seen.near
    if _FIGURE.search(seen.around) and not _IN_EARNEST.search(seen.around):
        return False
    if re.search(r"活不[成了]", words) and _PLANT.search(seen.near) and not _PERSON.search(seen.clause):
        return False  # a tree that was barked
    if re.search(r"活不", words) and re.search(r"(?:穷|苦|难|饿)[^|‖]{0,3}(?:得|的)?(?:差点|几乎)?$", seen.before):
        return not re.search(r"年轻|那时|小时候|以前|当年|差点", seen.before)
    if re.search(r"解脱", words) and re.search(r"婚|关系|合同|贷款|债", near) and not re.search(r"死|活", near):
        return False
    if re.search(r"一(?:起|块儿?|同)(?:走|消失)", words):
        return bool(re.search(r"想|要|死|活|世界|解脱|干脆|算了", near))
    if re.search(r"撑|熬|挺|扛|活不|活路|活累|没法", words) and _FIRM.search(seen.before + words):
        return False
    if (
        re.search(r"撑|熬|挺|扛", words)
        and re.search(r"离婚|分手|搬走|辞职|离职|这个家|健身|课", near)
        and not re.search(r"死|活|绝望|救", near)
    ):
        return False
    if re.search(r"从", words) and re.search(r"床|车|沙发|墙|凳|台阶", words):
        return False
    if (
        "安眠药" in words
        and re.search(r"才能|睡觉|助眠|失眠|入睡|睡着|医生", near)
        and not re.search(r"瓶|把|几十|片", words)
    ):
        return False
    if re.search(r"解释|想得开", words):
        return False
    if re.search(r"不在了|后事", words) and re.search(r"遗嘱|公证|过户|继承|清醒", near):
        return False  # an estate put in order
    if re.search(r"消失|离开", words) and re.search(r"(?:让|叫|要)[^|‖]{1,4}$", seen.before):
        return False  # said of somebody else
    if words.startswith("要死") and re.search(r"[得不]$", seen.before):
        return False
    if (
        re.match(r"[想要]", words)
        and re.search(r"(?:他|她|你|人|恨不得|想让|巴不得)[^|‖]{0,2}$", seen.before)
        and "让" in seen.before
    ):
        return False
    return bool(clause)


def _threat(seen: Seen) -> bool:
    words, clause = seen.words, seen.clause
    rest = seen.ready.read[seen.found.start : seen.found.right]
    if re.match(r"威胁|恐吓|要挟|胁迫|扬言|吓唬|放话|放狠话", words):
        light = _LIGHT_THREAT.search(seen.ready.plain[seen.found.start : seen.found.start + 40])
        return not (light and not _HARM.search(rest))
    if "堵" in words or "拦" in words or "封" in words:
        if _STANDS_THERE.search(rest) and not _ANNOUNCED.search(seen.near_before + seen.before + words):
            return False  # a crowd before a door is a gathering; to block it tomorrow is announced
        return not (_THINGS.search(clause) and not _PEOPLE_BLOCK.search(clause))
    if "砸" in words and re.search(r"掉|塌|落|刮|坠|(?:孩子|小孩|球)[^|‖]{0,4}把", seen.before + words):
        return False  # a flowerpot fell
    if re.search(r"抄|抡|拿|举", words) and re.match(
        r"[^|‖]{0,8}(?:来|给|砸|劈|拍|敲|抡)了", seen.ready.read[seen.found.end :][:12]
    ):
        return False  # done, not announced: that is violence
    if re.search(r"刀|剪|锥|玻璃|瓶", words) and re.search(r"(?:划|割|刺|扎|捅|砍|戳)(?:了|伤|破|到)(?!吧|算)", words):
        return False  # the blade has struck
    if "命" in words and re.search(r"借条|欠条|字据|合同|协议", seen.near) and re.search(r"玩笑|效力|有效", seen.near):
        return False  # a clause in a paper
    if _HAZARD.search(words):
        return bool(_ESCALATE.search(seen.near))
    if re.search(r"[带叫找喊].*打$", words) and re.match(
        r"[了得过伤]", seen.ready.read[seen.found.end : seen.found.end + 2]
    ):
        return False
    return not (re.search(r"砍", words) and re.search(r"树|竹|果|苗|林", clause))


def _death(seen: Seen) -> bool:
    words, before = seen.words, seen.before
    if _UNLESS.search(seen.near_before + before) and re.search(r"(?:我|他|她|妈|爸|娘|就|要|敢)[^|‖]{0,6}$", before):
        if re.search(r"^(?:吊|死在|喝|跳|摔死|撞死)", words):
            return False  # announced, not done
    if _NOT_DEAD.search(before) or re.match(r"(?:[要快会]|差点)", words):
        return False
    if (words.startswith("死") and re.search(r"[拧焊锁关堵封钉拴糊扭]$", before)) or (
        words.startswith("掐") and _VALVE.search(seen.clause)
    ):
        return False  # a valve, a door
    if "没了" in words and re.search(
        r"(?:指头|手指|脚趾|牙|腿|胳膊|眼睛|头发|功能|感觉)[^|‖]{0,6}$", before + words[:-2]
    ):
        return False  # a part of the body
    if re.search(r"死(?:我|你|咱|俺)", words) or (
        re.search(r"死", words)
        and seen.ready.read[seen.found.end : seen.found.end + 1] in ("你", "我")
        and words[-1:] == "死"
    ):
        return False
    if re.match(
        r"[了我他她们家的一几只头条两三四五六七八九十百多好窝全\d]{0,7}(?:塘|池|棚)?(?:鸡|鸭|鹅|鱼|狗|猫|猪|牛|羊|树|苗|花|虾|蟹|螃蟹|蜂|果)",
        seen.ready.read[seen.found.end : seen.found.end + 8],
    ):
        return False
    if (
        re.search(r"死", words)
        and _ANIMAL.search(before + words[: words.find("死")])
        and not re.search(r"死(?:了)?(?:人|孩)", words + seen.ready.read[seen.found.end : seen.found.end + 1])
    ):
        return False
    if "没了" in words and re.search(
        r"(?:指头|手指|脚趾|牙|腿|胳膊|眼睛|头发|功能|感觉)[^|‖]{0,6}$", before + words[:-2]
    ):
        return False
    if re.search(r"走的|没的|去了|没救了|没了", words) and not re.match(r"命|人.{0,2}没|气|没了?呼吸", words):
        told = _DYING.search(seen.near) or _DISPUTED.search(seen.near)
        if not told or _STILL_THERE.search(seen.clause) or _LEFT_HOME.search(seen.near):
            return False
    if re.search(r"没了|走了|不在了", words) and not words.startswith(("命", "人没", "人就没", "人都没", "气")):
        if _STILL_THERE.search(words[1:-2] if len(words) > 4 else ""):
            return False
        if _FIRM_GONE.search(words):
            return False
        if "走了" in words and (not _DYING.search(seen.near) or _LEFT_HOME.search(seen.near)):
            return False
    if re.search(r"人.{0,2}没了", words) and (
        _FIRM_GONE.search(before) or re.search(r"钱交|交了钱|退钱|押金|货款", seen.near)
    ):
        return False
    around = seen.around
    if _PEACEFUL.search(around) and not _BLAMED.search(around):
        return False
    if _PET.search(seen.near_before + before) and not re.search(r"人|命", words):
        return False
    if re.search(r"^(?:孩子|宝宝|婴儿|娃)", words):
        return True
    estate, old = _ESTATE.search(around), _OLD.search(seen.near)
    if _FRESH.search(seen.near) and not (estate and old):
        return True
    if _DISPUTED.search(seen.near) or _DISPUTED.search(around) and not estate:
        return not (estate and old and not re.search(r"手术|误诊|事故|赔|工地|车祸|猝死", around))
    return not (estate or old)


def _utility_cut(seen: Seen) -> bool:
    near, clause, words = seen.near, seen.clause, seen.words
    if re.search(r"断(?:了)?气", words) and not re.search(r"[燃煤然化]气|断水|断电|停", near):
        return False  # a person's breath, not the gas
    if re.search(r"没通|未通|还没接", clause) and re.search(r"交房|开发商|新房|入住|收房", near):
        return False
    if _OUTAGE.search(clause) and not re.search(r"断水断电|停水停电|水电|^把", words):
        return False
    if re.search(r"自己忘|忘了?(?:交|买|充)", near) and not re.search(r"不给|不让|拒绝|故意", near):
        return False
    if _IDLE_SWITCH.search(clause) and not re.search(r"我家|把我|给我", clause):
        return False
    if _PLANNED.search(near) and not re.search(
        r"不交|没交|逼|故意|威胁|不让|不给|拒绝|断水断电|搬|把我家|给我家", near
    ):
        return False
    if re.match(r"(?:我家|家里|我们|咱家|屋里|楼里|店里|宿舍|出租屋|小区|整栋|全村|村里|老人家?)", words):
        return bool(_CUTTER.search(near.replace(words, "", 1)) and _LASTING.search(near))
    return bool(_CUTTER.search(near) or re.search(r"我家|我们家|家里|我店|我屋|断水断电|停水停电|不给|不让|锁", near))


def group_by_number(ready: Prepared) -> list[Found]:
    """Ten people and more with one grievance (DOMAIN R17)."""
    found = []
    for match in (*_HEADS.finditer(ready.plain), *_HEADS_AFTER.finditer(ready.plain)):
        near = ready.plain[max(0, match.start() - 40) : match.end() + 40]
        if _GRIEVANCE.search(near) and _OUR_SIDE.search(near) and not _CROWD_OK.search(near):
            left, right = window(ready.read, match.start())
            found.append(Found("group", match.start(), match.end(), left, right))
    return found


def weigh(ready: Prepared, found: Found) -> tuple[Found, ...]:
    """The signs a wording really gives, after its surroundings were heard."""
    seen = Seen(ready, found)
    if is_denied(seen) or is_general(seen):
        return ()
    if found.kind == "violence":
        kind = _violence(seen)
        return () if kind is None else (replace(found, kind=kind),)
    if found.kind == "self_harm":
        if not _self_harm(seen):
            return ()
        head = ready.read[max(0, found.start - 40) : max(found.end, min(found.right, found.end + 8))]
        done = re.search(r"[吞喝割吃服]了|早就?(?:想|从|不|走|下|跳|死)?", seen.words) or seen.before.endswith(
            ("早就", "早")
        )
        return (found, replace(found, kind="threat")) if _UNLESS.search(head) and not done else (found,)
    keep = {"threat": _threat, "death": _death, "utility_cut": _utility_cut}.get(found.kind)
    if keep is not None:
        return (found,) if keep(seen) else ()
    quiet = _CROWD_OK.search(seen.clause) and not _TO_THE_DOOR.search(seen.near)
    return () if quiet else (found,)


def denies(ready: Prepared, found: Found) -> bool:
    """Whether these words are no danger by her own account: denied ("他没有打我"), a treatment, a planned outage."""
    seen = Seen(ready, found)
    if found.kind == "violence" and _is_handling(seen):
        return True
    return is_denied(seen) or (
        found.kind == "utility_cut" and bool(_PLANNED.search(seen.near)) and not _utility_cut(seen)
    )
