"""A file that turns out not to be copied, by what the case system or a person says, lets go of what was uploaded."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import ExtractYear

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import ClientGroup
from qa_service.cases.models import Case
from reviews.models import ObjectionPaper, Scan
from reviews.queries.scans import ground_known
from reviews.retention import let_go_of_copies
from reviews.scans import GROWN_UP, SAID_IN_CAUSE

KEEPER: Final = Actor.system("scans")


def let_go_of_barred_scans(*, now: datetime) -> int:
    """Take off the uploads of files that must not be copied by what is known by now; returns of how many files."""
    return sum(_let_go(case_id, now=now) for case_id in list(_suspected().values_list("pk", flat=True)))


def _suspected() -> QuerySet[Case]:
    """Those whose rows may bar them: `ground_known` decides. One query, on the few cases that have uploads."""
    found = Q(paper_only__isnull=False)
    for path in ("client", "co_clients__client"):
        found |= Q(**{f"{path}__group": ClientGroup.MINOR})
        found |= Q(**{f"{path}__birth_year__gte": F("year") - GROWN_UP})
    for words in SAID_IN_CAUSE.values():
        for word in words:
            found |= Q(cause__contains=word)
    copied = Q(pk__in=Scan.objects.values("case")) | Q(pk__in=ObjectionPaper.objects.values("objection__case"))
    scanned = Case.objects.filter(copied)
    return scanned.annotate(year=ExtractYear("accepted_on")).filter(found).distinct()


@transaction.atomic
def _let_go(case_id: int, *, now: datetime) -> bool:
    case = Case.objects.locked().get(pk=case_id)
    ground = ground_known(case)
    if ground is None:
        return False
    let_go_of_copies(case)
    details = {"case": case.number, "ground": ground.value}
    record(actor=KEEPER, action="reviews.file_kept_on_paper", subject=case, details=details, at=now)
    return True
