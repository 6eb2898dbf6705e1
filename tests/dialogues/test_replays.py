"""Whole conversations through the running system: model, actions, desk, database.

How a conversation is written, and how it is led, stands in `bot/rehearsal.py`. No claim is about wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import conversations, lead

FOLDER = Path(__file__).resolve().parent


@pytest.mark.running
@pytest.mark.parametrize("spoken", [pytest.param(spoken, id=name) for name, spoken in conversations(FOLDER)])
def test_a_conversation_goes_as_a_good_clerk_would_lead_it(running: Any, spoken: Mapping[str, Any]) -> None:
    lead(running, spoken)
