"""Her rights over the API and two small pages: another device by a code, progress by receipt, a copy to take along.

Hides how a guesser is told apart (by address, in memory only) and how the copy looks. Every answer to a wrong code or
pair is the same, whatever was wrong. Routes of `make_app`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.agent import Host
from bot.intake.errands import last_four_in, receipt_in
from bot.returning import TooOften
from bot.settings import Settings
from bot.web.chat import talk_of
from bot.web.refusals import Refused, read_json

TOO_OFTEN = "试的次数太多了，先停一小时。着急的话，拿着回执打调委会的电话，或者打 12348。"
NO_CODE = "短码不对，或者已经用过、过了时间。请在原来那台上再取一个。"
NO_MATCH = "受理号和手机号后四位没有对上，请核对一下再查。"
FORM_BYTES = 2_000


class RightsApi:
    """Handlers over a host, with the templates of its pages."""

    def __init__(self, host: Host, settings: Settings, pages: Environment) -> None:
        self._host = host
        self._settings = settings
        self._pages = pages

    def routes(self) -> list[Route]:
        """Routes of the API (OpenAPI: bot/web/openapi.py) and of the progress page."""
        return [
            Route("/api/conversations/current/code", self.code, methods=["POST"]),
            Route("/api/conversations/current/export", self.export, methods=["GET"]),
            Route("/api/resume", self.resume, methods=["POST"]),
            Route("/api/progress", self.progress, methods=["POST"]),
            Route("/progress", self.page, methods=["GET", "POST"]),
        ]

    async def code(self, request: Request) -> Response:
        """A code for another device. It is in this answer only: never in the talk, hashed in the database."""
        talk = talk_of(self._host, request)
        if not self._host.desk.consented(talk):
            raise Refused(409, "nothing_kept", "您还没有同意记录，这里什么都没存。在那台上直接打开就能说。")
        code, until = self._host.desk.returning.new_code(talk)
        return JSONResponse({"code": code, "until": until.isoformat(timespec="seconds")}, 201)

    async def resume(self, request: Request) -> Response:
        """A token for this device, by a code."""
        body = await read_json(request)
        code = body.get("code")
        if not isinstance(code, str) or len(code) > 40:
            raise Refused(422, "bad_code", NO_CODE)
        try:
            token = self._host.desk.returning.use_code(code, _caller(request))
        except TooOften as error:
            raise Refused(429, "too_often", TOO_OFTEN) from error
        if token is None:
            raise Refused(404, "unknown_code", NO_CODE)
        return JSONResponse({"token": token}, 201)

    async def progress(self, request: Request) -> Response:
        """How a record stands, by receipt number and the last four digits of the phone."""
        body = await read_json(request)
        told = self._look_up(request, body.get("receipt"), body.get("last_four"))
        if told is None:
            raise Refused(404, "no_match", NO_MATCH)
        return JSONResponse(told)

    async def page(self, request: Request) -> Response:
        """The same as a plain page with a form, for old phones and for whoever has only the receipt."""
        told: dict[str, Any] | None = None
        trouble, typed = "", {"receipt": "", "last_four": ""}
        if request.method == "POST":
            typed = await _form(request)
            try:
                told = self._look_up(request, typed["receipt"], typed["last_four"])
                trouble = "" if told else NO_MATCH
            except Refused as refused:
                trouble = refused.message
        page = self._pages.get_template("progress.html")
        shown = page.render(centre=self._settings.centre, told=told, trouble=trouble, typed=typed)
        return HTMLResponse(shown)

    async def export(self, request: Request) -> Response:
        """Everything held from this talk, as JSON or as a page that opens anywhere."""
        talk = talk_of(self._host, request)
        held = self._host.desk.rights.held(talk)
        if request.query_params.get("as") == "html":
            page = self._pages.get_template("export.html").render(centre=self._settings.centre, **held)
            return HTMLResponse(page, headers={"Content-Disposition": 'attachment; filename="fenzhen.html"'})
        return JSONResponse(held, headers={"Content-Disposition": 'attachment; filename="fenzhen.json"'})

    def _look_up(self, request: Request, receipt: object, last_four: object) -> dict[str, Any] | None:
        if not isinstance(receipt, str) or not isinstance(last_four, str) or len(receipt) + len(last_four) > 200:
            raise Refused(422, "bad_pair", NO_MATCH)
        number, digits = receipt_in(receipt), last_four_in(last_four)
        if number is None or digits is None:
            return None
        try:
            return self._host.desk.returning.progress(number, digits, _caller(request))
        except TooOften as error:
            raise Refused(429, "too_often", TOO_OFTEN) from error


def _caller(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def _form(request: Request) -> dict[str, str]:
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > FORM_BYTES:
            raise Refused(413, "too_long", NO_MATCH)
    fields = parse_qs(raw.decode("utf-8", "replace"))
    return {name: (fields.get(name) or [""])[0].strip()[:40] for name in ("receipt", "last_four")}
