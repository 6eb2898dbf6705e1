"""Claims about what citizens mean when they say when; sums, names and sentences are invented."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.reading.calendar_words import lunar_first_and_last, months_before, small_number
from bot.intake.reading.dates import DateSpan, read_dates
from bot.intake.reading.plain import plain

FRIDAY = date(2026, 11, 20)


def stretches(text: str, now: date = FRIDAY, asked: str | None = None) -> list[str]:
    return [f"{d.start:%Y-%m-%d} {d.end:%Y-%m-%d} {d.precision}" for d in read_dates(text, now, asked)]


def day(said: str) -> str:
    return f"{said} {said} day"


DAYS = {
    "上个月18号打的架": "2026-10-18",
    "上月18日": "2026-10-18",
    "上个月的18号": "2026-10-18",
    "这个月3号": "2026-11-03",
    "下个月5号开庭": "2026-12-05",
    "去年十月六号": "2025-10-06",
    "今年2月3日下午": "2026-02-03",
    "前年腊月初八": "2025-01-07",
    "2021年4月9日": "2021-04-09",
    "2021年4月9号晚上": "2021-04-09",
    "2021 年 4 月 9 日": "2021-04-09",
    "2021.4.9": "2021-04-09",
    "2021.04.09签的": "2021-04-09",
    "2021-4-9": "2021-04-09",
    "2021-04-09": "2021-04-09",
    "2021/4/9": "2021-04-09",
    "20210409入职": "2021-04-09",
    "21年4月9日": "2021-04-09",
    "从4.9开始": "2026-04-09",
    "4.9号下午": "2026-04-09",
    "今年4.9": "2026-04-09",
    "２０２１年４月９日": "2021-04-09",
    "４月９日": "2026-04-09",
    "二〇二一年四月九日": "2021-04-09",
    "二零二一年四月九号": "2021-04-09",
    "一九九八年七月一日": "1998-07-01",
    "四月九号": "2026-04-09",
    "十二月三十一号": "2025-12-31",
    "11月20号": "2026-11-20",
    "11月21号": "2025-11-21",
    "2月29号": "2024-02-29",
    "从15号开始不供水": "2026-11-15",
    "我28号去找过他": "2026-10-28",
    "昨天": "2026-11-19",
    "昨晚他又来了": "2026-11-19",
    "前天上午": "2026-11-18",
    "大前天": "2026-11-17",
    "今天": "2026-11-20",
    "今早": "2026-11-20",
    "刚才": "2026-11-20",
    "两个小时前": "2026-11-20",
    "明天": "2026-11-21",
    "后天去医院": "2026-11-22",
    "上周三": "2026-11-11",
    "上个星期天": "2026-11-15",
    "上上周五": "2026-11-06",
    "这周一": "2026-11-16",
    "本周二": "2026-11-17",
    "下周一": "2026-11-23",
    "星期三那天": "2026-11-18",
    "礼拜六": "2026-11-14",
    "三天前": "2026-11-17",
    "10天前": "2026-11-10",
    "两周前": "2026-11-06",
    "一个星期前": "2026-11-13",
    "半个月前": "2026-11-05",
    "去年腊月二十": "2026-02-07",
    "腊月二十九": "2026-02-16",
    "正月初六": "2026-02-22",
    "今年正月十六": "2026-03-04",
    "农历三月初三": "2026-04-19",
    "阴历七月十五": "2026-08-27",
    "去年闰六月初一": "2025-07-25",
    "大年初二": "2026-02-18",
    "大年三十": "2026-02-16",
    "除夕": "2026-02-16",
    "春节那天": "2026-02-17",
    "去年春节": "2025-01-29",
    "2024年春节": "2024-02-10",
    "元宵节": "2026-03-03",
    "清明节": "2026-04-05",
    "2024年清明": "2024-04-04",
    "端午": "2026-06-19",
    "去年端午节": "2025-05-31",
    "中秋节": "2026-09-25",
    "八月十五": "2026-09-25",
    "去年中秋": "2025-10-06",
    "重阳节": "2026-10-18",
    "冬至": "2025-12-21",
    "元旦": "2026-01-01",
    "五一": "2026-05-01",
    "五一的时候": "2026-05-01",
    "五一劳动节": "2026-05-01",
    "去年五一": "2025-05-01",
    "六一儿童节": "2026-06-01",
    "十一": "2026-10-01",
    "去年十一": "2025-10-01",
    "国庆": "2026-10-01",
    "五月一号": "2026-05-01",
    "元旦前一天": "2025-12-31",
    "国庆节第二天": "2026-10-02",
    "10.1那天": "2026-10-01",
    "二十号那天在门口吵的": "2026-11-20",
    "去年国庆节": "2025-10-01",
}  # fmt: skip

STRETCHES = {
    "上个月": "2026-10-01 2026-10-31 month",
    "上月": "2026-10-01 2026-10-31 month",
    "上上个月": "2026-09-01 2026-09-30 month",
    "这个月": "2026-11-01 2026-11-30 month",
    "下个月还钱": "2026-12-01 2026-12-31 month",
    "约定明年6月还": "2027-06-01 2027-06-30 month",
    "去年九月": "2025-09-01 2025-09-30 month",
    "前年的二月": "2024-02-01 2024-02-29 month",
    "今年11月": "2026-11-01 2026-11-30 month",
    "2016年7月签的协议": "2016-07-01 2016-07-31 month",
    "2016.7": "2016-07-01 2016-07-31 month",
    "2016-07": "2016-07-01 2016-07-31 month",
    "23年8月份": "2023-08-01 2023-08-31 month",
    "二三年八月": "2023-08-01 2023-08-31 month",
    "九八年三月": "1998-03-01 1998-03-31 month",
    "六月份开始不给钱": "2026-06-01 2026-06-30 month",
    "十二月": "2025-12-01 2025-12-31 month",
    "三月": "2026-03-01 2026-03-31 month",
    "今年元月": "2026-01-01 2026-01-31 month",
    "从3月1号到5月31号": "2026-03-01 2026-05-31 day",
    "正月": "2026-02-17 2026-03-18 month",
    "去年腊月": "2026-01-19 2026-02-16 month",
    "七八月份": "2026-07-01 2026-08-31 month",
    "去年五六月份": "2025-05-01 2025-06-30 month",
    "三、四月份": "2026-03-01 2026-04-30 month",
    "今年3、4、5月": "2026-03-01 2026-05-31 month",
    "2020到2023": "2020-01-01 2023-12-31 year",
    "我98年结婚": "1998-01-01 1998-12-31 year",
    "前年": "2024-01-01 2024-12-31 year",
    "大前年": "2023-01-01 2023-12-31 year",
    "去年": "2025-01-01 2025-12-31 year",
    "今年": "2026-01-01 2026-12-31 year",
    "明年给": "2027-01-01 2027-12-31 year",
    "2015年": "2015-01-01 2015-12-31 year",
    "二零一五年": "2015-01-01 2015-12-31 year",
    "零九年买的": "2009-01-01 2009-12-31 year",
    "从19年开始": "2019-01-01 2019-12-31 year",
    "上半年": "2026-01-01 2026-06-30 month",
    "去年下半年": "2025-07-01 2025-12-31 month",
    "今年一季度": "2026-01-01 2026-03-31 month",
    "上周": "2026-11-09 2026-11-15 day",
    "上周末": "2026-11-14 2026-11-15 day",
    "今年二月到六月": "2026-02-01 2026-06-30 month",
    "二月到六月": "2026-02-01 2026-06-30 month",
    "2月至6月": "2026-02-01 2026-06-30 month",
    "今年2-6月": "2026-02-01 2026-06-30 month",
    "今年2—6月份": "2026-02-01 2026-06-30 month",
    "二到六月": "2026-02-01 2026-06-30 month",
    "十月到三月": "2025-10-01 2026-03-31 month",
    "去年十一月到今年四月": "2025-11-01 2026-04-30 month",
    "去年十一月到四月": "2025-11-01 2026-04-30 month",
    "2019年5月至2021年8月": "2019-05-01 2021-08-31 month",
    "2019.5-2021.8": "2019-05-01 2021-08-31 month",
    "2019年到2021年": "2019-01-01 2021-12-31 year",
    "2019-2021年": "2019-01-01 2021-12-31 year",
    "前年到去年": "2024-01-01 2025-12-31 year",
    "5月3号到8号": "2026-05-03 2026-05-08 day",
    "5月3日—6月8日": "2026-05-03 2026-06-08 day",
    "2021.4.9-2021.5.1": "2021-04-09 2021-05-01 day",
    "上周一到周五": "2026-11-09 2026-11-13 day",
    "昨天到今天": "2026-11-19 2026-11-20 day",
    "从去年八月起到现在": "2025-08-01 2026-11-20 month",
    "去年八月至今": "2025-08-01 2026-11-20 month",
    "去年八月份以来": "2025-08-01 2026-11-20 month",
    "从八月一直拖到现在": "2026-08-01 2026-11-20 month",
    "2019年到现在": "2019-01-01 2026-11-20 year",
    "2021年4月9日至今": "2021-04-09 2026-11-20 day",
    "从三个月前到现在": "2026-08-20 2026-11-20 approx",
    "年初到现在": "2026-01-01 2026-11-20 approx",
}  # fmt: skip

ABOUT = {
    "拖了半年多": ("2026-05-20", "2026-11-20"),
    "已经半年了": ("2026-05-20", "2026-11-20"),
    "大半年没给": ("2026-04-20", "2026-11-20"),
    "干了四个月了": ("2026-07-20", "2026-11-20"),
    "两年没给": ("2024-11-20", "2026-11-20"),
    "快一年了": ("2025-11-20", "2026-11-20"),
    "停工两个月零五天": ("2026-09-15", "2026-11-20"),
    "一年半": ("2025-05-20", "2026-11-20"),
    "一年零两个月": ("2025-09-20", "2026-11-20"),
    "一年三个月": ("2025-08-20", "2026-11-20"),
    "两个半月": ("2026-09-05", "2026-11-20"),
    "欠了三年多": ("2023-11-20", "2026-11-20"),
    "结婚八年了": ("2018-11-20", "2026-11-20"),
    "住了十几年了": ("2016-11-20", "2026-11-20"),
    "停水二十多天了": ("2026-10-31", "2026-11-20"),
    "近三个月": ("2026-08-20", "2026-11-20"),
    "三个月没发工资": ("2026-08-20", "2026-11-20"),
    "半个月了还没修": ("2026-11-05", "2026-11-20"),
    "漏水漏了两个星期": ("2026-11-06", "2026-11-20"),
    "前几天": ("2026-11-13", "2026-11-20"),
    "三个月前": ("2026-08-20", "2026-08-20"),
    "半年前": ("2026-05-20", "2026-05-20"),
    "去年年底": ("2025-12-01", "2025-12-31"),
    "去年底": ("2025-12-01", "2025-12-31"),
    "前年年底": ("2024-12-01", "2024-12-31"),
    "今年年头": ("2026-01-01", "2026-01-31"),
    "上个月头上": ("2026-10-01", "2026-10-10"),
    "去年今日": ("2025-11-20", "2025-11-20"),
    "国庆前一个星期": ("2026-09-24", "2026-09-24"),
    "2018年年底": ("2018-12-01", "2018-12-31"),
    "年初": ("2026-01-01", "2026-01-31"),
    "今年年中": ("2026-06-01", "2026-06-30"),
    "月初": ("2026-11-01", "2026-11-10"),
    "月底之前": ("2026-11-21", "2026-11-30"),
    "上个月底": ("2026-10-21", "2026-10-31"),
    "五月中旬": ("2026-05-11", "2026-05-20"),
    "六月上旬": ("2026-06-01", "2026-06-10"),
    "上个月月底": ("2026-10-21", "2026-10-31"),
    "上个月初到月底": ("2026-10-01", "2026-10-31"),
    "年前他说要还": ("2026-02-01", "2026-02-16"),
    "去年这个时候": ("2025-11-20", "2025-11-20"),
    "开春": ("2026-03-01", "2026-03-31"),
    "去年夏天": ("2025-06-01", "2025-08-31"),
    "夏天的时候": ("2026-06-01", "2026-08-31"),
    "去年冬天": ("2025-12-01", "2026-02-28"),
    "秋收": ("2026-09-01", "2026-10-31"),
    "过年": ("2026-02-17", "2026-02-17"),
    "春节前": ("2026-02-01", "2026-02-16"),
    "国庆期间": ("2026-10-01", "2026-10-07"),
    "暑假": ("2026-07-01", "2026-08-31"),
}  # fmt: skip

NOT_DATES = [
    "",
    "   ",
    "你好",
    "很久以前",
    "好久了",
    "那年",
    "以前天天吵架",
    "十一万",
    "欠我十一万二",
    "给了五一百",
    "押金两千五一直不退",
    "三单元五零二",
    "24小时热线",
    "2/3的业主同意",
    "1.5万",
    "7.12元",
    "一共7.12万",
    "第205条",
    "民法典第278条",
    "〔2011〕5号",
    "138-1234-5678",
    "13800138000",
    "0572-3012345",
    "400-820-2020",
    "中山路15号",
    "住在15号楼",
    "5号楼2单元301室",
    "7.12",
    "2月30日",
    "2023年2月30日",
    "2021.13.5",
    "4月31号",
    "去年13月",
    "农历八月三十一",
    "合同签三年",
    "签了三年合同",
    "租期两年",
    "三个月的工资",
    "欠我三个月工资",
    "每三个月交一次",
    "三年级",
    "今年45岁",
    "一月三千",
    "五百元月租",
    "90年代",
    "每月五百",
    "提前一个月通知",
    "三天之内答复",
    "离婚有三十天冷静期",
    "早过了七天无理由",
    "都过了十五天的上诉期了",
    "五亩三分地",
    "十一楼漏水",
    "五一路口",
    "王国庆是我邻居",
    "一周一次",
    "周围邻居",
    "上周边",
    "3.15元一斤",
    "v2.10.3",
    "192.168.1.1",
    "90分贝",
    "二十一个人",
    "六十一岁",
    "十二个工人",
    "三八二十四",
    "目前年纪大了",
    "二百五一天",
]

ASKED = {
    ("7.12", "since"): day("2026-07-12"),
    ("7-12", "last_day"): day("2026-07-12"),
    ("7/12", "last_claimed_on"): day("2026-07-12"),
    ("15号", "last_day"): day("2026-11-15"),
    ("三月", "since"): "2026-03-01 2026-03-31 month",
    ("去年", "marriage_date"): "2025-01-01 2025-12-31 year",
    ("2013", "marriage_date"): "2013-01-01 2013-12-31 year",
    ("13年", "marriage_date"): "2013-01-01 2013-12-31 year",
    ("21.4.9", "last_day"): day("2021-04-09"),
    ("大概半年", "since"): "2026-05-20 2026-11-20 approx",
    ("周末", "last_day"): "2026-11-21 2026-11-22 day",
    ("刚刚", "since"): day("2026-11-20"),
}


@pytest.mark.parametrize(("said", "expected"), DAYS.items())
def test_a_spoken_day_is_that_day(said: str, expected: str) -> None:
    assert stretches(said) == [day(expected)]


@pytest.mark.parametrize(("said", "expected"), STRETCHES.items())
def test_a_spoken_month_year_or_range_has_both_its_ends(said: str, expected: str) -> None:
    assert stretches(said) == [expected]


@pytest.mark.parametrize(("said", "bounds"), ABOUT.items())
def test_what_is_said_loosely_is_near_and_called_approximate(said: str, bounds: tuple[str, str]) -> None:
    (found,) = read_dates(said, FRIDAY)
    assert found.precision in ("approx", "day")
    assert abs(found.start - date.fromisoformat(bounds[0])) <= timedelta(days=31)
    assert abs(found.end - date.fromisoformat(bounds[1])) <= timedelta(days=31)


@pytest.mark.parametrize("said", NOT_DATES)
def test_prices_houses_phones_laws_and_terms_are_no_dates(said: str) -> None:
    assert stretches(said) == []


@pytest.mark.parametrize(("said", "asked"), ASKED)
def test_a_bare_form_counts_when_a_date_was_asked_for(said: str, asked: str) -> None:
    assert stretches(said, asked=asked) == [ASKED[said, asked]]


@pytest.mark.parametrize("said", ["7.12", "三百", "大概半"])
def test_a_bare_number_is_no_date_when_money_was_asked_for(said: str) -> None:
    assert stretches(said, asked="amount") == []


def test_two_dates_in_one_message_are_both_found() -> None:
    assert stretches("2021年4月9日进的厂，去年九月就没发工资了") == [day("2021-04-09"), "2025-09-01 2025-09-30 month"]


def test_a_later_month_of_the_same_story_takes_its_year() -> None:
    assert stretches("2022年3月进的厂，5月就没发工资") == [
        "2022-03-01 2022-03-31 month",
        "2022-05-01 2022-05-31 month",
    ]


def test_a_day_not_yet_come_this_year_is_last_year() -> None:
    assert stretches("12月5号", now=date(2026, 12, 4)) == [day("2025-12-05")]
    assert stretches("12月5号", now=date(2026, 12, 5)) == [day("2026-12-05")]


def test_the_words_come_back_as_they_were_typed() -> None:
    text = "他从２０２１年４月說要還"
    (found,) = read_dates(text, FRIDAY)
    assert found.text == "２０２１年４月" == text[found.span[0] : found.span[1]]


def test_traditional_characters_are_read_like_simplified_ones() -> None:
    assert stretches("去年臘月二十三") == stretches("去年腊月二十三") == [day("2026-02-10")]
    assert stretches("上個月15號") == [day("2026-10-15")]


@pytest.mark.parametrize(
    ("year", "new_year", "mid_autumn"),
    [(2020, "2020-01-25", "2020-10-01"), (2023, "2023-01-22", "2023-09-29"), (2024, "2024-02-10", "2024-09-17"),
     (2025, "2025-01-29", "2025-10-06"), (2026, "2026-02-17", "2026-09-25"), (2027, "2027-02-06", "2027-09-15")],
)  # fmt: skip
def test_the_lunar_table_agrees_with_the_published_calendar(year: int, new_year: str, mid_autumn: str) -> None:
    first, eighth = lunar_first_and_last(year, 1, 1), lunar_first_and_last(year, 8, 15)
    assert first and eighth
    assert (first.start.isoformat(), eighth.start.isoformat()) == (new_year, mid_autumn)


def test_the_lunar_library_writes_nothing_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    read_dates("去年腊月二十三", FRIDAY)
    assert capsys.readouterr().out == ""


def test_no_lunar_day_outside_the_table() -> None:
    assert lunar_first_and_last(2150, 1, 1) is None
    assert lunar_first_and_last(2025, 6, 1, leap=True) is not None
    assert lunar_first_and_last(2024, 6, 1, leap=True) is None


CHINESE_DIGITS = "〇一二三四五六七八九"


def spoken_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE_DIGITS[tens] + "十") + (
        CHINESE_DIGITS[ones] if ones else ""
    )


def spelt_year(year: int) -> str:
    return "".join(CHINESE_DIGITS[int(digit)] for digit in str(year))


WAYS = [
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month}月{d.day}号",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{spelt_year(d.year)}年{spoken_number(d.month)}月{spoken_number(d.day)}日",
]


@given(st.dates(date(1950, 1, 1), date(2026, 11, 20)), st.sampled_from(WAYS))
def test_a_day_written_then_read_is_the_same_day(written: date, way) -> None:  # type: ignore[no-untyped-def]
    (found,) = read_dates(f"他是{way(written)}来的", FRIDAY)
    assert (found.start, found.end, found.precision) == (written, written, "day")


@given(st.dates(FRIDAY - timedelta(days=364), FRIDAY))
def test_a_day_of_the_last_year_needs_no_year(written: date) -> None:
    assert stretches(f"{spoken_number(written.month)}月{spoken_number(written.day)}号") == [day(written.isoformat())]


@given(st.integers(1950, 2025), st.integers(1, 12), st.integers(0, 40))
def test_a_range_of_months_keeps_its_ends(year: int, month: int, later: int) -> None:
    last = months_before(date(year, month, 1), -later)
    (found,) = read_dates(f"从{year}年{month}月到{last.year}年{last.month}月", date(2040, 1, 1))
    assert found.start == date(year, month, 1)
    assert found.end + timedelta(days=1) == months_before(last, -1)


@given(st.integers(1, 99))
def test_a_small_number_spoken_then_read_is_the_same(number: int) -> None:
    assert small_number(spoken_number(number)) == small_number(str(number)) == number


def sane(text: str, found: tuple[DateSpan, ...]) -> None:
    position = 0
    for date_span in found:
        start, end = date_span.span
        assert position <= start < end <= len(text)
        assert date_span.text == text[start:end]
        assert date_span.start <= date_span.end
        position = end


@given(st.text(), st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from([None, "since", "amount"]))
def test_any_text_gets_an_answer(text: str, now: date, asked: str | None) -> None:
    assert len(plain(text)) == len(text)
    sane(text, read_dates(text, now, asked))


DATE_CHARS = st.text(
    "0123456789一二三四五六七八九十两半几〇廿年月日号周星期天前去今明上下个到至-—./"
    "初底中旬腊正农历春夏国庆大小了没多的 ，。",
    max_size=25,
)


@given(DATE_CHARS, st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from([None, "since"]))
def test_any_heap_of_date_words_gets_an_answer(text: str, now: date, asked: str | None) -> None:
    sane(text, read_dates(text, now, asked))


@pytest.mark.parametrize(
    "piece", ["去年十月到", "一", "1", "2023.7.12-", "三个月", "上", "今年", "五一", "年初 ", "周三到", "　"]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    read_dates("去年腊月二十三", FRIDAY)  # the lunar table is loaded once

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(2):
            begun = time.process_time()
            read_dates(text, FRIDAY)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(20_000) < max(3 * 4 * seconds(5_000), 0.5)
