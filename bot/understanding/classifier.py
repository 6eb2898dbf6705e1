"""Rasa intent classifier: our model as one graph component.

It sets `intent` and `intent_ranking` as any Rasa classifier does, and `understood`: the act, the question on
mediation, the candidates of type and sub-type, the dangers. Rasa 3.6.21's own classifiers give one flat ranking, in
which 48 questions on mediation and 20 acts would compete with the dispute types for the same probability.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.model import FILE, DeskModel, Example

RANKED = 10
#: Environment variable with which `bot.training` names the file of sentence vectors to reuse.
VECTORS = "FENZHEN_VECTORS"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DeskClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Topics, acts and dangers by `bot.understanding.model`."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model: DeskModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: what was chosen by figures stands in the model."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DeskClassifier:
        """Rasa's factory (3.6.21)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all intent examples and keep the model in Rasa's model storage."""
        examples = [
            Example(message.get(TEXT), _label(message))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        memory = os.environ.get(VECTORS)
        self._model = DeskModel.train(examples, Path(memory) if memory else None)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DeskClassifier:
        """Read the trained model back."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = DeskModel.load(folder / FILE)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, intent_ranking, response_selector and `understood` on each message."""
        if self._model is None:
            return messages
        for message in messages:
            text = message.get(TEXT) or ""
            understood = self._model.understand(text)
            ranking = [
                {"name": name, "confidence": round(confidence, 5)} for name, confidence in understood.intents()[:RANKED]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("understood", understood.to_dict(), add_to_output=True)
        return messages


def _label(message: Message) -> str:
    """`faq/cost`, `wages/wage_arrears`, `danger_violence+minor`, `greet` …: what the model learns.

    A danger told together with others names them in its block's metadata (`also`).
    """
    intent: str = message.get(INTENT)
    if message.get(INTENT_RESPONSE_KEY):
        return str(message.get(INTENT_RESPONSE_KEY))
    metadata = message.get(METADATA) or {}
    block = (metadata.get("intent") or {}) if isinstance(metadata, dict) else {}
    if intent.startswith("dispute_"):
        return f"{intent}/{block['subtype']}" if block.get("subtype") else intent
    if intent.startswith("danger_"):
        return "+".join([intent, *block.get("also", ())])
    return intent
