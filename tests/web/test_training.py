"""Claims about the training pages over HTTP: what a trainer sees and does, from a sentence to the files."""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import Any

import pytest
from builders import Talking, an_account
from house import House, a_house, key_of
from starlette.testclient import TestClient

from bot.intake.steps import Guess
from bot.knowledge import read_yaml
from bot.newcomer import Newcomer
from bot.phrasebook import Phrasebook
from bot.phrasebook_findings import KINDS
from bot.replays import FILE

TRAINING = "/review/training"
SAID = "包工头卷着工钱连夜跑路了"


@pytest.fixture()
def house(tmp_path: Path) -> House:
    made = a_house(tmp_path)
    an_account(made.staff, made.desk, "trainer.two", "trainer")
    return made


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("trainer.one")


def book(house: House) -> Phrasebook:
    room = house.console.classroom
    assert room is not None
    return room.book


def post(browser: TestClient, path: str, **form: str) -> Any:
    key = key_of(browser.get(f"{TRAINING}/teach").text)
    return browser.post(f"{TRAINING}{path}", data={"form_key": key, **form})


def taught(browser: TestClient, text: str = SAID, **more: str) -> Any:
    form = {"text": text, "label": "wages/wage_arrears", "reason": "方言没听懂", "looked": "yes", **more}
    return post(browser, "/teach", **form)


def waiting(house: House) -> list[int]:
    room = house.console.classroom
    assert room is not None
    return [lesson.id for lesson in room.lessons.waiting()]


def test_a_trainer_begins_at_the_inbox(fang: TestClient) -> None:
    assert fang.get("/review").headers["location"] == f"{TRAINING}/inbox"
    assert fang.get(f"{TRAINING}/inbox").status_code == 200


def test_what_was_not_understood_is_taught_from_its_talk(house: House, fang: TestClient) -> None:
    torn = (Guess("wages", "wage_arrears", 0.4), Guess("debt", None, 0.35))
    Talking(house.desk).consented().say(f"我叫李小梅，{SAID}", types=torn)
    room = house.console.classroom
    assert room is not None
    (group,), _ = room.inbox.groups()
    number = str(group.said[0].id)
    for page in ("/inbox", f"/inbox/{number}", f"/teach?puzzle={number}"):
        shown = fang.get(TRAINING + page)
        assert shown.status_code == 200 and SAID in shown.text and "李小梅" not in shown.text
    assert taught(fang, puzzle=number).status_code == 303
    assert len(waiting(house)) == 1 and SAID not in fang.get(f"{TRAINING}/inbox").text
    assert fang.get(f"{TRAINING}/inbox/999").status_code == 404


def test_a_proposal_goes_with_the_talk_that_it_comes_from(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    talking.say(SAID, types=(Guess("wages", "wage_arrears", 0.4),))
    room = house.console.classroom
    assert room is not None
    (group,), _ = room.inbox.groups()
    taught(fang, puzzle=str(group.said[0].id))
    house.desk.forget(talking.key)
    assert waiting(house) == []


def test_a_sentence_taught_by_one_and_approved_by_another_stands_in_the_files(house: House, fang: TestClient) -> None:
    assert taught(fang).status_code == 303
    (number,) = waiting(house)
    assert post(fang, f"/lessons/{number}/approve").status_code == 409
    assert book(house).search(SAID) == []
    two = house.signed_in("trainer.two")
    assert SAID in two.get(f"{TRAINING}/lessons").text
    assert post(two, f"/lessons/{number}/approve").status_code == 303
    assert [e.label for e in book(house).search(SAID)] == ["wages/wage_arrears"]
    assert SAID in fang.get(TRAINING, params={"q": SAID}).text
    assert post(two, f"/lessons/{number}/undo", answer="写错了").status_code == 303
    assert book(house).search(SAID) == []


def test_the_form_keeps_what_was_typed_when_something_is_missing(fang: TestClient) -> None:
    for missing in (
        {"looked": ""},
        {"reason": ""},
        {"label": ""},
        {"label": "nobody"},
        {"text": SAID + "电话15927364581"},
    ):
        answer = taught(fang, **missing)
        assert answer.status_code == 422 and SAID in answer.text and 'role="alert"' in answer.text


def test_ten_thousand_pasted_rows_are_refused_kindly(house: House, fang: TestClient) -> None:
    answer = taught(fang, "\n".join(f"第{n}句话" for n in range(10_000)))
    assert answer.status_code == 422 and "10000" in answer.text and waiting(house) == []


def test_an_example_is_moved_by_its_page(house: House, fang: TestClient) -> None:
    one = book(house).search("", "debt")[0]
    page = fang.get(f"{TRAINING}/examples/{one.key}")
    assert page.status_code == 200 and one.text in page.text
    assert post(fang, f"/examples/{one.key}", text=one.text, label="finance", reason="说的是贷款").status_code == 303
    assert post(fang, f"/examples/{one.key}", text=one.text, label="finance", reason="再来").status_code == 422
    (number,) = waiting(house)
    assert post(house.signed_in("trainer.two"), f"/lessons/{number}/approve").status_code == 303
    assert [e.label for e in book(house).same(one.text)] == ["finance"]
    assert fang.get(f"{TRAINING}/examples/{one.key}").status_code == 404


def test_the_live_answer_is_given_while_typing(fang: TestClient) -> None:
    told = fang.get(f"{TRAINING}/hear", params={"text": SAID}).json()
    assert told["heard"][0]["label"] == "wages/wage_arrears" and told["heard"][0]["sure"] == 80


def test_the_words_of_the_sentence_are_shown_with_what_the_desk_knows_of_them(fang: TestClient) -> None:
    told = fang.get(f"{TRAINING}/hear", params={"text": SAID}).json()
    assert told["tokens"][0] == [0, 2] and "".join(SAID[a:b] for a, b in told["tokens"]) == SAID
    assert [(one["start"], one["end"]) for one in told["spans"]] == [(0, 2), (2, 4)]


def test_a_model_that_is_not_live_yet_answers_beside_the_live_one(house: House, fang: TestClient) -> None:
    async def fresh(_: str) -> dict[str, Any]:
        return {"act": "tell", "types": [{"type": "debt", "subtype": None, "confidence": 0.7}]}

    room = house.console.classroom
    assert room is not None
    both = {"text": SAID, "fresh": "1"}
    assert fang.get(f"{TRAINING}/hear", params=both).json() == {"heard": [], "deaf": True}
    assert 'id="newcomer"' not in fang.get(f"{TRAINING}/teach").text
    loaded: list[Path] = []

    def load(model: Path) -> Any:
        loaded.append(model)
        return fresh

    room.newcomer = Newcomer(lambda: Path("fresh.tar.gz"), load)
    assert 'id="newcomer"' in fang.get(f"{TRAINING}/teach").text and loaded == []
    for _ in range(2):
        (told,) = fang.get(f"{TRAINING}/hear", params=both).json()["heard"]
        assert (told["label"], told["sure"]) == ("debt", 70)
    assert len(loaded) == 1
    assert fang.get(f"{TRAINING}/hear", params={"text": SAID}).json()["heard"][0]["sure"] == 80


def test_a_model_that_cannot_be_opened_harms_nothing(house: House, fang: TestClient) -> None:
    def broken(_: Path) -> Any:
        raise RuntimeError("broken")

    room = house.console.classroom
    assert room is not None
    room.newcomer = Newcomer(lambda: Path("fresh.tar.gz"), broken)
    assert fang.get(f"{TRAINING}/hear", params={"text": SAID, "fresh": "1"}).json()["deaf"] is True
    assert fang.get(f"{TRAINING}/hear", params={"text": SAID}).status_code == 200


def test_a_word_marked_in_the_sentence_comes_into_its_list_by_two_people(house: House, fang: TestClient) -> None:
    assert taught(fang, marks="word/role 卷款工头").status_code == 303
    two = house.signed_in("trainer.two")
    for number in waiting(house):
        assert post(two, f"/lessons/{number}/approve").status_code == 303
    assert (book(house).folder / "words" / "roles.txt").read_text(encoding="utf-8").endswith("\n卷款工头\n")


@pytest.mark.parametrize("marks", ["word/role 包工头", "word/slip 公资", "word/nobody 谁", "word/role 电话15927364581"])
def test_a_mark_that_is_no_word_keeps_the_sentence_and_says_why(house: House, fang: TestClient, marks: str) -> None:
    answer = taught(fang, marks=marks)
    assert answer.status_code == 422 and SAID in answer.text and marks in answer.text and waiting(house) == []


def test_a_long_story_is_cut_into_sentences_with_nothing_lost(house: House, fang: TestClient) -> None:
    story = "我在工地干了大半年的活。工钱到现在一分也没给！我去找过老板好几回，电话也不接了。"
    page = taught(fang, story, act="split", looked="").text
    lines = page[page.index("<textarea") :].split(">", 1)[1].split("</textarea>")[0].split("\n")
    assert len(lines) > 1 and "".join(lines) == story and waiting(house) == []


def test_what_is_not_the_desks_business_is_taught_under_one_key(house: House, fang: TestClient) -> None:
    assert taught(fang, "明天会不会下雨呀", label="", guess="chatter").status_code == 303
    room = house.console.classroom
    assert room is not None and [one.label for one in room.lessons.waiting()] == ["chatter"]


def test_a_word_is_proposed_and_taken_away_on_its_own_page(house: House, fang: TestClient) -> None:
    form = {"kind": "word/evidence", "word": "打卡截图", "reason": "常拿这个来"}
    assert post(fang, "/words", **form).status_code == 303
    assert post(fang, "/words", **{**form, "word": "打 卡"}).status_code == 422
    assert post(fang, "/words", **{**form, "reason": ""}).status_code == 422
    (number,) = waiting(house)
    assert post(house.signed_in("trainer.two"), f"/lessons/{number}/approve").status_code == 303
    page = fang.get(f"{TRAINING}/words", params={"kind": "word/evidence", "q": "打卡截图"}).text
    key = page.split(f'href="{TRAINING}/words/')[1].split('"')[0]
    assert fang.get(f"{TRAINING}/words/{key}").status_code == 200
    assert post(fang, f"/words/{key}", reason="").status_code == 422
    assert post(fang, f"/words/{key}", reason="不常见").status_code == 303
    assert post(fang, "/words/nothing", reason="不常见").status_code in (404, 422)


def test_a_word_list_broken_by_hand_is_shown_with_its_line(house: House, fang: TestClient) -> None:
    path = book(house).folder / "words" / "slips.txt"
    path.write_text("公资\n", encoding="utf-8")
    assert "words/slips.txt 第 1 行" in fang.get(f"{TRAINING}/words").text
    path.write_bytes("公资 工资\n".encode("gb18030"))
    for kind in ("word/slip", "word/role"):
        shown = fang.get(f"{TRAINING}/words", params={"kind": kind})
        assert shown.status_code == 200 and "UTF-8" in shown.text
    assert taught(fang, marks="word/role 卷款工头").status_code == 422


def test_a_long_talk_opens_where_the_puzzle_stands(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    talking.say(SAID, types=(Guess("wages", "wage_arrears", 0.4), Guess("debt", None, 0.35)))
    for n in range(70):
        talking.say(f"再说第{n}件小事")
    room = house.console.classroom
    assert room is not None
    first = next(said for group in room.inbox.groups()[0] for said in group.said if said.text == SAID)
    page = fang.get(f"{TRAINING}/inbox/{first.id}").text
    assert 'id="here"' in page and SAID in page and "?page=1" in page
    later = fang.get(f"{TRAINING}/inbox/{first.id}", params={"page": 1}).text
    assert SAID not in later and "?page=0#here" in later
    assert fang.get(f"{TRAINING}/inbox/{first.id}", params={"page": 99}).status_code == 200


def test_words_with_markup_stay_text(house: House, fang: TestClient) -> None:
    wicked = "老板说<script>alert(1)</script>不给"
    assert taught(fang, wicked).status_code == 303
    for state in ("proposed", "approved"):
        assert "<script>alert" not in fang.get(f"{TRAINING}/lessons", params={"state": state}).text
    assert "<script>alert" not in fang.get(f"{TRAINING}/teach", params={"text": wicked}).text


def test_findings_lead_to_the_sentence_that_mends_them(house: House, fang: TestClient) -> None:
    book(house).add("debt", "工地上干了半年一分钱没给我结")
    book(house).add("wages", "工地上干了半年，一分钱没给我结！")
    room = house.console.classroom
    assert room is not None
    room.watch.wait()
    page = fang.get(f"{TRAINING}/findings", params={"kind": "twice"}).text
    for one in book(house).same("工地上干了半年一分钱没给我结"):
        assert f"{TRAINING}/examples/{one.key}?" in page
        other = {"debt": "wages", "wages": "debt"}[one.label]
        assert f"{TRAINING}/examples/{one.key}?why=" in page and f"to={other}" in page


def test_whoever_is_sent_to_one_of_two_twins_reads_which_the_other_is(house: House, fang: TestClient) -> None:
    book(house).add("debt", "工地上干了半年一分钱没给我结")
    book(house).add("wages", "工地上干了半年，一分钱没给我结！")
    room = house.console.classroom
    assert room is not None
    room.watch.wait()
    page = fang.get(f"{TRAINING}/findings", params={"kind": "twice"}).text
    (own,) = (one for one in book(house).same("工地上干了半年一分钱没给我结") if one.label == "debt")
    link = html.unescape(page.split(f"/examples/{own.key}", 1)[1].split('"', 1)[0])
    opened = fang.get(f"{TRAINING}/examples/{own.key}{link}").text
    assert "工地上干了半年，一分钱没给我结！" in opened and '<option value="wages"' in opened
    assert 'value="wages"' in opened.split("selected", 1)[0][-80:]


def test_findings_are_looked_for_beside_whoever_asks(house: House, fang: TestClient) -> None:
    begun = time.process_time()
    assert fang.get(f"{TRAINING}/findings").status_code == 200
    assert time.process_time() - begun < 5
    room = house.console.classroom
    assert room is not None
    room.watch.wait()
    assert "training_findings.js" not in fang.get(f"{TRAINING}/findings").text


def test_a_broken_file_is_shown_with_its_line_on_every_list(house: House, fang: TestClient) -> None:
    path = book(house).folder / "disputes" / "debt.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("- intent: dispute_debt", "- intent dispute_debt", 1))
    for page in ("", "/lessons", "/findings"):
        assert "debt.yml 第" in fang.get(TRAINING + page).text


@pytest.mark.parametrize("path", ["/examples/0", "/examples/" + "x" * 200, "/nothing"])
def test_a_forged_address_meets_404(fang: TestClient, path: str) -> None:
    assert fang.get(TRAINING + path).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
def test_a_forged_lesson_is_refused_without_harm(fang: TestClient, number: str) -> None:
    assert post(fang, f"/lessons/{number}/approve").status_code in (404, 409)


def test_a_talk_becomes_a_test_in_the_replays_own_format_without_a_name(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    talking.say(f"我叫李小梅，电话15927364581，{SAID}", types=(Guess("wages", "wage_arrears", 0.4),))
    talking.tap("dispute_type", "wages/wage_arrears")
    room = house.console.classroom
    assert room is not None
    (group,), _ = room.inbox.groups()
    page = f"/inbox/{group.said[0].id}/replay"
    shown = fang.get(TRAINING + page).text
    assert SAID in shown and "李小梅" not in shown and "15927364581" not in shown
    lines = {"turns": f"我叫柳小满，{SAID}\n不在那儿干了"}
    assert post(fang, page, name="认得出拖欠工资", looked="", **lines).status_code == 422
    assert post(fang, page, name="认得出拖欠工资", looked="yes", turns="电话15927364581").status_code == 422
    assert post(fang, page, name="认得出拖欠工资", looked="yes", **lines).status_code == 303
    assert post(fang, page, name="认得出拖欠工资", looked="yes", **lines).status_code == 422
    (spoken,) = read_yaml(room.book.root / FILE)
    assert spoken == {
        "name": "认得出拖欠工资",
        "turns": [
            {"tap": {"step": "privacy_consent", "value": "yes"}},
            {"citizen": f"我叫柳小满，{SAID}"},
            {"citizen": "不在那儿干了", "type": "wages/wage_arrears"},
        ],
    }


def test_a_talk_that_the_desk_took_for_something_else_is_tested_for_what_it_was(house: House, fang: TestClient) -> None:
    Talking(house.desk).consented().say(SAID, types=(Guess("debt", None, 0.4),))
    room = house.console.classroom
    assert room is not None
    (group,), _ = room.inbox.groups()
    page, told = f"/inbox/{group.said[0].id}/replay", {"turns": SAID, "looked": "yes"}
    assert post(fang, page, name="不认得的类", label="no_such", **told).status_code == 422
    assert post(fang, page, name="其实是拖欠工资", label="wages/wage_arrears", **told).status_code == 303
    assert read_yaml(room.book.root / FILE)[0]["turns"][-1] == {"citizen": SAID, "type": "wages/wage_arrears"}


def test_what_the_desk_took_for_a_story_of_no_kind_is_said_in_words(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    talking.say("包工头一直不结账", types=(Guess("wages", "wage_arrears", 0.93),))
    talking.say("石狮子半夜叫人搬走当柴卖了", act="tell", act_confidence=0.39)
    page = fang.get(f"{TRAINING}/inbox").text
    assert "石狮子" in page and "“tell”" not in page


def test_taking_back_without_a_reason_says_so(house: House, fang: TestClient) -> None:
    taught(fang)
    (number,) = waiting(house)
    two = house.signed_in("trainer.two")
    assert post(two, f"/lessons/{number}/approve").status_code == 303
    answer = post(two, f"/lessons/{number}/undo", answer=" ")
    assert answer.status_code == 409 and 'role="alert"' in answer.text and "为什么撤回" in answer.text


@pytest.mark.parametrize(
    "broken", ["- name: 一个测试\n  turns: [\n".encode(), "- name: 一个测试\n".encode("gb18030"), b"name: one\n"]
)
def test_a_file_of_tests_broken_by_hand_is_named_and_left_alone(house: House, fang: TestClient, broken: bytes) -> None:
    Talking(house.desk).consented().say(SAID, types=(Guess("wages", "wage_arrears", 0.4),))
    room = house.console.classroom
    assert room is not None
    path = room.book.root / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(broken)
    (group,), _ = room.inbox.groups()
    form = {"name": "又一个", "looked": "yes", "turns": SAID}
    answer = post(fang, f"/inbox/{group.said[0].id}/replay", **form)
    assert answer.status_code == 422 and "from_talks.yml" in answer.text and path.read_bytes() == broken


def test_the_projects_own_examples_have_few_findings_of_each_kind(house: House) -> None:
    room = house.console.classroom
    assert room is not None
    kinds = [one.kind for one in room.watch.wait()]
    assert all(kinds.count(kind) < 20 for kind in KINDS)
