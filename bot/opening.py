"""The composition root: opens store, knowledge and desk from settings. Called by the verbs, the web app, the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from bot import knowledge
from bot.attachments import Attachments
from bot.channels import WECHAT, Channel, Webhook, WeChat
from bot.classroom import Classroom
from bot.commands.checking import findings
from bot.desk import Desk, Knowledge
from bot.inbox import Inbox
from bot.keys import Keyring
from bot.labels import Labels
from bot.language_files import LanguageFiles
from bot.lessons import Lessons
from bot.new_types import NewTypes
from bot.newcomer import Newcomer, Understand
from bot.notices import Notices
from bot.phrasebook import Phrasebook
from bot.publishing import Prepare
from bot.settings import ROOT, Settings
from bot.staff import Staff
from bot.store import Store
from bot.understanding.mishearing import as_meant
from bot.wordings import Cards, Sayings
from bot.workshop import Tools, Workshop

#: Fields of a template message unless the settings name others: part of the notice=field of the account's template.
WECHAT_FIELDS = "kind=thing1,receipt=character_string2,type=thing3,at=time4"


def known() -> Knowledge:
    """The dated data that a desk works by."""
    return Knowledge(
        knowledge.taxonomy(),
        knowledge.divisions(),
        knowledge.routing_policy(),
        knowledge.clocks(),
        knowledge.rulebook(),
        knowledge.retention(),
        knowledge.safety(),
        knowledge.choices(),
    )


def open_store(settings: Settings) -> Store:
    """Open the database with its keys. Raises StoreError, KeysError."""
    ring = None
    if settings.keys:
        ring = Keyring.of(settings.keys)
    elif settings.key_file is not None:
        ring = Keyring.at(settings.key_file)
    return Store.open(settings.database, ring)


def open_desk(settings: Settings | None = None) -> Desk:
    """Open the desk; an empty directory is filled from the configured CSV. Raises StoreError, DirectoryError."""
    chosen = settings or Settings.from_environment()
    store = open_store(chosen)
    attachments = Attachments(chosen.attachments, store)
    desk = Desk(store, known(), attachments=attachments, hours=chosen.hours, meant=as_meant)
    if not len(desk.committees.directory()):
        desk.committees.replace(desk.committees.read(chosen.directory.read_text(encoding="utf-8-sig")))
    return desk


def open_classroom(
    settings: Settings,
    understand: Understand,
    root: Path = ROOT,
    prepare: Prepare | None = None,
    tools: Tools | None = None,
    reword: Callable[[], None] = lambda: None,
    load: Callable[[Path], Understand] | None = None,
) -> Classroom:
    """Open the training side on the same database. `root` holds the language; `prepare` loads another model beside the
    live one, `reword` is called when wording or a rule card changed, `load` gives the ear of a model that is not live. Raises
    StoreError."""
    store, book = open_store(settings), Phrasebook(root)
    labels = Labels(book, knowledge.taxonomy(), knowledge.labels())
    tried_with = tools or Tools(seeds=settings.evaluation)
    workshop = Workshop(store, book, settings.models, datetime.now, prepare, tried_with)
    files = LanguageFiles(book, findings)
    sayings = Sayings(files, reword)
    doors = sayings, Cards(files, reword, sayings, date.today), NewTypes(files, knowledge.taxonomy)
    lessons = Lessons(store, book, labels, datetime.now, dict(zip(("wording", "card", "type"), doors)))
    newcomer = Newcomer(workshop.publishing.candidate, load)
    return Classroom(book, lessons, labels, Inbox(store), understand, workshop, *doors, newcomer)


def open_staff(settings: Settings) -> Staff:
    """Open the accounts of the staff on the same database. Raises StoreError."""
    return Staff(open_store(settings))


def open_notices(settings: Settings) -> Notices | None:
    """Notices to the staff through the channels of the settings; None when there is none. Raises StoreError."""
    channels: list[Channel] = []
    if settings.webhook:
        channels.append(Webhook(settings.webhook, settings.webhook_secret))
    told = settings.wechat
    if told:
        pairs = [pair.partition("=") for pair in told.get("FIELDS", WECHAT_FIELDS).split(",")]
        fields = {part.strip(): name.strip() for part, _, name in pairs}
        people = [one.strip() for one in told["TO"].split(",") if one.strip()]
        api = told.get("API", WECHAT)
        channels.append(WeChat(told["APPID"], told["SECRET"], told["TEMPLATE"], people, fields, api))
    if not channels:
        return None
    matters = knowledge.taxonomy().matters
    return Notices(open_store(settings), channels, lambda kind: matters[kind].short if kind in matters else kind)
