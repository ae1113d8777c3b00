"""结果通报: what the cases of a closed period came to. It names firms with five graded cases or more, and nobody."""

from dataclasses import dataclass
from datetime import date, timedelta

from qa_service.common.periods import Period
from qa_service.documents.content import Block, Circular, Heading, Paragraph, Signature
from scoring.documents.content import GradeCounts, StandingRow
from scoring.documents.report import standings_table
from scoring.documents.wording import (
    chinese_day,
    grades_by_class,
    grades_sentence,
    grades_table,
    headings,
    numeral,
    span,
)

_TO = "各律师事务所、基层法律服务所，各法律援助工作站"
_PLACED = (
    "评定案件数不足5件的单位不列名、不排位次；区间重叠的单位不分先后，位次以起止表示。"
    "综合评价把案件数少的结果向同类案件的平均水平收拢。"
)


@dataclass(frozen=True, slots=True)
class Band:
    """Between what the middle half of so many lawyers with five graded cases lies."""

    low: int
    high: int
    lawyers: int


@dataclass(frozen=True, slots=True)
class ResultsContent:
    """As frozen on `closed_on`. `firms` have five graded cases and more each; `small` counts those with fewer."""

    organisation: str
    first_day: date
    last_day: date
    closed_on: date
    cases: tuple[tuple[str, int], ...]
    grades: tuple[GradeCounts, ...]
    firms: tuple[StandingRow, ...]
    small: int
    band: Band | None


def circular(content: ResultsContent) -> Circular:
    """A draft: the office that issues it gives the number and the day."""
    number = headings()
    blocks: list[Block] = [
        Paragraph(
            "根据《中华人民共和国法律援助法》关于法律援助服务质量监督的规定，"
            f"{content.organisation}对{span(content.first_day, content.last_day)}办结的法律援助案件开展了质量评查，"
            f"结果于{chinese_day(content.closed_on)}固定。现将有关情况通报如下。"
        ),
        Heading(f"{next(number)}基本情况"),
        Paragraph(_closed(content)),
        *_graded(content),
        Heading(f"{next(number)}承办人员"),
        Paragraph(_people(content.band)),
        Heading(f"{next(number)}承办单位"),
        *_firms(content),
        Heading(f"{next(number)}要求"),
        Paragraph(
            "各承办单位应当对照本单位的评查结果改进工作。对单件案件评定结果的异议，按照送达该结果时告知的方式和期限提出。"
        ),
    ]
    return Circular(
        mark=content.organisation,
        number="",
        title_lines=(content.organisation, f"关于{_label(content)}法律援助", "案件质量评查结果的通报"),
        addressees=_TO,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, None),
    )


def _label(content: ResultsContent) -> str:
    """A year or a quarter by its name, other days in full."""
    first = content.first_day
    days = Period(first, content.last_day + timedelta(days=1))
    if days.is_year:
        return f"{first.year}年"
    if days.is_quarter:
        return f"{first.year}年第{numeral((first.month + 2) // 3)}季度"
    return f"{span(first, content.last_day)}办结的"


def _closed(content: ResultsContent) -> str:
    named = "、".join(f"{name}{count}件" for name, count in content.cases)
    total = sum(count for _name, count in content.cases)
    return f"本期办结法律援助案件{total}件{f'（{named}）' if named else ''}。"


def _graded(content: ResultsContent) -> list[Block]:
    if not content.grades:
        return [Paragraph("本期办结的案件尚无评定等次。")]
    return [
        Paragraph(grades_sentence(content.grades) + grades_by_class(content.grades)),
        grades_table(content.grades),
    ]


def _people(band: Band | None) -> str:
    if band is None:
        return "评定案件数在5件以上的承办人员不足8人，不公布中间区间。承办人员的评查结果已分别送达本人，不对个人排名。"
    return (
        f"评定案件数在5件以上的承办人员共{band.lawyers}人，其平均分居中的一半在{band.low}分至{band.high}分之间。"
        "承办人员的评查结果已分别送达本人，不对个人排名。"
    )


def _firms(content: ResultsContent) -> list[Block]:
    small = f"另有{content.small}个单位评定案件数不足5件。" if content.small else ""
    if not content.firms:
        return [Paragraph(f"没有评定案件数在5件以上的单位。{small}")]
    return [standings_table("承办单位", content.firms), Paragraph(small + _PLACED)]
