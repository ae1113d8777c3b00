"""An observer's own marks: saved as often as they like, from wherever there is a network, then handed in for good."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, NotFound
from qa_service.organisations.queries import today_at
from reviews.enums import HearingState, ObservationState
from reviews.marking import defects, total
from reviews.models import Observation, ObservedMark
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.hearings import observed_marks
from reviews.queries.reviewers import ties
from reviews.queries.scorecard import values_of
from reviews.services.hearings.observers import ObserverTied
from reviews.services.marks import MarkEntry
from reviews.services.own_marks import ChangedElsewhere, checked_form, store_marks, without_pages
from reviews.services.results import PLACES
from reviews.services.submission import Unfinished


class ObservationChanged(ChangedElsewhere):
    code = "observation_changed"


class ObservationLocked(Conflict):
    code = "observation_locked"


class HearingToCome(Conflict):
    """Nobody has seen yet what would be marked."""

    code = "hearing_to_come"


@transaction.atomic
def save_observation(
    *, observation_id: UUID, version: int, entries: Iterable[MarkEntry], comment: str, user: User, now: datetime
) -> Observation:
    """Store the marks and the next version, whole or not at all.

    :param version: the version the observer built on.
    :raises NotFound: it is not theirs; :raises ObservationLocked: it was handed in, or the hearing is closed.
    :raises ObservationChanged: another device saved since; :raises MarksInvalid: what cannot be taken, each named.
    """
    held = _held(observation_id, user=user)
    standard = standard_of(held.hearing.checklist)
    given, said = checked_form(entries, comment, standard=standard, clients=client_names(held.hearing.case))
    unchanged = Observation.objects.filter(pk=held.pk, version=version, state=ObservationState.OPEN)
    if not unchanged.update(version=version + 1, saved_at=now, comment=said):
        raise _changed(held, standard)
    store_marks(ObservedMark, given=given, standard=standard, observation=held)
    record(actor=user.actor, action="reviews.observed", subject=held, details={"version": version + 1}, at=now)
    held.version, held.saved_at, held.comment = version + 1, now, said
    return held


@transaction.atomic
def submit_observation(*, observation_id: UUID, version: int, user: User, now: datetime) -> Observation:
    """Lock the marks; who observes the same hearing sees them once all have handed in.

    :raises Unfinished: an item has no mark, or a deduction no reason; and as `save_observation`.
    :raises ObserverTied: a tie to the case has come up since they were named.
    :raises HearingToCome: the day of the hearing has not begun at the centre.
    """
    held = _held(observation_id, user=user)
    if held.hearing.held_on > today_at(held.hearing.case.centre, now):
        raise HearingToCome(_("The hearing has not taken place. Hand your marks in on its day or later."))
    standard = standard_of(held.hearing.checklist)
    stored = observed_marks(held, standard)
    if version != held.version:
        raise _changed(held, standard)
    if ties(case=held.hearing.case, person=user):
        raise ObserverTied(_("This person has a tie to the case and may not observe its hearing."))
    marks = values_of(stored)
    found = without_pages(defects(standard.sheet, marks))
    if found:
        raise Unfinished(found)
    held.state, held.submitted_at = ObservationState.SUBMITTED, now
    held.total = round(total(standard.sheet, marks).score, PLACES)
    held.save(update_fields=["state", "submitted_at", "total"])
    record(actor=user.actor, action="reviews.observation_handed_in", subject=held, at=now)
    return held


def _held(observation_id: UUID, *, user: User) -> Observation:
    rows = Observation.objects.held_by(user).select_for_update(of=("self",))
    row = rows.select_related("hearing__case__centre", "hearing__checklist").filter(public_id=observation_id).first()
    if row is None:
        raise NotFound(_("There is no such hearing for you to observe."))
    if row.locked:
        raise ObservationLocked(_("You have handed in these marks, and they cannot be changed."))
    if row.hearing.state != HearingState.PLANNED:
        raise ObservationLocked(_("This hearing is closed: it was recorded, or is not observed."))
    return row


def _changed(held: Observation, standard: Standard) -> ObservationChanged:
    now_stored = Observation.objects.get(pk=held.pk)
    marks = observed_marks(held, standard)
    return ObservationChanged(version=now_stored.version, marks=marks, comment=now_stored.comment)
