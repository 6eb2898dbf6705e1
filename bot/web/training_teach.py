"""Pages of the training console on teaching: new examples, words marked in them, and what the model makes of both.

Called by `review`, which checks who may; what may be written, `lessons` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyio import from_thread
from starlette.responses import JSONResponse, Response

from bot.classroom import split_story
from bot.intake.masking import mask
from bot.lessons import NotTaught
from bot.newcomer import Understand
from bot.web.review_visit import Page, Visit, back
from bot.web.training import TRAINING, room_of, show
from bot.wordbook import KINDS

#: Sentences taught at once, words marked in them, characters that are asked about while somebody types.
MOST_AT_ONCE, MOST_MARKED, LONGEST_HEARD = 30, 12, 600
#: What is none of the desk's business has a label of its own, under one key.
ELSEWHERE = "chatter"
#: Entities of the pipeline that no list of words can teach.
BY_RULE = {"named_role": "有称呼的人", "organisation": "单位"}


def teach(visit: Visit) -> Response:
    """The form for new examples, with what the live model makes of the words."""
    return _teach(visit)


def _teach(visit: Visit, status: int = 200, trouble: str = "", text: str = "", done: str = "") -> Response:
    room, form, query = room_of(visit), visit.form, visit.query
    number = form.get("puzzle") or query.get("puzzle", "")
    found = room.inbox.puzzle(int(number)) if number.isdigit() and len(number) < 10 else None
    given = query.get("text", "")[:LONGEST_HEARD]
    text = text or form.get("text") or (found.text if found else mask(given).text)
    label = form.get("label") or form.get("guess") or query.get("label", "")[:80]
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    reason = form.get("reason") or query.get("why", "")[:300]
    chosen = label if label in room.labels.all() else ""
    return show(visit, "teach.html", status, text=text, chosen=chosen, reason=reason, trouble=trouble, done=done,
        heard=_heard(visit, room.understand, first)[0], puzzle=found.id if found else "", elsewhere=ELSEWHERE,
        kinds=KINDS, marks="\n".join(f"{kind} {word}" for kind, word in _marked(visit)), newcomer=room.newcomer.waits(),
    )  # fmt: skip


def propose(visit: Visit) -> Response:
    """Propose new examples, one a line, and the words marked in them; all or none. Or cut a long story into lines."""
    room, form = room_of(visit), visit.form
    lines = [line.strip() for line in form.get("text", "").split("\n") if line.strip()]
    label, reason = form.get("label") or form.get("guess", ""), form.get("reason", "")
    if not lines:
        return _teach(visit, 422, "还没有写句子。一行写一句。")
    if form.get("act") == "split":
        cut = split_story(form.get("text", ""))
        told = f"拆成了 {len(cut)} 句，一行一句。不是这一类的、说的一样的，删掉那一行。"
        return _teach(visit, text="\n".join(cut), done=told)
    if len(lines) > MOST_AT_ONCE:
        return _teach(visit, 422, f"一次最多教 {MOST_AT_ONCE} 句，现在有 {len(lines)} 句。请分几次，或者挑最不一样的。")
    if form.get("looked") != "yes":
        return _teach(visit, 422, "请先看一遍有没有真名、电话、住址，看过了在下面打个钩。")
    try:
        number = form.get("puzzle", "")
        puzzle = int(number) if number.isdigit() and len(number) < 10 else 0
        marked = list(_marked(visit))
        room.lessons.propose_new(visit.account, lines, label, reason, room.inbox.talk_of(puzzle), marked)
    except NotTaught as error:
        return _teach(visit, 422, str(error))
    if puzzle:
        room.inbox.close(puzzle, "taught")
        return back(f"{TRAINING}/inbox?done=proposed")
    return back(f"{TRAINING}/lessons?done=proposed")


def _marked(visit: Visit) -> Iterator[tuple[str, str]]:
    """The words marked in the sentences, as (kind, word)."""
    for line in visit.form.get("marks", "").split("\n")[:MOST_MARKED]:
        kind, _, word = line.strip().partition(" ")
        if word.strip():
            yield kind, word.strip()


def hear(visit: Visit) -> Response:
    """What the live model makes of a text, how it cuts it, and what stands there already that says the same; asked for
    the newcomer (`fresh`), what that makes of it."""
    room, text = room_of(visit), visit.query.get("text", "")[:LONGEST_HEARD]
    named = room.labels.all()
    if "fresh" in visit.query:
        ear = room.newcomer.ear()
        told = _heard(visit, ear, text)[0] if ear else []
        return JSONResponse({"heard": _shown(told, named), "deaf": ear is None})
    heard, understood = _heard(visit, room.understand, text)
    near = [{"text": e.text, "label": named[e.label].name} for e in room.book.same(text)[:3]] if heard else []
    return JSONResponse(
        {
            "heard": _shown(heard, named),
            "same": near,
            "tokens": [list(span) for span in understood.get("tokens", ())],
            "spans": list(_spans(understood)),
        }
    )


def _shown(heard: list[tuple[str, float]], named: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"label": key, "name": named[key].name, "sure": round(100 * sure)} for key, sure in heard]


def _spans(understood: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the words name, as the pipeline sees it now: (start, end, what it is called)."""
    for entity in understood.get("entities", ()):
        kind = f"word/{entity['entity']}"
        name = KINDS[kind].name if kind in KINDS else BY_RULE.get(entity["entity"])
        if name:
            yield {"start": entity["start"], "end": entity["end"], "name": name}


def _heard(visit: Visit, ear: Understand, text: str) -> tuple[list[tuple[str, float]], Mapping[str, Any]]:
    if not text.strip():
        return [], {}
    understood = from_thread.run(ear, text)
    return room_of(visit).guesses(understood), understood


TEACH_PAGES = (
    Page(TRAINING + "/teach", "GET", "phrasebook", "see", teach),
    Page(TRAINING + "/teach", "POST", "phrasebook", "propose", propose),
    Page(TRAINING + "/hear", "GET", "phrasebook", "see", hear, by_hand=False),
)
