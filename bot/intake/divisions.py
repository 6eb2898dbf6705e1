"""The table of administrative divisions (GB/T 2260), old names included.

Hides: the file format, renamed and merged counties, and which names contain which. `places` reads citizens' words
against it; `directory` and `routing` normalise and compare areas with it.

The file `divisions.csv` has one row for each division in force, and one for each name of the last twenty years that is
gone, with the day or month on which it ended and its successor. One that was split has all its successors, the largest
part first, and is then ambiguous: 江干区 is 上城区 or 钱塘区. `source` names the document that was compared on the day
`checked`; empty where nobody has compared the row with one yet. Columns `short`, `long`, `bare`, `not_after` and `not_before` say how people call it:
`bare` tells when the name without 省市县区 may be taken for the place (`open` anywhere, `cue` after a word such as 在,
`parent` only after the city or province, `never`), the last two hold characters that make another word with it
(周六安排 is not 六安).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Level = Literal["province", "city", "county", "township", "village"]
Form = Literal["name", "long", "short"]

# How near to the citizen: the larger, the nearer. Counts levels, not steps of the path, because a municipality
# (北京市/门头沟区) and a county under the province (河南省/济源市) have no step for the city.
RANKS: Mapping[str, int] = MappingProxyType({"province": 1, "city": 2, "county": 3, "township": 4, "village": 5})

_FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖", "市直辖"})
_VILLAGE_TAIL = re.compile(r"(?:村|社区|嘎查|委员会|居委会|村委会|连队?)$")
_ZONE_TAIL = re.compile(r"(?:(?<!社)区|县|市|旗)$")
_COMMITTEES = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村村民委员会", "村"),
    ("村民委员会", "村"),
    ("村村委会", "村"),
    ("村委会", "村"),
    ("街道办事处", "街道"),
    ("街道办", "街道"),
    ("镇政府", "镇"),
    ("乡政府", "乡"),
)


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table. `successors` is empty for a division in force, and more than one after a split."""

    code: str
    name: str
    level: Level
    parent: str
    valid_from: str
    valid_to: str
    successors: tuple[str, ...]
    short: tuple[str, ...]
    long: tuple[str, ...]
    bare: str
    not_after: str
    not_before: str
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """One way of naming a division: `code` is the code in force, `row` the row the name comes from."""

    code: str
    form: Form
    row: Division


@dataclass(frozen=True, slots=True)
class Area:
    """A normalised area: a division in force and, below it, township and village as written (may be missing)."""

    code: str
    rank: int
    zone: str = ""
    town: str = ""
    village: str = ""


class Divisions:
    """Look-ups over the table; build with `Divisions.load`."""

    def __init__(self, rows: Iterable[Division]) -> None:
        everything = list(rows)
        self._current = {row.code: row for row in everything if not row.successors}
        self._children: dict[str, list[str]] = {}
        for row in self._current.values():
            self._children.setdefault(row.parent, []).append(row.code)
        self._lineage = {code: self._climb(code) for code in self._current}
        self._namings: dict[str, list[Naming]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for row in everything:
            forms: list[tuple[str, Form]] = [(row.name, "name")]
            forms += [(text, "long") for text in row.long]
            forms += [(text, "short") for text in row.short]
            for code in row.successors or (row.code,):
                if code not in self._current:
                    raise ValueError(f"divisions: successor {code} of {row.code} {row.name} is not in the table")
                for text, form in forms:
                    self._namings.setdefault(text, []).append(Naming(code, form, row))
        lengths: dict[str, set[int]] = {}
        for text in self._namings:
            lengths.setdefault(text[:2], set()).add(len(text))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    @classmethod
    def load(cls, path: Path | str) -> Divisions:
        """Read `divisions.csv`. Raises OSError, or ValueError when a row names a successor that does not exist."""
        with open(path, encoding="utf-8-sig", newline="") as lines:
            return cls(_row(record) for record in csv.DictReader(lines))

    def _climb(self, code: str) -> tuple[str, ...]:
        steps = [code]
        while parent := self._current[steps[-1]].parent:
            steps.append(parent)
        return tuple(reversed(steps))

    def __contains__(self, code: object) -> bool:
        return code in self._current

    def __getitem__(self, code: str) -> Division:
        return self._current[code]

    def codes(self) -> tuple[str, ...]:
        """Codes of all divisions in force."""
        return tuple(self._current)

    def level(self, code: str) -> Level:
        """Level of a division in force, as the standard has it (东莞 is a city)."""
        return self._current[code].level

    def names(self, code: str) -> tuple[str, ...]:
        """Official names from the province down; none for a code that is no division."""
        return tuple(self._current[step].name for step in self._lineage.get(code, ()))

    def lineage(self, code: str) -> tuple[str, ...]:
        """Codes from the province down to `code`."""
        return self._lineage[code]

    def within(self, code: str, wider: str) -> bool:
        """Whether `code` is `wider` or lies in it."""
        return wider in self._lineage[code]

    def children(self, code: str) -> Sequence[str]:
        """Codes of the divisions directly below."""
        return self._children.get(code, ())

    def known_to_county(self, code: str) -> bool:
        """A county, or a city that has none (东莞, 中山, 儋州, 嘉峪关)."""
        return self._current[code].level == "county" or not self._children.get(code)

    def namings(self, text: str) -> list[Naming]:
        """Everything that is called exactly `text`."""
        return self._namings.get(text, [])

    def lengths(self, head: str) -> tuple[int, ...]:
        """Lengths of the names that begin with the two characters `head`, longest first."""
        return self._lengths.get(head, ())

    def children_called(self, text: str, within: str | None) -> list[str]:
        """Codes in force called `text` (any form, old names too) inside `within`; names in force go first.

        >>> Divisions([]).children_called("朝阳区", None)
        []
        """
        found = [n for n in self.namings(text) if within is None or (self.within(n.code, within) and n.code != within)]
        best = [n for n in found if not n.row.successors and n.form != "short"] or [
            n for n in found if n.form != "short"
        ]
        best = best or [n for n in found if not n.row.successors] or found
        top = min((RANKS[self.level(n.code)] for n in best), default=0)
        if best and best[0].form == "short":
            best = [n for n in best if RANKS[self.level(n.code)] == top]
        return list(dict.fromkeys(n.code for n in best))

    def area(self, path: str) -> Area | None:
        """Normalise a slash path from the province down; None when it names no division, or more than one.

        Old names lead to their successors; 市辖区 and a doubled municipality are passed over. What follows the last
        division is township and village, whose names no table knows.
        """
        steps = [step.strip() for step in path.strip().strip("/").split("/")]
        steps = [step for step in steps if step and step not in _FILLERS]
        code: str | None = None
        taken = 0
        for step in steps:
            # A step that names the same place again (北京市/北京市, 无为市/无为县) is passed over.
            found = self.children_called(step, code)
            if len(found) > 1:
                return None
            if found:
                code = found[0]
            elif code is None or all(naming.code != code for naming in self.namings(step)):
                break
            taken += 1
        if code is None:
            return None
        rest = steps[taken:]
        # A county's name that is unknown here must not turn into a township (浙江省/某某县).
        zone = ""
        if rest and _ZONE_TAIL.search(rest[0]):
            if self._current[code].level != "city":
                return None
            zone, rest = rest[0], rest[1:]
        elif rest and not self.known_to_county(code):
            return None
        if len(rest) > 2:
            return None
        town, village = _tail(rest)
        return self.make_area(code, zone, town, village)

    def make_area(self, code: str, zone: str = "", town: str = "", village: str = "") -> Area:
        """An area of `code` with township and village names brought to one form."""
        if village:
            rank = RANKS["village"]
        elif town:
            rank = RANKS["township"]
        elif zone:
            rank = RANKS["county"]
        else:
            rank = RANKS[self.level(code)]
            if self.level(code) == "city" and self.known_to_county(code):
                rank = RANKS["county"]
        return Area(code, rank, zone, one_form(town), one_form(village))

    def path(self, area: Area) -> str:
        """The slash path of an area in official names."""
        return "/".join([*self.names(area.code), *(step for step in (area.zone, area.town, area.village) if step)])


def one_form(name: str) -> str:
    """One spelling for a township's or village's name: the committee or office is the place itself.

    >>> one_form("虹桥居委会"), one_form("荃步村村委会"), one_form("东新街道办事处")
    ('虹桥社区', '荃步村', '东新街道')
    """
    for tail, plain in _COMMITTEES:
        if name.endswith(tail) and len(name) > len(tail):
            return name[: -len(tail)] + plain
    return name


def is_village(name: str) -> bool:
    """Whether a name below the county is a village's or community's rather than a township's."""
    return bool(_VILLAGE_TAIL.search(name))


def _tail(rest: list[str]) -> tuple[str, str]:
    if len(rest) == 2:
        return rest[0], rest[1]
    if len(rest) == 1:
        return ("", rest[0]) if is_village(rest[0]) else (rest[0], "")
    return "", ""


def _row(record: dict[str, str]) -> Division:
    level = record["level"]
    if level not in ("province", "city", "county"):
        raise ValueError(f"divisions: {record['code']} has level {level!r}")
    return Division(
        code=record["code"],
        name=record["name"],
        level=level,  # type: ignore[arg-type]
        parent=record["parent"],
        valid_from=record["valid_from"],
        valid_to=record["valid_to"],
        successors=tuple(filter(None, record["successor"].split(";"))),
        short=tuple(filter(None, record["short"].split(";"))),
        long=tuple(filter(None, record["long"].split(";"))),
        bare=record["bare"],
        not_after=record["not_after"],
        not_before=record["not_before"],
        source=record.get("source") or "",
        checked=record.get("checked") or "",
    )
