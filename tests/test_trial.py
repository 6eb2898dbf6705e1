"""Claims about real training processes: killed in the middle, without room on the disk, over a broken file."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_phrasebook import a_small_root
from workshops import Shop, a_model

from bot import trial
from bot.desk import Desk
from bot.live import words_of
from bot.quality.sets import GoldSet
from bot.settings import ROOT
from bot.store import Store
from bot.trial import Order, changed
from bot.workshop import LOCK, Tools, Workshop

pytestmark = pytest.mark.running
PROGRAM = Tools().program
#: Bytes of a file in a process that has no room: less than the sentence vectors, more than any text.
NO_ROOM = 4_000_000


@pytest.fixture(autouse=True)
def half_written_things_go_where_they_went(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial run inside this process sends what is half-written into a folder that is gone with its test."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)


@pytest.fixture()
def shop(desk: Desk, tmp_path: Path) -> Iterator[Shop]:
    store = Store.open(f"sqlite:///{tmp_path / 'shop.db'}")
    opened = Shop(store, desk, tmp_path)
    yield opened
    if opened.workshop.under_way():
        opened.workshop._end_process()
    store.close()


def real(shop: Shop, *before: str) -> Workshop:
    """A workshop that trains with the real program."""
    tools = Tools((*before, *PROGRAM), shop.here / "none", shop.here / "none", shop.here / "none")
    shop.workshop = Workshop(shop.store, shop.book, shop.models, shop.clock, None, tools)
    return shop.workshop


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def training(shop: Shop) -> tuple[int, int, int]:
    """A real training at work: number of the release, its process, Rasa's process."""
    number = real(shop).train(shop.one)
    process = int((shop.workshop.folder / LOCK).read_text())
    shop.until(lambda: bool(children(process)), 60)
    return number, process, children(process)[0]


def test_a_killed_training_takes_rasa_with_it_and_leaves_the_live_model_and_no_rest(shop: Shop) -> None:
    before = shop.live()
    number, process, rasa = training(shop)
    os.kill(process, signal.SIGKILL)
    release = shop.ended(number)
    assert release.state == "failed" and "内存" in (release.trouble or "")
    shop.until(lambda: gone(rasa))
    assert shop.left(release) <= {"training.log", "process.log"} and shop.live() == before
    shop.workshop = shop.reopened()
    assert shop.trained().state == "ready"


def test_when_the_system_kills_rasa_for_its_memory_the_page_says_so(shop: Shop) -> None:
    number, _, rasa = training(shop)
    os.kill(rasa, signal.SIGKILL)
    shop.until(lambda: shop.release(number).state != "training", 60)
    release = shop.release(number)
    assert release.state == "failed" and "内存不够" in (release.trouble or "")
    assert shop.left(release) <= {"training.log", "process.log"}


def test_a_stopped_training_ends_at_once_with_rasa(shop: Shop) -> None:
    number, process, rasa = training(shop)
    shop.workshop.stop(shop.two, number)
    shop.until(lambda: gone(rasa) and gone(process))
    assert shop.release(number).state == "stopped"
    assert shop.left(shop.release(number)) <= {"training.log", "process.log"}


def test_without_room_on_the_disk_a_training_says_so_and_frees_what_it_wrote(shop: Shop) -> None:
    (shop.models / "vectors.npz").write_bytes(b"0" * (NO_ROOM + 1))
    before = shop.live()
    number = real(shop, "prlimit", f"--fsize={NO_ROOM}").train(shop.one)
    shop.until(lambda: shop.release(number).state != "training", 60)
    release = shop.release(number)
    assert release.state == "failed" and "磁盘满了" in (release.trouble or "")
    assert shop.left(release) <= {"training.log", "process.log"} and shop.live() == before


def test_a_domain_broken_by_hand_is_named_with_its_line(shop: Shop) -> None:
    written = (ROOT / "domain.yml").read_text(encoding="utf-8")
    at = written[: written.index("intents:")].count("\n") + 1
    (shop.root / "domain.yml").write_text(written.replace("intents:", "intents: [", 1), encoding="utf-8")
    number = real(shop).train(shop.one)
    shop.until(lambda: shop.release(number).state != "training", 60)
    trouble = shop.release(number).trouble or ""
    named = trouble.partition("domain.yml 第 ")[2].partition(" 行")[0]
    assert named.isdigit() and int(named) >= at, trouble


def test_changed_answers_begin_with_what_got_worse(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "quality" / "types.jsonl", tmp_path)
    cases = GoldSet.load(tmp_path).cases["types"][:3]

    def told(*answers: str) -> dict[str, Any]:
        rows = {case["id"]: {"gold": case["type"], "answer": answer} for case, answer in zip(cases, answers)}
        return {"answers": {"types": rows, "safety": {}}}

    gold = [case["type"] for case in cases]
    rows = list(changed(GoldSet.load(tmp_path), told("x", gold[1], gold[2]), told(gold[0], gold[1], "x")))
    assert [row["id"] for row in rows] == [cases[2]["id"], cases[0]["id"]]
    assert rows[0]["text"] and rows[0]["gold"] == rows[0]["was"] == gold[2]


def test_a_model_is_measured_with_the_words_it_was_trained_with_and_once_it_is_live_not_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may approve a word while the training runs; and the figures of what was published are known already."""
    live, asked = a_model(tmp_path / "fenzhen.tar.gz", "by hand"), []

    def trained(folder: Path, *_: Any, **__: Any) -> None:
        a_model(folder / "fenzhen.tar.gz", folder.name)

    def measured(order: Order, model: Path, _: Any) -> dict[str, Any]:
        asked.append((model.parent.name, words_of(model) is not None))
        return {"version": "abcd1234", "answers": {"types": {}, "safety": {}}}

    monkeypatch.setattr(trial, "train", trained)
    monkeypatch.setattr(trial, "measured", measured)
    monkeypatch.setattr(os, "nice", lambda _: None)
    for name in ("first", "second", "third"):
        folder = tmp_path / "releases" / name
        shutil.copytree(a_small_root(tmp_path / name), folder / "frozen")
        (folder / "frozen" / "nlu_data" / "words").mkdir(exist_ok=True)
        none = tmp_path / "none"
        assert trial.run(Order(folder, live, none, none, none)) == 0, (folder / "trouble.json").read_text()
        live = folder / "fenzhen.tar.gz" if name == "first" else live  # the second is not published
    assert asked == [(tmp_path.name, False), ("first", True), ("second", True), ("third", True)]


def test_the_cross_validation_tells_each_part_and_leaves_the_shared_vectors_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, it stood at 0 of 5 for half an hour, and encoded every sentence anew in each part."""

    def crossing(asked: object, folds: int, tell: Callable[[str], None], memory: Path) -> list[object]:
        assert memory.read_bytes() == b"vectors"
        memory.write_bytes(b"others")
        for number in range(folds):
            tell(f"{number}")
        return []

    monkeypatch.setattr(trial, "crossed", crossing)
    monkeypatch.setattr(trial, "_examples", lambda _: iter(()))
    folder = tmp_path / "releases" / "r1"
    (folder / trial.SPOOL).mkdir(parents=True)
    (tmp_path / trial.VECTORS).write_bytes(b"vectors")
    told: list[tuple[str, int, int]] = []
    order = trial.Order(folder, tmp_path, tmp_path, tmp_path, tmp_path, 5)
    assert trial._crossed(order, lambda *step: told.append(step)) == []
    assert told == [("crossing", done, 5) for done in range(5)]
    assert (tmp_path / trial.VECTORS).read_bytes() == b"vectors"
