"""What a page of the console is made of: the visit, the row of the table, forms and refusals.

Hides how a form is read and a cookie set. Called by `review` and the modules with its pages.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from anyio import from_thread
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.classroom import Classroom
from bot.desk import Desk
from bot.permissions import may
from bot.staff import Admitted, Staff
from bot.store_staff import Account, Session

COOKIE = "fenzhen_staff"
#: Bytes of a form: the longest note is far below.
LARGEST = 400_000
NOT_READ = "没看懂交上来的内容，请回到上一页再试一次。"
HOME, SIGN_IN, PASSWORD = "/review", "/review/sign-in", "/review/password"

#: Says named responses in the wording for citizens: [(name, fill)] → texts.
Voice = Callable[[list[tuple[str, dict[str, str]]]], Coroutine[Any, Any, list[str]]]


class NotHere(Exception):
    """There is no such page, case or talk, or it belongs to another body: both look the same."""


class Refused(Exception):
    """What was asked cannot be done; the message says why, `status` is HTTP's."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came with a form."""

    name: str
    content: bytes


class Form(dict[str, str]):
    """Fields of a form by name, and the files that came with it."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(fields or {})
        self.sent: dict[str, Sent] = {}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody signed in, with what the pages need."""

    request: Request
    session: Session
    desk: Desk
    staff: Staff
    voice: Voice
    draw: Callable[..., str]
    form: Mapping[str, str] = field(default_factory=dict)
    classroom: Classroom | None = None
    sent: Mapping[str, Sent] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def query(self) -> Mapping[str, str]:
        return dict(self.request.query_params)

    def path(self, name: str) -> str:
        """A part of the path in braces."""
        return str(self.request.path_params[name])

    def say(self, named: list[tuple[str, dict[str, str]]]) -> list[str]:
        """Wording of named responses; pages run in a worker thread, the voice on the event loop."""
        return from_thread.run(self.voice, named)

    def may(self, page: str, act: str) -> bool:
        """Whether she may, for the buttons of a page."""
        return may(self.account.role, page, act)

    def show(self, template: str, status: int = 200, **more: Any) -> Response:
        """A page from its template."""
        return HTMLResponse(self.draw(template, self.session, **more), status)


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the console's table of pages."""

    path: str
    method: str
    page: str
    act: str
    show: Callable[[Visit], Response]
    #: False for what a page asks by itself: that keeps nobody signed in.
    by_hand: bool = True
    #: Bytes of its form.
    largest: int = LARGEST


def back(to: str) -> Response:
    """Go on to another page after a form (303), so that a reload repeats nothing."""
    return RedirectResponse(to, 303)


async def read_form(request: Request, largest: int = LARGEST) -> Form:
    """The fields of a form, without what no database can hold. Raises Refused when it is too large or not a form."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _read_parts(request, largest)
    raw = b"".join([chunk async for chunk in _limited(request, largest)])
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise Refused(NOT_READ) from error
    return Form({key: _holdable(text) for key, text in pairs})


async def _read_parts(request: Request, largest: int) -> Form:
    """A form that brings a file: it stays in memory, as long as the request does."""
    parser = MultiPartParser(request.headers, _limited(request, largest), max_part_size=largest)
    parser.spool_max_size = largest
    try:
        parts = await parser.parse()
    except (MultiPartException, ClientDisconnect, ValueError, KeyError) as error:
        raise Refused(NOT_READ) from error
    form = Form()
    try:
        for name, part in parts.multi_items():
            if isinstance(part, UploadFile):
                form.sent[name] = Sent(part.filename or "", await part.read())
            else:
                form[name] = _holdable(part.replace("\r\n", "\n"))
    finally:
        await parts.close()
    return form


async def _limited(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > largest:
            raise Refused("写得太长了，请分成几次。原来的内容按浏览器的“后退”还能找回来。", 413)
        yield chunk


def _holdable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32 and ord(c) != 127)


def browser_of(request: Request) -> str:
    """The browser as it names itself: a session is bound to it."""
    return str(request.headers.get("user-agent", ""))


def same(one: str, other: str) -> bool:
    """Whether two keys are the same, in constant time; an empty one never is."""
    return bool(one and other) and hmac.compare_digest(one.encode(), other.encode())


def let_in(response: Response, request: Request, admitted: Admitted) -> Response:
    """Put the cookie of a fresh session on a response."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, admitted.token, path="/", httponly=True, samesite="lax", secure=secure)
    return response
