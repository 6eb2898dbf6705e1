"""`check`: do taxonomy, domain, language data, responses, documents and directory agree?

`rasa data validate --fail-on-warnings` 3.6.21 passed an intent without examples and an action that does not exist
(DESIGN), so agreement is checked here, and by the tests. Each finding is one plain Chinese sentence with its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot import knowledge
from bot.commands.statements import legal_findings
from bot.intake import doubts, matters
from bot.intake.asides import SMALL_TALK
from bot.intake.clocks import Clocks
from bot.intake.errands import ERRANDS
from bot.intake.interview import FIRST
from bot.intake.rules import RuleBook
from bot.intake.taxonomy import KINDS, Taxonomy
from bot.knowledge import read_yaml
from bot.settings import ROOT

#: Steps of the interview that are no facts.
STEPS = (
    "privacy_consent",
    "safe_now",
    "purpose",
    "leave",
    "dispute_type",
    "card",
    "handover_consent",
    "elsewhere",
    *ERRANDS,
    "doubt",
    "two_matters",
)
FOCUS_EXAMPLES, OTHER_EXAMPLES, FAQ_QUESTIONS = 120, 20, 40
PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
INVENTED = re.compile(r"1[3-9]\d(?:0000|1234|1111|8888|6666|5678)\d{4}|1[3-9]\d{5}0000|138\d{8}")


def examples(root: Path = ROOT) -> Iterator[tuple[Path, str, str | None, str]]:
    """Every NLU example: file, intent, sub-type, text."""
    for path in sorted((root / "nlu_data").rglob("*.yml")):
        for block in read_yaml(path).get("nlu") or []:
            subtype = (block.get("metadata") or {}).get("subtype")
            for line in (block.get("examples") or "").splitlines():
                if line.strip().startswith("- "):
                    yield path, block["intent"], subtype, line.strip()[2:].strip()


def findings(root: Path = ROOT) -> list[str]:
    """Everything that does not agree; empty when all is well."""
    domain = read_yaml(root / "domain.yml")
    taxonomy = Taxonomy.from_mapping(read_yaml(root / "bot" / "knowledge" / "taxonomy.yml"))
    told = list(examples(root))
    responses = set(knowledge.responses(root))
    return [
        *_types(taxonomy, domain, told),
        *_facts(taxonomy, domain, responses),
        *_intents(root, domain, told),
        *_named(root, responses),
        *_texts(told),
        *_rules(root, taxonomy),
        *_statements(root),
        *_hotlines(root),
        *_directory(),
    ]


def _types(taxonomy: Taxonomy, domain: dict[str, Any], told: list[tuple[Path, str, str | None, str]]) -> Iterator[str]:
    counts = Counter(intent for _, intent, _, _ in told)
    of_subtype = Counter((intent, subtype) for _, intent, subtype, _ in told)
    for type_ in taxonomy.types:
        intent = f"dispute_{type_}"
        if intent not in domain["intents"]:
            yield f"domain.yml 的 intents 里少了 {intent}"
        least = FOCUS_EXAMPLES if taxonomy.matters[type_].focus else OTHER_EXAMPLES
        if counts[intent] < least:
            yield f"{intent} 只有 {counts[intent]} 句例子，至少要 {least} 句"
        for subtype in taxonomy.subtypes[type_]:
            if not of_subtype[intent, subtype]:
                yield f"{intent} 的子类型 {subtype} 没有例子"
    for intent, named in of_subtype:
        if named and named not in taxonomy.subtypes.get(intent.removeprefix("dispute_"), ()):
            yield f"{intent} 的例子用了没有的子类型 {named}"


def _facts(taxonomy: Taxonomy, domain: dict[str, Any], responses: set[str]) -> Iterator[str]:
    wanted = {*STEPS, *taxonomy.facts}
    for key in sorted(wanted):
        if key not in domain["slots"]:
            yield f"domain.yml 的 slots 里少了 {key}"
        if key not in domain["forms"]["intake_form"]["required_slots"]:
            yield f"domain.yml 的 intake_form 里少了 {key}"
        if f"utter_ask_{key}" not in responses:
            yield f"少了提问 utter_ask_{key}"
    for matter in taxonomy.matters.values():
        for key in dict.fromkeys((*matter.facts, *matter.also)):
            beside = [fact for fact in taxonomy.asked_with(matter, key) if taxonomy.facts[fact].brief]
            variants = domain["responses"].get(f"utter_ask_{key}", [])
            if beside and any("{beside}" not in variant.get("text", "") for variant in variants):
                yield f"utter_ask_{key} 要写 {{beside}}：{matter.name}这里顺带问{taxonomy.facts[beside[0]].label}"
    for key in domain["slots"]:
        if key not in wanted and key not in ("turn", "committee", "beside", "listening"):
            yield f"domain.yml 的 slot {key} 不是任何事实"
    asked = {fact for matter in taxonomy.matters.values() for fact in (*matter.facts, *matter.riding, *matter.heard)}
    together = {fact for matter in taxonomy.matters.values() for facts in matter.also.values() for fact in facts}
    together |= {fact for spec in taxonomy.facts.values() for fact in spec.also}
    for key in sorted(set(taxonomy.facts) - asked - together):
        yield f"taxonomy.yml 的事实 {key} 没有哪一类会问，也没有哪一类会听"


def _intents(root: Path, domain: dict[str, Any], told: list[tuple[Path, str, str | None, str]]) -> Iterator[str]:
    known = set(domain["intents"])
    used = {intent.split("/")[0] for _, intent, _, _ in told}
    rules = (root / "bot" / "dialogue" / "rules.yml").read_text(encoding="utf-8")
    ruled = set(re.findall(r"- intent: (\w+)", rules))
    for intent in sorted(known - used):
        yield f"意图 {intent} 一句例子也没有"
    for intent in sorted(used - known):
        yield f"例子里的意图 {intent} 不在 domain.yml 里"
    for intent in sorted(known ^ ruled):
        yield f"意图 {intent} 没有同时写在 domain.yml 和 bot/dialogue/rules.yml 里"


def _named(root: Path, responses: set[str]) -> Iterator[str]:
    sources = [*(root / "bot" / "intake").rglob("*.py"), *(root / "bot").glob("*.py")]
    named = {name for path in sources for name in re.findall(r'"(utter_[a-z_]+)"', path.read_text(encoding="utf-8"))}
    named |= {f"utter_danger_{kind}" for kind in FIRST} | {f"utter_{talk}" for talk in SMALL_TALK}
    named |= {f"utter_not_read_{kind}" for kind in KINDS} | {f"utter_doubt_{kind}" for kind in doubts.KINDS}
    named |= {f"utter_two_{way}" for way in matters.WAYS}
    named |= {f"utter_{intent}" for _, intent, _, _ in examples(root) if intent.startswith("faq/")}
    for name in sorted(named - responses):
        yield f"程序要说 {name}，可是没有这句话"
    questions = sum(name.startswith("utter_faq/") for name in responses)
    if questions < FAQ_QUESTIONS:
        yield f"常见问题只有 {questions} 个，至少要 {FAQ_QUESTIONS} 个"
    for name in sorted(r for r in responses - named if not r.startswith("utter_ask_")):
        yield f"{name} 没有人说"


def _texts(told: list[tuple[Path, str, str | None, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path, intent, _, text in told:
        plain = re.sub(r"\W", "", text)
        label = intent if intent.startswith("faq/") else intent.split("/")[0]
        if plain and seen.setdefault(plain, label) != label and not label.startswith("danger_"):
            if not seen[plain].startswith("danger_"):
                yield f"{path.name}：“{text[:30]}”同时在 {seen[plain]} 和 {label} 里"
        for number in PERSONAL.findall(text):
            if not INVENTED.fullmatch(number):
                yield f"{path.name}：“{text[:30]}”里像有真的电话或身份证号"


def _rules(root: Path, taxonomy: Taxonomy) -> Iterator[str]:
    cards = {card["id"]: card for card in read_yaml(root / "bot" / "knowledge" / "rules.yml")["rules"]}
    try:
        Clocks.from_mapping(read_yaml(root / "bot" / "knowledge" / "clocks.yml"), cards)
    except ValueError as error:
        yield f"clocks.yml：{error}"
    for matter in taxonomy.matters.values():
        for rule in matter.rules:
            if rule not in cards:
                yield f"taxonomy.yml：{matter.key} 用了没有的规则卡 {rule}"


def _statements(root: Path) -> Iterator[str]:
    """Every statement of law in an answer stands on a card in force, figure by figure."""
    said = knowledge.responses(root)
    cards = {card["id"]: card for card in read_yaml(root / "bot" / "knowledge" / "rules.yml")["rules"]}
    book = RuleBook.from_mapping(cards.values(), knowledge.stands_on(said))
    yield from legal_findings(said, book, cards, date.today())


def _hotlines(root: Path) -> Iterator[str]:
    """A number that is told to people in danger must be one that stands, with its source, in hotlines.yml."""
    known = {str(line["number"]) for line in read_yaml(knowledge.FOLDER / "hotlines.yml")["hotlines"]}
    for name, variants in knowledge.responses(root).items():
        for number in re.findall(r"(?<!\d)(?:12\d{3}|1[12]0)(?!\d)", " ".join(v.get("text", "") for v in variants)):
            if number not in known:
                yield f"{name} 里的电话 {number} 不在 hotlines.yml 里"


def _directory() -> Iterator[str]:
    from bot.intake.directory import Directory, DirectoryError

    path = knowledge.FOLDER / "demo_directory.csv"
    try:
        Directory.parse(path.read_text(encoding="utf-8-sig"), knowledge.divisions(), knowledge.taxonomy().subtypes)
    except DirectoryError as error:
        yield from (f"demo_directory.csv {problem}" for problem in error.problems)
