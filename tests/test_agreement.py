"""Claims that the data agree: taxonomy, domain, examples, rules, responses, directory; and that a type is data only."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import Interviewed, an_interview
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML

from bot.commands.checking import examples, findings
from bot.intake.steps import Guess
from bot.intake.taxonomy import Taxonomy
from bot.knowledge import read_yaml
from bot.language_files import LanguageFiles
from bot.new_types import NewTypes
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from bot.understanding.model import DeskModel, Example

EVAL = ROOT.parent / "shared" / "eval"
#: A shared run of so many characters, or so high a ratio, is a copy and no coincidence.
RUN, RATIO = 18, 85


@pytest.fixture()
def copied(tmp_path: Path) -> Path:
    """A copy of everything that has to agree, to be broken."""
    for name in ("nlu_data", "bot/knowledge", "bot/dialogue", "bot/intake"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "domain.yml", tmp_path / "domain.yml")
    for module in (ROOT / "bot").glob("*.py"):
        shutil.copy(module, tmp_path / "bot" / module.name)
    return tmp_path


def rewrite(path: Path, change: Callable[[Any], None]) -> None:
    """Change a YAML file as a clerk would."""
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode, yaml.width = True, 10_000
    content = yaml.load(path.read_text(encoding="utf-8"))
    change(content)
    with path.open("w", encoding="utf-8") as out:
        yaml.dump(content, out)


def test_everything_agrees() -> None:
    assert findings() == []


def test_an_unbroken_copy_agrees(copied: Path) -> None:
    assert findings(copied) == []


def _domain(change: Callable[[Any], None]) -> Callable[[Path], None]:
    return lambda root: rewrite(root / "domain.yml", change)


def _taxonomy(change: Callable[[Any], None]) -> Callable[[Path], None]:
    return lambda root: rewrite(root / "bot" / "knowledge" / "taxonomy.yml", change)


def _nlu(name: str, change: Callable[[Any], None]) -> Callable[[Path], None]:
    return lambda root: rewrite(root / "nlu_data" / name, change)


def _rules_without_thanks(root: Path) -> None:
    path = root / "bot" / "dialogue" / "rules.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("- intent: thanks\n", "", 1), encoding="utf-8")


def _says_something_new(root: Path) -> None:
    path = root / "bot" / "intake" / "taps.py"
    path.write_text(path.read_text(encoding="utf-8") + '\nNEW = "utter_never_written"\n', encoding="utf-8")


def _without_examples(content: Any) -> None:
    del content["nlu"][:]


def _example(words: str, intent: str) -> dict[str, str]:
    return {"intent": intent, "examples": f"- {words}\n"}


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "an intent for a type is missing": (_domain(lambda d: d["intents"].remove("dispute_debt")), "dispute_debt"),
    "an intent without examples": (_domain(lambda d: d["intents"].append("sing")), "sing"),
    "an example of no intent": (
        _nlu("small_talk.yml", lambda n: n["nlu"].append(_example("唱个歌", "sing_song"))),
        "sing_song",
    ),
    "an intent without a rule": (_rules_without_thanks, "thanks"),
    "too few examples": (_nlu("disputes/traffic.yml", _without_examples), "dispute_traffic"),
    "a sub-type that does not exist": (
        _nlu(
            "disputes/traffic.yml",
            lambda n: n["nlu"].append({**_example("船撞了", "dispute_traffic"), "metadata": {"subtype": "ships"}}),
        ),
        "ships",
    ),
    "a sub-type without examples": (
        _taxonomy(lambda t: t["types"]["traffic"].update(subtypes={"ships": {"name": "船", "plain": "船"}})),
        "ships",
    ),
    "a fact without a slot": (_domain(lambda d: d["slots"].pop("months_owed")), "months_owed"),
    "a fact that the form does not know": (
        _domain(lambda d: d["forms"]["intake_form"]["required_slots"].remove("amount")),
        "amount",
    ),
    "a fact without a question": (_domain(lambda d: d["responses"].pop("utter_ask_amount")), "utter_ask_amount"),
    "a slot that is no fact": (_domain(lambda d: d["slots"].update(horoscope={"type": "any"})), "horoscope"),
    "a fact that nobody asks": (
        _taxonomy(lambda t: t["facts"].update(horoscope={"kind": "text", "label": "星座", "why": "没有用。"})),
        "horoscope",
    ),
    "words that are named and missing": (_domain(lambda d: d["responses"].pop("utter_filed")), "utter_filed"),
    "words that code names and nobody wrote": (_says_something_new, "utter_never_written"),
    "words that nobody says": (
        _domain(lambda d: d["responses"].update(utter_orphan=[{"text": "谁说我"}])),
        "utter_orphan",
    ),
    "a danger without its card": (
        _domain(lambda d: d["responses"].pop("utter_danger_threat")),
        "utter_danger_threat",
    ),
    "a kind of fact without its hint": (
        _domain(lambda d: d["responses"].pop("utter_not_read_money")),
        "utter_not_read_money",
    ),
    "a rule card that does not exist": (_taxonomy(lambda t: t["types"]["debt"]["rules"].append("R999")), "R999"),
    "a statement of law without a card": (
        _nlu("faq.yml", lambda n: n["responses"]["utter_faq/legal_effect"][0].pop("metadata")),
        "utter_faq/legal_effect 说到法律",
    ),
    "a figure that its card does not have": (
        lambda root: rewrite(
            root / "bot" / "knowledge" / "rules.yml",
            lambda c: next(card for card in c["rules"] if card["id"] == "R11")["figure"].update(days=60),
        ),
        "utter_faq/judicial_confirmation 里的",
    ),
    "one example under two intents": (
        lambda root: _same_words_twice(root),
        "同时在",
    ),
    "a telephone number that looks real": (
        _nlu("disputes/traffic.yml", lambda n: n["nlu"].append(_example("撞我的人电话15927364581", "dispute_traffic"))),
        "电话或身份证号",
    ),
    "an identity number": (
        _nlu(
            "disputes/traffic.yml", lambda n: n["nlu"].append(_example("我身份证330102197503127346", "dispute_traffic"))
        ),
        "电话或身份证号",
    ),
    "too few questions on mediation": (lambda root: _only_ten_questions(root), "常见问题只有"),
}


def _same_words_twice(root: Path) -> None:
    for name in ("debt", "traffic"):
        words = _example("隔壁老李那件事情到今天也没有个说法", f"dispute_{name}")
        rewrite(
            root / "nlu_data" / "disputes" / f"{name}.yml", lambda content, words=words: content["nlu"].append(words)
        )


def _only_ten_questions(root: Path) -> None:
    def cut(content: Any) -> None:
        for name in [n for n in content["responses"] if n.startswith("utter_faq/")][10:]:
            del content["responses"][name]

    rewrite(root / "nlu_data" / "faq.yml", cut)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_disagreement_is_found_and_named(copied: Path, kind: str) -> None:
    breaking, named = BROKEN[kind]
    breaking(copied)
    found = findings(copied)
    assert any(named in finding for finding in found), found
    assert all(re.search(r"[\u4e00-\u9fff]", finding) for finding in found)


# —— nothing of the measured texts ——


def _measured(name: str) -> list[str]:
    path = EVAL / name
    if not path.exists():
        pytest.skip(f"{name} 不在这台机器上，没法比对")
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _spoken() -> Iterator[tuple[str, str]]:
    """Examples and response texts of the project, with where they stand."""
    for path, intent, _, text in examples():
        yield f"{path.name} {intent}", text
    for path in [ROOT / "domain.yml", *sorted((ROOT / "nlu_data").rglob("*.yml"))]:
        for name, variants in (read_yaml(path).get("responses") or {}).items():
            for variant in variants:
                if variant.get("text"):
                    yield name, variant["text"]


@pytest.mark.parametrize("name", ["types_dev.jsonl", "safety_dev.jsonl"])
def test_no_measured_text_or_close_copy_is_in_the_project(name: str) -> None:
    measured = [bare for text in _measured(name) if len(bare := _bare(text)) >= 6]
    runs = {text[at : at + RUN] for text in measured for at in range(len(text) - RUN + 1)}
    ours = [(where, bare) for where, text in _spoken() if len(bare := _bare(text)) >= 6]
    shared = [
        (where, text[:40])
        for where, text in ours
        if any(text[at : at + RUN] in runs for at in range(len(text) - RUN + 1))
    ]
    assert shared == []
    scores = process.cdist([text for _, text in ours], measured, scorer=fuzz.ratio, score_cutoff=RATIO, workers=2)
    near = [(ours[row][0], ours[row][1][:40], measured[column][:40]) for row, column in zip(*scores.nonzero())]
    assert near == []


# —— a new type is data only ——

PET = {
    "name": "宠物纠纷",
    "short": "宠物",
    "plain": "猫狗买卖、寄养、看病、走失",
    "committees": ["社区人民调解委员会"],
    "rules": ["R38"],
    "bring": ["身份证", "付款记录"],
    "facts": ["place", "counterpart", "amount", "animal"],
}
ANIMAL = {
    "kind": "text",
    "label": "是什么动物",
    "why": "知道是什么动物，才好找懂行的人。",
    "pattern": "(金毛|布偶猫|泰迪|英短|鹦鹉|柯基)",
}
PETS = ("金毛", "布偶猫", "泰迪", "英短", "鹦鹉")
TROUBLES = (
    "我在宠物店买的{}，抱回家三天就得了犬瘟猫瘟",
    "宠物店卖给我一只病{}，老板不认账",
    "寄养在宠物店的{}跑丢了，店家说不关他的事",
    "{}送去宠物美容，剪毛把耳朵剪伤了",
    "宠物医院给我家{}打错针，{}死了",
    "说好的纯种{}，养大了是串串，猫舍不退",
    "邻居领养走我的{}又不肯还宠物",
    "定金交了，犬舍一直不发{}",
    "{}托运死在路上，宠物托运公司推来推去",
    "我家{}配种，对方宠物主人不给狗崽",
)
INVENTED = [trouble.replace("{}", pet) for trouble in TROUBLES for pet in PETS]


def _taxonomy_of(root: Path) -> Taxonomy:
    return Taxonomy.from_mapping(read_yaml(root / "bot" / "knowledge" / "taxonomy.yml"))


@pytest.fixture()
def with_pets(copied: Path) -> Path:
    """The project's data with a new type, as the wizard writes it, and a fact of its own: only YAML is written."""

    wizard = NewTypes(LanguageFiles(Phrasebook(copied), findings), lambda: _taxonomy_of(copied))
    lists = {key: "\n".join(PET[key]) for key in ("committees", "bring", "rules")}
    words = {key: PET[key] for key in ("name", "short", "plain")}
    text = wizard.said({"key": "pet", "examples": "\n".join(INVENTED), **lists, **words}, PET["facts"][:3])
    wizard.tried("pet", text, "")
    wizard.write("pet", text, "")

    def taxonomy(content: Any) -> None:
        content["facts"]["animal"] = ANIMAL
        content["types"]["pet"]["facts"].append("animal")

    def domain(content: Any) -> None:
        content["slots"]["animal"] = {"type": "any", "mappings": [{"type": "custom"}]}
        content["forms"]["intake_form"]["required_slots"].append("animal")
        content["responses"]["utter_ask_animal"] = [{"text": "是什么动物呢？"}]

    rewrite(copied / "bot" / "knowledge" / "taxonomy.yml", taxonomy)
    rewrite(copied / "domain.yml", domain)
    return copied


def test_a_new_type_agrees_once_its_data_are_written(with_pets: Path) -> None:
    assert len(INVENTED) == 50
    assert findings(with_pets) == []


def test_a_new_type_is_understood_and_walked_to_filing_without_any_python(with_pets: Path) -> None:
    told: defaultdict[str, list[Example]] = defaultdict(list)
    for _, intent, subtype, text in examples(with_pets):
        label = f"{intent}/{subtype}" if subtype else intent
        told[label].append(Example(text, label))
    # Twenty of each old label are enough to show it: learning all of them again takes minutes.
    model = DeskModel.train(
        [example for label, same in told.items() for example in same[: 50 if label == "dispute_pet" else 20]]
    )
    story = "我家柯基寄养在宠物店跑丢了，店家说不关他的事，在湖州市南浔区"
    guesses = model.topics_of([story])[0]
    assert guesses[0].type == "pet"
    assert model.topics_of(["老板拖欠我三个月工资一直不给"])[0][0].type == "wages"
    taxonomy = _taxonomy_of(with_pets)
    talk = Interviewed(an_interview(taxonomy))
    talk.tap("privacy_consent", "yes")
    talk.say(story, types=tuple(Guess(g.type, g.subtype, g.confidence) for g in guesses))
    assert talk.record.type == "pet"
    assert talk.record.value("animal") == "柯基"
    assert talk.record.value("place")["code"] == "330503"
    talk.until(None, "pet")
    assert "animal" not in talk.asked
    assert talk.record.consent("handover") is not None
