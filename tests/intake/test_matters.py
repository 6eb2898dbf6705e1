"""Claims on two matters in one talk: noticed, asked about once, kept together or told one after the other, linked."""

from __future__ import annotations

from typing import Any

import pytest
from builders import AT, NOW, TAPS, Interviewed, a_record, a_reply, said
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import MATTERS

from bot import knowledge
from bot.intake.document import card, document, flags
from bot.intake.record import Record
from bot.intake.risk import grade
from bot.intake.steps import Guess, Half
from bot.intake.taxonomy import Taxonomy, TaxonomyError
from bot.intake.tellings import another, cuts
from bot.knowledge import FOLDER, read_yaml

TAXONOMY = knowledge.taxonomy()
FIRST, SECOND = "老板欠我三个月工资一共九千块不给", "楼上邻居还天天漏水把我家墙泡坏了不肯修"
BOTH = f"{FIRST}，{SECOND}"


def half(key: str, words: str, sure: float = 0.95) -> Half:
    type_, _, subtype = key.partition("/")
    return Half(type_, subtype or None, sure, words)


def guess(key: str, sure: float = 0.9) -> Guess:
    type_, _, subtype = key.partition("/")
    return Guess(type_, subtype or None, sure)


def telling(
    one: str = "wages/wage_arrears", other: str = "neighbour", sure: float = 0.95, and_: str = ""
) -> Interviewed:
    """A first telling of two matters, as the model would judge it."""
    talk = Interviewed().until("story")
    talk.say(BOTH + and_, types=(guess(one),), halves=((half(one, FIRST, sure), half(other, SECOND, sure)),))
    return talk


def to_the_end(talk: Interviewed, matter: str = "wages/wage_arrears") -> Interviewed:
    """Answer plainly until the open record is filed."""
    talk.until(None, matter)
    talk.filed()
    return talk


def filed_document(record: Record) -> dict[str, Any]:
    assert record.type is not None
    return document(
        record, TAXONOMY.matter(record.type, record.subtype), receipt="FZ20261120-34679A", matter_no=1, filed_at=AT,
        colour=grade(record), transcript=[], taxonomy=TAXONOMY,
    )  # fmt: skip


# —— noticing ——


def test_two_matters_in_one_telling_are_asked_about_with_three_ways() -> None:
    talk = telling()
    assert talk.out.ask == "two_matters"
    assert "utter_two_matters" in talk.responses
    assert [choice.value for choice in talk.out.choices] == ["together", "apart", "only"]


def test_an_unsure_second_half_is_no_second_matter() -> None:
    assert telling(sure=0.55).out.ask != "two_matters"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("debt", "finance"),
        ("wages/wage_arrears", "debt"),
        ("traffic", "injury"),
        ("consumer", "education"),
        ("family/marriage", "family/custody"),
    ],
)
def test_one_dispute_under_two_names_is_not_asked_about(one: str, other: str) -> None:
    assert telling(one, other).record.others == []


@pytest.mark.parametrize("other", ["not_a_dispute", "expropriation", "other"])
def test_what_is_no_matter_for_a_committee_is_no_second_matter(other: str) -> None:
    assert telling(other=other).record.others == []


def test_violence_in_a_divorce_is_one_family_matter_and_the_danger_names_it() -> None:
    talk = telling("family/marriage", "family/domestic_violence", and_="，老公天天打我")
    assert (talk.record.type, talk.record.subtype) == ("family", "domestic_violence")
    assert talk.record.others == []


def test_violence_that_was_denied_makes_no_matter_of_it() -> None:
    talk = telling("family/marriage", "family/domestic_violence", and_="，他没有打我")
    assert talk.record.subtype == "marriage"


def test_violence_beside_another_matter_comes_first() -> None:
    talk = telling("wages/wage_arrears", "family/domestic_violence", and_="，老公天天打我")
    assert talk.record.subtype == "domestic_violence"
    assert talk.record.open_other()["key"] == "wages/wage_arrears"  # type: ignore[index]


def test_a_sum_told_of_the_other_matter_is_not_taken_for_this_one() -> None:
    talk = Interviewed().until("story")
    one, other = "老板欠我工资一直不给", "楼上邻居还漏水把我家泡了，要赔我两万他不肯"
    talk.say(
        f"{one}，{other}",
        types=(guess("wages/wage_arrears"),),
        halves=((half("wages/wage_arrears", one), half("neighbour", other)),),
    )
    assert "amount" not in talk.record.facts
    talk.tap("two_matters", "only")
    assert talk.record.value("amount") == 20_000


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("我还有个事", ""),
        ("还有一件事，他借我两万不还", "他借我两万不还"),
        ("对了，另外还有件事情，物业乱收费", "物业乱收费"),
        ("另外一件事：邻居占我家的地", "邻居占我家的地"),
        ("第二件事是楼上漏水", "是楼上漏水"),
    ],
)
def test_her_own_word_for_another_matter_is_heard(text: str, rest: str) -> None:
    assert another(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "还有一个人",
        "这件事情还没完",
        "还有欠条",
        "另外他还欠我两千",
        "还有几个问题",
        "我还有个孩子",
        "没有别的事了",
        "就这一件事",
    ],
)
def test_other_words_are_not_taken_for_another_matter(text: str) -> None:
    assert another(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "宅基地是公公的名字，离婚我能分到吗",
        "老板欠我工资",
        "医院没有意见，就是护工把我妈摔伤了不赔",
        "我家在三楼，他家在四楼",
    ],
)
def test_a_telling_of_one_wrong_is_not_cut(text: str) -> None:
    assert list(cuts(text)) == []


@given(st.text(max_size=200))
def test_any_text_is_cut_into_its_own_parts_only(text: str) -> None:
    for one, other in cuts(text):
        assert text.startswith(one) and text.endswith(other)


# —— her answer ——


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("一起记吧", "together"),
        ("分开办", "apart"),
        ("先办工资再办漏水", "apart"),
        ("就办这一件", "only"),
        ("只办工资", "only"),
    ],
)
def test_the_way_can_be_said_in_words(words: str, way: str) -> None:
    talk = telling()
    talk.say(words)
    assert talk.record.others[0]["way"] == way
    assert talk.out.ask != "two_matters"


def test_who_does_not_answer_keeps_both_in_one_record() -> None:
    talk = telling()
    talk.say("今天天气真好呀")
    assert talk.out.ask == "two_matters"
    talk.say("哎呀呀")
    assert talk.record.others[0]["way"] == "together"


def test_together_means_a_main_and_a_side_matter_in_one_record() -> None:
    talk = telling()
    talk.tap("two_matters", "together")
    to_the_end(talk)
    assert talk.record.status == "filed"
    filed = filed_document(talk.record)
    assert filed["matter"]["type"] == "wages"
    assert [side["type"] for side in filed["side_matters"]] == ["neighbour"]
    assert filed["side_matters"][0]["words"] == SECOND
    assert "two_matters" in flags(talk.record)


def test_the_card_shows_the_side_matter_and_a_tap_asks_again() -> None:
    talk = telling()
    talk.tap("two_matters", "together")
    talk.until("card")
    questions = talk.interview.steps.questions(talk.record)
    assert "other_matter" in [row["fact"] for row in card(talk.record, TAXONOMY, questions)]
    talk.tap("card", "edit:other_matter")
    assert talk.out.ask == "two_matters"


def test_apart_means_that_the_second_begins_by_itself_when_the_first_is_filed() -> None:
    talk = telling()
    talk.tap("two_matters", "apart")
    to_the_end(talk)
    record = talk.record
    assert (record.status, record.type) == ("open", "neighbour")
    assert record.facts["story"].value == SECOND
    assert record.follows is not None
    assert talk.out.ask is not None


def test_only_one_leaves_the_other_alone() -> None:
    talk = telling()
    talk.tap("two_matters", "only")
    to_the_end(talk)
    assert talk.record.status == "filed"
    assert filed_document(talk.record)["side_matters"] == []


def test_unpaid_wages_and_an_injury_at_work_have_the_same_employer() -> None:
    talk = telling("wages/wage_arrears", "wages/labour_other")
    talk.tap("two_matters", "apart")
    to_the_end(talk)
    assert talk.record.subtype == "labour_other"
    assert {"place", "counterpart", "applicant_name", "phone"} <= talk.record.facts.keys()


def test_the_earlier_place_is_offered_as_a_button_and_taken_over_by_it_or_by_word() -> None:
    for answer in (None, "还是那里"):
        talk = telling()
        talk.tap("two_matters", "apart")
        to_the_end(talk)
        place = talk.record.same["place"]["value"]
        assert talk.out.ask == "place"
        assert talk.out.choices[0].value == "same"
        talk.tap("place", "same") if answer is None else talk.say(answer)
        assert talk.record.value("place") == place


# —— later in the talk ——


def test_another_matter_told_in_the_middle_is_asked_about_and_the_open_question_comes_back() -> None:
    talk = Interviewed().until("story")
    talk.say(FIRST, types=(guess("wages/wage_arrears"),))
    talk.until("wanted")
    talk.say(f"我还有个事，{SECOND}", types=(guess("neighbour"),))
    assert talk.out.ask == "two_matters"
    assert "wanted" not in talk.record.facts
    talk.tap("two_matters", "apart")
    assert talk.out.ask == "wanted"


def test_told_by_the_way_it_is_noticed_too() -> None:
    talk = Interviewed().until("story")
    talk.say(FIRST, types=(guess("wages/wage_arrears"),))
    talk.until("counterpart")
    talk.say(SECOND, types=(guess("neighbour", 0.97),))
    assert talk.out.ask == "two_matters"
    assert "counterpart" not in talk.record.facts


def test_only_announced_it_waits_and_is_asked_for_after_filing() -> None:
    talk = Interviewed().until("story")
    talk.say(FIRST, types=(guess("wages/wage_arrears"),))
    step = talk.out.ask
    talk.say("我还有个事")
    assert "utter_other_waits" in talk.responses
    assert talk.out.ask == step
    to_the_end(talk)
    assert (talk.record.status, talk.out.ask) == ("open", "story")
    assert "applicant_name" in talk.record.facts


def test_after_filing_a_second_dispute_begins_a_linked_record() -> None:
    talk = Interviewed().until("story")
    talk.say(FIRST, types=(guess("wages/wage_arrears"),))
    to_the_end(talk)
    receipt = talk.record.receipt
    talk.say(f"我还有个事，{SECOND}", types=(guess("neighbour"),))
    assert (talk.record.status, talk.record.type) == ("open", "neighbour")
    assert talk.record.follows == receipt
    assert filed_document(talk.record)["linked"] == [{"receipt": receipt, "how": "before"}]


def test_a_next_matter_that_is_her_mothers_carries_nothing_of_hers() -> None:
    talk = Interviewed().until("story")
    talk.say(FIRST, types=(guess("wages/wage_arrears"),))
    to_the_end(talk)
    talk.say("还有一件事，我替我妈来说，邻居占了她家的地不还", types=(guess("neighbour"),))
    assert talk.record.value("on_behalf") == "other"
    assert "applicant_name" not in talk.record.facts


def test_beginning_again_in_the_second_matter_keeps_who_she_is_and_the_link() -> None:
    talk = telling()
    talk.tap("two_matters", "apart")
    to_the_end(talk)
    follows = talk.record.follows
    talk.say("重新开始")
    assert talk.out.ask == "story"
    assert talk.record.follows == follows
    assert "applicant_name" in talk.record.facts


# —— laws ——

ASKABLE = [
    (one, other)
    for one in MATTERS
    for other in MATTERS
    if one != other
    and TAXONOMY.pair(one, other).ask
    and not any(TAXONOMY.matters[key].another_door or key == "other" for key in (one, other))
]


@given(st.sampled_from(ASKABLE), st.sampled_from(["together", "apart", "only"]))
def test_two_matters_in_any_order_are_filed_each_once_and_what_is_known_is_not_asked_again(
    pair: tuple[str, str], way: str
) -> None:
    talk = telling(*pair)
    assume(talk.out.ask == "two_matters")
    talk.tap("two_matters", way)
    told: list[str] = []
    known: set[str] = set()
    filed: list[tuple[str | None, str | None]] = []
    for _ in range(90):
        if talk.out.act == "file":
            filed.append((talk.record.type, talk.record.subtype))
            known |= {key for key in TAXONOMY.carried if talk.record.said(key)}
            talk.filed()
            told.clear()
        if talk.out.ask is None:
            break
        assert talk.out.ask not in known
        assert talk.out.ask not in told or talk.out.ask in TAPS
        told.append(talk.out.ask)
        talk.hear(a_reply(talk.out.ask, TAXONOMY, pair[0]))
    assert talk.record.status == "filed"
    assert len(filed) == len(set(filed)) == (2 if way == "apart" else 1)


@given(st.sampled_from(MATTERS), st.sampled_from(MATTERS))
def test_a_pair_is_the_same_whichever_was_told_first(one: str, other: str) -> None:
    here, there = TAXONOMY.pair(one, other), TAXONOMY.pair(other, one)
    assert (here.ask, here.main, here.shares) == (there.ask, there.main, there.shares)


def test_a_pair_of_an_unknown_matter_is_named_to_the_clerk() -> None:
    raw = read_yaml(FOLDER / "taxonomy.yml")
    raw["pairs"].append({"both": ["wages", "ships"]})
    with pytest.raises(TaxonomyError, match="ships"):
        Taxonomy.from_mapping(raw)


def test_an_old_draft_without_other_matters_is_read() -> None:
    raw = a_record("debt").to_dict()
    for key in ("others", "same", "follows", "doubts"):
        raw.pop(key)
    assert Record.from_dict(raw).others == []
    assert said("").halves == ()


def test_a_third_matter_that_she_announced_is_asked_for_when_the_two_are_done() -> None:
    talk = Interviewed().until("story")
    parts = ((half("wages/wage_arrears", FIRST), half("neighbour", SECOND)),)
    talk.say(f"我有三件事，{BOTH}，还有我弟借我钱不还", types=(guess("wages/wage_arrears"),), halves=parts)
    talk.tap("two_matters", "apart")
    to_the_end(talk)
    assert talk.record.type == "neighbour"
    to_the_end(talk, "neighbour")
    assert (talk.record.status, talk.out.ask) == ("open", "story")


def test_a_side_matter_brings_its_own_time_limits() -> None:
    record = a_record(
        "neighbour",
        None,
        last_day={"start": "2026-06-30", "end": "2026-06-30", "precision": "day"},
        still_employed="no",
    )
    matters = (TAXONOMY.matter("neighbour", None), TAXONOMY.matter("wages", "wage_arrears"))
    alone = {clock.id for clock in knowledge.clocks().of(record, matters[0], NOW.date())}
    both = [clock.id for clock in knowledge.clocks().of_all(record, matters, NOW.date())]
    assert "wage_arbitration" in both and "wage_arbitration" not in alone
    assert len(both) == len(set(both)) and alone <= set(both)
