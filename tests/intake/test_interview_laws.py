"""Laws of the interview that hold whatever is typed or tapped, in any order, however it was understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from builders import NOW, Interviewed, a_reply, tapped
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import MATTERS, understood, wild_taps

from bot.intake.document import card, document
from bot.intake.record import Record
from bot.intake.risk import grade
from bot.intake.steps import HEALTH_FACTS, Heard, Outcome

#: Shrinking forty moves takes minutes; the moves of a failing talk are printed as they were.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
Move = Callable[[Interviewed], Heard]


def plainly(matter: str) -> Move:
    """Answer the open question as asked; after filing, begin another matter."""

    def move(talk: Interviewed) -> Heard:
        ask = talk.out.ask
        return a_reply(ask, talk.taxonomy, matter) if ask else tapped("again", "yes")

    return move


def button(index: int) -> Move:
    """Tap one of the buttons on offer."""

    def move(talk: Interviewed) -> Heard:
        offered = talk.out.choices
        if not offered:
            return tapped("again", "yes")
        choice = offered[index % len(offered)]
        return tapped(choice.step, choice.value, choice.title)

    return move


def as_given(heard: Heard) -> Move:
    return lambda _: heard


def moves() -> st.SearchStrategy[Move]:
    plain = st.builds(plainly, st.sampled_from(MATTERS))
    return st.one_of(
        plain, plain, plain, st.builds(button, st.integers(0, 20)), st.builds(as_given, understood()),
        st.builds(as_given, understood()), st.builds(as_given, wild_taps()),
    )  # fmt: skip


def one_turn(talk: Interviewed, move: Move) -> tuple[Record, Outcome]:
    """Play a move; what the desk does with a finished record is done here too."""
    before = talk.record
    out = talk.hear(move(talk))
    if out.act == "delete":
        talk.record = Record()
        talk.out = talk.interview.open(talk.record)
    return before, out


def law(check: Callable[[list[tuple[Record, Outcome]]], None]) -> Callable[..., None]:
    """Run a check over the turns of random talks of forty moves."""

    @settings(
        max_examples=settings().max_examples // 6, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES
    )
    @given(st.lists(moves(), min_size=5, max_size=40))
    def run(played: list[Move]) -> None:
        talk = Interviewed()
        turns: list[tuple[Record, Outcome]] = []
        for move in played:
            before, out = one_turn(talk, move)
            turns.append((before, out))
            if out.act == "file":
                talk.filed()
        check(turns)

    run.__name__ = check.__name__
    run.__doc__ = check.__doc__
    return run


def _said(record: Record) -> set[str]:
    return {*record.facts, *record.blanks}


def _restarted(out: Outcome) -> bool:
    """Whether she began again or anew, or only wanted to ask: then what was told is dropped."""
    dropping = ("utter_restarted", "utter_only_asking", "utter_next_story", "utter_next_matter")
    return any(say.response in dropping for say in out.says)


@law
def test_every_turn_says_or_asks_something(turns: list[tuple[Record, Outcome]]) -> None:
    for before, out in turns:
        silent_button = before.status == "filed" and not out.says
        assert out.says or out.ask or out.act or out.wishes or silent_button


@law
def test_a_record_read_back_is_the_same_record(turns: list[tuple[Record, Outcome]]) -> None:
    for _, out in turns:
        stored: Any = json.loads(json.dumps(out.record.to_dict(), ensure_ascii=False))
        assert Record.from_dict(stored) == out.record


@law
def test_no_fact_is_lost_without_a_correction(turns: list[tuple[Record, Outcome]]) -> None:
    for before, out in turns:
        after = out.record
        if _restarted(out):
            continue
        health = after.consent("health")
        refused = HEALTH_FACTS if health is not None and not health.given else ()
        for key, fact in before.facts.items():
            if key not in after.facts:
                assert key in refused or (before.editing == key and key in after.blanks), key
            elif key != "story" and after.facts[key].value != fact.value:
                assert key in out.changed
                assert after.facts[key].earlier[-1]["value"] == fact.value


@law
def test_a_confirmed_record_changes_only_with_its_confirmation(turns: list[tuple[Record, Outcome]]) -> None:
    for before, out in turns:
        after = out.record
        if before.status == "filed":
            continue  # then a change is an amendment, and the filed document stays (errands.py)
        if before.confirmed_at and after.confirmed_at == before.confirmed_at:
            told = {key: fact.value for key, fact in before.facts.items()}
            assert {key: after.facts[key].value for key in told if key in after.facts} == {
                key: value for key, value in told.items() if key in after.facts
            }
            assert (after.type, after.subtype) == (before.type, before.subtype)


@law
def test_an_answered_question_is_not_asked_again_unless_it_is_edited(turns: list[tuple[Record, Outcome]]) -> None:
    for _, out in turns:
        if out.ask in ("story", "health_consent") or out.ask is None:
            continue
        assert out.ask not in _said(out.record) or out.record.editing == out.ask


@law
def test_a_matter_is_filed_once_and_only_confirmed_and_handed_over(turns: list[tuple[Record, Outcome]]) -> None:
    filed: set[str | None] = set()  # the receipt that a matter follows names it
    for before, out in turns:
        if out.act == "delete":
            filed = set()
        if out.act == "file":
            assert before.status != "filed" and before.follows not in filed
            filed.add(before.follows)
            record = out.record
            handover = record.consent("handover")
            assert record.confirmed_at and handover is not None and handover.given
            assert record.type is not None and "story" in record.facts


@law
def test_the_citizen_sees_a_card_a_colour_and_a_document_of_any_record(turns: list[tuple[Record, Outcome]]) -> None:
    talk = Interviewed()
    for _, out in turns:
        record, questions = out.record, talk.interview.steps.questions(out.record)
        rows = card(record, talk.taxonomy, questions)
        assert {row["fact"] for row in rows} >= {*record.facts} - {"type"}
        assert all(row["shown"] for row in rows)
        if record.type:
            matter = talk.taxonomy.matter(record.type, record.subtype)
            filed = document(
                record, matter, receipt="FZ20261120-AAAAAA", matter_no=1, filed_at=NOW.isoformat(),
                colour=grade(record), transcript=[], taxonomy=talk.taxonomy,
            )  # fmt: skip
            json.dumps(filed, ensure_ascii=False)


@law
def test_no_two_replies_running_are_the_same(turns: list[tuple[Record, Outcome]]) -> None:
    before_that: tuple[Any, ...] | None = None
    for _, out in turns:
        said = (*((say.response, tuple(sorted(say.fill.items()))) for say in out.says), out.ask)
        told = bool(out.says or out.ask) and not out.wishes  # a wish is answered by the desk
        if told and before_that is not None:
            assert said != before_that, said
        before_that = said if told and out.act is None else None


@law
def test_progress_stays_within_its_bounds(turns: list[tuple[Record, Outcome]]) -> None:
    talk = Interviewed()
    for _, out in turns:
        n, of = talk.interview.steps.progress(out.record)
        assert 0 <= n <= of


@law
def test_a_button_that_is_offered_does_something(turns: list[tuple[Record, Outcome]]) -> None:
    talk = Interviewed()
    for _, out in turns[:8]:
        for choice in out.choices:
            if out.record.status == "filed":
                continue
            after = talk.interview.hear(out.record, tapped(choice.step, choice.value, choice.title))
            moved = after.ask != out.ask or after.says or after.act or after.changed or after.choices != out.choices
            assert moved, choice
