"""What a filed record's status means to her: its name, what comes next, how long it is kept, whether it can go.

Data in `bot/knowledge/retention.yml`; hides how an unknown status is answered: kept, rather than deleted by mistake.
Pure; called by `bot.rights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """One status of a filed record. `keep_days` None: never by itself; `held`: law keeps it against a wish to delete."""

    name: str
    next: str
    held: bool
    keep_days: int | None


@dataclass(frozen=True, slots=True)
class Retention:
    """Stages by status, and times in the units their names say."""

    stages: Mapping[str, Stage]
    filed_talk_days: int
    expired_note_days: int
    code_minutes: int
    back_after_hours: int
    held_words: Mapping[str, Any]
    also: Mapping[str, str]

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Retention:
        """Read retention.yml. Raises ValueError, in Chinese, naming the status that is wrong."""
        stages = {}
        for status, told in raw["statuses"].items():
            keep = told["keep_days"]
            if told["on_request"] not in ("erase", "hold") or not (
                keep is None or (isinstance(keep, int) and keep > 0)
            ):
                raise ValueError(
                    f"retention.yml 的 {status} 写错了：on_request 写 erase 或 hold，keep_days 写天数或 null"
                )
            stages[status] = Stage(told["name"], told["next"], told["on_request"] == "hold", keep)
        talks = raw["talks"]
        return cls(
            stages,
            talks["filed_days"],
            talks["expired_note_days"],
            talks["code_minutes"],
            talks["back_after_hours"],
            raw["held"],
            raw["also"],
        )

    def stage(self, status: str) -> Stage:
        """The stage of a status; of one that is not in the data, what holds for a case under way."""
        return self.stages.get(status) or Stage("正在办", "有事调解员会联系您。", True, None)
