"""A session as a calendar file (.ics, RFC 5545), for the mediator's computer and the citizen's phone.

Pure; called by the console's and the citizen's pages. Times are Beijing time, written in UTC so that no zone table is
needed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTES = 90
_BEIJING = timedelta(hours=8)


def calendar_file(number: str, at: datetime, title: str, where: str, made_at: datetime) -> str:
    """The file's text. `number` tells events apart: the same number again replaces the event.

    >>> "DTSTART:20261125T010000Z" in calendar_file("FZ1", datetime(2026, 11, 25, 9), "调解", "村委会", datetime(2026, 11, 23))
    True
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fenzhen//mediation//ZH", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{number}@fenzhen", f"DTSTAMP:{_utc(made_at)}", f"SEQUENCE:{int(made_at.timestamp())}",
        f"DTSTART:{_utc(at)}", f"DTEND:{_utc(at + timedelta(minutes=MINUTES))}",
        f"SUMMARY:{_text(title)}", f"LOCATION:{_text(where)}",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", f"DESCRIPTION:{_text(title)}", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at - _BEIJING:%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, the rest on lines that begin with a space (RFC 5545, 3.1)."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 74:
            pieces.append(piece)
            piece = letter
        else:
            piece += letter
    return "\r\n ".join([*pieces, piece])
