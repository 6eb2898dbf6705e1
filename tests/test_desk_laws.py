"""Laws of the whole desk over its database, whatever a citizen does in any order: talk, tap, correct, leave, come back,
send twice, file, begin again, take back, delete; and the desk may be opened anew between any two turns.

The laws of the interview alone stand in intake/test_interview_laws.py; here they are asked of what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from builders import Talking, a_reply, said
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import FAQS, MATTERS, typed_words, understood, wild_taps
from system import settings_on

from bot.intake.record import Record
from bot.intake.steps import Heard, Outcome
from bot.opening import open_desk
from bot.settings import Settings

WISHES = st.sampled_from(
    ["查看我的资料", "导出我的资料", "查进度", "撤回申请", "确定", "算了", "撤回同意", "我要补充", "换个手机接着说"]
    + ["退出", "留着", "转人工", "总结一下", "为什么问这个", "还有几个问题", "跳过", "重来", "刚才说错了", "都没错"]
)
#: What the filed document says of what she confirmed; status and amendments may move on.
FIXED = ("receipt", "matter", "facts", "consents", "transcript", "committee", "filed_at")


class Talks(RuleBasedStateMachine):
    """One citizen after another at one desk."""

    desk_settings: Settings

    @initialize()
    def arrives(self) -> None:
        self.desk = open_desk(self.desk_settings)
        self.talking = Talking(self.desk)
        self.number = 0
        self.last: tuple[Heard, str] | None = None
        self.filed: dict[str, dict[str, Any]] = {}
        self.take(a_reply("privacy_consent", self.desk.steps.taxonomy))

    def take(self, heard: Heard) -> None:
        before, self.number = self.record, self.number + 1
        self.last = (heard, f"m{self.number}")
        out = self.desk.hear(self.talking.key, heard, self.last[1])
        self.talking.out = out
        self.look(before, out)

    @property
    def record(self) -> Record:
        talk = self.desk.conversation_by_key(self.talking.key)
        return Record.from_dict(talk.draft) if talk is not None else Record()

    def look(self, before: Record, out: Outcome) -> None:
        """Every turn has an answer; nobody is asked what she has answered, nor for what was confirmed."""
        assert out.says or out.ask or out.act or out.repeated or before.status == "filed", out
        if out.ask in self.desk.steps.taxonomy.facts and out.ask not in ("story", "health_consent"):
            assert out.ask not in {*out.record.facts, *out.record.blanks} or out.record.editing == out.ask, out.ask
        if before.confirmed_at and out.record.confirmed_at == before.confirmed_at and before.status == "open":
            lost = {key for key in before.facts if key not in out.record.facts}
            changed = {k for k in before.facts if k in out.record.facts and out.record.facts[k] != before.facts[k]}
            assert not lost and not changed, (lost, changed)

    @rule(matter=st.sampled_from(MATTERS))
    def answers_plainly(self, matter: str) -> None:
        out = self.talking.out
        assert out is not None
        self.take(a_reply(out.ask, self.desk.steps.taxonomy, matter) if out.ask else said("谢谢"))

    @rule(matter=st.sampled_from(MATTERS), turns=st.integers(2, 25))
    def answers_many_questions(self, matter: str, turns: int) -> None:
        for _ in range(turns):
            self.answers_plainly(matter)

    @rule(index=st.integers(0, 9))
    def taps_a_button(self, index: int) -> None:
        out = self.talking.out
        if out is not None and out.choices:
            choice = out.choices[index % len(out.choices)]
            self.take(said(choice.title, choice=choice))

    @rule(heard=understood() | wild_taps())
    def does_anything(self, heard: Heard) -> None:
        self.take(heard)

    @rule(words=WISHES | typed_words(), faq=st.none() | st.sampled_from(FAQS))
    def says_or_wishes(self, words: str, faq: str | None) -> None:
        self.take(said(words, faq=faq, act="faq" if faq else "", act_confidence=0.9 if faq else 0.0))

    @precondition(lambda self: self.last is not None)
    @rule()
    def sends_the_same_again(self) -> None:
        """The network brought it twice: nothing is written twice."""
        assert self.last is not None
        heard, id_ = self.last
        before = self.kept()
        out = self.desk.hear(self.talking.key, heard, id_)
        if before[0] is not None and Record.from_dict(before[0].draft).consent("privacy"):
            assert out.repeated or self.kept()[1:] == before[1:]

    @rule()
    def the_desk_is_opened_anew(self) -> None:
        before = self.record
        self.desk = self.talking.desk = open_desk(self.desk_settings)
        assert self.record == before

    def kept(self) -> tuple[Any, ...]:
        talk = self.desk.conversation_by_key(self.talking.key)
        return talk, talk and len(self.desk.history(talk)), talk and len(self.desk.sheets.receipts(talk))

    @invariant()
    def a_matter_is_filed_at_most_once_and_what_was_confirmed_stays(self) -> None:
        talk = self.desk.conversation_by_key(self.talking.key)
        if talk is None:
            return
        documents = [self.desk.record(one["receipt"]) for one in self.desk.sheets.receipts(talk)]
        standing = [document for document in documents if document is not None]
        numbers = [document["matter_no"] for document in standing]
        assert len(set(numbers)) == len(numbers) and len(numbers) <= talk.matters
        for document in standing:
            fixed = {part: document[part] for part in FIXED if part in document}
            known = self.filed.setdefault(document["receipt"], fixed)
            if document["status"] == "filed" and known["consents"] == fixed["consents"]:
                assert fixed == known


@pytest.fixture()
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Talks]]:
    Talks.desk_settings = settings_on(tmp_path_factory.mktemp("laws"))
    yield Talks


def test_whatever_she_does_nothing_confirmed_is_lost_and_nothing_is_filed_twice(run: type[Talks]) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    few = max(5, settings().max_examples // 8)
    run_state_machine_as_test(
        run,
        settings=settings(
            max_examples=few, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
