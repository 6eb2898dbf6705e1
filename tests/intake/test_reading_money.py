"""Sums of yuan as citizens say them, and the numbers that are none."""

import datetime

import pytest

from bot.intake.reading import Reading, read

TODAY = datetime.date(2026, 11, 20)


def reading_of(text: str, asked: str | None = None) -> Reading:
    return read(text, TODAY, asked)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("工头说欠我四万六", 46_000),
        ("押了三千五在他手里", 3_500),
        ("两万八，一分没少借给他的", 28_000),
        ("定金交了六千", 6_000),
        ("装修款一共七万三千四百块", 73_400),
        ("一万零八百", 10_800),
        ("十万零三千是本金", 103_000),
        ("修车花了2860元", 2_860),
        ("要我赔9,800元", 9_800),
        ("医药费3426.5元", 3_426.5),
        ("彩礼18万8", 188_000),
        ("彩礼给了十八万八", 188_000),
        ("借出去6w5", 65_000),
        ("借给他5W", 50_000),
        ("一个月工资7k", 7_000),
        ("2万5千块", 25_000),
        ("4千2", 4_200),
        ("1.28万元", 12_800),
        ("一点六万", 16_000),
        ("叁万伍仟元整", 35_000),
        ("壹佰贰拾万圆整", 1_200_000),
        ("¥6,500.00", 6_500),
        ("￥４５００", 4_500),
        ("RMB 8800", 8_800),
        ("人民币九千元", 9_000),
        ("9000人民币", 9_000),
        ("三块五一斤收的", 3.5),
        ("9块9包邮", 9.9),
        ("单价1.2万一平", 12_000),
        ("一平九千八", 9_800),
        ("五百押金不退", 500),
        ("要我六千代理费", 6_000),
        ("滞纳金1800", 1_800),
        ("三百的罚款", 300),
        ("4k一个月", 4_000),
        ("电费八毛五一度", 0.85),
        ("十二块八", 12.8),
        ("两百块零五毛", 200.5),
        ("欠款三百二十元五角", 320.5),
        ("五毛钱的事", 0.5),
        ("一天两百六", 260),
        ("一百八一天说好的", 180),
        ("房租1850一个月", 1_850),
        ("月租金2400/月", 2_400),
        ("每个月4200", 4_200),
        ("欠我7600没给", 7_600),
        ("赔我六百", 600),
        ("罚款二百", 200),
        ("每亩一年六百五十块", 650),
        ("一亩地九百块钱", 900),
        ("租金一亩1100", 1_100),
        ("房子卖了一百三十五万", 1_350_000),
        ("项目总共一亿两千万", 120_000_000),
        ("投进去两个亿", 200_000_000),
        ("欠我們三萬兩千塊", 32_000),
        ("一共１２３００元", 12_300),
        ("还差他１万２", 12_000),
        ("三千二一直没退给我", 3_200),
        ("两千三个月没退", 2_000),
        ("13500", 13_500),
        ("五万零五百一", 50_510),
        ("1300一亩", 1_300),
        ("时薪二十", 20),
        ("发红包520", 520),
        ("12 000元", 12_000),
        ("押金一千五一分不退", 1_500),
        ("5 万元没还", 50_000),
        ("不对，是三万五", 35_000),
        ("他只肯出八千", 8_000),
        ("物业费涨到2块3", 2.3),
        ("垫付了一万一千一百一十一元", 11_111),
        ("货款一万二千零五十元", 12_050),
        ("三\u200b万二", 32_000),
    ],
)
def test_a_sum_said_exactly_is_read_exactly(text: str, value: float) -> None:
    money = reading_of(text).money
    assert [m.value for m in money] == [pytest.approx(value)]
    assert not money[0].approx


@pytest.mark.parametrize(
    ("text", "value", "high"),
    [
        ("大概四万吧", 40_000, None),
        ("6万8千多", 68_000, None),
        ("三十多万", 300_000, None),
        ("二十来万彩礼", 200_000, None),
        ("工程款120余万元", 1_200_000, None),
        ("万把块钱", 10_000, None),
        ("千把块", 1_000, None),
        ("百来块钱", 100, None),
        ("千多块", 1_000, None),
        ("一千好几", 1_000, None),
        ("花了好几万", 30_000, None),
        ("大几千块", 5_000, None),
        ("百八十块的", 100, None),
        ("十几万", 100_000, None),
        ("欠了10几万", 100_000, None),
        ("5000左右", 5_000, None),
        ("3000块上下", 3_000, None),
        ("约1.2万元", 12_000, None),
        ("差不多九千块", 9_000, None),
        ("将近十万", 100_000, None),
        ("不到两千块", 2_000, None),
        ("小一万", 10_000, None),
        ("上万块", 10_000, None),
        ("3万+", 30_000, None),
        ("三千出头", 3_000, None),
        ("两百多块", 200, None),
        ("三五万", 30_000, 50_000),
        ("两三千", 2_000, 3_000),
        ("七八百块", 700, 800),
        ("十七八万", 170_000, 180_000),
        ("十七、八万", 170_000, 180_000),
        ("一万五六", 15_000, 16_000),
        ("2-3万", 20_000, 30_000),
        ("两到三万", 20_000, 30_000),
        ("5000到6000", 5_000, 6_000),
        ("四千至五千元", 4_000, 5_000),
        ("三千块到四千块", 3_000, 4_000),
        ("8000元-9000元", 8_000, 9_000),
    ],
)
def test_a_sum_said_loosely_is_about_its_lower_end(text: str, value: float, high: float | None) -> None:
    (money,) = reading_of(text).money
    assert (money.value, money.high, money.approx) == (value, high, True)


@pytest.mark.parametrize(
    "text",
    [
        "五一的时候就停工了", "十一放假前说好的", "六一那天吵的", "双十一买的东西", "618买的", "我住四单元三零一",
        "住在7栋2单元601", "三楼漏水", "住18楼", "号码是1390013900", "我今年五十八了", "今年62岁", "十八岁以下",
        "百分之三十的责任", "物业费涨了30%", "打八折", "八成新的车", "我们村三百多户", "两千多人签了名", "家里四口人",
        "房子一百二十平", "89平米的房子", "五亩水田", "两年多了", "2023年的合同", "九八年结的婚", "二零二二年签的",
        "《民法典》第577条", "劳动法第五十条", "按第四十七条来", "12345打过了没用", "报了110", "电话打到12348",
        "凌晨两点", "九点半打的电话", "10:30开会", "一天干十二个小时", "扣了三天", "来了三次", "找过他一百次",
        "一百二十斤苹果", "三千多公里", "五百度电", "两万字的材料", "三里屯那边", "在万达广场", "千岛湖边上",
        "十堰人", "五一路口", "第一人民医院", "第三项目部", "月息两分", "一分钱没拿到", "一块钱都没给", "一毛钱没见着",
        "那块地", "两块地挨着", "住一块儿", "一块去的", "赔了三千美元", "$800", "港币五千", "两百欧元", "他骂我二百五",
        "千万别拖", "万一他跑了", "一万个不愿意", "十万火急", "一个月", "十几天", "工号8023", "车牌浙E12345",
        "微信号13579", "G60高速", "一米八", "38度多", "身份证330101199001010017", "五五分", "一审二审", "2019", "95588", "3012345", "成千上万的人", "分机转801",
        "4K电视", "18K金的戒指", "一百二平的房子", "三角债缠身", "在三元区法院", "广州三元里", "两元店里买的", "三块不锈钢板", "三百块瓷砖", "头上缝的两块疤",
    ],
)  # fmt: skip
def test_a_number_that_is_no_sum_is_left_alone(text: str) -> None:
    assert reading_of(text).money == ()


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("32000", "amount", 32_000),
        ("三万", "owed_amount", 30_000),
        ("八百", "rent_per_mu", 800),
        ("1500", "monthly_rent", 1_500),
        ("80", "fee_amount", 80),
        ("一千六吧", "monthly_rent", 1_600),
        ("就四万", "amount", 40_000),
        ("金额不对，是两万七", "amount", 27_000),
        ("四个月，一共18000", "amount", 18_000),
        ("3个人一共45000", "amount", 45_000),
        ("２６００", "amount", 2_600),
    ],
)
def test_a_bare_number_answers_the_question_for_a_sum(text: str, asked: str, value: float) -> None:
    assert [m.value for m in reading_of(text, asked).money] == [value]


@pytest.mark.parametrize("text", ["三个月", "五一", "不知道", "13800138000", "1380013800", "两个人", "去年十月"])
def test_an_answer_about_something_else_is_no_sum_even_when_a_sum_was_asked(text: str) -> None:
    assert reading_of(text, "amount").money == ()


@pytest.mark.parametrize("asked", ["people", "months_owed", "households_total", "since"])
def test_a_bare_count_is_no_sum_when_something_else_was_asked(asked: str) -> None:
    assert reading_of("23", asked).money == ()


def test_a_sum_that_is_taken_back_is_left_out() -> None:
    assert [m.value for m in reading_of("不是三万是四万").money] == [40_000]


def test_every_sum_of_a_sentence_is_read_in_order() -> None:
    money = reading_of("月薪六千五，干了四个月，一共该给两万六，只给了8000").money
    assert [m.value for m in money] == [6_500, 26_000, 8_000]


def test_the_words_of_a_sum_are_those_of_the_citizen() -> None:
    text = "還欠我３萬２千塊，沒給"
    (money,) = reading_of(text).money
    assert money.text == "３萬２千塊" == text[slice(*money.span)]


def test_a_sum_with_an_invisible_character_keeps_it_in_its_words() -> None:
    (money,) = reading_of("欠我三\u200b万二千块").money
    assert (money.text, money.value) == ("三\u200b万二千块", 32_000)


def test_a_sum_and_a_date_that_share_characters_are_the_sum() -> None:
    reading = reading_of("押金一千五一直不退")
    assert [m.value for m in reading.money] == [1_500]
    assert reading.dates == ()
