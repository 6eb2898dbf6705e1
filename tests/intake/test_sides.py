"""Claims about who stands on the other side: by who owes whom, who lent, who hit, and never by hearsay of others."""

from __future__ import annotations

import pytest
from builders import WAGES, Interviewed
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.phrases import told_by_herself
from bot.intake.sides import other_side

#: Written with the grammar; its first run read 27 of the 31 lines of both lists.
TOLD = [
    ("合作社的老陈欠我们三年租金", "合作社的老陈"),
    ("村东头砖厂的刘老四去年借了我三万", "村东头砖厂的刘老四"),
    ("包工头老蒋到现在还欠我一万二", "包工头老蒋"),
    ("我借给表弟周强五万，他说过完年还", "表弟周强"),
    ("我欠老王两万，他天天来堵门", "老王"),
    ("我跟着蒋师傅干了三个月，一分没见", "蒋师傅"),
    ("昨晚被隔壁老孙打了两巴掌", "隔壁老孙"),
    ("前年四月李经理从我这儿拿了八千块的货", "李经理"),
    ("黄老板答应给我们结账，人不见了", "黄老板"),
    ("对门的小林把我家的水表拆了", "对门的小林"),
    ("食堂的何大姐找我借的钱", "食堂的何大姐"),
    ("我们几个给老葛修的猪舍", "老葛"),
    ("刘支书扣了我家的补贴", "刘支书"),
    ("我的地租给了小曹，他三年不交租", "小曹"),
    ("工友大周骗了我六千", "工友大周"),
    ("三组的廖家媳妇骂我是贼", "三组的廖家媳妇"),
    ("被邻居谭老二家的狗咬了", "邻居谭老二"),
    ("姐夫万国良欠我们家七万不还", "姐夫万国良"),
    ("在冯总手下做了半年油漆", "冯总"),
    ("老许还短我四百块", "老许"),
    ("听说老赵欠老孙十万，我只管我的，小钟差我八百", "小钟"),
    ("老婆生病，我找老郑借了两万", "老郑"),
]
NOBODY = [
    "听说老赵欠老孙十万",
    "老赵欠老孙十万，我是担保人",
    "老板欠我三个月工资",
    "小区欠我们一个说法",
    "他借了我五千",
    "我借给别人五万",
    "物业把我家停水了",
    "我家在王家村，地被占了",
    "如果大家都欠我钱怎么办",
]


@pytest.mark.parametrize(("said", "name"), TOLD)
def test_the_other_side_is_who_owes_took_or_hit(said: str, name: str) -> None:
    found = other_side(told_by_herself(said))
    assert found is not None and found[0] == name
    assert found[1] in said


@pytest.mark.parametrize("said", NOBODY)
def test_where_nobody_is_named_between_her_and_him_nobody_is_taken(said: str) -> None:
    assert other_side(told_by_herself(said)) is None


@given(st.text(alphabet="我们欠借给老小王李张的了把被打合作社厂在，。", max_size=120))
def test_any_words_are_read_and_what_is_found_stands_in_them(text: str) -> None:
    found = other_side(text)
    assert found is None or (found[0] in found[1] and found[1] in text)


def test_the_other_side_told_in_a_story_is_the_counterpart_of_the_record() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("听说老赵欠老孙十万，那是他们的事。合作社的老陈欠我工资一万二不给", types=WAGES)
    assert talk.record.value("counterpart") == {"name": "合作社的老陈", "kind": "person"}
