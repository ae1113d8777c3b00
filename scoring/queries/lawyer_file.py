"""律师质量档案: all that happened with one lawyer over the years, for those who oversee the cases and for the lawyer.

Nobody reads more in it than on the pages where each thing stands: rows come by the same doors. What clients said
stands as released batches alone, and the lawyer is not told of which case a client answered.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.models import Case
from qa_service.common.errors import NotFound
from qa_service.common.period_names import period_in_words
from qa_service.common.rounding import half_up
from qa_service.common.shares import ENOUGH
from qa_service.organisations.models import Lawyer, Membership
from qa_service.organisations.queries import day_of_lawyer, issuer_name, today_at
from scoring.calculation import mean, told
from scoring.documents.tabular import Cell, Figures, TabularReport
from scoring.enums import SETTLED_GRADES, ProposalState, RuleCode
from scoring.models import (
    Appeal,
    AssignmentMeasure,
    CaseScore,
    ClientVoiceBatch,
    CorrectiveTask,
    Notice,
    Proposal,
    Statement,
)
from scoring.models.scores import STAFF_READERS
from scoring.queries.coverage import years_looked_at
from scoring.queries.notices import notices_of
from scoring.queries.scores import overseen_scores, scores_of_lawyer

Line = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A lawyer's file as `reader` may see it: `own` where it is theirs."""

    lawyer: Lawyer
    reader: User
    own: bool


def file_to_read(user: User, public_id: UUID) -> Reading:
    """The lawyer's own, or of one who had a case where the reader oversees cases and is no colleague.

    :raises NotFound: for everybody else.
    """
    lawyer = Lawyer.objects.filter(public_id=public_id).first()
    if lawyer is not None and user.lawyer_id == lawyer.pk and user.has_role(Role.LAWYER):
        return Reading(lawyer, user, own=True)
    if lawyer is None or not _cases_overseen(user, lawyer).exists():
        raise NotFound(_("There is no such lawyer among those whose cases you oversee."))
    return Reading(lawyer, user, own=False)


def files_to_read(user: User, lawyer_ids: Iterable[int]) -> frozenset[int]:
    """Those of the lawyers whose file the person may read for overseeing their cases; one query."""
    found = _overseen(user).filter(lawyer__in=list(lawyer_ids)).order_by()
    return frozenset(found.values_list("lawyer", flat=True).distinct())


def _cases_overseen(user: User, lawyer: Lawyer) -> QuerySet[Case]:
    return _overseen(user).filter(lawyer=lawyer)


def _overseen(user: User) -> QuerySet[Case]:
    cases = Case.objects.filter(within(user, "centre__path", *STAFF_READERS))
    return cases.exclude(own_work(user, lawyer="lawyer", firm="firm"))


def lawyer_file(reading: Reading, *, language: str = "zh-hans", now: datetime) -> TabularReport:
    """In the words of that language; queries do not grow with the lawyer's cases but where cases are looked at."""
    lawyer, today = reading.lawyer, day_of_lawyer(reading.lawyer.pk, now)
    with translation.override(language):
        scores = _scores(reading)
        tables = (
            _person(lawyer),
            _memberships(reading),
            _years(scores),
            _graded(scores),
            _coverage(reading),
            _proposals(reading),
            *_noticed(reading, now=now),
            _tasks(reading),
            *_measures(reading),
            _voice(reading),
        )
        first = min((row.closed_on for row in scores), default=today)
        return TabularReport(
            name=_("Quality file of a lawyer"),
            organisation=_kept_by(lawyer),
            period_label=f"{lawyer.name} {first.year}—{today.year}",
            first_day=first,
            last_day=today,
            as_of=today,
            tables=tables,
            notes=_notes(reading),
        )


def _scores(reading: Reading) -> list[CaseScore]:
    """Released ones; a reader who oversees cases does so of their own places alone."""
    rows = scores_of_lawyer(reading.reader) if reading.own else overseen_scores(reading.reader)
    return list(rows.filter(lawyer=reading.lawyer, released_on__isnull=False))


def _kept_by(lawyer: Lawyer) -> str:
    """The centre of the firm that they joined last."""
    last = Membership.objects.filter(lawyer=lawyer).select_related("firm__centre").order_by("starts_on", "pk").last()
    return issuer_name(last.firm.centre_id) if last else lawyer.name


def _person(lawyer: Lawyer) -> Figures:
    header = (_("Lawyer"), _("Licence number"), pgettext("lawyers", "Kind"))
    row = (lawyer.name, lawyer.licence_number, str(lawyer.get_kind_display()))
    return Figures(_("Whose file it is"), header, (row,))


def _memberships(reading: Reading) -> Figures:
    rows = Membership.objects.filter(lawyer=reading.lawyer).select_related("firm__centre").order_by("starts_on", "pk")
    if not reading.own:
        rows = rows.filter(within(reading.reader, "firm__centre__path", *STAFF_READERS))
    header = (pgettext("lawyer's", "Firm"), _("Centre"), _("From"), _("Until"))
    lines = tuple((row.firm.name, row.firm.centre.name, row.starts_on, row.ends_on) for row in rows)
    return Figures(_("Where the lawyer practised"), header, lines, note="" if lines else _("None is entered."))


def _years(scores: Iterable[CaseScore]) -> Figures:
    """Means of five cases and more, with how many came to each grade."""
    found: dict[int, list[CaseScore]] = defaultdict(list)
    for row in scores:
        if row.grade in SETTLED_GRADES:
            found[row.closed_on.year].append(row)
    header = (pgettext("lawyer's file", "Year"), _("Graded cases"), _("Mean"), *(str(g.label) for g in SETTLED_GRADES))
    rows = tuple(_year(year, found[year]) for year in sorted(found))
    note = _("A mean of fewer than five cases is not given.") if rows else _("No case has a grade yet.")
    return Figures(_("Year by year"), header, rows, note=note, barred=len(rows), finding=_("Graded cases"))


def _year(year: int, rows: list[CaseScore]) -> Line:
    figures = [row.score for row in rows if row.score is not None]
    middle = half_up(mean(figures)) if len(figures) >= ENOUGH else None
    grades = [row.grade for row in rows]
    return (str(year), len(rows), middle, *(grades.count(grade) for grade in SETTLED_GRADES))


def _graded(scores: Iterable[CaseScore]) -> Figures:
    header = (
        _("Case number"),
        _("Class"),
        pgettext("lawyer's", "Firm"),
        _("Closed"),
        _("Case score"),
        _("Grade"),
        _("Version of the marks"),
        _("Version of the scheme"),
    )
    rows: tuple[Line, ...] = tuple(
        (
            row.case.number,
            str(row.get_case_type_display()),
            row.firm.name,
            row.closed_on,
            None if row.score is None else half_up(row.score),
            str(row.get_grade_display()),
            row.review_version,
            row.scheme.version,
        )
        for row in scores
    )
    return Figures(_("Case grades"), header, rows, note="" if rows else _("No case has a grade yet."), joined=3)


def _coverage(reading: Reading) -> Figures:
    """To the lawyer without who answered: one answer in a year would be a client's."""
    cases = (
        Case.objects.filter(lawyer=reading.lawyer) if reading.own else _cases_overseen(reading.reader, reading.lawyer)
    )
    answered = () if reading.own else (_("Followed up"),)
    header = (
        pgettext("lawyer's file", "Year"),
        pgettext("figures", "Cases"),
        *answered,
        _("File read"),
        _("Organ heard"),
        _("Hearing observed"),
    )
    rows = tuple(
        (
            line.unit,
            line.cases,
            *(() if reading.own else (line.followed_up,)),
            line.inspected,
            line.organ_heard,
            line.observed,
        )
        for line in years_looked_at(cases)
    )
    return Figures(_("What the cases closed were looked at by"), header, rows)


def _proposals(reading: Reading) -> Figures:
    """The lawyer reads of those about which they were heard, or that were carried out."""
    if reading.own:
        rows = Proposal.objects.filter(lawyer=reading.lawyer, statement__isnull=False)
    else:
        rows = Proposal.objects.visible_to(reading.reader).filter(lawyer=reading.lawyer)
    found = rows.exclude(state=ProposalState.OVERTAKEN).select_related("case", "centre__settings", "decision")
    statements = {each.proposal_id: each for each in Statement.objects.filter(proposal__in=rows)}
    header = (
        _("Case number"),
        _("Rule"),
        pgettext("proposals", "Proposed"),
        _("Lawyer told"),
        _("Statement given"),
        pgettext("proposals", "Decided"),
        pgettext("proposals", "Outcome"),
    )
    lines = tuple(_proposal(row, statements.get(row.pk)) for row in found.order_by("proposed_at", "pk"))
    note = "" if lines else _("Nothing was proposed.")
    return Figures(_("Proposals, statements and decisions"), header, lines, note=note, joined=2)


def _occasion(row: Proposal) -> str:
    """The number of its case, or the period that it is about."""
    return row.case.number if row.case else period_in_words(row.period) if row.period else ""


def _proposal(row: Proposal, statement: Statement | None) -> Line:
    decision = getattr(row, "decision", None)

    def day(moment: datetime | None) -> date | None:
        return today_at(row.centre, moment) if moment else None

    given = (statement.received_on or day(statement.submitted_at)) if statement else None
    return (
        _occasion(row),
        f"{row.code} {RuleCode(row.code).label}",
        day(row.proposed_at),
        day(statement.notified_at) if statement else None,
        given,
        day(decision.decided_at) if decision else None,
        str(decision.get_outcome_display()) if decision else str(row.get_state_display()),
    )


def _noticed(reading: Reading, *, now: datetime) -> tuple[Figures, Figures]:
    """Notices, and the appeals against them; rectifications leave the lawyer's own view after 24 months."""
    if reading.own:
        notices = notices_of(reading.lawyer.pk, now=now)
    else:
        notices = Notice.objects.visible_to(reading.reader).filter(lawyer=reading.lawyer, issued_at__isnull=False)
    found = list(notices.select_related("proposal__case", "issuer__settings").order_by("issued_at", "pk"))
    header = (
        pgettext("notices", "Number"),
        pgettext("notices", "Kind"),
        _("Case number"),
        _("Issued"),
        pgettext("notices", "Delivered"),
        pgettext("notices", "Acknowledged"),
        _("State"),
        _("Withdrawn"),
    )
    lines = tuple(_notice(row) for row in found)
    told_of = Figures(_("Notices"), header, lines, note="" if lines else _("No notice was issued."), joined=3)
    appeals = Appeal.objects.filter(notice__in=[row.pk for row in found]).select_related("notice__issuer__settings")
    against = tuple(_appeal(row) for row in appeals.order_by("lodged_at", "pk"))
    titles = (
        pgettext("appeals", "Against notice"),
        pgettext("appeals", "Received"),
        _("State"),
        pgettext("appeals", "Decided"),
    )
    note = "" if against else _("No appeal was lodged.")
    return told_of, Figures(_("Appeals"), titles, against, note=note)


def _notice(row: Notice) -> Line:
    def day(moment: datetime | None) -> date | None:
        return today_at(row.issuer, moment) if moment else None

    return (
        row.label,
        str(row.get_kind_display()),
        _occasion(row.proposal),
        day(row.issued_at),
        row.delivered_on,
        day(row.acknowledged_at),
        str(row.get_state_display()),
        day(row.withdrawn_at),
    )


def _appeal(row: Appeal) -> Line:
    issuer = row.notice.issuer
    decided = today_at(issuer, row.decided_at) if row.decided_at else None
    received = row.received_on or today_at(issuer, row.lodged_at)
    return (row.notice.label, received, str(row.get_state_display()), decided)


def _tasks(reading: Reading) -> Figures:
    rows = CorrectiveTask.objects.filter(lawyer=reading.lawyer)
    if not reading.own:
        rows = rows.filter(proposal__in=Proposal.objects.visible_to(reading.reader))
    found = rows.select_related("proposal__case", "proposal__centre__settings").order_by("due_on", "pk")
    header = (_("Case number"), pgettext("corrective tasks", "Kind"), _("Due"), _("State"), _("Done on"))
    lines: tuple[Line, ...] = tuple(
        (
            _occasion(row.proposal),
            str(row.kind.label),
            row.due_on,
            str(row.get_state_display()),
            today_at(row.proposal.centre, row.done_at) if row.done_at else None,
        )
        for row in found
    )
    return Figures(_("Corrective tasks"), header, lines, note="" if lines else _("No task was given."))


def _measures(reading: Reading) -> tuple[Figures, ...]:
    """The register of limits is for those who assign."""
    if reading.own:
        return ()
    rows = AssignmentMeasure.objects.visible_to(reading.reader).filter(lawyer=reading.lawyer)
    header = (pgettext("measures", "Kind"), _("From"), _("Until"), _("Ended early on"))
    lines: tuple[Line, ...] = tuple(
        (str(row.get_kind_display()), row.starts_on, row.ends_on, row.ended_on)
        for row in rows.order_by("starts_on", "pk")
    )
    return (
        Figures(_("Limits and priority in assignments"), header, lines, note="" if lines else _("There was none.")),
    )


def _voice(reading: Reading) -> Figures:
    """Batches of five people and more, told as the step in which their mean lies, in the order of their release."""
    rows = ClientVoiceBatch.objects.visible_to(reading.reader).filter(lawyer=reading.lawyer)
    found = rows.select_related("firm__centre__settings").order_by("released_at", "pk")
    header = (pgettext("voice", "Released on"), _("Answers"), _("Mean at least"), _("Mean below or at"))
    lines: tuple[Line, ...] = tuple(_batch(row) for row in found)
    note = (
        _("Client answers are told in batches of five people and more, late, and as a step of the scale: never one's.")
        if lines
        else _("No batch of five people has been released.")
    )
    return Figures(_("What clients said"), header, lines, note=note)


def _batch(row: ClientVoiceBatch) -> Line:
    step = told(Decimal(row.mean))
    return (today_at(row.firm.centre, row.released_at), row.n, step.low, step.high)


def _notes(reading: Reading) -> tuple[str, ...]:
    whose = (
        _("The lawyer's own: of marks released to them and of steps about which they were told.")
        if reading.own
        else _("Of cases that the reader oversees; what happened elsewhere stands in the file that is read there.")
    )
    return (whose, _("No client stands in it, nor what one of them said."))
