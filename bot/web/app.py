"""The one web process: chat page, API, static files, health.

Composition root of `serve`. Hides Starlette's wiring; every answer carries strict headers, every failure a plain
Chinese sentence and a number to call (AL#883: these are people's lives).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.agent import Host
from bot.classroom import Classroom
from bot.opening import open_classroom, open_notices, open_staff
from bot.settings import Settings
from bot.store import StoreError
from bot.upkeep import Upkeep
from bot.web.attachments import Evidence
from bot.web.chat import Chat
from bot.web.openapi import OPENAPI
from bot.web.paper import Paper
from bot.web.refusals import Refused
from bot.web.review import Console
from bot.web.rights import RightsApi

HERE = Path(__file__).resolve().parent
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
BROKEN = "系统刚才出了点问题，您说的话没有丢，请再发一次。急事可以打 12348 或 110。"
log = logging.getLogger("fenzhen")


def make_app(host: Host, settings: Settings, room: Classroom | None = None) -> Starlette:
    """The ASGI app over an opened host. `room`: the training side, by default on the project's own language."""
    pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape())
    pages.globals["exit_page"] = settings.exit_page  # every page with 快速离开
    chat = Chat(host, settings)
    room = room or open_classroom(
        settings, host.understand, prepare=host.prepared, reword=host.reword, load=host.ear_of
    )
    room.watch.begin()  # so that the first trainer of the day need not wait
    console = Console(host.desk, open_staff(settings), host.say, settings.centre, room)

    async def page(_: Request) -> Response:
        return HTMLResponse(pages.get_template("chat.html").render(centre=settings.centre))

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def openapi(_: Request) -> Response:
        return JSONResponse(OPENAPI)

    routes = [
        Route("/", page),
        Route("/health", health),
        Route("/api/openapi.json", openapi),
        *chat.routes(),
        *console.routes(),
        *Evidence(host).routes(),
        *Paper(host, settings.centre, pages).routes(),
        *RightsApi(host, settings, pages).routes(),
        Mount("/static", StaticFiles(directory=HERE / "static", check_dir=False)),
    ]
    handlers = {Refused: _refused, StoreError: _store, HTTPException: _http, Exception: _broken}
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    app.add_middleware(Headed)
    _beside(Upkeep(host.desk, settings.keep_days).serve)
    notices = open_notices(settings)
    if notices is not None:
        _beside(notices.serve)
    return app


def _beside(serve: Callable[[threading.Event], None]) -> None:
    """Run something beside the web for as long as the process lives."""
    threading.Thread(target=serve, args=(threading.Event(),), daemon=True).start()


class Headed:
    """Adds the security headers that an answer does not bring itself; static files may be cached for an hour."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, object], receive: object, send: Callable[..., Awaitable[None]]) -> None:
        async def headed(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers = dict(HEADERS)
                if str(scope.get("path", "")).startswith("/static/"):
                    headers["Cache-Control"] = "no-cache"
                own = {k.lower() for k, _ in message["headers"]}  # type: ignore[attr-defined]
                extra = [(k.lower().encode(), v.encode()) for k, v in headers.items() if k.lower().encode() not in own]
                message["headers"] = [*message["headers"], *extra]  # type: ignore[misc]
            await send(message)

        await self._app(scope, receive, headed)


def failed(status: int, code: str, message: str) -> JSONResponse:
    """An error as the API says it."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


async def _refused(_: Request, error: Refused) -> Response:
    return failed(error.status, error.code, error.message)


async def _store(_: Request, error: StoreError) -> Response:
    log.error("store: %s", type(error.__cause__).__name__)
    return failed(503, "busy", str(error))


async def _http(_: Request, error: HTTPException) -> Response:
    words = {404: "没有这个页面。", 405: "这个地址不能这样用。"}
    return failed(error.status_code, "http", words.get(error.status_code, BROKEN))


async def _broken(_: Request, error: Exception) -> Response:
    log.error("broken: %s", type(error).__name__)  # never the words: they are hers
    return failed(500, "broken", BROKEN)
