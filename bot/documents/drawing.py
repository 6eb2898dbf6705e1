"""Draws a form in Word: an A4 sheet, lines, and tables with labelled rows. Called by `first_templates` only.

Hides python-docx. Sizes are in points and centimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

#: Between the margins of an A4 sheet.
WIDTH = 17.0


def sheet() -> Any:
    """An empty A4 sheet in 宋体."""
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


def fill(paragraph: Any, text: str, size: float = 11, bold: bool = False) -> None:
    """Write into a paragraph."""
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def line(
    document: Any,
    text: str,
    size: float = 12,
    *,
    bold: bool = False,
    centre: bool = False,
    right: bool = False,
    indent: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    """A paragraph of its own. `indent`: two characters, as running text has it."""
    paragraph = document.add_paragraph()
    fill(paragraph, text, size, bold)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if indent:
        shape.first_line_indent = Pt(2 * size)
    if centre or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT


def ruled(document: Any, name: str, before: float = 0) -> None:
    """Empty lines to write on: as many as the field `name` has."""
    line(document, f"{{%p for empty in {name} %}}", before=before)
    line(document, "＿" * 40, 12, after=4)
    line(document, "{%p endfor %}")


class Grid:
    """A table with borders and fixed widths in centimetres."""

    def __init__(self, document: Any, widths: Sequence[float]) -> None:
        self.widths = widths
        self.table = document.add_table(rows=0, cols=len(widths))
        self.table.style, self.table.autofit = "Table Grid", False
        self.table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(self.table.columns, widths, strict=True):
            column.width = Cm(width)  # WPS and LibreOffice go by these, Word by the cells'

    def row(self, texts: Sequence[str], *, bold: bool = False, least: float = 0.0, first: bool = True) -> None:
        """A row with a text for each column. `first`: the first column is a label."""
        row = self.table.add_row()
        if least:
            row.height = Cm(least)
        for number, (cell, text, width) in enumerate(zip(row.cells, texts, self.widths, strict=True)):
            cell.width = Cm(width)
            fill(cell.paragraphs[0], text, 10.5, bold or (first and number == 0))

    def pairs(self, *pairs: tuple[str, str], least: float = 0.9) -> None:
        """Label and text side by side, the last text as wide as is left."""
        row = self.table.add_row()
        row.height = Cm(least)
        spans = _spans(len(self.widths), 2 * len(pairs))
        texts = [part for pair in pairs for part in pair]
        for number, ((start, end), text) in enumerate(zip(spans, texts, strict=True)):
            cell = row.cells[start] if start == end else row.cells[start].merge(row.cells[end])
            fill(cell.paragraphs[0], text, 10.5, bold=number % 2 == 0)
            cell.width = Cm(sum(self.widths[start : end + 1]))

    def labelled(self, label: str, text: str, least: float = 0.8) -> Any:
        """A row of a label and a text as wide as is left. Returns the text's cell."""
        row = self.table.add_row()
        row.height = Cm(least)
        fill(row.cells[0].paragraphs[0], label, 10.5, bold=True)
        row.cells[0].width = Cm(self.widths[0])
        cell = row.cells[1].merge(row.cells[-1])
        fill(cell.paragraphs[0], text, 10.5)
        return cell

    def whole(self, text: str) -> None:
        """A row over the whole width; docxtpl takes such a row away with its braces."""
        row = self.table.add_row()
        fill(row.cells[0].merge(row.cells[-1]).paragraphs[0], text)


def _spans(columns: int, parts: int) -> list[tuple[int, int]]:
    """First and last column of each part: one column each, the last one the rest."""
    return [(n, n if n < parts - 1 else columns - 1) for n in range(parts)]
