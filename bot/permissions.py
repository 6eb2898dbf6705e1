"""Who may do what in the console: role × page × act as data, and which cases are within somebody's scope.

The one place for both. Every route of the console names its page and act (`bot/web/review.py`), the templates ask the
same table which buttons to draw, and a test walks it cell by cell through HTTP. Pure: knows neither web nor database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Roles as they are stored, and as people read them.
ROLES: Mapping[str, str] = {
    "clerk": "登记员",
    "mediator": "调解员",
    "head": "调委会负责人",
    "supervisor": "指导员（县、市）",
    "trainer": "训练员",
    "admin": "管理员",
}
_ALL = frozenset(ROLES)
_READERS = frozenset({"clerk", "mediator", "head", "supervisor"})
_WORKERS = frozenset({"clerk", "mediator", "head"})
_MEDIATORS = frozenset({"mediator", "head"})
_TRAINERS = frozenset({"trainer"})

#: page → act → roles. A supervisor looks and does not act: committees have no chain of command (人民调解法 8, 34).
#: An administrator keeps accounts and sees no case; a trainer works in the training console.
PERMISSIONS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "help": {"see": _ALL},
    "me": {"see": _ALL, "change_password": _ALL, "second_factor": _ALL, "sign_out": _ALL},
    "queue": {"see": _READERS, "export": _READERS},
    "case": {
        "see": _READERS,
        "accept": _WORKERS,
        "assign": frozenset({"clerk", "head"}),
        "take": _MEDIATORS,
        "note": _WORKERS,
        "edit": _WORKERS,
        "unmask": _READERS,
        "retype": _WORKERS,
        # A clerk takes in, asks, appoints and follows up; what decides a case is a mediator's.
        "ask": _WORKERS,
        "answer": _WORKERS,
        "recall": _WORKERS,
        "appoint": _WORKERS,
        "cancel": _WORKERS,
        "give_up": _WORKERS,
        "perform": _WORKERS,
        "confirm": _WORKERS,
        "visit": _WORKERS,
        "close": _WORKERS,
        "refuse": _MEDIATORS,
        "offer": _MEDIATORS,
        "transfer": _MEDIATORS,
        "decline": _MEDIATORS,
        "meet": _MEDIATORS,
        "agree": _MEDIATORS,
        "fail": _MEDIATORS,
        "end": _MEDIATORS,
        "reopen": _MEDIATORS,
    },
    # Paper leaves the house: a supervisor reads it on the screen, those who work on the case take it along.
    "papers": {"see": _READERS, "print": _READERS, "word": _WORKERS, "pack": _WORKERS},
    "view": {"keep": _READERS, "drop": _READERS},
    "reply": {"see": _WORKERS, "keep": _MEDIATORS, "drop": _MEDIATORS},
    "statistics": {"see": _READERS, "csv": _READERS},
    # A talk that may not be filed yet: only those who can answer look into it.
    "talk": {
        "see": _WORKERS,
        "take": _MEDIATORS,
        "say": _MEDIATORS,
        "hand_back": _MEDIATORS,
        "dismiss": _WORKERS,
        "enter": _MEDIATORS,
    },
    "staff": {"see": frozenset({"admin"})},
    "upkeep": {"see": frozenset({"admin"})},
    # Who decides is another person than who proposed: `bot/lessons.py` sees to it.
    "inbox": {"see": _TRAINERS, "dismiss": _TRAINERS, "replay": _TRAINERS},
    "phrasebook": {"see": _TRAINERS, "propose": _TRAINERS, "export": _TRAINERS},
    # Who publishes is another person than who trained: `bot/releases.py` sees to it. Going back is anybody's.
    "releases": {
        "see": _TRAINERS,
        "train": _TRAINERS,
        "stop": _TRAINERS,
        "publish": _TRAINERS,
        "roll_back": _TRAINERS,
        "restore": _TRAINERS,
    },
    "wording": {"see": _TRAINERS, "propose": _TRAINERS},
    "new_type": {"see": _TRAINERS, "propose": _TRAINERS},
    "lessons": {"see": _TRAINERS, "decide": _TRAINERS, "withdraw": _TRAINERS, "undo": _TRAINERS},
}


#: What is covered for a role on a list, and on the page of a case that is not given to her. Whoever has the case sees
#: it whole; so does, for a while, who said why (`case`, `unmask`). In danger nobody who helps has to ask first.
COVERED: Mapping[str, frozenset[str]] = {
    "supervisor": frozenset({"names", "contacts"}),
    "clerk": frozenset({"contacts"}),
    "mediator": frozenset({"contacts"}),
    "head": frozenset({"contacts"}),
}
DANGEROUS = frozenset({"red", "orange"})


def covered(role: str, colour: str = "", hers: bool = False) -> frozenset[str]:
    """Kinds of personal data (`bot.intake.masks`) that a role does not see. `hers`: the case is given to her."""
    if hers or (role in _WORKERS and colour in DANGEROUS):
        return frozenset()
    return COVERED.get(role, frozenset({"names", "contacts"}))


def may(role: str, page: str, act: str) -> bool:
    """Whether a role may do an act on a page. Unknown pages and acts are nobody's."""
    return role in PERMISSIONS.get(page, {}).get(act, frozenset())


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases somebody sees: those of one committee, and those of committees and places at or below an area.

    `body` is an id of the directory, `area` a slash path ("浙江省/湖州市"); either may be empty. Both empty: nothing.
    """

    body: str | None = None
    area: str | None = None

    def covers(self, body: str | None, area: str | None) -> bool:
        """Whether a case of committee `body`, whose ground (or, without a committee, place) is `area`, is within."""
        if self.body and body == self.body:
            return True
        return bool(self.area) and below(area or "", self.area or "")


def below(path: str, area: str) -> bool:
    """Whether a slash path is `area` or lies under it, step by step: 湖州市 does not contain 湖州市区.

    >>> below("浙江省/湖州市/南浔区", "浙江省/湖州市"), below("浙江省/湖州市区", "浙江省/湖州市")
    (True, False)
    """
    return path == area or path.startswith(f"{area}/")
