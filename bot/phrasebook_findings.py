"""What is wrong with the examples: the same words in two places, words too near, labels too thin, personal data left in.

Hides how each is found, and that it takes seconds: a thread of its own looks, once for each edition of the examples,
and after a small change only at what is new. Called by the classroom; every finding names the examples by which it is
mended.
"""

from __future__ import annotations

import statistics
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.intake.masking import left_in, mask
from bot.phrasebook import Example, Phrasebook
from bot.phrasebook_negations import missing_twins
from bot.sounds import near_pairs, near_to

#: Kinds in the order of their weight, as trainers read them.
KINDS = {
    "twice": "同一句放在两类里",
    "personal": "像有真的电话、证件号",
    "between": "差不多的两句，放在两类里",
    "negation": "只有说“有”的，少一句说“没有”的",
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
    """One finding: the examples it is about, or the label; `fresh` is what the first example might say instead, or (of
    a `negation`) what might be taught under `label`."""

    kind: str
    examples: tuple[Example, ...] = ()
    label: str = ""
    many: int = 0
    fresh: str = ""


#: Pairs of examples that sound alike, by their keys.
Pairs = Sequence[tuple[str, str]]
#: So many new examples are looked at one by one; more, and everything is looked at anew.
FEW = 300


def findings(examples: list[Example], pairs: Pairs | None = None) -> list[Finding]:
    """All findings, gravest first. Some seconds for 50,000 examples unless the pairs are known."""
    order = list(KINDS)
    known = near(examples) if pairs is None else pairs
    return sorted(_all(examples, known), key=lambda one: order.index(one.kind))


def near(examples: list[Example], before: Iterable[Example] = (), pairs: Pairs = ()) -> Pairs:
    """Pairs that sound alike; `pairs` those that were found among the examples `before`."""
    old = {one.key for one in before}
    sounds, fresh = [one.sound for one in examples], [n for n, one in enumerate(examples) if one.key not in old]
    if not old or len(fresh) > FEW:
        return [(examples[i].key, examples[j].key) for i, j, _ in near_pairs(sounds)]
    there = {one.key for one in examples}
    found = [pair for pair in pairs if there.issuperset(pair)]
    for n in fresh:
        for other in near_to(sounds[n], sounds):
            if other != n and (examples[other].key in old or other < n):
                found.append((examples[min(n, other)].key, examples[max(n, other)].key))
    return found


class Watch:
    """What is wrong with the examples of a phrasebook, found beside whoever asks. Thread-safe."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._edition = -1
        self._seen: list[Example] = []
        self._pairs: Pairs = ()
        self._found: list[Finding] = []

    def look(self) -> tuple[list[Finding], bool]:
        """What was found last, without what changed since, and whether it is about the examples as they stand."""
        there = {one.key for one in self._book.examples()}
        fresh = self.begin()
        told = [one for one in self._found if all(example.key in there for example in one.examples)]
        return told, fresh

    def wait(self) -> list[Finding]:
        """Findings about the examples as they stand, however long it takes."""
        while not self.look()[1]:
            thread = self._thread
            if thread is not None:
                thread.join()
        return self._found

    def begin(self) -> bool:
        """Read and look in a thread, unless it was done; whether it was."""
        with self._lock:
            if self._edition == self._book.edition:
                return True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._search, name="findings", daemon=True)
                self._thread.start()
            return False

    def _search(self) -> None:
        examples, edition = list(self._book.examples()), self._book.edition
        pairs = near(examples, self._seen, self._pairs)
        found = findings(examples, pairs)
        with self._lock:
            self._edition, self._seen, self._pairs, self._found = edition, examples, pairs, found


def _all(examples: list[Example], pairs: Pairs) -> Iterator[Finding]:
    yield from _pairs(examples, pairs)
    yield from (Finding("negation", (one,), label, fresh=twin) for one, label, twin in missing_twins(examples))
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
        elif many > THICK * middle[side[label]] and not label.startswith((_BESIDE, "inform")):
            yield Finding("thick", label=label, many=many)


def _pairs(examples: list[Example], pairs: Pairs) -> Iterator[Finding]:
    named = {one.key: one for one in examples}
    for pair in pairs:
        one, other = (named[key] for key in pair)
        apart = one.label != other.label
        if apart and (one.label.startswith(_BESIDE) != other.label.startswith(_BESIDE)):
            continue
        if apart:
            yield Finding("twice" if one.plain == other.plain else "between", (one, other), one.label)
        else:
            yield Finding("near", (one, other), one.label)
