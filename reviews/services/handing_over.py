"""A reader who cannot go on: more time for one file, or all that they hold to others at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Case
from qa_service.common.days import required_day
from qa_service.common.errors import InvalidInput
from qa_service.notifications.services import notify, notify_each
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.enums import AssignmentState
from reviews.models import Assignment, MoreTime
from reviews.queries.handing_over import Passing, files_to_pass_on
from reviews.services.assignments import (
    REASON_LIMIT,
    NotOpen,
    counts,
    open_reviews,
    require_untied,
    tell_readers,
)
from reviews.services.deadlines import REVIEW_DAYS
from reviews.services.words import whole

# A day mistyped by a year would hide a file from every reminder.
MOST_TIME = timedelta(days=180)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`given`: the new assignments; `left`: what stays with its reader, each with why."""

    given: tuple[Assignment, ...]
    left: tuple[Passing, ...]


@transaction.atomic
def give_more_time(
    *, assignment: Assignment, due_on: date | None, reason: str, user: User, now: datetime
) -> Assignment:
    """Give a reader a later day; they are told, see the reason beside it, and are reminded of the new day.

    :raises NotOpen: it is submitted or closed; :raises NotTheirsToGive: `user` handled the case or has a tie.
    :raises InvalidInput: no reason, no day, or one that is not later, or more than half a year off.
    """
    why = whole(reason, limit=REASON_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why the reader gets more time."), field="reason")
    Case.objects.locked().get(pk=assignment.case_id)
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("case__centre__settings", "reviewer")
    row = rows.get(pk=assignment.pk)
    require_untied(case=row.case, user=user)
    if row.state != AssignmentState.OPEN:
        raise NotOpen(_("This review is no longer open."))
    today = today_at(row.case.centre, now)
    before = row.due_on
    row.due_on = required_day(
        due_on,
        first=max(today, before + A_DAY) if before else today,
        last=today + MOST_TIME,
        field="due_on",
        missing=_("Enter the new day."),
        outside=_("The new day lies after the present one, not before today, and within half a year."),
    )
    row.reminded_at, row.nudged_at = None, None
    row.save(update_fields=["due_on", "reminded_at", "nudged_at"])
    MoreTime.objects.create(assignment=row, before=before, until=row.due_on, reason=why, given_by=user, given_at=now)
    details = {"due_on": row.due_on.isoformat()}
    record(actor=user.actor, action="reviews.more_time_given", subject=row, details=details, at=now)
    notify(
        users=[row.reviewer],
        text=gettext_noop("You have until %(day)s for the review of %(case)s: why is said beside it."),
        params={"case": row.case.number, "day": row.due_on.isoformat()},
        url="/reviews/",
        now=now,
    )
    return row


@transaction.atomic
def hand_over_files(
    *, reader: User, only: Collection[UUID] | None = None, reason: str, user: User, now: datetime
) -> HandedOver:
    """Give open files of one reader to the others, planned together; what nobody can take stays where it is.

    The reader is told how many went and keeps the drafts; the new readers are told how many they got.

    :param only: which of them, by public id; all where it is None.
    :raises InvalidInput: no reason, or no file; :raises NotOpen: one of `only` is open with this reader no more.
    """
    why = whole(reason, limit=REASON_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why the files are handed over."), field="reason")
    held = Assignment.objects.managed_by(user).filter(reviewer=reader, state=AssignmentState.OPEN)
    # Always in the same order, so that two who hand over at once wait for one another and end.
    cases = Case.objects.locked().filter(pk__in=list(held.values_list("case_id", flat=True))).order_by("pk")
    locked = {case.pk for case in cases}
    found = [each for each in files_to_pass_on(reader, user, now=now) if each.row.case_id in locked]
    if only is not None:
        if set(only) - {each.row.public_id for each in found}:
            raise NotOpen(_("Some of these files are open with this reader no more. Look at the list again."))
        found = [each for each in found if each.row.public_id in only]
    if not found:
        raise InvalidInput(_("Choose at least one file."), field="chosen")
    passed = [(each.row, each.taker) for each in found if each.taker is not None]
    given = _pass_on(passed, reason=why, user=user, now=now)
    if given:
        text = gettext_noop("%(count)s files were given to other readers: you need not read them.")
        notify_each(params=counts(row for row, _taker in passed), text=text, url="/reviews/", now=now)
        tell_readers(given, now)
    return HandedOver(tuple(given), tuple(each for each in found if each.taker is None))


def _pass_on(passed: list[tuple[Assignment, User]], *, reason: str, user: User, now: datetime) -> list[Assignment]:
    old = Assignment.objects.filter(pk__in=[row.pk for row, _taker in passed])
    old.update(state=AssignmentState.WITHDRAWN, closing_reason=reason, closed_at=now)
    rows = Assignment.objects.bulk_create(
        Assignment(
            case=row.case,
            sampled_id=row.sampled_id,
            checklist=row.checklist,
            reviewer=taker,
            order=row.order,
            assigned_by=user,
            assigned_at=now,
            due_on=workdays_if_known(today_at(row.case.centre, now), REVIEW_DAYS),
        )
        for row, taker in passed
    )
    open_reviews(rows)
    acts = [Act("reviews.assignment_withdrawn", "reviews.Assignment", str(row.pk)) for row, _taker in passed]
    acts += [Act("reviews.assigned", "reviews.Assignment", str(row.pk), {"reader": row.order}) for row in rows]
    record_many(actor=user.actor, acts=acts, at=now)
    return rows
