"""Data with dates (taxonomy, rule cards, hotlines, divisions, routing policy, demo directory) and their loading.

Hides file names and YAML. Called by the composition roots and by tests; nothing is read at import.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.intake.clocks import Clocks
from bot.intake.divisions import Divisions
from bot.intake.particulars import Choices
from bot.intake.retention import Retention
from bot.intake.routing import RoutingPolicy
from bot.intake.rules import RuleBook
from bot.intake.safety import Safety
from bot.intake.taxonomy import Taxonomy

FOLDER = Path(__file__).resolve().parent


def read_yaml(path: Path) -> Any:
    """A YAML file as plain Python values. Raises ValueError with file and line, in Chinese, when it is broken."""
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except Exception as error:
        raise ValueError(f"{path.name} 读不懂：{error}") from error


@functools.cache
def taxonomy(path: Path = FOLDER / "taxonomy.yml") -> Taxonomy:
    """The dispute types. Raises TaxonomyError or ValueError with the place that is wrong."""
    return Taxonomy.from_mapping(read_yaml(path))


@functools.cache
def divisions() -> Divisions:
    """Provinces, cities and counties with their codes, former names included."""
    return Divisions.load(FOLDER / "divisions.csv")


@functools.cache
def routing_policy() -> RoutingPolicy:
    """Doors, floors and the specialists-first list of CONTRACT's routing rules."""
    return RoutingPolicy.from_mapping(read_yaml(FOLDER / "routing.yml"))


@functools.cache
def retention() -> Retention:
    """Stages of a filed record, how long each is kept, and what she is told of it."""
    return Retention.from_mapping(read_yaml(FOLDER / "retention.yml"))


@functools.cache
def record_schema() -> dict[str, Any]:
    """JSON Schema of a filed record."""
    schema: dict[str, Any] = json.loads((FOLDER / "record.schema.json").read_text(encoding="utf-8"))
    return schema


@functools.cache
def labels() -> dict[str, dict[str, str]]:
    """Names of the intents that are no dispute, for trainers."""
    named: dict[str, dict[str, str]] = read_yaml(FOLDER / "labels.yml")["labels"]
    return named


@functools.cache
def claims_wording() -> dict[str, Any]:
    """How trainers are told what went wrong in a kept conversation."""
    wording: dict[str, Any] = read_yaml(FOLDER / "claims.yml")
    return wording


@functools.cache
def wording_examples() -> dict[str, str]:
    """What stands in braces, filled with invented words for a preview."""
    examples: dict[str, str] = read_yaml(FOLDER / "wording_examples.yml")
    return examples


@functools.cache
def rules() -> dict[str, dict[str, Any]]:
    """Rule cards by id."""
    return {card["id"]: card for card in read_yaml(FOLDER / "rules.yml")["rules"]}


@functools.cache
def clocks() -> Clocks:
    """Time limits: how they run, with periods and articles from the rule cards. Raises ClockError."""
    return Clocks.from_mapping(read_yaml(FOLDER / "clocks.yml"), rules())


@functools.cache
def rulebook() -> RuleBook:
    """Rule cards with the answers that stand on them. Raises RuleError, ValueError."""
    return RuleBook.from_mapping(rules().values(), stands_on(responses()))


def stands_on(said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Response → ids of the rule cards named in the metadata of its variants; only those that name any key at all."""
    return {
        name: tuple(dict.fromkeys(rule for v in variants for rule in (v.get("metadata") or {}).get("rules", ())))
        for name, variants in said.items()
        if any("rules" in (variant.get("metadata") or {}) for variant in variants)
    }


@functools.cache
def safety() -> Safety:
    """Hotlines and rule cards of safety mode."""
    return Safety(read_yaml(FOLDER / "hotlines.yml")["hotlines"], list(rules().values()))


def law_anew() -> tuple[Clocks, RuleBook, Safety]:
    """What the law says as it stands in the files now: a trainer changed a card or what stands on one. Raises
    ValueError when a file is broken; then all goes by what was read before."""
    cards = rules.__wrapped__()
    RuleBook.from_mapping(cards.values(), stands_on(responses()))
    Clocks.from_mapping(read_yaml(FOLDER / "clocks.yml"), cards)
    for kept in (rules, clocks, rulebook, safety):
        kept.cache_clear()
    return clocks(), rulebook(), safety()


@functools.cache
def choices() -> Choices:
    """What staff choose from when they act on a case. Raises ValueError."""
    return Choices.from_mapping(read_yaml(FOLDER / "acts.yml"))


def responses(root: Path = FOLDER.parents[1]) -> dict[str, Any]:
    """All wording for citizens as it stands in the files: a clerk's change is heard without training anew."""
    found: dict[str, Any] = dict(read_yaml(root / "domain.yml")["responses"])
    for path in sorted((root / "nlu_data").glob("*.yml")):
        found |= read_yaml(path).get("responses") or {}
    return found
