"""Being done with a released case: everybody who is to be asked about it has been.

Whoever asks marks it, so that no sweep looks at all cases there ever were. A mark that is missing costs a look; a mark
too many would leave a client unasked. So whatever may leave somebody to be asked locks the row of the case, at any time
in its transaction, and takes the mark away; and whoever marks locks it first and looks only then.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from qa_service.cases.models import Case


def settle_surveys(*, cases: QuerySet[Case], limit: int, now: datetime) -> int:
    """Mark at most so many of these released cases, those that closed first before others; returns how many.

    `cases` says by its conditions that nobody is left to ask, and is asked twice. The second time is a statement of
    its own, under the locks: so it sees what was written while the first one ran. What somebody else holds is left for
    another time.
    """
    found = list(cases.order_by("closed_on", "pk").values_list("pk", flat=True)[:limit])
    if not found:
        return 0
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by()
        held = list(rows.filter(pk__in=found, survey_settled_at=None).values_list("pk", flat=True))
        still = list(cases.order_by().filter(pk__in=held).values_list("pk", flat=True))
        return Case.objects.filter(pk__in=still).update(survey_settled_at=now)


def unsettle_surveys(*, cases: QuerySet[Case]) -> None:
    """Have whoever asks look at these once more. Called inside a transaction, which holds them until it ends."""
    rows = Case.with_open.select_for_update(of=("self",), no_key=True).order_by("pk")
    held = list(rows.filter(pk__in=cases.values("pk")).values_list("pk", flat=True))
    Case.with_open.filter(pk__in=held, survey_settled_at__isnull=False).update(survey_settled_at=None)


def organ_asked(*, cases: Iterable[int], now: datetime) -> None:
    """Their organ has been asked, once and for all. Called in the transaction that asks it."""
    held = list(Case.objects.locked().filter(pk__in=list(cases)).order_by("pk").values_list("pk", flat=True))
    Case.objects.filter(pk__in=held, organ_asked_at=None).update(organ_asked_at=now)
