"""Reminding those who have files of a calibration round left to mark: its panel waits for the last."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from qa_service.notifications.services import notify_each
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import CalibrationState, TrialState
from reviews.models import CalibrationRound, Trial
from reviews.services.calibration.opening import MINE

SOON: Final = timedelta(days=3)
AGAIN: Final = timedelta(days=7)


def remind_of_calibrations(*, now: datetime) -> int:
    """Once when three days are left, and each week after the last; returns how many were told. Safe to run twice at
    once.
    """
    soon = on_the_day_there(now, "centre", lambda day: Q(due_on__gte=day, due_on__lte=day + SOON))
    past = on_the_day_there(now, "centre", lambda day: Q(due_on__lt=day))
    quiet = Q(nudged_at=None) | Q(nudged_at__lte=now - AGAIN)
    near = gettext_noop("The marks of %(count)s files for calibration are due by %(day)s.")
    late = gettext_noop("The marks of %(count)s files for calibration were due by %(day)s.")
    return _remind(soon & Q(reminded_at=None), "reminded_at", near, now=now) + _remind(
        past & quiet, "nudged_at", late, now=now
    )


@transaction.atomic
def _remind(which: Q, stamp: str, text: str, *, now: datetime) -> int:
    found = CalibrationRound.objects.filter(which, state=CalibrationState.MARKING).order_by("pk")
    rounds = {row.pk: row for row in found.select_for_update(of=("self",), skip_locked=True)}
    CalibrationRound.objects.filter(pk__in=rounds).update(**{stamp: now})
    left = Trial.objects.filter(file__round__in=rounds, state=TrialState.OPEN)
    told: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for round_id, reader in left.values_list("file__round_id", "reviewer_id"):
        told[round_id][reader] += 1
    return sum(
        notify_each(params=_of_each(counts, rounds[round_id]), text=text, url=MINE, now=now)
        for round_id, counts in told.items()
    )


def _of_each(counts: dict[int, int], row: CalibrationRound) -> dict[int, dict[str, Any]]:
    return {reader: {"count": count, "day": row.due_on.isoformat()} for reader, count in counts.items()}
