"""Identity numbers: found and covered before anything is stored or shown (PIPL 28–29; DOMAIN 3: no ID number of the
other side).

Hides their shapes: 18 characters (GB 11643-1999) with blanks or dashes between, full-width digits, and the old 15
digits where the words speak of an identity card. Called by the desk and the chat page before they look at a message.
"""

import re

from bot.intake.reading.plain import plain

_BETWEEN = r"[ \-_.·]?"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
#: Region, birthday, order, check character: 110105 19491231 002 X.
_NUMBER = re.compile(
    rf"(?<!\d)[1-9](?:{_BETWEEN}\d){{5}}{_BETWEEN}(?:1{_BETWEEN}9|2{_BETWEEN}0)(?:{_BETWEEN}\d){{2}}"
    rf"{_BETWEEN}(?:0{_BETWEEN}[1-9]|1{_BETWEEN}[0-2]){_BETWEEN}(?:0{_BETWEEN}[1-9]|[12]{_BETWEEN}\d|3{_BETWEEN}[01])"
    rf"(?:{_BETWEEN}\d){{3}}{_BETWEEN}[\dXx](?!\d)"
)
_OLD = re.compile(rf"(?<!\d)[1-9]\d{{5}}\d{{2}}{_DAY}\d{{3}}(?!\d)")
_SPOKEN_OF = re.compile(r"身份证|证件号|身份号|公民号")


def cover_identity(text: str) -> str:
    """The text with every identity number covered but for its first and last character; as long as it was.

    >>> cover_identity("他身份证110105194912310021，欠我三万")
    '他身份证1****************1，欠我三万'
    """
    letters = plain(text)
    found = [match.span() for match in _NUMBER.finditer(letters)]
    if _SPOKEN_OF.search(letters):
        found += [match.span() for match in _OLD.finditer(letters)]
    for start, end in found:
        text = text[: start + 1] + "*" * (end - start - 2) + text[end - 1 :]
    return text
