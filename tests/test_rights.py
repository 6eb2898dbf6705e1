"""Claims about her rights through the desk: see, change, take back, delete, take along, go on elsewhere, progress."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import NOW, WAGES, Talking, a_reply
from test_desk import STORY, bytes_of, draft_of, filed_document, talk_of, to_filing

from bot import knowledge
from bot.desk import Desk
from bot.intake.retention import Retention
from bot.opening import open_desk
from bot.returning import CODE_DIGITS, CODE_LENGTH, MOST_TRIES, TooOften
from bot.rights import MEANS_TO_TAKE_BACK
from bot.settings import Settings
from bot.store import Talk

HEALTH = "去年三月我在南浔区人民医院做手术，医生把纱布留在里面了"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture()
def clock() -> Clock:
    return Clock()


@pytest.fixture()
def desk(settings: Settings, clock: Clock) -> Desk:
    opened = open_desk(settings)
    return Desk(opened._store, opened._knowledge, clock)


@pytest.fixture()
def filed(desk: Desk) -> Talking:
    """A talk that has filed a wages matter."""
    talking = Talking(desk).consented()
    to_filing(talking)
    return talking


def receipt_of(talking: Talking) -> str:
    return str(filed_document(talking.desk)["receipt"])


def move_on(talking: Talking, status: str) -> None:
    """What the mediators' console does: the record goes to a status."""
    store = talking.desk._store
    standing = store.filed.standing(receipt_of(talking))
    assert standing is not None
    store.filed.act(standing.id, NOW, "mediator", "moved", status)


# —— amendments and supplements ——


def test_a_correction_after_filing_reaches_the_mediator_and_the_filed_facts_stay(filed: Talking) -> None:
    filed.say("金额不对，是三万五")
    assert filed.responses == ["utter_amended"]
    document = filed_document(filed.desk)
    jsonschema.validate(document, knowledge.record_schema())
    assert document["facts"]["amount"]["value"] == 32000
    (amendment,) = document["amendments"]
    assert (amendment["old"]["value"], amendment["new"]["value"]) == (32000, 35000)
    assert (amendment["words"], amendment["at"]) == ("金额不对，是三万五", NOW.isoformat())
    assert draft_of(filed).value("amount") == 35000


def test_a_supplement_is_kept_in_her_words_beside_the_filed_record(filed: Talking) -> None:
    filed.say("我要补充")
    filed.say("老板昨天又把我拉黑了")
    document = filed_document(filed.desk)
    jsonschema.validate(document, knowledge.record_schema())
    assert [(a["kind"], a["words"]) for a in document["amendments"]] == [("supplement", "老板昨天又把我拉黑了")]


def test_the_same_supplement_sent_twice_is_one(filed: Talking) -> None:
    from builders import said

    for _ in range(2):
        filed.desk.hear(filed.key, said("我要补充：老板昨天又把我拉黑了"), "id-once")
    assert len(filed_document(filed.desk)["amendments"]) == 1


def test_a_withdrawn_application_is_withdrawn_once_and_takes_no_more(filed: Talking) -> None:
    filed.say("撤回申请")
    assert filed_document(filed.desk)["status"] == "filed"
    filed.tap("withdraw", "yes")
    assert filed_document(filed.desk)["status"] == "withdrawn"
    filed.say("我要补充：老板昨天又把我拉黑了")
    assert filed.responses == ["utter_withdraw_late"]
    filed.say("撤回申请")
    assert filed.responses == ["utter_withdraw_late"]
    assert filed.out is not None and filed.out.ask is None
    assert filed_document(filed.desk)["amendments"] == []


# —— progress ——


def test_in_her_own_talk_progress_needs_no_number(filed: Talking) -> None:
    filed.say("查进度")
    assert filed.responses == ["utter_progress"]
    assert filed.out is not None and filed.out.ask is None


def test_with_receipt_and_digits_a_stranger_device_learns_state_and_committee_and_no_fact(filed: Talking) -> None:
    told = filed.desk.returning.progress(receipt_of(filed), "1234", "1.2.3.4")
    assert told is not None and told["committee"]["name"]
    assert set(told) == {"receipt", "status", "state", "since", "committee", "next"}
    assert "三万二" not in json.dumps(told, ensure_ascii=False) and "拖欠" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(("receipt", "digits"), [("right", "9999"), ("FZ20261120-AAAAAA", "1234"), ("right", "")])
def test_every_wrong_pair_is_told_the_same(filed: Talking, receipt: str, digits: str) -> None:
    number = receipt_of(filed) if receipt == "right" else receipt
    assert filed.desk.returning.progress(number, digits, "1.2.3.4") is None


def test_guessing_the_digits_of_a_receipt_rests_for_an_hour_even_for_the_right_ones(
    filed: Talking, clock: Clock
) -> None:
    returning, receipt = filed.desk.returning, receipt_of(filed)
    for number in range(MOST_TRIES["receipt"]):
        assert returning.progress(receipt, f"{number:04d}", f"10.0.0.{number}") is None
    with pytest.raises(TooOften):
        returning.progress(receipt, "1234", "10.0.0.99")
    clock.now += timedelta(hours=1, minutes=1)
    assert returning.progress(receipt, "1234", "10.0.0.99") is not None


def test_a_receipt_that_does_not_exist_rests_after_as_many_guesses(desk: Desk) -> None:
    for number in range(MOST_TRIES["receipt"]):
        assert desk.returning.progress("FZ20261120-AAAAAA", "1234", f"10.0.0.{number}") is None
    with pytest.raises(TooOften):
        desk.returning.progress("FZ20261120-AAAAAA", "1234", "10.0.0.99")


def test_progress_before_consent_stores_no_word(filed: Talking, settings: Settings) -> None:
    other = Talking(filed.desk)
    other.say("查一下我的受理号")
    assert other.out is not None and other.out.ask == "progress"
    other.say(f"{receipt_of(filed)}，后四位1234 WoDeMiMi")
    assert other.responses == ["utter_progress"]
    assert b"WoDeMiMi" not in bytes_of(settings)
    assert draft_of(other).facts == {} and filed.desk.history(talk_of(other)) == []


def test_a_status_that_nobody_wrote_down_is_told_calmly_and_kept(filed: Talking) -> None:
    move_on(filed, "on_the_moon")
    filed.say("查进度")
    assert filed.responses == ["utter_progress"]
    assert knowledge.retention().stage("on_the_moon").held


# —— another device ——


def test_a_code_is_short_without_look_alikes_and_opens_the_same_talk(filed: Talking) -> None:
    code, until = filed.desk.returning.new_code(talk_of(filed))
    assert len(code) == CODE_LENGTH == 8 and set(code) <= set(CODE_DIGITS) and "1" not in CODE_DIGITS
    assert until - NOW <= timedelta(minutes=30)
    token = filed.desk.returning.use_code(f"{code[:4]} {code[4:]}", "1.2.3.4")
    assert token is not None
    other = filed.desk.conversation(token)
    assert other is not None and other.key == filed.key
    assert filed.desk.returning.use_code(code, "1.2.3.4") is None


def test_the_code_stands_nowhere_in_the_talk_or_the_database(filed: Talking, settings: Settings) -> None:
    filed.say("换个手机接着说")
    code, _ = filed.desk.returning.new_code(talk_of(filed))
    assert code.encode() not in bytes_of(settings)


def test_guessing_codes_rests_even_for_the_right_one(filed: Talking, clock: Clock) -> None:
    code, _ = filed.desk.returning.new_code(talk_of(filed))
    wrong = "0" * 8 if code != "0" * 8 else "2" * 8
    for _ in range(MOST_TRIES["from"]):
        assert filed.desk.returning.use_code(wrong, "6.6.6.6") is None
    with pytest.raises(TooOften):
        filed.desk.returning.use_code(code, "6.6.6.6")
    assert filed.desk.returning.use_code(code, "7.7.7.7") is not None


# —— coming back ——


def test_days_later_she_is_told_where_we_were_and_asked_only_the_open_question(desk: Desk, clock: Clock) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    asked = talking.out.ask if talking.out else None
    (say,) = desk.returning.back(talk_of(talking), NOW + timedelta(days=3))
    assert say.response == "utter_back_asking"
    talking.say("我回来了", at=NOW + timedelta(days=3), act="greet", act_confidence=0.9)
    assert talking.responses[0] == "utter_back_asking"
    assert talking.out is not None and talking.out.ask == asked
    talking.say("宏达建材有限公司", at=NOW + timedelta(days=6))
    assert not any(name.startswith("utter_back") for name in talking.responses)


def test_within_hours_nothing_is_said_of_coming_back(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    assert desk.returning.back(talk_of(talking), NOW + timedelta(hours=2)) == []


def test_a_danger_on_coming_back_is_answered_first_and_alone(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    talking.say("我不想活了", at=NOW + timedelta(days=3))
    assert talking.responses[0] == "utter_danger_self_harm"
    assert not any(name.startswith("utter_back") for name in talking.responses)


# —— seeing and taking along ——


def test_what_is_held_names_talk_record_consents_and_whom_it_went_to(filed: Talking) -> None:
    filed.say("查看我的资料")
    assert filed.out is not None
    rows = filed.out.says[0].show["card"]
    assert {"talk", "record", "handed", "privacy", "handover"} <= {row["fact"] for row in rows}
    assert filed_document(filed.desk)["committee"]["name"] in {row["shown"] for row in rows}
    assert all(row["label"] and row["shown"] for row in rows)


def test_before_consent_there_is_nothing_to_see(desk: Desk) -> None:
    talking = Talking(desk)
    for words in ("查看我的资料", "导出", "换个手机接着说", "撤回同意"):
        talking.say(words)
        assert talking.responses == ["utter_nothing_held"]


def test_the_copy_holds_her_words_her_record_and_each_consent(filed: Talking) -> None:
    filed.say("金额不对，是三万五")
    held = filed.desk.rights.held(talk_of(filed))
    json.dumps(held, ensure_ascii=False)
    assert STORY in {line["text"] for line in held["talk"]}
    assert held["filed"][0]["amendments"][0]["new"]["value"] == 35000
    assert {consent["kind"] for consent in held["consents"]} == {"privacy", "handover"}


# —— taking back ——


def medical(desk: Desk) -> Talking:
    """A filed medical matter with health facts."""
    from bot.intake.steps import Guess

    talking = Talking(desk).consented()
    talking.say(HEALTH, types=(Guess("medical", None, 0.95),))
    taxonomy = desk.steps.taxonomy
    while talking.out is not None and talking.out.record.status != "filed":
        assert talking.out.ask is not None
        talking.out = desk.hear(talking.key, a_reply(talking.out.ask, taxonomy, "medical"))
    return talking


def test_health_consent_taken_back_drops_only_the_health_facts(desk: Desk) -> None:
    talking = medical(desk)
    before = filed_document(desk)
    assert before["health_facts_consented"] and "treated_on" in before["facts"]
    talking.say("撤回病情的同意")
    talking.tap("take_back_sure", "yes")
    after = filed_document(desk)
    jsonschema.validate(after, knowledge.record_schema())
    assert after["health_facts_consented"] is False and "treated_on" not in after["facts"]
    assert after["status"] == "filed" and not after["restricted"]
    assert draft_of(talking).consent("privacy").given  # type: ignore[union-attr]
    assert "treated_on" not in draft_of(talking).facts


def test_handover_taken_back_after_filing_withdraws_and_tells_the_committee(filed: Talking) -> None:
    filed.say("撤回移交的同意")
    filed.tap("take_back_sure", "yes")
    document = filed_document(filed.desk)
    assert (document["status"], document["restricted"]) == ("withdrawn", True)
    assert document["amendments"][-1]["kind"] == "consent"


def test_handover_taken_back_from_an_accepted_case_is_told_and_the_case_is_kept(filed: Talking) -> None:
    move_on(filed, "accepted")
    filed.say("撤回移交的同意")
    filed.tap("take_back_sure", "yes")
    document = filed_document(filed.desk)
    assert (document["status"], document["restricted"]) == ("accepted", True)


def test_privacy_consent_taken_back_before_filing_leaves_no_word(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk).consented()
    talking.say("老板叫WoDeMiMi，欠我三万二工资", types=WAGES)
    talking.say("撤回隐私说明的同意")
    talking.tap("take_back_sure", "yes")
    assert talking.out is not None and talking.out.ask == "privacy_consent"
    desk._store.settle()
    assert b"WoDeMiMi" not in bytes_of(settings)


def test_privacy_consent_taken_back_after_filing_empties_the_record_and_keeps_the_proof(
    filed: Talking, settings: Settings
) -> None:
    receipt = receipt_of(filed)
    filed.say("撤回隐私说明的同意")
    filed.tap("take_back_sure", "yes")
    assert filed.desk.record(receipt) is None
    filed.desk._store.settle()
    assert STORY.encode() not in bytes_of(settings)
    consents = draft_of(filed).consents
    assert [consent.given for consent in consents if consent.kind == "privacy"] == [True, False]


# —— deleting ——


def everything_deleted(talking: Talking) -> None:
    talking.say("删除我的资料")
    talking.tap("leave", "delete")


def test_deleting_reaches_talk_record_and_codes_and_leaves_no_byte(filed: Talking, settings: Settings) -> None:
    receipt = receipt_of(filed)
    filed.say("我要补充：WoDeMiMi还欠着别人")
    code, _ = filed.desk.returning.new_code(talk_of(filed))
    everything_deleted(filed)
    assert filed.responses == ["utter_deleted_filed"]
    assert filed.desk.conversation(filed.token) is None and filed.desk.record(receipt) is None
    assert filed.desk.returning.use_code(code, "1.1.1.1") is None
    assert filed.desk.returning.progress(receipt, "1234", "1.1.1.1") is None
    left = bytes_of(settings)
    for word in ("WoDeMiMi", STORY, "宏达建材", "13800001234"):
        assert word.encode() not in left, word


def test_a_case_that_a_committee_accepted_is_kept_without_the_talk_and_marked(filed: Talking) -> None:
    move_on(filed, "accepted")
    filed.say("删除我的资料")
    assert "utter_delete_means_held" in filed.responses
    filed.tap("leave", "delete")
    assert filed.responses == ["utter_deleted_held"]
    document = filed_document(filed.desk)
    jsonschema.validate(document, knowledge.record_schema())
    assert document["restricted"] and document["transcript"] == []
    assert filed.desk.conversation(filed.token) is None


class Folder:
    """A keeper outside the database, as the attachments are."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def forget(self, key: str) -> int:
        self.forgotten.append(key)
        return 1

    def forget_record(self, receipt: str) -> int:
        self.forgotten.append(receipt)
        return 1

    def of(self, talk: Talk) -> list[Any]:
        return ["a photo"]

    def sweep(self) -> int:
        return 0


def test_what_lies_outside_the_database_is_forgotten_with_it_and_shown_before(filed: Talking) -> None:
    folder = Folder()
    filed.desk.rights.also_forget.append(folder)
    receipt = receipt_of(filed)
    assert "attachments" in {row["fact"] for row in filed.desk.rights.overview(talk_of(filed))}
    everything_deleted(filed)
    assert folder.forgotten == [receipt, filed.key]


# —— keeping to time ——


def test_talks_and_records_go_by_their_times_and_the_job_says_only_numbers(
    desk: Desk, clock: Clock, settings: Settings
) -> None:
    idle, filed = Talking(desk).consented(), Talking(desk).consented()
    to_filing(filed)
    receipt = receipt_of(filed)
    clock.now = NOW + timedelta(days=31)
    swept = desk.keep_to_time(30)
    assert (swept.unfiled_talks, swept.filed_talks, swept.records) == (1, 0, 0)
    assert desk.returning.expired(idle.token) and desk.conversation(idle.token) is None
    clock.now = datetime.now() + timedelta(days=400)
    swept = desk.keep_to_time(30)
    assert (swept.filed_talks, swept.records) == (1, 1)
    assert desk.record(receipt) is None and desk.returning.expired(filed.token)
    assert all(isinstance(number, int) for number in (swept.notes, swept.records))
    clock.now += timedelta(days=2000)
    assert desk.keep_to_time(30).records == 1, "the proof of consent goes too, in the end"
    assert desk.keep_to_time(30).records == 0


def test_a_case_under_way_does_not_go_by_itself(filed: Talking, clock: Clock) -> None:
    move_on(filed, "mediating")
    clock.now = NOW + timedelta(days=4000)
    assert filed.desk.keep_to_time(30).records == 0


def test_zero_days_keeps_unfiled_talks(desk: Desk, clock: Clock) -> None:
    talking = Talking(desk).consented()
    clock.now = NOW + timedelta(days=4000)
    assert desk.keep_to_time(0).unfiled_talks == 0
    assert desk.conversation(talking.token) is not None


# —— the data ——


def test_every_status_says_its_name_what_comes_next_and_whether_it_can_go() -> None:
    kept = knowledge.retention()
    assert {"filed", "accepted", "withdrawn", "erased"} <= set(kept.stages)
    for status, stage in kept.stages.items():
        assert stage.name and stage.next.endswith("。"), status
        assert not (stage.held and stage.keep_days), f"{status}: what law keeps does not go by our own days"


def test_a_wrong_retention_is_named_in_chinese() -> None:
    raw = knowledge.read_yaml(knowledge.FOLDER / "retention.yml")
    raw["statuses"]["filed"]["on_request"] = "perhaps"
    with pytest.raises(ValueError, match="filed"):
        Retention.from_mapping(raw)


def test_every_consent_says_what_taking_it_back_means_at_every_stage() -> None:
    responses = knowledge.responses()
    assert all(name in responses for name in MEANS_TO_TAKE_BACK.values())
    assert len(MEANS_TO_TAKE_BACK) == 9


def test_the_notice_promises_the_days_and_words_that_are_built() -> None:
    notice = (Path(knowledge.__file__).parent / "privacy_notice.md").read_text(encoding="utf-8")
    kept = knowledge.retention()
    assert f"{Settings.from_environment({}).keep_days} 天" in notice
    assert f"{kept.stages['filed'].keep_days} 天" in notice and f"{kept.stages['withdrawn'].keep_days} 天" in notice
    for words in ("查看我的资料", "导出我的资料", "撤回同意", "删除我的资料", "撤回申请", "查进度"):
        assert words in notice, words
