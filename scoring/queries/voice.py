"""What lawyers and firms may hear of their clients: released batches, each told as a step of the scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qa_service.organisations.queries import today_at
from scoring.calculation import Told, told, told_together
from scoring.models import ClientVoiceBatch


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One batch of `n` answers, and the step in which their mean lies."""

    number: int
    released_on: date
    n: int
    mean: Told


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """All released batches of a lawyer or a firm, and between what the mean over them lies; None before the first."""

    batches: tuple[BatchShown, ...]
    n: int
    mean: Told | None


def voice_of_lawyer(lawyer_id: int) -> VoiceShown:
    return _voice(ClientVoiceBatch.objects.filter(lawyer=lawyer_id))


def voice_of_firm(firm_ids: Iterable[int]) -> VoiceShown:
    """Batches of the firm's lawyers and of the firm as a whole, without saying whose each is."""
    return _voice(ClientVoiceBatch.objects.filter(firm__in=list(firm_ids)))


def _voice(rows: QuerySet[ClientVoiceBatch]) -> VoiceShown:
    found = sorted(rows.select_related("firm__centre__settings"), key=lambda batch: (batch.released_at, batch.pk))
    batches = tuple(_batch(place, batch) for place, batch in enumerate(found, 1))
    mean = told_together([(batch.n, batch.mean) for batch in batches]) if batches else None
    return VoiceShown(batches=batches, n=sum(batch.n for batch in batches), mean=mean)


def _batch(place: int, batch: ClientVoiceBatch) -> BatchShown:
    released_on = today_at(batch.firm.centre, batch.released_at)
    return BatchShown(number=place, released_on=released_on, n=batch.n, mean=told(batch.mean))
