"""The application on paper: a page to look at and print, the same as a Word file.

Hides where the sheet comes from: the page itself holds nothing of hers and fetches the sheet with the token that this
device keeps. Mounted by `bot.web.app`.
"""

from __future__ import annotations

from urllib.parse import quote

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot import documents
from bot.agent import Host
from bot.web.chat import talk_of
from bot.web.refusals import Refused


class Paper:
    """Handlers of the application form over a host; `pages` are the web's templates."""

    def __init__(self, host: Host, centre: str, pages: Environment) -> None:
        self._host = host
        self._centre = centre
        self._pages = pages

    def routes(self) -> list[Route]:
        """The page and its API (OpenAPI: bot/web/openapi.py)."""
        return [
            Route("/paper", self.page),
            Route("/api/conversations/current/application", self.application, methods=["GET"]),
        ]

    async def page(self, _: Request) -> Response:
        """The empty page; its script fetches the sheet."""
        return HTMLResponse(self._pages.get_template("paper.html").render(centre=self._centre))

    async def application(self, request: Request) -> Response:
        """The fields, the sheet as HTML, or the Word file; of the open talk or of one receipt."""
        talk = talk_of(self._host, request)
        receipt = request.query_params.get("receipt") or None
        fields = self._host.desk.sheets.application(talk, receipt)
        if fields is None and receipt is not None:
            raise Refused(404, "unknown_receipt", "这次谈话里没有这个回执号。")
        if fields is None:
            raise Refused(409, "nothing_told", "还没有说事情，申请书上没什么可填的。先说说出了什么事，再来打印。")
        wanted = request.query_params.get("as", "json")
        if wanted == "html":
            return HTMLResponse(self._pages.get_template("application_sheet.html").render(**fields))
        if wanted == "docx":
            content = await run_in_threadpool(documents.fill, "application", fields)
            name = quote(f"人民调解申请书{fields['applicant']['name']}.docx")
            headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
            return Response(content, media_type=documents.DOCX, headers=headers)
        return JSONResponse(fields)
