"""The statistical model behind the understanding: type, sub-type, act of speech and danger, without Rasa.

Linear models over character and word n-grams, and for the topics the meaning by sentence vectors:
`topics` (sub-types rolled up to types), `acts` (what the words do: answer, ask, greet, tell) and `dangers` (the second
net beside the rules of `bot.intake.signs`). Kept free of Rasa so that the verbs start fast. Called by the Rasa
component `bot.understanding.classifier` and by `python -m bot classify`. Figures: README, 量出来的数.
"""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.intake.questions import cut_off
from bot.intake.tellings import cuts
from bot.understanding.chinese import normalise
from bot.understanding.dangers import SURE, SecondNet, told_of, unlikely_of
from bot.understanding.features import Features
from bot.understanding.meaning import SHORTEST, USE_SIZE, Meaning, Vectors, sampled, vectors_of

Matrix = NDArray[np.float64]
#: Inverse regularisation: chosen on the project's own held-out fifth (README, 量出来的数).
STRENGTH = 10.0
SEED = 20261123
#: Name of the trained model's file inside Rasa's model archive.
FILE = "desk_model.joblib"
#: The act of telling one's trouble: the dispute examples, as against answers, questions on mediation and small talk.
TELL = "tell"
#: Acts that are nobody's trouble: what idle talk is learned from, beside the tellings.
IDLE_ACTS = frozenset(["chatter", "abuse", "bot_challenge"])
#: Weights of the n-grams, the linear model over sentence vectors and the nearest examples (README, 量出来的数).
GRAMS_SHARE, LINEAR_SHARE, NEAREST_SHARE = 0.3, 0.35, 0.35
#: The three opinions mixed are too modest: 0.73 said where 0.89 were right. Raised to this power they say what they are
#: worth (calibration error 0.16 → 0.04 on tests/quality/types.jsonl, 0.14 → 0.03 on the dev file).
SHARPNESS = 1.7
#: A question on mediation is answered when it alone has this probability.
ONE_QUESTION = 0.25
#: And beside something told with this one: there the words are fewer, and a wrong answer would interrupt.
BESIDE = 0.5
#: A sub-type is named when it holds this share of its type's probability.
SUBTYPE = 0.4
#: How many tellings are looked at, and of which types, for what the second net of dangers learns as harmless.
CALM, CALM_TYPES = 4500, frozenset(["property", "consumer", "debt", "finance", "education", "not_a_dispute", "land"])
#: Medical ones too, where neither a death nor a child is told. This list once forbade the net to hear a death without
#: its words; 117 of 275 examples of a death have none ("早上去喊，身子邦硬"), of which five-fold it hears 61. Of 207 medical
#: complaints without them it alarms at 6 (8 before it learned these as harmless).
TOLD = re.compile(
    r"死|亡|逝|去世|过世|离世|没了|走了|走的|不在了?|丧|葬|殡|坟|碑|遗|奠|骨灰|火化|牺牲|断气|没气|咽气|心跳|呼吸|没(?:救|保|醒|挺|撑|熬|上|下|出|能|抢)|"
    r"醒过?来|救(?:过|回)来|送走|送别|最后一面|阴阳|天人|告别|永远|再也|命|尸|太平间|冰柜|停灵|头七|烧纸|白事|孝|老了|凉了|闭(?:了)?眼|睁眼|没回来|回不来|一去|见不(?:到|着)|淹|溺|触电|塌|埋|压在|上吊|跳楼|自尽|猝|孩|婴|宝宝|娃|儿|女|孙|侄|岁|胎|产|学生"
)


@dataclass(frozen=True, slots=True)
class Example:
    """One training text with its label: `wages/wage_arrears`, `faq/cost`, `danger_violence+minor`, `affirm` …"""

    text: str
    label: str


@dataclass(slots=True)
class Classes:
    """A calibrated linear classifier over labels."""

    model: LogisticRegression
    temperature: float = 1.0

    @property
    def labels(self) -> list[str]:
        return [str(label) for label in self.model.classes_]

    def probabilities(self, features: csr_matrix) -> Matrix:
        """Rows × labels, each row summing to 1; softmax of the scores over the fitted temperature."""
        scores = self.model.decision_function(features)
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores])
        scores = scores / self.temperature
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        result: Matrix = odds / odds.sum(axis=1, keepdims=True)
        return result


def _learn(features: csr_matrix, labels: Sequence[str]) -> Classes:
    """Fit one classifier. liblinear: 4 s where lbfgs takes 52 s, with the same figures (README); seeded."""
    model = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced", random_state=SEED)
    model.fit(features, np.asarray(labels))
    return Classes(model)


def _temperature(features: csr_matrix, labels: Sequence[str]) -> float:
    """The temperature at which held-out probabilities are honest (Guo et al. 2017, arXiv 1706.04599).

    Fitted on every fifth example, with a model that has not seen it.
    """
    held = np.arange(len(labels)) % 5 == 0
    gold = np.asarray(labels)
    if len(set(gold[~held])) < 2:
        return 1.0
    classes = _learn(features[~held], list(gold[~held]))
    known = {label: index for index, label in enumerate(classes.labels)}
    rows = [index for index in np.flatnonzero(held) if gold[index] in known]
    best, best_loss = 1.0, np.inf
    for temperature in np.geomspace(0.3, 6.0, 30):
        classes.temperature = float(temperature)
        probabilities = classes.probabilities(features[rows])
        loss = -np.log(probabilities[np.arange(len(rows)), [known[gold[row]] for row in rows]] + 1e-12).mean()
        if loss < best_loss:
            best, best_loss = float(temperature), float(loss)
    return best


@dataclass(frozen=True, slots=True)
class Topic:
    """A candidate: type, sub-type where the type has any and one stands out, probability of the type."""

    type: str
    subtype: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a telling judged alone, by the n-grams only: type, sub-type, probability of the label, its words."""

    type: str
    subtype: str | None
    confidence: float
    words: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A question on mediation asked beside something told: its words, which one, how sure; and what was told, with the
    act of that part alone."""

    words: str
    faq: str
    confidence: float
    told: str
    act: str
    act_confidence: float


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text is about. `types` best first; `act` the kind of speech with its probability; `signs` dangers,
    `sure` those that stop the talk by themselves, `unlikely` those next to impossible; `idle` how likely it is talk without any trouble, by its meaning alone (0.0 for a few characters)."""

    types: tuple[Topic, ...]
    act: str
    act_confidence: float
    faq: str | None
    signs: tuple[str, ...]
    acts: tuple[tuple[str, float], ...]
    model: str
    halves: tuple[tuple[Part, Part], ...] = ()
    beside: Beside | None = None
    idle: float = 0.0
    sure: tuple[str, ...] = ()
    unlikely: tuple[str, ...] = ()

    def intents(self) -> list[tuple[str, float]]:
        """One ranking as Rasa has it: acts, and the probability of telling shared among the dispute types."""
        ranked: defaultdict[str, float] = defaultdict(float)
        for act, probability in self.acts:
            if act == TELL:
                for topic in self.types:
                    ranked[f"dispute_{topic.type}"] += probability * topic.confidence
            else:
                ranked[act.split("/")[0]] += probability
        return _descending(ranked)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the act ranking."""
        return {key: value for key, value in asdict(self).items() if key != "acts"}


@dataclass(slots=True)
class DeskModel:
    """The trained model. Train with `train`, keep with `save`, read back with `load`."""

    topic_features: Features
    topics: Classes
    meaning: Meaning
    act_features: Features
    acts: Classes
    dangers: SecondNet
    version: str

    @classmethod
    def train(cls, examples: Sequence[Example], memory: Path | None = None) -> DeskModel:
        """Learn from labelled examples; `memory` is a file of sentence vectors to reuse. The same give the same."""
        texts = [normalise(example.text) for example in examples]
        labels = [example.label for example in examples]
        told = [i for i, label in enumerate(labels) if label.startswith("dispute_")]
        topic_features, topic_matrix = _fitted([texts[i] for i in told])
        topic_labels = [labels[i].removeprefix("dispute_") for i in told]
        topics = _learn(topic_matrix, topic_labels)
        topics.temperature = _temperature(topic_matrix, topic_labels)
        idle = [text for text, label in zip(texts, labels) if label in IDLE_ACTS]
        meaning = Meaning.train([texts[i] for i in told], topic_labels, memory, idle)
        acting = [i for i, label in enumerate(labels) if not label.startswith(("dispute_", "danger_"))]
        tellers = told[:: max(len(told) // 900, 1)]
        act_features, act_matrix = _fitted([texts[i] for i in (*acting, *tellers)])
        acts = _learn(act_matrix, [*(labels[i] for i in acting), *(TELL for _ in tellers)])
        dangerous = [i for i, label in enumerate(labels) if label.startswith("danger_")]
        # Violence, death and threats are told in these types' own examples: they cannot stand as harmless.
        sample = [told[at] for at in sampled([texts[i] for i in told], CALM)]
        calm = [i for i in sample if labels[i].removeprefix("dispute_").split("/")[0] in CALM_TYPES]
        calm += [i for i in sample if labels[i] == "dispute_medical" and not TOLD.search(texts[i])]
        calm += acting  # "没", "就我", "算了": every short answer is harmless; 26 of 93 raised a sign without them
        signs = [frozenset(labels[i].removeprefix("danger_").split("+")) - {"none"} for i in dangerous]
        dangers = SecondNet.train(
            [texts[i] for i in (*dangerous, *calm)], [*signs, *(frozenset() for _ in calm)], memory
        )
        version = f"{zlib.crc32(json.dumps(sorted(zip(texts, labels)), ensure_ascii=False).encode()):08x}"
        return cls(topic_features, topics, meaning, act_features, acts, dangers, version)

    def save(self, path: Path) -> None:
        """Write to a file (joblib, compressed)."""
        joblib.dump(self, path, compress=3)

    @classmethod
    def load(cls, path: Path) -> DeskModel:
        """Read back what `save` wrote. Raises OSError or a pickle error for a damaged file."""
        model = joblib.load(path)
        assert isinstance(model, cls)
        model.meaning.widen()
        return model

    def topics_of(self, texts: Sequence[str]) -> list[tuple[Topic, ...]]:
        """Candidates of each text, best first; sub-types rolled up to their type."""
        plain = [normalise(text) for text in texts]
        rows = self.topics.probabilities(self.topic_features.of(plain))
        return [self._judged(row, _vector(text)) for text, row in zip(plain, rows)]

    def _judged(self, row: NDArray[np.float64], vector: Vectors | None) -> tuple[Topic, ...]:
        """Candidates of one text: the n-grams' opinion and, for more than a few characters, the meaning's."""
        grams = {label: float(probability) for label, probability in zip(self.topics.labels, row)}
        if vector is None:
            return _rolled_up(grams, 1.0)
        linear, near = self.meaning.shares_of(vector)
        mixed = {
            label: GRAMS_SHARE * share + LINEAR_SHARE * linear.get(label, 0.0) + NEAREST_SHARE * near.get(label, 0.0)
            for label, share in grams.items()
        }
        return _rolled_up(mixed, SHARPNESS)

    def halves_of(self, text: str) -> tuple[tuple[Part, Part], ...]:
        """The ways to cut a telling into two parts of different topics, surest first; most texts have none."""
        tried = list(cuts(text))
        if not tried:
            return ()
        words = [part for cut in tried for part in cut]
        rows = self.topics.probabilities(self.topic_features.of([normalise(part) for part in words]))
        parts = []
        for part, row in zip(words, rows):
            type_, _, subtype = self.topics.labels[int(row.argmax())].partition("/")
            parts.append(Part(type_, subtype or None, round(float(row.max()), 4), part))
        pairs = [(one, other) for one, other in zip(parts[::2], parts[1::2])]
        pairs = [(one, other) for one, other in pairs if (one.type, one.subtype) != (other.type, other.subtype)]
        return tuple(sorted(pairs, key=lambda pair: -min(pair[0].confidence, pair[1].confidence))[:3])

    def question_beside(self, text: str) -> Beside | None:
        """The surest question on mediation that stands beside something told, or None."""
        tried = list(cut_off(text))
        if not tried:
            return None
        found = []
        for (asked, told), (act, sure) in zip(tried, self._acts_of([asked for asked, _ in tried])):
            if act.startswith("faq/") and sure >= BESIDE:
                found.append((sure, act.removeprefix("faq/"), asked, told))
        if not found:
            return None
        sure, faq, asked, told = max(found)
        [(act, act_sure)] = self._acts_of([told])
        return Beside(asked, faq, sure, told, act.split("/")[0], act_sure)

    def _acts_of(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """The likeliest act of each text."""
        rows = self.acts.probabilities(self.act_features.of([normalise(text) for text in texts]))
        return [(self.acts.labels[int(row.argmax())], round(float(row.max()), 4)) for row in rows]

    def dangers_of(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Dangers that the second net sees, and those it finds next to impossible (`bot.understanding.dangers`); the
        rules are the first net."""
        plain = normalise(text)
        chances = self.dangers.chances_of(plain, _quick(_vector(plain)))
        return tuple(told_of(chances)), unlikely_of(chances)

    def understand(self, text: str) -> Understood:
        """Everything about one text."""
        plain = normalise(text)
        row = self.acts.probabilities(self.act_features.of([plain]))[0]
        order = np.argsort(-row)[:6]
        acts = tuple((self.acts.labels[i], float(row[i])) for i in order)
        asked = sum(float(p) for label, p in zip(self.acts.labels, row) if label.startswith("faq/"))
        act, confidence = acts[0]
        faq = None
        if act.startswith("faq/"):
            # "A question on mediation" is sure when the questions together are, even if two of them are near; which
            # one is left open when none stands out, so that no wrong answer is given.
            faq, act = act.removeprefix("faq/") if confidence >= ONE_QUESTION else None, "faq"
            confidence = max(confidence, asked * 0.9)
        vector = _vector(plain)
        chances = self.dangers.chances_of(plain, _quick(vector))
        told = told_of(chances)
        topics = self._judged(self.topics.probabilities(self.topic_features.of([plain]))[0], vector)
        idle = 0.0 if vector is None else round(self.meaning.idle_share(vector), 4)
        return Understood(
            topics,
            act,
            confidence,
            faq,
            tuple(told),
            acts,
            self.version,
            self.halves_of(text),
            self.question_beside(text),
            idle,
            tuple(sign for sign, chance in told.items() if chance >= SURE),
            unlikely_of(chances),
        )


@functools.lru_cache(maxsize=4)
def _vector(plain: str) -> Vectors | None:
    """A normalised text's sentence vector, kept while type and dangers are judged; None for a few characters, which
    mean no topic."""
    return vectors_of([plain])[0] if len(plain) >= SHORTEST else None


def _quick(vector: Vectors | None) -> Vectors | None:
    """The faster encoder's half."""
    return None if vector is None else vector[:USE_SIZE]


def _fitted(texts: Sequence[str]) -> tuple[Features, csr_matrix]:
    features = Features()
    features.fit(texts)
    return features, features.of(texts)


def _descending(weights: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(weights.items(), key=lambda item: -item[1])


def _rolled_up(shares: Mapping[str, float], power: float) -> tuple[Topic, ...]:
    """Candidates: sub-types rolled up to types, raised to `power`; a sub-type is named when it holds most of its type."""
    total: defaultdict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, str | None]] = {}
    for label, probability in shares.items():
        type_, _, subtype = label.partition("/")
        total[type_] += probability
        if probability > best.get(type_, (-1.0, None))[0]:
            best[type_] = (probability, subtype or None)
    whole = sum(share**power for share in total.values())
    return tuple(
        Topic(
            type_,
            best[type_][1] if best[type_][0] >= SUBTYPE * share else None,
            round(share**power / whole, 5),
        )
        for type_, share in _descending(total)
    )
