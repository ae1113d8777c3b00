"""Confirmed vetoes that also go to another organ: a bureau's supervisor hands them on (`domain` 4.5)."""

from django.db.models import QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from reviews.enums import AssignmentState, VetoState
from reviews.models import VetoMark
from reviews.models.reviews import being_read_by

CASE = "review__assignment__case"


def vetoes_transferable(user: User) -> QuerySet[VetoMark]:
    """Handed on or not, below the supervisor; never of their own work, nor of a file they are still reading."""
    seen = within(user, f"{CASE}__centre__path", Role.SUPERVISOR) & ~own_work(
        user, lawyer=f"{CASE}__lawyer", firm=f"{CASE}__firm"
    )
    rows = VetoMark.objects.filter(seen, state=VetoState.CONFIRMED, veto__transfer=True)
    rows = rows.exclude(being_read_by(user, case=CASE))
    return rows.select_related("veto", f"{CASE}__centre__settings", f"{CASE}__lawyer", f"{CASE}__firm")


def vetoes_to_transfer(user: User) -> QuerySet[VetoMark]:
    """Those nobody has handed on yet, the longest waiting first."""
    return (
        vetoes_transferable(user)
        .filter(transfers=None, review__assignment__state=AssignmentState.SUBMITTED)
        .order_by("decided_at", "pk")
    )
