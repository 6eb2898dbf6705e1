"""Claims about the time limits: ranges from ranges, articles from the cards, nothing guessed, nobody sent away."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from builders import AT, Interviewed, a_fact, a_record
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.intake.clocks import Clock, ClockError, Clocks, Period, Span, add_months
from bot.intake.document import document, result
from bot.intake.record import Consent, Record
from bot.intake.risk import grade

TODAY = date(2026, 11, 23)
CLOCKS = knowledge.clocks()


def a_period(start: str, end: str | None = None, precision: str = "day") -> Any:
    return a_fact({"start": start, "end": end or start, "precision": precision}, start)


def the_clocks(matter: str, today: date = TODAY, signs: tuple[str, ...] = (), **facts: Any) -> Mapping[str, Clock]:
    type_, _, subtype = matter.partition("/")
    record = a_record(type_, subtype or None, **facts)
    record.signs = [{"kind": kind, "words": "原话", "turn": 1, "when": "now"} for kind in signs]
    found = CLOCKS.of(record, knowledge.taxonomy().matter(type_, subtype or None), today)
    return {clock.id: clock for clock in found}


def ends(clock: Clock) -> tuple[str, str]:
    assert clock.earliest is not None and clock.latest is not None
    return clock.earliest.isoformat(), clock.latest.isoformat()


LEFT = {"still_employed": "no", "last_day": a_period("2025-12-01")}


# —— wages: two clocks ——


def test_left_in_december_and_asked_in_june_gives_both_clocks_as_ranges() -> None:
    clocks = the_clocks("wages/wage_arrears", **LEFT, last_claimed_on=a_period("2026-06-01"))
    arbitration, inspection = clocks["wage_arbitration"], clocks["labour_inspection"]
    # Surely in time for a year from the last day; from the claim anew, if it can be shown.
    assert ends(arbitration) == ("2026-12-01", "2027-06-01")
    assert arbitration.restarted
    assert set(arbitration.stands_on) == {"last_day", "last_claimed_on"}
    assert "第27条" in arbitration.article
    assert "仲裁委认定" in arbitration.caveat
    assert ends(inspection) == ("2027-12-01", "2027-12-01")
    assert "第20" in inspection.article


def test_without_a_claim_the_year_runs_from_the_last_day() -> None:
    assert ends(the_clocks("wages/wage_arrears", **LEFT)["wage_arbitration"]) == ("2026-12-01", "2026-12-01")


def test_while_she_still_works_there_the_time_for_pay_does_not_run() -> None:
    clocks = the_clocks("wages/wage_arrears", still_employed="yes")
    assert clocks["wage_arbitration"].state == "waiting"
    assert clocks["wage_arbitration"].earliest is None
    assert clocks["wage_arbitration"].sentence


def test_still_there_and_a_last_day_long_past_contradict_and_the_running_clock_is_the_safe_one() -> None:
    clocks = the_clocks("wages/wage_arrears", still_employed="yes", last_day=a_period("2026-03-01"))
    assert ends(clocks["wage_arbitration"]) == ("2027-03-01", "2027-03-01")


def test_a_dismissal_runs_although_pay_would_not() -> None:
    clocks = the_clocks("wages/labour_other", still_employed="yes", since=a_period("2026-05-04"))
    assert ends(clocks["labour_arbitration"]) == ("2027-05-04", "2027-05-04")


def test_a_month_gives_a_range_of_a_month() -> None:
    clocks = the_clocks("wages/wage_arrears", last_day=a_period("2026-06-01", "2026-06-30", "month"))
    assert ends(clocks["wage_arbitration"]) == ("2027-06-01", "2027-06-30")


def test_of_worked_from_march_to_august_the_end_counts() -> None:
    clocks = the_clocks("wages/wage_arrears", last_day=a_period("2026-03-01", "2026-08-31", "month"))
    assert ends(clocks["wage_arbitration"]) == ("2027-08-01", "2027-08-31")


def test_about_stays_about() -> None:
    clock = the_clocks("wages/wage_arrears", last_day=a_period("2026-01-01", "2026-04-30", "approx"))[
        "wage_arbitration"
    ]
    assert ends(clock) == ("2027-01-01", "2027-04-30")
    assert clock.about and "大约" in clock.sentence


def test_a_claim_before_she_left_changes_nothing() -> None:
    clocks = the_clocks("wages/wage_arrears", **LEFT, last_claimed_on=a_period("2025-08-01"))
    assert ends(clocks["wage_arbitration"]) == ("2026-12-01", "2026-12-01")
    assert not clocks["wage_arbitration"].restarted


def test_a_claim_after_the_year_was_over_does_not_revive_it() -> None:
    left = a_period("2024-01-10")
    clocks = the_clocks("wages/wage_arrears", last_day=left, last_claimed_on=a_period("2026-06-01"))
    assert ends(clocks["wage_arbitration"]) == ("2025-01-10", "2025-01-10")
    assert clocks["wage_arbitration"].state == "passed"


def test_what_seems_over_is_told_without_taking_away_hope() -> None:
    clock = the_clocks("wages/wage_arrears", last_day=a_period("2024-01-10"))["wage_arbitration"]
    assert "重新算" in clock.sentence
    assert not any(word in clock.sentence for word in ("没办法", "不能要", "作废", "来不及"))


def test_gone_without_a_day_and_without_a_beginning_is_not_guessed() -> None:
    clock = the_clocks("wages/wage_arrears", still_employed="no")["wage_arbitration"]
    assert (clock.state, clock.earliest, clock.latest) == ("unknown", None, None)
    assert clock.missing == ("last_day",)


def test_gone_some_time_since_the_trouble_began_is_a_wide_range() -> None:
    clocks = the_clocks("wages/wage_arrears", still_employed="no", since=a_period("2026-03-01", "2026-03-31", "month"))
    assert ends(clocks["wage_arbitration"]) == ("2027-03-01", "2027-11-23")
    assert clocks["wage_arbitration"].about
    assert set(clocks["wage_arbitration"].stands_on) == {"since", "still_employed"}


def test_when_nothing_is_known_of_the_job_there_is_no_date() -> None:
    clocks = the_clocks("wages/wage_arrears", since=a_period("2026-03-01"))
    assert clocks["wage_arbitration"].state == "unknown"


# —— death and medical ——


def test_a_death_told_gives_the_autopsy_its_days() -> None:
    clocks = the_clocks("medical", signs=("death",), died_on=a_period("2026-11-23"))
    autopsy = clocks["medical_autopsy"]
    # 48 hours from some hour of the 23rd: surely until the 24th; frozen, until the 30th.
    assert ends(autopsy) == ("2026-11-24", "2026-11-30")
    assert autopsy.sentence


def test_without_a_death_there_is_no_autopsy() -> None:
    assert "medical_autopsy" not in the_clocks("medical", treated_on=a_period("2026-10-01"))


def test_an_autopsy_that_is_too_late_is_not_spoken_of() -> None:
    clocks = the_clocks("medical", signs=("death",), died_on=a_period("2026-03-01"))
    assert clocks["medical_autopsy"].state == "passed"
    assert clocks["medical_autopsy"].sentence == ""


def test_the_medical_committee_has_not_begun_before_it_accepts() -> None:
    clock = the_clocks("medical", treated_on=a_period("2026-10-01"))["medical_mediation"]
    assert (clock.state, clock.missing, clock.earliest) == ("unknown", ("accepted_on",), None)


# —— land, court ——


def test_two_years_for_the_land_and_then_the_court() -> None:
    clock = the_clocks("land/land_transfer", since=a_period("2025-05-01", "2025-05-31", "month"))["land_arbitration"]
    assert ends(clock) == ("2027-05-01", "2027-05-31")
    late = the_clocks("land/land_transfer", since=a_period("2020-05-01"))["land_arbitration"]
    assert late.state == "passed"
    assert "法院" in late.sentence and "法院" in late.caveat
    assert "没办法" not in late.sentence + late.caveat


def test_a_homestead_has_no_arbitration_of_land_contracts() -> None:
    assert "land_arbitration" not in the_clocks("land/homestead", since=a_period("2025-05-01"))


@pytest.mark.parametrize("matter", ["family", "family/custody", "family/elder_support", "neighbour"])
def test_maintenance_and_nuisance_have_no_civil_limit(matter: str) -> None:
    assert the_clocks(matter, since=a_period("2015-01-01")) == {}


def test_a_debt_may_run_longer_than_anybody_can_say() -> None:
    clock = the_clocks("debt", since=a_period("2022-01-01", "2022-12-31", "year"))["civil_debt"]
    assert (clock.earliest, clock.latest, clock.state) == (date(2025, 1, 1), None, "maybe_passed")


def test_nothing_restarts_beyond_twenty_years() -> None:
    claims = a_period("2006-01-01", "2026-06-30", "approx")
    clock = the_clocks("consumer", since=a_period("2004-05-05"), last_claimed_on=claims)["civil"]
    assert clock.latest is not None and clock.latest <= date(2024, 5, 5)


def test_a_matter_without_a_clock_has_none() -> None:
    assert the_clocks("other", since=a_period("2026-01-01")) == {}


# —— edge dates ——


def test_a_year_from_the_29th_of_february_ends_on_the_28th() -> None:
    clocks = the_clocks("wages/wage_arrears", today=date(2024, 6, 1), last_day=a_period("2024-02-29"))
    assert ends(clocks["wage_arbitration"]) == ("2025-02-28", "2025-02-28")
    assert ends(clocks["labour_inspection"]) == ("2026-02-28", "2026-02-28")


def test_the_last_day_is_still_in_time() -> None:
    on_the_day = the_clocks("wages/wage_arrears", today=date(2026, 12, 1), **LEFT)["wage_arbitration"]
    after = the_clocks("wages/wage_arrears", today=date(2026, 12, 2), **LEFT)["wage_arbitration"]
    assert (on_the_day.state, after.state) == ("running", "passed")


def test_reversed_days_are_put_right_and_nonsense_is_no_day() -> None:
    assert Span.of({"start": "2026-05-01", "end": "2026-03-01"}) == Span(date(2026, 3, 1), date(2026, 5, 1))
    for nonsense in (None, "去年", 7, {}, {"start": "x", "end": "y"}, {"start": "9999-01-01", "end": "9999-12-31"}):
        assert Span.of(nonsense) is None


@pytest.mark.parametrize(
    ("clock", "day", "end"),
    [
        ("judicial_confirmation", "2026-11-23", "2026-12-23"),  # thirty days
        ("mediation", "2026-01-31", "2026-02-28"),  # about a month
        ("medical_mediation", "2026-09-01", "2026-10-19"),  # thirty working days over the National Day
    ],
)
def test_the_three_thirties_end_on_different_days(clock: str, day: str, end: str) -> None:
    assert CLOCKS.after(clock, date.fromisoformat(day)).latest == date.fromisoformat(end)


def test_the_committees_clock_says_where_the_calendar_of_holidays_ends() -> None:
    clock = CLOCKS.after("medical_mediation", date(2026, 12, 20))
    assert not clock.calendar_known
    assert "放假" in clock.caveat


def test_an_appraisal_moves_the_committees_end() -> None:
    appraisal = (date(2026, 11, 9), date(2026, 11, 13))
    plain = CLOCKS.after("medical_mediation", date(2026, 11, 2)).latest
    moved = CLOCKS.after("medical_mediation", date(2026, 11, 2), [appraisal]).latest
    assert plain is not None and moved is not None and moved > plain


# —— the data ——


def test_every_clock_takes_its_period_and_article_from_its_card() -> None:
    cards = knowledge.rules()
    assert {spec.rule for spec in CLOCKS.specs} == {"R7", "R11", "R14", "R19", "R23", "R24", "R28", "R38"}
    for spec in CLOCKS.specs:
        assert spec.article == cards[spec.rule]["article"]
        assert spec.period.count in cards[spec.rule]["figure"].values()
        assert spec.caveat.endswith("。")


def test_another_figure_on_the_card_is_another_end() -> None:
    cards = deepcopy(knowledge.rules())
    cards["R14"]["figure"]["years"] = 3
    changed = Clocks.from_mapping(knowledge.read_yaml(knowledge.FOLDER / "clocks.yml"), cards)
    assert changed.after("wage_arbitration", date(2025, 12, 1)).latest == date(2028, 12, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rule": "R999"}, "R999"),
        ({"period": "weeks"}, "weeks"),
        ({"tell": "shout"}, "tell"),
        ({"starts": []}, "starts"),
    ],
)
def test_a_clock_that_contradicts_itself_is_named(change: dict[str, Any], named: str) -> None:
    raw = deepcopy(knowledge.read_yaml(knowledge.FOLDER / "clocks.yml"))
    raw["clocks"][0].update(change)
    with pytest.raises(ClockError, match=named):
        Clocks.from_mapping(raw, knowledge.rules())


def test_the_facts_and_matters_of_the_clocks_exist() -> None:
    taxonomy = knowledge.taxonomy()
    outside = {"accepted_on", "agreement_effective_on"}
    for spec in CLOCKS.specs:
        assert set(spec.matters) <= set(taxonomy.matters)
        assert {*spec.starts, *spec.restarts, *filter(None, [spec.between])} - outside <= set(taxonomy.facts)
        assert spec.rule in {rule for key in spec.matters for rule in taxonomy.matters[key].rules} or not spec.matters


# —— laws ——

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
SPANS = st.builds(lambda day, days: Span(day, day + timedelta(days=days)), DAYS, st.integers(0, 400))
PERIODS = st.builds(Period, st.sampled_from([0, 1, 2, 3, 20, 30]), st.sampled_from(["years", "months", "days"]))


def facts_of(start: Span, claim: Span | None) -> dict[str, Any]:
    found = {"last_day": a_period(start.start.isoformat(), start.end.isoformat(), "approx")}
    if claim:
        found["last_claimed_on"] = a_period(claim.start.isoformat(), claim.end.isoformat(), "approx")
    return found


@given(SPANS, st.none() | SPANS, st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_the_earliest_end_is_never_after_the_latest(start: Span, claim: Span | None, today: date) -> None:
    for clock in the_clocks("wages/wage_arrears", today, **facts_of(start, claim)).values():
        assert clock.earliest is not None and clock.latest is not None
        assert clock.earliest <= clock.latest
        assert clock.sentence.count("{") == 0


@given(SPANS, st.integers(0, 800), st.none() | SPANS)
def test_a_later_start_never_gives_an_earlier_end(start: Span, later: int, claim: Span | None) -> None:
    moved = Span(start.start + timedelta(days=later), start.end + timedelta(days=later))
    before = the_clocks("wages/wage_arrears", **facts_of(start, claim))
    after = the_clocks("wages/wage_arrears", **facts_of(moved, claim))
    for name, clock in before.items():
        first, last = after[name].earliest, after[name].latest
        assert clock.earliest is not None and first is not None and clock.earliest <= first
        assert clock.latest is not None and last is not None and clock.latest <= last


@given(SPANS, SPANS)
def test_asking_for_the_money_never_shortens_the_time(start: Span, claim: Span) -> None:
    without = the_clocks("wages/wage_arrears", **facts_of(start, None))["wage_arbitration"]
    with_it = the_clocks("wages/wage_arrears", **facts_of(start, claim))["wage_arbitration"]
    assert without.earliest == with_it.earliest
    assert without.latest is not None and with_it.latest is not None and without.latest <= with_it.latest


@given(SPANS, st.integers(0, 30), st.integers(0, 30))
def test_a_vaguer_day_never_gives_a_narrower_range(start: Span, before: int, after: int) -> None:
    vague = Span(start.start - timedelta(days=before), start.end + timedelta(days=after))
    sharp = the_clocks("wages/wage_arrears", **facts_of(start, None))["wage_arbitration"]
    wide = the_clocks("wages/wage_arrears", **facts_of(vague, None))["wage_arbitration"]
    assert wide.earliest is not None and sharp.earliest is not None and wide.earliest <= sharp.earliest
    assert wide.latest is not None and sharp.latest is not None and wide.latest >= sharp.latest


@given(PERIODS, DAYS, st.integers(0, 1000))
def test_a_period_keeps_the_order_of_days(period: Period, day: date, later: int) -> None:
    assert period.perhaps(day)[0] <= period.perhaps(day + timedelta(days=later))[0]
    assert period.surely(day)[0] <= period.perhaps(day)[0]


@given(DAYS, st.integers(0, 300))
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    end = add_months(day, months)
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


# —— what is told and filed ——


def test_the_filed_record_carries_the_clocks_and_is_lawful() -> None:
    talk = Interviewed().until(None, "wages/wage_arrears")
    record, matter = talk.record, knowledge.taxonomy().matter("wages", "wage_arrears")
    record.consents.append(Consent("handover", True, "1", AT, None))
    filed = document(
        record,
        matter,
        receipt="FZ20261120-34679A",
        matter_no=1,
        filed_at=AT,
        colour=grade(record),
        clocks=CLOCKS.of(record, matter, TODAY),
        transcript=[{"turn": 1, "who": "citizen", "at": AT, "text": "老板不给工资"}],
        taxonomy=knowledge.taxonomy(),
    )
    jsonschema.validate(filed, knowledge.record_schema())
    assert {clock["rule"] for clock in filed["clocks"]} == {"R14", "R19"}
    shown = result(filed, matter)["limits"]
    assert shown and all(limit["article"] and limit["caveat"] for limit in shown)
    assert result({k: v for k, v in filed.items() if k != "clocks"}, matter)["limits"] == []


def test_she_is_told_once_before_the_handover() -> None:
    talk = Interviewed().until("handover_consent", "wages/wage_arrears")
    assert talk.responses.count("utter_time_limits") == 1
    talk.tap("handover_consent", "no")
    assert "utter_time_limits" not in talk.responses


def test_what_ends_soon_is_told_as_soon_as_it_is_known() -> None:
    record = a_record("wages", "wage_arrears", story="欠我工资", still_employed="no")
    talk = Interviewed(record=record)
    talk.record.editing = "last_day"
    talk.say("去年12月3号走的")
    assert "utter_time_limits" in talk.responses
    talk.until("handover_consent")
    assert "utter_time_limits" in talk.responses  # now with the second clock


def test_what_was_told_is_not_told_again_while_she_goes_on() -> None:
    talk = Interviewed().until("handover_consent", "wages/wage_arrears")
    assert talk.record.reminded
    for _ in range(3):
        talk.tap("handover_consent", "no")
        assert "utter_time_limits" not in talk.responses
    talk.tap("card", "edit:wanted")
    talk.say("就想把钱要回来")
    talk.until("handover_consent")
    assert "utter_time_limits" not in talk.responses
    talk.tap("handover_consent", "yes")
    assert "utter_time_limits" not in talk.responses


def test_only_when_the_year_seems_over_she_is_asked_when_she_last_claimed() -> None:
    def asked(left: str) -> list[str | None]:
        record = a_record("wages", "wage_arrears", story="欠我工资", still_employed="no", last_day=a_period(left))
        return Interviewed(record=record).until("handover_consent").asked

    assert asked("2025-03-31").count("last_claimed_on") == 1
    assert "last_claimed_on" not in asked("2026-06-30")


def test_a_claim_told_when_asked_revives_what_seemed_over() -> None:
    record = a_record("wages", "wage_arrears", story="欠我工资", still_employed="no", last_day=a_period("2025-10-31"))
    talk = Interviewed(record=record).until("last_claimed_on")
    talk.say("今年六月十号打过电话")
    assert talk.out.ask == "card"
    talk.until("handover_consent")
    assert "2027年6月10日" in talk.record.reminded


def test_not_knowing_when_she_last_claimed_is_an_answer() -> None:
    record = a_record("debt", None, story="借钱不还", since=a_period("2020-01-01", "2020-12-31", "year"))
    talk = Interviewed(record=record).until("last_claimed_on", "debt")
    talk.say("不记得了")
    assert talk.out.ask == "card"
    assert talk.record.blanks["last_claimed_on"] == "unknown"


def test_a_corrected_day_is_told_anew() -> None:
    talk = Interviewed().until("handover_consent", "wages/wage_arrears")
    first = talk.record.reminded
    talk.tap("card", "edit:last_day")
    talk.say("今年八月十五号")
    talk.until("handover_consent")
    assert talk.record.reminded != first
    assert "2027年8月15日" in talk.record.reminded


def test_asked_whether_it_is_too_late_she_hears_her_own_days() -> None:
    record = a_record("wages", "wage_arrears", story="欠我工资", **LEFT)
    talk = Interviewed(record=record)
    talk.say("超过一年了还能要吗", act="faq", act_confidence=0.95, faq="limitation_over_one_year")
    assert "utter_your_limits" in talk.responses
    assert "utter_faq/limitation_over_one_year" not in talk.responses


def test_asked_without_any_day_told_she_hears_the_general_answer() -> None:
    talk = Interviewed(record=a_record("family", "marriage", story="要离婚"))
    talk.say("超过一年了还能要吗", act="faq", act_confidence=0.95, faq="limitation_over_one_year")
    assert "utter_faq/limitation_over_one_year" in talk.responses


def test_far_ends_are_not_spoken_of() -> None:
    record = a_record("consumer", None, story="店家不退钱", since=a_period("2026-10-01"))
    matter = knowledge.taxonomy().matter("consumer")
    clocks = CLOCKS.of(record, matter, TODAY)
    assert clocks[0].sentence and CLOCKS.sentence(clocks, TODAY) == ""
    old = a_record("consumer", None, since=a_period("2024-02-01"))
    assert CLOCKS.sentence(CLOCKS.of(old, matter, TODAY), TODAY)


def test_an_empty_set_of_clocks_says_nothing() -> None:
    assert Clocks().of(Record(), knowledge.taxonomy().matter("wages"), TODAY) == []
