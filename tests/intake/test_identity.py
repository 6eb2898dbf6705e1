"""Claims on identity numbers: covered wherever they stand, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.reading.identity import cover_identity


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        "11010519491231002X",
        "110105 19491231 002x",
        "110105-19491231-0021",
        "１１０１０５１９４９１２３１００２１",
    ],
)
def test_an_identity_number_is_covered_but_for_its_ends(number: str) -> None:
    said = cover_identity(f"包工头身份证{number}，电话13800001234，欠我三万二")
    assert number not in said
    assert not any(part in said for part in ("19491231", "１９４９", "1949"))
    assert said.endswith("，电话13800001234，欠我三万二")


def test_the_old_number_of_fifteen_digits_is_covered_where_it_is_called_so() -> None:
    assert "491231" not in cover_identity("他身份证号110105491231002")
    assert cover_identity("订单110105491231002") == "订单110105491231002"


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "0572-0000001",
        "转账单号202611200930111111111111",
        "欠我320000元",
        "2026年11月20日",
        "6222020000001111111",
    ],
)
def test_other_numbers_stay_as_she_wrote_them(text: str) -> None:
    assert cover_identity(text) == text


@given(st.text(max_size=60))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(cover_identity(text)) == len(text)
