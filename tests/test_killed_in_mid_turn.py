"""The acceptance seed "server restart mid-turn: same history, same question", with a process that is really killed."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from builders import WAGES, Talking, said
from system import settings_on

from bot.opening import open_desk
from bot.settings import ROOT, Settings

STORY = "我在湖州市南浔区练市镇的工地干活，老板欠我三万二工资一直不给"
ANSWER = "宏达建材有限公司"
#: Another process on the same database: it hears one answer, and at the place named it stops, until it is killed.
DYING = """
import sys, time
sys.path[:0] = [{root!r}, {tests!r}]
from builders import said
from bot.opening import open_desk
from bot.settings import Settings
import dataclasses
from sqlalchemy import event

desk = open_desk(dataclasses.replace(Settings.from_environment({{}}), database={database!r}))

def stop(*_):
    print("stopped", flush=True)
    time.sleep(600)

def before(_connection, _cursor, statement, *_):
    if statement.startswith("UPDATE conversations"):
        stop()

if {where!r} == "in the transaction":
    event.listen(desk._store._engine, "before_cursor_execute", before)
desk.hear({key!r}, said({answer!r}), "id-2")
stop()
"""


def killed(settings: Settings, key: str, where: str) -> None:
    """Let another process hear the answer and kill it (SIGKILL) at a place of the turn."""
    program = DYING.format(
        root=str(ROOT),
        tests=str(Path(__file__).parent),
        database=settings.database,
        where=where,
        key=key,
        answer=ANSWER,
    )
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "stopped"
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    process.stdout.close()


@pytest.mark.parametrize("where", ["in the transaction", "before the answer"])
def test_after_a_kill_in_mid_turn_the_history_is_whole_and_the_answer_counts_once(tmp_path: Path, where: str) -> None:
    settings = settings_on(tmp_path)
    talking = Talking(open_desk(settings)).consented()
    talking.desk.hear(talking.key, said(STORY, types=WAGES), "id-1")
    talk = talking.desk.conversation(talking.token)
    assert talk is not None
    asked = talking.desk.standing(talk).ask
    assert asked == "counterpart"
    killed(settings, talking.key, where)

    desk = open_desk(dataclasses.replace(settings))
    talk = desk.conversation(talking.token)
    assert talk is not None
    hers = [m.text for m in desk.history(talk) if m.who == "citizen"]
    kept = where == "before the answer"
    assert hers.count(ANSWER) == int(kept) and hers.count(STORY) == 1
    assert desk.standing(talk).ask == ("still_employed" if kept else asked)

    # The page never had an answer: it sends the same message again, under the same id.
    again = desk.hear(talk.key, said(ANSWER), "id-2")
    assert again.repeated is kept and again.ask == "still_employed"
    talk = desk.conversation(talking.token)
    assert talk is not None
    assert [m.text for m in desk.history(talk) if m.who == "citizen"].count(ANSWER) == 1
