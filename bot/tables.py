"""Tables of the desk's database. Called by `store` and the Alembic environment only.

SQLAlchemy 1.4 (pinned by Rasa 3.6.21) in 2.0 style. JSON columns hold what is only read whole; what is filtered or
counted has a column of its own. What she said, who she is and how to reach her lies in sealed columns (`bot.sealed`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.intake.tallies import MEASURES
from bot.sealed import SealedJson, SealedText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),  # Rasa's sender_id; never shown, never guessable
    Column("token_hash", String(64), unique=True),  # SHA-256 of the token that the page holds
    Column("opened_at", DateTime, nullable=False),
    Column("last_at", DateTime, nullable=False, index=True),
    Column("draft", SealedJson, nullable=False),
    Column("matters", Integer, nullable=False, default=0),  # records filed from this talk
    Column("matter_from", Integer, nullable=False, default=0),  # first message of the open matter
    Column("heard_id", String(64)),  # the page's id of the last message heard: a repeat is the same turn
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("client_id", String(64)),
    Column("who", String(16), nullable=False),  # citizen | desk | mediator
    Column("at", DateTime, nullable=False),
    Column("turn", Integer, nullable=False, default=0),
    Column("text", SealedText, nullable=False),
    Column("show", SealedJson),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_id"),
)

records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", String(32), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("matter_no", Integer, nullable=False),
    Column("follows", String(32), index=True),  # receipt of the matter filed before in the same talk
    Column("status", String(16), nullable=False, index=True),
    Column("type", String(32), nullable=False, index=True),
    Column("subtype", String(32)),
    Column("official_code", String(8)),
    Column("colour", String(8), nullable=False, index=True),
    Column("place_code", String(6), index=True),
    Column("place_path", Text),
    Column("amount", Float),
    Column("people", Integer),
    Column("body_id", String(64), index=True),
    Column("filed_at", DateTime, nullable=False, index=True),
    Column("document", SealedJson, nullable=False),
    UniqueConstraint("conversation_id", "matter_no"),  # filed twice is filed once
)

parties = Table(
    "parties",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", String(24), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", SealedText),
    Column("phone", SealedText),
)

facts = Table(
    "facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(32), nullable=False),
    Column("value", SealedJson),
    Column("shown", SealedText, nullable=False),
    Column("words", SealedText, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("source", String(16), nullable=False),
    Column("approx", Boolean, nullable=False),
    UniqueConstraint("record_id", "key"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("version", String(16), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("body_id", String(64)),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(64), nullable=False),
    Column("act", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("why", SealedText),
    Column("account_id", ForeignKey("accounts.id", ondelete="SET NULL")),  # None: the citizen's own act
    Column("change", SealedJson),  # {"fact", "before", "after"} of an edit
    Column("particulars", SealedJson),  # what the act says (bot/intake/particulars.py)
)

attachments = Table(
    "attachments",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),  # random; also the file's name in the folder
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), index=True),  # null: not filed yet
    Column("seq", Integer, nullable=False),  # her bubble that shows it
    Column("client_id", String(64)),
    Column("title", SealedText, nullable=False),  # the name on her device
    Column("kind", String(8), nullable=False),  # jpg | png | pdf
    Column("size", Integer, nullable=False),
    Column("pages", Integer),
    Column("sha256", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
)

amendments = Table(
    "amendments",  # what she said after filing: the filed document itself is never overwritten
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # correction | supplement | consent
    Column("key", String(32)),  # the fact, or the kind of consent taken back
    Column("old", SealedJson),
    Column("new", SealedJson),
    Column("words", SealedText, nullable=False),
)

devices = Table(
    "devices",  # further devices on which a talk goes on, each with a token of its own
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("opened_at", DateTime, nullable=False),
)

resume_codes = Table(
    "resume_codes",  # one open code for a talk, used once
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", DateTime, nullable=False),
)

tries = Table(
    "tries",  # wrong codes and wrong receipt pairs, hashed, kept for a day: guessing is limited
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(80), nullable=False, index=True),
    Column("at", DateTime, nullable=False, index=True),
)

expired_talks = Table(
    "expired_talks",  # hashes of tokens whose talk expired: she is told so, kindly, when she comes back
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("at", DateTime, nullable=False, index=True),
)

bodies = Table(
    "bodies",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("types", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("serves_home", Text, nullable=False),
    Column("url", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),  # what is typed at sign-in, lower case
    Column("shown", String(64), nullable=False),  # what colleagues and citizens read
    Column("role", String(16), nullable=False),
    Column("body_id", String(64)),  # the committee of the directory whose cases are hers
    Column("area", Text),  # slash path: cases of bodies and places below are hers too
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("must_change", Boolean, nullable=False),
    Column("second_factor", SealedText),  # TOTP secret, base32
    Column("totp_used", Integer),  # the last 30-second step that was used: a code opens once (RFC 6238, 5.2)
    Column("active", Boolean, nullable=False),
    Column("opened_at", DateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("form_key", String(64), nullable=False),  # stands in every form of this session (CSRF)
    Column("browser_hash", String(64)),  # a cookie that comes from another browser was carried off
    Column("opened_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)

sign_in_misses = Table(
    "sign_in_misses",
    metadata,
    Column("name_hash", String(64), primary_key=True),  # of names that do not exist, too: nobody learns which do
    Column("misses", Integer, nullable=False),
    Column("last_at", DateTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),  # grows with each act: two people at once are noticed
    Column("status", String(16), nullable=False),
    Column("mediator_id", ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("filed_at", DateTime, nullable=False),
    Column("active_at", DateTime, nullable=False),
    Column("waiting_since", DateTime),  # since when the citizen has no answer; None: answered
    Column("due_at", DateTime, nullable=False),
    # Folded from the history (bot/intake/course.py), for lists and statistics.
    Column("accepted_at", DateTime),
    Column("answered_at", DateTime),
    Column("pending", SealedJson),  # what she was asked and has not answered
    Column("session_at", DateTime),
    Column("outcome", String(16)),
    Column("outcome_at", DateTime),
    Column("agreed_amount", Float),
    Column("performance", String(16)),
    Column("confirmation", String(16)),
    Column("visited_at", DateTime),
    Column("satisfied", String(16)),
    # From here on copied from the record, so that a list reads small rows only.
    Column("type", String(32), nullable=False),
    Column("subtype", String(32)),
    Column("colour", String(8), nullable=False),
    Column("body_id", String(64)),
    Column("area", Text, nullable=False),
    Column("groups", String(120), nullable=False),
    Column("line", SealedJson, nullable=False),
    Column("overlooked", SealedJson),  # None: nobody has compared talk and record since either changed
    Index("ix_cases_newest", "active_at", "record_id"),
    Index("ix_cases_body_newest", "body_id", "active_at", "record_id"),
    Index("ix_cases_waiting", "colour", "waiting_since"),
    Index("ix_cases_session", "session_at"),
    # All that a list filters by: lists and counts read this index and not the rows.
    Index(
        "ix_cases_filters",
        *("area", "active_at", "record_id", "body_id", "status", "colour", "type"),
        *("waiting_since", "due_at", "mediator_id", "groups", "filed_at"),
        postgresql_ops={"area": "text_pattern_ops"},  # so that LIKE 'path/%' is a range of it in every language
    ),
)

case_ends = Table(
    "case_ends",  # what ends in a case, for the filter “clock near its end”
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(32), nullable=False),
    Column("label", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
    Index("ix_case_ends_at", "at", "record_id"),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("query", String(300), nullable=False),  # filters only, never words: they may be a name
    UniqueConstraint("account_id", "name"),
)

canned_replies = Table(
    "canned_replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String(200), nullable=False, index=True),  # body:<id> or area:<path>: whose people may say it
    Column("words", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
)

sights = Table(
    "sights",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("act", String(16), nullable=False),  # see | whole (nothing covered) | refused
    Column("at", DateTime, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("open_for", Integer, unique=True),  # the conversation while the call is open: one at a time
    Column("why", String(16), nullable=False),  # WEIGHT in store_calls.py
    Column("words", SealedText, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("body_id", String(64)),
    Column("area", Text, nullable=False),  # empty: nobody knows yet where
    Column("taken_by", ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("taken_at", DateTime),
    Column("seen_at", DateTime),  # the mediator's page was open
    Column("ended_at", DateTime),
)

outbox = Table(
    "outbox",  # notices to the staff on the way out; who and what is not in them
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # danger | new | overdue
    Column("channel", String(16), nullable=False),  # webhook | wechat
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE")),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE")),  # danger before filing
    Column("at", DateTime, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", DateTime),
    Column("given_up_at", DateTime),
    Column("trouble", String(64)),
    UniqueConstraint("record_id", "kind", "channel"),
    UniqueConstraint("conversation_id", "kind", "channel"),
    Index("ix_outbox_next", "sent_at", "given_up_at", "next_at"),
)

sweeps = Table(
    "sweeps",  # what each clearing by the rule of time let go, in numbers
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("by", String(8), nullable=False),  # timer | verb
    *(Column(name, Integer, nullable=False) for name in ("unfiled_talks", "filed_talks", "records", "notes")),
)

key_marks = Table(
    "key_marks",  # names of the keys under which something may lie: a desk without them does not open
    metadata,
    Column("name", String(8), primary_key=True),
    Column("made_at", DateTime, nullable=False),
    Column("to_index", Integer, nullable=False),  # records up to this id still have their search terms elsewhere
)

tallies = Table(
    "tallies",  # what each case adds to the statistics (`bot.intake.tallies`)
    metadata,
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("type", String(32), nullable=False),
    Column("level", String(8), nullable=False),
    Column("area", String(300), nullable=False),
    Column("body_id", String(64)),
    *(Column(name, BigInteger, nullable=False) for name in MEASURES),
    Index("ix_tallies_month", "month", "record_id"),
    Index("ix_tallies_body", "body_id", "month", "record_id"),
)

tally_sums = Table(
    "tally_sums",  # the same added up by place (an area or a committee), month, type and level
    metadata,
    Column("place", String(300), primary_key=True),
    Column("above", String(300), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("type", String(32), primary_key=True),
    Column("level", String(8), primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in MEASURES),
    Index("ix_tally_sums_above", "above", "month"),
)

tally_marks = Table(
    "tally_marks",  # one row: up to which activity of cases the sums are made, and a lock for who makes them
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("turns", Integer, nullable=False),
)

lessons = Table(
    "lessons",  # changes of the phrasebook, proposed and decided
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # add | edit | move | delete
    Column("text", SealedText, nullable=False),  # masked and looked at, but of a citizen's words
    Column("label", String(80), nullable=False),
    Column("old_text", SealedText),
    Column("old_label", String(80)),
    Column("example", String(32)),  # key of the example that is to change
    Column("reason", SealedText, nullable=False),
    Column("author_id", ForeignKey("accounts.id"), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("state", String(16), nullable=False),  # proposed | approved | refused | undone | withdrawn
    Column("decider_id", ForeignKey("accounts.id")),
    Column("decided_at", DateTime),
    Column("answer", SealedText),
    Column("other_label", String(80)),
    Column("patches", SealedJson),  # what undoes it
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL"), index=True),
    Index("ix_lessons_state", "state", "decided_at", "id"),
)

puzzles = Table(
    "puzzles",  # turns from which the desk may learn; the words stay with the talk
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("why", String(16), nullable=False),  # unheard | unsure | corrected | mediator
    Column("guess", String(80)),  # what the model took it for
    Column("confidence", Float),
    Column("settled", String(80)),  # what a person said it is: a label, or the fact that was mended
    Column("at", DateTime, nullable=False),
    Column("weight", Float, nullable=False),
    Column("group_id", Integer),  # those that one decision teaches; NULL: not yet sorted
    Column("state", String(16), nullable=False),  # open | taught | dismissed
    UniqueConstraint("conversation_id", "turn"),
    Index("ix_puzzles_group", "group_id", "state", "weight", "id"),
    Index("ix_puzzles_unsorted", "state", "group_id", "id"),
)

puzzle_groups = Table(
    "puzzle_groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("many", Integer, nullable=False),
    Column("weight", Float, nullable=False),
    Index("ix_puzzle_groups_weight", "weight", "id"),
)

#: The search index `case_words` and, on SQLite, its shadow tables: FTS5 cannot be declared here, a revision makes it.
UNDECLARED = "case_words"


def is_declared(_: object, name: str | None, kind: str, *__: object) -> bool:
    """For Alembic's comparison: whether a thing of the database is one that this module declares."""
    return not (kind in ("table", "index") and (name or "").startswith((UNDECLARED, f"ix_{UNDECLARED}")))


Index("ix_messages_turn", messages.c.conversation_id, messages.c.seq)
