"""A reviewer's own marks of a file for practice: saved as often as they like, then handed in for good.

They reach no result and no score, and nobody sees them before the marking is over.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, NotFound
from reviews.enums import CalibrationState, TrialState
from reviews.marking import total
from reviews.models import CalibrationRound, Trial, TrialMark
from reviews.queries.calibration import still_marking, trial_marks
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.scorecard import values_of
from reviews.services.assignments import check_conflicts
from reviews.services.calibration.discussion import to_the_panel
from reviews.services.marks import MarkEntry
from reviews.services.own_marks import ChangedElsewhere, checked_form, lacking, store_marks
from reviews.services.results import PLACES
from reviews.services.submission import Unfinished


class TrialChanged(ChangedElsewhere):
    code = "trial_changed"


class TrialLocked(Conflict):
    code = "trial_locked"


@transaction.atomic
def save_trial(
    *, trial_id: UUID, version: int, entries: Iterable[MarkEntry], comment: str, user: User, now: datetime
) -> Trial:
    """Store the marks and the next version, whole or not at all.

    :param version: the version they built on.
    :raises NotFound: it is not theirs; :raises TrialLocked: it was handed in, or the marking is over.
    :raises TrialChanged: another device saved since; :raises MarksInvalid: what cannot be taken, each named.
    """
    held = _held(trial_id, user=user)
    standard = standard_of(held.file.round.checklist)
    given, said = checked_form(entries, comment, standard=standard, case=held.file.case)
    unchanged = Trial.objects.filter(pk=held.pk, version=version, state=TrialState.OPEN)
    if not unchanged.update(version=version + 1, saved_at=now, comment=said):
        raise _changed(held, standard)
    store_marks(TrialMark, given=given, standard=standard, trial=held)
    record(actor=user.actor, action="reviews.trial_marked", subject=held, details={"version": version + 1}, at=now)
    held.version, held.saved_at, held.comment = version + 1, now, said
    return held


@transaction.atomic
def submit_trial(*, trial_id: UUID, version: int, user: User, now: datetime) -> Trial:
    """Lock the marks. With the last of the round the panel is called.

    :raises Unfinished: an item has no mark, or a deduction neither reason nor words; and as `save_trial`.
    :raises ConflictOfInterest: a tie to the case has come up.
    """
    held = _held(trial_id, user=user)
    standard = standard_of(held.file.round.checklist)
    stored = trial_marks(held, standard)
    if version != held.version:
        raise _changed(held, standard)
    check_conflicts(case=held.file.case, reviewer=user)
    found = lacking(standard.sheet, stored)
    if found:
        raise Unfinished(found)
    held.state, held.submitted_at = TrialState.SUBMITTED, now
    held.total = round(total(standard.sheet, values_of(stored)).score, PLACES)
    held.save(update_fields=["state", "submitted_at", "total"])
    record(actor=user.actor, action="reviews.trial_handed_in", subject=held, at=now)
    if not still_marking(held.file.round):
        to_the_panel(held.file.round, actor=user.actor, now=now)
    return held


def _held(trial_id: UUID, *, user: User) -> Trial:
    rows = Trial.objects.held_by(user).filter(public_id=trial_id).select_related("file__round")
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such file for you to mark."))
    # The round first: of two who hand in the last two files, one finds the other's and calls the panel.
    CalibrationRound.objects.select_for_update().get(pk=found.file.round_id)
    row = (
        Trial.objects.select_for_update(of=("self",))
        .select_related(
            "file__case__centre__settings", "file__case__client", "file__round__checklist", "file__round__centre"
        )
        .get(pk=found.pk)
    )
    if row.locked:
        raise TrialLocked(_("You have handed in these marks, and they cannot be changed."))
    if not row.open or row.file.round.state != CalibrationState.MARKING:
        raise TrialLocked(_("The marking of this round is over."))
    return row


def _changed(held: Trial, standard: Standard) -> TrialChanged:
    now_stored = Trial.objects.get(pk=held.pk)
    return TrialChanged(version=now_stored.version, marks=trial_marks(held, standard), comment=now_stored.comment)
