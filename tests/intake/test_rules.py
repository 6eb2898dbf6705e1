"""Claims about the rule cards in use: in force on the day, for the place, and no answer without them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from builders import Interviewed, a_record, an_interview

from bot import knowledge
from bot.commands.statements import legal_findings
from bot.intake.directory import Directory
from bot.intake.routing import Case, route
from bot.intake.rules import Card, RuleBook, RuleError

TODAY = date(2026, 11, 23)
BOOK = knowledge.rulebook()
SAID = knowledge.responses()
VERDICT = re.compile(
    r"(?:肯定|一定|保证|保准)(?:能|会|赢|要得?回|赔)|稳赢|必赢|(?:是|算)他(?:不对|的错|违法)|您(?:占理|没理|理亏)"
    r"|过期了?(?:就)?没办法|不能要了|要不回来|应该赔您|判他|告不赢"
)
#: What the citizens ask (DOMAIN 4, issue 4.7) → the answer that must stand on a card.
ASKED = {
    "要不要钱": "cost",
    "不去会怎样": "do_i_have_to_go",
    "有没有法律效力": "legal_effect",
    "超过一年了还能要吗": "limitation_over_one_year",
    "没有合同": "no_contract",
    "对方不来": "other_side_refuses",
    "能不能离婚": "divorce_possible",
    "法院去过了还能调吗": "already_in_court",
    "要多久": "how_long",
    "保证书要不要盖章": "signed_and_stamped",
    "对方不履行怎么办": "what_if_not_performed",
}


def a_card(**more: Any) -> Card:
    return Card(
        **{
            "id": "R99",
            "title": "题目",
            "article": "某法第1条",
            "source": "某法",
            "citizen": "一句话。",
            "holds_for": "全国",
            "effective": date(2020, 1, 1),
            **more,
        }
    )


def test_a_card_holds_from_its_day_of_effect_until_its_last() -> None:
    card = a_card(until=date(2027, 1, 1))
    held = [card.holds(date.fromisoformat(day)) for day in ("2019-12-31", "2020-01-01", "2026-12-31", "2027-01-01")]
    assert held == [False, True, True, False]


def test_a_card_without_a_known_day_of_effect_is_not_used() -> None:
    assert not a_card(effective=None).holds(TODAY)


@pytest.mark.parametrize(
    ("place", "holds"),
    [("浙江省/宁波市/海曙区", True), ("浙江省/湖州市/南浔区", False), ("", False), ("浙江省/宁波市区", False)],
)
def test_a_regional_card_is_for_its_region_and_elsewhere_there_is_silence(place: str, holds: bool) -> None:
    assert a_card(holds_for="宁波市").holds(TODAY, place) is holds


def test_the_medical_threshold_of_ningbo_is_for_ningbo_only() -> None:
    rules = knowledge.taxonomy().matter("medical").rules
    there = [card.id for card in BOOK.usable(rules, TODAY, "浙江省/宁波市/鄞州区")]
    elsewhere = [card.id for card in BOOK.usable(rules, TODAY, "浙江省/湖州市/南浔区")]
    assert "R27" in there and "R27" not in elsewhere
    assert "R23" in elsewhere


@pytest.mark.parametrize("question", ASKED)
def test_what_citizens_ask_is_answered_from_cards_in_force(question: str) -> None:
    name = f"utter_faq/{ASKED[question]}"
    assert SAID[name]
    assert BOOK.answers[name]
    assert BOOK.stands(name, TODAY)


def test_an_answer_whose_law_has_ended_is_not_given() -> None:
    cards = [dict(card) for card in knowledge.rules().values()]
    next(card for card in cards if card["id"] == "R1")["until"] = date(2026, 1, 1)
    interview = an_interview()
    interview.rules = RuleBook.from_mapping(cards, BOOK.answers)
    talk = Interviewed(interview, a_record("debt", None, story="借钱不还"))
    talk.say("调解收费吗", act="faq", act_confidence=0.95, faq="cost")
    assert "utter_faq_unsure" in talk.responses
    talk.say("对方不来怎么办", act="faq", act_confidence=0.95, faq="other_side_refuses")
    assert "utter_faq/other_side_refuses" in talk.responses


@pytest.mark.parametrize("key", ["title", "article", "citizen", "holds_for"])
def test_a_card_that_lacks_something_is_named(key: str) -> None:
    cards = [dict(card) for card in knowledge.rules().values()]
    cards[3][key] = ""
    with pytest.raises(RuleError, match=f"{cards[3]['id']} 缺少 {key}"):
        RuleBook.from_mapping(cards, {})


def test_a_day_that_is_no_day_is_named() -> None:
    with pytest.raises(RuleError, match="R1 的 effective"):
        RuleBook.from_mapping([{**knowledge.rules()["R1"], "effective": "去年"}], {})


def _findings(text: str, rules: list[str] | None, today: date = TODAY) -> list[str]:
    variant: dict[str, Any] = {"text": text}
    if rules is not None:
        variant["metadata"] = {"rules": rules}
    said = {"utter_tried": [variant]}
    book = RuleBook(BOOK.cards, knowledge.stands_on(said))
    return list(legal_findings(said, book, knowledge.rules(), today))


@pytest.mark.parametrize(
    ("text", "rules", "named"),
    [
        ("生效后三十天内一起去法院确认。", None, "没有写靠哪张规则卡"),
        ("生效后三十天内一起去法院确认。", ["R999"], "R999 不存在"),
        ("生效后六十天内一起去法院确认。", ["R11"], "六十天"),
        ("法律要五分之四以上同意。", ["R33"], "五分之四"),
        ("在宁波要请保险公司。", ["R27"], "只管宁波市"),
        ("装电梯当地另有条例。", ["R34"], "有效期"),
    ],
)
def test_a_statement_of_law_without_a_card_that_carries_it_is_found(
    text: str, rules: list[str] | None, named: str
) -> None:
    found = _findings(text, rules)
    assert any(named in finding for finding in found), found


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("生效后三十天内一起去法院确认。", ["R11"]),
        ("参加的里面要四分之三以上同意。", ["R33"]),
        ("我再帮您看看时效，不急。", []),
        ("您贵姓？", None),
        ("想问法律，打 12348。", None),
    ],
)
def test_a_statement_that_its_card_carries_passes(text: str, rules: list[str] | None) -> None:
    assert _findings(text, rules) == []


def test_a_law_not_yet_in_force_carries_nothing() -> None:
    assert _findings("谈好了也做到了，可以不处罚。", ["R44"]) == []
    assert _findings("谈好了也做到了，可以不处罚。", ["R44"], date(2025, 12, 31))


def test_nothing_that_we_say_is_a_verdict_or_takes_away_hope() -> None:
    texts = [v.get("text", "") for variants in SAID.values() for v in variants]
    texts += [card.citizen for card in BOOK.cards.values()]
    texts += [words for spec in knowledge.clocks().specs for words in (spec.caveat, *spec.say.values())]
    assert [text for text in texts if VERDICT.search(text)] == []


@pytest.mark.parametrize("key", sorted(knowledge.taxonomy().matters))
def test_other_doors_are_always_shown(key: str) -> None:
    """人民调解法 3, 26 (R3): mediation stands in nobody's way, whatever the matter and with no committee at all."""
    type_, _, subtype = key.partition("/")
    nobody = Directory.parse(
        (knowledge.FOLDER / "demo_directory.csv").read_text(encoding="utf-8-sig").splitlines()[0] + "\n",
        knowledge.divisions(),
        knowledge.taxonomy().subtypes,
    )
    for place in ("浙江省/湖州市/南浔区", ""):
        found = route(Case(type=type_, subtype=subtype, place=place), nobody, knowledge.divisions(),
                      knowledge.routing_policy())  # fmt: skip
        assert found.doors
