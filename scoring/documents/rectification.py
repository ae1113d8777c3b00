"""整改通知书: what was found in one case, what is to be done by when, how to appeal. Everyday work, so no red head."""

from qa_service.common.rounding import plain
from qa_service.documents.content import (
    Align,
    Block,
    Column,
    Heading,
    Paragraph,
    Receipt,
    Signature,
    Table,
    WorkDocument,
)
from scoring.documents.content import Finding, RectificationContent, Remedy
from scoring.documents.score_basis import ScoreBasis
from scoring.documents.wording import chinese_day, headings, numeral, points

_COLUMNS = (
    Column("序号", 1, Align.CENTRE),
    Column("评查项目", 2.6),
    Column("事实", 5),
    Column("案卷页码", 1.7, Align.CENTRE),
    Column("扣分", 1.2, Align.CENTRE),
)
_NAME = "整改通知书"
_READERS = {1: "一名评查人员的评分", 2: "两名评查人员评分的平均值", 3: "三名评查人员评分的中位数"}
_ADD_UP = 2  # of one or two readers the deductions add up to what the total lost; medians of three need not


def work_document(content: RectificationContent) -> WorkDocument:
    number = headings()
    blocks: list[Block] = [Paragraph(_opening(content)), Heading(f"{next(number)}存在的问题"), *_findings(content)]
    if content.heard_on:
        heard = f"{content.organisation}于{chinese_day(content.heard_on)}听取了承办人员的陈述和申辩。"
        blocks += [Heading(f"{next(number)}陈述和申辩"), Paragraph(heard + content.hearing_summary)]
    if content.legal_basis or content.reason:
        blocks += [Heading(f"{next(number)}依据和理由"), *_grounds(content)]
    blocks += [Heading(f"{next(number)}整改要求"), *_measures(content)]
    blocks += [Heading(f"{next(number)}权利告知"), Paragraph(_rights(content))]
    if content.contact:
        blocks.append(Paragraph(f"联系方式：{content.contact}"))
    return WorkDocument(
        organisation=content.organisation,
        name=_NAME,
        number=content.number,
        addressees=f"{content.firm}、{content.lawyer}",
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
        receipt=Receipt(f"{_NAME}（{content.number or '未编号'}）", f"{content.firm}、{content.lawyer}"),
    )


def _opening(content: RectificationContent) -> str:
    return (
        f"你们承办的法律援助案件（案件编号：{content.case_number}，类别：{content.case_class}），经{content.review}，"
        f"得分{points(content.score)}分，评定为{content.grade}。现将存在的问题和整改要求通知如下。"
    )


def findings_table(findings: tuple[Finding, ...]) -> list[Block]:
    """None where nothing was found."""
    # One number of decimals in a column, the most that any of its figures needs.
    places = max((len(plain(finding.points).partition(".")[2]) for finding in findings), default=0)
    rows = tuple(
        (str(number), finding.item, finding.fact, finding.pages or "—", f"{finding.points:.{places}f}")
        for number, finding in enumerate(findings, start=1)
    )
    return [Table(_COLUMNS, rows)] if rows else []


def _findings(content: RectificationContent) -> list[Block]:
    blocks = findings_table(content.findings)
    if content.basis:
        blocks.append(Paragraph(basis_sentences(content.basis)))
    if content.complaints:
        counted = f"另有{content.complaints}件对承办人员的投诉经查证属实，其中包括涉及本案的投诉。"
        blocks.append(Paragraph(counted))
    if content.vetoes:
        blocks.append(Paragraph(f"本案存在否决情形：{'；'.join(content.vetoes)}。"))
    return blocks


def basis_sentences(basis: ScoreBasis) -> str:
    return _score_of(basis) + _deductions_of(basis)


def _score_of(basis: ScoreBasis) -> str:
    read = _READERS[basis.readers]
    if len(basis.sources) == 1:
        return f"得分即案卷评查得分，为{read}。"
    if not basis.sources:
        return f"案卷评查得分为{read}。"
    named = "、".join(f"{each.name}{points(each.points)}分（权重{plain(each.weight)}）" for each in basis.sources)
    return f"得分由{named}加权平均得出，其中案卷评查得分为{read}。"


def _deductions_of(basis: ScoreBasis) -> str:
    """Where the deductions do not add up to the points that the score lacks, it is said why."""
    listed = f"所列扣分为案卷评查各项目的扣分，取{_READERS[basis.readers]}"
    why = []
    if len(basis.sources) != 1:
        why.append("得分还计入其他评价依据")
    if basis.readers > _ADD_UP:
        why.append("总分和各项目分别取中位数")
    if basis.not_applicable:
        why.append("不适用项目的分值由同一部分的其他项目分担")
    return f"{listed}；因{'、'.join(why)}，扣分之和不等于得分与100分之差。" if why else f"{listed}。"


def _grounds(content: RectificationContent) -> list[Block]:
    """The reason in the words of the person who decided, who also answers there what the lawyer said."""
    about = "理由和对陈述、申辩意见的采纳情况：" if content.heard_on else "理由："
    grounds: list[Block] = [Paragraph(f"依据：{content.legal_basis.rstrip('。')}。")] if content.legal_basis else []
    return [*grounds, Paragraph(about + content.reason)] if content.reason else grounds


def _measures(content: RectificationContent) -> list[Block]:
    listed = [
        Paragraph(
            f"{measure.text.rstrip('。')}，于{chinese_day(measure.due_on)}前（含当日）完成。",
            lead=f"（{numeral(number)}）",
        )
        for number, measure in enumerate(content.measures, start=1)
    ]
    report = (
        f"于{chinese_day(content.report_by)}前（含当日）向{content.organisation}提交书面整改报告，写明原因、已采取的措施和防止再次发生的办法，"
        "并附整改后的材料。"
    )
    wanted: list[Block] = [*listed, Paragraph(report, lead=f"（{numeral(len(listed) + 1)}）")]
    if content.next_files:
        read = f"承办人员在本通知书签发之日后办结的{content.next_files}件法律援助案件，全部纳入案件质量评查。"
        wanted.append(Paragraph(read, lead=f"（{numeral(len(wanted) + 1)}）"))
    return wanted


def _rights(content: RectificationContent) -> str:
    remedy = content.remedy
    meanwhile = "申诉期间暂停计算整改期限。" if remedy.suspends_deadline else "申诉期间不停止整改。"
    return (
        f"对评定结果或者本通知有异议的，可以自收到本通知书之日起{remedy.workdays}个工作日内向{remedy.authority}"
        f"提出书面申诉{way_to_appeal(remedy, contact=content.contact)}。申诉由未参与评查和决定的人员办理，自收到之日起"
        f"{remedy.decided_in_workdays}个工作日内书面答复。{meanwhile}"
    )


def way_to_appeal(remedy: Remedy, *, contact: str, paper: str = "本通知书") -> str:
    """On a page of this service, or on paper for who has no account."""
    if remedy.path:
        return f"，也可以通过{remedy.path}在线提出"
    address = "（地址可以按下列联系方式询问）" if contact else ""
    where = f"当面递交或者邮寄至{remedy.authority}{address}"
    return f"：写明{paper}文号、有异议的事项和理由，由本人签名并注明日期，{where}"
