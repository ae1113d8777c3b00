"""The rewards and sanctions report: one set of figures for the page, the PDF and the workbook."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone, translation

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import issuer_name
from reviews.queries import reading_counts
from scoring.documents.content import (
    AppealCounts,
    Assessment,
    CaseTotals,
    GradeCounts,
    IssuedNotice,
    ReportContent,
    RuleCount,
)
from scoring.enums import (
    OPEN_STATES,
    SETTLED_GRADES,
    AppealState,
    Grade,
    NoticeKind,
    NoticeState,
    Outcome,
    ProposalState,
    RuleCode,
)
from scoring.models import DECIDING_ROLES, Appeal, CaseScore, Notice, Proposal

METHOD = "按规则必抽与分层随机抽取相结合"


def centres_to_report(user: User) -> list[Organisation]:
    """Centres whose report this person may read."""
    return list(organisations_reached(user, *DECIDING_ROLES).filter(kind=OrganisationKind.CENTRE))


def rewards_and_sanctions(
    *, centre: Organisation, period: Period, label: str, language: str = "zh-hans", now: datetime
) -> ReportContent:
    """Cases closed in the half-open period, what was proposed about them, decided and issued, as of now.

    `language` is that of the words for classes, rules and states: the paper is Chinese, a page follows its reader.
    """
    cases = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    proposals = Proposal.objects.filter(
        centre=centre, case__closed_on__gte=period.start, case__closed_on__lt=period.end
    )
    notices = Notice.objects.filter(issuer=centre, proposal__in=proposals).exclude(state=NoticeState.ISSUING)
    with translation.override(language):
        return ReportContent(
            organisation=issuer_name(centre.pk),
            period_label=label,
            first_day=period.start,
            last_day=date.fromordinal(period.end.toordinal() - 1),
            as_of=timezone.localdate(now),
            totals=_totals(cases),
            assessment=_assessment(centre, period, cases.count()),
            rules=tuple(_rule_counts(proposals)),
            commendations=_issued(notices, NoticeKind.COMMENDATION),
            rectifications=_issued(notices, NoticeKind.RECTIFICATION),
            appeals=_appeals(notices),
        )


def _totals(cases: QuerySet[Case]) -> CaseTotals:
    sums = cases.aggregate(closed=Count("pk"), helped=Sum("people_helped"), recovered=Sum("recovered_amount"))
    by_type = dict(cases.values_list("case_type").annotate(n=Count("pk")).order_by())
    by_class = tuple((str(kind.label), by_type[kind]) for kind in CaseType if kind in by_type)
    return CaseTotals(sums["closed"], by_class, sums["helped"] or 0, sums["recovered"] or Decimal(0))


def _assessment(centre: Organisation, period: Period, frame: int) -> Assessment:
    read = reading_counts(centre_path=centre.path, period=period)
    scores = CaseScore.objects.current().filter(
        centre=centre, closed_on__gte=period.start, closed_on__lt=period.end, grade__in=SETTLED_GRADES
    )
    counts = {
        kind: dict(scores.filter(case_type=kind).values_list("grade").annotate(n=Count("pk")).order_by())
        for kind in CaseType
    }
    grades = tuple(
        GradeCounts(
            case_class=str(kind.label),
            excellent=found.get(Grade.EXCELLENT, 0),
            good=found.get(Grade.GOOD, 0),
            passed=found.get(Grade.PASS, 0),
            failed=found.get(Grade.FAIL, 0),
        )
        for kind, found in counts.items()
        if found
    )
    return Assessment(frame, read.drawn, METHOD, read.readers, read.doubly, read.thirdly, grades)


def _rule_counts(proposals: QuerySet[Proposal]) -> list[RuleCount]:
    rows = proposals.values("code").annotate(
        proposed=Count("pk"),
        accepted=Count("pk", filter=Q(decision__outcome=Outcome.ACCEPT)),
        declined=Count("pk", filter=Q(state=ProposalState.DECLINED)),
        waiting=Count("pk", filter=Q(state__in=OPEN_STATES)),
    )
    found = {row["code"]: row for row in rows.order_by("code")}
    blank = {"proposed": 0, "accepted": 0, "declined": 0, "waiting": 0}
    return [
        RuleCount(code.value, str(code.label), row["proposed"], row["accepted"], row["declined"], row["waiting"])
        for code in RuleCode
        for row in (found.get(code, blank),)
    ]


def _issued(notices: QuerySet[Notice], kind: NoticeKind) -> tuple[IssuedNotice, ...]:
    rows = notices.filter(kind=kind).select_related("case", "lawyer", "firm").order_by("year", "number")
    return tuple(
        IssuedNotice(
            number=row.label,
            case_number=row.case.number,
            case_class=str(row.case.get_case_type_display()),
            lawyer=row.lawyer.name,
            firm=row.firm.name,
            issued_on=timezone.localdate(row.issued_at or row.numbered_at),
            state=str(NoticeState(row.state).label),
        )
        for row in rows
    )


def _appeals(notices: QuerySet[Notice]) -> AppealCounts:
    counts = dict(Appeal.objects.filter(notice__in=notices).values_list("state").annotate(n=Count("pk")).order_by())
    upheld, dismissed = counts.get(AppealState.UPHELD, 0), counts.get(AppealState.DISMISSED, 0)
    waiting = counts.get(AppealState.LODGED, 0)
    return AppealCounts(upheld + dismissed + waiting, upheld, dismissed, waiting)
