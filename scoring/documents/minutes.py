"""评议小组会议记录: who met about a proposal or an appeal, when, and what they advised; those who attended sign it."""

from dataclasses import dataclass
from datetime import date

from qa_service.documents.content import Align, Block, Column, Heading, Paragraph, Signature, Table, WorkDocument
from scoring.documents.wording import chinese_day, headings

_NAME = "评议小组会议记录"
_COLUMNS = (Column("序号", 1, Align.CENTRE), Column("姓名", 3, Align.CENTRE), Column("签名", 5), Column("日期", 4))
_AIR = 12.0  # a hand signs here


@dataclass(frozen=True, slots=True)
class MinutesContent:
    """`appealed` is the number of the notice that the panel spoke of; empty where it spoke of the proposal.

    `period`: where it hangs on no case, over which period `lawyer` or `firm`, a body, is spoken of.
    """

    organisation: str
    held_on: date
    matter: str
    case_number: str
    case_class: str
    lawyer: str
    firm: str
    members: tuple[str, ...]
    minutes: str
    recorded_by: str
    appealed: str = ""
    period: str = ""


def record(content: MinutesContent) -> WorkDocument:
    number = headings()
    case = f"承办的法律援助案件（案件编号：{content.case_number}，类别：{content.case_class}）"
    what = f"（评查时段：{content.period}）" if content.period else case
    about = f"承办人员对{content.appealed}提出的申诉。" if content.appealed else f"拟议事项：{content.matter}。"
    said = [line for line in content.minutes.splitlines() if line.strip()]
    signed = tuple((str(place), name, "", "") for place, name in enumerate(content.members, start=1))
    blocks: tuple[Block, ...] = (
        Paragraph(f"会议日期：{chinese_day(content.held_on)}"),
        Paragraph(f"出席人员：{'、'.join(content.members)}（共{len(content.members)}人）"),
        Paragraph(f"记录人：{content.recorded_by}"),
        Heading(f"{next(number)}评议事项"),
        Paragraph(f"{content.firm}{content.lawyer}{what}。{about}"),
        Heading(f"{next(number)}评议意见"),
        *map(Paragraph, said),
        Paragraph("以上为评议意见，供作出决定的人员参考；决定由其本人作出并说明理由。"),
        Heading(f"{next(number)}出席人员签名"),
        Table(_COLUMNS, signed, air=_AIR),
    )
    return WorkDocument(
        organisation=content.organisation,
        name=_NAME,
        number="",
        addressees="",
        blocks=blocks,
        signature=Signature(content.organisation, content.held_on),
        numbered=False,
    )
