"""Claims about the keys: nothing personal is readable without them, they can be changed at any time, losing them breaks
nothing."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from sqlalchemy import select
from test_store import a_document, a_talk, engine_of, hers, raw

from bot.filed import Amendment
from bot.keys import Key, Keyring, KeysError
from bot.permissions import Scope
from bot.store import OPEN, Message, Store, StoreError
from bot.store_queue import Wanted
from bot.tables import key_marks, messages

RECEIPT = "FZ20261120-34679A"
#: What the made-up record and talk say of somebody.
TELLING = ("宏达建材", "13800001234", "老板不给工资", "SECRETWORD", "李四", "欠条.jpg")
EVERYTHING = Scope(area="浙江省")


def filled(store: Store) -> None:
    """A talk with a filed record, an amendment, an act and a call."""
    talk = a_talk(store)
    store.keep_turn(talk, {"status": "filed"}, NOW, None, hers("老板不给工资"), a_document(RECEIPT))
    kept = store.talk(key=talk.key)
    assert kept is not None
    more = [Amendment("supplement", NOW, 9, "SECRETWORD")]
    store.keep_turn(kept, {"status": "filed"}, NOW, None, hers("我要补充"), amended=(RECEIPT, more))
    store.add_messages("key-1", [Message(0, "desk", NOW, 1, "SECRETWORD", {"title": "欠条.jpg"})])
    store.open_call(talk.id, "asked", "SECRETWORD", None, "浙江省", NOW)


def found(store: Store, words: str) -> int:
    return len(store.queue(EVERYTHING, Wanted(words=words), 10))


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def a_file(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'desk.db'}")


# —— at rest ——


def test_no_name_phone_or_word_of_hers_is_readable_in_the_file(tmp_path: Path) -> None:
    store = a_file(tmp_path)
    filled(store)
    store.settle()
    left = on_disk(tmp_path)
    assert not [word for word in TELLING if word.encode() in left]
    assert "宏达" not in left.decode(errors="ignore"), "the search index tells no two characters either"


def test_what_is_sealed_is_read_back_whole_and_found_by_its_words(store: Store) -> None:
    filled(store)
    document = store.record(RECEIPT)
    assert document is not None and document["amendments"][0]["words"] == "SECRETWORD"
    assert all("fz1$" in value for value in raw(store))
    assert found(store, "宏达建材") == found(store, "宏") == found(store, "13800001234") == found(store, RECEIPT) == 1
    assert found(store, "宏大建材") == found(store, "13900001234") == 0


def test_the_same_words_sealed_twice_do_not_look_alike() -> None:
    ring = Keyring.fresh()
    assert ring.seal("李四") != ring.seal("李四")
    assert ring.open(ring.seal("长" * 5000)) == "长" * 5000


def test_a_search_term_says_nothing_without_the_key_and_keeps_its_first_character() -> None:
    one, other = Keyring.fresh().first, Keyring.fresh().first
    assert one.blind("王小") != other.blind("王小")
    assert one.blind("王小").startswith(one.blind("王")) and one.blind("王小") != one.blind("王大")
    assert one.blind("王小").isalnum() and one.blind("王小").islower()


def test_a_value_under_a_damaged_seal_is_told_and_not_shown(store: Store) -> None:
    filled(store)
    with engine_of(store).begin() as connection:
        connection.exec_driver_sql("UPDATE messages SET text = 'fz1$' || substr(text, 5, 8) || '$gAAAAbroken'")
    talk = store.talk(key="key-1")
    assert talk is not None
    with pytest.raises(StoreError, match="坏了"):
        store.messages(talk)


# —— the key file ——


def test_a_first_start_makes_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    a_file(tmp_path)
    assert stat.S_IMODE((tmp_path / "desk.keys").stat().st_mode) == 0o600


def test_a_missing_key_is_told_and_nothing_is_made_or_changed(tmp_path: Path) -> None:
    store = a_file(tmp_path)
    filled(store)
    store.close()
    (tmp_path / "desk.keys").rename(tmp_path / "taken")
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StoreError, match="没有找到"):
        a_file(tmp_path)
    assert not (tmp_path / "desk.keys").exists() and (tmp_path / "desk.db").read_bytes() == before
    (tmp_path / "taken").rename(tmp_path / "desk.keys")
    assert a_file(tmp_path).record(RECEIPT) is not None


def test_the_key_of_another_database_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    a_file(tmp_path).close()
    (tmp_path / "other").mkdir()
    a_file(tmp_path / "other").close()
    foreign = (tmp_path / "other" / "desk.keys").read_bytes()
    (tmp_path / "desk.keys").write_bytes(foreign)
    with pytest.raises(StoreError, match="没有找到"):
        a_file(tmp_path)
    assert (tmp_path / "desk.keys").read_bytes() == foreign


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"not a key\n", b"\xff\xfe"])
def test_a_spoilt_key_file_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.keys").write_bytes(content)
    with pytest.raises(StoreError, match="钥匙"):
        a_file(tmp_path)
    assert (tmp_path / "desk.keys").read_bytes() == content


def test_keys_from_a_setting_cannot_be_made_by_the_program() -> None:
    ring = Keyring.of(f"{Keyring.fresh().first.text},{Keyring.fresh().first.text}")
    assert len(ring.keys) == 2
    with pytest.raises(KeysError, match="FENZHEN_KEYS"):
        ring.make()
    with pytest.raises(KeysError, match="FENZHEN_KEYS"):
        Keyring.of("nonsense")


# —— changing the key ——


def rotated(store: Store) -> tuple[int, int]:
    steps = list(store.seal_anew())
    return sum(step.sealed for step in steps), sum(step.lost for step in steps)


def under(store: Store) -> set[str]:
    return {name for counted in store.sealed_under().values() for name in counted}


def with_new_key(store: Store) -> Key:
    """Put a new key first in the store's ring, kept in a file or in memory."""
    if store.keys._file is not None:
        key = store.keys.make()
    else:
        key = Keyring.fresh().first
        store.keys._keys.insert(0, key)
    store.mark_keys()
    return key


def test_after_a_change_everything_lies_under_the_new_key_and_is_found(store: Store) -> None:
    filled(store)
    old = store.keys.first
    key = with_new_key(store)
    assert found(store, "宏达建材") == 1, "before anything is sealed anew"
    sealed, lost = rotated(store)
    assert sealed > 10 and lost == 0
    assert under(store) == {key.name} and store.terms_to_index() == 0
    assert not [value for value in raw(store) if old.name in value]
    assert found(store, "宏达建材") == 1 and store.record(RECEIPT) is not None
    store.keys._keys = [kept for kept in store.keys._keys if kept.name != old.name]
    assert found(store, "宏达建材") == 1 and store.record(RECEIPT) is not None
    with engine_of(store).connect() as connection:
        assert list(connection.execute(select(key_marks.c.name)).scalars()) == [key.name]
    assert rotated(store) == (0, 0)


def test_a_change_that_was_killed_goes_on_where_it_stood(store: Store) -> None:
    filled(store)
    key = with_new_key(store)
    steps = store.seal_anew(batch=1)
    first = sum(next(steps).sealed for _ in range(4))
    steps.close()  # killed between two transactions
    assert store.record(RECEIPT) is not None and found(store, "宏达建材") == 1
    rest, lost = rotated(store)
    assert first > 0 and rest > 0 and lost == 0 and under(store) == {key.name}


def test_what_was_stored_before_there_were_keys_is_read_and_then_sealed(store: Store) -> None:
    filled(store)
    with engine_of(store).begin() as connection:
        connection.exec_driver_sql("UPDATE messages SET text = '老板不给工资', show = NULL")
        connection.exec_driver_sql('UPDATE conversations SET draft = \'{"status": "filed"}\'')
    talk = store.talk(key="key-1")
    assert talk is not None and talk.draft == {"status": "filed"}
    assert store.messages(talk)[0].text == "老板不给工资"
    assert OPEN in under(store)
    assert rotated(store)[0] == 4
    assert OPEN not in under(store) and store.messages(talk)[0].text == "老板不给工资"


def test_a_word_said_while_the_key_is_changed_is_not_lost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)
    with_new_key(store)
    opened = Store._opened

    def meanwhile(self: Store, column: Any, value: str) -> Any:
        if column.table is messages and engine_of(store).dialect.name == "postgresql":
            with engine_of(store).begin() as beside:
                beside.execute(messages.update().values(text="后来说的"))
        return opened(self, column, value)

    monkeypatch.setattr(Store, "_opened", meanwhile)
    rotated(store)
    talk = store.talk(key="key-1")
    assert talk is not None
    if engine_of(store).dialect.name == "postgresql":  # SQLite lets nobody write meanwhile
        assert {message.text for message in store.messages(talk)} == {"后来说的"}


def test_a_value_that_nobody_can_open_is_counted_left_and_keeps_its_key_asked_for(store: Store) -> None:
    filled(store)
    old = store.keys.first
    with engine_of(store).begin() as connection:
        connection.exec_driver_sql(f"UPDATE calls SET words = 'fz1${old.name}$gAAAAbroken'")
    with_new_key(store)
    sealed, lost = rotated(store)
    assert sealed > 10 and lost == 1 and old.name in under(store)
    with engine_of(store).connect() as connection:
        assert old.name in set(connection.execute(select(key_marks.c.name)).scalars())


def test_a_desk_that_runs_reads_what_another_process_sealed_under_a_new_key(tmp_path: Path) -> None:
    running, verb = a_file(tmp_path), a_file(tmp_path)
    filled(running)
    verb.keys.make()
    verb.mark_keys()
    rotated(verb)
    assert running.record(RECEIPT) is not None
    assert running.keys.first.name == verb.keys.first.name
