"""Which release is live: publishing by a second person, going back, and the switch without losing a running talk.

Hides that the pointer, the rows and the model in memory change together or not at all, and that what was trained by hand
becomes a release too, to go back to. Nothing here runs beside citizens' turns but the loading of the model. Called by
`workshop`, which trains, and by the training pages.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.live import NAME, RELEASES, WORDS, digest, live, model_file, put_live
from bot.phrasebook import Phrasebook
from bot.release_folder import ReleaseFolder
from bot.releases import LONGEST_REASON, NotReleased, to_drop, why_not
from bot.store_releases import Release, ReleaseRows
from bot.store_staff import Account
from bot.training import is_whole, sources_of

FULL = "换不上，可能是磁盘满了。现在用的没有动，请告诉管理员。"

#: Loads a model beside the live one, as the release of a number, and gives what puts it in its place.
Prepare = Callable[[Path, int], Callable[[], None]]


class Publishing:
    """What is and was live, over a store and a folder of models. One publishing at a time."""

    def __init__(
        self,
        store: ReleaseRows,
        book: Phrasebook,
        models: Path,
        clock: Callable[[], datetime],
        prepare: Prepare | None = None,
    ) -> None:
        self._store, self._book, self._models, self._clock, self._prepare = store, book, models, clock, prepare
        self._one = threading.Lock()
        self._publisher = ""

    def _folder(self, release: Release) -> ReleaseFolder:
        return ReleaseFolder(self._models / RELEASES / release.folder)

    def published(self) -> list[Release]:
        """Every release that was ever live, with its figures and when it was published, in that order."""
        return self._store.published_releases()

    def live(self) -> Release | None:
        """The release that is live, or None when the live model was trained by hand."""
        pointed = live(self._models)
        found = self._store.release(pointed.number) if pointed else None
        return found if found is not None and pointed is not None and found.folder == pointed.folder.name else None

    def candidate(self) -> Path | None:
        """The model of the newest release that waits to be published, if one does."""
        waiting = self._store.releases(("ready",), 1)
        model = self._folder(waiting[0]).model if waiting else None
        return model if model is not None and model.is_file() else None

    def compared_with_live(self, release: Release) -> bool:
        """Whether the live model is still the one with which a release was compared."""
        return release.base == digest(model_file(self._models))

    def agree(self) -> None:
        """What the pointer says is so: the server may have died between the two, or somebody left the releases."""
        pointed, known = live(self._models), self._store.releases(("published", "kept"))
        for release in known:
            is_live = pointed is not None and pointed.folder.name == release.folder
            if is_live != (release.state == "published"):
                self._store.settle_release(release.id, release.state, "published" if is_live else "kept", {})

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
        if not self._one.acquire(blocking=False):
            raise NotReleased(f"{self._publisher}正在换模型，等几秒再看。")
        try:
            self._publisher = account.shown
            model = self._folder(release).model
            if not is_whole(model):
                raise NotReleased("这一版的模型文件不在了，或者坏了，换不上。现在用的没有动。")
            self._keep_handmade(release)
            try:
                switch = self._prepare(model, release.id) if self._prepare else None
            except RuntimeError as error:
                raise NotReleased("这一版的模型打不开，换不上。现在用的没有动，请告诉管理员。") from error
            self._point(account, release, act, why)
            if switch is not None:
                switch()
            for old in to_drop(self._kept()):
                if self._store.settle_release(old.id, "kept", "dropped", {}):
                    self._folder(old).tidy()
            for outdated in self._store.releases(("outdated",)):
                self._folder(outdated).tidy()
        finally:
            self._one.release()

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
        return [one for one in reversed(self.published()) if one.state == "kept"]

    def _keep_handmade(self, after: Release) -> None:
        """Before a first publishing: what was trained by hand becomes a release too, to go back to."""
        handmade = model_file(self._models)
        if live(self._models) is not None or not handmade.is_file():
            return
        mark = digest(handmade)
        if any(digest(self._folder(one).model) == mark for one in self._store.releases(("kept",))):
            return
        at = min(datetime.fromtimestamp(int(handmade.stat().st_mtime)), self._clock())
        name = f"h{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder, sources = self._models / RELEASES / name, sources_of(handmade)
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
