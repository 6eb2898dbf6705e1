"""The wordbook: the words in `nlu_data/words/*.txt` by which the desk cuts a sentence and sees who and what it names.

Hides what each file holds and how a line of it is written. Nothing learns from marked examples (StorySpans are rules
over these lists), so whatever a trainer marks in a sentence becomes a word here. Changes go through the phrasebook's own
door: one line each, undone to the byte. The classes of `danger.txt` are not here: they are weighed with the danger net.
Called by `lessons` and the training pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.phrasebook import BrokenFile, Example, Gone, Patch, Phrasebook, Unfit
from bot.phrasebook_lines import Line, cut, inserted, replaced, word_lines

#: Every kind's label begins so, to tell it from a label of examples.
WORD = "word/"
_FIT = re.compile(r"[一-鿿A-Za-z0-9]{2,12}")
#: A term of two characters with the usual weight would cut 交房租 as 交房|租 (dictionary.txt).
SHORT_TERM, LIGHT = 2, " 100"


@dataclass(frozen=True, slots=True)
class WordKind:
    """What a word may be marked as: its name, what belongs to it, its file below `words`."""

    name: str
    plain: str
    file: str


KINDS: Mapping[str, WordKind] = {
    "word/role": WordKind("对方是什么人", "包工头、房东、班主任：后面常跟着姓", "roles.txt"),
    "word/relation": WordKind("亲属、熟人", "婆婆、前夫、战友", "relations.txt"),
    "word/evidence": WordKind("手头的凭据", "欠条、考勤表、病历", "evidence.txt"),
    "word/term": WordKind("行话，是一个词", "工伤认定、加装电梯：不要切开", "dictionary.txt"),
    "word/slip": WordKind("常打错的字", "错的写前面，对的写后面：公资 工资", "slips.txt"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `key` names it by kind and text; of a slip `text` is both words, the wrong one first; `line` from 1."""

    key: str
    kind: str
    text: str
    file: str
    line: int


class Wordbook:
    """The word lists beside a phrasebook's examples."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book

    def words(self, kind: str) -> list[Word]:
        """All words of a kind, in the file's order. Raises BrokenFile."""
        file = f"words/{KINDS[kind].file}"
        return [Word(_key(kind, row.text), kind, row.text, file, row.line + 1) for row in self._rows(kind)]

    def find(self, key: str) -> Word | None:
        """The word of a key, or None when it is gone."""
        return next((word for word in self._all() if word.key == key), None)

    def broken(self) -> list[BrokenFile]:
        """Lists that cannot be read now, and lines that say nothing."""
        found = []
        for kind, about in KINDS.items():
            try:
                for row in self._rows(kind):
                    if not _holds(kind, row.text):
                        found.append(BrokenFile(f"words/{about.file}", row.line + 1, "这一行不像一个词，前台没有用它"))
            except BrokenFile as error:
                found.append(error)
        return found

    def touched(self, text: str) -> list[Example]:
        """Examples that hold a word (of a slip: the wrong one), which will be read otherwise."""
        word = text.split()[0] if text.split() else ""
        return [one for one in self._book.examples() if word and word in one.text]

    def as_word(self, kind: str, text: str) -> str:
        """A word as it may be written. Raises Unfit when it is none, or stands there already."""
        if kind not in KINDS:
            raise Unfit("没有选这个词是什么，选一个再存。")
        parts = text.split()
        clean = " ".join(parts)
        if not _holds(kind, clean) or any(not _FIT.fullmatch(part) for part in parts):
            if kind == "word/slip":
                raise Unfit(
                    f"错字要写两个词，错的在前、对的在后，中间空一格，都是 2 到 12 个字。现在写的是“{clean[:30]}”。"
                )
            raise Unfit(f"一个词是 2 到 12 个字，里面没有空格和标点。现在写的是“{clean[:30]}”。")
        for known in self._all():
            if known.text.split()[0] != parts[0]:
                continue
            where = f"{known.file} 第 {known.line} 行"
            if known.kind == kind:
                raise Unfit(f"“{parts[0]}”已经有了，在 {where}。")
            if kind == "word/slip":
                raise Unfit(f"“{parts[0]}”本来就是一个词（{where}），换了会弄反意思。")
            if kind == "word/term":
                raise Unfit(f"“{parts[0]}”前台已经当一个词了（{where}），不用再加。")
            if known.kind != "word/term":
                raise Unfit(f"“{parts[0]}”已经收在“{KINDS[known.kind].name}”里（{where}）。要换，先提出删掉那边的。")
        return clean

    # —— changes ——

    def add(self, kind: str, text: str) -> list[Patch]:
        """Write a word at the end of its list. Raises Unfit, BrokenFile."""
        with self._book.changing():
            clean = self.as_word(kind, text)
            file, rows = f"words/{KINDS[kind].file}", self._rows(kind)
            lines = cut(self._book.content(file))
            written = clean + LIGHT if kind == "word/term" and len(clean) <= SHORT_TERM else clean
            end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
            at = rows[-1].line + 1 if rows else len(lines)
            return self._book.write([inserted(file, lines, at, [written + end])])

    def delete(self, key: str) -> list[Patch]:
        """Take a word out. Raises Gone when it is not there any more."""
        with self._book.changing():
            word = self.find(key)
            if word is None:
                raise Gone("这个词刚被别人改过或者删了，请刷新看看最新的")
            lines = cut(self._book.content(word.file))
            return self._book.write([replaced(word.file, lines, word.line - 1, [])])

    def _rows(self, kind: str) -> list[Line]:
        file = f"words/{KINDS[kind].file}"
        rows = word_lines(self._book.content(file))
        if kind == "word/term":
            return [Line(row.line, row.text.split()[0]) if _weighed(row.text) else row for row in rows]
        return rows

    def _all(self) -> Iterator[Word]:
        for kind in KINDS:
            yield from self.words(kind)


def _weighed(text: str) -> bool:
    parts = text.split()
    return len(parts) == 2 and parts[1].isdigit()


def _holds(kind: str, text: str) -> bool:
    return len(text.split()) == (2 if kind == "word/slip" else 1)


def _key(kind: str, text: str) -> str:
    return hashlib.blake2b(f"{kind}\n{text}".encode(), digest_size=9).hexdigest()
