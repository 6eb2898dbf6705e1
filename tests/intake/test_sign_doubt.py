"""Claims about what the rules read and the second net finds next to impossible: figures of speech fall, plain dangers never."""

from __future__ import annotations

import pytest
from builders import WAGES, Interviewed
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.signs import KINDS, believed_signs, read_signs, unmeant_signs
from bot.understanding.dangers import THRESHOLDS, UNLIKELY, told_of, unlikely_of

#: Said so plainly that no opinion takes it back.
PLAIN = [
    ("violence", "他昨天晚上又打我了，就因为饭咸了"),
    ("violence", "我妈被我哥打得躺在床上起不来"),
    ("violence", "老板把我按在地上，踹了我好几脚"),
    ("violence", "我被家暴了好多年，想问怎么离婚"),
    ("violence", "儿子一不给钱就对我们老两口动粗"),
    ("threat", "我要杀了他，他把我一辈子都毁了"),
    ("threat", "他说再去告就打断我的腿，让我看着办"),
    ("threat", "大不了跟他同归于尽，反正我也没什么了"),
    ("threat", "有人往我家门上泼红漆，写着欠债还钱"),
    ("threat", "我们说好了，后天一早去堵他们公司大门"),
    ("self_harm", "钱要不回来我真的不想活了，一天也不想"),
    ("self_harm", "我老婆在家喝药了，老板还是不给钱"),
    ("minor", "继父老是摸我女儿，孩子才上二年级"),
    ("death", "我爸在工地上没抢救过来，老板不露面"),
    ("group", "我们村一百多人明天要集体去上访"),
    ("utility_cut", "房东把我家的水断了，说不涨租就别用"),
]
#: Words of a danger in a telling of something else: kind, text.
FIGURES = [
    ("violence", "我写的方案被人砍得只剩一页，尾款还没结"),
    ("threat", "装修贷的利息高得要我的命，我想问提前还要不要违约金"),
    ("threat", "物业灭鼠投毒也不贴告示，我问能不能投诉"),
    ("minor", "讲校园霸凌的那本书印错了二十页，网店不给换"),
    ("utility_cut", "普查电表那天他们把总闸关了一会儿，冰柜没事，我问的是租金"),
]


def a_talk() -> Interviewed:
    """A talk in which a wage story without any danger was told."""
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我们在工地干了三个月，工资一直拖着不发", types=WAGES)
    return talk


@pytest.mark.parametrize(("kind", "text"), PLAIN)
def test_what_is_told_plainly_is_a_danger_whatever_the_model_thinks(kind: str, text: str) -> None:
    assert kind in {sign.kind for sign in believed_signs(text, KINDS)}


@pytest.mark.parametrize(("kind", "text"), FIGURES)
def test_a_word_of_danger_in_a_telling_of_something_else_falls_where_the_model_finds_it_impossible(
    kind: str, text: str
) -> None:
    assert kind in {sign.kind for sign in read_signs(text)}, "the rules no longer read it: find another"
    assert kind not in {sign.kind for sign in believed_signs(text, (kind,))}
    assert kind in {sign.kind for sign in believed_signs(text, ())}


@pytest.mark.parametrize("words", ["以前推过我一次", "被人捅过", "我怕被报复", "说要放火"])
def test_nothing_said_in_a_few_words_is_doubted(words: str) -> None:
    assert believed_signs(words, KINDS) == read_signs(words)


@given(st.text(max_size=60), st.sets(st.sampled_from(KINDS)))
def test_a_doubt_only_takes_away_and_only_what_is_doubted(text: str, unlikely: set[str]) -> None:
    kept, read = believed_signs(text, unlikely), read_signs(text)
    assert {sign.kind for sign in read} - {sign.kind for sign in kept} <= unlikely - {"self_harm"}
    assert [sign for sign in read if sign in kept] == list(kept)


def test_what_is_unlikely_lies_far_below_what_is_told_and_self_harm_is_never_doubted() -> None:
    assert all(UNLIKELY[kind] <= THRESHOLDS[kind] / 4 for kind in UNLIKELY)
    nothing = dict.fromkeys(KINDS, 0.0)
    assert set(unlikely_of(nothing)) == set(KINDS) - {"self_harm"} and told_of(nothing) == {}
    assert unlikely_of({}) == ()


def test_a_doubted_word_stops_no_talk_and_writes_nothing() -> None:
    kind, text = FIGURES[0]
    sure, doubted = a_talk(), a_talk()
    sure.say(text)
    doubted.say(text, unlikely=(kind,))
    assert kind in sure.record.sign_kinds() and doubted.record.signs == []
    assert f"utter_danger_{kind}" not in doubted.responses


def test_once_a_danger_was_told_no_later_one_is_doubted() -> None:
    kind, text = FIGURES[0]
    talk = a_talk()
    talk.say("他说要弄死我")
    talk.say(text, unlikely=(kind,))
    assert kind in talk.record.sign_kinds()


@pytest.mark.parametrize(
    ("kind", "meant", "harmless"),
    [
        ("violence", "老人身上青了好几块，问她只说自己摔的", "我自己摔的，骑车没看见坑"),
        ("death", "我哥漂在深水区，救生员在玩手机", "手机掉水里，捞上来黑屏了"),
        ("threat", "他说再去告就让我回不了家", "她说再吵就回娘家住几天"),
        ("threat", "再不给钱，我带着刀去找他", "再不给钱我就报警"),
        ("self_harm", "日子不想过了，药在手边", "日子还得过，就问那笔钱"),
        ("utility_cut", "他把通我屋的电线铰了", "他把通我屋的门重新漆了"),
    ],
)
def test_words_that_settle_a_guess_are_told_from_those_that_only_sound_so(kind: str, meant: str, harmless: str) -> None:
    assert kind not in unmeant_signs(meant) and kind in unmeant_signs(harmless)
