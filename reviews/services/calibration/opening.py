"""Opening a calibration round: which files, who marks them, who settles the marks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.conflicts import bars_reading, conflicts
from reviews.enums import AssignmentState, CalibrationState, ConflictReason, Purpose
from reviews.models import Assignment, CalibrationFile, CalibrationRound, CaseReview, Checklist, Panelist, Trial
from reviews.queries.calibration import panel_candidates
from reviews.queries.checklists import lists_in_force
from reviews.queries.reviewers import case_facts, reviewer_facts, reviewers_of
from reviews.services.words import require_quotable, whole

NAME_LIMIT: Final = 100
FEWEST_FILES: Final = 2
FEWEST_READERS: Final = 3
FEWEST_ON_A_PANEL: Final = 2
MOST_FILES: Final = 20
MINE = "/reviews/my-calibrations"


class PersonTied(Conflict):
    code = "person_tied"


@transaction.atomic
def open_round(
    *,
    centre: Organisation,
    name: str,
    cases: Sequence[Case],
    readers: Sequence[User],
    panel: Sequence[User],
    due_on: date,
    user: User,
    now: datetime,
) -> CalibrationRound:
    """Give every file to every reader, who mark it alone. The checklist is that by which such files are marked today.

    Files that were read before may be taken, and files that were not; one that is being read may not: who talks it
    over would no longer read it alone.

    :raises InvalidInput: too few files, readers or people on the panel, named for the field; files of several lists.
    :raises PersonTied: a reader, one of the panel or the person who opens it has a tie to one of the files.
    """
    called = whole(name, limit=NAME_LIMIT, field="name")
    for case in cases:
        require_quotable(called, clients=client_names(case), field="name")
    if not called:
        raise InvalidInput(_("Give the round a name."), field="name")
    if due_on < today_at(centre, now):
        raise InvalidInput(_("This day has passed."), field="due_on")
    _require_people(centre, readers, panel)
    checklist = _one_list(centre, cases)
    _require_free(cases)
    _require_untied(cases, readers=readers, others=[*panel, user])
    row = CalibrationRound.objects.create(
        centre=centre, name=called, checklist=checklist, due_on=due_on, opened_by=user, opened_at=now
    )
    Panelist.objects.bulk_create(Panelist(round=row, person=person) for person in panel)
    files = CalibrationFile.objects.bulk_create(CalibrationFile(round=row, case=case) for case in cases)
    Trial.objects.bulk_create(Trial(file=file, reviewer=reader) for file in files for reader in readers)
    details = {"files": len(files), "readers": len(readers), "panel": len(panel)}
    record(actor=user.actor, action="reviews.calibration_opened", subject=row, details=details, at=now)
    notify(
        users=readers,
        text=gettext_noop("You are asked to mark %(count)s files for calibration. They count in no result."),
        params={"count": len(files)},
        url=MINE,
        now=now,
    )
    return row


def _require_people(centre: Organisation, readers: Sequence[User], panel: Sequence[User]) -> None:
    if len(readers) < FEWEST_READERS:
        raise InvalidInput(_("Name at least three reviewers: of two, each would read the other's."), field="readers")
    if {person.pk for person in readers} - {person.pk for person in reviewers_of(centre)}:
        raise InvalidInput(_("This person is not a reviewer of the centre."), field="readers")
    if len(panel) < FEWEST_ON_A_PANEL:
        raise InvalidInput(_("At least two people agree on the marks."), field="panel")
    if {person.pk for person in panel} - set(panel_candidates(centre).values_list("pk", flat=True)):
        raise InvalidInput(_("This person neither manages the centre nor reviews for it."), field="panel")
    if {person.pk for person in panel} & {person.pk for person in readers}:
        raise InvalidInput(_("Who settles the marks does not mark in the same round."), field="panel")


def _one_list(centre: Organisation, cases: Sequence[Case]) -> Checklist:
    if not FEWEST_FILES <= len({case.pk for case in cases}) <= MOST_FILES:
        raise InvalidInput(_("Choose 2 to 20 files."), field="files")
    if any(case.centre_id != centre.pk for case in cases):
        raise InvalidInput(_("These files are not all of this centre."), field="files")
    lists = lists_in_force(centre, purpose=Purpose.FILE_REVIEW)
    found = {case.number: lists.for_case(case) for case in cases}
    without = next((number for number, checklist in found.items() if checklist is None), None)
    if without is not None:
        raise InvalidInput(_("No checklist is in force for this type of case."), field="files")
    checklists = {checklist.pk: checklist for checklist in found.values() if checklist is not None}
    if len(checklists) > 1:
        raise InvalidInput(_("These files are marked by different checklists. Choose files of one."), field="files")
    return next(iter(checklists.values()))


def _require_free(cases: Sequence[Case]) -> None:
    ids = [case.pk for case in cases]
    reading = Assignment.objects.filter(case__in=ids, state=AssignmentState.OPEN).values_list("case", flat=True)
    unreleased = CaseReview.objects.current().filter(case__in=ids, released_at=None).values_list("case", flat=True)
    busy = {*reading, *unreleased}
    under_way = CalibrationFile.objects.filter(
        case__in=ids, round__state__in=(CalibrationState.MARKING, CalibrationState.DISCUSSION)
    )
    taken = set(under_way.values_list("case", flat=True))
    for case in cases:
        if case.pk in busy:
            message = _("%(case)s is being read, or its result is not released: choose another.")
            raise InvalidInput(message % {"case": case.number}, field="files")
        if case.pk in taken:
            message = _("%(case)s is in another round that is not closed.")
            raise InvalidInput(message % {"case": case.number}, field="files")


def _require_untied(cases: Sequence[Case], *, readers: Sequence[User], others: Sequence[User]) -> None:
    people = {person.pk: person for person in [*readers, *others]}
    marking = {person.pk for person in readers}
    facts, of_cases = reviewer_facts(people.values()), case_facts(cases)
    for case in cases:
        for pk, person in people.items():
            bars = bars_reading if pk in marking else conflicts
            for reason in bars(facts[pk], of_cases[case.pk])[:1]:
                message = _("%(person)s may not see %(case)s: %(reason)s.")
                words = {"person": person, "case": case.number, "reason": ConflictReason(reason).label}
                raise PersonTied(message % words)
