"""Setting what a centre is to reach in a year, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput, NotFound
from qa_service.organisations.models import Organisation
from scoring.enums import TargetMeasure
from scoring.models import YearTarget
from scoring.queries.standings import centres_overseen


@dataclass(frozen=True, slots=True)
class Wanted:
    """Either `growth` in percent over the year before, or `amount`; of all, or of one type or group."""

    measure: TargetMeasure
    growth: Decimal | None = None
    amount: Decimal | None = None
    case_type: str = ""
    group: str = ""


@transaction.atomic
def set_target(*, centre: Organisation, year: int, wanted: Wanted, user: User, now: datetime) -> YearTarget:
    """Set, or set anew: of the same figure of a year there is one target.

    :raises NotFound: the person does not oversee the centre.
    :raises InvalidInput: both growth and amount are given or neither, or a type and a group.
    """
    held = _held(centre, user)
    if (wanted.growth is None) == (wanted.amount is None):
        raise InvalidInput(_("Give either the growth in percent or the figure to be reached."), field="growth")
    if wanted.case_type and wanted.group:
        raise InvalidInput(_("A target is of a type of case or of a group of clients, not of both."), field="group")
    target, _new = YearTarget.objects.update_or_create(
        centre=held,
        year=year,
        measure=wanted.measure,
        case_type=wanted.case_type,
        group=wanted.group,
        defaults={"growth": wanted.growth, "amount": wanted.amount, "set_by": user, "set_at": now},
    )
    record(actor=user.actor, action="scoring.target_set", subject=target, at=now)
    return target


@transaction.atomic
def drop_target(*, target: YearTarget, user: User, now: datetime) -> None:
    """:raises NotFound: the person does not oversee the centre, or somebody has dropped it meanwhile."""
    _held(target.centre, user)
    found = YearTarget.objects.select_for_update().filter(pk=target.pk).first()
    if found is None:
        raise NotFound(_("There is no such target any more."))
    record(actor=user.actor, action="scoring.target_dropped", subject=found, at=now)
    found.delete()


def _held(centre: Organisation, user: User) -> Organisation:
    found = centres_overseen(user).filter(pk=centre.pk).first()
    if found is None:
        raise NotFound(_("There is no such centre."))
    return found
