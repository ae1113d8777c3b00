"""Reports that take longer than a person waits: ordered as a row, made by the worker, kept for a week.

Whoever makes one claims it, notes how far it is and is taken for dead after a while without a note: then another begins
it anew. A worker that comes back late finds the order another's, and drops what it made.
"""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, DomainError, NotFound
from qa_service.documents.errors import FontsNotReady
from qa_service.files.models import StoredFile
from qa_service.files.services import discard, store
from qa_service.notifications.services import notify
from scoring.documents.report_files import CONTENT_TYPES, Content, write_report
from scoring.enums import OrderFailure, OrderState, ReportForm, ReportKind
from scoring.models import ReportOrder
from scoring.queries.lawyer_file import Reading, file_to_read, lawyer_file
from scoring.queries.report_choice import PAPER, Asked, gathered, report_asked
from scoring.wording import REPORT_FAILED, REPORT_MADE

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
# An order that nobody began by then is handed out again.
LEFT_LYING = timedelta(seconds=30)
# A run that has noted nothing for so long has lost its worker.
LOST_AFTER = timedelta(minutes=5)
# A run that ends so often without a file ends for good.
MOST_ATTEMPTS = 3
MOST_WAITING = 5
FILE_LIMIT = 500 * 2**20


class TooManyOrders(Conflict):
    code = "too_many_orders"


class _Taken(Exception):  # noqa: N818 - no error: another worker has it
    """The order is no longer this worker's."""


@transaction.atomic
def order_report(*, user: User, of: Asked | Reading, form: ReportForm, language: str, now: datetime) -> ReportOrder:
    """The order; one for the same that is still under way is given back instead. A paper is Chinese.

    :raises TooManyOrders: five of the person's are under way.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two presses at once make one order
    what = {
        **_subject(of),
        "form": form,
        "language": PAPER if form == ReportForm.PDF else language,
    }
    waiting = ReportOrder.objects.visible_to(user).under_way()
    same = waiting.filter(**what).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_WAITING:
        raise TooManyOrders(_("Five reports of yours are being made. Wait until one of them is ready."))
    order = ReportOrder.objects.create(ordered_by=user, ordered_at=now, progressed_at=now, **what)
    details = {"kind": order.kind, "period": order.period, "form": order.form}
    record(actor=user.actor, action="scoring.report_ordered", subject=order, details=details, at=now)
    return order


def _subject(of: Asked | Reading) -> dict[str, object]:
    if isinstance(of, Reading):
        return {"kind": ReportKind.LAWYER, "lawyer": of.lawyer, "place": None, "period": ""}
    return {"kind": of.kind, "place": of.place, "period": of.named, "lawyer": None}


def make_report(*, order_id: int, now: datetime) -> bool:
    """Make one that waits, or that another worker left. Safe to call twice at once; whether this call made its file."""
    order = _claimed(order_id, now=now)
    if order is None:
        return False
    try:
        if order.attempts > MOST_ATTEMPTS:
            return _fail(order, OrderFailure.BROKE_OFF, now=now)
        file = _made(order, now=now)
    except _Taken:
        return False
    except FontsNotReady:  # the sweep that prepares them is at work
        _own(order).update(state=OrderState.QUEUED, attempts=F("attempts") - 1, progressed_at=timezone.now())
        return False
    except DomainError as refusal:
        logger.warning("report order %s refused: %s", order.pk, refusal.code)
        return _fail(order, _why(refusal), now=now)
    return _finish(order, file)


def _claimed(order_id: int, *, now: datetime) -> ReportOrder | None:
    """Not where as many as the installation can bear are being made: that one waits for the next look."""
    running = ReportOrder.objects.filter(state=OrderState.RUNNING, progressed_at__gte=now - LOST_AFTER)
    if running.exclude(pk=order_id).count() >= settings.REPORTS_AT_ONCE:
        return None
    lost = Q(state=OrderState.RUNNING, progressed_at__lt=now - LOST_AFTER)
    claimed = ReportOrder.objects.filter(Q(state=OrderState.QUEUED) | lost, pk=order_id).update(
        state=OrderState.RUNNING, attempts=F("attempts") + 1, progressed_at=now, done=0, parts=0
    )
    return ReportOrder.objects.select_related("ordered_by", "place", "lawyer").get(pk=order_id) if claimed else None


def _made(order: ReportOrder, *, now: datetime) -> StoredFile:
    with override(order.language), tempfile.TemporaryFile() as out:
        write_report(_content(order, now=now, noting=_notes_on(order)), order.form, out)
        out.seek(0)
        return _stored(order, out, now=now)


def _stored(order: ReportOrder, out: IO[bytes], *, now: datetime) -> StoredFile:
    name, kind = f"{order.public_id}.{order.form}", CONTENT_TYPES[order.form]
    return store(data=out, name=name, content_type=kind, limit=FILE_LIMIT, now=now)


def _content(order: ReportOrder, *, now: datetime, noting: Callable[[int, int], None]) -> Content:
    of = subject_of(order)
    if isinstance(of, Reading):
        return lawyer_file(of, language=order.language, now=now)
    return gathered(of, reader=order.ordered_by, language=order.language, now=now, noting=noting)


def subject_of(order: ReportOrder) -> Asked | Reading:
    """Of whom the report is, looked for as its reader would today.

    :raises NotFound: it is no longer theirs to read.
    """
    user = order.ordered_by
    if not user.is_active:
        raise NotFound(OrderFailure.NOT_YOURS.label)
    if order.lawyer is not None:
        return file_to_read(user, order.lawyer.public_id)
    code = order.place.code if order.place else ""
    return report_asked(user, {"kind": order.kind, "centre": code, "period": order.period})


def _notes_on(order: ReportOrder) -> Callable[[int, int], None]:
    """How far it is, and that it goes on: a heartbeat wants the clock on the wall."""

    def note(done: int, parts: int) -> None:
        # Drawing comes after the last table.
        if not _own(order).update(done=done, parts=parts + 1, progressed_at=timezone.now()):
            raise _Taken

    return note


def _own(order: ReportOrder) -> QuerySet[ReportOrder]:
    return ReportOrder.objects.filter(pk=order.pk, state=OrderState.RUNNING, attempts=order.attempts)


def _why(refusal: DomainError) -> OrderFailure:
    if isinstance(refusal, NotFound):
        return OrderFailure.NOT_YOURS
    return OrderFailure(refusal.code) if refusal.code in OrderFailure.values else OrderFailure.REFUSED


def _finish(order: ReportOrder, file: StoredFile) -> bool:
    now = timezone.now()
    finished = 0
    try:
        with transaction.atomic():
            finished = _own(order).update(
                state=OrderState.DONE, file=file, done=F("parts"), finished_at=now, expires_at=now + KEPT_FOR
            )
            if finished:
                _tell(order, REPORT_MADE, now=now)
    finally:
        if not finished:  # another worker was faster, or its record could not be written
            discard(file)
    return bool(finished)


@transaction.atomic
def _fail(order: ReportOrder, why: OrderFailure, *, now: datetime) -> bool:
    if _own(order).update(state=OrderState.FAILED, failure=why, finished_at=now):
        _tell(order, REPORT_FAILED, now=now)
    return False


def _tell(order: ReportOrder, text: str, *, now: datetime) -> None:
    """With a link and nothing else: the e-mail of it names neither centre nor lawyer."""
    url = reverse("scoring:report-order", args=[order.public_id])
    notify(users=[order.ordered_by], text=text, params={}, url=url, now=now)


def orders_to_hand_out(*, now: datetime) -> list[int]:
    """Ids of orders that nobody works on, the oldest first; each is given out again only after a while."""
    lying = Q(state=OrderState.QUEUED, progressed_at__lte=now - LEFT_LYING)
    lost = Q(state=OrderState.RUNNING, progressed_at__lt=now - LOST_AFTER)
    found = list(ReportOrder.objects.filter(lying | lost).order_by("pk").values_list("pk", flat=True))
    ReportOrder.objects.filter(lying, pk__in=found).update(progressed_at=now)
    return found


def expire_reports(*, now: datetime) -> int:
    """Let go of files kept long enough; returns how many."""
    over = ReportOrder.objects.filter(state=OrderState.DONE, expires_at__lte=now).select_related("file")
    return sum(_expire(order) for order in over)


@transaction.atomic
def _expire(order: ReportOrder) -> int:
    let_go = ReportOrder.objects.filter(pk=order.pk, state=OrderState.DONE).update(state=OrderState.EXPIRED, file=None)
    if let_go and order.file is not None:
        discard(order.file)
    return let_go
