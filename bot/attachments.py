"""Photos and papers that a citizen sends as evidence: kept outside the web root under random names.

Hides the folder and the order in which file and row come and go: a row without its file cannot be left behind by a
crash, and a file without its row is swept away. The name on her device is kept in the row only. Called by the desk,
which decides who may see what; `forget` is what deleting her material calls.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.evidence_files import ENDINGS, Cleaned, Unfit, clean
from bot.keys import FILE_HEAD, KeysError, sealed_by
from bot.store import Message, Store, StoreError, Talk

#: Files that one matter may have.
MOST = 20
LONGEST_TITLE = 80
#: A file without a row may belong to an upload that is just being entered.
SWEEP_AFTER_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Attachment:
    """One kept file. `id` is its random name; `title` the name on her device; `kind` jpg, png or pdf; `size` bytes."""

    id: str
    title: str
    kind: str
    size: int
    pages: int | None
    sha256: str
    at: datetime
    filed: bool = False

    @property
    def media_type(self) -> str:
        return ENDINGS[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """As the page and the filed document have it."""
        return {**asdict(self), "at": self.at.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file written but not entered yet."""

    id: str
    cleaned: Cleaned
    sha256: str


class Attachments:
    """All keeping of attachments, over a folder and the store's rows."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._rows = store.attachments
        self._ring = store.keys

    def keep(self, content: bytes) -> Kept:
        """Clean a sent file and write it. Raises Unfit: wrong kind, size, damaged, or no room on the disk.

        Slow (pictures are drawn anew): to be called outside the event loop.
        """
        cleaned = clean(content)
        kept = Kept(secrets.token_hex(16), cleaned, hashlib.sha256(cleaned.content).hexdigest())
        try:
            self._write(self._path(kept.id), cleaned.content)
            if cleaned.small is not None:
                self._write(self._path(kept.id, small=True), cleaned.small)
        except OSError as error:
            self._unlink(kept.id)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Unfit("full", "这边放文件的地方满了，这个没收下来。您说的话都在，照片请先留好。") from error
            raise Unfit("unwritable", "这个文件这会儿存不下来，请过一会儿再发。您说的话都在。") from error
        return kept

    def enter(self, talk: Talk, kept: Kept, title: str, at: datetime, client_id: str | None) -> Attachment:
        """Enter a written file into the talk, as a bubble of hers. The same `client_id` twice is one file."""
        known = self.known(talk, client_id)
        if known is not None:
            self._unlink(kept.id)
            return known
        cleaned = kept.cleaned
        shown = _title(title, cleaned.kind)
        attachment = Attachment(
            kept.id, shown, cleaned.kind, len(cleaned.content), cleaned.pages, kept.sha256, at, _filed(talk)
        )
        what = "文件" if cleaned.kind == "pdf" else "照片"
        show = {"attachment": {"id": kept.id, "title": shown, "kind": cleaned.kind, "pages": cleaned.pages}}
        bubble = Message(0, "citizen", at, int(talk.draft.get("turn", 0)), f"［{what}］{shown}", show)
        try:
            self._rows.enter(talk.id, bubble, _columns(attachment), client_id, attachment.filed)
        except Exception:
            self._unlink(kept.id)
            raise
        return attachment

    def known(self, talk: Talk, client_id: str | None) -> Attachment | None:
        """The attachment that the page sent under this id before, or None."""
        row = self._rows.known(talk, client_id) if client_id else None
        return Attachment(**row) if row else None

    def of(self, talk: Talk) -> list[Attachment]:
        """Everything sent in a talk, oldest first."""
        return [Attachment(**row) for row in self._rows.of_talk(talk.id)]

    def waiting(self, talk: Talk) -> list[Attachment]:
        """What was sent for the matter that is not filed yet."""
        return [attachment for attachment in self.of(talk) if not attachment.filed]

    def of_record(self, receipt: str) -> list[Attachment]:
        """What lies with a filed record, also what she sent afterwards; for the mediators."""
        return [Attachment(**row) for row in self._rows.of_record(receipt)]

    def content(self, attachment: Attachment, small: bool = False) -> bytes | None:
        """The bytes of a file, or of its small picture; None when there is none. Raises StoreError: its key is gone."""
        try:
            return self._ring.open_bytes(self._path(attachment.id, small).read_bytes())
        except FileNotFoundError:
            return None
        except KeysError as error:
            raise StoreError(str(error)) from error

    def drop(self, talk: Talk, id_: str) -> bool:
        """Delete one file of a talk: the bytes, the row, the name in her bubble. False when there is none."""
        if not self._rows.drop(talk, id_, "［已删除］"):
            return False
        self._unlink(id_)
        return True

    def forget(self, key: str) -> int:
        """Delete every file of a talk that was not filed. Filed ones lie with their record. Returns how many."""
        gone = self._rows.forget(key)
        for id_ in gone:
            self._unlink(id_)
        return len(gone)

    def forget_record(self, receipt: str) -> int:
        """Delete every file of a filed record. Returns how many."""
        gone = self._rows.forget_record(receipt)
        for id_ in gone:
            self._unlink(id_)
        return len(gone)

    def sweep(self) -> int:
        """Delete rows that belong to nothing any more and files without a row. Returns how many files."""
        self._rows.drop_ownerless()
        known, swept = self._rows.ids(), 0
        for path in self._folder.glob("??/*") if self._folder.is_dir() else ():
            if path.name[:32] not in known and time.time() - path.stat().st_mtime > SWEEP_AFTER_SECONDS:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    # —— keys ——

    def seal_anew(self) -> tuple[int, int]:
        """Seal every file under the first key that is not. Returns how many, and how many could not be opened."""
        sealed = lost = 0
        name = self._ring.first.name
        for path in self._files():
            try:
                if self._sealed_by(path) == name:
                    continue
                content = self._ring.open_bytes(path.read_bytes())
                if path.exists():  # she may have deleted it meanwhile; what slips through, the sweep takes
                    self._write(path, content)
                    sealed += 1
            except FileNotFoundError:
                continue
            except (KeysError, OSError):
                lost += 1
        return sealed, lost

    def sealed_under(self) -> Counter[str]:
        """How many files lie under which key (its name; empty: under none)."""
        return Counter(self._sealed_by(path) for path in self._files())

    @staticmethod
    def _sealed_by(path: Path) -> str:
        with path.open("rb") as file:
            return sealed_by(file.read(FILE_HEAD))

    def _files(self) -> list[Path]:
        # Only what has a row here: a folder may hold another database's files, under that one's key.
        paths = (self._path(id_, small) for id_ in sorted(self._rows.ids()) for small in (False, True))
        return [path for path in paths if path.exists()]

    # —— the folder ——

    def _path(self, id_: str, small: bool = False) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", id_):
            raise ValueError("not an attachment's name")
        return self._folder / id_[:2] / (f"{id_}.small" if small else id_)

    def _write(self, path: Path, content: bytes) -> None:
        """Sealed, whole or not at all, readable by the desk alone."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.part")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(self._ring.first.seal_bytes(content))
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _unlink(self, id_: str) -> None:
        for small in (False, True):
            self._path(id_, small).unlink(missing_ok=True)


def _filed(talk: Talk) -> bool:
    return bool(talk.draft.get("status") == "filed")


def _columns(attachment: Attachment) -> dict[str, Any]:
    return {key: value for key, value in asdict(attachment).items() if key != "filed"}


def _title(name: str, kind: str) -> str:
    """Her file's name without folders, control signs and direction marks that make an ending look like another."""
    bare = re.split(r"[\\/]", name)[-1]
    bare = "".join(c for c in bare if unicodedata.category(c)[0] not in "C").strip(" .")
    stem = re.sub(r"\.(?:jpe?g|png|pdf)$", "", bare, flags=re.I)[:LONGEST_TITLE]
    return f"{stem or ('文件' if kind == 'pdf' else '照片')}.{kind}"
