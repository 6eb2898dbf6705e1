"""Numbers of people, areas of land and telephone numbers as citizens say them."""

import datetime

import pytest

from bot.intake.reading import Reading, read

TODAY = datetime.date(2026, 11, 20)


def reading_of(text: str, asked: str | None = None) -> Reading:
    return read(text, TODAY, asked)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一共17个人没拿到", 17), ("我们班组二十三个人", 23), ("有三名工友受伤", 3), ("两位邻居可以作证", 2),
        ("我们俩一起干的", 2), ("我和他俩人合伙", 2), ("仨人合租", 3), ("我们夫妻两人", 2), ("夫妻二人都在厂里", 2),
        ("两口子都被辞了", 2), ("一家五口住着", 5), ("三口之家", 3), ("父子三人", 3), ("弟兄四个", 4), ("姐妹三个分家", 3),
        ("就我一个", 1), ("只有我一个人", 1), ("就我自己", 1), ("我们六个都没签", 6), ("连我一共九个", 9),
        ("12人联名", 12), ("四十五个学生", 45), ("他们三个人打我一个", 3), ("２１个工人", 21), ("三個工人", 3),
        ("一百零八个业主签了字", 108), ("全组8个老乡", 8), ("一共23个一起干活的老乡", 23),
    ],
)  # fmt: skip
def test_people_counted_exactly(text: str, value: int) -> None:
    assert [(p.value, p.approx) for p in reading_of(text).people] == [(value, False)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十几个工友没拿到钱", 10), ("三十多个工人", 30), ("我们二十来号人", 20), ("百来号人堵在门口", 100),
        ("一百多人", 100), ("40多名家长", 40), ("二三十个人", 20), ("五六个人", 5), ("3、4个人", 3),
        ("大概十五个人", 15), ("八九个老乡", 8), ("上百人签名", 100), ("差不多三十个人", 30), ("两百余名业主", 200),
    ],
)  # fmt: skip
def test_people_counted_loosely(text: str, value: int) -> None:
    assert [(p.value, p.approx) for p in reading_of(text).people] == [(value, True)]


@pytest.mark.parametrize(
    "text",
    ["一个人欠我钱", "有个人打我", "十个月没发工资", "第三人签的", "三百人民币", "拖了三个月", "每人两千", "两个月", "三万块",
     "当事人不在", "法人跑了", "五月份", "三次", "每个人都有", "我有两个孩子", "一人一半", "三个亿", "这人不讲理"],
)  # fmt: skip
def test_what_is_no_count_of_people(text: str) -> None:
    assert reading_of(text).people == ()


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("23", "people", 23), ("三个", "people", 3), ("就我", "people", 1), ("我自己", "people", 1), ("一个", "people", 1),
        ("没有别人", "people", 1), ("二十多", "people", 20), ("大概八个吧", "people", 8), ("俩", "people", 2),
        ("十二户", "households_total", 12), ("36", "households_total", 36), ("九家", "households_joining", 9),
        ("七户同意", "households_agreeing", 7), ("一共十四户", "households_total", 14),
    ],
)  # fmt: skip
def test_a_bare_number_answers_the_question_for_people(text: str, asked: str, value: int) -> None:
    assert [p.value for p in reading_of(text, asked).people] == [value]


@pytest.mark.parametrize("text", ["五个月", "三万", "2025年", "三天", "十一月"])
def test_an_answer_about_something_else_is_no_count_of_people(text: str) -> None:
    assert reading_of(text, "people").people == ()


@pytest.mark.parametrize(
    ("text", "mu", "approx"),
    [
        ("包了6亩地", 6, False), ("四亩三分地", 4.3, False), ("两分地", 0.2, False), ("半亩菜地", 0.5, False),
        ("一亩半", 1.5, False), ("两亩半水田", 2.5, False), ("十来亩", 10, True), ("二十多亩林地", 20, True),
        ("三四亩", 3, True), ("五亩多", 5, True), ("12.6亩", 12.6, False), ("三亩二", 3.2, False),
        ("一亩三分二厘", 1.32, False), ("2公顷", 30, False), ("半公顷林地", 7.5, False), ("宅基地200平方米", 0.3, False),
        ("1200平方米的耕地", 1.8, False), ("占了我家三分自留地", 0.3, False), ("一百五十亩果园", 150, False),
        ("大约八亩", 8, True), ("１０畝地", 10, False), ("零点八亩", 0.8, False), ("八分宅基地", 0.8, False), ("宅基地有三分多", 0.3, True), ("二亩六分七", 2.67, False),
        ("占地500平米", 0.75, False), ("三畝七分地", 3.7, False),
    ],
)  # fmt: skip
def test_land_is_read_in_mu(text: str, mu: float, approx: bool) -> None:
    (area,) = reading_of(text).areas
    assert (area.mu, area.approx) == (pytest.approx(mu), approx)


@pytest.mark.parametrize(
    "text",
    ["89平方米的房子", "房子一百二十平", "每亩八百块", "一亩地九百块", "利息三分", "三分之一", "两垧地", "打了八分",
     "小区住房面积105平米", "六分钟", "3点20分", "平时"],
)  # fmt: skip
def test_what_is_no_land(text: str) -> None:
    assert reading_of(text).areas == ()


def test_a_rent_per_mu_and_the_land_are_both_read() -> None:
    reading = reading_of("流转了七亩四分地，每亩每年六百块")
    assert ([a.mu for a in reading.areas], [m.value for m in reading.money]) == ([7.4], [600])


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13900139000", "13900139000"), ("手机139 0013 9000", "13900139000"), ("139-0013-9000找我", "13900139000"),
        ("１３９００１３９０００", "13900139000"), ("+86 13900139000", "13900139000"), ("8613900139000", "13900139000"),
        ("幺三九零零幺三九零零零", "13900139000"), ("139零零幺三九零零零", "13900139000"), ("一三九零零一三九零零零", "13900139000"),
        ("幺三九 零零幺三 九零零零", "13900139000"), ("19900001111是我爱人的", "19900001111"),
        ("座机0571-87654321", "057187654321"), ("010-62345678", "01062345678"), ("(0755)26888888", "075526888888"),
        ("0572 3012345", "05723012345"), ("400-820-0000", "4008200000"), ("139\u200b0013\u200b9000", "13900139000"),
        ("电话是13900139000，欠我三千", "13900139000"),
    ],
)  # fmt: skip
def test_a_telephone_number_is_read(text: str, digits: str) -> None:
    assert [p.digits for p in reading_of(text).phones] == [digits]


@pytest.mark.parametrize(
    "text",
    ["1390013900", "139001390001", "330101199001010017", "33010119900101123X", "6222020000001234567", "12345", "12348",
     "20261120", "三千二百", "12900139000", "6222 0213 8123 4567 890",  "2023-10-15", "合同编号202311150001"],
)  # fmt: skip
def test_digits_that_are_no_telephone_number(text: str) -> None:
    assert reading_of(text).phones == ()


def test_a_telephone_number_is_never_a_sum_a_count_or_a_date() -> None:
    reading = reading_of("13900139000", "amount")
    assert (reading.money, reading.people, reading.dates) == ((), (), ())
    assert reading_of("手机号13900139000", "people").people == ()


def test_two_telephone_numbers_are_read_in_order() -> None:
    assert [p.digits for p in reading_of("13900139000或者0571-87654321").phones] == ["13900139000", "057187654321"]
