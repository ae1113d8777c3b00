"""Reminding those who decide of an objection whose day is near or past: the lawyer waits for it (`domain` 4.9)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.notifications.services import notify
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import ObjectionState
from reviews.models import Objection

SOON: Final = timedelta(days=5)
AGAIN: Final = timedelta(days=7)
A_SWEEP: Final = 200


def remind_of_objections(*, now: datetime) -> int:
    """Once when five days are left, and each week after the last; returns how many. Safe to run twice at once."""
    soon = on_the_day_there(now, "case__centre", lambda day: Q(decide_by__gte=day, decide_by__lte=day + SOON))
    past = on_the_day_there(now, "case__centre", lambda day: Q(decide_by__lt=day))
    quiet = Q(nudged_at=None) | Q(nudged_at__lte=now - AGAIN)
    near = gettext_noop("The objection to the review of %(case)s is to be decided by %(day)s.")
    late = gettext_noop("The objection to the review of %(case)s was to be decided by %(day)s and still waits.")
    return _remind(soon & Q(reminded_at=None), "reminded_at", near, now=now) + _remind(
        past & quiet, "nudged_at", late, now=now
    )


@transaction.atomic
def _remind(which: Q, stamp: str, text: str, *, now: datetime) -> int:
    found = Objection.objects.filter(which, state=ObjectionState.LODGED).select_related("case__centre")
    rows = list(found.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:A_SWEEP])
    Objection.objects.filter(pk__in=[row.pk for row in rows]).update(**{stamp: now})
    for row in rows:
        notify(
            users=people_with(Role.MANAGER, row.case.centre),
            text=text,
            params={"case": row.case.number, "day": str(row.decide_by)},
            url=f"/reviews/objections/{row.public_id}",
            now=now,
        )
    return len(rows)
