"""Claims about who sees what of a case: covered by role, seen whole for a reason that stays in the log."""

from __future__ import annotations

import re

import pytest
from builders import Talking
from house import House, a_house, key_of
from starlette.testclient import TestClient

from bot.upkeep import Upkeep

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"
NAME, PHONE = "周小燕", "13900005678"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("privacy"))


def filed(house: House, story: str = STORY, matter: str = "wages/wage_arrears") -> str:
    return Talking(house.desk).consented().filed(story, matter, applicant_name=NAME, phone=PHONE)


def page(browser: TestClient, receipt: str) -> str:
    answer = browser.get(f"/review/cases/{receipt}")
    assert answer.status_code == 200
    return answer.text


def post(browser: TestClient, receipt: str, act: str, **form: str):  # type: ignore[no-untyped-def]
    text = page(browser, receipt)
    version = re.search(r'name="version" value="(\d+)"', text)
    kept = {"form_key": key_of(text), "version": version.group(1) if version else "1"}
    return browser.post(f"/review/cases/{receipt}/{act}", data={**kept, **form})


def test_a_supervisor_sees_neither_name_nor_phone_in_list_record_or_talk(house: House) -> None:
    receipt, browser = filed(house), house.signed_in("supervisor.one")
    for text in (browser.get("/review/cases").text, page(browser, receipt)):
        assert receipt in text and NAME not in text and PHONE not in text
    assert "周**" in page(browser, receipt)


@pytest.mark.parametrize("role", ["clerk", "mediator", "head"])
def test_who_works_on_it_sees_the_name_and_the_phone_once_it_is_hers_or_she_says_why(house: House, role: str) -> None:
    receipt, browser = filed(house), house.signed_in(f"{role}.one")
    assert NAME in page(browser, receipt) and PHONE not in page(browser, receipt)
    assert post(browser, receipt, "unmask", reason="要打电话约时间").status_code == 303
    assert PHONE in page(browser, receipt)
    assert f"tel:{PHONE}" in page(browser, receipt)


def test_the_case_given_to_her_is_whole_and_to_others_it_is_not(house: House) -> None:
    receipt, fang = filed(house), house.signed_in("mediator.one")
    post(fang, receipt, "take")
    assert PHONE in page(fang, receipt)
    assert PHONE not in page(house.signed_in("head.one"), receipt)


def test_in_danger_nobody_who_helps_has_to_ask_first(house: House) -> None:
    receipt = filed(house, BEATEN, "family/domestic_violence")
    assert PHONE in page(house.signed_in("clerk.one"), receipt)
    assert PHONE not in page(house.signed_in("supervisor.one"), receipt)


def test_seeing_it_whole_needs_a_reason_that_everybody_reads_and_moves_nothing(house: House) -> None:
    receipt, other = filed(house), house.signed_in("head.one")
    later = filed(house)
    browser = house.signed_in("supervisor.one")
    assert post(browser, receipt, "unmask", reason=" ").status_code == 409
    assert post(browser, receipt, "unmask", reason="长" * 501).status_code == 409
    open_page = page(other, receipt)
    assert post(browser, receipt, "unmask", reason="核对有没有重复登记").status_code == 303
    assert NAME in page(browser, receipt) and PHONE in page(browser, receipt)
    seen = page(other, receipt)
    assert "核对有没有重复登记" in seen and "看了全的姓名、电话" in seen
    assert re.findall(r'name="version" value="\d+"', seen) == re.findall(r'name="version" value="\d+"', open_page)
    listed = other.get("/review/cases").text
    assert listed.index(later) < listed.index(receipt), "looking is no activity"


def test_another_bodys_case_is_not_unmasked(house: House) -> None:
    there = (
        Talking(house.desk)
        .consented()
        .filed("我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给", "wages/wage_arrears")
    )
    browser = house.signed_in("supervisor.one")
    key = key_of(page(browser, filed(house)))
    answer = browser.post(f"/review/cases/{there}/unmask", data={"form_key": key, "reason": "看看"})
    assert answer.status_code == 404


def test_what_is_covered_cannot_be_overwritten_with_stars_by_mistake(house: House) -> None:
    receipt, browser = filed(house), house.signed_in("clerk.one")
    text = page(browser, receipt)
    assert "?edit=phone" not in text and "?edit=amount" in text
    assert 'name="value"' not in browser.get(f"/review/cases/{receipt}?edit=phone").text


def test_on_paper_stands_what_she_may_see_on_the_screen(house: House) -> None:
    receipt, clerk = filed(house), house.signed_in("clerk.one")
    supervisor = house.signed_in("supervisor.one")
    sheet = f"/review/cases/{receipt}/papers/acceptance"
    assert NAME not in supervisor.get(sheet).text and PHONE not in supervisor.get(sheet).text
    assert NAME in clerk.get(sheet).text and PHONE not in clerk.get(sheet).text
    post(clerk, receipt, "unmask", reason="要打印受理登记表")
    assert PHONE in clerk.get(sheet).text


def test_the_administrator_sees_what_was_let_go_in_numbers_and_nobody_else_does(house: House) -> None:
    Upkeep(house.desk, 30).run("timer")
    assert [one["by"] for one in house.desk.upkeep()["sweeps"]] == ["timer"]
    text = house.signed_in("admin.one").get("/review/upkeep").text
    assert text.count("<td>0</td>") >= 4 and NAME not in text and "FZ20" not in text
    assert house.signed_in("head.one").get("/review/upkeep").status_code == 403
