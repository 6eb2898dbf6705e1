"""Pages of the console about a case on paper: its forms, one form to print or as Word, the whole file.

Called by `review`, which checks who may; what is within her scope and what goes into the file, the desk decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TypeVar
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from bot.casework import NoCase, NotDone
from bot.documents import DOCX, DocumentError
from bot.documents.sheets import as_html
from bot.web.review_cases import QUEUE
from bot.web.review_visit import NotHere, Page, Refused, Visit

CHUNK = 256 * 1024
Got = TypeVar("Got")


def papers(visit: Visit) -> Response:
    """Which forms a case has, and what its file holds."""
    receipt = visit.path("receipt")
    folder = _asked(lambda: visit.desk.papers.folder(visit.account, receipt))
    return visit.show("papers.html", folder=folder, base=f"{QUEUE}/{quote(receipt)}")


def sheet(visit: Visit) -> Response:
    """One form to look at and print, drawn from the same Word template."""
    receipt, form = visit.path("receipt"), visit.path("form")
    title, content = _asked(lambda: visit.desk.papers.word(visit.account, receipt, form))
    base = f"{QUEUE}/{quote(receipt)}"
    return visit.show("sheet.html", sheet=as_html(content), title=title.split("_")[0], form=form, base=base)


def word(visit: Visit) -> Response:
    """One form as a Word file."""
    name, content = _asked(lambda: visit.desk.papers.word(visit.account, visit.path("receipt"), visit.path("form")))
    return Response(content, media_type=DOCX, headers=attached(name))


def pack(visit: Visit) -> Response:
    """The whole file as a zip."""
    receipt = visit.path("receipt")
    packed = _asked(lambda: visit.desk.papers.packed(visit.account, receipt))
    return StreamingResponse(_chunks(packed), media_type="application/zip", headers=attached(f"卷宗_{receipt}.zip"))


def attached(name: str) -> dict[str, str]:
    """Headers by which a browser saves what comes under this name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def _asked(ask: Callable[[], Got]) -> Got:
    try:
        return ask()
    except NoCase as error:
        raise NotHere from error
    except NotDone as error:
        raise Refused(str(error), 409) from error
    except DocumentError as error:
        raise Refused(f"{error} 别的表照样能用。", 500) from error


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while chunk := packed.read(CHUNK):
            yield chunk


_ONE = QUEUE + "/{receipt}/papers"
PAGES = (
    Page(_ONE, "GET", "papers", "see", papers),
    Page(_ONE + ".zip", "GET", "papers", "pack", pack),
    Page(_ONE + "/{form}", "GET", "papers", "print", sheet),
    Page(_ONE + "/{form}/word", "GET", "papers", "word", word),
)
