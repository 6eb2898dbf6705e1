"""Stratified cross-validation of the language data, with look-alikes kept on one side.

Two examples that differ by a number or a name are one: left on both sides they would be graded as understanding. So
examples are grouped by likeness first and folds are drawn over groups. Called by the verb `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedGroupKFold

from bot.quality.figures import Told
from bot.understanding.chinese import normalise
from bot.understanding.model import DeskModel, Example

#: Cosine of character pairs and threes from which two examples count as one. Looked at on the data of 2026-11-23: from
#: 0.45 most pairs are one thing said twice (about forty pairs in all); at 0.4 they only share a subject.
ALIKE = 0.45
BLOCK = 1000
SEED = 20261123
DISPUTE = "dispute_"


def groups_of(texts: Sequence[str], alike: float = ALIKE) -> list[int]:
    """A group number for each text: texts joined by a chain of look-alikes share one."""
    if not texts:
        return []
    plain = [normalise(text) for text in texts]
    grams = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    try:
        vectors = grams.fit_transform(plain).astype(np.float32)
    except ValueError:  # nothing but single characters
        return list(range(len(texts)))
    leader = list(range(len(texts)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for start in range(0, vectors.shape[0], BLOCK):
        near = (vectors[start : start + BLOCK] @ vectors[start:].T).tocoo()
        strong = (near.data >= alike) & (near.row < near.col)
        for one, other in zip(near.row[strong], near.col[strong]):
            leader[find(start + int(other))] = find(start + int(one))
    return [find(at) for at in range(len(texts))]


def crossed(
    examples: Sequence[Example], folds: int, tell: Callable[[str], None], memory: Path | None = None
) -> list[Told]:
    """Every dispute example classified by a model that saw neither it nor its look-alikes. `tell` is called before each
    fold; `memory` is a file of sentence vectors, of which each fold leaves those of its own for the next."""
    disputes = [at for at, example in enumerate(examples) if example.label.startswith(DISPUTE)]
    texts = [examples[at].text for at in disputes]
    types = [examples[at].label.removeprefix(DISPUTE).split("/")[0] for at in disputes]
    told: list[Told] = []
    for number, held in enumerate(_folds(types, groups_of(texts), folds), 1):
        tell(f"交叉验证：第 {number} 份，共 {folds} 份……")
        out = {disputes[at] for at in held}
        model = DeskModel.train([example for at, example in enumerate(examples) if at not in out], memory)
        for at, topics in zip(held, model.topics_of([texts[at] for at in held])):
            ranked = tuple(topic.type for topic in topics)
            told.append(Told(f"{disputes[at]}", types[at], ranked, topics[0].confidence))
    return told


def _folds(types: Sequence[str], groups: Sequence[int], folds: int) -> Iterator[list[int]]:
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=SEED)
    for _, held in splitter.split(np.zeros(len(types)), types, groups):
        yield [int(at) for at in held]
