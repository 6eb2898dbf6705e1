"""What of a parcel is new: each row is held against the phrasebook before anybody proposes it.

Hides how rows are compared. A row is one of `KINDS`; only `new` rows are proposed unless the trainer wants the near and
the masked ones too. Called by the page of import.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.exchange import Fault, Parcel
from bot.intake.masking import left_in, mask
from bot.labels import Label
from bot.phrasebook import Example, Unfit, as_example
from bot.sounds import near_pairs, plains, sound

#: Kinds in the order in which a trainer reads them.
KINDS = {
    "new": "新的句子",
    "near": "和已经有的差不多",
    "personal": "像有真名、电话、住址",
    "elsewhere": "同一句已经在别的类里",
    "there": "已经有了",
    "unknown": "不知道是哪一类",
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """A row as it would be taught: `text` is clean (of a personal one: masked), `beside` what it is like or was."""

    line: int
    text: str
    label: str
    beside: str = ""


@dataclass(slots=True)
class Load:
    """A parcel, sorted. `unknown` counts the labels that nobody knows, as they were written."""

    kinds: dict[str, list[Sorted]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    faults: list[Fault] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)

    def wanted(self, near: bool = False, personal: bool = False) -> dict[str, list[str]]:
        """Sentences to propose by label."""
        rows = [
            *self.kinds["new"],
            *(self.kinds["near"] if near else ()),
            *(self.kinds["personal"] if personal else ()),
        ]
        told: dict[str, list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.line):
            told[row.label].append(row.text)
        return dict(told)


def sort(
    parcel: Parcel, examples: list[Example], labels: Mapping[str, Label], chosen: Mapping[str, str], default: str = ""
) -> Load:
    """Sort a parcel. `chosen`: what an unknown label is in our words ("" leaves its rows out); `default` is for rows
    without any. 10,000 rows beside 17,000 examples take some seconds."""
    load = Load(faults=list(parcel.faults))
    names = {label.name: key for key, label in labels.items()}
    standing = {(one.label, one.text) for one in examples}  # by hand one may be as short as 好 or 。。。
    fit: list[Sorted] = []
    for row in parcel.rows:
        told = row.label or default
        label = _known(told, labels, names) or chosen.get(told, "")
        try:
            text = as_example(row.text)
        except Unfit as error:
            if (label, row.text) in standing:
                load.kinds["there"].append(Sorted(row.line, row.text, label))
                continue
            load.faults.append(Fault(row.line, str(error)))
            continue
        if label in labels:
            fit.append(Sorted(row.line, text, label))
        else:
            load.unknown[told] += 1
            load.kinds["unknown"].append(Sorted(row.line, text, told))
    _place(fit, examples, load)
    load.faults.sort(key=lambda fault: (fault.file, fault.line))
    return load


def _known(told: str, labels: Mapping[str, Label], names: Mapping[str, str]) -> str:
    """The label that is meant: by its key, its name, or Rasa's intent."""
    told = told.strip()
    return told if told in labels else names.get(told) or (told[8:] if told[8:] in labels else "")


def _place(rows: list[Sorted], examples: list[Example], load: Load) -> None:
    stands: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for example in examples:
        stands[example.plain].setdefault(example.label, example.text)
    fresh: list[tuple[Sorted, str]] = []
    for row, bare in zip(rows, plains([row.text for row in rows])):
        there = stands[bare]
        if row.label in there:
            load.kinds["there"].append(row)
        elif there and not row.label.startswith("danger_") and not all(one.startswith("danger_") for one in there):
            load.kinds["elsewhere"].append(Sorted(row.line, row.text, row.label, next(iter(there))))
        else:
            there[row.label] = row.text
            fresh.append((row, bare))
    near = _near([bare for _, bare in fresh], [row.text for row, _ in fresh], examples)
    for number, (row, _) in enumerate(fresh):
        masked = mask(row.text).text
        if masked != row.text and left_in(masked):
            load.faults.append(Fault(row.line, "里面还有电话、证件号一样的号码，盖不住，改好再导入"))
        elif masked != row.text:
            load.kinds["personal"].append(Sorted(row.line, masked, row.label, row.text))
        elif number in near:
            load.kinds["near"].append(Sorted(row.line, row.text, row.label, near[number]))
        else:
            load.kinds["new"].append(row)


def _near(bares: list[str], texts: list[str], examples: list[Example]) -> dict[int, str]:
    """For each new text that sounds like another, standing or new and before it: that one."""
    many = len(examples)
    said = [*(example.text for example in examples), *texts]
    sounds = [*(example.sound for example in examples), *(sound(bare) for bare in bares)]
    found: dict[int, str] = {}
    for before, after, _ in near_pairs(sounds, since=many):
        found.setdefault(after - many, said[before])
    return found
