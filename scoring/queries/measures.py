"""The register of limits on assignments, for people and for the case system."""

from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from qa_service.accounts.models import User
from qa_service.organisations.queries import on_the_day_there
from scoring.models import AssignmentMeasure


def measures_seen_by(user: User) -> QuerySet[AssignmentMeasure]:
    """The last to end first."""
    rows = AssignmentMeasure.objects.visible_to(user)
    return rows.select_related("lawyer", "proposal__firm", "centre__settings", "ended_by").order_by("-ends_on", "-pk")


def measures_on(user: User, day: date) -> QuerySet[AssignmentMeasure]:
    """What whoever assigns on that day has to know."""
    return measures_seen_by(user).filter(pk__in=AssignmentMeasure.objects.in_force(day).values("pk"))


def measures_today(user: User, *, now: datetime) -> QuerySet[AssignmentMeasure]:
    """In force on the day of their centre."""
    open_still = Q(ended_on=None) | Q(ended_on__gt=F("starts_on"))
    begun = on_the_day_there(now, "centre", lambda day: Q(starts_on__lte=day, ends_on__gte=day))
    return measures_seen_by(user).filter(open_still & begun, ended_on=None)
