"""Claims about dangers told in dialect, by voice, in fragments, in long letters: the first net alone, on invented texts.

`danger_said/*.tsv`: letters of the signs (v s t m d g u, - for none), a tab, the text. They were written before the
rules were mended for them, so they hold what was learnt; figures on unseen texts are in the README.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intake.signs import KINDS, read_signs

FOLDER = Path(__file__).parent / "danger_said"
LETTERS = {kind[0]: kind for kind in KINDS}
SETS = sorted(FOLDER.glob("*.tsv"))


def lines(path: Path) -> list[tuple[set[str], str]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [({LETTERS[letter] for letter in signs if letter != "-"}, text) for signs, text in rows]


def kinds(text: str) -> set[str]:
    return {sign.kind for sign in read_signs(text)}


@pytest.mark.parametrize("path", SETS, ids=[path.stem for path in SETS])
def test_who_is_in_danger_is_heard_and_who_is_not_is_left_alone(path: Path) -> None:
    missed = [text for gold, text in lines(path) if gold and not kinds(text)]
    alarmed = [text for gold, text in lines(path) if not gold and kinds(text)]
    count = len(lines(path))
    assert len(missed) <= 0.03 * count, missed
    assert len(alarmed) <= 0.05 * count, alarmed


#: Said alike, meant otherwise: the first is a danger of that kind, the second none of it.
PAIRS = [
    ("violence", "同事拿保温杯砸我头上起个大包", "同事拿保温杯砸核桃"),
    ("violence", "二叔拿绳子把她拴在床腿上", "二叔拿绳子把牛拴在树上"),
    ("violence", "他气得拿我的头撞门", "他气得拿头撞了一下门框，自己疼得直咧嘴"),
    ("violence", "我看着新闻就哭了，我老公也打我", "新闻里说有个男的天天打老婆，我们家没这事"),
    ("violence", "她说我打她，我确实打了她一巴掌", "她到处说我打她，我连她的手都没碰过，冤枉"),
    ("violence", "都说他脾气好，关起门来他就打我", "都说他会打人，我跟他过了二十年一次也没见过"),
    ("violence", "他打我是家常便饭", "佢冇打过我，净系赌钱"),
    ("violence", "推了我老婆一把", "我推了一把车"),
    ("violence", "背上一道一道的印子，我姐说自己摔的", "商场地上有水，膝盖摔青了，商场说是我自己摔的"),
    ("violence", "他拿水果刀划了我一下，缝了四针", "快递员拿刀划了一下胶带"),
    ("violence", "他胳膊上全是烟头烫的疤", "沙发上有个烟头烫的洞，房东要我赔"),
    ("violence", "大热天她也穿高领，问她她就说怕晒", "大热天也得穿长袖工装，想问高温补贴"),
    ("violence", "我被他打得站不起来", "我们队被他们打得落花流水，报名费退不退"),
    ("violence", "我天天挨打，邻居都听得见", "我们排小品，我演那个挨打的，服装费没给"),
    ("violence", "他把人打死了", "他在浴室叫电打了一下，手麻了半天"),
    ("threat", "他说要炸了我家的店", "他炸了我一手好牌，还不请客"),
    ("threat", "杀人偿命，我要他以命抵", "借条上写还不上以命抵，开玩笑写的，有效吗"),
    ("threat", "我爹绝食了，说不把地还他就不吃", "医生让我爹不吃不喝等手术"),
    ("self_harm", "上个月割过一次，手腕缝了六针", "上个月割过一次麦子，机器费没给"),
    ("self_harm", "这样下去我活不成了", "那棵树让他剥了皮，眼看活不成"),
    ("death", "外公昨天在养老院断了气，他们不让看监控", "外公九十六睡梦里走的，大家都说有福，三个舅舅分老屋"),
    ("death", "我爸打完针人没救回来", "奶奶养的鹦鹉让快递踩了，没救回来"),
    ("group", "全村八百口人都去镇政府门口坐着", "全村八百口人选代表，没通知我"),
    ("violence", "护工用毛巾塞住老人的嘴", "用毛巾塞住了漏水的管子"),
    ("threat", "他让人把我腿打折", "网上买的东西打折了不给退差价"),
    ("threat", "信不信我把你那半边给点了", "信不信由你，这事我没说"),
    ("threat", "你家孩子在哪个班我们都清楚", "孩子在哪个班老师还没通知"),
    ("threat", "说要把我那些照片发到公司群里，除非给他五万", "我把漏水的照片发到业主群里了"),
    ("threat", "他威胁说要弄死我", "老板威胁我，去仲裁就在行业里封杀我"),
    ("threat", "他威胁要打我", "他威胁要给我打差评"),
    ("threat", "他说要打断我的腿", "他说要跟我打到底，官司打到最高院也奉陪"),
    ("death", "大火呛死人了三个", "饭店油烟直冲我家窗户，呛死人了"),
    ("self_harm", "绳子都拴好了", "晾衣绳拴在窗户上挡了我家光"),
    ("self_harm", "从单位十六楼下去要几秒钟", "从三楼下去要走外面的楼梯"),
    ("self_harm", "我死的心都有了，真的，三天没吃东西了", "我死的心都有了，当然是夸张，就要求退钱"),
    ("self_harm", "活不下去了", "我妈说她年轻时候穷得差点活不下去"),
    ("self_harm", "我不想火了", "我不想获得赔偿，只要道歉"),
    ("death", "我老公睡下就没醒过来", "我没醒过来，闹钟响了也没听见"),
    ("death", "鱼塘边上淹死了人", "鱼塘今年干死了好多鱼"),
    ("death", "她喝农药死了，昨天的事", "再不给钱我就死在你们单位"),
    ("minor", "婆婆拿笤帚抽孩子", "婆婆说我不生儿子，骂我"),
    ("minor", "老师摸他下面，孩子说的", "老师摸底考试收了三百块"),
    ("minor", "我弟弟才十二，被留在砖窑干活", "我弟弟二十二，在砖窑干活"),
    ("group", "全村都坐到工地上不让施工", "全村都通了自来水"),
    ("utility_cut", "房东把我那间的电卡拿走了", "房东说电卡要自己去充"),
    ("utility_cut", "物业不给老人的电卡充值", "开发商交房，水电还没通"),
    ("violence", "护工攥着我婆婆的手拿毛巾抽她脸", "护士攥着我婆婆的手往同意书上摁手印"),
    ("violence", "他把我妈绑在床上还扇她", "手术以后护士把我妈手绑在床边，怕她乱动拔管"),
    ("violence", "保安揪着我爹的领子往墙上撞", "师傅拽着电线往墙上钉"),
    ("violence", "他打了我十几拳", "给他打了十万块，备注写的货款"),
    ("threat", "他放狠话说要放我的血", "他放狠话说法庭上见"),
    ("threat", "催债的给我妈寄了个花圈", "花圈店给我寄错了账单"),
    ("self_harm", "活着比死了还难受", "这车卖了比留着还难受"),
    ("self_harm", "我拿刀片划自己胳膊，割过一次腕", "刀片划破了快递箱"),
    ("death", "他掉进水库，再没上来", "手机掉进水池，再没开机"),
    ("death", "人在冲床前就没了", "两根指头让冲床冲没了"),
    ("death", "他在井下没上来，死了", "水阀让人给拧死了"),
    ("group", "三十个摘棉花的，身份证都让老板扣着", "三十个摘棉花的，都领到了工钱"),
    ("group", "全村人按了手印要去市里", "全村人签字同意装路灯"),
    ("utility_cut", "煤气叫儿媳妇关了，天天吃冷饭", "他送到医院就断了气"),
]


@pytest.mark.parametrize(("kind", "danger", "harmless"), PAIRS, ids=[pair[1][:16] for pair in PAIRS])
def test_words_that_sound_alike_are_told_apart(kind: str, danger: str, harmless: str) -> None:
    assert kind in kinds(danger)
    assert kind not in kinds(harmless)


@pytest.mark.parametrize(
    ("written", "kind"),
    [("他掐我波子我喘不上气", "violence"), ("我不想火了", "self_harm"), ("断水断店三天了物业干的", "utility_cut"),
     ("他又洞手了", "violence"), ("再逼我就同归与尽", "threat")],
)  # fmt: skip
def test_a_danger_is_heard_through_wrong_characters(written: str, kind: str) -> None:
    assert kind in kinds(written)


@pytest.mark.parametrize(
    "harmless", ["孩子大了我管不了", "我去试了一下不行", "汤洒了我一身", "试了算了", "家宝宝的抚养费", "紫砂壶是假的"]
)
def test_what_only_sounds_like_a_danger_is_none(harmless: str) -> None:
    assert kinds(harmless) == set()


@pytest.mark.parametrize("text", ["他打我的时候孩子在旁边哭，妈妈不在家", "楼上把水泼下来，我要说法"])
def test_the_words_of_a_sign_are_her_own(text: str) -> None:
    for sign in read_signs(text):
        assert text[sign.span[0] : sign.span[1]] == sign.text
