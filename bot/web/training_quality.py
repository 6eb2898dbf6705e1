"""The quality card over time: the figures of each published release and of the card, as lines and as a table.

Hides where figures lie: releases in the database, the card in docs/quality.json. All are measured on the project's own
held-out set (`tests/quality`), so that they can be compared. Called by `review`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from bot.settings import ROOT
from bot.web.review_visit import Page, Visit
from bot.web.training import TRAINING, room_of, show

CARD = ROOT / "docs" / "quality.json"
#: What is shown, and how its line is told apart without colour: (colour, dashes, the sign at each point).
MEASURES: Mapping[str, tuple[str, str, str, str]] = {
    "six_f1": ("类型，六分", "#0b5f8a", "", "●"),
    "fifteen_f1": ("类型，十五分", "#8a4f7d", "8 4", "■"),
    "in_three": ("前三个里有对的", "#17603a", "2 4", "▲"),
    "danger": ("危险听出来的", "#a11a1a", "12 4 2 4", "◆"),
}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, FLOOR = 720, 300, 52, 24, 56, 254


@dataclass(frozen=True, slots=True)
class Measured:
    """One model's figures, 0–1, None where it was not measured."""

    name: str
    at: datetime
    figures: Mapping[str, float | None]


def quality(visit: Visit) -> Response:
    """Published figures, oldest first."""
    told = sorted([*_releases(visit), *_card()], key=lambda one: one.at)
    return show(visit, "quality.html", told=told, measures=MEASURES, chart=lines(told) if told else "")


def _releases(visit: Visit) -> list[Measured]:
    return [
        Measured(f"发布 {one.version or one.id}", one.published_at, _figures((one.figures or {}).get("after") or {}))
        for one in room_of(visit).workshop.publishing.published()
        if one.published_at is not None
    ]


def _card() -> list[Measured]:
    """The project's own card, if it was ever measured."""
    try:
        card = json.loads(CARD.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(card["made"]["date"])
        held = card["sets"]["heldout"]
        figures = _figures({"types": held["types"], "safety": {"heldout": held.get("safety")}})
        return [Measured(f"质量卡 {card['made']['model']}", at, figures)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _figures(after: Mapping[str, Any]) -> dict[str, float | None]:
    types = after.get("types") or {}
    signs = (((after.get("safety") or {}).get("heldout") or {}).get("signs") or {}).values()
    heard, missed = sum(one["right"] for one in signs), sum(one["missed"] for one in signs)
    figures: dict[str, float | None] = {key: types.get(key) for key in MEASURES if key != "danger"}
    figures["danger"] = heard / (heard + missed) if heard + missed else None
    return figures


def lines(told: Sequence[Measured]) -> Markup:
    """The lines, each with dashes and signs of its own; the numbers stand in the table beside."""
    values = [value for one in told for value in one.figures.values() if value is not None]
    low = min(0.9, int(min(values, default=0.0) * 10) / 10)
    step = (WIDTH - LEFT - RIGHT) / max(len(told) - 1, 1)
    parts = []
    for number in range(round((1 - low) * 10) + 1):
        share = low + number / 10
        y = _height(share, low)
        parts.append(Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="#d5dbe0"/>').format(LEFT, WIDTH, y, y))
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="end" font-size="12">{}%</text>').format(
                LEFT - 6, y + 4, round(share * 100)
            )
        )
    for place, (key, (name, colour, dashes, sign)) in enumerate(MEASURES.items()):
        points = [
            (LEFT + step * at, _height(value, low))
            for at, one in enumerate(told)
            if (value := one.figures.get(key)) is not None
        ]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
                drawn, colour, dashes
            )
        )
        parts += [
            Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle" font-size="15" fill="{}">{}</text>').format(
                x, y + 5, colour, sign
            )
            for x, y in points
        ]
        x = LEFT + 165 * place
        parts.append(
            Markup('<line x1="{}" x2="{}" y1="18" y2="18" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
                x, x + 30, colour, dashes
            )
        )
        parts.append(Markup('<text x="{}" y="23" font-size="13">{} {}</text>').format(x + 36, sign, name))
    for at, one in enumerate(told):
        if at in (0, len(told) - 1) or len(told) < 9:
            anchor = "start" if at == 0 else "end" if at == len(told) - 1 else "middle"
            parts.append(
                Markup('<text x="{:.1f}" y="{}" text-anchor="{}" font-size="12">{}</text>').format(
                    LEFT + step * at, FLOOR + 20, anchor, f"{one.at:%m-%d}"
                )
            )
    head = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="quality-title"><title id="quality-title">{}</title>'
    )
    title = "；".join(f"{name} {_said(told[-1].figures.get(key))}" for key, (name, *_) in MEASURES.items())
    return head.format(WIDTH, HEIGHT, f"最近一次：{title}") + Markup("").join(parts) + Markup("</svg>")


def _height(share: float, low: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * (share - low) / (1 - low), 1)


def _said(value: float | None) -> str:
    return "没量" if value is None else f"{100 * value:.1f}%"


PAGES = (Page(TRAINING + "/quality", "GET", "releases", "see", quality),)
