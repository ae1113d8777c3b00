"""Who read the same files and what each made of them: for managers of all, for a reviewer of themself alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.queries import ClosedCases
from qa_service.common.plainly import uncompiled
from reviews.agreement.severity import Leniency
from reviews.enums import AssignmentState, Band, ReviewState
from reviews.figures.agreement import (
    ItemAgrees,
    OneAgrees,
    ReadersAgree,
    Reading,
    items_agree,
    one_agrees,
    readers_agree,
)
from reviews.figures.leanings import Leanings, leanings
from reviews.models import Assignment, Checklist
from reviews.models.reviews import being_read_by
from reviews.queries.checklists import standard_of
from reviews.queries.overview.patterns import Patterns, own_patterns, patterns_of
from reviews.queries.overview.results import ListUsed, chosen_list

READINGS_AT_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class ItemLine:
    title: str
    item: ItemAgrees


@dataclass(frozen=True, slots=True)
class PersonLine:
    person: str
    leniency: Leniency


@dataclass(frozen=True, slots=True)
class AgreementOfAll:
    """`people`: the hardest first, empty where there is too little to say; `alone`: names of who shared no file."""

    agree: ReadersAgree
    items: tuple[ItemLine, ...]
    people: tuple[PersonLine, ...]
    alone: tuple[str, ...]

    @property
    def groups(self) -> int:
        return self.agree.severity.groups if self.agree.severity else 0


@dataclass(frozen=True, slots=True)
class FileLeanings:
    """By case; None where there is too little to say, or `too_many` files for a page to wait for it."""

    found: Leanings | None
    too_many: bool


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """Nobody else is named in it."""

    agree: OneAgrees
    items: tuple[ItemLine, ...]
    used: tuple[ListUsed, ...]
    chosen: ListUsed | None


def agreement_of_all(user: User, cases: ClosedCases, checklist: Checklist | None) -> AgreementOfAll:
    """Three statements; of a file that the person handled or is reading still, nothing."""
    managed = _handed_in(Assignment.objects.managed_by(user), cases).exclude(being_read_by(user))
    names: dict[int, str] = {}
    found = readers_agree(_readings(managed, names))
    severity = found.severity
    return AgreementOfAll(
        agree=found,
        items=_lines(patterns_of(managed, checklist), checklist) if checklist else (),
        people=tuple(PersonLine(names[each.reader], each) for each in severity.readers) if severity else (),
        alone=tuple(sorted(names[reader] for reader in found.alone)),
    )


def file_leanings(user: User, cases: ClosedCases) -> FileLeanings:
    """How far the results lean by who read the files; one statement. Of what `agreement_of_all` tells, too.

    At the size of a country everybody is joined to everybody by a few, and the fit would take minutes: none is made.
    """
    managed = _handed_in(Assignment.objects.managed_by(user), cases).exclude(being_read_by(user))
    found = list(islice(_readings(managed, {}), READINGS_AT_MOST + 1))
    if len(found) > READINGS_AT_MOST:
        return FileLeanings(None, too_many=True)
    return FileLeanings(leanings(found), too_many=False)


@uncompiled()
def own_agreement(user: User, cases: ClosedCases, *, checklist: UUID | None) -> OwnAgreement:
    """Of what the reviewer read where they hold the role, with whoever read it too; four statements."""
    here = Assignment.objects.filter(within(user, "case__centre__path", Role.REVIEWER)).exclude(own_work(user))
    all_read = _handed_in(here, cases).exclude(being_read_by(user))
    shared = all_read.filter(reviewer=user, case__in=all_read.exclude(reviewer=user).values("case"))
    counts = dict(shared.order_by().values_list("checklist").annotate(n=Count("pk")).order_by("-n", "-checklist"))
    known = Checklist.objects.defer("draft").in_bulk(counts)
    used = tuple(ListUsed(known[pk], files) for pk, files in counts.items())
    chosen = chosen_list(used, checklist)
    return OwnAgreement(
        agree=one_agrees(_readings(all_read, {}), user.pk),
        items=_lines(own_patterns(user, shared, chosen.checklist), chosen.checklist) if chosen else (),
        used=used,
        chosen=chosen,
    )


def _handed_in(assignments: QuerySet[Assignment], cases: ClosedCases) -> QuerySet[Assignment]:
    return assignments.filter(cases.of("case__"), state=AssignmentState.SUBMITTED, review__state=ReviewState.SUBMITTED)


def _readings(assignments: QuerySet[Assignment], names: dict[int, str]) -> Iterator[Reading]:
    rows = assignments.order_by().values_list(
        "case", "reviewer", "order", "review__total", "review__band", "reviewer__display_name", "reviewer__username"
    )
    bands = {band.value: band for band in Band}
    for file, reader, turn, points, band, name, sign in rows.iterator():
        names[reader] = name or sign
        if points is not None:  # what was handed in has a total
            yield Reading(file, reader, turn, points, bands[band])


def _lines(patterns: Patterns, checklist: Checklist) -> tuple[ItemLine, ...]:
    items = standard_of(checklist).items
    return tuple(ItemLine(str(items[each.code]), each) for each in items_agree(patterns, items))
