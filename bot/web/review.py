"""The mediators' console: who is signed in, whether she may, and one page after the other.

Hides the session check, the form key (CSRF), the permission check and error pages from the pages themselves. Pages are
rows of a table (`review_visit.Page`), each with the page and act of `bot/permissions.py`; nothing is reached without
passing that check here. Called by `app`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.classroom import Classroom
from bot.desk import Desk
from bot.permissions import ROLES, may
from bot.staff import Staff
from bot.store import StoreError
from bot.store_staff import Session
from bot.web import (
    review_account,
    review_acts,
    review_cases,
    review_export,
    review_help,
    review_papers,
    review_privacy,
    review_shelf,
    review_statistics,
    review_talks,
    training_exchange,
    training_quality,
    training_wording,
)
from bot.web.review_times import day_said, days_left, lasted, said_of, session_time, when, yuan
from bot.web.review_visit import (
    COOKIE,
    PASSWORD,
    SIGN_IN,
    Form,
    NotHere,
    Page,
    Refused,
    Visit,
    Voice,
    back,
    browser_of,
    read_form,
    same,
)
from bot.web.training_inbox import TRAINING_PAGES

#: Fields that are never shown again.
SECRET = frozenset({"password", "old", "new", "again", "code", "secret"})
#: Longer texts are worth keeping for whoever was signed out while she wrote.
SHORT = 20
#: While the database is away a page tries again after so long, without anybody touching it.
AGAIN_SECONDS = 10
log = logging.getLogger("fenzhen.review")


class Console:
    """All pages of the console over a desk and its staff."""

    def __init__(self, desk: Desk, staff: Staff, voice: Voice, centre: str, classroom: Classroom | None = None) -> None:
        self.desk, self.staff, self.voice, self.centre = desk, staff, voice, centre
        self.classroom = classroom
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
            autoescape=select_autoescape(),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            when=when,
            lasted=lasted,
            session_time=session_time,
            day_said=day_said,
            days_left=days_left,
            yuan=yuan,
            said_of=said_of,
            from_json=json.loads,
        )
        self.pages: Sequence[Page] = (
            *TRAINING_PAGES,
            *training_exchange.PAGES,
            *training_quality.PAGES,
            *training_wording.PAGES,
            *review_account.PAGES,
            *review_cases.PAGES,
            *review_acts.PAGES,
            *review_export.PAGES,
            *review_help.PAGES,
            *review_papers.PAGES,
            *review_shelf.PAGES,
            *review_statistics.PAGES,
            *review_talks.PAGES,
            *review_privacy.PAGES,
        )
        self._door = review_account.Door(staff, self.draw, self.failed)

    def routes(self) -> list[Route]:
        """Routes for Starlette: the sign-in, then the table of pages."""
        pages = [Route(page.path, self._guarded(page), methods=[page.method]) for page in self.pages]
        return [*self._door.routes(), *pages, Route("/review/{rest:path}", self._nowhere, methods=["GET", "POST"])]

    async def _nowhere(self, request: Request) -> Response:
        return self.failed(request, NotHere(), None)

    def draw(self, template: str, session: Session | None = None, **more: Any) -> str:
        """A template with what every page shows: who is signed in, what she may, the key of the forms."""
        account = session.account if session else None
        role = account.role if account else ""
        return self._templates.get_template(template if "/" in template else f"review/{template}").render(
            centre=self.centre,
            account=account,
            role_name=ROLES.get(role, ""),
            form_key=session.form_key if session else "",
            may=lambda page, act: may(role, page, act),
            **more,
        )

    def _guarded(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            session: Session | None = None
            form = Form()
            try:
                # Before anything asks the database: if that is away, what she typed stands on the page that says so.
                form = await read_form(request, page.largest) if page.method == "POST" else form
                token = request.cookies.get(COOKIE, "")
                session = await run_in_threadpool(self.staff.session, token, page.by_hand, browser_of(request))
                if session is None:
                    return self._to_sign_in(request, page, form)
                if session.account.must_change and page.path != PASSWORD and page.act != "sign_out":
                    return back(PASSWORD)
                if not may(session.account.role, page.page, page.act):
                    raise Refused("这一页不归您的角色用。要用的话，请找管理员。", 403)
                if page.method == "POST" and not same(form.get("form_key", ""), session.form_key):
                    raise Refused("这一页放得太久，或者不是从这里点开的。请回到上一页，刷新以后再试。", 403)
                ours = (self.desk, self.staff, self.voice, self.draw)
                visit = Visit(request, session, *ours, form, self.classroom, form.sent)
                return await run_in_threadpool(page.show, visit)
            except Exception as error:
                return self.failed(request, error, session, form)

        return serve

    def _to_sign_in(self, request: Request, page: Page, form: Mapping[str, str]) -> Response:
        if not page.by_hand:
            return JSONResponse({"error": {"code": "signed_out", "message": "要重新登录。"}}, 401)
        if page.method != "GET":
            typed = _typed(form)
            if not any(len(text) > SHORT for text in typed.values()):
                return back(SIGN_IN)
            # Whoever wrote for long and was signed out meanwhile gets her words back, to be copied.
            words = "您已经退出了（离开太久，或者换了浏览器）。写的还在下面：先复制下来，登录以后再交。"
            return HTMLResponse(self.draw("failed.html", None, status=401, words=words, typed=typed), 401)
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return back(f"{SIGN_IN}?next={quote(where, safe='')}")

    def failed(
        self, request: Request, error: Exception, session: Session | None, form: Mapping[str, str] | None = None
    ) -> Response:
        """An error page that says what happened and what to do; the words of a case never reach the log.

        While the database is away a page that was asked for tries again by itself, and a sent form stands there, to be
        sent again as it is.
        """
        again: dict[str, Any] = {}
        if isinstance(error, NotHere):
            status, words = 404, "没有这一页。可能是编号抄错了，或者不归您这里管。"
        elif isinstance(error, Refused):
            status, words = error.status, error.message
        elif isinstance(error, StoreError):
            log.error("store: %s", type(error.__cause__).__name__)
            status, words = (
                503,
                "资料库现在连不上。已经存下的都还在。"
                + ("刚才填的请先别关这一页，过一分钟再交一次。" if form else "不用管，这一页过十秒自己再试。"),
            )
            if not form:
                again = {"by_itself": AGAIN_SECONDS}
            elif not SECRET & set(form):
                again = {"again": request.url.path, "typed": {**_typed(form), "form_key": form.get("form_key", "")}}
        else:
            log.error("broken: %s", type(error).__name__)
            status, words = 500, "这里出了点问题。已经存下的都还在，请回到上一页再试一次；还不行就告诉管理员。"
        if "json" in request.headers.get("accept", ""):
            return JSONResponse({"error": {"code": str(status), "message": words}}, status)
        return HTMLResponse(self.draw("failed.html", session, status=status, words=words, **again), status)


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into a form and may be shown again."""
    return {name: text for name, text in form.items() if name not in SECRET and name != "form_key"}
