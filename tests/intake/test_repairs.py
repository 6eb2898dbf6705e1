"""Claims about slips mended in the same breath, and about words that answer another question than the one asked."""

from __future__ import annotations

import pytest
from builders import NOW, WAGES, Interviewed
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.intake.hearing import Ear
from bot.intake.phrases import Entity
from bot.intake.repairs import after, without_slips
from bot.intake.steps import Guess

DEBT = (Guess("debt", None, 0.95),)
SPECS = knowledge.taxonomy().facts


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(knowledge.divisions())


@given(st.text(alphabet="三万五，不对是说错了，我叫王李 。", max_size=40))
def test_mending_keeps_every_offset_and_adds_no_word(text: str) -> None:
    mended = without_slips(text, [[(0, 2)], [(3, 5)]])
    assert len(mended) == len(text)
    assert all(new in (old, "，") for old, new in zip(text, mended))
    assert (cut := after(text)) is None or (cut[0] in text and cut[1] in text)


@pytest.mark.parametrize(
    ("fact", "words", "value"),
    [
        ("amount", "三万，不对是三万五", 35000),
        ("amount", "三万，哦说错了，三万五", 35000),
        ("phone", "13800001111，写错了，13800001112", "13800001112"),
        ("people", "五个人，等等，六个人", 6),
        ("applicant_name", "我叫王二，哦不对，我叫王三", "王三"),
    ],
)
def test_the_value_told_last_counts_when_the_first_was_taken_back(
    ear: Ear, fact: str, words: str, value: object
) -> None:
    answer = ear.answer(SPECS[fact], words, NOW.date())
    assert answer.value is not None and answer.value.value == value
    told = ear.story([SPECS[fact]], f"我表哥欠我钱，{words}", NOW.date())
    assert fact not in told or told[fact].value == value


def test_a_place_taken_back_is_read_within_what_stands(ear: Ear) -> None:
    answer = ear.answer(SPECS["place"], "在宝鸡市金台区，不是金台，是渭滨区", NOW.date())
    assert answer.value is not None and answer.value.value["path"] == "陕西省/宝鸡市/渭滨区"


def test_somebody_named_wrongly_and_then_rightly(ear: Ear) -> None:
    answer = ear.answer(SPECS["counterpart"], "表哥叫刘强，错了，刘刚", NOW.date())
    assert answer.value is not None and answer.value.value["name"] == "刘刚"


def test_a_sum_that_is_merely_disputed_is_not_taken_back(ear: Ear) -> None:
    answer = ear.answer(SPECS["amount"], "三万二，他算的不对", NOW.date())
    assert answer.value is not None and answer.value.value == 32000


def wages(until: str) -> Interviewed:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    return talk.until(until)


@pytest.mark.parametrize("words", ["三千六", "13800001111", "等一下", "就想要回我的钱", "有微信聊天记录", "没签合同"])
def test_words_that_name_nobody_are_nobody(words: str) -> None:
    talk = wages("counterpart")
    talk.say(words)
    assert "counterpart" not in talk.record.facts


def test_a_bare_sum_is_the_sum_whatever_was_asked() -> None:
    talk = wages("counterpart")
    talk.say("三千六")
    assert talk.record.value("amount") == 3600
    assert talk.out.ask == "counterpart"


def test_what_is_told_instead_of_an_answer_is_no_miss() -> None:
    talk = wages("amount")
    for words in ("没签合同", "七月底走的", "哪里都没去"):
        talk.say(words)
        assert talk.out.ask == "amount"
        assert "amount" not in talk.record.blanks
    assert talk.record.value("written_contract") == "no"
    assert talk.record.value("handled_before") == "none"


def test_a_village_told_after_the_county_makes_the_place_more_exact() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("老板欠我工资不给", types=WAGES)
    talk.say("湖州市南浔区")
    assert talk.out.ask == "counterpart"
    talk.say("练市镇")
    assert talk.record.place_path().endswith("南浔区/练市镇")
    assert talk.out.ask == "counterpart"


@pytest.mark.parametrize("words", ["等一下", "我去接个电话", "稍等", "好了", "我回来了", "在吗", "怎么办"])
def test_a_pause_is_no_answer_and_no_miss(words: str) -> None:
    talk = wages("amount")
    before = dict(talk.record.misses)
    talk.say(words)
    assert talk.out.ask == "amount"
    assert talk.record.misses == before
    assert talk.out.says


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("没有没有哪里都没去我腿脚不好", "none"),
        ("没", "none"),
        ("找过社区没用", "office"),
        ("没找过，哦，报过警", "police"),
        ("物业", "office"),
        ("他给到去年年底就没给了", None),
        ("物业费我没交凭什么交给他们", None),
    ],
)
def test_a_word_inside_a_sentence_about_something_else_is_no_answer(ear: Ear, words: str, value: str | None) -> None:
    answer = ear.answer(SPECS["handled_before"], words, NOW.date())
    assert (answer.value.value if answer.value else None) == value


@pytest.mark.parametrize("words", ["我叫周秀珍哪", "周秀珍呢", "叫周秀珍嘛"])
def test_a_particle_is_no_part_of_a_name(ear: Ear, words: str) -> None:
    answer = ear.answer(SPECS["applicant_name"], words, NOW.date())
    assert answer.value is not None and answer.value.value == "周秀珍"


def test_three_wishes_are_no_name(ear: Ear) -> None:
    assert ear.answer(SPECS["applicant_name"], "修灯 退钱 道歉", NOW.date()).value is None


def test_a_number_beside_her_own_name_is_hers() -> None:
    talk = wages("still_employed")
    talk.say("我叫李大山 13800002222")
    assert talk.record.value("phone") == "13800002222"


def test_asked_three_times_the_likeliest_type_is_taken() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    unsure = (Guess("consumer", None, 0.5), Guess("injury", None, 0.2))
    talk.say("健身房关门了我卡里还有钱", types=unsure)
    assert talk.out.ask == "dispute_type"
    for words in ("就那个健身房", "在路口那边", "你们晓得的"):
        talk.say(words)
    assert talk.record.type == "consumer"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("租客叫丁一", "丁一"),
        ("就是我儿媳妇，叫马晓燕", "马晓燕"),
        ("对方车主姓白叫白永强", "白永强"),
        ("不知道老板真名 都叫他龙哥", "龙哥"),
        ("不知道叫啥就知道姓郝", "姓郝"),
    ],
)
def test_the_other_side_is_called_what_she_calls_them(ear: Ear, words: str, name: str) -> None:
    answer = ear.answer(SPECS["counterpart"], words, NOW.date())
    assert answer.value is not None and answer.value.value["name"] == name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我儿子叫白建军，我叫何桂英，我电话13800005555", "何桂英"),
        ("Tony 13800009090", "Tony"),
        ("小宇", "小宇"),
        ("没找过，我叫祁山电话13800002929晚上打", "祁山"),
    ],
)
def test_the_applicant_is_who_she_says_she_is(ear: Ear, words: str, name: str) -> None:
    answer = ear.answer(SPECS["applicant_name"], words, NOW.date())
    assert answer.value is not None and answer.value.value == name


@pytest.mark.parametrize(
    ("words", "sum_"), [("修车八千六加误工三千", 11600), ("医药费一万二，误工三千", 12000), ("一万二加三千", 15000)]
)
def test_two_sums_are_added_only_where_she_adds_them(ear: Ear, words: str, sum_: int) -> None:
    answer = ear.answer(SPECS["amount"], words, NOW.date())
    assert answer.value is not None and answer.value.value == sum_


def test_what_the_doctor_says_is_nobodys_occupation(ear: Ear) -> None:
    assert not ear.story([SPECS["occupation"]], "我爸在医院没抢救过来，医生说是心梗", NOW.date())
    assert ear.story([SPECS["occupation"]], "男，52岁，木工", NOW.date())["occupation"].value == "木工"


def test_a_wish_that_sounds_like_a_question_is_taken_when_it_is_said_again() -> None:
    talk = wages("wanted")
    for _ in range(2):
        talk.say("按法律该给多少给多少", act="faq", act_confidence=0.9, faq="how_much_compensation")
    assert talk.record.value("wanted") == "按法律该给多少给多少"


def test_who_does_not_know_how_to_begin_is_not_taken_to_have_begun() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我也不知道该不该说", types=(Guess("family", "domestic_violence", 0.7),))
    assert talk.out.ask == "story"
    assert "story" not in talk.record.facts


def test_who_stays_after_all_is_asked_on() -> None:
    talk = wages("amount")
    talk.say("算了不说了")
    assert talk.out.ask == "leave"
    talk.say("接着说吧")
    assert talk.out.ask == "amount"
    assert not talk.record.misses.get("amount")


@pytest.mark.parametrize("sign", ["❌", "✅", "👍"])
def test_a_picture_may_say_yes_or_no(sign: str) -> None:
    talk = wages("written_contract")
    talk.say(sign)
    assert talk.record.value("written_contract") == ("no" if sign == "❌" else "yes")


def test_her_own_firm_is_not_the_other_side() -> None:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    words = "我是建材公司的经理，工地欠我们公司货款二十六万，我代表公司来登记"
    talk.say(words, types=DEBT, entities=(Entity("organisation", "建材公司", 2, 6),))
    assert "counterpart" not in talk.record.facts
    assert talk.record.value("on_behalf") == "other"
