"""What was meant by words that only sound right: 没签合铜 is 没签合同, 老办欠我宫资 is 老板欠我工资.

Hides pinyin, the field's words that are heard by their sound (nlu_data/words/sounds.txt) and known slips (slips.txt).
Given to the desk at its opening: facts are read from the mended copy, while the citizen's own characters are quoted;
so the copy is exactly as long as what she wrote. Stretches that are words of their own are left alone (资料 in 办公资料).
"""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.intake.reading.plain import plain
from bot.intake.syllables import alike
from bot.sounds import spelling
from bot.understanding.chinese import WORDS, in_use, segmenter, share, slips, words_in

#: How many times likelier the field's word must be than the odd characters, as a natural logarithm: for two syllables,
#: and for more, where two thirds must be right. Of 17,600 example sentences 30 are changed, and half of those were wrong.
SURE, SURE_OF_LONG = 4.0, 0.0
#: A stretch that stands in the dictionary as one word is likelier to be meant.
A_WORD = 2.0
#: The field's words are said here more often than in the newspapers of jieba's dictionary.
FIELD = 300
LONGEST = 6
HAN = re.compile("[\u4e00-\u9fff]+")
#: A name follows: 老板叫何同.
NAMING = re.compile(r"(?:叫做?|姓|名字是?|名叫|本人|我是)$")


def as_meant(text: str) -> str:
    """The text simplified, half-width (`plain`), with what was misheard or mistyped as it was meant; same length.

    >>> as_meant("没签合铜，老办欠我宫资")
    '没签合同,老板欠我工资'
    """
    copy = plain(text)
    pattern, pairs = slips(in_use())
    if pattern is not None:
        copy = pattern.sub(lambda slip: pairs[slip.group()] if _alike(slip.group(), pairs) else slip.group(), copy)
    taken: set[int] = set()
    written = list(copy)
    for _, start, end, word in sorted(_misheard(copy), reverse=True):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            written[start:end] = word
    return "".join(written)


def _alike(slip: str, pairs: dict[str, str]) -> bool:
    return len(pairs[slip]) == len(slip)


def _misheard(text: str) -> Iterator[tuple[float, int, int, str]]:
    """Stretches of whole words that sound like one of the field's: (how much likelier it is, start, end, that word)."""
    words, by_sound = _field()
    at, spans = 0, []
    for piece in segmenter().lcut(text, HMM=False):
        spans.append((at, at + len(piece)))
        at += len(piece)
    for first, (start, _) in enumerate(spans):
        unlikely = 0.0
        for last in range(first, min(first + LONGEST, len(spans))):
            end = spans[last][1]
            unlikely -= _likelihood(text[spans[last][0] : end])
            said = text[start:end]
            if len(said) > LONGEST or not HAN.fullmatch(said):
                break
            if len(said) < 2 or said in words or NAMING.search(text, max(0, start - 4), start):
                continue
            for word in by_sound.get(_sounds(said), ()):
                right = sum(one == two for one, two in zip(said, word))
                gain = _likelihood(word, FIELD) + unlikely - (A_WORD if first == last else 0.0)
                enough = right * 2 >= len(said) and gain > SURE if len(said) == 2 else right * 3 >= len(said) * 2
                if enough and gain > SURE_OF_LONG:
                    yield gain, start, end, word


@functools.cache
def _field(folder: Path = WORDS) -> tuple[frozenset[str], dict[tuple[str, ...], list[str]]]:
    words = [word for line in words_in("sounds.txt", folder) for word in line.split()]
    by_sound: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for word in words:
        by_sound[_sounds(word)].append(word)
    return frozenset(words), dict(by_sound)


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(map(_sound, text))


@functools.lru_cache(maxsize=8192)
def _sound(char: str) -> str:
    """As `syllables.sound_of`, by the reading that the field uses (`sounds.spelling`)."""
    return alike(spelling(char))


@functools.lru_cache(maxsize=65536)
def _likelihood(word: str, least: int = 1) -> float:
    """The logarithm of a word's share of running text."""
    return math.log(share(word, least))
