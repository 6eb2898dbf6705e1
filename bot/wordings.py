"""The wording: what the desk says to citizens, and the rule cards that it stands on, as trainers read and change them.

Hides in which file an answer or a card stands and how a change is written there. A change is proposed and approved like
any lesson (`lessons`): `Sayings` and `Cards` are its doors. The words in braces stay, nothing personal comes in, and
`bot check` has to agree before anything is written. Called by `lessons` and the pages of wording.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.intake.masking import left_in
from bot.language_files import Door, LanguageFiles
from bot.phrasebook import Unfit
from bot.phrasebook_lines import Gone, Patch, applied, composed, cut, named_nodes
from bot.sounds import plain
from bot.wording_lines import added, rewritten, rewritten_list, value_at

DOMAIN, CARDS = "domain.yml", "bot/knowledge/rules.yml"
#: Before the variant, where what is said on a card changes with it.
SAID = "said."
#: A bubble on a small screen.
LONGEST = 400
BRACES = re.compile(r"\{([a-z_]+)\}")
#: A heading among the responses: `# —— 工资和劳动 ——`.
_HEADING = re.compile(r"\s*# —— (.+?) ——")
#: What stands under no heading.
OTHERS = "别的话"
#: Fields of a card that can be changed, and whether it may be empty.
FIELDS: Mapping[str, str] = {
    "title": "叫什么",
    "article": "哪部法第几条",
    "source": "法规全名",
    "effective": "从哪天起施行",
    "until": "从哪天起不再有效",
    "holds_for": "管哪里",
    "citizen": "怎么告诉当事人",
    "mediator": "给调解员看的提醒",
    "checked_on": "哪天对着原文核对过",
}
#: What a figure of a card counts (`working_days`), and what of it (`_least`), as its name says.
UNITS = {"working_days": "几个工作日", "days": "几天", "months": "几个月", "years": "几年", "hours": "几小时",
         "yuan": "多少元", "people": "几个人", "share": "几分之几"}  # fmt: skip
OF_WHAT = {"least": "最少", "most": "最多", "longest": "最长", "extension": "延长", "award_extension": "裁决延长",
           "mediation": "调解", "acceptance": "受理", "award": "裁决", "frozen": "冷冻保存", "urgent": "急的",
           "to_collect": "去领", "take_part": "参加的", "agree": "同意的"}  # fmt: skip
DAYS = frozenset({"effective", "until", "checked_on"})
MAY_BE_EMPTY = DAYS
#: Fields of which a change means that somebody read the law again.
OF_LAW = frozenset({"article", "source", "effective", "until", "holds_for", "citizen"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say something; `rules` are the cards it names (None: it names none), `only` when it is said."""

    text: str
    rules: tuple[str, ...] | None
    only: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """A response with its variants, said in turn. `group` is the heading over it; `line` counts from 1."""

    name: str
    file: str
    group: str
    line: int
    variants: tuple[Variant, ...]


def of_variant(name: str, number: int) -> str:
    """The label of a lesson about a variant."""
    return f"{name}#{number}"


def of_saying(name: str, number: int) -> str:
    """The field of a card for what is said on it."""
    return SAID + of_variant(name, number)


class Spoken(Door):
    """A door whose changes are heard at once: `heard` is called when one was written or taken back."""

    def __init__(self, files: LanguageFiles, heard: Callable[[], None]) -> None:
        super().__init__(files)
        self._heard = heard

    def write(self, label: str, text: str, old: str) -> list[Patch]:
        """Make a change: it holds from the next turn on. Raises Unfit, with nothing written, when it cannot."""
        patches = super().write(label, text, old)
        try:
            self._heard()
        except ValueError as error:
            super().undo(patches)
            raise Unfit(str(error)) from error
        return patches

    def undo(self, patches: Sequence[Patch]) -> None:
        """Take a change back."""
        super().undo(patches)
        self._heard()


class Sayings(Spoken):
    """The responses of domain.yml and of the language files."""

    def all(self) -> list[Saying]:
        """Every response, file by file in its order. Raises BrokenFile."""
        names = [DOMAIN, *(f"nlu_data/{path.name}" for path in sorted(self.files.book.folder.glob("*.yml")))]
        return [saying for file in names for saying in self._of(file)]

    def _of(self, file: str) -> list[Saying]:
        content = self.files.content(file)
        root = composed(file, content)
        told = named_nodes(root).get("responses") if root is not None else None
        if told is None:
            return []
        lines, raw = cut(content), value_at(content, ["responses"])
        found, group, at = [], "", told.start_mark.line
        for key, _ in told.value:
            for line in lines[at : key.start_mark.line]:
                heading = _HEADING.match(line)
                group = re.split("[：（]", heading.group(1))[0] if heading else group
            at = key.start_mark.line
            variants = tuple(_variant(one) for one in raw[key.value] if one.get("text"))
            if variants:
                found.append(Saying(key.value, file, group or OTHERS, at + 1, variants))
        return found

    def find(self, name: str) -> Saying | None:
        """The response of a name."""
        return next((one for one in self.all() if one.name == name), None)

    def search(self, words: str) -> list[Saying]:
        """Responses in which the words stand, or whose name holds them."""
        bare = plain(words)
        told = self.all()
        return [one for one in told if bare in plain(one.name) or any(bare in plain(v.text) for v in one.variants)]

    # —— a door of the lessons ——

    def file_of(self, key: str) -> str:
        """The file of a field `said.NAME#NUMBER` of a card. Raises Gone."""
        saying = self.find(key.removeprefix(SAID).partition("#")[0])
        if saying is None:
            raise Gone("靠这张卡的一句话刚被别人改过或者删了，请刷新看看最新的。")
        return saying.file

    def reworded(self, content: str, label: str, text: str) -> Patch:
        """The patch by which a variant says something else, in a file as it will be. Raises Unfit, Gone."""
        name, _, number = label.partition("#")
        saying = self.find(name)
        if saying is None or int(number) >= len(saying.variants):
            raise Gone("靠这张卡的一句话刚被别人改过或者删了，请刷新看看最新的。")
        path: list[str | int] = ["responses", name, _numbered(content, name)[int(number)], "text"]
        return rewritten(saying.file, content, path, fit(text, saying.variants[int(number)].text))

    def patches(self, label: str, text: str, old: str) -> list[Patch]:
        name, _, number = label.partition("#")
        saying = self.find(name)
        if saying is None or not number.isdigit() or int(number) >= len(saying.variants):
            raise Gone("这句话刚被别人改过或者删了，请刷新看看最新的。")
        was, now = json.loads(old), json.loads(text)
        variant = saying.variants[int(number)]
        if variant.text != was["text"] or (list(variant.rules) if variant.rules is not None else None) != was["rules"]:
            raise Gone("这句话刚被别人改过，请刷新看看最新的。")
        content, patches = self.files.content(saying.file), []
        path: list[str | int] = ["responses", name, _numbered(content, name)[int(number)]]
        if now["text"] != was["text"]:
            patches.append(rewritten(saying.file, content, [*path, "text"], fit(now["text"], was["text"])))
            content = applied(content, patches[-1])
        if now["rules"] != was["rules"] and now["rules"] is not None:
            patches.append(_ruled(saying.file, content, path, now["rules"]))
        if not patches:
            raise Unfit("和原来一样，没有改。")
        return patches


def _numbered(content: str, name: str) -> list[int]:
    """Numbers of the variants with text among all of a response."""
    return [n for n, one in enumerate(value_at(content, ["responses", name])) if one.get("text")]


def _ruled(file: str, content: str, path: Sequence[str | int], rules: Sequence[str]) -> Patch:
    standing = value_at(content, [*path, "metadata"])
    if standing is None:
        written = f"{{rules: [{', '.join(rules)}]}}"
        return added(file, content, [*path, "metadata"], "text", written, {"rules": list(rules)})
    if "rules" not in standing:
        raise Unfit("这句话下面还写了别的，要到文件里改。")
    return rewritten_list(file, content, [*path, "metadata", "rules"], rules)


def _variant(raw: Mapping[str, Any]) -> Variant:
    rules = (raw.get("metadata") or {}).get("rules")
    only = "；".join(f"{one['name']} 是 {one['value']}" for one in raw.get("condition") or ())
    return Variant(str(raw["text"]), None if rules is None else tuple(map(str, rules)), only)


def fit(text: str, old: str) -> str:
    """A wording as it may stand in a bubble. Raises Unfit: empty, too long, personal, or other braces than before."""
    clean = "\n".join(" ".join(line.split()) for line in text.replace("\r", "").strip().split("\n"))
    clean = "".join(c for c in clean if c == "\n" or c.isprintable())
    if not plain(clean):
        raise Unfit("还没有写要说的话。")
    if len(clean) > LONGEST:
        raise Unfit(f"太长了（{len(clean)} 个字），手机上看不完，一句话最多 {LONGEST} 个字。")
    if left_in(clean):
        raise Unfit("里面像有电话、证件号，热线以外的号码不能写在这里。")
    must, there = set(BRACES.findall(old)), set(BRACES.findall(clean))
    if must - there:
        raise Unfit(
            f"少了 {'、'.join(f'{{{one}}}' for one in sorted(must - there))}：大括号里的字要留着，说的时候会换成她的事。"
        )
    if there - must or len(re.findall("[{}]", clean)) != 2 * len(BRACES.findall(clean)):
        raise Unfit("大括号只能是原来就有的那几个，别的不要用。")
    return clean


# —— rule cards ——


class Cards(Spoken):
    """The rule cards, and what is said on them: a figure and the words that name it change together or not at all."""

    def __init__(
        self, files: LanguageFiles, heard: Callable[[], None], sayings: Sayings, today: Callable[[], date]
    ) -> None:
        super().__init__(files, heard)
        self._sayings, self._today = sayings, today

    def all(self) -> list[dict[str, Any]]:
        """Every card as it stands in the file. Raises BrokenFile."""
        content = self.files.content(CARDS)
        composed(CARDS, content)
        return list(value_at(content, ["rules"]) or ())

    def find(self, id_: str) -> dict[str, Any] | None:
        """The card of an id."""
        return next((card for card in self.all() if card["id"] == id_), None)

    def standing_on(self, id_: str) -> list[tuple[Saying, int]]:
        """What is said on a card, as (response, number of the variant)."""
        return [
            (one, number)
            for one in self._sayings.all()
            for number, variant in enumerate(one.variants)
            if id_ in (variant.rules or ())
        ]

    def patches(self, label: str, text: str, old: str) -> list[Patch]:
        cards = self.all()
        number = next((n for n, card in enumerate(cards) if card["id"] == label), None)
        if number is None:
            raise Gone("这张规则卡刚被别人改过或者删了，请刷新看看最新的。")
        was, now = json.loads(old), json.loads(text)
        standing = fields_of(cards[number])
        standing |= {of_saying(one.name, n): one.variants[n].text for one, n in self.standing_on(label)}
        if any(standing.get(key, "") != was.get(key, "") for key in now):
            raise Gone("这张规则卡刚被别人改过，请刷新看看最新的。")
        changed = {key: told for key, told in now.items() if told != standing.get(key, "")}
        if not changed:
            raise Unfit("和原来一样，没有改。")
        if not set(changed) <= set(standing):
            raise Unfit("这一项不能在这里改。")
        self._checked(changed, {**standing, **now})
        contents: dict[str, str] = {}
        patches: list[Patch] = []
        for key, told in changed.items():
            file = self._sayings.file_of(key) if key.startswith(SAID) else CARDS
            content = contents.get(file) or self.files.content(file)
            if key.startswith(SAID):
                patches.append(self._sayings.reworded(content, key.removeprefix(SAID), told))
            else:
                patches.append(self._patch(content, number, key, told))
            contents[file] = applied(content, patches[-1])
        return patches

    def _patch(self, content: str, number: int, key: str, told: str) -> Patch:
        path: list[str | int] = ["rules", number]
        path += [int(step) if step.isdigit() else step for step in key.split(".", 1)]
        value: Any = told
        if key in DAYS:
            value = _day(told, FIELDS[key]) if told else None
        elif key.startswith("figure."):
            value = _figure(told)
        else:
            value = " ".join(told.split())
            if left_in(value):
                raise Unfit("里面像有电话、证件号，不能写在这里。")
        if key == "until" and value_at(content, ["rules", number]).get("until", "") == "":
            return added(CARDS, content, path, "effective", value.isoformat(), value)
        return rewritten(CARDS, content, path, value)

    def _checked(self, changed: Mapping[str, str], card: Mapping[str, str]) -> None:
        for key in changed:
            if not key.startswith(SAID) and not changed[key].strip() and key not in MAY_BE_EMPTY:
                raise Unfit(f"“{FIELDS.get(key, '这一行')}”不能空着。")
        if card.get("checked_on"):
            if _day(card["checked_on"], FIELDS["checked_on"]) > self._today():
                raise Unfit("核对的日子不会在以后。")
        touched = OF_LAW & set(changed) or any(key.startswith(("figure.", "lines.")) for key in changed)
        if touched and "checked_on" not in changed and card.get("checked_on") != self._today().isoformat():
            raise Unfit("改了法律怎么说，请对着原文看过，再把“哪天对着原文核对过”改成今天；没看过原文就清空。")
        if card.get("effective") and card.get("until") and card["until"] <= card["effective"]:
            raise Unfit("不再有效的日子要在施行以后。")


def named(field: str) -> str:
    """What a field of a card is called, figures and lines too.

    >>> named("figure.people_least")
    '数字：几个人（最少）'
    """
    part, _, key = field.partition(".")
    if field.startswith(SAID):
        return "靠它的一句话"
    if part == "lines":
        return f"第 {int(key) + 1} 行"
    if part != "figure":
        return FIELDS.get(field, field)
    unit = next((one for one in UNITS if key.startswith(one)), "")
    what = key.removeprefix(unit).strip("_")
    return f"数字：{UNITS.get(unit, key)}" + (f"（{OF_WHAT.get(what, what)}）" if unit and what else "")


def fields_of(card: Mapping[str, Any]) -> dict[str, str]:
    """What of a card can be changed, as text: its fields, its figures (`figure.days`), its lines (`lines.0`)."""
    told = {key: _told(card.get(key)) for key in FIELDS if key in card or key == "until"}
    for key, value in (card.get("figure") or {}).items():
        if isinstance(value, (int, float, str)) and not isinstance(value, bool) and _is_number(str(value)):
            told[f"figure.{key}"] = str(value)
    told |= {f"lines.{n}": str(line) for n, line in enumerate(card.get("lines") or ())}
    return told


def _told(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,7}(\.\d{1,2})?|\d{1,2}/\d{1,2}", text) is not None


def _figure(told: str) -> Any:
    if not _is_number(told.strip()):
        raise Unfit(f"“{told[:20]}”不是数字，写成 30 或者 2/3 这样。")
    return told.strip() if "/" in told else float(told) if "." in told else int(told)


def _day(told: str, name: str) -> date:
    try:
        return date.fromisoformat(told.strip())
    except ValueError as error:
        raise Unfit(f"“{name}”写成 2026-01-31 这样。") from error
