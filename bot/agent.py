"""The Rasa agent inside the process: hears one message, gives back the bubbles and the state.

Hides Rasa 3.6.21's agent, its action server and its tracker. The record lives in the desk's database, not in the
tracker: each turn starts from an empty tracker, so that a turn costs the same at the thousandth message (rasa#6334),
nothing personal stays in a second place (chatwoot#947), and a restart loses nothing. Called by the web app, the
terminal talk and the replays.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.intake import ValidateIntakeForm
from bot.desk import Desk
from bot.knowledge import law_anew, responses
from bot.live import live, words_of
from bot.settings import ROOT
from bot.understanding.chinese import dictionary, use_words
from bot.understanding.spans import pipeline

#: Heard once before citizens are: dictionaries and tables load on first use.
WARMING = ("我在湖州市南浔区打工，去年腊月干到正月，老板欠我三万二", "我在湖州市南浔区打工", "去年腊月二十三")
#: Which variant was said last is kept for this many pairs of talk and response.
REMEMBERED = 50_000


class NoMemory(TrackerStore):  # type: ignore[misc]
    """A tracker store that keeps nothing between turns."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing to keep: the desk has the record."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return None

    async def keys(self) -> list[str]:
        return []


class InTurn(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Says the variants of a response one after the other. Rasa 3.6.21 draws one at random, so that of two variants
    every second reply was the last one word for word (PEERS 4)."""

    def __init__(self, responses: dict[str, Any]) -> None:
        super().__init__(responses)
        self._said: Counter[tuple[str, str]] = Counter()
        self._talk = ""

    def go_on_from(self, other: InTurn) -> None:
        """Say next what `other` would have said next."""
        self._said = other._said

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response with its braces filled; None for an unknown name."""
        self._talk = tracker.sender_id  # no other turn can come between: nothing below awaits
        said: dict[str, Any] | None = await super().generate(utter_action, tracker, output_channel, **kwargs)
        return said

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            return None
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, filled_slots
        )
        if not fitting:
            return None
        if len(self._said) > REMEMBERED:
            self._said.clear()
        heard = (self._talk, utter_action)
        self._said[heard] += 1
        chosen: dict[str, Any] = fitting[(self._said[heard] - 1) % len(fitting)]
        return chosen


class OwnActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that runs the SDK's executor in this process instead of asking over HTTP."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_action(ValidateIntakeForm)

    async def request(self, *_: Any, json: Mapping[str, Any] | None = None, **__: Any) -> Any:
        """Run the action named in the call."""
        return await self._executor.run(dict(json or {}))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn gave back: bubbles as (text, show), the state for the page, names of the responses said."""

    bubbles: list[tuple[str, dict[str, Any] | None]]
    state: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False
    responses: list[str] = field(default_factory=list)


class AgentError(RuntimeError):
    """No model, or one that cannot be loaded; the message says what to do, in Chinese."""


class Host:
    """The agent with its desk. One turn of a conversation at a time; others wait in order."""

    def __init__(self, agent: Agent, desk: Desk) -> None:
        self._agent = agent
        self.desk = desk
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @classmethod
    def open(cls, models: Path, desk: Desk) -> Host:
        """Load the published release of a folder, or its newest model. Raises AgentError when there is none or it is
        damaged."""
        published = live(models)
        newest = max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)
        if published is None and newest is None:
            raise AgentError(f"{models} 里没有训练好的模型，请先运行 make train。")
        if published is not None:
            return cls.load(published.model, desk, published.number)
        return cls.load(newest, desk)  # type: ignore[arg-type]

    @classmethod
    def load(cls, model: Path, desk: Desk, release: int | None = None) -> Host:
        """Load one model; `release`: the number under which it was published. Raises AgentError when it is damaged."""
        use_words(dictionary(words_of(model)))
        agent = _agent_of(model, release)
        ValidateIntakeForm.desk = desk  # only once the model stands: a failed opening leaves the other desk in place
        return cls(agent, desk)

    def prepared(self, model: Path, release: int | None = None) -> Callable[[], None]:
        """Load another model beside the live one, in the calling thread, and warm it; what comes back puts it in its
        place. A turn under way ends with the model that heard it; no turn waits. Raises AgentError."""
        words = dictionary(words_of(model))
        with _turns_first():
            pipeline(words)
            agent = _agent_of(model, release)
            asyncio.run(agent.parse_message(WARMING[0]))
        agent.nlg.go_on_from(self._agent.nlg)

        def switch() -> None:
            use_words(words)
            self._agent = agent

        return switch

    async def hear(
        self,
        key: str,
        text: str,
        *,
        choice: Mapping[str, str] | None = None,
        client_id: str | None = None,
        at: datetime | None = None,
        told: Sequence[str] = (),
    ) -> Reply:
        """One turn of the conversation `key`. Whatever is typed is text, never a Rasa command."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                return await self._turn(key, text, choice, client_id, at, told)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    async def _turn(
        self,
        key: str,
        text: str,
        choice: Mapping[str, str] | None,
        client_id: str | None,
        at: datetime | None,
        told: Sequence[str],
    ) -> Reply:
        agent = self._agent
        metadata = {"text": text, "client_id": client_id, "told": list(told), "release": agent.release}
        if choice is not None:
            metadata["choice"] = dict(choice)
        if at is not None:
            metadata["at"] = at.isoformat()
        output = CollectingOutputChannel()
        await agent.handle_message(UserMessage(as_text(text), output, key, metadata=metadata))
        bubbles: list[tuple[str, dict[str, Any] | None]] = []
        state: dict[str, Any] = {}
        for message in output.messages:
            custom = message.get("custom") or {}
            if "state" in custom:
                state = custom["state"]
            elif "show" in custom:
                words = bubbles.pop()[0] if bubbles and bubbles[-1][1] is None else ""
                bubbles.append((words, custom["show"]))
            elif message.get("text"):
                bubbles.append((message["text"], None))
        # The collecting channel drops Rasa's metadata with the response names; our action sends them in the state.
        if not state:
            # Rasa logs an action's exception and goes on: without this her words would vanish without an answer.
            raise AgentError("这一轮没有答上来。")
        return Reply(bubbles, state, bool(state.pop("repeated", False)), list(state.pop("said", ())))

    async def warm(self) -> None:
        """Load dictionaries and tables that are read on first use, so that the first citizen need not wait."""
        await self._agent.parse_message(WARMING[0])
        for text in WARMING[1:]:
            self.desk.warm(text)

    async def understand(self, text: str) -> Mapping[str, Any]:
        """What the live model makes of a text, without a turn and without keeping it: for those who teach it. Beside
        the classifier's answer `tokens` as (start, end) and `entities` as Rasa gives them."""
        return await _understood(self._agent, text)

    @staticmethod
    def ear_of(model: Path) -> Callable[[str], Coroutine[Any, Any, Mapping[str, Any]]]:
        """`understand` of another model, loaded in the calling thread; words are cut as the live model's are. Raises
        AgentError."""
        agent = _agent_of(model)
        asyncio.run(agent.parse_message(WARMING[0]))
        return functools.partial(_understood, agent)

    def reword(self) -> None:
        """Say the wording, and go by the rule cards, as they stand in the files now, from the next turn on. Raises
        ValueError when one is broken: then all is said as before."""
        self.desk.go_by(*law_anew())
        self._agent.processor.nlg.responses = self._agent.domain.responses | responses()

    async def say(self, responses: list[tuple[str, dict[str, str]]]) -> list[str]:
        """Wording of named responses outside a turn (the welcome)."""
        agent, said = self._agent, []
        tracker = DialogueStateTracker("nobody", agent.domain.slots)
        for name, fill in responses:
            drawn = await agent.processor.nlg.generate(name, tracker, "collector", **fill)
            if drawn:
                said.append(drawn["text"])
        return said


async def _understood(agent: Agent, text: str) -> Mapping[str, Any]:
    parsed = await agent.parse_message(as_text(text))
    understood: Mapping[str, Any] = parsed.get("understood") or {}
    return {**understood, "tokens": parsed.get("text_tokens") or (), "entities": parsed.get("entities") or ()}


@contextlib.contextmanager
def _turns_first() -> Iterator[None]:
    """Python lets a thread that loads go on for 5 ms whenever a turn comes back from the database or from numpy; a turn
    does so many times. With 0.2 ms it waits less."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _agent_of(model: Path, release: int | None = None) -> Agent:
    """Rasa's agent over one model file, with our actions, wording and memory. `release` rides with it, so that a switch
    in the middle of a turn mixes nothing. Raises AgentError."""
    # The answers come from our own executor: Rasa's check of them re-checks the schema itself, 50–100 ms a turn.
    RemoteAction._validate_action_result = lambda *_: True
    try:
        agent = Agent.load(str(model), action_endpoint=OwnActions())
        agent.release = release
        # A fact written since the training needs its slot; none influences the prediction, so the model stands.
        known = {slot.name for slot in agent.domain.slots}
        agent.domain.slots += [slot for slot in _written_slots() if slot.name not in known]
        agent.tracker_store = NoMemory(agent.domain)
        agent.processor.tracker_store = agent.tracker_store
        agent.nlg = agent.processor.nlg = InTurn(agent.domain.responses | responses())
    except Exception as error:
        raise AgentError(f"模型文件 {model.name} 坏了，请删掉它再运行 make train。") from error
    return agent


def _written_slots() -> list[Any]:
    """The slots of `domain.yml` as it is written now."""
    slots: list[Any] = Domain.load(str(ROOT / "domain.yml")).slots
    return slots


def as_text(typed: str) -> str:
    """Typed words as Rasa may see them: a leading slash is an intent command to Rasa 3.6, whatever stands before it."""
    stripped = typed.strip()
    return "／" + stripped[1:] if stripped.startswith("/") else stripped or "。"
