"""Time limits computed from the facts of a record: what ends when, by which article, and what nobody told yet.

Hides the arithmetic of legal periods. The periods and articles stand on the rule cards (`bot/knowledge/rules.yml`),
which facts start, restart or hold a clock in `clocks.yml`: none of them is a constant here. Facts are ranges, so a
clock is a range too: `earliest` is the last day that is surely in time, `latest` the last day that may still be.
Called by the interview (what the citizen is told), by `document` (what is filed) and, with `Clocks.after`, by whoever
records an acceptance or an agreement.

Conventions: ends are inclusive; the day of the event is not counted and a period of years ends on the same day of the
month or on its last day (民法典 201, 202). A last day that is a holiday is not moved on (203 would): the desk names a
day that is surely in time.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.intake.record import Record
from bot.intake.taxonomy import Matter
from bot.intake.working_days import Days, after_working_days

UNITS = ("years", "months", "days", "hours", "working_days")
STATES = ("running", "maybe_passed", "passed", "waiting", "unknown")
TELLING = ("always", "close", "never")
#: Between two time limits told in one sentence.
JOINT = "；"
#: Years that anybody's dispute can lie in.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class ClockError(ValueError):
    """The clock data contradict themselves; the message names the place, for the clerk who edited it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days between which something happened, both inclusive. `about`: she was not sure."""

    start: date
    end: date
    about: bool = False

    @classmethod
    def on(cls, day: date) -> Span:
        return cls(day, day)

    @classmethod
    def of(cls, value: Any, at_the_end: bool = False) -> Span | None:
        """The span of a fact of kind `period`; None for anything else. Reversed ends are put right.

        `at_the_end`: of a stretch ("三月干到八月") its last day, month or year is meant.
        """
        if not isinstance(value, Mapping):
            return None
        try:
            first, last = (date.fromisoformat(str(value[key])) for key in ("start", "end"))
        except (KeyError, ValueError):
            return None
        if not (FIRST_YEAR <= first.year <= LAST_YEAR and FIRST_YEAR <= last.year <= LAST_YEAR):
            return None  # a slip of the pen: nothing is computed from it
        first, last = min(first, last), max(first, last)
        precision = value.get("precision")
        if at_the_end and precision in ("day", "month", "year"):
            ended = {"day": last, "month": last.replace(day=1), "year": last.replace(month=1, day=1)}[str(precision)]
            first = max(first, ended)
        return cls(first, last, precision == "approx")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as the law gives it: a number and one of UNITS."""

    count: int
    unit: str

    def surely(self, start: date, excluded: Sequence[Days] = ()) -> tuple[date, bool]:
        """The last day surely within the period that `start` begins, and whether the calendar knew every day."""
        if self.unit == "hours":  # an event at midnight leaves one day less than one at noon
            return start + timedelta(days=self.count // 24 - 1), True
        return self.perhaps(start, excluded)

    def perhaps(self, start: date, excluded: Sequence[Days] = ()) -> tuple[date, bool]:
        """The last day that may still be within the period, and whether the calendar knew every day."""
        if self.unit == "working_days":
            return after_working_days(start, self.count, excluded)
        if self.unit in ("days", "hours"):
            days = self.count if self.unit == "days" else self.count // 24
            # An excluded day is not counted: each one within the period moves the end.
            end = start
            while days:
                end += timedelta(days=1)
                days -= not any(first <= end <= last for first, last in excluded)
            return end, True
        months = self.count * (12 if self.unit == "years" else 1)
        return add_months(start, months), True


def add_months(start: date, months: int) -> date:
    """The same day `months` later; the month's last day where there is none (民法典 202).

    >>> add_months(date(2024, 2, 29), 12), add_months(date(2026, 1, 31), 1)
    (datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """One clock of `clocks.yml` with period and article from its rule card."""

    id: str
    rule: str
    label: str
    article: str
    period: Period
    latest: Period | None
    cap: Period | None
    matters: tuple[str, ...]
    starts: tuple[str, ...]
    between: str | None
    needs: tuple[str, str] | None
    waits: tuple[str, str] | None
    restarts: tuple[str, ...]
    decides: str | None
    sign: str | None
    open_end: bool
    tell: str
    urgent_days: int
    caveat: str
    say: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands on a day. Dates are None where the facts do not give them; `sentence` may be empty."""

    id: str
    rule: str
    label: str
    state: str  # one of STATES
    earliest: date | None
    latest: date | None
    about: bool
    restarted: bool
    stands_on: tuple[str, ...]
    missing: tuple[str, ...]
    article: str
    caveat: str
    calendar_known: bool = True
    sentence: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, for the filed record."""
        raw = asdict(self)
        for key in ("earliest", "latest"):
            raw[key] = raw[key].isoformat() if raw[key] else None
        return {key: list(value) if isinstance(value, tuple) else value for key, value in raw.items()}


@dataclass(frozen=True, slots=True)
class Clocks:
    """All clocks; build with `from_mapping`. An empty one tells no time."""

    specs: tuple[ClockSpec, ...] = ()
    ends: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    close_days: int = 365
    by_id: Mapping[str, ClockSpec] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any], cards: Mapping[str, Mapping[str, Any]]) -> Clocks:
        """Check and freeze what was read from YAML. Raises ClockError with the place that is wrong."""
        specs = tuple(_spec(each, cards) for each in raw["clocks"])
        return cls(
            specs,
            frozenset(raw.get("ends", ())),
            frozenset(raw.get("answers", ())),
            int(raw["close_days"]),
            {spec.id: spec for spec in specs},
        )

    def of_all(self, record: Record, matters: Iterable[Matter], today: date) -> list[Clock]:
        """The clocks of a record that holds several matters: the main one's first, each once."""
        found = [clock for matter in matters for clock in self.of(record, matter, today)]
        return list({clock.id: clock for clock in reversed(found)}.values())[::-1]

    def of(self, record: Record, matter: Matter, today: date) -> list[Clock]:
        """The clocks of a record as they stand on `today`, those without any date included."""
        found = []
        for spec in self.specs:
            if matter.key not in spec.matters or (spec.sign and spec.sign not in record.sign_kinds()):
                continue
            clock = self._read(spec, record, today)
            if clock is not None:
                found.append(clock)
        return found

    def after(self, clock: str, day: date, excluded: Sequence[Days] = ()) -> Clock:
        """A clock that starts with an event outside the interview: acceptance (R7, R23), an agreement's effect (R11).

        `excluded` are stretches that do not count (an appraisal). Raises KeyError for an unknown clock.
        """
        spec = self.by_id[clock]
        end, known = spec.period.perhaps(day, excluded)
        caveat = spec.caveat if known else f"{spec.caveat}{UNKNOWN_HOLIDAYS}"
        return Clock(spec.id, spec.rule, spec.label, "running", spec.period.surely(day, excluded)[0], end, False, False,
                     spec.starts[:1], (), spec.article, caveat, known)  # fmt: skip

    def sentence(self, clocks: Iterable[Clock], today: date, urgent: bool = False) -> str:
        """What the citizen is told, as one sentence without its full stop; empty when there is nothing to say.

        `urgent`: only of what ends so soon that it cannot wait for the end of the interview.
        """
        told: list[str] = []
        for clock in clocks:
            spec = self.by_id[clock.id]
            soon = clock.earliest is not None and clock.earliest <= today + timedelta(days=spec.urgent_days)
            ended = clock.state == "passed"
            close = clock.earliest is not None and clock.earliest <= today + timedelta(days=self.close_days)
            if spec.tell == "never" or (spec.tell == "close" and not close) or (urgent and (not soon or ended)):
                continue
            if clock.sentence and clock.sentence not in told:
                told.append(clock.sentence)
        return JOINT.join(told)

    def decisive(self, record: Record, clocks: Iterable[Clock]) -> str | None:
        """The one fact worth a question of its own: time seems up, and nobody said whether she asked for the money."""
        for clock in clocks:
            fact = self.by_id[clock.id].decides
            if fact and clock.state in ("maybe_passed", "passed") and not record.said(fact):
                return fact
        return None

    def _read(self, spec: ClockSpec, record: Record, today: date) -> Clock | None:
        known = {key: span for key in spec.starts if (span := self._span(record, key)) is not None}
        if spec.waits and record.value(spec.waits[0]) == spec.waits[1]:
            # "Still there" and a last day that is over contradict each other: the clock that runs is the safe one.
            if all(span.end >= today for span in known.values()):
                return self._clock(spec, "waiting", stands_on=(spec.waits[0],))
        stands_on = tuple(known)
        if not known and spec.between and spec.needs and record.value(spec.needs[0]) == spec.needs[1]:
            # She has left, nobody knows when: not before the trouble began, not after she told of it.
            began = self._span(record, spec.between)
            if began is not None and began.start <= today:
                known = {spec.between: Span(began.start, today, True)}
                stands_on = (spec.between, spec.needs[0])
        if not known:
            missing = tuple(key for key in spec.starts if key not in record.facts)
            return self._clock(spec, "unknown", missing=missing)
        start = Span(
            min(span.start for span in known.values()),
            max(span.end for span in known.values()),
            any(span.about for span in known.values()),
        )
        claims = {key: span for key in spec.restarts if (span := self._span(record, key)) is not None}
        return self._running(spec, start, stands_on, claims, today)

    def _running(
        self, spec: ClockSpec, start: Span, stands_on: tuple[str, ...], claims: Mapping[str, Span], today: date
    ) -> Clock:
        earliest, surely_known = spec.period.surely(start.start)
        plain, perhaps_known = (spec.latest or spec.period).perhaps(start.end)
        end, restarting = plain, []
        for key, claim in claims.items():
            # Only a claim made before the time was over makes it run anew, and only if it can be shown.
            if claim.start <= plain:
                again, _ = spec.period.perhaps(min(claim.end, plain))
                if again > end:
                    end = again
                    restarting.append(key)
        if spec.cap:
            end = min(end, spec.cap.perhaps(start.end)[0])
        latest = None if spec.open_end else end
        state = "running"
        if earliest < today:
            state = "maybe_passed" if end >= today or spec.open_end else "passed"
        about = start.about or any(claims[key].about for key in restarting)
        return self._clock(spec, state, earliest, latest, about, bool(restarting), (*stands_on, *restarting),
                           known=surely_known and perhaps_known)  # fmt: skip

    def _clock(
        self,
        spec: ClockSpec,
        state: str,
        earliest: date | None = None,
        latest: date | None = None,
        about: bool = False,
        restarted: bool = False,
        stands_on: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
        known: bool = True,
    ) -> Clock:
        said = {
            "maybe_passed": "maybe_range" if restarted else "maybe",
            "running": _shape(earliest, latest, restarted),
        }.get(state, state)
        fill = {"earliest": _day(earliest), "latest": _day(latest), "about": "大约" if about else ""}
        sentence = spec.say.get(said, "").format(**fill)
        caveat = spec.caveat if known else f"{spec.caveat}{UNKNOWN_HOLIDAYS}"
        return Clock(spec.id, spec.rule, spec.label, state, earliest, latest, about, restarted, stands_on, missing,
                     spec.article, caveat, known, sentence)  # fmt: skip

    def _span(self, record: Record, key: str) -> Span | None:
        return Span.of(record.value(key), key in self.ends)


#: Said where the calendar of public holidays ends.
UNKNOWN_HOLIDAYS = "其中有的日子还没有公布放假安排，只扣了周末，公布以后要再算一遍。"


def _shape(earliest: date | None, latest: date | None, restarted: bool) -> str:
    """Which wording fits the two ends of a running clock."""
    if latest is None:
        return "open"
    if restarted:
        return "range"
    return "day" if earliest == latest else "span"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _spec(raw: Mapping[str, Any], cards: Mapping[str, Mapping[str, Any]]) -> ClockSpec:
    name = raw.get("id")
    card = cards.get(str(raw.get("rule")))
    if card is None:
        raise ClockError(f"clocks.yml：{name} 用了没有的规则卡 {raw.get('rule')}")
    figure = card.get("figure") or {}

    def period(key: str) -> Period | None:
        named = raw.get(key)
        if named is None:
            return None
        unit = next((unit for unit in sorted(UNITS, key=len, reverse=True) if str(named).startswith(unit)), None)
        if unit is None or not isinstance(figure.get(named), int):
            raise ClockError(f"clocks.yml：{name} 的 {key}“{named}”在规则卡 {raw['rule']} 上没有数字")
        return Period(figure[named], unit)

    length = period("period")
    if length is None or raw.get("tell") not in TELLING or not raw.get("starts"):
        raise ClockError(f"clocks.yml：{name} 要写 period、starts 和 tell（{'、'.join(TELLING)}）")
    return ClockSpec(
        id=str(name),
        rule=str(raw["rule"]),
        label=str(raw["label"]),
        article=str(card["article"]),
        period=length,
        latest=period("latest"),
        cap=period("cap"),
        matters=tuple(raw.get("for", ())),
        starts=tuple(raw["starts"]),
        between=raw.get("between"),
        needs=_pair(raw.get("needs")),
        waits=_pair(raw.get("waits")),
        restarts=tuple(raw.get("restarts", ())),
        decides=raw.get("decides"),
        sign=raw.get("sign"),
        open_end=bool(raw.get("open_end", False)),
        tell=str(raw["tell"]),
        urgent_days=int(raw.get("urgent_days", 0)),
        caveat=str(raw["caveat"]),
        say=dict(raw.get("say") or {}),
    )


def _pair(raw: Mapping[str, Any] | None) -> tuple[str, str] | None:
    return next(((key, str(value)) for key, value in raw.items()), None) if raw else None
