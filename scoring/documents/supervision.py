"""督办函: the letter by which a bureau that took up a report on a centre (S6) asks it to keep its clocks again."""

from dataclasses import dataclass
from datetime import date

from qa_service.documents.content import Block, Circular, Heading, Paragraph, Signature, Verification
from scoring.documents.wording import chinese_day, headings, numeral

TITLE = ("关于法律援助工作时限问题的督办函",)


@dataclass(frozen=True, slots=True)
class SupervisionContent:
    """From the bureau `organisation` to the `centre`. `number` is empty and `issued_on` None in a draft only.

    `facts` and `in_favour` are whole sentences of counts: of no case, no lawyer and no client. `requests` are what the
    centre is to do; it reports by `report_by`.
    """

    organisation: str
    number: str
    issued_on: date | None
    centre: str
    period_label: str
    facts: tuple[str, ...]
    in_favour: tuple[str, ...]
    decided_on: date
    legal_basis: str
    reason: str
    requests: tuple[str, ...]
    report_by: date
    verification: Verification | None = None
    seal_mm: int = 42


def letter(content: SupervisionContent) -> Circular:
    number = headings()
    blocks: list[Block] = [
        Paragraph(
            f"{content.period_label}，你中心部分法律援助工作未按规定时限办理，有关情况已报告我单位。我单位于"
            f"{chinese_day(content.decided_on)}决定予以督办。现函告如下。"
        ),
        Heading(f"{next(number)}基本情况"),
        *map(Paragraph, content.facts),
    ]
    if content.in_favour:
        blocks += [Heading(f"{next(number)}需要考虑的情况"), *map(Paragraph, content.in_favour)]
    blocks += [
        Heading(f"{next(number)}依据和理由"),
        Paragraph(f"依据：{content.legal_basis.rstrip('。')}。"),
        *(Paragraph(line) for line in f"理由：{content.reason}".splitlines() if line.strip()),
        Heading(f"{next(number)}督办要求"),
        *(
            Paragraph(f"{request.rstrip('。')}。", lead=f"（{numeral(turn)}）")
            for turn, request in enumerate(content.requests, start=1)
        ),
        Paragraph(
            f"请于{chinese_day(content.report_by)}前（含当日）将原因、已经采取的措施和改进结果书面报告我单位。对上述"
            "数据或者认定有不同意见的，请在报告中一并说明。"
        ),
        Paragraph("本函针对单位的工作时限，不是对任何个人的评价或者处理。"),
    ]
    return Circular(
        mark=content.organisation,
        number=content.number,
        title_lines=TITLE,
        addressees=content.centre,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
    )
