"""What is covered of a case for whom it is not: names, telephone numbers, homes, identity numbers, wherever they stand.

Pure. A veil knows the names and homes of one record and covers them in any text about it: a line of the list, a fact,
a bubble, a note. Which role sees what covered is in `permissions`. Called by `casework`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from bot.intake.names import named_kind
from bot.intake.reading.identity import cover_identity
from bot.intake.reading.surnames import COMPOUND_SURNAMES, NOT_NAMES, SINGLE_SURNAMES

#: Kinds of what may be covered.
NAMES, CONTACTS = "names", "contacts"
#: Facts that are a name, and those that say how or where somebody is reached.
NAME_FACTS = ("applicant_name", "helper_name", "counterpart", "crew_boss", "patient")
HOME_FACTS = ("address", "applicant_details", "safe_contact")
#: Told of the other side too: 夫 and 妻 are no names.
SHORTEST_NAME = 2
STAR = "*"
#: Parts of a record that are the desk's own knowledge, public: a committee's telephone is for everybody.
PUBLIC = frozenset({"committee", "clocks", "rules", "routing_reasons", "receipt", "spec"})
Whole = TypeVar("Whole")

#: Somebody named in a telling and in no party of the record: 老板周建业, 我叫李小梅. What cannot end a given name ends it.
_CALLED = "老板|包工头|工头|房东|房客|邻居|楼上|楼下|丈夫|妻子|老公|老婆|前夫|前妻|儿子|女儿|经理|医生|大夫|主任|我叫|名叫|叫|我是|姓名是"
_ENDS = "欠不没说把的是和跟在就又总还给要让去来找也都拿打骂有他她我你们了"
_TOLD = re.compile(
    rf"({_CALLED})((?:{'|'.join(sorted(COMPOUND_SURNAMES))})|[{''.join(sorted(SINGLE_SURNAMES))}])((?![{_ENDS}])[\u4e00-\u9fff](?:(?![{_ENDS}])[\u4e00-\u9fff])?)"
)
_FIGURE = re.compile(r"\d")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)")
#: Two steps of a house number in a row, or a room: one alone may be a day ("3号").
_HOUSE = re.compile(r"(?:\d{1,5}(?:号楼|号院|号|栋|幢|座|单元|弄|室)){2,}|(?<!\d)\d{1,5}(?:室|单元)")


class Veil:
    """Covers names and contacts, or either, or nothing, in texts about one record."""

    def __init__(self, covered: Collection[str], names: Iterable[str] = (), homes: Iterable[str] = ()) -> None:
        """`names` of people (organisations are public), `homes` as they were said."""
        self.covered = frozenset(covered)
        known = {name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}
        # The longest first: 李小梅 before 李小.
        self._names = sorted(known, key=len, reverse=True) if NAMES in self.covered else []
        homes = {home.strip() for home in homes if len(home.strip()) >= SHORTEST_NAME}
        self._homes = sorted(homes, key=len, reverse=True) if CONTACTS in self.covered else []

    @classmethod
    def of(cls, document: Mapping[str, Any], covered: Collection[str]) -> Veil:
        """A veil that knows the people and homes of a filed record, as they were named at any time."""
        if not covered:
            return cls(())
        said: dict[str, list[str]] = {}
        for key, fact in document["facts"].items():
            said[key] = [str(fact["shown"]), *(str(old["shown"]) for old in fact.get("earlier", ()))]
        for one in document.get("amendments", ()):
            for value in (one.get("old"), one.get("new")):
                if one.get("fact") and value:
                    said.setdefault(one["fact"], []).append(str(value.get("shown", "")))
        names = [party["name"] for party in document["parties"] if party.get("name")]
        names += [name for key in NAME_FACTS for name in said.get(key, ())]
        homes = [home for key in HOME_FACTS for home in said.get(key, ())]
        homes += [party["address"] for party in document["parties"] if party.get("address")]
        return cls(covered, filter(is_person, names), homes)

    def over(self, text: str) -> str:
        """A text with what this veil covers covered."""
        if not self.covered or not text:
            return text
        for name in self._names:
            text = text.replace(name, covered_name(name))
        if NAMES in self.covered:
            text = _TOLD.sub(_told, text)
        if CONTACTS in self.covered:
            for home in self._homes:
                text = text.replace(home, STAR * 4)
            if _FIGURE.search(text):  # most texts have none
                for shape in (_MOBILE, _LANDLINE):
                    text = shape.sub(lambda found: _after(found.group(), 3), text)
                text = cover_identity(_HOUSE.sub(lambda found: _after(found.group(), 0), text))
        return text

    def over_all(self, whole: Whole) -> Whole:
        """Every text inside mappings, sequences and dataclasses, covered; keys and what is public stay."""
        return self._over_all(whole) if self.covered else whole

    def _over_all(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.over(value)
        if isinstance(value, dict):
            return {key: one if key in PUBLIC else self._over_all(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            return type(value)(self._over_all(one) for one in value)
        if value is None or isinstance(value, (int, float, datetime)):
            return value
        if is_dataclass(value) and not isinstance(value, type):
            inner = {name: getattr(value, name) for name in _names(type(value))}
            return replace(value, **{name: self._over_all(one) for name, one in inner.items()})
        return value

    def hides(self, key: str, shown: str) -> bool:
        """Whether a fact is covered, wholly or in part: nobody corrects what she does not see."""
        return bool(self.covered) and (self.over(shown) != shown or (NAMES in self.covered and key in NAME_FACTS))


def _told(found: re.Match[str]) -> str:
    if (found[2] + found[3])[:2] in NOT_NAMES:
        return found[0]
    return found[1] + found[2] + STAR * len(found[3])


@lru_cache(maxsize=64)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in PUBLIC)


def is_person(name: str) -> bool:
    """Whether a name is somebody's, as far as it tells: an organisation's is public."""
    return named_kind(name) != "organisation"


def covered_name(name: str) -> str:
    """The surname, stars for the rest.

    >>> covered_name("李小梅"), covered_name("欧阳锋"), covered_name("老赵")
    ('李**', '欧阳*', '老*')
    """
    kept = 2 if name.startswith(tuple(COMPOUND_SURNAMES)) and len(name) > 2 else 1
    return name[:kept] + STAR * (len(name) - kept)


def _after(text: str, kept: int) -> str:
    # All after the first three: with the receipt number, a phone's last four digits open the citizen's progress page.
    return text[:kept] + STAR * (len(text) - kept)
