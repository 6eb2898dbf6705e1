"""Claims about the pages of wording, rule cards and the wizard, over HTTP."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from builders import an_account
from house import House, a_house
from starlette.testclient import TestClient
from test_agreement import INVENTED, PET
from test_training import TRAINING, book, post, waiting

from bot import knowledge
from bot.language_files import FILES, FOLDERS
from bot.settings import ROOT

COST = "utter_faq~cost"


@pytest.fixture()
def house(tmp_path: Path) -> House:
    made = a_house(tmp_path)
    an_account(made.staff, made.desk, "trainer.two", "trainer")
    root = book(made).root
    for name in FOLDERS[1:]:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        for path in ROOT.glob(name):
            shutil.copy(path, root / path.relative_to(ROOT))
    return made


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("trainer.one")


def wizard(browser: TestClient, **more: str) -> Any:
    form = {key: PET[key] for key in ("name", "short", "plain")}
    form |= {key: "\n".join(PET[key]) for key in ("committees", "bring")}
    facts = {"ask0": "place", "beside0-0": "counterpart", "ask1": "amount"}
    told = {"key": "pet", "examples": "\n".join(INVENTED[:25]), "reason": "常有人问", "looked": "yes"}
    return post(browser, "/new-type", **{**form, **facts, "rule-R38": "yes", **told, **more})


def test_an_answer_is_found_changed_and_said_after_a_second_person_agreed(house: House, fang: TestClient) -> None:
    found = fang.get(f"{TRAINING}/wording", params={"q": "一分钱不收"}).text
    assert f"{TRAINING}/wording/{COST}" in found
    page = fang.get(f"{TRAINING}/wording/{COST}").text
    assert "人民调解法第4条" in page
    words = "不收钱，谁跟您要钱您都可以不给。"
    change = {"number": "0", "text": words, "rule-R1": "yes", "reason": "说得短一点"}
    assert post(fang, f"/wording/{COST}", **change).status_code == 303
    (number,) = waiting(house)
    two = house.signed_in("trainer.two")
    assert words in two.get(f"{TRAINING}/lessons").text
    assert post(two, f"/lessons/{number}/approve").status_code == 303
    assert knowledge.responses(book(house).root)["utter_faq/cost"][0]["text"] == words


def test_what_does_not_agree_stays_on_the_page_with_its_reason(house: House, fang: TestClient) -> None:
    change = {
        "number": "0",
        "text": "法院确认要在六十天内去办。",
        "rule-R11": "yes",
        "rule-R13": "yes",
        "reason": "新法",
    }
    answer = post(fang, "/wording/utter_faq~judicial_confirmation", **change)
    assert answer.status_code == 422 and "六十天内" in answer.text and 'role="alert"' in answer.text
    alert = answer.text.split('role="alert">', 1)[1].split("</p>", 1)[0]
    assert "utter_" not in alert and "什么是司法确认" in alert
    assert waiting(house) == []


def test_the_bubble_shows_invented_words_for_the_braces(fang: TestClient) -> None:
    told = fang.get(f"{TRAINING}/wording/preview", params={"text": "收到{receipt}", "old": "{receipt}好了"}).json()
    assert "{" not in told["shown"] and told["trouble"] == ""
    told = fang.get(f"{TRAINING}/wording/preview", params={"text": "收到", "old": "{receipt}好了"}).json()
    assert "receipt" in told["trouble"]


def test_a_card_is_changed_with_its_date(house: House, fang: TestClient) -> None:
    assert "R11" in fang.get(f"{TRAINING}/cards").text
    page = fang.get(f"{TRAINING}/cards/R11")
    assert page.status_code == 200 and 'name="said.utter_faq/judicial_confirmation#0"' in page.text
    answer = post(fang, "/cards/R11", **{"figure.days": "60", "checked_on": "2026-11-22", "reason": "新法"})
    assert answer.status_code == 422 and "三十天" in answer.text
    assert post(fang, "/cards/R11", checked_on="2026-11-22", reason="又看了一遍").status_code == 303
    assert len(waiting(house)) == 1


def test_a_figure_changes_with_the_words_that_name_it_on_one_page(house: House, fang: TestClient) -> None:
    page = fang.get(f"{TRAINING}/cards/R11").text
    said = dict(re.findall(r'<textarea name="(said\.[^"]+)"[^>]*>([^<]*)</textarea>', page))
    new = {key: html.unescape(text).replace("三十天", "六十天") for key, text in said.items()}
    form = {
        "figure.days": "60",
        "citizen": "生效以后六十天内，可以去法院确认。",
        "checked_on": "2026-11-22",
        "reason": "新法",
    }
    assert post(fang, "/cards/R11", **form, **new).status_code == 303
    (number,) = waiting(house)
    two = house.signed_in("trainer.two")
    shown = two.get(f"{TRAINING}/lessons").text
    assert "六十天" in shown and "figure." not in shown and "said." not in shown
    answer = post(two, f"/lessons/{number}/approve")
    assert answer.headers["location"].endswith("done=approved-card")
    told = knowledge.responses(book(house).root)["utter_faq/judicial_confirmation"]
    assert all("三十天" not in variant["text"] for variant in told)


def test_the_wizard_keeps_what_was_typed_and_lets_the_type_in_by_two(house: House, fang: TestClient) -> None:
    short = wizard(fang, examples="就一句例子")
    assert short.status_code == 422 and "就一句例子" in short.text and PET["plain"] in short.text
    assert wizard(fang, looked="").status_code == 422
    assert wizard(fang).status_code == 303
    (number,) = waiting(house)
    two = house.signed_in("trainer.two")
    assert INVENTED[3] in two.get(f"{TRAINING}/lessons").text
    assert post(two, f"/lessons/{number}/approve").status_code == 303
    assert book(house).labels()["pet"] == 25
    assert post(fang, f"/lessons/{number}/undo", answer="先不要").status_code == 303
    assert "pet" not in book(house).labels()


@pytest.mark.parametrize("path", ["/wording/utter_nothing", "/cards/R999", "/wording/" + "x" * 300])
def test_a_forged_address_meets_404(fang: TestClient, path: str) -> None:
    assert fang.get(TRAINING + path).status_code == 404


def test_forged_changes_are_refused(fang: TestClient) -> None:
    assert post(fang, f"/wording/{COST}", number="99", text="好", reason="x").status_code == 404
    assert post(fang, f"/wording/{COST}", number="x", text="好", reason="x").status_code == 404
    assert post(fang, "/cards/R999", citizen="好", reason="x").status_code == 404
    assert post(fang, f"/wording/{COST}", number="0", text="<script>alert(1)</script>", reason="").status_code == 422


def test_a_broken_file_is_named_where_the_wording_would_be(house: House, fang: TestClient) -> None:
    path = book(house).folder / "faq.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("responses:", "responses", 1), encoding="utf-8")
    answer = fang.get(f"{TRAINING}/wording")
    assert answer.status_code == 409 and "faq.yml 第" in answer.text
