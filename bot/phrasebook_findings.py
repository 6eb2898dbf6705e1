"""What is wrong with the examples: the same words in two places, words too near, labels too thin, personal data left in.

Hides how each is found. Called by the training pages; every finding names the examples by which it is mended.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.intake.masking import left_in, mask
from bot.phrasebook import Example
from bot.sounds import near_pairs

#: Kinds in the order of their weight, as trainers read them.
KINDS = {
    "twice": "同一句放在两类里",
    "personal": "像有真的电话、证件号",
    "between": "差不多的两句，放在两类里",
    "near": "差不多的两句，多的那句没用",
    "thin": "例子太少",
    "thick": "例子太多，压着别的类",
    "short": "太短，教不了什么",
}
#: Fewer examples than this teach no label; so many times the middle of its side crowd the others out.
THIN, THICK = 20, 3.0
#: Labels that may say what others say: the second net of danger is learned beside the topics, not against them.
_BESIDE = "danger_"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the examples it is about, or the label; `fresh` is what the first example might say instead."""

    kind: str
    examples: tuple[Example, ...] = ()
    label: str = ""
    many: int = 0
    fresh: str = ""


def findings(examples: list[Example]) -> list[Finding]:
    """All findings, gravest first. Some seconds for 50,000 examples."""
    order = list(KINDS)
    return sorted(_all(examples), key=lambda one: order.index(one.kind))


def _all(examples: list[Example]) -> Iterator[Finding]:
    yield from _pairs(examples)
    counts: defaultdict[str, int] = defaultdict(int)
    for one in examples:
        counts[one.label] += 1
        if any(char.isdigit() for char in one.plain) and left_in(one.text):
            yield Finding("personal", (one,), one.label, fresh=mask(one.text).text)
        if len(one.plain) < 2 and not one.label.startswith(("affirm", "deny", "inform", "greet")):
            yield Finding("short", (one,), one.label)
    side = {one.label: one.file.split("/")[0] for one in examples}  # labels of a file are learned against each other
    told: defaultdict[str, list[int]] = defaultdict(list)
    for label, many in counts.items():
        told[side[label]].append(many)
    middle = {name: statistics.median(numbers) for name, numbers in told.items()}
    for label, many in counts.items():
        if many < THIN and not label.startswith("faq/") or many < 8:
            yield Finding("thin", label=label, many=many)
        elif many > THICK * middle[side[label]]:
            yield Finding("thick", label=label, many=many)


def _pairs(examples: list[Example]) -> Iterator[Finding]:
    for i, j, _ in near_pairs([one.sound for one in examples]):
        one, other = examples[i], examples[j]
        apart = one.label != other.label
        if apart and (one.label.startswith(_BESIDE) != other.label.startswith(_BESIDE)):
            continue
        if apart:
            yield Finding("twice" if one.plain == other.plain else "between", (one, other), one.label)
        else:
            yield Finding("near", (one, other), one.label)
