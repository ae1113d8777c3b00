"""What acceptance tells others: which files were accepted, and what was found, for whoever reads the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.acceptance import OF_COMPLETENESS, Record, suggested
from reviews.enums import Anchor, DefectKind, FileAct, FileState
from reviews.models import AcceptedLateness, FileAcceptance, FileDefect, FileEvent
from reviews.queries.lateness import accepted_lateness, day_handed_in, days_late


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """One accepted file, as what is paid or counted by it reads it. `days_late` as of the day it was accepted."""

    case_id: int
    number: str
    lawyer_id: int
    firm_id: int
    accepted_on: date
    days_late: int
    excused: bool


def accepted_files(*, centre: Organisation, period: Period) -> Iterator[AcceptedFile]:
    """Files of one centre whose acceptance stands, by the day of acceptance; the gate that payment reads.

    An acceptance that was taken back is none. Streamed in the order of their days: one query, whatever their number.
    """
    last = FileEvent.objects.filter(acceptance=OuterRef("pk"), act=FileAct.ACCEPTED).order_by("-number")
    in_force = AcceptedLateness.objects.filter(case=OuterRef("case"), withdrawn_at=None)
    rows = (
        FileAcceptance.objects.filter(
            state=FileState.ACCEPTED,
            case__centre=centre,
            accepted_on__gte=period.start,
            accepted_on__lt=period.end,
        )
        .annotate(late=Subquery(last.values("days_late")[:1]), excused=Exists(in_force))
        .order_by("accepted_on", "pk")
        .values_list("case_id", "case__number", "case__lawyer_id", "case__firm_id", "accepted_on", "late", "excused")
    )
    for case_id, number, lawyer_id, firm_id, accepted_on, late, excused in rows.iterator(chunk_size=2000):
        if accepted_on is not None:  # as the database says of every accepted file
            yield AcceptedFile(case_id, number, lawyer_id, firm_id, accepted_on, late or 0, excused)


@dataclass(frozen=True, slots=True)
class SpeaksFor:
    """One item of archive quality: what the record speaks for, and what was found in the file of its kind."""

    code: str
    anchor: Anchor
    kinds: tuple[DefectKind, ...]


@dataclass(frozen=True, slots=True)
class FoundAtTheDesk:
    """What acceptance found, beside the archive's items of the reader's scorecard; `anchors` only suggest."""

    record: Record
    anchors: Mapping[str, Anchor]
    returns: int
    reminders: int
    accepted_on: date | None
    handed_in_on: date | None

    @property
    def speaks_for(self) -> list[SpeaksFor]:
        found = sorted(self.record.found | self.record.left)
        kinds = {
            "F2": tuple(kind for kind in found if kind in OF_COMPLETENESS),
            "F3": tuple(kind for kind in found if kind not in OF_COMPLETENESS),
        }
        return [SpeaksFor(code, anchor, kinds.get(code, ())) for code, anchor in self.anchors.items()]


def found_at_the_desk(case: Case, *, now: datetime) -> FoundAtTheDesk | None:
    """Nothing where no acceptance is on record. `case` with its centre's settings."""
    row = FileAcceptance.objects.filter(case=case).first()
    if row is None:
        return None
    found = FileDefect.objects.filter(event__acceptance=row)
    last = row.events.filter(act=FileAct.ACCEPTED).order_by("-number").first()
    left = found.filter(event=last) if last and row.state == FileState.ACCEPTED else found.none()
    record = Record(
        days_late=days_late(case, now=now),
        excused=bool(accepted_lateness([case.pk])),
        found=_kinds(found),
        left=_kinds(left),
    )
    came = day_handed_in(case, today=today_at(case.centre, now))
    return FoundAtTheDesk(record, suggested(record), row.returns, row.reminders, row.accepted_on, came)


def _kinds(rows: QuerySet[FileDefect]) -> frozenset[DefectKind]:
    return frozenset(DefectKind(kind) for kind in rows.order_by().values_list("kind", flat=True).distinct())
