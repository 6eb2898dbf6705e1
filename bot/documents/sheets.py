"""A filled Word form as an HTML sheet to look at and print: the same template, so that both always say the same.

Hides python-docx and reads what the forms use: paragraphs with alignment, indent, size and weight; tables with widths,
row heights and merged cells. No style attributes (the pages' Content-Security-Policy forbids them). Called by the web.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from markupsafe import Markup

CENTIMETRES_TO_PIXELS = 96 / 2.54
_ALIGNED = {WD_ALIGN_PARAGRAPH.CENTER: "centre", WD_ALIGN_PARAGRAPH.RIGHT: "right"}


def as_html(content: bytes) -> Markup:
    """The sheet of a .docx. Its first centred line is the heading of the page."""
    document = Document(io.BytesIO(content))
    titled = False
    parts: list[Markup] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts.append(_table(block))
            continue
        heading = not titled and _ALIGNED.get(block.alignment) == "centre" and bool(block.text.strip())
        titled = titled or heading
        parts.append(_paragraph(block, "h1" if heading else "p"))
    return Markup("\n").join(parts)


def _paragraph(paragraph: Paragraph, tag: str = "p") -> Markup:
    size = next((run.font.size.pt for run in paragraph.runs if run.font.size), None)
    classes = [_ALIGNED.get(paragraph.alignment, "")]
    classes.append("indent" if (paragraph.paragraph_format.first_line_indent or 0) > 0 else "")
    classes.append(f"pt{round(size)}" if size else "")
    classes.append("apart" if (paragraph.paragraph_format.space_before or 0) > 50_000 else "")  # EMU: about 4 points
    text = Markup("").join(_run(run) for run in paragraph.runs)
    if not paragraph.text.strip():
        return Markup("")
    return Markup("<{tag} class='{named}'>{text}</{tag}>").format(
        tag=Markup(tag), named=" ".join(filter(None, classes)), text=text
    )


def _run(run: Any) -> Markup:
    text = Markup("<br>").join(run.text.split("\n"))
    return Markup("<b>{}</b>").format(text) if run.bold and text else text


def _table(table: Table) -> Markup:
    rows = Markup("\n").join(_row(row) for row in table.rows)
    columns = [grid.w or 0 for grid in table._tbl.tblGrid.gridCol_lst]
    whole = sum(columns) or 1
    widths = Markup("").join(Markup("<col width='{}%'>").format(round(100 * w / whole, 1)) for w in columns)
    return Markup("<table><colgroup>{}</colgroup><tbody>\n{}\n</tbody></table>").format(widths, rows)


def _row(row: Any) -> Markup:
    height = Markup(" height='{}'").format(round(row.height.cm * CENTIMETRES_TO_PIXELS)) if row.height else Markup("")
    cells = Markup("").join(_cell(cell, span) for cell, span in _merged(row))
    return Markup("<tr{}>{}</tr>").format(height, cells)


def _merged(row: Any) -> Iterator[tuple[_Cell, int]]:
    """The cells of a row, each once, with the columns that it spans."""
    for tc in row._tr.tc_lst:
        yield _Cell(tc, row._parent), tc.grid_span


def _cell(cell: _Cell, span: int) -> Markup:
    inner = Markup("").join(_paragraph(paragraph) for paragraph in cell.paragraphs)
    words = [run for paragraph in cell.paragraphs for run in paragraph.runs if run.text.strip()]
    tag = Markup("th" if words and all(run.bold for run in words) else "td")
    wide = Markup(" colspan='{}'").format(span) if span > 1 else Markup("")
    return Markup("<{tag}{wide}>{inner}</{tag}>").format(tag=tag, wide=wide, inner=inner)
