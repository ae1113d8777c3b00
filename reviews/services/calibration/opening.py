"""Opening a calibration round: which files, who marks them, who settles the marks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
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
from reviews.conflicts import bars_calibrating, conflicts
from reviews.enums import OPEN_ROUNDS, AssignmentState, ConflictReason, ObjectionState, Purpose
from reviews.models import (
    Assignment,
    CalibrationFile,
    CalibrationRound,
    CaseReview,
    Checklist,
    Objection,
    Panelist,
    SampledCase,
    Trial,
)
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

    Files that were read before may be taken, and files that were not; but none that is being read or drawn to be, and
    none whose result may still be objected to. Who marks it here, or talks it over, may not read it any more, and what
    they make of it would be heard by who decides.

    :raises InvalidInput: too few files, readers or people on the panel, named for the field; files of several lists.
    :raises PersonTied: a reader, one of the panel or the person who opens it has a tie to one of the files; a reader
        has read one, or knows it from an earlier round.
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
    # As where files are given out: nobody is given one of these to read at the same moment.
    list(Case.objects.locked().filter(pk__in=[case.pk for case in cases]).order_by("pk"))
    _require_free(cases, today=today_at(centre, now))
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


def _require_free(cases: Sequence[Case], *, today: date) -> None:
    for which, why in _in_use(today):
        taken = which.filter(case__in=[case.pk for case in cases]).select_related("case").order_by("case").first()
        if taken is not None:
            raise InvalidInput(why % {"case": taken.case.number}, field="files")


def _in_use(today: date) -> tuple[tuple[QuerySet[Any], Any], ...]:
    """What keeps a file out of a round, and how it is said."""
    read = CaseReview.objects.current().filter(case=OuterRef("case"), released_at__isnull=False)
    return (
        (
            Assignment.objects.filter(state=AssignmentState.OPEN),
            _("%(case)s is being read: choose another."),
        ),
        (
            CaseReview.objects.current().filter(released_at=None),
            _("The result of %(case)s is not released: choose another."),
        ),
        (
            SampledCase.objects.filter(~Exists(read), replaced_at=None),
            _("%(case)s is drawn to be read, and who marks it here could not read it: choose another."),
        ),
        (
            CaseReview.objects.in_question(today),
            _("The lawyer of %(case)s may still object to its result: choose another."),
        ),
        (
            Objection.objects.filter(state=ObjectionState.LODGED),
            _("An objection to the result of %(case)s is not decided: choose another."),
        ),
        (
            CalibrationFile.objects.filter(round__state__in=OPEN_ROUNDS),
            _("%(case)s is in another round that is not closed."),
        ),
    )


def _require_untied(cases: Sequence[Case], *, readers: Sequence[User], others: Sequence[User]) -> None:
    people = {person.pk: person for person in [*readers, *others]}
    marking = {person.pk for person in readers}
    facts, of_cases = reviewer_facts(people.values()), case_facts(cases)
    for case in cases:
        for pk, person in people.items():
            bars = bars_calibrating if pk in marking else conflicts
            for reason in bars(facts[pk], of_cases[case.pk])[:1]:
                message = _("%(person)s may not see %(case)s: %(reason)s.")
                words = {"person": person, "case": case.number, "reason": ConflictReason(reason).label}
                raise PersonTied(message % words)
