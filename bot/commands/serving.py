"""`serve` and `talk`: the desk for people. Trains first when the model is missing, damaged or older than its sources."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

from bot.live import leave, live
from bot.settings import Settings
from bot.training import is_fresh, quiet, train

if TYPE_CHECKING:
    from bot.agent import Host


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def ensure_model(settings: Settings) -> None:
    """Train unless a release is published or the model is fresh. Raises TrainingError.

    What trainers agreed on meanwhile waits for a training with its gate: it never goes live by a restart.
    """
    published = live(settings.models)
    if published is not None:
        if not is_fresh(settings.models):
            _tell(f"用的是发布的第 {published.number} 版。例子比模型新，可以到训练台训练一次。")
    elif not is_fresh(settings.models):
        _tell("还没有模型，或者语料改过了，先训练一次（一两分钟）。")
        train(settings.models, _tell)


def open_host(settings: Settings) -> Host:
    """The desk with its model. A published release that cannot be opened (damaged, or made by an older program) is left
    aside, and told: citizens are not to stand before a closed door. Raises AgentError, TrainingError."""
    from bot.agent import AgentError, Host
    from bot.opening import open_desk

    ensure_model(settings)
    desk = open_desk(settings)
    try:
        return Host.open(settings.models, desk)
    except AgentError:
        published = live(settings.models)
        if published is None:
            raise
        _tell(f"发布的第 {published.number} 版打不开，先用服务器上训练的开门。请训练员到训练台看看。")
        leave(settings.models)
        ensure_model(settings)
        return Host.open(settings.models, desk)


def serve(settings: Settings) -> None:
    """One process: chat page, API, agent, actions."""
    quiet()
    _tell("正在打开分诊台……")
    host = open_host(settings)
    import uvicorn

    from bot.web.app import log, make_app

    log.setLevel(logging.INFO)  # what retention did, in numbers
    log.addHandler(logging.StreamHandler())
    asyncio.run(host.warm())
    address = f"http://{settings.host}:{settings.port}"
    app = make_app(host, settings)
    _tell(f"分诊台开门了。\n  聊天页面  {address}/\n  接口说明  {address}/api/openapi.json\n按 Ctrl+C 关门。")
    # No access log: addresses and times of who asked for help are personal data. The chat needs no web sockets.
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False, ws="none")


def talk(settings: Settings) -> None:
    """The desk in the terminal. Buttons are numbered: type #1, #2 … to tap one."""
    quiet()
    asyncio.run(_talk(open_host(settings)))


async def _talk(host: Host) -> None:
    key, _ = host.desk.open_conversation()
    out = host.desk.opening()
    choices = [choice.to_dict() for choice in out.choices]
    for text in await host.say([("utter_welcome", {}), (f"utter_ask_{out.ask}", {})]):
        print(f"分诊台：{text}")
    _offer(choices)
    while True:
        try:
            typed = input("您：").strip()
        except (EOFError, KeyboardInterrupt):
            print("\n再见。")
            return
        if not typed:
            continue
        number = typed[1:] if typed.startswith(("#", "＃")) else ""
        choice = choices[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(choices) else None
        reply = await host.hear(key, choice["title"] if choice else typed, choice=choice)
        for text, show in reply.bubbles:
            print(f"分诊台：{text}")
            for row in (show or {}).get("card", []):
                print(f"    {row['label']}：{row['shown']}")
            committee = ((show or {}).get("proposal") or (show or {}).get("result") or {}).get("committee")
            if committee:
                print(f"    {committee['name']}　{committee['address']}　{committee['phone']}　{committee['hours']}")
        choices = reply.state.get("choices", [])
        _offer(choices)


def _offer(choices: list[dict[str, str]]) -> None:
    for number, choice in enumerate(choices, 1):
        print(f"    #{number} {choice['title']}")
