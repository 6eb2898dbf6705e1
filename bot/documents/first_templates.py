"""Draws the first version of the Word templates: `python -m bot.documents.first_templates`.

Afterwards the .docx files are the clerks': this script overwrites what they changed, so it is run by hand only.
"""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.documents import TEMPLATES

COLUMNS = (
    ("姓名（名称）", "name", 2.6),
    ("性别", "gender", 1.1),
    ("民族", "ethnicity", 1.2),
    ("年龄", "age", 1.2),
    ("职业", "occupation", 1.7),
    ("联系方式", "phone", 2.9),
    ("单位或住址", "address", 4.0),
)
LABEL_WIDTH = 2.1
DECLARATION = "人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解，请予受理。"


def application() -> None:
    """人民调解申请书, on one A4 sheet."""
    document = _sheet()
    _line(document, "人民调解申请书", 20, bold=True, centre=True, after=4)
    _line(document, "{{ committee }}", 11, centre=True, after=6)
    people = document.add_table(rows=0, cols=len(COLUMNS) + 1)
    people.style, people.alignment, people.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _row(people, ["", *(label for label, _, _ in COLUMNS)], bold=True)
    _row(people, ["申请人", *_cells("applicant")])
    _whole(people, "{%tr for r in respondents %}")
    _row(people, ["被申请人", *_cells("r")])
    _whole(people, "{%tr endfor %}")
    _whole(people, "{%tr if agent %}")
    _labelled(
        people, "{{ agent.title }}", "{{ agent.name }}　与申请人关系：{{ agent.relation }}　联系方式：{{ agent.phone }}"
    )
    _whole(people, "{%tr endif %}")
    _labelled(people, "纠纷\n简要情况", "{{ events }}", least=5.2)
    cell = people.rows[-1].cells[1]
    _fill(cell.add_paragraph(), "{%p for f in facts %}")
    _fill(cell.add_paragraph(), "{{ f.label }}：{{ f.text }}")
    _fill(cell.add_paragraph(), "{%p endfor %}")
    _labelled(people, "证据", "{{ evidence }}", least=1.0)
    _labelled(people, "申请事项", "{{ wanted }}", least=2.4)
    _line(document, DECLARATION, 12, before=10, indent=True)
    _line(document, "申请人（签名、盖章或按指印）：＿＿＿＿＿＿＿＿＿＿", 12, before=16, right=True)
    _line(document, "＿＿＿＿年＿＿月＿＿日", 12, before=6, right=True)
    _line(document, "{{ foot }}", 9, before=12)
    TEMPLATES.mkdir(exist_ok=True)
    document.save(str(TEMPLATES / "application.docx"))


def _cells(of: str) -> list[str]:
    name = f"{{{{ {of}.name }}}}{{% if {of}.form %}}（{{{{ {of}.form }}}}）{{% endif %}}"
    return [name, *(f"{{{{ {of}.{key} }}}}" for _, key, _ in COLUMNS[1:])]


def _sheet() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    about = document.core_properties
    about.author = about.title = about.comments = ""
    return document


def _fill(paragraph: Any, text: str, size: float = 11, bold: bool = False) -> None:
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _line(
    document: Any,
    text: str,
    size: float,
    *,
    bold: bool = False,
    centre: bool = False,
    right: bool = False,
    indent: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    paragraph = document.add_paragraph()
    _fill(paragraph, text, size, bold)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if indent:
        shape.first_line_indent = Pt(2 * size)
    if centre or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT


def _row(table: Any, texts: list[str], bold: bool = False) -> None:
    row = table.add_row()
    widths = [LABEL_WIDTH, *(width for _, _, width in COLUMNS)]
    for number, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Cm(width)
        _fill(cell.paragraphs[0], text, 10.5, bold or number == 0)


def _whole(table: Any, text: str) -> None:
    """A row over the whole width; docxtpl takes such a row away with its braces."""
    row = table.add_row()
    _fill(row.cells[0].merge(row.cells[-1]).paragraphs[0], text)


def _labelled(table: Any, label: str, text: str, least: float = 0.8) -> None:
    row = table.add_row()
    row.height = Cm(least)
    _fill(row.cells[0].paragraphs[0], label, 10.5, bold=True)
    row.cells[0].width = Cm(LABEL_WIDTH)
    _fill(row.cells[1].merge(row.cells[-1]).paragraphs[0], text)


if __name__ == "__main__":
    application()
