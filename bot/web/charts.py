"""Charts as SVG, drawn on the server: readable without colour (patterns, and every number is written), without script.

Hides the geometry. A chart has a title and a description for who cannot see it; the table beside it holds the same
numbers. No style attributes: the pages' Content-Security-Policy forbids them. Called by the statistics page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 720
#: Fill of each series: a colour and, over it, a pattern, so that print and colour blindness leave them apart.
SERIES = (
    ("#0b5f8a", ""),
    ("#e9b44c", "stripes"),
    ("#8a4f7d", "dots"),
    ("#c8d0d6", "cross"),
)
_PATTERNS = Markup(
    "<defs>"
    '<pattern id="{id}-stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#e9b44c"/><rect width="2" height="7" fill="#4f3a08"/></pattern>'
    '<pattern id="{id}-dots" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect width="7" height="7" fill="#8a4f7d"/><circle cx="3.5" cy="3.5" r="1.6" fill="#fff"/></pattern>'
    '<pattern id="{id}-cross" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect width="7" height="7" fill="#fff"/><path d="M0 0L7 7M7 0L0 7" stroke="#7b8790"/></pattern>'
    "</defs>"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar with a value for each series."""

    label: str
    values: tuple[int, ...]


def columns(id_: str, title: str, series: Sequence[str], bars: Sequence[Bar]) -> Markup:
    """Upright bars side by side for each label: for months. `id_` is unique on the page."""
    height, left, top, floor = 260, 46, 40, 214
    most = _round_up(max((value for bar in bars for value in bar.values), default=0))
    room = (WIDTH - left - 8) / max(len(bars), 1)
    thick = min(26.0, room * 0.8 / max(len(series), 1))
    parts = [_legend(id_, series), _grid(most, left, top, floor)]
    skip = max(1, round(len(bars) / 13))
    for at, bar in enumerate(bars):
        middle = left + room * (at + 0.5)
        start = middle - thick * len(series) / 2
        for number, value in enumerate(bar.values):
            tall = (floor - top) * value / most if most else 0
            parts.append(_rect(id_, number, start + thick * number, floor - tall, thick - 1, tall))
            if value and skip == 1:
                parts.append(_text(start + thick * (number + 0.5), floor - tall - 4, f"{value}", "middle", 11))
        if at % skip == 0:
            parts.append(_text(middle, floor + 17, bar.label, "middle", 12))
    return _svg(id_, title, height, _described(series, bars), parts)


def stacked(id_: str, title: str, series: Sequence[str], bars: Sequence[Bar]) -> Markup:
    """Lying bars, the series one after the other: what became of the cases of each type."""
    left, top, row = 108, 40, 30
    height = top + row * max(len(bars), 1) + 8
    most = max((sum(bar.values) for bar in bars), default=0)
    parts = [_legend(id_, series)]
    for at, bar in enumerate(bars):
        y, x = top + row * at, float(left)
        parts.append(_text(left - 8, y + 16, bar.label, "end", 13))
        for number, value in enumerate(bar.values):
            wide = (WIDTH - left - 60) * value / most if most else 0
            parts.append(_rect(id_, number, x, y, wide, row - 10))
            if wide > 8 * len(f"{value}") + 10:
                parts.append(_plate(x + wide / 2, y + 14.5, f"{value}"))
            x += wide
        parts.append(_text(x + 6, y + 15, f"{sum(bar.values)}", "start", 12))
    return _svg(id_, title, height, _described(series, bars), parts)


def _svg(id_: str, title: str, height: float, described: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' class='chart'"
        " aria-labelledby='{id}-title {id}-desc'><title id='{id}-title'>{title}</title>"
        "<desc id='{id}-desc'>{described}</desc>{patterns}{parts}</svg>"
    ).format(
        width=WIDTH,
        height=round(height),
        id=id_,
        title=title,
        described=described,
        patterns=_PATTERNS.format(id=id_),
        parts=Markup("").join(parts),
    )


def _described(series: Sequence[str], bars: Sequence[Bar]) -> str:
    told = [f"{bar.label}：{'，'.join(f'{n} {v}' for n, v in zip(series, bar.values, strict=True))}" for bar in bars]
    return "；".join(told) or "没有案件"


def _legend(id_: str, series: Sequence[str]) -> Markup:
    parts, x = [], 46.0
    for number, name in enumerate(series):
        parts += [_rect(id_, number, x, 8, 16, 14), _text(x + 22, 20, name, "start", 13)]
        x += 22 + 14 * len(name) + 22
    return Markup("").join(parts)


def _grid(most: int, left: float, top: float, floor: float) -> Markup:
    parts = []
    for step in range(5):
        if most * step % 4:
            continue
        y = floor - (floor - top) * step / 4
        line = "<line x1='{}' y1='{y}' x2='{}' y2='{y}' stroke='#d3d9df'/>"
        parts.append(Markup(line).format(left, WIDTH - 8, y=round(y, 1)))
        parts.append(_text(left - 6, y + 4, f"{most * step // 4}", "end", 11))
    return Markup("").join(parts)


def _rect(id_: str, number: int, x: float, y: float, wide: float, tall: float) -> Markup:
    colour, pattern = SERIES[number % len(SERIES)]
    fill = f"url(#{id_}-{pattern})" if pattern else colour
    return Markup("<rect x='{}' y='{}' width='{}' height='{}' fill='{}' stroke='#3a444c' stroke-width='.6'/>").format(
        round(x, 1), round(y, 1), round(max(wide, 0), 1), round(max(tall, 0), 1), fill
    )


def _text(x: float, y: float, words: str, anchor: str, size: int) -> Markup:
    return Markup("<text x='{}' y='{}' text-anchor='{}' font-size='{}' fill='#1b2128'>{}</text>").format(
        round(x, 1), round(y, 1), anchor, size, words
    )


def _plate(x: float, y: float, words: str) -> Markup:
    """A number on a patterned bar, on white so that it can be read."""
    wide = 8 * len(words) + 6
    plate = Markup("<rect x='{}' y='{}' width='{}' height='15' rx='2' fill='#fff'/>")
    return plate.format(round(x - wide / 2, 1), round(y - 12, 1), wide) + _text(x, y, words, "middle", 12)


def _round_up(most: int) -> int:
    """The top of the scale: a round number, divisible by four, at or above the highest bar.

    >>> [_round_up(n) for n in (0, 3, 17, 130, 9999)]
    [4, 4, 20, 200, 12000]
    """
    scale = 1
    while True:
        for step in (4, 8, 12, 20):
            if most <= step * scale:
                return step * scale
        scale *= 10
