"""What words say of one fact that is no quantity: yes or no, an option, a count in a pattern, a party, a name, things.

Hides phrases, negation and clause borders. The taxonomy gives the phrases. Called by `hearing`, which decides what to
read where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intake.reading.answers import read_name, read_organisation
from bot.intake.reading.counts import read_months
from bot.intake.reading.numerals import find_numbers
from bot.intake.sides import other_side
from bot.intake.taxonomy import FactSpec, Option

#: Characters before a value in which a cue still belongs to it: about one spoken clause.
REACH = 14
CLAUSE = re.compile(r"[，。！？；,!?;\n]")
#: Who said it of whom: generic words that name nobody.
NOBODY = re.compile(
    r"^(?:老板|对方|公司|单位|厂里|他们?|她们?|物业|医院|工地|工厂|店家|商家|房东|邻居|人家|领导|经理|开发商)$"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A span found by the understanding (spaCy): label, words, character offsets."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Value:
    """A fact as heard: JSON value, how it is shown, the exact words, whether it is about."""

    value: Any
    shown: str
    words: str
    approx: bool = False


def plain_number(number: float) -> float | int:
    return int(number) if float(number).is_integer() else float(number)


def number_words(number: float) -> str:
    return f"{plain_number(number):,}"


def clause_start(text: str, at: int) -> int:
    """Where the clause that holds position `at` begins."""
    start = max(0, at - REACH)
    cuts = [match.end() for match in CLAUSE.finditer(text, start, at)]
    return cuts[-1] if cuts else start


def follows(text: str, at: int, cues: Iterable[str]) -> bool:
    before = text[clause_start(text, at) : at]
    return any(cue in before for cue in cues)


NEGATION = re.compile(r"(?:没有?|不是|未|无|别|还没|并没有?|从没|没能)$")


#: Words by which a clause is somebody else's telling; it ends where the clause does.
HEARSAY = re.compile(
    r"(?:我?(?:也|还|就|都|只|后来)?听(?:人家?|别人|他们?|她|工友们?|邻居|村里人?|朋友|同事|有人|老乡)?(?:家)?(?:说|讲|闻)|据说|传言|有人(?:说|讲)|风言风语)"
    r"[^，。,.;；!！?？\n]*"
)
#: Somebody else is spoken of, and what is said has not come back to her.
OTHERS = re.compile(
    r"(?:邻居家?|别人|人家|别的(?:(?![我咱俺])[\u4e00-\u9fff]){0,3}|其他(?:(?![我咱俺])[\u4e00-\u9fff]){0,3}|隔壁(?:(?![我咱俺])[\u4e00-\u9fff]){0,4}?)(?:都|也|已经|早就|就|没)?$"
)
SUPPOSED = re.compile(r"(?:如果|要是|万一|假如|假使|怕|担心)[^我，。,]{0,6}$")


def told_by_herself(text: str) -> str:
    """The text with what she only heard blanked out by commas, so that every offset stays.

    >>> told_by_herself("听说别的组有五万，我的是一万二")
    '，，，，，，，，，我的是一万二'
    """
    return HEARSAY.sub(lambda heard: "，" * len(heard.group()), text)


def _hers(text: str, at: int) -> bool:
    """Whether a phrase at `at` is said as a fact of her own case: not of others, and not only supposed."""
    before = text[clause_start(text, at) : at]
    return not OTHERS.search(before) and not SUPPOSED.search(before)


def polar(spec: FactSpec, text: str) -> Value | None:
    """Yes or no by the fact's own phrases; a phrase for "no" is longer than the "yes" that it contains."""
    hits: list[tuple[int, int, str, str]] = []
    for polarity, phrases in (("no", spec.no), ("yes", spec.yes)):
        for phrase in phrases:
            at = next((m.start() for m in re.finditer(re.escape(phrase), text) if _hers(text, m.start())), -1)
            if at < 0:
                continue
            said = polarity
            if polarity == "yes" and NEGATION.search(text[max(0, at - 3) : at]):
                said = "no"
            hits.append((-len(phrase), at, said, phrase))
    if not hits:
        return None
    _, at, polarity, phrase = min(hits)
    return Value(polarity, "是" if polarity == "yes" else "否", _clause_around(text, at, at + len(phrase)))


def _clause_around(text: str, start: int, end: int) -> str:
    left = clause_start(text, start)
    right = CLAUSE.search(text, end)
    return text[left : min(right.start() if right else len(text), end + REACH)].strip()


def choice(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """The option with the longest word in the text. `strict` reads a story: only the words that mean it there too."""
    best: tuple[int, Option, int] | None = None
    for option in spec.options:
        for said in option.told if strict else (*option.words, option.label):
            word = said.lstrip("=")
            at = text.find(word)
            if at < 0 or (best is not None and len(word) < best[0]):
                continue  # of two as long the later one: "没找过，哦，报过警"
            if not _stands(spec, said, text, at, strict):
                continue
            if strict and NEGATION.search(text[max(0, at - 3) : at]):
                continue
            if len(word) == 1 and strict and not re.fullmatch(r"\W?", text[at + 1 : at + 2]):
                continue  # 男 as a word of its own, not 男方
            best = (len(word), option, at)
    if best is None:
        return None
    length, option, at = best
    return Value(option.value, option.label, _clause_around(text, at, at + length) if strict else text)


def _stands(spec: FactSpec, said: str, text: str, at: int, strict: bool) -> bool:
    """Whether a word of an option is said as the answer, and not somewhere inside a sentence about something else."""
    word = said.lstrip("=")
    start = max((cut.end() for cut in CLAUSE.finditer(text, 0, at)), default=0)
    clause = CLAUSE.split(text[start:])[0].strip()
    if said.startswith("="):
        return SOFT.sub("", clause) == word
    if strict or spec.acts is None:
        return True
    if len(word) == 1:
        return SOFT.sub("", clause) == word
    return len(clause) <= SHORT_ANSWER or spec.acts.search(clause) is not None


#: Particles around an answer, and how long a clause may be that is nothing but an answer.
SOFT = re.compile(r"[的了啊呢嘛呀哦吧过]+$")
SHORT_ANSWER = 8


def choice_by_yes_no(spec: FactSpec, text: str, yes_no: str | None) -> Value | None:
    option = spec.option(yes_no) if yes_no in ("yes", "no") else None
    return Value(option.value, option.label, text) if option else None


def count(spec: FactSpec, text: str, strict: bool = False) -> Value | None:
    """A small number with the fact's pattern, or (when asked) a bare number."""
    match = spec.pattern.search(text) if spec.pattern else None
    said = next((group for group in match.groups() if group), None) if match else None
    words = match.group() if match else text
    if said is None and not strict and spec.unit != "个月":
        bare = re.search(r"[\d一二两三四五六七八九十百半]+", re.sub(r"一[共起直样般些]|统一|唯一", "", text))
        said = bare.group() if bare else None
    if said is None and spec.unit == "个月" and not strict:
        number = read_months(words)
    else:
        numbers = find_numbers(said) if said else []
        number = numbers[0].value if numbers else None
    if number is None or number < 0:
        return None
    return Value(plain_number(number), f"{number_words(number)}{spec.unit}", words)


#: Words of a sentence, not of a name: an answer with them names somebody only by what is found inside.
SENTENCE = re.compile(r"[了过着吗呢嘛呀啦]|[不没](?!锈)|怎么|什么|哪|欠|想|觉得|因为|还是")
#: What stands before a place-like name in a sentence; cut off, the name remains.
BEFORE_NAME = re.compile(
    r"^.*(?:住进|送进|送到|转到|转进|进了|在|住|的|是|去|到|了|给|我们?|咱们?|这个|那个|一个|某|找|和|跟|被|个|年|月份?)(?=.{2,})"
)
#: Words that any organisation may have and none is named by.
GENERIC = re.compile(
    r"奶茶|火锅|理发|早餐|小吃|烧烤|服装|水果|便利|修理|洗车|小卖|小区|我们?|咱们?|那家|这家|一家|一个|某|英语|培训|装修|老板|附近|当地|楼下|网上|美容|健身|有限|责任|股份|村里的?|镇上的?"
)
ORGANISED = re.compile(r"(?:公司|厂|医院|物业|合作社|村委会|居委会|银行|学校|店|中心|单位|部)$")
PEOPLE = re.compile(r"(?:先生|女士|老板|工头|房东|邻居|老公|丈夫|老婆|妻子|爸|妈|父亲|母亲|儿子|女儿|自己|本人)$")


def named_kind(name: str) -> str:
    """organisation, person, or unknown; what it is in law `parties.legal_form` says."""
    if read_organisation(name) or ORGANISED.search(name):
        return "organisation"
    return "person" if read_name(name) or PEOPLE.search(name) else "unknown"


def _party(name: str, kind: str, words: str) -> Value:
    return Value({"name": name, "kind": kind}, name, words)


#: How an answer begins that names nobody: a wish, what she has in hand, a pause.
NO_PARTY = re.compile(
    r"就(?:要|想|有|是要|是想)|只有|想要|我[想要去有在还先]|没有?(?!限)|有(?=微信|聊天|录音|照片|视频|证|合同|欠条|借条|转账|收据|人|的|个|点|些)|"
    r"等[一下会]|稍等|马上|好[了的吧]|在吗|喂|你好|您好|怎么|咋|要[钱债]|[走退]了"
)


#: "租客叫丁一", "都叫他龙哥": what somebody is called, at the end of an answer.
CALLED = re.compile(r"叫做?(?:他|她)?([\u4e00-\u9fff·]{2,6})(?=[。.，, ]*$)")


def party_answer(words: str, entities: Sequence[Entity]) -> Value | None:
    """Who is named in an answer; None when the words name nobody ("不在了，八月底走的")."""
    called = CALLED.findall(words)
    if len(called) == 1 and (name := read_name(f"叫{called[0]}")):
        return _party(name, "person", words)
    if (told := party_named(words)) is not None:
        return Value(told.value, told.shown, words)
    if (family := re.search(r"姓([\u4e00-\u9fff]{1,2}?)(?:的|$|[，。, ])", words)) and read_name(
        f"姓{family.group(1)}"
    ):
        return _party(f"姓{family.group(1)}", "person", words)
    name = re.sub(r"[（(，, ]*(?:电话|手机|联系方式|号码|身份证).*$", "", words, flags=re.S).strip(" ，。,.；;：:")
    name = re.sub(r"\s*1[3-9][\d\s-]{9,13}\s*$", "", name).strip(" ，。,.；;：:")
    name = re.sub(
        r"^(?:就?是|对方是|对方叫|叫|[他她]叫|名字叫|(?:老板|工头|包工头|房东|店主)[叫是]|在)(?=.{2,})", "", name
    )
    if re.fullmatch(r"[我你他她它]们?的?", name) or name.startswith("我们") or NO_PARTY.match(name):
        return None
    if name and len(name) <= 20 and not SENTENCE.search(name) and re.search(r"[\u4e00-\u9fffA-Za-z]", name):
        return _party(name, _named_kind(name, entities), words)
    organisations = read_organisation(name)
    if organisations:
        return _party(organisations[0], "organisation", words)
    named = [entity.text for entity in entities if entity.label == "named_role"]
    return _party(named[0], "person", words) if named else None


def _named_kind(name: str, entities: Sequence[Entity]) -> str:
    kind = named_kind(name)
    if kind == "unknown" and any(e.label in ("role", "named_role", "relation") and e.text in name for e in entities):
        return "person"
    return kind


def party_as_said(words: str) -> Value:
    """The words themselves, when asking again would not help."""
    return _party(words[:60], "unknown", words)


def party_from_story(spec: FactSpec, text: str, entities: Sequence[Entity]) -> Value | None:
    if spec.pattern:
        match = spec.pattern.search(text)
        return _party(match.group(1), "person", match.group(1)) if match else None
    if spec.suffixes:
        ended = _ending_in(spec.suffixes, text)
        if ended is not None:
            return _party(ended, "organisation", ended)
        for organisation in read_organisation(text):
            if organisation.endswith(spec.suffixes) and _proper(organisation):
                return _party(organisation, "organisation", organisation)
        return None
    if not spec.suffixes and (spec.cues or spec.key == "counterpart"):
        named = party_named(text, spec.cues)
        if named is not None:
            return named
        given = GIVEN_TO.search(text) if spec.key == "counterpart" else None
        if given and (organisations := [o for o in read_organisation(given["name"]) if _proper(o)]):
            return _party(organisations[0], "organisation", given.group())
        if spec.key == "counterpart" and (side := other_side(told_by_herself(text))):
            return _party(side[0], "person", side[1])
        kin = KIN_NAMED.search(text) if spec.key == "counterpart" else None
        if kin and (name := read_name(kin["name"])):
            return _party(name, "person", kin.group())
    for entity in entities:
        if spec.cues:  # 总包、分包、包工头: the entity must carry the word
            if entity.label == "role" and any(cue in entity.text for cue in spec.cues) and entity.text not in spec.cues:
                return _party(entity.text, "person", entity.text)
            if entity.label == "organisation" and follows(text, entity.start, spec.cues):
                return _party(entity.text, "organisation", entity.text)
        elif spec.key == "counterpart" and not NOBODY.match(entity.text) and not OWN.search(text[: entity.start]):
            if entity.label == "named_role" or (entity.label == "organisation" and _proper(entity.text)):
                kind = "organisation" if entity.label == "organisation" else "person"
                return _party(entity.text, kind, entity.text)
    return None


#: Her own firm is not the other side: "我是建材公司的经理".
OWN = re.compile(r"(?:我(?:们)?(?:就)?是|代表(?:我们)?|我们)$")
#: Who is named after them: "老板叫马有财", "只知道姓王".
NAMING = re.compile(
    r"(?P<role>老板娘?|老总|包工头|工头|房东|店主|店家|卖家|邻居|对方|对面|隔壁|楼上|楼下|公司|单位|厂里?|车主|司机|中介|院长|医生|男方|女方|"
    r"老公|丈夫|老婆|妻子|前夫|前妻|婆婆|公公|[大二三]?哥哥?|弟弟|[大二]?姐姐?|妹妹|嫂子|他|她|知道|那个?人)(?:的?名字)?(?P<verb>叫做?|名叫|是|姓)\s*(?P<name>[^，。,;；！!？?\s]{1,24})"
)


def party_named(text: str, roles: Iterable[str] = ()) -> Value | None:
    """ "老板叫马有财", "房东姓王", "对方是恒达物业": who is expressly named. With `roles`, only after one of these words."""
    wanted = tuple(roles)
    for match in NAMING.finditer(text):
        role, verb, rest = match["role"], match["verb"], match["name"]
        if wanted and not any(role == word or role.endswith(word) for word in wanted):
            continue
        if verb == "姓":
            surname = read_name(f"姓{rest[:2]}") if len(rest) == 2 else None
            surname = surname or read_name(f"姓{rest[:1]}")
            if surname:
                return _party(
                    f"姓{surname}" if role in ("他", "她", "知道", "那人", "那个人") else f"{role}姓{surname}",
                    "person",
                    match.group(),
                )
            continue
        if role == "对方" and verb == "是" and (bare := re.search(r"(?:的|^)([\u4e00-\u9fff]{2,6})$", rest)):
            if not SENTENCE.search(rest) and not read_organisation(rest) and not PEOPLE.fullmatch(bare.group(1)):
                return _party(rest, "person" if read_name(bare.group(1)) else "unknown", match.group())
        for organisation in read_organisation(rest):
            if _proper(organisation):
                return _party(organisation, "organisation", match.group())
        for size in (len(rest), 4, 3, 2):
            name = read_name(f"叫{rest[:size]}" if verb != "是" else rest[:size]) if size <= len(rest) else None
            if name and len(name) >= 2 and (size == len(rest) or rest[size] in "的在欠不说跟和电手"):
                return _party(name, "person", match.group())
    return None


#: Kin named without a verb: "我和丈夫石大贵".
KIN_NAMED = re.compile(
    r"(?:老公|丈夫|老婆|妻子|前夫|前妻|哥哥|弟弟|姐姐|妹妹)(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[在和跟不，。,从去一]|$)"
)


#: Whom the land or the house was given to: "租给万元寺药材合作社种药材".
GIVEN_TO = re.compile(
    r"(?:租|包|流转|转|卖|借)(?:给|到)了?(?P<name>[\u4e00-\u9fffA-Za-z0-9]{2,20}?(?:公司|合作社|厂|农场|村委会))"
)


def party_in_clauses(text: str, entities: Sequence[Entity]) -> Value | None:
    """Who is named in what stands beside another answer: expressly, or by a clause that is a name and nothing else."""
    named = party_named(text)
    if named is not None:
        return named
    for clause in (part.strip() for part in CLAUSE.split(text)):
        bare = re.sub(r"^(?:跟|和|就是|是|找|告|被|给)", "", clause)
        if 2 <= len(bare) <= 4 and read_name(bare) and not re.search(r"\d", bare):
            return _party(bare, "person", clause)
        if clause and len(clause) <= 30:
            inside = [e for e in entities if e.text in clause]
            organisations = [o for o in read_organisation(bare) if _proper(o) and len(o) >= 0.6 * len(bare)]
            if organisations:
                return _party(organisations[0], "organisation", clause)
            roles = [e.text for e in inside if e.label == "named_role" and not NOBODY.match(e.text)]
            if roles:
                return _party(roles[0], "person", clause)
    return None


def _proper(name: str) -> bool:
    """Whether an organisation's words name one: 恒达物业, not 小区物业, 一家培训班 or 家八亩地2021年流转给合作社."""
    own = ORGANISED.sub("", GENERIC.sub("", name))
    return len(own) >= 2 and len(name) <= 24 and not SENTENCE.search(name) and not re.search(r"\d{2,}年|亩|给|欠", name)


def _ending_in(suffixes: Sequence[str], text: str) -> str | None:
    """A proper name that ends in one of the words: 阳光小区, 锦绣花园工地. Without what stands before a name."""
    kinds = "|".join(sorted(map(re.escape, suffixes), key=len, reverse=True))
    for match in re.finditer(rf"([\u4e00-\u9fffA-Za-z0-9]{{2,14}}?)(?:{kinds})", text):
        name = BEFORE_NAME.sub("", match.group())
        if len(name) - len(match.group()[len(match.group(1)) :]) >= 2 and not SENTENCE.search(name):
            return name
    return None


def name_from_story(spec: FactSpec, text: str) -> Value | None:
    """ "我叫李四": the applicant's name, or the helper's when the same words speak for somebody else."""
    match = re.search(
        r"(?:我(?:姓.[，,]?)?叫|我的名字叫|本人(?:姓.[，,]?)?叫|申请人[:：]?)\s*((?:(?!电话|手机|号码|联系|微信)[\u4e00-\u9fff·]){2,6})",
        text,
    )
    for_another = re.search(r"(?:替|帮|代)(?:我|他|她|俺|老人|别人|邻居|朋友|家里|同事|工友)", text) is not None
    if match and (spec.key == "helper_name") == for_another:
        for size in (3, 2, 4):
            name = read_name(f"叫{match.group(1)[:size]}")
            if name:
                return Value(name, name, match.group())
    return None


def listed(spec: FactSpec, text: str) -> Value | None:
    """Things named as being there (evidence at hand): in a clause that has them and does not deny them."""
    said: list[str] = []
    clauses: list[str] = []
    for clause in CLAUSE.split(text):
        if HAVING.search(clause) and not re.search(r"没有?|无|不|丢|弄掉", clause.replace("有没有", "")):
            found = [word for word in spec.words if word in clause and not any(word in other for other in said)]
            clauses += [clause.strip()] if found else []
            said += found
    return Value("、".join(said), "、".join(said), "\n".join(clauses)) if said else None


#: She has it, kept it, made it.
HAVING = re.compile(r"有|留着|保存|手里|拿着|拍了|录了|凭|在我")
