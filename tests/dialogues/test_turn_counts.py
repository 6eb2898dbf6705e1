"""How many turns a talk needs, from the first consent to the receipt: 12 when she answers question by question, 5 when
she tells all at once (issue 4). Played through the running system; `pytest -s -k turn_counts` prints the table.

Three citizens tell the same matter of `counted/talks.yml`: one answers what is asked, with what is asked in the same
breath; one answers only the first thing of each question; one has told everything in her first words.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from test_replays import FOLDER

from bot.intake.record import Record
from bot.knowledge import read_yaml
from bot.rehearsal import REST, Replay

TALKS = read_yaml(FOLDER / "counted" / "talks.yml")
NAME = "柳大山，电话13800005678"
QUESTION_BY_QUESTION, AT_ONCE = 12, 5


class Counted(Replay):
    """A replay that counts the citizen's turns. `short` answers only the first thing of a question."""

    def __init__(self, running: Any, short: bool = False) -> None:
        super().__init__(running)
        self.short = short
        self.steps: list[str] = []

    def _answer(self, step: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        self.steps.append(step)
        beside, self.beside = self.beside, [] if self.short else self.beside
        turn = super()._answer(step, answers)
        self.beside = beside
        return turn

    def told(self, story: str, answers: Mapping[str, Any]) -> Record:
        """Tell the story and answer until the receipt. Returns the filed record."""
        self.take({"tap": {"step": "privacy_consent", "value": "yes"}})
        self.take({"citizen": story})
        self.take({"rest": {"applicant_name": NAME, "safe_now": "=yes", **answers}})
        talk = self.desk.conversation_by_key(self.key)
        assert talk is not None
        return Record.from_dict(talk.draft)


def _shown(kind: str, matter: str, talk: Counted) -> None:
    sys.stdout.write(f"{matter:32} {kind:12} {talk.number:2} {' '.join(talk.steps)}\n")


@pytest.mark.running
@pytest.mark.parametrize("told", TALKS, ids=lambda told: told["matter"])
@pytest.mark.parametrize("short", [False, True], ids=["as asked", "in a word"])
def test_a_talk_question_by_question_needs_at_most_twelve_turns(
    running: Any, told: dict[str, Any], short: bool
) -> None:
    talk = Counted(running, short)
    record = talk.told(told["story"], told["answers"])
    _shown("in a word" if short else "as asked", told["matter"], talk)
    assert record.status == "filed"
    assert told["matter"] == (f"{record.type}/{record.subtype}" if record.subtype else record.type)
    assert talk.number <= told.get("turns", QUESTION_BY_QUESTION), talk.steps
    if not short:
        untold = {fact for fact in told["answers"] if not fact.endswith(("_now", "_consent")) and not record.said(fact)}
        assert not untold, f"not in the record: {untold}"


@pytest.mark.running
@pytest.mark.parametrize("told", [t for t in TALKS if "at_once" in t], ids=lambda told: told["matter"])
def test_a_talk_told_at_once_needs_at_most_five_turns(running: Any, told: dict[str, Any]) -> None:
    talk = Counted(running)
    record = talk.told(told["at_once"], told["answers"] | REST)
    _shown("at once", told["matter"], talk)
    assert record.status == "filed"
    # All at once may tell of two sub-types; then none is named and nothing more is asked.
    assert told["matter"].split("/")[0] == record.type
    assert record.subtype in (None, *told["matter"].split("/")[1:])
    assert talk.number <= AT_ONCE, talk.steps
