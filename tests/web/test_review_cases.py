"""Claims about the queue and the case page over HTTP: what is shown to whom, what a form does, what bad input meets."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from builders import Talking, an_account
from evidence import a_photo
from house import House, a_house, key_of
from starlette.testclient import TestClient

from bot.intake.working_days import is_working_day
from bot.store import StoreError
from bot.web.review_times import days_left

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
THERE = "我在山西省晋城市高平市的工地干活，老板欠我两万工资一直不给"
BEATEN = "我在湖州市南浔区，我老公昨晚又打我了，拿着刀说要杀了我"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("cases"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def filed(house: House, story: str = STORY, matter: str = "wages/wage_arrears", **answers: str) -> str:
    return Talking(house.desk).consented().filed(story, matter, **answers)


def post(browser: TestClient, receipt: str, act: str, **form: str):  # type: ignore[no-untyped-def]
    page = browser.get(f"/review/cases/{receipt}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    kept = {"form_key": key_of(page), "version": version.group(1) if version else "1"}
    return browser.post(f"/review/cases/{receipt}/{act}", data={**kept, **form})


def test_the_queue_shows_her_cases_and_no_others(house: House, fang: TestClient) -> None:
    here, there = filed(house), filed(house, THERE)
    page = fang.get("/review/cases").text
    assert here in page and there not in page
    assert fang.get(f"/review/cases/{there}").status_code == 404
    assert fang.get(f"/review/cases/{there}").text == fang.get("/review/cases/FZ20261120-34679A").text


def test_every_act_on_another_bodys_case_meets_404(house: House, fang: TestClient) -> None:
    there, here = filed(house, THERE), filed(house)
    key = key_of(fang.get(f"/review/cases/{here}").text)
    for act in ("accept", "take", "note", "edit"):
        answer = fang.post(f"/review/cases/{there}/{act}", data={"form_key": key, "version": "1", "note": "x"})
        assert answer.status_code == 404, act


def test_filters_and_search_work_by_address(house: House, fang: TestClient) -> None:
    wages, beaten = filed(house, counterpart="周建业"), filed(house, BEATEN, "family/domestic_violence")
    found = fang.get("/review/cases", params={"q": "周建业"}).text
    assert wages in found and beaten not in found
    found = fang.get("/review/cases", params={"type": "family", "waiting": "0"}).text
    assert beaten in found and wages not in found


@pytest.mark.parametrize(
    "query",
    [
        "?after=nonsense",
        "?after=2026-01-01_x",
        "?waiting=99",
        "?type=%27%20OR%201=1",
        "?q=%00%22%27*",
        "?q=" + "长" * 500,
        "?area=%25",
        "?before=-1",
    ],
)
def test_an_address_with_nonsense_shows_a_page(fang: TestClient, query: str) -> None:
    assert fang.get(f"/review/cases{query}").status_code == 200


def test_a_story_with_markup_stays_text(house: House, fang: TestClient) -> None:
    receipt = filed(house, STORY + "<script>alert(1)</script><img src=x onerror=alert(1)>")
    for page in (fang.get("/review/cases").text, fang.get(f"/review/cases/{receipt}").text):
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_accept_note_edit_and_assign_go_through_their_forms(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    assert post(fang, receipt, "accept").status_code == 303
    assert post(fang, receipt, "take").status_code == 303
    assert post(fang, receipt, "note", note="打过电话").status_code == 303
    assert post(fang, receipt, "edit", fact="amount", value="三万五", why="电话里核实过").status_code == 303
    page = fang.get(f"/review/cases/{receipt}").text
    for shown in ("已受理", "打过电话", "35,000元", "32,000元", "电话里核实过"):
        assert shown in page
    clerk = house.signed_in("clerk.one")
    to = str(house.staff.account("head.one").id)
    assert post(clerk, receipt, "assign", to=to).status_code == 303


def test_the_second_of_two_is_shown_the_firsts_change_and_keeps_what_she_typed(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    other = house.signed_in("head.one")
    page = fang.get(f"/review/cases/{receipt}?edit=amount").text
    assert post(other, receipt, "edit", fact="amount", value="四万", why="对过账").status_code == 303
    late = {"form_key": key_of(page), "version": "1", "fact": "amount", "value": "三万五", "why": "电话里说的"}
    answer = fang.post(f"/review/cases/{receipt}/edit", data=late)
    assert answer.status_code == 409
    assert "40,000元" in answer.text and 'value="三万五"' in answer.text and 'value="电话里说的"' in answer.text


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("note", {"note": "只有一条"}),
        ("accept", {}),
        ("ask", {"words": "欠条在谁手里？"}),
        ("refuse", {"reason": "court"}),
        ("edit", {"fact": "amount", "value": "三万五", "why": "核实过"}),
        ("retype", {"matter": "debt", "why": "是借的"}),
    ],
)
def test_a_double_click_does_the_act_once_and_is_no_fault(
    house: House, fang: TestClient, act: str, form: dict[str, str]
) -> None:
    receipt = filed(house)
    page = fang.get(f"/review/cases/{receipt}").text
    sent = {"form_key": key_of(page), "version": "1", **form}
    answers = [fang.post(f"/review/cases/{receipt}/{act}", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(house.desk.cases.open(house.staff.account("mediator.one"), receipt).history) == 2


def test_another_note_from_a_stale_page_is_not_taken_for_a_double_click(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    sent = {"form_key": key_of(fang.get(f"/review/cases/{receipt}").text), "version": "1"}
    notes = ["第一条", "第二条"]
    answers = [fang.post(f"/review/cases/{receipt}/note", data={**sent, "note": words}) for words in notes]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "第二条" in answers[1].text


def test_a_note_of_five_megabytes_is_told(house: House, fang: TestClient) -> None:
    assert post(fang, filed(house), "note", note="长" * 1_700_000).status_code == 413


def test_a_supervisor_sees_the_case_and_no_button(house: House) -> None:
    receipt = filed(house)
    page = house.signed_in("supervisor.one").get(f"/review/cases/{receipt}").text
    assert receipt in page and f"{receipt}/accept" not in page and f"{receipt}/note" not in page


def test_a_village_mediator_with_another_body_finds_nothing(house: House) -> None:
    filed(house)
    an_account(house.staff, house.desk, "village.one", "mediator", body="v330503-11")
    assert "FZ" not in house.signed_in("village.one").get("/review/cases?part=list").text


def test_the_pulse_tells_what_moved_and_keeps_nobody_signed_in(house: House, fang: TestClient) -> None:
    at = fang.get("/review/pulse").json()["newest"]
    assert fang.get("/review/pulse", params={"since": at}).json()["moved"] == 0
    receipt = filed(house, BEATEN, "family/domestic_violence")
    told = fang.get("/review/pulse", params={"since": at}).json()
    assert told["moved"] == 1 and receipt in told["danger"]
    assert fang.get("/review/pulse", params={"since": "nonsense"}).status_code == 200
    assert house.browser().get("/review/pulse").status_code == 401


def test_a_case_filed_in_the_same_second_as_the_last_one_moves_the_pulse(house: House, fang: TestClient) -> None:
    filed(house)
    at = fang.get("/review/pulse").json()["newest"]
    filed(house)
    assert fang.get("/review/pulse", params={"since": at}).json()["moved"] == 1


def test_a_database_away_for_a_minute_gives_a_page_and_no_stack(
    house: House, fang: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("fort") from OSError("disk")

    monkeypatch.setattr(house.desk.cases, "queue", away)
    answer = fang.get("/review/cases")
    assert answer.status_code == 503 and "<h1>" in answer.text and "OSError" not in answer.text


def test_what_she_sent_opens_for_her_committee_and_for_nobody_else(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    files, talk = house.desk.attachments, house.desk.conversation_by_key(talking.key)
    assert files is not None and talk is not None
    sent = house.desk.attach(talk, files.keep(a_photo()), "欠条.jpg", None)
    receipt = talking.filed(STORY)
    address = f"/review/cases/{receipt}/evidence/{sent.id}"
    assert (
        fang.get(address).status_code == 404
    )  # a photo cannot be covered: whoever has the case, or said why, opens it
    assert post(fang, receipt, "take").status_code == 303
    page = fang.get(f"/review/cases/{receipt}").text
    assert address in page and "欠条.jpg" in page
    answer = fang.get(address)
    assert answer.headers["content-type"] == "image/jpeg" and answer.content[:2] == b"\xff\xd8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert fang.get(f"{address}?size=small").status_code == 200
    seen = house.desk.cases.open(house.staff.account("mediator.one"), receipt).seen_by
    assert [sight.act for sight in seen].count("evidence") == 1  # the small picture on the page is not an opening
    other, strange = filed(house), filed(house, THERE)
    for wrong in (
        f"/review/cases/{other}/evidence/{sent.id}",
        f"/review/cases/{strange}/evidence/{sent.id}",
        f"{address}0",
    ):
        assert fang.get(wrong).status_code == 404, wrong
    assert house.signed_in("trainer.one").get(address).status_code == 403


def test_a_form_that_is_refused_stays_open_with_what_was_typed(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    answer = post(fang, receipt, "refuse", reason="other", door="去街道办", why="")
    assert answer.status_code == 409
    assert 'value="去街道办"' in answer.text and "/refuse" in answer.text
    assert house.desk.cases.find(house.staff.account("mediator.one"), receipt).status == "filed"


def test_who_cannot_be_told_in_the_chat_is_to_be_telephoned(house: House, fang: TestClient) -> None:
    talking = Talking(house.desk).consented()
    receipt = talking.filed(STORY)
    house.desk.forget(talking.key)
    assert post(fang, receipt, "accept").headers["location"].endswith("told=no")
    assert post(fang, filed(house), "accept").headers["location"].endswith("told=yes")


def test_a_case_that_went_to_another_house_leaves_the_queue(house: House) -> None:
    an_account(house.staff, house.desk, "giving.away", "mediator", body="q330503")
    receipt = filed(house)
    account = house.staff.account("mediator.one")
    own = house.desk.cases.find(account, receipt).body_id
    assert own is not None
    an_account(house.staff, house.desk, "own.mediator", "mediator", body=own)
    browser = house.signed_in("own.mediator")
    to = house.desk.cases.elsewhere(account, receipt)[0].id
    assert post(browser, receipt, "offer", to=to, why="对方在那边").status_code == 303
    answer = post(browser, receipt, "transfer", way="phone", why="她说同意")
    assert answer.headers["location"].startswith("/review/cases?")
    assert browser.get(f"/review/cases/{receipt}").status_code == 404


def test_the_calendar_file_of_a_session_tells_a_bystander_nothing(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    assert fang.get(f"/review/cases/{receipt}/session.ics").status_code == 404
    post(fang, receipt, "accept")
    day = (datetime.now() + timedelta(days=20)).date().isoformat()
    post(fang, receipt, "appoint", day=day, time="09:00", way="here", where="调委会二楼", despite="1")
    text = fang.get(f"/review/cases/{receipt}/session.ics").text
    assert "BEGIN:VEVENT" in text and "调解" not in text.replace("调委会二楼", "") and "工资" not in text


def test_days_are_counted_by_the_calendar_and_not_by_the_clock() -> None:
    evening = datetime(2026, 11, 23, 22, 0)
    said = {2: "还有 2 天", 1: "明天", 0: "今天", -1: "过了 1 天"}
    for days, words in said.items():
        assert days_left(datetime(2026, 11, 23, 23, 0) + timedelta(days=days), evening) == words
    assert days_left(datetime(2026, 11, 23, 9, 0), evening) == "已经过了"


def test_the_guide_opens_for_everybody_who_signs_in_with_its_pictures_and_nothing_else(house: House) -> None:
    browser = house.signed_in("clerk.one")
    page = browser.get("/review/help").text
    pictures = re.findall(r'src="(/review/help/[^"]+)"', page)
    assert pictures and all(browser.get(address).headers["content-type"] == "image/png" for address in pictures)
    for other in ("quality.json", "mediators.md", "chat-phone.png", "..%2fREADME.md"):
        assert browser.get(f"/review/help/{other}").status_code == 404


def test_the_next_step_of_a_session_that_is_appointed_is_to_hold_it(house: House, fang: TestClient) -> None:
    receipt = filed(house)
    post(fang, receipt, "accept")
    day = next(d for n in range(2, 30) if is_working_day(d := date.today() + timedelta(days=n))[0]).isoformat()
    post(fang, receipt, "appoint", day=day, time="16:45", way="here", where=f"二楼 {receipt}")
    page = fang.get(f"/review/cases/{receipt}").text
    assert re.search(r'class="button" href="[^"]*do=meet', page)


def test_a_mediator_does_not_read_labels_that_are_spoken_to_the_citizen(house: House, fang: TestClient) -> None:
    page = fang.get(f"/review/cases/{filed(house)}").text
    assert not re.search(r"<dt>[^<]*您", page)
