"""Asides: a question on mediation, thanks, abuse, chatter, in the middle of the interview. Called by `words`, `replies`.

Hides when words are one, by the model's intent and how sure it is, and what is said to it. The open question comes
back by itself; an aside fills no fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.intake.phrases import Entity
from bot.intake.questions import asks_at_the_end
from bot.intake.steps import Heard
from bot.intake.turn import Turn

#: An aside interrupts a question only above this probability of its intent.
ASIDE = 0.60
SMALL_TALK = frozenset(["greet", "thanks", "goodbye", "praise", "abuse", "chatter", "bot_challenge"])
#: Talk that is nobody's matter; no free-text answer is made of it. Above ASIDE it took none of 162 short real disputes.
IDLE = frozenset(["abuse", "chatter", "bot_challenge"])
POLITE = frozenset(["greet", "thanks", "goodbye", "praise"])
QUESTION = re.compile(r"[?？]|吗|么$|呢$|怎么|多少|几|什么|啥|谁|哪|是不是|能不能|可不可以|要不要|会不会|行不行")

#: Steps with a pace of their own, or where only consent counts.
UNDIVIDED = frozenset(["privacy_consent", "safe_now", "leave"])


def both(turn: Turn, step: str | None, take: Callable[[], None]) -> None:
    """Let `take` hear what is told, then answer what is asked beside it ("没签合同，要收费吗"): neither is lost."""
    whole, told, question = turn.heard, turn.heard, turn.heard.beside
    if question is None or step in UNDIVIDED:
        take()
        if _left_unanswered(turn, step):
            turn.say("utter_faq_unsure")
        return
    if step != "story":  # a first telling is kept whole
        told = replace(told, text=question.told, entities=_inside(told, question.told))
    turn.heard = replace(told, act=question.act, act_confidence=question.act_confidence, faq=None, beside=None)
    take()
    turn.heard = replace(
        whole, text=question.words, act="faq", act_confidence=question.confidence, faq=question.faq, beside=None
    )
    aside(turn, 0.0)
    turn.heard = whole


def _inside(heard: Heard, part: str) -> tuple[Entity, ...]:
    """The spans that lie in a part of the words, counted from its beginning."""
    at = heard.text.find(part)
    inside = [e for e in heard.entities if at <= e.start and e.end <= at + len(part)]
    return tuple(replace(e, start=e.start - at, end=e.end - at) for e in inside)


def _left_unanswered(turn: Turn, step: str | None) -> bool:
    """Whether the open question was answered and something asked at its end that nobody here can answer."""
    spec = turn.steps.taxonomy.facts.get(step or "")
    if spec is None or spec.kind in ("text", "party") or spec.key not in turn.out.changed:
        return False
    answered = any(say.response.removeprefix("utter_").startswith(("faq", "your_limits")) for say in turn.out.says)
    return not answered and not turn.record.signs and asks_at_the_end(turn.heard.text)


def is_idle(turn: Turn) -> bool:
    """Whether short words are mere talk: a joke asked for, abuse, the weather."""
    heard = turn.heard
    return heard.act in IDLE and heard.act_confidence >= ASIDE and len(heard.text) <= 40


def is_aside(turn: Turn, sure: float) -> bool:
    heard = turn.heard
    return heard.act_confidence >= sure and (heard.act == "faq" or heard.faq is not None or heard.act in SMALL_TALK)


def aside(turn: Turn, sure: float) -> bool:
    """Answer a question on mediation or small talk; the open question then comes back by itself."""
    if not is_aside(turn, sure):
        return False
    heard = turn.heard
    own = turn.limits() if heard.faq in turn.clocks.answers else ""
    if own:
        turn.record.reminded = own
        turn.say("utter_your_limits", limits=own)
    elif heard.faq == "safe_contact" and _safe_contact(turn):
        turn.say("utter_safe_contact_noted")
    elif heard.faq is not None:
        answer = f"utter_faq/{heard.faq}"
        turn.say(answer if turn.stands(answer) else "utter_faq_unsure")
    else:
        turn.say("utter_faq_unsure" if heard.act == "faq" else f"utter_{heard.act}")
    return True


def _safe_contact(turn: Turn) -> bool:
    """Whether her wish not to be called ("别给我打电话") is one of the ways to reach her safely: then it is written."""
    record = turn.record
    if "safe_contact" in turn.out.changed:
        return True
    if record.status != "open" or record.type is None or record.said("safe_contact"):
        return False
    found = turn.ear.story([turn.spec("safe_contact")], turn.heard.text, turn.heard.at.date())
    for key, value in found.items():
        turn.write(key, value, "answer")
    return bool(found)
