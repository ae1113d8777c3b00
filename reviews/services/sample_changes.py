"""What happens to a frame and to a sample by a person's word: files left out, files replaced, the statement published.

Each is recorded with who did it and why; the kinds of reason are published with the sample.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from reviews.enums import AssignmentState, NotReadable
from reviews.models import Assignment, FrameExclusion, Sample, SampledCase
from reviews.queries.sampling import file_in_place_of
from reviews.sampling import FrameCase, InPlace
from reviews.services.asking_firms import ask_firms, stop_asking
from reviews.services.assignments import require_untied
from reviews.services.words import require_quotable, whole

REASON_LIMIT = 200


class LeftOutBefore(Conflict):
    code = "left_out_before"


class InASample(Conflict):
    code = "in_a_sample"


class AlreadyRead(Conflict):
    code = "already_read"


class AlreadyReplaced(Conflict):
    code = "already_replaced"


class PlaceChanged(Conflict):
    code = "place_changed"


@transaction.atomic
def leave_out(*, case: Case, kind: str, reason: str, user: User, now: datetime) -> FrameExclusion:
    """Take a case out of every frame drawn from now on, until it is taken back.

    It changes no earlier draw: where its turn comes to take a place there, that it was passed over is told with that
    sample, by its kind and by who left it out.

    :raises LeftOutBefore: it is; :raises InASample: it was drawn: another file takes its place instead.
    :raises InvalidInput: no reason; :raises NotTheirsToGive: `user` is tied to the case.
    """
    require_untied(case=case, user=user)
    why, said = _reason(case, kind, reason)
    Case.objects.locked().get(pk=case.pk)
    if SampledCase.objects.filter(case=case, replaced_at=None).exists():
        raise InASample(_("This file was drawn. Have another take its place, on the page of its sample."))
    try:
        with transaction.atomic():
            row = FrameExclusion.objects.create(case=case, kind=why, reason=said, left_out_by=user, left_out_at=now)
    except IntegrityError as error:
        raise LeftOutBefore(_("This case is left out already.")) from error
    record(actor=user.actor, action="reviews.left_out", subject=row, details={"kind": str(why)}, at=now)
    return row


@transaction.atomic
def take_in(*, exclusion: FrameExclusion, user: User, now: datetime) -> FrameExclusion:
    """The case can be drawn again; a second time changes nothing.

    :raises NotTheirsToGive: `user` is tied to the case.
    """
    require_untied(case=exclusion.case, user=user)
    row = FrameExclusion.objects.select_for_update(of=("self",)).get(pk=exclusion.pk)
    if row.taken_back_at is None:
        row.taken_back_at, row.taken_back_by = now, user
        row.save(update_fields=["taken_back_at", "taken_back_by"])
        record(actor=user.actor, action="reviews.taken_in", subject=row, at=now)
    return row


@transaction.atomic
def replace_file(*, row: SampledCase, kind: str, reason: str, user: User, now: datetime) -> SampledCase | None:
    """Take a file that cannot be read out of its sample; the next of its stratum, which nobody chooses, comes for it.

    Files that were left out since the draw and whose turn it was are kept in the sample as replaced in their turn, each
    for the reason given and by the person who gave it. What comes stands in its place with its weight and by the same
    rule, so that nothing is learnt of either from the change. None where no file of the stratum is left. Whoever had
    the file to read is told that it is theirs no more.

    :raises AlreadyRead: marks were handed in; :raises AlreadyReplaced: it is.
    :raises PlaceChanged: at this moment another draw took what would have come, or it was left out.
    :raises InvalidInput: no reason; :raises NotTheirsToGive: `user` is tied to the case.
    """
    require_untied(case=row.case, user=user)
    why, said = _reason(row.case, kind, reason)
    Sample.objects.select_for_update().get(pk=row.sample_id)
    row = SampledCase.objects.select_related("case", "sample__centre").get(pk=row.pk)
    if row.replaced_at is not None:
        raise AlreadyReplaced(_("Another file has taken its place already."))
    turns = file_in_place_of(row, now=now)
    _hold(row, turns)
    if Assignment.objects.filter(case=row.case_id, state=AssignmentState.SUBMITTED).exists():
        raise AlreadyRead(_("This file has been read: it stays in the sample."))
    _relieve_readers(row, now=now)
    stop_asking(case=row.case, now=now)
    row.replaced_at, row.replaced_kind, row.replaced_reason, row.taken_out_by = now, why, said, user
    row.save(update_fields=["replaced_at", "replaced_kind", "replaced_reason", "taken_out_by"])
    last = _pass_over(row, turns.passed, now=now)
    came = _put_in_place(last, turns.comes.case_id) if turns.comes else None
    if came is not None:
        ask_firms(sample=row.sample, case_id=came.case_id, now=now)
    details = {"kind": str(why), "passed": len(turns.passed)}
    record(actor=user.actor, action="reviews.file_replaced", subject=row, details=details, at=now)
    return came


def _hold(row: SampledCase, turns: InPlace) -> None:
    """The file and those whose turn it is, so that nobody leaves out or takes into a round what comes.

    All at once, in the order in which everybody holds several. What was left out since it was looked for does not come.
    """
    comes = [turns.comes.case_id] if turns.comes else []
    ids = [row.case_id, *(case.case_id for case in turns.passed), *comes]
    list(Case.objects.locked().filter(pk__in=ids).order_by("pk").only("pk"))
    if FrameExclusion.objects.filter(case__in=comes, taken_back_at=None).exists():
        raise PlaceChanged(_("The file whose turn it was has just been left out. Try again."))


def _pass_over(row: SampledCase, passed: Sequence[FrameCase], *, now: datetime) -> SampledCase:
    """Those who had their turn and had been left out since the draw; returns the last that is to be replaced."""
    standing = FrameExclusion.objects.filter(case__in=[case.case_id for case in passed], taken_back_at=None)
    by_case = {each.case_id: each for each in standing}
    for case in passed:
        left = by_case.get(case.case_id)
        if left is None:
            raise PlaceChanged(_("The file whose turn it was has just been taken in again. Try again."))
        row = _put_in_place(
            row,
            case.case_id,
            replaced_at=now,
            replaced_kind=left.kind,
            replaced_reason=left.reason,
            taken_out_by_id=left.left_out_by_id,
        )
    return row


def _put_in_place(row: SampledCase, case_id: int, **taken_out: Any) -> SampledCase:
    try:
        with transaction.atomic():
            row.replaced_by = SampledCase.objects.create(
                sample=row.sample,
                case_id=case_id,
                stratum=row.stratum,
                reasons=row.reasons,
                probability=row.probability,
                weight=row.weight,
                readers=row.readers,
                **taken_out,
            )
    except IntegrityError as error:
        raise PlaceChanged(_("Another draw took the file whose turn it was. Try again.")) from error
    row.save(update_fields=["replaced_by"])
    return row.replaced_by


@transaction.atomic
def publish_statement(*, sample: Sample, user: User, now: datetime) -> Sample:
    """From now on anybody reads the sampling statement, without an account; a second time changes nothing."""
    row = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    if row.published_at is None:
        row.published_at, row.published_by = now, user
        row.save(update_fields=["published_at", "published_by"])
        record(actor=user.actor, action="reviews.statement_published", subject=row, at=now)
    return row


def _reason(case: Case, kind: str, reason: str) -> tuple[NotReadable, str]:
    if kind not in NotReadable.values:
        raise InvalidInput(_("Choose why the file cannot be read."), field="kind")
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    if not said:
        raise InvalidInput(_("Say in words why the file cannot be read."), field="reason")
    require_quotable(said, clients=client_names(case), field="reason")
    return NotReadable(kind), said


def _relieve_readers(row: SampledCase, *, now: datetime) -> None:
    held = Assignment.objects.filter(case=row.case_id, state=AssignmentState.OPEN).select_related("reviewer")
    people = [each.reviewer for each in held]
    held.update(
        state=AssignmentState.RETURNED,
        closing_reason=gettext_noop("The file was taken out of the sample."),
        closed_at=now,
    )
    notify(
        users=people,
        text=gettext_noop("The file %(case)s was taken out of the sample: you need not read it."),
        params={"case": row.case.number},
        url="/reviews/",
        now=now,
    )
