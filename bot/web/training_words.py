"""Pages of the training console on words: the lists by which the desk cuts a sentence and sees who and what it names.

Called by `review`, which checks who may; what may be written, `lessons` decides.
"""

from __future__ import annotations

from starlette.responses import Response

from bot.lessons import NotTaught
from bot.phrasebook import BrokenFile
from bot.web.review_visit import Page, Refused, Visit, back
from bot.web.training import TRAINING, page_number, room_of, show
from bot.wordbook import KINDS

#: Words on a page, examples shown of one.
PAGE, SHOWN = 200, 8


def words(visit: Visit) -> Response:
    """The words of a kind, or those that hold some characters, and the form for a new one."""
    return _words(visit)


def _words(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    book, form = room_of(visit).lessons.words, visit.form
    kind, sought = form.get("kind") or visit.query.get("kind", ""), visit.query.get("q", "").strip()[:12]
    kind = kind if kind in KINDS else next(iter(KINDS))
    number, broken = page_number(visit), book.broken()
    try:
        told = [word for word in book.words(kind) if sought in word.text]
    except BrokenFile:
        told = []
    return show(
        visit, "words.html", status, told=told[number * PAGE : (number + 1) * PAGE], total=len(told), kind=kind, q=sought,
        kinds=KINDS, word=form.get("word", "")[:40], reason=form.get("reason", "")[:300], trouble=trouble, broken=broken,
        onward=number + 1 if len(told) > (number + 1) * PAGE else 0,
    )  # fmt: skip


def propose_word(visit: Visit) -> Response:
    """Propose a word."""
    form = visit.form
    try:
        words = (form.get("kind", ""), form.get("word", ""), form.get("reason", ""))
        room_of(visit).lessons.propose_word(visit.account, *words)
    except NotTaught as error:
        return _words(visit, 422, str(error))
    return back(f"{TRAINING}/lessons?done=proposed")


def word(visit: Visit) -> Response:
    """One word, with the examples that hold it."""
    return _word(visit)


def _word(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    book = room_of(visit).lessons.words
    try:
        one = book.find(visit.path("key"))
    except BrokenFile as error:
        raise Refused(f"{error}。先请管理员改好这个文件。", 409) from error
    if one is None:
        raise Refused("这个词刚被别人改过或者删了。请回到“词”里看看最新的。", 404)
    touched = book.touched(one.text)
    reason = visit.form.get("reason", "")[:300]
    return show(
        visit, "word.html", status, one=one, kinds=KINDS, touched=touched[:SHOWN], many=len(touched), trouble=trouble,
        reason=reason,
    )  # fmt: skip


def take_away(visit: Visit) -> Response:
    """Propose that a word goes."""
    try:
        room_of(visit).lessons.propose_word_away(visit.account, visit.path("key"), visit.form.get("reason", ""))
    except BrokenFile as error:
        raise Refused(f"{error}。先请管理员改好这个文件。", 409) from error
    except NotTaught as error:
        return _word(visit, 422, str(error))
    return back(f"{TRAINING}/lessons?done=proposed")


WORD_PAGES = (
    Page(TRAINING + "/words", "GET", "phrasebook", "see", words),
    Page(TRAINING + "/words", "POST", "phrasebook", "propose", propose_word),
    Page(TRAINING + "/words/{key}", "GET", "phrasebook", "see", word),
    Page(TRAINING + "/words/{key}", "POST", "phrasebook", "propose", take_away),
)
