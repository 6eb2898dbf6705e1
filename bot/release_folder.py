"""The folder of a release: what a trial leaves there, read whole or not at all, and what is kept when the model goes.

Hides the names and forms of the files that `trial` writes. Called by `workshop`, `publishing` and the training pages.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.live import NAME
from bot.releases import LANGUAGE, LOG, PROGRESS, RESULT, SAID, STEPS, TROUBLE

#: What is left of a release without a model; characters of its log that are shown.
LEFT, LOG_SHOWN = frozenset({LOG, SAID, RESULT}), 6000


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """What lies there of one release."""

    path: Path

    @property
    def model(self) -> Path:
        """Where its model lies, if it is kept."""
        return self.path / f"{NAME}.tar.gz"

    def result(self) -> dict[str, Any] | None:
        """All that was measured, with texts; None while there is none or it is gone."""
        return _read(self.path / RESULT)

    def trouble(self) -> str:
        """Why the trial says that it did not come through, in Chinese; empty when it does not say."""
        return str((_read(self.path / TROUBLE) or {}).get("words") or "")

    def progress(self) -> dict[str, Any]:
        """How far a training is: `step`, `done` of `of`, `seconds`, the end of the `log`."""
        told = _read(self.path / PROGRESS) or {"step": STEPS[0], "done": 0, "of": 0, "seconds": 0}
        return {**told, "log": self.log()}

    def log(self) -> str:
        """The end of what the training wrote."""
        written = [_text(self.path / name) for name in (LOG, SAID)]
        return "\n".join(text for text in written if text)[-LOG_SHOWN:]

    def language(self) -> dict[str, str] | None:
        """Examples and words as they were when it was trained: file below `nlu_data` → content; None when they are not
        kept."""
        try:
            with zipfile.ZipFile(self.path / LANGUAGE) as packed:
                names = [name for name in packed.namelist() if name.startswith("nlu_data/")]
                kept = [name for name in names if name.endswith((".yml", ".txt"))]
                return {name.partition("/")[2]: packed.read(name).decode("utf-8") for name in kept}
        except (OSError, ValueError, zipfile.BadZipFile):
            return None

    def tidy(self) -> None:
        """Without its model only logs and figures are left of a release."""
        for path in self.path.iterdir() if self.path.exists() else ():
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
