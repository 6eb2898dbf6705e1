"""A reply to the question of one fact, with all else that the same words hold. Called by `words`.

Hides how an answer is told from a question asked back, from the answer to another question and from talk; how often
a fact is asked again; and which further facts a reply fills (PEERS 3, 5).
"""

from __future__ import annotations

import re

from bot.intake import matters
from bot.intake.asides import ASIDE, POLITE, QUESTION, aside, is_aside, is_idle
from bot.intake.corrections import STRICT
from bot.intake.hearing import MAIN
from bot.intake.names import NO_PARTY, ORGANISED, party_as_said, party_in_clauses
from bot.intake.phrases import CLAUSE, Value
from bot.intake.reading.answers import read_name, read_yes_no
from bot.intake.taps import health_consent, same
from bot.intake.taxonomy import FactSpec
from bot.intake.turn import Turn

#: So short are words that answer another question of yes or no, unless they are a wish.
SHORT = 20
#: She will not say a name or a number, or has none: "不留名字行不行", "我没手机".
REFUSES = re.compile(
    r"(?:我|俺|可以|可不可以|能|能不能|就|先|电话|手机号?|名字|姓名|[，, ])*"
    r"(?:不(?:想|愿意?|能|方便|敢|要)?(?:留|给|报|透露|提供|讲|说|写|填)(?!得|好|清|准|定)|没有?(?:电话|手机)|凭(?:什么|啥)|干(?:嘛|什么|啥)(?:要|问)|匿名)"
)
WISH = re.compile(r"(?:我|就|只)*(?:想|要|希望|求|让|叫|把|给|请|能|赶紧|尽快)")

#: A demand and nothing else: "要钱，地也要回来", "把押金退给我".
DEMAND = re.compile(
    r"(?!.*(?:多[久少]|几|怎|什么|啥|哪|谁|收|交|花|带|能不能))(?:我|俺|就|只|那就)*(?:要(?!是|不|么|等|先|看|想|去|找|问|到)|想要|希望|把)[^0-9?？]{1,30}"
)
#: What was not done, no wish: said to a question that went before.
NOT_DONE = re.compile(r"(?:都|也|还|从来|一直)?没(?:有)?(?:去)?(?:找|签|报|问|告|收到|写)过?.{0,6}")


def reply(turn: Turn, step: str, text: str) -> None:
    """The answer to a fact's question, with all else that the same words contain."""
    record, spec = turn.record, turn.spec(step)
    free = spec.kind in ("text", "party", "name")
    asking = bool(QUESTION.search(text)) and re.match(r"我?(?:也|真)?不(?:知道|晓得|清楚)", text) is None
    if spec.kind in ("name", "phone", "party") and REFUSES.match(text) and not re.search(r"\d{5}", text):
        _refused(turn, step)
        return
    answers = record.misses.get(f"asked_back_{step}", 0) and not re.search(r"[?？吗呢]\W*$", text)
    if free and asking and not answers and aside(turn, ASIDE if turn.heard.act == "faq" else 0.9):
        record.misses[f"asked_back_{step}"] = 1  # "按法律该给多少给多少" said twice is what she wants
        return
    if free and turn.heard.act in POLITE and len(text) <= 8 and not read_name(text) and aside(turn, 0.85):
        return
    if free and is_idle(turn) and not any(sign["turn"] == record.turn for sign in record.signs):
        aside(turn, ASIDE)
        return
    if step == "health_consent":
        yes_no = read_yes_no(text)
        agreed = yes_no == "yes" or text == "同意记录病情"
        if (
            not agreed
            and yes_no != "no"
            and not re.search(r"不[愿想要必]|别记|跳过", text)
            and not record.misses.get(step)
        ):
            record.misses[step] = 1  # "病历复印了一部分" refuses nothing: it is noted, and asked once more
            if not (told_beside(turn, text, frozenset()) or aside(turn, ASIDE)):
                turn.say("utter_noted")
            return
        health_consent(turn, agreed)
        return
    if spec.kind == "yes_no" and len(text) > 2 and record.misses.get(step, 0) == 0 and _other_yes_no(turn, step, text):
        if asking and aside(turn, ASIDE):  # "没有合同能调吗" tells something and asks something
            return
        record.misses[step] = 1
        turn.say("utter_noted")
        return
    if step == "wanted" and record.misses.get(step, 0) == 0 and NOT_DONE.fullmatch(text):
        record.misses[step] = 1  # "没找过" is nothing that anybody wants
        told_beside(turn, text, frozenset({step}), step)
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
    if spec.kind == "party" and _place_after_all(turn, text):
        turn.say("utter_noted")
        return
    own = _own_words(turn, step, text) if spec.kind == "party" else text
    answer = turn.ear.answer(spec, own, turn.heard.at.date(), record.place_so_far, turn.heard.entities)
    if answer.value is not None:
        turn.write(step, answer.value, "answer")
        told_beside(turn, text, frozenset({step}), step)
        if turn.heard.faq is not None and asking and not free:
            aside(turn, 0.75)
        return
    if answer.blank == "none" and told_beside(turn, text, frozenset({step}), step):
        turn.say("utter_noted")  # "哪里都没去" is no answer to "how much?"
        return
    if answer.blank is not None:
        turn.blank(step, answer.blank)
        told_beside(turn, text, frozenset({step}), step)
        return
    nearer = answer.partial and answer.partial != record.place_so_far
    if spec.kind == "place" and (answer.candidates or nearer):
        record.candidates = list(answer.candidates)
        record.place_so_far = answer.partial
        told_beside(turn, text, frozenset({step}), step)
        turn.say("utter_place_which" if answer.candidates else "utter_place_more", place=answer.partial)
        _missed(turn, step, text, quiet=True)
        return
    questioned = is_aside(turn, ASIDE) and asking  # "超过一年了还能要吗" tells nothing
    told = not questioned and told_beside(turn, text, frozenset({step}), step)
    demand = not asking and DEMAND.fullmatch(text) is not None  # "要钱，地也要回来" asks for no price
    if told_later or (not demand and aside(turn, ASIDE)):
        return
    if demand and not told and _wants(turn, step, text):
        turn.say("utter_noted")
        return
    if told:  # she tells what she has in mind; that is no miss
        turn.say("utter_noted")
        return
    _missed(turn, step, text)


def _refused(turn: Turn, step: str) -> None:
    """She will not say who she is: told once why it is asked, then it stays blank. No phone is a blank, too."""
    record, told = turn.record, f"asked_back_{step}"
    if not record.misses.get(told, 0) and turn.heard.faq == "anonymous" and aside(turn, ASIDE):
        record.misses[told] = record.misses[step] = 1
        return
    turn.blank(step, "declined")


def _wants(turn: Turn, step: str, text: str) -> bool:
    """Take a demand, told while something else was asked, for what she wants. True when that was still open."""
    matter = turn.steps.matter(turn.record)
    if step == "wanted" or matter is None or "wanted" not in matter.facts or turn.record.said("wanted"):
        return False
    turn.write("wanted", Value(text, text, text), "answer")
    return True


def _place_after_all(turn: Turn, text: str) -> bool:
    """Whether an answer to "who" is the place that she had not told before, or told less exactly, and nothing else."""
    record, at = turn.record, turn.heard.at.date()
    known = record.place_path().split("/") if record.place_path() else []
    if "place" in record.blanks:
        place = turn.ear.story([turn.spec("place")], text, at).get("place")
        if place is None or turn.ear.beside_place(text, at):
            return False
    elif known and len(text) <= 6 and not ORGANISED.search(text):
        place = turn.ear.answer(turn.spec("place"), text, at, "".join(known)).value
        if place is None or place.value["names"][: len(known)] != known or len(place.value["names"]) <= len(known):
            return False
    else:
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
    if len(text) <= SHORT and not WISH.match(text):
        kinds |= {"yes_no", "choice"}  # "没停水", "没找过" while asked what she wants
    others = [s for s in turn.listened(matter) if s.kind in kinds and s.key != step and s.key not in together]
    if turn.spec(step).kind == "text":  # "他叫陈刚" beside the question of the children
        others += [spec for key in record.asked_beside if (spec := turn.spec(key)).kind == "party"]
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
        if spec.kind == "party" and not QUESTION.search(text) and not NO_PARTY.match(text):  # these name nobody
            turn.write(step, party_as_said(text), "answer")
        else:
            record.leave_blank(step, "unclear")
            record.unread[step] = text
            record.editing = None
        return
    if not quiet:
        named = {1: f"utter_not_read_{spec.kind}", 2: "utter_not_read_again"}
        turn.say(named.get(record.misses[step], "utter_human"))


def told_beside(turn: Turn, text: str, done: frozenset[str], step: str | None = None) -> bool:
    """Fill other open facts that the same words contain. True when something was found."""
    record, matter = turn.record, turn.steps.matter(turn.record)
    if matter is None:
        return False
    asked = step if step in turn.steps.taxonomy.facts else None
    together = turn.steps.taxonomy.asked_with(matter, asked) if asked else ()
    in_one_breath = record.asked_beside if asked else ()
    heard = dict.fromkeys([*(spec.key for spec in turn.listened(matter)), *together, *in_one_breath])
    open_ = [turn.spec(key) for key in heard if key not in record.facts and key not in done]
    named: list[FactSpec] = []
    if step == "place":  # a street's name is nobody's name
        named = [spec for spec in open_ if spec.key == "counterpart"]
        open_ = [spec for spec in open_ if spec.kind != "party" or spec.suffixes]
    # A bare sum while something else is asked can only be the sum; a sum in a sentence may be anything.
    bare = turn.ear.bare(text, turn.heard.at.date())
    mates = any(spec.kind == bare for spec in open_ if spec.key in (*together, *in_one_breath))
    cued = step is not None and (bare in (None, "people") or mates)
    found = turn.ear.story(open_, text, turn.heard.at.date(), turn.heard.entities, cued=cued)
    if "applicant_name" in found and "phone" not in found and "phone" in {spec.key for spec in open_}:
        number = turn.ear.first(turn.spec("phone"), text, turn.heard.at.date(), frozenset())
        if number is not None and all(number.words != value.words for value in found.values()):
            found["phone"] = number  # beside her own name it is hers
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
