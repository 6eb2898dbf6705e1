"""Rasa tokenizer: jieba with the domain's words, over the normalised copy of the text.

Rasa's own JiebaTokenizer 3.6.21 reads a dictionary but neither simplifies nor repairs slips, and uses jieba's global
tables. Tokens keep offsets into the citizen's own text where the copy has the same length; else they are looked up
in order (PEERS 11: entities and tokens must line up).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.chinese import segmenter


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):  # type: ignore[misc]
    """Words of a Chinese text by jieba with nlu_data/words/dictionary.txt."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseTokenizer:
        """Rasa's factory (3.6.21)."""
        return cls(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer settings; intents are not split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def supported_languages() -> list[str] | None:
        return ["zh"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of the text as written: offsets are those of the citizen's own words."""
        text = message.get(attribute)
        return [Token(word, start) for word, start, _ in segmenter().tokenize(text) if word.strip()]
