"""Measuring a set with the very verbs that strangers call: classify, read, route; time per text, one text at a time.

Called by the verb `evaluate`. What comes back holds figures and, per case, what was answered; the texts stay in the
sets, so that a saved run can be kept and compared without other people's words in it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import knowledge
from bot.commands.lines import classify, reading, routing, signs_in
from bot.intake.directory import Directory
from bot.quality.figures import (
    Told,
    reading_figures,
    reads,
    reads_all,
    reads_nothing_more,
    routes,
    routing_figures,
    safety_figures,
    spread,
    type_figures,
)
from bot.quality.sets import Case, GoldSet

if TYPE_CHECKING:
    from bot.understanding.model import DeskModel

#: Calls before the clock runs: dictionaries and vectors load on first use.
WARM = 5


@dataclass(slots=True)
class Measured:
    """Figures by task, and the answer to every case by task and id."""

    figures: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


def measure(gold: GoldSet, model: DeskModel) -> Measured:
    """Figures of all tasks of a set; tasks without cases are left out."""
    found = Measured()
    if types := gold.cases["types"]:
        _types(types, model, found)
    if lines := gold.cases["reading"]:
        read = reading()
        answers = {case["id"]: read(case) for case in lines}
        found.figures["reading"] = reading_figures(lines, answers)
        found.answers["reading"] = {case["id"]: _read_right(case, answers[case["id"]]) for case in lines}
    if texts := gold.cases["safety"]:
        told = {case["id"]: {"signs": signs_in(case["text"], model)} for case in texts}
        found.figures["safety"] = safety_figures(texts, told)
        found.answers["safety"] = {
            case["id"]: {"gold": sorted(case["signs"]), "answer": told[case["id"]]["signs"]} for case in texts
        }
    if (cases := gold.cases["routing"]) and gold.directory:
        sent = _routed(cases, gold.directory)
        found.figures["routing"] = routing_figures(cases, sent)
        found.answers["routing"] = {
            case["id"]: {"gold": case.get("primary"), "answer": sent[case["id"]].get("primary"),
                         "right": routes(case, sent[case["id"]])} for case in cases
        }  # fmt: skip
    return found


def _types(cases: Sequence[Case], model: DeskModel, found: Measured) -> None:
    answer, read = classify(model), reading()
    for case in cases[:WARM]:
        answer(case), read({"text": case["text"]})
    told: list[Told] = []
    classifying: list[float] = []
    both: list[float] = []
    for case in cases:
        begun = time.perf_counter()
        said = answer(case)
        classified = time.perf_counter()
        read({"text": case["text"]})
        classifying.append((classified - begun) * 1000)
        both.append((time.perf_counter() - begun) * 1000)
        ranked = (said["type"], *(other["type"] for other in said["alternatives"]))
        kind = str(case.get("kind") or case.get("draw") or "")
        told.append(Told(case["id"], case["type"], ranked, said["confidence"], said["ask"], kind))
    found.figures["types"] = type_figures(told)
    found.figures["lengths"] = spread([len(case["text"]) for case in cases])
    found.figures["times"] = {"classify_ms": spread(classifying), "classify_and_read_ms": spread(both)}
    found.answers["types"] = {
        one.id: {"gold": one.gold, "answer": one.ranked[0], "second": one.ranked[1], "confidence": one.confidence}
        for one in told
    }


def _read_right(case: Case, answer: Mapping[str, Any]) -> dict[str, Any]:
    if "gold" in case:
        right, clean = reads_all(case["gold"], answer), reads_nothing_more(case["gold"], answer, case.get("free", ()))
    else:
        right = clean = reads(case, answer)
    return {"right": right, "clean": clean, "answer": {key: _values(found) for key, found in answer.items() if found}}


def _values(found: Any) -> list[Any]:
    """What was read, without the citizen's words."""
    return [{k: v for k, v in one.items() if k != "text"} if isinstance(one, dict) else one for one in found]


def _routed(cases: Sequence[Case], path: Path) -> dict[str, Mapping[str, Any]]:
    text = path.read_text(encoding="utf-8-sig")
    send = routing(Directory.parse(text, knowledge.divisions(), knowledge.taxonomy().subtypes, skip_bad=False))
    return {case["id"]: send(case) for case in cases}
