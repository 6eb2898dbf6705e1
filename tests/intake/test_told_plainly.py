"""Claims about what plain telling does and does not say: periods worked, gifts, refunds, names told in passing, neighbours."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_hearing import LAND, WAGES, answered, heard

from bot.intake.reading import read

NOW = date(2026, 11, 20)


@pytest.mark.parametrize("text", ["没有一天是干净的", "没一天安生日子", "这房子没有三天就漏了"])
def test_no_day_at_all_is_no_date(text: str) -> None:
    assert read(text, NOW).dates == ()


@pytest.mark.parametrize(
    "text",
    ["干了三个月", "我在他店里做了大半年，走的时候押金不给", "他判了两年半", "住院9天，药费三千", "住了十几年，没想到"],
)
def test_a_period_that_was_served_tells_no_day(text: str) -> None:
    assert read(text, NOW).dates == ()


@pytest.mark.parametrize("text", ["干了三个月了", "住了八年，到现在没证", "拖了三个月", "住院三个月了还没好"])
def test_a_period_that_goes_on_runs_to_now(text: str) -> None:
    (days,) = read(text, NOW).dates
    assert days.end == NOW and days.precision == "approx"


@given(st.sampled_from(["三个月", "半年", "两年", "四十天", "一年半"]), st.sampled_from(["干", "做", "打", "种"]))
def test_the_same_period_answers_a_question_for_a_date(length: str, verb: str) -> None:
    assert read(f"{verb}了{length}", NOW).dates == ()
    assert len(read(f"{verb}了{length}", NOW, "since").dates) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("市场价一万半", 15_000),
        ("三万半都不止", 35_000),
        ("要俩万", 20_000),
        ("一万半块钱", 15_000),
        ("租金一万半年一交", 10_000),
    ],
)
def test_half_a_unit_more_and_two_said_in_one_character_are_sums(text: str, value: int) -> None:
    (money,) = read(text, NOW).money
    assert money.value == value


def test_two_people_of_a_town_named_ten_thousand_are_no_sum() -> None:
    assert read("我们俩万州人", NOW).money == ()


@pytest.mark.parametrize("text", ["贷款一月还五千二", "一个月给三千", "十月怀胎生的"])
def test_so_much_a_month_is_no_january(text: str) -> None:
    assert read(text, NOW).dates == ()


@pytest.mark.parametrize(("text", "days_ago"), [("昨个儿", 1), ("昨儿个的事", 1), ("今儿个", 0), ("前儿个夜里", 2)])
def test_days_in_the_northern_way_are_read(text: str, days_ago: int) -> None:
    (day,) = read(text, NOW).dates
    assert (NOW - day.start).days == days_ago


def test_a_dozen_workmates_are_people_and_no_day_of_the_month() -> None:
    reading = read("十几号工友都能作证", NOW)
    assert reading.dates == () and [people.value for people in reading.people] == [10]


def test_a_year_of_long_ago_is_told_from_a_length() -> None:
    assert [days.start.year for days in read("我爹五八年参军", NOW).dates] == [1958]


@pytest.mark.parametrize(
    ("text", "matter", "amount"),
    [
        ("借给他两万，那三千是送他的，不算", "debt", 20_000),
        ("那五千算我随的份子，借的那一万二你得还", "debt", 12_000),
        ("老板退了我两千，还差六千八", WAGES, 6_800),
        ("扣掉借支的八千，还该俺家三万二", WAGES, 32_000),
        ("包月七千，还差我三个月工资也就是两万一", WAGES, 21_000),
        ("没退我三千押金", "consumer", 3_000),
    ],
)
def test_what_was_given_or_has_come_back_is_not_what_is_owed(text: str, matter: str, amount: int) -> None:
    assert heard(text, matter).get("amount") == amount


def test_a_gift_alone_is_no_sum_in_dispute() -> None:
    assert "amount" not in heard("那三千是送他的，不算", "debt")


def test_the_year_the_land_was_taken_is_not_the_day_its_rent_was_paid_to() -> None:
    assert "paid_until" not in heard("这片果园2017年包的，三十五亩", LAND)
    assert answered("paid_until", "2017年包的").value is None
    paid = answered("paid_until", "2017年包的，租金交到去年").value
    assert paid is not None and paid.value["start"] == "2025-01-01"


@pytest.mark.parametrize("text", ["我姓周，老板欠我三万", "俺姓周，住在河西", "欠我钱的是他，我姓周"])
def test_a_surname_told_in_passing_is_her_name(text: str) -> None:
    assert heard(text, "debt").get("applicant_name") == "周"


@pytest.mark.parametrize("text", ["老板姓周，欠我三万", "我姓啥他都不知道", "他跟我姓周的过不去"])
def test_a_surname_of_somebody_else_is_not_hers(text: str) -> None:
    assert "applicant_name" not in heard(text, "debt")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("隔壁村老张家的羊啃了我三亩多麦苗", "隔壁村老张家"),
        ("隔壁村老张家盖房，挡了我家的光", "隔壁村老张家"),
        ("跟隔壁老韩家争地界争了三年", "隔壁老韩家"),
        ("对门王婶子养了五条狗，上礼拜六咬了我孙子", "王婶子"),
        ("家里盖房请的本村的老田带的队伍", "本村的老田"),
    ],
)
def test_a_neighbour_named_by_his_house_is_the_other_side(text: str, name: str) -> None:
    told = heard(text, "neighbour").get("counterpart")
    assert told is not None and name in told["name"]


@pytest.mark.parametrize("text", ["隔壁老王家都装了电梯", "听说隔壁村老张家的羊啃了别人的麦子"])
def test_a_neighbour_who_did_nothing_to_her_is_not_the_other_side(text: str) -> None:
    assert "counterpart" not in heard(text, "neighbour")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("摊位费从一天十五涨到一天四十", [15, 40]),
        ("谈到二十一万成交", [210_000]),
        ("一只按三十五算", [35]),
        ("修车报价八百六，他丢下三百就走了", [860, 300]),
        ("物业一年才收一块一平", [1]),
        ("一天二十四小时", []),
        ("主播说假一赔十", []),
        ("前头是135那个", []),
        ("打三成给我", []),
    ],
)
def test_prices_in_running_speech_are_sums_and_idioms_are_not(text: str, values: list[int]) -> None:
    assert [money.value for money in read(text, NOW).money] == values


def test_her_year_at_school_is_no_number_of_people() -> None:
    assert [people.value for people in read("我是大二学生，我们一共十一个人", NOW).people] == [11]


def test_half_a_month_in_the_northern_way_is_half_a_month() -> None:
    (days,) = read("楼上漏水半拉月了", NOW).dates
    assert (NOW - days.start).days == 15


def test_what_hangs_on_a_neighbours_wall_names_him() -> None:
    told = heard("对门老段家的空调外机正对着俺家厨房", "neighbour")["counterpart"]
    assert "老段" in told["name"]


@pytest.mark.parametrize(
    ("text", "matter", "amount"),
    [
        ("包工头老魏差我一万三，年前给了三千，还有一万", WAGES, 10_000),
        ("欠薪两万七，劳动局调完给了一万，还有一万七一直不给", WAGES, 17_000),
        ("去年借他三万买车，他请我吃饭花了五百我也不提了", "debt", 30_000),
        ("我交了三个月房租四千五，住了一个月让我搬，要退我三千", "property/housing", 3_000),
        ("看牙花了两万三，种歪了，要他退一万五", "medical", 15_000),
    ],
)
def test_what_is_still_due_comes_before_what_was_paid(text: str, matter: str, amount: int) -> None:
    assert heard(text, matter).get("amount") == amount


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("楼上老贺家漏水，把我家吊顶泡了", "老贺"),
        ("村东头的老康把地界往我这挪了一米", "老康"),
        ("同村的吴小毛跟我借了一万五", "吴小毛"),
    ],
)
def test_who_did_it_is_named_by_where_he_lives(text: str, name: str) -> None:
    assert name in heard(text, "neighbour")["counterpart"]["name"]


def test_two_days_of_a_month_are_no_length_of_twenty_two() -> None:
    assert all(days.precision != "approx" for days in read("上个月十九、二十两天没来扣我六百", NOW).dates)


@pytest.mark.parametrize(
    ("text", "matter", "amount"),
    [
        ("老板给我三百块打发我，我要的是那六千的工钱", WAGES, 6_000),
        ("一个人欠四千二，我们六个人一共两万五千二", WAGES, 25_200),
        ("我替他还了八万五的赌债，他得还我", "debt", 85_000),
        ("做手术花了两万四，现在要他们赔五万", "medical", 50_000),
    ],
)
def test_what_she_asks_for_comes_before_what_was_offered_or_is_due_to_each(text: str, matter: str, amount: int) -> None:
    assert heard(text, matter).get("amount") == amount


@pytest.mark.parametrize(
    ("text", "months"), [("欠了四个半月工资", 4.5), ("差我俩月工钱", 2), ("拖欠俩月工资", 2), ("拖了三个月", 3)]
)
def test_months_and_a_half_are_counted_whole(text: str, months: float) -> None:
    assert heard(text, WAGES).get("months_owed") == months


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("跟一个姓柴的老板签了合同，欠我货款一万", "姓柴的老板"),
        ("钱是借给一个叫荣海的人，六万", "荣海"),
        ("房东是个姓卫的大姐，押金不退", "姓卫的大姐"),
    ],
)
def test_who_is_named_before_his_role_is_the_other_side(text: str, name: str) -> None:
    assert heard(text, "debt")["counterpart"]["name"] == name


@pytest.mark.parametrize("text", ["听说有个姓贾的中介骗了人", "我姓贾的人说一不二"])
def test_a_name_before_a_role_that_is_hearsay_or_her_own_is_nobody(text: str) -> None:
    assert "counterpart" not in heard(text, "debt")


def test_days_of_one_story_without_commas_are_all_read() -> None:
    days = [day.start.isoformat() for day in read("手术是上个月七号做的九号就感染了十五号转的院", NOW).dates]
    assert days == ["2026-10-07", "2026-10-09", "2026-10-15"]


@pytest.mark.parametrize("text", ["他说三个月还", "答应半年给清", "我今年五十有二，身体不好"])
def test_a_promised_term_and_an_age_are_no_dates(text: str) -> None:
    assert read(text, NOW).dates == ()


def test_the_day_before_a_holiday_is_that_day() -> None:
    assert [day.start.isoformat() for day in read("十一放假前一天撞的", NOW).dates] == ["2026-09-30"]


def test_a_repair_in_digits_is_a_sum() -> None:
    assert [money.value for money in read("撞了我的护栏，护栏修了860", NOW).money] == [860]
