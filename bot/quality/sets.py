"""Sets of texts with gold: the dev files of CONTRACT and the project's own held-out set, in the same format.

Hides the file names and the format. A folder holds `types`, `reading`, `safety` and `routing` as JSON lines (with
`_dev` in the name for the dev files) and the directory that the routing cases are measured on; any may be missing.
Other people's texts are only measured: nothing in this package writes them anywhere but into the local results folder.
Called by `measuring` and the verb `evaluate`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Case = Mapping[str, Any]
TASKS = ("types", "reading", "safety", "routing")


class SetError(ValueError):
    """A set file cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Cases by task; a task whose file is absent has none. `folder` is where they were read from."""

    folder: Path
    cases: Mapping[str, tuple[Case, ...]]
    directory: Path | None

    @classmethod
    def load(cls, folder: Path) -> GoldSet:
        """Read what is there. A missing folder is an empty set. Raises SetError for a line that is no case."""
        cases: dict[str, tuple[Case, ...]] = {}
        for task in TASKS:
            path = _first(folder, task, "jsonl")
            cases[task] = _lines(path) if path else ()
        return cls(folder, cases, _first(folder, "directory", "csv"))

    def __bool__(self) -> bool:
        return any(self.cases.values())


def _first(folder: Path, name: str, ending: str) -> Path | None:
    return next((path for stem in (name, f"{name}_dev") if (path := folder / f"{stem}.{ending}").is_file()), None)


def _lines(path: Path) -> tuple[Case, ...]:
    found: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            found.append({**case, "id": str(case["id"])})
        except (ValueError, KeyError, TypeError) as error:
            raise SetError(f"{path.name} 第 {number} 行读不了：{type(error).__name__}") from error
    return tuple(found)
