"""What she may want at any time beside the interview: her rights, her receipt, another phone (PIPL 15, 44–47).

Hides how such a wish is recognised, and the one or two questions that belong to it. A wish is only named here
(`Wish`); the desk carries it out (`bot.rights`). Pure; called by the interview before commands and answers.
"""

from __future__ import annotations

import re
import unicodedata

from bot.intake import additions, amiss
from bot.intake.commands import COMMANDS
from bot.intake.reading.answers import read_yes_no
from bot.intake.steps import Choice
from bot.intake.turn import Turn
from bot.intake.words import more_story

#: The questions that belong to wishes: steps of the talk like any other.
ERRANDS = ("progress", "supplement", "withdraw", "take_back", "take_back_sure", "which_fact", "add_on")
#: Receipt numbers as people type them: lower case, full width, the stroke left out.
RECEIPT = re.compile(r"FZ\s*(\d{8})\s*[-—–_]?\s*([0-9A-Z]{6})(?![0-9A-Z])")
#: Above this probability the model's act is taken for a wish, in short words only.
SURE, SURER, SHORT = 0.75, 0.9, 24
#: Steps at which a guess of the model never interrupts.
NEVER = frozenset({"story", "privacy_consent", "safe_now", "leave"})
_MINE = r"(?:我的?|俺的?|我们的?|本人的?)"
_THINGS = r"(?:个人)?(?:资料|信息|数据|记录|内容|东西)"
_PLEASE = r"(?:请|麻烦|帮我|给我|我要|我想|想|能不能|能|可以|我)*"
#: Words that are certain. Whole sentences only: a story may speak of progress and supplements too.
WISHES: dict[str, re.Pattern[str]] = {
    "progress": re.compile(
        rf"{_PLEASE}(?:再)?(?:查|问|看|了解)(?:一下|一查|一看|下|个)?(?:我的?|这个|那个)?(?:受理号|回执号?|受理编号|进度|进展|案子|办理情况|办到哪.{{0,3}}).{{0,6}}"
        r"|.{0,8}(?:办到哪(?:一步|儿|里|了)?|到哪一?步|进展(?:怎么样|如何|到哪)|有(?:没有)?(?:进展|结果|消息|人管)|办得?怎么样)了?(?:没有?|吗|呢)?[?？。]?"
    ),
    "supplement": re.compile(
        r"(?:我(?:还)?|还)?(?:要|想|再|得|需要)(?:再)?补充(?:一下|一点|几句|一条|点|说明|情况|材料|证据|内容|登记)*(?:[：:，,。\s]+(?P<rest>.+)|(?:吧|可以吗|行吗)?[。.!！]?)",
        re.S,
    ),
    "withdraw": re.compile(
        rf"{_PLEASE}(?:把)?(?:撤回|撤销|撤掉|取消|撤了?)(?:我的?|这个|那个|这件|这次)?(?:调解)?(?:申请|登记|案子|调解)(?:撤回|撤了)?(?:吧|了)?[。!！]?"
        rf"|{_PLEASE}把?(?:我的?|这个|那个)?(?:申请|登记|案子)(?:给)?撤(?:了|掉|回|销)(?:吧|来)?[。!！]?"
        r"|(?:我)?(?:不(?:想)?(?:申请|调解?)了)[，,]?(?:撤(?:回|了|掉)?吧?)?[。!！]?"
    ),
    "take_back": re.compile(
        rf"{_PLEASE}(?:撤回|收回|撤销|取消)(?:我的?|之前的?|对|那个|原来的?)?(?P<what>.{{0,8}}?)(?:的)?(?:同意|授权)(?:了|吧)?[。!！]?"
        r"|(?:我)?(?:现在)?不(?:再)?同意(?:你们)?(?:再)?(?P<use>记录?病情|用我的(?:资料|信息)|移交|交给(?:他们|它|调委会))了?[。!！]?"
    ),
    "held": re.compile(
        rf"{_PLEASE}(?:查看|查阅|看看|看一?下|查一?下|知道|问一?下)?(?:你们|您们|这里|这儿|系统)?(?:里)?(?:都)?(?:存|记|留|有|收集?|保存|掌握)(?:了|着|有)?(?:些)?{_MINE}?(?:的)?(?:哪些|什么|啥|多少)(?:个人)?(?:的)?(?:资料|信息|数据|东西)?[?？。]?"
        rf"|{_PLEASE}(?:查看|查阅|看看|看一下|看下){_MINE}{_THINGS}[。?？]?"
        rf"|{_MINE}?{_THINGS}(?:都)?(?:交|给|发|传)(?:给)?了?(?:谁|哪里|哪些人|哪家)(?:看)?了?[?？。]?"
    ),
    "export": re.compile(
        rf"{_PLEASE}(?:把)?(?:导出|下载|复制|拷贝)(?:一下|一份)?{_MINE}?{_THINGS}?(?:一份|下来|出来)?[。!！?？]?"
        rf"|{_PLEASE}把?{_MINE}{_THINGS}(?:都)?(?:导出|下载|发|拷|复制)(?:来|给我|一份|出来|下来)*[。!！]?"
    ),
    "another_device": re.compile(
        rf"{_PLEASE}(?:换|用|到|在)(?:个|一?[台部]|另一?[个台部]|别的)?(?:手机|电脑|设备|机子|平板)(?:上)?(?:再|来|接着|继续)*(?:说|聊|弄|办|打开)?(?:吗|怎么弄|行吗|可以吗)?[。?？!！]?"
        rf"|{_PLEASE}(?:拿|要|生成|给)?(?:我)?(?:个|一个)?短码[。!！]?"
    ),
}
#: Words of a wish of taking back → the consent meant.
CONSENTS = {
    "health": re.compile(r"病|健康|医疗|身体"),
    "handover": re.compile(r"移交|交给|转交|调委会|调解委员会"),
    "privacy": re.compile(r"隐私|资料|信息|说明|全部|所有|一切"),
}
_STOP = re.compile(r"(?:算了|不(?:用|查|要|撤|补充|说)了?|先不|没有了?|取消|没事了?)[吧了。!！]*")
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")


def wanted(turn: Turn, step: str | None) -> bool:
    """Take words that are a wish, or the answer to a wish's own question. True when they are thereby used up."""
    record, text = turn.record, turn.heard.text.strip()
    if record.errand is not None and record.errand == step and _answered(turn, step, text):
        return True
    receipt = receipt_in(text)
    if receipt is not None:
        _ask_progress(turn, text)
        return True
    found = next(((name, m) for name, pattern in WISHES.items() if (m := pattern.fullmatch(text))), None)
    name = found[0] if found else None
    if name is None and turn.heard.act in WISHES and len(text) <= SHORT:
        # An open question belongs to the interview: there the model must be surer, and in a first telling or while
        # she is asked whether she is safe only certain words interrupt ("我现在没事了" was once `progress` at 0.83).
        sure = SURE if step is None or step in ("card", "handover_consent") else SURER
        back = COMMANDS["back_again"].fullmatch(text)
        if step not in NEVER and turn.heard.act_confidence >= sure and not back:
            name = turn.heard.act
    if name is None:
        return False
    return _begin(turn, name, found[1] if found else None, step)


def tapped_errand(turn: Turn, choice: Choice) -> bool:
    """Carry out a button of a wish. False when the button belongs to the interview."""
    record, step, value = turn.record, choice.step, choice.value
    if step == "errand" and value in WISHES:
        return _begin(turn, value, None, None)
    if step == "take_back" and value in CONSENTS:
        _ask_take_back(turn, value)
    elif step in ("which_fact", "add_on"):
        if record.errand == step:
            amiss.chosen(turn, value) if step == "which_fact" else _added(turn, value)
    elif step in ("take_back_sure", "withdraw", "progress", "supplement", "take_back"):
        if record.errand == step and value == "yes":
            _sure(turn, step)
        elif record.errand is not None:
            _drop(turn)
            turn.say("utter_errand_dropped")
        else:
            return True  # a button of long ago: the open question simply comes back
    elif step == "card" and value.startswith("edit:") and record.status == "filed":
        fact = value[5:]
        if fact == "type":
            record.errand = "supplement"  # what kind of matter it is, the mediator settles: her words go there
        elif fact in turn.steps.taxonomy.facts and fact not in ("story", "health_consent"):
            record.editing = fact
    else:
        return False
    return True


def receipt_in(text: str) -> str | None:
    """The receipt number in a text, as it is written on the receipt.

    >>> receipt_in("我的受理号是fz20261120 34679a")
    'FZ20261120-34679A'
    """
    found = RECEIPT.search(unicodedata.normalize("NFKC", text).upper())
    return f"FZ{found.group(1)}-{found.group(2)}" if found else None


def last_four_in(text: str) -> str | None:
    """The last four digits of a telephone in a text that may hold a receipt number too.

    >>> last_four_in("FZ20261120-34679A 尾号一二三四")
    '1234'
    >>> last_four_in("13800005678")
    '5678'
    """
    rest = RECEIPT.sub(" ", unicodedata.normalize("NFKC", text).upper()).translate(_HAN_DIGITS)
    runs = [re.sub(r"\D", "", run) for run in re.findall(r"\d(?:[\s-]?\d)*", rest)]
    fitting = [run for run in runs if len(run) == 4 or 10 <= len(run) <= 13]
    return fitting[-1][-4:] if fitting else None


def _begin(turn: Turn, name: str, match: re.Match[str] | None, step: str | None) -> bool:
    record = turn.record
    agreed = (consent := record.consent("privacy")) is not None and consent.given
    if name == "progress":
        _ask_progress(turn, turn.heard.text)
    elif name == "supplement":
        rest = (match.groupdict().get("rest") or "").strip() if match else ""
        if record.status != "filed":
            return _told_on(turn, rest, step)
        if len(re.findall(r"[\u4e00-\u9fff]", rest)) >= 4:
            turn.wish("supplement", words=rest)
        else:
            record.errand = "supplement"
    elif name == "withdraw":
        if record.status == "filed":
            record.errand = "withdraw"
            turn.wish("withdraw_asked")
        elif agreed:
            record.leaving = True  # nothing lies with anybody yet: keep it or delete it
        else:
            turn.say("utter_nothing_held")
    elif name == "take_back":
        if not agreed:
            turn.say("utter_nothing_held")
            return True
        words = " ".join(filter(None, match.groupdict().values())) if match else turn.heard.text
        kind = next((kind for kind, said in CONSENTS.items() if said.search(words)), None)
        if kind is not None:
            _ask_take_back(turn, kind)
        else:
            record.errand = "take_back"
    else:
        turn.wish(name)
    return True


def _told_on(turn: Turn, rest: str, step: str | None) -> bool:
    """Before filing, more words are more of the story; a bare announcement is only encouraged."""
    if step in ("story", "privacy_consent"):
        return False
    if rest:
        more_story(turn, rest)
    turn.say("utter_told_on" if rest else "utter_go_on")
    return True


#: She leaves it as it is: "算了不撤了".
_NOT_AFTER_ALL = re.compile(r"(?:不|别|先别|暂时不)(?:想|要)?(?:撤|收回)|(?:还是)?(?:留着|接着办|继续办)")


def _answered(turn: Turn, step: str | None, text: str) -> bool:
    """The answer to the question of an open wish. False: the words are about something else, and the wish rests."""
    record = turn.record
    if step == "which_fact":
        return amiss.answered(turn, text)
    if step == "add_on" and (value := additions.answered(text)) is not None:
        _added(turn, value)
        return True
    if _STOP.fullmatch(text) or (
        step in ("withdraw", "take_back_sure") and (read_yes_no(text) == "no" or _NOT_AFTER_ALL.search(text))
    ):
        _drop(turn)
        turn.say("utter_errand_dropped")
        return True
    if step == "progress":
        if receipt_in(text) is not None or last_four_in(text) is not None:
            _ask_progress(turn, text)
            return True
        record.misses["progress"] = record.misses.get("progress", 0) + 1
        if record.misses["progress"] < 2 and len(text) <= SHORT:
            turn.say("utter_progress_how")
            return True
    elif step == "supplement":
        if not any(pattern.fullmatch(text) for pattern in WISHES.values()):
            record.errand = None
            turn.wish("supplement", words=text)
            return True
    elif step == "take_back":
        kind = next((kind for kind, said in CONSENTS.items() if said.search(text)), None)
        if kind is not None:
            _ask_take_back(turn, kind)
            return True
    elif step in ("withdraw", "take_back_sure"):
        if read_yes_no(text) == "yes" or re.fullmatch(r"(?:我)?(?:确定|撤回?|撤吧|撤了).{0,4}", text):
            _sure(turn, step)
            return True
    _drop(turn)
    return False


def _added(turn: Turn, value: str) -> None:
    """What she says of words told after filing; they may begin another matter."""
    words = additions.decided(turn, value)
    if words is not None:
        turn.another({"key": None, "words": words, "turn": turn.record.turn, "at": turn.at, "way": "apart"})


def _drop(turn: Turn) -> None:
    record = turn.record
    record.errand = record.errand_about = None
    record.misses.pop("progress", None)


def _ask_progress(turn: Turn, text: str) -> None:
    """Look up by receipt and last four digits; the half that was said is kept for the next turn."""
    record = turn.record
    receipt = receipt_in(text) or (record.errand_about if record.errand == "progress" else None)
    turn.wish("progress", receipt=receipt or "", last_four=last_four_in(text) or "")
    record.errand, record.errand_about = "progress", receipt


def _ask_take_back(turn: Turn, kind: str) -> None:
    record = turn.record
    record.errand, record.errand_about = "take_back_sure", kind
    turn.wish("take_back_asked", consent=kind)


def _sure(turn: Turn, step: str) -> None:
    record = turn.record
    about = record.errand_about
    _drop(turn)
    if step == "withdraw":
        turn.wish("withdraw")
    elif step == "take_back_sure" and about in CONSENTS:
        turn.wish("take_back", consent=about or "")
