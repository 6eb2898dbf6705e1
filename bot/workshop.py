"""The workshop: trainings of the console in a process of their own, and which model is live.

Hides the frozen copy, the process and its folder, what becomes of a run that was killed, and the switch. Nothing here
runs beside citizens' turns but the loading of a model that is to be published. Called by the training pages.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.live import NAME, RELEASES, WORDS, digest, live, model_file, put_live
from bot.phrasebook import Phrasebook, Unfit
from bot.releases import (
    FROZEN,
    LOG,
    LONGEST_REASON,
    PROGRESS,
    RESULT,
    SAID,
    STEPS,
    TROUBLE,
    NotReleased,
    to_drop,
    why_not,
)
from bot.releases import (
    LANGUAGE as LANGUAGE_KEPT,
)
from bot.settings import ROOT
from bot.store_releases import Release, ReleaseAct, ReleaseRows
from bot.store_staff import Account
from bot.training import LANGUAGE, fingerprint, is_whole, sources_of

#: Held by a training for as long as it runs; the system lets go of it when the process ends, however it ends.
LOCK = "training.lock"
#: What is left of a release without a model.
LEFT = frozenset({LOG, SAID, RESULT})
#: Seconds between two looks at a training, looks until it has to be gone; characters of its log that are shown.
LOOK, PATIENCE, LOG_SHOWN = 0.5, 20, 6000
FOLDS = 5
NO_ROOM = "写不下，可能是磁盘满了。没有开始训练，请告诉管理员。"
FULL = "换不上，可能是磁盘满了。现在用的没有动，请告诉管理员。"
KILLED = "训练半路断了：多半是内存不够被系统停掉，或者机器重开过。现在用的没有动，可以再训练一次。"

#: Loads a model beside the live one and gives what puts it in its place.
Prepare = Callable[[Path], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a trial is run with: the program, the sets, the conversations, the dangers that are only counted."""

    program: tuple[str, ...] = (sys.executable, "-m", "bot", "release", "try")

    quality: Path = ROOT / "tests" / "quality"
    dialogues: Path = ROOT / "tests" / "dialogues"
    seeds: Path = ROOT / "none"


class Workshop:
    """Releases over a store, a folder of models and a phrasebook. One training and one publishing at a time."""

    def __init__(
        self,
        store: ReleaseRows,
        book: Phrasebook,
        models: Path,
        clock: Callable[[], datetime],
        prepare: Prepare | None = None,
        tools: Tools | None = None,
    ) -> None:
        self._store, self._book, self._models, self._clock, self._prepare = store, book, models, clock, prepare
        self._tools = tools or Tools()
        self.folder = models / RELEASES
        self._publishing = threading.Lock()
        self._publisher = ""
        self._process: subprocess.Popen[bytes] | None = None
        self.settle()

    # —— looking ——

    def releases(self, page: int = 0, many: int = 20) -> list[Release]:
        """Releases, newest first."""
        return self._store.releases((), many, page * many)

    def release(self, id_: int) -> Release | None:
        """A release by its number."""
        return self._store.release(id_)

    def candidate(self) -> Path | None:
        """The model of the newest release that waits to be published, if one does."""
        waiting = self._store.releases(("ready",), 1)
        model = self.folder / waiting[0].folder / f"{NAME}.tar.gz" if waiting else None
        return model if model is not None and model.is_file() else None

    def acts(self, id_: int) -> list[ReleaseAct]:
        """Who did what with a release."""
        return self._store.release_acts(id_)

    def published(self) -> list[Release]:
        """Every release that was ever live, with its figures and when it was published, in that order."""
        return self._store.published_releases()

    def live(self) -> Release | None:
        """The release that is live, or None when the live model was trained by hand."""
        pointed = live(self._models)
        found = self._store.release(pointed.number) if pointed else None
        return found if found is not None and pointed is not None and found.folder == pointed.folder.name else None

    def behind(self) -> bool:
        """Whether the examples have changed since the live model was trained."""
        return sources_of(model_file(self._models)) != fingerprint(self._book.root)

    def new_lessons(self) -> list[int]:
        """Who proposed each lesson that the live model has not heard of."""
        now = self.live()
        return self._store.taught_since(now.begun_at if now else None)

    def under_way(self) -> Release | None:
        """The training that runs, if one does."""
        return next(iter(self._store.releases(("training",), 1)), None)

    def result(self, release: Release) -> dict[str, Any] | None:
        """All that was measured, with texts; None while there is none or it is gone."""
        return _read(self.folder / release.folder / RESULT)

    def progress(self, release: Release) -> dict[str, Any]:
        """How far a training is: `state`, `step`, `done` of `of`, `seconds`, the end of the `log`."""
        told = _read(self.folder / release.folder / PROGRESS) or {"step": STEPS[0], "done": 0, "of": 0, "seconds": 0}
        return {**told, "state": release.state, "log": self.log(release)}

    def language(self, release: Release) -> dict[str, str] | None:
        """Examples and words as they were when a release was trained: file below `nlu_data` → content; None when they
        are not kept."""
        try:
            with zipfile.ZipFile(self.folder / release.folder / LANGUAGE_KEPT) as packed:
                names = [name for name in packed.namelist() if name.startswith("nlu_data/")]
                kept = [name for name in names if name.endswith((".yml", ".txt"))]
                return {name.partition("/")[2]: packed.read(name).decode("utf-8") for name in kept}
        except (OSError, ValueError, zipfile.BadZipFile):
            return None

    def log(self, release: Release) -> str:
        """The end of what the training wrote."""
        written = [_text(self.folder / release.folder / name) for name in (LOG, SAID)]
        return "\n".join(text for text in written if text)[-LOG_SHOWN:]

    def compared_with_live(self, release: Release) -> bool:
        """Whether the live model is still the one with which a release was compared."""
        return release.base == digest(model_file(self._models))

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
        while True:
            with contextlib.suppress(Exception):  # the database may be away: what the run left stays until it is back
                self.settle()
                return
            time.sleep(LOOK)

    def settle(self) -> None:
        """Note what became of trainings that have ended, also of those that died with the server; a run that goes on
        is watched to its end."""
        self._agree()
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

    def _agree(self) -> None:
        """What the pointer says is so: the server may have died between the two, or somebody left the releases."""
        pointed, known = live(self._models), self._store.releases(("published", "kept"))
        for release in known:
            is_live = pointed is not None and pointed.folder.name == release.folder
            if is_live != (release.state == "published"):
                self._store.settle_release(release.id, release.state, "published" if is_live else "kept", {})

    def _await(self) -> None:
        """Wait for a training that an earlier server started."""
        with contextlib.suppress(Exception):
            with (self.folder / LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
            self.settle()

    def _settle_dead(self) -> None:
        """With the lock held, nothing runs: whatever is still called a training has ended."""
        for release in self._store.releases(("training",)):
            folder = self.folder / release.folder
            result, trouble = _read(folder / RESULT), _read(folder / TROUBLE)
            ended = {"ended_at": self._clock()}
            if result is not None and is_whole(folder / f"{NAME}.tar.gz"):
                figures = {key: result.get(key) for key in ("before", "after", "objections", "examples", "seconds")}
                for side in ("before", "after"):
                    figures[side] = {k: v for k, v in (figures[side] or {}).items() if k != "answers"} or None
                told = {"version": result["after"]["version"], "base": result["base"], "figures": figures}
                self._store.settle_release(release.id, "training", "ready", {**ended, **told})
            else:
                words = str((trouble or {}).get("words") or KILLED)[:400]
                _tidy(folder)
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
            _tidy(self.folder / release.folder)

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

    # —— publishing ——

    def publish(self, account: Account, id_: int, why: str = "") -> None:
        """Make a release the live model. `why`: needed when the gate objects. Raises NotReleased."""
        release = self._store.release(id_)
        if release is None or release.state != "ready":
            raise NotReleased("这一版现在不能发布：可能刚有别人发布了，请刷新看看。")
        if not self.compared_with_live(release):
            raise NotReleased("它比的是以前的模型，现在用的已经换了。请再训练一次，和现在的比过再发布。")
        trouble = why_not(account.id, release.author_id, release.proposers)
        if trouble is not None:
            raise NotReleased(trouble)
        why = " ".join(why.split())
        if (release.figures or {}).get("objections") and not why:
            raise NotReleased("有没过的，要发布就写一句为什么，会一直留着给大家看。")
        if len(why) > LONGEST_REASON:
            raise NotReleased(f"为什么，写一句话，{LONGEST_REASON} 个字以内。")
        self._put(account, release, "publish", why or None)

    def roll_back(self, account: Account, id_: int) -> None:
        """Make an earlier release live again, at once. Raises NotReleased when it is not kept any more."""
        release = self._store.release(id_)
        if release is None or release.state != "kept":
            raise NotReleased("这一版退不回去：模型没有留着，或者刚有别人换过，请刷新看看。")
        self._put(account, release, "roll_back", None)

    def _put(self, account: Account, release: Release, act: str, why: str | None) -> None:
        if not self._publishing.acquire(blocking=False):
            raise NotReleased(f"{self._publisher}正在换模型，等几秒再看。")
        try:
            self._publisher = account.shown
            model = self.folder / release.folder / f"{NAME}.tar.gz"
            if not is_whole(model):
                raise NotReleased("这一版的模型文件不在了，或者坏了，换不上。现在用的没有动。")
            self._keep_handmade(release)
            try:
                switch = self._prepare(model) if self._prepare else None
            except RuntimeError as error:
                raise NotReleased("这一版的模型打不开，换不上。现在用的没有动，请告诉管理员。") from error
            self._point(account, release, act, why)
            if switch is not None:
                switch()
            for old in to_drop(self._kept()):
                if self._store.settle_release(old.id, "kept", "dropped", {}):
                    _tidy(self.folder / old.folder)
            for outdated in self._store.releases(("outdated",)):
                _tidy(self.folder / outdated.folder)
        finally:
            self._publishing.release()

    def _point(self, account: Account, release: Release, act: str, why: str | None) -> None:
        """Note it and point at it, both or neither."""

        def write() -> None:
            put_live(self._models, release.id, release.folder)

        try:
            done = self._store.publish_release(release, account.id, self._clock(), act, why, write)
        except OSError as error:
            raise NotReleased(FULL) from error
        if not done:
            raise NotReleased("刚有别人发布了另一版，这一版没有换上。请刷新看看。")

    def _kept(self) -> list[Release]:
        """Those that could be gone back to, last published first."""
        return [one for one in reversed(self._store.published_releases()) if one.state == "kept"]

    def _keep_handmade(self, after: Release) -> None:
        """Before a first publishing: what was trained by hand becomes a release too, to go back to."""
        handmade = model_file(self._models)
        if live(self._models) is not None or not handmade.is_file():
            return
        mark = digest(handmade)
        if any(digest(self.folder / one.folder / handmade.name) == mark for one in self._store.releases(("kept",))):
            return
        at = min(datetime.fromtimestamp(int(handmade.stat().st_mtime)), self._clock())
        name = f"h{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder, sources = self.folder / name, sources_of(handmade)
        try:
            folder.mkdir(parents=True)
            shutil.copyfile(handmade, folder / handmade.name)
            (folder / f"{NAME}.sources").write_text(sources)
            if (self._book.folder / WORDS).is_dir():
                shutil.copytree(self._book.folder / WORDS, folder / WORDS)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise NotReleased(FULL) from error
        measured = (after.figures or {}).get("before") if after.base == mark else None
        known = {"folder": name, "state": "kept", "author_id": None, "begun_at": at, "crossed": False, "lessons": 0}
        told = {"version": (measured or {}).get("version"), "figures": {"after": measured} if measured else None}
        self._store.add_release({**known, **told, "sources": sources, "proposers": [], "published_at": at})


def _tidy(folder: Path) -> None:
    """Of a release without a model its logs and figures are left."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.name not in LEFT:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
