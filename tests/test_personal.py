"""Claims about forgetting: every table with personal data is registered, and what is deleted leaves no byte."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, select
from test_store import NOW, a_document, a_talk, count, engine_of, hers, raw

from bot.filed import Amendment
from bot.personal import IMPERSONAL, REGISTER
from bot.sealed import SealedText
from bot.store import Message, Store
from bot.tables import acts, amendments, consents, devices, expired_talks, facts, metadata, parties, records, tries

CODE, RECEIPT = "23456890", "FZ20261120-34679A"
LATER = NOW + timedelta(days=400)


def filed_once(store: Store) -> Any:
    """A talk that filed a record and amended it. Returns the record's standing."""
    talk = a_talk(store)
    store.keep_turn(talk, {"status": "filed"}, NOW, None, hers("老板不给工资"), a_document(RECEIPT))
    kept = store.talk(key=talk.key)
    assert kept is not None
    added = [Amendment("supplement", NOW, 9, "SECRETWORD")]
    store.keep_turn(kept, {"status": "filed"}, NOW, None, hers("我要补充"), amended=(RECEIPT, added))
    standing = store.filed.standing(RECEIPT)
    assert standing is not None
    return standing


# —— the register ——


def test_every_table_is_registered_as_personal_or_named_with_a_reason() -> None:
    personal = {place.table.name for place in REGISTER}
    assert personal | set(IMPERSONAL) >= set(metadata.tables), "a new table: register it in bot/personal.py"
    assert not personal & set(IMPERSONAL)
    assert all(IMPERSONAL.values())


def test_every_table_that_points_at_a_talk_or_a_record_is_registered_by_that_column() -> None:
    registered = {(place.table.name, place.column) for place in REGISTER}
    for table in metadata.tables.values():
        for column in table.columns:
            targets = {key.column.table.name for key in column.foreign_keys}
            if table.name != "records" and targets & {"conversations", "records"}:
                assert (table.name, column.name) in registered, f"{table.name}.{column.name}"


def test_no_table_called_impersonal_holds_free_text_of_hers() -> None:
    own_words = {
        "bodies",
        "accounts",
        "canned_replies",
        "release_acts",
    }  # the public directory; the staff and their own words
    for name in set(IMPERSONAL) - own_words:
        if name in metadata.tables:
            assert not [c.name for c in metadata.tables[name].columns if isinstance(c.type, (Text, SealedText))], name


# —— erasing ——


def test_an_erased_record_keeps_the_proof_of_consent_and_nothing_of_hers(store: Store) -> None:
    standing = filed_once(store)
    store.filed.erase(standing.id, LATER, "citizen")
    with engine_of(store).connect() as connection:
        row = connection.execute(select(records)).one()
    assert (row.status, row.document, row.amount, row.people, row.place_path) == ("erased", {}, None, None, None)
    assert [count(store, table) for table in (parties, facts, amendments)] == [0, 0, 0]
    assert count(store, consents) >= 2 and count(store, acts) >= 2
    assert store.record(RECEIPT) is None and list(store.all_records()) == []
    assert store.filed.standing(RECEIPT) is None


def test_a_dropped_record_leaves_nothing(store: Store) -> None:
    standing = filed_once(store)
    store.filed.drop(standing.id)
    assert [count(store, table) for table in (records, parties, facts, amendments, consents, acts)] == [0] * 6


def test_a_held_record_loses_the_talk_and_is_marked(store: Store) -> None:
    standing = filed_once(store)
    store.filed.act(standing.id, NOW, "mediator", "accept", "accepted")
    store.filed.hold(standing.id, LATER)
    document = store.record(RECEIPT)
    assert document is not None
    assert (document["transcript"], document["restricted"], document["status"]) == ([], True, "accepted")
    assert document["facts"] and document["parties"]


def test_nothing_of_an_erased_record_and_talk_is_left_in_the_files(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'desk.db'}")
    standing = filed_once(store)
    store.add_messages("key-1", [Message(0, "desk", NOW, 1, "SECRETWORD")])
    sealed = raw(store)
    assert len(sealed) > 10
    store.filed.erase(standing.id, LATER, "citizen")
    store.forget("key-1")
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [token for token in sealed if token.strip('"')[-40:].encode() in left], "nor anything under the key"
    term = store.keys.first.blind("宏达").encode()
    assert term not in left, "nor in the search index"


def test_a_consent_taken_back_is_kept_beside_the_one_given(store: Store) -> None:
    standing = filed_once(store)
    told = Amendment("consent", LATER, 10, "撤回病情的同意", "health")
    store.filed.took_back(standing.id, LATER, told, "2026-11-23", ("amount",))
    document = store.record(RECEIPT)
    assert document is not None
    assert document["amendments"][-1]["kind"] == "consent"
    assert "amount" not in document["facts"] and document["health_facts_consented"] is False
    with engine_of(store).connect() as connection:
        kept = connection.execute(select(consents).where(consents.c.given.is_(False))).all()
    assert [(row.kind, row.version) for row in kept] == [("health", "2026-11-23")]


# —— standing ——


def test_a_record_stands_since_the_first_act_of_its_present_status(store: Store) -> None:
    standing = filed_once(store)
    assert (standing.status, standing.since) == ("filed", NOW)
    store.filed.act(standing.id, LATER, "mediator", "accept", "accepted")
    store.filed.act(standing.id, LATER + timedelta(days=3), "mediator", "note")
    now = store.filed.standing(RECEIPT)
    assert now is not None and (now.status, now.since) == ("accepted", LATER)


def test_the_new_telephone_proves_her_as_well_as_the_old(store: Store) -> None:
    filed_once(store)
    talk = store.talk(key="key-1")
    assert talk is not None
    new = {"value": "13900005678", "shown": "13900005678"}
    store.keep_turn(
        talk, {}, NOW, None, None, amended=(RECEIPT, [Amendment("correction", NOW, 9, "电话改了", "phone", None, new)])
    )
    standing = store.filed.standing(RECEIPT)
    assert standing is not None and {phone[-4:] for phone in standing.phones} == {"1234", "5678"}


def test_all_documents_are_read_page_by_page_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.PAGE", 2)
    for number in range(5):
        talk = a_talk(store, f"k{number}", f"t{number}")
        store.keep_turn(talk, {}, NOW, None, None, a_document(f"FZ2026112{number}-34679A"))
    assert [filed["receipt"] for filed in store.all_records()] == [f"FZ2026112{n}-34679A" for n in range(5)]


# —— codes and further devices ——


def test_a_code_opens_the_talk_once_on_a_device_of_its_own(store: Store) -> None:
    talk = a_talk(store)
    assert store.filed.new_code(talk.id, CODE, NOW + timedelta(minutes=15))
    assert store.filed.use_code(CODE, "second-token", NOW)
    assert not store.filed.use_code(CODE, "third-token", NOW)
    assert store.talk(token="token-1") == store.talk(token="second-token")
    assert store.talk(token="second-token") is not None
    assert store.talk(token="third-token") is None


def test_a_code_is_not_stored_and_an_old_or_replaced_one_opens_nothing(store: Store) -> None:
    talk = a_talk(store)
    store.filed.new_code(talk.id, CODE, NOW + timedelta(minutes=15))
    with engine_of(store).connect() as connection:
        stored = str([tuple(row) for row in connection.execute(select(metadata.tables["resume_codes"]))])
    assert CODE not in stored
    assert not store.filed.use_code(CODE, "x", NOW + timedelta(minutes=16))
    store.filed.new_code(talk.id, CODE, NOW + timedelta(minutes=15))
    store.filed.new_code(talk.id, "00000000", NOW + timedelta(minutes=15))
    assert not store.filed.use_code(CODE, "x", NOW)


def test_forgetting_a_talk_forgets_its_devices_and_codes(store: Store) -> None:
    talk = a_talk(store)
    store.filed.new_code(talk.id, CODE, LATER)
    store.filed.use_code(CODE, "second-token", NOW)
    store.filed.new_code(talk.id, "00000000", LATER)
    store.forget(talk.key)
    assert count(store, devices) == 0
    assert store.talk(token="second-token") is None
    assert not store.filed.use_code("00000000", "x", NOW)


def test_an_expired_talk_is_known_as_expired_by_each_of_its_devices(store: Store) -> None:
    talk = a_talk(store)
    store.filed.new_code(talk.id, CODE, LATER)
    store.filed.use_code(CODE, "second-token", NOW)
    store.filed.note_expired(talk.key, LATER)
    store.forget(talk.key)
    assert store.filed.has_expired("token-1") and store.filed.has_expired("second-token")
    assert not store.filed.has_expired("somebody")
    store.filed.expire_notes(LATER, LATER + timedelta(days=1), LATER)
    assert count(store, expired_talks) == 0


def test_tries_are_counted_by_subject_and_time_and_go_after_a_day(store: Store) -> None:
    store.filed.tried(("from:a", "all"), NOW)
    store.filed.tried(("from:a", "all"), NOW + timedelta(hours=2))
    assert store.filed.tries("from:a", NOW) == 2
    assert store.filed.tries("from:a", NOW + timedelta(hours=1)) == 1
    assert store.filed.tries("from:b", datetime.min) == 0
    assert store.filed.expire_notes(NOW + timedelta(hours=1), datetime.min, NOW) == 2
    assert count(store, tries) == 2
