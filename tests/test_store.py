"""Claims about the database, the same on SQLite in a file and on a real PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from builders import AT, NOW, Interviewed
from sqlalchemy import Text, cast, event, inspect, select
from sqlalchemy.engine import Engine

from bot import knowledge
from bot import store as store_module
from bot.intake.document import document
from bot.intake.risk import grade
from bot.keys import Keyring
from bot.store import Message, Store, StoreError, Talk
from bot.store_keys import sealed_columns, sealed_tables
from bot.tables import acts, consents, conversations, facts, is_declared, messages, metadata, parties, records

ALEMBIC = Path(store_module.__file__).with_name("alembic.ini")


def engine_of(store: Store) -> Engine:
    return store._engine


def count(store: Store, table: Any) -> int:
    with engine_of(store).connect() as connection:
        return len(connection.execute(select(table)).all())


def raw(store: Store) -> list[str]:
    """Every sealed value as it lies in the database."""
    with engine_of(store).connect() as connection:
        return [
            row[0]
            for table in sealed_tables()
            for column in sealed_columns(table)
            for row in connection.execute(select(cast(column, Text)).where(cast(column, Text).is_not(None)))
        ]


def a_talk(store: Store, key: str = "key-1", token: str = "token-1") -> Talk:
    store.open_talk(key, token, {"status": "open"}, NOW)
    talk = store.talk(key=key)
    assert talk is not None
    return talk


def hers(words: str, client_id: str | None = None, turn: int = 1) -> Message:
    return Message(0, "citizen", NOW, turn, words, client_id=client_id)


def a_document(receipt: str = "FZ20261120-34679A", matter_no: int = 1) -> dict[str, Any]:
    record = Interviewed().until(None).record
    return document(
        record,
        knowledge.taxonomy().matter("wages", "wage_arrears"),
        receipt=receipt,
        matter_no=matter_no,
        filed_at=AT,
        colour=grade(record),
        transcript=[{"turn": 1, "who": "citizen", "at": AT, "text": "老板不给工资"}],
        taxonomy=knowledge.taxonomy(),
    )


# —— talks ——


def test_a_talk_is_found_by_its_key_and_by_its_token(store: Store) -> None:
    talk = a_talk(store)
    assert store.talk(token="token-1") == talk
    assert store.talk(key="nobody") is None
    assert store.talk(token="nobody") is None


def test_the_token_itself_is_not_stored(store: Store) -> None:
    a_talk(store, token="a-very-secret-token")
    with engine_of(store).connect() as connection:
        row = connection.execute(select(conversations)).one()
    assert "a-very-secret-token" not in str(tuple(row))


def test_a_turn_keeps_words_draft_and_id_together(store: Store) -> None:
    talk = a_talk(store)
    store.keep_turn(talk, {"status": "open", "turn": 1}, NOW, "id-1", hers("老板不给工资😭", "id-1"))
    kept = store.talk(key=talk.key)
    assert kept is not None
    assert (kept.draft["turn"], kept.heard_id) == (1, "id-1")
    assert [m.text for m in store.messages(kept)] == ["老板不给工资😭"]
    assert store.knows_message(kept, "id-1") and not store.knows_message(kept, "id-2")


def test_bubbles_are_numbered_without_gaps_in_the_order_they_were_said(store: Store) -> None:
    talk = a_talk(store)
    store.keep_turn(talk, {}, NOW, None, hers("一"))
    store.add_messages(talk.key, [Message(0, "desk", NOW, 1, "二"), Message(0, "desk", NOW, 1, "三", {"card": []})])
    store.keep_turn(talk, {}, NOW, None, hers("四"))
    assert [(m.seq, m.text) for m in store.messages(talk)] == [(1, "一"), (2, "二"), (3, "三"), (4, "四")]
    assert [m.text for m in store.messages(talk, after=2)] == ["三", "四"]
    assert store.messages(talk)[2].show == {"card": []}


def test_of_a_long_talk_the_newest_bubbles_are_read(store: Store) -> None:
    talk = a_talk(store)
    store.add_messages(talk.key, [Message(0, "desk", NOW, 1, str(n)) for n in range(20)])
    assert [m.text for m in store.messages(talk, limit=3)] == ["17", "18", "19"]


def test_two_talks_are_numbered_apart(store: Store) -> None:
    one, two = a_talk(store, "one", "t1"), a_talk(store, "two", "t2")
    store.keep_turn(one, {}, NOW, None, hers("甲"))
    store.keep_turn(two, {}, NOW, None, hers("乙"))
    assert [m.seq for m in store.messages(two)] == [1]


def test_a_bubble_for_a_talk_that_is_gone_is_not_kept(store: Store) -> None:
    assert store.add_messages("nobody", [Message(0, "desk", NOW, 1, "在吗")])[0].seq == 0
    assert count(store, messages) == 0


# —— filing ——


def test_filing_keeps_the_document_and_each_of_its_parts(store: Store) -> None:
    talk, filed = a_talk(store), a_document()
    store.keep_turn(talk, {}, NOW, "id-9", hers("同意", "id-9"), filed)
    assert store.record(filed["receipt"]) == filed
    assert count(store, parties) == len(filed["parties"])
    assert count(store, facts) == len(filed["facts"])
    assert count(store, consents) == len(filed["consents"])
    assert count(store, acts) == 1
    assert store.talk(key=talk.key).matters == 1  # type: ignore[union-attr]
    assert store.records_of(talk) == [filed] == list(store.all_records())


def test_filed_twice_is_once(store: Store) -> None:
    talk = a_talk(store)
    store.keep_turn(talk, {}, NOW, "id-1", hers("同意", "id-1"), a_document())
    store.keep_turn(talk, {}, NOW, "id-2", hers("同意", "id-2"), a_document(receipt="FZ20261120-AAAAAA"))
    assert count(store, records) == 1
    assert store.record("FZ20261120-AAAAAA") is None
    assert store.talk(key=talk.key).matters == 1  # type: ignore[union-attr]


def test_a_second_matter_of_the_same_talk_is_a_second_record(store: Store) -> None:
    talk = a_talk(store)
    store.keep_turn(talk, {}, NOW, None, hers("同意"), a_document())
    later = store.talk(key=talk.key)
    assert later is not None
    store.keep_turn(later, {}, NOW, None, hers("同意"), a_document("FZ20261120-AAAAAA", 2), matter_from=1)
    assert [filed["matter_no"] for filed in store.records_of(later)] == [1, 2]


@pytest.mark.parametrize("part", ["messages", "records", "parties", "facts", "consents", "acts"])
def test_when_a_part_cannot_be_kept_nothing_is_kept(store: Store, part: str) -> None:
    talk, engine = a_talk(store), engine_of(store)

    def fail(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(f"INSERT INTO {part} "):
            raise RuntimeError(f"no {part}")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match=f"no {part}"):
        store.keep_turn(talk, {"turn": 9}, NOW, "id-1", hers("同意", "id-1"), a_document())
    event.remove(engine, "before_cursor_execute", fail)
    assert [count(store, table) for table in (messages, records, parties, facts, consents, acts)] == [0] * 6
    assert store.talk(key=talk.key) == talk
    store.keep_turn(talk, {"turn": 9}, NOW, "id-1", hers("同意", "id-1"), a_document())
    assert count(store, records) == 1


# —— forgetting ——


def test_forgetting_deletes_words_and_draft_and_leaves_what_was_filed(store: Store) -> None:
    talk = a_talk(store)
    store.keep_turn(talk, {"story": "秘密"}, NOW, None, hers("秘密"), a_document())
    store.forget(talk.key)
    assert store.talk(key=talk.key) is None
    assert count(store, messages) == count(store, conversations) == 0
    assert count(store, records) == 1


def test_forgetting_one_talk_leaves_the_others_and_twice_is_harmless(store: Store) -> None:
    one, two = a_talk(store, "one", "t1"), a_talk(store, "two", "t2")
    store.keep_turn(two, {}, NOW, None, hers("乙"))
    store.forget(one.key)
    store.forget(one.key)
    assert [m.text for m in store.messages(two)] == ["乙"]


def test_idle_talks_are_told_apart_by_whether_they_filed_anything(store: Store) -> None:
    old, filed, fresh = (a_talk(store, key, key) for key in ("old", "filed", "fresh"))
    month_ago = NOW - timedelta(days=31)
    store.keep_turn(old, {}, month_ago, None, hers("旧"))
    store.keep_turn(filed, {}, month_ago, None, hers("旧"), a_document())
    store.keep_turn(fresh, {}, NOW, None, hers("新"))
    assert store.filed.idle(NOW - timedelta(days=30), filed=False) == ["old"]
    assert store.filed.idle(NOW - timedelta(days=30), filed=True) == ["filed"]


def test_deleted_words_leave_no_bytes_in_the_sqlite_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'desk.db'}")
    talk = a_talk(store)
    store.keep_turn(talk, {"story": "SECRETWORD"}, NOW, None, hers("SECRETWORD"))
    with engine_of(store).connect() as connection:
        (sealed,) = connection.exec_driver_sql("SELECT text FROM messages").one()
    store.forget(talk.key)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"SECRETWORD" not in left and sealed[-40:].encode() not in left


# —— the directory ——


def test_the_directory_is_replaced_as_a_whole_and_keeps_its_order(store: Store) -> None:
    def row(id_: str) -> dict[str, str]:
        columns = ("name", "area", "types", "address", "phone", "hours", "serves_home", "url")
        return {"id": id_, **dict.fromkeys(columns, "样例")}

    store.replace_bodies([row("b"), row("a")])
    store.replace_bodies([row("c"), row("b")])
    assert [body["id"] for body in store.bodies()] == ["c", "b"]
    store.replace_bodies([])
    assert store.bodies() == []


# —— the schema ——


def _alembic(engine: Engine, do: Any, revision: str) -> None:
    with engine.begin() as connection:
        config = Config(str(ALEMBIC))
        config.attributes["connection"] = connection
        do(config, revision)


def test_migrations_go_down_to_nothing_and_up_again(store: Store) -> None:
    engine = engine_of(store)
    _alembic(engine, command.downgrade, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    _alembic(engine, command.upgrade, "head")
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())


def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    with engine_of(store).connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"include_object": is_declared}), metadata)
            == []
        )


def test_opening_twice_migrates_once_and_keeps_everything(url: str) -> None:
    keys = Keyring.fresh()
    first = Store.open(url, keys)
    a_talk(first)
    first.close()
    second = Store.open(url, keys)
    assert second.talk(key="key-1") is not None
    second.close()


# —— when the database cannot be used ——


def test_a_database_that_cannot_be_opened_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for url in (f"sqlite:///{tmp_path / 'file' / 'desk.db'}", "postgresql://127.0.0.1:1/nobody", "nonsense"):
        with pytest.raises(StoreError, match="数据库"):
            Store.open(url)


def test_a_file_that_is_no_database_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"this is no database at all, only words" * 40)
    with pytest.raises(StoreError, match="数据库"):
        Store.open(f"sqlite:///{tmp_path / 'desk.db'}")


def test_a_read_only_database_refuses_a_turn_in_chinese_and_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = Store.open(f"sqlite:///{path}")
    talk = a_talk(store)
    # Root may write a read-only file: SQLite's own switch stands for the full or protected disk.
    event.listen(engine_of(store), "begin", lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))
    with pytest.raises(StoreError, match="写不进去"):
        store.keep_turn(talk, {"turn": 1}, NOW, None, hers("老板不给工资"))
    assert store.messages(talk) == []


def test_a_time_comes_back_as_it_was(store: Store) -> None:
    talk = a_talk(store)
    assert talk.last_at == NOW
    later = datetime(2026, 12, 31, 23, 59, 59)
    store.keep_turn(talk, {}, later, None, Message(0, "citizen", later, 1, "晚了"))
    assert store.messages(talk)[0].at == later


def test_a_database_that_goes_away_while_reading_is_told_in_plain_words(tmp_path: Path) -> None:
    """Found by review: only writing was told kindly; a reading that failed was a bare 500."""
    store = Store.open(f"sqlite:///{tmp_path / 'desk.db'}")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations RENAME TO gone")
    with pytest.raises(StoreError, match="打不开"):
        store.talk(key="any")
