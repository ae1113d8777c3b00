"""The report of what was erased: counts by day, centre and rule, written with the erasing itself."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F

from qa_service.privacy.enums import Cause
from qa_service.privacy.models import Erased


def count_erased(*, day: date, rule: str, cause: Cause, by_centre: Mapping[int | None, int]) -> None:
    """Add to the counts of the day. Called in the transaction that erases."""
    for centre_id, number in by_centre.items():
        row = Erased.objects.filter(day=day, rule=rule, cause=cause, centre_id=centre_id)
        if not row.update(count=F("count") + number):
            Erased.objects.create(day=day, rule=rule, cause=cause, centre_id=centre_id, count=number)
