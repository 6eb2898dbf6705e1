"""A new type of dispute, written as data: what a trainer says in the wizard becomes the same edits that a clerk makes.

Hides in which files a type stands: an entry of taxonomy.yml, its examples, its intent in domain.yml and in the rules of
the dialogue. It is a door of the lessons: proposed by one, tried by `bot check`, written when another approves, undone
to the byte. The desk knows the type once it was trained and opened anew. Called by `lessons` and the wizard's page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intake.masking import left_in
from bot.intake.taxonomy import Taxonomy
from bot.language_files import Door, LanguageFiles, whole
from bot.phrasebook import Unfit, as_example
from bot.phrasebook_lines import Gone, Patch, cut
from bot.sounds import plain
from bot.wording_lines import node_at, value_at

TAXONOMY, DOMAIN, RULES = "bot/knowledge/taxonomy.yml", "domain.yml", "bot/dialogue/rules.yml"
#: Examples that a type needs before anything can be learned of it, and with which it is learned well.
LEAST, WELL = 20, 50
#: Questions of its own, each with others in the same breath; every type asks the usual ones beside.
MOST_QUESTIONS, MOST_BESIDE = 6, 2
#: Asked by so many types that it belongs to none of them.
USUAL = 3
#: A question: its fact, and those asked in the same breath; `+since` is only named, and never asked again.
Question = str | Sequence[str]
#: Its place in the ministry's list until somebody decides on another.
CODE = "99"
KEY = re.compile(r"[a-z][a-z_]{2,23}")
_PLAIN = re.compile(r"[一-鿿A-Za-z][一-鿿A-Za-z0-9（）、]*")
#: What is written before this one, so that the types of last resort stay last.
_LAST = "other"


@dataclass(frozen=True, slots=True)
class Offered:
    """A fact that a type may ask: whether it can be named beside another (`brief`), whether others can be named beside
    it (`open_ended`), the words that ask it ("" when it has no question of its own), and of which type it is."""

    key: str
    name: str
    brief: bool
    open_ended: bool
    words: str
    group: str


class NewTypes(Door):
    """The door through which a type comes in. `taxonomy` gives the types that stand."""

    def __init__(self, files: LanguageFiles, taxonomy: Callable[[], Taxonomy]) -> None:
        super().__init__(files)
        self._taxonomy = taxonomy

    def offered(self) -> list[Offered]:
        """Facts that a type may ask: those that some type asks of its own."""
        taxonomy = self._taxonomy()
        asked = {fact for matter in taxonomy.matters.values() for fact in (*matter.facts, *matter.riding)}
        last = taxonomy.matters[_LAST]
        usual = {*last.facts, *last.riding} - {"place", "counterpart", "since", "amount", "people", "evidence"}
        wording = value_at(self.files.content(DOMAIN), ["responses"]) or {}
        return [
            Offered(
                key,
                spec.label,
                bool(spec.brief),
                _open_ended(wording, key),
                _words(wording, key),
                _group(taxonomy, key),
            )
            for key, spec in taxonomy.facts.items()
            if key in asked - usual and spec.kind != "name"
        ]

    def asked(self, facts: Sequence[Question]) -> str:
        """The questions of a type as a trainer reads them."""
        named = self._taxonomy().facts

        def name(fact: str) -> str:
            return named[fact].label if fact in named else fact

        told = []
        for first, *beside in ([one] if isinstance(one, str) else one for one in facts):
            rest = [f"顺便提{name(one[1:])}" if one.startswith("+") else f"一起问{name(one)}" for one in beside]
            told.append(name(first) + (f"（{'，'.join(rest)}）" if rest else ""))
        return "；".join(told)

    def said(self, form: Mapping[str, str], facts: Sequence[Question]) -> str:
        """The wizard's form as the text of a lesson. Raises Unfit with the first thing that is missing."""
        told: dict[str, Any] = {key: " ".join(form.get(key, "").split()) for key in ("key", "name", "short", "plain")}
        told["facts"] = self._arranged(facts)
        told |= {key: _lines(form.get(key, "")) for key in ("committees", "bring", "rules", "examples")}
        told["examples"] = list({plain(one): one for one in map(as_example, told["examples"])}.values())
        self._checked(told)
        return json.dumps(told, ensure_ascii=False)

    def _arranged(self, facts: Sequence[Question]) -> list[Question]:
        """What cannot take its turn at opening the breath is only named in it; what stands alone is no list."""
        mute = {one.key for one in self.offered() if not one.open_ended}
        lists = [[one] if isinstance(one, str) else list(one) for one in facts]
        full = [[first, *(f"+{one}" if one in mute else one for one in beside)] for first, *beside in lists]
        return [one if len(one) > 1 else one[0] for one in full]

    def _checked(self, told: Mapping[str, Any]) -> None:
        taxonomy = self._taxonomy()
        if not KEY.fullmatch(told["key"]):
            raise Unfit("代号用三到二十四个小写英文字母（可以有下划线），比如 pet。")
        if told["key"] in taxonomy.types or (self.files.book.folder / "disputes" / f"{told['key']}.yml").exists():
            raise Unfit(f"代号 {told['key']} 已经有了，换一个。")
        for key, name, most in (("name", "名字", 20), ("short", "短名字", 8), ("plain", "管什么", 60)):
            if not 2 <= len(told[key]) <= most:
                raise Unfit(f"“{name}”写 2 到 {most} 个字。")
        if told["name"] in {matter.name for matter in taxonomy.matters.values()}:
            raise Unfit(f"已经有一类叫“{told['name']}”。")
        for key, name in (("committees", "归哪些调委会"), ("bring", "带什么来")):
            if not told[key] or any(len(one) > 30 for one in told[key]):
                raise Unfit(f"“{name}”至少写一样，一行一样，每样 30 个字以内。")
        self._askable(told["facts"])
        if len(told["examples"]) < LEAST:
            raise Unfit(f"例子只有 {len(told['examples'])} 句不一样的，至少 {LEAST} 句，有 {WELL} 句才听得准。")
        if any(left_in(one) for one in told["examples"]):
            raise Unfit("例子里像有电话、证件号，先换掉。")
        standing = {one.plain: one.label for one in self.files.book.examples() if not one.label.startswith("danger_")}
        taken = next((one for one in told["examples"] if plain(one) in standing), None)
        if taken is not None:
            label = standing[plain(taken)]
            of = taxonomy.matters[label].name if label in taxonomy.matters else label
            raise Unfit(f"“{taken[:20]}”已经是“{of}”的例子，换一句。")

    def _askable(self, facts: Sequence[Question]) -> None:
        """Raises Unfit unless these can be asked in this order and together."""
        offered = {one.key: one for one in self.offered()}
        questions = [[one] if isinstance(one, str) else list(one) for one in facts]
        every = [fact.lstrip("+") for question in questions for fact in question]
        named = {key: f"“{one.name}”" for key, one in offered.items()}
        if unknown := [fact for fact in every if fact not in offered]:
            raise Unfit(f"这里没有“{unknown[0]}”这个问题，请管理员先加。")
        if twice := [fact for fact in offered if every.count(fact) > 1]:
            raise Unfit(f"{named[twice[0]]}选了两回，留一回。")
        if not {"place", "counterpart"} <= {fact for question in questions for fact in question}:
            raise Unfit("“发生的地方”和“对方”一定要问，不能只顺便提，不然找不到调委会，也不知道跟谁调。")
        if len(questions) > MOST_QUESTIONS:
            raise Unfit(f"要问的太多了（{len(questions)} 问），最多 {MOST_QUESTIONS} 问，别的调解员见面再问。")
        for question in questions:
            if len(question) > 1 + MOST_BESIDE:
                raise Unfit(f"一口气问得太多，人家答不过来：{named[question[0]]}后面最多再带 {MOST_BESIDE} 样。")
            for fact in (one for one in question if not one.startswith("+")):
                if not offered[fact].words:
                    raise Unfit(f"{named[fact]}没有单独的问话，只能“顺便提一句”，放到别的问题后面。")
                beside = [one.lstrip("+") for one in question if one != fact]
                if any(offered[one].brief for one in beside) and not offered[fact].open_ended:
                    raise Unfit(f"{named[fact]}那句问话后面接不了别的，请单独问它。")
            for fact in (one.lstrip("+") for one in question[1:]):
                if not offered[fact].brief:
                    raise Unfit(f"{named[fact]}只能单独问，不能接在别的后面。")

    # —— a door of the lessons ——

    def patches(self, label: str, text: str, old: str) -> list[Patch]:
        told = json.loads(text)
        self._checked(told)
        return self._patches(told)

    def _patches(self, told: Mapping[str, Any]) -> list[Patch]:
        intent = f"dispute_{told['key']}"
        entry = [
            f"  {told['key']}:",
            *(f"    {key}: {_word(told[key])}" for key in ("name", "short", "plain")),
            f'    code: "{CODE}"',
            *(f"    {key}: [{', '.join(map(_word, told[key]))}]" for key in ("committees", "rules", "bring")),
            f"    facts: [{', '.join(one if isinstance(one, str) else f'[{_together(one)}]' for one in told['facts'])}]",
        ]
        examples = [
            f"# 管：{told['plain']}。",
            'version: "3.1"',
            "nlu:",
            f"- intent: {intent}",
            "  examples: |",
            *(f"    - {text}" for text in told["examples"]),
        ]
        return [
            self._before(TAXONOMY, ["types", _LAST], entry),
            whole(f"nlu_data/disputes/{told['key']}.yml", "".join(f"{line}\n" for line in examples)),
            self._before(DOMAIN, ["intents", self._number(f"dispute_{_LAST}")], [f"  - {intent}"]),
            self._ruled(intent),
        ]

    def _number(self, intent: str) -> int:
        intents = value_at(self.files.content(DOMAIN), ["intents"]) or []
        if intent not in intents:
            raise Gone(f"domain.yml 里找不到 {intent}，不知道写在哪里。")
        return int(intents.index(intent))

    def _before(self, file: str, path: Sequence[str | int], lines: Sequence[str]) -> Patch:
        """Lines put in before an entry, and before the comments that belong to it."""
        content = self.files.content(file)
        at, standing = node_at(file, content, path).start_mark.line, cut(content)
        if isinstance(path[-1], str):
            while at and not standing[at].strip().startswith(f"{path[-1]}:"):
                at -= 1
        while at and standing[at - 1].lstrip().startswith("#"):
            at -= 1
        return Patch(file, at, (), tuple(f"{line}\n" for line in lines), standing[at - 1])

    def _ruled(self, intent: str) -> Patch:
        """The line of the rule by which every intent goes to the form."""
        standing = cut(self.files.content(RULES))
        at = next((n for n, line in enumerate(standing) if line.strip() == f"- intent: dispute_{_LAST}"), None)
        if at is None:
            raise Gone(f"{RULES} 里找不到 dispute_{_LAST}，不知道写在哪里。")
        return Patch(RULES, at, (), (standing[at].replace(f"dispute_{_LAST}", intent),), standing[at - 1])


def _variants(wording: Mapping[str, Any], fact: str) -> list[str]:
    return [one.get("text", "") for one in wording.get(f"utter_ask_{fact}") or ()]


def _open_ended(wording: Mapping[str, Any], fact: str) -> bool:
    said = _variants(wording, fact)
    return bool(said) and all("{beside}" in one for one in said)


def _words(wording: Mapping[str, Any], fact: str) -> str:
    return next((one.replace("{beside}", "") for one in _variants(wording, fact)), "")


def _group(taxonomy: Taxonomy, fact: str) -> str:
    """Of which type a fact is; nothing when many ask it."""
    types = {one.type: None for one in taxonomy.matters.values() if fact in (*one.facts, *one.riding)}
    return "" if len(types) >= USUAL else taxonomy.matters[next(iter(types))].short


def _together(question: Sequence[str]) -> str:
    return ", ".join(question)


def _lines(told: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in told.split("\n") if line.strip()))


def _word(told: str) -> str:
    """A word as it stands in a list."""
    return told if _PLAIN.fullmatch(told) else json.dumps(told, ensure_ascii=False)
