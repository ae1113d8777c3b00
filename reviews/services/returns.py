"""Files come back to the managers from whoever may not read them any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.notifications.services import notify
from reviews.enums import AssignmentState
from reviews.models import Assignment
from reviews.queries.readers import held_without_the_role
from reviews.queries.tied import held_while_tied

A_SWEEP = 200
RETURNER = Actor.system("reviews.returns")
ROLE_LOST = gettext_noop("The reader reviews here no more.")
OBJECTION_UPHELD = gettext_noop("An objection to the reader was upheld.")
DECLARED = gettext_noop("The reader has declared a relation to the lawyer or firm.")
CAME_BACK = gettext_noop("The file %(case)s has come back from its reader. Give it to another.")
TIED = gettext_noop("The reader may not read this file any more: a tie to it has come to be.")


def take_back_from_who_left(*, now: datetime) -> int:
    """Take their open files from people who hold the role there no more; returns how many.

    Their own doors are shut from the moment the role is gone: this brings the files back to the managers.
    """
    rows = held_without_the_role().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return len(take_back(rows, why=ROLE_LOST, still=held_without_the_role(), actor=RETURNER, now=now))


def take_back_from_who_is_tied(*, now: datetime) -> int:
    """Take open files from readers who came to be tied to them since: by a change of firm, or by what others entered.

    Returns how many. Their workspace is shut from the moment of the tie, and so is handing in.
    """
    rows = held_while_tied().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return len(take_back(rows, why=TIED, still=held_while_tied(), actor=RETURNER, now=now))


def take_back(
    keys: Iterable[int], *, why: str, still: QuerySet[Assignment], actor: Actor, by: User | None = None, now: datetime
) -> list[Assignment]:
    """Return open files to the managers, each of whom is told of each; returns those that were.

    :param still: what must hold of each when its turn comes. Drafts are kept, and passed on to nobody.
    :param by: who did it themself, and is not told.
    """
    found = [_take_back(key, why=why, still=still, actor=actor, by=by, now=now) for key in list(keys)]
    return [row for row in found if row is not None]


@transaction.atomic
def _take_back(
    key: int, *, why: str, still: QuerySet[Assignment], actor: Actor, by: User | None, now: datetime
) -> Assignment | None:
    # The case first, as wherever a file is given out, taken back or handed in.
    Case.objects.locked().get(pk=Assignment.objects.values_list("case_id", flat=True).get(pk=key))
    row = still.filter(pk=key, state=AssignmentState.OPEN).select_related("case__centre").first()
    if row is None:
        return None
    Assignment.objects.filter(pk=key).update(state=AssignmentState.RETURNED, closing_reason=why, closed_at=now)
    record(actor=actor, action="reviews.assignment_returned", subject=row, at=now)
    tell_who_gives_out(row, CAME_BACK, by, now)
    return row


def tell_who_gives_out(row: Assignment, text: str, by: User | None, now: datetime) -> None:
    """Whoever gave it out may be away, or manage here no more; a supervisor who did is told beside the managers."""
    centre = row.case.centre
    assigner = people_with(Role.SUPERVISOR, centre).filter(pk=row.assigned_by_id)
    told = people_with(Role.MANAGER, centre) | assigner
    notify(
        users=told.exclude(pk=by.pk) if by else told,
        text=text,
        params={"case": row.case.number},
        url="/reviews/assignments?left=1",
        now=now,
    )
