"""What is sent to a telephone: neutral words only, since telephones are shared and read by others (domain.md 4.6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
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
    # To "who are you?": it counts as the one clarification, and names nobody and no matter.
    (MessageKind.INTRODUCTION, None): {
        "zh-hans": "我们做服务质量回访，如愿评价请只回复一个数字："
        "5非常满意 4满意 3基本满意 2不满意 1非常不满意。拒收请回复T",
        "en": "We ask people how a service was. If you wish, reply with one number: 5 very satisfied, 4 satisfied, "
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

# By the name a questionnaire gives them; see `named`.
Own = Mapping[str, Mapping[str, str]]


def name_of(kind: MessageKind, channel: Channel | None) -> str:
    """How a questionnaire names a text of its own: `invitation.sms_link`, `thanks`."""
    return f"{kind.value}.{channel.value}" if channel else kind.value


NAMES: dict[str, Key] = {name_of(*key): key for key in TEMPLATES}

# What a text is for nothing without: who is asked by a link needs the link.
VARIABLES_NEEDED = {
    Channel.SMS_LINK: frozenset({"link"}),
    Channel.SMS_CODE: frozenset({"code", "phone"}),
}
# A text that asks says how to stop it, where a reply can be sent at all.
ASKING = (MessageKind.INVITATION, MessageKind.REMINDER)
REPLIES_ARE_READ = (Channel.SMS_TWO_WAY, Channel.SMS_LINK)


def language_of(wanted: str) -> str:
    """The nearest language in which every text exists; Chinese is the clients' default."""
    return "en" if wanted.lower().startswith("en") else "zh-hans"


def template_of(key: Key, *, language: str, own: Own | None = None) -> str:
    """The questionnaire's own text of this kind where it has one in the language or the nearest to it, else ours."""
    spoken = language_of(language)
    written = (own or {}).get(name_of(*key), {})
    return written.get(language) or written.get(spoken) or TEMPLATES[key][spoken]


def compose(
    *,
    kind: MessageKind,
    channel: Channel | None = None,
    language: str,
    link: str = "",
    code: str = "",
    phone: str = "",
    own: Own | None = None,
) -> str:
    """The full text with its neutral signature. Replies have no channel; `own` are the questionnaire's own texts."""
    template = template_of((kind, channel), language=language, own=own)
    return SIGNATURE[language_of(language)] + template.format(link=link, code=code, phone=phone)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words of ours as a template's name and what fills it, as carriers that take registered templates want them."""

    name: str
    variables: Mapping[str, str]


def template_name(kind: MessageKind, channel: Channel | None, language: str) -> str:
    """`invitation.sms_code`, and `invitation.sms_code.en` for another language than the clients' default."""
    name = name_of(kind, channel)
    return name if language == "zh-hans" else f"{name}.{language}"


def recognise(body: str) -> Recognised | None:
    """The reverse of `compose` for texts of ours: the template whose words these are, so that only the body is kept.

    None for a questionnaire's own words: carriers that send registered templates alone know nothing of those.
    """
    for name, pattern in _patterns():
        found = pattern.fullmatch(body)
        if found is not None:
            return Recognised(name, found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (template_name(kind, channel, language), re.compile(_pattern(SIGNATURE[language] + template)))
        for (kind, channel), spoken in TEMPLATES.items()
        for language, template in spoken.items()
    )


def _pattern(template: str) -> str:
    return "".join(
        re.escape(text) + (f"(?P<{name}>.*?)" if name else "")
        for text, name, _spec, _conversion in Formatter().parse(template)
    )
