"""Who observes a hearing: named and taken off by the centre. Whoever is tied to the case does not."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import reached_paths
from qa_service.audit.services import record
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from reviews.enums import HearingState, ObservationState
from reviews.models import Hearing, Observation
from reviews.queries.hearings import observers_of
from reviews.queries.reviewers import ties
from reviews.services.assignments import require_untied
from reviews.services.words import typed, whole

REASON_LIMIT = 200
MY_HEARINGS = "/reviews/my-hearings"


class ObserverTied(Conflict):
    code = "observer_tied"


class HearingTookPlace(Conflict):
    """Somebody was there and has handed in what they saw."""

    code = "hearing_took_place"


class NotObserved(Conflict):
    """The hearing was recorded or is not observed any more."""

    code = "hearing_closed"


@transaction.atomic
def name_observer(*, hearing: Hearing, observer: User, user: User, now: datetime) -> Observation:
    """Once named, naming them again changes nothing.

    :raises ObserverTied: they handled the case or are tied to who did; :raises NotObserved: see there.
    :raises NotTheirsToGive: `user` has such a tie.
    """
    held = planned_hearing(hearing, user=user)
    if observer not in observers_of(held.case.centre):
        raise InvalidInput(_("This person does not observe hearings for this centre."), field="observer")
    standing = held.observations.filter(observer=observer).exclude(state=ObservationState.WITHDRAWN).first()
    if standing is not None:
        return standing
    if ties(case=held.case, person=observer):
        raise ObserverTied(_("This person has a tie to the case and may not observe its hearing."))
    row = Observation.objects.create(hearing=held, observer=observer, named_at=now)
    record(actor=user.actor, action="reviews.observer_named", subject=row, at=now)
    tell_observers([row], now=now)
    return row


@transaction.atomic
def take_off_observer(*, observation: Observation, user: User, now: datetime) -> None:
    """They are told. What they typed so far stays with them and counts for nothing.

    :raises NotObserved: they have handed in their marks, or the hearing is closed.
    """
    held = planned_hearing(observation.hearing, user=user)
    open_one = Observation.objects.filter(pk=observation.pk, state=ObservationState.OPEN)
    if not open_one.update(state=ObservationState.WITHDRAWN):
        raise NotObserved(_("This observer has handed in their marks, which stand."))
    record(actor=user.actor, action="reviews.observer_taken_off", subject=observation, at=now)
    _need_not_go([observation], held, by=user, now=now)


@transaction.atomic
def cancel_hearing(*, hearing: Hearing, reason: str, user: User, now: datetime) -> Hearing:
    """It is not observed: put off, closed to the public, nobody could go. A hearing put off can be planned anew.

    Who was to observe it is told. Once an observer has handed in what they saw, the centre does not lay it aside: the
    bureau does, where it was handed in by mistake.

    :raises NotObserved, HearingTookPlace: see there; :raises InvalidInput: no reason is given.
    """
    if not typed(reason):
        raise InvalidInput(_("Say why the hearing is not observed."), field="reason")
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    held = planned_hearing(hearing, user=user)
    observers = list(held.observations.exclude(state=ObservationState.WITHDRAWN).select_related("observer"))
    if any(row.locked for row in observers) and not lays_aside(held, user):
        raise HearingTookPlace(
            _("An observer has handed in their marks: record the hearing. Only the bureau lays them aside.")
        )
    held.state, held.note, held.closed_by, held.closed_at = HearingState.CANCELLED, said, user, now
    held.save(update_fields=["state", "note", "closed_by", "closed_at"])
    record(actor=user.actor, action="reviews.hearing_cancelled", subject=held, at=now)
    evidence_changed(held.case_id)
    _need_not_go([row for row in observers if not row.locked], held, by=user, now=now)
    return held


def lays_aside(hearing: Hearing, user: User) -> bool:
    """Whether marks that were handed in may be laid aside by this person."""
    return any(hearing.case.centre.path.startswith(path) for path in reached_paths(user, Role.SUPERVISOR))


def _need_not_go(observations: Iterable[Observation], hearing: Hearing, *, by: User, now: datetime) -> None:
    notify(
        users=[row.observer for row in observations if row.observer_id != by.pk],
        text=gettext_noop("You need not go to the hearing of %(case)s on %(day)s: you do not observe it any more."),
        params={"case": hearing.case.number, "day": hearing.held_on.isoformat()},
        url=MY_HEARINGS,
        now=now,
    )


def planned_hearing(hearing: Hearing, *, user: User) -> Hearing:
    """The hearing, its row held until the transaction ends; who handled its case does nothing about it."""
    held = Hearing.objects.select_for_update(of=("self",)).select_related("case__centre").get(pk=hearing.pk)
    require_untied(case=held.case, user=user)
    if held.state != HearingState.PLANNED:
        raise NotObserved(_("This hearing is closed: it was recorded, or is not observed."))
    return held


def tell_observers(observations: Iterable[Observation], *, now: datetime) -> None:
    """One line each, however many hearings."""
    people = {row.observer_id: row.observer for row in observations}
    counted = Counter(row.observer_id for row in observations)
    for pk, person in people.items():
        notify(
            users=[person],
            text=gettext_noop("You are to observe hearings: %(count)s new."),
            params={"count": counted[pk]},
            url=MY_HEARINGS,
            now=now,
        )
