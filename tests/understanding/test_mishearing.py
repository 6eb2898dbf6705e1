"""Words that only sound right are read as they were meant, and words that are right stay as they are."""

from __future__ import annotations

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.commands.checking import examples
from bot.intake.hearing import Ear
from bot.intake.reading.plain import plain
from bot.intake.turn import as_written
from bot.settings import ROOT
from bot.understanding.mishearing import as_meant

#: As a telephone writes what was spoken, or a hurried thumb: the sentence, and what was meant in it.
MISHEARD = {
    "没签合铜": "合同", "包公头欠心不给": "欠薪", "有微信聊天纪录": "聊天记录", "有欠跳": "欠条", "他打了借跳给我": "借条",
    "工地在南浔，工投叫老李": "工头", "没有老动合同": "劳动合同", "找过老动监查大队": "劳动监察大队", "物叶费都交了": "物业费",
    "没有叶委会": "业委会", "小区没有业位会": "业委会", "停水停店三天了": "停电", "邻具半夜吵": "邻居", "想离混": "离婚",
    "前付不给抚养非": "抚养费", "要抚氧费": "抚养费", "就是冷抱力": "冷暴力", "彩里十八万": "彩礼", "结昏证没领": "结婚证",
    "以经离婚了": "已经", "老人没人善养": "赡养", "土地流砖给别人": "流转", "租给合做社": "合作社", "宅级地被占了": "宅基地",
    "村喂会不管": "村委会", "承包地被正收": "征收", "补常款没到": "补偿款", "医愿不给看": "医院", "病力复印了": "病历",
    "没做见定": "鉴定", "做了尸捡": "尸检", "加装店梯": "加装电梯", "健生卡退不了": "健身卡", "培训版关门了": "培训班",
    "商家不退宽": "退款", "有发漂": "发票", "有转帐记录": "转账记录", "有工子条": "工资条", "有录因": "录音", "有招片": "照片",
    "报过井": "报过警", "找过派处所": "派出所", "去过法元": "法院", "找过社去": "社区", "司法锁去过": "司法所", "打过仲才": "仲裁",
    "肇世司机逃了": "肇事", "保现公司不赔": "保险公司", "签了斜议书": "协议书", "网带催收": "网贷", "老办欠我公资": "老板欠我工资",
}  # fmt: skip
#: Right as they stand, with the same sounds or the same characters near by.
RIGHT = [
    "办公资料都在他那里", "我和同事一起干的", "他是我们公司司机", "老板叫何同", "我姓贺，叫贺同", "他说没钱给", "还欠我三千",
    "户口没迁", "公示了十天", "我弟没了", "他只赔墙不赔地板", "表没坏", "把牙磕掉了", "护士站的人看见了", "今早厂门口贴了通知",
    "说媒的人两头收钱", "他爸把他赶出去", "哪天不知道", "他拿刀吓我", "门没关", "水表是准的", "找道上的人", "一期二期都没修",
    "我没偷没抢", "村账在他手里", "共欠费用三万", "孩子骂他两句", "请街道帮着调一调", "五针疫苗", "拆光了", "带伞来了",
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), MISHEARD.items(), ids=list(MISHEARD))
def test_a_word_that_only_sounds_right_is_read_as_meant(said: str, meant: str) -> None:
    assert meant in as_meant(said)


@pytest.mark.parametrize("said", RIGHT)
def test_what_is_right_stays_as_it_is(said: str) -> None:
    assert as_meant(said) == plain(said)


def test_of_a_thousand_sentences_of_the_examples_at_most_three_are_changed() -> None:
    told = [text for *_, text in examples(ROOT)]
    changed = [text for text in told if as_meant(text) != plain(text)]
    assert len(changed) <= 0.003 * len(told), changed


@given(st.text(alphabet="没签合铜老办欠我宫资，。有 Ａ微信记路報警３万", max_size=60) | st.text(max_size=60))
def test_the_mended_copy_is_as_long_as_what_was_written(text: str) -> None:
    assert len(as_meant(text)) == len(text)


def test_facts_are_read_through_wrong_characters_and_quoted_in_her_own() -> None:
    said = "没签老动合铜，就有微信记路和转帐记录，没找过老动局，找过社去"
    ear, facts = Ear(knowledge.divisions(), as_meant), knowledge.taxonomy().facts
    told = ear.story([facts["written_contract"], facts["evidence"], facts["handled_before"]], said, NOW.date())
    assert {key: value.value for key, value in told.items()} == {
        "written_contract": "no",
        "evidence": "微信记录、转账记录",
        "handled_before": "office",
    }
    assert all(as_written(value.words, said, as_meant) in said for value in told.values())


def test_a_name_is_never_mended() -> None:
    ear, facts = Ear(knowledge.divisions(), as_meant), knowledge.taxonomy().facts
    for key in ("applicant_name", "counterpart"):
        answer = ear.answer(facts[key], "何同", NOW.date())
        assert answer.value is not None and answer.value.shown == "何同"
