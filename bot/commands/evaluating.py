"""`python -m bot evaluate`: measure, print, save, compare, publish (CONTRACT, Score).

Saves into a local folder: `run.json` (figures and answers by id, no texts but the project's own), `mistakes.md` (the
worst mistakes with their words, the dev files' too: never to be committed), pictures, the card. `--publish` writes the
card, its pictures and its figures into docs/. Called by `bot.__main__`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot import knowledge
from bot.commands.checking import examples
from bot.commands.lines import load_model
from bot.live import model_file
from bot.quality import card, pictures
from bot.quality.crossing import crossed
from bot.quality.figures import type_figures
from bot.quality.measuring import measure
from bot.quality.sets import GoldSet
from bot.settings import ROOT, Settings
from bot.training import is_fresh
from bot.understanding.model import Example

HELDOUT = ROOT / "tests" / "quality"
RUN, CARD, MISTAKES, CHANGES = "run.json", "quality.md", "mistakes.md", "changes.md"
#: Names below docs/.
PUBLISHED = "quality"
WORST = 30
PRINTED = (
    ("六分宏平均 F1", "types", "six_f1"),
    ("六分正确率", "types", "six_accuracy"),
    ("十五分宏平均 F1", "types", "fifteen_f1"),
    ("十五分正确率", "types", "fifteen_accuracy"),
    ("对的在前三个里", "types", "in_three"),
    ("把握和对错平均差（ECE）", "types", "calibration_error"),
    ("反问的比例", "types", "asked_back"),
    ("不反问时对的", "types", "right_when_decided"),
    ("读事实，都读对", "reading", "exact"),
    ("读事实，一个不添", "reading", "clean"),
    ("危险查全", "safety", "recall"),
    ("危险查准", "safety", "precision"),
    ("分派", "routing", "right"),
)


def evaluate(
    settings: Settings, dev: Path, out: Path, folds: int, against: Path | None = None, publish: Path | None = None
) -> None:
    """Measure everything and say it on standard output; `folds` below 2 leaves the cross-validation out.

    Raises RuntimeError when there is no model, OSError or ValueError for files that cannot be read or written.
    """
    if not model_file(settings.models).exists():
        raise RuntimeError("还没有模型，请先运行 make train。")
    before = json.loads(against.read_text(encoding="utf-8")) if against else None
    model = load_model(model_file(settings.models))
    sets = {"dev": GoldSet.load(dev), "heldout": GoldSet.load(HELDOUT)}
    if not sets["dev"]:
        print(f"开发集不在 {dev}，只量自己的考题。")
    told = list(_examples())
    run: dict[str, Any] = {"made": _made(settings, model.version, len(told), folds), "sets": {}, "answers": {}}
    for key, gold in sets.items():
        if gold:
            print(f"正在量{card.SETS[key]}……", flush=True)
            measured = measure(gold, model)
            run["sets"][key], run["answers"][key] = measured.figures, measured.answers
    if folds >= 2:
        run["sets"]["cross"] = {"types": type_figures(crossed(told, folds, lambda words: print(words, flush=True)))}
    run["mistakes"] = _mistakes(run, sets["heldout"], "heldout")
    _say(run)
    _save(run, sets, out)
    if before is not None:
        _compare(before, run, sets, out)
    if publish is not None:
        _publish(run, publish)


def _examples() -> Iterator[Example]:
    for _, intent, subtype, text in examples():
        yield Example(text, f"{intent}/{subtype}" if subtype else intent)


def _made(settings: Settings, version: str, told: int, folds: int) -> dict[str, Any]:
    return {
        "date": date.today().isoformat(),
        "model": version,
        "fresh": is_fresh(settings.models),
        "examples": told,
        "data": _digest(*sorted((ROOT / "nlu_data").rglob("*.yml"))),
        "divisions": f"{len(knowledge.divisions().codes())} 个在用的，"
        f"指纹 {_digest(knowledge.FOLDER / 'divisions.csv')}",
        "heldout": _digest(*sorted(HELDOUT.glob("*.jsonl"))),
        "machine": f"{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "folds": folds,
    }


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _mistakes(run: Mapping[str, Any], gold: GoldSet, key: str) -> list[dict[str, Any]]:
    """Wrong types with their words, the most confident first."""
    answers = run["answers"].get(key, {}).get("types", {})
    wrong = [
        {"id": case["id"], "text": case["text"], **answers[case["id"]]}
        for case in gold.cases["types"]
        if answers[case["id"]]["answer"] != case["type"]
    ]
    return sorted(wrong, key=lambda one: -one["confidence"])[:WORST]


def names() -> dict[str, str]:
    """Short names of the types by key, in the taxonomy's order."""
    taxonomy = knowledge.taxonomy()
    return {key: taxonomy.matters[key].short for key in taxonomy.types}


def _say(run: Mapping[str, Any]) -> None:
    for key, found in run["sets"].items():
        print(f"\n【{card.SETS[key]}】")
        for name, task, figure in PRINTED:
            if (value := (found.get(task) or {}).get(figure)) is not None:
                print(f"  {name:<18}{value:.3f}　（{found[task]['n']} 条）")
        for type_, one in sorted(
            (found.get("types") or {}).get("per_type", {}).items(), key=lambda item: item[1]["f1"]
        ):
            print(
                f"    {type_:<15}{one['n']:>4} 条　查准 {one['precision']:.2f}　查全 {one['recall']:.2f}　F1 {one['f1']:.2f}"
            )
        for kind, one in (found.get("types") or {}).get("kinds", {}).items():
            print(f"    {card.KINDS.get(kind, kind)}：{one['n']} 条，对 {one['right']:.2f}")
        if times := found.get("times"):
            both, lengths = times["classify_and_read_ms"], found["lengths"]
            print(f"  一句话 classify 加 read：中位 {both['median']} 毫秒，p95 {both['p95']} 毫秒；"
                  f"字数中位 {lengths['median']:.0f}，最长 {lengths['max']:.0f}")  # fmt: skip


def _save(run: Mapping[str, Any], sets: Mapping[str, GoldSet], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / RUN).write_text(json.dumps(run, ensure_ascii=False, indent=1), encoding="utf-8")
    drawn = _draw(run, out, "")
    (out / CARD).write_text(card.card(run, names(), drawn), encoding="utf-8")
    shown = []
    for key, gold in sets.items():
        rows = [[one["text"].replace("\n", " ").replace("|", "｜"), one["gold"], one["answer"],
                 f"{one['confidence']:.2f}", one["id"]] for one in _mistakes(run, gold, key)] if gold else []  # fmt: skip
        if rows:
            shown.append(f"## {card.SETS[key]}\n\n" + card.table(["话", "其实是", "听成", "把握", "编号"], rows))
        shown += _misread(run, gold, key)
    note = "# 错得最有把握的\n\n只在本机看。开发集是别人的话：不抄、不改写、不放进项目。"
    (out / MISTAKES).write_text("\n\n".join([note, *shown]) + "\n", encoding="utf-8")
    print(f"\n都存在 {out}：{RUN}、{CARD}、{MISTAKES} 和图。")


def _misread(run: Mapping[str, Any], gold: GoldSet, key: str) -> Iterator[str]:
    for task, name in (("reading", "读错的"), ("safety", "危险"), ("routing", "分派错的")):
        answers, rows = run["answers"].get(key, {}).get(task, {}), []
        for case in gold.cases[task]:
            one = answers.get(case["id"], {})
            if not (one.get("right", one.get("gold") == one.get("answer")) and one.get("clean", True)):
                rows.append(
                    [str(case.get("text") or case.get("place")), json.dumps(one, ensure_ascii=False), case["id"]]
                )
        if rows:
            yield f"## {card.SETS[key]}：{name}\n\n" + card.table(["话", "听到的", "编号"], rows)


def _draw(run: Mapping[str, Any], folder: Path, prefix: str) -> dict[str, str]:
    drawn: dict[str, str] = {}
    curves = {}
    for key, found in run["sets"].items():
        if figures := found.get("types"):
            name = f"{prefix}confusion-{key}.png"
            pictures.draw_confusion(figures["confusion"], names(), folder / name)
            drawn[f"confusion_{key}"] = name
            curves[card.SETS[key]] = figures["bins"]
    if curves:
        name = f"{prefix}reliability.png"
        pictures.draw_reliability(curves, folder / name)
        drawn["reliability"] = name
    return drawn


def _publish(run: Mapping[str, Any], folder: Path) -> None:
    """The card, its pictures and the figures behind it; nothing of the dev files but numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    public = {key: run[key] for key in ("made", "sets", "mistakes")}
    public |= {"names": names(), "pictures": _draw(run, folder, f"{PUBLISHED}-")}
    (folder / f"{PUBLISHED}.json").write_text(json.dumps(public, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / f"{PUBLISHED}.md").write_text(card.card(public, public["names"], public["pictures"]), encoding="utf-8")
    print(f"质量卡写好了：{folder / PUBLISHED}.md")


def _compare(before: Mapping[str, Any], run: Mapping[str, Any], sets: Mapping[str, GoldSet], out: Path) -> None:
    """Before and after per type, and which texts are answered differently; words of the dev files only into the folder."""
    print("\n【和上一次比】")
    changes: list[str] = ["# 和上一次比，答得不一样的", "", "只在本机看。"]
    for key, found in run["sets"].items():
        old = before["sets"].get(key) or {}
        for name, task, figure in PRINTED:
            was, now = ((one.get(task) or {}).get(figure) for one in (old, found))
            if was is not None and now is not None:
                print(f"  {card.SETS[key]}　{name}　{was:.3f} → {now:.3f}　{now - was:+.3f}")
        for line in compared_types(old.get("types"), found.get("types")):
            print(f"    {line}")
        for task in ("types", "reading", "safety", "routing"):
            told = {case["id"]: case for case in sets[key].cases[task]} if key in sets else {}
            was_answers = before.get("answers", {}).get(key, {}).get(task, {})
            changed = list(changed_answers(was_answers, run["answers"].get(key, {}).get(task, {})))
            if changed:
                print(f"  {card.SETS[key]}　{task}：{len(changed)} 条答得不一样，见 {out / CHANGES}")
            for id_, was, now in changed:
                text = str(told.get(id_, {}).get("text", ""))
                gold = now.get("gold", now.get("right"))
                changes.append(f"- {key} {id_}　应是 {gold}　{_brief(was)} → {_brief(now)}　{text}")
    (out / CHANGES).write_text("\n".join(changes) + "\n", encoding="utf-8")


def _brief(answer: Mapping[str, Any]) -> str:
    sure = f"（{answer['confidence']:.2f}）" if "confidence" in answer else ""
    return json.dumps(answer.get("answer"), ensure_ascii=False) + sure


def compared_types(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    """Recall and F1 per type before and after, for the types that moved."""
    lines = []
    for type_, now in ((new or {}).get("per_type") or {}).items():
        was = ((old or {}).get("per_type") or {}).get(type_)
        if was and (was["f1"], was["recall"]) != (now["f1"], now["recall"]):
            lines.append(
                f"{type_:<15}查全 {was['recall']:.2f} → {now['recall']:.2f}　F1 {was['f1']:.2f} → {now['f1']:.2f}"
            )
    return lines


def changed_answers(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Cases of both runs whose answer differs."""
    for id_, now in new.items():
        if (was := old.get(id_)) is not None and was.get("answer") != now.get("answer"):
            yield id_, was, now
