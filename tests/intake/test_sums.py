"""The lift's sum: shares by heads, and no sum of counts that cannot be."""

import doctest

import pytest
from builders import a_record

from bot.intake import sums


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(sums).failed == 0


@pytest.mark.parametrize("counts", [(12, 9, 10), (9, 12, 7), (0, 0, 0), (12, 9, None)])
def test_counts_that_cannot_be_or_are_not_known_give_no_sum(counts: tuple[int | None, ...]) -> None:
    keys = ("households_total", "households_joining", "households_agreeing")
    told = {key: count for key, count in zip(keys, counts) if count is not None}
    assert sums.lift_heads(a_record("property", "elevator", **told)) is None
