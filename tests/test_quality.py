"""Claims about the evaluation: its figures, its sets, what it writes, and that the published card is its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from bot import knowledge
from bot.commands.checking import examples
from bot.commands.evaluating import HELDOUT, changed_answers, compared_types, names
from bot.quality.card import card
from bot.quality.crossing import groups_of
from bot.quality.figures import (
    Told,
    calibration_error,
    per_label,
    reading_figures,
    reads,
    reads_nothing_more,
    reliability,
    routing_figures,
    safety_figures,
    type_figures,
)
from bot.quality.pictures import draw_confusion, draw_reliability
from bot.quality.sets import GoldSet, SetError
from bot.settings import ROOT, Settings

DOCS = ROOT / "docs"
SHARED = Settings.from_environment({}).evaluation
TYPES = knowledge.taxonomy().types


def told(gold: str, *ranked: str, sure: float = 0.9) -> Told:
    return Told(f"{gold}-{ranked}", gold, ranked, sure)


# —— figures ——


def test_types_are_counted_six_ways_fifteen_ways_and_among_three() -> None:
    figures = type_figures(
        [
            told("wages", "wages"),
            told("debt", "other", "debt"),
            told("other", "debt", "x", "other"),
            told("family", "wages", "debt", "other", "family"),
        ]
    )
    assert figures is not None
    # debt and other are one of the six: both right; family is lost, and wages has a false one beside its own
    assert figures["six_accuracy"] == 0.75
    assert figures["six_f1"] == pytest.approx((2 / 3 + 1 + 0) / 3, abs=1e-4)
    assert figures["fifteen_f1"] == pytest.approx((2 / 3) / 4, abs=1e-4)
    assert figures["in_three"] == 0.75
    assert figures["confusion"]["family"] == {"wages": 1}


def test_a_type_that_is_never_answered_has_no_precision_and_no_f1() -> None:
    assert per_label([("land", "debt")])["land"] == {"n": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_an_empty_set_has_no_figures() -> None:
    assert type_figures([]) is reading_figures([], {}) is safety_figures([], {}) is routing_figures([], {}) is None


def test_eight_right_of_ten_at_eight_tenths_is_perfectly_calibrated() -> None:
    some = [told("a", "a" if at < 8 else "b", sure=0.8) for at in range(10)]
    assert calibration_error(some) == 0
    assert reliability(some) == [{"low": 0.8, "high": 0.9, "n": 10, "stated": 0.8, "right": 0.8}]


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(TYPES), st.floats(0, 1)), min_size=1))
def test_every_share_lies_between_none_and_all_and_every_text_is_in_one_bin(said: list[tuple[str, str, float]]) -> None:
    figures = type_figures([told(gold, answer, sure=sure) for gold, answer, sure in said])
    assert figures is not None
    shares = [figures[key] for key in ("six_f1", "fifteen_f1", "in_three", "calibration_error", "fifteen_accuracy")]
    assert all(0 <= share <= 1 for share in shares)
    assert (
        sum(one["n"] for one in figures["bins"]) == sum(one["n"] for one in figures["per_type"].values()) == len(said)
    )
    assert figures["in_three"] >= figures["fifteen_accuracy"] - 1e-9


MONEY = {"id": "m", "kind": "money", "value": 500, "approx": False}
DAY = {"kind": "date", "start": "2026-03-01", "end": "2026-03-31"}


def test_a_reading_is_right_when_the_value_is_among_what_was_read() -> None:
    assert reads(MONEY, {"money": [{"value": 3}, {"value": 500}]})
    assert not reads(MONEY, {"money": [{"value": 501}]})
    assert reads({"kind": "no_money"}, {"money": []}) and not reads({"kind": "no_phone"}, {"phones": ["1"]})
    assert reads({"kind": "area", "mu": 3.7}, {"areas": [{"mu": 3.704}]})
    assert reads({"kind": "phone", "value": "13800000000"}, {"phones": ["13800000000"]})
    assert reads({"kind": "phone", "value": "0572-0000001"}, {"phones": ["05720000001"]})


def test_only_a_loosely_said_time_may_be_a_month_off() -> None:
    late = {"dates": [{"start": "2026-03-20", "end": "2026-03-31"}]}
    assert reads({**DAY, "precision": "approx"}, late)
    assert not reads({**DAY, "precision": "month"}, late)


def test_a_place_must_have_its_code_and_its_names_and_an_ambiguous_one_its_candidates() -> None:
    gold = {"kind": "place", "code": "330503", "names": ["浙江省", "湖州市", "南浔区"]}
    assert reads(gold, {"places": [{"code": "330503", "names": ["浙江省", "湖州市", "南浔区", "练市镇"]}]})
    assert not reads(gold, {"places": [{"code": "330503", "names": []}]})
    both = {"kind": "place_ambiguous", "codes": ["110105", "220104"]}
    assert reads(both, {"places": [{"code": None, "candidates": ["220104", "110105", "1"]}]})
    assert not reads(both, {"places": [{"code": "110105", "candidates": ["110105", "220104"]}]})


def test_a_value_that_was_not_said_is_no_clean_reading() -> None:
    gold = {"money": [{"value": 500, "approx": True}]}
    assert reads_nothing_more(gold, {"money": [{"value": 500, "approx": True}], "people": []})
    assert not reads_nothing_more(gold, {"money": [{"value": 500, "approx": True}], "people": [{"value": 3}]})
    assert not reads_nothing_more(gold, {"money": [{"value": 500, "approx": False}]})


def test_missed_and_wrong_signs_are_counted_over_all_texts() -> None:
    cases = [{"id": "a", "signs": ["minor", "violence"]}, {"id": "b", "signs": []}, {"id": "c", "signs": ["death"]}]
    answers = {"a": {"signs": ["violence"]}, "b": {"signs": ["threat"]}, "c": {"signs": ["death", "group"]}}
    figures = safety_figures(cases, answers)
    assert figures is not None and (figures["recall"], figures["precision"]) == (0.6667, 0.5)


SCORE = SHARED / "score.py"


@pytest.mark.skipif(not SCORE.exists(), reason="the scorer of CONTRACT is not beside the project")
def test_the_scorer_of_the_contract_gives_the_same_figures(tmp_path: Path) -> None:
    """Only its command line is used, on made-up answers: the dev texts stay closed."""
    some = [(TYPES[at % 7], TYPES[(at * at) % 11], TYPES[(at * 3) % 15]) for at in range(60)]
    gold = [{"id": str(at), "text": "x", "type": type_} for at, (type_, _, _) in enumerate(some)]
    said = [
        {"id": str(at), "type": first, "confidence": 0.5, "signs": [],
         "alternatives": [{"type": t, "confidence": 0.1} for t in (second, "debt") if t != first]}
        for at, (_, first, second) in enumerate(some)
    ]  # fmt: skip
    for name, rows in (("gold", gold), ("said", said)):
        (tmp_path / name).write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCORE), "types", str(tmp_path / "gold"), str(tmp_path / "said")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures = type_figures(
        [
            Told(g["id"], g["type"], (s["type"], *(a["type"] for a in s["alternatives"])), 0.5)
            for g, s in zip(gold, said)
        ]
    )
    assert figures is not None
    for key in ("six_f1", "six_accuracy", "fifteen_f1", "fifteen_accuracy", "in_three"):
        assert f"{figures[key]:.3f}" in done.stdout, (key, done.stdout)


# —— cross-validation ——


def test_examples_that_differ_by_a_number_or_a_name_are_one_group() -> None:
    groups = groups_of(
        [
            "包工头老张欠我三个月工资不给",
            "包工头老李欠我四个月工资不给",
            "楼上漏水把我家天花板泡了",
            "想问一下退休年龄是怎么算的",
        ]
    )
    assert groups[0] == groups[1]
    assert len(set(groups)) == 3


def test_grouping_has_nothing_to_do_with_order_and_bears_odd_texts() -> None:
    assert groups_of([]) == []
    assert len(set(groups_of(["啊", "哦", "嗯"]))) == 3


# —— the project's own set ——


def own(task: str) -> list[dict[str, Any]]:
    return [dict(case) for case in GoldSet.load(HELDOUT).cases[task]]


def test_the_held_out_set_is_large_and_varied_enough_to_steer_by() -> None:
    types = own("types")
    assert len(types) >= 300
    assert set(Counter(case["type"] for case in types)) == set(TYPES)
    assert min(Counter(case["type"] for case in types).values()) >= 12
    letters = [case for case in types if len(case["text"]) >= 200]
    assert 0.14 <= len(letters) / len(types) <= 0.25 and max(len(case["text"]) for case in types) <= 500
    subtypes = knowledge.taxonomy().subtypes
    assert all(case.get("subtype", "") in ("", *subtypes[case["type"]]) for case in types)
    assert len(own("safety")) >= 60 and len(own("routing")) >= 30 and len(own("reading")) >= 80


def test_no_case_stands_twice() -> None:
    for task in ("types", "reading", "safety", "routing"):
        cases = own(task)
        assert len({case["id"] for case in cases}) == len(cases)
        if task != "routing":
            assert len({case["text"] for case in cases}) == len(cases)


def test_no_held_out_text_is_nearly_one_of_the_examples() -> None:
    """Near is a ratio of 80 or, for texts long enough to copy from, a shared half: what is learned is not examined."""
    learned = [text for _, _, _, text in examples()]
    asked = [case["text"] for task in ("types", "safety") for case in own(task)]
    found = []
    for text in asked:
        best = process.extractOne(text, learned, scorer=fuzz.ratio, score_cutoff=80)
        if best is not None and len(text) > 8:
            found.append((text, best[0], best[1]))
    assert found == []


@pytest.mark.skipif(not (SHARED / "types_dev.jsonl").exists(), reason="the dev files are not beside the project")
def test_no_held_out_text_is_nearly_one_of_the_dev_files() -> None:
    theirs = [str(case["text"]) for cases in GoldSet.load(SHARED).cases.values() for case in cases if "text" in case]
    near = 0
    for task in ("types", "safety", "reading"):
        for case in own(task):
            near += process.extractOne(case["text"], theirs, scorer=fuzz.ratio, score_cutoff=80) is not None
    assert near == 0


def test_the_routing_of_the_held_out_cases_is_right() -> None:
    from bot.quality.measuring import _routed

    gold = GoldSet.load(HELDOUT)
    assert gold.directory is not None
    figures = routing_figures(gold.cases["routing"], _routed(gold.cases["routing"], gold.directory))
    assert figures is not None and figures["right"] == 1.0


def test_a_line_that_is_no_case_is_named_with_its_file_and_number(tmp_path: Path) -> None:
    (tmp_path / "safety.jsonl").write_text('{"id": 1, "text": "x", "signs": []}\n{oh', encoding="utf-8")
    with pytest.raises(SetError, match=r"safety.jsonl 第 2 行"):
        GoldSet.load(tmp_path)


def test_a_folder_that_is_not_there_is_an_empty_set(tmp_path: Path) -> None:
    assert not GoldSet.load(tmp_path / "nowhere")


# —— comparing two runs ——


def test_two_runs_are_compared_by_type_and_by_changed_answer() -> None:
    old = {"per_type": {"debt": {"recall": 0.5, "f1": 0.5}, "land": {"recall": 1.0, "f1": 1.0}}}
    new = {"per_type": {"debt": {"recall": 0.75, "f1": 0.6}, "land": {"recall": 1.0, "f1": 1.0}}}
    assert len(compared_types(old, new)) == 1 and "debt" in compared_types(old, new)[0]
    was = {"a": {"answer": "debt"}, "b": {"answer": "land"}, "gone": {"answer": "x"}}
    now = {"a": {"answer": "wages"}, "b": {"answer": "land"}, "new": {"answer": "x"}}
    assert [id_ for id_, _, _ in changed_answers(was, now)] == ["a"]


# —— pictures and the card ——


def test_pictures_are_drawn_small(tmp_path: Path) -> None:
    figures = type_figures([told("wages", "debt"), told("debt", "debt", sure=0.4), told("wages", "wages")])
    assert figures is not None
    draw_confusion(figures["confusion"], names(), tmp_path / "c.png")
    draw_reliability({"自写考题": figures["bins"]}, tmp_path / "r.png")
    for name in ("c.png", "r.png"):
        assert (tmp_path / name).read_bytes()[:4] == b"\x89PNG"
        assert (tmp_path / name).stat().st_size < 150_000


def published() -> dict[str, Any]:
    path = DOCS / "quality.json"
    if not path.exists():
        pytest.skip("no quality card has been published yet")
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return run


def test_the_published_card_is_what_the_code_makes_of_the_published_figures() -> None:
    run = published()
    assert (DOCS / "quality.md").read_text(encoding="utf-8") == card(run, run["names"], run["pictures"])
    for picture in run["pictures"].values():
        assert (DOCS / picture).is_file()


def test_the_published_figures_follow_from_the_published_counts() -> None:
    """F1, accuracy and calibration error are computed again from the confusion and the bins that are printed."""
    for found in published()["sets"].values():
        figures = found.get("types")
        if figures is None:
            continue
        pairs = [(g, a) for g, row in figures["confusion"].items() for a, n in row.items() for _ in range(n)]
        again = type_figures([told(gold, answer) for gold, answer in pairs])
        assert again is not None
        for key in ("six_f1", "fifteen_f1", "six_accuracy", "fifteen_accuracy", "per_type"):
            assert again[key] == figures[key], key
        gaps = sum(abs(one["stated"] - one["right"]) * one["n"] for one in figures["bins"]) / figures["n"]
        assert math.isclose(gaps, figures["calibration_error"], abs_tol=2e-4)


@pytest.mark.skipif(not (SHARED / "types_dev.jsonl").exists(), reason="the dev files are not beside the project")
def test_nothing_that_is_published_holds_a_dev_text() -> None:
    texts = [str(case["text"]) for cases in GoldSet.load(SHARED).cases.values() for case in cases if "text" in case]
    shown = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*") if path.suffix in (".md", ".json"))
    shown += "".join(path.read_text(encoding="utf-8") for path in HELDOUT.glob("*"))
    shown += (ROOT / "README.md").read_text(encoding="utf-8")
    found = sum(text[at : at + 14] in shown for text in texts for at in range(0, len(text) - 13, 7))
    assert found == 0
