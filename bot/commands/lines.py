"""The measured verbs: JSON lines in, JSON lines out (CONTRACT). They import neither Rasa nor the web.

An unreadable line gives an error line in its place; nothing but answers goes to standard output.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot import knowledge
from bot.intake.directory import Directory
from bot.intake.places import read_places
from bot.intake.reading import read
from bot.intake.routing import Case, route
from bot.intake.signs import believed_signs, unmeant_signs
from bot.intake.steps import ASK_BACK
from bot.live import words_of

if TYPE_CHECKING:
    from bot.understanding.model import DeskModel

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


def answer_lines(answer: Answer, lines: Iterable[str], out: TextIO = sys.stdout) -> None:
    """Answer each line in order."""
    for line in lines:
        if not line.strip():
            continue
        asked: Any = None
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise TypeError("一行要是一个 JSON 对象")
            answered = {"id": asked.get("id"), **answer(asked)}
        except Exception as error:
            answered = {
                "id": asked.get("id") if isinstance(asked, dict) else None,
                "error": f"{type(error).__name__}: {error}",
            }
        out.write(json.dumps(answered, ensure_ascii=False) + "\n")
        out.flush()


def load_model(archive: Path) -> DeskModel:
    """The trained model straight from Rasa's archive, without importing Rasa. Raises RuntimeError when damaged."""
    from bot.understanding.chinese import dictionary, use_words
    from bot.understanding.model import FILE, DeskModel

    use_words(dictionary(words_of(archive)))
    try:
        with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
            member = next(m for m in packed.getmembers() if m.name.endswith(FILE))
            member.name = FILE
            packed.extract(member, folder)
            return DeskModel.load(Path(folder) / FILE)
    except Exception as error:  # tar, zlib and pickle each have their own
        raise RuntimeError(f"模型文件 {archive.name} 坏了，请删掉它再运行 make train。") from error


def signs_in(text: str, model: DeskModel) -> list[str]:
    """Dangers by both nets: the rules, where the model does not rule it out, and the model where it is all but sure."""
    seen, unlikely = model.dangers_of(text)
    return sorted({sign.kind for sign in believed_signs(text, unlikely)} | (set(seen) - unmeant_signs(text)))


def classify(model: DeskModel) -> Answer:
    """Type, sub-type, confidence, alternatives, whether to ask back, dangers."""

    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        text = _text(asked)
        best, *others = model.topics_of([text])[0]
        return {
            "type": best.type,
            "subtype": best.subtype,
            "confidence": round(best.confidence, 4),
            "alternatives": [{"type": t.type, "confidence": round(t.confidence, 4)} for t in others],
            "ask": best.confidence < ASK_BACK,
            "signs": signs_in(text, model),
        }

    return answer


def reading() -> Answer:
    """Money, dates, places, phones, people, areas of a text."""
    divisions = knowledge.divisions()

    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        text, now = _text(asked), date.fromisoformat(asked["now"]) if asked.get("now") else date.today()
        heard = read(text, now, asked.get("asked"))
        return {
            "money": [{"text": m.text, "value": m.value, "approx": m.approx} for m in heard.money],
            "dates": [
                {"text": d.text, "start": d.start.isoformat(), "end": d.end.isoformat(), "precision": d.precision}
                for d in heard.dates
            ],
            "places": [
                {"text": p.text, "code": p.code, "names": list(p.names), "candidates": list(p.candidates)}
                for p in read_places(text, divisions)
            ],
            "phones": [p.digits for p in heard.phones],
            "people": [{"text": p.text, "value": p.value, "approx": p.approx} for p in heard.people],
            "areas": [{"text": a.text, "mu": a.mu} for a in heard.areas],
        }

    return answer


def routing(directory: Directory) -> Answer:
    """The committee for a case."""
    divisions, policy = knowledge.divisions(), knowledge.routing_policy()

    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        found = route(Case.from_mapping(asked), directory, divisions, policy)
        return {
            "primary": found.primary,
            "alternatives": list(found.alternatives),
            "ask": found.ask,
            "doors": list(found.doors),
            "reasons": list(found.reasons),
            "safety_first": found.safety_first,
        }

    return answer


def _text(asked: Mapping[str, Any]) -> str:
    text = asked.get("text")
    if not isinstance(text, str):
        raise ValueError("缺少 text")
    return text
