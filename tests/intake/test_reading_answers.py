"""Yes and no, personal names and organisations as citizens answer a direct question."""

import pytest

from bot.intake.reading.answers import read_name, read_organisation, read_yes_no
from bot.intake.reading.counts import read_months


@pytest.mark.parametrize(
    "text",
    ["是", "是的", "对", "对的", "嗯", "嗯嗯", "有", "有的", "签了", "签过合同", "有合同", "有欠条", "写了借条", "报了", "报警了",
     "同意", "可以", "好的", "要得", "中", "系", "对头", "是的，签了", "嗯，有的", "没错", "有录音", "交了社保", "住院了", "当然有",
     "OK", "是滴", "有聊天记录", "公司给我交了", "愿意", "行", "好嘞", "签了的", "有！",
     "有，签了三年", "同意调解", "去医院了", "签是签了", "有两个孩子", "大部分都签了", "已经离婚了"],
)  # fmt: skip
def test_a_yes_in_many_words(text: str) -> None:
    assert read_yes_no(text) == "yes"


@pytest.mark.parametrize(
    "text",
    ["没有", "没", "没签", "没有签", "不是", "没签合同", "没有签劳动合同", "还没有", "还没报警", "莫得", "冇", "没得", "木有",
     "不同意", "不愿意", "没有过", "从来没有", "没有，一直没签", "公司没给我签", "没交社保", "要不得", "不行", "沒有", "没去", "都没有",
     "没有没有", "不不不", "没有，他说不用签", "不想调解", "还没离婚", "没有别的"],
)  # fmt: skip
def test_a_no_in_many_words(text: str) -> None:
    assert read_yes_no(text) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "不知道",
        "我也不知道",
        "记不清了",
        "忘了",
        "不太清楚",
        "不晓得",
        "说不清",
        "不确定",
        "不記得了",
        "也许吧",
        "不知道有没有",
    ],
)
def test_not_knowing_is_an_answer_of_its_own(text: str) -> None:
    assert read_yes_no(text) == "unknown"


@pytest.mark.parametrize(
    "text", ["不想说", "跳过", "不方便说", "不想回答", "下一个", "我不愿意说", "略过吧", "保密", "能跳过吗"]
)
def test_declining_is_an_answer_of_its_own(text: str) -> None:
    assert read_yes_no(text) == "declined"


@pytest.mark.parametrize(
    "text",
    ["他没有打我，只是骂", "有人打我", "老板不给钱", "老板不是人", "没有合同怎么办", "是不是要带合同", "有没有用", "你好", "三万二",
     "去年十月", "我要投诉", "不是我的错是他先动手的", "我不想活了", "李四", "是吗？", "", "有什么办法吗"],
)  # fmt: skip
def test_a_story_or_a_question_is_neither_yes_nor_no(text: str) -> None:
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李四", "李四"), ("我叫李四", "李四"), ("姓张", "张"), ("我姓诸葛", "诸葛"), ("张先生", "张先生"), ("王女士", "王女士"),
        ("叫王小明", "王小明"), ("我是欧阳修文", "欧阳修文"), ("免贵姓赵", "赵"), ("我的名字是陈建国。", "陈建国"),
        ("你好，我叫吴桂兰", "吴桂兰"), ("姓名：周芳", "周芳"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("司马云", "司马云"),
        ("他叫孙大勇", "孙大勇"), ("本人林美玉", "林美玉"), ("我姓李，叫李建军", "李"), ("張偉", "张伟"), ("我叫高明", "高明"),
        ("李月", "李月"), ("萧然", "萧然"), ("赖小兰", "赖小兰"), ("我叫沈阳阳", "沈阳阳"),
    ],
)  # fmt: skip
def test_a_personal_name_is_read_from_the_answer(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    ["你好", "您好", "谢谢", "不知道", "没有", "我是来投诉的", "湖州市", "张家口", "南浔区", "李家村", "安全", "马上", "金额", "三万",
     "我是农民工", "老板", "我是房东", "不想说", "他打我", "高空抛物", "任何时候", "王大爷不给钱", "你叫什么", "我是她老公", "好", "嗯",
     "转人工", "13900139000", "", "程序员", "苏州人", "黄山", "卫生院", "牛肉面", "陈家庄"],
)  # fmt: skip
def test_what_is_no_personal_name(text: str) -> None:
    assert read_name(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我在湖州宏达建材有限公司上班，后来去了仁和医院", ["湖州宏达建材有限公司", "仁和医院"]),
        ("告幸福里小区物业", ["幸福里小区物业"]), ("在鑫源砖厂干活", ["鑫源砖厂"]), ("我和丰收合作社签的", ["丰收合作社"]),
        ("公司", ["公司"]), ("被第一人民医院误诊", ["第一人民医院"]), ("三河村村委会", ["三河村村委会"]),
        ("荷花苑项目部", ["荷花苑项目部"]), ("老板不给钱", []), ("公司不发工资", []), ("我们厂", []), ("买了东城4S店的车", ["东城4S店"]),
    ],
)  # fmt: skip
def test_organisations_are_named_without_verbs_and_pronouns(text: str, names: list[str]) -> None:
    assert read_organisation(text) == names


@pytest.mark.parametrize(
    ("text", "months"),
    [("三个月", 3), ("3", 3), ("两个半月", 2.5), ("半年", 6), ("一年半", 18), ("十来个月", 10), ("大概五个月吧", 5),
     ("一年零两个月", 14), ("两年", 24), ("拖了四个月", 4), ("不知道", None), ("三万", None), ("上个月", None)],
)  # fmt: skip
def test_months_are_read_from_a_bare_answer(text: str, months: float | None) -> None:
    assert read_months(text) == months
