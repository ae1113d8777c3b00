"""The lists of bound files: the desk's queues, a lawyer's own, and one line of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case as Choice
from django.db.models import F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import firms_of, lawyer_reads_here, own_work, within
from qa_service.cases.models import Case
from qa_service.common.days import time_left
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.enums import (
    DESK,
    FileState,
    PleaState,
    Queue,
)
from reviews.models import (
    FileAcceptance,
    LatenessPlea,
)
from reviews.queries.lateness import days_late, last_day_to_hand_in

COUNTS = "file_acceptance__counts_on"
STATE = "file_acceptance__state"


def files_at_desk(user: User) -> QuerySet[Case]:
    """Closed cases whose files this person may receive and check: their subtree's, never their own or their firm's."""
    seen = Case.objects.filter(within(user, "centre__path", *DESK))
    return _with_state(seen.exclude(own_work(user, lawyer="lawyer", firm="firm")))


def files_of_handlers(user: User) -> QuerySet[Case]:
    """A lawyer's own closed cases, a head's the firm's."""
    own = Q(firm_id__in=firms_of(user))
    if user.lawyer_id and user.has_role(Role.LAWYER):
        own |= Q(lawyer_id=user.lawyer_id)
    return _with_state(Case.objects.filter(own))


def files_seen_by(user: User) -> QuerySet[Case]:
    """Both: what the desk receives, and what a lawyer or a firm handed in."""
    at_desk = Q(pk__in=files_at_desk(user).values("pk"))
    return _with_state(Case.objects.filter(at_desk | Q(pk__in=files_of_handlers(user).values("pk"))))


def files_searched(cases: QuerySet[Case], asked: str) -> QuerySet[Case]:
    """Those whose number or lawyer is like what was typed; all where nothing was."""
    return cases.filter(Q(number__icontains=asked) | Q(lawyer__name__icontains=asked)) if asked else cases


def unfinished_first(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What a lawyer must see to first: sent back, not handed in, being checked; the accepted last, newest first."""
    order = Choice(
        When(**{STATE: FileState.RETURNED}, then=0),
        When(**{COUNTS: None}, filed_on=None, then=1),
        When(**{STATE: FileState.ACCEPTED}, then=3),
        default=2,
    )
    newest = F("file_acceptance__accepted_on").desc(nulls_last=True)
    return cases.filter(expected()).order_by(order, newest, "closed_on", "pk")


def _with_state(cases: QuerySet[Case]) -> QuerySet[Case]:
    cases = cases.select_related("centre__settings", "lawyer", "firm", "file_acceptance").defer("client")
    return cases.annotate(lawyer_reads_here=lawyer_reads_here("lawyer"))


def expected() -> Q:
    """Cases whose files are accepted here: closed since the centre began with that, or acted on already."""
    begun = Coalesce("centre__settings__acceptance_from", "centre__settings__go_live_on")
    return Q(closed_on__gte=begun) | Q(file_acceptance__isnull=False)


def queue(cases: QuerySet[Case], wanted: Queue, *, now: datetime) -> QuerySet[Case]:
    """Those of the cases whose files stand in one of the desk's lists, what waits longest first."""
    came_on = Coalesce("file_acceptance__handed_in_on", "filed_on")
    awaited = Q(**{COUNTS: None}, filed_on=None)
    found = cases.filter(expected())
    match wanted:
        case Queue.TO_CHECK:
            here = Q(**{STATE: FileState.TO_CHECK}) | Q(**{COUNTS: None}, filed_on__isnull=False)
            return found.filter(here).order_by(came_on, "pk")
        case Queue.RETURNED:
            return found.filter(**{STATE: FileState.RETURNED}).order_by("file_acceptance__correct_by", "pk")
        case Queue.OVERDUE:
            over = on_the_day_there(now, "centre", lambda day: _overdue(day, awaited))
            return found.filter(over).order_by("closed_on", "pk")
        case Queue.AWAITED:
            return found.filter(awaited).order_by("closed_on", "pk")
        case Queue.ACCEPTED:
            return found.filter(**{STATE: FileState.ACCEPTED}).order_by("-file_acceptance__accepted_on", "-pk")


def outstanding(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those whose files are still to come, or to come back."""
    return cases.filter(expected(), Q(**{COUNTS: None}, filed_on=None) | Q(**{STATE: FileState.RETURNED}))


def _overdue(today: date, awaited: Q) -> Q:
    """Each centre's limit is its own; there are few different ones."""
    over = Q(file_acceptance__correct_by__lt=today)
    for limit in CentreSettings.objects.order_by().values_list("filing_limit_days", flat=True).distinct():
        last = today - timedelta(days=limit)
        served = Q(judgment_received_on=None) | Q(judgment_received_on__lt=last)
        over |= awaited & Q(centre__settings__filing_limit_days=limit, closed_on__lt=last) & served
    return over


def open_pleas(user: User) -> QuerySet[LatenessPlea]:
    """Reasons for lateness that wait for this manager's decision."""
    rows = LatenessPlea.objects.visible_to(user).filter(state=PleaState.OPEN).exclude(stated_by=user)
    return rows.select_related("case__centre__settings").order_by("stated_at", "pk")


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file in a list. `due_on`: by when it is to come, or to come back; `over`: days beyond that, or beyond the
    limit when it came."""

    case: Case
    row: FileAcceptance | None
    state: FileState
    handed_in_on: date | None
    due_on: date | None
    over: int
    today: date
    # The lawyer has an account: what they are told here reaches them.
    told_here: bool

    @property
    def tell_otherwise(self) -> bool:
        """Something runs against the lawyer, or will, and only a telephone or a paper reaches them."""
        return not self.told_here and self.state != FileState.ACCEPTED

    @property
    def by_register(self) -> bool:
        """It came in by what the case system says, and nobody entered it here."""
        return self.state == FileState.TO_CHECK and (self.row is None or self.row.counts_on is None)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def left(self) -> str:
        """How long the file may still take to come, or to come back; empty where nothing runs."""
        return time_left(self.due_on, today=self.today) if self.due_on else ""

    @property
    def overdue(self) -> bool:
        return self.due_on is not None and self.due_on < self.today


def file_line(case: Case, *, now: datetime) -> FileLine:
    """Fetch the case through `files_at_desk` or `files_of_handlers`: nothing is asked of the database here."""
    row: FileAcceptance | None = getattr(case, "file_acceptance", None)
    today = today_at(case.centre, now)
    here = row is not None and row.counts_on is not None
    state = FileState(row.state) if row is not None and here else _by_register(case)
    due = {FileState.AWAITED: last_day_to_hand_in(case), FileState.RETURNED: row.correct_by if row else None}.get(state)
    over = max(0, (today - due).days) if due else days_late(case, now=now)
    came = row.handed_in_on if row and here else case.filed_on
    reads: bool = getattr(case, "lawyer_reads_here")  # noqa: B009 - annotated, which no type knows
    return FileLine(case, row, state, came, due, over, today, reads)


def _by_register(case: Case) -> FileState:
    return FileState.AWAITED if case.filed_on is None else FileState.TO_CHECK
