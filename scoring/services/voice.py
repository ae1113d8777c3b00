"""Letting lawyers and firms hear their clients, in batches from which no single answer can be told."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.organisations.models import Firm
from scoring.calculation import mean, stored, unlinked
from scoring.models import BatchedAnswer, CaseVoice, ClientVoiceBatch
from scoring.models.voice import SMALLEST_BATCH
from surveys.queries import clients_heard

# A lawyer's few answers wait so long for more before they go into a batch of the whole firm.
LAWYERS_WAIT = timedelta(days=365)
RELEASES = Actor.system("client_voice")


class Waiting(NamedTuple):
    voice_id: int
    case_id: int
    client_id: int
    score: Decimal


def release_client_voice(*, now: datetime) -> int:
    """Release a batch wherever five or more clients have newly answered; returns how many batches.

    A batch belongs to one lawyer in one firm, so that the firm's figures are sums of whole batches too: nothing that
    lawyer and firm put together tells less than five people apart. Answers of lawyers who do not come to five within
    a year go into a batch of their firm alone.
    """
    released = 0
    for lawyer_id, firm_id in _groups_of_lawyers():
        released += _release(lawyer_id=lawyer_id, firm_id=firm_id, now=now)
    for firm_id in _groups_of_firms(now - LAWYERS_WAIT):
        released += _release(lawyer_id=None, firm_id=firm_id, until=now - LAWYERS_WAIT, now=now)
    return released


@transaction.atomic
def _release(*, lawyer_id: int | None, firm_id: int, until: datetime | None = None, now: datetime) -> int:
    Firm.objects.select_for_update().get(pk=firm_id)  # one release at a time in a firm
    waiting = _unreleased().filter(firm=firm_id)
    if lawyer_id is not None:
        waiting = waiting.filter(lawyer=lawyer_id)
    if until is not None:
        waiting = waiting.filter(answered_at__lte=until)
    answers = [Waiting(*row) for row in waiting.order_by("pk").values_list("pk", "case_id", "case__client_id", "score")]
    clients = _people_apart(answers)
    if clients < SMALLEST_BATCH:
        return 0
    of_subject = ClientVoiceBatch.objects.filter(lawyer=lawyer_id, firm=firm_id)
    batch = ClientVoiceBatch.objects.create(
        lawyer_id=lawyer_id,
        firm_id=firm_id,
        number=(of_subject.aggregate(last=Max("number"))["last"] or 0) + 1,
        n=len(answers),
        clients=clients,
        mean=stored(mean([answer.score for answer in answers])),
        released_at=now,
    )
    BatchedAnswer.objects.bulk_create(
        BatchedAnswer(case_id=answer.case_id, voice_id=answer.voice_id, batch=batch) for answer in answers
    )
    record(actor=RELEASES, action="scoring.voice_released", subject=batch, details={"clients": batch.clients}, at=now)
    return 1


def _people_apart(answers: Sequence[Waiting]) -> int:
    """How many different people stand behind them at least: cases that share a client count as one."""
    heard = clients_heard(answer.case_id for answer in answers)
    return unlinked({answer.client_id} | heard.get(answer.case_id, frozenset()) for answer in answers)


def _unreleased() -> QuerySet[CaseVoice]:
    return CaseVoice.objects.current().exclude(Exists(BatchedAnswer.objects.filter(case=OuterRef("case"))))


def _groups_of_lawyers() -> Iterator[tuple[int, int]]:
    groups = _unreleased().values("lawyer", "firm").annotate(clients=Count("case__client", distinct=True))
    yield from groups.filter(clients__gte=SMALLEST_BATCH).order_by("firm", "lawyer").values_list("lawyer", "firm")


def _groups_of_firms(until: datetime) -> Iterator[int]:
    groups = _unreleased().filter(answered_at__lte=until).values("firm")
    groups = groups.annotate(clients=Count("case__client", distinct=True)).filter(clients__gte=SMALLEST_BATCH)
    yield from groups.order_by("firm").values_list("firm", flat=True)
