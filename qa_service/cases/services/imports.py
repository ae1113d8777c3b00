"""Files on their way in: received and checked, previewed, run in batches that survive the worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import ImportState
from qa_service.cases.intake import Columns, find_columns
from qa_service.cases.models import Import, ImportFault
from qa_service.cases.retention import let_go_of
from qa_service.cases.services.intake import BATCH, SHOWN_LINES, Batch, Intake, Tally
from qa_service.cases.tables import Row, Rows, open_table, too_long
from qa_service.common.errors import Conflict, DomainError, InvalidInput
from qa_service.files.services import open_file, store
from qa_service.organisations.models import Organisation

MAX_BYTES = 64 * 2**20
# Up to here a person waits for the answer; larger files are the worker's.
AT_ONCE = 2000
# A run whose last batch is older than this has lost its worker.
LOST_AFTER = timedelta(minutes=2)
# A run that ends so often without writing a batch ends for good.
MOST_ATTEMPTS = 3
# A preview waits this long for its confirmation; then its file goes.
KEPT_FOR_CONFIRMATION = timedelta(days=7)


class HeaderMissing(InvalidInput):
    code = "header_missing"


class ColumnsMissing(InvalidInput):
    code = "columns_missing"


@dataclass(frozen=True, slots=True)
class Opened:
    columns: Columns
    rows: Rows
    expected_rows: int


def open_rows(stream: BinaryIO, *, name: str) -> Opened:
    """Open a file and find its header.

    :raises DomainError: with the status an HTTP door should answer (413, 415 or 422).
    """
    table = open_table(stream, name=name)
    try:
        columns = _header(table.rows)
        below = max(table.expected_rows - columns.line, 0)
        if table.most_cases is not None and below > table.most_cases:
            raise too_long()
    except DomainError:
        table.rows.close()  # whoever opened the stream closes it next: the rows must have let go of it
        raise
    return Opened(columns, table.rows, below)


def _header(rows: Rows) -> Columns:
    columns = find_columns(_well_quoted(rows))
    if columns is None:
        raise HeaderMissing(
            _("No header row was found in the first 20 rows. Expected columns such as 法援案号."), field="file"
        )
    if columns.missing:
        names = "、".join(columns.missing)
        raise ColumnsMissing(_("Columns are missing: %(names)s.") % {"names": names}, field="file")
    return columns


def _well_quoted(rows: Rows) -> Iterator[Row]:
    """Rows among which the header is looked for.

    :raises InvalidInput: a quotation mark that is never closed took the header, or what stands below it, into a cell.
    """
    for row in rows:
        if row.open_quote is not None:
            text = _(
                "A quotation mark opens in line %(line)d and is not closed, so the rows below it cannot be read. "
                "Remove or close it, then upload the file again."
            )
            raise InvalidInput(text % {"line": row.line}, field="file", code="file_unreadable", line=row.line)
        yield row


def receive_import(
    *, centre: Organisation, upload: BinaryIO, name: str, actor: Actor, dry_run: bool, now: datetime
) -> Import:
    """Check a file and put it in the queue. Nothing is kept of a file that is refused.

    :raises DomainError: the file cannot be read; see `open_rows`.
    """
    opened = open_rows(upload, name=name)
    opened.rows.close()
    upload.seek(0)
    stored = store(data=upload, name=name, content_type="application/octet-stream", limit=MAX_BYTES, now=now)
    return Import.objects.create(
        centre=centre,
        file=stored,
        file_name=stored.name,
        file_sha256=stored.sha256,
        dry_run=dry_run,
        actor_id=actor.id,
        actor_label=actor.label,
        created_at=now,
        progressed_at=now,
        expected_rows=opened.expected_rows,
        ignored_columns=list(opened.columns.unknown),
    )


def runs_at_once(job: Import) -> bool:
    return job.expected_rows <= AT_ONCE


@transaction.atomic
def confirm_import(*, job: Import, actor: Actor, now: datetime) -> Import:
    """After the preview: let the rows in. The name of whoever confirms stands in the record.

    :raises Conflict: the preview is not ready, or was already confirmed.
    """
    confirmed = Import.objects.filter(pk=job.pk, state=ImportState.PREVIEWED).update(
        state=ImportState.QUEUED,
        dry_run=False,
        actor_id=actor.id,
        actor_label=actor.label,
        progressed_at=now,
        last_line=0,
        attempts=0,
        new_count=0,
        updated_count=0,
        unchanged_count=0,
        refused_count=0,
        oddities={},
    )
    if not confirmed:
        raise Conflict(
            _("This import was already confirmed, or its preview is not ready."), code="import_not_previewed"
        )
    ImportFault.objects.filter(job=job).delete()
    job.refresh_from_db()
    return job


@transaction.atomic
def close_preview(*, job: Import, now: datetime) -> Import:
    """Be done with a preview that would write nothing; its file goes, nobody's case is touched.

    :raises Conflict: the preview is not ready, was closed or confirmed, or would write something.
    """
    row = Import.objects.select_for_update(of=("self",)).select_related("centre", "file").get(pk=job.pk)
    if row.state != ImportState.PREVIEWED or row.writes:
        raise Conflict(
            _("This import was already confirmed, or its preview is not ready."), code="import_not_previewed"
        )
    _finish(row, ImportState.FINISHED, now=now)
    return row


def run_import(*, import_id: int, now: datetime) -> Import:
    """Run a queued import, or go on with one whose worker was lost. Safe to call twice at once: one caller wins.

    :raises DomainError: the file broke off in the middle; what was written before stays and is counted.
    """
    job = Import.objects.select_related("centre", "file").get(pk=import_id)
    claimable = Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, progressed_at__lt=now - LOST_AFTER)
    claimed = Import.objects.filter(claimable, pk=import_id).update(
        state=ImportState.RUNNING, progressed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return job
    job.refresh_from_db(fields=["state", "progressed_at", "attempts"])
    try:
        _refuse_hopeless(job)
        with _bytes(job) as stream:
            _run(job, stream, now)
    except DomainError as refusal:
        _finish(job, ImportState.FAILED, now=now, failure=str(refusal.message))
        raise
    _finish(job, ImportState.PREVIEWED if job.dry_run else ImportState.FINISHED, now=now)
    return job


def _refuse_hopeless(job: Import) -> None:
    """An error of ours is in the log with its trace; started over and over it would only hide.

    :raises Conflict: this run was started too often without getting on.
    """
    if job.attempts > MOST_ATTEMPTS:
        text = _(
            "The import broke off again and again after line %(line)d. What it wrote before stays. Ask the operator."
        )
        raise Conflict(text % {"line": job.last_line}, code="import_broke_off")


def waiting_imports(*, now: datetime) -> list[int]:
    """Imports nobody works on: queued for a while, or running without progress."""
    queued = Q(state=ImportState.QUEUED, progressed_at__lt=now - timedelta(seconds=15))
    lost = Q(state=ImportState.RUNNING, progressed_at__lt=now - LOST_AFTER)
    return list(Import.objects.filter(queued | lost).order_by("pk").values_list("pk", flat=True))


def expire_previews(*, now: datetime) -> int:
    """Let go of files that somebody looked at and never confirmed; returns how many."""
    left = Import.objects.filter(state=ImportState.PREVIEWED, progressed_at__lt=now - KEPT_FOR_CONFIRMATION)
    keys = list(left.values_list("pk", flat=True))
    let_go_of(keys)
    return Import.objects.filter(pk__in=keys, state=ImportState.EXPIRED).count()


def _bytes(job: Import) -> BinaryIO:
    if job.file is None:
        raise Conflict(_("The file of this import is no longer kept. Upload it again."), code="import_file_gone")
    return open_file(job.file)


def _run(job: Import, stream: BinaryIO, now: datetime) -> None:
    actor = Actor(job.actor_id, job.actor_label)
    opened = open_rows(stream, name=job.file_name)
    intake = Intake(centre=job.centre, columns=opened.columns, actor=actor, now=now)
    while rows := list(islice(opened.rows, BATCH)):
        batch = intake.read(rows)
        if rows[-1].line <= job.last_line:
            continue  # written before the worker was lost; read again only to know the numbers
        with transaction.atomic():
            tally = intake.compare(batch) if job.dry_run else intake.write(batch)
            _note(job, batch, tally, last_line=rows[-1].line)


def _note(job: Import, batch: Batch, tally: Tally, *, last_line: int) -> None:
    """The batch's figures and faults, in the batch's own transaction."""
    ImportFault.objects.bulk_create(
        [
            ImportFault(job=job, line=fault.line, column=fault.column[:60], reason=fault.reason, value=fault.value)
            for fault in batch.faults
        ]
    )
    job.last_line = last_line
    job.new_count += tally.new
    job.updated_count += tally.updated
    job.unchanged_count += tally.unchanged
    job.refused_count += tally.refused
    job.oddities = _added(job.oddities, tally.oddities)
    # The heartbeat is the one place that wants the wall clock: `now` is the whole run's.
    job.progressed_at, job.attempts = timezone.now(), 0
    job.save(
        update_fields=[
            "last_line", "new_count", "updated_count", "unchanged_count", "refused_count", "oddities", "progressed_at",
            "attempts",
        ]
    )  # fmt: skip


def _added(known: dict[str, list[Any]], more: dict[str, list[Any]]) -> dict[str, list[Any]]:
    total = dict(known)
    for oddity, (count, lines) in more.items():
        before, shown = total.get(oddity, [0, []])
        total[oddity] = [before + count, (shown + lines)[:SHOWN_LINES]]
    return total


@transaction.atomic
def _finish(job: Import, state: ImportState, *, now: datetime, failure: str = "") -> None:
    job.state, job.failure, job.finished_at = state, failure[:300], now
    job.save(update_fields=["state", "failure", "finished_at"])
    if state != ImportState.PREVIEWED:
        let_go_of([job.pk])
        job.file = None
    counts = {
        "centre": job.centre.code,
        "new": job.new_count,
        "updated": job.updated_count,
        "unchanged": job.unchanged_count,
        "refused": job.refused_count,
        "file": job.file_sha256,
    }
    action = "cases.import_previewed" if job.dry_run else "cases.imported"
    record(actor=Actor(job.actor_id, job.actor_label), action=action, subject=job, details=counts, at=now)
