"""Claims about taking over a talk, over HTTP: the forms, the page that asks by itself, who may not."""

from __future__ import annotations

import pytest
from builders import WAGES, Talking
from house import House, a_house, key_of
from starlette.testclient import TestClient

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("talks"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def calling(house: House) -> tuple[Talking, int]:
    """A citizen who asked for a person, and the number of her call."""
    talking = Talking(house.desk).consented()
    talking.say(STORY, types=WAGES)
    talking.say("转人工")
    newest = max(call.id for call in house.desk.floor.calls(house.staff.account("mediator.one")))
    return talking, newest


def post(browser: TestClient, number: int, act: str, **form: str):  # type: ignore[no-untyped-def]
    key = key_of(browser.get(f"/review/talks/{number}").text)
    return browser.post(f"/review/talks/{number}/{act}", data={"form_key": key, **form})


def bubbles(house: House, talking: Talking) -> list[tuple[str, str]]:
    talk = house.desk.conversation(talking.token)
    assert talk is not None
    return [(m.who, m.text) for m in house.desk.history(talk)]


def test_a_talk_is_taken_over_written_in_and_handed_back(house: House, fang: TestClient) -> None:
    talking, number = calling(house)
    asked = talking.out.ask if talking.out else None
    assert f"/review/talks/{number}" in fang.get("/review/cases").text
    assert number in fang.get("/review/pulse").json()["calls"]
    assert post(fang, number, "take").status_code == 303
    assert bubbles(house, talking)[-1] == ("desk", "utter_mediator_here")
    assert number not in fang.get("/review/pulse").json()["calls"]
    assert post(fang, number, "say", words="您好").status_code == 303
    talking.say("您好，我想问问")
    told = fang.get(f"/review/talks/{number}/new", params={"after": 0}).json()
    assert told["mine"] and [b["text"] for b in told["bubbles"]][-2:] == ["您好", "您好，我想问问"]
    assert post(fang, number, "back").status_code == 303
    assert bubbles(house, talking)[-2:] == [("desk", "utter_handed_back"), ("desk", f"utter_ask_{asked}")]


def test_the_second_mediator_is_told_who_speaks_and_keeps_what_she_typed(house: House, fang: TestClient) -> None:
    _, number = calling(house)
    post(fang, number, "take")
    other = house.signed_in("head.one")
    answer = post(other, number, "take")
    assert answer.status_code == 409 and "mediator.one" in answer.text
    json = {"accept": "application/json"}
    key = key_of(other.get(f"/review/talks/{number}").text)
    said = other.post(f"/review/talks/{number}/say", data={"form_key": key, "words": "我也说"}, headers=json)
    assert said.status_code == 409 and said.json()["error"]["message"]
    post(fang, number, "back")
    assert post(fang, number, "say", words="还有一句没说完").status_code == 409


def test_words_with_markup_stay_text(house: House, fang: TestClient) -> None:
    talking, number = calling(house)
    talking.say("<script>alert(1)</script>")
    assert "<script>alert" not in fang.get(f"/review/talks/{number}").text


@pytest.mark.parametrize("number", ["0", "999999", "x", "1e9", "9" * 30, "-1"])
def test_a_forged_number_meets_404(fang: TestClient, number: str) -> None:
    assert fang.get(f"/review/talks/{number}").status_code == 404


def test_a_filed_cases_talk_is_entered_from_its_page(house: House, fang: TestClient) -> None:
    receipt = Talking(house.desk).consented().filed(STORY)
    page = fang.get(f"/review/cases/{receipt}").text
    entered = fang.post(f"/review/cases/{receipt}/enter", data={"form_key": key_of(page), "version": "1"})
    assert entered.status_code == 303 and entered.headers["location"].startswith("/review/talks/")
    assert receipt in fang.get(entered.headers["location"]).text


def test_a_clerk_sees_who_waits_and_may_not_take_over(house: House) -> None:
    _, number = calling(house)
    clerk = house.signed_in("clerk.one")
    page = clerk.get(f"/review/talks/{number}")
    assert page.status_code == 200 and f"{number}/take" not in page.text
    assert post(clerk, number, "take").status_code == 403
    assert post(clerk, number, "dismiss").status_code == 303
