"""考核奖惩报告: what a period's work came to, with every denominator, and what was decided on it."""

from decimal import Decimal

from qa_service.common.rounding import half_up
from qa_service.documents.content import (
    Align,
    Bar,
    BarChart,
    Block,
    Column,
    Heading,
    Paragraph,
    Signature,
    Table,
    WorkDocument,
)
from scoring.documents.content import (
    Assessment,
    ClientVoice,
    IssuedNotice,
    ReportContent,
    StandingRow,
    withdrawn_among,
)
from scoring.documents.wording import (
    chinese_day,
    grades_sentence,
    grades_table,
    headings,
    points_in_column,
    sampling_sentence,
    share,
    span,
    with_interval,
)

_FEW = 5
_NONE = "—"
_SMALL = 10.5  # 五号, for the wide tables


def work_document(content: ReportContent) -> WorkDocument:
    number = headings()
    blocks: list[Block] = [
        Heading(f"{next(number)}总体情况"),
        *_totals(content),
        Heading(f"{next(number)}案件质量评查"),
        *_assessment(content.assessment),
        *_centre_faults(content),
    ]
    if content.voice is not None:
        blocks += [Heading(f"{next(number)}受援人回访"), Paragraph(_denominator(content) + _voice(content.voice))]
    if content.standings is not None:
        blocks += [Heading(f"{next(number)}综合评价"), *_standings(content.standings, content.firms)]
    blocks += [
        Heading(f"{next(number)}奖励与整改"),
        *_rules(content),
        *_notices("通报表扬", content.commendations),
        *_notices("整改通知", content.rectifications),
        Heading(f"{next(number)}申诉"),
        Paragraph(_appeals(content)),
    ]
    if content.notes:
        blocks += [Heading(f"{next(number)}说明"), *map(Paragraph, content.notes)]
    return WorkDocument(
        organisation=content.organisation,
        name="考核奖惩报告",
        number="",
        addressees="",
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.as_of),
        verification=content.verification,
        numbered=False,
        subline=f"（{content.period_label}）",
    )


def _totals(content: ReportContent) -> list[Block]:
    totals = content.totals
    classes = "、".join(f"{name}{count}件" for name, count in totals.by_class)
    recovered = half_up(totals.recovered)
    text = (
        f"{span(content.first_day, content.last_day)}，"
        f"办结法律援助案件{totals.closed}件{f'（{classes}）' if classes else ''}，"
        f"帮助受援人{totals.people_helped}人，为受援人挽回损失{recovered:,}元。"
        f"以下数据截至{chinese_day(content.as_of)}。"
    )
    return [Paragraph(text)]


def _assessment(assessment: Assessment | None) -> list[Block]:
    if assessment is None or not assessment.graded:
        return [Paragraph("本期尚无评定结果。")]
    counts = assessment.grades
    names = (("优秀", "excellent"), ("良好", "good"), ("合格", "passed"), ("不合格", "failed"))
    totals = [(name, sum(getattr(row, field) for row in counts)) for name, field in names]
    bars = tuple(Bar(name, count, f"件，占{share(count, assessment.graded)}") for name, count in totals)
    finding = f"已评定{assessment.graded}件，优秀、良好合计占{share(totals[0][1] + totals[1][1], assessment.graded)}"
    return [
        Paragraph(sampling_sentence(assessment)),
        Paragraph(grades_sentence(counts)),
        BarChart(finding, bars),
        grades_table(counts),
    ]


def _denominator(content: ReportContent) -> str:
    left = content.not_followed_up
    if not left:
        return ""
    why = "如等待放行、尚未到回访时间、系启用前办结"
    return f"本期办结的{content.totals.closed}件案件中，{left}件没有到期的回访（{why}）。"


def _voice(voice: ClientVoice) -> str:
    if not voice.asked and not voice.answered:
        unasked = f"应回访{voice.eligible}人次，" if voice.eligible else ""
        return f"{unasked}本期尚未开展回访。"
    silent = voice.eligible - voice.answered
    text = (
        f"应回访{voice.eligible}人次，已联系{voice.asked}人次，收回有效答复{voice.answered}份，"
        f"答复率{with_interval(voice.response)}；联系上{voice.reached.part}人次，联系率{with_interval(voice.reached)}；"
        f"拒访或者要求不再联系的{voice.refusal.part}人次，占联系上的{with_interval(voice.refusal)}。"
        f"未答复或者未联系上的{silent}人次不计入满意度，也不作推定。"
    )
    if voice.rated < _FEW:
        return text + "可以计算的答复不足5人，不计算满意率。"
    rate = (
        "为保护受援人，总体评价每满5人计入一批，计入后不再变动；本中心有权查看答复的人员本人或者其所在机构承办案件的，其受援人的评价不计入。"
        f"计入的{voice.rated}份中表示满意的{voice.satisfied}份，占{share(voice.satisfied, voice.rated)}"
    )
    interval = f"（95%区间为{_percent(voice.low)}至{_percent(voice.high)}）" if voice.low is not None else ""
    return f"{text}{rate}{interval}。"


def _percent(part: Decimal | None) -> str:
    return _NONE if part is None else f"{half_up(part * 100, places=1)}%"


def _standings(lawyers: tuple[StandingRow, ...], firms: tuple[StandingRow, ...]) -> list[Block]:
    if not lawyers:
        return [Paragraph("本期尚无可以综合评价的承办人员或者单位。")]
    note = (
        "评定案件数不足5件的不排位次；综合评价把案件数少的结果向同类案件的平均水平收拢，位次仅供参考，不作为处分依据。"
        "“计入答复数”为计入综合评价的受援人答复数，已成批发布且满5人的按80%案件评定、20%受援人评价合计；为0的仅依据案件评定。"
    )
    tables = [standings_table("承办人员", lawyers)] + ([standings_table("承办单位", firms)] if firms else [])
    return [*tables, Paragraph(note)]


def standings_table(kind: str, standings: tuple[StandingRow, ...]) -> Table:
    columns = (
        Column(kind, 3.4),
        Column("评定案件数", 1.2, Align.CENTRE),
        Column("计入答复数", 1.2, Align.CENTRE),
        Column("原始平均分", 1.3, Align.CENTRE),
        Column("综合评价", 1.4, Align.CENTRE),
        Column("90%区间", 2.4, Align.CENTRE),
        Column("位次", 1.1, Align.CENTRE),
    )
    rows = tuple(
        (
            "\n".join(part for part in (row.name, row.unit) if part),
            str(row.count),
            str(row.answers),
            points_in_column(row.mean),
            points_in_column(row.shrunk),
            _interval(row),
            _place(row.places),
        )
        for row in standings
    )
    return Table(columns, rows, size=_SMALL)


def _interval(row: StandingRow) -> str:
    if row.low is None or row.high is None:
        return _NONE
    return f"{points_in_column(row.low)}—{points_in_column(row.high)}"


def _place(places: tuple[int, int] | None) -> str:
    if places is None:
        return _NONE
    first, last = places
    return str(first) if first == last else f"{first}—{last}"


def _rules(content: ReportContent) -> list[Block]:
    if not content.rules:
        return [Paragraph("对本期办结的案件，没有依规则提出的奖惩建议。")]
    columns = (
        Column("规则", 1, Align.CENTRE),
        Column("内容", 4),
        Column("提出", 1, Align.CENTRE),
        Column("采纳", 1, Align.CENTRE),
        Column("不采纳", 1.2, Align.CENTRE),
        Column("待决定", 1.2, Align.CENTRE),
        Column("失效", 1, Align.CENTRE),
    )
    rows = tuple(
        (rule.code, rule.name, *map(str, (rule.proposed, rule.accepted, rule.declined, rule.waiting, rule.overtaken)))
        for rule in content.rules
    )
    return [
        Paragraph("奖惩建议由规则提出，由有权人员听取陈述后逐件决定；评分后来变动的，原建议失效。"),
        Table(columns, rows),
    ]


def _notices(kind: str, notices: tuple[IssuedNotice, ...]) -> list[Block]:
    if not notices:
        return [Paragraph(f"对本期办结的案件，没有签发{kind}。")]
    columns = (
        Column("文号", 3, Align.CENTRE),
        Column("案件编号和类别", 3),
        Column("承办人员和单位", 4.1),
        Column("签发日期和状态", 2.6, Align.CENTRE),
    )
    rows = tuple(
        (
            notice.number,
            f"{notice.case_number}\n{notice.case_class}",
            f"{notice.lawyer}\n{notice.firm}",
            f"{chinese_day(notice.issued_on)}\n{notice.state}",
        )
        for notice in notices
    )
    return [Table(columns, rows, size=_SMALL, caption=f"{kind}（{_counted(notices)}）")]


def _counted(notices: tuple[IssuedNotice, ...]) -> str:
    withdrawn = withdrawn_among(notices)
    return f"{len(notices)}件，其中已撤销{withdrawn}件" if withdrawn else f"{len(notices)}件"


def _centre_faults(content: ReportContent) -> list[Block]:
    """Said only where there is one; the grade of the lawyer is not touched by it."""
    return [
        Paragraph(f"案件{fault.case_number}经认定：{fault.event}（{fault.code}），责任在指派的中心，该案中心不合格。")
        for fault in content.centre_faults
    ]


def _appeals(content: ReportContent) -> str:
    appeals = content.appeals
    if not appeals.received:
        return "对本期办结案件的通知，没有收到申诉。"
    settled = f"因撤回通知终结{appeals.settled}件，" if appeals.settled else ""
    return (
        f"对本期办结案件的通知，收到申诉{appeals.received}件，其中申诉成立{appeals.upheld}件，维持原决定{appeals.dismissed}件，{settled}"
        f"正在办理{appeals.waiting}件。"
    )
