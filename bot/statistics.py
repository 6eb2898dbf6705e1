"""Statistics for the staff: what became of the cases registered in a span of months, within somebody's scope.

Hides which sums answer which question. Part of the desk, reached as `desk.statistics`; called by the console's page.
What each figure means stands in `bot.intake.tallies`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.intake.directory import Directory
from bot.intake.tallies import BELOW_COUNTY, LEVELS, MEASURES, body_place
from bot.intake.taxonomy import Taxonomy
from bot.permissions import Scope, below
from bot.store import Store
from bot.store_queue import Wanted
from bot.store_staff import Account
from bot.store_tallies import Counted, Narrowed

MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
#: Rows of the table of committees on the page; the CSV holds all.
MOST_BODIES = 40
#: Cases that a page itself adds to the sums; when more have moved, it says so and `upkeep` counts on.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants counted: months as 2026-11, inclusive; empty text: not narrowed."""

    since: str
    until: str
    type: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures of a row, and the shares that follow from them (None where there is nothing to divide by)."""

    counts: Mapping[str, int]

    def __getattr__(self, name: str) -> int:
        try:
            return self.counts[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def success(self) -> float | None:
        """达成协议 ÷ 受理, as S15 counts (489 of 575)."""
        return _share(self.agreed, self.accepted)

    @property
    def kept(self) -> float | None:
        """已履行 ÷ 达成协议."""
        return _share(self.performed, self.agreed)

    @property
    def prompt_share(self) -> float | None:
        """一天内答复 ÷ 登记."""
        return _share(self.prompt, self.filed)

    @property
    def hours(self) -> float | None:
        """Hours until somebody answered, on average over those who were answered."""
        return self.minutes / self.answered / 60 if self.answered else None

    @property
    def unsettled(self) -> int:
        """Registered and without an outcome so far."""
        return self.filed - self.refused - self.withdrawn - self.agreed - self.failed - self.ended

    def yuan(self, name: str) -> float:
        """A sum of money in yuan."""
        return self.counts[f"{name}_fen"] / 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. `narrows`: parameters by which the queue shows its cases; `inner`: the area one step below."""

    name: str
    figures: Figures
    narrows: Mapping[str, str]
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All tables of the page. `uncounted`: cases that are still to be added (in all, not only hers); `overdue`: open cases past their time; `share_below`: settled below county (S16)."""

    asked: Asked
    uncounted: int
    total: Line
    overdue: int
    share_below: float | None
    by_month: list[Line]
    by_type: list[Line]
    by_level: list[Line]
    by_place: list[Line]

    @property
    def tables(self) -> Mapping[str, Sequence[Line]]:
        return {"month": self.by_month, "type": self.by_type, "level": self.by_level, "place": self.by_place}


class Statistics:
    """Figures over a store. Thread-safe."""

    def __init__(
        self, store: Store, taxonomy: Taxonomy, directory: Callable[[], Directory], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._taxonomy = store, taxonomy
        self._directory, self._clock = directory, clock

    def asked(self, query: Mapping[str, str]) -> Asked:
        """What an address asks for; nonsense is left out. Without months: since January."""
        today = self._clock().date()
        since, until = (query.get(name, "") for name in ("since", "until"))
        since = since if MONTH.fullmatch(since) else f"{today.year}-01"
        until = until if MONTH.fullmatch(until) else f"{today:%Y-%m}"
        if since > until:
            since, until = until, since
        type_ = query.get("type", "")
        return Asked(since, until, type_ if type_ in self._taxonomy.types else "", query.get("area", "")[:200])

    def catch_up(self) -> None:
        """Add every case that moved to the sums, piece by piece: minutes in a full database the first time."""
        while self._store.tally_changed(AT_ONCE):
            pass

    def report(self, account: Account, asked: Asked) -> Report:
        """The figures within somebody's scope. An area outside it counts nothing."""
        uncounted = self._store.tally_changed(AT_ONCE)
        narrowed = Narrowed(
            _places(account.scope, asked.area, self._ground), asked.since, asked.until, asked.type or None
        )
        months = self._store.sums(narrowed, "month")
        types = self._store.sums(narrowed, "type")
        levels = self._store.sums(narrowed, "level")
        base = _base(asked)
        total = Line("合计", _added(months.values()), base)
        wanted = Wanted(
            type=asked.type or None,
            area=asked.area or None,
            overdue_at=self._clock(),
            counted=Counted(since=asked.since, until=asked.until),
        )
        overdue = sum(self._store.counts(account.scope, wanted, self._clock()).values())
        settled = sum(_figures(levels, level).agreed for level in BELOW_COUNTY)
        named = {key: self._taxonomy.matters[key].short for key in self._taxonomy.types}
        return Report(
            asked=asked,
            uncounted=uncounted,
            total=total,
            overdue=overdue,
            share_below=_share(settled, total.figures.agreed),
            by_month=[
                Line(_month(key), _figures(months, key), {**base, "since": key, "until": key})
                for key in _months(asked.since, asked.until)
            ],
            by_type=[
                Line(named[key], _figures(types, key), {**base, "type": key})
                for key in sorted(types, key=lambda k: (-types[k]["filed"], k))
                if key in named
            ],
            by_level=[
                Line(name, _figures(levels, key), {**base, "level": key})
                for key, name in LEVELS.items()
                if _figures(levels, key).filed
            ],
            by_place=self._by_place(account, asked, narrowed, base),
        )

    def _by_place(self, account: Account, asked: Asked, narrowed: Narrowed, base: Mapping[str, str]) -> list[Line]:
        """One step below the chosen area: its parts, and the committees whose ground it is."""
        area = asked.area or account.scope.area
        if not area or not narrowed.places:
            found = self._store.sums(narrowed, "place")
        else:
            found = self._store.sums_below(narrowed, area)
        directory = {body_place(body.id): body for body in self._directory()}
        lines = []
        for place, measures in sorted(found.items(), key=lambda row: (-row[1]["filed"], row[0])):
            if place in directory:
                body = directory[place]
                lines.append(Line(body.name, Figures(measures), {**base, "body": body.id}))
            elif place.startswith("#"):
                lines.append(Line("名录里已经没有的调委会", Figures(measures), {**base, "body": place[1:]}))
            else:
                lines.append(Line(place.split("/")[-1], Figures(measures), {**base, "area": place}, inner=place))
        return lines

    def _ground(self, body: str) -> str:
        directory = self._directory()
        return directory[body].area if body in directory else ""


def _places(scope: Scope, area: str, ground: Callable[[str], str]) -> tuple[str, ...]:
    """The places of the sums that make up a scope, none inside another; narrowed to an area."""
    if area:
        inside = bool(scope.area) and below(area, scope.area or "")
        # A committee with a wider area of her own is named by both: an area outside hers shows nothing.
        return (area,) if inside else ()
    places = [scope.area] if scope.area else []
    if scope.body and not (scope.area and below(ground(scope.body), scope.area)):
        places.append(body_place(scope.body))
    return tuple(places)


def _base(asked: Asked) -> dict[str, str]:
    kept = {"since": asked.since, "until": asked.until, "type": asked.type, "area": asked.area}
    return {key: value for key, value in kept.items() if value}


def _figures(found: Mapping[str, Mapping[str, int]], key: str) -> Figures:
    return Figures(found.get(key) or dict.fromkeys(MEASURES, 0))


def _added(rows: Iterable[Mapping[str, int]]) -> Figures:
    total = dict.fromkeys(MEASURES, 0)
    for row in rows:
        for name, value in row.items():
            total[name] += value
    return Figures(total)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _months(since: str, until: str) -> list[str]:
    """Every month of a span, empty ones too; at most the last ten years."""
    at, months = date.fromisoformat(f"{since}-01"), []
    while f"{at:%Y-%m}" <= until:
        months.append(f"{at:%Y-%m}")
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return months[-120:]


def _month(key: str) -> str:
    return f"{int(key[:4])}年{int(key[5:])}月"
