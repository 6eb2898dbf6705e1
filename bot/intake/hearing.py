"""Hearing facts: what an answer, or a whole story, says about the facts of the taxonomy.

Hides which reader serves which kind of fact. `answer` reads the reply to one open question; `story` finds every fact
that a free text already contains, by the words that stand near a value (`cues` in the taxonomy). Called by the
interview only. A fact that is not clearly said stays unread: the clerk asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.intake.divisions import Divisions
from bot.intake.measures import cue_distance, is_left, meant, nearest_cue, ruled_out, told_of_another, values_of
from bot.intake.names import name_from_story, party_answer, party_from_story
from bot.intake.phrases import (
    CLAUSE,
    REACH,
    Entity,
    Value,
    choice,
    choice_by_yes_no,
    count,
    follows,
    listed,
    polar,
    told_by_herself,
)
from bot.intake.place_sounds import as_named
from bot.intake.places import Place, read_places
from bot.intake.reading import Reading, read
from bot.intake.reading.answers import read_name, read_organisation, read_yes_no
from bot.intake.reading.plain import plain
from bot.intake.repairs import after, without_slips
from bot.intake.taxonomy import FactSpec

#: The fact of each kind that a value without any cue belongs to.
MAIN = frozenset({"amount", "since", "people", "land_mu", "phone"})
#: A phone number with its words, beside a name.
NUMBER = re.compile(
    r"[，,、 ]*(?:我的?)?(?:电话|手机|号码|联系方式)?(?:号码?|是|：|:)*[\s]*(?:\+?86[- ]?)?[01][\d -]{6,14}\d"
)
#: A number said beside these is not her own.
THEIRS = ("对方", "老板", "他", "她", "工头", "公司", "房东", "经理")
#: "今年52": an age, not the year.
AGE = re.compile(r"\s*(?:已经|都|有)?\d{1,3}\s*(?:岁|了|周岁|$|[，。,])")
#: "我妈叫张桂芳": the name of somebody for whom it is told.
INTRODUCED = re.compile(
    r"(?:当事人|本人|[我他她]?[\u4e00-\u9fff]{0,6}?)(?:名字)?(?:叫做?|是|名叫|大名|全名|真名)([\u4e00-\u9fff·]{2,6})"
)
#: There is none: "没租金，自家种".
NONE_OF_IT = re.compile(
    r"(?:我们?|俺们?|也|都|就|从来|根本|[，, ])*(?:没有?|不)(?:要|收|付|交|给|谈)?过?(?:租金?|钱|价钱|工资)(?!没|不|拖|欠)"
)
#: Kinds to which "没有" is an answer: there is no sum, no such day, nobody.
MEASURED = frozenset({"money", "people", "period", "area", "phone", "count"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply gave: a value, or `blank` (unknown, declined), or candidates of an ambiguous place, or nothing."""

    value: Value | None = None
    blank: str | None = None
    candidates: tuple[str, ...] = ()
    partial: str = ""


@dataclass(slots=True)
class Ear:
    """Readers bound to a division table. `now` is the message's own date, so that "上个月" means hers (PEERS 13).

    `meant` gives a text as it is read, of the same length: simplified, and with misheard words mended where the desk
    was opened with what knows them (`bot.understanding.mishearing`). Names are read as they were written.
    """

    divisions: Divisions
    meant: Callable[[str], str] = plain
    _cache: dict[tuple[str, date, str | None], tuple[Reading, tuple[Place, ...]]] = field(default_factory=dict)

    def _read(self, text: str, now: date, asked: str | None) -> tuple[Reading, tuple[Place, ...]]:
        key = (text, now, asked)
        if key not in self._cache:
            self._cache.clear()  # one turn's text is read for many facts, then never again
            self._cache[key] = (read(text, now, asked), read_places(text, self.divisions))
        return self._cache[key]

    def answer(self, spec: FactSpec, text: str, now: date, so_far: str = "", entities: Sequence[Entity] = ()) -> Answer:
        """Read the reply to the question for `spec`. Returns an empty Answer when nothing of its kind was said."""
        if spec.kind != "text" and (slip := after(text)) is not None:
            instead = self._meant_instead(spec, *slip, now, so_far, entities)
            if instead.value is not None:
                return instead
        words = self._mended((plain if spec.kind == "name" else self.meant)(text.strip()), now)
        yes_no = read_yes_no(words)
        if spec.kind == "yes_no" and (said := polar(spec, words)) is not None:
            return Answer(value=Value(said.value, said.shown, words))
        if yes_no in ("unknown", "declined"):
            return Answer(blank=yes_no)
        if spec.kind == "place":
            return self._place_answer(words, now, so_far)
        if spec.kind == "party" and self.bare(words, now):
            return Answer()  # "三千六" names nobody
        if spec.kind in ("text", "party"):  # her words as written, commas and all
            value = self._open_answer(spec, text.strip(), entities)
        else:
            value = self._typed_answer(spec, words, now, yes_no)
        if value is None and spec.kind in MEASURED and (yes_no == "no" or NONE_OF_IT.match(words)):
            return Answer(blank="none")
        if value is None and (first := read_yes_no(CLAUSE.split(words)[0])) in ("unknown", "declined"):
            return Answer(blank=first)  # "不清楚，就我一个"
        return Answer(value=value)

    def _meant_instead(
        self, spec: FactSpec, before: str, instead: str, now: date, so_far: str, entities: Sequence[Entity]
    ) -> Answer:
        """What was said after a slip, read by itself: "在金台区，不是金台，是渭滨区"."""
        if spec.kind == "place":
            named = [place.names for place in self._read(self.meant(before), now, "place")[1] if place.names]
            for depth in range(len(named[-1]) - 1, 0, -1) if named else ():
                found = self._place_answer(self.meant(instead), now, "".join(named[-1][:depth]))
                if found.value is not None:
                    return found
        return self.answer(spec, instead, now, so_far, entities)

    def _mended(self, text: str, now: date) -> str:
        """The text without the values that she took back in the same breath."""
        if after(text) is None:
            return text
        reading, _ = self._read(text, now, None)
        kinds = (reading.money, reading.dates, reading.people, reading.areas, reading.phones)
        return without_slips(text, [[value.span for value in kind] for kind in kinds])

    def bare(self, text: str, now: date) -> str | None:
        """The kind of value that the words are, and nothing else: money, period, people, area, phone; else None."""
        reading, _ = self._read(self.meant(text), now, None)
        kinds: dict[str, Sequence[Any]] = {
            "money": reading.money,
            "period": reading.dates,
            "people": reading.people,
            "area": reading.areas,
            "phone": reading.phones,
        }
        whole = len(re.sub(r"[\W_]", "", text))
        for kind, values in kinds.items():
            if len(values) == 1 and len(re.sub(r"[\W_]", "", values[0].text)) >= 0.75 * whole:
                return kind
        return None

    def _open_answer(self, spec: FactSpec, words: str, entities: Sequence[Entity]) -> Value | None:
        if spec.kind == "party":
            if not read_name(words):  # 何同 is a name, however it sounds
                meant = zip(words, plain(words), self.meant(words))
                words = "".join(mended if mended != simple else own for own, simple, mended in meant)
            return party_answer(words, entities)
        return Value(words, words, words) if words else None

    def _typed_answer(self, spec: FactSpec, words: str, now: date, yes_no: str | None) -> Value | None:
        reading, _ = self._read(words, now, spec.key)
        if spec.kind == "yes_no":
            if yes_no is None:  # "签过，有工资条": the first words answer, the rest tells more
                yes_no = read_yes_no(CLAUSE.split(words)[0])
            return Value(yes_no, "是" if yes_no == "yes" else "否", words) if yes_no in ("yes", "no") else None
        if spec.kind == "choice":
            return choice(spec, words) or choice_by_yes_no(spec, words, yes_no)
        if spec.kind == "name":
            # Asked for a name, "周建业" is one, though bare words ending in 业 seldom are.
            bare = NUMBER.sub("", words).strip(" ，。,.；;：:")
            bare = re.sub(
                r"^(?:我|俺)?(?:免贵)?姓([\u4e00-\u9fff])[，, ]*(?=\1[\u4e00-\u9fff])", "", bare
            )  # 我姓庄，庄有财
            if spec.key == "applicant_name" and (told := name_from_story(spec, words)) is not None:
                return told  # "我儿子叫白建军，我叫何桂英"
            if re.fullmatch(r"[A-Za-z][A-Za-z .'-]{1,30}|[小阿老][\u4e00-\u9fff]", bare):
                return Value(bare, bare, words)  # what she wants to be called
            name = read_name(bare) or (read_name(f"我叫{bare}") if len(bare.split()) < 3 else None)
            if name is None and spec.key == "applicant_name":  # a firm or a village may apply, too
                introduced = (read_name(f"我叫{match.group(1)}") for match in INTRODUCED.finditer(bare))
                name = next(filter(None, introduced), None) or _organisation(bare)
            return Value(name, name, words) if name else None
        if spec.kind == "people" and re.fullmatch(r"就?(?:是|只有)?(?:我们?|俺们?|咱们?)(?:自己)?一?(?:家|户)", words):
            return Value(1, "1人", words)
        values = [found for found in values_of(spec, reading) if not told_of_another(spec, words, found[1])]
        if values:
            return meant(spec, words, values)
        if spec.kind == "count":
            return count(spec, words)
        return None

    def _place_answer(self, words: str, now: date, so_far: str) -> Answer:
        tried = [words] if not so_far else [so_far + words, words]
        best = Answer()
        for text in tried:
            for place in self._read(text, now, "place")[1]:
                if place.code and self.divisions.known_to_county(place.code):
                    return Answer(value=_place_value(place, words))
                if (nearer := self._by_sound(text, place)) is not None:
                    return Answer(value=_place_value(nearer, words))
                if place.candidates and not best.candidates:
                    best = Answer(candidates=place.candidates, partial=text)
                elif place.code and not best.candidates and not best.partial:
                    best = Answer(partial="".join(place.names))
        return best

    def _by_sound(self, text: str, city: Place) -> Place | None:
        """The district of a city that the text names only by its sound, else None."""
        if city.code is None or city.code not in self.divisions or self.divisions.level(city.code) != "city":
            return None
        named = as_named(text, city.code, city.span[1], self.divisions)
        found = read_places(named, self.divisions) if named != text else ()
        known = (p for p in found if p.code and self.divisions.known_to_county(p.code))
        return next((p for p in known if self.divisions.within(p.code or "", city.code)), None)

    def place(self, code: str, words: str) -> Value | None:
        """The place of a division code that was tapped, with what was typed before as words."""
        names = self.divisions.names(code)
        if not names:
            return None
        for place in read_places("".join(names) + words, self.divisions):
            if place.code == code:
                return _place_value(place, words)
        return Value({"code": code, "names": list(names), "path": "/".join(names)}, "".join(names), words)

    def beside_place(self, text: str, now: date) -> str:
        """The clauses of an answer that name no place: a street's name is nobody's name."""
        text, at, kept = self.meant(text), 0, []
        spans = [place.span for place in self._read(text, now, None)[1]]
        for clause in CLAUSE.split(text):
            start, at = at, at + len(clause) + 1
            if clause.strip() and not any(a < start + len(clause) and b > start for a, b in spans):
                kept.append(clause)
        return "，".join(kept)

    def story(
        self,
        specs: Iterable[FactSpec],
        text: str,
        now: date,
        entities: Sequence[Entity] = (),
        cued: bool = False,
    ) -> dict[str, Value]:
        """Every fact of `specs` that the text clearly contains, told as her own and not as hearsay. Keys are fact keys.

        `cued`: a value counts only beside a cue. In the first telling a lone sum is the sum in dispute; in the answer
        to another question it may be anything ("一楼补她两万").
        """
        wanted, text = list(specs), self._mended(told_by_herself(self.meant(text)), now)
        reading, places = self._read(text, now, None)
        found: dict[str, Value] = {}
        for kind in ("money", "period", "people", "area", "phone"):
            of_kind = [spec for spec in wanted if spec.kind == kind]
            if of_kind:
                self._share(of_kind, reading, text, found, cued, now)
        for spec in wanted:
            if spec.key in found:
                continue
            value = self._one_from_story(spec, text, places, entities)
            if value is not None:
                found[spec.key] = value
        return found

    def claims(self, spec: FactSpec, text: str, now: date) -> list[tuple[Value, str]]:
        """Every value of the fact's kind that stands beside one of its cues, with that cue: two of them may disagree."""
        text = self.meant(text)
        reading, _ = self._read(text, now, None)
        told = [
            (value, span)
            for value, span in values_of(spec, reading)
            if not ruled_out(spec, text, span) and not is_left(spec, text, span)  # a total and its rest agree
        ]
        cues = spec.whole or spec.cues
        return [(value, cue) for value, span in told if (cue := nearest_cue(cues, text, span)[1])]

    def turned_round(self, text: str, now: date) -> str | None:
        """A stretch of time said with its end before its beginning ("2020年到2015年"), in her words; else None."""
        text = self.meant(text)
        dates = self._read(text, now, None)[0].dates
        for one, other in zip(dates, dates[1:]):
            between = text[one.span[1] : other.span[0]]
            if re.fullmatch(r"\s*(?:到|至|-|—|~)+\s*", between) and other.end < one.start:
                return text[one.span[0] : other.span[1]]
        return None

    def first(self, spec: FactSpec, text: str, now: date, used: frozenset[str]) -> Value | None:
        """The first value of the fact's kind that is not used yet: for facts heard together with the asked one."""
        text = self.meant(text)
        reading, places = self._read(text, now, None)
        for value, span in values_of(spec, reading):
            if value.words not in used and not ruled_out(spec, text, span):
                return value
        for clause in CLAUSE.split(text)[1:] if spec.kind in ("people", "yes_no") else ():
            answered = self._typed_answer(spec, clause.strip(), now, read_yes_no(clause))
            if answered is not None and (spec.kind == "yes_no" or answered.words not in used):
                return answered
        return self._one_from_story(spec, text, places, ())

    def _share(
        self, specs: list[FactSpec], reading: Reading, text: str, found: dict[str, Value], cued: bool, now: date
    ) -> None:
        """Give each value to the fact whose cue stands nearest; one without any cue to the kind's main fact."""
        taken: list[tuple[int, str, Value]] = []
        for spec in specs:
            for value, span in values_of(spec, reading):
                if ruled_out(spec, text, span):
                    continue
                if spec.kind == "period" and AGE.match(text, span[1]):
                    continue
                if spec.past and value.value["start"] > now.isoformat():
                    continue  # "约好明天一起去": not what the fact asks for
                distance = cue_distance(spec, text, span)
                if distance is not None:
                    taken.append((distance, spec.key, value))
                elif (
                    not cued and spec.key in MAIN and not follows(text, span[0], THEIRS if spec.key == "phone" else ())
                ):
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
            return polar(spec, text)
        if spec.kind == "choice":
            return choice(spec, text, strict=True)
        if spec.kind == "party":
            return party_from_story(spec, text, entities)
        if spec.kind == "name":
            return name_from_story(spec, text)
        if spec.kind == "count":
            return count(spec, text, strict=True)
        if spec.words:
            return listed(spec, text)
        if spec.pattern:
            match = spec.pattern.search(text)
            if match:
                words = next((group for group in match.groups() if group), match.group())
                return Value(words, words, match.group())
        return None

    def _place_from_story(self, spec: FactSpec, text: str, places: Sequence[Place]) -> Value | None:
        known = [place for place in places if place.code and self.divisions.known_to_county(place.code)]
        home = [place for place in places if follows(text, place.span[0], ("老家", "户口", "户籍", "来自"))]
        if spec.key == "home_place":
            said = [place for place in home if place.code]
            return _place_value(said[0], said[0].text) if said else None
        here = [place for place in known if place not in home]
        deepest = max(here, key=lambda place: len(place.names), default=None)
        if deepest is not None:
            return _place_value(deepest, deepest.text)
        by_sound = (nearer for place in places if place not in home and (nearer := self._by_sound(text, place)))
        nearest = next(by_sound, None)
        return _place_value(nearest, text[nearest.span[0] : nearest.span[1]]) if nearest else None


def _organisation(words: str) -> str | None:
    """The first organisation named, with what stands in brackets behind it: 正信律师事务所（普通合伙）."""
    name = next(iter(read_organisation(words)), None)
    if name is None:
        return None
    kind = re.match(r"[(（]([^()（）]{1,10})[)）]", words[words.find(name) + len(name) :])
    return f"{name}（{kind.group(1)}）" if kind else name


def _place_value(place: Place, words: str) -> Value:
    names = list(place.names)
    return Value({"code": place.code, "names": names, "path": "/".join(names)}, "".join(names), words)
