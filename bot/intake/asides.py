"""Asides: a question on mediation, thanks, abuse, chatter, in the middle of the interview. Called by `words`, `replies`.

Hides when words are one, by the model's intent and how sure it is, and what is said to it. The open question comes
back by itself; an aside fills no fact.
"""

from __future__ import annotations

import re

from bot.intake.turn import Turn

#: An aside interrupts a question only above this probability of its intent.
ASIDE = 0.60
SMALL_TALK = frozenset(["greet", "thanks", "goodbye", "praise", "abuse", "chatter", "bot_challenge"])
#: Talk that is nobody's matter; no free-text answer is made of it. Above ASIDE it took none of 162 short real disputes.
IDLE = frozenset(["abuse", "chatter", "bot_challenge"])
POLITE = frozenset(["greet", "thanks", "goodbye", "praise"])
QUESTION = re.compile(r"[?？]|吗|么$|呢$|怎么|多少|几|什么|啥|谁|哪|是不是|能不能|可不可以|要不要|会不会|行不行")


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
    elif heard.faq is not None:
        answer = f"utter_faq/{heard.faq}"
        turn.say(answer if turn.stands(answer) else "utter_faq_unsure")
    else:
        turn.say("utter_faq_unsure" if heard.act == "faq" else f"utter_{heard.act}")
    return True
