"""What a citizen's turn answers to her committee: a question in her chat, or whether her case may go to another one.

Pure; called by the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.intake.reading.answers import read_yes_no
from bot.intake.steps import Choice, Heard

STEP = "enquiry"


def enquiry_buttons(pending: Mapping[str, Any] | None) -> list[Choice]:
    """Buttons under what she was asked; a plain question has none."""
    if not pending or pending["kind"] != "transfer":
        return []
    return [Choice("同意转过去", STEP, "yes"), Choice("不同意，还在这家", STEP, "no")]


def answers(pending: Mapping[str, Any], heard: Heard) -> str | None:
    """yes, no, or `words`; None when the turn answers something else."""
    if heard.choice is not None:
        fits = heard.choice.step == STEP and pending["kind"] == "transfer" and heard.choice.value in ("yes", "no")
        return heard.choice.value if fits else None
    if not heard.text.strip():
        return None
    if pending["kind"] != "transfer":
        return "words"
    typed = next((c.value for c in enquiry_buttons(pending) if c.title == heard.text.strip()), None)
    said = typed or read_yes_no(heard.text)
    return said if said in ("yes", "no") else None
