"""Districts and counties written as they sound: 湖州南寻 is 湖州南浔, once the city is known.

Hides pinyin. Only the districts of one known city are heard this way, at least one of their characters must be right,
and never a single syllable. Called by `hearing` where a text names a city and no district of it.
"""

from __future__ import annotations

import functools
import re

from pypinyin import Style, lazy_pinyin

from bot.intake.divisions import Divisions

#: Between a city and its district may stand 市, 的, a comma: 湖州市的南寻.
GAP = 2
#: What stands after the name proper.
_RANK = re.compile(r"(?:(?:[\u4e00-\u9fff]{1,3}族)+自治)?[区县市旗]$")


@functools.lru_cache(maxsize=8192)
def _sound(char: str) -> str:
    """A character's syllable without its tone; z and zh, an and ang are one, as many people say them."""
    plain = str(lazy_pinyin(char, style=Style.NORMAL)[0])
    return re.sub(r"([aei])ng$", r"\1n", re.sub(r"^([zcs])h", r"\1", plain))


def as_named(text: str, city: str, end: int, divisions: Divisions) -> str:
    """`text` with the district that follows its city (a code, named up to `end`) by sound written right; same length."""
    for code in divisions.children(city):
        name = _RANK.sub("", divisions[code].name)
        if len(name) < 2 or name in text:
            continue
        sounds = [_sound(char) for char in name]
        for at in range(end, min(end + GAP, len(text) - len(name)) + 1):
            said = text[at : at + len(name)]
            if any(one == two for one, two in zip(said, name)) and [_sound(char) for char in said] == sounds:
                return text[:at] + name + text[at + len(name) :]
    return text
