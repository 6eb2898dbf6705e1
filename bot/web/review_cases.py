"""Pages of the console about cases: the queue, one case, the first acts on it.

Called by `review`, which checks who may; what is within her scope, the desk decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from bot import knowledge
from bot.casework import SOON, Listing, NoCase, Opened
from bot.intake.case_papers import told_by_her
from bot.intake.cases import ACTS, GROUPS, OTHER_ACTS, STATUSES, lawful_acts
from bot.intake.masks import STAR
from bot.intake.risk import COLOURS
from bot.intake.sources import SIGNS
from bot.intake.tallies import LEVELS, MEASURES
from bot.permissions import ROLES
from bot.shelf import WORDS
from bot.statistics import MONTH
from bot.store_queue import Wanted
from bot.store_tallies import Counted
from bot.web.review_visit import NotHere, Page, Visit

QUEUE = "/review/cases"
ONE = QUEUE + "/{receipt}"
#: What a mediator most likely does next: the first that is lawful stands out. When a session is appointed, it is held.
FIRST = ("accept", "appoint", "agree", "perform", "close")
FIRST_THEN = ("meet", *FIRST)
COLOUR_NAMES = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝", "green": "绿"}
#: Rule cards of a case with an agreement: judicial confirmation, and what it is not for.
AGREED_RULES = ("R11", "R13")
#: Choices of “没人理的”: days without an answer.
WAITING = {"0": "还没人理", "1": "一天以上没人理", "3": "三天以上没人理"}
#: Filters as they stand in the address, with the longest text of each.
FILTERS = {
    "type": 32,
    "status": 16,
    "colour": 8,
    "area": 200,
    "group": 16,
    "waiting": 2,
    "overdue": 1,
    "ending": 1,
    "mine": 1,
    "q": 60,
    # From a number of the statistics to its cases.
    "figure": 16,
    "since": 7,
    "until": 7,
    "level": 8,
    "body": 64,
}


def queue(visit: Visit) -> Response:
    """The queue, or only its list when the page asks for it again (`part=list`)."""
    chosen = chosen_in(visit.query)
    wanted = wanted_by(visit, chosen)
    listing = visit.desk.cases.queue(visit.account, wanted, _after(visit.query.get("after", "")))
    first = [] if any(chosen.values()) or visit.query.get("after") else visit.desk.cases.first_to_see(visit.account)
    calls = visit.desk.floor.calls(visit.account) if visit.may("talk", "see") and not visit.query.get("after") else []
    newest, _ = visit.desk.cases.newest(visit.account)
    taxonomy = knowledge.taxonomy()
    now = datetime.now()
    return visit.show(
        "cases_list.html" if visit.query.get("part") == "list" else "cases.html",
        listing=listing,
        first=first,
        calls=calls,
        newest=newest,
        now=now,
        chosen=chosen,
        behind=_behind(chosen),
        exported=urlencode({key: value for key, value in chosen.items() if value}),
        onward=_onward(chosen, listing),
        tallies=_tallies(listing, chosen),
        types={key: taxonomy.matters[key].short for key in taxonomy.types},
        areas=visit.desk.cases.areas(visit.account, chosen["area"]),
        statuses=STATUSES,
        colours=COLOUR_NAMES,
        groups=GROUPS,
        waiting=WAITING,
        views=visit.desk.shelf.views(visit.account),
        query=urlencode({key: value for key, value in chosen.items() if value and key != WORDS}),
    )


def chosen_in(query: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address, each cut to its longest."""
    return {name: query.get(name, "").strip()[:longest] for name, longest in FILTERS.items()}


def wanted_by(visit: Visit, chosen: Mapping[str, str]) -> Wanted:
    """What the list is narrowed to."""
    now, waiting = datetime.now(), chosen["waiting"]
    return Wanted(
        type=chosen["type"] or None,
        status=chosen["status"] or None,
        colour=chosen["colour"] or None,
        area=chosen["area"] or None,
        group=chosen["group"] or None,
        mediator=visit.account.id if chosen["mine"] else None,
        overdue_at=now if chosen["overdue"] else None,
        ending=(now, now + SOON) if chosen["ending"] else None,
        waiting_before=now - timedelta(days=int(waiting)) if waiting in WAITING else None,
        words=chosen["q"],
        counted=_counted(chosen),
    )


def _counted(chosen: Mapping[str, str]) -> Counted | None:
    figure, since, until, level, body = (chosen[name] or None for name in ("figure", "since", "until", "level", "body"))
    since, until = (month if month and MONTH.fullmatch(month) else None for month in (since, until))
    narrowed = Counted(figure, since, until, level, body)
    return narrowed if narrowed != Counted() else None


def _behind(chosen: Mapping[str, str]) -> str:
    """Which number of the statistics the list stands behind, in words; empty when it is not one."""
    if _counted(chosen) is None:
        return ""
    since, until = chosen["since"], chosen["until"]
    told = [f"{since} 到 {until} 登记的" if since != until else f"{since} 登记的"] if since and until else []
    told += [f"{LEVELS[chosen['level']]}调委会的"] if chosen["level"] in LEVELS else []
    told += ["这一家调委会的"] if chosen["body"] else []
    told += [MEASURES[chosen["figure"]][0]] if chosen["figure"] in MEASURES else []
    return "，".join(told)


def _after(text: str) -> tuple[datetime, int] | None:
    at, _, id_ = text.partition("_")
    try:
        return datetime.fromisoformat(at), int(id_)
    except ValueError:
        return None


def _onward(chosen: Mapping[str, str], listing: Listing) -> str | None:
    if listing.after is None:
        return None
    at, id_ = listing.after
    return _address(chosen, after=f"{at.isoformat()}_{id_}")


def _address(chosen: Mapping[str, str], **more: str) -> str:
    kept = {key: value for key, value in {**chosen, **more}.items() if value}
    return f"{QUEUE}?{urlencode(kept)}" if kept else QUEUE


def _tallies(listing: Listing, chosen: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """Counts above the list as (name, how many, address that narrows to them)."""
    by_status = dict.fromkeys(STATUSES, 0)
    by_colour = dict.fromkeys(COLOURS, 0)
    unanswered = overdue = 0
    for (status, colour, waits, late), many in listing.counts.items():
        by_status[status] = by_status.get(status, 0) + many
        by_colour[colour] = by_colour.get(colour, 0) + many
        unanswered += many if waits else 0
        overdue += many if late else 0
    found = [("还没人理", unanswered, _address(chosen, waiting="0"))]
    found += [("过了期限", overdue, _address(chosen, overdue="1"))] if overdue else []
    found += [("七天内有到期的", listing.ending, _address(chosen, ending="1"))] if listing.ending else []
    found += [(STATUSES.get(s, s), n, _address(chosen, status=s)) for s, n in by_status.items() if n]
    found += [(COLOUR_NAMES[c], by_colour[c], _address(chosen, colour=c)) for c in reversed(COLOURS) if by_colour[c]]
    return found


def pulse(visit: Visit) -> Response:
    """What happened since the page was drawn: asked every few seconds, so it is small and keeps nobody signed in."""
    since = visit.query.get("since", "")
    try:
        newest, moved = visit.desk.cases.newest(visit.account, since)
    except ValueError:
        newest, moved = visit.desk.cases.newest(visit.account)
    danger = [case.receipt for case in visit.desk.cases.first_to_see(visit.account)]
    if newest and not since:
        moved = 1  # the list was empty when it was drawn
    calls = visit.desk.floor.calls(visit.account) if visit.may("talk", "see") else []
    waiting = [call.id for call in calls if call.taken_by is None]
    told = {"newest": newest, "moved": moved, "danger": danger, "calls": waiting}
    return JSONResponse(told)


def case(visit: Visit) -> Response:
    """One case: record beside talk."""
    return case_page(visit, visit.path("receipt"))


def case_page(visit: Visit, receipt: str, status: int = 200, trouble: str = "", refused: str = "") -> Response:
    """The page of a case; `refused`: the act whose form stays open, with what she typed."""
    older = visit.query.get("before", "")
    try:
        before = int(older) if older.isdigit() and len(older) < 10 else None
        opened = visit.desk.cases.open(visit.account, receipt, before)
    except NoCase as error:
        raise NotHere from error
    cards = knowledge.rules()
    lawful = [name for name in lawful_acts(opened.course.standing(opened.document)) if visit.may("case", name)]
    doing = refused or visit.query.get("do", "")
    assigning = visit.may("case", "assign") and "assign" in lawful
    taxonomy = knowledge.taxonomy()
    followed = AGREED_RULES if opened.course.agreement else ()
    return visit.show(
        "case.html",
        status,
        opened=opened,
        case=opened.case,
        document=opened.document,
        trouble=trouble,
        kept=visit.form,
        editing=visit.query.get("edit", "") or visit.form.get("fact", ""),
        doing=doing if doing in lawful else "",
        now=datetime.now(),
        cards=[cards[rule] for rule in dict.fromkeys((*followed, *opened.document["rules"])) if rule in cards],
        people=visit.desk.cases.mediators(visit.account, receipt) if assigning else [],
        bodies=visit.desk.cases.elsewhere(visit.account, receipt) if doing == "offer" and "offer" in lawful else [],
        matters={key: one.name for key, one in taxonomy.matters.items() if one.type != "not_a_dispute"},
        choices=visit.desk.cases.choices,
        lawful=lawful,
        first=next((act for act in (FIRST_THEN if opened.course.session else FIRST) if act in lawful), ""),
        telling=_telling(opened) if doing == "agree" else "",
        labels={"type": "纠纷类型", "mediator": "调解员", **{row.key: row.label for row in opened.rows}},
        act_names={**{name: act.shown for name, act in ACTS.items()}, **OTHER_ACTS},
        statuses=STATUSES,
        colours=COLOUR_NAMES,
        groups=GROUPS,
        staff_roles=ROLES,
        signs=SIGNS,
        done=visit.query.get("done", "") if not trouble else "",
        told=visit.query.get("told", ""),
    )


def _telling(opened: Opened) -> str:
    """What the form of an agreement offers as its facts; nothing while part of it is covered: stars are no paper."""
    told = told_by_her(opened.document)
    return "" if STAR in told else told


def warnings(visit: Visit) -> Response:
    """The list of warnings alone, read on: the page of a long talk asks for it until all is compared."""
    try:
        found = visit.desk.cases.warnings(visit.account, visit.path("receipt"))
    except NoCase as error:
        raise NotHere from error
    return visit.show("case_warnings.html", warnings=found)


PAGES = (
    Page(QUEUE, "GET", "queue", "see", queue),
    Page("/review/pulse", "GET", "queue", "see", pulse, by_hand=False),
    Page(ONE, "GET", "case", "see", case),
    Page(ONE + "/warnings", "GET", "case", "see", warnings, by_hand=False),
)
