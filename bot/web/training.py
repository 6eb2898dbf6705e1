"""Pages of the training console: the examples, what waits for a second person, findings.

Called by `review`, which checks who may; what may be written, `lessons` decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.classroom import Classroom
from bot.labels import DANGERS, DISPUTES, QUESTIONS, TALK, Label
from bot.lessons import NotTaught
from bot.phrasebook_findings import KINDS as FAULTS
from bot.web.review_visit import NotHere, Page, Refused, Visit, back
from bot.wordbook import KINDS
from bot.wordings import named

TRAINING = "/review/training"
#: What the desk may take words for beside the labels: a story of no kind.
TELL = Label("tell", "在讲一件事，没听出是哪一类", "", TALK)
#: Examples on a page of the list.
PAGE = 60


def room_of(visit: Visit) -> Classroom:
    """The training side of the desk, without which its pages are not here."""
    if visit.classroom is None:
        raise NotHere
    return visit.classroom


def page_number(visit: Visit) -> int:
    """The page of a list that is asked for, from 0."""
    page = visit.query.get("page", "0")
    return int(page) if page.isdigit() and len(page) < 6 else 0


def _grouped(room: Classroom) -> list[tuple[str, list[Any]]]:
    """Labels for a picker, by group; those of most examples first among the questions and the talk."""
    labels = list(room.labels.all().values())
    return [
        (group, [label for label in labels if label.group == group]) for group in (DISPUTES, DANGERS, TALK, QUESTIONS)
    ]


def show(visit: Visit, template: str, status: int = 200, **more: Any) -> Response:
    """A training page, with what each of them shows."""
    room = room_of(visit)
    room.watch.begin()  # it is done when somebody comes to the findings
    waiting = room.lessons.counts().get("proposed", 0)
    return visit.show(
        f"training/{template}", status, labels={TELL.key: TELL, **room.labels.all(), **KINDS}, groups=_grouped(room), waiting=waiting,
        now=datetime.now(), **more,
    )  # fmt: skip


# —— the examples ——


def examples(visit: Visit) -> Response:
    """The examples of a label, or those that hold some words."""
    room = room_of(visit)
    words, label = visit.query.get("q", "")[:60], visit.query.get("label", "")[:80]
    number = page_number(visit)
    found = room.book.search(words, label) if words or label else []
    shown = found[number * PAGE : (number + 1) * PAGE]
    onward = len(found) > (number + 1) * PAGE
    return show(
        visit,
        "examples.html",
        q=words,
        label=label,
        found=shown,
        total=len(found),
        counts=room.book.labels(),
        everything=len(room.book.examples()),
        broken=room.book.broken(),
        stray=room.book.stray(),
        onward=f"{TRAINING}?{urlencode({'q': words, 'label': label, 'page': number + 1})}" if onward else "",
    )


def example(visit: Visit) -> Response:
    """One example, to be changed."""
    return _example(visit)


def _example(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    one = room_of(visit).book.find(visit.path("key"))
    if one is None:
        raise Refused("这一句刚被别人改过或者删了。请回到“例子”里再找一找，看看最新的。", 404)
    text = visit.form.get("text") or visit.query.get("text") or one.text
    label = visit.form.get("label") or visit.query.get("to") or one.label
    why = visit.form.get("reason") or visit.query.get("why", "")
    return show(
        visit, "example.html", status, one=one, text=text[:2000], chosen=label, reason=why[:300], trouble=trouble
    )


def change(visit: Visit) -> Response:
    """Propose other words, another label, or that an example goes."""
    room, form, key = room_of(visit), visit.form, visit.path("key")
    try:
        if form.get("act") == "delete":
            room.lessons.propose_delete(visit.account, key, form.get("reason", ""))
        else:
            words = (form.get("text", ""), form.get("label", ""), form.get("reason", ""))
            room.lessons.propose_edit(visit.account, key, *words)
    except NotTaught as error:
        return _example(visit, 422, str(error))
    return back(f"{TRAINING}/lessons?done=proposed")


# —— two people ——


def lessons(visit: Visit) -> Response:
    """What waits for a second person, and what was decided."""
    return _lessons(visit)


def _lessons(visit: Visit, status: int = 200, trouble: str = "", about: int = 0) -> Response:
    room, state = room_of(visit), visit.query.get("state", "proposed")
    if state not in ("proposed", "approved", "refused", "undone"):
        state = "proposed"
    number = page_number(visit)
    told = room.lessons.waiting() if state == "proposed" else room.lessons.decided(state, number)
    return show(
        visit, "lessons.html", status, told=told, state=state, counts=room.lessons.counts(), trouble=trouble,
        about=about, agreements=room.lessons.agreements(), named=named, asked=room.types.asked, done=visit.query.get("done", ""), broken=room.book.broken(),
    )  # fmt: skip


def number_of(visit: Visit) -> int:
    """The lesson of the address."""
    number = visit.path("lesson")
    if not number.isdigit() or len(number) > 9:
        raise NotHere
    return int(number)


def approve(visit: Visit) -> Response:
    """Approve: it is written into the files."""
    left = frozenset(int(name[5:]) for name in visit.form if name[:5] == "leave" and name[5:].isdigit())
    lesson = room_of(visit).lessons.lesson(number_of(visit))
    done = f"approved-{lesson.kind}" if lesson and lesson.kind in ("wording", "card", "type") else "approved"
    return _decided(visit, done, lambda room, n: room.lessons.approve(visit.account, n, left))


def refuse(visit: Visit) -> Response:
    """Refuse with a reason."""
    why, other = visit.form.get("answer", ""), visit.form.get("label", "")
    return _decided(visit, "refused", lambda room, n: room.lessons.refuse(visit.account, n, why, other))


def withdraw(visit: Visit) -> Response:
    """Take one's own proposal back."""
    return _decided(visit, "withdrawn", lambda room, n: room.lessons.withdraw(visit.account, n))


def undo(visit: Visit) -> Response:
    """Take an approved change back."""
    why = visit.form.get("answer", "")
    return _decided(visit, "undone", lambda room, n: room.lessons.undo(visit.account, n, why))


def _decided(visit: Visit, done: str, act: Any) -> Response:
    number = number_of(visit)
    try:
        act(room_of(visit), number)
    except NotTaught as error:
        return _lessons(visit, 409, str(error), number)
    return back(f"{TRAINING}/lessons?done={done}")


# —— findings ——


def found(visit: Visit) -> Response:
    """What is wrong with the examples, each with its fix."""
    room, kind = room_of(visit), visit.query.get("kind", "")
    told, fresh = room.watch.look()
    counts = {name: sum(one.kind == name for one in told) for name in FAULTS}
    shown = [one for one in told if not kind or one.kind == kind]
    return show(
        visit, "findings.html", told=shown[:200], total=len(shown), kind=kind, kinds=FAULTS, counts=counts,
        broken=room.book.broken(), stray=room.book.stray(), fresh=fresh,
    )  # fmt: skip


_LESSON = TRAINING + "/lessons/{lesson}"
PAGES = (
    Page(TRAINING, "GET", "phrasebook", "see", examples),
    Page(TRAINING + "/examples/{key}", "GET", "phrasebook", "see", example),
    Page(TRAINING + "/examples/{key}", "POST", "phrasebook", "propose", change),
    Page(TRAINING + "/findings", "GET", "phrasebook", "see", found),
    Page(TRAINING + "/lessons", "GET", "lessons", "see", lessons),
    Page(_LESSON + "/approve", "POST", "lessons", "decide", approve),
    Page(_LESSON + "/refuse", "POST", "lessons", "decide", refuse),
    Page(_LESSON + "/withdraw", "POST", "lessons", "withdraw", withdraw),
    Page(_LESSON + "/undo", "POST", "lessons", "undo", undo),
)
