"""Hides what tells a year said in two digits (98年, 一五年) or as a decade (八几年) from a length of time (七八年, 20年).

Called by `date_phrases`.
"""

import re
from collections.abc import Iterator
from datetime import date

from bot.intake.reading.calendar_words import Stretch, digit_by_digit, small_number

_YEAR2_BEFORE = re.compile(r"(?:^|[从自在于是我他她们俩家,。、\s到至—~-]|大概)$")
_YEAR2_AFTER = re.compile(
    r"(?:的时候|那年|那会|疫情|的?[春夏秋冬](?:天|季)?|起|开始|就|到|至|签|借|结婚|离婚|买|入职|进厂|生|来的|以来|上半年|下半年|,?他|,?我|$)"
)
# 98年承包的, 14年装的地暖: what was done in it tells a year from a length of time (用了10年买的 is one).
_DONE = re.compile(
    r"(?:装|买|盖|建|签|办|承?包|分|批|入住|入职|进|来|搬|租|修|借|打|贷|领|登记|退休|交|开|毕业|结婚|离婚|生|参军|下岗|改制|拆|迁|栽|种)"
    r"[^,。;!?\d]{0,4}的"
)
# 99年土地到户: nothing lasts so long but 70年产权, and 98年的房子 tells how old it is, not when something was.
_LONG_PAST = re.compile(r"[89]\d")
_VINTAGE_AFTER = re.compile(r"的(?!时候|[春夏秋冬])|产权|使用|租|大庆|周年|历史|$")
_LENGTH_BEFORE = re.compile(r"[了过满近有干做住用等共约整够前后多第每]$")
# 八几年: some year of that decade. 三几年 and 几年 are lengths of time; 一几年 is 201x.
_DECADE = re.compile(
    r"(?<![零〇一二两三四五六七八九十百\d])(?:19|20)?(?P<ten>[零〇一六七八九01]|(?<=19)[5-9]|(?<=20)[0-2])几年(?![前来后以之了])"
)


def decades(text: str, now: date) -> Iterator[tuple[tuple[int, int], Stretch]]:
    """Yield the span and the ten years of every decade said as 八几年, 零几年 or 198几年, approximate."""
    for found in _DECADE.finditer(text):
        first = now.year - now.year % 100 + int(digit_by_digit(found["ten"]) or 0) * 10
        first -= 100 if first > now.year else 0
        yield found.span(), Stretch(date(first, 1, 1), date(first + 9, 12, 31), "approx")


def is_a_short_year(said: str, year: int, now: date, before: str, after: str, asked: bool) -> bool:
    """Tell whether two digits before 年 are the year `year`; `before` and `after` are the words around them."""
    spoken = not said.isdigit() and (said[0] in "零〇○O" or _no_neighbours(said))
    if year > now.year + 1 or year < now.year - (90 if spoken else 60):
        return False
    if spoken:
        return True  # 一五年, 八八年: no length of time is said so; 七八年 is one
    if re.match(r"(?:了|没|未|多|来|不|[前后内]|以|之|的?工资)", after):
        return False
    if said[0] == "0" or (said[0] in "九" and said[1] not in "十"):
        return True
    if _LONG_PAST.fullmatch(said) and not _LENGTH_BEFORE.search(before) and not _VINTAGE_AFTER.match(after):
        return True
    if re.search(r"年[到至~—-]$", before):
        return True
    neighbours = said in ("一二", "二三")
    if said.isdigit() and _DONE.match(after) and not _LENGTH_BEFORE.search(before):
        return True
    return not neighbours and bool(asked or (_YEAR2_BEFORE.search(before) and _YEAR2_AFTER.match(after)))


def _no_neighbours(said: str) -> bool:
    first, second = small_number(said[0]), small_number(said[1])
    return first is not None and second is not None and second != first + 1
