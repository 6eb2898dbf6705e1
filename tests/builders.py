"""Records, turns and talks in the domain's words, for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher

from bot import knowledge
from bot.desk import Desk
from bot.intake.hearing import Ear
from bot.intake.interview import Interview
from bot.intake.record import Consent, Fact, Record
from bot.intake.steps import Choice, Guess, Heard, Outcome, Steps
from bot.intake.taxonomy import Taxonomy
from bot.permissions import Scope
from bot.staff import Staff
from bot.store_staff import Account

NOW = datetime(2026, 11, 20, 9, 30)
AT = NOW.isoformat(timespec="seconds")
WAGES = (Guess("wages", "wage_arrears", 0.95), Guess("debt", None, 0.03))


def a_fact(
    value: Any, shown: str | None = None, words: str | None = None, turn: int = 1, source: str = "answer"
) -> Fact:
    shown = str(value) if shown is None else shown
    return Fact(value, shown, words or shown, turn, source, AT)


def a_record(type_: str | None = None, subtype: str | None = None, **facts: Any) -> Record:
    """A record with consent and the given facts."""
    record = Record(type=type_, subtype=subtype, turn=1, type_by="citizen" if type_ else None)
    record.consents.append(Consent("privacy", True, "2026-11-23", AT))
    for key, value in facts.items():
        record.facts[key] = value if isinstance(value, Fact) else a_fact(value)
    return record


def said(text: str, **more: Any) -> Heard:
    return Heard(text=text, at=more.pop("at", NOW), **more)


def tapped(step: str, value: str, title: str = "按钮") -> Heard:
    return Heard(text=title, at=NOW, choice=Choice(title, step, value))


class Talking:
    """A talk with a desk without the agent: what was understood is given by the test."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.key, self.token = desk.open_conversation()
        self.out: Outcome | None = None

    def say(self, text: str, **more: Any) -> Outcome:
        self.out = self.desk.hear(self.key, said(text, **more))
        return self.out

    def tap(self, step: str, value: str) -> Outcome:
        self.out = self.desk.hear(self.key, tapped(step, value))
        return self.out

    def consented(self) -> Talking:
        self.tap("privacy_consent", "yes")
        return self

    def filed(self, story: str, matter: str = "wages/wage_arrears", **answers: str) -> str:
        """Tell `story` and answer plainly (or with `answers` by fact) until filed. Returns the receipt number."""
        type_, _, subtype = matter.partition("/")
        out = self.out or self.desk.opening()
        for _ in range(60):
            if out.record.status == "filed":
                assert out.record.receipt is not None
                return out.record.receipt
            assert out.ask is not None
            if out.ask == "story":
                out = self.say(story, types=(Guess(type_, subtype or None, 0.95),))
            elif out.ask in answers:
                out = self.say(answers[out.ask])
            else:
                out = self.desk.hear(self.key, a_reply(out.ask, self.desk.steps.taxonomy, matter))
            self.out = out
        raise AssertionError("never filed")

    @property
    def responses(self) -> list[str]:
        assert self.out is not None
        return [say.response for say in self.out.says]


BODY = {
    "id": "nx",
    "name": "南浔区人民调解委员会（示例）",
    "area": "浙江省/湖州市/南浔区",
    "address": "南浔区样例路1号",
    "phone": "0572-0000001",
    "hours": "周一至周五 8:30-17:00",
    "url": "",
}
OTHER_BODY = {**BODY, "id": "hz", "name": "湖州市人民调解委员会（示例）", "area": "浙江省/湖州市"}


def one_committee(record: Record) -> None:
    """Routing for interviews without a desk: the same committee for everybody, and one to choose instead."""
    named = OTHER_BODY if record.body_choice == OTHER_BODY["id"] else BODY
    record.committee = dict(named)
    record.routing = {"reasons": ["离您最近"], "alternatives": [dict(OTHER_BODY)], "doors": ["12348 法律服务热线"]}


def an_interview(taxonomy: Taxonomy | None = None, propose: Callable[[Record], None] = one_committee) -> Interview:
    """The interview over the project's own taxonomy, without desk, database or model."""
    divisions = knowledge.divisions()
    return Interview(
        Steps(taxonomy or knowledge.taxonomy(), divisions),
        Ear(divisions),
        propose,
        knowledge.clocks(),
        knowledge.rulebook(),
    )


#: A plain answer for each kind of fact.
PLAIN = {
    "text": "就是这么一回事情",
    "place": "浙江省湖州市南浔区练市镇",
    "period": "2026年3月",
    "money": "三万二千元",
    "people": "三个人",
    "count": "三个月",
    "area": "五亩",
    "phone": "13800001234",
    "name": "李四",
    "party": "宏达建材有限公司",
    "yes_no": "是的",
}
#: Steps that are answered with a button.
TAPS = {
    "privacy_consent": "yes",
    "safe_now": "yes",
    "health_consent": "yes",
    "card": "ok",
    "handover_consent": "yes",
    "is_expropriation": "no",
    "purpose": "intake",
    "leave": "keep",
    "elsewhere": "yes",
    "doubt": "keep",
    "two_matters": "apart",
}


def a_reply(step: str, taxonomy: Taxonomy, matter: str = "wages/wage_arrears") -> Heard:
    """What a co-operative citizen answers to a step."""
    if step == "dispute_type":
        return tapped(step, matter)
    if step in TAPS:
        return tapped(step, TAPS[step])
    if step not in taxonomy.facts:
        return said("算了")  # a wish under way ("补充", "撤回"): she lets it be
    spec = taxonomy.facts[step]
    return tapped(step, spec.options[0].value) if spec.options else said(PLAIN[spec.kind])


class Interviewed:
    """A talk with the interview alone: every turn is kept, so that a test can say what happened."""

    def __init__(self, interview: Interview | None = None, record: Record | None = None) -> None:
        self.interview = interview or an_interview()
        self.taxonomy = self.interview.steps.taxonomy
        self.record = record or Record()
        self.out = self.interview.open(self.record)
        self.asked: list[str | None] = []
        self.filings = 0

    def hear(self, heard: Heard) -> Outcome:
        self.out = self.interview.hear(self.record, heard)
        self.record = self.out.record
        self.asked.append(self.out.ask)
        return self.out

    def filed(self) -> Outcome:
        """What the desk does with a finished record; the next matter begins if one waits."""
        self.filings += 1
        receipt = f"FZ20261120-AAAAA{'ACDEFGHJKM'[self.filings % 10]}"
        self.out = self.interview.filed(self.out, said("同意"), receipt, AT)
        self.record = self.out.record
        return self.out

    def say(self, text: str, **more: Any) -> Outcome:
        return self.hear(said(text, **more))

    def tap(self, step: str, value: str, title: str = "按钮") -> Outcome:
        return self.hear(tapped(step, value, title))

    def until(self, step: str | None, matter: str = "wages/wage_arrears") -> Interviewed:
        """Answer plainly until `step` is open (None: until the record is to be filed)."""
        for _ in range(60):
            if self.out.ask == step and (step is not None or self.out.act == "file"):
                return self
            assert self.out.ask is not None, f"done before {step}"
            self.hear(a_reply(self.out.ask, self.taxonomy, matter))
        raise AssertionError(f"{step} never came: {self.asked}")

    @property
    def responses(self) -> list[str]:
        return [say.response for say in self.out.says]


#: A quick argon2id: how strong it is in use is the library's care.
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
OWN_PASSWORD = "菜花黄了麦子熟了2026"


def an_account(staff: Staff, desk: Desk, name: str, role: str, shown: str = "", **scope: str) -> Account:
    """Somebody of the staff who has her own password already; `scope`: body, area."""
    first = staff.add(name, shown or name, role, Scope(**scope), desk.committees.directory())
    staff.change_password(staff.account(name), first, OWN_PASSWORD)
    return staff.account(name)
