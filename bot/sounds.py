"""How Chinese sounds: two texts that are the same when read aloud, whatever characters and script they are written in.

Hides pypinyin and opencc. A text becomes one character per syllable, without tones, blanks and punctuation, so that
any text search or distance works on sounds (公资 is 工资, 調解 is 调解). Called by the phrasebook's search and findings.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import opencc
from pypinyin.pinyin_dict import pinyin_dict
from rapidfuzz import fuzz, process

#: Two texts are near when so much of their sounds is the same (0–100, rapidfuzz' ratio).
NEAR = 86.0
#: Syllables as characters of a private plane, in the order in which they were first met.
_PRIVATE = 0xF0000
#: A pair of syllables in more texts than this says nothing about which are alike.
_COMMON = 150
#: So many of a text's rarest pairs are looked up.
_RAREST = 5


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """Simplified, half-width, lower case, without blanks and punctuation.

    >>> plain("調解，收費 嗎？ＯＫ")
    '调解收费吗ok'
    """
    return _bare(_simplifier().convert(text))


def plains(texts: Sequence[str]) -> list[str]:
    """`plain` of many, in one pass."""
    joined = _simplifier().convert("\n".join(text.replace("\n", " ") for text in texts))
    return [_bare(text) for text in joined.split("\n")] if texts else []


@functools.lru_cache(maxsize=200_000)
def _bare(text: str) -> str:
    return "".join(filter(None, map(_kept, text)))


@functools.cache
def _kept(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char).lower()
    return wide if wide.isalnum() else ""


def sound(bare: str) -> str:
    """The sounds of a plain text, one character per syllable; letters and digits as they are."""
    return "".join(map(_syllable, bare))


@functools.cache
def _syllable(char: str) -> str:
    spelt = spelling(char)
    return char if spelt == char else _numbered(spelt)


@functools.cache
def _numbered(spelt: str) -> str:
    _numbers.setdefault(spelt, len(_numbers))
    return chr(_PRIVATE + _numbers[spelt])


_numbers: dict[str, int] = {}


def spelt(letters: str) -> list[str]:
    """The sounds that pinyin without tones and blanks may mean: `xian` is one syllable or two. Empty when it is none.

    >>> [len(one) for one in spelt("gongzi")], spelt("okk")
    ([2], [])
    """
    syllables = _syllables()
    ways: list[list[str]] = [[""], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for begin in range(max(0, end - 6), end):
            if letters[begin:end] in syllables and len(ways[end]) < 64:
                ways[end] += [way + _numbered(letters[begin:end]) for way in ways[begin]]
    return ways[-1] if letters else []


@functools.cache
def _syllables() -> frozenset[str]:
    return frozenset(spelling(chr(code)) for code in pinyin_dict if 0x4E00 <= code <= 0x9FFF)


#: Read otherwise in the field's words than a dictionary of names would first say.
_FIELD = {"调": "tiao", "还": "huan", "行": "hang", "重": "chong", "长": "zhang"}


@functools.cache
def spelling(char: str) -> str:
    """The first reading of a character without its tone; whatever has none is its own.

    >>> spelling("资"), spelling("x")
    ('zi', 'x')
    """
    readings = _FIELD.get(char) or pinyin_dict.get(ord(char))
    if not readings:
        return char
    apart = unicodedata.normalize("NFD", readings.split(",")[0])
    return "".join(c for c in apart if not unicodedata.combining(c))


def near_pairs(sounds: Sequence[str], cutoff: float = NEAR, since: int = 0) -> Iterator[tuple[int, int, float]]:
    """Pairs (i < j, likeness 0–100) of texts that sound alike, from the rarest pairs of syllables that they share.

    50,000 sentences take some seconds: a text is only compared with those that share one of its rarest pairs. `since`:
    pairs whose second text stands before it are known and not wanted.
    """
    pairs = [{text[n : n + 2] for n in range(max(1, len(text) - 1))} for text in sounds]
    count = Counter(pair for one in pairs for pair in one)
    shelf: defaultdict[str, list[int]] = defaultdict(list)
    least = (2 * cutoff / 100 - 1) if cutoff > 50 else 0.0
    for j, text in enumerate(sounds):
        if not text:
            continue
        rarest = sorted(pairs[j], key=lambda pair: (count[pair], pair))[:_RAREST]
        met: set[int] = set()
        for pair in rarest:
            others = shelf[pair]
            if len(others) < _COMMON:
                met.update(others)
                others.append(j)
            else:
                met.update(others[-_COMMON:])
        if j < since:
            continue
        shortest, longest = math.ceil(len(text) * least), len(text) / least if least else math.inf
        for i in met:
            if shortest <= len(sounds[i]) <= longest:
                likeness = fuzz.ratio(text, sounds[i], score_cutoff=cutoff)
                if likeness:
                    yield i, j, likeness


def near_to(one: str, sounds: Sequence[str], cutoff: float = NEAR) -> list[int]:
    """Which of `sounds` are near to one, itself among them if it is there. Some milliseconds for 50,000."""
    return [at for _, _, at in process.extract_iter(one, sounds, scorer=fuzz.ratio, score_cutoff=cutoff)] if one else []
