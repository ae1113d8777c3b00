"""移送函: the letter by which a centre asks the authority that may to suspend assignments or to criticise in public."""

from dataclasses import dataclass
from datetime import date

from qa_service.documents.content import Block, Circular, Heading, Paragraph, Signature
from scoring.documents.wording import chinese_day, headings

_TITLES = {
    True: ("关于提请暂停指派", "法律援助案件的函"),
    False: ("关于提请对法律援助案件质量问题", "依法予以通报批评的函"),
}
NO_NUMBER = "（无文号）"


@dataclass(frozen=True, slots=True)
class ReferralContent:
    """`sent_on` is None before the letter left: then it is a draft, whose number the office gives.

    `suspends`: a suspension is asked for, otherwise public criticism. `facts` and `in_favour` are whole sentences.
    """

    organisation: str
    addressee: str
    number: str
    sent_on: date | None
    suspends: bool
    lawyer: str
    firm: str
    case_number: str
    case_class: str
    facts: tuple[str, ...]
    in_favour: tuple[str, ...]
    decided_on: date
    legal_basis: str
    reason: str
    told_on: date | None = None
    heard_on: date | None = None
    contact: str = ""


def letter(content: ReferralContent) -> Circular:
    number = headings()
    blocks: list[Block] = [
        Paragraph(
            f"{content.firm}{content.lawyer}承办的法律援助案件（案件编号：{content.case_number}，类别："
            f"{content.case_class}）质量存在问题。我单位于{chinese_day(content.decided_on)}决定将有关情况移送贵单位。"
            "现函告如下。"
        ),
        Heading(f"{next(number)}基本情况"),
        *map(Paragraph, content.facts),
    ]
    if content.in_favour:
        blocks += [Heading(f"{next(number)}对承办人员有利或者需要考虑的情况"), *map(Paragraph, content.in_favour)]
    blocks += [Heading(f"{next(number)}陈述和申辩"), Paragraph(_hearing(content))]
    blocks += [Heading(f"{next(number)}依据和理由")]
    if content.legal_basis:
        blocks.append(Paragraph(f"依据：{content.legal_basis.rstrip('。')}。"))
    blocks += [
        Paragraph(f"理由：{content.reason}"),
        Heading(f"{next(number)}提请事项"),
        Paragraph(_request(content)),
    ]
    if content.contact:
        blocks.append(Paragraph(f"联系方式：{content.contact}"))
    return Circular(
        mark=content.organisation,
        number=(content.number or NO_NUMBER) if content.sent_on else "",
        title_lines=_TITLES[content.suspends],
        addressees=content.addressee,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.sent_on),
    )


def _hearing(content: ReferralContent) -> str:
    if content.heard_on:
        return f"我单位于{chinese_day(content.heard_on)}听取了承办人员的陈述和申辩。"
    if content.told_on:
        return f"我单位于{chinese_day(content.told_on)}告知承办人员有权陈述和申辩，承办人员未在期限内提出。"
    return "承办人员未提出陈述和申辩。"


def _request(content: ReferralContent) -> str:
    """No centre suspends or criticises: it asks, and says that it only asks."""
    if content.suspends:
        wanted = (
            f"暂停指派不属于我单位的职权。提请贵单位依法决定是否暂停向{content.lawyer}指派法律援助案件；"
            "决定暂停的，请写明依据和起止日期。"
        )
    else:
        wanted = f"通报批评属于行政处罚，不属于我单位的职权。提请贵单位依法决定是否对{content.lawyer}予以通报批评。"
    return f"{wanted}处理结果请书面告知我单位。"
