"""The confusion matrix and the reliability curve as small PNG files.

Hides matplotlib (3.5.3, which Rasa brings) and the search for a font with Chinese characters; without one the keys of
the types are drawn instead of their names. Called by the verb `evaluate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei",
         "PingFang SC", "SimHei", "Noto Serif CJK SC", "Noto Sans CJK JP")  # fmt: skip
DPI = 80


def chinese_font() -> str | None:
    """A font of this machine that has Chinese characters, or None."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((font for font in FONTS if font in known), None)


def _figure(width: float, height: float) -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    font = chinese_font()
    pyplot.rcParams["font.sans-serif"] = [font or "DejaVu Sans"]
    pyplot.rcParams["axes.unicode_minus"] = False
    return pyplot.subplots(figsize=(width, height), dpi=DPI)


def draw_confusion(confusion: Mapping[str, Mapping[str, int]], names: Mapping[str, str], path: Path) -> None:
    """Rows are what it is, columns what was answered; each row coloured by its own share."""
    from matplotlib import pyplot

    chinese = chinese_font() is not None
    answered = {answer for row in confusion.values() for answer in row}
    labels = [key for key in names if key in confusion or key in answered]
    shown = [names[key] if chinese else key for key in labels]
    counts = [[confusion.get(gold, {}).get(answer, 0) for answer in labels] for gold in labels]
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    figure, axes = _figure(8.2, 7.4)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), shown, rotation=60, ha="right", fontsize=9)
    axes.set_yticks(range(len(labels)), shown, fontsize=9)
    axes.set_xlabel("听成了哪一类" if chinese else "answered")
    axes.set_ylabel("其实是哪一类" if chinese else "gold")
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if count:
                axes.text(x, y, count, ha="center", va="center", fontsize=8,
                          color="white" if shares[y][x] > 0.55 else "black")  # fmt: skip
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)


def draw_reliability(curves: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> None:
    """One line per set: stated probability against the share that was right; the size of a dot tells how many texts."""
    from matplotlib import pyplot

    chinese = chinese_font() is not None
    figure, axes = _figure(5.6, 5.2)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for number, (name, bins) in enumerate(curves.items()):
        stated, right = [one["stated"] for one in bins], [one["right"] for one in bins]
        axes.plot(stated, right, linewidth=1.2, label=name if chinese else f"set {number + 1}")
        total = sum(one["n"] for one in bins) or 1
        axes.scatter(stated, right, s=[12 + 260 * one["n"] / total for one in bins], alpha=0.55)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("它自己说的把握" if chinese else "stated")
    axes.set_ylabel("真的对了几成" if chinese else "right")
    axes.legend(loc="lower right", fontsize=9)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
