"""Papers of single steps of the procedure: the public display on a notice board, the answer to an appeal."""

from dataclasses import dataclass
from datetime import date

from qa_service.documents.content import (
    Align,
    Block,
    Column,
    Heading,
    LabelledRows,
    Paragraph,
    Receipt,
    Sheet,
    Signature,
    Table,
    WorkDocument,
)
from qa_service.documents.receipts import receipt_rows
from scoring.documents.wording import chinese_day, headings, span

_COLUMNS = (
    Column("序号", 1, Align.CENTRE),
    Column("案件编号", 3.1, Align.CENTRE),
    Column("类别", 1.4, Align.CENTRE),
    Column("承办人员", 1.8, Align.CENTRE),
    Column("承办单位", 4.5),
)
_BODIES = (
    Column("序号", 1, Align.CENTRE),
    Column("人员或者单位", 4),
    Column("承办单位", 4.5),
    Column("评查时段", 2.5, Align.CENTRE),
)
_ANSWER = "申诉答复书"
_LOOSE = 12


@dataclass(frozen=True, slots=True)
class DisplayedCase:
    case_number: str
    case_class: str
    lawyer: str
    firm: str


@dataclass(frozen=True, slots=True)
class DisplayedBody:
    """A lawyer, with their firm, or a body, to be commended for a period."""

    name: str
    of: str
    period: str


@dataclass(frozen=True, slots=True)
class DisplayContent:
    """公示 of cases to be commended: both days included. `address` is the page that shows the same; may be empty."""

    organisation: str
    cases: tuple[DisplayedCase, ...]
    first_day: date
    last_day: date
    workdays: int
    office_phone: str = ""
    address: str = ""
    bodies: tuple[DisplayedBody, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """送达回证 of the notice of a proposal, by which the days to answer begin."""

    organisation: str
    firm: str
    lawyer: str
    case_number: str


@dataclass(frozen=True, slots=True)
class AppealAnswerContent:
    """申诉答复书: what became of an appeal against the notice numbered `notice`, and why, in the answerer's words."""

    organisation: str
    firm: str
    lawyer: str
    notice: str
    notice_title: str
    notice_issued_on: date
    received_on: date
    upheld: bool
    answer: str
    answered_on: date
    contact: str = ""


def display_sheet(content: DisplayContent) -> WorkDocument:
    """For the board. No score stands on it: nobody is ranked, and who is shown may yet not be praised."""
    rows = tuple(
        (str(number), case.case_number, case.case_class, case.lawyer, case.firm)
        for number, case in enumerate(content.cases, start=1)
    )
    blocks: list[Block] = [*_displayed_cases(rows), *_displayed_bodies(content.bodies)]
    blocks += [
        Paragraph(
            f"公示时间：{span(content.first_day, content.last_day)}，共{content.workdays}个工作日（含首尾两日）。"
        ),
        # On a line of its own: an address that may not break would pull its line apart.
        *([Paragraph(f"网上公示：{content.address}")] if content.address else []),
        Paragraph(
            f"对上述{_displayed_kinds(content)}有异议的，可以在公示时间内以书面或者电话"
            + (f"（{content.office_phone}）" if content.office_phone else "")
            + f"方式向{content.organisation}反映，说明事实和理由。反映人的身份和反映的内容予以保密。"
        ),
    ]
    return WorkDocument(
        organisation=content.organisation,
        name="公示",
        number="",
        addressees="",
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.first_day),
        numbered=False,
        subline=f"拟通报表扬的法律援助{'优秀案件及承办人员' if rows else '承办人员和单位'}",
    )


def _listed(columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    """A long list stands closer, so that the sheet does not end in a page with little more than the signature."""
    return Table(columns, rows, size=10.5, air=5.0 if len(rows) <= _LOOSE else 2.5)


def _displayed_kinds(content: DisplayContent) -> str:
    if not content.bodies:
        return "案件和人员"
    return "案件、人员和单位" if content.cases else "人员和单位"


def _displayed_cases(rows: tuple[tuple[str, ...], ...]) -> list[Block]:
    said = f"经案件质量评查，下列{len(rows)}件法律援助案件评定为优秀，拟对案件及其承办人员予以通报表扬，现予公示。"
    return [Paragraph(said), _listed(_COLUMNS, rows)] if rows else []


def _displayed_bodies(bodies: tuple[DisplayedBody, ...]) -> list[Block]:
    rows = tuple((str(turn), each.name, each.of or "—", each.period) for turn, each in enumerate(bodies, start=1))
    said = "根据案件质量评查情况，拟对下列人员和单位予以通报表扬，现予公示。"
    return [Paragraph(said), _listed(_BODIES, rows)] if rows else []


def receipt_sheet(content: ReceiptContent) -> Sheet:
    """To be signed when the paper is handed to somebody who has no account."""
    told = Receipt(
        f"拟处理事项及陈述申辩权利告知书（案件编号：{content.case_number}）", f"{content.firm}、{content.lawyer}"
    )
    return Sheet(
        title=told.title,
        subline=content.organisation,
        blocks=(LabelledRows(receipt_rows(told)),),
        foot=content.case_number,
    )


def appeal_answer(content: AppealAnswerContent) -> WorkDocument:
    """It has no number of its own: it belongs to that of the notice."""
    named = f"《{content.notice_title}》（{content.notice}）"
    number = headings()
    reached = (
        f"申诉理由成立。{named}予以撤回，自{chinese_day(content.answered_on)}起不再执行；其文号不再使用。"
        if content.upheld
        else f"申诉理由不成立，维持{named}。"
    )
    blocks: list[Block] = [
        Paragraph(
            f"你对{content.organisation}{chinese_day(content.notice_issued_on)}签发的{named}提出的申诉，"
            f"已于{chinese_day(content.received_on)}收到，由未参与评查和决定的人员办理。现答复如下。"
        ),
        Heading(f"{next(number)}办理结果"),
        Paragraph(reached),
        Heading(f"{next(number)}理由"),
        Paragraph(content.answer),
    ]
    if content.contact:
        blocks.append(Paragraph(f"联系方式：{content.contact}"))
    to = f"{content.firm}、{content.lawyer}"
    return WorkDocument(
        organisation=content.organisation,
        name=_ANSWER,
        number="",
        addressees=content.lawyer,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.answered_on),
        receipt=Receipt(f"{_ANSWER}（对{content.notice}）", to),
        numbered=False,
        subline=f"对{content.notice}的申诉",
    )
