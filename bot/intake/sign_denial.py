"""Whether words of danger say that it is there: denied, slandered, asked in general, told of other people by others.

Hides the reach of a negation and how hearsay, fiction and questions of law sound. "他没有打我" and "新闻里说有人打人"
are no signs; "他说要弄死我" is one, for he said it to her. Called by `bot.intake.sign_weighing` only.
"""

from __future__ import annotations

import re

from bot.intake.sign_context import Seen
from bot.intake.sign_grammar import KIN, OTHERS


def _union(*parts: str) -> str:
    return "|".join(parts)


# ---------------------------------------------------------------- negation
_FILLER = (
    "真的?|真正|怎么|曾经?|想过?|想要|要|说过?|人|被|敢|任何|发生过?|出现过?|存在|遭受?过?|受过?到?|过|再|他们?|她|我们?|"
    "老公|丈夫|老婆|谁|对|跟|和|向|把|给|什么|一次|有|遇到过?|是|因为|去|来|打算|准备|会|能|可能|肯定|绝对|故意|让|的|意思|那种|"
    "直接|当面|动手|殴打|殴|打|骂|用|拿|参与|参加|组织|杀人|打人|放火|带头|搞|进行|实施|采取|做出?|家里|在|或者?|念头|想法|也|都|这种|这样|所谓|就是|"
    "孩子|儿子|女儿|老人|父母|妈妈?|爸爸?|自己|一起|真|还|个|根本|压根|完全|从来|从|以|为了|有过|听说|见|看见|看到|推|碰|一下|收到|受|面临|跟着|别人|对方|当众"
)
_DENY = _union(
    r"从来?不",
    r"(?<!再也)(?<!再)没有?(?!再)",
    "未曾?",
    "不曾",
    r"并?不是",
    "并非",
    r"不会",
    r"不想(?!活)",
    "不敢",
    "不至于",
    "不可能",
    "谁也没",
    "不存在",
    "不属于",
    "不涉及",
    "不打算",
    "不准备",
    "绝不",
    "决不",
    "不能",
    "不该",
    "无",
    "不希望",
    "不愿意?",
    "不允许",
    "不支持",
    "不赞成",
    "反对",
    "不参加",
    "不参与",
    "拒绝",
    "不搞",
    "不信",
    r"冇(?!人)",
    "没得",
)
_DENIED = re.compile(rf"(?:{_DENY})(?:{_FILLER})*$|(?<!要)(?<!要是)(?<!如果)(?<!再)(?<!能)不$")
#: Read in the plain text, where "打算" is not covered as a harmless 打.
_NOT_PLANNED = re.compile(r"(?:没有?|不|从来没有?|并没有?|绝没)打算(?:过|去|要|真的?)?$")
_DENIED_IF = re.compile(
    rf"(?:要是|如果|假如|若|要|除非|哪天|能|求|让|叫|劝|希望|保证|答应)[^|‖]{{0,4}}(?:{_DENY}|不)(?:{_FILLER})*$"
)
_ADVICE = re.compile(
    r"(?:别|不要|不许|不准|莫|勿|甭|严禁|禁止|杜绝|防止|避免|预防|以防|防范)(?:再|去|给我|跟人|和人|让他|让她|让)?[^|‖]{0,2}$"
)
_INSIDE = re.compile(
    r"(?:没有?(?!好|完|命|法|死)|从来?不|不会(?!放过)|未曾|不曾|不是|不敢|不打算)[^|‖]{0,3}"
    r"(?:打|动|揍|踢|踹|掐|扇|推|施|下手|出手|停|断|关|堵|闹|拿|杀|砍|弄|威胁|收拾|上访|围|去)"
)
_SLANDER = re.compile(
    r"(?:冤枉|诬陷|诬告|造谣|诬赖|污蔑|谣传|赖)(?:我|他|她|我们|说|老公|别人)*(?:是)?$|(?:以为|梦见|梦到|假装|好像是?|电影里|电视里|小说里|游戏里)[^|‖]{0,4}$|(?:扮演|饰演|[我他她]演)(?:的是?|一?个|那个|这个)?[^|‖]{0,3}$"
)
_FALSE_AFTER = re.compile(
    r"^[^|‖]{0,4}(?:是气话|是瞎说|是吓唬|是开玩笑|是假的|是谣言|纯属|不实|没有的事|是误会|的不是我)"
)

_NOT_DEAD_PLAIN = re.compile(r"(?:没有?|不是|未|并非|差点没?|险些|不是要)(?:把[^|‖]{1,3}|被|给|人|有人|造成)*$")

#: "都说他会打人 … 我一次也没见过": told by others and denied by her who writes.
_RUMOUR = re.compile(
    r"听说|人家传|都说|有人说|到处(?:跟人)?(?:说|讲)|跟(?:人|别人|邻居|亲戚)说|逢人就说|外面传|谣传|传(?:言|闻)|造谣|诬(?:陷|告|赖)|污蔑|冤枉|赖我"
)
_NOT_SO = re.compile(
    r"没见过|没有的事|没碰过|没动过|碰都没碰|造谣|冤枉|不是真的|根本没|从来没|一次也没|一下也没|瞎说|胡说|瞎编|没这回事|没这种事|没有这种事|没有这回事|哪有这事"
)
#: A word of danger that is the title of something read or heard: "一个家暴的案子", "防欺凌的讲座".
#: "I saw a short drama, in it the mother-in-law pushes her down the stairs".
_SHOWN = re.compile(
    r"(?:看|刷|追|听|读|演|拍)[^|‖]{0,6}(?:短剧|电视剧|电影|剧|小说|视频|综艺|动漫|戏)[|]?(?:里头?|里面|上|中|讲|说|有|演)"
)
_TITLE = re.compile(
    r"^(?:的|类|方面的)?(?:识别|来访|来电|求助者|案子|案例|讲座|新闻|节目|电影|电视剧|小说|帖子|故事|文章|宣传|班会|主题|课题|作业|题材|培训|知识|热线|问题研究)"
)
#: Where other people's stories come from.
_SOURCE = re.compile(r"新闻|广播|课文|网文|新剧|抖音|快手|电视|网上|报纸|头条|视频|朋友圈|公众号|小说|电影|剧里|讲座")
_OWN_CASE = re.compile(r"我[^|‖]{0,4}(?:也|家|老公|丈夫|妈|爸|孩子|弟|妹|前夫|男)|一样|跟我|和我|我被|打我|咱")

# ---------------------------------------------------------------- talk in general
_GENERAL = re.compile(
    r"犯法吗|违法吗|犯罪吗|合法吗|犯法不|违法不|算不算|算(?:是)?[^|‖]{0,8}(?:吗|么)|算[^|‖]{0,4}不$|是否(?:构成|属于|算|犯|违)|属于[^|‖]{0,10}(?:吗|么|什么)|怎么(?:判|定罪|处罚|认定|界定|规定|算)|"
    r"判(?:多少|几|多久)|什么(?:罪|叫|是|算|情况)|是什么|如何(?:认定|界定|定义|处罚|规定|量刑)|定义|有哪些|包括哪|哪几种|法律(?:上)?(?:规定|怎么|如何)|标准|规定|区别|科普|反家暴法|反家庭暴力|"
    r"讲稿|什么叫|宣传|讲座|新闻|电影|电视剧|小说|论文|作业|课堂|课题|节目|报道|案例|知识|法条|条例|抖音上|纪录片|歌|游戏|普法|采访|公益课|展板|宣传册|问卷|赔(?:多少|偿)|怎么赔|保险"
)
_PRACTICAL = re.compile(
    r"离婚|取证|证据|报警|怎么办|咋办|求助|救|保护令(?!是)|怎么(?:申请|举报|保护)|逃|躲|伤情|验伤|庇护"
)
_PERSONAL = re.compile(
    rf"本人|申请人|当事人|我方|死者|原告|被告|我(?!想?问|想?咨询|想?了解|国|们国家|要问|的问题)|俺|咱|(?<!其)他|她|(?:{_union(*(w for w in (KIN + '|' + OTHERS).split('|') if w not in {'父母', '家人', '丈夫', '妻子', '老师', '夫妻', '老人', '医生', '别人', '姨', '弟', '妹', '哥', '姐', '爹', '娘', '爸', '妈', '员工', '工人', '患者', '病人', '女友', '男友', '业主', '住户', '居民', '有人', '人家', '对方', '亲戚', '公婆', '全家', '司机', '同学', '领导', '护士', '大夫', '村民', '阿姨', '男的', '女的', '爱人', '租客', '房东', '物业'}))})|我们|昨|今天|刚才|刚刚|现在|又"
)
#: She writes about it: an article, a speech, homework.
_WRITES = re.compile(
    r"写[^|‖]{0,8}(?:稿|论文|文章|主持词|作业|小说|剧本|课件)|做[^|‖]{0,4}(?:课题|宣传|展板)|"
    r"法考|考法|考题|真题|备考|考试题|模拟(?:法庭|考)|布置的作业|(?:知识|普法)竞赛|我是?(?:做|搞|当|管)(?:人事|普法|支书|社工|安全员|网格员|培训)|"
    r"更新[^|‖]{0,3}(?:手册|制度|台账)|(?:培训|演练)[^|‖]{0,4}(?:让|要)|(?:应急预案|流程|模板)[^|‖]{0,4}(?:贴|哪里|在哪|背)"
)
_FICTION = re.compile(
    r"电影|电视剧|小说|游戏|新闻|节目|讲座|论文|歌词|剧情|综艺|短视频|短剧|普法|课文|宣传|演习|演练|历史|主角|男主|女主|反派|小品|剧本|评书|追剧|那一?集|漫画"
)


def is_denied(seen: Seen) -> bool:
    kind, before = seen.found.kind, seen.before
    after = seen.ready.plain[seen.found.end : seen.found.end + 44]
    if _RUMOUR.search(seen.near_before + before) and _NOT_SO.search(after):
        return True
    if _SLANDER.search(before) or _FALSE_AFTER.search(seen.ready.read[seen.found.end : seen.found.right]):
        return True
    if kind in ("violence", "threat", "group", "utility_cut") and _INSIDE.search(seen.words):
        return True
    if kind == "death":
        return bool(_NOT_DEAD_PLAIN.search(seen.plain_before))
    if _ADVICE.search(before):
        return kind != "violence" or "架" in seen.words or not re.search(r"我|她|他|孩子|妈|再|求", before + seen.words)
    if _NOT_PLANNED.search(seen.plain_before):
        return True
    if _DENIED.search(before):
        return not (kind == "violence" and _DENIED_IF.search(before))
    return False


def is_general(seen: Seen) -> bool:
    near = seen.near
    if _WRITES.search(near) and not _OWN_CASE.search(near):
        return True
    if _TITLE.match(seen.ready.plain[seen.found.end : seen.found.end + 8]):
        return True
    shown = _SHOWN.search(before_all := seen.ready.plain[max(0, seen.found.start - 24) : seen.found.start])
    if shown and not _OWN_CASE.search(before_all[shown.end() :] + seen.words):
        return True
    source = _SOURCE.search(before := seen.ready.plain[max(0, seen.found.start - 24) : seen.found.start])
    if source and re.match(
        r"[^‖]{0,4}(?:上|里|头|中)?[^‖]{0,3}(?:说|看|讲|报|有|刷|放|播|演|写|转|那(?:个|家|位|些))",
        before[source.end() :],
    ):
        if not _OWN_CASE.search(before[source.end() :] + seen.words):
            return True
    if _PERSONAL.search(near):
        return bool(_FICTION.search(seen.clause)) and not re.search(r"我(?!们?看)|老公|孩子", seen.clause)
    if seen.found.kind in ("violence", "death", "self_harm", "threat"):
        if seen.found.kind == "violence" and _PRACTICAL.search(near) and re.search(r"家暴|家庭暴力|保护令", near):
            return False
        return bool(_GENERAL.search(near) or _FICTION.search(near))
    return bool(_FICTION.search(near))
