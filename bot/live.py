"""Which model is live: the published release, or, without one, what was trained by hand on the server.

Hides a pointer file that is replaced in one step, so that a model with its examples and dictionary is live whole or not
at all. Called by `training`, the host and `workshop`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

NAME = "fenzhen"
#: The pointer and the folder of releases, below the folder of models; the dictionary beside a released model.
POINTER, RELEASES, WORDS = "live.json", "releases", "words"


@dataclass(frozen=True, slots=True)
class Live:
    """The published release: its number, its folder, its model."""

    number: int
    folder: Path

    @property
    def model(self) -> Path:
        return self.folder / f"{NAME}.tar.gz"


def live(models: Path) -> Live | None:
    """The published release, if there is one and its model is there."""
    try:
        told = json.loads((models / POINTER).read_text(encoding="utf-8"))
        found = Live(int(told["release"]), models / RELEASES / str(told["folder"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.model.is_file() else None


def put_live(models: Path, number: int, folder: str) -> None:
    """Make a release the live one: what is read next is it. Raises OSError; then the one before stays."""
    fresh = models / f".{POINTER}.new"
    try:
        with fresh.open("w", encoding="utf-8") as out:
            json.dump({"release": number, "folder": folder}, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, models / POINTER)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def leave(models: Path) -> None:
    """No release is live any more: what was trained by hand is."""
    (models / POINTER).unlink(missing_ok=True)


def trained_file(models: Path) -> Path:
    """Where `python -m bot train` puts its model."""
    return models / f"{NAME}.tar.gz"


def model_file(models: Path) -> Path:
    """Where the live model lies."""
    published = live(models)
    return published.model if published else trained_file(models)


def words_of(model: Path) -> Path | None:
    """The folder of the dictionary that a released model was trained with; None for one trained by hand, which goes by
    the dictionary as it is written."""
    folder = model.parent / WORDS
    return folder if folder.is_dir() else None


def digest(model: Path) -> str:
    """A digest of a model file; empty when it is not there. Computed once for each state of the file."""
    try:
        stat = model.stat()
        return _digest(model, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return ""


@functools.lru_cache(maxsize=16)
def _digest(model: Path, *_: int) -> str:
    made = hashlib.sha256()
    with model.open("rb") as file:
        while piece := file.read(1 << 20):
            made.update(piece)
    return made.hexdigest()
