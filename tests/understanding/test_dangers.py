"""The second net: it hears dangers in words that no example holds, and keeps silent where nothing is told."""

from __future__ import annotations

import pytest

from bot.commands.checking import examples
from bot.intake.signs import KINDS
from bot.understanding.dangers import CLASSES_WEIGHT, THRESHOLDS, SecondNet, classes, company, windows
from bot.understanding.meaning import quick_vectors
from bot.understanding.model import DeskModel, Example

BLOWS = [
    "他又动手打我",
    "被他打得鼻青脸肿",
    "他拿皮带抽我",
    "昨晚他掐我脖子",
    "婆婆拿扫帚打我的背",
    "老板一拳打在我脸上",
]
CALM = ["押金不退怎么办", "物业费太贵了", "我想问问户口", "合同到期了不续", "房租涨了三百", "快递丢了谁赔"]
BOTH = [frozenset({"violence"})] * len(BLOWS) + [frozenset[str]()] * len(CALM)


def test_a_blow_with_a_thing_never_named_in_the_examples_is_surer_than_a_bill() -> None:
    net = SecondNet.train(BLOWS + CALM, BOTH)
    assert net.chances_of("他抄起擀面杖砸我腰上")["violence"] > net.chances_of("水费单子多出来三十块")["violence"]


def test_a_vector_that_is_known_already_gives_the_same_chances() -> None:
    net, text = SecondNet.train(BLOWS + CALM, BOTH), "他抄起擀面杖照我腰上砸"
    assert net.chances_of(text, quick_vectors([text])[0]) == net.chances_of(text)


def test_a_blow_in_the_midst_of_a_long_letter_is_as_sure_as_alone() -> None:
    net, blow = (
        SecondNet.train(BLOWS + CALM, BOTH),
        "昨晚他拿皮带抽我，掐我脖子，打得我鼻青脸肿，我一夜没敢合眼，到现在还疼着呢。",
    )
    calm = "我们两家是二十年的邻居，门前那条路一直是大家走的，去年他家修了房子就说路是他的。" * 4
    told, untold, alone = (net.chances_of(text)["violence"] for text in (calm + blow + calm, calm, blow))
    assert told > untold + 0.1 and told > alone - 0.1


def test_training_twice_gives_the_same_chances() -> None:
    first, second = SecondNet.train(BLOWS + CALM, BOTH), SecondNet.train(BLOWS + CALM, BOTH)
    assert first.chances_of("他把我按在墙上") == second.chances_of("他把我按在墙上")


def test_a_net_without_dangers_to_learn_from_hears_none() -> None:
    net = SecondNet.train(CALM, [frozenset()] * len(CALM))
    assert net.signs_of("他又动手打我") == ()


def test_an_example_may_tell_two_dangers() -> None:
    told = [Example(text, "danger_violence+minor") for text in BLOWS] + [Example(text, "inform") for text in CALM]
    told += [Example("欠钱不还", "dispute_debt"), Example("老板不发工资", "dispute_wages")] * 3
    assert set(DeskModel.train(told).dangers.judges) == {"violence", "minor"}


def test_every_sign_has_a_threshold() -> None:
    assert set(THRESHOLDS) == set(KINDS)
    assert all(0.5 < least < 0.95 for least in THRESHOLDS.values()) and CLASSES_WEIGHT > 0


def test_classes_of_words_that_stand_together_are_told_from_those_far_apart() -> None:
    near, far = company("拿皮带抽我的背"), company("他把皮带落在车上了，" + "说了好些别的事情，" * 8 + "我背上痒")
    assert "near 身体 凶器" in near
    assert "near 身体 凶器" not in far and "all 身体 凶器" in far


def test_ten_people_and_more_are_a_crowd_and_a_sum_or_a_year_is_none() -> None:
    crowd = dict(classes())["多人"]
    assert all(crowd.search(text) for text in ("四十多户", "上百号人", "三百人", "十几个工友"))
    assert not any(crowd.search(text) for text in ("三百块", "2023年", "三十万", "两个人"))


@pytest.mark.parametrize("text", ["", "没", "就我", "嗯", "一万二"])
def test_an_answer_of_a_few_characters_has_no_sign(text: str) -> None:
    assert SecondNet.train(BLOWS + CALM, BOTH).signs_of(text) == ()


def test_a_long_text_is_heard_whole_but_in_bounded_pieces() -> None:
    pieces = windows("他昨天来过。" * 4000)
    assert len(pieces) <= 60 and all(len(piece) <= 48 for piece in pieces)


def test_examples_name_only_signs_that_there_are() -> None:
    named = {intent.removeprefix("danger_") for _, intent, _, _ in examples() if intent.startswith("danger_")}
    assert named == {*KINDS, "none"}
