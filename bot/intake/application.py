"""The 人民调解申请书, filled from a record: what stands in each field of the official form (DOMAIN 6).

Hides which facts belong to which field. Three kinds of emptiness are kept apart: a value; "未提供" where she was asked
and did not say; an empty field to write on where nobody asked. Called by the desk; printed by `bot.documents` (Word)
and by the page of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.intake.parties import DETAILS, FORMS, parties
from bot.intake.record import Fact, Record
from bot.intake.taxonomy import Taxonomy

NOT_GIVEN = "未提供"
NOT_FITTING = "——"
#: Facts that have a field of their own on the form, or are no business of the other side.
ELSEWHERE = frozenset(
    (
        *DETAILS,
        "story",
        "wanted",
        "applicant_name",
        "phone",
        "applicant_details",
        "safe_time",
        "safe_contact",
        "on_behalf",
        "helper_name",
        "helper_relation",
        "helper_phone",
        "helper_authority",
        "call_first",
        "counterpart",
        "counterpart_contact",
        "hospital",
        "general_contractor",
        "subcontractor",
        "crew_boss",
        "violence_now",
    )  # fmt: skip
)
AUTHORITY = {"entrusted": "委托代理人", "guardian": "法定代理人"}
ROLES = {"general_contractor": "总包", "subcontractor": "分包", "crew_boss": "包工头"}
#: Characters of the story that fit on the sheet beside everything else.
LONGEST_STORY = 420


def filed_record(document: Mapping[str, Any]) -> Record:
    """The record as it stands in a filed document."""
    record = Record.from_dict(document)
    record.type, record.subtype = document["matter"]["type"], document["matter"]["subtype"]
    return record


def application(
    record: Record, taxonomy: Taxonomy, questions: Sequence[str], sent: Sequence[str] = ()
) -> dict[str, Any]:
    """Fields of the form: applicant, agent (or None), respondents (each a mapping of column → text), events, facts, wanted.

    `questions` are the facts that the interview asks, `sent` titles of photos and papers. All values are texts.
    """
    named = parties(record)
    sides = [party for party in named if party["role"] not in ("applicant", "agent", "helper")]
    agent = next((party for party in named if party["role"] in ("agent", "helper")), None)
    return {
        "applicant": _person(record, named[0], own=True),
        "agent": _agent(record, agent),
        "respondents": [_person(record, party) for party in sides] or [_nobody(record)],
        "events": _story(record),
        "facts": _facts(record, taxonomy, questions),
        "evidence": _evidence(record, sent),
        "wanted": _text(record, "wanted"),
    }


def _text(record: Record, key: str) -> str:
    """A fact for the form: its value with her words where they differ; 未提供; or empty."""
    fact = record.facts.get(key)
    if fact is not None:
        return with_words(fact)
    if record.blanks.get(key) == "none":
        return "没有"
    return record.unread.get(key) or (NOT_GIVEN if key in record.blanks else "")


def with_words(fact: Fact) -> str:
    """The computed value and, where they differ, the words it came from: 32,000元（原话“三万二”）."""
    words = fact.words.strip(" ，。,.")
    short = len(words) <= 30 and words != fact.shown and words not in fact.shown
    return f"{fact.shown}（原话“{words}”）" if short and fact.source != "choice" else fact.shown


def _person(record: Record, party: dict[str, Any], own: bool = False) -> dict[str, str]:
    organisation = party["form"] in ("legal", "unincorporated") or party["kind"] == "organisation"
    name_key = "applicant_name" if own else "counterpart"
    name = party["name"] or (NOT_GIVEN if name_key in record.blanks else "")
    if party["role"] in ROLES:
        name += f"（{ROLES[party['role']]}）"
    phone_key = "phone" if own else "counterpart_contact"
    columns = {key: party.get(key) or (_missing(record, key) if own else "") for key in DETAILS}
    if organisation:
        columns.update(dict.fromkeys(("gender", "ethnicity", "age", "occupation"), NOT_FITTING))
    return {
        "name": name,
        "form": FORMS.get(party["form"] or "", "单位" if organisation else ""),
        "phone": party["phone"] or (_missing(record, phone_key) if own or party["role"] == "respondent" else ""),
        **columns,
    }


def _missing(record: Record, key: str) -> str:
    if record.blanks.get(key) == "none":
        return "没有"
    asked = key in record.blanks or (key in DETAILS and "applicant_details" in record.blanks)
    return NOT_GIVEN if asked else ""


def _nobody(record: Record) -> dict[str, str]:
    """The other side is not named: a row to write on, with what was said of it."""
    said = record.facts.get("counterpart")
    name = said.words if said else record.unread.get("counterpart") or _missing(record, "counterpart")
    return {"name": name, "form": "", "phone": _missing(record, "counterpart_contact"), **dict.fromkeys(DETAILS, "")}


def _agent(record: Record, agent: dict[str, Any] | None) -> dict[str, str] | None:
    if agent is None:
        return None
    return {
        "name": agent["name"] or _missing(record, "helper_name"),
        "title": AUTHORITY.get(agent["authority"] or "", "代为填写人"),
        "relation": agent["relation"] or _missing(record, "helper_relation"),
        "phone": agent["phone"] or _missing(record, "helper_phone"),
    }


def _story(record: Record) -> str:
    story = record.facts.get("story")
    text = " ".join(story.shown.split()) if story else ""
    return text if len(text) <= LONGEST_STORY else f"{text[:LONGEST_STORY]}……（全文见登记）"


def _facts(record: Record, taxonomy: Taxonomy, questions: Sequence[str]) -> list[dict[str, str]]:
    """The facts of the matter as label and text, in the order of the questions; what was not said is left out."""
    order = dict.fromkeys([*questions, *record.facts])
    return [
        {"label": taxonomy.facts[key].label, "text": with_words(record.facts[key])}
        for key in order
        if key in record.facts and key not in ELSEWHERE and key != "evidence"
    ]


def _evidence(record: Record, sent: Sequence[str]) -> str:
    told = _text(record, "evidence")
    papers = f"另附 {len(sent)} 个文件：{'、'.join(sent)}" if sent else ""
    return "；".join(part for part in (told, papers) if part)
