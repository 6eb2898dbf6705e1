"""Claims about the page of statistics and its CSV over HTTP, about charts, and about tables that leave the house."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from house import House, a_house
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_review_cases import BEATEN, STORY, THERE, filed

from bot.web.charts import Bar, columns, stacked
from bot.web.tables_out import csv_rows, harmless, xlsx


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("statistics"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_number_of_the_page_leads_to_a_list_of_that_length(house: House, fang: TestClient) -> None:
    receipt = filed(house, STORY)
    filed(house, BEATEN, "family/domestic_violence")
    filed(house, THERE)
    head = house.staff.account("head.one")
    house.desk.cases.accept(head, receipt, 1)
    page = fang.get("/review/statistics").text
    links = set(re.findall(r'<a href="(/review/cases\?[^"]+)">([\d,]+)</a>', page))
    assert len(links) > 8
    for address, shown in links:
        listed = fang.get(unescape(address)).text
        assert f"共 {shown} 件" in listed, address


def test_the_csv_holds_what_the_table_shows(house: House, fang: TestClient) -> None:
    filed(house, STORY)
    for name in ("month", "type", "level", "place"):
        answer = fang.get(f"/review/statistics/{name}.csv")
        rows = read_csv(answer.content)
        assert answer.headers["content-type"].startswith("text/csv")
        total = rows[0].index("登记")
        assert sum(int(row[total]) for row in rows[1:-1]) == int(rows[-1][total]) > 0, name
    assert fang.get("/review/statistics/nonsense.csv").status_code == 404


@pytest.mark.parametrize(
    "query", ["since=x&until=%00", "type=%27", "area=%25&since=2026-12&until=2026-01", "area=" + "长" * 900]
)
def test_a_statistics_address_with_nonsense_shows_a_page(fang: TestClient, query: str) -> None:
    assert fang.get(f"/review/statistics?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["figure=nonsense", "level=%27&since=%00", "since=zz&figure=agreed&body=%25", "figure=minutes"]
)
def test_a_queue_address_with_a_figure_that_is_none_shows_a_page(fang: TestClient, query: str) -> None:
    assert fang.get(f"/review/cases?{query}").status_code == 200


# —— charts ——

BARS = [Bar("2026年1月", (12, 3, 0, 1)), Bar("<b>", (0, 0, 0, 0))]


@pytest.mark.parametrize("draw", [columns, stacked])
def test_a_chart_is_well_formed_tells_its_numbers_and_needs_no_colour(draw: Any) -> None:
    drawn = str(draw("c", "件数 & <更多>", ("甲", "乙", "丙", "丁"), BARS))
    root = ElementTree.fromstring(drawn)
    texts = [node.text for node in root.iter() if node.text]
    assert "件数 & <更多>" in texts and any("2026年1月：甲 12，乙 3" in text for text in texts)
    fills = {node.get("fill") for node in root.iter() if str(node.tag).endswith("rect")}
    assert {"url(#c-stripes)", "url(#c-dots)", "url(#c-cross)"} <= fills
    assert "style=" not in drawn


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=40))
def test_no_bar_leaves_the_chart(values: list[tuple[int, int]]) -> None:
    bars = [Bar(f"{n}月", pair) for n, pair in enumerate(values)]
    for draw in (columns, stacked):
        root = ElementTree.fromstring(str(draw("c", "t", ("甲", "乙"), bars)))
        _, _, wide, tall = map(float, root.get("viewBox", "").split())
        for node in root.iter():
            if str(node.tag).endswith("rect") and node.get("x"):
                x, y, w, h = (float(node.get(k, "0")) for k in ("x", "y", "width", "height"))
                assert x >= -0.1 and y >= -0.1 and w >= 0 and h >= 0 and x + w <= wide + 0.2 and y + h <= tall + 0.2


# —— tables ——

EVIL = ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "　＝1", 'a,b"c\r\n=2', "正常"]


def test_no_cell_of_a_csv_begins_a_formula() -> None:
    rows = read_csv(b"".join(csv_rows([EVIL, [1, None, -5]])))
    for cell in rows[0]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) and not cell.lstrip().startswith(("=", "@"))
    assert rows[1] == ["1", "", "-5"]


def test_no_cell_of_an_xlsx_is_a_formula_and_texts_stay_as_they_were() -> None:
    with xlsx([EVIL, ["a\x00b\x0bc", 3]], "案件") as out:
        sheet = load_workbook(io.BytesIO(out.read())).active
    first = list(sheet.iter_rows(min_row=1, max_row=1))[0]
    assert all(cell.data_type == "s" for cell in first) and [cell.value for cell in first][:3] == EVIL[:3]
    assert sheet.cell(2, 1).value == "abc" and sheet.cell(2, 2).value == 3


@given(st.text(max_size=40))
def test_a_text_made_harmless_is_not_a_formula_and_loses_nothing(text: str) -> None:
    safe = harmless(text)
    assert safe.endswith(text) and not safe.lstrip(" \u3000\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
