"""Districts and counties written as they sound: 湖州南寻 is 湖州南浔, once the city is known.

Hides pinyin. Only the districts of one known city are heard this way, at least one of their characters must be right,
and never a single syllable. Called by `hearing` where a text names a city and no district of it.
"""

from __future__ import annotations

import re

from bot.intake.divisions import Divisions
from bot.intake.syllables import sound_of

#: Between a city and its district may stand 市, 的, a comma: 湖州市的南寻.
GAP = 2
#: What stands after the name proper.
_RANK = re.compile(r"(?:(?:[\u4e00-\u9fff]{1,3}族)+自治)?[区县市旗]$")


def as_named(text: str, city: str, end: int, divisions: Divisions) -> str:
    """`text` with the district that follows its city (a code, named up to `end`) by sound written right; same length."""
    for code in divisions.children(city):
        name = _RANK.sub("", divisions[code].name)
        if len(name) < 2 or name in text:
            continue
        sounds = [sound_of(char) for char in name]
        for at in range(end, min(end + GAP, len(text) - len(name)) + 1):
            said = text[at : at + len(name)]
            if any(one == two for one, two in zip(said, name)) and [sound_of(char) for char in said] == sounds:
                return text[:at] + name + text[at + len(name) :]
    return text
