"""Pages of the console that do something to a case: every act of `bot.intake.cases` has one, and the citizen is told.

Hides that an act is one form, one address and one row of the permission table, and how tidings reach her chat. Called
by `review`, which checks who may; what is lawful and within her scope, the desk decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from starlette.responses import Response

from bot.casework import NoCase, NotDone
from bot.intake.calendar_file import calendar_file
from bot.intake.cases import Unlawful
from bot.intake.tidings import Tiding
from bot.store import Message
from bot.web.attachments import sent_out
from bot.web.review_cases import ONE, QUEUE, case_page
from bot.web.review_visit import NotHere, Page, Refused, Visit, back

#: Acts that a form alone describes (`bot.intake.particulars`).
FORMS = (
    "accept", "refuse", "ask", "answer", "offer", "transfer", "decline", "recall", "appoint", "cancel", "meet", "agree",
    "fail", "end", "give_up", "perform", "confirm", "visit", "close", "reopen",
)  # fmt: skip
#: Acts that reach into her chat as a question: what is said there is the mediator's.
ASKING = frozenset({"ask", "offer"})
Doing = Callable[[str, int], list[Tiding]]


def _act(visit: Visit, act: str, do: Doing) -> Response:
    """Do an act and show the case again; when it is refused, with the reason and everything she typed."""
    receipt, version = visit.path("receipt"), visit.form.get("version", "")
    if not version.isdigit() or len(version) > 9:
        raise Refused("没看懂交上来的内容，请回到上一页再试一次。")
    try:
        news = do(receipt, int(version))
    except NoCase as error:
        raise NotHere from error
    except (Unlawful, NotDone) as error:
        return case_page(visit, receipt, 409, str(error), act)
    told = _tell(visit, receipt, act, news) if news else ""
    try:
        visit.desk.cases.find(visit.account, receipt)
    except NoCase:  # it went to another committee
        return back(f"{QUEUE}?done={act}")
    return back(f"{QUEUE}/{quote(receipt)}?done={act}{told}")


def _tell(visit: Visit, receipt: str, act: str, news: list[Tiding]) -> str:
    """Put what the citizen is told into her chat. Returns what the page adds to its address: whether she can read it."""
    key = visit.desk.key_of(receipt)
    talk = visit.desk.conversation_by_key(key) if key else None
    if key is None or talk is None or not visit.desk.consented(talk):
        return "&told=no"
    turn = int(talk.draft.get("turn", 0))
    show: dict[str, object] | None = None
    if act in ASKING:
        show = {"name": visit.account.shown, "enquiry": receipt}
    elif act == "appoint":
        show = {"calendar": {"number": receipt, "file": _calendar(visit, receipt)}}
    who = "mediator" if act in ASKING else "desk"
    texts = visit.say(news)
    visit.desk.keep_replies(key, [Message(0, who, datetime.now(), turn, text, show) for text in texts])
    return "&told=yes"


def _form_act(act: str) -> Callable[[Visit], Response]:
    def page(visit: Visit) -> Response:
        return _act(visit, act, lambda receipt, v: visit.desk.cases.do(visit.account, receipt, v, act, visit.form))

    return page


def _assign(visit: Visit) -> Response:
    """分给调解员."""
    to = visit.form.get("to", "")
    chosen = int(to) if to.isdigit() and len(to) < 10 else 0
    return _act(visit, "assign", lambda receipt, v: visit.desk.cases.assign(visit.account, receipt, v, chosen))


def _take(visit: Visit) -> Response:
    """我来办."""
    me = visit.account
    return _act(visit, "assign", lambda receipt, v: visit.desk.cases.assign(me, receipt, v, me.id))


def _note(visit: Visit) -> Response:
    """记一笔."""
    words = visit.form.get("note", "")
    return _act(visit, "note", lambda receipt, v: visit.desk.cases.note(visit.account, receipt, v, words))


def _edit(visit: Visit) -> Response:
    """更正一栏."""
    fact, value, why = (visit.form.get(name, "") for name in ("fact", "value", "why"))
    return _act(visit, "edit", lambda receipt, v: visit.desk.cases.edit(visit.account, receipt, v, fact, value, why))


def _retype(visit: Visit) -> Response:
    """改纠纷类型."""
    matter, why = visit.form.get("matter", ""), visit.form.get("why", "")
    return _act(visit, "retype", lambda receipt, v: visit.desk.cases.retype(visit.account, receipt, v, matter, why))


def _calendar(visit: Visit, receipt: str) -> str:
    session = visit.desk.cases.session(visit.account, receipt)
    if session is None:
        raise NotHere
    at = datetime.fromisoformat(session["at"])
    # A title that tells a bystander nothing: it may stand on a telephone that somebody else looks at.
    return calendar_file(receipt, at, "约好的见面", session["where"], datetime.now())


def _ics(visit: Visit) -> Response:
    """The appointed session as a calendar file."""
    receipt = visit.path("receipt")
    try:
        text = _calendar(visit, receipt)
    except NoCase as error:
        raise NotHere from error
    headers = {"Content-Disposition": f'attachment; filename="{quote(receipt)}.ics"'}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _evidence(visit: Visit) -> Response:
    """A photo or paper that the citizen sent."""
    files = visit.desk.attachments
    small = visit.query.get("size") == "small"
    try:
        sent = visit.desk.cases.evidence(visit.account, visit.path("receipt"), visit.path("id"), noted=not small)
    except NoCase as error:
        raise NotHere from error
    content = files.content(sent, small) if files is not None else None
    if content is None:
        raise NotHere
    return sent_out(sent, content, "image/jpeg" if small else sent.media_type)


PAGES = (
    *(Page(f"{ONE}/{act}", "POST", "case", act, _form_act(act)) for act in FORMS),
    Page(ONE + "/assign", "POST", "case", "assign", _assign),
    Page(ONE + "/take", "POST", "case", "take", _take),
    Page(ONE + "/note", "POST", "case", "note", _note),
    Page(ONE + "/edit", "POST", "case", "edit", _edit),
    Page(ONE + "/retype", "POST", "case", "retype", _retype),
    Page(ONE + "/session.ics", "GET", "case", "see", _ics),
    Page(ONE + "/evidence/{id}", "GET", "case", "see", _evidence),
)
