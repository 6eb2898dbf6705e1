"""Claims about the application on paper over HTTP. The routes need a desk and no trained model."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from builders import WAGES, Talking, a_reply
from docx import Document
from starlette.testclient import TestClient

from bot import knowledge
from bot.desk import Desk
from bot.settings import Settings
from bot.web.app import make_app

ROUTE = "/api/conversations/current/application"
STORY = "我在湖州市南浔区练市镇的工地干活，老板<b>老赵</b>欠我三万二工资一直不给"


@pytest.fixture()
def client(desk: Desk, settings: Settings) -> Iterator[TestClient]:
    host: Any = SimpleNamespace(desk=desk, say=None, understand=None, prepared=None, reword=None, ear_of=None)
    with TestClient(make_app(host, settings), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture()
def talking(desk: Desk) -> Talking:
    opened = Talking(desk).consented()
    opened.say(STORY, types=WAGES)
    return opened


def until(talking: Talking, step: str | None) -> str | None:
    """Answer plainly until a step is open; returns the receipt."""
    for _ in range(40):
        assert talking.out is not None
        if talking.out.ask == step:
            return talking.out.record.receipt
        assert talking.out.ask is not None
        talking.out = talking.desk.hear(talking.key, a_reply(talking.out.ask, knowledge.taxonomy()))
    raise AssertionError(step)


def get(client: TestClient, talking: Talking, **query: str) -> Any:
    return client.get(ROUTE, params=query, headers={"Authorization": f"Bearer {talking.token}"})


def test_before_filing_the_card_can_be_printed_to_sign(client: TestClient, talking: Talking) -> None:
    until(talking, "card")
    fields = get(client, talking).json()
    assert (fields["applicant"]["name"], fields["committee"]) == ("李四", "")
    assert any("三万二" in line["text"] for line in fields["facts"])


def test_the_sheet_shows_her_words_as_text(client: TestClient, talking: Talking) -> None:
    sheet = get(client, talking, **{"as": "html"}).text
    assert "&lt;b&gt;老赵&lt;/b&gt;" in sheet and "<b>" not in sheet
    assert "按指印" in sheet


def test_a_filed_record_is_printed_with_its_committee_and_number_also_after_a_second_matter_began(
    client: TestClient, talking: Talking
) -> None:
    receipt = until(talking, None)
    assert receipt is not None
    talking.tap("again", "yes")
    fields = get(client, talking, receipt=receipt).json()
    assert receipt in fields["foot"] and "人民调解委员会" in fields["committee"]
    assert get(client, talking).status_code == 409


def test_the_word_file_holds_the_same(client: TestClient, talking: Talking) -> None:
    until(talking, "card")
    answer = get(client, talking, **{"as": "docx"})
    document = Document(io.BytesIO(answer.content))
    said = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "李四" in said and "<b>老赵</b>" in said
    assert unquote(answer.headers["content-disposition"]).endswith("人民调解申请书李四.docx")


def test_nobody_prints_what_is_not_hers(client: TestClient, talking: Talking, desk: Desk) -> None:
    receipt = until(talking, None)
    stranger = Talking(desk).consented()
    assert get(client, stranger, receipt=str(receipt)).json()["error"]["code"] == "unknown_receipt"
    assert get(client, stranger).json()["error"]["code"] == "nothing_told"
    stranger.token = "x" * 43
    assert get(client, stranger).status_code == 404


def test_the_page_itself_holds_nothing_of_hers(client: TestClient, talking: Talking) -> None:
    page = client.get("/paper")
    assert page.status_code == 200 and "三万二" not in page.text
