"""How a character sounds to people who do not tell z from zh, or an from ang.

Hides pypinyin and that rule, of which there is one. Called by whatever hears words by their sound: dangers
(`sign_sounds`), districts (`place_sounds`), the field's words (`bot.understanding.mishearing`).
"""

from __future__ import annotations

import functools
import re

from pypinyin import Style, lazy_pinyin


def alike(syllable: str) -> str:
    """A syllable without its tone, with what many do not tell apart made alike: `zhang` and `zan` are one."""
    return re.sub(r"([aei])ng$", r"\1n", re.sub(r"^([zcs])h", r"\1", syllable))


@functools.lru_cache(maxsize=8192)
def sound_of(char: str) -> str:
    """The commonest reading of one character, made `alike`; any other character is its own sound."""
    return alike(str(lazy_pinyin(char, style=Style.NORMAL)[0])) if "\u4e00" <= char <= "\u9fff" else char
