"""Hides how people's typing differs: full-width forms, invisible characters and traditional characters.

Called by every reader of `bot.intake.reading` before it looks for money, dates, people or phones. The result has
exactly the length of the input, so an offset found in the plain text is the offset in what the citizen wrote.
"""

import functools
import unicodedata

import opencc

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
# OpenCC works on words; these single characters would change their meaning, so they stay as written.
_KEPT_AS_WRITTEN = frozenset("乾著")


@functools.cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=20_000)
def _plain_character(char: str) -> str:
    code = ord(char)
    if code < 0x80:
        return char
    if _FULL_WIDTH_FIRST <= code <= _FULL_WIDTH_LAST:
        return chr(code - _FULL_WIDTH_SHIFT)
    category = unicodedata.category(char)
    if category in ("Zs", "Cf") or 0xFE00 <= code <= 0xFE0F or code == 0x200B:
        return " "
    if category == "Cs" or not category.startswith("L") or char in _KEPT_AS_WRITTEN:
        return char
    simplified = str(_to_simplified().convert(char))
    return simplified if len(simplified) == 1 else char


def plain(text: str) -> str:
    """Return `text` in half-width, simplified characters, the same length as before.

    Full-width letters, digits and punctuation become half-width; unusual and zero-width spaces become one space;
    traditional characters become simplified ones (OpenCC `t2s`, one character at a time). Never raises.

    >>> plain("欠我３萬２，還沒給")
    '欠我3万2,还没给'
    """
    return "".join(map(_plain_character, text))
