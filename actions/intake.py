"""The form's one custom action: hand the turn to the desk, say what it names, ask what it asks.

Hides how Rasa's tracker and events look from the desk. Rasa 3.6.21 calls `validate_intake_form` on every message while
the form is active and once at its activation; an empty result would make the form refuse the turn, so a slot is always
set.
"""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.desk import Desk
from bot.intake.phrases import Entity
from bot.intake.steps import Beside, Choice, Guess, Half, Heard, Outcome
from bot.opening import open_desk


@functools.cache
def _own_desk() -> Desk:
    """The desk of a separate action server (`rasa run actions`), opened at its first turn."""
    return open_desk()


class ValidateIntakeForm(Action):  # type: ignore[misc]
    """`validate_intake_form`: reads the turn, writes the facts, decides the next question."""

    #: Set by the host, so that web and actions share one desk in one process; None in a separate action server.
    desk: Desk | None = None

    def name(self) -> str:
        return "validate_intake_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Take the turn. Returns SlotSet events for changed facts and the requested slot."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        desk = type(self).desk or _own_desk()
        out = desk.hear(tracker.sender_id, heard_from(message, metadata), metadata.get("client_id"))
        for say in out.says:
            dispatcher.utter_message(response=say.response, **dict(say.fill))
            if say.show:
                dispatcher.utter_message(json_message={"show": dict(say.show)})
        dispatcher.utter_message(json_message=_state(desk, out))
        events: list[EventType] = [SlotSet("turn", out.record.turn)]
        events += [SlotSet(fact, out.record.value(fact)) for fact in dict.fromkeys(out.changed)]
        if "on_behalf" not in out.changed:  # wording depends on it in every later turn
            events.append(SlotSet("on_behalf", out.record.value("on_behalf")))
        events.append(SlotSet("beside", desk.steps.breath(out.record)))
        committee = out.record.committee
        events.append(SlotSet("committee", committee["name"] if committee else None))
        # While somebody is listened to, the same question is not put to her again and again.
        events.append(SlotSet("listening", any("listening" in say.response for say in out.says)))
        events.append(SlotSet("requested_slot", out.ask))
        return events


def heard_from(message: dict[str, Any], metadata: dict[str, Any]) -> Heard:
    """A turn as understood, from Rasa's latest message. The page's own words ride in the metadata: Rasa would strip
    them and take a leading slash for a command."""
    intent = message.get("intent") or {}
    understood = message.get("understood") or {}
    choice = metadata.get("choice")
    at = metadata.get("at")
    return Heard(
        text=metadata.get("text") or message.get("text") or "",
        at=datetime.fromisoformat(at) if at else datetime.now(),
        act=understood.get("act") or intent.get("name") or "",
        act_confidence=float(understood.get("act_confidence", 0.0)),
        faq=understood.get("faq"),
        types=tuple(Guess(g["type"], g["subtype"], g["confidence"]) for g in understood.get("types", [])),
        halves=tuple((Half(**one), Half(**other)) for one, other in understood.get("halves", ())),
        beside=Beside(**understood["beside"]) if understood.get("beside") else None,
        entities=tuple(
            Entity(e["entity"], e["value"], e["start"], e["end"]) for e in message.get("entities", []) if "start" in e
        ),
        signs=tuple(understood.get("signs", ())),
        sure=tuple(understood.get("sure", ())),
        unlikely=tuple(understood.get("unlikely", ())),
        told=tuple(metadata.get("told", ())),
        choice=Choice(choice["title"], choice["step"], choice["value"]) if choice else None,
        model=understood.get("model"),
        release=metadata.get("release"),
        idle=float(understood.get("idle", 0.0)),
    )


def _state(desk: Desk, out: Outcome) -> dict[str, Any]:
    """What the page needs beside the bubbles: open step, buttons, progress; and for the replays what was said."""
    done, total = desk.steps.progress(out.record)
    return {
        "state": {
            "ask": out.ask,
            "beside": list(out.record.asked_beside),
            "choices": [choice.to_dict() for choice in out.choices],
            "step": {"n": done, "of": total},
            "status": "left" if out.act == "delete" else out.record.status,
            "turn": out.record.turn,
            "safety": desk.sheets.safety(out.record),
            "repeated": out.repeated,
            "said": [say.response for say in out.says],
        }
    }
