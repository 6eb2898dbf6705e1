"""Pages of the training console about releases: train, watch, compare, publish, go back.

Called by `review`, which checks who may; who may publish what, `workshop` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from bot import knowledge
from bot.lessons import NotTaught
from bot.releases import GUARDED, KEPT, NotReleased, right_of, why_not
from bot.store_releases import Release
from bot.web.review_visit import NotHere, Page, Visit, back
from bot.web.training import TRAINING, page_number, room_of, show
from bot.workshop import Workshop

RELEASES = TRAINING + "/releases"
#: Releases on a page; changed texts that are shown; shades of a cell of the confusion matrix.
PAGE, MOST_CHANGED, SHADES = 20, 200, 5
FIGURES = (
    ("types", "six_accuracy", "大类（六分）对的"),
    ("types", "fifteen_accuracy", "十五类对的"),
    ("types", "in_three", "对的在前三个里"),
    ("reading", "exact", "钱、日期、地点都读对"),
    ("routing", "right", "该去哪家调委会"),
)


def _shop(visit: Visit) -> Workshop:
    return room_of(visit).workshop


def _found(visit: Visit) -> Release:
    number = visit.path("release")
    found = _shop(visit).release(int(number)) if number.isdigit() and len(number) < 10 else None
    if found is None:
        raise NotHere
    return found


# —— the list ——


def releases(visit: Visit) -> Response:
    """What is live, what runs, and every release before."""
    return _releases(visit)


def _releases(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    shop, number = _shop(visit), page_number(visit)
    told = shop.releases(number, PAGE + 1)
    return show(
        visit, "releases.html", status, told=told[:PAGE], live=shop.publishing.live(), running=shop.under_way(), kept=KEPT,
        behind=shop.behind(), fresh=len(shop.new_lessons()), broken=room_of(visit).book.broken(), trouble=trouble,
        done=visit.query.get("done", ""), onward=number + 1 if len(told) > PAGE else 0, verdict=verdict,
    )  # fmt: skip


def train(visit: Visit) -> Response:
    """Start a training."""
    try:
        number = _shop(visit).train(visit.account, visit.form.get("crossed") == "yes")
    except NotReleased as error:
        return _releases(visit, 409, str(error))
    return back(f"{RELEASES}/{number}")


def verdict(release: Release) -> str:
    """What the gate says: `holds`, `objects`, or nothing while there are no figures."""
    figures = release.figures or {}
    if "objections" not in figures:
        return ""
    return "objects" if figures["objections"] else "holds"


# —— one release ——


def release(visit: Visit) -> Response:
    """How far a training is, or what came of it beside the live model."""
    return _release(visit)


def _release(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    shop, one = _shop(visit), _found(visit)
    figures, result = one.figures or {}, shop.left_by(one).result() or {}
    before, after = figures.get("before") or {}, figures.get("after") or {}
    changed = result.get("changed", ())
    return show(
        visit, "release.html", status, one=one, progress=shop.progress(one), verdict=verdict(one),
        objections=figures.get("objections", ()), whole=list(_whole(before, after)), types=list(_types(before, after)),
        matrix=_matrix(before.get("types"), after.get("types")), safety=list(_safety(before, after)),
        changed=changed[:MOST_CHANGED], many_changed=len(changed), short=_short(), cross=result.get("cross"),
        replays=_replays(before, after), told=figures, acts=shop.acts(one.id), trouble=trouble,
        current=one.state == "ready" and shop.publishing.compared_with_live(one), live=shop.publishing.live(),
        why_not=why_not(visit.account.id, one.author_id, one.proposers), why=visit.form.get("why", "")[:300],
        done=visit.query.get("done", ""), differing=_differing(visit, one),
    )  # fmt: skip


def _differing(visit: Visit, one: Release) -> list[str]:
    """Files of the language that are not as they were when a release was trained that is or was live."""
    room = room_of(visit)
    files = room.workshop.left_by(one).language() if one.state in ("published", "kept") else None
    return [patch.file for patch in room.book.towards(files)] if files else []


def _short() -> dict[str, str]:
    """Short names of the types."""
    matters = knowledge.taxonomy().matters
    return {key: matters[key].short for key in _keys()}


def _keys() -> list[str]:
    known = list(knowledge.taxonomy().types)
    return [*(key for key in GUARDED if key in known), *(key for key in known if key not in GUARDED)]


def _whole(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for task, figure, name in FIGURES:
        now = (after.get(task) or {}).get(figure)
        if now is not None:
            was = (before.get(task) or {}).get(figure)
            yield {"name": name, "was": was, "now": now, "many": after[task]["n"]}


def _types(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each type that the sets hold: recall by counts, precision by shares."""
    for key in _keys():
        now, many = right_of(after.get("types"), key)
        if many:
            was, known = right_of(before.get("types"), key)
            shares = [(side.get("types") or {}).get("per_type", {}).get(key, {}) for side in (before, after)]
            yield {
                "key": key, "focus": key in GUARDED, "many": many, "was": was if known else None, "now": now,
                "sure_was": shares[0].get("precision"), "sure_now": shares[1].get("precision"),
            }  # fmt: skip


def _matrix(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """The confusion matrix: rows are what a text is, columns what it was taken for; `shade` is the row's share."""
    now, was = ((side or {}).get("confusion") or {} for side in (after, before))
    taken = {answer for row in now.values() for answer in row}
    keys = [key for key in _keys() if key in now or key in taken]
    rows = []
    for gold in (key for key in keys if key in now):
        whole = sum(now[gold].values())
        cells = []
        for answer in keys:
            count, earlier = now[gold].get(answer, 0), was.get(gold, {}).get(answer, 0)
            shade = -(-count * SHADES // whole)
            cells.append({"count": count, "was": earlier if was else count, "shade": shade, "right": gold == answer})
        rows.append({"key": gold, "cells": cells})
    return {"keys": keys, "rows": rows}


def _safety(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, now in (after.get("safety") or {}).items():
        was = (before.get("safety") or {}).get(name)
        yield {"name": name, "now": _heard(now), "was": _heard(was) if was else None, "wrong": _wrong(now),
               "wrong_was": _wrong(was) if was else None}  # fmt: skip


def _heard(figures: Mapping[str, Any]) -> tuple[int, int]:
    right = sum(one["right"] for one in figures["signs"].values())
    return right, right + sum(one["missed"] for one in figures["signs"].values())


def _wrong(figures: Mapping[str, Any]) -> int:
    return sum(one["wrong"] for one in figures["signs"].values())


def _replays(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """How many conversations were led, and which went otherwise than with the live model."""
    was, now = before.get("replays") or {}, after.get("replays") or {}

    def named(names: Sequence[str], side: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(name.partition("::")[2] or name, side[name]) for name in names]

    broken = [name for name in now if now[name] and name in was and not was[name]]
    mended = [name for name in now if not now[name] and was.get(name)]
    still = [name for name in now if now[name] and name not in broken]
    return {"many": len(now), "right": sum(not wrong for wrong in now.values()), "broken": named(broken, now),
            "mended": named(mended, was), "still": named(still, now)}  # fmt: skip


def progress(visit: Visit) -> Response:
    """How far a training is: asked by the page itself."""
    return JSONResponse(_shop(visit).progress(_found(visit)))


def stop(visit: Visit) -> Response:
    """Stop a training."""
    return _done(visit, "stopped", lambda shop, one: shop.stop(visit.account, one.id))


def publish(visit: Visit) -> Response:
    """Make it the live model."""
    why = visit.form.get("why", "")
    return _done(visit, "published", lambda shop, one: shop.publishing.publish(visit.account, one.id, why))


def restore(visit: Visit) -> Response:
    """Propose that the examples become again what they were when it was trained."""
    room, one = room_of(visit), _found(visit)
    files = room.workshop.left_by(one).language()
    try:
        if files is None:
            raise NotTaught("这一版的例子没有留着，恢复不了。")
        room.lessons.propose_restore(visit.account, f"第 {one.id} 版", files, visit.form.get("reason", ""))
    except NotTaught as error:
        return _release(visit, 409, str(error))
    return back(f"{TRAINING}/lessons?done=proposed")


def roll_back(visit: Visit) -> Response:
    """Go back to it."""
    return _done(visit, "rolled_back", lambda shop, one: shop.publishing.roll_back(visit.account, one.id))


def _done(visit: Visit, done: str, act: Callable[[Workshop, Release], None]) -> Response:
    one = _found(visit)
    try:
        act(_shop(visit), one)
    except NotReleased as error:
        return _release(visit, 409, str(error))
    return back(f"{RELEASES}/{one.id}?done={done}")


_ONE = RELEASES + "/{release}"
RELEASE_PAGES = (
    Page(RELEASES, "GET", "releases", "see", releases),
    Page(RELEASES, "POST", "releases", "train", train),
    Page(_ONE, "GET", "releases", "see", release),
    Page(_ONE + "/progress", "GET", "releases", "see", progress, by_hand=False),
    Page(_ONE + "/stop", "POST", "releases", "stop", stop),
    Page(_ONE + "/publish", "POST", "releases", "publish", publish),
    Page(_ONE + "/restore", "POST", "releases", "restore", restore),
    Page(_ONE + "/roll-back", "POST", "releases", "roll_back", roll_back),
)
