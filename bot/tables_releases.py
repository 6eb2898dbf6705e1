"""Tables of the model's releases. Called by `store_releases`, `personal` and the Alembic environment."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table

from bot.sealed import SealedText
from bot.tables import metadata

releases = Table(
    "releases",  # every training of the console, with its figures; the model lies in a folder
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", String(64), nullable=False, unique=True),  # below models/releases
    Column("state", String(16), nullable=False),  # bot.releases.COURSE
    Column("author_id", ForeignKey("accounts.id")),  # who pressed the button; empty: trained by hand on the server
    Column("begun_at", DateTime, nullable=False),  # when the examples were frozen
    Column("ended_at", DateTime),
    Column("crossed", Boolean, nullable=False),  # with cross-validation
    Column("sources", String(64), nullable=False),  # digest of what it is trained from
    Column("lessons", Integer, nullable=False),  # how many are new since the release that was live
    Column("proposers", JSON, nullable=False),  # accounts whose lessons these are
    Column("version", String(32)),  # the model's own, as records name it
    Column("base", String(64)),  # digest of the model file with which it was compared
    Column("trouble", String(400)),  # why it failed, in Chinese
    Column("figures", JSON),  # before, after, objections, replays
    Column("publisher_id", ForeignKey("accounts.id")),
    Column("published_at", DateTime),
    Index("ix_releases_state", "state", "id"),
)

release_acts = Table(
    "release_acts",  # who did what with a release, never rewritten
    metadata,
    Column("id", Integer, primary_key=True),
    Column("release_id", ForeignKey("releases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id")),
    Column("at", DateTime, nullable=False),
    Column("act", String(16), nullable=False),  # train | stop | publish | roll_back
    Column("why", SealedText),  # why it was published although the gate objected
)
