"""Claims about releases in the database: two publishers, and what follows what."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_lessons import School, a_small_root

from bot.desk import Desk
from bot.store import Store
from bot.store_releases import Release

NOW = datetime(2026, 11, 23, 9)


def kept(store: Store, state: str = "ready", author: int | None = None, at: datetime = NOW) -> Release:
    number = len(store.releases()) + 1
    values = {"folder": f"r{number}", "state": state, "author_id": author, "begun_at": at, "crossed": False}
    id_ = store.add_release({**values, "sources": "s", "lessons": 0, "proposers": []})
    found = store.release(id_)
    assert found is not None
    return found


@pytest.fixture()
def school(store: Store, desk: Desk, tmp_path: Path) -> School:
    return School(store, desk, a_small_root(tmp_path / "language"))


def state(store: Store, id_: int) -> str:
    found = store.release(id_)
    assert found is not None
    return found.state


def published(store: Store, release: Release, by: int, done: list[Any] | None = None) -> bool:
    return store.publish_release(release, by, NOW, "publish", "因为", lambda: (done or []).append(release.id))


def test_one_is_live_the_one_before_is_kept_and_the_others_are_outdated(school: School) -> None:
    store = school.store
    first, second, third = (kept(store) for _ in range(3))
    assert published(store, first, school.one.id)
    assert [state(store, one.id) for one in (first, second, third)] == ["published", "outdated", "outdated"]
    fourth = kept(store)
    assert published(store, fourth, school.two.id)
    assert [state(store, one.id) for one in (first, fourth)] == ["kept", "published"]
    assert [one.id for one in store.published_releases()] == [first.id, fourth.id]
    assert [(act.act, act.who, act.why) for act in store.release_acts(fourth.id)] == [
        ("publish", "two.trainer", "因为")
    ]


def test_the_second_of_two_publishers_changes_nothing(school: School) -> None:
    store, done = school.store, [0]
    first, second = kept(store), kept(store)
    assert published(store, first, school.one.id, done)
    assert not published(store, second, school.two.id, done)
    assert not published(store, first, school.two.id, done)
    assert done == [0, first.id] and state(store, first.id) == "published"


def test_when_the_model_cannot_be_put_in_place_nothing_is_published(school: School) -> None:
    store, first = school.store, kept(school.store)

    def full() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError):
        store.publish_release(first, school.one.id, NOW, "publish", None, full)
    assert state(store, first.id) == "ready" and store.release_acts() == []


def test_lessons_that_are_new_are_those_approved_since_and_not_taken_back(school: School) -> None:
    store = school.store
    made = [school.proposed(f"{one}厂押着工资") for one in "甲乙丙"]
    assert store.taught_since(None) == []
    for number in made[:2]:
        school.lessons.approve(school.two, number)
    assert store.taught_since(None) == [school.one.id] * 2
    school.lessons.undo(school.two, made[0], "试试")
    assert store.taught_since(None) == [school.one.id]
    assert store.taught_since(datetime(2026, 11, 20, 9, 30) + timedelta(days=1)) == []
