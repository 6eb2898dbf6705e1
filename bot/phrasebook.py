"""The phrasebook: the one door to the examples in `nlu_data/*.yml` that teach the desk to understand.

Hides files, lines and locks. Everybody who teaches goes through it: it lists and searches what stands there, and adds,
moves, rewrites or takes out one example with the smallest change of the file, giving back the patches by which the
change can be undone. A file broken by hand is named with line and reason; what was last read of it stays in use. Two
people who change at once do not overwrite each other: an example is named by what it says, so that whoever comes second
meets `Gone`. Called by `lessons`, `wordbook` and the training pages. A label is a type (`wages`), a type with its sub-type
(`wages/wage_arrears`), a question on mediation (`faq/cost`) or any other intent (`affirm`, `danger_violence`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import threading
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bot.phrasebook_lines import (
    Block,
    BrokenFile,
    Gone,
    Patch,
    applied,
    blocks,
    cut,
    entry,
    inserted,
    replaced,
    towards,
    written,
)
from bot.sounds import plain, plains, sound, spelt

#: An example is a sentence or a letter, not a file.
SHORTEST, LONGEST = 2, 600
#: What would mean something else in the file, and what it is written as instead.
_OTHERWISE = str.maketrans(
    {"[": "［", "]": "］", "{": "｛", "}": "｝", "#": "＃", "`": "｀", "\t": " ", "\r": " ", "\n": " "}
)
#: Controls, invisible signs, halves of signs: no editor shows them, and YAML does not take them all.
_NO_SIGNS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LABEL = re.compile(r"[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)?(?:\+[a-z_]+)*")


class Unfit(ValueError):
    """A change that cannot be made; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example. `key` names it by file, label and words; `line` counts from 1; `plain` and `sound` are for finding."""

    key: str
    text: str
    label: str
    file: str
    line: int
    plain: str
    sound: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as last read: its stamp, its examples and what is wrong with it."""

    stamp: tuple[int, int, int]
    examples: tuple[Example, ...]
    stray: tuple[int, ...] = ()
    broken: BrokenFile | None = None


class _Rows:
    """Many short texts as one, in which a word is found in a hundredth of the time."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join([*texts, ""])
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def holding(self, word: str) -> list[int]:
        """The numbers of the texts that hold a word, in order."""
        found, at = [], self._joined.find(word)
        while at >= 0:
            row = bisect_right(self._starts, at) - 1
            found.append(row)
            at = self._joined.find(word, self._starts[row + 1])
        return found


def as_example(text: str) -> str:
    """A text as an example may be written: one line, without what the file would take for its own signs.

    Raises Unfit when nothing is left, or too much.
    """
    clean = "".join(c for c in text.translate(_OTHERWISE) if unicodedata.category(c) not in _NO_SIGNS)
    clean = " ".join(clean.split())
    if clean.startswith("/"):
        clean = "／" + clean[1:]
    if len(plain(clean)) < 1 or len(clean) < SHORTEST:
        raise Unfit("这一句是空的，或者太短了，写一句话再存。")
    if len(clean) > LONGEST:
        raise Unfit(f"太长了（{len(clean)} 个字），一句最多 {LONGEST} 个字，把它拆成几句。")
    return clean


class Phrasebook:
    """The examples below a project's root. Thread-safe; other processes are kept out while one writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "nlu_data"
        self._read: dict[str, _Read] = {}
        self._lock = threading.RLock()
        self._all: list[Example] = []
        self._plain, self._sound, self._counts = _Rows([]), _Rows([]), Counter[str]()
        #: Grows whenever the examples are read anew.
        self.edition = 0
        self._stamps: dict[str, tuple[int, int, int]] = {}

    # —— reading ——

    def examples(self) -> list[Example]:
        """Every example, file by file. Files are read anew when they changed; of a broken one, what was last good."""
        with self._lock:
            stamps = {str(path.relative_to(self.folder)): _stamp(path) for path in sorted(self.folder.rglob("*.yml"))}
            if stamps != self._stamps:
                for file, stamp in stamps.items():
                    before = self._read.get(file)
                    if before is None or before.stamp != stamp:
                        self._read[file] = self._reread(file, stamp, before)
                self._read = {file: self._read[file] for file in stamps}
                self._all = [example for read in self._read.values() for example in read.examples]
                self._plain = _Rows([example.plain for example in self._all])
                self._sound = _Rows([example.sound for example in self._all])
                self._counts = Counter(example.label for example in self._all)
                self._stamps = stamps
                self.edition += 1
            return self._all

    def _reread(self, file: str, stamp: tuple[int, int, int], before: _Read | None) -> _Read:
        try:
            found = blocks(file, self.content(file))
        except BrokenFile as error:
            return _Read(stamp, before.examples if before else (), broken=error)
        rows = [(block.label, line, text) for block in found for line, text in block.rows]
        bare = plains([text for _, _, text in rows])
        seen: Counter[tuple[str, str]] = Counter()
        examples = []
        for (label, line, text), one in zip(rows, bare):
            seen[label, text] += 1
            key = _key(file, label, text, seen[label, text])
            examples.append(Example(key, text, label, file, line + 1, one, sound(one)))
        stray = tuple(line + 1 for block in found for line in block.stray)
        return _Read(stamp, tuple(examples), stray)

    def content(self, file: str) -> str:
        """A file as it stands. Raises BrokenFile when it is away or not UTF-8."""
        try:
            raw = (self.folder / file).read_bytes()
        except FileNotFoundError as error:
            raise BrokenFile(file, 1, "没有这个文件，请管理员从备份里找回来") from error
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise BrokenFile(file, line, "不是 UTF-8 编码，用记事本“另存为”，编码选 UTF-8") from error

    def broken(self) -> list[BrokenFile]:
        """Files that cannot be read now."""
        self.examples()
        return [read.broken for read in self._read.values() if read.broken is not None]

    def stray(self) -> list[tuple[str, int]]:
        """Lines among the examples that are none, as (file, line)."""
        self.examples()
        return [(file, line) for file, read in self._read.items() for line in read.stray]

    def labels(self) -> Counter[str]:
        """How many examples each label has."""
        with self._lock:
            self.examples()
            return Counter(self._counts)

    def find(self, key: str) -> Example | None:
        """The example of a key, or None when it changed or is gone."""
        return next((example for example in self.examples() if example.key == key), None)

    def search(self, words: str = "", label: str = "") -> list[Example]:
        """Examples that hold the words as written, then those in which they sound the same; all of a label (a type
        holds its sub-types). Latin letters are taken for pinyin."""
        with self._lock:
            told, bare = self.examples(), plain(words)
            if bare:
                held = self._plain.holding(bare)
                sounds = spelt(bare) if bare.isascii() else [sound(bare)] if len(bare) > 1 else []
                heard = {row for one in sounds for row in self._sound.holding(one)}
                told = [told[row] for row in [*held, *sorted(heard.difference(held))]]
        return [e for e in told if not label or e.label == label or e.label.startswith(f"{label}/")]

    def same(self, text: str) -> list[Example]:
        """Examples that say the same but for punctuation and script."""
        bare = plain(text)
        return [e for e in self.examples() if e.plain == bare]

    # —— changes ——

    def add(self, label: str, text: str) -> list[Patch]:
        """Write one example. Raises Unfit when it stands there already, or the label has no file; BrokenFile, Gone."""
        with self.changing():
            clean = as_example(text)
            twin = next((e for e in self.same(clean) if e.label == label), None)
            if twin is not None:
                raise Unfit(f"这一句已经有了，在 {twin.file} 第 {twin.line} 行。")
            return self.write([self._added(label, clean)])

    def add_many(self, label: str, texts: Sequence[str]) -> list[Patch]:
        """Write several examples of one label, those that do not stand there yet. Raises Unfit when none is left."""
        with self.changing():
            there = {e.plain for e in self.examples() if e.label == label}
            clean = {plain(text): text for text in map(as_example, texts)}
            fresh = [text for bare, text in clean.items() if bare not in there]
            if not fresh:
                raise Unfit("这些句子都已经有了。")
            return self.write([self._added(label, *fresh)])

    def rewrite(self, key: str, text: str) -> list[Patch]:
        """Put other words in an example's place."""
        with self.changing():
            example, clean = self._there(key), as_example(text)
            if clean == example.text:
                raise Unfit("和原来一样，没有改。")
            lines = cut(self.content(example.file))
            at = example.line - 1
            fresh = lines[at].replace(f"- {example.text}", f"- {clean}", 1)
            return self.write([replaced(example.file, lines, at, [fresh])])

    def move(self, key: str, label: str) -> list[Patch]:
        """Put an example under another label."""
        with self.changing():
            example = self._there(key)
            if label == example.label:
                raise Unfit("它就在这一类里，不用动。")
            out = self._taken_out(example)
            if any(e.label == label for e in self.same(example.text)):
                return self.write([out])
            return self.write([out, self._added(label, example.text, without=out)])

    def delete(self, key: str) -> list[Patch]:
        """Take an example out. The last one of its block stays: a block without examples is broken to Rasa."""
        with self.changing():
            return self.write([self._taken_out(self._there(key))])

    def undo(self, patches: Sequence[Patch]) -> None:
        """Take a change back. Raises Gone when the same lines changed again since."""
        with self.changing():
            self.write([patch.back() for patch in reversed(patches)])

    def towards(self, files: Mapping[str, str]) -> list[Patch]:
        """The changes that make files what they were (name below the folder → content); files not named, and such as
        are gone since, stay as they are."""
        here = {file: then for file, then in files.items() if (self.folder / file).is_file()}
        found = (towards(file, self.content(file), then) for file, then in sorted(here.items()))
        return [patch for patch in found if patch is not None]

    def make(self, patches: Sequence[Patch]) -> list[Patch]:
        """Carry out changes that were worked out before. Raises Gone when the same lines changed since."""
        with self.changing():
            return self.write(list(patches))

    def _there(self, key: str) -> Example:
        example = self.find(key)
        if example is None:
            raise Gone("这一句刚被别人改过或者删了，请刷新看看最新的。")
        return example

    def _added(self, label: str, text: str, *more: str, without: Patch | None = None) -> Patch:
        """The patch that writes examples at the end of its label's last block, or of the type's file."""
        if not _LABEL.fullmatch(label):
            raise Unfit("没有这一类。")
        known = self.labels()
        type_ = label.partition("/")[0]
        if known[label]:
            file = next(e.file for e in reversed(self.examples()) if e.label == label)
        elif (self.folder / "disputes" / f"{type_}.yml").exists():
            file = f"disputes/{type_}.yml"
        else:
            raise Unfit("没有这一类，先在类型表里加好，再来教。")
        content = self.content(file)
        if without is not None and without.file == file:
            content = applied(content, without)
        lines, found = cut(content), blocks(file, content)
        own: list[Block] = [block for block in found if block.label == label]
        if own:
            return inserted(file, lines, own[-1].end, [written(one, own[-1], lines) for one in (text, *more)])
        last = max((block.end for block in found), default=len(lines))
        return inserted(file, lines, last, [*entry(label, text, lines), *(written(one, None, lines) for one in more)])

    def _taken_out(self, example: Example) -> Patch:
        content = self.content(example.file)
        lines, at = cut(content), example.line - 1
        block = next(b for b in blocks(example.file, content) if any(line == at for line, _ in b.rows))
        if len(block.rows) == 1:
            raise Unfit("这一段只剩这一句了，先给它加几句，再来删这一句。")
        return replaced(example.file, lines, at, [])

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One change at a time, in this process and in others; the files are looked at anew."""
        with self._lock:
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                self.examples()
                yield
            finally:
                os.close(folder)

    def write(self, patches: list[Patch]) -> list[Patch]:
        """Apply patches in order, while `changing`; all files are made and read before the first is put in place."""
        contents: dict[str, str] = {}
        for patch in patches:
            content = contents.get(patch.file)
            contents[patch.file] = applied(self.content(patch.file) if content is None else content, patch)
        for file, content in contents.items():
            if file.endswith(".yml"):
                blocks(file, content)
        fresh = {file: beside(self.folder / file, content) for file, content in contents.items()}
        for file, path in fresh.items():
            os.replace(path, self.folder / file)
        self.examples()
        return patches


def beside(path: Path, content: str) -> Path:
    """The content in a file beside its place, whole on disk. Raises Unfit when it cannot be written (disk full)."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as out:
            out.write(content.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Unfit("写不进去，可能是磁盘满了。原来的文件没有动，请告诉管理员。") from error
    return fresh


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _key(file: str, label: str, text: str, nth: int) -> str:
    return hashlib.blake2b(f"{file}\n{label}\n{text}\n{nth}".encode(), digest_size=9).hexdigest()


__all__ = ["BrokenFile", "Example", "Gone", "Patch", "Phrasebook", "Unfit", "as_example", "beside"]
