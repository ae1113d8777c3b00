"""Putting a lawyer's next files before the sample after a rectification."""

from datetime import datetime

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case
from qa_service.cases.services import clear_risk_flag, raise_risk_flag
from qa_service.organisations.queries import today_at
from scoring.models import NextFile, NextFiles, Notice

FOLLOWER = Actor.system("next-files")


def follow_next_files(notice: Notice, *, wanted: int, now: datetime) -> NextFiles:
    """The first files of the lawyer that close at the issuing centre after today. In the caller's transaction."""
    return NextFiles.objects.create(
        notice=notice,
        lawyer=notice.the_lawyer,
        centre_id=notice.issuer_id,
        wanted=wanted,
        after=today_at(notice.issuer, now),
    )


def flag_next_files(*, now: datetime) -> int:
    """Flag the files that closed since, the earliest first; returns how many. Safe to run twice at once."""
    return sum(_flag(pk, now=now) for pk in NextFiles.objects.filter(ended_at=None).values_list("pk", flat=True))


@transaction.atomic
def _flag(pk: int, *, now: datetime) -> int:
    row = NextFiles.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if row is None:
        return 0
    taken = set(row.files.values_list("case_id", flat=True))
    closed = Case.objects.filter(lawyer=row.lawyer_id, centre=row.centre_id, closed_on__gt=row.after)
    fresh = list(closed.exclude(pk__in=taken).order_by("closed_on", "pk")[: row.wanted - len(taken)])
    for case in fresh:
        NextFile.objects.create(of=row, case=case, flagged_at=now)
        raise_risk_flag(case_id=case.pk, kind=FlagKind.RECTIFICATION, actor=FOLLOWER, now=now)
        record(actor=FOLLOWER, action="scoring.next_file_flagged", subject=case, at=now)
    if len(taken) + len(fresh) == row.wanted:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return len(fresh)


def release_next_files(notice: Notice, *, now: datetime) -> None:
    """The notice was withdrawn: what was flagged for it alone is flagged no more. In the caller's transaction."""
    row = NextFiles.objects.select_for_update().filter(notice=notice).first()
    if row is None:
        return
    NextFiles.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)
    others = NextFile.objects.exclude(of=row).exclude(of__notice__withdrawn_at__isnull=False).values("case")
    for case_id in row.files.exclude(case__in=others).values_list("case_id", flat=True):
        clear_risk_flag(case_id=case_id, kind=FlagKind.RECTIFICATION, actor=FOLLOWER, now=now)
