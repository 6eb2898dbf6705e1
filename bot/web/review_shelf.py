"""Pages of the console about what staff keep at hand: saving a view of the queue, canned replies.

Called by `review`, which checks who may.
"""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from bot.shelf import LONGEST_REPLY, NotKept
from bot.web.review_cases import FILTERS, QUEUE
from bot.web.review_visit import Page, Refused, Visit, back

REPLIES = "/review/replies"


def _keep_view(visit: Visit) -> Response:
    """Save the filters that are chosen."""
    query = visit.form.get("query", "")[:2_000]
    try:
        visit.desk.shelf.keep_view(visit.account, visit.form.get("name", ""), query, FILTERS)
    except NotKept as error:
        raise Refused(str(error)) from error
    return back(f"{QUEUE}?{query}" if query else QUEUE)


def _drop_view(visit: Visit) -> Response:
    """Forget a view."""
    visit.desk.shelf.drop_view(visit.account, _number(visit))
    return back(QUEUE)


def _replies(visit: Visit) -> Response:
    """The canned replies of her committee."""
    return _show(visit)


def _show(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    return visit.show(
        "replies.html",
        status,
        replies=visit.desk.shelf.replies(visit.account),
        longest=LONGEST_REPLY,
        trouble=trouble,
        kept=visit.form.get("words", ""),
        now=datetime.now(),
    )


def _keep_reply(visit: Visit) -> Response:
    """Add a canned reply."""
    try:
        visit.desk.shelf.keep_reply(visit.account, visit.form.get("words", ""))
    except NotKept as error:
        return _show(visit, 400, str(error))
    return back(REPLIES)


def _drop_reply(visit: Visit) -> Response:
    """Forget a canned reply."""
    visit.desk.shelf.drop_reply(visit.account, _number(visit))
    return back(REPLIES)


def _number(visit: Visit) -> int:
    id_ = visit.form.get("id", "")
    return int(id_) if id_.isdigit() and len(id_) < 10 else 0


PAGES = (
    Page("/review/views", "POST", "view", "keep", _keep_view),
    Page("/review/views/drop", "POST", "view", "drop", _drop_view),
    Page(REPLIES, "GET", "reply", "see", _replies),
    Page(REPLIES, "POST", "reply", "keep", _keep_reply),
    Page(REPLIES + "/drop", "POST", "reply", "drop", _drop_reply),
)
