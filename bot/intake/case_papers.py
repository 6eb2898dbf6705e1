"""The papers of a case: which forms the file has, what stands in each field, the order of the file (DOMAIN 6).

Hides which fields belong to which form. As on the 申请书, what nobody said or wrote down is an empty field to write on;
nothing goes from one side's telling into a paper that both sides sign but what the mediator read over and kept in the
form of the agreement (`told_by_her` is what that form offers). Pure. Called by `bot.casefile`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.intake.cases import GROUPS, groups
from bot.intake.course import PERFORMANCES, Course

SATISFIED: Mapping[str, str] = {"yes": "满意", "partly": "一般", "no": "不满意"}
NO_DAY = "　　　　年　　月　　日"
#: Empty lines to write on where nothing is known, on a form that is filled in by hand.
LINES = {"inquiry": 16, "session": 16, "more": 6, "terms": 8, "facts": 4}
SHIELDED = "（由调委会另存）"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the file: its template's name, its title, when it belongs in the file."""

    name: str
    title: str
    about: str


#: In the order of the file.
FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("application", "人民调解申请书", "来访的人签字或按指印"),
        Form("acceptance", "人民调解受理登记表", "受理的时候填"),
        Form("rights_notice", "权利义务告知书", "调解开始以前念给双方听，双方各签一份"),
        Form("inquiry", "人民调解调查记录", "去问人、看现场的时候用，可以印几份"),
        Form("session", "人民调解记录", "每调一次记一份"),
        Form("agreement", "人民调解协议书", "谈成了用；双方和调委会各留一份"),
        Form("return_visit", "人民调解回访记录", "协议以后去看履行得怎么样"),
        Form("confirmation", "司法确认申请书", "想请法院确认的用，要双方一起去"),
        Form("contents", "人民调解卷宗目录", "放在卷宗最前面"),
    )
}


def belongs(form: str, done: Course) -> bool:
    """Whether a form belongs in the file of a case that has come so far."""
    if form in ("agreement", "confirmation"):
        return done.outcome == "agreed" and (form == "agreement" or done.confirmed)
    return form != "return_visit" or bool(done.visits)


def case_fields(
    document: Mapping[str, Any],
    application: Mapping[str, Any],
    done: Course,
    *,
    mediator: str | None,
    code_name: str,
    today: date,
) -> dict[str, Any]:
    """Fields of all forms of a case but the 申请书 and the list of contents.

    `application` are the fields of the 申请书; `mediator` who has the case; `code_name` the Ministry's type.
    """
    committee = document["committee"] or {}
    shielded = "no_face_to_face_first" in document["flags"]
    applicant = dict(application["applicant"])
    agreement = done.agreement
    visit = done.visits[-1] if done.visits else None
    place = document["place"]
    return {
        "number": document["receipt"],
        "committee": committee.get("name", ""),
        "filed_day": day(datetime.fromisoformat(document["filed_at"]).date()),
        "accepted_day": day(done.accepted_at.date() if done.accepted_at else None),
        "accepted_by": done.accepted_by or "",
        "mediator": mediator or "",
        "applicant": applicant,
        # What the other side reads does not tell where somebody who was hurt lives and under which number.
        "shown_applicant": {**applicant, "phone": SHIELDED, "address": SHIELDED} if shielded else applicant,
        "respondents": [dict(one) for one in application["respondents"]],
        "agent": application["agent"],
        "matter": document["matter"]["name"].removesuffix("纠纷"),  # the forms write the word themselves
        "code": document["matter"]["official_code"] or "",
        "code_name": code_name,
        "applied": _tick(document["source"] == "申请"),
        "on_own_account": _tick(document["source"] == "主动"),
        "place": "".join(place["names"]) if place and place.get("names") else "",
        "events": application["events"],
        "told": list(application["facts"]),
        "evidence": application["evidence"],
        "wanted": application["wanted"],
        "groups": "、".join(GROUPS[group] for group in groups(document)),
        "safe_time": _shown(document, "safe_time"),
        "safe_contact": _shown(document, "safe_contact"),
        **session_fields(done.session, done.meetings[-1] if done.meetings else None),
        "agreement_number": document["receipt"] if agreement else "",
        "agreement_day": day(_date(agreement.get("effective_on")) if agreement else None),
        **_agreement_fields(agreement or {}),
        "visit_day": day(visit.at.date() if visit else None),
        "visit_by": visit.who if visit else "",
        "visit_words": _text(visit.told, "words") if visit else "",
        "performed": PERFORMANCES.get(done.performance, "") if agreement else "",
        "satisfied": SATISFIED.get(_text(visit.told, "satisfied"), "") if visit else "",
        "inquiry_lines": [""] * LINES["inquiry"],
        "printed": f"由分诊台 {today.year}年{today.month}月{today.day}日 预填，空着的地方请用笔写。",
    }


def session_fields(appointed: Mapping[str, Any] | None, held: Mapping[str, Any] | None) -> dict[str, Any]:
    """Fields of one 调解记录: of the session that is appointed (to write on); when none is, of the one `held` last."""
    if appointed is None and held is not None:
        planned = held.get("session") or {}
        same_day = str(planned.get("at", ""))[:10] == held.get("on")
        return {
            "session_at": moment(planned["at"]) if same_day else day(_date(held.get("on"))),
            "session_place": _text(held, "where") or (_where(planned) if same_day else ""),
            "session_came": _text(held, "came"),
            "session_words": _text(held, "words"),
            "session_lines": [""] * LINES["more"],
        }
    return {
        "session_at": moment(appointed["at"]) if appointed else "",
        "session_place": _where(appointed or {}),
        "session_came": "",
        "session_words": "",
        "session_lines": [""] * LINES["session"],
    }


def told_by_her(document: Mapping[str, Any]) -> str:
    """What the form of an agreement offers as its facts: the applicant's telling, said to be hers.

    Empty where somebody was hurt: the other side reads it.
    """
    events = _shown(document, "story")
    if not events or "no_face_to_face_first" in document["flags"]:
        return ""
    return f"申请人说：{events}"


def _agreement_fields(agreement: Mapping[str, Any]) -> dict[str, Any]:
    facts, disputed, terms = (_text(agreement, name) for name in ("facts", "disputed", "terms"))
    days = [part["on"] for part in agreement.get("parts") or ()]
    parts = [f"{day_of(part['on'])}给 {part['amount']:,.2f} 元" for part in agreement.get("parts") or ()]
    return {
        "agreed_facts": facts,
        "disputed": f"争的是：{disputed}" if disputed else "",
        "terms": terms,
        "manner": "；".join(filter(None, [_text(agreement, "manner"), *parts])),
        "deadline": day_of(agreement.get("due") or max(days, default=""))
        or ("当场履行" if agreement.get("performed") else ""),
        "fact_lines": [] if facts or disputed else [""] * LINES["facts"],
        "term_lines": [] if terms else [""] * LINES["terms"],
    }


def _where(session: Mapping[str, Any]) -> str:
    """A place, or how they talk from afar."""
    where = _text(session, "where")
    return f"远程（视频、电话）：{where}" if where and session.get("way") == "online" else where


def contents_fields(
    fields: Mapping[str, Any], entries: Sequence[Mapping[str, str]], opened: str, closed: str
) -> dict[str, Any]:
    """Fields of the 卷宗目录. `entries` have title and note; `opened`, `closed` are days as `day` writes them."""
    numbered = [{"no": str(n), "page": "", **entry} for n, entry in enumerate(entries, 1)]
    title = f"{fields['applicant']['name']}与{'、'.join(one['name'] for one in fields['respondents'] if one['name'])}"
    return {
        **fields,
        "title": f"{title}{fields['matter']}纠纷",
        "entries": numbered,
        "opened": opened,
        "closed": closed,
    }


def day(at: date | None) -> str:
    """A day as forms write it, or the empty places for one."""
    return f"{at.year}年{at.month}月{at.day}日" if at else NO_DAY


def moment(written: str) -> str:
    """A time kept as 2026-11-23T09:00 as forms write it: 2026年11月23日9时00分."""
    at = datetime.fromisoformat(written)
    return f"{day(at)}{at.hour}时{at.minute:02d}分"


def day_of(written: Any) -> str:
    """A day kept as 2026-11-23 as forms write it; empty for none."""
    found = _date(written)
    return day(found) if found else ""


def _date(written: Any) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) and written else None


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _tick(yes: bool) -> str:
    return "☑" if yes else "☐"


def _shown(document: Mapping[str, Any], fact: str) -> str:
    found = document["facts"].get(fact)
    return str(found["shown"]) if found else ""
