"""A filed record as a case: its lawful statuses and acts, its line in the queue, whom it touches, how long it may take.

Pure: a status changes only by an act of the table below (`lawful`), whoever asks. Called by `casework`, by the store
for the queue's columns and by the console's pages. What an act must say is `particulars`, where a case stands after
its history is `course`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.intake.working_days import after_working_days

#: Statuses as they are stored, and as people read them.
STATUSES: Mapping[str, str] = {
    "filed": "待受理",
    "accepted": "已受理",
    "mediating": "调解中",
    "agreed": "达成协议",
    "failed": "没调成",
    "ended": "终止",
    "refused": "不受理",
    "withdrawn": "当事人撤回",
    "closed": "已办结",
}
#: Statuses in which the mediation is still to be finished: only these can be overdue.
RUNNING: frozenset[str] = frozenset({"filed", "accepted", "mediating"})
#: Statuses in which nothing is owed to the citizen any more. An agreement is still followed through.
CLOSED: frozenset[str] = frozenset(STATUSES) - RUNNING - {"agreed"}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to a case: its name, the statuses it may start from, the one it leads to (None: stays).

    `needs_why`: whether a reason must be given.
    """

    name: str
    shown: str
    starts: frozenset[str]
    leads: str | None = None
    needs_why: bool = False


_OPEN = RUNNING | {"agreed"}
_TAKEN_UP = frozenset({"accepted", "mediating"})
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("accept", "受理", frozenset({"filed"}), "accepted"),
        Act("refuse", "不受理", frozenset({"filed"}), "refused"),
        Act("assign", "分给调解员", _OPEN),
        Act("edit", "更正登记", _OPEN, needs_why=True),
        Act("retype", "改纠纷类型", _OPEN, needs_why=True),
        Act("note", "记一笔", frozenset(STATUSES)),
        Act("ask", "问当事人", _OPEN),
        Act("answer", "当事人回话", _OPEN),
        Act("offer", "提出转给别家", RUNNING, needs_why=True),
        Act("transfer", "当事人同意，转给别家", RUNNING, "filed"),
        Act("decline", "当事人不同意转", RUNNING),
        Act("recall", "收回问话", _OPEN),
        Act("appoint", "约调解", _TAKEN_UP, "mediating"),
        Act("cancel", "取消约好的调解", frozenset({"mediating"}), needs_why=True),
        Act("meet", "记一次调解", _TAKEN_UP, "mediating"),
        Act("agree", "达成协议", _TAKEN_UP, "agreed"),
        Act("fail", "没调成", _TAKEN_UP, "failed", needs_why=True),
        Act("end", "终止调解", RUNNING, "ended", needs_why=True),
        Act("give_up", "当事人撤回申请（代记）", RUNNING, "withdrawn", needs_why=True),
        Act("perform", "记履行", frozenset({"agreed"})),
        Act("confirm", "司法确认", frozenset({"agreed"})),
        Act("visit", "回访", frozenset({"agreed", "failed", "ended", "closed"})),
        Act("close", "办结", frozenset({"refused", "agreed", "failed", "ended", "withdrawn"}), "closed"),
        Act("reopen", "重新办", CLOSED | {"agreed"}, "accepted", needs_why=True),
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
#: What may still be done when she asked for deletion or took a consent back: it is stored and not used (PIPL 47).
_RESTRICTED = frozenset({"note", "end", "give_up", "close"})
#: R11: after the agreement took effect. R13: identity, adoption and marriage are not confirmed.
CONFIRM_DAYS = 30
UNCONFIRMABLE = frozenset({"marriage"})

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


@dataclass(frozen=True, slots=True)
class Standing:
    """What an act's lawfulness depends on. `pending`: question | transfer, asked of the citizen and not answered.

    `session`: one is appointed; `taken_up`: this committee accepted it; `restricted`: stored and not used;
    `performed`: how the agreement was kept is on record; `confirmable`: R13; `effective_on`: of the agreement, for R11.
    """

    status: str = "filed"
    pending: str | None = None
    session: bool = False
    taken_up: bool = False
    restricted: bool = False
    performed: bool = False
    confirmable: bool = True
    effective_on: date | None = None


def lawful(act: str, standing: Standing, why: str | None = None, on: date | None = None) -> str:
    """The status that an act leads to. `on`: the day of the event that it records. Raises Unlawful, with the reason,
    when it may not be done; KeyError for no act."""
    known = ACTS[act]
    if standing.status not in known.starts:
        raise Unlawful(f"这件现在是“{STATUSES.get(standing.status, standing.status)}”，不能“{known.shown}”。")
    if standing.restricted and act not in _RESTRICTED:
        raise Unlawful("当事人要求删除或者撤回了同意：这件只能存着，不能再办、再传。")
    if act == "ask" and standing.pending == "transfer":
        raise Unlawful("转给别家的事，当事人还没回话。等回了再问，或者先收回那句问话。")
    if act == "offer" and standing.pending is not None:
        raise Unlawful("还有一句话在等当事人回。等回了再提，或者先收回那句问话。")
    if act == "recall" and standing.pending is None:
        raise Unlawful("现在没有在等当事人回的话。")
    if act == "answer" and standing.pending != "question":
        raise Unlawful("现在没有在等当事人回的问题。")
    if act in ("transfer", "decline") and standing.pending != "transfer":
        raise Unlawful("没有提出过转给别家，要先提出、说原因，当事人同意了才能转。")
    if act == "cancel" and not standing.session:
        raise Unlawful("没有约好的调解可以取消。")
    if act == "confirm":
        if not standing.confirmable:
            raise Unlawful("离婚、收养这类身份上的事，法院不确认（规则卡 R13）。")
        last = (standing.effective_on or date.max - timedelta(days=CONFIRM_DAYS)) + timedelta(days=CONFIRM_DAYS)
        if on is not None and on > last:
            raise Unlawful(
                f"司法确认要在协议生效后三十天内一起去申请，{last.month}月{last.day}日就到期了（规则卡 R11）。"
            )
    if act == "close" and standing.status == "agreed" and not standing.performed and not (why or "").strip():
        raise Unlawful("协议履行得怎么样还没记。先记履行；现在就要办结的话，写一句为什么。")
    if known.needs_why and not (why or "").strip():
        raise Unlawful(f"“{known.shown}”要写一句为什么。")
    if act == "reopen" and not standing.taken_up:
        return "filed"
    return known.leads or standing.status


def lawful_acts(standing: Standing) -> list[str]:
    """Acts that may be done now, given a reason where one is needed, in the order of the table."""
    found = []
    for act in ACTS:
        try:
            lawful(act, standing, "-")
        except Unlawful:
            continue
        found.append(act)
    return found


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
