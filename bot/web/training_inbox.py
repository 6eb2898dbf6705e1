"""Pages of the training console about talks: what was not understood, most instructive first, each with its talk.

Called by `review`, which checks who may. Everything shown here is masked by `bot/inbox.py`.
"""

from __future__ import annotations

from starlette.responses import Response

from bot.labels import DISPUTES
from bot.phrasebook import BrokenFile, Unfit
from bot.replays import append, conversation, masked_turns
from bot.web.review_visit import NotHere, Page, Visit, back
from bot.web.training import PAGES, TRAINING, page_number, room_of, show
from bot.web.training_releases import RELEASE_PAGES
from bot.web.training_teach import TEACH_PAGES
from bot.web.training_words import WORD_PAGES

#: The button of the consent as it stands in the talk.
CONSENTED = "同意，开始说"
#: What stands over each kind of puzzle.
WHY = {
    "mediator": "调解员后来改了",
    "corrected": "前台认错了，当事人自己改过来的",
    "unsure": "前台拿不准，反问了",
    "unheard": "前台没听懂",
}


def inbox(visit: Visit) -> Response:
    """Groups of puzzles."""
    number = page_number(visit)
    groups, more = room_of(visit).inbox.groups(number)
    return show(
        visit, "inbox.html", told=groups, why=WHY, onward=number + 1 if more else 0, done=visit.query.get("done")
    )


def talk(visit: Visit) -> Response:
    """One puzzle within its talk: the page of the talk where it stands, or another."""
    asked = page_number(visit) if "page" in visit.query else None
    found = room_of(visit).inbox.talk(_number(visit), asked)
    if found is None:
        raise NotHere
    return show(visit, "talk.html", talk=found, said=found.said, why=WHY)


def dismiss(visit: Visit) -> Response:
    """A group needs no teaching."""
    room_of(visit).inbox.close(_number(visit), "dismissed")
    return back(f"{TRAINING}/inbox?done=dismissed")


def replay(visit: Visit) -> Response:
    """A talk as a test, to be looked over before it is written."""
    return _replay(visit)


def _replay(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    found = room_of(visit).inbox.said_in_talk(_number(visit))
    if found is None:
        raise NotHere
    said, names, label, _ = found
    turns = visit.form.get("turns") or "\n".join(t for t in masked_turns(said, names) if t != CONSENTED)
    name, label = visit.form.get("name", ""), visit.form.get("label", label)
    matters = [(key, one.name) for key, one in room_of(visit).labels.all().items() if one.group == DISPUTES]
    return show(
        visit, "replay.html", status, number=_number(visit), turns=turns, name=name, label=label, matters=matters,
        trouble=trouble,
    )  # fmt: skip


def keep_replay(visit: Visit) -> Response:
    """Write the test."""
    room, form = room_of(visit), visit.form
    found = room.inbox.said_in_talk(_number(visit))
    if found is None:
        raise NotHere
    if form.get("looked") != "yes":
        return _replay(visit, 422, "请先看一遍有没有真名、电话、住址，看过了在下面打个钩。")
    try:
        known = {key for key, one in room.labels.all().items() if one.group == DISPUTES} | {""}
        label = form.get("label", found[2])
        if label not in known:
            raise Unfit("没有这一类，重新选一个。")
        # Where a talk ended says nothing of where it ought to have, once she who reads it says it was another matter.
        status = found[3] if label == found[2] else ""
        told = conversation(form.get("name", ""), form.get("turns", "").split("\n"), label, status)
        append(room.book.root, told)
    except (Unfit, BrokenFile) as error:
        return _replay(visit, 422, str(error))
    return back(f"{TRAINING}/inbox?done=replay")


def _number(visit: Visit) -> int:
    number = visit.path("puzzle")
    if not number.isdigit() or len(number) > 9:
        raise NotHere
    return int(number)


_ONE = TRAINING + "/inbox/{puzzle}"
#: Every page of the training console.
TRAINING_PAGES = (
    *PAGES,
    *TEACH_PAGES,
    *WORD_PAGES,
    *RELEASE_PAGES,
    Page(TRAINING + "/inbox", "GET", "inbox", "see", inbox),
    Page(_ONE, "GET", "inbox", "see", talk),
    Page(_ONE + "/replay", "GET", "inbox", "see", replay),
    Page(_ONE + "/replay", "POST", "inbox", "replay", keep_replay),
    Page(_ONE + "/dismiss", "POST", "inbox", "dismiss", dismiss),
)
