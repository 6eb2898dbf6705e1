"""What typed words do: commands, corrections, the answer to the open question, asides. Called by the interview.

Order matters and was learnt from Rasa forms (PEERS 3, 5; DESIGN): an answer that can be read strictly wins over the
model's guess at an intent, because "李四" was once `greet` at 0.98; an aside wins over a story.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.intake import doubts, matters
from bot.intake.corrections import STRICT, corrected
from bot.intake.hearing import MAIN
from bot.intake.listening import goes_on, listens, says_safe, who_learns
from bot.intake.phrases import CLAUSE, Value, party_as_said, party_in_clauses
from bot.intake.reading.answers import read_name, read_yes_no
from bot.intake.steps import Choice, Guess, Say
from bot.intake.taps import health_consent, only_asking, same, tapped
from bot.intake.taxonomy import FactSpec
from bot.intake.tellings import another
from bot.intake.turn import Turn

#: Below this probability the desk asks back with the best three: of 0.5–0.6 said, half were right, of 0.6–0.7 four fifths.
ASK_BACK = 0.6
#: An aside interrupts a question only above this probability of its intent.
ASIDE = 0.60
SMALL_TALK = frozenset(["greet", "thanks", "goodbye", "praise", "abuse", "chatter", "bot_challenge"])
#: Talk that is nobody's matter; no free-text answer is made of it. Above ASIDE it took none of 162 short real disputes.
IDLE = frozenset(["abuse", "chatter", "bot_challenge"])
POLITE = frozenset(["greet", "thanks", "goodbye", "praise"])
#: Steps at which nothing was told yet that another matter could be beside.
EARLY = frozenset(["privacy_consent", "safe_now", "story", "dispute_type", "purpose", "leave", "elsewhere"])
COMMANDS: dict[str, re.Pattern[str]] = {
    "start_over": re.compile(r"(?:重来|重新开始|重新来过?|从头(?:再)?来|重新说)(?:一遍|吧)?[。！!]?"),
    "quit": re.compile(r"(?:我要|我想)?(?:退出|不说了|不弄了|结束吧?|算了不说了|先这样吧?|不想继续了?)[。！!]?"),
    "human": re.compile(r"(?:我要|我想|给我)?(?:转人工|找人工|人工(?:服务|客服)?|找真人|换真人)[。！!]?"),
    "why": re.compile(r"为(?:什么|啥|何)(?:要)?(?:问|填|说)(?:这个|这些|这)?.{0,6}[?？]?"),
    "how_many_left": re.compile(r"(?:还有|还要|还剩)(?:几|多少|好多)个?(?:问题|步|题)?.{0,4}[?？]?"),
    "summarise": re.compile(r"(?:帮我)?(?:总结一下|看看记了什么|都记了(?:啥|什么)|汇总一下).{0,4}[?？]?"),
    "skip": re.compile(r"(?:跳过|下一[个题]|先空着|略过|pass)(?:吧|这个)?[。！!]?", re.I),
    "only_asking": re.compile(
        r"(?:我)?(?:就|只)(?:是)?(?:想)?(?:问问|问一下|咨询一下?|了解一下)(?:而已|，.{0,12})?[。！!]?|不(?:用|想|是要?)(?:登记|调解)[。！!了]?"
    ),
    "delete": re.compile(r"(?:请)?(?:删除|删掉|清除)(?:我的)?(?:资料|信息|记录|全部|数据)[。！!]?"),
}
KINSHIP = re.compile(
    r"老公|丈夫|老婆|妻子|媳妇|爱人|前夫|前妻|男友|男朋友|女友|女朋友|对象|爸|妈|父|母|公公|婆婆|儿子|女儿|哥|弟|姐|妹|继|家暴|^他$|^她$"
)
#: Somebody did something to somebody: more than a question of law.
GRIEVANCE = re.compile(
    r"我|俺|咱|他|她|老板|欠|拖|不给|不退|不还|打|骗|占|砸|漏|扣|辞|[\d一二三四五六七八九十两]+(?:万|千|块|个月|年)"
)
QUESTION = re.compile(r"[?？]|吗|么$|呢$|怎么|多少|几|什么|啥|谁|哪|是不是|能不能|可不可以|要不要|会不会|行不行")


def command(turn: Turn, step: str | None) -> bool:
    """Carry out a command or a correction. True when the turn is thereby used up."""
    text = turn.heard.text.strip()
    learns = who_learns(turn.record, text)
    if learns is not None:
        turn.say(learns)
        return step != "story"
    said = next((name for name, pattern in COMMANDS.items() if pattern.fullmatch(text)), None)
    if said is None and turn.heard.act in COMMANDS and turn.heard.act_confidence >= 0.75 and len(text) <= 16:
        said = turn.heard.act if step != "story" else None
    if said is not None and _command(turn, said, step):
        return True
    return corrected(turn, text, step)


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
    elif said == "how_many_left" and record.type:
        done, total = turn.steps.progress(record)
        turn.say("utter_how_many_left", left=str(max(total - done + 1, 1)))
    elif said == "summarise" and record.facts:
        turn.out.says.append(Say("utter_summary", show={"card": True}))
    elif said == "skip" and step is not None and step in turn.steps.taxonomy.facts:
        turn.blank(step, "skipped")
    else:
        return False
    return True


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
    rest = another(text) if record.status in ("open", "filed") and step not in EARLY else None
    if rest is not None and not _is_aside(turn, ASIDE):
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
        if not _aside(turn, ASIDE) and not matters.replied(turn, text):
            turn.say("utter_not_read_choice")
    elif step == "doubt":
        _doubt(turn, text)
    elif step in ("card", "handover_consent"):
        _agreed(turn, text, step)
    elif step is None:
        _afterwards(turn, text)
    else:
        _fact(turn, step, text)
    return None


def _afterwards(turn: Turn, text: str) -> None:
    """Words after filing: a question, thanks, or a second matter told at once."""
    best = _best(turn)
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    told = best is not None and best.confidence >= ASK_BACK and best.type != "not_a_dispute" and han >= 8
    if told and not QUESTION.search(text) and turn.record.status == "filed":
        turn.another()
        _story(turn, text)
    elif not _aside(turn, 0.4):
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
    elif not _aside(turn, ASIDE):
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
    if not turn.out.says and _aside(turn, ASIDE):
        return
    if not (_answers_next(turn, text) or goes_on(turn, text)):
        if not turn.out.says:
            turn.say(listens(turn))
        return
    record.safety_open = False
    step = turn.steps.next_step(record)
    if step not in ("story", "dispute_type", "purpose") and step is not None:
        answered(turn, step)


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
    if not record.signs and vague and _is_aside(turn, ASIDE) and (han < 8 or turn.heard.act == "faq" or turn.heard.faq):
        _aside(turn, ASIDE)
        return
    sure = best is not None and best.confidence >= ASK_BACK and best.type != "not_a_dispute"
    if not sure and not record.signs and _is_idle(turn) and _aside(turn, ASIDE):
        return
    if told < 1 and not sure and han < 6 and not record.signs:
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
    if _is_aside(turn, ASIDE):
        _aside(turn, ASIDE)
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
    if _is_aside(turn, ASIDE):
        _aside(turn, ASIDE)
        return
    more_story(turn, text)
    place = turn.ear.story([turn.spec("place")], text, turn.heard.at.date()).get("place")
    if place is not None and not record.said("place"):
        turn.write("place", place, "answer")
    best, han = _best(turn), len(re.findall(r"[\u4e00-\u9fff]", text))
    # Words added to a story are seldom the whole of it: a fragment or a place alone settles nothing, and sends nobody away.
    if place is None and han >= 6 and best is not None and not turn.steps.taxonomy.matters[best.type].another_door:
        _classify(turn)
    if record.type is None:
        record.misses["dispute_type"] = record.misses.get("dispute_type", 0) + 1
        if record.misses["dispute_type"] >= 3:
            turn.settle("other", "model")


def _elsewhere(turn: Turn, text: str) -> None:
    record, best = turn.record, _best(turn)
    if _is_aside(turn, ASIDE):
        _aside(turn, ASIDE)
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
    elif _aside(turn, ASIDE):
        return
    elif not _extra(turn, text, frozenset()):
        turn.say("utter_tap_or_say")


def _is_idle(turn: Turn) -> bool:
    """Whether short words are mere talk: a joke asked for, abuse, the weather."""
    heard = turn.heard
    return heard.act in IDLE and heard.act_confidence >= ASIDE and len(heard.text) <= 40


def _doubt(turn: Turn, text: str) -> None:
    """The answer to a contradiction; words that go on telling leave it to the mediator."""
    if re.match(r"为(?:什么|啥|何)", text):
        turn.say("utter_doubt_why")
    elif doubts.replied(turn, text) or _aside(turn, ASIDE):
        return
    elif not doubts.passed(turn) and not _extra(turn, text, frozenset(), "doubt"):
        turn.say("utter_not_read_choice")


def _is_aside(turn: Turn, sure: float) -> bool:
    heard = turn.heard
    return heard.act_confidence >= sure and (heard.act == "faq" or heard.faq is not None or heard.act in SMALL_TALK)


def _aside(turn: Turn, sure: float) -> bool:
    """Answer a question on mediation or small talk; the open question then comes back by itself."""
    if not _is_aside(turn, sure):
        return False
    heard = turn.heard
    own = turn.limits() if heard.faq in turn.clocks.answers else ""
    if own:
        turn.record.reminded = own
        turn.say("utter_your_limits", limits=own)
    elif heard.faq is not None:
        answer = f"utter_faq/{heard.faq}"
        turn.say(answer if turn.stands(answer) else "utter_faq_unsure")
    else:
        turn.say("utter_faq_unsure" if heard.act == "faq" else f"utter_{heard.act}")
    return True


def _fact(turn: Turn, step: str, text: str) -> None:
    """The answer to a fact's question, with all else that the same words contain."""
    record, spec = turn.record, turn.spec(step)
    free = spec.kind in ("text", "party", "name")
    asking = bool(QUESTION.search(text)) and re.match(r"我?(?:也|真)?不(?:知道|晓得|清楚)", text) is None
    if free and asking and _aside(turn, ASIDE if turn.heard.act == "faq" else 0.9):
        return
    if free and turn.heard.act in POLITE and len(text) <= 8 and not read_name(text) and _aside(turn, 0.85):
        return
    if free and _is_idle(turn) and not any(sign["turn"] == record.turn for sign in record.signs):
        _aside(turn, ASIDE)
        return
    if step == "health_consent":
        yes_no = read_yes_no(text)
        health_consent(turn, yes_no == "yes" or text == "同意记录病情")
        return
    if spec.kind == "yes_no" and len(text) > 2 and record.misses.get(step, 0) == 0 and _other_yes_no(turn, step, text):
        if asking and _aside(turn, ASIDE):  # "没有合同能调吗" tells something and asks something
            return
        record.misses[step] = 1
        turn.say("utter_noted")
        return
    if free and record.misses.get(step, 0) == 0 and _meant_elsewhere(turn, step, text):
        record.misses[step] = 1
        turn.say("utter_noted")
        return
    if step in record.same and matters.SAME.fullmatch(text):
        same(turn, step)
        return
    told_later = matters.told_later(turn, step, text)
    if told_later and free:
        return
    if spec.kind == "party" and "place" in record.blanks and _place_after_all(turn, text):
        turn.say("utter_noted")
        return
    own = _own_words(turn, step, text) if spec.kind == "party" else text
    answer = turn.ear.answer(spec, own, turn.heard.at.date(), record.place_so_far, turn.heard.entities)
    if answer.value is not None:
        turn.write(step, answer.value, "answer")
        _extra(turn, text, frozenset({step}), step)
        if turn.heard.faq is not None and asking and not free:
            _aside(turn, 0.75)
        return
    if answer.blank is not None:
        turn.blank(step, answer.blank)
        _extra(turn, text, frozenset({step}), step)
        return
    if spec.kind == "place" and (answer.candidates or answer.partial):
        record.candidates = list(answer.candidates)
        record.place_so_far = answer.partial
        turn.say("utter_place_which" if answer.candidates else "utter_place_more", place=answer.partial)
        _missed(turn, step, text, quiet=True)
        return
    if told_later or _aside(turn, ASIDE):
        return
    if _extra(turn, text, frozenset({step}), step) and record.misses.get(step, 0) == 0:
        record.misses[step] = 1
        turn.say("utter_noted")
        return
    _missed(turn, step, text)


def _place_after_all(turn: Turn, text: str) -> bool:
    """Whether an answer to "who" is the place that she had not told before, and nothing else."""
    at = turn.heard.at.date()
    place = turn.ear.story([turn.spec("place")], text, at).get("place")
    if place is None or turn.ear.beside_place(text, at):
        return False
    turn.write("place", place, "answer")
    return True


def _own_words(turn: Turn, step: str, text: str) -> str:
    """An answer without the clauses that answer what was asked beside it: "一楼的老吴，怕挡光" names 一楼的老吴."""
    beside = [turn.spec(key) for key in turn.record.asked_beside if not turn.record.said(key)]
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    if not beside or len(clauses) < 2:
        return text
    at = turn.heard.at.date()
    own = [
        c
        for c in clauses
        if not turn.ear.story(beside, c, at) and not any(turn.ear.first(s, c, at, frozenset()) for s in beside)
    ]
    return "，".join(own) or text


def _other_yes_no(turn: Turn, step: str, text: str) -> bool:
    """Whether a yes or no is said in the words of another question ("没签合同" while asked whether she still works)."""
    matter = turn.steps.matter(turn.record)
    if matter is None or turn.ear.story([turn.spec(step)], text, turn.heard.at.date()):
        return False
    others = [s for s in turn.listened(matter) if s.kind == "yes_no" and s.key != step and not turn.record.said(s.key)]
    found = turn.ear.story(others, text, turn.heard.at.date())
    for key, value in found.items():
        turn.write(key, value, "answer")
    return bool(found)


def _meant_elsewhere(turn: Turn, step: str, text: str) -> bool:
    """Whether nearly all of an answer to an open question is the answer to other questions ("我叫黄磊，电话137…")."""
    record, matter = turn.record, turn.steps.matter(turn.record)
    if matter is None or len(text) > 60:
        return False
    together = turn.steps.taxonomy.asked_with(matter, step)
    # A number beside the other side's name is theirs: what is heard together keeps its kind for itself.
    kinds = STRICT - {turn.spec(key).kind for key in (step, *together)}
    others = [s for s in turn.listened(matter) if s.kind in kinds and s.key != step and s.key not in together]
    found = turn.ear.story(
        [s for s in others if s.key not in record.facts], text, turn.heard.at.date(), turn.heard.entities
    )
    if sum(len(value.words) for value in found.values()) < 0.6 * len(re.sub(r"\W", "", text)):
        return False
    for key, value in found.items():
        turn.write(key, value, "answer")
    return True


def _missed(turn: Turn, step: str, text: str, quiet: bool = False) -> None:
    """First miss: how to say it. Third (needed facts) or second: the words are kept, the talk goes on (PEERS 4)."""
    record, spec = turn.record, turn.spec(step)
    record.misses[step] = record.misses.get(step, 0) + 1
    if record.misses[step] >= (4 if spec.need and spec.kind != "party" else 2):
        record.place_so_far = ""
        if spec.kind == "party":
            turn.write(step, party_as_said(text), "answer")
        else:
            record.leave_blank(step, "unclear")
            record.unread[step] = text
            record.editing = None
        return
    if not quiet:
        named = {1: f"utter_not_read_{spec.kind}", 2: "utter_not_read_again"}
        turn.say(named.get(record.misses[step], "utter_human"))


def _extra(turn: Turn, text: str, done: frozenset[str], step: str | None = None) -> bool:
    """Fill other open facts that the same words contain. True when something was found."""
    record, matter = turn.record, turn.steps.matter(turn.record)
    if matter is None:
        return False
    asked = step if step in turn.steps.taxonomy.facts else None
    together = turn.steps.taxonomy.asked_with(matter, asked) if asked else ()
    heard = dict.fromkeys([*(spec.key for spec in turn.listened(matter)), *together])
    open_ = [turn.spec(key) for key in heard if key not in record.facts and key not in done]
    named: list[FactSpec] = []
    if step == "place":  # a street's name is nobody's name
        named = [spec for spec in open_ if spec.key == "counterpart"]
        open_ = [spec for spec in open_ if spec.kind != "party" or spec.suffixes]
    found = turn.ear.story(open_, text, turn.heard.at.date(), turn.heard.entities, cued=step is not None)
    used = {turn.record.facts[key].words for key in done if key in record.facts}
    for spec in (s for s in open_ if s.key in together and s.key not in found):
        value = turn.ear.first(spec, text, turn.heard.at.date(), frozenset(used))
        # What is asked for together is told together, unless a cue says otherwise ("我电话…").
        if value is not None and all(value.words != v.words for v in found.values()):
            found[spec.key] = value
    beside = turn.ear.beside_place(text, turn.heard.at.date()) if named else ""
    if beside and (party := party_in_clauses(beside, turn.heard.entities)) is not None:
        found[named[0].key] = party
        contact = turn.ear.first(turn.spec("counterpart_contact"), beside, turn.heard.at.date(), frozenset())
        if contact is not None and all(contact.words != value.words for value in found.values()):
            found.setdefault("counterpart_contact", contact)  # the number beside the other side's name is theirs
    main = turn.spec(asked).kind if asked else None
    for key, value in found.items():
        loose = key in MAIN and main == turn.spec(key).kind and key not in together
        if not loose:
            turn.write(key, value, "answer")
    return bool(found)
