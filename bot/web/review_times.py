"""Times, sums and acts as the console says them. Called by the templates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.intake.course import Done
from bot.intake.particulars import Choices
from bot.intake.tidings import said_time

#: Particulars of an act → the group of names that its value is one of.
GROUPS = {
    "form": "forms", "result": "results", "satisfied": "satisfied", "step": "confirmations", "way": "ways",
}  # fmt: skip


def when(at: datetime, now: datetime) -> str:
    """今天 10:32, 昨天 10:32, 11月20日 10:32, 2025年11月20日."""
    days = (now.date() - at.date()).days
    clock = f"{at.hour}:{at.minute:02d}"
    if days in (0, 1):
        return f"{'今天' if days == 0 else '昨天'} {clock}"
    day = f"{at.month}月{at.day}日"
    return f"{day} {clock}" if at.year == now.year else f"{at.year}年{day}"


def lasted(since: datetime, now: datetime) -> str:
    """How long ago, roughly: 不到 1 分钟, 5 分钟, 3 小时, 2 天."""
    past = max(now - since, timedelta())
    if past < timedelta(minutes=1):
        return "不到 1 分钟"
    if past < timedelta(hours=1):
        return f" {int(past.total_seconds() // 60)} 分钟"
    if past < timedelta(days=1):
        return f" {int(past.total_seconds() // 3600)} 小时"
    return f" {past.days} 天"


def days_left(at: datetime, now: datetime) -> str:
    """今天, 明天, 还有 5 天, 过了 2 天: counted in calendar days."""
    days = (at.date() - now.date()).days
    if days < 0:
        return f"过了 {-days} 天"
    return {0: "已经过了" if at < now else "今天", 1: "明天"}.get(days, f"还有 {days} 天")


def day_said(day: str | date) -> str:
    """11月30日, 2027年1月2日 in another year: a day, or one kept as 2026-11-30."""
    on = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{on.month}月{on.day}日" if on.year == date.today().year else f"{on.year}年{on.month}月{on.day}日"


def session_time(at: str) -> str:
    """11月25日（星期三）9:00, from a particular."""
    return said_time(datetime.fromisoformat(at))


def yuan(sum_: float) -> str:
    """32,000元; fen only where there are any."""
    return f"{sum_:,.2f}".removesuffix(".00") + "元"


def said_of(done: Done, choices: Choices) -> str:
    """The particulars of an act in the history, as one line."""
    told = done.particulars or {}
    found: list[str] = []
    if "reason" in told:
        known = choices.refusals.get(told["reason"])
        found.append(known.label if known else choices.names["endings"].get(told["reason"], ""))
    if "to" in told:
        found.append(f"到{told['to']['name']}")
    if "at" in told:
        found.append(session_time(told["at"]))
    found += [day_said(told[name]) for name in ("on", "effective_on") if told.get(name)]
    for name, group in GROUPS.items():
        if told.get(name):
            named = {**choices.names[group], **(choices.names["contacts"] if name == "way" else {})}
            found.append(named.get(told[name], told[name]))
    found += [told[name] for name in ("where", "came", "terms", "words", "door") if told.get(name)]
    if told.get("amount") is not None:
        found.append(yuan(told["amount"]))
    return "　".join(found)
