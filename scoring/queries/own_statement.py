"""What a lawyer's statement of own results says, for the cases closed in one period."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.period_names import period_in_words
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.documents.content import PlotChart
from qa_service.organisations.queries import day_of_lawyer, memberships_on, today_at
from scoring.calculation import mean
from scoring.documents.figures.own import QuarterMean, trend_chart
from scoring.documents.own_results import OwnResultsContent
from scoring.enums import SETTLED_GRADES
from scoring.models import CaseScore, Notice
from scoring.queries.notices import notices_of
from scoring.queries.own_results import OwnQuarter, own_quarters
from scoring.queries.scores import scores_of_lawyer
from scoring.queries.voice import VoiceShown, voice_of_lawyer

MOST_CASES = 1000  # of one lawyer in a year: more than anybody closes


def own_statement(user: User, period: Period, *, now: datetime) -> OwnResultsContent:
    """In today's language; nothing of anybody else's moves it but the band that the centre published."""
    lawyer_id = user.lawyer_id or 0
    today = day_of_lawyer(lawyer_id, now)
    scores = scores_of_lawyer(user)
    within = scores.filter(closed_on__gte=period.start, closed_on__lt=period.end).order_by("closed_on", "pk")
    quarters = own_quarters(scores, today=today, now=now)
    notices = [row for row in notices_of(lawyer_id, now=now).select_related("issuer__settings") if _in(row, period)]
    return OwnResultsContent(
        language=get_language() or "zh-hans",
        head=_head(user, period, now),
        summary=_summary(within),
        charts=own_trends(quarters),
        quarters=tuple(map(_quarter, quarters)),
        cases=tuple(map(_case, within.select_related("case")[:MOST_CASES])),
        voice=_voice(voice_of_lawyer(lawyer_id)),
        notices=tuple(map(_notice, notices)),
        foot=_("As of %(moment)s") % {"moment": date_format(localtime(now), "Y-m-d H:i")},
    )


def own_trends(quarters: Sequence[OwnQuarter]) -> tuple[PlotChart, ...]:
    """One chart for each centre with two quarters or more that have a mean; `quarters` come the latest first."""
    found: dict[str, list[QuarterMean]] = defaultdict(list)
    for each in reversed(quarters):
        found[each.centre].append(QuarterMean(each.period, each.n, each.mean, each.band))
    drawn = (trend_chart(rows, name=centre if len(found) > 1 else "") for centre, rows in found.items())
    return tuple(chart for chart in drawn if chart is not None)


def _head(user: User, period: Period, now: datetime) -> tuple[tuple[str, str], ...]:
    lawyer = user.lawyer
    if lawyer is None:
        raise ValueError("a statement is a lawyer's own")
    held = memberships_on(lawyer.pk, day=day_of_lawyer(lawyer.pk, now))
    return (
        (_("Lawyer"), lawyer.name),
        (_("Licence number"), lawyer.licence_number),
        (_("Firm"), "；".join(f"{each.firm.name}（{each.firm.centre.name}）" for each in held)),
        (_("Cases closed in"), period_in_words(period)),
    )


def _summary(scores: QuerySet[CaseScore]) -> str:
    graded = list(scores.filter(score__isnull=False).values_list("score", "grade"))
    figures = [score for score, _grade in graded if score is not None]
    if not figures:
        return _("No case of this period has a grade yet.")
    told = ngettext("%(n)s graded case, mean %(mean)s", "%(n)s graded cases, mean %(mean)s", len(figures)) % {
        "n": len(figures),
        "mean": half_up(mean(figures)),
    }
    grades = [grade for _score, grade in graded]
    return " · ".join([told, *(f"{grade.label} {grades.count(grade)}" for grade in SETTLED_GRADES)])


def _case(row: CaseScore) -> tuple[str, str, str, str, str]:
    grade = f"{row.get_grade_display()} · {_('provisional')}" if row.provisional else row.get_grade_display()
    figure = "—" if row.score is None else str(half_up(row.score))
    return row.case.number, str(row.get_case_type_display()), str(row.closed_on), grade, figure


def _quarter(each: OwnQuarter) -> tuple[str, str, str, str, str]:
    figure = _("fewer than 5") if each.mean is None else str(half_up(each.mean))
    band = f"{each.band[0]}–{each.band[1]}" if each.band else _("not published")
    return period_in_words(each.period), each.centre, str(each.n), figure, band


def _voice(voice: VoiceShown) -> tuple[str, ...]:
    if voice.mean is None:
        return (_("Nothing has been released yet."),)
    told = {"n": voice.n, "low": voice.mean.low, "high": voice.mean.high}
    return (_("The mean over %(n)s answers lies between %(low)s and %(high)s of 100.") % told,)


def _in(row: Notice, period: Period) -> bool:
    day = today_at(row.issuer, row.issued_at) if row.issued_at else None
    return day is not None and period.start <= day < period.end


def _notice(row: Notice) -> tuple[str, str, str, str]:
    day = today_at(row.issuer, row.issued_at) if row.issued_at else ""
    return row.label, str(row.get_kind_display()), str(day), str(row.get_state_display())
