"""Claims about a person in the loop: calls ring, one mediator speaks, the desk is silent, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW, QUICK, WAGES, Talking, an_account
from system import a_database

from bot.desk import Desk
from bot.floor import GONE, LONGEST, NoCall, Taken
from bot.opening import known
from bot.settings import Settings
from bot.staff import Staff
from bot.store import Store, Talk
from bot.store_calls import Call
from bot.store_staff import Account

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"
NX = "浙江省/湖州市/南浔区"
BOTH = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


class Clock:
    def __init__(self) -> None:
        self.now = NOW  # a Friday morning

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    desk: Desk
    staff: Staff
    clock: Clock

    def somebody(self, name: str = "wang.fang", shown: str = "王芳", **scope: str) -> Account:
        return an_account(self.staff, self.desk, name, "mediator", shown, **(scope or {"area": NX}))

    def citizen(self, story: str = STORY) -> Talking:
        talking = Talking(self.desk).consented()
        talking.say(story, types=WAGES)
        return talking

    def taken(self, talking: Talking, by: Account) -> int:
        talking.say("转人工")
        (call,) = self.desk.floor.calls(by)
        self.desk.floor.take(by, call.id)
        return call.id


@pytest.fixture()
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from a_database(request, getattr(request, "param", "sqlite"), tmp_path)


def a_desk(store: Store, clock: Clock) -> Desk:
    desk = Desk(store, known(), clock)
    table = Settings.from_environment({}).directory.read_text(encoding="utf-8-sig")
    desk.committees.replace(desk.committees.read(table))
    return desk


@pytest.fixture()
def house(store: Store) -> House:
    clock = Clock()
    return House(a_desk(store, clock), Staff(store, clock, QUICK), clock)


def talk_of(talking: Talking) -> Talk:
    talk = talking.desk.conversation(talking.token)
    assert talk is not None
    return talk


def said(talking: Talking, who: str) -> list[str]:
    return [m.text for m in talking.desk.history(talk_of(talking)) if m.who == who]


# —— ringing ——


@BOTH
def test_asking_for_a_person_rings_once_with_her_words(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    assert house.desk.floor.calls(fang) == []
    talking.say("转人工")
    talking.say("找真人")
    (call,) = house.desk.floor.calls(fang)
    assert (call.why, call.mediator, call.words) == ("asked", None, "转人工")


def test_danger_rings_without_being_asked_and_stands_before_the_others(house: House) -> None:
    fang = house.somebody()
    house.citizen().say("转人工")
    house.citizen(BEATEN)
    first, second = house.desk.floor.calls(fang)
    assert (first.why, second.why) == ("danger", "asked") and first.words in BEATEN


def test_before_consent_nothing_rings_and_nothing_is_kept(house: House) -> None:
    talking = Talking(house.desk)
    talking.say("转人工")
    talking.say(BEATEN)
    assert house.desk.floor.calls(house.somebody()) == []


def test_who_is_called_follows_the_place_as_it_becomes_known(house: House) -> None:
    talking = Talking(house.desk).consented()
    talking.say("转人工")
    fang, far = house.somebody(), house.somebody("far.away", "远方", area="湖南省")
    assert len(house.desk.floor.calls(far)) == 1  # nobody knows yet where: whoever is there may answer
    talking.say(STORY, types=WAGES)
    assert house.desk.floor.calls(far) == [] and len(house.desk.floor.calls(fang)) == 1


def test_in_hours_she_is_told_that_a_person_is_called_and_else_when_one_is_there(house: House) -> None:
    talking = house.citizen()
    talking.say("转人工")
    assert "utter_person_called" in talking.responses
    house.clock.now = NOW.replace(hour=22)
    talking.say("转人工")
    told = [say for say in talking.out.says if say.response == "utter_person_closed"] if talking.out else []
    assert [say.fill["when"] for say in told] == ["周一（11月23日）8:30"]


# —— who has the floor ——


@BOTH
def test_while_a_mediator_speaks_the_desk_is_silent_and_her_words_are_kept(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    open_step = talking.out.ask if talking.out else None
    number = house.taken(talking, fang)
    house.desk.floor.say(fang, number, "您好，我是王芳，您慢慢说")
    out = talking.say("我不知道怎么办，一共是三万八")
    assert (out.says, out.ask, out.choices) == ([], None, [])
    assert house.desk.speaking(talk_of(talking)) == "王芳"
    assert said(talking, "citizen")[-1] == "我不知道怎么办，一共是三万八"
    (mine,) = [m for m in house.desk.history(talk_of(talking)) if m.who == "mediator"]
    assert mine.show == {"name": "王芳"} and mine.at == house.clock.now
    house.desk.floor.hand_back(fang, number)
    assert house.desk.standing(talk_of(talking)).ask == open_step
    assert house.desk.speaking(talk_of(talking)) is None


def test_danger_is_answered_even_while_a_mediator_speaks_and_each_time_anew(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    house.taken(talking, fang)
    for _ in range(2):
        out = talking.say("他拿刀要砍我，救命")
        assert any(say.show.get("danger") for say in out.says)
    assert {sign["kind"] for sign in talk_of(talking).draft["signs"]} & {"threat", "violence"}


def test_leaving_and_deleting_work_while_a_mediator_speaks(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    number = house.taken(talking, fang)
    assert talking.say("删除我的资料").ask == "leave"
    talking.tap("leave", "delete")
    assert house.desk.conversation(talking.token) is None
    with pytest.raises(NoCall):
        house.desk.floor.call(fang, number)


@BOTH
def test_of_two_mediators_at_once_the_second_is_told_who_speaks(house: House) -> None:
    fang, other = house.somebody(), house.somebody("li.si", "李四")
    number = house.taken(house.citizen(), fang)
    with pytest.raises(Taken, match="王芳"):
        house.desk.floor.take(other, number)
    for act in (
        lambda: house.desk.floor.say(other, number, "我也来说"),
        lambda: house.desk.floor.hand_back(other, number),
        lambda: house.desk.floor.dismiss(other, number),
    ):
        with pytest.raises(Taken):
            act()
    house.desk.floor.take(fang, number)  # her own second click is harmless


def test_somebody_elses_call_does_not_exist(house: House, caplog: pytest.LogCaptureFixture) -> None:
    fang, far = house.somebody(), house.somebody("far.away", "远方", area="湖南省")
    number = house.taken(house.citizen(), fang)
    for id_ in (number, 10**6):
        with pytest.raises(NoCall):
            house.desk.floor.take(far, id_)
    assert "refused" in caplog.text and "远方" not in caplog.text


def test_nothing_is_lost_when_the_desk_is_opened_anew(house: House, store: Store) -> None:
    fang, talking = house.somebody(), house.citizen()
    number = house.taken(talking, fang)
    talking.desk = house.desk = a_desk(store, house.clock)
    assert talking.say("您还在吗").says == []
    house.desk.floor.say(fang, number, "在的")
    assert said(talking, "mediator") == ["在的"] and said(talking, "citizen")[-1] == "您还在吗"


def test_a_mediator_who_went_away_does_not_leave_her_with_silence(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    number = house.taken(talking, fang)
    house.clock.now += GONE - timedelta(minutes=1)
    house.desk.floor.watch(fang, house.desk.floor.call(fang, number))  # her page is open
    house.clock.now += GONE - timedelta(minutes=1)
    assert talking.say("您还在吗").says == []
    house.clock.now += GONE + timedelta(minutes=1)
    out = talking.say("您还在吗")
    assert out.says[0].response == "utter_mediator_gone" and out.ask is not None
    with pytest.raises(Taken):
        house.desk.floor.say(fang, number, "我回来了")


def test_saying_the_same_twice_under_one_id_is_said_once(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    number = house.taken(talking, fang)
    for _ in range(2):
        house.desk.floor.say(fang, number, "您好", "id-1")
    assert said(talking, "mediator") == ["您好"]
    for words in ("", "  ", "长" * (LONGEST + 1)):
        with pytest.raises(Taken):
            house.desk.floor.say(fang, number, words)


def test_after_filing_the_history_of_the_case_has_who_spoke_and_when(house: House) -> None:
    fang = house.somebody()
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    case = house.desk.cases.find(fang, receipt)
    assert case.conversation_id is not None
    number = house.desk.floor.enter(fang, case.conversation_id, case.body_id, case.area)
    assert house.desk.floor.enter(fang, case.conversation_id, case.body_id, case.area) == number
    house.desk.floor.take(fang, number)
    house.desk.floor.say(fang, number, "明天上午方便来一趟吗")
    talking.say("方便的")
    house.desk.floor.hand_back(fang, number)
    opened = house.desk.cases.open(fang, receipt)
    assert [(act.act, act.who) for act in opened.history[1:]] == [("take_over", "王芳"), ("hand_back", "王芳")]
    assert ["".join(p for p, _ in b.pieces) for b in opened.bubbles][-2:] == ["明天上午方便来一趟吗", "方便的"]


def test_a_call_that_was_settled_by_telephone_rings_no_more(house: House) -> None:
    fang, talking = house.somebody(), house.citizen()
    talking.say("转人工")
    (call,) = house.desk.floor.calls(fang)
    house.desk.floor.dismiss(fang, call.id)
    assert house.desk.floor.calls(fang) == []
    talking.say("转人工")
    fresh: list[Call] = house.desk.floor.calls(fang)
    assert len(fresh) == 1 and fresh[0].id != call.id


def test_danger_rings_no_more_once_the_case_is_accepted(house: House) -> None:
    fang = house.somebody()
    receipt = Talking(house.desk).consented().filed(BEATEN, "family/domestic_violence")
    assert [call.why for call in house.desk.floor.calls(fang)] == ["danger"]
    house.desk.cases.accept(fang, receipt, 1)
    assert house.desk.floor.calls(fang) == []


# —— after filing ——


def filed(house: House) -> Talking:
    talking = Talking(house.desk).consented()
    talking.filed(STORY)
    return talking


def test_a_correction_after_filing_rings_for_the_mediators(house: House) -> None:
    wang, talking = house.somebody(), filed(house)
    talking.say("金额不对，是三万五")
    (call,) = house.desk.floor.calls(wang)
    assert (call.why, call.words) == ("amended", "金额不对，是三万五")


def test_a_withdrawal_rings_and_outweighs_what_was_amended_before(house: House) -> None:
    wang, talking = house.somebody(), filed(house)
    talking.say("金额不对，是三万五")
    talking.say("撤回申请")
    talking.tap("withdraw", "yes")
    (call,) = house.desk.floor.calls(wang)
    assert call.why == "withdrawn"


def test_who_asks_for_a_person_after_an_amendment_is_called_for_that(house: House) -> None:
    wang, talking = house.somebody(), filed(house)
    talking.say("金额不对，是三万五")
    talking.say("转人工")
    talking.say("金额不对，是三万六")
    (call,) = house.desk.floor.calls(wang)
    assert call.why == "asked"
