"""Claims about danger by meaning: hard pairs of one word in two senses, and what no guess of the model may mean."""

from __future__ import annotations

import pytest

from bot.intake.sign_harmless import LONGEST, spoken_against
from bot.intake.sign_senses import prepare
from bot.intake.signs import KINDS, read_signs, unmeant_signs

PAIRS = (
    # to call is not to hit
    ("violence", "他把我家里人打得住了院", "别再打我家里人的电话了，钱我会还"),
    ("violence", "他把我全家挨个打了一遍", "他把我手机通讯录打了一遍"),
    ("violence", "他打碎了我的下巴", "小孩打球把教室玻璃打碎了"),
    ("violence", "他专门打我的脸", "打脸了吧，说好的包退"),
    ("violence", "他从背后捅我一刀，血流了一地送医院", "合作这么多年，他背后捅我刀子"),
    # a door: blocked by a crowd that is there, announced, walled up
    ("threat", "工友们讲明天去把大门堵了", "厂里的人把大门堵上了，少说有五六十号"),
    ("threat", "催收的天天来堵我家门", "我想把北边的门堵上改成窗"),
    # water and power
    ("utility_cut", "房东嫌我不搬，把水阀关死了", "我自己忘了交水费，停了半天就来了"),
    ("utility_cut", "村里把我家电杆上的线摘了", "奶奶把药水找出来放下了"),
    # a life
    ("self_harm", "绳子我都搭在房梁上了", "店里实在撑不下去了，想把铺子转出去"),
    ("self_harm", "我吃了三十多片安定", "医生开了三十片降压药，医保不报"),
    ("self_harm", "我不在了，你们把孩子照顾好", "我写遗嘱，等我不在了房子给侄子"),
    ("death", "家里鱼塘边，我哥让电电死了", "稻田里的苗全让上游排的水烧死了"),
    ("death", "我妈让狗扑倒磕在石头上，第四天走的", "上游放水冲死了我半塘螃蟹"),
    ("death", "他一棍子打死了我叔", "一棍子打死所有中介不对"),
    ("violence", "他掐我脖子", "供热站把我们这一户的阀门掐死了"),
    ("violence", "老公把我反锁在屋里不让出门", "孩子考砸了把自己反锁在屋里"),
    ("violence", "被家暴了，告诫书找哪个部门开", "家暴告诫书是哪个部门开的，我在写宣传稿"),
    ("threat", "家长威胁老师要打断他的腿", "家长威胁老师要打市长热线"),
    # a child that is hurt, one that does it, one that finds
    ("minor", "女儿吃了二十几片药送去洗胃", "我吃了药，女儿发现送去洗胃"),
    ("minor", "孙子打完针当场抽过去了", "孙子打完针一点反应没有，就嫌收费高"),
    # her own story, or one that is studied, written, watched
    ("violence", "他们互殴，我弟被打断了鼻梁", "备考刷真题，互殴和正当防卫分不清"),
    ("violence", "我婆婆把我推下楼", "昨晚追了个短剧，里面婆婆把儿媳推下楼"),
    ("death", "我哥是工亡，公司不认", "我是做人事的，工亡补助怎么算，要更新手册"),
    ("self_harm", "被申请人拖欠赔偿款，申请人曾服毒未遂", "没打算轻生，就是想把工钱要回来"),
    # animals, games, things
    ("death", "我女儿打完疫苗死了", "我家母猪打了那个疫苗死了"),
    ("minor", "我家娃没了，医院不认", "一窝崽都没了，饲料店不认"),
    ("threat", "他说要杀我们全家", "主播喊大家冲进去杀穿他们"),
    ("threat", "他放话说要砍我", "他放话说以后不跟我做生意了"),
    ("threat", "他说要烧了我的店", "通知早贴了，就是空调烧了"),
    # a blow with whatever was at hand, a body that is kept cold, a switch that is pulled, a crowd that lost its money
    ("violence", "他一饭勺敲我额头上", "他一锤敲定了价钱"),
    ("death", "我爸现在还躺在殡仪馆里", "猪肉停在冰柜边上卸货"),
    ("utility_cut", "嫂子一生气就把我屋的电闸扳下来", "电闸是我自己推上去的"),
    ("group", "我们四十来个老姐妹的养老钱都打水漂了", "我们四十来个老姐妹约了去旅游"),
    ("self_harm", "老天爷快把我收走吧", "老天爷收成好，粮价跌了"),
)


@pytest.mark.parametrize(("kind", "danger", "harmless"), PAIRS)
def test_one_word_in_two_senses_is_told_apart(kind: str, danger: str, harmless: str) -> None:
    assert kind in {sign.kind for sign in read_signs(danger)}
    assert kind not in {sign.kind for sign in read_signs(harmless)}


def test_a_crowd_before_a_door_is_a_gathering_and_one_that_will_block_it_a_threat_too() -> None:
    assert {sign.kind for sign in read_signs("厂里的人把大门堵上了，少说也有五六十号")} == {"group"}
    assert {sign.kind for sign in read_signs("我们几十个人明天去堵公司大门")} == {"group", "threat"}


def test_a_farewell_without_any_dispute_is_a_danger_to_life() -> None:
    assert {sign.kind for sign in read_signs("爸妈对不起，来生再做你们的女儿，别找我了")} == {"self_harm"}


MEANT = (
    ("minor", "我闺女今年四十二，她婆家分地没她的份"),
    ("minor", "孩子三岁，奶粉钱谁出"),
    ("threat", "他说再不还钱就等着收传票"),
    ("threat", "对门说再堆鞋柜就找消防举报我"),
    ("self_harm", "这份工我撑不住了，想辞职"),
    ("self_harm", "婚离了我就解脱了，财产怎么分割"),
    ("self_harm", "我从来没想过要死，就是憋得慌"),
    ("group", "聚餐二十人，饭店多算一桌"),
    ("violence", "护士扎针扎了三回"),
    ("utility_cut", "楼上漏水，灯泡坏了"),
    ("utility_cut", "浙江顺水装饰有限公司拉走了我的货"),
)


@pytest.mark.parametrize(("kind", "text"), MEANT)
def test_what_a_text_cannot_mean_is_no_guess_of_the_second_net(kind: str, text: str) -> None:
    assert kind in unmeant_signs(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("minor", "孩子三岁，奶粉钱没有，饿得直哭"),
        ("threat", "他说再告到法院就让我躺着出来"),
        ("self_harm", "这份工我撑不住了，绳子都买了"),
        ("death", "我妈进了手术室就没下来"),
        ("death", "下井的三个人一个也没上来，矿上不让家属进"),
        ("group", "二十人聚餐的钱没退，大家要去围饭店"),
        ("violence", "护士扎针的时候扇了我奶奶"),
        ("death", "夜班的人早上去喊他，身子邦硬"),
    ],
)
def test_a_word_of_danger_beside_it_leaves_the_guess_standing(kind: str, text: str) -> None:
    assert kind not in unmeant_signs(text)


def test_a_long_telling_is_never_spoken_against() -> None:
    assert spoken_against(prepare("孩子三岁，奶粉钱谁出" + "，我们说不拢" * LONGEST).plain) == frozenset()


def test_nothing_speaks_against_what_the_rules_read() -> None:
    for kind, danger, _ in PAIRS:
        assert kind in KINDS and kind not in unmeant_signs(danger)
