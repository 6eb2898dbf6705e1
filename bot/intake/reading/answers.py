"""Hides how people answer a direct question: yes and no in many words and dialects, a name, an organisation.

Called by the interview when the desk has asked for exactly that. Each reader judges the whole answer: 没有打人 is a
story and no 没有. What is not clearly an answer gives None, and the desk takes the turn as something else.
"""

import re
from typing import Literal

from bot.intake.reading.plain import plain
from bot.intake.reading.surnames import COMPOUND_SURNAMES, NOT_NAMES, SINGLE_SURNAMES

YesNo = Literal["yes", "no", "unknown", "declined"]

_EDGE = re.compile(r"^[\s,.。;；!！?？、~～…:'\"“”()]+|[\s,.。;；!！?？、~～…:'\"“”()]+$")
_INSIDE = re.compile(r"[\s,.。;；!！?？、~～…]+")
_SOFT_END = re.compile("(?:的呢|的呀|的啊|吧|呀|啊|呢|哦|噢|喔|哈|嘛|嘞|咯|哒|喽|滴|了哦|哩|撒|噻|诶|欸|啦)+$")
_SOFT_START = re.compile("^(?:嗯+|呃+|额+|哦+|啊|那个|这个|唉|哎呀?|就是说?)(?=.)")
_SUBJECT = "(?:什么|啥|大部分|大多数?|基本上?|大概|可能|那|我们?|我这边|他们?|她|老板|公司|单位|双方|对方|大家|俺们?|咱们?|房东|那边|这边|家里|当时|后来|目前|现在|确实|其实|肯定|当然|已经|早就|都|也|就|应该|好像|真的?|暂时|一直|从来|压根|根本|完全)*"
_VERB = (
    "(?:给我们?|跟我们?|和我们?|签|打|有|去|报|做|交|写|给|问|说|谈|找|留|录|拍|看|查|验|转|定|认|同意|愿意|可以|能|会|知道|收到|发|付|买|要|办|登记|领证|离|分|住|开|存|保留|"
    "报警|报案|鉴定|调解|起诉|投诉|住院|受伤|签过|参加|申请|仲裁|协商|商量|联系|出具|出|结|领|发生|来)"
)
_OBJECT = "(?:人证|别的|其他的?|人|调解|仲裁|协商|婚|医院|派出所|劳动局|法院|一起|一份|合同|劳动合同|协议|书面|字据|欠条|借条|收据|收条|条子|证据|证|录音|照片|社保|保险|工伤保险|警|案|记录|聊天记录|转账记录|发票|病历|鉴定|字|钱|这个|这些|凭证|单子|票|身份证|房产证|孩子|小孩|公证|监控|证人|什么|啥|任何|的|东西|材料)*"

_UNKNOWN = re.compile(
    f"(?:{_SUBJECT})?(?:不知道|不知|不清楚|不太清楚|不太知道|不太记得|不大记得|不大清楚|不太确定|不确定|不好说|说不清楚?|说不好|说不准|不记得了?|记不清楚?了?|记不得了?|记不太清了?|记不住了?|忘了|忘记了|想不起来了?|"
    "搞不清楚?|搞不懂|弄不清楚?|没注意|没印象了?|不晓得|晓不得|晓求不得|哪个晓得|唔知道?|唔清楚|唔记得|不造|不懂|不明白|不太懂|没搞清楚|没算过|不好讲|难说|说不上来|谁知道|鬼知道|没数|还没算(?:过|清|好|出来)?|没算(?:清|好|出来)|还没谈(?:过|到)?|可能吧?|也许吧?|大概吧?|或许吧?|说不定|看情况|不一定|不了解|不太了解)(?:了|的|这个|具体(?:的|多少|时间)?|(?:有没有|[签交写报做买]没[签交写报做买]|是不是|算不算|在不在)[^吗?]{0,4})*"
)
_DECLINED = re.compile(
    f"(?:{_SUBJECT})?(?:不想说|不想讲|不想回答|不想提|不想透露|不愿意?说|不愿意?讲|不愿意?透露|不愿透露|不方便说?|不便说|不太方便说?|不方便透露|不方便讲|不便透露|(?:能|可以|可不可以|能不能)?跳过(?:吗|这题|这个问题)?|略过|换一个|这?是?隐私|下一个问?题?|下一题|先不说了?|不说了?|"
    "不告诉你?|不想告诉你?|保密|能不说吗|可以不说吗|能不能不说|可不可以不说|算了不说了?|过|pass|skip|不回答|不答|拒绝回答|以后再说|先跳过|这个不想说|这个跳过|不填|不想填|先不填|别问了?|不要问了?|不想谈|暂时不说)(?:了|这个)*",
    re.IGNORECASE,
)
_NO = re.compile(
    f"{_SUBJECT}(?:不是|不对|不|否|没有|没|没得|莫得|木有|冇|冇得|冇有|無|无|未|非|错|没错误|不行|不可以|不可能|不要|不用|不需要|不必|不愿意?|不同意|不想|不能|不会|不成|不中|不得|不得行|要不得|唔系|唔好|唔要|唔得|"
    f"没签|没有签|还没|还没有|尚未|从没|不曾|未曾|没门|没有没有|没没|不{{2,4}}|不严重|不在|并没有|并没|没那回事|没这回事|不存在|不认识|不满意|不接受|不答应|不干|不好|no|n|nope|不咧|不嘞|不是滴|弗|勿是|么有|么得|没咧|哪有|哪里有|才不|才没有?)"
    f"(?:过|了|啊|没有?|的|{_VERB}){{0,4}}{_OBJECT}(?:过|了|的|啊|呢|呀|没有?|这样|这个|这回事)*",
    re.IGNORECASE,
)
_YES = re.compile(
    f"{_SUBJECT}(?:有嘅|有啊有|(?:同意|愿意|可以|想|要|接受|需要)(?:调解|仲裁|协商)|签是签了|写是写了|是|是的|对|对的|对头|嗯|嗯嗯|嗯呢|恩|恩恩|昂|有|有的|有啊|有滴|好|好的|好滴|好啊|行|行的|可以|可|能|会|要|要得|要的|中|得|得行|系|系嘅|係|系的|冇错|没错|没问题|冇问题|莫问题|"
    "正确|确实|确定|当然|当然是|肯定|必须|同意|愿意|接受|认可|属实|就是|正是|yes|y|ok|okay|yep|yeah|ojbk|好嘞|好勒|成|管|管得|晓得|知道|需要|想|想要|不错|是滴|对滴|对哒|对对|对对对|是是|是是是|中中|哎|在|"
    "没有错|是这样|是这样的|是这么回事|是真的|真的|真|嗯对|嗯是|恩对|阿对|1)(?:了|的|啊|呢|呀|过|对|是|就是|这样|这个|这样的|没错)*",
    re.IGNORECASE,
)
_DID = re.compile(
    f"{_SUBJECT}(?:有)?(?:[给跟和]我们?)?{_VERB}{_OBJECT}(?:过|了|好了?|完了?|的|着)+(?:一?[份个张次]|两[份个张次])?{_OBJECT}(?:的|了|过)*"
)
_HAVE = re.compile(
    f"{_SUBJECT}有{_VERB}?(?:一?[份个张些次]|一点点?|[一两二三四几0-9][份个张次条])?{_OBJECT}(?:的|了|过)*"
)
# Questions, and complaints that have the shape of a no: 不给钱 is what the dispute is about.
_NO_ANSWER = re.compile(
    "不[给付发还赔退]|不是人|(?<!^没)有没有|是不是|对不对|能不能|可不可以|要不要|会不会|行不行|好不好|没有吗|是吗|对吗|吗$|么$|怎么|为什么|什么时候|多少"
)


def _trimmed(text: str) -> str:
    said = _INSIDE.sub("", _EDGE.sub("", plain(text).replace("\u200b", "")))
    return _SOFT_END.sub("", said) or said


#: Pictures that say yes or no.
_SIGNS = {"❌": "不是", "✖": "不是", "✅": "是", "👌": "好", "👍": "好", "✔": "是", "👎": "不是"}


def read_yes_no(text: str) -> YesNo | None:
    """Return what the whole answer means: yes, no, unknown (does not know), declined (does not want to say), or None.

    >>> [read_yes_no(t) for t in ("签了", "没签合同", "记不清了", "不想说", "他没有打我，是骂我")]
    ['yes', 'no', 'unknown', 'declined', None]
    """
    if len(text) > 60 or re.search("[吗?？]", plain(text)[-3:]) and not re.search("(?:不说|跳过)吗", text):
        return None
    said = _SIGNS.get(_trimmed(text), _trimmed(text))
    for _ in range(2):
        for pattern, meaning in _MEANINGS:
            if pattern.fullmatch(said):
                return None if meaning in ("yes", "no") and _NO_ANSWER.search(said) else meaning
        shorter = _SOFT_START.sub("", said)
        if shorter == said:
            break
        said = shorter
    return _first_of_two(text)


_PLAIN_WORD = re.compile("嗯+|是的?|对的?|有的?|没有?|没得|不是的?|签了|没签")


def _first_of_two(text: str) -> YesNo | None:
    """Read 是的，签了 and 没有，一直没签: parts of one meaning; also 有，微信上的: a plain word and what explains it."""
    parts = [part for part in re.split(r"[\s,.。;；!！、]+", plain(text)) if part]
    if not 2 <= len(parts) <= 3 or _NO_ANSWER.search(text):
        return None
    meanings = {_one_part(part) for part in parts}
    if len(meanings) == 1:
        return meanings.pop()
    plain_word = _one_part(parts[0]) if _PLAIN_WORD.fullmatch(parts[0]) and len(text) <= 24 else None
    return plain_word if meanings <= {plain_word, None} else None


def _one_part(part: str) -> YesNo | None:
    said = _SOFT_END.sub("", part) or part
    return next((meaning for pattern, meaning in _MEANINGS if pattern.fullmatch(said)), None)


_MEANINGS: tuple[tuple[re.Pattern[str], YesNo], ...] = (
    (_UNKNOWN, "unknown"), (_DECLINED, "declined"), (_NO, "no"), (_YES, "yes"), (_DID, "yes"), (_HAVE, "yes"),
)  # fmt: skip

_INTRODUCTION = re.compile(
    "^(?:你好|您好|嗯|哦|好的|那个|行)?[,，。 ]*(?:我的?(?:本人)?(?:名字|姓名|全名|大名)?(?:就?是|叫做?|叫|姓|:)|本人(?:叫|是|姓)?|我本人叫|叫我|就叫|叫做|叫|姓名|名字(?:叫|是)?|"
    "他的?(?:名字)?(?:叫|是|姓)|她的?(?:名字)?(?:叫|是|姓)|对方(?:叫|是|姓)?|老板(?:叫|是|姓)|房东(?:叫|是|姓)|免贵姓?|鄙人姓?|俺(?:叫|是|姓))?[是叫:： ]*(?:姓)?"
)
_TITLE = re.compile(
    "^(先生|女士|小姐|太太|师傅|老师|阿姨|大姐|大哥|大爷|大妈|大叔|叔叔?|姐|哥|总|老板|医生|律师|经理|主任|书记|同志|某某?|某)$"
)
_CHINESE_NAME = re.compile("[一-鿿㐀-䶿]{1,3}")
_MINORITY_NAME = re.compile("[一-鿿]{1,8}(?:[·•・.][一-鿿]{1,8}){1,3}")
_NOT_IN_A_NAME = re.compile(
    "[的了吗呢吧是不没就都很也还被把给跟和在要这那你我他她它们么什怎谁啥几个年日号钱块元百欠赔叫骂说去到过得着从为让向打村镇乡县市省区路街厂店里房]"
)


# A bare answer that ends so is more often a trade, a place or a thing than a name.
_ENDS_LIKE_A_THING = re.compile("[人员工庄州城馆间院部场料器款病费品物业机铺面者长队警权灯台口](?!.)|^.[子时候下里上]$")


def _full_name(said: str, introduced: bool) -> bool:
    """Tell whether `said` is a surname with one or two more characters that a given name may have."""
    if not introduced and _ENDS_LIKE_A_THING.search(said):
        return False
    if said in NOT_NAMES or len(said) == 4 and said[:2] in NOT_NAMES or not _CHINESE_NAME.fullmatch(said[1:]):
        return False
    for surname in COMPOUND_SURNAMES:
        if said.startswith(surname) and len(said) in (3, 4):
            return not _NOT_IN_A_NAME.search(said[2:])
    if said[0] not in SINGLE_SURNAMES or len(said) not in (2, 3, 4):
        return False
    if len(said) == 4 and said[1] not in SINGLE_SURNAMES:
        return False  # 张李美玉: both parents' surnames
    given = said[1:]
    return not _NOT_IN_A_NAME.search(given)


def read_name(text: str) -> str | None:
    """Return the personal name that an answer gives (李四, 张先生, 阿依古丽·买买提), or None.

    A surname alone is taken only when it is named as one (姓张). Greetings, places, organisations and sentences give
    None: a wrong name in a record is worse than a question asked again.

    >>> [read_name(t) for t in ("我叫李四", "姓张", "张先生", "你好", "不知道", "我是来投诉的")]
    ['李四', '张', '张先生', None, None, None]
    """
    said = _EDGE.sub("", plain(text))
    if not said or len(said) > 24:
        return None
    if len(pieces := said.split()) >= 3 and all(_CHINESE_NAME.fullmatch(piece) for piece in pieces):
        return None  # "修灯 退钱 道歉" are wishes
    match = _INTRODUCTION.match(said)
    introduced = match.group() if match else ""
    rest = _EDGE.sub("", said[len(introduced) :])
    rest = re.split(r"[,;。；!！\s(]", rest)[0] if introduced or re.search(r"[,，。 ]", rest) else rest
    rest = re.sub("(?<=..)(?:呀|啊|哈|吧|呢|嘛|啦|咯|哩|哪)$", "", rest)
    if said in NOT_NAMES or rest in NOT_NAMES:
        return None
    if _MINORITY_NAME.fullmatch(rest):
        return rest
    surname_only = "姓" in introduced and "姓名" not in introduced
    if surname_only and (rest in SINGLE_SURNAMES or rest in COMPOUND_SURNAMES):
        return rest
    surname, title = (rest[:2], rest[2:]) if rest[:2] in COMPOUND_SURNAMES else (rest[:1], rest[1:])
    if _TITLE.match(title) and (surname in SINGLE_SURNAMES or surname in COMPOUND_SURNAMES):
        return rest
    if re.fullmatch("[小老阿]", rest[:1]) and len(rest) == 2 and rest[1] in SINGLE_SURNAMES and introduced:
        return rest
    return rest if _full_name(rest, bool(re.search("叫|名", introduced))) else None


_KINDS = (
    "有限责任公司|股份有限公司|有限公司|分公司|子公司|总公司|公司|集团|卫生院|卫生室|卫生所|医院|诊所|门诊部|物业服务中心|物业管理处|物业|合作社|联合社|工地|项目部|施工队|工程队|建筑队|"
    "幼儿园|小学|中学|初中|高中|大学|学院|学校|职校|技校|培训班|培训机构|服务中心|体检中心|活动中心|培训中心|健身中心|售楼中心|中心|村民委员会|村委会|居民委员会|居委会|村委|居委|业主委员会|业委会|街道办事处|街道办|"
    "派出所|管委会|事务所|银行|信用社|支行|保险公司|酒店|宾馆|旅馆|饭店|餐馆|餐厅|饭馆|火锅店|理发店|美容院|健身房|健身馆|会所|网吧|超市|商场|商店|专卖店|门店|4S店|药店|工厂|砖厂|厂家|加工厂|厂|店|养老院|敬老院|驾校|中介|工作室|俱乐部|研究所|招待所|快递站|驿站|生产队|食堂|农场|养殖场|农家乐"
)
_ORGANISATION = re.compile(f"[一-鿿A-Za-z0-9()（）·&]{{0,25}}?(?:{_KINDS})(?![商铺主长员区房家址名址面面址矿子])")
# These end what comes before a name wherever they stand; the words of _PRONOUN only at its beginning (仁和医院 keeps 和).
_LEADING = re.compile(
    "^.*(?:在|来自|起诉|投诉|举报|名叫|叫做|名字是|隶属于|属于|任职于|就职于|受雇于|入职|[去到进买租签告找欠骗]了|住进|送进|送到|转到|来到|是|被|跟|向|对|让|因为|由于|以及|还有|的|某个|有个|那家|这家|有家|一家|一个)"
)
_PRONOUN = re.compile(
    "^(?:和|与|给|把|从|为|由|告|找|叫|去|到|进|欠|单位|老板|包工头|后来|然后|又|就|还|也|一直|当时|目前|曾经?|了|过|我们?|你们?|他们?|她|俺们?|咱们?|本|该|贵|那|这|某|原来|以前|现在|之前|隔壁|旁边|附近|自己|别的|其他|哪个|什么|哪家|什么样)+"
)
_BARE_KIND = re.compile(f"(?:{_KINDS})")


def read_organisation(text: str) -> list[str]:
    """Return the names of organisations in `text`, leading verbs and pronouns removed, in order and without repeats.

    A bare kind (公司, 厂) is returned only when it is the whole answer.

    >>> read_organisation("我在湖州宏达建材有限公司上班，后来去了仁和医院")
    ['湖州宏达建材有限公司', '仁和医院']
    """
    said = plain(text)
    found: list[str] = []
    for clause in re.split(r"[,。;；!！?？、\s]+", said):
        for match in _ORGANISATION.finditer(clause[:200]):
            name = _PRONOUN.sub("", _LEADING.sub("", match.group()))
            whole = _EDGE.sub("", said) == name
            if not name or _BARE_KIND.fullmatch(name) and not whole or name in found:
                continue
            found.append(name)
    return found
