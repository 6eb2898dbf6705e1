"""Hides how citizens say sums, days, numbers of people, land and telephone numbers; answers with values and offsets.

Called by the desk for every turn and by `python -m bot read`. `read` is the one door; places are added by the
caller (`bot.intake.places`), since they need the table of divisions. Every result carries the exact characters the
citizen wrote, so that a record's field can be traced to her words.
"""

import dataclasses
import datetime
import unicodedata
from typing import TypeVar

from bot.intake.reading.areas import Area, read_areas
from bot.intake.reading.dates import DateSpan, read_dates
from bot.intake.reading.money import Claims, Money, read_money
from bot.intake.reading.numerals import find_numbers
from bot.intake.reading.people import People, read_people
from bot.intake.reading.phones import Phone, read_phones
from bot.intake.reading.plain import plain

Found = TypeVar("Found", Money, DateSpan, People, Area, Phone)

__all__ = ["Area", "DateSpan", "Money", "People", "Phone", "Reading", "read"]


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What one text says, each kind in the order of the text; spans are offsets into the text as it was written."""

    money: tuple[Money, ...]
    dates: tuple[DateSpan, ...]
    people: tuple[People, ...]
    areas: tuple[Area, ...]
    phones: tuple[Phone, ...]


def _visible(text: str) -> tuple[str, list[int]]:
    """Return `text` without zero-width characters, and each remaining character's offset in `text` (plus the end)."""
    kept = [at for at, char in enumerate(text) if char.isascii() or unicodedata.category(char) != "Cf"]
    return "".join(text[at] for at in kept), [*kept, len(text)]


def read(text: str, now: datetime.date, asked: str | None = None) -> Reading:
    """Read `text`, said on the day `now`; `asked` is the fact the desk has just asked for, if any.

    Money in yuan, areas in mu, days with both ends inclusive. Any text gives an answer; time is linear in its length.

    >>> reading = read("老板欠我们3个人三万２", datetime.date(2026, 11, 20))
    >>> reading.money[0].text, reading.money[0].value, reading.people[0].value
    ('三万２', 32000.0, 3)
    """
    visible, offsets = _visible(text)
    letters = plain(visible)
    phones = read_phones(letters)
    by_phones = Claims([phone.span for phone in phones])
    dates = [date for date in read_dates(letters, now, asked) if not by_phones.hold(*date.span)]
    by_dates = Claims([date.span for date in dates])
    numbers = [number for number in find_numbers(letters) if not by_phones.hold(number.start, number.start + 1)]
    areas = read_areas(letters, numbers)
    people = read_people(letters, asked, [n for n in numbers if not by_dates.hold(n.start, n.end)])
    money = read_money(
        letters, asked, [*(d.span for d in dates), *(a.span for a in areas), *(p.span for p in people)], numbers
    )
    # 押金两千五一直不退: the sum reaches further back than the 五一 in it, so the sum is meant.
    in_a_sum = bytearray(len(letters))
    for one in money:
        in_a_sum[one.span[0] : one.span[1]] = b"\1" * len(one.text)
    dates = [date for date in dates if not any(in_a_sum[slice(*date.span)])]
    return Reading(
        tuple(_as_written(item, text, offsets) for item in money),
        tuple(_as_written(item, text, offsets) for item in dates),
        tuple(_as_written(item, text, offsets) for item in people),
        tuple(_as_written(item, text, offsets) for item in areas),
        tuple(_as_written(item, text, offsets) for item in phones),
    )


def _as_written(item: Found, text: str, offsets: list[int]) -> Found:
    """Return `item` with its span and words in the text as the citizen typed it."""
    start, end = offsets[item.span[0]], offsets[item.span[1] - 1] + 1
    return dataclasses.replace(item, text=text[start:end], span=(start, end))
