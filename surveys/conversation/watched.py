"""Whether who writes says that somebody else reads their telephone: "别回短信了他会看到" (pure).

A watched telephone is a sign of danger, and every text back to it may add to that danger. Who helps an old person with
theirs ("我儿子帮我看手机短信"), and a lawyer who read a text or looks for evidence on it, are none. The words are
compared as `words.plain` gives them. No gap is open-ended.
"""

import re
from typing import Final

from surveys.conversation.alarm import BEGIN, END

_PARTNER: Final = (
    "(?:老公|丈夫|男人|男的|男朋友|男友|对象|前夫|前男友|老头子?|婆婆|公公|婆家人?|老婆|前妻|女朋友|那口子|"
    "孩子(?:他)?爸|"
    "娃(?:他)?爸|家里人|小叔子?|大伯哥?)"
)
_HE: Final = f"(?:[他她]们?|(?:我的?|俺|咱)?(?:那个?)?{_PARTNER})"
# Whose help with a telephone is the rule: their mere reading is no sign, their searching is.
_KIN: Final = "(?:我的?)?(?:爸爸?|妈妈?|父亲|母亲|儿子|女儿|哥哥?|弟弟|姐姐?|妹妹?|叔叔?|舅舅?)"
_OFTEN: Final = (
    "(?:会|能|可以|又|老是?|总是?|总|常常?|经常|天天|每天|每次|时时|随时|一直|都|也|在|要|可能|肯定|偷偷?|"
    "现在|就|还|爱|喜欢){0,3}"
)
_SURELY: Final = "(?:会|能|可以|老是?|总是?|总|常常?|经常|天天|每天|每次|随时|一直|都|要|可能|肯定|偷){1,3}"
_DEVICE: Final = "(?:手机|电话(?!本|费))(?!号|卡|费|壳|里|上|中|店|维修|录音|截图|照片|拍|帮|给你|联系)"
_WORDS: Final = "(?:短信|信息|消息|微信(?!号|好友))(?!记录|截图)"
_PRIVATE: Final = f"(?:{_DEVICE}|{_WORDS}|聊天记录(?!给|交|作|当|说))"
_SEARCHES: Final = "(?:翻看?|偷翻|偷看|偷查|查看?|检查|监视|监控|监听|盯着?|搜)(?:了|着|过|完)?"
_SEES: Final = "(?:看到|看见|看得[到见]|发现|瞧见|看了?去)"
_SEEN: Final = f"{_SEES}(?!吗|么|嘛|没|评|[^,.;!，。；！ ]{{0,4}}(?:评价|评分|打分|分数|案|材料|判决|证据|律师))"
_NO_TEXT: Final = (
    "(?<!我)(?<!说)(?<!师)(?:别|不要|勿|莫|不能|不可以|不可)(?:再|乱)?(?:给我|往[这我]?(?:手机|号码?)?上?|用)?"
    "(?:回复?|发|联系|联络)(?:我|这个?号码?)?(?:短信|短讯|信息|消息)?"
)
_HERE: Final = "(?:家|屋里?|旁边|身边|边上|跟前|这里?|这边|这儿|隔壁|看着|睡觉)"
_NOW: Final = "(?:现在|就|又|还|正|刚|也|都){0,2}"
_CANNOT_SPEAK: Final = (
    f"(?:不方便|不便|不好说|没法说|不能说|不能讲|不敢说)(?:话|什么)?(?:{END}|说|讲|回|接|聊|打|发|电话)"
)

_CHINESE: Final = (
    # reads it
    f"{_HE}{_OFTEN}(?:看|瞅)(?:了|着|过|到|见)?(?:我|俺)们?的?{_DEVICE}|{_HE}{_SURELY}看(?:到|见|得到|"
    f"得见)?(?:我|俺)的?{_PRIVATE}|"
    f"(?:{_HE}|{_KIN}){_OFTEN}{_SEARCHES}(?:我|俺)的?{_PRIVATE}|{_HE}{_OFTEN}(?:翻|偷看|检查|监控|监视)(?:了|"
    f"着)?{_DEVICE}|"
    f"{_HE}{_SURELY}(?:看得?[到见])(?:你们?)?的?{_WORDS}{END}|"
    f"(?:我|俺)的?(?:{_DEVICE}|{_WORDS}){_HE}{_SURELY}(?:看|翻|查)(?!懂|不)|{_WORDS}{_HE}{_SURELY}(?:看|"
    f"查)(?!懂|不|完|说)|"
    f"(?:有人|别人){_OFTEN}(?:看|翻|查|偷看|监视|监控)(?:着|到|见)?我的?{_PRIVATE}|"
    f"我的?(?:手机|短信|微信|电话)(?:会|都|一直|老是?){{0,2}}(?:被|让|给)(?:人|别人|{_HE})?(?:看着|看到|看见|"
    f"翻|查(?!封)|监视|监听|监控|控制|盯)|"
    f"{BEGIN}{_HE}(?:会|能|可能|肯定会|都能|都会|要){_SEEN}(?:的|了|你们|你|我|这个?|{_WORDS}|{_DEVICE}){{0,3}}{END}|"
    f"(?:怕被?|别让|不能让|不要让|莫让|免得|省得|会被|别被){_HE}(?:又|会)?(?:{_SEEN}|翻|查到?)(?:的|了|你们|你|"
    f"我|这个?|{_WORDS}|{_DEVICE}){{0,3}}{END}|"
    f"(?:怕被?|别让|不能让|不想让|不要让|莫让|免得|省得|别被){_HE}{_SEES}(?:我的?|这些?|你们的?)?{_PRIVATE}|"
    f"(?:怕|别让|不能让|不要让|莫让)(?:我的?|俺)?{_PARTNER}(?:会)?(?:知道|晓得)(?!怎么|去哪)|"
    f"{_NO_TEXT}(?:了|啦|来|吧|给我|谢谢|求你们?|因为|,| ){{0,3}}(?:我怕|怕)?(?:让|被)?{_HE}{_OFTEN}(?:{_SEEN}|"
    f"看|翻|查|知道|在|生气|发[火现]|骂)|"
    f"{_NO_TEXT}(?:了|啦|来|吧|,| ){{0,3}}(?:会|怕)?(?:被|让)(?:人|别人)?{_SEES}|"
    f"{_HE}(?:随时会?|偷)看(?:我的?)?{_PRIVATE}|(?:我的?)?{_PARTNER}(?:会|要|老|都){{1,2}}看{_PRIVATE}的?{END}|"
    f"{_WORDS}(?:都|会|又|已经){{0,2}}(?:被|让|给){_HE}(?:{_SEES}|翻)|"
    f"{_NO_TEXT}(?:了|啦|来|,| ){{0,3}}手机不在我(?:手|身)|"
    # has it
    f"手机(?:现在|都|一直|经常|平时|就|又){{0,2}}(?:在|归|由){_HE}(?:的)?(?:手[里上中]|身上|"
    f"那[里儿边]?(?:{END}|了)|管|拿|保管|收着|控制)"
    "(?![^.;!。；！]{0,6}(?:不识字|不认字|不会用|看不懂|老了|年纪))|"
    f"手机(?:都|一直|现在|是)?(?:被)?{_HE}(?:管着|拿着|收着|控制|扣着?|把着)|"
    f"{_HE}{_OFTEN}(?:控制|管着|霸占|扣了?着?|拿着|拿走了?)(?:我|俺)的?{_DEVICE}(?![打拍录])|"
    # is there
    f"(?:不方便|不便)(?:说话?|讲话?|接电话|接|回复?|打字)?[ ,.，。]{{0,2}}{_HE}{_NOW}(?:在(?:{END}|{_HERE})|"
    f"回来了?{END}|来了{END})|"
    f"(?:别|不要|勿|莫)再?(?:给我)?打?(?:电话|来电)(?:了|过来|给我|,| ){{0,3}}{_HE}{_NOW}在(?:{END}|{_HERE})|"
    f"{_HE}{_NOW}在{_HERE}?(?:呢|的)?[ ,.，。]{{0,2}}(?:我)?(?:现在|说话){{0,2}}{_CANNOT_SPEAK}|"
    f"{BEGIN}{_HE}{_NOW}(?:盯着我|看着我(?!的))(?:{END}|呢|发|打|写)|"
    # is not safe
    "(?:我|俺|咱)们?(?:这里?|这边|这儿|家里?|那里|那边|住的地方|身边|现在|在家)(?:里)?(?:也|很|都|太|真的?|"
    "现在|一直|实在|已经){0,2}"
    "不(?:太)?安全|"
    f"{BEGIN}(?:我的?|这个?|用)?(?:手机|短信|电话|号码|发短信|打电话|回短信|这里|这边)(?:现在|也|很|都|"
    f"可能){{0,2}}不(?:太)?安全{END}"
)

_EN_HE: Final = (
    r"\b(?:he|she|they|(?:my )?(?:husband|partner|boyfriend|wife|girlfriend|ex(?:[- ](?:husband|wife|boyfriend))?|"
    r"(?:father|mother|brother)[- ]in[- ]law|in[- ]laws))"
)
_EN_OFTEN: Final = (
    "(?: (?:also|always|often|sometimes|will|can|might|may|could|would|still|now|regularly|secretly|"
    "constantly|keeps?|likes to)){0,3}"
)
_EN_MINE: Final = (
    "(?:my|our) (?:phone|mobile|cell(?:phone)?|telephone|texts?|messages?|sms)(?! (?:number|bill|company|"
    "records?|for (?:evidence|proof)))"
)
_EN_READS: Final = (
    "(?:checks?|checking|reads|reading|goes through|going through|go through|looks? (?:at|through|in)|"
    "looking (?:at|through)|"
    "monitors?|monitoring|watch(?:es|ing)?|sees|searches|controls?|tracks?|tracking|spies on)"
)
_EN_NO_TEXT: Final = (
    r"\b(?:do(?: not|n?'?t)|never|stop|no) (?:text(?:s|ing)?|repl(?:y|ies|ying)|messages?|messaging|write|"
    r"writing|answer|respond|send|sending|"
    "sms)(?: (?:me|back|to|this|number|phone|here|texts?|messages?|anything|please|again|any|more|anymore|it)){0,4}"
)
_ENGLISH: Final = (
    rf"{_EN_HE}(?: is|'s)?{_EN_OFTEN} {_EN_READS} {_EN_MINE}|"
    rf"{_EN_HE} (?:will|can|could|might|may|would) (?:read|see|find) (?:{_EN_MINE}|(?:the|your|these|"
    rf"this) (?:texts?|messages?|sms))|"
    rf"{_EN_HE} (?:has|holds|keeps|took|takes) my (?:phone|mobile|cell(?:phone)?)(?! (?:number|bill|records?))|"
    rf"{_EN_HE}(?: (?:will|can|could|might|may)|'ll) (?:see|read)(?: (?:it|this|that|them|"
    rf"everything)){{0,1}}(?=\s*(?:$|[,.;!]))|"
    rf"{_EN_NO_TEXT}[ ,.;-]{{1,3}}(?:(?:because|cause|coz|or|as|since|else) )?{_EN_HE}(?:'(?:s|ll)| (?:will|"
    rf"can|might|may|could|is|has|"
    "always|often|checks?|reads?|looks?|sees?|goes|gets|watches|monitors|controls))\\b|"
    r"\b(?:someone|somebody)(?: else)?(?: is)? (?:can (?:read|see)|reads|checks|sees|monitors|watches|reading|"
    r"checking|watching|monitoring) my "
    r"(?:phone|texts?|messages?|mobile)|"
    r"\bmy (?:phone|texts?|messages?|mobile) (?:is|are|gets?) (?:being )?(?:checked|watched|monitored|read by|"
    r"tracked|searched)|"
    rf"\b(?:can'?t|cannot|can not) (?:talk|text|speak|reply|say)(?: (?:now|much|right now|back|"
    rf"here)){{0,2}}[ ,.;-]{{1,3}}(?:because )?{_EN_HE}"
    r"(?: is|'s) (?:here|home|back|around|awake|near|next|in the room|listening|watching)|"
    rf"{_EN_HE}(?: is|'s) (?:here|home|listening|watching)[ ,.;-]{{1,3}}(?:i |so )*(?:can'?t|cannot|"
    rf"can not) (?:talk|text|speak|reply)"
)
WATCHED: Final = f"{_CHINESE}|{_ENGLISH}"

_INCONVENIENT: Final = (
    "短信(?:也|现在|都|很|太|真的?){0,2}不(?:太)?方便|不(?:太)?方便(?:收|看|回复?|发|接收?)(?:短信|信息|消息)"
)
_ASKED: Final = re.compile(f"{_NO_TEXT}|{_INCONVENIENT}|{_EN_NO_TEXT}", re.ASCII)
_ASKED_ALONE: Final = re.compile(
    "(?:请|求求?你?们?|千万|麻烦|以后|你们){0,3}(?:别|不要|勿|莫|不能)再?(?:给我)?回复?(?:我|给我)?(?:短信|"
    "短讯|信息|消息)(?:给我)?[了吧啊]{0,2}(?:谢谢)?|"
    "(?:please )?do(?: not|n?'?t) (?:reply|respond|text back|write back)"
    "(?: (?:to me|to this|back|here|please|thanks)){0,2}",
    re.ASCII,
)


def asks_for_no_texts(said: str, *, alone: bool) -> bool:
    """Whether `said` asks that nothing is sent back. `alone`: a clause that says nothing else; else beside danger,
    where also "短信不方便" means it.
    """
    return (_ASKED_ALONE.fullmatch(said) if alone else _ASKED.search(said)) is not None
