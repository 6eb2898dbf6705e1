"""Claims about the names that are gone: each ends on a day, leads to divisions in force, and says what was compared."""

from __future__ import annotations

import csv
import re

import pytest

from bot import knowledge
from bot.intake.places import read_places

DIVISIONS = knowledge.divisions()
with open(knowledge.FOLDER / "divisions.csv", encoding="utf-8-sig", newline="") as lines:
    ROWS = list(csv.DictReader(lines))
GONE = [row for row in ROWS if row["successor"]]


def test_every_successor_is_in_force_and_none_leads_on_to_another() -> None:
    """One step is enough: a successor that had gone itself would be a chain, and a chain could be a circle."""
    wrong = [(row["code"], code) for row in GONE for code in row["successor"].split(";") if code not in DIVISIONS]
    assert wrong == []


def test_every_name_that_is_gone_says_when_it_ended() -> None:
    assert [row["code"] for row in GONE if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", row["valid_to"])] == []
    assert [row["code"] for row in GONE if row["valid_from"] and row["valid_from"] > row["valid_to"]] == []


def test_a_successor_is_at_most_one_rank_away_from_the_name() -> None:
    """A prefecture that was dissolved (莱芜市) lives on in districts; 儋州 rose from a county's rank to a city's."""
    ranks = {"province": 0, "city": 1, "county": 2}
    for row in GONE:
        for code in row["successor"].split(";"):
            assert abs(ranks[DIVISIONS.level(code)] - ranks[row["level"]]) <= 1, row["code"]


def test_a_checked_row_names_its_document_and_an_unchecked_one_claims_none() -> None:
    assert all(bool(row["source"]) == bool(row["checked"]) for row in ROWS)
    # Since 2017 every change was compared with the document that made it.
    since = [row for row in GONE if row["valid_to"] >= "2017-04" and row["level"] != "province"]
    unchecked = [row["name"] for row in since if not row["checked"]]
    assert set(unchecked) <= {"西沙群岛", "南沙群岛", "中沙群岛的岛礁及其海域"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [("江干区九堡", {"330102", "330114"}), ("渝北区", {"500157", "500109"}), ("大同市南郊区", {"140212", "140213", "140214"}),
     ("莱芜市", {"370116", "370117"})],
)  # fmt: skip
def test_a_name_that_was_split_asks_which_part_is_meant(text: str, codes: set[str]) -> None:
    (place,) = read_places(text, DIVISIONS)
    assert place.code is None and set(place.candidates) == codes


def test_every_name_that_is_gone_is_read_under_its_old_path() -> None:
    """Below the province that its successor lies in; a division in force there that has the same name goes first."""
    lost = []
    for row in GONE:
        codes = row["successor"].split(";")
        places = read_places(f"我在{DIVISIONS.names(codes[0])[0]}{row['name']}", DIVISIONS)
        found = {code for place in places for code in (place.code, *place.candidates) if code}
        namesakes = {code for code in found if DIVISIONS[code].name == row["name"]}
        if not found & set(codes) and not namesakes:
            lost.append((row["code"], row["name"], sorted(found)))
    assert lost == []
