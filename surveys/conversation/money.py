"""Whether a text speaks of money or gifts asked for by who was to help free of charge (pure).

What a court awards or the other side pays is none: money must go to somebody of the case, or be asked for by them.
"""

import re
from functools import cache

from surveys.conversation.gifts import (
    BOUGHT,
    COURT_FEE,
    GIFTS,
    GIFTS_ENGLISH,
    HELPER,
    ON_TERMS,
    OUTSIDERS,
    REFUSED,
    SUM,
)

# "没有收费" praises: the negated forms are taken out first.
_DENIED = re.compile(
    "(?:没有?|未|不|从没|并没有?|免)(?:人|[向跟让问找对叫要喊管]我|任何|乱|多|另外?|再|私下){0,4}(?:收|要|送|给|请|索|"
    "交|出|花|付|拿|加|塞|掏)[^，。,.!！]{0,3}|"
    r"(?:\bnobody|\bno one|\bnever|\bnot|n't)(?: (?:i|we|he|she|they|the|was|were|been|ever|ha[sd]|have|to)){0,3}"
    r" (?:ask(?:ed)?|pay|paid|charged?|give|gave|want(?:ed)?|take|took|demand(?:ed)?)\b[^,.;!，。]{0,40}",
    re.ASCII,
)
_FEE = "(?:律师|代理|服务|咨询|办案|手续|材料|车|油|路|茶水|跑腿)费"
_MONEY = (
    "要钱|收钱|收了钱|收费|乱收|红包|给了钱|给他钱|给她钱|送礼|送钱|塞钱|索要|索取|请客|好处费|辛苦费|"
    "茶水费|车马费|"
    "烟酒|回扣|贿赂|受贿|转账给(?!我)|交了钱|多收|打点关系|意思意思|"
    # "收了我2000块", "拿了我的钱", "问我要了两千", "要我给钱": a sum may stand for the word.
    f"收了?我们?.{{0,4}}(?:钱|{SUM})|拿了?我.{{0,2}}钱|要我.{{0,3}}给|"
    "(?<![需主重])要了?我们?的?钱(?!财)|"
    f"(?:[问跟向]我要了?|要了我).{{0,2}}(?:钱|东西|{SUM})|"
    f"{HELPER}[^,.;!，。；！判赔帮给替为能可]{{0,6}}[要收拿索讨](?:走|去)?了?(?:我们?|家里)?{SUM}|"
    f"(?:他|她|(?<!我)(?<!我们)(?:还|又|先|一共|总共))[要收]了我?{SUM}|"
    f"[他她]拿了我{SUM}|"
    f"(?<![判赔还补借])[给打转汇付塞送](?:了|过)?[^,.;!，。；！判赔]{{0,3}}(?:{HELPER}|"
    f"[他她])[^,.;!，。；！]{{0,3}}(?:{SUM}|钱)|"
    f"[交付打转汇](?:了|过)?(?:{SUM}|钱)[^,.;!，。；！]{{0,3}}给(?:了)?[^,.;!，。；！]{{0,2}}(?:{HELPER}|[他她])|"
    f"(?:{HELPER}|[他她])(?:还|又|一直|私下)?[让叫要喊催逼]我们?(?:先|再|私下|去|另外?|多|又|给[他她])?{COURT_FEE}"
    f"(?:转账|转钱|打钱|打款|汇款|付款|付钱|交钱|出钱|掏钱|拿钱|给钱|[转打汇付交给出掏](?:了|[他她])?{SUM})|"
    f"{HELPER}的?(?:微信|支付宝|账[户号]|卡)[里上]?(?:转账?|打款?|汇款?|付)[了过]?(?:{SUM}|钱)|"
    f"(?:我|还|又|先)[交付给出]了?律师费|收了?.{{0,3}}{_FEE}|"
    r"\bbribe|\bask(?:s|ed|ing)? (?:me |us )?for (?:some |more )?(?:money|cash|a fee|payment)\b|"
    r"(?<!\bi )(?<!\bwe )\b(?:ask(?:s|ed|ing)? (?:me |us )?for|"
    r"want(?:s|ed)|demand(?:s|ed|ing)|charg(?:es|ed|ing)(?: me)?)"
    r" (?:about |another )?(?:[$¥￥] ?)?[0-9][0-9,.]*(?: ?k)?(?: (?:yuan|rmb|dollars|kuai|from me|more)\b|$|[,.;!])|"
    r"\bwant(?:s|ed) money\b|\bdemand(?:s|ed|ing)? (?:money|cash|payment)\b|"
    r"\b(?:paid|pay|paying|gave|give|bribed?) (?:him|her|them|(?:the|my|this|that|a) (?:lawyer|attorney|solicitor))"
    r"(?= [0-9$¥]| (?:some |the )?(?:money|cash|gifts?|a red)|$|[,.;!])|"
    r"\bpaid (?:him|her|them|(?:the|my|this|that) (?:lawyer|attorney|solicitor))\b|"
    r"\bcharged me\b|\bkickback|\bred (?:envelope|packet)|\bunder the table\b|"
    r"\blawyer (?:took|wanted|demanded) (?:my )?(?:money|cash)|"
    r"\btransfer\w* (?:money )?to (?:him|her|(?:the|my) lawyer)\b"
)


_OTHERS = re.compile(OUTSIDERS)
_BOUGHT = re.compile(BOUGHT)
_REFUSED = re.compile(REFUSED)
# How it is said elsewhere, and how sums stand in papers: "佢收咗我钱", "问俺要钱", "伍佰块".
_ELSEWHERE = str.maketrans("佢伊咗俺攞畀壹贰叁肆伍陆柒捌玖拾佰仟", "他他了我拿给一二三四五六七八九十百千")


@cache
def _before_denials() -> re.Pattern[str]:
    return re.compile(ON_TERMS)


@cache
def _words_of_money() -> re.Pattern[str]:
    """Put together for the first text that is read: it takes a tenth of a second, for which every start would wait."""
    return re.compile(f"{_MONEY}|{GIFTS}|{GIFTS_ENGLISH}", re.ASCII)


def speaks_of_money(said: str) -> bool:
    """Whether `said`, as `words.plain` gives it, says so and does not deny it."""
    heard = said.translate(_ELSEWHERE)
    of_helpers = _OTHERS.sub("", heard)
    if _BOUGHT.search(heard) or _before_denials().search(of_helpers):
        return True
    return _words_of_money().search(_DENIED.sub("", _REFUSED.sub("", of_helpers))) is not None
