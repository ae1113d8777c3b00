"""What rules proposed, people decided and lawyers were asked to correct, in counts."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.queries import own_work
from qa_service.cases.queries import ClosedCases
from scoring.documents.tabular import Cell, Figures
from scoring.enums import NoticeKind, NoticeState, TaskState
from scoring.models import AssignmentMeasure, CorrectiveTask, Notice, Proposal
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import appeals_about, heard_of, of_others, rule_counts

Line = tuple[Cell, ...]


def _about(cases: ClosedCases, *, path: str = "") -> Q:
    """Proposals about these cases, and about a closed period within theirs: that is of cases of every type."""
    of_case = Q(**{f"{path}case__isnull": False}) & cases.of(f"{path}case__")
    period = cases.closing
    if cases.case_type:
        return of_case
    of_period = Q(**{f"{path}case__isnull": True})
    if period is not None:
        of_period &= Q(**{f"{path}period_start__gte": period.start, f"{path}period_end__lte": period.end})
    if cases.centre_id is not None:
        of_period &= Q(**{f"{path}centre": cases.centre_id})
    if cases.below:
        of_period &= Q(**{f"{path}centre__path__startswith": cases.below})
    return of_case | of_period


def proposed(scope: Scope) -> Figures:
    proposals = of_others(Proposal.objects.filter(_about(scope.cases)), scope.reader)
    header = (
        _("Rule"),
        pgettext("proposals", "Name"),
        pgettext("proposals", "Proposed"),
        pgettext("proposals", "Accepted"),
        pgettext("proposals", "Declined"),
        pgettext("proposals", "Waiting"),
        pgettext("proposals", "Overtaken"),
    )
    rows = tuple(
        (row.code, row.name, row.proposed, row.accepted, row.declined, row.waiting, row.overtaken)
        for row in rule_counts(proposals)
    )
    return Figures(_("What the rules proposed and people decided"), header, rows)


def decided(scope: Scope) -> Figures:
    """Notices are those about the period's cases, whenever they were issued."""
    proposals = Proposal.objects.filter(_about(scope.cases))
    notices = heard_of(Notice.objects.filter(proposal__in=proposals, issued_at__isnull=False), scope.reader)
    counts = notices.aggregate(
        **{kind.value: Count("pk", filter=Q(kind=kind)) for kind in NoticeKind},
        **{f"{kind.value}_gone": Count("pk", filter=_withdrawn(kind)) for kind in NoticeKind},
    )
    appeals = appeals_about(notices)
    rows: list[Line] = [
        (_("Commendation notices"), counts[NoticeKind.COMMENDATION]),
        (_("Commendation notices withdrawn"), counts[f"{NoticeKind.COMMENDATION.value}_gone"]),
        (_("Rectification notices"), counts[NoticeKind.RECTIFICATION]),
        (_("Rectification notices withdrawn"), counts[f"{NoticeKind.RECTIFICATION.value}_gone"]),
        (_("Supervisory letters to centres"), counts[NoticeKind.SUPERVISION]),
        (_("Supervisory letters withdrawn"), counts[f"{NoticeKind.SUPERVISION.value}_gone"]),
        (_("Appeals received"), appeals.received),
        (_("Appeals upheld"), appeals.upheld),
        (_("Appeals dismissed"), appeals.dismissed),
        (_("Appeals settled by withdrawal"), appeals.settled),
        (_("Appeals waiting"), appeals.waiting),
        *_tasks(scope),
    ]
    return Figures(_("What was decided"), (_("Figure"), _("Value")), tuple(rows))


def _withdrawn(kind: NoticeKind) -> Q:
    return Q(kind=kind, state=NoticeState.WITHDRAWN)


def _tasks(scope: Scope) -> list[Line]:
    tasks = CorrectiveTask.objects.filter(_about(scope.cases, path="proposal__"))
    measures = AssignmentMeasure.objects.filter(_about(scope.cases, path="proposal__"))
    if scope.reader is not None:
        tasks = tasks.exclude(own_work(scope.reader, lawyer="lawyer", firm="proposal__firm"))
        measures = measures.exclude(own_work(scope.reader, lawyer="lawyer", firm="proposal__firm"))
    counts = dict(tasks.order_by().values_list("state").annotate(n=Count("pk")))
    done = counts.get(TaskState.DONE, 0)
    return [
        (_("Corrective tasks given"), sum(counts.values())),
        (_("Corrective tasks done and checked"), done),
        (_("Limits and priority in assignments"), measures.count()),
    ]
