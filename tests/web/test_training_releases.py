"""Claims about the pages on releases over HTTP: who sees and presses what, from a training to going back."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import an_account
from house import House, a_house, key_of
from starlette.testclient import TestClient
from test_phrasebook import bytes_of
from workshops import Shop

from bot.lessons import Lessons
from bot.live import put_live
from bot.store import Store

RELEASES = "/review/training/releases"


class Rooms:
    """A console whose workshop trains by the stand-in."""

    def __init__(self, folder: Path) -> None:
        self.house: House = a_house(folder)
        an_account(self.house.staff, self.house.desk, "trainer.two", "trainer")
        (folder / "shop").mkdir()
        self.store = Store.open(f"sqlite:///{folder / 'desk.db'}")
        self.shop = Shop(self.store, self.house.desk, folder / "shop")
        room = self.house.console.classroom
        assert room is not None
        room.workshop = self.shop.workshop
        self.one, self.two = self.house.signed_in("trainer.one"), self.house.signed_in("trainer.two")

    def post(self, browser: TestClient, path: str = "", **form: str) -> Any:
        key = key_of(browser.get(f"{RELEASES}/0").text + browser.get("/review/training/teach").text)
        return browser.post(RELEASES + path, data={"form_key": key, **form})

    def trained(self, how: str = "good") -> int:
        self.shop.does(how)
        answer = self.post(self.one)
        assert answer.status_code == 303, answer.text
        number = int(answer.headers["location"].rpartition("/")[2])
        self.shop.ended(number)
        return number


@pytest.fixture()
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    opened = Rooms(tmp_path)
    yield opened
    if opened.shop.workshop.under_way():
        opened.shop.workshop._end_process()
    opened.store.close()


def test_a_training_is_pressed_compared_published_by_another_and_gone_back_from(rooms: Rooms) -> None:
    assert rooms.one.get(RELEASES).status_code == 200
    number = rooms.trained()
    page = rooms.one.get(f"{RELEASES}/{number}")
    assert page.status_code == 200 and f"/{number}/publish" not in page.text
    assert rooms.post(rooms.one, f"/{number}/publish").status_code == 409
    assert f"/{number}/publish" in rooms.two.get(f"{RELEASES}/{number}").text
    assert rooms.post(rooms.two, f"/{number}/publish").status_code == 303
    now = rooms.shop.workshop.publishing.live()
    assert now is not None and now.id == number
    handmade = next(one for one in rooms.shop.workshop.publishing.published() if one.state == "kept")
    assert f"/{handmade.id}/roll-back" in rooms.one.get(f"{RELEASES}/{handmade.id}").text
    assert rooms.post(rooms.one, f"/{handmade.id}/roll-back").status_code == 303
    assert rooms.shop.release(number).state == "kept"
    assert rooms.one.get(RELEASES).status_code == 200


def test_what_the_gate_objects_to_is_shown_and_asks_for_a_reason(rooms: Rooms) -> None:
    number = rooms.trained("worse")
    page = rooms.two.get(f"{RELEASES}/{number}").text
    assert "50.0 个百分点" in page and 'name="why"' in page
    assert rooms.post(rooms.two, f"/{number}/publish").status_code == 409
    why = "考题<b>写错了"
    assert rooms.post(rooms.two, f"/{number}/publish", why=why).status_code == 303
    assert "考题&lt;b&gt;写错了" in rooms.one.get(f"{RELEASES}/{number}").text


def test_while_it_trains_the_page_tells_how_far_and_a_second_press_is_told(rooms: Rooms) -> None:
    rooms.shop.does("hang")
    number = int(rooms.post(rooms.one).headers["location"].rpartition("/")[2])
    told = rooms.two.get(f"{RELEASES}/{number}/progress").json()
    assert told["state"] == "training" and told["step"] == "training"
    again = rooms.post(rooms.two)
    assert again.status_code == 409 and "trainer.one" in again.text
    assert rooms.post(rooms.two, f"/{number}/stop").status_code == 303
    assert rooms.one.get(f"{RELEASES}/{number}/progress").json()["state"] == "stopped"
    assert rooms.post(rooms.two, f"/{number}/stop").status_code == 409


def test_a_failed_training_says_why_on_its_page(rooms: Rooms) -> None:
    number = rooms.trained("broken")
    assert "磁盘满了" in rooms.one.get(f"{RELEASES}/{number}").text
    assert rooms.post(rooms.two, f"/{number}/publish").status_code == 409


def test_newer_examples_are_announced(rooms: Rooms) -> None:
    assert rooms.post(rooms.two, f"/{rooms.trained()}/publish").status_code == 303
    before = rooms.one.get(RELEASES).text
    rooms.shop.book.add("wages", "年底了一分没发")
    assert before != rooms.one.get(RELEASES).text and "例子比模型新" in rooms.one.get(RELEASES).text


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
def test_a_forged_number_is_nowhere(rooms: Rooms, number: str) -> None:
    assert rooms.one.get(f"{RELEASES}/{number}").status_code == 404
    for act in ("publish", "stop", "roll-back"):
        assert rooms.post(rooms.one, f"/{number}/{act}").status_code == 404


def test_a_disk_without_room_refuses_the_press_kindly(rooms: Rooms) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    key = key_of(rooms.one.get("/review/training/teach").text)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        answer = rooms.one.post(RELEASES, data={"form_key": key})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code in (409, 503), answer.text
    assert not any(path.is_dir() for path in (rooms.shop.models / "releases").iterdir())


def test_a_pointer_of_another_database_is_not_taken_for_a_release_of_this_one(rooms: Rooms) -> None:
    number = rooms.trained()
    other = rooms.shop.models / "releases" / "other"
    other.mkdir()
    (other / "fenzhen.tar.gz").write_bytes(b"x")
    put_live(rooms.shop.models, number, "other")
    assert rooms.shop.workshop.publishing.live() is None and rooms.one.get(RELEASES).status_code == 200


def test_the_examples_of_an_earlier_release_come_back_only_by_two_people_and_can_be_undone(rooms: Rooms) -> None:
    number, shop = rooms.trained(), rooms.shop
    folder = shop.models / "releases" / shop.release(number).folder
    room = rooms.house.console.classroom
    assert room is not None
    room.book, room.lessons = shop.book, Lessons(shop.store, shop.book, room.labels, shop.clock)
    shutil.make_archive(str(folder / "language"), "zip", shop.root)
    assert rooms.post(rooms.two, f"/{number}/publish").status_code == 303
    before = bytes_of(shop.root)
    assert rooms.post(rooms.one, f"/{number}/restore", reason="试试").status_code == 409, "nothing differs"
    shop.book.add("wages", "年底了一分没发")
    changed = bytes_of(shop.root)
    assert "disputes/wages.yml" in rooms.one.get(f"{RELEASES}/{number}").text
    assert rooms.post(rooms.one, f"/{number}/restore").status_code == 409, "no reason"
    assert rooms.post(rooms.one, f"/{number}/restore", reason="那一批教错了").status_code == 303
    (lesson,) = room.lessons.waiting()
    assert bytes_of(shop.root) == changed
    two = shop.store.account("trainer.two")
    assert two is not None
    assert rooms.two.get("/review/training/lessons").status_code == 200
    room.lessons.approve(two, lesson.id)
    assert bytes_of(shop.root) == before
    room.lessons.undo(two, lesson.id, "没有教错")
    assert bytes_of(shop.root) == changed
