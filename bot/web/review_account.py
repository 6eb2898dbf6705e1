"""Pages of the console about oneself: signing in and out, the password, the second factor, the list of staff.

Called by `review`, which checks who may.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.permissions import ROLES, may
from bot.staff import SHORTEST_PASSWORD, Staff, StaffError
from bot.web.review_visit import (
    COOKIE,
    HOME,
    PASSWORD,
    SIGN_IN,
    Page,
    Refused,
    Visit,
    back,
    browser_of,
    let_in,
    read_form,
    same,
)

#: Cookie of the sign-in form: what is sent must carry the same key (nobody is signed in yet to whom it could belong).
FORM_COOKIE = "fenzhen_form"


class Door:
    """The sign-in page, the one page that needs no session."""

    def __init__(
        self, staff: Staff, draw: Callable[..., str], failed: Callable[[Request, Exception, None], Response]
    ) -> None:
        self._staff, self._draw, self._failed = staff, draw, failed

    def routes(self) -> list[Route]:
        """Its two routes."""
        return [Route(SIGN_IN, self.form), Route(SIGN_IN, self.sign_in, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        """The empty form."""
        return self._page(request, "", "", 200)

    async def sign_in(self, request: Request) -> Response:
        """Check and let in. Whatever session the browser brought is ended: the new one has a new token."""
        try:
            form = await read_form(request)
            name = form.get("name", "")
            if not same(form.get("form_key", ""), request.cookies.get(FORM_COOKIE, "")):
                return self._page(request, name, "这一页放得太久了，请再登录一次。", 403)
            password, code = form.get("password", ""), form.get("code", "")
            try:
                admitted = await run_in_threadpool(self._staff.sign_in, name, password, code, browser_of(request))
            except StaffError as error:
                return self._page(request, name, str(error), 403)
            await run_in_threadpool(self._staff.sign_out, request.cookies.get(COOKIE, ""))
            to = form.get("next", "")
            response = back(PASSWORD if admitted.account.must_change else _inside(to))
            response.delete_cookie(FORM_COOKIE, path=SIGN_IN)
            return let_in(response, request, admitted)
        except Exception as error:
            return self._failed(request, error, None)

    def _page(self, request: Request, name: str, trouble: str, status: int) -> Response:
        key = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
        to = _inside(request.query_params.get("next", ""))
        page = self._draw("sign_in.html", None, key=key, name=name[:64], trouble=trouble, next=to)
        response = HTMLResponse(page, status)
        secure = request.url.scheme == "https"
        response.set_cookie(FORM_COOKIE, key, path=SIGN_IN, httponly=True, samesite="strict", secure=secure)
        return response


def _inside(to: str) -> str:
    """A page of the console, whatever was asked for: nobody is sent elsewhere after signing in."""
    return to if to.startswith(f"{HOME}/") or to.split("?")[0] == HOME else HOME


def home(visit: Visit) -> Response:
    """Send everybody to the page that is hers."""
    role = visit.account.role
    return back(next((path for page, path in HOMES if may(role, page, "see")), "/review/me"))


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.staff.sign_out(visit.request.cookies.get(COOKIE, ""))
    response = back(SIGN_IN)
    response.delete_cookie(COOKIE, path="/")
    return response


def me(visit: Visit) -> Response:
    """Her account: role, scope, password, second factor."""
    directory, account = visit.desk.committees.directory(), visit.account
    body = directory[account.body_id].name if account.body_id and account.body_id in directory else account.body_id
    return visit.show("me.html", body=body, done=visit.query.get("done", ""))


def password(visit: Visit) -> Response:
    """The form for a new password."""
    return visit.show("password.html", shortest=SHORTEST_PASSWORD, trouble="")


def change_password(visit: Visit) -> Response:
    """Take the new password; every other session of hers ends."""
    form, trouble = visit.form, ""
    if form.get("new", "") != form.get("again", ""):
        trouble = "两次写的新密码不一样，再写一次。"
    else:
        try:
            admitted = visit.staff.change_password(
                visit.account, form.get("old", ""), form.get("new", ""), browser_of(visit.request)
            )
        except StaffError as error:
            trouble = str(error)
        else:
            return let_in(back("/review/me?done=password"), visit.request, admitted)
    return visit.show("password.html", 422, shortest=SHORTEST_PASSWORD, trouble=trouble)


def second_factor(visit: Visit) -> Response:
    """Show a new secret to be typed into an authenticator app."""
    secret, address = visit.staff.new_secret(visit.account)
    return visit.show("second_factor.html", secret=secret, address=address, trouble="")


def second_factor_on(visit: Visit) -> Response:
    """Switch it on with a first right code."""
    secret = visit.form.get("secret", "")
    try:
        visit.staff.second_factor_on(visit.account, secret, visit.form.get("code", ""))
    except StaffError as error:
        return visit.show("second_factor.html", 422, secret=secret, address="", trouble=str(error))
    return back("/review/me?done=second_factor")


def second_factor_off(visit: Visit) -> Response:
    """Switch it off; the password is asked for."""
    try:
        visit.staff.second_factor_off(visit.account, visit.form.get("password", ""))
    except StaffError as error:
        raise Refused(str(error), 422) from error
    return back("/review/me?done=second_factor_off")


def staff_list(visit: Visit) -> Response:
    """Who has an account."""
    directory = visit.desk.committees.directory()
    names = {body.id: body.name for body in directory}
    return visit.show("staff.html", accounts=visit.staff.accounts(), bodies=names, roles=ROLES)


#: The first page of these that she may see is where she begins.
HOMES = (("queue", "/review/cases"), ("staff", "/review/staff"), ("inbox", "/review/training/inbox"))

PAGES = (
    Page(HOME, "GET", "me", "see", home),
    Page("/review/sign-out", "POST", "me", "sign_out", sign_out),
    Page("/review/me", "GET", "me", "see", me),
    Page(PASSWORD, "GET", "me", "change_password", password),
    Page(PASSWORD, "POST", "me", "change_password", change_password),
    Page("/review/second-factor", "GET", "me", "second_factor", second_factor),
    Page("/review/second-factor", "POST", "me", "second_factor", second_factor_on),
    Page("/review/second-factor/off", "POST", "me", "second_factor", second_factor_off),
    Page("/review/staff", "GET", "staff", "see", staff_list),
)
