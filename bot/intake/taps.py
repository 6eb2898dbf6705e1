"""What a tapped button does. A button of an earlier step still means what it says. Called by the interview."""

from __future__ import annotations

from bot.intake import doubts, matters
from bot.intake.phrases import Value
from bot.intake.record import Record
from bot.intake.steps import HEALTH_FACTS, Choice
from bot.intake.turn import Turn


def tapped(turn: Turn, choice: Choice) -> None:
    """Carry out a tap. An unknown step or value changes nothing: the open question simply comes back."""
    record, step, value = turn.record, choice.step, choice.value
    if record.status == "filed":
        if step == "again":
            turn.another()
        elif step == "leave":
            _leave(turn, value)
        elif step == record.editing:
            _fact(turn, step, value, choice.title)
        return
    if step == "human":
        turn.say("utter_human")
    elif step == "privacy_consent":
        turn.consent("privacy", value == "yes")
        if value != "yes":
            turn.say("utter_no_consent")
    elif step == "safe_now":
        record.safety_open = value != "yes"
        turn.say("utter_safe_go_on" if value == "yes" else "utter_safe_pause")
    elif step == "purpose":
        record.purpose_open = False
        if value == "question":
            only_asking(turn)
    elif step == "dispute_type":
        _type(turn, value)
    elif step == "again":
        turn.restart()
    elif step == "leave":
        _leave(turn, value)
    elif step == "health_consent":
        health_consent(turn, value == "yes")
    elif step == "doubt":
        doubts.decided(turn, value)
    elif step == "two_matters":
        matters.decided(turn, value)
    elif step == "card":
        _card(turn, value)
    elif step == "handover_consent":
        _handover(turn, value)
    elif step in turn.steps.taxonomy.facts:
        _fact(turn, step, value, choice.title)


def only_asking(turn: Turn) -> None:
    """She only wants to know: say where, and forget the question as a story."""
    turn.say("utter_only_asking")
    turn.record.facts.pop("story", None)
    turn.record.type = turn.record.subtype = None


def _type(turn: Turn, key: str) -> None:
    record = turn.record
    if key in turn.steps.taxonomy.matters:
        turn.settle(key, "citizen")
        return
    record.type = record.subtype = None
    record.status = "open"
    record.misses["dispute_type"] = record.misses.get("dispute_type", 0) + 1


def same(turn: Turn, key: str) -> None:
    """It is as in the matter before: the value is taken over with her words of then."""
    before = turn.record.same[key]
    turn.write(key, Value(before["value"], before["shown"], before["words"], before["approx"]), "choice")


def _leave(turn: Turn, value: str) -> None:
    turn.record.leaving = False
    if value == "delete":
        turn.out.act = "delete"  # the desk does it, and says what stays
    elif value == "keep":
        if turn.record.status == "open":
            turn.record.status = "left"
        turn.say("utter_kept")
        turn.wish("another_device")


def health_consent(turn: Turn, given: bool) -> None:
    """The separate consent for health facts (PIPL 29); refused, what was heard of them is dropped."""
    turn.consent("health", given)
    if not given:
        health_refused(turn.record)
    elif (matter := turn.steps.matter(turn.record)) is not None:
        turn.rehear(matter)


def health_refused(record: Record) -> None:
    """Drop what was heard of her health: facts, honest blanks, words that could not be read."""
    for fact in HEALTH_FACTS:
        for part in (record.facts, record.blanks, record.unread):
            part.pop(fact, None)


def _card(turn: Turn, value: str) -> None:
    record = turn.record
    if value == "ok" and record.asked == "card":
        record.confirmed_at = turn.at
    elif value == "edit:type":
        turn.unconfirm()
        _type(turn, "none")
    elif value == "edit:other_matter" and record.others:
        turn.unconfirm()
        record.others[0]["way"] = None
    elif value.startswith("edit:") and value[5:] in turn.steps.taxonomy.facts:
        turn.unconfirm()
        record.editing = value[5:]
    elif value == "edit":
        turn.say("utter_which_to_change")


def _handover(turn: Turn, value: str) -> None:
    record = turn.record
    if record.confirmed_at is None:
        return
    if value.startswith("body:"):
        record.body_choice = value[5:]
        turn.propose(record)
        value = "yes"
    if value == "yes":
        turn.consent("handover", True, record.committee["id"] if record.committee else None)
    else:
        turn.say("utter_not_handed_over")


def _fact(turn: Turn, key: str, value: str, title: str) -> None:
    spec = turn.spec(key)
    option = spec.option(value)
    if value == "same" and key in turn.record.same:
        same(turn, key)
        return
    if value in ("unknown", "declined") and option is None:
        turn.blank(key, value)
    elif option is not None:
        turn.write(key, Value(value, option.label, title), "choice")
    elif spec.kind == "yes_no" and value in ("yes", "no"):
        turn.write(key, Value(value, "是" if value == "yes" else "否", title), "choice")
    elif spec.kind == "text" and (matter := turn.steps.matter(turn.record)) and value in matter.offers.get(key, ()):
        turn.write(key, Value(value, value, value), "choice")
    elif key == "people" and value.isdigit():
        turn.write(key, Value(int(value), f"{int(value)}人", title), "choice")
    elif key == "evidence" and value == "sent":
        if key not in turn.record.facts:  # what she told of it in words says more
            turn.write(key, Value("发来的照片或文件", "发来的照片或文件", title), "choice")
        turn.say("utter_evidence_received")
    elif key == "place" and (place := turn.ear.place(value, turn.record.place_so_far)):
        turn.write(key, place, "choice")
