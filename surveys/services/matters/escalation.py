"""Telling those above that a day was missed: the manager first, then the bureau; each of each step once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.common.workdays import Calendar
from qa_service.notifications.services import notify
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import calendar, on_the_day_there, today_at
from surveys import complaints
from surveys import recovery as rules
from surveys.enums import AlertState, Clock, ComplaintState, Level, Sweep
from surveys.models import Alert, Complaint, Escalation, Recovery
from surveys.queries.alerts import who_may_see
from surveys.queries.batches import in_batches
from surveys.queries.clocks import days_of
from surveys.queries.complaints import past_due
from surveys.queries.set_aside import is_set_aside
from surveys.services.contact.setting_aside import alone

ROLES = {Level.MANAGER: Role.MANAGER, Level.BUREAU: Role.SUPERVISOR}
WORDS = ("complainant_name", "contact", "facts", "request", "reply")
LATE_MATTER = gettext_noop("Case %(case)s: a matter its client raised is late. It was due on %(day)s.")
# What was written before still reads so.
LATE_MATTER_BEFORE = gettext_noop("A matter a client raised is late: it was due on %(day)s.")
LATE_COMPLAINT = gettext_noop("Complaint %(label)s is late: it was due on %(day)s.")
# To the manager who may see it, where the bureau should have heard.
NOBODY_ABOVE = gettext_noop(
    "Case %(case)s: a matter its client raised is late, and nobody at the bureau may see it. It was due on %(day)s."
)
# To operators, who see no matter: what they can do is to name somebody.
NOBODY_THERE = gettext_noop(
    "%(place)s: something is late, and nobody above may see it. Give the role of a bureau supervisor to somebody who "
    "has nothing to do with the case."
)


@dataclass(frozen=True, slots=True)
class Escalated:
    """How many missed days were told to whom, by one sweep. `to_nobody`: nobody there may see it."""

    to_manager: int = 0
    to_bureau: int = 0
    to_nobody: int = 0


def escalate(*, now: datetime) -> Escalated:
    """Tell of every missed day not told of yet. Run twice at once, each is told of once."""
    known = calendar()
    told: list[Escalation] = []
    for alert in _late_alerts(now):
        look, centre = partial(_of_alert, alert, known, now=now), alert.case.centre_id
        told += alone(look, sweep=Sweep.LATE_MATTER, row=alert.pk, centre_id=centre, now=now) or []
    for complaint in _late_complaints(now):
        view, centre = partial(_of_complaint, complaint, now=now), complaint.centre_id
        told += alone(view, sweep=Sweep.LATE_COMPLAINT, row=complaint.pk, centre_id=centre, now=now) or []
    heard = [row.level for row in told if not row.to_nobody]
    return Escalated(
        to_manager=heard.count(Level.MANAGER),
        to_bureau=heard.count(Level.BUREAU),
        to_nobody=len(told) - len(heard),
    )


def _late_alerts(now: datetime) -> Iterator[Alert]:
    """Open ones with a day in the past; what has been told of them already comes along."""
    missed = on_the_day_there(
        now, "case__centre", lambda day: Q(acknowledge_by__lt=day) | Q(contact_by__lt=day) | Q(settle_by__lt=day)
    )
    rows = Alert.objects.filter(missed, ~is_set_aside(Sweep.LATE_MATTER, now=now)).exclude(state=AlertState.CLOSED)
    return in_batches(
        rows.select_related("case__centre__settings", "recovery__asked_again").prefetch_related("escalations")
    )


def _of_alert(alert: Alert, known: Calendar, *, now: datetime) -> list[Escalation]:
    centre = alert.case.centre
    today = today_at(centre, now)
    clocks, due = _clocks_of(alert)
    bureau_after = days_of(centre.settings).bureau_after
    found = rules.late(due, clocks, today=today, bureau_after=bureau_after, calendar=known)
    told = {(each.clock, each.level) for each in alert.escalations.all()}
    new = [each for each in found if each not in told]
    rows = (_tell_of_alert(alert, clock, level, due[clock], now=now) for clock, level in new)
    return [row for row in rows if row is not None]


def _clocks_of(alert: Alert) -> tuple[frozenset[Clock], dict[Clock, date | None]]:
    try:
        recovery = alert.recovery
    except Recovery.DoesNotExist:
        running = frozenset(Clock(name) for name in alert.running_clocks)
        return running, {Clock.ACKNOWLEDGE: alert.acknowledge_by, Clock.CONTACT: alert.contact_by}
    recovery.alert = alert
    return rules.running(recovery.standing), recovery.due


@transaction.atomic
def _tell_of_alert(alert: Alert, clock: Clock, level: Level, day: date | None, *, now: datetime) -> Escalation | None:
    """A sealed matter is told in the same words as any other, and only to those who may open it.

    None: another sweep was faster.
    """
    row, created = Escalation.objects.get_or_create(alert=alert, clock=clock, level=level, defaults={"at": now})
    if not created:
        return None
    text, seeing = LATE_MATTER, who_may_see(alert, ROLES[level])
    if not seeing and level is Level.MANAGER:
        # Nobody at the centre may see it: the bureau hears at once.
        seeing = who_may_see(alert, Role.SUPERVISOR)
    if not seeing:
        _tell_nobody(row, place=alert.case.centre, now=now)
        text, seeing = NOBODY_ABOVE, who_may_see(alert, Role.MANAGER)
    params = {"case": alert.case.number, "day": f"{day}"}
    notify(users=seeing, text=text, params=params, url=f"/surveys/alerts/{alert.public_id}/", now=now)
    return row


def _tell_nobody(row: Escalation, *, place: Organisation, now: datetime) -> None:
    """Written as it was; whoever gives out roles hears that one is missing, and nothing of the matter."""
    row.to_nobody = True
    row.save(update_fields=["to_nobody"])
    notify(users=people_with(Role.OPERATOR, place), text=NOBODY_THERE, params={"place": place.name}, now=now)


def _late_complaints(now: datetime) -> Iterator[Complaint]:
    # Its words are not asked for: they may be damaged.
    late = Complaint.objects.open().filter(past_due(now), ~is_set_aside(Sweep.LATE_COMPLAINT, now=now))
    rows = late.defer(*WORDS)
    return in_batches(rows.select_related("bureau", "centre").prefetch_related("escalations"))


def _of_complaint(complaint: Complaint, *, now: datetime) -> list[Escalation]:
    """The register is the bureau's: it hears at once, and the manager whom it asked to look into it."""
    clock = complaints.running(ComplaintState(complaint.state))
    levels = (Level.MANAGER, Level.BUREAU) if complaint.with_centre else (Level.BUREAU,)
    told = {(each.clock, each.level) for each in complaint.escalations.all()}
    if clock is None:
        return []
    new = [level for level in levels if (clock, level) not in told]
    rows = (_tell_of_complaint(complaint, clock, level, now=now) for level in new)
    return [row for row in rows if row is not None]


@transaction.atomic
def _tell_of_complaint(complaint: Complaint, clock: Clock, level: Level, *, now: datetime) -> Escalation | None:
    row, created = Escalation.objects.get_or_create(complaint=complaint, clock=clock, level=level, defaults={"at": now})
    if not created:
        return None
    place = complaint.centre if level is Level.MANAGER else complaint.bureau
    mine = Complaint.objects.filter(pk=complaint.pk)
    seeing = [user for user in people_with(ROLES[level], place) if mine.visible_to(user).exists()]
    if not seeing:
        _tell_nobody(row, place=place, now=now)
    notify(
        users=seeing,
        text=LATE_COMPLAINT,
        params={"label": complaint.label, "day": f"{complaint.due_on}"},
        url=f"/surveys/complaints/{complaint.public_id}/",
        now=now,
    )
    return row
