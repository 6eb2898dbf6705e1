"""Claims about trainings of the console and what becomes of them: killed, stopped, full disks, two who publish."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workshops import NOW, Shop

from bot.desk import Desk
from bot.live import RELEASES, leave, live, model_file, put_live, trained_file
from bot.releases import KEPT, NotReleased
from bot.store import Store
from bot.workshop import LOCK


@pytest.fixture()
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'shop.db'}")
    yield opened
    opened.close()


@pytest.fixture()
def shop(store: Store, desk: Desk, tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(store, desk, tmp_path)
    yield opened
    if opened.workshop.under_way():
        opened.workshop._end_process()


def hanging(shop: Shop) -> int:
    """A training that goes on, as its own log shows."""
    shop.does("hang")
    number = shop.workshop.train(shop.one)
    shop.until(lambda: "half-written" in shop.left(shop.release(number)))
    return number


# —— training ——


def test_a_training_ends_with_figures_and_a_model_and_the_live_one_untouched(shop: Shop) -> None:
    before = shop.live()
    release = shop.trained()
    assert (release.state, release.version, release.author_id) == ("ready", "abcd1234", shop.one.id)
    assert release.figures is not None and release.figures["objections"] == []
    assert shop.live() == before and shop.workshop.publishing.live() is None


def test_a_second_press_is_told_who_trains_and_since_when(shop: Shop) -> None:
    hanging(shop)
    with pytest.raises(NotReleased, match=r"one\.trainer在 \d\d:\d\d"):
        shop.workshop.train(shop.two)
    assert len(shop.workshop.releases()) == 1


def test_a_killed_training_is_told_and_leaves_nothing_half_written(shop: Shop) -> None:
    before = shop.live()
    release = shop.trained(how="die")
    assert release.state == "failed" and release.trouble and release.ended_at
    assert shop.left(release) <= {"training.log", "process.log"} and shop.live() == before
    assert shop.trained().state == "ready"


def test_a_training_says_why_it_failed(shop: Shop) -> None:
    release = shop.trained(how="broken")
    assert (release.state, release.trouble) == ("failed", "磁盘满了。")


def test_whoever_stops_a_training_is_named_and_its_process_is_gone(shop: Shop) -> None:
    number = hanging(shop)
    process = int((shop.workshop.folder / LOCK).read_text())
    shop.workshop.stop(shop.two, number)
    release = shop.release(number)
    assert release.state == "stopped" and "two.trainer" in (release.trouble or "")
    assert shop.left(release) <= {"training.log", "process.log"}
    with pytest.raises(ProcessLookupError):
        os.killpg(process, 0)
    with pytest.raises(NotReleased):
        shop.workshop.stop(shop.two, number)


def test_after_a_restart_a_run_that_goes_on_is_waited_for_and_one_that_died_is_marked(shop: Shop) -> None:
    number = hanging(shop)
    shop.workshop._process = None  # as in a server that did not start it
    again = shop.reopened()
    assert shop.release(number).state == "training"
    os.killpg(int((shop.workshop.folder / LOCK).read_text()), signal.SIGKILL)
    assert shop.ended(number).state == "failed" and again.under_way() is None


def test_a_run_that_died_while_no_server_was_there_is_marked_at_the_next_opening(shop: Shop) -> None:
    values = {"folder": "gone", "state": "training", "author_id": shop.one.id, "begun_at": shop.at, "crossed": False}
    number = shop.store.add_release({**values, "sources": "", "lessons": 0, "proposers": []})
    (shop.models / RELEASES / "gone").mkdir(parents=True)
    shop.reopened()
    assert shop.release(number).state == "failed"


def test_a_file_broken_by_hand_is_refused_with_its_line_before_anything_starts(shop: Shop) -> None:
    path = shop.root / "nlu_data" / "disputes" / "wages.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("nlu:", "nlu", 1), encoding="utf-8")
    before = shop.live()
    with pytest.raises(NotReleased, match=r"wages\.yml 第 \d+ 行"):
        shop.workshop.train(shop.one)
    assert shop.workshop.releases() == [] and shop.live() == before
    assert [p.name for p in (shop.models / RELEASES).iterdir()] == [LOCK]


def test_the_examples_are_frozen_at_the_press(shop: Shop) -> None:
    number = hanging(shop)
    release = shop.release(number)
    frozen = shop.models / RELEASES / release.folder / "frozen" / "nlu_data"
    before = {path.name: path.read_bytes() for path in frozen.rglob("*.yml")}
    shop.book.add("wages", "年底了一分没发")
    assert {path.name: path.read_bytes() for path in frozen.rglob("*.yml")} == before
    assert (frozen.parent / "bot" / "config.yml").exists() and (frozen.parent / "domain.yml").exists()


def test_what_is_new_in_a_release_is_counted_with_who_taught_it(shop: Shop) -> None:
    for text in ("甲厂押着工资", "乙厂押着工资"):
        (number,) = shop.lessons.propose_new(shop.one, [text], "wages", "没听懂")
        shop.lessons.approve(shop.two, number)
    release = shop.trained(by=shop.two)
    assert (release.lessons, release.proposers) == (2, [shop.one.id])
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.one, release.id)
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, release.id)


# —— publishing ——


def test_a_second_person_publishes_and_the_model_is_live(shop: Shop) -> None:
    release = shop.trained()
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.one, release.id)
    before = shop.live()
    shop.workshop.publishing.publish(shop.two, release.id)
    now = shop.workshop.publishing.live()
    assert now is not None and now.id == release.id and now.publisher == "two.trainer"
    assert shop.live() == (shop.here / "fresh.tar.gz").read_bytes() != before
    assert [one.id for one in shop.workshop.publishing.published()][-1] == release.id


def test_against_the_gate_only_with_a_reason_that_is_kept(shop: Shop) -> None:
    release = shop.trained(how="worse")
    for why in ("", "  \n "):
        with pytest.raises(NotReleased):
            shop.workshop.publishing.publish(shop.two, release.id, why)
    assert shop.workshop.publishing.live() is None
    shop.workshop.publishing.publish(shop.two, release.id, "考题里那五句写错了，已经报上去")
    (act, *_) = shop.workshop.acts(release.id)
    assert (act.act, act.who, act.why) == ("publish", "two.trainer", "考题里那五句写错了，已经报上去")


def test_what_was_compared_with_another_model_is_not_published(shop: Shop) -> None:
    first = shop.trained()
    shop.model("newer")
    second = shop.trained()
    shop.workshop.publishing.publish(shop.two, first.id)
    assert shop.release(second.id).state == "outdated" and "fenzhen.tar.gz" not in shop.left(shop.release(second.id))
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, second.id)
    third = shop.trained()
    leave(shop.models)
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, third.id)


def test_one_goes_back_to_what_was_before_also_to_what_was_trained_by_hand(shop: Shop) -> None:
    by_hand = shop.live()
    first = shop.trained()
    shop.workshop.publishing.publish(shop.two, first.id)
    shop.model("second")
    second = shop.trained()
    shop.workshop.publishing.publish(shop.two, second.id)
    newest = shop.live()
    shop.workshop.publishing.roll_back(shop.one, first.id)
    assert shop.live() != newest and shop.release(second.id).state == "kept"
    handmade = next(one for one in shop.workshop.publishing.published() if one.author_id is None)
    shop.workshop.publishing.roll_back(shop.one, handmade.id)
    assert shop.live() == by_hand
    shop.workshop.publishing.roll_back(shop.two, second.id)
    assert shop.live() == newest
    with pytest.raises(NotReleased):
        shop.workshop.publishing.roll_back(shop.two, second.id)


def test_only_the_last_ones_are_kept_the_older_keep_their_figures(shop: Shop) -> None:
    for number in range(KEPT + 2):
        shop.model(f"model {number}")
        shop.workshop.publishing.publish(shop.two, shop.trained().id)
    states = [one.state for one in shop.workshop.publishing.published()]
    assert states.count("kept") == KEPT and states.count("dropped") == 2 and states.count("published") == 1
    for one in shop.workshop.publishing.published():
        assert ("fenzhen.tar.gz" in shop.left(one)) == (one.state != "dropped")


class Slow:
    """Loads a model as slowly as it is told."""

    def __init__(self) -> None:
        self.loading, self.go_on, self.switched = threading.Event(), threading.Event(), 0
        self.release = 0

    def __call__(self, _: Path, release: int) -> Callable[[], None]:
        self.release = release
        self.loading.set()
        assert self.go_on.wait(10)

        def switch() -> None:
            self.switched += 1

        return switch


def test_of_two_who_publish_at_once_the_second_is_told(store: Store, desk: Desk, tmp_path: Path) -> None:
    slow = Slow()
    shop = Shop(store, desk, tmp_path, slow)
    first, second = shop.trained(), shop.trained()
    publishing = threading.Thread(target=shop.workshop.publishing.publish, args=(shop.two, first.id))
    publishing.start()
    assert slow.loading.wait(10)
    with pytest.raises(NotReleased, match=r"two\.trainer"):
        shop.workshop.publishing.publish(shop.two, second.id)
    slow.go_on.set()
    publishing.join(10)
    assert slow.switched == 1 and slow.release == first.id
    now = shop.workshop.publishing.live()
    assert now is not None and now.id == first.id


def test_a_model_that_cannot_be_loaded_changes_nothing(store: Store, desk: Desk, tmp_path: Path) -> None:
    def damaged(*_: object) -> Callable[[], None]:
        raise RuntimeError("damaged")

    shop = Shop(store, desk, tmp_path, damaged)
    release, before = shop.trained(), shop.live()
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, release.id)
    assert shop.live() == before and shop.release(release.id).state == "ready"
    (shop.models / RELEASES / release.folder / "fenzhen.tar.gz").write_bytes(b"half")
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, release.id)
    assert shop.release(release.id).state == "ready"


def test_when_the_pointer_cannot_be_written_nothing_is_published(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    release, before = shop.trained(), shop.live()
    (shop.models / ".live.json.new").mkdir()  # stands where the pointer is to be written: no room there
    with pytest.raises(NotReleased):
        shop.workshop.publishing.publish(shop.two, release.id)
    assert shop.live() == before and shop.release(release.id).state == "ready"


def test_when_the_server_dies_between_pointer_and_note_the_pointer_counts(shop: Shop) -> None:
    release = shop.trained()
    shop.workshop.publishing.publish(shop.two, release.id)
    leave(shop.models)
    assert shop.reopened().publishing.live() is None and shop.release(release.id).state == "kept"
    put_live(shop.models, release.id, release.folder)
    now = shop.reopened().publishing.live()
    assert now is not None and now.state == "published"


# —— the pointer ——


def test_without_a_release_the_model_is_the_one_trained_by_hand(tmp_path: Path) -> None:
    assert live(tmp_path) is None and model_file(tmp_path) == trained_file(tmp_path)


@pytest.mark.parametrize("written", ["", "{", "[]", '{"release": "x"}', '{"release": 7, "folder": "gone"}', "null"])
def test_a_pointer_that_leads_nowhere_is_none(tmp_path: Path, written: str) -> None:
    (tmp_path / "live.json").write_text(written)
    assert live(tmp_path) is None


def test_new_examples_are_noticed_and_never_trained_on_by_themselves(shop: Shop) -> None:
    shop.workshop.publishing.publish(shop.two, shop.trained().id)
    assert not shop.workshop.behind()
    shop.book.add("wages", "年底了一分没发")
    assert shop.workshop.behind()


def test_a_training_that_ends_while_its_starter_still_holds_the_lock_is_noted(shop: Shop) -> None:
    """Its end was looked at once: whoever held the lock at that moment left it "training" for ever."""
    shop.workshop.folder.mkdir(parents=True)
    with (shop.workshop.folder / LOCK).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        number = shop.store.add_release(
            {"folder": "r1", "state": "training", "author_id": shop.one.id, "begun_at": NOW, "crossed": False}
            | {"sources": "x", "lessons": 0, "proposers": []},
            "train",
        )
        shop.workshop._process = subprocess.Popen(["true"])
        ended = threading.Thread(target=shop.workshop._watch, args=(shop.workshop._process,), daemon=True)
        ended.start()
        ended.join(0.5)
        assert shop.release(number).state == "training"
    assert shop.ended(number).state == "failed"
