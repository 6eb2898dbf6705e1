"""The file of a case on paper: each form filled, the list of contents, everything in one zip.

Hides where each part comes from (record, acts, talk, photos and papers), and that a damaged template stops one form
and not the file. Part of the desk, reached as `desk.papers`; called by the console's pages.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from bot import documents
from bot.attachments import Attachments
from bot.casework import Casework, NotDone
from bot.intake.application import application, filed_record
from bot.intake.case_papers import FORMS, Form, belongs, case_fields, contents_fields, day, session_fields
from bot.intake.cases import ACTS, OTHER_ACTS, STATUSES
from bot.intake.course import Course, course
from bot.intake.ministry import CODES
from bot.intake.steps import Steps
from bot.store import Store
from bot.store_staff import Account

#: A file up to this size is packed in memory, a larger one in a temporary file.
IN_MEMORY = 4_000_000
SPEAKERS = {"citizen": "当事人", "desk": "分诊台", "mediator": "调解员"}
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form of a case: whether it belongs in the file yet; `trouble` says why it cannot be filled."""

    form: Form
    belongs: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """What the page of a case's papers shows."""

    receipt: str
    title: str
    sheets: list[Sheet]
    entries: list[Mapping[str, str]]
    shielded: bool
    restricted: bool


class Casefile:
    """Papers of cases. Thread-safe."""

    def __init__(
        self,
        store: Store,
        cases: Casework,
        steps: Steps,
        attachments: Attachments | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._cases, self._steps = store, cases, steps
        self._attachments, self._clock = attachments, clock

    def folder(self, account: Account, receipt: str) -> Folder:
        """Which papers a case has. Raises NoCase."""
        case, document, done, fields = self._gathered(account, receipt)
        return Folder(
            receipt=receipt,
            title=f"{document['matter']['name']}：{case.line['applicant'] or '没留姓名'}",
            sheets=[Sheet(form, belongs(form.name, done), self._trouble(form.name, fields)) for form in FORMS.values()],
            entries=self._entries(document, done),
            shielded="no_face_to_face_first" in document["flags"],
            restricted=document["restricted"],
        )

    def word(self, account: Account, receipt: str, name: str) -> tuple[str, bytes]:
        """One form as (file name, .docx); the access log notes it. Raises NoCase, NotDone, DocumentError.

        NotDone: there is no such form, or the person asked that her record be kept and not used.
        """
        if name not in FORMS:
            raise NotDone("没有这张表。")
        case, document, _, fields = self._gathered(account, receipt)
        _usable(document)
        content = documents.fill(name, fields)
        self._store.note_sight(case.id, account.id, "print", self._clock())
        return f"{FORMS[name].title}_{receipt}.docx", content

    def packed(self, account: Account, receipt: str) -> IO[bytes]:
        """The whole file as an open zip, at its beginning: forms, talk, history, photos and papers, list of contents.

        What cannot be filled or found is named in the list. Raises NoCase, NotDone.
        """
        case, document, done, fields = self._gathered(account, receipt)
        _usable(document)
        # Handed to the response, which closes it.
        out: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        listed: list[str] = []
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            veil = self._cases.veils.of(account, case, self._store.record(receipt) or document)
            history = veil.over_all(self._store.history(case.id))
            for name, content in self._parts(case, document, done, fields, history, listed):
                packed.writestr(name, content)
                listed.append(f"{name}　{len(content):,} 字节　SHA-256 {hashlib.sha256(content).hexdigest()}")
            head = [f"卷宗 {receipt}", f"打包时间：{self._clock():%Y-%m-%d %H:%M}　打包人：{account.shown}", ""]
            packed.writestr("目录.txt", "\r\n".join([*head, *listed, ""]).encode("utf-8-sig"))
        self._store.note_sight(case.id, account.id, "pack", self._clock())
        out.seek(0)
        return out

    # —— what is in it ——

    def _gathered(self, account: Account, receipt: str) -> tuple[Any, dict[str, Any], Course, dict[str, Any]]:
        case = self._cases.find(account, receipt)
        whole = self._store.record(receipt)
        assert whole is not None
        # On paper stands what she may see on the screen.
        veil = self._cases.veils.of(account, case, whole)
        case, document = veil.over_all(case), veil.over_all(whole)
        done = course(veil.over_all(self._store.history(case.id)))
        record = filed_record(document)
        titles = [sent["title"] for sent in self._sent(receipt)]
        form = application(record, self._steps.taxonomy, self._steps.questions(record), titles)
        today = self._clock().date()
        code = document["matter"]["official_code"] or ""
        fields = case_fields(document, form, done, mediator=case.mediator, code_name=CODES.get(code, ""), today=today)
        closed = day(done.outcome_at.date() if done.outcome_at else None)
        listed = contents_fields(fields, self._entries(document, done), fields["filed_day"], closed)
        foot = f"回执号：{receipt}　本表按当事人在谈话里说的预填，空着的地方请用笔写；不收费。"
        return case, document, done, {**listed, **form, "foot": foot}

    def _sent(self, receipt: str) -> list[dict[str, Any]]:
        return [one.to_dict() for one in self._attachments.of_record(receipt)] if self._attachments else []

    def _entries(self, document: Mapping[str, Any], done: Course) -> list[Mapping[str, str]]:
        entries = [
            {"title": f.title, "note": ""} for f in FORMS.values() if f.name != "contents" and belongs(f.name, done)
        ]
        entries += [{"title": "谈话记录", "note": ""}] if document["transcript"] else []
        entries += [{"title": "办理经过", "note": ""}]
        return [*entries, *({"title": sent["title"], "note": "当事人交的"} for sent in self._sent(document["receipt"]))]

    @staticmethod
    def _trouble(name: str, fields: Mapping[str, Any]) -> str:
        try:
            documents.fill(name, fields)
        except documents.DocumentError as error:
            return str(error)
        return ""

    def _parts(
        self,
        case: Any,
        document: Mapping[str, Any],
        done: Course,
        fields: Mapping[str, Any],
        history: list[Any],
        listed: list[str],
    ) -> Iterator[tuple[str, bytes]]:
        """Names in the zip with their content; what is missing is added to `listed`."""
        order = ["contents", *(name for name in FORMS if name != "contents" and belongs(name, done))]
        for number, name in enumerate(order):
            # Each session that was held has a sheet of its own, oldest first, before the one that is still to come.
            held = [session_fields(None, one) for one in done.meetings] if name == "session" else []
            sheets = [*held, *([{}] if not held or done.session else [])]
            for count, more in enumerate(sheets, 1):
                title = FORMS[name].title + (f"（第{count}次）" if len(sheets) > 1 else "")
                try:
                    yield f"{number:02d}_{title}.docx", documents.fill(name, {**fields, **more})
                except documents.DocumentError as error:
                    listed.append(f"（缺）{title}：{error}")
        if document["transcript"]:
            yield "谈话记录.txt", _text(_talk(document))
        else:
            listed.append("（缺）谈话记录：已经按当事人的要求删掉了，或者登记的时候没有。")
        yield "办理经过.txt", _text(_history(history))
        for number, attachment in enumerate(self._attachments.of_record(case.receipt) if self._attachments else (), 1):
            content = self._attachments.content(attachment) if self._attachments else None
            title = _fit(attachment.title)
            if content is None:
                listed.append(f"（缺）当事人交的“{title}”：文件已经不在了。")
            else:
                yield f"当事人交的/{number:02d}_{title}", content


def _usable(document: Mapping[str, Any]) -> None:
    if document["restricted"]:
        raise NotDone("当事人要求删除，或者撤回了同意：按法律只能存着，不能打印，也不能导出。")


def _talk(document: Mapping[str, Any]) -> list[str]:
    return [
        f"{datetime.fromisoformat(b['at']):%Y-%m-%d %H:%M}　{SPEAKERS.get(b['who'], b['who'])}：{b['text']}"
        for b in document["transcript"]
    ]


def _history(acts: list[Any]) -> list[str]:
    """What was done, when and by whom. Notes are the staff's own and stay out of the file."""
    lines = []
    for act in acts:
        if act.act == "note":
            continue
        known = ACTS.get(act.act)
        name = known.shown if known else OTHER_ACTS.get(act.act, act.act)
        who = "当事人" if act.who == "citizen" else act.who
        why = f"　{act.why}" if act.why else ""
        lines.append(f"{act.at:%Y-%m-%d %H:%M}　{who}　{name}　{STATUSES.get(act.status, act.status)}{why}")
    return lines


def _text(lines: list[str]) -> bytes:
    """A text file that Windows opens by a double click."""
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _fit(title: str) -> str:
    """A file name that unpacks everywhere and nowhere else than in its folder."""
    bare = _UNFIT.sub("_", re.split(r"[\\/]", title)[-1]).strip(". ")
    return bare[-100:] or "文件"
