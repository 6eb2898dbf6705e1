"""Hides how telephone numbers are typed and read out: with spaces, dashes, +86, full width, 幺三八零零.

Called by `bot.intake.reading.read` before money, so that digits of a phone are never a sum. Mobiles, landlines with
area code and 400 numbers of mainland China, these two checked with the tables of `phonenumbers`; eighteen-digit identity
numbers and bank cards are none.
"""

import dataclasses
import re

import phonenumbers


@dataclasses.dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: `digits` without country code and separators, `text` as it was written."""

    text: str
    digits: str
    span: tuple[int, int]


_SPOKEN = str.maketrans("零〇一二三四五六七八九幺两洞拐", "001234567891207")
_MIXED = re.compile(
    r"(?<![零〇一二三四五六七八九幺两洞拐0-9])[零〇一二三四五六七八九幺两洞拐0-9]{11}(?![零〇一二三四五六七八九幺两洞拐0-9十百千万亿])"
)
_READ_OUT = re.compile(
    r"(?:[零〇一二三四五六七八九幺两洞拐][ \-,、]?){9,}[零〇一二三四五六七八九幺两洞拐](?![十百千万亿])"
)
_COUNTRY = r"(?:(?:\+|00)?86[- ]?)?"
_WHOLE = re.compile(rf"(?<![0-9]){_COUNTRY}(1[3-9][0-9]{{9}})(?![0-9]|[Xx]\b)")
_GROUPED = re.compile(
    rf"(?<![0-9])(?<![0-9][ \-]){_COUNTRY}(1[ .\-—]?[3-9](?:[ .\-—]{{0,3}}[0-9]){{9}})(?![0-9]|[ \-][0-9]{{1,5}}(?![0-9年月日号]))"
)
_LANDLINE = re.compile(
    r"(?<![0-9])(?:(?:\+|00)86[- ]?)?[(]?(0[1-9][0-9]{1,2}|(?<=86)[1-9][0-9]{1,2})[)]?[ \-—]{0,2}([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])"
)
_SERVICE = re.compile(r"(?<![0-9])([48]00[ \-]?[0-9]{3}[ \-]?[0-9]{4}|[48]00[ \-]?[0-9]{4}[ \-]?[0-9]{3})(?![0-9])")
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")


def _spoken_as_digits(text: str) -> str:
    """Return `text` with runs of ten or more spoken digits written as 0–9; the length stays."""

    def digits(run: re.Match[str]) -> str:
        return run.group().translate(_SPOKEN).replace(",", " ").replace("、", " ")

    # A space or dash may stand between the groups that are read out: 幺三八 零零幺三 八零零零.
    return _READ_OUT.sub(digits, _MIXED.sub(digits, text))


def _in_service(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, "CN"))
    except phonenumbers.NumberParseException:
        return False


def read_phones(text: str) -> list[Phone]:
    """Return the telephone numbers in plain `text`, left to right.

    >>> [p.digits for p in read_phones("我电话138 1234 5678，座机0572-3012345")]
    ['13812345678', '05723012345']
    """
    said = _spoken_as_digits(text)
    found: list[Phone] = []
    taken = bytearray(len(text))
    for identity in _IDENTITY.finditer(said):
        taken[identity.start() : identity.end()] = b"\1" * (identity.end() - identity.start())
    for pattern, landline in ((_WHOLE, False), (_GROUPED, False), (_LANDLINE, True), (_SERVICE, True)):
        for match in pattern.finditer(said):
            start, end = match.span()
            digits = "".join(filter(str.isdigit, "".join(match.groups())))
            if landline and pattern is _LANDLINE and not digits.startswith("0"):
                digits = "0" + digits
            # A mobile has only to look like one: new ranges open faster than the tables, and they take 179xx for a
            # carrier's dialling prefix and cut it off.
            if any(taken[start:end]) or (landline and not _in_service(digits)):
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Phone(text[start:end], digits, (start, end)))
    return sorted(found, key=lambda phone: phone.span)
