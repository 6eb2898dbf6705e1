"""Hides how a number of months is given as an answer: 三个月, 两个半月, 一年半.

Called when the interview has asked for months (`months_owed`).
"""

import re

from bot.intake.reading.numerals import find_numbers
from bot.intake.reading.plain import plain

_FILLER = re.compile(
    "大概|大约|差不多|约|可能|应该|也就|已经|一共|总共|拖欠|拖了|欠了?|有|是|我|他们?|老板|了|吧|呀|啊|的|左右|上下|钱|工资|没发|没给|"
    "[,。!！~ ]"
)


def read_months(text: str) -> float | None:
    """Return the number of months that an answer names (三个月, 两个半月, 半年, 一年半, 3), or None.

    >>> read_months("大概两个半月"), read_months("一年半"), read_months("3")
    (2.5, 18.0, 3.0)
    """
    rest = _FILLER.sub("", plain(text))
    years = re.fullmatch("(.{1,4}?)年(半?)多?(?:零?(.{1,3}?)个?月)?", rest)
    if years:
        counts = [_only_number(part) for part in (years.group(1), years.group(3) or "") if part]
        if None in counts or not counts or (counts[0] or 0) > 50:
            return None
        whole = [count for count in counts if count is not None]
        return whole[0] * 12 + (6 if years.group(2) else 0) + (whole[1] if len(whole) > 1 else 0)
    months = re.fullmatch("(.{1,6}?)(?:个(半)?多?月|个(半)?多?|月)?", rest)
    if not months:
        return None
    count = _only_number(months.group(1))
    if count is None or not 0 < count <= 600:
        return None
    return count + (0.5 if (months.group(2) or months.group(3)) and months.group(1) != "半" else 0)


def _only_number(text: str) -> float | None:
    numbers = find_numbers(text)
    if len(numbers) != 1 or numbers[0].digits_only or (numbers[0].start, numbers[0].end) != (0, len(text)):
        return None
    return numbers[0].value
