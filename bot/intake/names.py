"""Who is named: the other side, a firm, the applicant, in an answer or in a story.

Hides what makes words a name: kinds of organisation, generic words that name nobody, what stands before a name in a
sentence. Called by `hearing` and `replies`; what somebody is in law `parties` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.intake.phrases import CLAUSE, Entity, Value, follows, told_by_herself
from bot.intake.reading.answers import read_name, read_organisation
from bot.intake.sides import other_side
from bot.intake.taxonomy import FactSpec

#: Who said it of whom: generic words that name nobody.
NOBODY = re.compile(
    r"^(?:老板|对方|公司|单位|厂里|他们?|她们?|物业|医院|工地|工厂|店家|商家|房东|邻居|人家|领导|经理|开发商)$"
)


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
        for called in SO_CALLED.finditer(told_by_herself(text)) if spec.key == "counterpart" else ():
            if called["family"] and read_name(f"姓{called['family']}"):
                return _party(called["said"], "person", called.group())
            if called["name"] and (name := read_name(f"叫{called['name']}")):
                return _party(name, "person", called.group())
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
    r"(?P<role>老板娘?|老总|物业(?=叫)|小区(?=叫)|工地(?=叫)|医院(?=叫)|学校(?=叫)|机构(?=叫)|(?<=[家个])店(?=叫)|包工头|工头|房东|店主|店家|卖家|邻居|对方|对面|隔壁|楼上|楼下|公司|单位|厂里?|车主|司机|中介|院长|医生|男方|女方|"
    r"老公|丈夫|老婆|妻子|前夫|前妻|婆婆|公公|[大二三]?哥哥?|弟弟|[大二]?姐姐?|妹妹|嫂子|他|她|知道|那个?人)(?:的?名字)?(?P<verb>叫做?|名叫|是|姓)\s*(?P<name>[^，。,;；！!？?\s]{1,24})"
)


#: "跟一个姓柴的老板签的合同", "借给一个叫荣海的人": who he is comes after the name.
SO_CALLED = re.compile(
    r"(?<![我俺本])(?P<said>姓(?P<family>[\u4e00-\u9fff]{1,2}?)的(?P<role>老板娘?|包工头|工头|中介|大姐|大哥|大叔|阿姨|女的|男的|人|司机|经理|师傅|业务员|房东|邻居|医生|老乡|同学|朋友|亲戚|老头|老太|人家))"
    r"|叫(?P<name>[\u4e00-\u9fff]{2,4}?)的(?:人|老板|工头|男的|女的|中介|老乡|朋友|司机|经理|网友)"
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
        r"(?:[我俺](?:姓.[，,]?)?叫|我的名字叫|本人(?:姓.[，,]?)?叫|申请人[:：]?)\s*((?:(?!电话|手机|号码|联系|微信)[\u4e00-\u9fff·]){2,6})",
        text,
    )
    for_another = re.search(r"(?:替|帮|代)(?:我|他|她|俺|老人|别人|邻居|朋友|家里|同事|工友)", text) is not None
    if match and (spec.key == "helper_name") == for_another:
        for size in (3, 2, 4):
            name = read_name(f"叫{match.group(1)[:size]}")
            if name:
                return Value(name, name, match.group())
    family = FAMILY_NAME.search(text) if not match else None
    if family and (spec.key == "helper_name") == for_another and (name := read_name(f"姓{family['name']}")):
        return Value(name, name, family.group())
    return None


#: "我姓周", told beside something else.
FAMILY_NAME = re.compile(
    r"(?<![跟和随给替帮让])(?:我|俺|本人)(?:免贵)?姓(?P<name>[\u4e00-\u9fff]{1,2}?)(?=[，,。.；;！!、\s]|$|是|家住|住在|今年|在|电话|来)"
)
