"""The second net: which dangers a text tells, by what it has learned, beside the grammar of `bot.intake.signs`.

A linear judge for each sign over character and word n-grams, and over *classes of words* (nlu_data/words/danger.txt):
which classes stand together within a few words ("a part of a body" beside "a blow", "a number of people" beside
"nothing was paid"). The classes carry a few thousand examples to words that none of them holds. It sees nothing of the
first net, so that what one misses the other may catch. Each sign has its own threshold. A long text is heard in windows
of whole clauses, of which the surest counts; the meaning (`bot.understanding.meaning`, the faster encoder) is a further
feature, of a long text in its most alarming window only. Called by `bot.understanding.model`.

Figures of 2026-11-23, this net alone, mean precision over all thresholds on 107 unseen sentences (first half of the
held-out set, since then among the examples) and on tests/quality/safety.jsonl s-01 to s-63:

    n-grams, 1,100 examples (as before)               0.80   0.93
    sentence vectors of `meaning`, same examples      0.71   0.91
    n-grams, 400 more examples                        0.82   0.93
    n-grams and vectors, 400 more examples            0.82   0.95
    n-grams and classes of words, 740 more            0.90   0.96   (3 ms a text, no vectors needed)

With 733 examples more that say it without its words (nlu_data/danger_implied.yml), both nets on half of 216 blind
sentences (tests/quality, `half: look`; the first column before anything was mended, the second after the rules were):
recall 0.67 → 0.97, precision 0.74 → 0.86; on s-01 to s-169 0.96 and 0.89.

With 589 examples more, this net alone, mean precision over all thresholds by five-fold, on s-01 to s-169, and on the three
seen halves of later sentences (s-170 on: look, kept; s-386 on: look):

    n-grams and classes                               0.816   0.938   0.844   0.876   0.906
    and the sentence vector, weight 0.75              0.848   0.940   0.881   0.898   0.913   (this)
    the same, weight 1                                0.848   0.939   0.884   0.893   0.910
    and medical examples as harmless ones             0.848   0.939   0.882   0.898   0.907   (this)

Before these examples: n-grams 0.813, with the vector at weight 0.5, 1, 1.5: 0.844, 0.854, 0.850; the vector alone 0.63;
the mean of two judges 0.79 (n-grams alone were 0.78 in that run).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.chinese import in_use, words_in
from bot.understanding.features import Features
from bot.understanding.meaning import Vectors, quick_vectors

#: What a text must reach to be called so, sign by sign: five-fold over 742 new examples and the 107 sentences, both
#: nets together. At 0.7 everywhere they heard 0.82 of the 107 (precision 0.84); one 0.8 for all heard 0.79 (0.86), 0.5
#: heard 0.89 (0.74). Five-fold over 2,589 examples with the 733 (both nets): 0.80 heard at precision 0.82; 0.05 lower
#: everywhere gained 0.01–0.02 of recall and lost as much precision for each sign. Five-fold over 3,177 with the vector
#: (both nets): 0.85 heard at precision 0.85; violence 0.75 → 0.8 (recall -0.004, precision +0.014), minor 0.7 → 0.75
#: (-0.005, +0.018), group 0.65 → 0.7 (-0.010, +0.012), self-harm 0.65 → 0.6 (+0.037, -0.007). Self-harm stands lower for a life hangs on it, violence and death higher for they alarm most often.
THRESHOLDS = {
    "violence": 0.8,
    "self_harm": 0.6,
    "threat": 0.7,
    "minor": 0.75,
    "death": 0.75,
    "group": 0.7,
    "utility_cut": 0.65,
}
#: Below this a sign that the rules read is doubted (`bot.intake.sign_doubt`); self-harm never is. Five-fold, of the
#: rules' finds right / wrong below: violence 6 / 24, threat 17 / 42, minor 1 / 3, death 2 / 20, group 0 / 6, supply 0 / 3,
#: before those told too plainly to be doubted are kept.
UNLIKELY = {"violence": 0.06, "threat": 0.15, "minor": 0.05, "death": 0.05, "group": 0.1, "utility_cut": 0.05}
#: From here on a sign of this net alone stops the talk, as one of the rules does; below, its numbers are shown.
SURE = 0.93
#: What a further sign must reach beside one that is all but sure: 0.847 heard at 0.848 became 0.844 at 0.859.
FURTHER = 0.85
#: Shorter words carry no danger; it was trained on sentences, so a longer text is heard in windows.
SHORTEST, WINDOW, WINDOWS = 6, 48, 60
#: Inverse regularisation, the weight of word classes beside n-grams, and of the sentence vector beside both.
STRENGTH, CLASSES_WEIGHT, MEANING_WEIGHT = 5.0, 1.0, 0.75
SEED = 20261123
RARE, FEW = 3, 200
#: How far classes of words may stand apart to count as together, in characters, and how far the next look begins.
REACH, STEP = 24, 16
CLAUSE = re.compile(r"[^，。！？；!?;\n]+[，。！？；!?;\n]*")
_BREAK = re.compile(r"[，。！？；!?;\n ,、：:]+")
#: Ten people and more (DOMAIN R17), in digits or words.
_MANY = (
    r"(?:[2-9二三四五六七八九]?十[几一二三四五六七八九]?|(?<![\d.])\d{2,4}(?![\d.年月日块元])|[一二两三四五六七八九几上数好]+[百千]|好几十)"
    r"(?:多|来|几|余)?(?:个|名|号|位|户|家|口|车)?人?(?![块元万亩年岁天月])"
)


def classes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every class of words with its pattern, in the order of the file."""
    return _classes(in_use())


@functools.lru_cache(maxsize=2)
def _classes(folder: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    named = []
    for line in words_in("danger.txt", folder):
        name, *words = line.split()
        named.append((name, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))))
    return (*named, ("多人", re.compile(_MANY)))


def company(text: str) -> list[str]:
    """Which classes of words a normalised text holds, and which stand together: near by, and anywhere in it."""
    told: list[str] = []
    for start, end in _looks(text):
        here = [name for name, pattern in classes() if pattern.search(text, start, end)]
        told += [f"near {name}" for name in here]
        told += [f"near {one} {other}" for at, one in enumerate(here) for other in here[at + 1 :]]
    all_ = [name for name, pattern in classes() if pattern.search(text)]
    told += [f"all {name}" for name in all_]
    return told + [f"all {one} {other}" for at, one in enumerate(all_) for other in all_[at + 1 :]]


def _looks(text: str) -> list[tuple[int, int]]:
    """Stretches of a text that are looked at together: its clauses, and pieces of clauses that go on without a mark."""
    looks, left = [], 0
    for mark in (*_BREAK.finditer(text), None):
        right = mark.start() if mark else len(text)
        looks += [(at, min(at + REACH, right)) for at in range(left, max(right - REACH + STEP, left + 1), STEP)]
        left = mark.end() if mark else right
    return looks


def windows(text: str) -> list[str]:
    """A text as pieces of whole clauses, about a sentence long; of a very long one its opening and its end."""
    pieces = [""]
    for clause in CLAUSE.findall(text) or [text]:
        for start in range(0, len(clause), WINDOW):
            part = clause[start : start + WINDOW]
            if pieces[-1] and len(pieces[-1]) + len(part) > WINDOW:
                pieces.append("")
            pieces[-1] += part
    return pieces if len(pieces) <= WINDOWS else [*pieces[: WINDOWS // 2], *pieces[-WINDOWS // 2 :]]


@dataclass(slots=True)
class SecondNet:
    """The trained net. Train with `train`, ask with `signs_of`; kept inside the model's file."""

    grams: Features
    together: TfidfVectorizer
    #: By the words alone, and by words and meaning.
    plain: dict[str, LogisticRegression]
    judges: dict[str, LogisticRegression]

    @classmethod
    def train(cls, texts: Sequence[str], told: Sequence[frozenset[str]], memory: Path | None = None) -> SecondNet:
        """Learn from normalised texts and the signs each tells (none: it is harmless). The same give the same.

        `memory` as in `bot.understanding.meaning.remembered`.
        """
        signs = sorted(frozenset().union(*told))
        # Two classes that stand together in fewer texts than this do so by chance; a handful of texts has nothing else.
        grams, rare = Features(), RARE if len(texts) > FEW else 1
        together = TfidfVectorizer(analyzer=company, binary=True, sublinear_tf=True, min_df=rare)
        if not signs:
            return cls(grams, together, {}, {})
        grams.fit(texts)
        together.fit(texts)
        net = cls(grams, together, {}, {})
        words = net._of(texts)
        both = _with(words, quick_vectors(texts, memory))
        for sign in signs:
            there = np.asarray([sign in one for one in told])
            for judges, matrix in ((net.plain, words), (net.judges, both)):
                judge = LogisticRegression(
                    C=STRENGTH, solver="liblinear", class_weight="balanced", random_state=SEED
                )  # fmt: skip
                judges[sign] = judge.fit(matrix, there)
        return net

    def _of(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([self.grams.of(texts), self.together.transform(texts) * CLASSES_WEIGHT]).tocsr()

    def chances_of(self, text: str, vector: Vectors | None = None) -> dict[str, float]:
        """How sure each sign is in a normalised text, 0 to 1: in its surest window.

        `vector` is the text's row of `quick_vectors`, where it is known. Of several windows only the one that alarms
        most by its words is also heard by its meaning: each costs 5 ms.
        """
        if len(text) < SHORTEST or not self.judges:
            return {}
        pieces = windows(text)
        words = self._of(pieces)
        scores: dict[str, NDArray[np.float64]] = {
            sign: judge.predict_proba(words)[:, 1] for sign, judge in self.plain.items()
        }
        first = int(np.max(list(scores.values()), axis=0).argmax())
        if vector is None or len(pieces) > 1:
            vector = quick_vectors([pieces[first]])[0]
        both = _with(words[first], vector[None])
        for sign, judge in self.judges.items():
            scores[sign][first] = judge.predict_proba(both)[0, 1]
        return {sign: float(chances.max()) for sign, chances in scores.items()}

    def signs_of(self, text: str, vector: Vectors | None = None) -> tuple[str, ...]:
        """Signs that reach their threshold; `vector` as in `chances_of`."""
        return tuple(told_of(self.chances_of(text, vector)))


def told_of(chances: Mapping[str, float]) -> dict[str, float]:
    """Signs that reach their threshold, each with its chance; from `SURE` on the talk stops for it."""
    first = max(chances, key=chances.__getitem__, default="")
    least = FURTHER if chances.get(first, 0.0) >= SURE else 0.0
    return {
        sign: chance
        for sign, chance in chances.items()
        if chance >= max(THRESHOLDS.get(sign, 0.5), least if sign != first else 0.0)
    }


def unlikely_of(chances: Mapping[str, float]) -> tuple[str, ...]:
    """Signs that are next to impossible: a rule that reads one of them is doubted (`bot.intake.sign_doubt`)."""
    return tuple(sign for sign, chance in chances.items() if chance < UNLIKELY.get(sign, 0.0))


def _with(words: csr_matrix, vectors: Vectors) -> csr_matrix:
    """Features of the words and of the meaning side by side."""
    return hstack([words, csr_matrix(vectors * MEANING_WEIGHT)]).tocsr()
