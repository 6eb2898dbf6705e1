"""Claims about import and export over HTTP: from a file to proposals, and nothing into the files without a second person."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from house import House, key_of
from starlette.testclient import TestClient
from test_training import TRAINING, book, fang, house, post, waiting  # noqa: F401

EXCHANGE = f"{TRAINING}/exchange"
CSV = "text,label\n包工头卷着工钱连夜跑路了,wages/wage_arrears\n老乡打了欠条到期不认,debt\n"


def looked_at(browser: TestClient, content: bytes, name: str = "例子.csv", **more: str) -> Any:
    form = {"form_key": key_of(browser.get(EXCHANGE).text), **more}
    return browser.post(f"{EXCHANGE}/look", data=form, files={"file": (name, content)})


def rows_in(page: str) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', page)
    assert found is not None
    return unescape(found.group(1))


def proposed(browser: TestClient, page: str, **more: str) -> Any:
    form = {"form_key": key_of(page), "rows": rows_in(page), "reason": "镇上整理的", "looked": "yes", **more}
    return browser.post(EXCHANGE, data=form, files={"nothing": ("", b"")})


def test_a_file_becomes_proposals_and_only_a_second_person_lets_them_in(house: House, fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, CSV.encode("gb18030"))
    assert page.status_code == 200 and "GBK" in page.text
    assert waiting(house) == []
    assert proposed(fang, page.text).status_code == 303
    assert len(waiting(house)) == 2 and book(house).search("包工头卷着工钱") == []
    two = house.signed_in("trainer.two")
    for number in waiting(house):
        assert "打钩的不要" in two.get(f"{TRAINING}/lessons/{number}").text
        assert post(two, f"/lessons/{number}/approve").status_code == 303
    assert [e.label for e in book(house).search("包工头卷着工钱")] == ["wages/wage_arrears"]


def test_the_second_person_leaves_a_sentence_out(house: House, fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, "句子,类\n老乡打了欠条到期不认,debt\n今天天气真好呀,debt\n".encode())
    assert proposed(fang, page.text).status_code == 303
    (number,) = waiting(house)
    assert post(house.signed_in("trainer.two"), f"/lessons/{number}/approve", leave1="yes").status_code == 303
    assert book(house).search("老乡打了欠条到期不认") and not book(house).search("今天天气真好呀")


def test_what_is_missing_leaves_the_rows_on_the_page(house: House, fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, CSV.encode())
    for missing in ({"looked": ""}, {"reason": " "}):
        answer = proposed(fang, page.text, **missing)
        assert answer.status_code == 422 and "包工头卷着工钱" in answer.text and 'role="alert"' in answer.text
    assert waiting(house) == []


def test_an_unknown_label_is_named_by_the_trainer(house: House, fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, '{"text":"老乡打了欠条到期不认","label":["Lending"]}\n'.encode(), "x.jsonl")
    assert "Lending" in page.text
    form = {"form_key": key_of(page.text), "rows": rows_in(page.text), "unknown0": "Lending", "means0": "debt"}
    again = fang.post(f"{EXCHANGE}/look", data=form, files={"nothing": ("", b"")})
    assert proposed(fang, again.text, unknown0="Lending", means0="debt").status_code == 303
    assert len(waiting(house)) == 1


def test_pasted_lines_take_the_label_that_is_chosen(house: House, fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, b"", "", text="老乡打了欠条到期不认\n包工头卷着工钱连夜跑路了", label="debt")
    assert proposed(fang, page.text, label="debt").status_code == 303
    room = house.console.classroom
    assert room is not None
    (lesson,) = room.lessons.waiting()
    assert (lesson.kind, lesson.label, lesson.text.count("\n")) == ("many", "debt", 1)


@pytest.mark.parametrize("content", [b"", b"\x81\xff\xff\xfe", b"PK\x03\x04", b"nlu:\n- intent: ["])
def test_an_unreadable_file_is_refused_with_its_reason(fang: TestClient, content: bytes) -> None:  # noqa: F811
    answer = looked_at(fang, content)
    assert answer.status_code == 422 and 'role="alert"' in answer.text


@pytest.mark.parametrize("rows", ["", "[]", "{", '["x",[],[],""]', '["csv",[["a","b","c"]],[],""]', "[" * 9999])
def test_forged_rows_are_refused(house: House, fang: TestClient, rows: str) -> None:  # noqa: F811
    form = {"form_key": key_of(fang.get(EXCHANGE).text), "rows": rows, "reason": "x", "looked": "yes"}
    assert fang.post(EXCHANGE, data=form, files={"nothing": ("", b"")}).status_code == 422
    assert waiting(house) == []


def test_markup_in_a_file_stays_text(fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, "text,label\n老板说<script>alert(1)</script>不给钱,<b>x</b>\n".encode())
    assert "<script>alert" not in page.text and "<b>x</b>" not in page.text


@pytest.mark.parametrize("form", ["rasa", "csv", "doccano", "label-studio"])
def test_what_was_taken_out_and_is_brought_back_brings_nothing_new(house: House, fang: TestClient, form: str) -> None:  # noqa: F811
    out = fang.get(f"{EXCHANGE}/out/{form}", params={"label": "debt"})
    assert out.status_code == 200 and "attachment" in out.headers["content-disposition"]
    page = looked_at(fang, out.content)
    assert "没有可以提的新句子" in page.text and book(house).search("", "debt")[0].text in page.text


def test_the_files_leave_byte_for_byte_with_their_comments(house: House, fang: TestClient) -> None:  # noqa: F811
    out = fang.get(f"{EXCHANGE}/out/files")
    with zipfile.ZipFile(io.BytesIO(out.content)) as packed:
        told = {name: packed.read(name) for name in packed.namelist()}
    folder = book(house).folder
    assert told == {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.yml")}
    assert fang.get(f"{EXCHANGE}/out/nothing").status_code == 404


def test_what_others_brought_is_read_by_its_author_and_not_decided(house: House, fang: TestClient) -> None:  # noqa: F811
    assert proposed(fang, looked_at(fang, CSV.encode()).text).status_code == 303
    number = waiting(house)[0]
    assert "打钩的不要" not in fang.get(f"{TRAINING}/lessons/{number}").text
    assert fang.get(f"{TRAINING}/lessons/{number + 99}").status_code == 404


def test_nothing_chosen_and_nothing_pasted_is_said_as_such(fang: TestClient) -> None:  # noqa: F811
    answer = looked_at(fang, b"", "")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_lines_without_a_label_lead_to_choosing_one(fang: TestClient) -> None:  # noqa: F811
    page = looked_at(fang, b"", "", text="楼上天天半夜蹦迪\n隔壁装空调吵得睡不着").text
    assert "选好了，再看一看" in page and "没有可以提的新句子" not in page


def test_faults_are_told_in_the_order_of_the_lines(fang: TestClient) -> None:  # noqa: F811
    page = looked_at(
        fang, b"", "", text="text,label\n老板欠我半年工钱,wages\n,debt\n楼上蹦迪到半夜,neighbour\n只有一列"
    ).text
    assert page.index("第 3 行") < page.index("第 5 行")
