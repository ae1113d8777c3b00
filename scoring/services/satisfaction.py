"""Counting satisfied clients for the report, in batches from which no single answer can be told."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from qa_service.accounts.queries import Handlers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from scoring.calculation import in_whole_batches, unlinked
from scoring.models import RatedCase, SatisfactionBatch
from scoring.models.voice import SMALLEST_BATCH
from scoring.queries.satisfaction import kept_apart
from surveys.queries import Rating, quarters_rated, ratings_of_quarter

# 5, 4 and 3 of the first question; 3 is "basically satisfied" (`domain` 4.6).
SATISFIED_FROM = 3
RELEASES = Actor.system("client_satisfaction")


def release_client_satisfaction(*, now: datetime) -> int:
    """Count the ratings of a centre and quarter wherever five more people have rated; returns how many batches.

    Batches never cross a quarter, so that a year is the sum of its quarters and tells no more than they do.
    """
    found = quarters_rated(besides=RatedCase.objects.all(), at_least=SMALLEST_BATCH)
    return sum(_release(centre_id=centre_id, quarter=quarter, now=now) for centre_id, quarter in found)


@transaction.atomic
def _release(*, centre_id: int, quarter: date, now: datetime) -> int:
    # One release at a time in a centre.
    centre = Organisation.objects.select_for_update(no_key=True).get(pk=centre_id)
    waiting = ratings_of_quarter(
        centre_id=centre_id, quarter=Period.quarter_of(quarter), besides=RatedCase.objects.all()
    )
    cases = _by_case(waiting, apart=kept_apart(centre))
    batches = in_whole_batches(((_whose(ratings), ratings) for ratings in cases), SMALLEST_BATCH)
    if batches:
        _freeze(batches, centre=centre, quarter=quarter, now=now)
    return len(batches)


def _by_case(ratings: Iterable[Rating], *, apart: Handlers) -> list[list[Rating]]:
    """Ratings of one case go together, at the place of its first: a case is counted once.

    Answers kept from one of the staff are left out: who reads every other client's answer would subtract them, and of
    five of their own clients alone "none is satisfied" tells what each said.
    """
    found: dict[int, list[Rating]] = defaultdict(list)
    for each in ratings:
        if each.firm_id not in apart.firms and each.lawyer_id not in apart.lawyers:
            found[each.case_id].append(each)
    return list(found.values())


def _whose(ratings: Iterable[Rating]) -> frozenset[str]:
    return frozenset(whose for each in ratings for whose in (f"client {each.client_id}", f"case {each.case_id}"))


def _freeze(batches: list[list[list[Rating]]], *, centre: Organisation, quarter: date, now: datetime) -> None:
    before = SatisfactionBatch.objects.filter(centre=centre, quarter=quarter)
    last = before.aggregate(last=Max("number"))["last"] or 0
    rows = SatisfactionBatch.objects.bulk_create(
        SatisfactionBatch(centre=centre, quarter=quarter, number=number, released_at=now, **_counted(cases))
        for number, cases in enumerate(batches, start=last + 1)
    )
    RatedCase.objects.bulk_create(
        RatedCase(case_id=ratings[0].case_id, batch=row)
        for row, cases in zip(rows, batches, strict=True)
        for ratings in cases
    )
    details = {"quarter": quarter.isoformat(), "people": sum(row.people for row in rows)}
    record(actor=RELEASES, action="scoring.satisfaction_released", subject=centre, details=details, at=now)


def _counted(cases: list[list[Rating]]) -> dict[str, int]:
    marks = [each.mark for ratings in cases for each in ratings]
    return {
        "n": len(marks),
        "people": unlinked(_whose(ratings) for ratings in cases),
        "satisfied": sum(mark >= SATISFIED_FROM for mark in marks),
    }
