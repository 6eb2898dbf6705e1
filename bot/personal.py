"""Where personal data lies, and how each place forgets: the one register that deleting goes by (PIPL 47).

Hides which tables hang on a talk and which on a filed record. A new table either stands in `REGISTER` or, with the
reason, in `IMPERSONAL`; `tests/test_personal.py` fails otherwise. Called by `store` and `filed` inside their
transactions; whoever keeps personal data outside the database (attachments in a folder) registers with the desk's
`Rights.also_forget`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlalchemy.sql.schema import Table

from bot.tables import (
    acts,
    amendments,
    attachments,
    calls,
    case_ends,
    cases,
    consents,
    conversations,
    devices,
    expired_talks,
    facts,
    lessons,
    messages,
    outbox,
    parties,
    puzzles,
    records,
    resume_codes,
    sights,
    tallies,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A table with personal data: whose it is (`talk` or `record`), the column that says so, whether it is proof.

    Proof (that she consented, that something was done, without any word of hers) outlives the erasing of a record.
    """

    table: Table
    whose: str
    column: str
    proof: bool = False
    unless: str | None = None  # a column that must be empty: what was filed lies with its record


#: In the order in which rows must go: what points at a row before the row itself.
REGISTER = (
    Place(messages, "talk", "conversation_id"),
    Place(calls, "talk", "conversation_id"),
    Place(outbox, "talk", "conversation_id"),
    Place(attachments, "talk", "conversation_id", unless="record_id"),
    Place(resume_codes, "talk", "conversation_id"),
    Place(devices, "talk", "conversation_id"),
    # What a trainer proposes goes with the talk; once a second person has looked, the masked words stand by themselves.
    Place(puzzles, "talk", "conversation_id"),
    Place(lessons, "talk", "conversation_id", unless="decided_at"),
    Place(conversations, "talk", "id"),
    Place(attachments, "record", "record_id"),
    Place(amendments, "record", "record_id"),
    Place(case_ends, "record", "record_id"),
    Place(cases, "record", "record_id"),
    Place(outbox, "record", "record_id"),
    Place(tallies, "record", "record_id"),
    Place(parties, "record", "record_id"),
    Place(facts, "record", "record_id"),
    Place(consents, "record", "record_id", proof=True),
    Place(acts, "record", "record_id", proof=True),
    Place(sights, "record", "record_id", proof=True),
    Place(records, "record", "id", proof=True),
)
#: Tables without personal data, and why.
IMPERSONAL = {
    "bodies": "公开的调委会名录",
    "sweeps": "到期清理清了几个，只有数",
    "key_marks": "锁资料的钥匙的名字，不是钥匙",
    "accounts": "调解员自己的账号，不是来访的人的资料，由管理员停用",
    "puzzle_groups": "只有几句、多重，没有话，也不指着谁",
    "staff_sessions": "调解员登录的散列值",
    "sign_in_misses": "登录输错的次数，只有散列值",
    "saved_views": "调解员自己存的找案件的条件",
    "canned_replies": "各家调委会常用的话，不写当事人的事",
    "tally_sums": "统计的合计：哪一地、哪一月、哪一类，几件、多少钱；没有谁的",
    "tally_marks": "统计算到什么时候",
    "releases": "训练的各版和量出来的数，没有来访的人的话",
    "release_acts": "谁训练、谁发布、为什么，训练员自己的话",
    "tries": "猜短码、猜受理号的次数，只有散列值，一天就删",
    "expired_talks": "过期谈话的钥匙的散列值，好告诉回来的人是过期了",
}
#: What an erased record keeps: that there was one, when, and which consents. Everything else is emptied.
ERASED: dict[str, Any] = {
    "status": "erased",
    "subtype": None,
    "place_code": None,
    "place_path": None,
    "amount": None,
    "people": None,
    "document": {},
}


def forget_talk(connection: Connection, talk: int) -> None:
    """Delete a conversation wherever it lies. Filed records stay, without a link to it and what was heard in it."""
    filed = select(records.c.id).where(records.c.conversation_id == talk)
    connection.execute(cases.update().where(cases.c.record_id.in_(filed)).values(overlooked=None))
    for place in REGISTER:
        if place.whose == "talk":
            mine = place.table.c[place.column] == talk
            rest = (place.table.c[place.unless].is_(None),) if place.unless else ()
            connection.execute(place.table.delete().where(mine, *rest))


def erase_record(connection: Connection, record: int) -> None:
    """Empty a filed record of everything but the proof that it was, and that she agreed and took back."""
    for place in REGISTER:
        if place.whose == "record" and not place.proof:
            connection.execute(place.table.delete().where(place.table.c[place.column] == record))
    drop_terms(connection, record, written_over=True)
    connection.execute(acts.update().where(acts.c.record_id == record).values(why=None, change=None, particulars=None))
    connection.execute(records.update().where(records.c.id == record).values(**ERASED))


def drop_record(connection: Connection, record: int) -> None:
    """Delete a record with its proof, once nobody needs that either."""
    drop_terms(connection, record, written_over=True)
    for place in REGISTER:
        if place.whose == "record":
            connection.execute(place.table.delete().where(place.table.c[place.column] == record))


def note_expired(connection: Connection, talk: int, at: object) -> None:
    """Remember the tokens' hashes of a talk that expires, so that whoever comes back is told so kindly."""
    first = select(conversations.c.token_hash).where(conversations.c.id == talk)
    further = select(devices.c.token_hash).where(devices.c.conversation_id == talk)
    hashes: Sequence[str] = [row.token_hash for row in connection.execute(first.union(further)) if row.token_hash]
    for token_hash in hashes:
        connection.execute(expired_talks.insert().values(token_hash=token_hash, at=at))


def drop_terms(connection: Connection, record: int, written_over: bool = False) -> None:
    """Take a record's words out of the console's search index, which no table here declares (`bot.store_words`).

    `written_over`: at once and for good; FTS5 before SQLite 3.42 keeps deleted terms until its segments are merged.
    """
    lite = connection.dialect.name == "sqlite"
    connection.execute(text(f"DELETE FROM case_words WHERE {'rowid' if lite else 'record_id'} = :r"), {"r": record})
    if lite and written_over:
        connection.execute(text("INSERT INTO case_words(case_words) VALUES ('optimize')"))
