"""Pages of the console about personal data: seeing a case whole for a reason, and what was let go.

Called by `review`, which checks who may.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from starlette.responses import Response

from bot.casework import NoCase, NotDone
from bot.notices import NAMES
from bot.web.review_cases import QUEUE, case_page
from bot.web.review_visit import NotHere, Page, Visit, back


def unmask(visit: Visit) -> Response:
    """看全."""
    receipt = visit.path("receipt")
    try:
        visit.desk.cases.unmask(visit.account, receipt, visit.form.get("reason", ""))
    except NoCase as error:
        raise NotHere from error
    except NotDone as error:
        return case_page(visit, receipt, 409, str(error))
    return back(f"{QUEUE}/{quote(receipt)}")


def upkeep(visit: Visit) -> Response:
    """What was let go by the rule of time, how long what is kept, how notices fare: numbers only."""
    return visit.show("upkeep.html", **visit.desk.upkeep(), kinds=NAMES, channels=CHANNELS, now=datetime.now())


CHANNELS = {"webhook": "网址", "wechat": "微信"}
PAGES = (
    Page(QUEUE + "/{receipt}/unmask", "POST", "case", "unmask", unmask),
    Page("/review/upkeep", "GET", "upkeep", "see", upkeep),
)
