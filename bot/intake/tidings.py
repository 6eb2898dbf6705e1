"""What the citizen is told of an act on her case: named responses, said in her chat.

Pure; the wording is in `domain.yml`. Called by `bot.case_acts`; the page that did the act puts it into her chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.intake.cases import CONFIRM_DAYS, UNCONFIRMABLE
from bot.intake.course import Course
from bot.intake.particulars import Choices

#: A named response and what fills its braces.
Tiding = tuple[str, dict[str, str]]
_WEEK = "一二三四五六日"
#: Acts told in one sentence that needs no particulars.
PLAIN: Mapping[str, str] = {
    "accept": "utter_case_accept",
    "decline": "utter_case_decline",
    "answer": "utter_case_answer",
    "recall": "utter_case_recall",
    "fail": "utter_case_fail",
    "give_up": "utter_case_give_up",
    "close": "utter_case_close",
    "reopen": "utter_case_reopen",
}


def tidings(
    act: str, told: Mapping[str, Any], why: str | None, document: Mapping[str, Any], before: Course, choices: Choices
) -> list[Tiding]:
    """What she is told of an act with particulars `told`; `before`: the case before it. Often nothing."""
    body = (document["committee"] or {}).get("name") or "调解中心"
    fill = {"name": body, "receipt": document["receipt"]}
    if act == "refuse":
        reason = choices.refusals[told["reason"]].citizen
        more = f"（{told['words']}）" if told["words"] else ""
        return [("utter_case_refused", {**fill, "reason": f"{reason}{more}", "door": told["door"]})]
    if act == "ask":
        return [("utter_case_question", {**fill, "words": told["words"]})]
    if act == "offer":
        return [("utter_case_offer", {**fill, "to": told["to"]["name"], "why": why or ""})]
    if act == "transfer":
        to = told["to"]
        return [("utter_case_transferred", {**fill, "to": to["name"], "phone": to.get("phone") or "回执上有"})]
    if act == "appoint":
        again = before.session is not None
        when = said_time(datetime.fromisoformat(told["at"]))
        return [
            ("utter_case_session_moved" if again else "utter_case_session",
             {**fill, "when": when, "way": choices.name("ways", told["way"]), "where": told["where"]})
        ]  # fmt: skip
    if act == "cancel":
        at = before.session["at"] if before.session else ""
        return [("utter_case_session_off", {**fill, "when": said_time(datetime.fromisoformat(at)), "why": why or ""})]
    if act == "agree":
        said: list[Tiding] = [("utter_case_agreed", {**fill, "terms": told["terms"]})]
        if document["matter"]["subtype"] not in UNCONFIRMABLE and not told["performed"]:
            last = date.fromisoformat(told["effective_on"]) + timedelta(days=CONFIRM_DAYS)
            said.append(("utter_case_confirm", {**fill, "until": f"{last.month}月{last.day}日"}))
        return said
    if act == "end":
        reason = choices.name("endings", told["reason"])
        return [("utter_case_ended", {**fill, "reason": reason})]
    if act == "perform":
        return [("utter_case_reneged", fill)] if told["result"] == "reneged" else []
    return [(PLAIN[act], fill)] if act in PLAIN else []


def said_time(at: datetime) -> str:
    """11月25日（星期三）9:00."""
    return f"{at.month}月{at.day}日（星期{_WEEK[at.weekday()]}）{at.hour}:{at.minute:02d}"
