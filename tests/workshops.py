"""A workshop over a small phrasebook and a folder of models of its own, for tests. Its trials are carried out by a
stand-in process that leaves what a trial leaves, so that only those tests train that are about training."""

from __future__ import annotations

import io
import json
import sys
import tarfile
import textwrap
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders import QUICK, an_account
from test_phrasebook import a_small_root

from bot import knowledge
from bot.desk import Desk
from bot.labels import Labels
from bot.lessons import Lessons
from bot.live import NAME, RELEASES, digest, trained_file
from bot.phrasebook import Phrasebook
from bot.publishing import Prepare
from bot.quality.figures import FOCUS
from bot.staff import Staff
from bot.store import Store
from bot.store_releases import Release
from bot.store_staff import Account
from bot.training import fingerprint
from bot.workshop import Tools, Workshop

NOW = datetime(2026, 11, 23, 9)
#: What a trial does, in a word: `good` and `worse` leave a result, `hang` goes on, `die` is killed, `broken` says why not.
STAND_IN = """
import argparse, json, os, pathlib, shutil, signal, sys, time
parser = argparse.ArgumentParser()
for name in ("folder", "live", "quality", "dialogues", "seeds", "folds"):
    parser.add_argument("--" + name)
told = parser.parse_args()
folder, here = pathlib.Path(told.folder), pathlib.Path({here!r})
how = (here / "how").read_text()
(folder / "training.log").write_text("Epoch 1")
(folder / "half-written").write_text("x" * 1000)
if how == "hang":
    time.sleep(600)
if how == "die":
    os.kill(os.getpid(), signal.SIGKILL)
if how == "broken":
    (folder / "trouble.json").write_text(json.dumps({{"kind": "disk", "words": "磁盘满了。"}}))
    sys.exit(1)
shutil.copyfile(here / "fresh.tar.gz", folder / "fenzhen.tar.gz")
(folder / "fenzhen.sources").write_text((here / "sources").read_text())
(folder / "result.json").write_text((here / how).read_text())
"""


def a_model(path: Path, content: str) -> Path:
    """A model file as far as a workshop looks into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("components/desk_model.joblib")
        member.size = len(content.encode())
        archive.addfile(member, io.BytesIO(content.encode()))
    return path


def figures(wages: int = 10) -> dict[str, Any]:
    """What a trial measures of a model that knows so many of ten wage stories, and all else."""
    right = {type_: wages if type_ == "wages" else 10 for type_ in FOCUS}
    confusion = {type_: {type_: many, "other": 10 - many} for type_, many in right.items()}
    per_type = {type_: {"n": 10, "precision": 1.0, "recall": many / 10, "f1": 1.0} for type_, many in right.items()}
    types = {
        "n": 50,
        "six_accuracy": 0.98,
        "fifteen_accuracy": 0.96,
        "in_three": 1.0,
        "confusion": confusion,
        "per_type": per_type,
    }
    signs = {"n": 4, "recall": 1.0, "precision": 1.0, "signs": {"violence": {"right": 4, "missed": 0, "wrong": 0}}}
    return {
        "version": "abcd1234",
        "types": types,
        "safety": {"heldout": signs},
        "replays": {"happy::工资": ""},
        "answers": {},
    }


class Shop:
    """A workshop with two trainers and lessons."""

    def __init__(self, store: Store, desk: Desk, folder: Path, prepare: Prepare | None = None) -> None:
        self.store, self.here = store, folder
        staff = Staff(store, hasher=QUICK)
        for name in ("one.trainer", "two.trainer"):
            an_account(staff, desk, name, "trainer")
        self.one, self.two = self.account("one.trainer"), self.account("two.trainer")
        self.root, self.models, self.at = a_small_root(folder / "language"), folder / "models", NOW
        self.book = Phrasebook(self.root)
        self.lessons = Lessons(
            store, self.book, Labels(self.book, knowledge.taxonomy(), knowledge.labels()), self.clock
        )
        (folder / "stand_in.py").write_text(textwrap.dedent(STAND_IN.format(here=str(folder))), encoding="utf-8")
        a_model(trained_file(self.models), "by hand")
        self.model("new")
        self.does("good")
        self.prepare = prepare
        self.workshop = self.reopened()

    def clock(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def account(self, name: str) -> Account:
        found = self.store.account(name)
        assert found is not None
        return found

    def reopened(self) -> Workshop:
        """The workshop as a server opens it."""
        tools = Tools((sys.executable, str(self.here / "stand_in.py")))
        return Workshop(self.store, self.book, self.models, self.clock, self.prepare, tools)

    def model(self, content: str) -> None:
        """What the next trial trains."""
        a_model(self.here / "fresh.tar.gz", content)

    def does(self, how: str) -> None:
        """What the next trial comes to."""
        (self.here / "how").write_text(how)
        after = figures(5 if how == "worse" else 10)
        objections = [{"kind": "recall", "subject": "wages", "was": 10, "now": 5, "many": 10}] if how == "worse" else []
        told = {
            "before": figures(),
            "after": after,
            "objections": objections,
            "changed": [],
            "examples": 9,
            "seconds": 3,
        }
        from bot.live import model_file

        (self.here / how).write_text(json.dumps({**told, "base": digest(model_file(self.models))}))
        (self.here / "sources").write_text(fingerprint(self.root))

    def trained(self, by: Account | None = None, how: str = "good") -> Release:
        """A training carried through."""
        self.does(how)
        number = self.workshop.train(by or self.one)
        return self.ended(number)

    def ended(self, number: int) -> Release:
        self.until(lambda: self.release(number).state != "training")
        return self.release(number)

    def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "never came"
            time.sleep(0.05)

    def release(self, number: int) -> Release:
        found = self.store.release(number)
        assert found is not None
        return found

    def left(self, release: Release) -> set[str]:
        return {path.name for path in (self.models / RELEASES / release.folder).iterdir()}

    def live(self) -> bytes:
        from bot.live import model_file

        return model_file(self.models).read_bytes()


__all__ = ["NAME", "Shop", "a_model", "figures"]
