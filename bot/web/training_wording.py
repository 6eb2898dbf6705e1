"""Pages of wording: what the desk says, the rule cards it stands on, and the wizard for a new type of dispute.

Changes are proposed here and decided with all others under 等人看的. Called by `review`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from bot import knowledge
from bot.lessons import NotTaught
from bot.new_types import LEAST, MOST_BESIDE, MOST_QUESTIONS, WELL, Offered
from bot.phrasebook import BrokenFile, Unfit
from bot.web.review_visit import NotHere, Page, Refused, Visit, back
from bot.web.training import TRAINING, room_of, show
from bot.wordings import BRACES, LONGEST, fields_of, fit, named, of_saying, of_variant

WORDING = TRAINING + "/wording"
CARDS = TRAINING + "/cards"
NEW_TYPE = TRAINING + "/new-type"
SOON = "同意了马上就这么说，不用重新训练，不用重开。"
AT_ONCE = "同意了马上照新的办，不用重开：正在说话的人从下一句起照新的，已经登记的不变。"


# —— what the desk says ——


def wording(visit: Visit) -> Response:
    """All answers by their headings, or those that hold some words."""
    sayings, words, group = room_of(visit).sayings, visit.query.get("q", "")[:60], visit.query.get("group", "")[:60]
    try:
        everything = sayings.all()
        found = sayings.search(words) if words else [one for one in everything if group and one.group == group]
    except BrokenFile as error:
        raise Refused(f"{error}。改好它，这一页才打得开；前台还在用原来的话。", 409) from error
    groups: dict[str, int] = {}
    for one in everything:
        groups[one.group] = groups.get(one.group, 0) + 1
    return show(visit, "wording.html", q=words, group=group, told=found, groups_of=groups, title=_titles(visit))


def _readable(visit: Visit, error: Exception) -> str:
    """What the check says, with answers called as on their page instead of by their names in the files."""
    title, sayings = _titles(visit), room_of(visit).sayings

    def named(match: re.Match[str]) -> str:
        one = sayings.find(match.group()) if not (told := title(match.group())) else None
        return f"“{told}”" if told else f"“{one.group}”里的一句（{match.group()}）" if one else match.group()

    return re.sub(r"utter_[a-z_]+(?:/[a-z_]+)?", named, str(error))


def _titles(visit: Visit) -> Any:
    """What a response is called: the fact it asks, the question it answers."""
    labels, facts = room_of(visit).labels.all(), knowledge.taxonomy().facts

    def title(name: str) -> str:
        bare = name.removeprefix("utter_")
        if bare in labels:
            return labels[bare].name
        asked = bare.removeprefix("ask_")
        return f"问：{facts[asked].label}" if bare != asked and asked in facts else ""

    return title


def saying(visit: Visit) -> Response:
    """One answer with its variants, to be changed."""
    return _saying(visit)


def _name(visit: Visit) -> str:
    return visit.path("name").replace("~", "/")


def _saying(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    room = room_of(visit)
    try:
        one, cards = room.sayings.find(_name(visit)), room.cards.all()
    except BrokenFile as error:
        raise Refused(f"{error}。改好它，这一页才打得开；前台还在用原来的话。", 409) from error
    if one is None:
        raise NotHere
    filled = knowledge.wording_examples()
    return show(
        visit, "saying.html", status, one=one, title=_titles(visit), cards=cards, trouble=trouble,
        typed=visit.form, shown=lambda text: filled_in(text, filled), longest=LONGEST, soon=SOON,
        dates={card["id"]: card for card in cards}, braces=lambda text: sorted(set(BRACES.findall(text))),
    )  # fmt: skip


def filled_in(text: str, examples: dict[str, str]) -> str:
    """A wording as a citizen would read it, its braces filled with invented words."""
    return BRACES.sub(lambda match: str(examples.get(match.group(1), match.group())), text)


def preview(visit: Visit) -> Response:
    """How a wording would look, asked while somebody types."""
    text, old = visit.query.get("text", "")[: 2 * LONGEST], visit.query.get("old", "")[: 2 * LONGEST]
    try:
        return JSONResponse({"shown": filled_in(fit(text, old), knowledge.wording_examples()), "trouble": ""})
    except Unfit as error:
        return JSONResponse({"shown": filled_in(text, knowledge.wording_examples()), "trouble": str(error)})


def change_saying(visit: Visit) -> Response:
    """Propose other words for a variant, or other cards that it stands on."""
    room, form = room_of(visit), visit.form
    one = room.sayings.find(_name(visit))
    number = form.get("number", "")
    if one is None or not number.isdigit() or int(number) >= len(one.variants):
        raise NotHere
    variant = one.variants[int(number)]
    rules = [name[5:] for name in form if name.startswith("rule-")]
    was = {"text": variant.text, "rules": None if variant.rules is None else list(variant.rules)}
    ordered = [*(r for r in variant.rules or () if r in rules), *(r for r in rules if r not in (variant.rules or ()))]
    try:
        text = fit(form.get("text", ""), variant.text)
        now = {"text": text, "rules": ordered if ordered or variant.rules is not None else None}
        _proposed(visit, "wording", of_variant(one.name, int(number)), now, was)
    except (NotTaught, Unfit) as error:
        return _saying(visit, 422, _readable(visit, error))
    return back(f"{TRAINING}/lessons?done=proposed")


def _proposed(visit: Visit, kind: str, label: str, now: Any, was: Any) -> None:
    text, old = (json.dumps(one, ensure_ascii=False) for one in (now, was))
    room_of(visit).lessons.propose_change(visit.account, kind, label, text, old, visit.form.get("reason", ""))


# —— rule cards ——


def cards(visit: Visit) -> Response:
    """All rule cards with their dates."""
    try:
        told = room_of(visit).cards.all()
    except BrokenFile as error:
        raise Refused(f"{error}。改好它，这一页才打得开；前台还在用原来的规则卡。", 409) from error
    return show(visit, "cards.html", told=told)


def card(visit: Visit) -> Response:
    """One card, to be changed."""
    return _card(visit)


def _card(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    room = room_of(visit)
    one = room.cards.find(visit.path("card"))
    if one is None:
        raise NotHere
    standing = fields_of(one)
    standing_on = room.cards.standing_on(one["id"])
    return show(
        visit, "card.html", status, one=one, standing=standing, named=named, typed=visit.form, trouble=trouble,
        said=[(of_saying(s.name, n), s, s.variants[n].text) for s, n in standing_on], longest=LONGEST,
        title=_titles(visit), soon=AT_ONCE,
    )  # fmt: skip


def change_card(visit: Visit) -> Response:
    """Propose other words, dates, sources or figures of a card."""
    one = room_of(visit).cards.find(visit.path("card"))
    if one is None:
        raise NotHere
    standing = fields_of(one)
    now = {key: " ".join(visit.form.get(key, "").split()) for key in standing if key in visit.form}
    changed = {key: told for key, told in now.items() if told != standing[key]}
    for saying, number in room_of(visit).cards.standing_on(one["id"]):
        key, text = of_saying(saying.name, number), saying.variants[number].text
        if (told := visit.form.get(key, text).replace("\r", "").strip()) != text.strip():
            changed[key], standing[key] = told, text
    try:
        _proposed(visit, "card", one["id"], changed, {key: standing[key] for key in changed})
    except NotTaught as error:
        return _card(visit, 422, _readable(visit, error))
    return back(f"{TRAINING}/lessons?done=proposed")


# —— a new type ——


def new_type(visit: Visit) -> Response:
    """The wizard."""
    return _new_type(visit)


def _new_type(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    room = room_of(visit)
    asked = _questions(visit.form) or [["place", "counterpart"]]
    offered = room.types.offered()
    groups: dict[str, list[Offered]] = {"": []}  # what many types ask comes first
    for one in offered:
        groups.setdefault(one.group, []).append(one)
    return show(
        visit, "new_type.html", status, typed=visit.form, asked=asked, offered=offered, of_groups=groups, least=LEAST,
        well=WELL, rows=MOST_QUESTIONS, beside=MOST_BESIDE, trouble=trouble, cards=room.cards.all(),
        written=len(re.findall(r"\S[^\n]*", visit.form.get("examples", ""))),
    )  # fmt: skip


def _questions(form: Mapping[str, str]) -> list[list[str]]:
    """The questions as they were put together: in each row the first, and what is asked in the same breath."""
    questions = []
    for row in range(MOST_QUESTIONS):
        first, places = form.get(f"ask{row}", ""), [f"{row}-{n}" for n in range(MOST_BESIDE)]
        named = [(form.get(f"beside{place}", ""), form.get(f"loose{place}")) for place in places]
        question = [first, *(f"+{fact}" if loose else fact for fact, loose in named if fact)]
        if any(question):
            questions.append(question)
    return questions


def propose_type(visit: Visit) -> Response:
    """Propose a new type: it is tried as a whole before anybody sees it."""
    room, form = room_of(visit), visit.form
    rules = "\n".join(name[5:] for name in form if name.startswith("rule-"))
    if form.get("looked") != "yes":
        return _new_type(visit, 422, "请先看一遍例子里有没有真名、电话、住址，看过了在下面打个钩。")
    try:
        questions = _questions(form)
        if any(not first for first, *_ in questions):
            raise Unfit("有一行只选了“一口气带上”的，前面“先问”还空着。")
        text = room.types.said({**form, "rules": rules}, questions)
        key = json.loads(text)["key"]
        room.lessons.propose_change(visit.account, "type", key, text, "", form.get("reason", ""))
    except (NotTaught, Unfit) as error:
        return _new_type(visit, 422, _readable(visit, error))
    return back(f"{TRAINING}/lessons?done=proposed")


PAGES = (
    Page(WORDING, "GET", "wording", "see", wording),
    Page(WORDING + "/preview", "GET", "wording", "see", preview, by_hand=False),
    Page(WORDING + "/{name}", "GET", "wording", "see", saying),
    Page(WORDING + "/{name}", "POST", "wording", "propose", change_saying),
    Page(CARDS, "GET", "wording", "see", cards),
    Page(CARDS + "/{card}", "GET", "wording", "see", card),
    Page(CARDS + "/{card}", "POST", "wording", "propose", change_card),
    Page(NEW_TYPE, "GET", "new_type", "see", new_type),
    Page(NEW_TYPE, "POST", "new_type", "propose", propose_type),
)
