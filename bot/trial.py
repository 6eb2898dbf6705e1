"""A trial: train a model from frozen examples, measure it beside the live one, and lead the kept conversations with both.

Runs in a process of its own (`python -m bot release try`), started by `workshop`, which reads what this leaves in the
folder of the release: `progress.json` while it runs; at the end `result.json` with the model, or `trouble.json`, and
nothing half-written. Hides the order of the steps and what is kept between runs. Nothing here touches the live model.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.checking import examples
from bot.commands.lines import load_model
from bot.knowledge import read_yaml
from bot.live import NAME, WORDS, digest, words_of
from bot.phrasebook_lines import BrokenFile, blocks, composed
from bot.quality.crossing import crossed
from bot.quality.figures import Told, type_figures
from bot.quality.measuring import measure
from bot.quality.sets import TASKS, GoldSet
from bot.releases import FROZEN, LANGUAGE, LOG, PROGRESS, RESULT, SAID, TROUBLE, objections
from bot.settings import ROOT
from bot.training import TrainingError, sources_of, train
from bot.understanding.model import Example

ROOM, SPOOL, VECTORS = "room", "tmp", "vectors.npz"
#: What is left of a trial that went well.
WHOLE = frozenset({LANGUAGE, RESULT, PROGRESS, LOG, SAID, WORDS, f"{NAME}.tar.gz", f"{NAME}.sources"})
#: Codes of the file system that mean: no room.
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
#: How much nicer than the desk: citizens come first.
NICE = 15
#: A text in a list of changed answers is shown to this length.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Order:
    """What to try. `folder` holds the frozen language; `seeds` is a folder of dangers that are only counted, `live` the
    model to compare with; `folds` below 2 leaves the cross-validation out."""

    folder: Path
    live: Path
    quality: Path
    dialogues: Path
    seeds: Path
    folds: int = 0


class Troubled(Exception):
    """The trial cannot go on; the message says why, in Chinese. `kind`: broken | disk | memory | other."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def run(order: Order) -> int:
    """Carry out a trial. Returns the exit status: 0, or 1 when `trouble.json` says what went wrong."""
    os.nice(NICE)
    try:
        tempfile.tempdir = str(_fresh(order.folder / SPOOL))  # what is half-written goes with the folder
        _run(order)
    except BaseException as error:
        traceback.print_exc()
        kind, words = _named(error)
        for path in order.folder.iterdir():
            if path.name not in (LOG, SAID):
                _remove(path)
        (order.folder / TROUBLE).write_text(json.dumps({"kind": kind, "words": words}), encoding="utf-8")
        return 1
    return 0


def _named(error: BaseException) -> tuple[str, str]:
    if isinstance(error, Troubled):
        return error.kind, str(error)
    if isinstance(error, OSError) and error.errno in FULL:
        kind = "disk"
    elif isinstance(error, MemoryError):
        kind = "memory"
    elif isinstance(error, TrainingError):
        kind = error.kind
    else:
        kind = "other"
    words = {
        "disk": "磁盘满了，写不下。请管理员腾出一些地方，再训练一次。",
        "memory": "内存不够，训练被停掉了。请管理员看看机器上还跑着什么，再训练一次。",
        "other": f"训练没有成功（{type(error).__name__}）。原因在下面的记录里，请给管理员看。",
    }
    return kind, words[kind]


def _run(order: Order) -> None:
    folder, frozen, begun = order.folder, order.folder / FROZEN, time.monotonic()
    _read_all(frozen)
    tell = _teller(folder, begun)
    _train(order, tell)
    tell("live", 0, 0)
    before = _kept(order, tell) if order.live.is_file() else None
    new = folder / f"{NAME}.tar.gz"
    after = measured(order, new, lambda n, of: tell("new", n, of))
    _keep(order, new, after)
    result: dict[str, Any] = {"before": before, "after": after, "base": digest(order.live)}
    if order.folds >= 2:
        result["cross"] = type_figures(_crossed(order, tell))
    tell("comparing", 0, 0)
    result["objections"] = [one.to_dict() for one in objections(before, after)]
    result["changed"] = list(changed(GoldSet.load(order.quality), before or {}, after))
    result["examples"] = sum(1 for _ in examples(frozen))
    result["seconds"] = round(time.monotonic() - begun)
    shutil.make_archive(str(folder / Path(LANGUAGE).stem), "zip", frozen)
    fresh = folder / f".{RESULT}"
    fresh.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    fresh.replace(folder / RESULT)
    for path in folder.iterdir():
        if path.name not in WHOLE:
            _remove(path)


def _crossed(order: Order, tell: Callable[[str, int, int], None]) -> list[Told]:
    """The cross-validation. It begins with the vectors of this training, and leaves the shared ones as they are."""
    done, vectors = itertools.count(), order.folder / SPOOL / VECTORS
    if (shared := order.folder.parents[1] / VECTORS).is_file():
        shutil.copyfile(shared, vectors)
    asked = list(_examples(order.folder / FROZEN))
    return crossed(asked, order.folds, lambda _: tell("crossing", next(done), order.folds), vectors)


def _read_all(frozen: Path) -> None:
    """Every file of the language can be read, or the trial ends before it begins. Raises Troubled with file and line."""
    for path in sorted(frozen.rglob("*.yml")):
        name = str(path.relative_to(frozen))
        try:
            content = path.read_text(encoding="utf-8")
            (blocks if name.startswith("nlu_data/") else composed)(name, content)
            read_yaml(path)
        except BrokenFile as error:
            raise Troubled("broken", f"{error}。改好它再训练；前台还用原来的，没有动。") from error
        except Exception as error:
            raise Troubled("broken", f"{name} 读不懂：{str(error)[:200]}。前台还用原来的，没有动。") from error


def _teller(folder: Path, begun: float) -> Callable[[str, int, int], None]:
    def tell(step: str, done: int, of: int) -> None:
        told = {"step": step, "done": done, "of": of, "seconds": round(time.monotonic() - begun)}
        fresh = folder / f".{PROGRESS}"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(folder / PROGRESS)

    return tell


def _train(order: Order, tell: Callable[[str, int, int], None]) -> None:
    """Train into the folder. The sentence vectors of earlier trainings are lent and, with the new ones, given back."""
    folder, shared = order.folder, order.folder.parents[1] / VECTORS
    if shared.is_file():
        shutil.copyfile(shared, folder / VECTORS)
    tell("training", 0, 0)
    train(
        folder,
        lambda _: tell("training", 0, 0),
        folder / FROZEN,
        RASA_MAX_CACHE_SIZE="0",
        FENZHEN_WORDS=str(folder / FROZEN / "nlu_data" / WORDS),
        TMPDIR=str(folder / SPOOL),
    )
    if (folder / VECTORS).is_file():
        (folder / VECTORS).replace(shared)
    if (folder / FROZEN / "nlu_data" / WORDS).is_dir():  # what it was trained with it is also measured with
        shutil.copytree(folder / FROZEN / "nlu_data" / WORDS, folder / WORDS)


def measured(order: Order, model: Path, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """The figures of one model on the held-out sets and seeds, its answers by task and id, and how the conversations
    went."""
    from bot.rehearsal import rehearsed  # the whole of Rasa: not before it is needed

    told = load_model(model)
    found = measure(GoldSet.load(order.quality), told)
    safety = {"heldout": found.figures.get("safety")}
    if seeds := GoldSet.load(order.seeds).cases["safety"]:
        only = GoldSet(order.seeds, {task: seeds if task == "safety" else () for task in TASKS}, None)
        safety["seeds"] = measure(only, told).figures["safety"]
    room = _fresh(order.folder / ROOM)
    replays = rehearsed(model, order.dialogues, room, tell)
    _remove(room)
    return {
        "version": told.version,
        "sources": sources_of(model),
        "types": found.figures.get("types"),
        "reading": found.figures.get("reading"),
        "routing": found.figures.get("routing"),
        "safety": {name: figures for name, figures in safety.items() if figures},
        "replays": replays,
        "answers": {task: found.answers.get(task, {}) for task in ("types", "safety")},
    }


def _kept(order: Order, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """The live model's figures: from an earlier trial, if neither it nor anything that it is measured with changed."""
    try:
        known: dict[str, Any] = json.loads(_figures(order, order.live).read_text(encoding="utf-8"))
        return known
    except (OSError, ValueError):
        found = measured(order, order.live, lambda n, of: tell("live", n, of))
        _keep(order, order.live, found)
        return found


def _keep(order: Order, model: Path, found: Mapping[str, Any]) -> None:
    """Keep the figures of a model for the next trial, which compares with it if it is published. Those of the live model
    and of the newest one are kept."""
    kept = _figures(order, model)
    fresh = order.folder / kept.name
    fresh.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    fresh.replace(kept)
    for old in kept.parent.glob("measured-*.json"):
        if old not in (kept, _figures(order, order.live)):
            old.unlink(missing_ok=True)


def _figures(order: Order, model: Path) -> Path:
    """Where the figures of a model are kept: the name goes by the model and all that it is measured with."""
    key = hashlib.sha256(digest(model).encode())
    for path in (*sorted((words_of(model) or ROOT / "nlu_data" / WORDS).glob("*.txt")), *_measuring(order)):
        key.update(f"{path.name}\n".encode() + path.read_bytes())
    return order.folder.parent / f"measured-{key.hexdigest()[:24]}.json"


def _measuring(order: Order) -> Iterator[Path]:
    """Sets, conversations, and the code, knowledge and wording that they are played with."""
    for folder in (order.quality, order.dialogues, order.seeds):
        yield from (path for path in sorted(folder.glob("*")) if path.suffix in (".jsonl", ".yml", ".csv"))
    for part in ("bot", "actions"):
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in (".py", ".yml", ".csv") and "web" not in path.parts and "migrations" not in path.parts:
                yield path
    yield ROOT / "domain.yml"


def changed(gold: GoldSet, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Texts of the project's own sets that are answered otherwise than before, what got worse first."""
    rows = []
    for task in ("types", "safety"):
        told = {case["id"]: case["text"] for case in gold.cases[task]}
        was = (before.get("answers") or {}).get(task, {})
        for id_, now in after["answers"][task].items():
            if id_ in was and was[id_]["answer"] != now["answer"] and id_ in told:
                row = {"task": task, "id": id_, "text": told[id_][:LONGEST], "gold": now["gold"]}
                rows.append({**row, "was": was[id_]["answer"], "now": now["answer"]})
    yield from sorted(rows, key=lambda row: (row["was"] != row["gold"], row["now"] == row["gold"]))


def _examples(frozen: Path) -> Iterator[Example]:
    for _, intent, subtype, text in examples(frozen):
        yield Example(text, f"{intent}/{subtype}" if subtype else intent)


def _fresh(folder: Path) -> Path:
    _remove(folder)
    folder.mkdir(parents=True)
    return folder


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
