"""Claims about what is found wrong with the examples: each kind, and that a small change is looked at quickly."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from test_phrasebook import a_small_root, many

from bot.phrasebook import Example, Phrasebook
from bot.phrasebook_findings import Watch, findings, near
from bot.phrasebook_negations import missing_twins
from bot.settings import ROOT
from bot.sounds import plain, sound


def example(text: str, label: str, file: str = "danger.yml") -> Example:
    bare = plain(text)
    return Example(f"{label}{text}", text, label, file, 1, bare, sound(bare))


HIT = [example(text, "danger_violence") for text in ("他打我脸", "他老打孩子", "喝了酒就打人", "昨天又打了我妈")]


def test_a_danger_that_is_never_denied_wants_a_sentence_that_denies_it() -> None:
    assert [label for _, label, _ in missing_twins(HIT)] == ["danger_none"]
    assert list(missing_twins([*HIT, example("我们吵架他从来没打过我", "danger_none")])) == []
    assert list(missing_twins(HIT[:3])) == []  # too few to mislead


@pytest.mark.parametrize(
    ("text", "label", "twin", "under"), [("签了", "affirm", "没签", "deny"), ("没找过", "deny", "找过", "affirm")]
)
def test_an_answer_without_its_opposite_wants_it(text: str, label: str, twin: str, under: str) -> None:
    told = example(text, label, "interview.yml")
    assert [(one.text, to, words) for one, to, words in missing_twins([told])] == [(text, under, twin)]
    assert list(missing_twins([told, example(twin, under, "interview.yml")])) == []


def test_a_small_change_is_looked_at_as_everything_anew_would_be() -> None:
    before = random.Random(5).sample(Phrasebook(ROOT).examples(), 3000)
    pairs = near(before)
    twin = example(before[7].text + "啊", "other", "disputes/other.yml")
    after = [*before[:100], twin, example("没有人说过这样的一句话呢", "other", "disputes/other.yml"), *before[101:]]
    told = {frozenset(pair) for pair in near(after, before, pairs)}
    assert told >= {frozenset(pair) for pair in near(after)} and frozenset((twin.key, before[7].key)) in told


def test_a_small_change_among_fifty_thousand_is_looked_at_in_less_than_a_second() -> None:
    before = [example(text, "other") for text in dict.fromkeys(many())]
    after = [*before, *(example(f"{one.text}呀", "other") for one in before[:10])]
    begun = time.process_time()
    assert len(near(after, before)) >= 10 and time.process_time() - begun < 1


def test_what_is_mended_meanwhile_is_not_shown(tmp_path: Path) -> None:
    book = Phrasebook(a_small_root(tmp_path))
    book.add("thanks", "老板欠我工资，不给")
    watch = Watch(book)
    assert [one.kind for one in watch.wait()][0] == "twice"
    book.delete(next(one.key for one in book.same("老板欠我工资不给") if one.label == "thanks"))
    told, _ = watch.look()
    assert "twice" not in [one.kind for one in told]
    assert [one.kind for one in watch.wait()] == [one.kind for one in findings(book.examples())]


def test_of_danger_there_are_never_too_many_examples() -> None:
    few = [example(f"谢谢您{n}", f"thanks{n % 3}", "interview.yml") for n in range(60)]
    talk = [example(f"一二三{n}", "repeat", "interview.yml") for n in range(200)]
    signs = [example(f"他{n}回动手", "danger_threat", "danger.yml") for n in range(400)]
    signs += [example(f"断了{n}天水", f"danger_{kind}", "danger.yml") for n in range(30) for kind in ("death", "minor")]
    thick = {one.label for one in findings([*few, *talk, *signs], pairs=()) if one.kind == "thick"}
    assert thick == {"repeat"}
