"""Claims about the inbox: what was not understood comes to the trainers, in groups, masked, and goes with its talk."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from builders import Talking

from bot.desk import Desk
from bot.inbox import BATCH, PAGE, Inbox
from bot.intake.puzzling import WEIGHTS, Puzzle
from bot.intake.record import Record
from bot.intake.steps import Guess
from bot.opening import open_store
from bot.settings import Settings
from bot.tables import conversations, messages, puzzle_groups, puzzles

NOW = datetime(2026, 11, 20, 9, 30)
TORN = (Guess("wages", "wage_arrears", 0.4), Guess("debt", None, 0.35))
SURE = (Guess("wages", "wage_arrears", 0.93), Guess("debt", None, 0.05))


@pytest.fixture()
def inbox(desk: Desk, settings: Settings) -> Inbox:
    return Inbox(open_store(settings))


def told(desk: Desk, text: str, types: tuple[Guess, ...] = TORN) -> Talking:
    talking = Talking(desk).consented()
    talking.say(text, types=types)
    return talking


def test_a_story_that_the_desk_was_unsure_of_is_there_with_its_guess(desk: Desk, inbox: Inbox) -> None:
    told(desk, "包工头到现在还不给我们结账，拖了大半年了")
    (group,), more = inbox.groups()
    assert (group.said[0].why, group.said[0].guess, more) == ("unsure", "wages/wage_arrears", False)


def test_what_the_citizen_then_chose_is_the_answer(desk: Desk, inbox: Inbox) -> None:
    told(desk, "包工头到现在还不给我们结账，拖了大半年了").tap("dispute_type", "debt")
    (group,), _ = inbox.groups()
    assert (group.said[0].why, group.said[0].settled, group.many) == ("unsure", "debt", 1)


def test_a_mistake_that_was_sure_of_itself_teaches_most(desk: Desk, inbox: Inbox) -> None:
    told(desk, "邻居家的树挡着我们家的光，说了多少回也不修")
    wrong = told(desk, "包工头到现在还不给我们结账，拖了大半年了", SURE)
    wrong.tap("dispute_type", "ask")
    wrong.tap("dispute_type", "debt")
    groups, _ = inbox.groups()
    assert [group.said[0].why for group in groups] == ["corrected", "unsure"]
    assert (groups[0].said[0].guess, groups[0].said[0].settled) == ("wages/wage_arrears", "debt")


def test_a_talk_that_went_well_teaches_nothing(desk: Desk, inbox: Inbox) -> None:
    Talking(desk).consented().filed("老板拖欠我三个月工资，在湖州市南浔区")
    assert inbox.groups() == ([], False)


def test_a_bare_answer_that_was_understood_teaches_nothing(desk: Desk, inbox: Inbox) -> None:
    """不知道 is understood, only of no use there; before, it stood on top of the inbox."""
    talking = told(desk, "包工头到现在还不给我们结账，拖了大半年了", SURE)
    for _ in range(3):
        talking.say("不知道", act="unknown", act_confidence=0.96)
    assert inbox.groups() == ([], False)
    talking.say("石狮子半夜叫人搬走当柴卖了", act="tell", act_confidence=0.39)
    ((group,), _) = inbox.groups()
    assert group.said[0].why == "unheard"


def test_those_that_say_much_the_same_are_one_group(desk: Desk, inbox: Inbox) -> None:
    for text in ("包工头到现在还不给我们结账", "包公头到现在还没给我们结帐", "包工头现在还不给我结账呢"):
        told(desk, text)
    told(desk, "小区电梯坏了三个月物业公司就是不来修理")
    groups, _ = inbox.groups()
    assert sorted(group.many for group in groups) == [1, 3]


def test_a_group_is_closed_by_one_decision(desk: Desk, inbox: Inbox) -> None:
    for text in ("包工头到现在还不给我们结账", "包公头到现在还没给我们结帐"):
        told(desk, text)
    (group,), _ = inbox.groups()
    inbox.close(group.said[0].id, "taught")
    assert inbox.groups() == ([], False) and inbox.count() == 0


def test_those_that_come_later_join_the_group_that_stands_and_a_closed_group_takes_nobody(
    desk: Desk, inbox: Inbox, settings: Settings
) -> None:
    told(desk, "包工头到现在还不给我们结账")
    inbox.groups()
    told(desk, "包公头到现在还没给我们结帐")
    later = Inbox(open_store(settings))  # another process, or after a restart
    (group,), _ = later.groups()
    assert group.many == 2
    later.close(group.said[0].id, "taught")
    told(desk, "包工头到现在还是不给我们结账")
    (fresh,), _ = later.groups()
    assert fresh.many == 1


def test_a_heap_of_new_puzzles_is_sorted_beside(desk: Desk, inbox: Inbox) -> None:
    for _ in range(BATCH + 5):
        told(desk, "包工头到现在还不给我们结账")
    inbox.groups()
    deadline = time.monotonic() + 30
    while inbox.groups()[0][0].many < BATCH + 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    (group,), _ = inbox.groups()
    assert group.many == BATCH + 5


def test_nobody_is_named_in_the_inbox(desk: Desk, inbox: Inbox) -> None:
    told(desk, "我叫李小梅，电话15927364581，包工头到现在还不给我们结账")
    (group,), _ = inbox.groups()
    talk = inbox.talk(group.said[0].id)
    assert talk is not None
    for text in (talk.said.text, *(text for _, text, _ in talk.bubbles)):
        assert "李小梅" not in text and "15927364581" not in text
    assert any(this for _, _, this in talk.bubbles)


def test_a_deleted_talk_is_gone_from_the_inbox(desk: Desk, inbox: Inbox) -> None:
    talking = told(desk, "包工头到现在还不给我们结账，拖了大半年了")
    (group,), _ = inbox.groups()
    desk.forget(talking.key)
    assert inbox.puzzle(group.said[0].id) is None and inbox.talk(group.said[0].id) is None
    assert inbox.groups() == ([], False) and inbox.count() == 0


def test_without_consent_nothing_is_noted(desk: Desk, inbox: Inbox) -> None:
    Talking(desk).say("包工头到现在还不给我们结账，拖了大半年了", types=TORN)
    assert inbox.groups() == ([], False)


def test_a_surer_mistake_never_weighs_less() -> None:
    weights = [Puzzle(1, "corrected", "wages", sure).weight for sure in (0.6, 0.8, 0.99)]
    assert weights == sorted(weights) and max(weights) <= WEIGHTS["mediator"]


def test_a_hundred_thousand_rows_are_listed_within_a_fifth_of_a_second(settings: Settings) -> None:
    store = open_store(settings)
    talks, turns = range(1, 2001), range(1, 51)
    opened = {"opened_at": NOW, "last_at": NOW, "draft": Record().to_dict(), "matters": 0, "matter_from": 0}
    said = [(talk, turn) for talk in talks for turn in turns]
    kept = {
        conversations: [{"id": talk, "key": str(talk), **opened} for talk in talks],
        messages: [
            {"conversation_id": t, "seq": n, "turn": n, "who": "citizen", "at": NOW, "text": f"第{t}个人的第{n}句话"}
            for t, n in said
        ],
        puzzles: [
            {"conversation_id": t, "turn": n, "why": "unsure", "at": NOW, "weight": 2.0, "group_id": t * 10 + n % 10}
            | {"state": "open"}
            for t, n in said
        ],
        puzzle_groups: [{"id": n, "many": 5, "weight": 10.0 + n % 7} for n in range(10, 20_010)],
    }
    with store._writing() as connection:
        for table, values in kept.items():
            connection.execute(table.insert(), values)
    inbox = Inbox(store)
    inbox.groups()
    begun = time.process_time()
    shown, more = inbox.groups()
    assert len(shown) == PAGE and more and time.process_time() - begun < 0.2
