"""Closing a period: from then on its figures stand still, and what is wrong in them is put right by another version."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import EvidenceChange
from qa_service.common.errors import Conflict, InvalidInput, NotFound
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.calculation import canonical
from scoring.models import ClosedPeriod
from scoring.queries.closing import closed_period, figures_of
from scoring.queries.standings import centres_overseen


class PeriodNotOver(InvalidInput):
    code = "period_not_over"


class PeriodClosed(Conflict):
    """Somebody has closed it; what is wrong in it takes a correction."""

    code = "period_closed"


class StillWeighing(Conflict):
    """Evidence about cases of the period has come that is not weighed yet."""

    code = "still_weighing"


class NothingDifferent(Conflict):
    """The figures of today are those that were closed."""

    code = "nothing_different"


@transaction.atomic
def close_period(*, centre: Organisation, period: Period, user: User, now: datetime) -> ClosedPeriod:
    """Freeze what the centre's cases of the period have come to.

    :raises NotFound: the person does not oversee the centre.
    :raises PeriodNotOver: its last day has not passed at the centre.
    :raises PeriodClosed: it was closed before.
    :raises StillWeighing: some of its cases wait to be weighed.
    """
    held = _held(centre, user)
    if period.end > today_at(held, now):
        raise PeriodNotOver(_("A period can be closed when its last day has passed."), field="period")
    if closed_period(held, period) is not None:
        raise PeriodClosed(_("This period is closed already. What is wrong in it is corrected, with a reason."))
    return _freeze(held, period, version=1, reason="", user=user, now=now)


@transaction.atomic
def correct_period(*, closed: ClosedPeriod, reason: str, user: User, now: datetime) -> ClosedPeriod:
    """Freeze the figures of today as the next version; the former stays as it is.

    :raises NotFound: the person does not oversee the centre.
    :raises InvalidInput: no reason is given.
    :raises PeriodClosed: somebody has corrected it meanwhile.
    :raises NothingDifferent: there is nothing to correct.
    :raises StillWeighing: some of its cases wait to be weighed.
    """
    held = _held(closed.centre, user)
    if not reason.strip():
        raise InvalidInput(_("Say what was wrong: the reason stands beside the figures."), field="reason")
    last = closed_period(held, closed.period)
    if last is None or last.version != closed.version:
        raise PeriodClosed(_("Somebody has corrected this period meanwhile. Read the newest version first."))
    if _digest(held, closed.period) == last.sha256:
        raise NothingDifferent(_("The figures of today are the same: there is nothing to correct."))
    return _freeze(held, closed.period, version=last.version + 1, reason=reason.strip(), user=user, now=now)


def _held(centre: Organisation, user: User) -> Organisation:
    """The centre, locked: of two people who close at once the second sees what the first did."""
    if not centres_overseen(user).filter(pk=centre.pk).exists():
        raise NotFound(_("There is no such centre."))
    return Organisation.objects.select_for_update(no_key=True).get(pk=centre.pk)


def _digest(centre: Organisation, period: Period) -> str:
    return sha256(canonical(figures_of(centre, period).figures)).hexdigest()


def _freeze(
    centre: Organisation, period: Period, *, version: int, reason: str, user: User, now: datetime
) -> ClosedPeriod:
    waiting = EvidenceChange.objects.filter(
        case__centre=centre, case__closed_on__gte=period.start, case__closed_on__lt=period.end
    )
    if waiting.exists():
        raise StillWeighing(_("Some cases of this period are being weighed again. Try once more in a minute."))
    found = figures_of(centre, period)
    content = canonical(found.figures)
    closed = ClosedPeriod.objects.create(
        centre=centre,
        start=period.start,
        end=period.end,
        version=version,
        figures=content.decode(),
        sha256=sha256(content).hexdigest(),
        band_low=found.band.low if found.band else None,
        band_high=found.band.high if found.band else None,
        band_lawyers=found.band.lawyers if found.band else 0,
        reason=reason,
        closed_by=user,
        closed_at=now,
    )
    details = {"start": str(period.start), "end": str(period.end), "version": version}
    record(actor=user.actor, action="scoring.period_closed", subject=closed, details=details, at=now)
    return closed
