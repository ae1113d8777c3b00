"""One row that breaks a sweep stops no other: it is left out for a while, a person is told once, then tried again."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from cryptography.fernet import InvalidToken
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict
from qa_service.common.workdays import CalendarYearMissing
from qa_service.notifications.services import notify
from surveys.enums import Fault, Sweep
from surveys.models import SetAside

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

FIRST_WAIT = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=1)
# Where so many of a centre fail in a day it is no single row, and one more notice tells nobody anything new.
MOST_TOLD_A_DAY = 20
# Of these the row is innocent: a database that is away, a calendar or a plan that nobody has entered yet, and whoever
# was faster.
NOT_OF_THE_ROW: Final = (
    OperationalError, InterfaceError, IntegrityError, Conflict, CalendarYearMissing, ObjectDoesNotExist,
)  # fmt: skip
TOLD: Final = {
    Fault.UNREADABLE: gettext_noop(
        "Case %(case)s: what is kept of it cannot be read, so its follow-up does not go on by itself. Tell whoever "
        "runs the service; until it is mended, see to the client yourself."
    ),
    Fault.BROKEN: gettext_noop(
        "Case %(case)s: the service failed at it, so its follow-up does not go on by itself. Tell whoever runs the "
        "service; until it is mended, see to the client yourself."
    ),
}


def alone(act: Callable[[], Result], *, sweep: Sweep, row: int, case_id: int, now: datetime) -> Result | None:
    """What the act on one row comes to; None where it failed, and the row is set aside. It rolls back by itself."""
    try:
        return act()
    except NOT_OF_THE_ROW:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other rows are not to wait for it
        set_aside(sweep=sweep, row=row, case_id=case_id, fault=fault, now=now)
        return None


@transaction.atomic
def set_aside(*, sweep: Sweep, row: int, case_id: int, fault: Exception | None = None, now: datetime) -> None:
    """Leave the row out until its next try. `fault` is None where it cannot be read. Told and logged the first time."""
    unreadable = fault is None or isinstance(fault, InvalidToken)
    kind = Fault.UNREADABLE if unreadable else Fault.BROKEN
    first = {"case_id": case_id, "fault": kind, "since": now, "again_at": now + FIRST_WAIT}
    left_out, new = SetAside.objects.get_or_create(sweep=sweep, row=row, defaults=first)
    if not new:
        left_out.fault, left_out.tries = kind, left_out.tries + 1
        left_out.again_at = now + min(FIRST_WAIT * 2 ** min(left_out.tries - 1, 5), LONGEST_WAIT)
        left_out.save(update_fields=["fault", "tries", "again_at"])
        return
    # Not its words: they may be the row's.
    logger.error("%s: row %d is set aside: %s", sweep, row, type(fault).__name__ if fault else "it cannot be read")
    # What has gone on since is no longer tried, so nothing else takes it off.
    SetAside.objects.filter(again_at__lt=now - 2 * LONGEST_WAIT).delete()
    _tell(Case.with_open.select_related("centre").get(pk=case_id), kind, now=now)


def _tell(case: Case, kind: Fault, *, now: datetime) -> None:
    lately = SetAside.objects.filter(case__centre=case.centre_id, since__gt=now - timedelta(days=1))
    if lately.count() > MOST_TOLD_A_DAY:
        return
    people = {user.pk: user for role in (Role.MANAGER, Role.OPERATOR) for user in people_with(role, case.centre)}
    notify(users=people.values(), text=TOLD[kind], params={"case": case.number}, now=now)
