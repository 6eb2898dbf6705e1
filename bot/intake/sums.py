"""The sum behind a lift: 民法典 278, two thirds take part, three quarters of these agree, by heads and by area (R33).

Only the heads are computed, and no ruling is given: the areas are told in words, and what the law calls for is for the
people concerned and the authorities to judge. Called by the interview when the last of the three counts is known.
"""

from __future__ import annotations

from bot.intake.record import Record


def lift_heads(record: Record) -> dict[str, str] | None:
    """Counts and shares in percent (one decimal) for the response `utter_lift_sum`; None unless all three are known.

    >>> from bot.intake.record import Fact
    >>> counts = {"households_total": 12, "households_joining": 9, "households_agreeing": 7}
    >>> record = Record(facts={k: Fact(v, str(v), str(v), 1, "answer", "") for k, v in counts.items()})
    >>> lift_heads(record)["joined"], lift_heads(record)["agreed"]
    ('75%', '77.8%')
    """
    counts = [record.value(key) for key in ("households_total", "households_joining", "households_agreeing")]
    if not all(isinstance(count, (int, float)) and count > 0 for count in counts):
        return None
    total, joining, agreeing = counts
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
