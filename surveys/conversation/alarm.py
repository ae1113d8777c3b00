"""Cries, wounds, fear, somebody at the door: danger told without a word of violence (pure).

As frightened people type it: short, in dialect, mistyped, in letters for signs. Most of these words are ordinary in a
longer sentence, so they count where a clause ends with them or with a subject that is nobody's lawyer. The words are
compared as `words.plain` gives them. No gap is open-ended.
"""

END = r"(?=$|[ ,.;!?，。；！？~、…])"
# A mark may stand right before: "5他在门外".
BEGIN = r"(?<![^ ,.;!?，。；！？~、…0-9分])"
# In English a space ends no clause.
_EN_BEGIN = r"(?<![^,.;!?，。；！？0-9])\s?"
_EN_END = r"(?=\s*(?:$|[,.;!?，。；！？]))"
# How it is said elsewhere: "佢又打我", "伊捶俺".
ELSEWHERE = str.maketrans("佢伊咗俺畀", "他他了我给")

_WHO = "(?:[他她]们?|前夫|前妻|老公|丈夫|对方|男人|那男的|那个人|那人|有人|坏人|公公|婆婆|畜生|一帮人|一群人)"
_NOW = "(?:就|又|现在|还|正|一直|已经|老|总|天天){0,3}"
_FAMILY = "(?:孩子|小孩|娃|宝宝|女儿|儿子|闺女)"

_SHORT = "[^,.;!，。；！ ]{0,3}"

_WOUNDS = (
    "(?:身上|全身|浑身|满身|脸上|头上|脖子上)(?:都|全|到处|还|也|现在)?(?:都|全)?(?:是|有|带)(?:伤(?!病)|血|淤青|青紫)|"
    "一身(?:是|都是)?(?:伤(?!病)|血)|"
    "青一块|紫一块|淤青|乌青|青紫|流血(?!事件)|流了?(?:好多|很多|不少|一地|满脸|一身)?的?血|(?<![脑胃道眼])出血了|"
    "血止不住|止不住血|"
    "(?:胳膊|手臂|手|腿|肋骨|骨头|鼻梁|鼻子|牙|脚|腰)(?:都|也)?(?:被|给|让)(?:他|"
    "人)?打[断折掉坏残歪](?!了?(?:好)?几?次)|快被?打死|爬不起来|"
    "(?:脸|眼睛?|嘴|头|鼻子|胳膊|腿)(?:都|被)?(?:打)?(?:肿|烂)了|推倒在地|喘不[上过]气"
)
_AFRAID = (
    f"(?<![不别没哪用必])怕(?:死)?(?:了)?{_WHO}(?:{END}|(?:会|再|又|还|要|来|就){{0,3}}(?:打|来|找|杀|害|报复|欺负|骂|"
    "发[火疯]|动手|追|闹|伤|弄|抢|回来|出来|跟|知道我))|"
    f"(?<!不)(?<!贪生)怕死(?:他|她|我)?了?{END}|{BEGIN}(?:我)?(?:很|好|真|特别|非常|太|真的|现在|又|一直)+怕了?{END}|"
    f"我怕{END}|(?<!友)好惊(?!喜|讶|艳|动|险)|惊(?:死)?[他她]{END}|"
    "吓(?:得|死)我?(?:不敢|发抖|浑身|睡不|哭)|不敢(?:多)?说话|不敢声张|不敢见[他她]|不敢告诉(?:别人|人|家|任何)|不敢报|"
    "不敢离婚|不敢回(?=$|[ ,.;!，。；！])|提心吊胆|(?:我们?|孩子|现在|家里)(?:很|都|也)?不安全|"
    f"{BEGIN}(?:我)?(?:什么都)?不敢说了?{END}"
)
_NEAR = (
    f"{_WHO}{_NOW}(?:在|到了?|来到?了?)(?:我们?)?家?(?:门外|门口|楼下|外面|窗外|屋外|院子?里?|大门口)(?:了|呢|"
    f"啊)?(?:{END}|[敲砸踢撞踹骂喊堵守闹拿吼])|"
    f"{_WHO}{_NOW}(?:每天|整天|经常|老是|总是)?在(?:我|我们|孩子)?的?(?:家|单位|公司|厂|学校|宿舍|小区|店)的?"
    f"(?:门口|楼下|外面|门外)(?:等|蹲|守|堵|转悠|晃)着?(?:我们?|孩子)?{END}|"
    f"{_WHO}{_NOW}(?:在)?(?:敲|砸|踢|撞|踹|喊|捶|拍)(?:我们?)?家?的?门(?!口|票|球|槛|面)|"
    f"{_WHO}{_NOW}(?:又来了|找来了|找上门|找到我们?了|找到我家|追来了|上门来了|回来打|要来了){END}|[他她](?:都|"
    "已经)?知道我们?(?:家)?(?:住|在|躲)|"
    f"(?:{_WHO}{_NOW}|(?<!律师)一直)跟着我(?:{END}|到|回|走)|[他她]堵我|又来(?:我们?家?|家里)?(?:了家|闹|家)|又找来|"
    f"(?:被[他她]|手机被){_SHORT}监控|监控我|装了?定位|"
    "[他她](?:现在|就)?在(?:我)?(?:旁边|身边|边上)|偷偷(?:给你们)?发|不让我(?:打电话|用手机|出声|见人)|"
    f"手机被[他她老]{_SHORT}(?:抢|摔|砸|拿走|没收)|抢(?:走)?(?:了)?我的?手机|"
    f"我?带(?:着)?{_FAMILY}(?:逃|跑出|跑了|躲)|"
    f"[关锁困](?:了)?(?:我)?在(?:家|屋|房间?|车里|地下室|厕所|宿舍|阳台)里?|我?出不去了?{END}|(?:我|偷偷|连夜|光脚|"
    f"从家里?|刚|才)(?:从家里?)?跑出来|{BEGIN}跑出来了?{END}|"
    f"(?:{BEGIN}|我们?|{_FAMILY})(?:现在|一直|还|只能|只好|到处){{0,2}}躲(?:起来|着[他她]|在(?!线)|到(?:外|亲|朋|娘))"
)
_HURT = (
    "(?:喝[^,.;!，。；！ ]{0,4}|不高兴|不顺心|生气|动不动|没事|发火|发疯|回家|回来|一句话)(?:他)?就(?:打|揍|骂|摔|"
    "砸)(?=$|[ ,.;!，。；！]|我|人|孩|老|骂|东)|"
    f"(?:昨|今|刚|前|晚|半夜|早上)[^,.;!，。；！ 官案]{{0,3}}又打(?:了|起来)?{END}|(?:刚|才|又)打完我|正打我|"
    f"又打又骂|又骂又打|连打带骂|非打即骂|(?:{BEGIN}|[他她又先都])动手了?{END}|动手打|(?<!会)(?<!场)打起来了(?!电话)|"
    "[被挨捱](?:他|她|人|老公|前夫)?(?:揍|捶|锤|削|扇)|捱打|"
    f"[搡抡擂夯]了?(?:我|{_FAMILY})|推搡|抽我{END}|呼(?:了)?我?[^,.;!，。；！ ]{{0,3}}(?:巴掌|耳光|脸上)|"
    f"削(?:了)?我(?:{END}|[一几]?[下顿])|"
    f"[他她](?:又|老|总|一直)?(?:强迫|欺负|折磨)我(?!们)(?!签|写|离职|加班|辞|按|同意|不懂)|{BEGIN}(?:老|总|"
    f"又)?(?:被)?欺负我{END}|欺负(?:{_FAMILY}|老人)|"
    "[要会想](?:弄|整|搞|收拾|教训|做掉|干掉|废|办)(?:死|了|掉)?我(?=$|[ ,.;!，。；！])|"
    "[要叫逼盼咒]我们?(?:全家)?(?:去)?死(?!心)|出人命|要命了|"
    f"把{_FAMILY}[^,.;!，。；！ ]{{0,6}}(?:抢|夺|偷|藏|带)(?:走|跑|起来)|{_FAMILY}被[^,.;!，。；！ ]{{0,4}}(?:抢|夺|偷|"
    f"带|抱)(?:走|跑)|{_FAMILY}(?:不见|失踪|丢)了(?!工作|手机|钱|书|证)|找不到{_FAMILY}|"
    f"(?<!有)点(?:了|着)?我?们?家?的?房子{END}|(?<!生意)不活了|动手动脚|[他她爸父板导舅叔]摸(?:了|过)?(?:我|我?女儿|"
    f"我?孩子)(?!的?底)|陪睡|强行[^,.;!，。；！ ]{{0,4}}(?:发生(?:了|过)?(?:性|了性)?关系|上床)|跟我拼命|"
    "带(?:了|着)?(?:一帮|一群|几个|好多)?人(?:来|堵|闹|砸|打|冲)|打完我|追着我|逼我(?:跪|喝|脱|吸|卖|吃|陪)|裸照|"
    "私密照|[他她夫](?:快|就要|要|已经|又)?(?:放出来|出狱|刑满)|"
    "[他她夫](?:又|要)?来找我(?=$|[ ,.;!，。；！们闹])|不敢(?:一个人|单独)|[想要]喝药|不想过了|过不下去|死人了|要出事|"
    "[还又老敢]动手(?=$|[ ,.;!，。；！])|"
    "撑不(?:住|下去)了|熬不下去|[一]起死|活着有(?:什么|啥)意[思义]|安眠药|(?:站|坐|爬)[在到上]{1,2}(?:楼顶|天台|桥|窗|"
    "阳台|屋顶)|我在(?:桥上|楼顶|天台|河边)"
)
_MISTYPED = (
    "威[协挟肋]|危[胁协]|微胁|[他她](?:又)?(?:d|da)我|打wo\\b|恐赫|救名啊|"
    r"\b(?:ta )?(?:you )?da ?wo\b|\bbao ?jing\b|\bjia ?bao\b|\bbu xiang huo\b|\byao sha\b|\bsha wo\b|\bhai ?pa\b"
)
_CRIES = (
    f"{BEGIN}(?:请|求|求求|你们?|快|快点|能不能|谁|谁能|拜托|谁来|一定要){{0,4}}帮帮?我(?:们)?(?:吧|啊|呀|一下|"
    f"一把)?{END}|"
    f"{BEGIN}(?:快点?|快快|赶紧|赶快)(?:来|过来)(?:人|救)?(?:吧|啊|呀)?{END}|(?:你们|马上|立刻|赶紧|现在就)(?:快点?|"
    f"就)?来(?:人|救)|你们快来{END}|{BEGIN}出事了{END}|{BEGIN}来人(?:啊|呀|哪)?{END}|🆘|🔪|{BEGIN}刀{END}|"
    f"{BEGIN}危险{END}"
)
_PLEA = "(?:please|pls|plz|someone|somebody|anyone|can you|could you|i need|need|just|urgent|quick|now)"
_ENGLISH = (
    f"{_EN_BEGIN}(?:{_PLEA} ){{0,3}}help(?: (?:please|pls|plz|now|us|help|needed|urgent)){{0,3}}{_EN_END}|"
    r"\bhelp (?:help|please)\b|"
    rf"\b(?:save|rescue) (?:me|us)\b(?! (?:a |some |the |time|money|from having))|{_EN_BEGIN}(?:call |the |"
    rf"please ){{0,3}}police(?: please| now)?{_EN_END}|\bcall (?:the )?(?:cops|911|999|110)\b|"
    r"\bfear(?:s|ed|ing)? (?:him|her|for (?:my|our|the)|my husband|what he)|"
    r"(?<!no )(?<!any )(?<!out of )(?<!not in )\bdanger(?! money)\b|\bdangerous\b(?! driv)|"
    rf"\bhe(?: is|'s|s) (?:still |now |back |right |just |again |standing ){{0,2}}(?:outside(?! the (?:city|country|"
    "court))|at (?:the|my|our) (?:door|house|home|window|gate)|coming (?:for|to (?:get|kill|hurt|my|the house|"
    "find)))|"
    rf"\bhe(?: has|'s)? found (?:me|us|where){_EN_END}|\bhe knows where (?:i|we) live|"
    r"\b(?:am|i'm|im|is|was|are|head|nose|face) bleeding|\bbruis(?:e|es|ed)\b|"
    r"\b(?:i'm|i am|im|we are) (?:hurt|injured)\b(?! (?:at work|by the|that|about))|\blocked (?:the|my|our) (?:door|"
    r"gate|house)\b|\b(?:can'?t|cannot|can not) (?:get|go) out\b(?! of (?:the )?(?:contract|debt))|"
    r"\b(?:wo'?nt|won'?t|doesn'?t|don'?t|dont|not) let (?:me|us) go\b|\bdrunk and\b|\bkeeps? (?:on )?(?:hitting|"
    r"beating|hurting|kicking)\b|\b(?:ran|run|running) away from (?:him|home|my)|"
    r"\b(?:threw|throws|throwing) (?:[a-z]+ ){0,3}at (?:me|us|my)\b|\bin trouble\b|\btook (?:my|our) (?:child|children|"
    r"kids?|son|daughter|baby)\b(?! to)|"
    r"\bcan'?t go on\b|\btook (?:the |some |all the |all my )?pills\b|\bplease come (?:now|quick|here|help|fast)|"
    r"\bnowhere to (?:go|hide)\b|\b(?:he|she)(?: is|'s|s) (?:right )?(?:next to|beside|with|watching) me\b|"
    r"\bhiding\b(?! (?:the|his|her|their|assets|money|evidence|property|income))"
)
ALARM = f"{_WOUNDS}|{_AFRAID}|{_NEAR}|{_HURT}|{_MISTYPED}|{_CRIES}|{_ENGLISH}"

# Of the case, and over: "打我的人判了". Whoever is free again, or was not caught, is no less to be feared.
SETTLED = (
    "(?:殴打|打伤|打|骚扰|威胁|强奸|猥亵|捅|砍|恐吓)(?:了|过|伤)?(?:我|人|[他她]|我(?:妈|爸|儿子|女儿|老公|弟弟|"
    "哥哥))的(?:那个|那|几个)?(?:人|被告|对方|凶手|家伙|坏人)?"
    "(?:已经?|终于|都|也|最后|现在){0,2}(?:被|给)?(?:判|抓|拘|赔|坐牢|逮|入狱|道歉)(?!不|没)|"
    "打伤?(?:了)?我[^,.;!，。；！ 没不]{0,3}(?:赔了|被判了|判了|被抓了|被拘了)"
)
NOT_OVER = "(?![^,.;!，。；！]{0,8}(?:又|但|没|不|还))(?![^.;!。；！]{0,10}(?:放|出来|跑))"
