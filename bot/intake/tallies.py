"""What one case adds to the statistics, and what the figures mean (DOMAIN 1: S1, S12, S14–S16).

The one place that decides what counts as accepted, agreed, kept; the page prints the same definitions. Every figure is
about the cases registered in a span of months, and tells what became of them until now. Pure. Called by
`store_tallies` for each case that changed, and by `statistics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.intake.course import Course

#: Levels of committees, from the widest ground to the nearest (S16: share settled below county).
LEVELS: Mapping[str, str] = {
    "province": "省",
    "city": "市",
    "county": "县",
    "town": "乡镇、街道",
    "village": "村、社区",
}
BELOW_COUNTY = ("town", "village")
#: Cities without counties in between, straight below the state (直辖市).
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
VILLAGES = ("村", "社区", "居委会", "村委会", "嘎查")
TOWNS = ("镇", "乡", "街道", "苏木", "团场")
PROMPT = timedelta(days=1)

#: What is added up: column → how it is called and what it counts. Money is kept in fen, so that sums stay exact.
MEASURES: Mapping[str, tuple[str, str]] = {
    "filed": ("登记", "这段时间登记的"),
    "accepted": ("受理", "调委会点了“受理”的；转走以后要由新的那家再受理"),
    "refused": ("不受理", "调委会写明原因不受理的"),
    "withdrawn": ("撤回", "当事人自己撤回，或者调解员代记撤回的"),
    "agreed": ("达成协议", "记下“达成协议”的，书面、口头都算"),
    "failed": ("没调成", "记下“没调成”的"),
    "ended": ("终止", "记下“终止调解”的"),
    "performed": ("已履行", "达成协议以后，记下“已履行”的"),
    "reneged": ("反悔", "达成协议以后，记下“反悔”的"),
    "confirmed": ("司法确认", "记下法院确认了的"),
    "answered": ("有人答复", "有人受理、不受理、问话、提出转办、约了时间，或者在聊天里和当事人说过话的"),
    "prompt": ("一天内答复", "登记以后二十四小时以内有人答复的"),
    "minutes": ("答复用的分钟", "从登记到第一次有人答复，按钟点算，夜里和休息天也算"),
    "disputed_fen": ("涉及金额", "当事人说的金额相加，没说的不算"),
    "agreed_fen": ("协议金额", "协议里写的金额相加"),
    "paid_fen": ("已付金额", "记履行时写的金额相加；当场履行的按协议金额算"),
    "people": ("涉及人数", "申请人这一边的人数相加；没说人数的按申请人一个算"),
}
#: Figures that are counts of cases, by which the queue can be narrowed.
COUNTED = tuple(name for name in MEASURES if name not in ("minutes", "people") and not name.endswith("_fen"))


@dataclass(frozen=True, slots=True)
class Tally:
    """What one case adds: where (`area`, `body`, `level`), when (`month` as 2026-11), what (`type`), how much."""

    month: str
    type: str
    level: str
    area: str
    body: str | None
    measures: Mapping[str, int]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Where it is counted, as (place, the place above it): its committee, and each step of its area."""
        steps = self.area.split("/") if self.area else []
        found = [("/".join(steps[:n]), "/".join(steps[: n - 1])) for n in range(1, len(steps) + 1)]
        return [*found, (body_place(self.body), self.area)] if self.body else found


def tally(
    document: Mapping[str, Any],
    done: Course,
    *,
    status: str,
    type_: str,
    area: str,
    body: str | None,
    filed: datetime,
) -> Tally:
    """What a case adds, from its record and what became of it."""
    people, disputed = _number(document, "people"), _number(document, "amount")
    agreed = done.outcome == "agreed"
    waited = done.answered_at - filed if done.answered_at else None
    measures = {
        "filed": 1,
        "accepted": done.accepted_at is not None,
        "refused": done.outcome == "refused",
        "withdrawn": done.outcome == "withdrawn" or status == "withdrawn",
        "agreed": agreed,
        "failed": done.outcome == "failed",
        "ended": done.outcome == "ended",
        "performed": agreed and done.performance == "performed",
        "reneged": agreed and done.performance == "reneged",
        "confirmed": done.confirmed,
        "answered": waited is not None,
        "prompt": waited is not None and waited <= PROMPT,
        "minutes": max(int(waited.total_seconds()) // 60, 0) if waited else 0,
        "disputed_fen": _fen(disputed),
        "agreed_fen": _fen(done.agreement.get("amount") if done.agreement else None),
        "paid_fen": _fen(done.paid),
        "people": int(people) if people and people >= 1 else 1,
    }
    counted = {name: int(value) for name, value in measures.items()}
    return Tally(f"{filed:%Y-%m}", type_, level_of(area) if body else "", area, body, counted)


def body_place(body: str) -> str:
    """A committee as a place of the statistics; no area begins so."""
    return f"#{body}"


def level_of(area: str) -> str:
    """The level of a committee by the slash path of its ground.

    >>> level_of("浙江省/湖州市/南浔区"), level_of("浙江省/湖州市/南浔区/练市镇"), level_of("北京市/门头沟区")
    ('county', 'town', 'county')
    """
    steps = [step for step in area.split("/") if step]
    if not steps:
        return ""
    depth = len(steps) + (steps[0] in MUNICIPALITIES)
    if len(steps) > 2 and steps[-1].endswith(VILLAGES):
        return "village"
    if len(steps) > 2 and steps[-1].endswith(TOWNS):
        return "town"
    return ("province", "city", "county", "town", "village")[min(depth, 5) - 1] if steps[1:] else "province"


def _number(document: Mapping[str, Any], fact: str) -> float | None:
    found = document["facts"].get(fact) if document else None
    value = found["value"] if found else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _fen(yuan: float | None) -> int:
    """Yuan as fen; what cannot be a sum of money in one dispute (over 10^13 yuan) is left out."""
    return round(yuan * 100) if yuan is not None and 0 <= yuan < 1e13 else 0
