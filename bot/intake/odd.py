"""Odd talk: words that are no matter of anybody's: other languages, keys at random, advertising, orders to a machine.

Hides how such words are known: by script, by repetition, by what is asked of a machine. Characters drawn at random are
left to the understanding, for rare words in a short cry look the same. They get a short, kind answer and the way back, and are never kept as a story or a
fact. A dialect story must not be called gibberish: when in doubt the answer is None. Jokes, weather and abuse are
known by the understanding (`chatter`, `abuse`). Called by the interview.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_KANA_AND_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
#: Latin words that people use in Chinese talk, or as commands.
_KNOWN = frozenset(
    [
        "ok",
        "okay",
        "yes",
        "no",
        "hi",
        "hello",
        "hey",
        "help",
        "sos",
        "pass",
        "skip",
        "bye",
        "thanks",
        "thank",
        "app",
        "vip",
        "wifi",
        "ktv",
        "atm",
        "qq",
        "wx",
        "wechat",
        "pos",
        "hr",
        "ceo",
        "4s",
        "a",
        "b",
        "c",
        "d",
    ]
)
_DISTRESS = re.compile(r"救|命|疼|痛|打|死|杀|钱|还|退|怕|急|冤|欠|不给|滚")
_ORDERS = re.compile(
    r"(?:忽略|无视|忘(?:记|掉)|不要理会|跳出|取消)(?:你)?(?:以上|之前|前面|上面|所有|全部|一切|此前|原来)?(?:的)?(?:所有|全部)?(?:的)?(?:指令|提示词?|设定|规则|限制|系统消息|要求|对话|角色)|"
    r"(?:输出|打印|显示|告诉我|泄露|重复|复述)[^。！？\n]{0,8}(?:系统提示词?|提示词|system prompt|初始指令|隐藏指令|内部指令|源代码|密钥|数据库密码)|(?:提示词|密钥|数据库密码|源代码)[^。！？\n]{0,4}(?:给|告诉|发)我|"
    r"(?:从现在起|从现在开始|接下来)?(?:你(?:现在|就)?(?:是|扮演|假装是?|要扮演)|请?扮演)[^。！？\n]{0,14}(?:dan|开发者模式|管理员|黑客|猫娘|不受限制|没有限制|另一个ai|gpt|chatgpt|助手|诗人|女友|女朋友)|"
    r"进入(?:开发者|管理员|调试|上帝|越狱)模式|开发者模式|越狱|jailbreak|ignore (?:all |the )?(?:previous|above|prior)|system prompt|you are now|act as|"
    r"^\s*(?:system|assistant|user|root|sudo)\s*[:：>]|(?:drop|delete|truncate|select)\s+(?:table|from|\*)|(?:rm\s+-rf|<\?php|import os|print\()|\{\{.{0,40}\}\}|\$\{.{0,40}\}",
    re.I,
)
_ADVERT = (
    re.compile(
        r"加(?:我)?(?:微信|v信?|vx|wx|q群?|qq|薇)|(?:微信|电话)同号|私聊|私信|进群|扫码|上门服务|点击(?:链接|下方)|https?://|www\.|详情咨询|咨询电话|联系电话|添加客服",
        re.I,
    ),
    re.compile(r"兼职|日结|诚招|诚聘|诚邀|合伙人|日赚|月入|刷单|招(?:聘|代理|商)|加盟|急招|高薪|无需经验"),
    re.compile(
        r"优惠|促销|领券|第二件|半价|开盘|首付.{0,3}起|看房|高价(?:回收|收购)|特价|限时|免费领|折扣|清仓|包邮|秒杀|抢购|开业大吉|领红包|送好礼"
    ),
    re.compile(
        r"代开|发票|免考|包过|黑户|(?:大额|信用)贷|办证|贷款|秒批|无抵押|信用卡套现|提额|低息|当天放款|征信修复"
    ),
    re.compile(r"壮阳|祛斑|减肥|增高|丰胸|特效药|祖传秘方|棋牌|彩金|下注|澳门|开奖|六合彩|体彩|带单|荐股|牛股|稳赚"),
)
#: What somebody writes who was hurt by an advertiser: then it is her matter.
_HURT = re.compile(r"骗|不退|不给|没退|没给|投诉|上当|维权|欠|怎么办|退款|退钱|跑路|亏了|被")


def odd(text: str) -> str | None:
    """`foreign`, `gibberish`, `orders`, `advert`, or None for what may be a person's own words. Linear."""
    head = text[:400]
    han = len(_HAN.findall(head))
    order = _ORDERS.search(head)
    if order is not None and (len(text) <= 60 or han - len(_HAN.findall(order.group())) < 25 or "{" in order.group()):
        if not _HURT.search(head):
            return "orders"
    if len(text) <= 100 and not _HURT.search(text) and sum(bool(one.search(text)) for one in _ADVERT) >= 2:
        return "advert"
    if han == 0 or len(_KANA_AND_HANGUL.findall(head)) > han:
        return _without_han(head)
    bare = re.sub(r"[\W\d_]", "", head)
    if len(text) <= 200 and not _DISTRESS.search(bare) and re.fullmatch(r"(.{1,4}?)\1{3,}", bare):
        return "gibberish"
    return None


def _without_han(text: str) -> str | None:
    """What words without one Chinese character are. Numbers, signs and pictures alone are None: they may answer."""
    others = [char for char in text if char.isalpha() and not char.isascii() and not _HAN.match(char)]
    scripts = {unicodedata.name(char, "?").split()[0] for char in others}
    if len(others) >= 2 and not scripts <= {"MATHEMATICAL", "FULLWIDTH", "CIRCLED", "?"}:
        return "foreign"
    words = _LATIN_WORD.findall(text)
    if not words or all(word.lower() in _KNOWN for word in words) or re.search(r"\d{3}", text):
        return None
    if len(words) >= 3:
        spoken = sum(bool(re.search(r"[aeiouy]", word, re.I)) and len(word) <= 12 for word in words)
        return "foreign" if spoken * 4 >= len(words) * 3 else "gibberish"
    longest = max(words, key=len)
    return "gibberish" if len(longest) >= 5 and not re.search(r"\s", text.strip()) else None
