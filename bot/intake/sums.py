"""The sum behind a lift: 民法典 278, two thirds take part, three quarters of these agree, by heads and by area (R33).

No ruling is given: what the law calls for is for the people concerned and the authorities to judge. Called by the
interview when the last of the numbers is known.
"""

from __future__ import annotations

from typing import Any

from bot.intake.record import Record

#: All, those who take part in the vote, those of them who agree.
PARTS = ("total", "joining", "agreeing")


def lift_heads(record: Record) -> dict[str, str] | None:
    """Counts and shares in percent (one decimal) for the response `utter_lift_sum`; None unless all three are known.

    >>> from bot.intake.record import Fact
    >>> counts = {"households_total": 12, "households_joining": 9, "households_agreeing": 7}
    >>> record = Record(facts={k: Fact(v, str(v), str(v), 1, "answer", "") for k, v in counts.items()})
    >>> lift_heads(record)["joined"], lift_heads(record)["agreed"]
    ('75%', '77.8%')
    """
    return _shares(*(record.value(f"households_{part}") for part in PARTS))


def lift_areas(record: Record) -> dict[str, str] | None:
    """Square metres and shares in percent for `utter_lift_areas`: the three areas as told, or those that follow from the
    households where all flats are of one size (`even` says so). None while they are not known.

    >>> from bot.intake.record import Fact
    >>> told = {"area_total": 960, "area_joining": 700, "area_agreeing": 540}
    >>> record = Record(facts={k: Fact(v, str(v), str(v), 1, "answer", "") for k, v in told.items()})
    >>> lift_areas(record)["joined"], lift_areas(record)["agreed"]
    ('72.9%', '77.1%')
    """
    told = _shares(*(record.value(f"area_{part}") for part in PARTS))
    if told is not None:
        return {**told, "even": ""}
    each, heads = record.value("area_each"), [record.value(f"households_{part}") for part in PARTS]
    if not isinstance(each, (int, float)) or not all(isinstance(count, (int, float)) for count in heads):
        return None
    reckoned = _shares(*(count * each for count in heads))
    return {**reckoned, "even": "这是按每户一样大算的。"} if reckoned is not None else None


def _shares(*numbers: Any) -> dict[str, str] | None:
    if not all(isinstance(number, (int, float)) and number > 0 for number in numbers):
        return None
    total, joining, agreeing = numbers
    if not agreeing <= joining <= total:
        return None  # a slip of the tongue: the card shows it, no sum is made of it
    return {
        "total": f"{total:g}",
        "joining": f"{joining:g}",
        "agreeing": f"{agreeing:g}",
        "joined": _percent(joining / total),
        "agreed": _percent(agreeing / joining),
    }


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g}%"
