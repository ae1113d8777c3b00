"""What weighing asks of file review, without either room writing into the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from qa_service.cases.models import ReaderRequest


@dataclass(frozen=True, slots=True)
class ReadersWanted:
    """How many readers in all the grade takes, and whether it is a fail that waits for them."""

    readers: int
    for_fail: bool


@transaction.atomic
def ask_for_readers(
    wanted: Mapping[int, ReadersWanted | None], *, actor: Actor, now: datetime
) -> dict[int, ReadersWanted]:
    """Keep what is asked of each of these cases, None where nothing is (any more); returns what is newly asked.

    Four statements, whatever their number.
    """
    rows = ReaderRequest.objects.filter(case__in=list(wanted))
    held = {row.case_id: ReadersWanted(row.readers, row.for_fail) for row in rows}
    fresh = {case_id: asked for case_id, asked in wanted.items() if asked is not None and asked != held.get(case_id)}
    over = [case_id for case_id in held if wanted[case_id] is None]
    if over:
        ReaderRequest.objects.filter(case__in=over).delete()
    ReaderRequest.objects.bulk_create(
        [
            ReaderRequest(case_id=case_id, readers=asked.readers, for_fail=asked.for_fail, asked_at=now)
            for case_id, asked in fresh.items()
        ],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["readers", "for_fail", "asked_at"],
    )
    name = ReaderRequest._meta.label
    acts = [
        Act("cases.reader_asked", name, str(case_id), {"readers": asked.readers}) for case_id, asked in fresh.items()
    ]
    acts += [Act("cases.reader_no_longer_asked", name, str(case_id), {}) for case_id in over]
    record_many(actor=actor, acts=acts, at=now)
    return fresh
