"""Hides which of the numbers in a sentence are sums of yuan, and how such sums are spoken and typed.

Called by `bot.intake.reading.read`. A number with 元, 块, 毛 or ¥ is a sum; a bare one is a sum when it is large and
nothing is counted by it (三万二), when a word of paying stands before it (欠我5000), or when the desk had just asked
for a sum. Other currencies are left out: the record is kept in yuan.
"""

import bisect
import dataclasses
import re
from collections.abc import Sequence

from bot.intake.reading.numerals import Number, find_numbers, said_as_about, taken_back
from bot.intake.reading.pieces import counts_things

MONEY_FACTS = frozenset({"amount", "monthly_rent", "rent_per_mu", "monthly_pay", "owed_amount", "fee_amount"})


@dataclasses.dataclass(frozen=True, slots=True)
class Money:
    """A sum in yuan: `value` (the lower end of a range), `high` the upper end or None, `approx` for 左右, 多, ranges."""

    text: str
    value: float
    approx: bool
    high: float | None
    span: tuple[int, int]


_YUAN = re.compile(" ?(?:块钱|块|元(?![旦月宵素老])钱?|圆(?:整|钱)?|(?:RMB|rmb|CNY|人民币|大洋)(?![A-Za-z]))")
_FRACTION = re.compile(
    "(?P<about>多|来块)|零?(?P<mao>[0-9一二三四五六七八九两])[毛角](?:钱|(?P<fen>[0-9一二三四五六七八九两])(?:分|(?![度斤个天米平方月次吨份亩包张])))?|"
    "零?(?P<cent>[0-9一二三四五六七八九两])分(?:钱)?|"
    "(?P<bare>[0-9一二三四五六七八九])(?=$|[,.。;；!！?？、 \n]|每|的|了|没|还|涨|降|到|变|改|加|包邮|[收卖买给退就都也他她我不以吧呢啊钱]|一[斤个天米度平方月次吨份亩]|/)"
)
_MAO = re.compile("[毛角](?![病坯孩利衣巾皮笔料胚星落色度])钱?(?:(?P<fen>[0-9一二三四五六七八九])分?(?![之]))?")
_FEN = re.compile("分钱")
_OTHER_CURRENCY = re.compile(
    " ?(?:多|来|余)?(?:美元|美金|美刀|美分|刀(?!片)|欧元|欧(?=$|[,.。 ])|港币|港元|港纸|日元|日币|英镑|韩元|韩币|澳元|澳币|加元|加币|新币|"
    "新台币|台币|卢布|泰铢|卢比|越南盾|盾|法郎|比特币|USDT|usdt|USD|usd|HKD|EUR|JPY|积分|Q币|金币|点券)"
)
_OTHER_CURRENCY_BEFORE = re.compile(r"(?:[$€£₩]|US|HK|美元|美金|港币|港元|欧元|日元|英镑|USD|usd|HKD|EUR) ?$")
_SIGN_BEFORE = re.compile("(?:[¥￥]|(?:RMB|rmb|CNY|人民币)[:]?) ?$")

# What numbers count when they are not money.
_COUNTED = re.compile(
    " ?(?:多|来|余|几)? ?(?:个(?!亿)|人|名|位|口|户|家|亩|分地|分田|分之|平|㎡|m2|岁|周岁|天|日|月|年|号|楼|层|栋|幢|单元|室|米|厘米|毫米|公里|里(?!面)|"
    "公分|公斤|斤|克|吨|升|毫升|度|度电|条|款(?!项|子)|项|章|节|次|趟|遍|回|%|‰|个百分点|百分|倍|成(?![交本功立了为])|折|秒|分(?!期)|小时|钟头|点|时|辆|台|套|间|头|只|"
    "棵|株|张(?!三)|件|份|字|页|期|届|路|弄|巷|组|队|班|级|票|场|步|盒|瓶|箱|袋|本(?!金)|把|瓦|公顷|平米|平方|垧|公里|寸|尺|代|审|方(?!面)|颗|根|支|笔|单(?!位)|起|宗|股|轮|"
    "楞|米高|伏|安培|kg|km|cm|mm|g|G|M|ml|W|/[0-9]|:[0-9]|-[0-9]|、[0-9])"
)
_PER = re.compile(" ?一(?:个|天|月|年|亩|斤|平|次|米|吨|方|户|人|间|套|台|度|份|趟)|[/／]")
_PER_LAND_OR_WEIGHT = re.compile("一[亩斤吨方]|/(?:月|天|年|亩|斤|小时|平)|每[亩斤月天年]")
_RATE_BEFORE = re.compile(
    "(?:薪|价|费|租金?|工钱)是?$|(?:每|(?<![第十百千万])一)(?:个人?|人|户|家|晚上?|宿|箱|盒|瓶|件|套|台|袋|双|张|包|平|平米|平方|平方米|斤|吨|方|米|个?小时|天|个?工|节|次|趟|车|块砖)$|(?:每|(?<![第十百千万])一)(?:[碗盘份节瓶件顿杯张双本桌盒场趟车针副支]|个盒)[^0-9一二三四五六七八九十两几,.。;；!！?？、 的了]{0,3}$"
)
# 一小时二十四结果发十六, 从一天十五涨到一天四十: speech without commas goes on after the rate.
_THE_RATE_ENDS = re.compile("结果|涨|降|管[吃住饭]|包[吃住]|到[一每]|可他?|但|他[说只]|我们?[干做说]")
_COUNTED_AT = re.compile("(?:一|每)[只头棵斤个亩天平方吨箱件条株车桶]就?(?:按|照|算)$")
_RECKONED = re.compile("[算计给收付结赔]")
_NOT_A_SUM_BEFORE = re.compile(
    "(?:第|之|编号|[0-9]转|分机|分机转|尾号|工号|卡号|账号|单号|案号|门牌号?|车牌号?|房号|座机|电话是?|手机号?是?|(?:前头|开头|打头|前三位|尾号|尾数|号段)是?|[假退缺少]一[罚赔]|微信号?|QQ|qq|密码|验证码|身份证号?|邮编|拨打?|打|报|星期|周|礼拜|初|"
    "年龄|今年|面积|人口|高度|距离|电压|体重|血压|单元|栋|幢|楼|座|室|号|弄|房间|[A-Za-z#_:/]|[0-9][-.])$"
)
_SCORN = re.compile("(?:骂我?是?|是个|个)$")
_PAYING = re.compile(
    "欠|赔|给|付|借|扣|罚|押金|定金|订金|工资|薪|要(?!是)|还|收|交|缴|花|拿|补|卖|买|价|费|款|钱|租|总共|一共|共计|合计|总计|"
    "金额|损失|报酬|彩礼|存|取|转|贷|利息|本金|骗|诈|退|差|少|剩|索|付|汇|打了|打给|充|值|红包|月供|首付|礼金|份子|保证金|一个工|一趟|一车|丢下|撂下|扔下|甩|修(?!改)|赚|挣|垫|分给|出了|只出|才|每个?月|每年|每人|每户|每次|每天|每亩|一人|一户|一家|一晚|一宿|人均|平均|一个?月|一天|一年|一亩|滞纳|返现|优惠|低保|补助|津贴|养老|公积|救济|[息金]$|底薪|提成|奖金|补贴|补偿|赔偿|赌|输|报销|税|账|块|元|涨到|降到|变成|改成|应该是|不对|是"
)
#: 扣三十五的伙食费: a fee follows.
_A_FEE_AFTER = re.compile("的[^,。;；!！?？\\n0-9]{0,4}(?:费|罚款|押金|租金|利息|工钱|电话费)")
# 罚了我五十, 还欠七十: even a small number at the end of what was paid is yuan.
_A_SUM_OF = re.compile(
    "(?:押金|[定订]金|罚款|违约金|保证金|红包|补偿款?|赔偿款?|工钱|工资|房租|租金|[学车药话水电]费|手续费|中介费|利息|滞纳金|奖金|彩礼|礼金|好处费|代[理办驾缴收]|班[服费]|路费|年[费终薪租]|月[租供薪]|人工费|头款|本金)"
)
_JUST_PAID = re.compile("(?:欠|赔|罚|付|扣|交|缴|退|垫|倒贴|收|给)(?:过|了)?(?:我们?|他们?|她|你|俺)?$")
_AND_NO_MORE = re.compile("[了吧啊呢呀]?(?=$|[,.。;；!！?？、 \n])")
_HOTLINES = frozenset(
    {
        "110",
        "119",
        "120",
        "122",
        "12345",
        "12348",
        "12333",
        "12315",
        "12309",
        "12388",
        "12377",
        "12368",
        "12338",
        "12355",
        "12356",
        "12306",
        "10086",
        "10010",
        "996",
        "007",
    }
)
# 95588 of a bank, a landline without its area code
_SERVICE_NUMBER = re.compile("9[56][0-9]{3}(?<!00)|[0-9]{7,8}(?<!000)")
_NOT_EVEN_A_COIN = re.compile(" ?(?:都|也|没|不|未|还没|就没|沒)")
_NOTHING_MORE = re.compile("左右|上下|出头|的样子|[吧啊呀多。,. 了的!！]")
_CLAUSE = re.compile("[,。;；!！?？\n]")
_NOT_THOUSANDS = re.compile(" ?(?:[黄白纯足玫瑰彩]{0,2}金|钻|电视|屏|超?高清|画质|显示|镜头|视频|摄像)")
_IDIOM_AFTER = re.compile("火急|八千里|富翁|大军|个为什么|事不|事如|分感|分之")
_RANGE = re.compile(" ?(?:到|至|~|-{1,2}|—{1,2}|–) ?")
_SMALL_DIGITS = dict(zip("零一二三四五六七八九", range(10))) | {"两": 2}


def _digit(char: str | None) -> int:
    if not char:
        return 0
    return _SMALL_DIGITS[char] if char in _SMALL_DIGITS else int(char)


@dataclasses.dataclass(slots=True)
class _Sum:
    start: int
    end: int
    value: float
    approx: bool = False
    named: bool = True  # the currency was said


def _with_unit(text: str, number: Number) -> _Sum | None:
    """Return the sum when a yuan, mao or fen unit stands with the number."""
    sign = _SIGN_BEFORE.search(text, max(0, number.start - 6), number.start)
    start = sign.start() if sign else number.start
    one = number.value == 1 and text[number.start] == "一" and number.end == number.start + 1
    unit = _YUAN.match(text, number.end)
    if unit:
        priced = _a_price(text, number.start) or _PER.match(text, unit.end())
        if one and unit.group() == "块" and not _FRACTION.match(text, unit.end()) and not priced:
            return None
        if one and _NOT_EVEN_A_COIN.match(text, unit.end()):
            return None
        value, end, approx = number.value, unit.end(), number.approx
        fraction = _FRACTION.match(text, end) if unit.group().strip() in ("块", "元", "圆") else None
        if fraction:
            tenths = _digit(fraction["mao"]) or (_digit(fraction["bare"]) if unit.group().strip() == "块" else 0)
            cents = _digit(fraction["fen"]) + _digit(fraction["cent"])
            if fraction["about"]:
                approx, end = True, fraction.end()
                end += 1 if text[end : end + 1] == "钱" else 0
            elif tenths or cents:
                value, end = round(value + tenths / 10 + cents / 100, 2), fraction.end()
        return _Sum(start, end, value, approx)
    if number.value < 100 and number.unit <= 10:
        mao = _MAO.match(text, number.end)
        if mao and not (
            one and (_NOT_EVEN_A_COIN.match(text, mao.end()) or text[number.end : number.end + 2] == "毛不")
        ):
            return _Sum(start, mao.end(), round(number.value / 10 + _digit(mao["fen"]) / 100, 3), number.approx)
        fen = _FEN.match(text, number.end)
        if fen and not one:
            return _Sum(start, fen.end(), round(number.value / 100, 4), number.approx)
    if sign:
        return _Sum(start, number.end, number.value, number.approx)
    return None


def _a_price(text: str, at: int) -> bool:
    return bool(re.search("每[^,。]{0,3}$|[赔罚涨降差少扣欠]了?我?$|元|价", text[max(0, at - 5) : at]))


def _bare(text: str, number: Number, asked: str | None) -> _Sum | None:
    """Return the sum when a number without a unit is one by its size, its neighbours or the desk's question."""
    asked_for_money, unasked = asked in MONEY_FACTS, asked is None
    start, end = number.start, number.end
    before = _CLAUSE.split(text[max(0, start - 14) : start])[-1]
    if (
        number.value in (0.0, 0.5)
        or _NOT_A_SUM_BEFORE.search(before)
        and not (number.unit >= 1000 and before[-1:] == "打")
    ):
        return None
    if number.unit >= 100 and _A_SUM_OF.match(text, end):
        return _Sum(start, end, number.value, number.approx, named=False)
    if _COUNTED.match(text, end) and not _PER.match(text, end) or _IDIOM_AFTER.match(text, end):
        return None
    raw = text[start:end]
    if raw[-1] in "kK" and _NOT_THOUSANDS.match(text, end):
        return None
    if raw.isdigit() and (len(raw) >= 9 or asked is None and _SERVICE_NUMBER.fullmatch(raw)):
        return None  # a phone or an account with a digit too many or too few
    if raw == "二百五" and _SCORN.search(before):
        return None
    if not asked_for_money and raw in _HOTLINES:
        return None
    if asked_for_money:
        alone = len(raw) >= len(text.strip(" ,.。!！?？吧呀啊了的~大概约是就有")) - 3
        follows = text[end : end + 1]
        if number.value >= 10 or alone or number.arabic and not follows:
            if raw in ("一", "十", "半") and not alone:
                return None
            return _Sum(start, end, number.value, number.approx, named=False)
        return None
    if number.unit >= 10**4 or number.unit >= 1000 and (number.elliptic or number.arabic):
        return _Sum(start, end, number.value, number.approx, named=False)
    paying = bool(_PAYING.search(before))
    after = _NOTHING_MORE.sub("", text[end : end + 6])
    whole_answer = not before.strip("大概约莫差不多就有 ") and not after
    if (number.unit >= 100 or number.approx and number.value >= 100) and (
        paying or number.elliptic or whole_answer or number.unit >= 1000
    ):
        return _Sum(start, end, number.value, number.approx, named=False)
    if whole_answer and unasked and number.arabic and number.value >= 1000 and not _is_a_year(raw, "年"):
        return _Sum(start, end, number.value, number.approx, named=False)
    if number.value >= 10 and (
        _PER_LAND_OR_WEIGHT.match(text, end)
        or _RATE_BEFORE.search(before)
        and (not after or text[end] in ",。;；!！?？" or _THE_RATE_ENDS.match(text, end))
        or _COUNTED_AT.search(before)
        and _RECKONED.match(text, end)
    ):
        return _Sum(start, end, number.value, number.approx, named=False)
    if number.value >= 10 and _A_FEE_AFTER.match(text, end) and (_PAYING.search(before[-3:]) or number.unit >= 100):
        return _Sum(start, end, number.value, number.approx, named=False)
    if number.value >= 10 and _JUST_PAID.search(before) and _AND_NO_MORE.match(text, end):
        return _Sum(start, end, number.value, number.approx, named=False)
    if paying and number.arabic and number.value >= 50 and not _is_a_year(raw, text[end : end + 1]):
        close = re.sub("[我你他她它们了过着的 ]", "", before)[-4:]
        if _PAYING.search(close.rstrip("是") if _is_a_year(raw, "年") else close):
            return _Sum(start, end, number.value, number.approx, named=False)
    return None


def _is_a_year(raw: str, after: str) -> bool:
    return raw.isdigit() and len(raw) == 4 and 1950 <= int(raw) <= 2049 and after in tuple("年/-.")


def _other_currency(text: str, number: Number) -> bool:
    return bool(
        _OTHER_CURRENCY.match(text, number.end)
        or _OTHER_CURRENCY_BEFORE.search(text, max(0, number.start - 4), number.start)
    )


class Claims:
    """The spans that dates and phones have taken; a number wholly inside one is theirs."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def hold(self, start: int, end: int) -> bool:
        at = bisect.bisect_right(self._starts, start) - 1
        # Spans rarely overlap; looking at three keeps a text full of dates linear.
        return any(end <= self._spans[i][1] for i in range(max(0, at - 2), at + 1))

    def hold_more_than(self, start: int, end: int) -> bool:
        at = bisect.bisect_right(self._starts, start) - 1
        return any(end < self._spans[i][1] for i in range(max(0, at - 2), at + 1))


def read_money(
    text: str, asked: str | None = None, claimed: Sequence[tuple[int, int]] = (), numbers: list[Number] | None = None
) -> list[Money]:
    """Return the sums of yuan in plain `text`, left to right.

    `asked` is the fact the desk has just asked for; `claimed` are spans that dates and phones have taken; `numbers`
    are those of `find_numbers(text)` when the caller has them already.

    >>> [(m.text, m.value, m.approx) for m in read_money("押金两千五，还欠3万5千多")]
    [('两千五', 2500.0, False), ('3万5千多', 35000.0, True)]
    """
    claims = Claims(claimed)
    found: list[Money] = []
    for number in find_numbers(text) if numbers is None else numbers:
        if number.digits_only or number.value == float("inf") or _other_currency(text, number):
            continue
        if counts_things(text, number.value, number.end, number.end == number.start + 1 and not number.arabic):
            continue
        if found and number.start < found[-1].span[1]:
            continue
        said = _with_unit(text, number)
        if said is None:
            said = None if claims.hold(number.start, number.end) else _bare(text, number, asked)
        elif claims.hold_more_than(said.start, said.end):
            continue
        if said is None or said.value <= 0:
            continue
        high = number.high
        if found and high is None and found[-1].high is None:
            joint = _RANGE.fullmatch(text, found[-1].span[1], said.start)
            if joint and found[-1].value < said.value <= 20 * found[-1].value:
                last = found.pop()
                span = (last.span[0], said.end)
                found.append(Money(text[span[0] : span[1]], last.value, True, said.value, span))
                continue
        approx = said.approx or high is not None or said_as_about(text, said.start, said.end)
        found.append(Money(text[said.start : said.end], said.value, approx, high, (said.start, said.end)))
    # What is taken back is no sum when another takes its place.
    meant = [money for money in found if not taken_back(text, *money.span)]
    return meant or found
