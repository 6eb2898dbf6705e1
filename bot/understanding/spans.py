"""Who and what a story names: roles, organisations, relations, evidence, by spaCy over jieba's words.

Hides spaCy. A blank `zh` pipeline with jieba segmentation and an entity ruler whose patterns come from
nlu_data/words/*.txt. No trained span component: there are no labelled spans to learn from yet, and the ruler's spans
are exact. As a Rasa component it adds entities with offsets into the citizen's own text. Called by Rasa.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from bot.intake.reading.answers import read_name, read_organisation
from bot.understanding.chinese import in_use, segmenter, words_in
from bot.understanding.mishearing import as_meant

#: Longer stories are read in their first part only: spans beyond it name nobody new in practice, and time is bounded.
LONGEST = 1500
#: What may stand right after or before a name in a sentence.
AFTER_NAME = "欠拖说不没让叫给把和跟的，。,.!！?？ 、；;：:（(就一也都还打骗跑在是已从去今对电手他她我拿收签人"
BEFORE_NAME = "，。, 叫是的找和跟被问向对、！？；"


def pipeline(folder: Path | None = None) -> Language:
    """The spaCy pipeline over the dictionary in use, or another; built once (1 s)."""
    return _pipeline(folder or in_use())


@functools.lru_cache(maxsize=2)
def _pipeline(folder: Path) -> Language:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    nlp.tokenizer.jieba_seg = segmenter(folder)  # our dictionary: spans then begin and end where words do
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "ORTH"})
    for label, name in (("role", "roles.txt"), ("relation", "relations.txt"), ("evidence", "evidence.txt")):
        patterns = [{"label": label, "pattern": word} for word in words_in(name, folder)]
        ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def find_spans(text: str) -> list[dict[str, Any]]:
    """Entities of a text: label, text, start, end (character offsets). `named_role` is a role with a name beside it."""
    head = text[:LONGEST]
    found: list[dict[str, Any]] = []
    for span in pipeline()(head).ents:
        found.append({"entity": span.label_, "value": span.text, "start": span.start_char, "end": span.end_char})
        if span.label_ == "role":
            named = _named(head, span.start_char, span.end_char)
            if named is not None:
                found.append(
                    {"entity": "named_role", "value": head[named[0] : named[1]], "start": named[0], "end": named[1]}
                )
    at = 0
    for organisation in read_organisation(head):
        start = head.find(organisation, at)
        if start >= 0:
            at = start + len(organisation)
            found.append({"entity": "organisation", "value": organisation, "start": start, "end": at})
    return sorted(found, key=lambda entity: (entity["start"], -entity["end"]))


def _named(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A role with a name: 包工头老王, 房东李强, 王经理. Start and end of both together."""
    if re.match(r"[老小阿][\u4e00-\u9fff](?![\u4e00-\u9fff]?[工板婆公])", text[end:]) and read_name(
        text[end + 1] + "某"
    ):
        return start, end + 2
    for size in (3, 2):
        name, after = text[end : end + size], text[end + size : end + size + 1]
        if len(name) == size and (not after or after in AFTER_NAME) and read_name(f"叫{name}") == name:
            return start, end + size
    before = text[max(0, start - 1) : start]
    if before and read_name(before + "某某") and (start < 2 or text[start - 2] in BEFORE_NAME):
        return start - 1, end
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class StorySpans(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds role, named_role, relation, organisation and evidence entities."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StorySpans:
        """Rasa's factory (3.6.21)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            entities = [
                {**entity, "extractor": "StorySpans"} for entity in find_spans(as_meant(message.get(TEXT) or ""))
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
