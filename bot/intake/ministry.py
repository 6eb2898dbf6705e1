"""The columns of a list that leaves the house: the Ministry's statistics (DOMAIN 6), and the queue as it is seen.

What nobody wrote down is empty; columns that this desk does not record stay empty for who fills them in by hand. Pure.
Called by `bot.export`, which covers what the reader may not see before it comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.intake.case_papers import SATISFIED
from bot.intake.cases import GROUPS, STATUSES
from bot.intake.course import OUTCOME_NAMES, PERFORMANCES, Course

#: Types of the Ministry's statistics (DOMAIN 2), in use in one city.
CODES: Mapping[str, str] = {
    "01": "婚姻家庭",
    "02": "邻里",
    "03": "房产宅基地",
    "04": "合同",
    "05": "生产经营",
    "06": "损害赔偿",
    "07": "山林土地",
    "08": "征地拆迁",
    "09": "环境污染",
    "10": "劳动争议",
    "11": "旅游",
    "12": "消费",
    "13": "医疗",
    "14": "道路交通事故",
    "15": "物业管理",
    "16": "知识产权",
    "17": "互联网",
    "99": "其他",
}
LONGEST_GIST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What one row is made of: the record (covered where it must be), what became of it, who has it, its status."""

    document: Mapping[str, Any]
    done: Course
    mediator: str | None
    status: str
    colour: str
    groups: tuple[str, ...]
    due_at: datetime
    active_at: datetime
    waiting_since: datetime | None

    def fact(self, key: str) -> Any:
        """The value of a fact, or None."""
        found = self.document["facts"].get(key)
        return found["value"] if found else None

    def shown(self, key: str) -> str:
        """A fact as shown, or empty."""
        found = self.document["facts"].get(key)
        return str(found["shown"]) if found else ""

    def party(self, role: str, part: str) -> str:
        """Name or phone of a party, or empty."""
        found = next((one for one in self.document["parties"] if one["role"] == role), None)
        return str((found or {}).get(part) or "")

    def others(self) -> str:
        """Everybody on the other side."""
        mine = ("applicant", "agent", "helper")
        return "、".join(p["name"] for p in self.document["parties"] if p["role"] not in mine and p.get("name"))


Column = Callable[[Told], Any]


def _code(told: Told) -> str:
    code = told.document["matter"].get("official_code") or ""
    return f"{code} {CODES.get(code, '')}".strip()


def _began(told: Told) -> str:
    """The day it began; a month or a year where she told no more."""
    value = told.fact("since")
    if not isinstance(value, Mapping):
        return told.shown("since")
    whole = {"day": 10, "month": 7, "year": 4}.get(str(value.get("precision")), 0)
    return str(value.get("start", ""))[:whole] or told.shown("since")


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


def _migrant(told: Told) -> str:
    return {"yes": "是", "no": "否"}.get(str(told.fact("migrant_worker")), "")


def _place(told: Told) -> str:
    place = told.document["place"]
    return str(place["path"]).replace("/", "") if place else ""


def _amount(told: Told) -> float | str:
    value = told.fact("amount")
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _gist(told: Told) -> str:
    text = " ".join(told.shown("story").split())
    return text if len(text) <= LONGEST_GIST else f"{text[:LONGEST_GIST]}……"


def _kind(told: Told) -> str:
    form = told.done.agreement.get("form") if told.done.agreement else None
    return {"written": "书面", "oral": "口头"}.get(str(form), "")


def _kept(told: Told) -> str:
    return PERFORMANCES.get(told.done.performance, "") if told.done.agreement else ""


def _confirmed(told: Told) -> str:
    return ("是" if told.done.confirmed else "否") if told.done.agreement else ""


def _committee(told: Told) -> str:
    return str((told.document["committee"] or {}).get("name", ""))


def _groups(told: Told) -> str:
    return "、".join(GROUPS[group] for group in told.groups if group in GROUPS)


#: The Ministry's columns. 难度 and 转化情况 are judgements that nobody records here: empty, to be filled in.
MINISTRY: Mapping[str, Column] = {
    "编号": lambda told: told.document["receipt"],
    "纠纷类型": _code,
    "来源": lambda told: told.document["source"],
    "行政区划": _place,
    "受理日期": lambda told: _day(told.done.accepted_at),
    "发生日期": _began,
    "涉案金额": _amount,
    "特殊群体": _groups,
    "农民工": _migrant,
    "受理单位": _committee,
    "受理人": lambda told: told.done.accepted_by or "",
    "调解员": lambda told: told.mediator or "",
    "结果": lambda told: OUTCOME_NAMES.get(told.done.outcome or "", ""),
    "难度": lambda _: "",
    "转化情况": lambda _: "",
    "协议类型": _kind,
    "履行情况": _kept,
    "是否司法确认": _confirmed,
    "是否满意": lambda told: SATISFIED.get(told.done.satisfied or "", ""),
    "回访日期": lambda told: _day(told.done.visited_at),
    "状态": lambda told: STATUSES.get(told.status, told.status),
    "简介": _gist,
    "协议内容": lambda told: told.done.agreement.get("terms", "") if told.done.agreement else "",
}
#: The queue as it is seen, for work.
LIST: Mapping[str, Column] = {
    "回执号": lambda told: told.document["receipt"],
    "状态": lambda told: STATUSES.get(told.status, told.status),
    "颜色": lambda told: {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝", "green": "绿"}.get(
        told.colour, ""
    ),
    "纠纷": lambda told: told.document["matter"]["name"],
    "申请人": lambda told: told.party("applicant", "name"),
    "申请人电话": lambda told: told.party("applicant", "phone"),
    "对方": lambda told: told.others(),
    "地方": _place,
    "涉及金额": _amount,
    "人数": lambda told: told.fact("people") if isinstance(told.fact("people"), int) else "",
    "特殊群体": _groups,
    "想要什么": lambda told: told.shown("wanted"),
    "调委会": _committee,
    "调解员": lambda told: told.mediator or "",
    "登记时间": lambda told: told.document["filed_at"].replace("T", " ")[:16],
    "受理时间": lambda told: f"{told.done.accepted_at:%Y-%m-%d %H:%M}" if told.done.accepted_at else "",
    "办理期限": lambda told: _day(told.due_at),
    "最近动静": lambda told: f"{told.active_at:%Y-%m-%d %H:%M}",
    "从什么时候等答复": lambda told: f"{told.waiting_since:%Y-%m-%d %H:%M}" if told.waiting_since else "",
}
SHEETS: Mapping[str, tuple[str, Mapping[str, Column]]] = {"list": ("案件", LIST), "ministry": ("统计报表", MINISTRY)}
