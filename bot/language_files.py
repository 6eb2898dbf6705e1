"""The files that say what the desk says and knows: changed together, checked as a whole, undone to the byte.

Hides the trial: before anything is written, the project's language and knowledge are copied aside with the change in
them and asked whether they agree (`bot check`). Files are named from the project's root. Called by `wordings` and
`new_types`; the lock is the phrasebook's, so that nobody overwrites anybody.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.phrasebook import Phrasebook, Unfit, beside
from bot.phrasebook_lines import BrokenFile, Patch, applied, composed

#: What has to agree with each other, below the root.
FOLDERS = ("nlu_data", "bot/knowledge", "bot/dialogue", "bot/intake")
FILES = ("domain.yml", "bot/*.py")
#: Asks a project's root whether everything agrees: one plain sentence for each thing that does not.
Check = Callable[[Path], list[str]]


class LanguageFiles:
    """The files below a phrasebook's root."""

    def __init__(self, book: Phrasebook, check: Check) -> None:
        self.book, self.root, self._check = book, book.root, check

    def content(self, file: str) -> str:
        """A file as it stands; "" when there is none. Raises BrokenFile when it is not UTF-8."""
        try:
            return (self.root / file).read_bytes().decode("utf-8")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise BrokenFile(file, 1, "不是 UTF-8 编码，用记事本“另存为”，编码选 UTF-8") from error

    def made(self, patches: Sequence[Patch]) -> dict[str, str]:
        """The files as the patches make them. Raises Gone, BrokenFile."""
        contents: dict[str, str] = {}
        for patch in patches:
            before = contents.get(patch.file)
            contents[patch.file] = applied(self.content(patch.file) if before is None else before, patch, True)
        for file, content in contents.items():
            composed(file, content)
        return contents

    def tried(self, patches: Sequence[Patch]) -> None:
        """Raises Unfit if something would not agree any more, with what; takes one to two seconds."""
        contents = self.made(patches)
        with tempfile.TemporaryDirectory(prefix="fenzhen-trial-") as folder:
            trial = Path(folder)
            for name in FOLDERS:
                shutil.copytree(self.root / name, trial / name, ignore=shutil.ignore_patterns("__pycache__"))
            for name in FILES:
                for path in self.root.glob(name):
                    shutil.copy(path, trial / path.relative_to(self.root))
            for file, content in contents.items():
                if content:
                    (trial / file).write_bytes(content.encode("utf-8"))
                else:
                    (trial / file).unlink(missing_ok=True)
            found = self._found(trial)
        if found:
            found = [one for one in found if one not in self._found(self.root)]
        if found:
            more = f"（还有 {len(found) - 3} 处）" if len(found) > 3 else ""
            raise Unfit("对不上：" + "；".join(found[:3]) + more + "。")

    def _found(self, root: Path) -> list[str]:
        try:
            return self._check(root)
        except Exception as error:  # a file that is no longer of its shape stops the check itself
            return [str(error) or type(error).__name__]

    def write(self, patches: Sequence[Patch]) -> list[Patch]:
        """Put patches that were tried in place. A file that is left without a line goes. Raises Gone, Unfit."""
        with self.book.changing():
            contents = self.made(patches)
            fresh = {file: beside(self.root / file, content) for file, content in contents.items() if content}
            for file, path in fresh.items():
                os.replace(path, self.root / file)
            for file, content in contents.items():
                if not content:
                    (self.root / file).unlink(missing_ok=True)
            self.book.examples()
            return list(patches)


class Door(ABC):
    """A kind of lesson that changes these files: what it changes is worked out anew each time."""

    def __init__(self, files: LanguageFiles) -> None:
        self.files = files

    @abstractmethod
    def patches(self, label: str, text: str, old: str) -> list[Patch]:
        """The change that a lesson means. Raises Unfit, Gone, BrokenFile."""

    def tried(self, label: str, text: str, old: str) -> None:
        """Raises Unfit, Gone, BrokenFile when the change cannot be made, with the reason."""
        self.files.tried(self.patches(label, text, old))

    def write(self, label: str, text: str, old: str) -> list[Patch]:
        """Make a change that was tried."""
        return self.files.write(self.patches(label, text, old))

    def tried_back(self, patches: Sequence[Patch]) -> None:
        """Raises Gone when the same lines changed since, Unfit when something else stands on the change."""
        self.files.tried([patch.back() for patch in reversed(patches)])

    def undo(self, patches: Sequence[Patch]) -> None:
        """Take a change back."""
        self.files.write([patch.back() for patch in reversed(patches)])


def whole(file: str, content: str) -> Patch:
    """The patch that makes a new file."""
    return Patch(file, 0, (), tuple(content.splitlines(keepends=True)), "")
