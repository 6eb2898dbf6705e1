"""Claims about the export over HTTP."""

from __future__ import annotations

import csv
import io

import pytest
from house import House, a_house
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_review_cases import STORY, filed


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("export"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def test_the_queue_leads_to_its_export_with_the_same_filters(house: House, fang: TestClient) -> None:
    receipt = filed(house, STORY)
    page = fang.get("/review/cases?type=wages").text
    assert "/review/cases/export/list.csv?type=wages" in page
    rows = list(
        csv.reader(io.StringIO(fang.get("/review/cases/export/list.csv?type=wages").content.decode("utf-8-sig")))
    )
    assert receipt in [row[0] for row in rows]
    empty = fang.get("/review/cases/export/list.csv?type=family").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(empty)))) == 1


def test_a_formula_in_her_words_is_text_in_the_spreadsheet(house: House, fang: TestClient) -> None:
    receipt = filed(house, STORY, wanted='=HYPERLINK("http://example.com","点我")')
    text = fang.get("/review/cases/export/list.csv").content.decode("utf-8-sig")
    row = next(row for row in csv.reader(io.StringIO(text)) if row[0] == receipt)
    assert not [cell for cell in row if cell.startswith("=")]
    book = load_workbook(io.BytesIO(fang.get("/review/cases/export/list.xlsx").content))
    cells = [cell for line in book.active.iter_rows() for cell in line if str(cell.value).startswith("=")]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_a_sheet_that_is_none_does_not_exist(fang: TestClient) -> None:
    for path in ("nonsense.csv", "list.exe", "ministry.pdf"):
        assert fang.get(f"/review/cases/export/{path}").status_code == 404, path
