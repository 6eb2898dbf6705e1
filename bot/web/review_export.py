"""The filtered queue as CSV or XLSX. Called by `review`, which checks who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from starlette.responses import Response, StreamingResponse

from bot.intake.ministry import SHEETS
from bot.web.review_cases import QUEUE, chosen_in, wanted_by
from bot.web.review_papers import attached
from bot.web.review_visit import NotHere, Page, Visit
from bot.web.tables_out import XLSX, csv_rows, xlsx

CHUNK = 256 * 1024


def export(visit: Visit) -> Response:
    """The list as it is narrowed, as `list` or `ministry` columns."""
    sheet, ending = visit.path("sheet"), visit.path("ending")
    if sheet not in SHEETS or ending not in ("csv", "xlsx"):
        raise NotHere
    title, _ = SHEETS[sheet]
    rows = visit.desk.export.rows(visit.account, wanted_by(visit, chosen_in(visit.query)), sheet)
    headers = attached(f"{title}.{ending}")
    if ending == "csv":
        return StreamingResponse(csv_rows(rows), media_type="text/csv; charset=utf-8", headers=headers)
    return StreamingResponse(_pieces(xlsx(rows, title)), media_type=XLSX, headers=headers)


def _pieces(book: IO[bytes]) -> Iterator[bytes]:
    with book:
        while piece := book.read(CHUNK):
            yield piece


PAGES = (Page(QUEUE + "/export/{sheet}.{ending}", "GET", "queue", "export", export),)
