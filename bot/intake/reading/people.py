"""Hides how people are counted in speech: 23个人, 二十来号人, 我们俩, 一家五口, 就我一个.

Called by `bot.intake.reading.read`. The count is of those on whose side the dispute lies or who are in it; one's
children and 一个人欠我钱 are no count of parties and are left out.
"""

import dataclasses
import re

from bot.intake.reading.numerals import Number, find_numbers, said_as_about, taken_back

PEOPLE_FACTS = frozenset({"people", "households_total", "households_joining", "households_agreeing"})


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """A number of people (of households, when the desk asked for those): the lower end of a range."""

    text: str
    value: int
    approx: bool
    span: tuple[int, int]


_PERSON = (
    "人(?![次份民行均工大格品事参体类头家情])|女工|男工|妯娌|工友|工人|农民工|民工|务工|同事|员工|职工|业主|村民|老乡|乡亲|街坊|邻居|乘客|家长|同学|学生|老人|老师|师傅|伙计|"
    "租户|租客|商户|住户|户主|股东|债权人|消费者|顾客|客户|患者|病人|家属|代表|受害者|被害人|会员|学员|弟兄|兄弟|姐妹|姊妹|姐弟|兄妹|工头|老头|老太|男的|女的|保安|"
    "小伙子?|小年轻|年轻人|青年|混混|打手|大汉|汉子|男子|女子|姑娘|妇女|大姐|大妈|大叔|亲戚|证人|伤者|司机|骑手|外卖员|护工|保姆|技师|厨师|服务员|临时工|退休|合伙人|老板|债主|朋友|投资人|承包户|农户|社员"
)
_AFTER = re.compile(
    f" ?(?:多|来|几|余)?(?:个|名|位|号|口|)(?:多)?(?:一起|一块儿?)?(?:[^,.。;；!！?？\\n0-9一二两三四五六七八九十月天年钱元块万]{{0,6}}?)(?:{_PERSON})"
)
_AFTER_CLOSE = re.compile(
    f" ?(?:多|来|几|余)?(?:个(?!月)|名|位|号|口|)(?:多)?(?:{_PERSON}|户(?:业主|村民|居民|住户|农户|租户|商户|人家))"
)
_POLITE = re.compile(" ?(?:多|来|几|余)?[名位](?![于置子牌字次])")
_FAMILY = re.compile(" ?口(?!袋|气|井|粮|子|碑|头|供|腔|水|罩|红)")
_UNITS = re.compile(" ?(?:多|来|几)?个?(?=$|[,.。;；!！?？、 吧了啊呀呢都]|全)")
_ANY_UNIT = re.compile(" ?个(?![月多半])")
_GROUP_BEFORE = re.compile(
    "(?:我们|咱们?|俺们|他们|她们|你们|大伙儿?|大家|工友|一起|总共|一共|共|夫妻|父子|母子|父女|母女|兄弟|弟兄|姐妹|姊妹|姐弟|兄妹|妯娌|爷|婆媳|哥|姐|连我|算我|加我|算上我|加上我|带我|就|只有|仅|光|"
    "同村|人|受害者|老乡|业主)(?:有|是|就|一共|总共|大概|大约|差不多|约|也就|都|来|的|共|一|合计|[ ,:])*$"
)
_HOUSEHOLDS = re.compile(" ?(?:多|来|几|余)?(?:户|家)")
_PAIR_WORDS = re.compile(
    "(?:我们|咱们?|俺们?|他们|她们|你们|我|他|她|你|夫妻|夫妇|母子|母女|父子|父女|姐妹|兄弟|姐弟|兄妹|婆媳|哥|姐|爷|娘|老)(?P<count>俩|仨)(?![月年天星礼小钟娃孩儿闺女])|"
    f"(?P<count2>俩|仨)(?:{_PERSON}|徒弟|室友)|(?P<couple>(?:老|小)?两口子|(?:老|小)两口)|(?:我们|咱们?)(?P<couple2>夫妻|夫妇|两夫妻)(?![0-9一二两俩三]|关系|感情|[间矛吵离])"
)
_ALONE = re.compile(
    "(?:就|只有|只|仅|光|仅有|就只有|单)(?:是|剩)?(?:我|本人|俺)(?:自己)?一(?:个人|个|人)|(?:^|[,.。 ;；!！就])(?:我|俺|本人)(?:自己)?一个人?(?=$|[,.。;；!！?？ 吧啊呀的])|"
    "(?:就|只有)(?:我|俺|本人)(?:自己|本人)?(?=$|[,.。;；!！?？ 吧啊呀])|(?:就|只有|仅)一(?:个人|人)"
)
_ALONE_ANSWER = re.compile(
    "(?:就|只有|是)?(?:我|俺|本人|自己|我自己|一个|一个人|一人|单独|个人|没有?别人|没有?其他人|没得别个)(?:一个人?|自己|本人)?[吧啊呀的了,.。!！]*"
)


def _one_person(text: str, number: Number) -> bool:
    return number.value == 1 and number.end == number.start + 1


def _count(text: str, number: Number, asked: str | None) -> int | None:
    """Return the end of the count when `number` counts people, else None."""
    before = text[max(0, number.start - 10) : number.start]
    if before[-1:] in ("第", "每", "之", "前", "后", "末", ".", "/") or _one_person(text, number) and asked is None:
        return None
    if number.value != int(number.value):
        return None
    if (
        before[-1:] in tuple("大初高研小")
        and number.value <= 6
        and text[number.end : number.end + 1] in ("学", "男", "女")
    ):
        return None  # 大二学生: her year at school
    close = _AFTER_CLOSE.match(text, number.end)
    if close:
        return close.end()
    polite = _POLITE.match(text, number.end)
    if polite and number.value < 1e7:
        return polite.end()
    loose = _AFTER.match(text, number.end)
    if loose and loose.group().strip()[:1] in ("个", "多", "来", "号") and "月" not in loose.group():
        return loose.end()
    family = _FAMILY.match(text, number.end)
    if family:
        return family.end()
    if number.digits_only is False and number.value < 10_000 and _GROUP_BEFORE.search(before):
        unit = _UNITS.match(text, number.end)
        if _grouped_closely(before) and (count_word := _ANY_UNIT.match(text, number.end)):
            return count_word.end()
        if unit and (unit.group().strip().endswith("个") or _grouped_closely(before)):
            return unit.end()
    if asked in PEOPLE_FACTS:
        if asked != "people":
            households = _HOUSEHOLDS.match(text, number.end)
            if households:
                return households.end()
        bare = re.match(
            "(?:多|来|几)?(?:个(?!月)|户|家|票|人|位)?(?=$|[^一-龥0-9%.:/年]|[吧了啊呀左上都同参愿的])",
            text[number.end :][:4],
        )
        if bare and number.value < 10_000:
            return number.end + bare.end()
    return None


def _grouped_closely(before: str) -> bool:
    return bool(re.search("(?:父子|母子|父女|母女|兄弟|弟兄|姐妹|姊妹|姐弟|兄妹|妯娌|夫妻|婆媳|哥|爷)$", before))


def _small_counts(text: str, asked: str | None) -> list[People]:
    """Read the counts without a number: 我们俩, 哥仨, 两口子, 就我一个."""
    found = []
    if asked in PEOPLE_FACTS and (alone := _ALONE_ANSWER.fullmatch(text.strip())):
        start = text.index(alone.group())
        return [People(alone.group(), 1, False, (start, start + len(alone.group())))]
    if asked in PEOPLE_FACTS and (few := re.fullmatch("[就是有]*(俩|仨)(?:人|个)?[吧啊呀了.。]*", text.strip())):
        start = text.index(few.group(1))
        return [People(few.group(1), 2 if few.group(1) == "俩" else 3, False, (start, start + 1))]
    for match in _ALONE.finditer(text):
        start = match.start() + (text[match.start()] in ",.。 ;；!！就" and text[match.start()] != "就")
        found.append(People(text[start : match.end()], 1, False, (start, match.end())))
    for match in _PAIR_WORDS.finditer(text):
        value = 3 if "仨" in match.group() else 2
        found.append(People(match.group(), value, False, match.span()))
    return found


def read_people(text: str, asked: str | None = None, numbers: list[Number] | None = None) -> list[People]:
    """Return the counts of people in plain `text`, left to right; `asked` is the fact the desk has just asked for.

    >>> [(p.value, p.approx) for p in read_people("我们一共23个人，还有十几个工友")]
    [(23, False), (10, True)]
    """
    found = _small_counts(text, asked)
    taken = {at for people in found for at in range(*people.span)}
    for number in find_numbers(text) if numbers is None else numbers:
        if number.digits_only or not 0 < number.value < 1e8 or number.start in taken:
            continue
        end = _count(text, number, asked)
        if end is None:
            continue
        said = text[number.start : end]
        approx = number.approx or number.high is not None or bool(re.match(" ?[多来余几]", text[number.end : end]))
        approx = approx or said_as_about(text, number.start, end)
        found.append(People(said, int(number.value), approx, (number.start, end)))
    meant = [people for people in found if not taken_back(text, *people.span)]
    return sorted(meant or found, key=lambda people: people.span)
