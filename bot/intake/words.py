"""What typed words do at the open step: the answer, an aside, or more of the story. Called by the interview.

Order matters and was learnt from Rasa forms (PEERS 3, 5; DESIGN): an answer that can be read strictly wins over the
model's guess at an intent, because "李四" was once `greet` at 0.98; an aside wins over a story. Commands and
corrections come before (`commands`), the reply to a fact's question is read in `replies`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.intake import additions, doubts, matters
from bot.intake.asides import ASIDE, QUESTION, SMALL_TALK, aside, is_aside, is_idle
from bot.intake.corrections import STRICT
from bot.intake.listening import SHORTEST_STORY, goes_on, listens, says_safe
from bot.intake.phrases import Value
from bot.intake.reading.answers import read_yes_no
from bot.intake.replies import reply, told_beside
from bot.intake.steps import ASK_BACK, Choice, Guess
from bot.intake.taps import tapped
from bot.intake.tellings import another
from bot.intake.turn import Turn

#: A first telling is mere talk above this share of its meaning (`Heard.idle`), where the type is not sure either.
NO_TROUBLE = 0.6
#: Replies to words that were no answer to the open question, without the prefix `utter_`.
UNHEARD = ("not_read", "noted", "needed", "place_", "understood")
#: Three times asked which type it is, and never said: the likeliest is taken above this probability, else "other".
LIKELY = 0.25
#: A few characters beside a story settle its type above this probability ("楼上漏水").
SURE_IN_A_WORD = 0.8
#: She has not begun yet.
HESITATES = re.compile(
    r"(?:我|俺|唉|哎|也|真|都|[，, ])*(?:不知道|不晓得|不知)(?:该不该|怎么|从哪(?:里|儿)?|从何|该怎么|要不要|如何)(?:说|讲|开口|说起|讲起|办才好)+.{0,3}|(?:唉|哎)*(?:说来话长|一言难尽)[。！,，唉啊]*"
)
#: Steps at which nothing was told yet that another matter could be beside.
EARLY = frozenset(["privacy_consent", "safe_now", "story", "dispute_type", "purpose", "leave", "elsewhere"])
KINSHIP = re.compile(
    r"老公|丈夫|老婆|妻子|媳妇|爱人|前夫|前妻|男友|男朋友|女友|女朋友|对象|爸|妈|父|母|公公|婆婆|儿子|女儿|哥|弟|姐|妹|继|家暴|^他$|^她$"
)
#: Somebody did something to somebody: more than a question of law.
GRIEVANCE = re.compile(
    r"我|俺|咱|他|她|老板|欠|拖|不给|不退|不还|打|骗|占|砸|漏|扣|辞|[\d一二三四五六七八九十两]+(?:万|千|块|个月|年)"
)


def answered(turn: Turn, step: str | None) -> None:
    """Words that are no command: the answer to the open step, or an aside, or more of the story."""
    record, text = turn.record, turn.heard.text.strip()
    if record.leaving and step == "leave":
        record.leaving = False
        yes_no = read_yes_no(text)
        if re.search(r"删", text):
            return _tap(turn, "leave", "delete")
        if yes_no == "yes" or re.search(r"留|下次|保存", text):
            return _tap(turn, "leave", "keep")
        step = turn.steps.next_step(record)
        if re.match(r"(?:那|我|咱们?|还是|好|[，, ])*(?:接着|继续|不退|不走|没事)", text):
            turn.say("utter_back_again")
            return None
    rest = another(text) if record.status in ("open", "filed") and step not in EARLY else None
    if rest is not None and not is_aside(turn, ASIDE):
        _another(turn, rest)
    elif step == "privacy_consent":
        _consent(turn, text)
    elif step == "safe_now":
        _safe(turn, text)
    elif step == "story":
        _story(turn, text)
    elif step == "purpose":
        _purpose(turn, text)
    elif step == "dispute_type":
        _type(turn, text)
    elif step == "elsewhere":
        _elsewhere(turn, text)
    elif step == "two_matters":
        if not aside(turn, ASIDE) and not matters.replied(turn, text):
            turn.say("utter_not_read_choice")
    elif step == "doubt":
        _doubt(turn, text)
    elif step in ("card", "handover_consent"):
        _agreed(turn, text, step)
    elif step is None:
        _afterwards(turn, text)
    else:
        reply(turn, step, text)
    return None


def _afterwards(turn: Turn, text: str) -> None:
    """Words after filing: a question, thanks, or a second matter told at once."""
    best = _best(turn)
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    told = best is not None and best.confidence >= ASK_BACK and best.type != "not_a_dispute" and han >= 8
    if best is not None and best.type == turn.record.type:
        told = False  # more of what was filed
    if told and not QUESTION.search(text) and turn.record.status == "filed":
        turn.another()
        _story(turn, text)
        return
    chat = turn.heard.act in SMALL_TALK and turn.heard.act_confidence >= ASIDE
    if not ((not chat and additions.told(turn, text)) or aside(turn, 0.4)):
        turn.say("utter_after_filing" if turn.record.status == "filed" else "utter_come_back")


def _another(turn: Turn, rest: str) -> None:
    """ "我还有个事，……": noted beside an open matter; after filing it begins at once."""
    if turn.record.status == "open":
        matters.told_another(turn, rest)
        return
    turn.another()
    if rest:
        _story(turn, rest)


def _tap(turn: Turn, step: str, value: str) -> None:
    tapped(turn, Choice(turn.heard.text, step, value))


def _consent(turn: Turn, text: str) -> None:
    """Only short, plain words agree or refuse: "楼下死活不同意" in a story is neither."""
    bare = re.sub(r"[\s，。！,.!]|好的?|嗯+|行|可以|那|我|都|就|吧|啊|呀|哦", "", text)
    if len(text) <= 12 and (read_yes_no(text) == "yes" or bare in ("同意", "同意开始说", "同意了", "开始", "开始说")):
        _tap(turn, "privacy_consent", "yes")
    elif len(text) <= 12 and (bare in ("不同意", "不", "不要", "拒绝") or read_yes_no(text) == "no"):
        _tap(turn, "privacy_consent", "no")
    elif not aside(turn, ASIDE):
        turn.say("utter_consent_first")


def _safe(turn: Turn, text: str) -> None:
    """The questions wait until she says that she can go on, or goes on by herself (R40)."""
    record = turn.record
    if says_safe(record, text):
        record.safety_open = False
        turn.say("utter_safe_go_on")
        return
    if "story" not in record.facts and len(text) > 3 and record.consent("privacy"):
        _keep_story(turn, text)
    # "我想离婚可是孩子才五岁" is answered, and yet she tells; "调解要钱吗" is only answered.
    tells = not is_aside(turn, ASIDE) or (len(text) >= SHORTEST_STORY and not QUESTION.search(text))
    on = tells and (_answers_next(turn, text) or goes_on(turn, text))
    replied = not turn.out.says and aside(turn, ASIDE)
    if not on:
        if not (replied or turn.out.says):
            turn.say(listens(turn))
        return
    record.safety_open = False
    turn.say("utter_safe_go_on")
    step = turn.steps.next_step(record)
    if step not in ("story", "dispute_type", "purpose") and step is not None:
        said, misses = len(turn.out.says), dict(record.misses)
        answered(turn, step)
        if not record.said(step):
            # What she told was no answer to a question that she has not seen yet.
            record.misses = misses
            later = [say for say in turn.out.says[said:] if not say.response.removeprefix("utter_").startswith(UNHEARD)]
            turn.out.says[said:] = later


def _answers_next(turn: Turn, text: str) -> bool:
    """Whether she answers, unasked, the question that was open before the danger: then she wants to go on."""
    record = turn.record
    record.safety_open = False
    step = turn.steps.next_step(record)
    record.safety_open = True
    if step is None or step not in turn.steps.taxonomy.facts or turn.spec(step).kind not in STRICT:
        return False
    if any(sign["turn"] == record.turn for sign in record.signs):
        return False
    answer = turn.ear.answer(turn.spec(step), text, turn.heard.at.date(), record.place_so_far, turn.heard.entities)
    return answer.value is not None


def _best(turn: Turn) -> Guess | None:
    return turn.heard.types[0] if turn.heard.types else None


def _story(turn: Turn, text: str) -> None:
    """The first telling. Too little to go on: she is asked to say more once, then offered the types."""
    record, best = turn.record, _best(turn)
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    told = record.misses.get("story", 0)
    vague = best is None or best.confidence < ASK_BACK or QUESTION.search(text) is not None
    if not record.signs and HESITATES.fullmatch(text):
        turn.say("utter_story_more")
        return
    if not record.signs and vague and is_aside(turn, ASIDE) and (han < 8 or turn.heard.act == "faq" or turn.heard.faq):
        aside(turn, ASIDE)
        return
    sure = best is not None and best.confidence >= ASK_BACK and best.type != "not_a_dispute"
    if not sure and not record.signs and is_idle(turn) and aside(turn, ASIDE):
        return
    if not sure and not record.signs and told < 1 and turn.heard.idle >= NO_TROUBLE:
        record.misses["story"] = told + 1  # said again, it is a trouble all the same
        turn.say("utter_chatter")
        return
    if told < 2 and not sure and han < 6 and not record.signs:
        record.misses["story"] = told + 1
        turn.say("utter_story_more" if han else "utter_no_words")
        return
    if han == 0 and told < 2:
        record.misses["story"] = told + 1
        turn.say("utter_no_words")
        return
    _keep_story(turn, text)
    _classify(turn)
    if record.type is not None and len(text) <= 40 and QUESTION.search(text) and not GRIEVANCE.search(text):
        matter = turn.steps.matter(record)
        record.purpose_open = matter is not None and not matter.another_door and not record.signs


def _keep_story(turn: Turn, text: str) -> None:
    turn.record.story_entities = [
        {"label": e.label, "text": e.text, "start": e.start, "end": e.end} for e in turn.heard.entities
    ]
    turn.write("story", Value(text, text, text), "story")


def _classify(turn: Turn) -> None:
    """Settle the type where the model is sure, else keep the best three for the buttons."""
    record, best = turn.record, _best(turn)
    known = turn.steps.taxonomy.matters
    record.type_alternatives = [
        {"key": key, "type": g.type, "confidence": round(g.confidence, 4)}
        for g in turn.heard.types[:4]
        if (key := f"{g.type}/{g.subtype}" if f"{g.type}/{g.subtype}" in known else g.type) in known
    ]
    if best is not None and best.type == "family" and any(_by_kin(sign) for sign in record.signs):
        record.type_confidence = best.confidence
        turn.settle("family/domestic_violence", "model")
    elif best is not None and best.confidence >= _threshold(best.type) and best.type in turn.steps.taxonomy.types:
        record.type_confidence = round(best.confidence, 4)
        turn.settle(record.type_alternatives[0]["key"], "model")
    matters.told_two(turn)


def _threshold(type_: str) -> float:
    """Sending somebody away as "no dispute" wants more certainty than taking her in."""
    return ASK_BACK + 0.15 if type_ == "not_a_dispute" else ASK_BACK


def _by_kin(sign: Mapping[str, Any]) -> bool:
    """Violence by one's own family, not by a classmate or a neighbour."""
    return (
        sign["kind"] == "violence"
        and sign.get("by") != "model"
        and bool(KINSHIP.search(sign.get("who") or sign["words"]))
    )


def more_story(turn: Turn, text: str) -> None:
    """Add words to the story; the first telling's time and turn stay."""
    story = turn.record.facts.get("story")
    if story is None:
        turn.write("story", Value(text, text, text), "story")
    elif len(text) > 3:
        story.value = story.shown = story.words = f"{story.value}\n{text}"


def _purpose(turn: Turn, text: str) -> None:
    """Ask or register? Words that are neither are more of the story: who tells on, wants help."""
    if is_aside(turn, ASIDE):
        aside(turn, ASIDE)
        return
    asking = re.search(r"问问|问一下|打听|了解|咨询", text) and not re.search(r"登记|帮忙|调解", text)
    _tap(turn, "purpose", "question" if asking else "intake")
    if not asking and len(text) > 8:
        more_story(turn, text)


def _type(turn: Turn, text: str) -> None:
    record, matters = turn.record, turn.steps.taxonomy.matters
    named = [
        k for k, m in matters.items() if text in (m.short, m.name, m.plain) or (len(text) <= 8 and m.short in text)
    ]
    if named:
        turn.settle(named[-1], "citizen")
        return
    if is_aside(turn, ASIDE):
        aside(turn, ASIDE)
        return
    more_story(turn, text)
    place = turn.ear.story([turn.spec("place")], text, turn.heard.at.date()).get("place")
    if place is not None and not record.said("place"):
        turn.write("place", place, "answer")
    best, han = _best(turn), len(re.findall(r"[\u4e00-\u9fff]", text))
    # Words added to a story are seldom the whole of it: a fragment or a place alone settles nothing, and sends nobody away.
    long_enough = han >= 6 or (han >= 4 and best is not None and best.confidence >= SURE_IN_A_WORD)
    if place is None and long_enough and best is not None and not turn.steps.taxonomy.matters[best.type].another_door:
        _classify(turn)
    if record.type is None:
        record.misses["dispute_type"] = record.misses.get("dispute_type", 0) + 1
        if record.misses["dispute_type"] >= 3:
            likeliest = next(iter(record.type_alternatives), None)
            sure = likeliest is not None and likeliest["confidence"] >= LIKELY
            turn.settle(likeliest["key"] if likeliest is not None and sure else "other", "model")


def _elsewhere(turn: Turn, text: str) -> None:
    record, best = turn.record, _best(turn)
    if (rest := another(text)) and not is_aside(turn, ASIDE):  # "我还有个事，……": whatever it is, it is asked
        more_story(turn, rest)
        before, record.status, record.type = record.type, "open", None
        if best is not None and best.type != before:
            _classify(turn)
    elif is_aside(turn, ASIDE):
        aside(turn, ASIDE)
    elif best is not None and best.type != record.type and best.confidence >= ASK_BACK:
        more_story(turn, text)
        record.status, record.type = "open", None
        _classify(turn)
    else:
        turn.say("utter_elsewhere_more")


def _agreed(turn: Turn, text: str, step: str) -> None:
    yes_no = read_yes_no(text)
    if yes_no == "yes" or re.fullmatch(r"(?:都)?(?:对|没问题|没错|确认|就这样|同意|可以|交给它).{0,4}", text):
        _tap(turn, step, "ok" if step == "card" else "yes")
    elif yes_no == "no" or re.search(r"不同意|不想交|先不交|不愿意|别交", text):
        _tap(turn, step, "edit" if step == "card" else "no")
    elif re.search(r"为(?:什么|啥)|凭(?:什么|啥)|怎么(?:是|分到|归)", text) and step == "handover_consent":
        turn.say("utter_why_here", why="".join((turn.record.routing or {}).get("reasons", [])))
    elif aside(turn, ASIDE):
        return
    elif not told_beside(turn, text, frozenset()):
        asks = len(text) >= 6 and QUESTION.search(text) is not None
        turn.say("utter_faq_unsure" if asks else "utter_tap_or_say")


def _doubt(turn: Turn, text: str) -> None:
    """The answer to a contradiction; words that go on telling leave it to the mediator."""
    if re.match(r"为(?:什么|啥|何)", text):
        turn.say("utter_doubt_why")
    elif doubts.replied(turn, text) or aside(turn, ASIDE):
        return
    elif not doubts.passed(turn) and not told_beside(turn, text, frozenset(), "doubt"):
        turn.say("utter_not_read_choice")
