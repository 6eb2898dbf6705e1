"""Claims about what staff keep at hand: views without names, replies of one committee, over the desk and over HTTP."""

from __future__ import annotations

import re

import pytest
from builders import Talking, an_account
from house import House, a_house, key_of
from starlette.testclient import TestClient

from bot.shelf import LONGEST_REPLY, MOST_REPLIES, MOST_VIEWS, NotKept
from bot.web.review_cases import FILTERS


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("shelf"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def post(browser: TestClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    key = key_of(browser.get("/review/me").text)
    return browser.post(path, data={"form_key": key, **form})


def test_a_view_keeps_the_filters_and_never_the_words_searched_for(house: House, fang: TestClient) -> None:
    account = house.staff.account("mediator.one")
    query = "type=wages&q=%E7%8E%8B%E5%B0%8F%E5%85%B0&overdue=1&nonsense=1&next=https://evil.example"
    assert post(fang, "/review/views", name="过期的工资", query=query).status_code == 303
    (view,) = house.desk.shelf.views(account)
    assert (view.name, view.query) == ("过期的工资", "type=wages&overdue=1")
    assert "过期的工资" in fang.get("/review/cases").text
    post(fang, "/review/views", name="过期的工资", query="type=land")
    (view,) = house.desk.shelf.views(account)
    assert view.query == "type=land"
    post(house.signed_in("head.one"), "/review/views/drop", id=str(view.id))
    assert house.desk.shelf.views(account) == [view]  # somebody else's
    post(fang, "/review/views/drop", id=str(view.id))
    assert house.desk.shelf.views(account) == []


@pytest.mark.parametrize(
    ("name", "query"), [("", "type=wages"), ("长" * 21, "type=wages"), ("x", ""), ("x", "q=王小兰")]
)
def test_a_view_without_name_or_filter_is_told(house: House, fang: TestClient, name: str, query: str) -> None:
    assert post(fang, "/review/views", name=name, query=query).status_code == 400
    assert house.desk.shelf.views(house.staff.account("mediator.one")) == []


def test_there_is_an_end_to_views_and_replies(house: House) -> None:
    account = an_account(house.staff, house.desk, "many.views", "mediator", area="浙江省/湖州市")
    for n in range(MOST_VIEWS):
        house.desk.shelf.keep_view(account, str(n), "type=wages", FILTERS)
    with pytest.raises(NotKept):
        house.desk.shelf.keep_view(account, "one more", "type=wages", FILTERS)
    for n in range(MOST_REPLIES):
        house.desk.shelf.keep_reply(account, f"第 {n} 句")
    with pytest.raises(NotKept):
        house.desk.shelf.keep_reply(account, "再来一句")


def test_replies_are_of_ones_own_committee(house: House, fang: TestClient) -> None:
    body = an_account(house.staff, house.desk, "body.one", "mediator", body="v330503-11")
    house.desk.shelf.keep_reply(body, "只有这家的话")
    assert "只有这家的话" not in fang.get("/review/replies").text
    own = house.signed_in("body.one")
    assert "只有这家的话" in own.get("/review/replies").text
    (reply,) = house.desk.shelf.replies(body)
    post(fang, "/review/replies/drop", id=str(reply.id))
    assert house.desk.shelf.replies(body) == [reply]
    post(own, "/review/replies", words="只有这家的话")  # a double click
    assert len(house.desk.shelf.replies(body)) == 1
    assert post(own, "/review/replies", words=" ").status_code == 400
    long = post(own, "/review/replies", words="长" * (LONGEST_REPLY + 1))
    assert long.status_code == 400 and "长长长" in long.text  # what she typed is still there


def test_the_queue_counts_what_is_late_and_what_ends_soon(house: House, fang: TestClient) -> None:
    story = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
    receipt = Talking(house.desk).consented().filed(story)
    account = house.staff.account("mediator.one")
    case = house.desk.cases.find(account, receipt)
    with house.desk._store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET due_at = '2020-01-01 00:00:00.000000'")
    page = fang.get("/review/cases").text
    assert re.search(r"过了期限 1", page)
    assert receipt in fang.get("/review/cases?overdue=1&part=list").text
    house.desk.cases.do(account, receipt, case.version, "refuse", {"reason": "court"})
    assert receipt not in fang.get("/review/cases?overdue=1&part=list").text
    assert "过了期限" not in fang.get("/review/cases?part=list").text
