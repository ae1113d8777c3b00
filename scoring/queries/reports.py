"""The rewards and sanctions report: one set of figures for the page, the PDF and the workbook."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, own_work
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.period_names import period_in_words
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.common.shares import wilson
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import issuer_name, today_at
from reviews.queries import centre_faults, handled_by_staff, handled_in, reading_counts
from scoring.documents.content import (
    AppealCounts,
    Assessment,
    CaseTotals,
    CentreFault,
    ClientVoice,
    GradeCounts,
    IssuedNotice,
    ReportContent,
    RuleCount,
    StandingRow,
)
from scoring.enums import (
    FIRST_RUN,
    AppealState,
    Grade,
    NoticeKind,
    NoticeState,
    ProposalState,
    RuleCode,
    UnitKind,
)
from scoring.models import DECIDING_ROLES, Appeal, CaseScore, Notice, Proposal
from scoring.queries.closing import closed_period, grades_for_the_report, standings_for_the_report
from scoring.queries.satisfaction import satisfaction_counted
from scoring.queries.standings import StandingsTable
from surveys.queries import follow_up_of_period

TAKEN_UP = (ProposalState.ACCEPTED, ProposalState.ON_DISPLAY, ProposalState.CARRIED_OUT)
UNDECIDED = (ProposalState.PROPOSED, ProposalState.HEARING)
METHOD = "按规则必抽与分层随机抽取相结合"


def centres_to_report(user: User) -> list[Organisation]:
    """Centres whose report this person may read."""
    reached = organisations_reached(user, *DECIDING_ROLES).filter(kind=OrganisationKind.CENTRE)
    return list(reached.select_related("settings"))


def rewards_and_sanctions(
    *,
    centre: Organisation,
    period: Period,
    label: str,
    language: str = "zh-hans",
    reader: User | None = None,
    now: datetime,
) -> ReportContent:
    """Cases closed in the half-open period, what was proposed about them, decided and issued, as of now.

    So is what was proposed about a lawyer, a firm, a station or the centre over a period that lies within it.

    The figures are the same for everybody, but that who handled cases of the period is not told how many were drawn,
    nor of proposals about those cases. A note says so.
    `reader` None: for whoever may read it.
    `language` is that of the words for classes, rules and states: the paper is Chinese, a page follows its reader.
    """
    cases = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    proposals = Proposal.objects.filter(about_period(period), centre=centre)
    notices = heard_of(Notice.objects.filter(issuer=centre, proposal__in=proposals, issued_at__isnull=False), reader)
    with translation.override(language):
        return ReportContent(
            organisation=issuer_name(centre.pk),
            period_label=label,
            first_day=period.start,
            last_day=date.fromordinal(period.end.toordinal() - 1),
            as_of=today_at(centre, now),
            totals=case_totals(cases),
            assessment=assessment_of(centre, period, reader=reader),
            voice=voice_heard(centre, period),
            standings=lawyers_standing(centre, period),
            firms=standing_rows(standings_for_the_report(kind=UnitKind.FIRM, centre=centre, period=period), {}),
            rules=tuple(rule_counts(of_others(proposals, reader))),
            commendations=_issued(notices, NoticeKind.COMMENDATION, centre),
            rectifications=_issued(notices, NoticeKind.RECTIFICATION, centre),
            appeals=appeals_about(notices),
            centre_faults=tuple(_centre_faults(centre, period)),
            notes=_notes(centre, period, reader),
        )


def about_period(period: Period, *, path: str = "") -> Q:
    """A condition on rows: their proposal is about a case that closed in the period, or about a period within it.

    `path` leads to the proposal.
    """
    of_case = {f"{path}case__closed_on__gte": period.start, f"{path}case__closed_on__lt": period.end}
    within = {f"{path}period_start__gte": period.start, f"{path}period_end__lte": period.end}
    return Q(**of_case) | Q(**within)


def of_others(proposals: QuerySet[Proposal], reader: User | None) -> QuerySet[Proposal]:
    """As many as the reader sees: one more of all would tell of a proposal about their own file, or that none came."""
    return proposals if reader is None else proposals.exclude(own_work(reader, lawyer="lawyer", firm="firm"))


def heard_of(notices: QuerySet[Notice], reader: User | None) -> QuerySet[Notice]:
    """Before the lawyer is told nobody of the firm hears of a rectification, as on the notice's own page."""
    if reader is None:
        return notices
    untold = Q(kind=NoticeKind.RECTIFICATION, delivered_on=None)
    return notices.exclude(own_work(reader, lawyer="lawyer", firm="firm") & untold)


def _notes(centre: Organisation, period: Period, reader: User | None) -> tuple[str, ...]:
    return (*closing_note(centre, period), *_own_work_note(centre, period, reader))


def closing_note(centre: Organisation, period: Period) -> tuple[str, ...]:
    closed = closed_period(centre, period)
    if closed is None:
        return ()
    said = _("The period was closed on %(day)s (version %(version)d): standings and grades are those of that day.")
    return (said % {"day": today_at(centre, closed.closed_at), "version": closed.version},)


def _own_work_note(centre: Organisation, period: Period, reader: User | None) -> tuple[str, ...]:
    if reader is None or not handled_in(reader, centre=centre, period=period):
        return ()
    return (
        _(
            "Printed for a reader who, or whose firm, handled cases of this period. How many files were drawn and read "
            "is not said, and proposals about those cases are not counted: either could tell what a client said."
        ),
    )


def _centre_faults(centre: Organisation, period: Period) -> Iterable[CentreFault]:
    for mark in centre_faults(centre_id=centre.pk, period=period):
        decided_on = today_at(centre, mark.decided_at) if mark.decided_at else None
        yield CentreFault(mark.review.assignment.case.number, mark.veto.code, str(mark.veto), decided_on)


def case_totals(cases: QuerySet[Case]) -> CaseTotals:
    sums = cases.aggregate(closed=Count("pk"), helped=Sum("people_helped"), recovered=Sum("recovered_amount"))
    by_type = dict(cases.values_list("case_type").annotate(n=Count("pk")).order_by())
    by_class = tuple((str(kind.label), by_type[kind]) for kind in CaseType if kind in by_type)
    return CaseTotals(sums["closed"], by_class, sums["helped"] or 0, sums["recovered"] or Decimal(0))


def grade_counts(counts: Mapping[str, Mapping[str, int]]) -> tuple[GradeCounts, ...]:
    """By type of case, in the words of the active language; those of which none was graded are left out."""
    return tuple(
        GradeCounts(
            case_class=str(kind.label),
            excellent=found.get(Grade.EXCELLENT, 0),
            good=found.get(Grade.GOOD, 0),
            passed=found.get(Grade.PASS, 0),
            failed=found.get(Grade.FAIL, 0),
        )
        for kind in CaseType
        if (found := counts.get(kind))
    )


def assessment_of(centre: Organisation, period: Period, *, reader: User | None = None) -> Assessment:
    """How the cases closed in the period were drawn, read and graded, as of now; words in the active language.

    `reader` None: on a paper that everybody reads.
    """
    frame = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end).count()
    grades = grade_counts(grades_for_the_report(centre, period))
    if own_files_among(centre, period, reader):
        return Assessment(frame, None, METHOD, None, None, None, grades)
    read = reading_counts(centre_path=centre.path, period=period)
    return Assessment(frame, read.drawn, METHOD, read.readers, read.doubly, read.thirdly, grades, read.given, read.read)


def own_files_among(centre: Organisation, period: Period, reader: User | None) -> bool:
    """Of others' files they know how many were drawn: the sum would tell whether a client's word drew one of theirs."""
    if reader is None:
        return handled_by_staff(centre=centre, period=period)
    return handled_in(reader, centre=centre, period=period)


def voice_heard(centre: Organisation, period: Period) -> ClientVoice:
    found = follow_up_of_period(centre_path=centre.path, period=period)
    rated, satisfied = satisfaction_counted(centre, period)
    low, high = wilson(satisfied, rated) if rated else (None, None)
    return ClientVoice(
        eligible=found.eligible,
        asked=found.asked,
        answered=found.answered,
        rated=rated,
        satisfied=satisfied,
        low=low,
        high=high,
        reached=found.reached,
        response=found.response,
        refusal=found.refusal,
        cases=found.cases,
    )


def lawyers_standing(centre: Organisation, period: Period) -> tuple[StandingRow, ...]:
    found = standings_for_the_report(kind=UnitKind.LAWYER, centre=centre, period=period)
    scores = (
        CaseScore.objects.current()
        .graded()
        .filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    )
    firms: dict[int, list[str]] = defaultdict(list)
    for lawyer_id, name in scores.order_by("firm__name").values_list("lawyer", "firm__name").distinct():
        firms[lawyer_id].append(name)
    return standing_rows(found, {lawyer_id: "、".join(names) for lawyer_id, names in firms.items()})


def standing_rows(found: StandingsTable, of: Mapping[int, str]) -> tuple[StandingRow, ...]:
    return tuple(
        StandingRow(
            name=found.names[row.unit],
            unit=of.get(row.unit, ""),
            count=row.n,
            mean=half_up(row.raw),
            shrunk=half_up(row.shrunk),
            low=None if row.low is None else half_up(row.low),
            high=None if row.high is None else half_up(row.high),
            places=None if row.rank_from is None or row.rank_to is None else (row.rank_from, row.rank_to),
            answers=row.answered if row.voice else 0,
        )
        for row in found.table.rows
    )


def rule_counts(proposals: QuerySet[Proposal]) -> list[RuleCount]:
    rows = proposals.values("code").annotate(
        proposed=Count("pk"),
        accepted=Count("pk", filter=Q(state__in=TAKEN_UP)),
        declined=Count("pk", filter=Q(state=ProposalState.DECLINED)),
        waiting=Count("pk", filter=Q(state__in=UNDECIDED)),
        overtaken=Count("pk", filter=Q(state=ProposalState.OVERTAKEN)),
    )
    found: dict[str, dict[str, Any]] = {row["code"]: dict(row) for row in rows.order_by("code")}
    blank: dict[str, Any] = dict.fromkeys(("proposed", "accepted", "declined", "waiting", "overtaken"), 0)
    return [
        RuleCount(code.value, str(code.label), *(row[state] for state in blank))
        for code in RuleCode
        if code in FIRST_RUN or code in found
        for row in (found.get(code, blank),)
    ]


def _issued(notices: QuerySet[Notice], kind: NoticeKind, centre: Organisation) -> tuple[IssuedNotice, ...]:
    rows = (
        notices.filter(kind=kind)
        .select_related("case", "lawyer", "firm", "station", "proposal")
        .order_by("numbered_at", "pk")
    )
    return tuple(
        IssuedNotice(
            number=row.label,
            case_number=row.case.number if row.case else _period_told(row.proposal),
            case_class=str(row.case.get_case_type_display()) if row.case else "—",
            lawyer=row.lawyer.name if row.lawyer else "—",
            firm=row.firm.name if row.firm else row.whose,
            issued_on=today_at(centre, row.issued_at or row.numbered_at),
            state=str(NoticeState(row.state).label),
            withdrawn=row.state == NoticeState.WITHDRAWN,
        )
        for row in rows
    )


def _period_told(proposal: Proposal) -> str:
    return period_in_words(proposal.period) if proposal.period else ""


def appeals_about(notices: QuerySet[Notice]) -> AppealCounts:
    counts = dict(Appeal.objects.filter(notice__in=notices).values_list("state").annotate(n=Count("pk")).order_by())
    upheld, dismissed = counts.get(AppealState.UPHELD, 0), counts.get(AppealState.DISMISSED, 0)
    waiting, settled = counts.get(AppealState.LODGED, 0), counts.get(AppealState.SETTLED, 0)
    return AppealCounts(sum(counts.values()), upheld, dismissed, waiting, settled)
