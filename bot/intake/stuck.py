"""Never stuck: no reply twice in a row, the second miss brings choices, the third a person to call (PEERS 4).

Hides what counts as getting nowhere. Looks at a whole turn after it was taken, whatever step was open, so that no
corner of the interview can go round in circles. Called by the interview at the end of each turn.
"""

from __future__ import annotations

from bot.intake.record import Record
from bot.intake.steps import Choice, Outcome, Say

#: Replies that answered what was said: the talk did not miss, though no fact was gained.
_ANSWERS = (
    "faq/",
    "pause",
    "back_again",
    "what_now",
    "why",
    "summary",
    "how_many",
    "who_learns",
    "human",
    "lift",
    "thanks",
    "goodbye",
    "enough",
    "safe_contact",
)
#: Replies of a miss: at the third they make room for a person.
_MISSES = ("not_read", "noted", "story_more", "no_words", "tap_or_say", "chatter", "odd")
#: Steps with a pace of their own.
_UNHURRIED = frozenset({"safe_now", "leave", None})


def _named(say: Say) -> str:
    return say.response.removeprefix("utter_")


def _state(record: Record) -> tuple[object, ...]:
    """What a turn may move forward."""
    facts = tuple((key, str(fact.value)) for key, fact in record.facts.items())
    return (
        facts, tuple(record.blanks), record.status, record.type, record.subtype, len(record.consents),
        len(record.signs), record.confirmed_at, record.editing, record.leaving, record.purpose_open,
        tuple(record.candidates), record.place_so_far,
    )  # fmt: skip


def unstick(before: Record, out: Outcome) -> None:
    """Change the replies of a turn that got nowhere, or that would say what was just said."""
    record = out.record
    _calm_once(record, out)
    moved = out.ask != before.asked or _state(before) != _state(record)
    # The same answer once more is no answer any more.
    answered = any(_named(say).startswith(_ANSWERS) and say.response not in before.last_said for say in out.says)
    if moved or out.ask in _UNHURRIED:
        record.stalled = 0
    elif not answered:
        record.stalled += 1
        _help(record, out)
    if out.act != "delete":
        _differ(record, out)


def _calm_once(record: Record, out: Outcome) -> None:
    """Abuse is answered calmly once; after that the question simply goes on."""
    if any(say.response == "utter_abuse" for say in out.says):
        if record.misses.get("abuse"):
            out.says = [say for say in out.says if say.response != "utter_abuse"]
        record.misses["abuse"] = record.misses.get("abuse", 0) + 1


def _help(record: Record, out: Outcome) -> None:
    """Choices at the second miss, a person at the third; then it begins anew."""
    if record.stalled < 2:
        return
    if all(choice.step != "human" for choice in out.choices):
        out.choices = [*out.choices, Choice("找真人说", "human", "yes")]
    if record.stalled == 2:
        helped = ("utter_not_read_again", "utter_needed", "utter_story_more")
        if not any(say.response in helped for say in out.says):
            out.says.append(Say("utter_story_more" if out.ask == "story" else "utter_stuck_choices"))
        return
    out.says = [say for say in out.says if not _named(say).startswith(_MISSES)]
    if not any(say.response == "utter_human" for say in out.says):
        out.says.append(Say("utter_stuck_person"))
    record.stalled = 0


def _differ(record: Record, out: Outcome) -> None:
    """The same replies as the turn before are said with other words before them."""
    names = [*(say.response for say in out.says), out.ask or ""]
    if names == record.last_said and any(names):
        out.says.insert(0, Say("utter_once_more"))
        names = ["utter_once_more", *names]
    record.last_said = names
