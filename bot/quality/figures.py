"""The figures of CONTRACT, as pure functions of gold and answers; `../shared/eval/score.py` gives the same ones.

`measuring` calls them with the answers of the verbs, `crossing` with those of cross-validation. Shares are 0–1 and
rounded to four decimals; an empty set has no figures (None). Macro-F1 is over the types that the gold has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

FOCUS = ("family", "property", "wages", "medical", "land")
REST = "rest"
#: Ten bins of stated probability (Guo et al. 2017, arXiv 1706.04599, use 15 for larger sets).
BINS = 10
#: How far the ends of a loosely said time may be off, in days; areas in mu.
LOOSE_DAYS, LOOSE_MU = 31, 0.0105
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One classified text: the gold type, the types ranked, and the probability stated for the first."""

    id: str
    gold: str
    ranked: tuple[str, ...]
    confidence: float
    asked: bool = False
    kind: str = ""

    @property
    def right(self) -> bool:
        """Whether the first type is the gold one."""
        return bool(self.ranked) and self.ranked[0] == self.gold


def type_figures(told: Sequence[Told]) -> dict[str, Any] | None:
    """Six ways, fifteen ways, among three; per type; confusion; calibration; by kind of text where kinds are given."""
    if not told:
        return None
    fifteen = [(one.gold, one.ranked[0] if one.ranked else "") for one in told]
    six = [(_six(gold), _six(answer)) for gold, answer in fifteen]
    kinds: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        if one.kind:
            kinds[one.kind].append(one)
    decided = [one for one in told if not one.asked]
    return {
        "n": len(told),
        "six_f1": _macro(six),
        "six_accuracy": _share(gold == answer for gold, answer in six),
        "fifteen_f1": _macro(fifteen),
        "fifteen_accuracy": _share(one.right for one in told),
        "in_three": _share(one.gold in one.ranked[:3] for one in told),
        "asked_back": _share(one.asked for one in told),
        "right_when_decided": _share(one.right for one in decided) if decided else None,
        "calibration_error": calibration_error(told),
        "bins": reliability(told),
        "per_type": per_label(fifteen),
        "per_six": per_label(six),
        "confusion": _confusion(fifteen),
        "kinds": {kind: {"n": len(some), "right": _share(o.right for o in some)} for kind, some in kinds.items()},
    }


def _six(type_: str) -> str:
    return type_ if type_ in FOCUS or not type_ else REST


def per_label(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of every label that the gold has."""
    golds, answers = Counter(gold for gold, _ in pairs), Counter(answer for _, answer in pairs)
    hits = Counter(gold for gold, answer in pairs if gold == answer)
    return {
        label: {
            "n": golds[label],
            "precision": _ratio(hits[label], answers[label]) if answers[label] else 0.0,
            "recall": _ratio(hits[label], golds[label]),
            "f1": _ratio(2 * hits[label], golds[label] + answers[label]),
        }
        for label in sorted(golds)
    }


def _macro(pairs: Sequence[tuple[str, str]]) -> float:
    golds, answers = Counter(gold for gold, _ in pairs), Counter(answer for _, answer in pairs)
    hits = Counter(gold for gold, answer in pairs if gold == answer)
    scores = [2 * hits[label] / (golds[label] + answers[label]) for label in golds]
    return round(sum(scores) / len(scores), 4)


def _confusion(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for gold, answer in pairs:
        table[gold][answer] += 1
    return {gold: dict(sorted(table[gold].items())) for gold in sorted(table)}


def reliability(told: Sequence[Told]) -> list[dict[str, Any]]:
    """Bins of stated probability: how many texts, the mean stated, the share that was right. Empty bins are left out."""
    bins: defaultdict[int, list[Told]] = defaultdict(list)
    for one in told:
        bins[min(int(one.confidence * BINS), BINS - 1)].append(one)
    return [
        {
            "low": at / BINS,
            "high": (at + 1) / BINS,
            "n": len(some),
            "stated": round(sum(one.confidence for one in some) / len(some), 4),
            "right": _share(one.right for one in some),
        }
        for at, some in sorted(bins.items())
    ]


def calibration_error(told: Sequence[Told]) -> float:
    """Expected calibration error: the mean distance of stated and right share, weighted by the bins' sizes."""
    gap: float = sum(abs(one["stated"] - one["right"]) * one["n"] for one in reliability(told))
    return round(gap / max(len(told), 1), 4)


def reading_figures(cases: Sequence[Answer], answers: Mapping[str, Answer]) -> dict[str, Any] | None:
    """Share of lines read exactly, by kind; for lines with whole gold also the share without anything added."""
    if not cases:
        return None
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    clean: list[bool] = []
    for case in cases:
        answer = answers.get(case["id"], {})
        if "gold" in case:
            kinds[str(case.get("kind") or "whole")].append(reads_all(case["gold"], answer))
            clean.append(reads_nothing_more(case["gold"], answer, case.get("free", ())))
        else:
            kinds[case["kind"]].append(reads(case, answer))
    every = [right for some in kinds.values() for right in some]
    return {
        "n": len(every),
        "exact": _share(every),
        "clean": _share(clean) if clean else None,
        "kinds": {kind: {"n": len(some), "right": _share(some)} for kind, some in sorted(kinds.items())},
    }


def reads(gold: Answer, answer: Answer) -> bool:
    """Whether one line of CONTRACT's gold (`kind` and its fields) is among what was read; for `no_…`, that nothing is."""
    kind = gold["kind"]
    if kind.startswith("no_"):
        field = {"phone": "phones", "date": "dates", "place": "places", "area": "areas"}.get(kind[3:], kind[3:])
        return not answer.get(field)
    return any(_same[kind](gold, found) for found in answer.get(_FIELD[kind], ()))


def reads_all(gold: Answer, answer: Answer) -> bool:
    """Whether everything in a whole-line gold (`{"money": [{"value": …}], …}`) was read."""
    return all(
        any(_same[kind](item, found) for found in answer.get(_FIELD[kind], ()))
        for kind, items in gold.items()
        for item in items
    )


def reads_nothing_more(gold: Answer, answer: Answer, free: Sequence[str] = ()) -> bool:
    """Whether everything that was read is in the whole-line gold: nothing was invented, no value approximate by mistake.

    Kinds in `free` are not judged: 干了四十五天 may be taken for the last 45 days, or not.
    """
    for kind in ("money", "date", "place", "phone", "people", "area"):
        if kind in free:
            continue
        wanted = list(gold.get(kind, ())) + list(gold.get("place_ambiguous", ()) if kind == "place" else ())
        for found in answer.get(_FIELD[kind], ()):
            tests = ("place", "place_ambiguous") if kind == "place" else (kind,)
            match = next((w for w in wanted if any(_safely(_same[test], w, found) for test in tests)), None)
            if match is None or not _as_loose(match, found):
                return False
    return True


def _safely(same: Callable[[Answer, Any], bool], gold: Answer, found: Any) -> bool:
    try:
        return same(gold, found)
    except KeyError:
        return False


def _as_loose(gold: Answer, found: Any) -> bool:
    if not isinstance(found, Mapping) or "approx" not in gold or "approx" not in found:
        return True
    return bool(gold["approx"]) == bool(found["approx"])


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _same_time(gold: Answer, found: Any) -> bool:
    slack = LOOSE_DAYS if gold.get("precision") == "approx" else 0
    return all(
        abs((date.fromisoformat(gold[end]) - date.fromisoformat(found[end])).days) <= slack for end in ("start", "end")
    )


def _same_place(gold: Answer, found: Any) -> bool:
    return found["code"] == gold["code"] and set(gold.get("names", ())) <= set(found["names"])


def _same_candidates(gold: Answer, found: Any) -> bool:
    return found["code"] is None and set(gold["codes"]) <= set(found["candidates"])


_same: Mapping[str, Callable[[Answer, Any], bool]] = {
    "money": lambda gold, found: gold["value"] == found["value"],
    "people": lambda gold, found: gold["value"] == found["value"],
    "phone": lambda gold, found: _digits(gold["value"]) == _digits(found if isinstance(found, str) else found["value"]),
    "area": lambda gold, found: abs(gold["mu"] - found["mu"]) < LOOSE_MU,
    "date": _same_time,
    "place": _same_place,
    "place_ambiguous": _same_candidates,
}
_FIELD = {
    "money": "money",
    "people": "people",
    "phone": "phones",
    "area": "areas",
    "date": "dates",
    "place": "places",
    "place_ambiguous": "places",
}


def safety_figures(cases: Sequence[Answer], answers: Mapping[str, Answer]) -> dict[str, Any] | None:
    """Recall and precision over all signs of all texts, and the missed and wrong ones per sign."""
    if not cases:
        return None
    hit: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for case in cases:
        gold, told = set(case["signs"]), set(answers.get(case["id"], {}).get("signs", ()))
        hit.update(gold & told)
        missed.update(gold - told)
        wrong.update(told - gold)
    kinds = sorted({*hit, *missed, *wrong})
    return {
        "n": len(cases),
        "recall": _ratio(hit.total(), hit.total() + missed.total()),
        "precision": _ratio(hit.total(), hit.total() + wrong.total()),
        "signs": {kind: {"right": hit[kind], "missed": missed[kind], "wrong": wrong[kind]} for kind in kinds},
    }


def routing_figures(cases: Sequence[Answer], answers: Mapping[str, Answer]) -> dict[str, Any] | None:
    """Share of cases that went to the right body, with the right first alternative, door and question."""
    if not cases:
        return None
    return {"n": len(cases), "right": _share(routes(case, answers.get(case["id"], {})) for case in cases)}


def routes(case: Answer, answer: Answer) -> bool:
    """Whether everything that the gold names is so in the answer."""
    if answer.get("primary") != case.get("primary") or answer.get("ask") != case.get("ask"):
        return False
    if "first_alternative" in case and list(answer.get("alternatives", ()))[:1] != [case["first_alternative"]]:
        return False
    if "door" in case and not any(case["door"] in door for door in answer.get("doors", ())):
        return False
    return not case.get("safety_first") or bool(answer.get("safety_first"))


def spread(values: Sequence[float]) -> dict[str, float] | None:
    """Median, p95 and maximum."""
    if not values:
        return None
    ordered = sorted(values)
    p95 = ordered[min(round(0.95 * len(ordered)), len(ordered) - 1)]
    return {"median": round(median(ordered), 1), "p95": round(p95, 1), "max": round(ordered[-1], 1)}


def _share(truths: Iterable[bool]) -> float:
    every = [bool(truth) for truth in truths]
    return _ratio(sum(every), len(every))


def _ratio(part: int, whole: int) -> float:
    """`part` of `whole`; 1 of nothing, since nothing was missed."""
    return round(part / whole, 4) if whole else (1.0 if not part else 0.0)
