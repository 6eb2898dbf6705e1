"""Chinese text as the model reads it: simplified, half-width, without typing slips and stutter.

The citizen's own words are never changed: only the model's copy is. Called by the tokenizer, the span finder and the
classifier, at training and at run time alike.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from pathlib import Path

import jieba
import opencc

#: The dictionary as it is written now. A model is asked with the one that it was trained with (`use_words`).
WORDS = Path(__file__).resolve().parents[2] / "nlu_data" / "words"
#: Names a folder to train with, in a training process.
CHOSEN = "FENZHEN_WORDS"
_in_use = Path(os.environ.get(CHOSEN) or WORDS)
INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
STUTTER = re.compile(r"(.)\1{3,}")
SPACES = re.compile(r"\s+")
#: Digits and Latin runs say little about the topic; their kind does (a phone, a sum, a year).
LONG_NUMBER = re.compile(r"\d{7,}")


def in_use() -> Path:
    """The folder of the dictionary in use."""
    return _in_use


def dictionary(folder: Path | None) -> Path:
    """Where the dictionary of a model lies whose own is in `folder` (None: it has none): the one in use if that says
    the same, so that nothing is built twice."""
    own = folder or WORDS
    return _in_use if _content(own) == _content(_in_use) else own


def use_words(folder: Path) -> None:
    """Use another dictionary from now on. Whoever cannot wait a second builds `segmenter(folder)` before."""
    global _in_use
    _in_use = folder


def _content(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.txt"))]


def words_in(name: str, folder: Path = WORDS) -> list[str]:
    """Lines of a file in nlu_data/words without comments and blank lines; none when the file is absent."""
    path = folder / name
    if not path.exists():
        return []
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def slips(folder: Path | None = None) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """Common typing slips: `公资 工资` a line in nlu_data/words/slips.txt."""
    return _slips(folder or _in_use)


@functools.lru_cache(maxsize=2)
def _slips(folder: Path) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    pairs = dict(line.split()[:2] for line in words_in("slips.txt", folder) if len(line.split()) >= 2)
    if not pairs:
        return None, {}
    return re.compile("|".join(sorted(map(re.escape, pairs), key=len, reverse=True))), pairs


def normalise(text: str) -> str:
    """The model's copy of a text. Linear in its length."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" and c not in "，。！？；：（）" else c for c in text)
    half = SPACES.sub(" ", INVISIBLE.sub("", half)).strip()
    plain = _simplifier().convert(half)
    plain = STUTTER.sub(r"\1\1\1", plain)
    pattern, pairs = slips()
    if pattern is not None:
        plain = pattern.sub(lambda match: pairs[match.group()], plain)
    return LONG_NUMBER.sub("0000000", plain)


def segmenter(folder: Path | None = None) -> jieba.Tokenizer:
    """jieba with the domain's words (保护令, 加装电梯 would be split without them: PEERS). Loaded once, 1 s."""
    return _segmenter(folder or _in_use)[0]


@functools.lru_cache(maxsize=2)  # the one in use and the one that comes next
def _segmenter(folder: Path) -> tuple[jieba.Tokenizer, dict[str, int], int]:
    """jieba with the domain's words; how often its own dictionary has those, and how many words it counted."""
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    counted, common = tokenizer.total, dict[str, int]()
    for name in ("dictionary.txt", "roles.txt", "relations.txt", "evidence.txt"):
        for line in words_in(name, folder):
            parts = line.split()
            common.setdefault(parts[0], tokenizer.FREQ.get(parts[0]) or 0)
            tokenizer.add_word(parts[0], freq=int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 100_000)
    return tokenizer, common, counted


def share(word: str, least: int = 1) -> float:
    """A word's share of running text after jieba's own dictionary, counted `least` times at least."""
    tokenizer, common, counted = _segmenter(_in_use)
    return max(common.get(word, tokenizer.FREQ.get(word) or 0), least) / counted


def segment(texts: Iterable[str]) -> list[list[str]]:
    """Words of each text."""
    cut = segmenter()
    return [cut.lcut(text) for text in texts]
