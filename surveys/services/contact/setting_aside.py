"""One row that breaks a sweep stops no other: it is left out for a while, a person is told once, then tried again."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from cryptography.fernet import InvalidToken
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict
from qa_service.common.workdays import CalendarYearMissing
from qa_service.notifications.services import notify
from qa_service.organisations.models import Organisation
from surveys.enums import Fault, MessageState, Sweep
from surveys.models import Message, SetAside

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


# To operators alone: neither the case nor what it is about.
TOLD_OF_NO_CASE: Final = gettext_noop(
    "%(place)s: the service failed at something that it does by itself, and leaves it out for a while. Look at what is "
    "set aside."
)
PAGE: Final = "/surveys/set-aside/"


def alone(
    act: Callable[[], Result],
    *,
    sweep: Sweep,
    row: int,
    case_id: int | None = None,
    centre_id: int | None = None,
    now: datetime,
) -> Result | None:
    """What the act on one row comes to; None where it failed, and the row is set aside. It rolls back by itself.

    `centre_id`: in place of the case, where that there is such a matter is not everybody's to know.
    """
    try:
        return act()
    except NOT_OF_THE_ROW:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other rows are not to wait for it
        set_aside(sweep=sweep, row=row, case_id=case_id, centre_id=centre_id, fault=fault, now=now)
        return None


def together(
    act: Callable[[Sequence[int]], Result], cases: Mapping[int, int], *, sweep: Sweep, now: datetime
) -> tuple[Result | None, int]:
    """What the act on several rows at once comes to, and how many of them are set aside.

    Where it fails each is tried by itself and undone, so that those which fail are left out and the others still go in
    one: whoever is written to gets one letter.

    :param cases: the case of each row.
    :raises Exception: as the act, of rows none of which fails by itself.
    """
    try:
        return act(list(cases)), 0
    except NOT_OF_THE_ROW:
        raise
    except Exception:  # noqa: BLE001 - whichever row it is, the others are not to wait for it
        trials = {row: partial(_tried, act, row) for row in cases}
    sound = [row for row, case in cases.items() if alone(trials[row], sweep=sweep, row=row, case_id=case, now=now)]
    return act(sound) if sound else None, len(cases) - len(sound)


def _tried(act: Callable[[Sequence[int]], object], row: int) -> bool:
    with transaction.atomic():
        act([row])
        transaction.set_rollback(True)
    return True


@transaction.atomic
def set_aside(
    *,
    sweep: Sweep,
    row: int,
    case_id: int | None = None,
    centre_id: int | None = None,
    fault: Exception | None = None,
    now: datetime,
) -> SetAside:
    """Leave the row out until its next try. Told and logged the first time.

    `fault` is None where it cannot be read.
    """
    if case_id is None and centre_id is None:
        raise ValueError("A row is of a case or of a centre.")
    case = None if case_id is None else Case.with_open.select_related("centre").get(pk=case_id)
    place = case.centre if case else Organisation.objects.get(pk=centre_id or 0)
    unreadable = fault is None or isinstance(fault, InvalidToken)
    kind = Fault.UNREADABLE if unreadable else Fault.BROKEN
    first = {"centre": place, "case": case, "fault": kind, "since": now, "again_at": now + FIRST_WAIT}
    left_out, new = SetAside.objects.get_or_create(sweep=sweep, row=row, defaults=first)
    if not new:
        left_out.fault, left_out.tries = kind, left_out.tries + 1
        left_out.again_at = now + min(FIRST_WAIT * 2 ** min(left_out.tries - 1, 5), LONGEST_WAIT)
        left_out.save(update_fields=["fault", "tries", "again_at"])
        return left_out
    # Not its words: they may be the row's.
    logger.error("%s: row %d is set aside: %s", sweep, row, type(fault).__name__ if fault else "it cannot be read")
    # What has gone on since is no longer tried, so nothing else takes it off.
    SetAside.objects.filter(again_at__lt=now - 2 * LONGEST_WAIT).delete()
    _tell(place, case, kind, now=now)
    return left_out


def _tell(place: Organisation, case: Case | None, kind: Fault, *, now: datetime) -> None:
    lately = SetAside.objects.filter(centre=place, since__gt=now - timedelta(days=1))
    if lately.count() > MOST_TOLD_A_DAY:
        return
    roles = (Role.MANAGER, Role.OPERATOR) if case else (Role.OPERATOR,)
    people = {user.pk: user for role in roles for user in people_with(role, place)}
    text, params = (TOLD[kind], {"case": case.number}) if case else (TOLD_OF_NO_CASE, {"place": place.name})
    notify(users=people.values(), text=text, params=params, url=PAGE, now=now)


@transaction.atomic
def try_again(*, user: User, row: SetAside, now: datetime) -> None:
    """Have it tried by the next sweep. A row that was mended goes on; one that was not is left out anew."""
    SetAside.objects.filter(pk=row.pk, again_at__gt=now).update(again_at=now)
    if row.sweep == Sweep.DELIVER:
        Message.objects.filter(pk=row.row, state=MessageState.QUEUED, not_before__gt=now).update(not_before=now)
    record(actor=user.actor, action="surveys.tried_again", subject=row, details={"sweep": row.sweep}, at=now)
