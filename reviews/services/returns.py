"""Files come back to the managers from whoever may not read them any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.notifications.services import notify
from reviews.enums import AssignmentState
from reviews.models import Assignment
from reviews.queries.readers import held_without_the_role

A_SWEEP = 200
RETURNER = Actor.system("reviews.returns")
ROLE_LOST = gettext_noop("The reader reviews here no more.")
OBJECTION_UPHELD = gettext_noop("An objection to the reader was upheld.")


def take_back_from_who_left(*, now: datetime) -> int:
    """Take their open files from people who hold the role there no more; returns how many.

    Their own doors are shut from the moment the role is gone: this brings the files back to the managers.
    """
    rows = held_without_the_role().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return take_back(rows, why=ROLE_LOST, still=held_without_the_role(), actor=RETURNER, now=now)


def take_back(keys: Iterable[int], *, why: str, still: QuerySet[Assignment], actor: Actor, now: datetime) -> int:
    """Return open files to the managers, each of whom is told of each; returns how many.

    :param still: what must hold of each when its turn comes. Drafts are kept, and passed on to nobody.
    """
    return sum(_take_back(key, why=why, still=still, actor=actor, now=now) for key in list(keys))


@transaction.atomic
def _take_back(key: int, *, why: str, still: QuerySet[Assignment], actor: Actor, now: datetime) -> bool:
    # The case first, as wherever a file is given out, taken back or handed in.
    Case.objects.locked().get(pk=Assignment.objects.values_list("case_id", flat=True).get(pk=key))
    row = still.filter(pk=key, state=AssignmentState.OPEN).select_related("case__centre").first()
    if row is None:
        return False
    Assignment.objects.filter(pk=key).update(state=AssignmentState.RETURNED, closing_reason=why, closed_at=now)
    record(actor=actor, action="reviews.assignment_returned", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, row.case.centre),
        text=gettext_noop("The file %(case)s has come back from its reader. Give it to another."),
        params={"case": row.case.number},
        url="/reviews/assignments?left=1",
        now=now,
    )
    return True
