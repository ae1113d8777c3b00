"""Letting the clients of late cases be asked: a person's decision, never the import's."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.cases.models import Case


@transaction.atomic
def release_surveys(*, cases: Iterable[Case], actor: Actor, now: datetime) -> int:
    """Release the clients of these cases to be asked; returns how many were not released before."""
    wanted = [case.pk for case in cases]
    keys = list(
        Case.objects.locked()
        .filter(pk__in=wanted, survey_released_at=None, centre__settings__go_live_on__isnull=False)
        .order_by("pk")  # as an import holds them: neither waits for the other for ever
        .values_list("pk", flat=True)
    )
    Case.objects.filter(pk__in=keys).update(survey_released_at=now, updated_at=now)
    record_many(actor=actor, acts=[Act("cases.survey_released", Case._meta.label, str(pk)) for pk in keys], at=now)
    return len(keys)
