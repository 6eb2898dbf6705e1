"""Claims about hearing: which facts a story already tells, and what an answer to one question is taken to mean."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FACTS, MATTERS, typed_words

from bot import knowledge
from bot.intake.hearing import Answer, Ear
from bot.intake.turn import ANSWER_ONLY

NOW = date(2026, 11, 20)
WAGES = "wages/wage_arrears"
LAND = "land/land_transfer"
LIFT = "property/elevator"
HOUSE = "property/property_service"
FAMILY = "family/marriage"


def ear() -> Ear:
    return Ear(knowledge.divisions())


def heard(text: str, matter: str) -> dict[str, Any]:
    """What a story tells of a matter's facts, as values."""
    taxonomy = knowledge.taxonomy()
    of = taxonomy.matters[matter]
    keys = dict.fromkeys((*of.facts, *of.heard, *(f for key in of.facts for f in taxonomy.asked_with(of, key))))
    specs = [taxonomy.facts[key] for key in keys if key not in ANSWER_ONLY]
    return {key: value.value for key, value in ear().story(specs, text, NOW).items()}


def answered(fact: str, text: str) -> Answer:
    return ear().answer(knowledge.taxonomy().facts[fact], text, NOW)


def value(fact: str, text: str) -> Any:
    answer = answered(fact, text)
    return answer.value.value if answer.value else None


# —— from a story ——


@pytest.mark.parametrize(
    ("text", "matter", "fact", "expected"),
    [
        ("老板欠我三万二工资", WAGES, "amount", 32_000),
        ("拖欠工资一共4.5万元", WAGES, "amount", 45_000),
        ("欠了我三个月工资没发", WAGES, "months_owed", 3),
        ("我们十二个人一起干的，都没拿到钱", WAGES, "people", 12),
        ("没签合同，老板不给钱", WAGES, "written_contract", "no"),
        ("签了劳动合同的，老板不给钱", WAGES, "written_contract", "yes"),
        ("我已经离职了，工资还没结", WAGES, "still_employed", "no"),
        ("我还在厂里上班，工资三个月没发", WAGES, "still_employed", "yes"),
        ("我是木工，工钱没结", WAGES, "trade", "木工"),
        ("我们是外出打工的，老板不给钱", WAGES, "migrant_worker", "yes"),
        ("我报过警，没用", WAGES, "handled_before", "police"),
        ("劳动仲裁过了，还是不给", WAGES, "handled_before", "arbitration"),
        ("我家三亩地租给合作社", LAND, "land_mu", 3),
        ("租金一亩八百，两年没给", LAND, "rent_per_mu", 800),
        ("地里都是大棚，合作社不给租金", LAND, "land_use", "大棚"),
        ("合作社把地硬化了，不给租金", LAND, "use_changed", "yes"),
        ("六层楼的老房子要装电梯，一楼不同意", LIFT, "floors", 6),
        ("单元一共12户，有10户参加表决，9户同意", LIFT, "households_joining", 10),
        ("单元一共12户，有10户参加表决，9户同意", LIFT, "households_agreeing", 9),
        ("协议签了，一楼不让施工", LIFT, "lift_stage", "signed"),
        ("物业说我不交物业费就停水", HOUSE, "fees_paid", "no"),
        ("物业把我家水停了", HOUSE, "utility_cut", "yes"),
        ("我老公不管孩子，孩子6岁", FAMILY, "relation", "我老公"),
    ],
)
def test_a_story_tells_a_fact(text: str, matter: str, fact: str, expected: Any) -> None:
    assert heard(text, matter)[fact] == expected


def test_the_place_of_the_story_is_known_down_to_the_village() -> None:
    place = heard("我在湖州市南浔区练市镇荃步村的工地干活，老板欠我三万", WAGES)["place"]
    assert (place["code"], place["path"]) == ("330503", "浙江省/湖州市/南浔区/练市镇/荃步村")


def test_the_home_town_is_not_taken_for_the_place_of_the_dispute() -> None:
    told = heard("我老家青海省海东市化隆县，在浙江省湖州市南浔区打工，老板欠我三万", WAGES)
    assert told["home_place"]["path"].startswith("青海省/海东市")
    assert told["place"]["code"] == "330503"


def test_each_number_goes_to_the_fact_whose_word_stands_beside_it() -> None:
    told = heard("我家五亩地，租金一亩八百，一共欠我八千块", LAND)
    assert told["land_mu"] == 5
    assert told["rent_per_mu"] == 800
    assert told.get("amount", 8_000) == 8_000  # the total is the fact of money in other land matters


def test_a_denied_yes_is_a_no() -> None:
    assert heard("没有签合同，老板不给钱", WAGES)["written_contract"] == "no"
    assert heard("我没有报警", WAGES).get("handled_before") != "police"


@pytest.mark.parametrize(
    ("text", "matter", "fact", "expected"),
    [
        ("听说工地上还欠别人五万，我的是一万二", WAGES, "amount", 12_000),
        ("听工友说要给我们赔三万", WAGES, "amount", None),
        ("听人讲别的组都签了合同", WAGES, "written_contract", None),
        ("邻居家没签合同，我签了合同", WAGES, "written_contract", "yes"),
        ("听说有人报了警", WAGES, "handled_before", None),
        ("听说村里要征收我们的地，租地的老板就不给租金了", LAND, "is_expropriation", None),
        ("听说物业要停水", HOUSE, "utility_cut", None),
        ("听说隔壁小区停水了", HOUSE, "utility_cut", None),
        ("如果停水停电怎么办", HOUSE, "utility_cut", None),
        ("隔壁把我家水停了", HOUSE, "utility_cut", "yes"),
        ("他说已经给了两万，其实一分没给，还欠四万五", WAGES, "amount", 45_000),
        ("我欠老李的钱还了，可是老王欠我的三万不还", "debt", "amount", 30_000),
        ("我们不是农民工", WAGES, "migrant_worker", "no"),
        ("我们不是农民工", WAGES, "occupation", None),
    ],
)
def test_what_she_only_heard_supposed_or_tells_of_others_is_not_kept(
    text: str, matter: str, fact: str, expected: Any
) -> None:
    assert heard(text, matter).get(fact) == expected


@pytest.mark.parametrize(
    ("text", "matter", "owed"),
    [
        ("工资五千二一个月，压了俩月，到手就发过一千五，还差八千九", WAGES, 8_900),
        ("他打了五万的欠条，还过八千，剩下四万二一直赖", "debt", 42_000),
        ("总价十八万六，付了十二万，还差我六万六的尾款", "debt", 66_000),
        ("前年借走八万，去年还了两万，现在还有六万没还", "debt", 60_000),
        ("总工钱十一万七，给了六万，剩下五万七不给了", WAGES, 57_000),
        ("我的工钱一共两万三，他先给了五千，后来又给了三千，余下一万五拖到现在", WAGES, 15_000),
        ("他一共借了我三笔，五千、八千和一万二，加起来两万五", "debt", 25_000),
        ("到现在只还了一万五，还有三万五", "debt", 35_000),
        ("别人都发了八千，我的七千五一直没给", WAGES, 7_500),
        ("住院花了三万八，他就垫了五千", "injury", 38_000),
    ],
)
def test_of_several_sums_the_one_that_is_owed_is_the_amount(text: str, matter: str, owed: int) -> None:
    assert heard(text, matter)["amount"] == owed


@given(
    st.integers(2, 9), st.integers(10, 90), st.sampled_from(["剩下{}", "还欠{}", "还差我{}", "余下{}", "还有{}没给"])
)
def test_what_is_left_after_a_part_was_paid_is_the_amount(paid: int, total: int, left: str) -> None:
    text = f"一共{total}万，给了{paid}万，{left.format(f'{total - paid}万')}"
    assert heard(text, WAGES)["amount"] == (total - paid) * 10_000


def test_a_total_and_what_is_left_of_it_are_no_two_totals() -> None:
    amount = knowledge.taxonomy().facts["amount"]
    told = ear().claims(amount, "一共两万三，给了八千，还欠一万五", NOW)
    assert [value.value for value, _ in told] == [23_000]


def test_the_name_of_a_company_is_not_the_place_of_the_dispute() -> None:
    assert "place" not in heard("包工头欠我一万，分包是永顺劳务公司", WAGES)


def test_evidence_at_hand_is_heard_and_evidence_denied_is_not() -> None:
    assert "欠条" in heard("老板欠我三万，我手里有欠条", WAGES)["evidence"]
    assert "evidence" not in heard("老板欠我三万，没有欠条", WAGES)


def test_a_name_is_heard_only_when_it_is_introduced() -> None:
    assert heard("我叫李四，老板欠我三万", WAGES)["applicant_name"] == "李四"
    assert "applicant_name" not in heard("李四欠我三万工资", WAGES)


def test_a_story_without_facts_tells_none() -> None:
    assert heard("我心里难受，不知道怎么办", WAGES) == {}


def test_the_words_of_a_value_are_the_citizens_own() -> None:
    text = "老板欠我三万二，去年三月开始的，我们十二个人，在湖州市南浔区"
    specs = [knowledge.taxonomy().facts[key] for key in ("amount", "since", "people", "place")]
    found = ear().story(specs, text, NOW)
    assert set(found) == {"amount", "since", "people", "place"}
    assert all(value.words in text for value in found.values())


@given(typed_words(), st.sampled_from(MATTERS))
def test_any_story_is_heard_without_a_fault(text: str, matter: str) -> None:
    specs = knowledge.taxonomy().facts.values()
    for key, found in ear().story(specs, text, NOW).items():
        assert found.shown and found.words, key
    heard(text, matter)


# —— answers to one question ——


@given(st.sampled_from(FACTS), typed_words())
def test_any_answer_to_any_question_is_heard_without_a_fault(fact: str, text: str) -> None:
    answer = answered(fact, text)
    assert not (answer.value and answer.blank)
    if answer.value:
        assert answer.value.shown and answer.value.words


@pytest.mark.parametrize(
    ("fact", "text", "expected"),
    [
        ("amount", "三万五", 35_000),
        ("amount", "大概两万块吧", 20_000),
        ("people", "就我跟我老婆两个人", 2),
        ("months_owed", "三个月", 3),
        ("months_owed", "半年", 6),
        ("land_mu", "五亩三分", 5.3),
        ("phone", "138 0000 1234", "13800001234"),
        ("applicant_name", "我叫李四", "李四"),
        ("written_contract", "签了", "yes"),
        ("written_contract", "没签", "no"),
        ("still_employed", "早就不干了", "no"),
        ("handled_before", "没找过", "none"),
        ("handled_before", "去派出所报过警", "police"),
        ("on_behalf", "替我妈来说", "other"),
        ("violence_now", "以前打过", "past"),
        ("owners_committee", "没有物业，三无小区", "three_noes"),
        ("floors", "六层", 6),
        ("own_floor", "我住三楼", 3),
        ("households_total", "十二户", 12),
        ("lift_stage", "还在商量", "talking"),
        ("age", "52岁", 52),
        ("gender", "男", "male"),
    ],
)
def test_an_answer_is_read_for_its_question(fact: str, text: str, expected: Any) -> None:
    assert value(fact, text) == expected


@pytest.mark.parametrize("fact", ["amount", "place", "since", "counterpart", "applicant_name", "written_contract"])
@pytest.mark.parametrize(("text", "why"), [("不知道", "unknown"), ("记不清了", "unknown"), ("不想说", "declined")])
def test_not_knowing_and_not_wanting_to_say_are_blanks_and_no_values(fact: str, text: str, why: str) -> None:
    assert answered(fact, text) == Answer(blank=why)


def test_a_place_with_one_meaning_is_known_and_an_ambiguous_one_has_candidates() -> None:
    assert value("place", "湖州市南浔区练市镇")["code"] == "330503"
    assert len(answered("place", "鼓楼区").candidates) >= 2
    assert answered("place", "湖州").value is None
    assert answered("place", "湖州").partial


def test_a_person_and_an_organisation_are_told_apart() -> None:
    assert value("counterpart", "王小二")["kind"] == "person"
    assert value("counterpart", "宏达建材有限公司")["kind"] == "organisation"
    assert value("counterpart", "老板叫王小二，电话13900001234")["name"] == "王小二"


def test_an_about_stays_an_about() -> None:
    answer = answered("amount", "大概两万块吧")
    assert answer.value is not None
    assert answer.value.approx and answer.value.shown.startswith("约")


@pytest.mark.parametrize("fact", ["amount", "phone", "place", "since", "people", "applicant_name"])
@pytest.mark.parametrize("text", ["😭😭", "？？？", "老板真不是个东西"])
def test_what_is_no_answer_is_not_taken_for_one(fact: str, text: str) -> None:
    assert answered(fact, text).value is None
