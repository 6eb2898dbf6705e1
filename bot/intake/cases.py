"""A filed record as a case: its lawful statuses and acts, its line in the queue, whom it touches, how long it may take.

Pure: a status changes only by an act of the table below (`lawful`), whoever asks. Called by `casework`, by the store
for the queue's columns and by the console's pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.intake.working_days import after_working_days

#: Statuses as they are stored, and as people read them.
STATUSES: Mapping[str, str] = {"filed": "待受理", "accepted": "已受理", "withdrawn": "当事人撤回"}
#: Statuses in which nothing is owed to the citizen any more.
CLOSED: frozenset[str] = frozenset({"withdrawn"})


@dataclass(frozen=True, slots=True)
class Act:
    """Something that staff do to a case: its name, the statuses it may start from, the one it leads to (None: stays).

    `needs_why`: whether a reason must be given.
    """

    name: str
    shown: str
    starts: frozenset[str]
    leads: str | None = None
    needs_why: bool = False


_OPEN = frozenset(STATUSES) - CLOSED
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("accept", "受理", frozenset({"filed"}), "accepted"),
        Act("assign", "分给调解员", _OPEN),
        Act("edit", "更正登记", _OPEN, needs_why=True),
        Act("note", "记一笔", frozenset(STATUSES)),
    )
}
#: Acts that are not of the staff, as the history shows them.
OTHER_ACTS: Mapping[str, str] = {
    "file": "登记",
    "take_over": "进入谈话",
    "hand_back": "交还分诊台",
    "withdraw": "撤回申请",
    "amend": "更正",
    "supplement": "补充",
    "take_back_privacy": "撤回对隐私说明的同意",
    "take_back_health": "撤回对记录病情的同意",
    "take_back_handover": "撤回移交的同意",
    "erasure_asked": "要求删除资料",
    "unmask": "看了全的姓名、电话",
}

#: Special groups of the Ministry's statistics and of the laws on protection, as the queue filters by them.
GROUPS: Mapping[str, str] = {
    "minor": "未成年人",
    "elder": "老年人",
    "violence": "家暴",
    "migrant": "农民工",
    "many": "十人以上",
    "helped": "别人代办",
}
#: R7: about a month; R23: 30 working days in medical matters (appraisal not counted: a mediator extends it).
DAYS, WORKING_DAYS = 30, 30


class Unlawful(ValueError):
    """The act may not be done in this status; the message says so in plain Chinese."""


def lawful(act: str, status: str) -> str:
    """The status that an act leads to. Raises Unlawful when it may not start from `status`, KeyError for no act."""
    known = ACTS[act]
    if status not in known.starts:
        raise Unlawful(f"这件现在是“{STATUSES.get(status, status)}”，不能再“{known.shown}”。")
    return known.leads or status


def groups(document: Mapping[str, Any]) -> list[str]:
    """Special groups that a filed record touches, in the order of GROUPS."""
    facts: Mapping[str, Any] = document["facts"]
    signs = {sign["kind"] for sign in document["signs"]}
    flags = set(document.get("flags", ()))
    value = {key: fact["value"] for key, fact in facts.items()}
    found = {
        "minor": "minor" in signs or _some(facts.get("children")),
        "elder": document["matter"]["subtype"] == "elder_support" or "老" in _shown(facts.get("dependants")),
        "violence": "violence" in signs
        or document["matter"]["subtype"] == "domestic_violence"
        or value.get("violence_now") in ("now", "past"),
        "migrant": value.get("migrant_worker") == "yes",
        "many": "joint_case" in flags,
        "helped": value.get("on_behalf") == "other",
    }
    return [group for group in GROUPS if found[group]]


def _some(fact: Mapping[str, Any] | None) -> bool:
    return fact is not None and not _shown(fact).startswith(("没", "无"))


def _shown(fact: Mapping[str, Any] | None) -> str:
    return str(fact["shown"]) if fact else ""


def line(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the queue shows of a record: who against whom, where, how much, the gist, the words of danger."""
    facts: Mapping[str, Any] = document["facts"]
    named = {party["role"]: party["name"] for party in reversed(document["parties"]) if party.get("name")}
    others = [role for role in ("respondent", "crew_boss", "subcontractor", "general_contractor") if role in named]
    place = document["place"]
    return {
        "matter": document["matter"]["name"],
        "applicant": named.get("applicant"),
        "respondent": named[others[0]] if others else None,
        "place": place["names"][-1] if place and place.get("names") else None,
        "amount": _shown(facts.get("amount")) or None,
        "wanted": _shown(facts.get("wanted"))[:60] or None,
        "story": _shown(facts.get("story"))[:80] or None,
        "body": document["committee"]["name"] if document["committee"] else None,
        "danger": list(dict.fromkeys(sign["words"][:40] for sign in document["signs"]))[:3],
    }


def ground(document: Mapping[str, Any]) -> str:
    """The slash path that decides who sees a case: its committee's area; without a committee, where it happened."""
    if document["committee"]:
        return str(document["committee"]["area"])
    return str(document["place"]["path"]) if document["place"] else ""


def due(document: Mapping[str, Any]) -> datetime:
    """When the case should be finished: 30 days (R7), 30 working days in medical matters (R23)."""
    filed = datetime.fromisoformat(document["filed_at"])
    if document["matter"]["type"] != "medical":
        return filed + timedelta(days=DAYS)
    day, _ = after_working_days(filed.date(), WORKING_DAYS)
    return datetime.combine(day, filed.time())


def searchable(document: Mapping[str, Any]) -> str:
    """The words by which a record is found: receipt, names, numbers, her own words, and what was understood."""
    named = [part for party in document["parties"] for part in (party.get("name"), party.get("phone")) if part]
    facts = [fact[part] for fact in document["facts"].values() for part in ("shown", "words")]
    said = [bubble["text"] for bubble in document["transcript"] if bubble["who"] != "desk"]
    place = document["place"]["path"] if document["place"] else ""
    return "\n".join([document["receipt"], document["matter"]["name"], place, *named, *facts, *said])
