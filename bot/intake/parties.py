"""Who takes part: applicant, agent or helper, the other side; what each is in law; whose telephone is called first.

Hides how a name tells 自然人, 法人 and 非法人组织 apart, and what is left open: a shop or a hospital may be either, so
nothing is guessed (民法典 54 个体工商户, 76–101 法人, 102–103 非法人组织). Called by the document and the application.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.intake.names import named_kind
from bot.intake.record import Record

#: Facts that name somebody on the other side, and that party's role.
RESPONDENTS = {
    "counterpart": "respondent",
    "hospital": "respondent",
    "general_contractor": "general_contractor",
    "subcontractor": "subcontractor",
    "crew_boss": "crew_boss",
}
#: What a party is in law, as forms print it.
FORMS = {"natural": "自然人", "legal": "法人", "unincorporated": "非法人组织"}
#: With these authorities the helper acts for the applicant; otherwise she only helps to tell.
ACTING = ("entrusted", "guardian")
DETAILS = ("gender", "age", "ethnicity", "occupation", "address")

_UNINCORPORATED = re.compile(
    r"合伙|个人独资|律师事务所|律所|业主委员会|业委会|(?:分公司|分厂|分店|支行|分行|营业部|分理处|项目部|办事处|代表处)$"
)
_NATURAL = re.compile(r"个体(?:工商)?户|个体经营")
_LEGAL = re.compile(
    r"(?:公司|集团|合作社|联合社|经济联合社|村(?:民委员会|委会)|居(?:民委员会|委会)|人民政府|管理局|人社局|基金会|协会)$|有限(?:责任)?公司"
)


def legal_form(name: str, kind: str) -> str | None:
    """natural, legal, unincorporated, or None where the name alone does not say. `kind` is person, organisation, …"""
    bare = re.sub(r"[（(].*?[)）]$", lambda m: m.group() if re.search("合伙|个体", m.group()) else "", name.strip())
    if _NATURAL.search(bare):
        return "natural"
    if _UNINCORPORATED.search(bare):
        return "unincorporated"
    if _LEGAL.search(bare):
        return "legal"
    return "natural" if kind == "person" else None


def parties(record: Record) -> list[dict[str, Any]]:
    """Everybody named: each with role, kind, form, name, phone (None when not said).

    Only who was entrusted or is a guardian is an `agent`; who types for her, or whose authority is open, a `helper`.
    """
    shown = {key: fact.shown for key, fact in record.facts.items()}
    name = shown.get("applicant_name")
    kind = named_kind(name) if name else "person"
    kind = "organisation" if kind == "organisation" else "person"
    named: list[dict[str, Any]] = [
        {
            "role": "applicant",
            "kind": kind,
            "form": legal_form(name, kind) if name else None,
            "name": name,
            "phone": shown.get("phone"),
            **{key: shown.get(key) for key in DETAILS},
        }
    ]
    if record.value("on_behalf") == "other":
        authority = record.value("helper_authority")
        named.append(
            {
                "role": "agent" if authority in ACTING else "helper",
                "kind": "person",
                "form": "natural",
                "name": shown.get("helper_name"),
                "phone": shown.get("helper_phone"),
                "relation": shown.get("helper_relation"),
                "authority": authority,
            }
        )
    for key, role in RESPONDENTS.items():
        value = record.value(key)
        if isinstance(value, Mapping):
            phone = shown.get("counterpart_contact") if key == "counterpart" else None
            form = legal_form(value["name"], value["kind"])
            named.append({"role": role, "kind": value["kind"], "form": form, "name": value["name"], "phone": phone})
    return named


def first_call(record: Record) -> dict[str, Any]:
    """Whose telephone the mediator calls first: who (applicant, helper), name, phone, when it is safe.

    As she says; else the applicant's own, because it is her matter; the helper's where the applicant has none or
    cannot act for herself.
    """
    shown = {key: fact.shown for key, fact in record.facts.items()}
    who = "applicant"
    if record.value("on_behalf") == "other":
        guardian = record.value("helper_authority") == "guardian"
        alone = "phone" not in shown and "helper_phone" in shown
        who = record.value("call_first") or (
            "helper" if alone or (guardian and "helper_phone" in shown) else "applicant"
        )
    keys = ("helper_name", "helper_phone") if who == "helper" else ("applicant_name", "phone")
    return {"who": who, "name": shown.get(keys[0]), "phone": shown.get(keys[1]), "safe_time": shown.get("safe_time")}
