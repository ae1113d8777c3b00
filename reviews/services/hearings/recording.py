"""The record of a hearing: what its observers agree on once each has handed in and they have talked it over."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.queries import client_names
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.errors import Conflict, InvalidInput
from reviews.enums import HearingState
from reviews.marking import defects, total
from reviews.models import Hearing, RecordedMark
from reviews.queries.checklists import standard_of
from reviews.queries.hearings import all_handed_in, standing_observations, tied_among
from reviews.queries.scorecard import MARKED, values_of
from reviews.services.hearings.observers import ObserverTied, planned_hearing
from reviews.services.marks import COMMENT_LIMIT, MarkEntry, checked_entries
from reviews.services.own_marks import without_pages
from reviews.services.results import PLACES
from reviews.services.submission import Unfinished
from reviews.services.words import require_quotable, whole


class NotAllHandedIn(Conflict):
    code = "not_all_handed_in"


@transaction.atomic
def record_hearing(*, hearing: Hearing, entries: Iterable[MarkEntry], note: str, user: User, now: datetime) -> Hearing:
    """Write the merged marks and the note of the discussion, for good. The case is weighed anew.

    Ties are asked again of every observer: who has one by now has no part in the record.

    :raises NotAllHandedIn: an observer still marks: nobody sees another's marks before that.
    :raises ObserverTied: all who observed are tied to the case by now.
    :raises InvalidInput: several observed, and nothing says what came of their discussion.
    :raises Unfinished: an item has no mark, or a deduction no reason; :raises NotObserved: it is closed.
    """
    held = planned_hearing(hearing, user=user)
    observations = standing_observations(held)
    if not all_handed_in(observations):
        raise NotAllHandedIn(_("Not all observers have handed in their marks."))
    tied = tied_among(observations, held.case)
    if len(tied) == len(observations):
        raise ObserverTied(
            _("Who observed this hearing has come to be tied to the case. The bureau lays the hearing aside.")
        )
    clients = client_names(held.case)
    said = whole(note, limit=COMMENT_LIMIT, field="note")
    require_quotable(said, clients=clients, field="note")
    if len(observations) - len(tied) > 1 and not said:
        raise InvalidInput(_("Say in a few words what came of the discussion."), field="note")
    standard = standard_of(held.checklist)
    given = checked_entries(entries, standard, clients=clients)
    marks = values_of(given)
    found = without_pages(defects(standard.sheet, marks))
    if found:
        raise Unfinished(found)
    RecordedMark.objects.bulk_create(
        RecordedMark(hearing=held, item=standard.items[code], **{name: mark[name] for name in MARKED})
        for code, mark in given.items()
    )
    held.state, held.note, held.closed_by, held.closed_at = HearingState.RECORDED, said, user, now
    held.total = round(total(standard.sheet, marks).score, PLACES)
    held.save(update_fields=["state", "note", "closed_by", "closed_at", "total"])
    record(actor=user.actor, action="reviews.hearing_recorded", subject=held, at=now)
    evidence_changed(held.case_id)
    return held
