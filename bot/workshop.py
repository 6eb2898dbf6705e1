"""The workshop: trainings of the console in a process of their own.

Hides the frozen copy, the process and the lock that it holds, and what becomes of a run that was killed. What is done
with a release that was trained, `publishing` decides. Called by the training pages.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.live import RELEASES, model_file
from bot.phrasebook import Phrasebook, Unfit
from bot.publishing import Prepare, Publishing
from bot.release_folder import ReleaseFolder
from bot.releases import FROZEN, SAID, NotReleased
from bot.settings import ROOT
from bot.store_releases import Release, ReleaseAct, ReleaseRows
from bot.store_staff import Account
from bot.training import LANGUAGE, fingerprint, is_whole, sources_of

#: Held by a training for as long as it runs; the system lets go of it when the process ends, however it ends.
LOCK = "training.lock"
#: Seconds between two looks at a training, looks until it has to be gone.
LOOK, PATIENCE = 0.5, 20
FOLDS = 5
NO_ROOM = "写不下，可能是磁盘满了。没有开始训练，请告诉管理员。"
KILLED = "训练半路断了：多半是内存不够被系统停掉，或者机器重开过。现在用的没有动，可以再训练一次。"


@dataclass(frozen=True, slots=True)
class Tools:
    """What a trial is run with: the program, the sets, the conversations, the dangers that are only counted."""

    program: tuple[str, ...] = (sys.executable, "-m", "bot", "release", "try")

    quality: Path = ROOT / "tests" / "quality"
    dialogues: Path = ROOT / "tests" / "dialogues"
    seeds: Path = ROOT / "none"


class Workshop:
    """Trainings over a store, a folder of models and a phrasebook, one at a time; `publishing` is about what came of
    them."""

    def __init__(
        self,
        store: ReleaseRows,
        book: Phrasebook,
        models: Path,
        clock: Callable[[], datetime],
        prepare: Prepare | None = None,
        tools: Tools | None = None,
    ) -> None:
        self._store, self._book, self._models, self._clock = store, book, models, clock
        self._tools = tools or Tools()
        self.folder = models / RELEASES
        self.publishing = Publishing(store, book, models, clock, prepare)
        self._process: subprocess.Popen[bytes] | None = None
        self.settle()

    # —— looking ——

    def releases(self, page: int = 0, many: int = 20) -> list[Release]:
        """Releases, newest first."""
        return self._store.releases((), many, page * many)

    def release(self, id_: int) -> Release | None:
        """A release by its number."""
        return self._store.release(id_)

    def acts(self, id_: int) -> list[ReleaseAct]:
        """Who did what with a release."""
        return self._store.release_acts(id_)

    def behind(self) -> bool:
        """Whether the examples have changed since the live model was trained."""
        return sources_of(model_file(self._models)) != fingerprint(self._book.root)

    def new_lessons(self) -> list[int]:
        """Who proposed each lesson that the live model has not heard of."""
        now = self.publishing.live()
        return self._store.taught_since(now.begun_at if now else None)

    def under_way(self) -> Release | None:
        """The training that runs, if one does."""
        return next(iter(self._store.releases(("training",), 1)), None)

    def left_by(self, release: Release) -> ReleaseFolder:
        """What its trial left of a release."""
        return ReleaseFolder(self.folder / release.folder)

    def progress(self, release: Release) -> dict[str, Any]:
        """How far a training is (`ReleaseFolder.progress`), and its `state`."""
        return {**self.left_by(release).progress(), "state": release.state}

    # —— training ——

    def train(self, account: Account, crossed: bool = False) -> int:
        """Start a training from the examples as they are now. Returns its number at once. Raises NotReleased."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise NotReleased(NO_ROOM) from error
        try:
            self._take(lock)
            os.ftruncate(lock, 0)  # no number of an earlier process
            self._settle_dead()
            return self._started(account, crossed, lock)
        finally:
            os.close(lock)

    def _take(self, lock: int) -> None:
        """Take the lock, also from one that has ended and is just being noted. Raises NotReleased while one runs."""
        for _ in range(PATIENCE):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if self.under_way() is not None:
                    break
                time.sleep(LOOK)
        raise NotReleased(self._busy())

    def _busy(self) -> str:
        running = self.under_way()
        if running is None:
            return "已经有一次训练在跑，等它完了再来。"
        return (
            f"{running.author or '有人'}在 {running.begun_at:%H:%M} 按了训练，还没完。一次只能训练一个，等它完了再来。"
        )

    def _started(self, account: Account, crossed: bool, lock: int) -> int:
        at = self._clock()
        name = f"r{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder = self.folder / name
        try:
            frozen = self._frozen(folder)
        except Unfit as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise NotReleased(str(error)) from error
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise NotReleased(NO_ROOM) from error
        proposers = self.new_lessons()
        values = {"folder": name, "state": "training", "author_id": account.id, "begun_at": at, "crossed": crossed}
        told = {"sources": frozen, "lessons": len(proposers), "proposers": sorted(set(proposers))}
        number = self._store.add_release({**values, **told}, "train")
        tools = self._tools
        command = [*tools.program, "--folder", str(folder.resolve())]
        command += ["--live", str(model_file(self._models).resolve()), "--quality", str(tools.quality)]
        command += ["--dialogues", str(tools.dialogues), "--seeds", str(tools.seeds), "--folds", str(FOLDS * crossed)]
        with (folder / SAID).open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, pass_fds=[lock],
                start_new_session=True,
            )  # fmt: skip
        os.pwrite(lock, str(self._process.pid).encode(), 0)
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        return number

    def _frozen(self, folder: Path) -> str:
        """A copy of the language as it is now, whole: nobody writes meanwhile. Returns its fingerprint."""
        root = self._book.root
        frozen = folder / FROZEN
        with self._book.changing():
            broken = self._book.broken()
            if broken:
                raise Unfit(f"nlu_data/{broken[0]}。先改好它，再训练；前台还用原来的，没有动。")
            for name in LANGUAGE:
                path, to = root / name if (root / name).exists() else ROOT / name, frozen / name
                to.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    shutil.copytree(path, to)
                else:
                    shutil.copyfile(path, to)
        return fingerprint(frozen)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._await()

    def settle(self) -> None:
        """Note what became of trainings that have ended, also of those that died with the server; a run that goes on
        is watched to its end."""
        self.publishing.agree()
        if not self.folder.exists() or self.under_way() is None:
            return
        lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._settle_dead()
        except BlockingIOError:
            if self._process is None:
                threading.Thread(target=self._await, daemon=True).start()
        finally:
            os.close(lock)

    def _await(self) -> None:
        """Wait until nobody holds the lock, not even who started the run, and note what became of it. The database may
        be away: what the run left stays until it is back."""
        while self.folder.exists():
            with contextlib.suppress(Exception):
                with (self.folder / LOCK).open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                self.settle()
                if self.under_way() is None:
                    return
            time.sleep(LOOK)

    def _settle_dead(self) -> None:
        """With the lock held, nothing runs: whatever is still called a training has ended."""
        for release in self._store.releases(("training",)):
            folder = self.left_by(release)
            result = folder.result()
            ended = {"ended_at": self._clock()}
            if result is not None and is_whole(folder.model):
                figures = {key: result.get(key) for key in ("before", "after", "objections", "examples", "seconds")}
                for side in ("before", "after"):
                    figures[side] = {k: v for k, v in (figures[side] or {}).items() if k != "answers"} or None
                told = {"version": result["after"]["version"], "base": result["base"], "figures": figures}
                self._store.settle_release(release.id, "training", "ready", {**ended, **told})
            else:
                words = (folder.trouble() or KILLED)[:400]
                folder.tidy()
                self._store.settle_release(release.id, "training", "failed", {**ended, "trouble": words})

    def stop(self, account: Account, id_: int) -> None:
        """Stop a training. Raises NotReleased when it does not run any more."""
        ended = {"ended_at": self._clock(), "trouble": f"{account.shown}按了停。"}
        if not self._store.settle_release(id_, "training", "stopped", ended):
            raise NotReleased("这一次训练已经完了，停不了了。")
        self._store.add_release_act(id_, account.id, self._clock(), "stop")
        self._end_process()
        release = self._store.release(id_)
        if release is not None:
            self.left_by(release).tidy()

    def _end_process(self) -> None:
        """Kill the training's processes while they hold the lock: their number is then nobody else's. Comes back when
        they are gone, so that nothing is written behind the tidying."""
        lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            for _ in range(PATIENCE):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    with contextlib.suppress(ProcessLookupError, ValueError):
                        os.killpg(int(os.pread(lock, 20, 0).decode()), signal.SIGKILL)
                    time.sleep(LOOK)
        finally:
            os.close(lock)
