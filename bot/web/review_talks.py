"""Pages of the console about running talks: who waits for a person, taking over, writing, handing back.

Called by `review`, which checks who may; scope and who has the floor, the desk decides.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from bot.casework import NoCase
from bot.floor import LONGEST, NoCall, Taken
from bot.store import Message
from bot.store_calls import Call
from bot.web.review_cases import QUEUE
from bot.web.review_visit import NotHere, Page, Visit, back

TALKS = "/review/talks"
#: Bubbles drawn at once; older ones are on the case page.
SHOWN = 200


def talks(visit: Visit) -> Response:
    """Everybody who waits for a person, and the talks in which one speaks."""
    return visit.show("talks.html", calls=visit.desk.floor.calls(visit.account), now=datetime.now())


def talk(visit: Visit) -> Response:
    """One running talk."""
    return _talk(visit, _call(visit))


def _call(visit: Visit) -> Call:
    number = visit.path("call")
    if not number.isdigit() or len(number) > 9:
        raise NotHere
    try:
        return visit.desk.floor.call(visit.account, int(number))
    except NoCall as error:
        raise NotHere from error


def _talk(visit: Visit, call: Call, status: int = 200, trouble: str = "") -> Response:
    visit.desk.floor.watch(visit.account, call)
    stored = visit.desk.conversation_by_key(call.key)
    if stored is None:
        raise NotHere
    return visit.show(
        "talk.html",
        status,
        call=call,
        trouble=trouble,
        words=visit.form.get("words", "") if trouble else "",
        bubbles=[_bubble(m) for m in visit.desk.history(stored)[-SHOWN:]],
        receipts=[filed["receipt"] for filed in visit.desk.sheets.receipts(stored)],
        mine=_mine(visit, call),
        replies=visit.desk.shelf.replies(visit.account),
        longest=LONGEST,
        now=datetime.now(),
    )


def _mine(visit: Visit, call: Call) -> bool:
    return call.ended_at is None and call.taken_by == visit.account.id


def _bubble(message: Message) -> dict[str, object]:
    shown = message.show or {}
    return {
        "seq": message.seq,
        "who": message.who,
        "name": shown.get("name"),
        "at": message.at,
        "text": message.text,
        "danger": "danger" in shown,
    }


def new(visit: Visit) -> Response:
    """What was said since a number, and who has the floor: asked every few seconds by the page."""
    call = _call(visit)
    visit.desk.floor.watch(visit.account, call)
    stored = visit.desk.conversation_by_key(call.key)
    if stored is None:
        raise NotHere
    after = visit.query.get("after", "0")
    fresh = visit.desk.history(stored, int(after) if after.isdigit() and len(after) < 10 else 0)
    bubbles = [{**_bubble(m), "at": m.at.isoformat(timespec="seconds")} for m in fresh]
    over = call.ended_at is not None
    return JSONResponse({"bubbles": bubbles, "mine": _mine(visit, call), "mediator": call.mediator, "over": over})


def take(visit: Visit) -> Response:
    """Take over: from now on the mediator speaks, and the citizen is told so."""
    call = _call(visit)
    again = _mine(visit, call)
    try:
        visit.desk.floor.take(visit.account, call.id)
    except Taken as error:
        return _talk(visit, _call(visit), 409, str(error))
    if not again:
        _tell(visit, call, visit.desk.arrival(visit.account.shown))
    return back(f"{TALKS}/{call.id}")


def enter(visit: Visit) -> Response:
    """Take over the talk of a filed case."""
    try:
        opened = visit.desk.cases.find(visit.account, visit.path("receipt"))
        if opened.conversation_id is None:
            raise NotHere
        number = visit.desk.floor.enter(visit.account, opened.conversation_id, opened.body_id, opened.area)
    except (NoCase, NoCall) as error:
        raise NotHere from error
    return back(f"{TALKS}/{number}")


def say(visit: Visit) -> Response:
    """Say something to the citizen."""
    call = _call(visit)
    try:
        visit.desk.floor.say(visit.account, call.id, visit.form.get("words", ""), visit.form.get("id", "")[:64] or None)
    except Taken as error:
        if "json" in visit.request.headers.get("accept", ""):
            return JSONResponse({"error": {"code": "taken", "message": str(error)}}, 409)
        return _talk(visit, _call(visit), 409, str(error))
    if "json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"kept": True})
    return back(f"{TALKS}/{call.id}#end")


def hand_back(visit: Visit) -> Response:
    """Hand back: the desk goes on with the question that was open."""
    call = _call(visit)
    try:
        visit.desk.floor.hand_back(visit.account, call.id)
    except Taken as error:
        return _talk(visit, _call(visit), 409, str(error))
    stored = visit.desk.conversation_by_key(call.key)
    if stored is not None:
        _tell(visit, call, visit.desk.resumption(stored, visit.account.shown))
    receipts = visit.desk.sheets.receipts(stored) if stored is not None else []
    return back(f"{QUEUE}/{quote(receipts[-1]['receipt'])}" if receipts else TALKS)


def dismiss(visit: Visit) -> Response:
    """Close a call that needs nobody any more."""
    call = _call(visit)
    try:
        visit.desk.floor.dismiss(visit.account, call.id)
    except Taken as error:
        return _talk(visit, _call(visit), 409, str(error))
    return back(TALKS)


def _tell(visit: Visit, call: Call, named: list[tuple[str, dict[str, str]]]) -> None:
    """The desk's own words to the citizen about who speaks."""
    stored = visit.desk.conversation_by_key(call.key)
    turn = int(stored.draft.get("turn", 0)) if stored is not None else 0
    now = datetime.now()
    visit.desk.keep_replies(call.key, [Message(0, "desk", now, turn, text) for text in visit.say(named)])


_ONE = TALKS + "/{call}"
PAGES = (
    Page(TALKS, "GET", "talk", "see", talks),
    Page(_ONE, "GET", "talk", "see", talk),
    Page(_ONE + "/new", "GET", "talk", "see", new, by_hand=False),
    Page(_ONE + "/take", "POST", "talk", "take", take),
    Page(_ONE + "/say", "POST", "talk", "say", say),
    Page(_ONE + "/back", "POST", "talk", "hand_back", hand_back),
    Page(_ONE + "/dismiss", "POST", "talk", "dismiss", dismiss),
    Page(QUEUE + "/{receipt}/enter", "POST", "talk", "enter", enter),
)
