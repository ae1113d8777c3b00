"""The days by which something must be done, as columns; and what fills them in once a missing calendar has come."""

from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import calendar
from surveys import complaints
from surveys import recovery as rules
from surveys.enums import AlertKind, AlertState, Clock, ComplaintState
from surveys.models import Alert, Complaint, ComplaintRules
from surveys.queries.batches import in_batches
from surveys.queries.clocks import days_of

COLUMNS = {Clock.ACKNOWLEDGE: "acknowledge_by", Clock.CONTACT: "contact_by", Clock.SETTLE: "settle_by"}
CLOCKS = {
    AlertKind.RECOVERY: (Clock.ACKNOWLEDGE, Clock.CONTACT, Clock.SETTLE),
    AlertKind.DANGER: (Clock.ACKNOWLEDGE, Clock.CONTACT),
}


def clock_of(kind: AlertKind, *, case: Case, now: datetime) -> dict[str, date | None]:
    """An unhappy client's matter has three clocks, danger two; others are to be taken on. The day is the centre's own.

    The answer is worth more than its clock: a day that runs into a year without its calendar is left open.
    """
    settings = case.centre.settings
    days = rules.hastened(days_of(settings)) if kind is AlertKind.DANGER else days_of(settings)
    due = rules.due_days(timezone.localdate(now, ZoneInfo(settings.time_zone)), days, calendar())
    return {COLUMNS[clock]: due[clock] for clock in CLOCKS.get(kind, (Clock.ACKNOWLEDGE,))}


def complaint_due(complaint: Complaint, known: complaints.Rules) -> date | None:
    """The day of the clock that runs now."""
    clock = complaints.running(ComplaintState(complaint.state))
    return complaints.due(complaint.dates, known, calendar())[clock] if clock else None


def fill_clocks() -> int:
    """Give their days to matters raised while the calendar of a year was missing; how many got one."""
    return sum(_fill_alert(row) for row in in_batches(_alerts_without())) + sum(
        _fill_complaint(row) for row in in_batches(_complaints_without())
    )


def _alerts_without() -> QuerySet[Alert]:
    unknown = Q()
    for kind in AlertKind:
        for clock in CLOCKS.get(kind, (Clock.ACKNOWLEDGE,)):
            unknown |= Q(kind=kind, **{COLUMNS[clock]: None})
    return Alert.objects.filter(unknown).exclude(state=AlertState.CLOSED).select_related("case__centre__settings")


def _fill_alert(row: Alert) -> int:
    """Days once given stay: a change of the centre's settings is for matters still to come."""
    found = clock_of(AlertKind(row.kind), case=row.case, now=row.raised_at)
    missing = {column: day for column, day in found.items() if day is not None and getattr(row, column) is None}
    return Alert.objects.filter(pk=row.pk).update(**missing) if missing else 0


def _complaints_without() -> QuerySet[Complaint]:
    running = [state for state in ComplaintState if complaints.running(state)]
    return Complaint.objects.filter(due_on=None, state__in=running)


def _fill_complaint(row: Complaint) -> int:
    day = complaint_due(row, rules_of(row.bureau_id).rules)
    return Complaint.objects.filter(pk=row.pk, state=row.state, due_on=None).update(due_on=day) if day else 0


def rules_of(bureau_id: int, *, lock: bool = False) -> ComplaintRules:
    """The bureau's own, or the defaults, written down when first needed."""
    ComplaintRules.objects.get_or_create(bureau_id=bureau_id)
    rows = ComplaintRules.objects.select_for_update() if lock else ComplaintRules.objects
    return rows.get(bureau_id=bureau_id)


@transaction.atomic
def set_recovery_days(*, user: User, centre: Organisation, days: rules.Days, now: datetime) -> None:
    """For matters raised from now on; days already given stay."""
    changed = {f"recovery_{name}_days": value for name, value in asdict(days).items()}
    CentreSettings.objects.filter(centre=centre).update(**changed)
    record(actor=user.actor, action="surveys.recovery_days_set", subject=centre, details=changed, at=now)


@transaction.atomic
def set_complaint_rules(
    *, user: User, bureau: Organisation, known: complaints.Rules, prefix: str, legal_basis: str, now: datetime
) -> None:
    """For steps taken from now on, with the rule they rest on."""
    row = rules_of(bureau.pk, lock=True)
    changed = {**asdict(known), "number_prefix": prefix, "legal_basis": legal_basis}
    ComplaintRules.objects.filter(pk=row.pk).update(**changed)
    record(actor=user.actor, action="surveys.complaint_rules_set", subject=bureau, details=changed, at=now)
