"""The filed record as a document, the read-back card, and the result: three views of one `Record`.

`document` is what lies in the database and what `bot/knowledge/record.schema.json` describes; `card` and `result`
are what the citizen sees. Nothing is invented: an empty field is None ("未提供"). Called by the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.intake.clocks import Clock
from bot.intake.doubts import flagged
from bot.intake.parties import first_call, parties
from bot.intake.record import BLANKS, Record
from bot.intake.rules import NATIONAL, Card
from bot.intake.safety import duty_to_report
from bot.intake.taxonomy import Matter, Taxonomy

SCHEMA_VERSION = "1.1"
#: What the document says of a photo or paper; its bytes lie in the folder under `id`.
SENT = ("id", "title", "kind", "size", "pages", "sha256", "at")
#: What stands in a row that nobody has filled.
OPEN = "没填，想填就点这里"


def card(
    record: Record, taxonomy: Taxonomy, questions: Iterable[str], sent: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Rows of the read-back card: fact, label, value as understood, exact words, whether blank. In asking order.

    `sent` are the titles of the photos and papers that go with the matter.
    """
    matter = taxonomy.matter(record.type, record.subtype) if record.type else None
    rows: list[dict[str, Any]] = []
    if matter is not None:
        rows.append({"fact": "type", "label": "纠纷类型", "shown": matter.name, "words": "", "blank": False})
    for side in sides(record, taxonomy):
        rows.append({"fact": "other_matter", "label": "一起记的", "shown": side.name, "words": "", "blank": False})
    order = [key for key in questions if key not in ("health_consent",)]
    heard = [key for key in record.facts if key not in order]
    placed: list[str] = []
    for key in order:
        placed.append(key)
        if matter is not None:
            placed += taxonomy.asked_with(matter, key)
    calls = record.value("on_behalf") == "other" and matter is not None
    for key in dict.fromkeys((*placed, *heard, *(("call_first",) if calls else ()))):
        if key == "call_first":
            rows.append(_call(record, taxonomy.facts[key].label))
            continue
        spec = taxonomy.facts[key]
        fact = record.facts.get(key)
        if fact is not None:
            same = fact.words == fact.shown
            rows.append(
                {
                    "fact": key,
                    "label": spec.label,
                    "shown": fact.shown,
                    "words": "" if same else fact.words,
                    "blank": False,
                }
            )
        elif key in record.blanks:
            words = record.unread.get(key, "")
            rows.append(
                {"fact": key, "label": spec.label, "shown": BLANKS[record.blanks[key]], "words": words, "blank": True}
            )
        elif spec.brief and key in record.offered and key != "evidence":
            # Named beside another question and passed over: she can still add it.
            rows.append({"fact": key, "label": spec.label, "shown": OPEN, "words": "", "blank": True})
    if matter is not None and not record.said("evidence"):
        label, shown = taxonomy.facts["evidence"].label, "没说；有就点这里补上，没有也能申请"
        rows.append({"fact": "evidence", "label": label, "shown": shown, "words": "", "blank": True})
    if record.value("on_behalf") == "other":
        for row in rows:  # the card is read by who helps
            row["label"] = row["label"].replace("您的", "当事人的").replace("您想要", "当事人想要")
    if sent:
        shown = f"{len(sent)} 个：{'、'.join(sent)}"
        rows.append({"fact": "attachments", "label": "照片和文件", "shown": shown, "words": "", "blank": False})
    if matter is not None and "applicant_details" not in record.facts:
        # 申请书 has these columns: offered last and optional, without a question of its own (DOMAIN 3).
        label = taxonomy.facts["applicant_details"].label
        rows.append({"fact": "applicant_details", "label": label, "shown": OPEN, "words": "", "blank": True})
    return rows


def _call(record: Record, label: str) -> dict[str, Any]:
    """Whose telephone rings first, for a talk told by somebody else."""
    call, said = first_call(record), record.facts.get("call_first")
    who = "代办人" if call["who"] == "helper" else "当事人"
    shown = " ".join(part for part in (who, call["name"], call["phone"]) if part)
    blank = call["phone"] is None
    words = said.words if said is not None and said.words != said.shown else ""
    return {
        "fact": "call_first",
        "label": label,
        "shown": f"{shown}（没有号码）" if blank else shown,
        "words": words,
        "blank": blank,
    }


def document(
    record: Record,
    matter: Matter,
    *,
    receipt: str,
    matter_no: int,
    filed_at: str,
    colour: tuple[str, Sequence[str]],
    rules: Sequence[Card] = (),
    clocks: Sequence[Clock] = (),
    transcript: Sequence[Mapping[str, Any]],
    taxonomy: Taxonomy,
    attachments: Sequence[Mapping[str, Any]] = (),
    banners: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The filed record. `transcript` are bubbles as dicts with turn, who, at, text; `attachments` what she sent;
    `banners` of `Safety.banners`."""
    place = record.value("place")
    routing = record.routing or {}
    health = record.consent("health")
    return {
        "schema_version": SCHEMA_VERSION,
        "receipt": receipt,
        "matter_no": matter_no,
        "status": "filed",
        "filed_at": filed_at,
        "source": "申请",
        "matter": {
            "type": matter.type,
            "subtype": matter.subtype,
            "name": matter.name,
            "official_code": matter.code,
            "confidence": record.type_confidence,
            "alternatives": record.type_alternatives,
            "settled_by": record.type_by,
        },
        "side_matters": side_matters(record, taxonomy),
        "linked": [{"receipt": record.follows, "how": "before"}] if record.follows else [],
        "parties": parties(record),
        "first_call": first_call(record),
        "place": place if isinstance(place, Mapping) and place.get("path") else None,
        "facts": {key: asdict(fact) for key, fact in record.facts.items()},
        "blanks": dict(record.blanks),
        "unread": dict(record.unread),
        "attachments": [{key: sent[key] for key in SENT} for sent in attachments],
        "signs": list(record.signs),
        "doubts": [dict(doubt) for doubt in record.doubts],
        "colour": {"grade": colour[0], "reasons": list(colour[1])},
        "committee": record.committee,
        "alternatives": routing.get("alternatives", []),
        "routing_reasons": routing.get("reasons", []),
        "doors": routing.get("doors", []),
        "safety_first": bool(routing.get("safety_first", False)),
        "rules": list(dict.fromkeys((*(card.id for card in rules), *(banner["rule"] for banner in banners)))),
        "local_rules": [
            {
                "rule": card.id,
                "said": card.citizen,
                "article": card.article,
                "checked_on": card.checked_on.isoformat() if card.checked_on else None,
            }
            for card in rules
            if card.holds_for != NATIONAL
        ],
        "clocks": [clock.to_dict() for clock in clocks],
        "flags": flags(record),
        "banners": [dict(banner) for banner in banners],
        "consents": [asdict(consent) for consent in record.consents],
        "health_facts_consented": health.given if health else None,
        "transcript": [dict(line) for line in transcript],
        "amendments": [],  # what she changes or adds later: never written over what was filed
        "restricted": False,
        "versions": {"model": record.model, "release": record.release, "taxonomy": taxonomy.version},
    }


def sides(record: Record, taxonomy: Taxonomy) -> list[Matter]:
    """Matters kept beside the main one in the same record."""
    return [taxonomy.matters[other["key"]] for other in record.others if other["way"] == "together" and other["key"]]


def side_matters(record: Record, taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """The side matters with the words that told of them."""
    told = [other for other in record.others if other["way"] == "together" and other["key"]]
    return [
        {"type": side.type, "subtype": side.subtype, "name": side.name, "official_code": side.code,
         "words": other["words"], "turn": other["turn"]}
        for other, side in zip(told, sides(record, taxonomy))
    ]  # fmt: skip


def flags(record: Record) -> list[str]:
    """What the mediator must look at first (R4 accepted elsewhere, R41 safety, R42 duty to report)."""
    found = []
    kinds = record.sign_kinds()
    if record.value("handled_before") in ("court", "police", "arbitration", "committee"):
        found.append("handled_elsewhere")
    if "violence" in kinds or record.subtype == "domestic_violence" or record.value("violence_now") == "now":
        found.append("no_face_to_face_first")
    if duty_to_report(record) is not None:
        found.append("duty_to_report")
    if record.value("helper_authority") == "unaware":
        found.append("applicant_unaware")
    if isinstance(record.value("people"), int) and record.value("people") >= 10:
        found.append("joint_case")
    if any(other["way"] == "together" for other in record.others):
        found.append("two_matters")
    if flagged(record):
        found.append("doubtful")
    return found


def result(filed: Mapping[str, Any], matter: Matter) -> dict[str, Any]:
    """What the citizen is told after filing: committee, why, second choice, what to bring, other doors, receipt."""
    return {
        "receipt": filed["receipt"],
        "filed_at": filed["filed_at"],
        "type": matter.name,
        "committee": filed["committee"],
        "reasons": filed["routing_reasons"],
        "alternatives": filed["alternatives"][:2],
        "bring": list(matter.bring),
        "doors": list(filed["doors"]),
        "limits": [
            {"said": clock["sentence"], "article": clock["article"], "caveat": clock["caveat"]}
            for clock in filed.get("clocks", ())
            if clock["sentence"]
        ],
        "local_rules": list(filed.get("local_rules", ())),
        "safety_first": filed["safety_first"],
        "flags": filed["flags"],
    }
