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

    Four statements, whatever their number. What an appeal asked for stays, and is never made less.
    """
    rows = ReaderRequest.objects.filter(case__in=list(wanted))
    held = {row.case_id: ReadersWanted(row.readers, row.for_fail) for row in rows}
    appealed = {row.case_id: row.readers for row in rows if row.for_appeal}
    wanted = {
        case_id: held[case_id]
        if case_id in appealed and (asked is None or asked.readers <= appealed[case_id])
        else asked
        for case_id, asked in wanted.items()
    }
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


@transaction.atomic
def ask_for_marks(*, case_id: int, readers: int, actor: Actor, now: datetime) -> None:
    """An appeal holds because of the marks: a further reader is to read the file, whatever its grade is by now."""
    ReaderRequest.objects.update_or_create(
        case_id=case_id, defaults={"readers": readers, "for_fail": True, "for_appeal": True, "asked_at": now}
    )
    acts = [Act("cases.reader_asked", ReaderRequest._meta.label, str(case_id), {"readers": readers, "appeal": True})]
    record_many(actor=actor, acts=acts, at=now)
