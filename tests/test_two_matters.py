"""Claims on noticing two matters with the trained model, measured on the project's own one-matter examples.

The examples were learnt from, so the figure here is a guard; the honest one (examples not learnt from) is in the README.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Interviewed

from bot.commands.checking import examples
from bot.commands.lines import load_model
from bot.intake.steps import Guess, Half
from bot.intake.tellings import cuts
from bot.knowledge import read_yaml
from bot.live import model_file
from bot.settings import Settings

pytestmark = pytest.mark.running
#: At most so many of the one-matter tellings may be asked about, and so many of the two-matter ones must be.
FALSE_ALARMS, HITS = 0.01, 0.8


@pytest.fixture(scope="module")
def model() -> Any:
    return load_model(model_file(Settings.from_environment({}).models))


def asked_about(model: Any, text: str) -> bool:
    """Whether the interview would ask about a second matter."""
    halves = tuple(
        tuple(Half(h.type, h.subtype, h.confidence, h.words) for h in pair) for pair in model.halves_of(text)
    )
    if not halves:
        return False
    talk = Interviewed().until("story")
    types = tuple(Guess(t.type, t.subtype, t.confidence) for t in model.topics_of([text])[0])
    talk.say(text, types=types, halves=halves)
    return talk.record.open_other() is not None


def test_one_matter_is_seldom_taken_for_two(model: Any) -> None:
    told = [text for _, intent, _, text in examples() if intent.startswith("dispute_")][::10]
    alarms = [text for text in told if any(True for _ in cuts(text)) and asked_about(model, text)]
    assert len(told) > 1_000
    assert len(alarms) <= FALSE_ALARMS * len(told), alarms[:20]


def test_two_matters_are_mostly_noticed(model: Any) -> None:
    told = [text for text, _, _ in read_yaml(Path(__file__).with_name("two_matters.yml"))]
    noticed = [text for text in told if asked_about(model, text)]
    assert len(noticed) >= HITS * len(told), set(told) - set(noticed)
