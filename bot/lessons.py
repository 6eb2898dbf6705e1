"""Lessons: how a change comes into the phrasebook. One trainer proposes it, another looks and approves.

Hides the two states and who may decide: nobody approves her own. An approved lesson is written into `nlu_data` at once,
with what is needed to take it back; every lesson keeps author, reason and time. Nothing that looks personal gets in.
Called by the training pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.intake.masking import left_in
from bot.labels import Labels
from bot.language_files import Door
from bot.phrasebook import BrokenFile, Gone, Patch, Phrasebook, Unfit, as_example
from bot.store_lessons import Agreement, Lesson, LessonRows
from bot.store_staff import Account
from bot.wordbook import WORD, Wordbook

LONGEST_REASON = 300
#: The label of a lesson that restores: it is about no label.
RESTORED = "restore"
#: Lessons on a page.
PAGE = 50
#: Sentences of one proposal from a file: as many as somebody can read through.
PORTION = 150


class NotTaught(Exception):
    """What was asked cannot be done; the message says why, in Chinese."""


class Lessons:
    """Proposals and decisions over a store and a phrasebook."""

    def __init__(
        self,
        store: LessonRows,
        book: Phrasebook,
        labels: Labels,
        clock: Callable[[], datetime],
        doors: Mapping[str, Door] = MappingProxyType({}),
    ) -> None:
        """`doors`: what changes other files than the examples, by the kind of the lesson."""
        self._store, self._book, self._labels, self._clock = store, book, labels, clock
        self._doors = doors
        self.words = Wordbook(book)

    # —— proposing ——

    def propose_new(
        self,
        account: Account,
        texts: Sequence[str],
        label: str,
        reason: str,
        talk: int | None = None,
        marked: Sequence[tuple[str, str]] = (),
    ) -> list[int]:
        """Propose new examples, all or none. `talk`: the conversation they come from, with which they go while nobody
        has approved; `marked`: words of them (kind, word) that the desk is to know."""
        clean = list(dict.fromkeys(self._clean(text) for text in texts))
        self._known(label)
        for text in clean:
            twin = next((e for e in self._book.same(text) if e.label == label), None)
            if twin is not None:
                raise NotTaught(f"“{text[:20]}”已经在这一类里了（{twin.file} 第 {twin.line} 行），去掉它再存。")
        words = [(kind, self._word(kind, word)) for kind, word in dict.fromkeys(marked)]
        kept = [*((label, text) for text in clean), *words]
        return [self._keep(account, "add", text, under, reason, conversation_id=talk) for under, text in kept]

    def propose_word(self, account: Account, kind: str, text: str, reason: str) -> int:
        """Propose a word of a kind (`word/role`); a slip is two words, the wrong one first."""
        return self._keep(account, "add", self._word(kind, text), kind, reason)

    def propose_word_away(self, account: Account, key: str, reason: str) -> int:
        """Propose that a word goes."""
        word = self.words.find(key)
        if word is None:
            raise NotTaught("这个词刚被别人改过或者删了，请刷新看看最新的。")
        self._free(key)
        return self._keep(account, "delete", word.text, word.kind, reason, word.text, word.kind, key)

    def _word(self, kind: str, text: str) -> str:
        try:
            clean = self.words.as_word(kind, text)
        except (Unfit, BrokenFile) as error:
            raise NotTaught(str(error)) from error
        if left_in(clean):
            raise NotTaught("这个词里像有电话、证件号，不能收。")
        return clean

    def propose_edit(self, account: Account, key: str, text: str, label: str, reason: str) -> int:
        """Propose other words for an example, or another label, not both at once."""
        example = self._example(key)
        clean = self._clean(text)
        if clean != example.text and label != example.label:
            raise NotTaught("一次改一样：先改字，或者先换类，别人才看得清。")
        if clean == example.text and label == example.label:
            raise NotTaught("和原来一样，没有改。")
        self._known(label)
        kind = "edit" if clean != example.text else "move"
        return self._keep(account, kind, clean, label, reason, example.text, example.label, key)

    def propose_delete(self, account: Account, key: str, reason: str) -> int:
        """Propose to take an example out."""
        example = self._example(key)
        text, label = example.text, example.label
        return self._keep(account, "delete", text, label, reason, text, label, key)

    def propose_many(self, account: Account, told: Mapping[str, Sequence[str]], reason: str) -> list[int]:
        """Propose the sentences of a file by label (`bot/exchange_sorting.py` says which): a lesson of `many` for each
        portion that a second person can read through, one sentence a line. All or none."""
        clean = {label: list(dict.fromkeys(map(self._clean, texts))) for label, texts in told.items()}
        for label in clean:
            self._known(label)
        if not clean:
            raise NotTaught("没有要提的新句子。")
        return [
            self._keep(account, "many", "\n".join(texts[at : at + PORTION]), label, reason)
            for label, texts in clean.items()
            for at in range(0, len(texts), PORTION)
        ]

    def propose_change(self, account: Account, kind: str, label: str, text: str, old: str, reason: str) -> int:
        """Propose what goes through a door: wording, a card, a type. It is tried first, and refused with the reason."""
        _reasoned(reason)
        key = hashlib.blake2b(f"{kind}\n{label}".encode(), digest_size=9).hexdigest()
        self._free(key)
        try:
            self._doors[kind].tried(label, text, old)
        except (Unfit, Gone, BrokenFile) as error:
            raise NotTaught(str(error)) from error
        return self._keep(account, kind, text, label, reason, old or None, None, key)

    def propose_restore(self, account: Account, named: str, files: Mapping[str, str], reason: str) -> int:
        """Propose that examples and words become what they were (`files`: name → content) at a time `named` so."""
        patches = self._book.towards(files)
        if not patches:
            raise NotTaught("例子和那时一样，不用恢复。")
        now, then = (sum(len(lines) for lines in some) for some in zip(*((p.removed, p.added) for p in patches)))
        where = "、".join(patch.file for patch in patches[:5]) + ("……" if len(patches) > 5 else "")
        text = f"把例子和词表恢复成{named}时的样子：{len(patches)} 个文件（{where}），现在的 {now} 行换成那时的 {then} 行。"
        told = [patch.to_dict() for patch in patches]
        return self._keep(account, "restore", text, RESTORED, reason, patches=told)

    def _example(self, key: str) -> Any:
        example = self._book.find(key)
        if example is None:
            raise NotTaught("这一句刚被别人改过或者删了，请回去刷新看看最新的。")
        self._free(key)
        return example

    def _free(self, key: str) -> None:
        if self._store.proposed_for(key):
            raise NotTaught("这一句已经有人提了改法，正等人看。先去“等人看的”里看一看。")

    def _clean(self, text: str) -> str:
        try:
            clean = as_example(text)
        except Unfit as error:
            raise NotTaught(str(error)) from error
        if left_in(clean):
            raise NotTaught("里面还像有电话、证件号或者别的号码，先换成“某某”“【电话】”再存。")
        return clean

    def _known(self, label: str) -> None:
        if label not in self._labels.all():
            raise NotTaught("没有选它是哪一类，选一个再存。")

    def _keep(
        self,
        account: Account,
        kind: str,
        text: str,
        label: str,
        reason: str,
        old_text: str | None = None,
        old_label: str | None = None,
        example: str | None = None,
        conversation_id: int | None = None,
        patches: list[dict[str, Any]] | None = None,
    ) -> int:
        reason = _reasoned(reason)
        values = {"kind": kind, "text": text, "label": label, "old_text": old_text, "old_label": old_label}
        more: dict[str, Any] = {"example": example, "reason": reason, "conversation_id": conversation_id}
        if patches:
            more["patches"] = patches
        return self._store.add_lesson({**values, **more}, account.id, self._clock())

    # —— deciding ——

    def waiting(self) -> list[Lesson]:
        """Proposals that wait for a second person, oldest first."""
        return self._store.lessons("proposed", PAGE)

    def decided(self, state: str = "approved", page: int = 0) -> list[Lesson]:
        """What was approved, refused or undone, newest first."""
        return self._store.lessons(state, PAGE, page * PAGE)

    def counts(self) -> dict[str, int]:
        """How many lessons stand in each state."""
        return self._store.count_lessons()

    def agreements(self) -> list[Agreement]:
        """How often each pair of trainers agreed."""
        return self._store.agreements()

    def lesson(self, id_: int) -> Lesson | None:
        """One lesson, to be read whole."""
        return self._store.lesson(id_)

    def approve(self, account: Account, id_: int, without: Container[int] = ()) -> None:
        """Approve somebody else's proposal: it is written into the files now, or not at all. `without`: lines of a
        proposal of many, from 0, that are left out."""
        lesson = self._open(account, id_)
        left = [n for n in range(lesson.text.count("\n") + 1) if n in without] if lesson.kind == "many" else []
        if left:
            lines = [line for n, line in enumerate(lesson.text.split("\n")) if n not in left]
            if not lines:
                raise NotTaught("一句都不要的话，点“不同意”，写一句为什么。")
            lesson = replace(lesson, text="\n".join(lines))

        if lesson.kind in self._doors:  # before the transaction: it takes a second
            try:
                self._doors[lesson.kind].tried(lesson.label, lesson.text, lesson.old_text or "")
            except (Unfit, Gone, BrokenFile) as error:
                raise NotTaught(f"没有写进去：{error}") from error

        def write() -> list[dict[str, Any]]:
            try:
                return [patch.to_dict() for patch in self._written(lesson)]
            except (Unfit, Gone, BrokenFile) as error:
                raise NotTaught(f"没有写进去：{error}") from error

        note = f"去掉了第 {'、'.join(str(n + 1) for n in left)} 句" if left else None
        self._settle(account, lesson.id, "approved", note, None, write)

    def _written(self, lesson: Lesson) -> list[Patch]:
        if lesson.kind in self._doors:
            return self._doors[lesson.kind].write(lesson.label, lesson.text, lesson.old_text or "")
        if lesson.kind == "restore":
            return self._book.make([Patch.from_dict(raw) for raw in lesson.patches or ()])
        if lesson.label.startswith(WORD):
            return self.words.add(lesson.label, lesson.text) if lesson.kind == "add" else self._word_away(lesson)
        if lesson.kind == "add":
            return self._book.add(lesson.label, lesson.text)
        if lesson.kind == "many":
            return self._book.add_many(lesson.label, lesson.text.split("\n"))
        assert lesson.example is not None
        if lesson.kind == "edit":
            return self._book.rewrite(lesson.example, lesson.text)
        if lesson.kind == "move":
            return self._book.move(lesson.example, lesson.label)
        return self._book.delete(lesson.example)

    def _word_away(self, lesson: Lesson) -> list[Patch]:
        assert lesson.example is not None
        return self.words.delete(lesson.example)

    def refuse(self, account: Account, id_: int, answer: str, other_label: str = "") -> None:
        """Refuse somebody else's proposal with the reason, and the label that it should have had if another."""
        lesson, answer = self._open(account, id_), " ".join(answer.split())
        if not answer or len(answer) > LONGEST_REASON:
            raise NotTaught(f"为什么不同意，写一句话，{LONGEST_REASON} 个字以内，让提的人知道。")
        self._settle(account, lesson.id, "refused", answer, other_label or None)

    def withdraw(self, account: Account, id_: int) -> None:
        """Take back a proposal of one's own."""
        lesson = self._store.lesson(id_)
        if lesson is None or lesson.author_id != account.id:
            raise NotTaught("这一条不是您提的，不能由您收回。")
        if not self._store.settle_lesson(id_, "proposed", "withdrawn", {"decided_at": self._clock()}):
            raise NotTaught("这一条已经有人看过了，不能再收回。")

    def _open(self, account: Account, id_: int) -> Lesson:
        lesson = self._store.lesson(id_)
        if lesson is None or lesson.state != "proposed":
            raise NotTaught("这一条已经有人看过了，请刷新看看。")
        if lesson.author_id == account.id:
            raise NotTaught("这是您自己提的，要请另一位训练员来看。")
        return lesson

    def _settle(
        self,
        account: Account,
        id_: int,
        state: str,
        answer: str | None,
        other_label: str | None,
        write: Callable[[], list[dict[str, Any]]] | None = None,
    ) -> None:
        values = {"decider_id": account.id, "decided_at": self._clock(), "answer": answer, "other_label": other_label}
        if not self._store.settle_lesson(id_, "proposed", state, values, write):
            raise NotTaught("这一条刚刚有人看过了，请刷新看看。")

    def undo(self, account: Account, id_: int, answer: str) -> None:
        """Take an approved lesson back: the files become as they were, were they not changed there again."""
        lesson, answer = self._store.lesson(id_), " ".join(answer.split())
        if lesson is None or lesson.state != "approved" or not lesson.patches:
            raise NotTaught("这一条现在撤不回，请刷新看看。")
        if not answer or len(answer) > LONGEST_REASON:
            raise NotTaught(f"为什么撤回，写一句话，{LONGEST_REASON} 个字以内。")
        patches = [Patch.from_dict(raw) for raw in lesson.patches]

        door = self._doors.get(lesson.kind)
        if door is not None:
            try:
                door.tried_back(patches)
            except (Unfit, Gone, BrokenFile) as error:
                raise NotTaught(f"撤不回：{error}") from error

        def write() -> list[dict[str, Any]]:
            try:
                (door or self._book).undo(patches)
            except (Unfit, Gone, BrokenFile) as error:
                raise NotTaught(f"撤不回：{error}。可以再提一次改动。") from error
            return []

        note = f"{account.shown}撤回：{answer}"
        if not self._store.settle_lesson(id_, "approved", "undone", {"answer": note}, write):
            raise NotTaught("这一条刚刚有人撤回了。")


def _reasoned(reason: str) -> str:
    clean = " ".join(reason.split())
    if not clean or len(clean) > LONGEST_REASON:
        raise NotTaught(f"为什么这么改，写一句话，{LONGEST_REASON} 个字以内，看的人好判断。")
    return clean
