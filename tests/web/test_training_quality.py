"""Claims about the quality card in the console: the figures of what was published, as lines and as numbers."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from house import a_house
from hypothesis import given
from hypothesis import strategies as st
from test_training import TRAINING

from bot.web.training_quality import MEASURES, Measured, lines

SHARES = st.none() | st.floats(0, 1)
MODELS = st.lists(st.fixed_dictionaries(dict.fromkeys(MEASURES, SHARES)), min_size=1, max_size=20)


@given(MODELS)
def test_every_point_lies_within_the_picture(told: list[dict[str, float | None]]) -> None:
    drawn = lines([Measured("模型", datetime(2026, 11, 1 + n), figures) for n, figures in enumerate(told)])
    places = [
        tuple(map(float, point.split(","))) for line in re.findall(r'points="([^"]+)"', drawn) for point in line.split()
    ]
    assert len(places) == sum(value is not None for one in told for value in one.values())
    assert all(0 <= x <= 720 and 0 <= y <= 300 for x, y in places)


def test_the_lines_differ_without_colour() -> None:
    assert len({(dashes, sign) for _, _, dashes, sign in MEASURES.values()}) == len(MEASURES)


def test_the_projects_card_stands_on_the_page_in_numbers(tmp_path: Path) -> None:
    page = a_house(tmp_path).signed_in("trainer.one").get(f"{TRAINING}/quality")
    assert page.status_code == 200 and "<svg" in page.text and re.search(r"<td>\d\d\.\d%</td>", page.text)
