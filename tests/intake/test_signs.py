"""Claims about `bot.intake.signs`: danger is read by meaning, not by keyword."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.signs import KINDS, Sign, denied_signs, read_signs


def kinds(text: str) -> set[str]:
    return {sign.kind for sign in read_signs(text)}


V, S, T, M, D, G, U = KINDS[0], KINDS[1], KINDS[2], KINDS[3], KINDS[4], KINDS[5], KINDS[6]

VIOLENCE = {
    "他又打我了": {V},
    "老公喝醉酒就打人": {V},
    "昨天晚上他把我按在床上掐脖子": {V},
    "我被我老公打了": {V},
    "他扇了我两个耳光": {V},
    "丈夫踹了我一脚，腰疼得起不来": {V},
    "结婚十年挨了十年打": {V},
    "五年前他打过我一次": {V},
    "他以前家暴过我": {V},
    "邻居两口子天天打架，女的喊救命": {V},
    "我妈被我爸打得鼻青脸肿": {V},
    "他不是第一次动手了": {V},
    "他动不动就打我": {V},
    "他没少打我": {V},
    "他没有一天不打我": {V},
    "他不但骂我还打我": {V},
    "我怕他再打我": {V},
    "老板叫人把我打了一顿": {V},
    "楼下邻居推搡我妈": {V},
    "保安把我打伤了": {V},
    "他用皮带抽我": {V},
    "他把我锁在屋里不让我出门": {V},
    "前夫揪着我头发往墙上撞": {V},
    "儿子打老娘，村里没人管": {V},
    "讨薪的时候被包工头打了": {V},
    "家暴怎么取证": {V},
    "被家暴了想离婚怎么办": {V},
    "他天天对我拳打脚踢": {V},
    "婆婆和老公一起打我": {V},
    "他削了我一顿": {V},
    "对象捶我，胳膊都青了": {V},
    "病人家属把护士打了": {V},
    "我老公家爆我": {V},
    "他昨晚對我動手了": {V},
    "他说是闹着玩，可是把我胳膊打断了": {V},
    "求求你们让他别打我了": {V},
    "他一天不打我就难受": {V},
    "女儿被她老公打了，跑回娘家": {V},
    "他强迫我发生关系": {V},
    "护工虐待我奶奶": {V},
    "喝酒的时候两个人动手打起来了": {V},
    "我被同事一拳打在脸上": {V},
    "他嘴上说爱我，转身就给我一巴掌": {V},
    "上个月他还打过我，这个月好点了": {V},
    "我先动的手，他也还手了": {V},
    "城管打人": {V},
    "我打了他一下，他要我赔五千": {V},
    "他对我施暴": {V},
    "我爸打我妈打了三十年": {V},
    "他打我骂我不给我钱": {V},
    "隔壁男的把老婆打得直叫": {V},
}

NO_VIOLENCE = (
    "他从来没打过我",
    "他没动过手，就是骂人",
    "我们没有打架",
    "他不打人，就是脾气急",
    "他没有家暴，就是性格不合",
    "我没打他，是他自己摔的",
    "他从不动手，只是不说话",
    "没有发生过家庭暴力",
    "他没打我也没骂我",
    "打官司要多少钱",
    "这个官司打得我身心疲惫",
    "给老板打了十几个电话都不接",
    "他不接我电话，打他手机也关机",
    "我在工地打工三年",
    "打卡少了一次扣两百",
    "打针打错了，胳膊红了一片",
    "跟您打听个事",
    "打扰了，请问调解收费吗",
    "网上买东西打折不给退",
    "打印店弄丢了我的资料",
    "我打算离婚",
    "他打欠条给我了",
    "给我打了一张三万的欠条",
    "他说好打钱给我，一直没打",
    "押金打我卡里了",
    "他打麻将输了十万",
    "孩子打游戏充了三千",
    "打车被绕路",
    "钻井队打井把我家墙震裂了",
    "打疫苗要排队吗",
    "医生让做手术，动手术前没签字",
    "自己动手装的热水器坏了",
    "准备动手盖房，邻居不同意",
    "骂人算家暴吗",
    "什么叫家庭暴力",
    "反家庭暴力法有什么规定",
    "父母打孩子违法吗",
    "部门之间互相踢皮球",
    "把我踢出业主群",
    "推倒围墙重新砌",
    "工伤的钱单位打到我账上了",
    "楼上拍打被子灰尘飘下来",
    "小区打扫卫生不干净",
    "公司打压我，不给升职",
    "打水漂了，投资全没了",
    "他打呼噜影响我睡觉",
    "打包费太贵",
    "打击太大了，我接受不了这个结果",
    "我们打交道好多年了",
    "村里打机井占我家地",
    "健身房打着免费的旗号骗人办卡",
    "她打扮得漂亮，经常不回家",
    "冷暴力算家暴吗",
    "他冷暴力我三年了",
    "抽油烟机坏了商家不修",
    "一刀切的规定不合理",
    "打了12345没人管",
    "打110也没用，就是借钱不还",
    "雷打不动每天吵到十二点，就是跳舞放音乐",
)

SELF_HARM = {
    "我活着没意思": {S},
    "不如死了算了": {S},
    "我想一了百了": {S},
    "我撑不下去了": {S},
    "想从楼上跳下去": {S},
    "遗书都写好了": {S},
    "我吃了一瓶安眠药": {S},
    "她割腕了，幸亏发现早": {S},
    "我老婆喝农药了": {S},
    "我真的活不下去了": {S},
    "想死的心都有了": {S},
    "活够了": {S},
    "我爸气得要跳河": {S},
    "我妈说不想活了": {S},
    "要不是为了孩子我早就死了": {S},
    "睡着了再也不醒多好": {S},
    "他得了抑郁症，老想自杀": {S},
    "我站在天台上，不想下来了": {S},
    "生不如死的日子": {S},
    "想自鲨": {S},
    "不想火了": {S},
    "我不想活了，別攔我": {S},
    "婆婆天天闹上吊": {S},
    "他上次自杀被救回来了": {S},
    "老人绝食三天了": {S},
    "俺活不成了": {S},
    "结束自己的生命是不是就解脱了": {S},
    "我怕她想不开": {S},
    "我走投无路，只有死路一条": {S},
    "他威胁我说离婚就自杀": {S, T},
    "不给钱我就死给你们看": {S, T},
    "不还我工资我就从塔吊上跳下去": {S, T},
    "再逼我我就跳楼": {S, T},
    "老板不结账我就喝农药死在他公司门口": {S, T},
    "我想带孩子一起走，不想活了": {S, M},
    "我女儿十五岁，说不想活了": {S, M},
    "儿子上初二，在学校割腕": {S, M},
}

NO_SELF_HARM = (
    "我没有想不开",
    "我不会自杀的",
    "我没想过死，就是难受",
    "他不是要跳楼，是去修水箱",
    "我不是想死，我就是想要回我的钱",
    "气死我了",
    "累死了还不给加班费",
    "烦死人了天天装修",
    "急死我了，孩子学位还没定",
    "热死了空调还坏",
    "笑死我了",
    "我想死你了",
    "死活不给退钱",
    "这个人死板得很",
    "该死的中介",
    "往死里扣钱",
    "跳楼价买的沙发塌了",
    "商场跳楼大甩卖是假的",
    "自杀式降价害得我亏本",
    "公司快撑不下去了",
    "店里生意熬不下去",
    "忙得要死还不给钱",
    "他要死要活非要买车",
    "孩子死不承认",
    "离婚对大家都是解脱",
    "死了这条心吧，他不会还钱",
    "我对这段婚姻已经死心",
    "医生开了安眠药，吃了才能睡着",
    "保险合同里自杀条款怎么理解",
    "跳槽被公司扣工资",
    "孩子在家跳绳被投诉",
    "死机了，客服不管",
    "拼死拼活干一年",
    "电视剧里女主角跳楼了，我看得难受",
)

THREAT = {
    "他说要弄死我": {T},
    "前夫说再不复婚就砍死我": {T},
    "我要杀了他": {T},
    "不给钱我就一把火烧了他的厂": {T},
    "大不了同归于尽": {T},
    "他扬言要我好看": {T},
    "放高利贷的往我家门上泼油漆": {T},
    "他说要打断我的腿": {T},
    "他要打我，我躲开了": {T},
    "邻居说见我一次打我一次": {T},
    "我要报复他们": {T},
    "我怕他报复我": {T},
    "他威胁我不许说出去": {T},
    "他发短信恐吓我": {T},
    "他让我等着瞧": {T},
    "带人来我家砸门": {T},
    "明天我去堵他公司大门": {T},
    "催收的天天来堵门": {T},
    "他说不撤诉就杀我全家": {T},
    "我找黑社会收拾他": {T},
    "逼急了我跟他拼命": {T},
    "他半夜拿砖头要砸我家窗户": {T},
    "前男友跟踪我": {T},
    "老子要炸了这个公司": {T},
    "他說要殺我": {T},
    "他威肋我": {T},
    "工头说再要工资就卸我胳膊": {T},
    "信不信我弄死你": {T},
    "我哥气得要去砍人": {T},
    "他说出去了要灭我全家": {T},
    "楼上说再投诉就要我的命": {T},
    "再不解决我就去堵路": {T},
    "他威胁要杀孩子": {T, M},
    "他说要把女儿从楼上扔下去": {T, M},
    "他拿菜刀追着我砍": {V, T},
}

NO_THREAT = (
    "他没有威胁我",
    "我没想报复谁",
    "我不会杀人放火，我就是讲道理",
    "买房杀价杀不下来",
    "电脑杀毒软件收费",
    "砍价砍到一半商家反悔",
    "拼多多砍一刀是骗人的",
    "邻居砍了我家的树",
    "再不给钱我就去劳动局告他",
    "再不退款我就打12315",
    "他说再不还钱就起诉我",
    "老板威胁要开除我",
    "邻居的车堵门，出不去",
    "楼道垃圾堵门没人清",
    "下水道堵了",
    "上下班堵路堵得厉害",
    "拼命干活一年到头没拿到钱",
    "收拾东西回老家了",
    "修理店修坏我的车",
    "我不要他的命，我只要赔偿",
    "杀猪盘骗了我八万",
    "秒杀的东西不发货",
    "漏电威胁居民安全",
    "捅了娄子没人负责",
    "炸鸡店加盟费不退",
    "加汽油被多收钱",
    "砍掉了我的年终奖",
    "菜刀质量差，用两次就卷刃",
)

MINOR = {
    "孩子被打了": {V, M},
    "老师打我儿子": {V, M},
    "幼儿园老师用针扎孩子": {M},
    "他当着孩子的面打我": {V, M},
    "他打我的时候孩子吓得直哭": {V, M},
    "继母虐待八岁的女孩": {V, M},
    "娃被同学打掉两颗牙": {V, M},
    "我家孩子把同学打了": {V, M},
    "他打我，也打孩子": {V, M},
    "他喝了酒连孩子都打": {V, M},
    "十三岁的女儿被邻居猥亵": {V, M},
    "孩子在学校被霸凌": {V, M},
    "孩子一个人被锁在家里": {M},
    "婴儿在医院被烫伤": {M},
    "三岁的孩子被狗咬伤": {M},
    "孩子从滑梯上摔下来骨折了": {M},
    "小学生被车撞了": {M},
    "孩子被遗弃在医院": {M},
    "学生在学校摔成重伤": {M},
    "刚出生的婴儿没救过来": {D, M},
    "孩子在游泳馆溺水身亡": {D, M},
    "我才14岁，我爸打我": {V, M},
}

NO_MINOR = (
    "孩子抚养权归谁",
    "孩子的抚养费一年没给了",
    "孩子想转学",
    "幼儿园不退学费",
    "儿子结婚彩礼怎么算",
    "女儿要争家产",
    "他不让我看孩子",
    "孩子改姓要男方同意吗",
    "孩子打疫苗记录丢了",
    "老师没有打孩子",
    "孩子没有受伤，就是衣服破了",
)

DEATH = {
    "我妈昨天在手术台上没了": {D},
    "工友从楼上摔死了": {D},
    "我爸输液后死亡，医院不承认": {D},
    "老公上班猝死，公司不赔": {D},
    "车祸把我爱人撞死了": {D},
    "人没抢救过来": {D},
    "我哥在工地触电身亡": {D},
    "奶奶在养老院摔倒后去世，养老院不管": {D},
    "家属说医院把人治死了": {D},
    "五年前我爸死在手术台上，医院一直不给说法": {D},
    "我爸今早刚走，医院催着火化": {D},
    "媽媽剛剛去世，醫院不給病歷": {D},
    "我爸抢就无效去逝了": {D},
    "产妇大出血死亡": {D},
    "我弟喝酒喝死了，同桌的不管": {D},
    "他被人打死了": {V, D},
}

NO_DEATH = (
    "我爸去世十年了，房子怎么过户",
    "爷爷过世多年，宅基地归谁",
    "母亲前年病逝，存款怎么取",
    "父亲去世后遗产怎么分",
    "奶奶早年去世，没有遗嘱",
    "老人生前说房子给我",
    "我爷爷还没死就要分家产",
    "差点没命，幸好抢救过来了",
    "人没事，没有死人",
    "养的鱼都死了",
    "我家狗被毒死了",
    "果树全冻死了",
    "买的花没两天就死了",
    "老公走了不管我们娘俩",
    "包工头走了，工资没结",
    "押金没了",
    "钱都没了",
    "死亡证明怎么开",
    "手机死机了",
    "我妈的存折没了",
)

GROUP = {
    "我们五十多个工人没拿到工资": {G},
    "我们二十个工友都没拿到钱": {G},
    "一百多户业主要集体上访": {G},
    "村民们准备去镇政府拉横幅": {G},
    "全村人去堵路": {G, T},
    "我们几十个人明天去堵公司大门": {G, T},
    "三十多个家长在学校门口静坐": {G},
    "他带了十几个人来我家闹": {G, T},
    "工人们要罢工": {G},
    "一帮人围在物业办公室门口": {G},
    "上百储户去银行门口要钱": {G},
    "两个村的人打群架": {G, V},
    "大家约好一起去市政府静坐": {G},
    "我們三十幾個工人要去上訪": {G},
}

NO_GROUP = (
    "我们三个人的工资没发",
    "我们两口子都被欠薪",
    "我们家五口人的地",
    "公司一共两百人",
    "单元十二户有九户同意加装电梯",
    "集体土地能流转吗",
    "村集体经济组织不给分红",
    "集体合同怎么签",
    "没有人上访，我们好好谈",
    "我们不会去堵门闹事",
    "一起去旅游的十五个人退费标准",
    "我和老公一起去法院",
    "结婚请了二十桌酒店不退定金",
)

UTILITY = {
    "物业停我家的水": {U},
    "房东断水断电逼我搬家": {U},
    "因为没交物业费，他们把我家电停了": {U},
    "房东把电闸拉了": {U},
    "物业不让我充电费": {U},
    "楼下邻居把我家水管关了": {U},
    "大冬天物业把暖气给停了": {U},
    "水电都被房东掐了": {U},
    "村里停了我家的电": {U},
    "物业说不交钱就停我家水": {U},
    "我家被停水停电了": {U},
    "物業斷了我家的電": {U},
    "家里停水三天了物业不管": {U},
    "他把我家燃气关了": {U},
    "二房东跑了，房东把水表锁了": {U},
}

NO_UTILITY = (
    "物业没有停我家的水",
    "明天停水通知在哪看",
    "供电局检修停电一天",
    "台风刮断电线，全城停电",
    "电梯停了三天",
    "停电的时候电梯困人",
    "暖气不热",
    "水费太高",
    "水管漏水把楼下泡了",
    "小区水压低",
    "燃气公司安检收费",
    "自来水有异味",
    "自来水公司抢修停水，想问什么时候来水",
    "停车费乱涨",
    "电话停机了",
)

ORDINARY = (
    "老板欠我三个月工资",
    "加装电梯一楼不同意",
    "物业费涨价合理吗",
    "楼上漏水把我家天花板泡了",
    "合作社流转我家五亩地不给租金",
    "我想离婚，他不同意",
    "婆媳关系不好",
    "你好",
    "谢谢，没事了",
    "邻居家装修太吵",
    "借给朋友五万不还",
    "网购退货不给退",
    "医院多收了检查费",
    "车被追尾，修车费谈不拢",
    "",
    "？？？",
    "1234567",
    "哈哈哈哈",
)

SPOKEN = {**VIOLENCE, **SELF_HARM, **THREAT, **MINOR, **DEATH, **GROUP, **UTILITY}
HARMLESS = (
    *((V, text) for text in NO_VIOLENCE),
    *((S, text) for text in NO_SELF_HARM),
    *((T, text) for text in NO_THREAT),
    *((M, text) for text in NO_MINOR),
    *((D, text) for text in NO_DEATH),
    *((G, text) for text in NO_GROUP),
    *((U, text) for text in NO_UTILITY),
)
ASIDES = ("我想问问怎么调解", "谢谢你们", "我住在城东", "物业费我都交了", "电话我留给你了", "今天天气不好")


@pytest.mark.parametrize(("text", "signs"), SPOKEN.items())
def test_a_danger_is_read_as_what_it_is(text: str, signs: set[str]) -> None:
    assert kinds(text) == signs


@pytest.mark.parametrize(("kind", "text"), HARMLESS)
def test_words_that_only_look_dangerous_stay_quiet(kind: str, text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_trouble_has_no_sign(text: str) -> None:
    assert read_signs(text) == ()


def test_four_near_sentences_have_four_outcomes() -> None:
    assert kinds("他没有打我") == set()
    assert kinds("他又动手了") == {V}
    assert kinds("我不想活了") == {S}
    assert kinds("孩子被打了") == {V, M}


def test_long_past_violence_is_kept_and_marked_past() -> None:
    (sign,) = read_signs("五年前他打过我一次")
    assert sign.when == "past"


def test_fear_of_violence_is_marked_feared() -> None:
    (sign,) = read_signs("我怕他再打我")
    assert (sign.kind, sign.when) == (V, "feared")


def test_who_hits_is_named_as_the_citizen_named_him() -> None:
    (sign,) = read_signs("昨晚老公又打我了")
    assert sign.who == "老公"


def test_one_clause_denied_does_not_silence_the_next() -> None:
    assert kinds("他没打我，可是他打孩子") == {V, M}
    assert kinds("以前没动过手，昨天动手了") == {V}


def test_a_wide_or_traditional_writing_says_the_same() -> None:
    assert kinds("他說要殺我") == kinds("他说要杀我") == {T}


def test_an_invisible_character_hides_nothing_and_the_quote_is_exact() -> None:
    text = "我不想\u200b活了"
    (sign,) = read_signs(text)
    assert sign.kind == S and text[sign.span[0] : sign.span[1]] == sign.text


@pytest.mark.parametrize("text", list(SPOKEN))
def test_the_quoted_words_are_the_citizens_own(text: str) -> None:
    for sign in read_signs(text):
        assert isinstance(sign, Sign)
        assert sign.text and text[sign.span[0] : sign.span[1]] == sign.text
        assert sign.kind in KINDS and sign.when in ("now", "past", "feared")


@given(st.text(max_size=300))
def test_any_text_gives_an_answer(text: str) -> None:
    for sign in read_signs(text):
        assert text[sign.span[0] : sign.span[1]] == sign.text


@given(st.text(alphabet="打死杀跳楼没不我他孩子被的了，。就要说再给家水电停去世堵门人十个 ", max_size=120))
def test_any_heap_of_dangerous_characters_gives_an_answer(text: str) -> None:
    for sign in read_signs(text):
        assert text[sign.span[0] : sign.span[1]] == sign.text


@given(st.sampled_from(sorted(SPOKEN)), st.sampled_from(ASIDES), st.booleans())
def test_a_harmless_clause_never_takes_a_sign_away(text: str, aside: str, first: bool) -> None:
    told = f"{aside}。{text}" if first else f"{text}。{aside}"
    assert kinds(text) <= kinds(told)


@pytest.mark.parametrize(
    "clause", ["他从不动手，只是不说话。", "他又动手打我和孩子", "我们几十个人明天去堵公司大门，", "打", "孩子"]
)
def test_a_letter_of_twenty_thousand_characters_is_read_in_linear_time(clause: str) -> None:
    def seconds(length: int) -> float:
        text = (clause * (length // len(clause) + 1))[:length]
        start = time.process_time()
        read_signs(text)
        return time.process_time() - start

    seconds(200)
    assert seconds(20_000) < 20 * seconds(5_000) + 0.5


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("我想和丈夫离婚，他没有打我，就是天天赌钱不回家", {"violence"}),
        ("他从来没有动过手", {"violence"}),
        ("以前没有打我，昨晚他打我了", set()),
        ("老板欠我工资", set()),
    ],
)
def test_what_she_denies_is_not_guessed_against_her_word(text: str, denied: set[str]) -> None:
    assert denied_signs(text) == denied
