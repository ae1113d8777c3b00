"""What is sent to a telephone: neutral words only, since telephones are shared and read by others (domain.md 4.6)."""

import re
from dataclasses import dataclass
from string import Formatter

from surveys.enums import Channel, MessageKind

SIGNATURE = {"zh-hans": "【服务回访】", "en": "[Service follow-up] "}

Key = tuple[MessageKind, Channel | None]

TEMPLATES: dict[Key, dict[str, str]] = {
    (MessageKind.INVITATION, Channel.SMS_TWO_WAY): {
        "zh-hans": "您好，您此前办理的事项已办结，请评价服务，直接回复数字："
        "5非常满意 4满意 3基本满意 2不满意 1非常不满意。拒收请回复T",
        "en": "Hello. A matter you brought to us is finished. How was the service? Reply 5 very satisfied, "
        "4 satisfied, 3 fairly satisfied, 2 dissatisfied, 1 very dissatisfied. Reply T for no more messages.",
    },
    (MessageKind.INVITATION, Channel.SMS_LINK): {
        "zh-hans": "您好，您办理的事项已办结，如愿评价请点 {link} 拒收回复T",
        "en": "Hello. A matter you brought to us is finished. To tell us how it went: {link} "
        "Reply T for no more messages.",
    },
    (MessageKind.INVITATION, Channel.SMS_CODE): {
        "zh-hans": "您好，您此前办理的事项已办结。如愿评价，请在工作时间拨打{phone}，报编号{code}。",
        "en": "Hello. A matter you brought to us is finished. If you wish to comment, call {phone} in office hours "
        "and give number {code}.",
    },
    (MessageKind.REMINDER, Channel.SMS_TWO_WAY): {
        "zh-hans": "您好，想再听听您对已办结事项的评价，回复数字即可："
        "5非常满意 4满意 3基本满意 2不满意 1非常不满意。拒收请回复T",
        "en": "Hello. We would still like to hear how the service was. Reply 5 very satisfied, 4 satisfied, "
        "3 fairly satisfied, 2 dissatisfied, 1 very dissatisfied. Reply T for no more messages.",
    },
    (MessageKind.REMINDER, Channel.SMS_LINK): {
        "zh-hans": "您好，如愿评价已办结的事项，请点 {link} 拒收回复T",
        "en": "Hello. If you would still like to tell us how it went: {link} Reply T for no more messages.",
    },
    (MessageKind.REMINDER, Channel.SMS_CODE): {
        "zh-hans": "您好，如愿评价已办结的事项，请在工作时间拨打{phone}，报编号{code}。",
        "en": "Hello. If you still wish to comment, call {phone} in office hours and give number {code}.",
    },
    (MessageKind.CLARIFICATION, None): {
        "zh-hans": "抱歉，没有看懂。请只回复一个数字：5非常满意 4满意 3基本满意 2不满意 1非常不满意。拒收请回复T",
        "en": "Sorry, we did not understand. Please reply with one number: 5 very satisfied, 4 satisfied, "
        "3 fairly satisfied, 2 dissatisfied, 1 very dissatisfied. Reply T for no more messages.",
    },
    (MessageKind.THANKS, None): {
        "zh-hans": "已收到，谢谢您。",
        "en": "Received. Thank you.",
    },
    # A text holds one question; the link offers the others to whoever has more to say.
    (MessageKind.THANKS, Channel.SMS_LINK): {
        "zh-hans": "已收到，谢谢您。如愿再说几句请点 {link}",
        "en": "Received, thank you. If you would like to say more: {link}",
    },
    (MessageKind.STAFF_WILL_CALL, None): {
        "zh-hans": "已收到，谢谢您。工作人员会与您联系。",
        "en": "Received, thank you. A member of staff will be in touch.",
    },
    (MessageKind.STOPPED, None): {
        "zh-hans": "好的，不再给您发送短信。打扰了。",
        "en": "All right, we will send no more messages. Sorry for the trouble.",
    },
}

# Words that would tell a stranger with the telephone in hand what the matter was about.
FORBIDDEN = (
    "法律", "法院", "法庭", "援助", "法援", "律师", "案件", "案号", "诉讼", "起诉", "判决", "仲裁", "赔偿", "补偿",
    "工资", "离婚", "家暴", "暴力", "伤害", "检察", "公安", "司法", "刑事", "民事", "行政复议", "受援", "中心", "委托",
    "legal", "law", "court", "aid", "lawyer", "attorney", "case", "lawsuit", "judge", "verdict", "sue",
    "compensation", "damages", "divorce", "violence", "abuse", "police", "prosecutor", "crime", "criminal", "wage",
)  # fmt: skip
ALLOWED_FIELDS = frozenset({"link", "code", "phone"})
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text may not be sent to a telephone: the word or the variable that tells too much."""

    kind: str
    value: str


def faults(template: str) -> tuple[Fault, ...]:
    """What forbids a template: a telling word, or a variable that could hold one. Empty means fit to publish."""
    lowered = template.casefold()
    english = set(_WORD.findall(lowered))
    words = [Fault("word", word) for word in FORBIDDEN if (word in english if word.isascii() else word in lowered)]
    fields = {name for _text, name, _spec, _conversion in Formatter().parse(template) if name is not None}
    return (*words, *(Fault("variable", name) for name in sorted(fields - ALLOWED_FIELDS)))


def language_of(wanted: str) -> str:
    """The nearest language in which texts exist; Chinese is the clients' default."""
    return "en" if wanted.lower().startswith("en") else "zh-hans"


def compose(
    *, kind: MessageKind, channel: Channel | None = None, language: str, link: str = "", code: str = "", phone: str = ""
) -> str:
    """The full text with its neutral signature. Replies have no channel."""
    spoken = language_of(language)
    template = TEMPLATES[(kind, channel)][spoken]
    return SIGNATURE[spoken] + template.format(link=link, code=code, phone=phone)
