"""`python -m bot release`: the process of a training, and which model is live. Called by `bot.__main__`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.live import leave, live
from bot.settings import Settings


def add_parser(verbs: Any) -> None:
    """The verb with its words."""
    release = verbs.add_parser("release", help="训练台发布的模型：现在用的是哪一版，不用它了")
    what = release.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("show", help="现在用的是哪一版")
    what.add_parser("leave", help="不用发布的，改用 make train 训练的（重开以后）")
    tried = what.add_parser("try", help="训练一次，量一量（训练台自己会叫它）")
    for name in ("folder", "live", "quality", "dialogues", "seeds"):
        tried.add_argument(f"--{name}", type=Path, required=True)
    tried.add_argument("--folds", type=int, default=0)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Carry out one of its words. Returns the exit status."""
    if chosen.what == "try":
        from bot.trial import Order
        from bot.trial import run as tried

        order = Order(chosen.folder, chosen.live, chosen.quality, chosen.dialogues, chosen.seeds, chosen.folds)
        return tried(order)
    published = live(settings.models)
    if chosen.what == "leave" and published is not None:
        leave(settings.models)
        print(f"第 {published.number} 版不用了。重开以后用 make train 训练的；第 {published.number} 版还留着。")
    elif published is not None:
        print(f"现在用的是第 {published.number} 版：{published.model}")
    else:
        print("现在用的是服务器上训练的，没有发布过。")
    return 0
