"""Claims about forms on paper: the Word template and what is printed with it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from bot import documents

PERSON = dict.fromkeys(("name", "form", "gender", "ethnicity", "age", "occupation", "phone", "address"), "")
FIELDS: dict[str, Any] = {
    "committee": "高平市人民调解委员会（示例）",
    "applicant": {**PERSON, "name": "张桂芳", "form": "自然人", "phone": "13800001234", "gender": "女"},
    "respondents": [{**PERSON, "name": "老赵 & <儿子>"}, {**PERSON, "name": "宏达有限公司", "form": "法人"}],
    "agent": {"name": "李小梅", "title": "委托代理人", "relation": "子女", "phone": "13900001234"},
    "events": "欠工资\x0b三万二 {{ 7 * 7 }}",
    "facts": [{"label": "涉及金额", "text": "32,000元（原话“三万二”）"}, {"label": "您这边的人数", "text": "6人"}],
    "evidence": "欠条",
    "wanted": "把钱给了",
    "foot": "回执号：FZ20261120-34679A",
}


def texts(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_application_opens_as_word_and_holds_what_was_told() -> None:
    said = texts(documents.fill("application", FIELDS))
    for expected in (
        "人民调解申请书",
        "张桂芳（自然人）",
        "宏达有限公司（法人）",
        "委托代理人",
        "32,000元（原话“三万二”）",
        "把钱给了",
        "按指印",
    ):
        assert expected in said
    assert "{%" not in said and "{{ applicant" not in said


def test_her_words_are_text_even_where_they_look_like_markup_or_braces() -> None:
    said = texts(documents.fill("application", FIELDS))
    assert "老赵 & <儿子>" in said and "{{ 7 * 7 }}" in said


def test_without_an_agent_there_is_no_row_for_one() -> None:
    alone = Document(io.BytesIO(documents.fill("application", {**FIELDS, "agent": None})))
    helped = Document(io.BytesIO(documents.fill("application", FIELDS)))
    assert len(helped.tables[0].rows) - len(alone.tables[0].rows) == 1


def test_the_template_is_one_a_clerk_may_edit_and_carries_nobodys_name() -> None:
    for name in documents.names():
        packed = zipfile.ZipFile(documents.TEMPLATES / f"{name}.docx")
        assert packed.testzip() is None
        assert "python-docx" not in packed.read("docProps/core.xml").decode()


def test_a_form_that_does_not_exist_is_told_in_plain_words() -> None:
    with pytest.raises(documents.DocumentError, match="模板"):
        documents.fill("../../etc/passwd", FIELDS)
