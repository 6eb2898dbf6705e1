"""The keys under which sensitive columns lie: where they are kept, made, named; sealing and opening a value.

Hides Fernet (AES-128-CBC with HMAC, `cryptography`) and the key file. A ring holds several keys: the first seals, all
open, so that a key can be changed while the desk serves. Called by `database` (one ring for an engine), the columns'
types (`sealed`) and `python -m bot keys`. Knows neither database nor web.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
import zlib
from base64 import b32encode
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

#: A sealed value: the mark, the key's name, Fernet's token.
SEALED = re.compile(r"fz1\$([0-9a-f]{8})\$([A-Za-z0-9_=-]+)")
_FILE = re.compile(rb"fz1\$([0-9a-f]{8})\$")
#: Bytes of a sealed file before Fernet's token.
FILE_HEAD = 13
#: Longer texts are packed before they are sealed (a filed record shrinks to a third).
PACKED_FROM = 400
#: A running desk looks so often whether its key file was changed.
LOOK_SECONDS = 2.0
#: Letters of a blind term: of its first character, and of the rest (`Keyring.blind`).
FIRST, REST = 4, 6
HEAD = "# 分诊台的钥匙。第一行是现在用的，下面是以前的。另找地方备份；丢了，锁着的资料谁也打不开。\n"


class KeysError(RuntimeError):
    """The keys cannot be used; the message says so, and what to do, in plain Chinese."""


class Key:
    """One key: its name (the start of its SHA-256), sealing, opening, and a second key for blind terms."""

    def __init__(self, text: str) -> None:
        try:
            self._fernet = Fernet(text.encode("ascii"))
        except ValueError as error:
            raise KeysError("有一行不是钥匙（钥匙是 44 个字母、数字和 -_=）。") from error
        self.text = text
        self.name = hashlib.sha256(b"fenzhen key " + text.encode()).hexdigest()[:8]
        self._blind = hashlib.blake2b(text.encode(), person=b"fenzhen words", digest_size=32).digest()
        self.blind = lru_cache(maxsize=50_000)(self._blinded)

    def seal(self, text: str) -> str:
        """Seal a text."""
        raw = text.encode()
        raw = b"z" + zlib.compress(raw, 6) if len(raw) > PACKED_FROM else b"t" + raw
        return f"fz1${self.name}${self._fernet.encrypt(raw).decode()}"

    def open(self, token: str) -> str:
        """Open Fernet's token of a sealed value. Raises InvalidToken."""
        raw = self._fernet.decrypt(token)
        return (zlib.decompress(raw[1:]) if raw[:1] == b"z" else raw[1:]).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Seal a file."""
        return f"fz1${self.name}$".encode() + self._fernet.encrypt(content)

    def open_bytes(self, token: bytes) -> bytes:
        """Open Fernet's token of a sealed file. Raises InvalidToken."""
        return self._fernet.decrypt(token)

    def _blinded(self, term: str) -> str:
        """A search term that says nothing without the key: letters of its first character, then of the whole term.

        A single character is found by its letters alone, as the beginning of every term that begins with it.
        """
        first = self._letters(term[:1], FIRST)
        return first + self._letters(term, REST) if len(term) > 1 else first

    def _letters(self, part: str, many: int) -> str:
        return (
            b32encode(hashlib.blake2b(part.encode(), key=self._blind, digest_size=5).digest()).decode()[:many].lower()
        )


class Keyring:
    """Keys in order: the first seals, every one opens. From a file, from a setting, or made for a moment."""

    def __init__(self, keys: Sequence[Key], file: Path | None = None) -> None:
        self._keys, self._file = list(keys), file
        self._seen = self._stamp()
        self._looked = time.monotonic()
        self._lock = threading.Lock()

    @classmethod
    def of(cls, texts: str) -> Keyring:
        """From keys that stand in a setting, commas between. Raises KeysError."""
        return cls(_parsed(texts.replace(",", "\n"), "FENZHEN_KEYS"))

    @classmethod
    def fresh(cls) -> Keyring:
        """One new key that is kept nowhere: for a database that lives as long as its process."""
        return cls([Key(Fernet.generate_key().decode())])

    @classmethod
    def at(cls, file: Path) -> Keyring:
        """From a file; one that is not there gives an empty ring (`make` writes it). Raises KeysError."""
        return cls(_read(file) if file.exists() else [], file)

    @property
    def keys(self) -> list[Key]:
        """All keys, the sealing one first; the file is read again when it was changed."""
        self._look()
        return self._keys

    @property
    def first(self) -> Key:
        """The key that seals. Raises KeysError when there is none."""
        keys = self.keys
        if not keys:
            raise KeysError(f"没有钥匙：{self.where}")
        return keys[0]

    @property
    def where(self) -> str:
        """Where the keys are, for messages."""
        return str(self._file) if self._file else "FENZHEN_KEYS"

    def make(self) -> Key:
        """Put a new key first, in the file (mode 600). The old ones stay, to open what lies under them.

        Raises KeysError when the keys stand in a setting, or the file cannot be written.
        """
        if self._file is None:
            raise KeysError("钥匙写在 FENZHEN_KEYS 里，程序改不了。请把新钥匙加在最前面，用逗号和原来的隔开。")
        with self._lock:
            key = Key(Fernet.generate_key().decode())
            before = _read(self._file) if self._file.exists() else []
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                _write(self._file, [key, *before], fresh=not before)
            except FileExistsError:  # another process was first: its keys are ours
                self._keys = _read(self._file)
                return self._keys[0]
            except OSError as error:
                raise KeysError(f"钥匙文件写不进去：{self._file}") from error
            self._keys, self._seen = [key, *before], self._stamp()
            return key

    def open(self, value: str) -> str:
        """Open a sealed value; what was never sealed comes back as it is. Raises KeysError."""
        found = SEALED.fullmatch(value)
        if found is None:
            return value
        name, token = found.groups()
        try:
            return self._opening(name).open(token)
        except InvalidToken as error:
            raise KeysError("有一份锁着的资料坏了，打不开。") from error

    def open_bytes(self, content: bytes) -> bytes:
        """Open a sealed file; one that was never sealed comes back as it is. Raises KeysError."""
        name = sealed_by(content)
        if not name:
            return content
        try:
            return self._opening(name).open_bytes(content[FILE_HEAD:])
        except InvalidToken as error:
            raise KeysError("有一个锁着的文件坏了，打不开。") from error

    def seal(self, text: str) -> str:
        """Seal under the first key."""
        return self.first.seal(text)

    def _opening(self, name: str) -> Key:
        key = self._named(name)
        if key is None:
            raise KeysError(f"有资料是用钥匙 {name} 锁的，钥匙文件里没有这一把：{self.where}")
        return key

    def _named(self, name: str) -> Key | None:
        found = next((key for key in self._keys if key.name == name), None)
        if found is None and self._file is not None:  # perhaps another process has just made it
            self._look(at_once=True)
            found = next((key for key in self._keys if key.name == name), None)
        return found

    def _look(self, at_once: bool = False) -> None:
        if self._file is None or (not at_once and time.monotonic() - self._looked < LOOK_SECONDS):
            return
        self._looked = time.monotonic()
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            self._keys, self._seen = _read(self._file), stamp

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None  # taken away while we serve: the keys in memory go on
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None


def sealed_by(content: bytes) -> str:
    """The name of the key under which a file lies, by its beginning; empty: under none."""
    found = _FILE.match(content)
    return found[1].decode() if found else ""


def _read(file: Path) -> list[Key]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(f"钥匙文件读不出来：{file}") from error
    return _parsed(text, str(file))


def _parsed(text: str, where: str) -> list[Key]:
    lines = [line.strip() for line in text.splitlines()]
    try:
        keys = [Key(line) for line in lines if line and not line.startswith("#")]
    except KeysError as error:
        raise KeysError(f"钥匙文件写坏了：{where}。{error}") from error
    if not keys:
        raise KeysError(f"钥匙文件是空的：{where}。请把备份放回来。")
    return keys


def _write(file: Path, keys: Sequence[Key], fresh: bool) -> None:
    """Write the whole file beside and put it in place at once: a crash leaves the old one. `fresh`: there is none."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(HEAD + "".join(f"{key.text}\n" for key in keys))
            out.flush()
            os.fsync(out.fileno())
        if fresh:
            os.link(beside, file)  # fails where another process has just written one
        else:
            os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
