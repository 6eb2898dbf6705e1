"""Laws of reading: what is written is read the same, any text gives an answer, and time grows with length."""

import datetime
import time

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.reading import Reading, read
from bot.intake.reading.answers import read_name, read_organisation, read_yes_no
from bot.intake.reading.counts import read_months
from bot.intake.reading.numerals import find_numbers
from bot.intake.reading.plain import plain

# No deadline for an example: the lunar table is loaded with the first 大年三十, and the machine may be shared.
TODAY = datetime.date(2026, 11, 20)
SPEECH = "零〇一二两三四五六七八九十百千万亿半几多来余好把大数壹贰叁拾佰仟个块元毛角分亩人月日号年 ,.0123456789，、到至-~/%wWkK¥￥第点上近约不我们俩户\u200b"


def spoken(amount: int) -> str:
    """Say `amount` as people do: 三万二, 一千五, 二百五 when only one digit follows the largest unit."""
    formal = str(cn2an.an2cn(amount))
    for unit, below in (("万", "千"), ("千", "百"), ("百", "十")):
        head, _, tail = formal.rpartition(unit)
        if head and len(tail) == 2 and tail[1] == below:
            return f"{head}{unit}{tail[0]}"
    return formal


@given(st.integers(min_value=1, max_value=999_999_999))
def test_a_sum_written_in_chinese_is_read_back(amount: int) -> None:
    (money,) = read(f"欠我{cn2an.an2cn(amount)}元", TODAY).money
    assert (money.value, money.approx) == (amount, False)


@given(st.integers(min_value=100, max_value=9_999_999))
def test_a_sum_said_as_people_say_it_is_read_back(amount: int) -> None:
    (money,) = read(f"欠我{spoken(amount)}", TODAY, "amount").money
    assert money.value == amount


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_sum_in_formal_characters_is_read_back(amount: int) -> None:
    (money,) = read(f"借款{cn2an.an2cn(amount, 'up')}元整", TODAY).money
    assert money.value == amount


@given(st.integers(min_value=1, max_value=99_999_999), st.integers(min_value=0, max_value=99))
def test_a_sum_in_digits_with_commas_and_cents_is_read_back(yuan: int, cents: int) -> None:
    for written in (f"{yuan:,}.{cents:02d}元", f"{yuan}.{cents:02d}元", f"￥{yuan:,}.{cents:02d}"):
        (money,) = read(written, TODAY).money
        assert money.value == pytest.approx(yuan + cents / 100)


@given(st.integers(min_value=2, max_value=9_999))
def test_a_number_of_people_written_in_chinese_is_read_back(count: int) -> None:
    (people,) = read(f"一共{cn2an.an2cn(count)}个工人", TODAY).people
    assert people.value == count


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=9))
def test_land_written_in_mu_and_fen_is_read_back(mu: int, fen: int) -> None:
    (area,) = read(f"包了{cn2an.an2cn(mu)}亩{cn2an.an2cn(fen)}分地", TODAY).areas
    assert area.mu == pytest.approx(mu + fen / 10)


THINGS = ["毛巾", "新毛毯", "布", "瓷砖", "木板", "手表", "豆腐", "月饼", "五花肉", "太阳能板", "墓地", "电池", "牌匾"]


@given(st.integers(min_value=2, max_value=99), st.sampled_from(THINGS))
def test_things_counted_in_pieces_are_no_yuan_but_their_price_is(count: int, thing: str) -> None:
    said = str(cn2an.an2cn(count)).replace("二", "两") if count == 2 else str(cn2an.an2cn(count))
    assert read(f"送了{said}块{thing}", TODAY).money == ()
    assert read(f"送了{said}块{thing}", TODAY, "amount").money == ()
    for priced in (f"{said}块钱的{thing}", f"{said}块{thing}钱", f"{said}块一块的{thing}"):
        assert [money.value for money in read(f"给了{priced}", TODAY).money] == [count], priced


PERIODS = ["冷静期", "的试用期", "公示期", "上诉期", "无理由退货", "质保期", "举证期限", "的等待期", "包换"]


@given(st.sampled_from(["三天", "七天", "十五天", "30天", "两个月", "三年", "半年"]), st.sampled_from(PERIODS))
def test_a_period_that_law_or_contract_gives_is_no_date_but_what_went_on_as_long_is(long: str, period: str) -> None:
    for said in (f"有{long}{period}", f"过了{long}{period}", f"都{long}{period}了，他们不管"):
        assert read(said, TODAY).dates == (), said
    assert len(read(f"{long}没人管了", TODAY).dates) == 1


@given(st.integers(1966, 2026), st.sampled_from(["盖的房", "签的合同", "没发的工资", "，他就走了"]))
def test_a_year_read_out_in_two_digits_is_that_year_unless_it_may_be_a_length(year: int, after: str) -> None:
    tens, ones = divmod(year % 100, 10)
    said = "零一二三四五六七八九"[tens] + "零一二三四五六七八九"[ones]
    if ones == tens + 1 or said[0] in "二三四五" and year < 2000:
        return  # 七八年 is seven or eight years
    dates = read(f"我家{said}年{after}", TODAY).dates
    assert [(date.start, date.end) for date in dates] == [(datetime.date(year, 1, 1), datetime.date(year, 12, 31))]


@given(st.integers(20, 999), st.sampled_from(["人", "户", "家", "个人", "晚"]), st.sampled_from(["收", "说好", "班费"]))
def test_what_each_one_pays_is_a_sum(amount: int, each: str, before: str) -> None:
    (money,) = read(f"{before}一{each}{cn2an.an2cn(amount)}", TODAY).money
    assert (money.value, money.approx) == (amount, False)


@given(st.integers(20, 90), st.sampled_from(["罚了我", "还欠", "赔", "少给", "扣了他"]))
def test_a_small_number_at_the_end_of_what_was_paid_is_a_sum(amount: int, paid: str) -> None:
    assert [money.value for money in read(f"{paid}{str(cn2an.an2cn(amount))}，就这样", TODAY).money] == [amount]


@given(st.integers(1, 12), st.sampled_from(["十几号", "十来号", "二十几号", "二十多号"]))
def test_some_day_after_the_tenth_is_ten_days_of_that_month(month: int, said: str) -> None:
    (some,) = read(f"去年{month}月{said}的事", TODAY).dates
    first = 20 if said[0] == "二" else 10
    assert (some.start, some.precision) == (datetime.date(2025, month, first), "approx")
    assert some.end.month == month and some.end.day in (first + 8, first + 9)


@given(st.integers(2, 40), st.sampled_from(["绩效", "的奖金", "水电费", "的伙食补贴", "房租", "养老金", "的钱"]))
def test_months_of_pay_or_of_a_charge_are_no_date(months: int, charge: str) -> None:
    assert read(f"少了我{cn2an.an2cn(months)}个月{charge}", TODAY).dates == ()


@given(st.integers(2, 11), st.sampled_from(["就走了", "就坏了", "小工", "，后来不去了"]))
def test_what_was_done_for_so_long_and_is_over_is_no_date(months: int, over: str) -> None:
    assert read(f"我在那干了{cn2an.an2cn(months)}个月{over}", TODAY).dates == ()
    (began,) = read(f"去年三月去的，干了{cn2an.an2cn(months)}个月", TODAY).dates
    assert (began.start, began.end) == (datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))


@given(
    st.sampled_from(["端午", "端午节", "去年中秋", "国庆节", "去年春节", "前年元旦", "五月端午"]),
    st.integers(2, 9),
    st.sampled_from(["前", "后"]),
)
def test_so_many_days_before_or_after_a_festival_are_one_day(festival: str, days: int, side: str) -> None:
    (feast,) = read(f"{festival}那天", TODAY).dates
    (found,) = read(f"{festival}{side}{cn2an.an2cn(days)}天他来过", TODAY).dates
    away = datetime.timedelta(days if side == "后" else -days)
    assert (found.start, found.end) == (feast.start + away, feast.start + away)


@given(st.integers(12, 99), st.sampled_from(["碗面", "节课", "盘饺子", "个盒饭", "张票", "场戏"]))
def test_the_price_of_one_is_a_sum_and_the_number_of_them_is_none(price: int, thing: str) -> None:
    assert [money.value for money in read(f"一{thing}{cn2an.an2cn(price)}", TODAY).money] == [price]
    assert read(f"来了{cn2an.an2cn(price)}{thing}", TODAY).money == ()


@given(st.integers(min_value=300_0000_0000, max_value=999_9999_9999).map(lambda rest: "1" + str(rest)[:10]))
def test_a_mobile_number_is_read_however_it_is_grouped_or_read_out(digits: str) -> None:
    read_out = digits.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    grouped = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    for written in (digits, grouped, grouped.replace(" ", "-"), f"+86{digits}", read_out):
        assert [phone.digits for phone in read(f"电话{written}", TODAY).phones] == [digits]


def test_a_mobile_that_begins_like_a_dialling_prefix_keeps_all_its_digits() -> None:
    assert [phone.digits for phone in read("电话17947001000", TODAY).phones] == ["17947001000"]


def spans_of(reading: Reading) -> list[tuple[str, tuple[int, int]]]:
    kinds = (reading.money, reading.dates, reading.people, reading.areas, reading.phones)
    return [(item.text, item.span) for kind in kinds for item in kind]


@given(
    st.text(alphabet=SPEECH, max_size=60) | st.text(max_size=60), st.sampled_from([None, "amount", "people", "since"])
)
def test_any_text_gives_an_answer_in_the_words_of_the_citizen(text: str, asked: str | None) -> None:
    for words, (start, end) in spans_of(read(text, TODAY, asked)):
        assert words and text[start:end] == words


@given(
    st.text(alphabet="没有不是签了的合同我知道叫姓张王李公司厂院在去，。！ " + SPEECH, max_size=70)
    | st.text(max_size=70)
)
def test_any_text_gives_an_answer_to_a_question(text: str) -> None:
    assert read_yes_no(text) in ("yes", "no", "unknown", "declined", None)
    name = read_name(text)
    assert name is None or name in plain(text)
    assert all(organisation in plain(text) for organisation in read_organisation(text))
    read_months(plain(text))


@given(st.text(alphabet=SPEECH, max_size=80))
def test_numbers_never_overlap_and_a_range_rises(text: str) -> None:
    end = 0
    for number in find_numbers(plain(text)):
        assert end <= number.start < number.end <= len(text)
        assert number.high is None or number.high > number.value
        end = number.end


@pytest.mark.parametrize(
    "piece",
    ["1", "零", "万", "十", "一万零", "1,111", "百八", "三点", "1 ", "138 1234 5678 ", "5000到", "三月", "两千五一", "个人", "五、",
     "3000元", "半亩", "0-", "一二三", "，", "\u200b", "我们", "公司", "两块毛", "七天冷静期", "端午前三天",
     "一碗面十二", "八几年", "五百押金", "干了三个月就"],
)  # fmt: skip
def test_time_is_linear_on_twenty_thousand_characters(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    read("三月", TODAY)
    began = time.process_time()
    read(text, TODAY)
    read_yes_no(text)
    read_name(text)
    read_organisation(text)
    # A quadratic reader takes minutes here; the bound leaves room for a slow, shared machine.
    assert time.process_time() - began < 8
