"""Claims about the desk: consent before storing, one turn for one message, filing, committees, the directory."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders import NOW, WAGES, Talking, a_reply, said, tapped
from test_store import raw

from bot import knowledge
from bot.desk import Desk
from bot.intake.directory import DirectoryError
from bot.intake.record import Record
from bot.intake.steps import Guess, Outcome
from bot.keys import Keyring, KeysError
from bot.opening import open_desk, open_store
from bot.settings import Settings
from bot.store import Message, Talk

HEADER = "id,name,area,types,address,phone,hours,serves_home,url\n"
STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
SECRET = "WoDeMiMi88"
SEALED_BYTES = re.compile(rb"fz1\$[0-9a-f]{8}\$gAAAA[A-Za-z0-9_-]+=*")


def talk_of(talking: Talking) -> Talk:
    talk = talking.desk.conversation(talking.token)
    assert talk is not None
    return talk


def draft_of(talking: Talking) -> Record:
    return Record.from_dict(talk_of(talking).draft)


def to_filing(talking: Talking, story: str = STORY) -> Outcome:
    """Answer plainly until the record is filed."""
    taxonomy = talking.desk.steps.taxonomy
    out = talking.out or talking.desk.opening()
    for _ in range(60):
        if out.record.status == "filed":
            return out
        assert out.ask is not None
        if out.ask == "story":
            out = talking.say(story, types=WAGES)
        else:
            out = talking.desk.hear(talking.key, a_reply(out.ask, taxonomy))
        talking.out = out
    raise AssertionError("never filed")


def filed_document(desk: Desk) -> dict[str, Any]:
    documents = list(desk.records())
    assert len(documents) == 1
    document: dict[str, Any] = documents[0]
    return document


def bytes_of(settings: Settings) -> bytes:
    """Everything that lies in the database's files, and everything in them that the key opens."""
    path = Path(settings.database.removeprefix("sqlite:///"))
    left = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    ring = Keyring.at(path.with_suffix(".keys"))
    store = open_store(settings)
    opened = [ring.open(value.strip('"')) for value in raw(store)]
    store.close()
    for token in SEALED_BYTES.findall(left):  # also what was deleted and not written over, where it lies in one piece
        with contextlib.suppress(KeysError):
            opened.append(ring.open(token.decode()))
    return left + "\n".join(opened).encode()


# —— consent before storing ——


def test_before_consent_no_word_of_hers_lies_in_the_database_file(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk)
    talking.say(f"老板叫{SECRET}，欠我三万二", types=WAGES)
    desk.keep_replies(talking.key, [Message(0, "desk", NOW, 1, f"您说{SECRET}")])
    assert SECRET.encode() not in bytes_of(settings)
    assert "三万二".encode() not in bytes_of(settings)
    assert desk.history(talk_of(talking)) == []


def test_a_refused_consent_stores_no_word(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk)
    talking.tap("privacy_consent", "no")
    talking.say(f"老板叫{SECRET}", types=WAGES)
    assert SECRET.encode() not in bytes_of(settings)


def test_a_danger_before_consent_is_answered_and_not_stored(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk)
    talking.say(f"我不想活了{SECRET}")
    assert "utter_danger_self_harm" in talking.responses
    assert SECRET.encode() not in bytes_of(settings)


def test_an_identity_number_lies_nowhere_in_the_database_and_she_is_told(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk).consented()
    talking.say("老板赵大明身份证110105194912310021，欠我三万二", types=WAGES)
    assert "utter_identity_covered" in talking.responses
    talking.say("对方身份证号 110105 19491231 002x")
    to_filing(talking)
    assert b"19491231" not in bytes_of(settings)
    assert "19491231" not in str(filed_document(desk))
    assert filed_document(desk)["facts"]["amount"]["value"] == 32_000


def test_after_consent_her_words_and_the_notice_version_are_kept(desk: Desk, settings: Settings) -> None:
    talking = Talking(desk).consented()
    talking.say(f"老板叫{SECRET}，欠我三万二", types=WAGES)
    assert SECRET.encode() in bytes_of(settings)
    consent = draft_of(talking).consent("privacy")
    assert consent is not None and consent.given and consent.version


def test_deleting_leaves_no_word_in_the_talk(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    talking.say("删除我的资料")
    talking.tap("leave", "delete")
    assert desk.conversation(talking.token) is None


# —— one message, one turn ——


def test_the_same_client_id_twice_is_one_turn(desk: Desk) -> None:
    talking = Talking(desk).consented()
    first = desk.hear(talking.key, said(STORY, types=WAGES), "id-1")
    again = desk.hear(talking.key, said(STORY, types=WAGES), "id-1")
    assert not first.repeated and again.repeated
    assert again.ask == first.ask
    assert [m.text for m in desk.history(talk_of(talking)) if m.who == "citizen"].count(STORY) == 1
    assert draft_of(talking).turn == first.record.turn


def test_an_id_heard_long_ago_is_still_the_same_turn(desk: Desk) -> None:
    talking = Talking(desk).consented()
    desk.hear(talking.key, said(STORY, types=WAGES), "id-1")
    desk.hear(talking.key, said("宏达建材有限公司"), "id-2")
    turn = draft_of(talking).turn
    assert desk.hear(talking.key, said(STORY, types=WAGES), "id-1").repeated
    assert draft_of(talking).turn == turn


def test_the_final_tap_sent_twice_files_once(desk: Desk) -> None:
    talking = Talking(desk).consented()
    taxonomy = desk.steps.taxonomy
    talking.say(STORY, types=WAGES)
    while talking.out.ask != "handover_consent":  # type: ignore[union-attr]
        talking.out = desk.hear(talking.key, a_reply(talking.out.ask, taxonomy))  # type: ignore[union-attr,arg-type]
    desk.hear(talking.key, tapped("handover_consent", "yes"), "id-last")
    assert desk.hear(talking.key, tapped("handover_consent", "yes"), "id-last").repeated
    desk.hear(talking.key, tapped("handover_consent", "yes"), "id-other")
    assert len(list(desk.records())) == 1


def test_a_talk_goes_on_after_the_desk_was_closed_and_opened(settings: Settings) -> None:
    talking = Talking(open_desk(settings)).consented()
    open_ = talking.say(STORY, types=WAGES).ask
    later = open_desk(settings)
    talk = later.conversation(talking.token)
    assert talk is not None
    assert later.standing(talk).ask == open_
    assert Record.from_dict(talk.draft) == talking.out.record  # type: ignore[union-attr]


def test_a_key_never_seen_opens_a_talk(desk: Desk) -> None:
    assert desk.hear("rasa-shell", said("你好", act="greet", act_confidence=0.9)).ask == "privacy_consent"


def test_a_token_opens_only_its_own_talk(desk: Desk) -> None:
    one, two = Talking(desk).consented(), Talking(desk).consented()
    one.say(STORY, types=WAGES)
    assert one.token != two.token and len(one.token) >= 40
    assert all(STORY not in m.text for m in desk.history(talk_of(two)))
    assert desk.conversation(one.token[:-1]) is None
    assert desk.conversation(one.key) is None


# —— filing ——


def test_a_filed_record_is_what_the_schema_describes(desk: Desk) -> None:
    to_filing(Talking(desk).consented())
    jsonschema.validate(filed_document(desk), knowledge.record_schema())


@pytest.mark.parametrize("type_", ["family", "property", "medical", "land", "neighbour", "debt", "other"])
def test_every_type_files_a_lawful_record(desk: Desk, type_: str) -> None:
    talking = Talking(desk).consented()
    talking.say("这件事情一直没有人管，我该怎么办呢")
    talking.tap("dispute_type", type_)
    to_filing(talking)
    document = filed_document(desk)
    jsonschema.validate(document, knowledge.record_schema())
    assert (document["matter"]["type"], document["matter"]["settled_by"]) == (type_, "citizen")


def test_the_record_holds_the_transcript_in_her_words(desk: Desk) -> None:
    to_filing(Talking(desk).consented())
    texts = [line["text"] for line in filed_document(desk)["transcript"] if line["who"] == "citizen"]
    assert STORY in texts


def test_every_value_stands_with_words_that_she_said(desk: Desk) -> None:
    to_filing(Talking(desk).consented())
    document = filed_document(desk)
    said_ = "\n".join(line["text"] for line in document["transcript"])
    for key, fact in document["facts"].items():
        if fact["source"] != "choice":
            assert fact["words"] in said_, key


def test_the_handover_consent_names_the_body_that_gets_the_record(desk: Desk) -> None:
    to_filing(Talking(desk).consented())
    document = filed_document(desk)
    handover = [consent for consent in document["consents"] if consent["kind"] == "handover"]
    assert handover[-1]["given"] is True
    assert handover[-1]["to"] == document["committee"]["id"]
    assert document["committee"]["id"] in {body.id for body in desk.committees.directory()}


def test_the_committee_is_shown_before_the_consent_to_hand_over(desk: Desk) -> None:
    talking = Talking(desk).consented()
    taxonomy = desk.steps.taxonomy
    talking.say(STORY, types=WAGES)
    while talking.out.ask != "handover_consent":  # type: ignore[union-attr]
        talking.out = desk.hear(talking.key, a_reply(talking.out.ask, taxonomy))  # type: ignore[union-attr,arg-type]
    proposal = next(say.show["proposal"] for say in talking.out.says if "proposal" in say.show)  # type: ignore[union-attr]
    assert proposal["committee"]["name"] and proposal["reasons"]


def test_a_changed_place_names_another_committee_and_asks_again(desk: Desk) -> None:
    talking = Talking(desk).consented()
    taxonomy = desk.steps.taxonomy
    talking.say(STORY, types=WAGES)
    while talking.out.ask != "handover_consent":  # type: ignore[union-attr]
        talking.out = desk.hear(talking.key, a_reply(talking.out.ask, taxonomy))  # type: ignore[union-attr,arg-type]
    first = draft_of(talking).committee
    talking.tap("card", "edit:place")
    talking.say("山西省晋城市城区东街街道")
    assert draft_of(talking).consent("handover") is None
    to_filing(talking)
    assert filed_document(desk)["committee"] != first
    assert "晋城市" in filed_document(desk)["committee"]["area"]


def test_a_second_matter_is_filed_beside_the_first_and_without_its_words(desk: Desk) -> None:
    talking = Talking(desk).consented()
    to_filing(talking)
    talking.tap("again", "yes")
    to_filing(talking, "老板欠我五万工资，在山西省晋城市城区")
    first, second = list(desk.records())
    assert (first["matter_no"], second["matter_no"]) == (1, 2)
    assert second["facts"]["amount"]["value"] == 50_000
    assert STORY not in [line["text"] for line in second["transcript"]]
    assert len(desk.sheets.receipts(talk_of(talking))) == 2


def test_after_deleting_the_talk_the_filed_record_stays_with_its_committee(desk: Desk) -> None:
    talking = Talking(desk).consented()
    to_filing(talking)
    desk.forget(talking.key)
    assert len(list(desk.records())) == 1


def test_a_receipt_is_found_again_and_an_unknown_one_is_none(desk: Desk) -> None:
    out = to_filing(Talking(desk).consented())
    assert out.record.receipt is not None
    assert desk.record(out.record.receipt) == filed_document(desk)
    assert desk.record("FZ20261120-AAAAAA") is None


def test_receipts_are_unique_readable_and_not_to_be_guessed(desk: Desk) -> None:
    from bot.sheets import RECEIPT_LETTERS, _receipt

    drawn = [_receipt(datetime(2026, 11, 20)) for _ in range(300)]  # of 3,000, two are the same in one run of fifty
    assert len(set(drawn)) == len(drawn)
    assert all(re.fullmatch(f"FZ20261120-[{RECEIPT_LETTERS}]{{6}}", receipt) for receipt in drawn)
    assert not set("0O1ILZ2S5B8") & set(RECEIPT_LETTERS)
    pattern = knowledge.record_schema()["properties"]["receipt"]["pattern"]
    assert all(re.match(pattern, receipt) for receipt in drawn)


def test_the_record_says_as_which_release_the_model_heard_her_last(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES, model="abcd1234", release=3)
    talking.say("不在那儿干了", model="ef567890", release=4)  # another was published meanwhile
    to_filing(talking)
    document = filed_document(desk)
    jsonschema.validate(document, knowledge.record_schema())
    assert document["versions"] == {**document["versions"], "model": "ef567890", "release": 4}


def test_a_model_that_named_the_type_is_named_in_the_record(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES, model="abcd1234")
    to_filing(talking)
    document = filed_document(desk)
    assert document["versions"]["model"] == "abcd1234" and document["versions"]["release"] is None
    assert document["versions"]["taxonomy"] == knowledge.taxonomy().version
    assert document["matter"]["settled_by"] == "model"


def test_expropriation_is_never_filed(desk: Desk) -> None:
    talking = Talking(desk).consented()
    out = talking.say("政府把我家房子征收了，补偿谈不拢", types=(Guess("expropriation", None, 0.95),))
    assert out.record.status == "elsewhere"
    doors = next(say.show["doors"] for say in out.says if "doors" in say.show)
    assert doors
    talking.tap("handover_consent", "yes")
    assert list(desk.records()) == []


# —— the directory ——


def test_a_new_directory_replaces_the_old_one_at_once(desk: Desk, settings: Settings) -> None:
    assert len(desk.committees.directory()) > 100
    rows = HEADER + "nx,南浔区人民调解委员会,浙江省/湖州市/南浔区,,样例路1号,0572-0000001,周一至周五,,\n"
    assert desk.committees.replace(desk.committees.read(rows)) == 1
    assert [body.id for body in desk.committees.directory()] == ["nx"]
    assert [body.id for body in open_desk(settings).committees.directory()] == ["nx"]
    to_filing(Talking(desk).consented())
    assert filed_document(desk)["committee"]["id"] == "nx"


def test_a_directory_with_a_wrong_row_leaves_the_old_one_in_place(desk: Desk) -> None:
    before = len(desk.committees.directory())
    rows = HEADER + "nx,南浔区人民调解委员会,浙江省/没有的市,,样例路1号,0572-0000001,周一至周五,,\n"
    with pytest.raises(DirectoryError):
        desk.committees.replace(desk.committees.read(rows))
    assert len(desk.committees.directory()) == before


def test_where_nobody_covers_the_place_the_record_is_filed_without_a_body(desk: Desk) -> None:
    rows = HEADER + "bj,门头沟区人民调解委员会,北京市/门头沟区,,样例路1号,010-0000001,周一至周五,,\n"
    desk.committees.replace(desk.committees.read(rows))
    to_filing(Talking(desk).consented())
    document = filed_document(desk)
    assert document["committee"] is None
    assert any("12348" in door for door in document["doors"])
    assert document["consents"][-1]["to"] is None
    jsonschema.validate(document, knowledge.record_schema())


def test_a_directory_with_a_byte_order_mark_is_read(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bodies.csv"
    rows = HEADER + "nx,南浔区人民调解委员会,浙江省/湖州市/南浔区,,样例路1号,0572-0000001,周一至周五,,\n"
    path.write_text(rows, encoding="utf-8-sig")
    desk = open_desk(dataclasses.replace(settings, directory=path))
    assert [body.id for body in desk.committees.directory()] == ["nx"]


# —— keeping no longer than needed ——


def test_idle_talks_are_forgotten_and_filed_ones_stay(settings: Settings) -> None:
    clock = [NOW - timedelta(days=40)]
    opened = open_desk(settings)
    desk = Desk(opened._store, opened._knowledge, lambda: clock[0])
    idle = Talking(desk)
    desk.hear(idle.key, tapped("privacy_consent", "yes"))
    filed = Talking(desk).consented()
    to_filing(filed)
    clock[0] = datetime.now() + timedelta(days=40)
    assert desk.keep_to_time(30).unfiled_talks == 1
    assert desk.conversation(idle.token) is None
    assert desk.conversation(filed.token) is not None


def test_a_stored_draft_is_plain_json(desk: Desk) -> None:
    talking = Talking(desk).consented()
    talking.say(STORY, types=WAGES)
    assert json.loads(json.dumps(talk_of(talking).draft)) == talk_of(talking).draft


def test_a_consent_taken_back_stays_taken_back(settings: Settings) -> None:
    """Found by review: the withdrawal was not kept, so the next word was stored as if she still agreed (PIPL 15)."""
    desk = open_desk(settings)
    talking = Talking(desk).consented()
    talking.say("我在湖州市南浔区干活，老板欠我三万二工资一直不给", types=WAGES)
    talking.tap("privacy_consent", "no")
    talk = desk.conversation(talking.token)
    assert talk is not None and desk.history(talk) == [] and talk.draft["facts"] == {}
    talking.say("宏达建材有限公司")
    assert talking.out is not None and talking.out.ask == "privacy_consent"
