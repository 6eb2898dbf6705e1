"""Tests from talks: a talk that went its way becomes a conversation that every later model must lead as well.

Hides the file's format, that of `tests/dialogues/*.yml` (its words are in `bot/rehearsal.py`): what she typed, in
order, masked by stand-ins that read as names and numbers do, and at the end what it was about. Called by the training
pages; `tests/dialogues` and the publishing gate run what is written here.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import SequenceNode

from bot.intake.masking import left_in, mask
from bot.phrasebook import BrokenFile, Unfit
from bot.phrasebook_lines import composed

#: Who and what stands in a test for whoever and whatever it was: invented, and read as the real ones were.
STAND_INS = {
    "identity": "330502190001010000", "phone": "13800001234", "number": "13800001234", "name": "柳小满",
    "place": "青石路1号",
}  # fmt: skip
FILE = Path("tests") / "dialogues" / "from_talks.yml"
HEAD = "# 从真的谈话来的：盖住了姓名、电话、住址，训练员看过。每个模型都要照样办到。\n"
#: Turns of a test and characters of one.
MOST, LONGEST = 60, 2000
#: What the consent button says: in the test it is tapped.
CONSENT = {"tap": {"step": "privacy_consent", "value": "yes"}}


def masked_turns(said: Sequence[str], names: Sequence[str]) -> list[str]:
    """What she said, each turn on one line, with stand-ins."""
    return [" ".join(mask(text, names, STAND_INS).text.split()) for text in said if text.strip()]


def conversation(name: str, turns: Sequence[str], label: str, status: str) -> dict[str, Any]:
    """A conversation of the test file. `label` is the type that it must come to, or empty. Raises Unfit."""
    clean = [turn.strip()[:LONGEST] for turn in turns if turn.strip()]
    if not clean or len(clean) > MOST:
        raise Unfit(f"一次谈话要有一句到 {MOST} 句，现在有 {len(clean)} 句。")
    if not name.strip():
        raise Unfit("给这个测试起个名字，一句话，比如：包工头跑了，认得出是拖欠工资。")
    if any(kind for turn in clean for kind in left_in(turn)):
        raise Unfit("里面还像有真的电话、证件号，先换掉再存。")
    told: list[dict[str, Any]] = [dict(CONSENT), *({"citizen": turn} for turn in clean)]
    if label:
        told[-1]["type"] = label
    if status in ("filed", "elsewhere"):
        told[-1]["status"] = status
    return {"name": " ".join(name.split())[:80], "turns": told}


def append(root: Path, spoken: dict[str, Any]) -> Path:
    """Write a conversation at the end of the file; what stands there stays as it is. Raises Unfit, BrokenFile."""
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    before = _written(path) if path.exists() else HEAD
    names = _names(before)
    if spoken["name"] in names:
        raise Unfit("已经有一个测试叫这个名字了，换一个。")
    out = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width, yaml.allow_unicode = 10_000, True
    yaml.dump([spoken], out)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(before.rstrip("\n") + "\n\n" + out.getvalue(), encoding="utf-8")
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Unfit("写不进去，可能是磁盘满了。请告诉管理员。") from error
    return path


def _written(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Unfit(f"{FILE} 不是 UTF-8 编码，请管理员改好再存。别的都不受影响。") from error


def _names(content: str) -> set[str]:
    """Names of the conversations of a file. Raises Unfit when somebody broke it by hand."""
    root = composed(str(FILE), content)
    told = root.value if isinstance(root, SequenceNode) else []
    if root is not None and not isinstance(root, SequenceNode):
        raise BrokenFile(str(FILE), root.start_mark.line + 1, "要一段一段写，每段前面有“- name:”")
    return {value.value for one in told for key, value in one.value if key.value == "name"}
