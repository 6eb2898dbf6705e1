"""Commands: 重来, 退出, 转人工, 为什么问这个, 还有几个问题, 总结一下, 跳过, 删除我的资料. Called by the interview, before answers.

Hides by which words, or by which intent of the model, a command is known, and what each does to the record.
"""

from __future__ import annotations

import re

from bot.intake.amiss import noticed
from bot.intake.asides import ASIDE, is_aside
from bot.intake.corrections import corrected
from bot.intake.listening import who_learns
from bot.intake.safety import at_risk
from bot.intake.steps import Say
from bot.intake.taps import only_asking
from bot.intake.turn import Turn

COMMANDS: dict[str, re.Pattern[str]] = {
    "start_over": re.compile(r"(?:重来|重新开始|重新来过?|从头(?:再)?来|重新说)(?:一遍|吧)?[。！!]?"),
    "quit": re.compile(r"(?:我要|我想)?(?:退出|不说了|不弄了|结束吧?|算了不说了|先这样吧?|不想继续了?)[。！!]?"),
    "human": re.compile(r"(?:我要|我想|给我)?(?:转人工|找人工|人工(?:服务|客服)?|找真人|换真人)[。！!]?"),
    "why": re.compile(r"为(?:什么|啥|何)(?:要)?(?:问|填|说)(?:这个|这些|这)?.{0,6}[?？]?"),
    "how_many_left": re.compile(r"(?:还有|还要|还剩)(?:几|多少|好多)个?(?:问题|步|题)?.{0,4}[?？]?"),
    "summarise": re.compile(r"(?:帮我)?(?:总结一下|看看记了什么|都记了(?:啥|什么)|汇总一下).{0,4}[?？]?"),
    "skip": re.compile(r"(?:跳过|下一[个题]|先空着|略过|pass)(?:吧|这个)?[。！!]?", re.I),
    "enough": re.compile(
        r"(?:你|您|你们)?(?:能不能|可不可以|可以|麻烦|请)?(?:别|不要|甭|少)(?:再|老是?|总是?|一直)?问(?:我)?(?:这么多|那么多|点|几句|几个)?(?:问题)?(?:了|吧|好不好|行不行|吗|嘛|啊)*[。！!？?]*"
        r"|(?:怎么|你)?问(?:得|的|题)?(?:怎么)?(?:这么|那么|太|真)多(?:啊|呀|了|问题)*[。！!？?]*|(?:问个?)?没完没了(?:啊|了|的)*[。！!]*"
    ),
    "only_asking": re.compile(
        r"(?:我)?(?:就|只)(?:是)?(?:想)?(?:问问|问一下|咨询一下?|了解一下)(?:而已|，.{0,12})?[。！!]?|不(?:用|想|是要?)(?:登记|调解)[。！!了]?"
    ),
    "pause": re.compile(
        r"(?:你|您)?(?:先)?(?:等[一]?下|等等|等会儿?|稍等(?:一下)?|等我(?:一下|一会儿?)|先等等)(?:[，, ]*我(?:去|先|要)?.{0,12})?[。！!啊哈]*"
        r"|我(?:先)?(?:去|要去|得去)?(?:接|打)(?:一?个)?电话[。！!]?|我(?:先)?去?(?:忙|做个?饭|看一?下孩子|上个?厕所|找(?:一?下|找)(?:合同|欠条|单子)?).{0,4}[。！!]?|马上(?:回来|就来)[。！!]?"
    ),
    "back_again": re.compile(
        r"(?:好了|行了|可以了|我?(?:又)?(?:回来|忙完|接完|弄好)了?|我来了|还在吗|在吗|在不在|接着(?:来|问|说)吧?|继续吧?|你?(?:接着)?问吧)[，, 。！!？?啊]*"
        r"(?:接着(?:来|问|说)吧?|继续吧?|你?问吧)?[。！!]?"
    ),
    "what_now": re.compile(
        r"(?:那|这|现在|我|该|要|应该)*(?:怎么办|咋办|怎么弄|咋整|怎么整|咋弄|如何是好)(?:啊|呀|呢|嘛|才好|好)*[?？。！!]*"
    ),
    "delete": re.compile(r"(?:请)?(?:删除|删掉|清除)(?:我的)?(?:资料|信息|记录|全部|数据)[。！!]?"),
}

#: Words that neither answer nor ask: she is away for a moment, is back, or is at a loss.
RESTING = {"pause": "utter_pause", "back_again": "utter_back_again", "what_now": "utter_what_now"}


def command(turn: Turn, step: str | None) -> bool:
    """Carry out a command or a correction. True when the turn is thereby used up."""
    text = turn.heard.text.strip()
    learns = who_learns(turn.record, text)
    if learns is not None:
        turn.say(learns)
        return step != "story" or is_aside(turn, ASIDE)
    said = next((name for name, pattern in COMMANDS.items() if pattern.fullmatch(text)), None)
    if said is None and turn.heard.act in COMMANDS and turn.heard.act_confidence >= 0.75 and len(text) <= 16:
        said = turn.heard.act if step != "story" else None
    if said is not None and _command(turn, said, step):
        return True
    return noticed(turn, text, step) or corrected(turn, text, step)


def _command(turn: Turn, said: str, step: str | None) -> bool:
    record = turn.record
    filed = record.status == "filed"
    if said == "start_over":
        turn.restart()
    elif (said == "quit" and not filed) or said == "delete":
        record.leaving = True
        if said == "delete":
            turn.wish("delete_asked")
    elif said == "only_asking" and not filed and step not in ("privacy_consent", "story"):
        record.purpose_open = False
        only_asking(turn)
    elif said == "human":
        turn.say("utter_human")
    elif said == "why" and step is not None and step in turn.steps.taxonomy.facts:
        turn.say("utter_why", why=turn.spec(step).why)
    elif said == "why" and step == "safe_now":
        turn.say("utter_why_safe_now")
    elif said == "enough" and record.type and step in turn.steps.taxonomy.facts and record.status == "open":
        _spare(turn)
    elif said == "how_many_left" and record.type:
        done, total = turn.steps.progress(record)
        turn.say("utter_how_many_left", left=str(max(total - done + 1, 1)))
    elif said == "summarise" and record.facts:
        turn.out.says.append(Say("utter_summary", show={"card": True}))
    elif said in RESTING:
        if (step not in turn.steps.taxonomy.facts and step != "dispute_type") or _answers(turn, said, step):
            return False
        turn.say(RESTING[said])
    elif said == "skip" and step is not None and step in turn.steps.taxonomy.facts:
        turn.blank(step, "skipped")
    else:
        return False
    return True


def _spare(turn: Turn) -> None:
    """ "别问了": what is not needed stays blank, and is not asked. How to reach her safely is asked all the same."""
    record, steps = turn.record, turn.steps
    kept = steps.taxonomy.at_risk if at_risk(record) else ()
    for key in steps.questions(record):
        if not record.said(key) and not steps.taxonomy.facts[key].need and key not in (*kept, "health_consent"):
            record.leave_blank(key, "declined")
    turn.say("utter_enough")


def _answers(turn: Turn, said: str, step: str | None) -> bool:
    """Whether "好了", "可以了" answer a question of yes or no or one of its options."""
    spec = turn.steps.taxonomy.facts.get(step or "")
    return said == "back_again" and spec is not None and spec.kind in ("yes_no", "choice")
