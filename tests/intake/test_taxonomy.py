"""Claims about the dispute types as data: complete after DOMAIN §2 and §3, and refused with its place when broken."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot import knowledge
from bot.intake.steps import HEALTH_FACTS
from bot.intake.taxonomy import Matter, Taxonomy, TaxonomyError
from bot.knowledge import FOLDER, read_yaml

FOCUS = {"family", "property", "wages", "medical", "land"}
RECEIVED = {"neighbour", "consumer", "traffic", "debt", "finance", "education", "injury", "other"}
ELSEWHERE = {"expropriation", "not_a_dispute"}
SUBTYPES = {
    "family": {"marriage", "custody", "elder_support", "inheritance", "domestic_violence"},
    "property": {"property_service", "elevator", "housing"},
    "wages": {"wage_arrears", "labour_other"},
    "land": {"land_transfer", "homestead", "collective_membership"},
}
#: The statistics codes of DOMAIN §2 (01 婚姻家庭 … 99 其他).
CODES = {f"{number:02d}" for number in range(1, 18)} | {"99"}
CODE_OF = {
    "family": "01",
    "neighbour": "02",
    "property/housing": "03",
    "land/homestead": "03",
    "debt": "04",
    "injury": "06",
    "land": "07",
    "expropriation": "08",
    "wages": "10",
    "consumer": "12",
    "medical": "13",
    "traffic": "14",
    "property/property_service": "15",
    "other": "99",
}
#: DOMAIN §3, first paragraph: what every record needs.
EVERYBODY = [
    "story",
    "place",
    "since",
    "counterpart",
    "counterpart_contact",
    "wanted",
    "amount",
    "people",
    "handled_before",
    "evidence",
    "applicant_name",
    "phone",
    "on_behalf",
    "helper_name",
    "helper_relation",
    "helper_authority",
    "safe_time",
    "gender",
    "ethnicity",
    "age",
    "occupation",
    "address",
]
NEEDED = {
    "wages/wage_arrears": "still_employed last_day months_owed amount trade site_name general_contractor subcontractor "
    "crew_boss written_contract last_claimed_on people migrant_worker",
    "medical": "health_consent hospital patient treated_on records_copied asked_hospital both_willing appraisal",
    "land/land_transfer": "land_mu written_contract term rent_per_mu paid_until land_use use_changed counterpart "
    "collective_consent is_expropriation",
    "property/property_service": "compound counterpart owners_committee fees_paid utility_cut",
    "property/elevator": "compound floors own_floor households_total households_joining households_agreeing "
    "areas_known objection cost_share lift_stage",
    "family/marriage": "relation children violence_now dependants wanted since",
}


def taxonomy() -> Taxonomy:
    return knowledge.taxonomy()


def listened(matter: Matter) -> set[str]:
    """Facts that a matter asks for or takes up when told."""
    keys = {*matter.facts, *matter.heard}
    keys |= {fact for key in keys if key in taxonomy().facts for fact in taxonomy().asked_with(matter, key)}
    return keys


def test_every_type_of_the_contract_is_there_in_its_order() -> None:
    order = "family property wages medical land neighbour consumer traffic debt finance education injury expropriation other not_a_dispute"
    assert list(taxonomy().types) == order.split()
    assert set(taxonomy().types) == FOCUS | RECEIVED | ELSEWHERE


@pytest.mark.parametrize("type_", sorted(FOCUS | RECEIVED | ELSEWHERE))
def test_a_type_has_the_sub_types_of_the_domain(type_: str) -> None:
    assert set(taxonomy().subtypes[type_]) == SUBTYPES.get(type_, set())


def test_the_five_focus_types_are_marked() -> None:
    assert {key for key in taxonomy().types if taxonomy().matters[key].focus} == FOCUS


@pytest.mark.parametrize("key", sorted(CODE_OF))
def test_a_matter_carries_its_official_code(key: str) -> None:
    assert taxonomy().matters[key].code == CODE_OF[key]


def test_every_code_is_one_of_the_official_list() -> None:
    assert {matter.code for matter in taxonomy().matters.values() if matter.code} <= CODES
    assert taxonomy().matters["not_a_dispute"].code is None


def test_a_lift_is_counted_with_neighbours_or_with_property_management() -> None:
    assert taxonomy().matters["property/elevator"].code in ("02", "15")


@pytest.mark.parametrize("key", sorted(set(CODE_OF) | set(NEEDED)))
def test_everybody_is_asked_or_heard_on_the_common_facts(key: str) -> None:
    matter = taxonomy().matters[key]
    other_side = {"counterpart"} if matter.type == "medical" else set()  # there the hospital is the other side
    if not matter.another_door:
        assert set(EVERYBODY) - other_side <= listened(matter)


@pytest.mark.parametrize("key", sorted(NEEDED))
def test_a_focus_type_reaches_the_facts_of_its_own_interview(key: str) -> None:
    assert set(NEEDED[key].split()) <= listened(taxonomy().matters[key])


@pytest.mark.parametrize("key", sorted(FOCUS | RECEIVED))
def test_whatever_the_matter_place_name_and_phone_are_asked(key: str) -> None:
    matter = taxonomy().matters[key]
    assert {"story", "place", "counterpart" if key != "medical" else "hospital", "applicant_name"} <= set(matter.facts)
    assert "phone" in taxonomy().asked_with(matter, "applicant_name")


def test_nobody_is_asked_for_an_identity_number() -> None:
    assert not any("身份证" in fact.label for fact in taxonomy().facts.values())


def test_the_other_doors_ask_nothing() -> None:
    assert {key for key in taxonomy().types if taxonomy().matters[key].another_door} == ELSEWHERE
    assert all(taxonomy().matters[key].facts == () for key in ELSEWHERE)


def test_the_official_details_are_never_needed_and_never_asked_early() -> None:
    details = ["applicant_details", *taxonomy().facts["applicant_details"].also]
    assert not any(taxonomy().facts[key].need for key in details)
    for matter in taxonomy().matters.values():
        asked = [fact for fact in matter.facts if fact in details]
        assert asked == [] or asked == ["applicant_details"] == list(matter.facts[-1:])


def test_a_missing_contract_never_blocks() -> None:
    assert not taxonomy().facts["written_contract"].need


def test_health_is_asked_only_after_its_consent() -> None:
    facts = taxonomy().matters["medical"].facts
    asked = [fact for fact in HEALTH_FACTS if fact in facts]
    assert len(asked) >= 3
    assert all(facts.index("health_consent") < facts.index(fact) for fact in asked)


def test_every_matter_names_rules_that_exist_and_says_what_to_bring() -> None:
    for matter in taxonomy().matters.values():
        assert set(matter.rules) <= set(knowledge.rules())
        assert matter.bring or matter.another_door


def test_every_question_says_why() -> None:
    assert all(fact.why.endswith("。") for fact in taxonomy().facts.values())


def test_an_unknown_sub_type_falls_back_to_its_type_and_an_unknown_type_is_an_error() -> None:
    assert taxonomy().matter("wages", "pirates") is taxonomy().matters["wages"]
    with pytest.raises(KeyError):
        taxonomy().matter("pirates")


def test_a_sub_type_skips_what_makes_no_sense_for_it() -> None:
    assert "children" not in taxonomy().matters["family/inheritance"].facts
    assert "children" in taxonomy().matters["family/custody"].facts


# —— a broken file ——


def _own() -> Any:
    return copy.deepcopy(read_yaml(FOLDER / "taxonomy.yml"))


def _unknown_fact(raw: Any) -> None:
    raw["types"]["wages"]["facts"].append("horoscope")


def _unknown_fact_of_a_sub_type(raw: Any) -> None:
    raw["types"]["wages"]["subtypes"]["wage_arrears"]["heard"].append("horoscope")


def _unknown_companion(raw: Any) -> None:
    raw["facts"]["place"]["also"] = ["horoscope"]


def _unknown_condition(raw: Any) -> None:
    raw["facts"]["last_day"]["when"] = {"horoscope": "yes"}


def _unknown_kind(raw: Any) -> None:
    raw["facts"]["amount"]["kind"] = "treasure"


def _no_label(raw: Any) -> None:
    del raw["facts"]["amount"]["label"]


def _no_why(raw: Any) -> None:
    raw["facts"]["amount"]["why"] = ""


def _choice_without_options(raw: Any) -> None:
    del raw["facts"]["lift_stage"]["options"]


def _bad_pattern(raw: Any) -> None:
    raw["facts"]["trade"]["pattern"] = "(木工"


def _no_name(raw: Any) -> None:
    del raw["types"]["debt"]["plain"]


def _no_facts(raw: Any) -> None:
    del raw["types"]["debt"]["facts"]


BROKEN: list[tuple[Callable[[Any], None], str]] = [
    (_unknown_fact, "types.wages"),
    (_unknown_fact_of_a_sub_type, "types.wages/wage_arrears"),
    (_unknown_companion, "facts.place"),
    (_unknown_condition, "facts.last_day"),
    (_unknown_kind, "facts.amount"),
    (_no_label, "facts.amount"),
    (_no_why, "facts.amount"),
    (_choice_without_options, "facts.lift_stage"),
    (_bad_pattern, "facts.trade"),
    (_no_name, "types.debt"),
    (_no_facts, "types.debt"),
]


@pytest.mark.parametrize(("breaking", "place"), BROKEN, ids=[breaking.__name__[1:] for breaking, _ in BROKEN])
def test_a_broken_taxonomy_is_refused_with_its_place(breaking: Callable[[Any], None], place: str) -> None:
    raw = _own()
    breaking(raw)
    with pytest.raises(TaxonomyError) as refused:
        Taxonomy.from_mapping(raw)
    assert "taxonomy.yml" in str(refused.value)
    assert place in str(refused.value)
