"""Observers who observe here no more: they are taken off, and the managers name others."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from reviews.enums import HearingState, ObservationState
from reviews.models import Hearing, Observation
from reviews.queries.hearings import observing_without_the_role

A_SWEEP = 200
TAKER_OFF = Actor.system("reviews.observers")


def take_off_who_left(*, now: datetime) -> int:
    """Of hearings still to be observed; marks that were handed in stand. Returns how many.

    Their own doors are shut from the moment the role is gone: this tells the managers that somebody is missing.
    """
    keys = observing_without_the_role().order_by("pk").values_list("pk", "hearing_id")[:A_SWEEP]
    return sum(_take_off(key, hearing_id, now=now) for key, hearing_id in list(keys))


@transaction.atomic
def _take_off(key: int, hearing_id: int, *, now: datetime) -> bool:
    # The hearing first, as wherever an observer is named or taken off.
    hearings = Hearing.objects.select_for_update(of=("self",)).select_related("case__centre")
    hearing = hearings.get(pk=hearing_id)
    row = observing_without_the_role().filter(pk=key).first()
    if row is None or hearing.state != HearingState.PLANNED:
        return False
    Observation.objects.filter(pk=key).update(state=ObservationState.WITHDRAWN)
    record(actor=TAKER_OFF, action="reviews.observer_taken_off", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, hearing.case.centre),
        text=gettext_noop("Somebody who was to observe the hearing of %(case)s observes here no more. Name another."),
        params={"case": hearing.case.number},
        url=f"/reviews/hearings/{hearing.public_id}",
        now=now,
    )
    return True
