"""What lawyers and firms may hear of their clients: released batches, and means over whole batches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from qa_service.common.rounding import half_up
from scoring.calculation import weighted_mean
from scoring.models import ClientVoiceBatch

# At the ends of the scale a mean would tell what every single client said; there it is told as "or more", "or less".
LOWEST_SHOWN, HIGHEST_SHOWN = 5, 95


@dataclass(frozen=True, slots=True)
class BatchShown:
    """`mean` is a whole number from 5 to 95; `at_end` where the true mean may lie beyond."""

    number: int
    released_on: date
    n: int
    mean: int
    at_end: str


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """All released batches of a lawyer or a firm, and the mean over them; None before the first."""

    batches: tuple[BatchShown, ...]
    n: int
    mean: int | None
    at_end: str


def voice_of_lawyer(lawyer_id: int) -> VoiceShown:
    return _voice(ClientVoiceBatch.objects.filter(lawyer=lawyer_id))


def voice_of_firm(firm_ids: Iterable[int]) -> VoiceShown:
    """Batches of the firm's lawyers and of the firm as a whole, without saying whose each is."""
    return _voice(ClientVoiceBatch.objects.filter(firm__in=list(firm_ids)))


def _voice(rows: Iterable[ClientVoiceBatch]) -> VoiceShown:
    found = sorted(rows, key=lambda batch: (batch.released_at, batch.pk))
    batches = tuple(_batch(place, batch) for place, batch in enumerate(found, 1))
    if not found:
        return VoiceShown(batches=(), n=0, mean=None, at_end="")
    # Of the means as they are shown: the exact ones would tell what lies beyond an end of the scale.
    mean, at_end = told_mean(weighted_mean([(batch.n, Decimal(batch.mean)) for batch in batches]))
    return VoiceShown(batches=batches, n=sum(batch.n for batch in found), mean=mean, at_end=at_end)


def _batch(place: int, batch: ClientVoiceBatch) -> BatchShown:
    mean, at_end = told_mean(batch.mean)
    return BatchShown(
        number=place, released_on=timezone.localdate(batch.released_at), n=batch.n, mean=mean, at_end=at_end
    )


def told_mean(mean: Decimal) -> tuple[int, str]:
    """A batch's mean as it is told, and at which end of the scale the true one may lie beyond it."""
    whole = int(half_up(mean, places=0))
    if whole >= HIGHEST_SHOWN:
        return HIGHEST_SHOWN, "more"
    if whole <= LOWEST_SHOWN:
        return LOWEST_SHOWN, "less"
    return whole, ""
