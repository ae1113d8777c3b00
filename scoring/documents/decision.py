"""处理决定 and 申诉处理决定: what was decided about a person, on what facts and grounds, and what they can do about it.

A decision that rewards or punishes is a red-head paper (决定), served against a receipt.
"""

from dataclasses import dataclass
from datetime import date

from qa_service.documents.content import Block, Circular, Heading, Paragraph, Receipt, Signature, Verification
from scoring.documents.content import Finding, Remedy
from scoring.documents.rectification import findings_table, way_to_appeal
from scoring.documents.wording import chinese_day, headings, numeral

TITLE = ("关于法律援助案件质量问题的", "处理决定")
APPEAL_TITLE = ("关于法律援助案件质量问题", "申诉的处理决定")


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """A sanction decided on `decided_on`. `number` is empty and `issued_on` None in a draft only.

    `facts` and `in_favour` are whole sentences; `measures` are what is imposed, each carried out by the rectification
    notice, whose number is `carried_out_by` where it was issued before. `panel_met_on`: a panel advised.
    """

    organisation: str
    number: str
    issued_on: date | None
    firm: str
    lawyer: str
    case_number: str
    case_class: str
    facts: tuple[str, ...]
    in_favour: tuple[str, ...]
    findings: tuple[Finding, ...]
    vetoes: tuple[str, ...]
    decided_on: date
    legal_basis: str
    reason: str
    measures: tuple[str, ...]
    remedy: Remedy
    told_on: date | None = None
    heard_on: date | None = None
    panel_met_on: date | None = None
    carried_out_by: str = ""
    contact: str = ""
    verification: Verification | None = None
    seal_mm: int = 42


@dataclass(frozen=True, slots=True)
class AppealDecisionContent:
    """What became of the appeal that came in on `received_on` against the paper numbered `notice`.

    `grounds` are the lawyer's words and `answer` those of who decided. `report_by`: the last day of the rectification
    that stands. `above`: where the lawyer can turn afterwards; empty for the authority above in general.
    """

    organisation: str
    number: str
    issued_on: date | None
    firm: str
    lawyer: str
    case_number: str
    case_class: str
    notice: str
    notice_title: str
    notice_issued_on: date
    decision: str
    received_on: date
    grounds: str
    upheld: bool
    answer: str
    answered_on: date
    legal_basis: str
    panel_met_on: date | None = None
    report_by: date | None = None
    above: str = ""
    contact: str = ""
    verification: Verification | None = None
    seal_mm: int = 42


def decision(content: DecisionContent) -> Circular:
    number = headings()
    blocks: list[Block] = [
        Paragraph(
            f"{content.firm}{content.lawyer}承办的法律援助案件（案件编号：{content.case_number}，类别："
            f"{content.case_class}），经案件质量评查发现质量问题。{content.organisation}于"
            f"{chinese_day(content.decided_on)}作出处理决定，现将决定及其事实、依据和理由告知如下。"
        ),
        Heading(f"{next(number)}认定的事实"),
        *map(Paragraph, content.facts),
        *findings_table(content.findings),
    ]
    if content.vetoes:
        blocks.append(Paragraph(f"本案存在否决情形：{'；'.join(content.vetoes)}。"))
    if content.in_favour:
        blocks += [Heading(f"{next(number)}对承办人员有利或者需要考虑的情况"), *map(Paragraph, content.in_favour)]
    blocks += [Heading(f"{next(number)}陈述和申辩"), Paragraph(_hearing(content))]
    blocks += [Heading(f"{next(number)}依据和理由"), *_grounds(content.legal_basis, content.reason)]
    if content.panel_met_on:
        blocks.append(
            Paragraph(f"评议小组于{chinese_day(content.panel_met_on)}对本事项提出评议意见，供作出决定时参考。")
        )
    blocks += [Heading(f"{next(number)}处理决定"), *_measures(content)]
    blocks += [Heading(f"{next(number)}权利告知"), Paragraph(_remedy(content))]
    return _paper(content, TITLE, "处理决定", blocks)


def appeal_decision(content: AppealDecisionContent) -> Circular:
    number, named = headings(), f"《{content.notice_title}》（{content.notice}）"
    blocks: list[Block] = [
        Paragraph(
            f"{content.firm}{content.lawyer}对{content.organisation}{chinese_day(content.notice_issued_on)}签发的{named}"
            f"（案件编号：{content.case_number}，类别：{content.case_class}）提出申诉，{content.organisation}于"
            f"{chinese_day(content.received_on)}收到，由未参与评查和原决定的人员办理，并于"
            f"{chinese_day(content.answered_on)}作出决定。"
        ),
        Heading(f"{next(number)}申诉的理由"),
        *_said(content.grounds),
        Heading(f"{next(number)}依据和理由"),
        *_grounds(content.legal_basis, content.answer),
    ]
    if content.panel_met_on:
        blocks.append(Paragraph(f"评议小组于{chinese_day(content.panel_met_on)}对申诉提出评议意见，供作出决定时参考。"))
    blocks += [Heading(f"{next(number)}决定"), Paragraph(_reached(content, named))]
    blocks += [Heading(f"{next(number)}效力和权利告知"), Paragraph(_final(content))]
    return _paper(content, APPEAL_TITLE, "申诉处理决定", blocks)


def _paper(
    content: DecisionContent | AppealDecisionContent, title: tuple[str, ...], name: str, blocks: list[Block]
) -> Circular:
    to = f"{content.firm}、{content.lawyer}"
    if content.contact:
        blocks.append(Paragraph(f"联系方式：{content.contact}"))
    return Circular(
        mark=content.organisation,
        number=content.number,
        title_lines=title,
        addressees=to,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
        receipt=Receipt(f"{name}（{content.number or '未编号'}）", to),
    )


def _hearing(content: DecisionContent) -> str:
    if content.heard_on:
        heard = f"{content.organisation}于{chinese_day(content.heard_on)}听取了承办人员的陈述和申辩"
        return f"{heard}，采纳情况见理由部分。"
    if content.told_on:
        return (
            f"{content.organisation}于{chinese_day(content.told_on)}告知承办人员有权陈述和申辩，"
            "承办人员未在期限内提出。"
        )
    return "承办人员未提出陈述和申辩。"


def _grounds(legal_basis: str, reason: str) -> list[Block]:
    grounds: list[Block] = [Paragraph(f"依据：{legal_basis.rstrip('。')}。")] if legal_basis else []
    return [*grounds, *_said(f"理由：{reason}")]


def _said(words: str) -> list[Block]:
    """Each line that somebody typed, as a paragraph."""
    return [Paragraph(line) for line in words.splitlines() if line.strip()]


def _measures(content: DecisionContent) -> list[Block]:
    listed: list[Block] = [
        Paragraph(f"{measure.rstrip('。')}。", lead=f"（{numeral(number)}）")
        for number, measure in enumerate(content.measures, start=1)
    ]
    by = f"《整改通知书》（{content.carried_out_by}）" if content.carried_out_by else "整改通知书"
    return [
        Paragraph("对承办人员作出如下处理："),
        *listed,
        Paragraph(f"本决定由{by}执行，各项要求的期限以其载明的日期为准，自其送达之日起生效。"),
    ]


def _remedy(content: DecisionContent) -> str:
    remedy = content.remedy
    way = way_to_appeal(remedy, contact=content.contact, paper="整改通知书")
    return (
        f"对本决定有异议的，可以自收到执行本决定的整改通知书之日起{remedy.workdays}个工作日内向{remedy.authority}"
        f"提出书面申诉{way}。申诉由未参与评查和决定的人员办理，自收到之日起"
        f"{remedy.decided_in_workdays}个工作日内书面答复。申诉期间不停止执行；申诉理由成立的，本决定和整改通知书一并撤回。"
    )


def _reached(content: AppealDecisionContent, named: str) -> str:
    whole = named + (f"及其所依据的处理决定（{content.decision}）" if content.decision else "")
    if content.upheld:
        return (
            f"申诉理由成立。{whole}予以撤回，自{chinese_day(content.answered_on)}起不再执行，由此采取的措施同时终止；"
            "已经使用的文号不再使用。"
        )
    kept = f"整改期限仍为{chinese_day(content.report_by)}（含当日）。" if content.report_by else ""
    return f"申诉理由不成立，维持{whole}。{kept}"


def _final(content: AppealDecisionContent) -> str:
    above = content.above or "上级主管部门"
    return (
        f"本决定自{chinese_day(content.answered_on)}起生效，对同一事项的申诉不再受理。"
        f"对本决定仍有不同意见的，可以依法向{above}反映。"
    )
