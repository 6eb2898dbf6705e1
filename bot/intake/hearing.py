"""Hearing facts: what an answer, or a whole story, says about the facts of the taxonomy.

Hides which reader serves which kind of fact. `answer` reads the reply to one open question; `story` finds every fact
that a free text already contains, by the words that stand near a value (`cues` in the taxonomy). Called by the
interview only. A fact that is not clearly said stays unread: the clerk asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.intake.divisions import Divisions
from bot.intake.places import Place, read_places
from bot.intake.reading import Reading, read
from bot.intake.reading.answers import read_name, read_organisation, read_yes_no
from bot.intake.reading.counts import read_months
from bot.intake.reading.numerals import find_numbers
from bot.intake.taxonomy import FactSpec

#: Characters before a value in which a cue still belongs to it: about one spoken clause.
REACH = 14
CLAUSE = re.compile(r"[，。！？；,!?;\n]")
#: Who said it of whom: generic words that name nobody.
NOBODY = re.compile(
    r"^(?:老板|对方|公司|单位|厂里|他们?|她们?|物业|医院|工地|工厂|店家|商家|房东|邻居|人家|领导|经理|开发商)$"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A span found by the understanding (spaCy): label, words, character offsets."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Value:
    """A fact as heard: JSON value, how it is shown, the exact words, whether it is about."""

    value: Any
    shown: str
    words: str
    approx: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply gave: a value, or `blank` (unknown, declined), or candidates of an ambiguous place, or nothing."""

    value: Value | None = None
    blank: str | None = None
    candidates: tuple[str, ...] = ()
    partial: str = ""


@dataclass(slots=True)
class Ear:
    """Readers bound to a division table. `now` is the message's own date, so that "上个月" means hers (PEERS 13)."""

    divisions: Divisions
    _cache: dict[tuple[str, date, str | None], tuple[Reading, tuple[Place, ...]]] = field(default_factory=dict)

    def _read(self, text: str, now: date, asked: str | None) -> tuple[Reading, tuple[Place, ...]]:
        key = (text, now, asked)
        if key not in self._cache:
            self._cache.clear()  # one turn's text is read for many facts, then never again
            self._cache[key] = (read(text, now, asked), read_places(text, self.divisions))
        return self._cache[key]

    def answer(self, spec: FactSpec, text: str, now: date, so_far: str = "", entities: Sequence[Entity] = ()) -> Answer:
        """Read the reply to the question for `spec`. Returns an empty Answer when nothing of its kind was said."""
        words = text.strip()
        yes_no = read_yes_no(words)
        if yes_no in ("unknown", "declined"):
            return Answer(blank=yes_no)
        if spec.kind == "place":
            return self._place_answer(words, now, so_far)
        value = self._typed_answer(spec, words, now, yes_no, entities)
        return Answer(value=value)

    def _typed_answer(
        self, spec: FactSpec, words: str, now: date, yes_no: str | None, entities: Sequence[Entity]
    ) -> Value | None:
        reading, _ = self._read(words, now, spec.key)
        if spec.kind == "yes_no":
            heard = _polar(spec, words)
            polar = heard.value if heard else yes_no
            return Value(polar, "是" if polar == "yes" else "否", words) if polar in ("yes", "no") else None
        if spec.kind == "choice":
            return _choice(spec, words) or _choice_by_yes_no(spec, words, yes_no)
        if spec.kind == "text":
            return Value(words, words, words) if words else None
        if spec.kind == "name":
            name = read_name(words)
            return Value(name, name, words) if name else None
        if spec.kind == "party":
            return _party_answer(spec, words, entities)
        values = self._values(spec, reading)
        if values:
            return values[0][0]
        if spec.kind == "count":
            return _count(spec, words)
        return None

    def _place_answer(self, words: str, now: date, so_far: str) -> Answer:
        tried = [words] if not so_far else [so_far + words, words]
        best = Answer()
        for text in tried:
            for place in self._read(text, now, "place")[1]:
                if place.code and self.divisions.known_to_county(place.code):
                    return Answer(value=_place_value(place, words))
                if place.candidates and not best.candidates:
                    best = Answer(candidates=place.candidates, partial=text)
                elif place.code and not best.candidates and not best.partial:
                    best = Answer(partial="".join(place.names))
        return best

    def place(self, code: str, words: str) -> Value | None:
        """The place of a division code that was tapped, with what was typed before as words."""
        names = self.divisions.names(code)
        if not names:
            return None
        for place in read_places("".join(names) + words, self.divisions):
            if place.code == code:
                return _place_value(place, words)
        return Value({"code": code, "names": list(names), "path": "/".join(names)}, "".join(names), words)

    def story(
        self, specs: Iterable[FactSpec], text: str, now: date, entities: Sequence[Entity] = ()
    ) -> dict[str, Value]:
        """Every fact of `specs` that the text clearly contains. Keys are fact keys."""
        wanted = list(specs)
        reading, places = self._read(text, now, None)
        found: dict[str, Value] = {}
        for kind in ("money", "period", "people", "area", "phone"):
            of_kind = [spec for spec in wanted if spec.kind == kind]
            if of_kind:
                self._share(of_kind, reading, text, found)
        for spec in wanted:
            if spec.key in found:
                continue
            value = self._one_from_story(spec, text, places, entities)
            if value is not None:
                found[spec.key] = value
        return found

    def first(self, spec: FactSpec, text: str, now: date, used: frozenset[str]) -> Value | None:
        """The first value of the fact's kind that is not used yet: for facts heard together with the asked one."""
        reading, places = self._read(text, now, None)
        for value, _ in self._values(spec, reading):
            if value.words not in used:
                return value
        return self._one_from_story(spec, text, places, ())

    def _share(self, specs: list[FactSpec], reading: Reading, text: str, found: dict[str, Value]) -> None:
        """Give each value to the fact whose cue stands nearest; one without any cue to the kind's main fact."""
        main = {"amount": 1, "since": 1, "people": 1, "land_mu": 1}
        taken: list[tuple[int, str, Value]] = []
        for spec in specs:
            for value, span in self._values(spec, reading):
                distance = _cue_distance(spec, text, span)
                if distance is not None:
                    taken.append((distance, spec.key, value))
                elif spec.key in main and spec.kind != "phone":
                    taken.append((REACH * 4 + span[0] // 1000, spec.key, value))
        used: set[str] = set()
        for _, key, value in sorted(taken, key=lambda item: item[0]):
            if key not in found and value.words not in used:
                found[key] = value
                used.add(value.words)

    def _one_from_story(
        self, spec: FactSpec, text: str, places: Sequence[Place], entities: Sequence[Entity]
    ) -> Value | None:
        if spec.kind == "place":
            return self._place_from_story(spec, text, places)
        if spec.kind == "yes_no":
            return _polar(spec, text)
        if spec.kind == "choice":
            return _choice(spec, text, strict=True)
        if spec.kind == "party":
            return _party_from_story(spec, text, entities)
        if spec.kind == "name":
            return _name_from_story(spec, text)
        if spec.kind == "count":
            return _count(spec, text, strict=True)
        if spec.words:
            return _listed(spec, text)
        if spec.pattern:
            match = spec.pattern.search(text)
            if match:
                words = next((group for group in match.groups() if group), match.group())
                return Value(words, words, match.group())
        return None

    def _place_from_story(self, spec: FactSpec, text: str, places: Sequence[Place]) -> Value | None:
        known = [place for place in places if place.code and self.divisions.known_to_county(place.code)]
        home = [place for place in places if _after(text, place.span[0], ("老家", "户口", "户籍", "来自"))]
        if spec.key == "home_place":
            said = [place for place in home if place.code]
            return _place_value(said[0], said[0].text) if said else None
        here = [place for place in known if place not in home]
        deepest = max(here, key=lambda place: len(place.names), default=None)
        return _place_value(deepest, deepest.text) if deepest else None

    @staticmethod
    def _values(spec: FactSpec, reading: Reading) -> list[tuple[Value, tuple[int, int]]]:
        """Values of this kind in reading order, each with its span."""
        found: list[tuple[Value, tuple[int, int]]] = []
        about = "约"
        if spec.kind == "money":
            for money in reading.money:
                if money.value is not None:
                    shown = f"{about if money.approx else ''}{_number(money.value)}{spec.unit or '元'}"
                    found.append((Value(_plain(money.value), shown, money.text, money.approx), money.span))
        elif spec.kind == "people":
            for people in reading.people:
                if people.value is not None:
                    shown = f"{about if people.approx else ''}{people.value}人"
                    found.append((Value(people.value, shown, people.text, people.approx), people.span))
        elif spec.kind == "area":
            for area in reading.areas:
                if area.mu is not None:
                    shown = f"{about if area.approx else ''}{_number(area.mu)}亩"
                    found.append((Value(_plain(area.mu), shown, area.text, area.approx), area.span))
        elif spec.kind == "phone":
            found = [(Value(phone.digits, phone.digits, phone.text), phone.span) for phone in reading.phones]
        elif spec.kind == "period":
            for span in reading.dates:
                value = {"start": span.start.isoformat(), "end": span.end.isoformat(), "precision": span.precision}
                found.append((Value(value, _period(span), span.text, span.precision == "approx"), span.span))
        return found


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else float(number)


def _number(number: float) -> str:
    return f"{_plain(number):,}"


def _period(span: Any) -> str:
    start, end = span.start, span.end
    if span.precision == "year" and start.year == end.year:
        return f"{start.year}年"
    if span.precision == "year":
        return f"{start.year}年到{end.year}年"
    if span.precision == "month":
        first, last = f"{start.year}年{start.month}月", f"{end.year}年{end.month}月"
        return first if first == last else f"{first}到{last}"
    first, last = (f"{d.year}年{d.month}月{d.day}日" for d in (start, end))
    shown = first if first == last else f"{first}到{last}"
    return f"大约{shown}" if span.precision == "approx" else shown


def _place_value(place: Place, words: str) -> Value:
    names = list(place.names)
    return Value({"code": place.code, "names": names, "path": "/".join(names)}, "".join(names), words)


def _clause_start(text: str, at: int) -> int:
    """Where the clause that holds position `at` begins."""
    start = max(0, at - REACH)
    cuts = [match.end() for match in CLAUSE.finditer(text, start, at)]
    return cuts[-1] if cuts else start


def _after(text: str, at: int, cues: Iterable[str]) -> bool:
    before = text[_clause_start(text, at) : at]
    return any(cue in before for cue in cues)


def _cue_distance(spec: FactSpec, text: str, span: tuple[int, int]) -> int | None:
    """Characters between a value and the nearest cue of the fact in reach (before it, or just after)."""
    best: int | None = None
    before = text[_clause_start(text, span[0]) : span[0]]
    after = CLAUSE.split(text[span[1] : span[1] + REACH // 2])[0]
    for cue in spec.cues:
        left = before.rfind(cue)
        right = after.find(cue)
        distances = [len(before) - left - len(cue)] if left >= 0 else []
        distances += [right + 1] if right >= 0 else []
        for distance in distances:
            best = distance if best is None else min(best, distance)
    return best


NEGATION = re.compile(r"(?:没有?|不是|未|无|别|还没|并没有?|从没|没能)$")


def _polar(spec: FactSpec, text: str) -> Value | None:
    """Yes or no by the fact's own phrases; a phrase for "no" is longer than the "yes" that it contains."""
    hits: list[tuple[int, int, str, str]] = []
    for polarity, phrases in (("no", spec.no), ("yes", spec.yes)):
        for phrase in phrases:
            at = text.find(phrase)
            if at < 0:
                continue
            said = polarity
            if polarity == "yes" and NEGATION.search(text[max(0, at - 3) : at]):
                said = "no"
            hits.append((-len(phrase), at, said, phrase))
    if not hits:
        return None
    _, at, polarity, phrase = min(hits)
    return Value(polarity, "是" if polarity == "yes" else "否", _clause_around(text, at, at + len(phrase)))


def _clause_around(text: str, start: int, end: int) -> str:
    left = _clause_start(text, start)
    right = CLAUSE.search(text, end)
    return text[left : min(right.start() if right else len(text), end + REACH)].strip()


def _choice(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """The option whose longest word occurs; `strict` (a story) wants words of two characters and no bare negation."""
    best: tuple[int, Any] | None = None
    for option in spec.options:
        for word in (*option.words, option.label):
            if strict and (
                len(word) < 2 or word in ("没有", "有过", "以前", "现在", "一直", "经常", "商量", "自己", "朋友")
            ):
                continue
            if word in text and (best is None or len(word) > best[0]):
                at = text.find(word)
                if strict and NEGATION.search(text[max(0, at - 3) : at]):
                    continue
                best = (len(word), option)
    return Value(best[1].value, best[1].label, text if not strict else _around(text, best[1])) if best else None


def _around(text: str, option: Any) -> str:
    for word in option.words:
        at = text.find(word)
        if at >= 0:
            return _clause_around(text, at, at + len(word))
    return text


def _choice_by_yes_no(spec: FactSpec, text: str, yes_no: str | None) -> Value | None:
    option = spec.option(yes_no) if yes_no in ("yes", "no") else None
    return Value(option.value, option.label, text) if option else None


def _count(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """A small number with the fact's pattern, or (when asked) a bare number."""
    match = spec.pattern.search(text) if spec.pattern else None
    said = next((group for group in match.groups() if group), None) if match else None
    words = match.group() if match else text
    if said is None and not strict and spec.unit != "个月":
        bare = re.search(r"[\d０-９一二两三四五六七八九十百半]+", text)
        said = bare.group() if bare else None
    if said is None and spec.unit == "个月":
        number = read_months(words)
    else:
        numbers = find_numbers(said) if said else []
        number = numbers[0].value if numbers else None
    if number is None or number < 0:
        return None
    return Value(_plain(number), f"{_number(number)}{spec.unit}", words)


def _party_kind(name: str) -> str:
    if read_organisation(name) or re.search(
        r"(?:公司|厂|医院|物业|合作社|村委会|居委会|银行|学校|店|中心|单位|部)$", name
    ):
        return "organisation"
    return "person"


def _party_answer(spec: FactSpec, words: str, entities: Sequence[Entity]) -> Value | None:
    name = re.sub(r"[（(]?(?:电话|手机|联系方式).*$", "", words).strip(" ，。,.；;：:")
    name = re.sub(r"\s*1[3-9][\d\s-]{9,13}\s*$", "", name).strip(" ，。,.；;：:")
    name = re.sub(r"^(?:就?是|对方是|叫|他叫|她叫|名字叫|老板叫|在)(?=.{2,})", "", name)
    organisations = read_organisation(name)
    if organisations and len(name) > 12:
        name = organisations[0]
    elif len(name) > 30:
        named = [e.text for e in entities if e.label in ("organisation", "role") and not NOBODY.match(e.text)]
        name = named[0] if named else name[:60]
    if not re.search(r"[\u4e00-\u9fffA-Za-z]", name):
        return None
    return Value({"name": name, "kind": _party_kind(name)}, name, words)


def _party_from_story(spec: FactSpec, text: str, entities: Sequence[Entity]) -> Value | None:
    if spec.suffixes:
        for organisation in read_organisation(text):
            if organisation.endswith(spec.suffixes) and len(organisation) > 3:
                return Value({"name": organisation, "kind": "organisation"}, organisation, organisation)
        return None
    for entity in entities:
        if spec.cues:  # 总包、分包、包工头: the entity must carry the word
            if entity.label == "role" and any(cue in entity.text for cue in spec.cues) and entity.text not in spec.cues:
                return Value({"name": entity.text, "kind": "person"}, entity.text, entity.text)
            if entity.label == "organisation" and _after(text, entity.start, spec.cues):
                return Value({"name": entity.text, "kind": "organisation"}, entity.text, entity.text)
        elif spec.key == "counterpart" and not NOBODY.match(entity.text):
            if entity.label in ("organisation", "named_role"):
                kind = "organisation" if entity.label == "organisation" else "person"
                return Value({"name": entity.text, "kind": kind}, entity.text, entity.text)
    return None


def _name_from_story(spec: FactSpec, text: str) -> Value | None:
    match = re.search(r"(?:我叫|我的名字叫|本人叫|申请人[:：]?)\s*([\u4e00-\u9fff·]{2,6})", text)
    if match and spec.key == "applicant_name":
        name = read_name(match.group(1)[:4]) or read_name(match.group(1)[:3]) or read_name(match.group(1)[:2])
        if name:
            return Value(name, name, match.group())
    return None


def _listed(spec: FactSpec, text: str) -> Value | None:
    """Things named in the story (evidence at hand), unless denied just before."""
    said = []
    for word in spec.words:
        at = text.find(word)
        if at >= 0 and re.search(
            r"(?:有|留着|保存|手里|拿着|还有|拍了|录了|凭)[^，。,;；]{0,6}$", text[max(0, at - 8) : at]
        ):
            if (
                not NEGATION.search(text[max(0, at - 4) : at].rstrip("有签写给"))
                and "没有" not in text[max(0, at - 4) : at]
            ):
                said.append(word)
    return Value("、".join(said), "、".join(said), "、".join(said)) if said else None
