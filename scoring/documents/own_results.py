"""案件质量评定结果说明: a lawyer's own results, to be handed in for the annual appraisal. It names no client."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qa_service.documents.content import (
    Align,
    Column,
    Heading,
    LabelledRows,
    Paragraph,
    PlotChart,
    Sheet,
    SheetBlock,
    Table,
)

_ROW = 24.0
_SMALL = 10.5
_AIR = 4.0


@dataclass(frozen=True, slots=True)
class OwnResultsContent:
    """Texts to print, in `language`. `quarters`: quarter, centre, cases, mean, band; `cases`: number, class, day,
    grade, figure; `notices`: number, kind, day, state. `voice` is whole sentences."""

    language: str
    head: tuple[tuple[str, str], ...]
    summary: str
    charts: tuple[PlotChart, ...]
    quarters: tuple[tuple[str, str, str, str, str], ...]
    cases: tuple[tuple[str, str, str, str, str], ...]
    voice: tuple[str, ...]
    notices: tuple[tuple[str, str, str, str], ...]
    foot: str


def sheet(content: OwnResultsContent) -> Sheet:
    blocks: list[SheetBlock] = [
        LabelledRows(content.head, row_at_least=_ROW, size=12.0),
        Heading(_("Graded cases of the period")),
        Paragraph(content.summary),
        *_cases(content),
        Paragraph(
            _(
                "Grades rest on professional evidence alone. A case that may still be objected to, or whose marks are "
                "corrected later, can change; the reasons of each grade can be read and printed one by one."
            )
        ),
        *_quarters(content),
        Heading(_("What clients said")),
        *map(Paragraph, content.voice),
        *_notices(content),
    ]
    return Sheet(
        title=_("Statement of results of case-quality inspection"),
        blocks=tuple(blocks),
        language=content.language,
        foot=content.foot,
    )


def _cases(content: OwnResultsContent) -> list[SheetBlock]:
    columns = (
        Column(_("Case number"), 3.2),
        Column(_("Type of case"), 1.4, Align.CENTRE),
        Column(_("Closed"), 1.6, Align.CENTRE),
        Column(_("Grade"), 1.8, Align.CENTRE),
        Column(_("Case score"), 1.2, Align.RIGHT),
    )
    return [Table(columns, content.cases, size=_SMALL, air=_AIR)] if content.cases else []


def _quarters(content: OwnResultsContent) -> list[SheetBlock]:
    if not content.quarters:
        return []
    columns = (
        Column(_("Cases closed in"), 1.6),
        Column(_("Centre"), 2.6),
        Column(_("Graded cases"), 1.2, Align.RIGHT),
        Column(_("My mean"), 1.4, Align.RIGHT),
        Column(_("Middle band of the centre"), 1.8, Align.CENTRE),
    )
    return [
        Heading(_("Quarter by quarter")),
        *content.charts,
        Table(columns, content.quarters, size=_SMALL, air=_AIR),
    ]


def _notices(content: OwnResultsContent) -> list[SheetBlock]:
    if not content.notices:
        return []
    columns = (
        Column(_("Number"), 2.4),
        Column(_("Kind"), 1.8),
        Column(_("Issued on"), 1.4, Align.CENTRE),
        Column(_("State"), 1.4, Align.CENTRE),
    )
    return [Heading(_("Notices issued")), Table(columns, content.notices, size=_SMALL, air=_AIR)]
