"""Townships of the whole country, to offer choices when a citizen names only her town (练市镇).

Hides jionlp's dictionary of places (1.5.31): it is read straight from the package's archive on first use, about a
quarter of a second, without importing jionlp. The dictionary is some years old and knows no renaming, so a town found
here is never taken as settled: `towns_alone` gives candidates for the desk to ask about, never a code.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.intake.divisions import Divisions
from bot.intake.places import Place

# 城关镇 is in over a hundred counties: a list of that length helps nobody.
_MOST = 6
_LINE = re.compile(r"^(\t{2,3})([^\t\r\n]+)(?:\t(\d{6}))?", re.MULTILINE)
_WORD = re.compile(r"(?=([一-鿿]{1,7}?(?:街道|镇|乡)))")


@functools.cache
def counties_of_towns() -> Mapping[str, tuple[str, ...]]:
    """County codes, as the dictionary has them, of each township's name; empty when jionlp is not installed."""
    spec = importlib.util.find_spec("jionlp")
    if spec is None or not spec.submodule_search_locations:
        return {}
    archive = Path(spec.submodule_search_locations[0]) / "dictionary" / "china_location.zip"
    if not archive.is_file():
        return {}
    with zipfile.ZipFile(archive) as packed:
        text = packed.read(packed.namelist()[0]).decode("utf-8")
    found: dict[str, list[str]] = {}
    county = ""
    for match in _LINE.finditer(text):
        if len(match[1]) == 2:
            county = match[3] or ""
        elif county and match[2].endswith(("镇", "乡", "街道")):
            found.setdefault(match[2], []).append(county)
    return {town: tuple(codes) for town, codes in found.items()}


def towns_alone(text: str, known: Sequence[Place], divisions: Divisions) -> tuple[Place, ...]:
    """Towns said without their county, outside the places already read (`known`); code None, candidates to ask about.

    A city or province among `known` narrows the candidates. Names shared by more than six counties are left out.
    """
    taken = [place.span for place in known]
    wider = {place.code for place in known if place.code and not divisions.known_to_county(place.code)}
    places = []
    last = 0
    for match in _WORD.finditer(text):
        start, end = match.span(1)
        if start < last or any(start < stop and end > begin for begin, stop in taken):
            continue
        word = match[1]
        # Two characters (新镇, 下乡) are more often a piece of a sentence.
        if len(word) < 3 or word not in counties_of_towns():
            continue
        codes = {now for code in counties_of_towns()[word] if (now := divisions.current(code))}
        inside = {code for code in codes if wider.intersection(divisions.lineage(code))}
        candidates = tuple(sorted(inside or codes))
        if 0 < len(candidates) <= _MOST:
            places.append(Place(word, None, (word,), candidates, (start, end), "township", town=word))
            last = end
    return tuple(places)
