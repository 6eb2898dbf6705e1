"""Tables that leave the house: CSV and XLSX, written row by row, safe to open in a spreadsheet.

Hides what a spreadsheet would take for a formula (CWE-1236), the byte order mark that Excel needs for Chinese, and
openpyxl. Called by the pages of statistics and of the export.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows that are written to the network at once.
ROWS = 200
#: Excel's longest cell, and its most rows.
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
#: With these a spreadsheet begins a formula, also behind blanks and in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("张三"), harmless(-5)
    ("'=1+1", "'  @SUM(A1)", '张三', -5)
    """
    if not isinstance(value, str):
        return "" if value is None else value
    risky = value.startswith(FORMULA) or value.lstrip(" \u3000\ufeff").startswith(FORMULA)
    return f"'{value}" if risky else value


def csv_rows(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as CSV in pieces, UTF-8 with a byte order mark. Every cell is quoted, so that none runs into the next."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.write("\ufeff")
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(value) for value in row])
        if number % ROWS == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def xlsx(rows: Iterable[Sequence[Any]], title: str) -> IO[bytes]:
    """Rows as an open XLSX at its beginning; the rows go to a temporary file, not to memory. Closed by the caller."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])
    # Handed to the response, which closes it.
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(out)
    book.close()
    out.seek(0)
    return out


def _cell(sheet: Any, value: Any) -> Any:
    """Texts are written as texts, so that none is a formula; the sign that Excel shows is the one that was said."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    if not text.startswith(FORMULA):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
