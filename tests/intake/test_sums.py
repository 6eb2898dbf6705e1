"""The lift's sums: shares by heads and by area, and no sum of numbers that cannot be."""

import doctest

import pytest
from builders import Interviewed, a_record

from bot.intake import sums
from bot.intake.steps import Guess


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(sums).failed == 0


@pytest.mark.parametrize("counts", [(12, 9, 10), (9, 12, 7), (0, 0, 0), (12, 9, None)])
def test_counts_that_cannot_be_or_are_not_known_give_no_sum(counts: tuple[int | None, ...]) -> None:
    keys = ("households_total", "households_joining", "households_agreeing")
    told = {key: count for key, count in zip(keys, counts) if count is not None}
    assert sums.lift_heads(a_record("property", "elevator", **told)) is None


def a_lift_talk() -> Interviewed:
    talk = Interviewed()
    talk.tap("privacy_consent", "yes")
    talk.say("我们单元想加装电梯，一楼那家死活不同意", types=(Guess("property", "elevator", 0.95),))
    talk.until("households_total").say("一共十二户，九户参加表决，七户同意")
    assert talk.out.ask == "areas_known"
    return talk


def said_of_areas(talk: Interviewed) -> dict[str, str] | None:
    return next((dict(say.fill) for say in talk.out.says if say.response == "utter_lift_areas"), None)


def test_three_areas_told_give_the_sum_by_area() -> None:
    talk = a_lift_talk()
    talk.say("一共九百六十平，参加的七百平，同意的五百四十平")
    told = said_of_areas(talk)
    assert told is not None and (told["joined"], told["agreed"], told["even"]) == ("72.9%", "77.1%", "")


def test_flats_of_one_size_give_the_sum_by_the_households() -> None:
    talk = a_lift_talk()
    talk.say("每户大概六十平")
    told = said_of_areas(talk)
    assert told is not None and (told["total"], told["joined"], told["agreed"]) == ("720", "75%", "77.8%")
    assert told["even"]


@pytest.mark.parametrize("words", ["一楼八十平，二楼以上九十平", "不知道", "有大有小"])
def test_areas_that_do_not_suffice_give_no_sum(words: str) -> None:
    talk = a_lift_talk()
    talk.say(words)
    assert said_of_areas(talk) is None


def test_an_area_that_cannot_be_is_asked_about_once() -> None:
    talk = a_lift_talk()
    talk.say("一共七百平，参加的九百六十平，同意的五百四十平")
    assert said_of_areas(talk) is None
    assert talk.out.ask == "doubt"
