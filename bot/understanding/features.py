"""Texts as numbers: weighted character and word n-grams.

Kept apart because two judges learn from the same: the topics of `bot.understanding.model` and the dangers of
`bot.understanding.dangers`, their callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.chinese import segment


@dataclass(slots=True)
class Features:
    """Character 1–2-grams, words and word pairs of normalised texts."""

    chars: TfidfVectorizer = field(
        default_factory=lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    )
    words: TfidfVectorizer = field(
        default_factory=lambda: TfidfVectorizer(
            analyzer="word", tokenizer=_as_is, preprocessor=_as_is, token_pattern=None, lowercase=False,
            ngram_range=(1, 2), sublinear_tf=True, min_df=2,
        )
    )  # fmt: skip

    def fit(self, texts: Sequence[str]) -> None:
        """Learn the vocabulary from normalised texts."""
        self.chars.fit(texts)
        self.words.fit(segment(texts))

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """Feature matrix (texts × features) of normalised texts."""
        return hstack([self.chars.transform(texts), self.words.transform(segment(texts))]).tocsr()


def _as_is(value: Any) -> Any:
    return value
