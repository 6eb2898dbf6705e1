"""Claims about rule cards that change while the desk is open: the next turn goes by them, and no talk breaks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import Talking
from test_desk import STORY, to_filing

from bot import knowledge
from bot.desk import Desk
from bot.intake.rules import RuleBook
from bot.intake.steps import Guess

WAGES = (Guess("wages", "wage_arrears", 0.95),)


@pytest.fixture()
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the knowledge, which the desk reads instead of the project's."""
    copied = tmp_path / "knowledge"
    shutil.copytree(knowledge.FOLDER, copied, ignore=shutil.ignore_patterns("__pycache__"))
    read = (knowledge.rules, knowledge.clocks, knowledge.rulebook, knowledge.safety)
    monkeypatch.setattr(knowledge, "FOLDER", copied)
    yield copied
    for one in read:
        one.cache_clear()


def rewritten(folder: Path, old: str, new: str) -> None:
    path = folder / "rules.yml"
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1
    path.write_text(content.replace(old, new), encoding="utf-8")


def ended(desk: Desk, *ids: str) -> None:
    """These cards hold no more."""
    raw: list[dict[str, Any]] = [
        {**card, "until": date(2020, 1, 1)} if card["id"] in ids else card for card in knowledge.rules().values()
    ]
    book = RuleBook.from_mapping(raw, knowledge.stands_on(knowledge.responses()))
    desk.go_by(knowledge.clocks(), book, knowledge.safety())


def filed(desk: Desk, talking: Talking) -> dict[str, Any]:
    receipt = to_filing(talking).record.receipt
    document = desk.record(receipt or "")
    assert document is not None
    return document


def test_a_talk_under_way_goes_on_and_is_filed_by_the_cards_as_they_are_now(desk: Desk) -> None:
    before = filed(desk, Talking(desk).consented())
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    asked = talking.out
    ended(desk, "R19")
    assert asked is not None and talking.out is asked
    after = filed(desk, talking)
    assert set(before["rules"]) - set(after["rules"]) == {"R19"}
    assert desk.record(before["receipt"]) == before  # what was filed stays as it was


def test_a_question_of_law_is_answered_by_the_cards_as_they_are_now(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say("法院确认是什么", act="faq", act_confidence=0.95, faq="judicial_confirmation")
    assert "utter_faq/judicial_confirmation" in talking.responses
    ended(desk, "R11", "R13")
    talking.say("法院确认是什么", act="faq", act_confidence=0.95, faq="judicial_confirmation")
    assert "utter_faq/judicial_confirmation" not in talking.responses


def test_cards_are_read_anew_with_the_time_limits_that_stand_on_them(folder: Path) -> None:
    rewritten(folder, "title: 向劳动监察投诉", "title: 去劳动监察那里投诉")
    _, book, safety = knowledge.law_anew()
    assert book.cards["R19"].title == "去劳动监察那里投诉"
    assert knowledge.rules()["R19"]["title"] == "去劳动监察那里投诉"
    assert "去劳动监察那里投诉" in {card["title"] for card in safety.cards}


@pytest.mark.parametrize(
    ("old", "new"),
    [("title: 向劳动监察投诉", "title: [向劳动监察"), ("article: 劳动保障监察条例第20、17条", "article:")],
)
def test_a_broken_card_leaves_what_was_read_before(folder: Path, old: str, new: str) -> None:
    before = knowledge.rules(), knowledge.clocks(), knowledge.rulebook()
    rewritten(folder, old, new)
    with pytest.raises(ValueError):
        knowledge.law_anew()
    assert all(now is was for now, was in zip((knowledge.rules(), knowledge.clocks(), knowledge.rulebook()), before))
