"""What an act on a case must say: a form of the console read into particulars that the history keeps.

Hides how days, times and sums are read and what is impossible (a session last week, an agreement of tomorrow, a
meeting of both sides where one was beaten). Pure; the names of choices are data (`bot/knowledge/acts.yml`). Called by
`bot.case_acts`; every message is for the mediator who filled in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.intake.reading import read
from bot.intake.working_days import is_working_day

LONGEST = 2_000
#: A session is appointed at most so far ahead.
FARTHEST = timedelta(days=366)
#: Parts in which an agreed sum may be paid.
PARTS = 6
Form = Mapping[str, str]


class Unclear(ValueError):
    """A form says too little, or something impossible; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to accept a case: for the mediator, for the citizen, the next door, the rule cards under it."""

    label: str
    citizen: str
    door: str
    rules: tuple[str, ...]
    say_more: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the forms: reasons of a refusal, and groups of key → name."""

    refusals: Mapping[str, Refusal]
    names: Mapping[str, Mapping[str, str]]

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Choices:
        """Read acts.yml. Raises ValueError, in Chinese, naming the reason that lacks something."""
        refusals = {}
        for key, told in raw["refusals"].items():
            if not all(told.get(part) for part in ("label", "citizen", "door")):
                raise ValueError(f"acts.yml：不受理的原因 {key} 缺 label、citizen 或者 door")
            rules = tuple(told.get("rules", ()))
            refusals[key] = Refusal(told["label"], told["citizen"], told["door"], rules, bool(told.get("say_more")))
        return cls(refusals, {group: dict(named) for group, named in raw.items() if group != "refusals"})

    def name(self, group: str, key: str) -> str:
        """The name of a choice. Raises Unclear when there is none such."""
        if key not in self.names[group]:
            raise Unclear("请选一项。")
        return str(self.names[group][key])


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form is read against: the time, when the case was filed, its flags, and the choices."""

    now: datetime
    filed_at: datetime
    flags: tuple[str, ...]
    choices: Choices


def particulars(act: str, form: Form, setting: Setting) -> dict[str, Any]:
    """The particulars of an act, JSON-ready; empty for acts without any. Raises Unclear."""
    return _READERS[act](form, setting) if act in _READERS else {}


def words(form: Form, name: str, asked: str, needed: bool = True) -> str:
    """A field of free text without blanks around it. Raises Unclear: empty although needed, or too long."""
    said = form.get(name, "").strip()
    if needed and not said:
        raise Unclear(f"{asked}，要写一下。")
    if len(said) > LONGEST:
        raise Unclear(f"{asked}：太长了（{len(said)} 个字），最多 {LONGEST} 个字。")
    return said


def _day(form: Form, name: str, asked: str) -> date:
    said = form.get(name, "").strip()
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Unclear(f"{asked}，要写成 2026-11-23 这样的日子。" if said else f"{asked}，要选个日子。") from error


def _past(form: Form, setting: Setting, name: str, asked: str) -> date:
    """The day of something that has happened: not in the future, not before the case was filed."""
    day = _day(form, name, asked)
    if day > setting.now.date():
        raise Unclear(f"{asked}：{day.month}月{day.day}日还没到，请核对一下。")
    if day < setting.filed_at.date():
        raise Unclear(f"{asked}：{day.isoformat()} 在登记之前，请核对一下。")
    return day


def _money(form: Form, name: str, asked: str) -> float | None:
    said = form.get(name, "").strip()
    if not said:
        return None
    plain = said.replace(",", "").replace("，", "").removesuffix("元").strip()
    if len(plain) <= 12 and plain.replace(".", "", 1).isdecimal() and plain.isascii():
        return round(float(plain), 2)
    found = read(said[:60], date.today(), "amount").money
    if len(found) != 1:
        raise Unclear(f"{asked}：没读懂“{said[:40]}”，写成 32000 或者 三万二 都行。")
    return float(found[0].value)


def _refuse(form: Form, setting: Setting) -> dict[str, Any]:
    reason = form.get("reason", "")
    if reason not in setting.choices.refusals:
        raise Unclear("为什么不受理，要选一个原因。")
    known = setting.choices.refusals[reason]
    more = words(form, "why", "原因写清楚一些", known.say_more)
    return {"reason": reason, "words": more, "door": words(form, "door", "下一个门", False) or known.door}


def _appoint(form: Form, setting: Setting) -> dict[str, Any]:
    day = _day(form, "day", "哪一天")
    try:
        clock = datetime.strptime(form.get("time", "").strip(), "%H:%M").time()
    except ValueError as error:
        raise Unclear("几点开始，要选一下。") from error
    at = datetime.combine(day, clock)
    if at <= setting.now:
        raise Unclear("约的时间已经过了，请往后选。")
    if at - setting.now > FARTHEST:
        raise Unclear("约得太远了，一年以内的才能约。")
    way = form.get("way", "")
    setting.choices.name("ways", way)
    where = words(form, "where", "在哪里，或者视频、电话怎么接")[:300]
    working, known = is_working_day(day)
    sure = form.get("despite") == "1"
    if not working and not sure:
        raise Unclear(f"{day.month}月{day.day}日是休息日。确实要约这天，请勾上“就约这天”。")
    if not (8 <= clock.hour < 21) and not sure:
        raise Unclear(f"{clock.hour}点{clock.minute:02d}分不是平常的时间。确实要约这个点，请勾上“就约这天”。")
    safe = words(form, "safe", "怎么保证安全", False)
    if way == "here" and "no_face_to_face_first" in setting.flags and not safe:
        raise Unclear(
            "这件有暴力，不要一上来就让双方见面。可以改成远程；一定要当面，写一句怎么保证安全（分开谈、谁在场）。"
        )
    return {"at": at.isoformat(timespec="minutes"), "way": way, "where": where, "safe": safe, "known_day": known}


def _agree(form: Form, setting: Setting) -> dict[str, Any]:
    way = form.get("form", "")
    setting.choices.name("forms", way)
    terms = words(form, "terms", "协议说好了什么")
    amount = _money(form, "amount", "一共多少钱")
    effective = _past(form, setting, "day", "哪天签字（口头的写哪天说好）")
    performed = form.get("performed") == "1"
    due = None
    if form.get("due", "").strip():
        due = _day(form, "due", "最晚哪天履行完")
        if due < effective:
            raise Unclear("最晚履行的日子在签协议之前，请核对一下。")
    parts: list[dict[str, Any]] = []
    for n in range(1, PARTS + 1):
        on, sum_ = form.get(f"on{n}", "").strip(), form.get(f"sum{n}", "").strip()
        if on or sum_:
            asked = f"第 {n} 次"
            day, money = _day(form, f"on{n}", f"{asked}哪天给"), _money(form, f"sum{n}", f"{asked}给多少")
            if money is None:
                raise Unclear(f"{asked}给多少钱，要写一下。")
            if day < effective:
                raise Unclear(f"{asked}给钱的日子在签协议之前，请核对一下。")
            parts.append({"on": day.isoformat(), "amount": money})
    if parts and amount is not None and abs(sum(part["amount"] for part in parts) - amount) > 0.005:
        total = sum(part["amount"] for part in parts)
        raise Unclear(f"几次加起来是 {total:,.2f} 元，和一共的 {amount:,.2f} 元对不上。")
    if parts and amount is None:
        amount = float(sum(part["amount"] for part in parts))
    if not (due or parts or performed):
        raise Unclear("哪天履行完，要写一下；当场就履行完了的，勾上“当场履行完了”。")
    return {
        "form": way, "terms": terms, "amount": amount, "effective_on": effective.isoformat(),
        "due": due.isoformat() if due else None, "parts": sorted(parts, key=lambda part: str(part["on"])),
        "performed": performed,
        "facts": words(form, "facts", "是怎么回事", False),
        "disputed": words(form, "disputed", "争的是什么", False),
        "manner": words(form, "manner", "怎么履行", False),
    }  # fmt: skip


def _end(form: Form, setting: Setting) -> dict[str, Any]:
    reason = form.get("reason", "")
    setting.choices.name("endings", reason)
    return {"reason": reason}


def _perform(form: Form, setting: Setting) -> dict[str, Any]:
    result = form.get("result", "")
    setting.choices.name("results", result)
    said = words(form, "why", "怎么回事", needed=result != "performed")
    amount = _money(form, "amount", "给了多少钱")
    return {"result": result, "on": _past(form, setting, "day", "哪一天").isoformat(), "amount": amount, "words": said}


def _visit(form: Form, setting: Setting) -> dict[str, Any]:
    way, satisfied = form.get("way", ""), form.get("satisfied", "")
    setting.choices.name("contacts", way)
    setting.choices.name("satisfied", satisfied)
    day = _past(form, setting, "day", "哪天回访的")
    said = words(form, "why", "当事人怎么说", needed=satisfied in ("partly", "no"))
    return {"on": day.isoformat(), "way": way, "satisfied": satisfied, "words": said}


def _confirm(form: Form, setting: Setting) -> dict[str, Any]:
    step = form.get("step", "")
    setting.choices.name("confirmations", step)
    return {"step": step, "on": _past(form, setting, "day", "哪一天").isoformat()}


def _meet(form: Form, setting: Setting) -> dict[str, Any]:
    day = _past(form, setting, "day", "哪天调的")
    return {
        "on": day.isoformat(), "came": words(form, "came", "谁来了"), "words": words(form, "why", "谈了什么"),
        "where": words(form, "where", "在哪里谈的", False)[:300],
    }  # fmt: skip


def _answer(form: Form, setting: Setting) -> dict[str, Any]:
    way = form.get("way", "")
    setting.choices.name("contacts", way)
    return {"words": words(form, "why", "当事人怎么回的"), "way": way}


_READERS: Mapping[str, Callable[[Form, Setting], dict[str, Any]]] = {
    "refuse": _refuse,
    "ask": lambda form, _: {"words": words(form, "words", "想问什么")},
    "answer": _answer,
    "transfer": _answer,
    "decline": _answer,
    "appoint": _appoint,
    "meet": _meet,
    "agree": _agree,
    "end": _end,
    "perform": _perform,
    "confirm": _confirm,
    "visit": _visit,
}
