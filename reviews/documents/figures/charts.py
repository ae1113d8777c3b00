"""Charts of reviewing, as content: what is drawn says the numbers of the table beside it."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.rounding import signed
from qa_service.common.shares import Share, percent
from qa_service.documents.content import (
    Bar,
    BarChart,
    HeatCell,
    HeatChart,
    HeatRow,
    OpinionBar,
    OpinionChart,
    OpinionPart,
    ScatterChart,
    Side,
)
from reviews.agreement.differences import Limits
from reviews.enums import Band
from reviews.figures.agreement import Point
from reviews.figures.losses import Loss

# A pass is on the side of what wants looking into: the middle line parts it from good.
SIDES: Final = {Band.FAIL: Side.WORST, Band.PASS: Side.POOR, Band.GOOD: Side.GOOD, Band.EXCELLENT: Side.BEST}


def progress_chart(*, drawn: int, given: int, read: int, released: int) -> BarChart:
    """From drawn to released, each with its share of the first."""
    steps = (
        (pgettext("files", "Drawn"), drawn),
        (pgettext("files", "Given out"), given),
        (pgettext("files", "Read"), read),
        (pgettext("files", "Released"), released),
    )
    bars = tuple(Bar(label, count, f" ({percent(count, drawn)} %)" if drawn else "") for label, count in steps)
    return BarChart(title=_("From drawn to released"), bars=bars)


def grades_chart(lines: Iterable[tuple[str, int, Sequence[tuple[Band, Share]]]]) -> OpinionChart:
    """:param lines: label, files and grades of each type of case; of too few, no part is drawn"""
    return OpinionChart(title=_("Grades by type of case"), bars=tuple(_grades(*line) for line in lines))


def _grades(label: str, files: int, grades: Sequence[tuple[Band, Share]]) -> OpinionBar:
    parts = tuple(
        OpinionPart(str(grade.label), share.part, share.part / share.whole, f"{share.percent:.0f} %", SIDES[grade])
        for grade, share in sorted(grades, key=lambda each: list(SIDES).index(each[0]))
        if not share.small
    )
    said = _("n = %(n)s") if parts else _("too few: n = %(n)s")
    return OpinionBar(label=label, parts=parts, note=said % {"n": files})


def losses_chart(
    finding: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[tuple[Loss, str]]]]
) -> HeatChart:
    """Items below one another, lawyers side by side.

    :param rows: of each item its label and, column by column, the loss with the address of the files behind it
    """
    return HeatChart(
        title=finding,
        columns=tuple(columns),
        rows=tuple(HeatRow(label, tuple(_cell(*cell) for cell in cells)) for label, cells in rows),
    )


def _cell(loss: Loss, href: str) -> HeatCell:
    return HeatCell(few(loss) if loss.lost is None else f"{loss.lost}", loss.level, href if loss.files else "")


def few(loss: Loss) -> str:
    """Of so few that no share is told: how many of how many lost points, or how many there are."""
    return f"n={loss.files}" if loss.docked is None or not loss.files else f"{loss.docked}/{loss.files}"


def differences_chart(points: Iterable[Point], limits: Limits, *, y_label: str) -> ScatterChart | None:
    """What lies between two totals of the same file, against their mean (Bland and Altman); None without figures."""
    if limits.mean is None or limits.lower is None or limits.upper is None:
        return None
    lines = (
        (limits.upper.value, _("upper limit %(points)s")),
        (limits.mean.value, _("mean %(points)s")),
        (limits.lower.value, _("lower limit %(points)s")),
    )
    return ScatterChart(
        title=_("Difference of two readers against their mean"),
        points=tuple((each.mean, each.difference) for each in points),
        lines=tuple((level, said % {"points": signed(level)}) for level, said in lines),
        x_label=_("Mean of both totals"),
        y_label=y_label,
        description=_("19 of 20 differences lie between the limits; the larger a square, the more files it stands for"),
    )
