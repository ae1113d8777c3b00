"""Whether words about money or a complaint are about the centre's own people, not about a lawyer (pure).

Then the centre's director is not to read them: better one matter too many with the bureau than one with whom it is
about. So what is asked is whether somebody of the centre is named at all; only what plainly praises or clears them,
or names them as who was told, says nothing. A lawyer "of the centre" is a lawyer.
"""

import re
from typing import Final

from surveys.conversation.words import plain

_BODY: Final = (
    "(?:(?:公共)?法律(?:援助|服务)(?:中心|处|站|工作站|机构)|法援(?:中心|处|站|机构|办)?|援助(?:中心|处|站|机构)|"
    "司法(?:局|所|厅|行政机关)|(?:你们|你|咱们?|这个?|那个?|县|市|区|贵)中心(?!医院|小?学)|"
    "(?:^|(?<=[,.;!?，。；！？ 是给被让叫向找说告诉举报]))中心(?!医院|小?学)|"
    "工作站|服务窗口|窗口)"
)
_PERSON: Final = (
    "(?:副?主任|副?站长|副?局长|副?所长|副?处长|副?科长|工作人员|人员|员工|职工|干部|领导|负责人|经办人|接待[员的人]?|前台|"
    "办事[员的]|值班[员的人]?|回访员|会计|同志|科员|公务员|人(?!民)|谁|哪个)"
)
_JOINED: Final = "(?:[里内那边儿方面]{0,3}的?)(?:那个|那位|一个|一位|个别|某个?|有个|有位|有的?|几个|一名)?"
# Bare titles that a firm, a court or a village has too.
_ELSEWHERE: Final = (
    "(?<!律所)(?<!务所)(?<!律所的)(?<!务所的)(?<!律所那个)(?<!所里)(?<!所里的)(?<!法院)(?<!法院的)(?<!检察院)(?<!检察院的)(?<!公司)(?<!公司的)"
    "(?<!派出所)(?<!派出所的)(?<!公安局)(?<!公安局的)(?<!银行)(?<!银行的)(?<!村)(?<!村里)(?<!班)(?<!车间)(?<!社区)(?<!居委会)"
    "(?<!街道)(?<!医院)(?<!医院的)(?<!单位)(?<!单位的)(?<!仲裁委)(?<!仲裁院)(?<!人社局)(?<!仲裁委的)"
)
_ASKS: Final = (
    "[^,.;!?，。；！？不没未律承代]{0,6}(?:收了?|要了?|拿了?|索要|索取)[^,.;!?，。；！？]{0,4}"
    "(?:钱|费|红包|礼|[0-9一二两三四五六七八九十几百千万])"
)
_NAMED: Final = re.compile(
    f"(?<!告诉)(?<!告诉了)(?<!转告)(?:{_BODY}{_JOINED}{_PERSON}(?!律师)|"
    f"(?:你们|你那|贵方)(?:那边|那里|这边|这里|单位|里面?|方面)?的?(?:那个|一个|有个|有的|某个?)?{_PERSON}(?!律师)|"
    f"{_BODY}(?:那边|这边|里面?)?{_ASKS}|"
    f"(?:投诉|举报|控告|状告)(?:的?是|一下)?(?:你们|{_BODY})(?!的?(?:律师|承办))|"
    f"{_ELSEWHERE}(?:主任|站长)(?!律师|医[师生])|{_ELSEWHERE}工作人员)|"
    r"\b(?:legal aid|aid|your|the|this|justice) (?:cent(?:er|re)|office|bureau|station)(?:'s)? "
    r"(?:staff|director|head|manager|officials?|officers?|clerks?|employees?|workers?|people|person|man|woman|chief)\b|"
    r"\b(?:director|head|manager|chief|staff|officials?|clerks?|employees?|people|somebody|someone|person|man|woman|one)"
    r" (?:of|from|at|in) (?:the |your |this )?(?:legal aid |aid |justice )?(?:cent(?:er|re)|office|bureau|station)\b|"
    r"\byour (?:staff|director|colleagues?|boss|people|officials?|clerks?|employees?|manager)\b|\bthe director\b|"
    r"\b(?:legal aid )?cent(?:er|re) (?:asked|charged|took|wanted|demanded|made)\b|"
    r"\bcomplain(?:t|ing)? (?:about|against|of) (?:the |your )?(?:legal aid )?(?:cent(?:er|re)|office|bureau|station)\b"
)
# The end of a clause; a sum's own stop and comma stand between digits.
_CLAUSE: Final = re.compile(r"[;!?；！？。\n]+|[,.，、](?![0-9])")
_CLEARED: Final = re.compile(
    "(?:没有?|从没|从不|并没|未)[^,]{0,4}(?:收|要|拿|提)|不(?:收|要)(?:我们?的?)?(?:钱|费)|"
    "很?(?:热情|耐心|热心|负责任|满意|客气|和气|周到)|(?:很|真|挺|非常|都|特别|蛮|太)好|感谢|谢谢|多谢|介绍的|指派的|安排的|派的|"
    r"\b(?:never|nobody|no one|not|n't)\b|\b(?:kind|helpful|friendly|nice|good|great|thank|thanks)\b"
)


def tells_of_own_people(text: str) -> bool:
    """Whether a clause of it names somebody of the centre or its bureau, and neither clears nor praises them."""
    return any(_NAMED.search(clause) and not _CLEARED.search(clause) for clause in _CLAUSE.split(plain(text)))
