"""A reviewer's own marks of a file for practice: saved as often as they like, then handed in for good.

They reach no result and no score, and nobody sees them before the marking is over.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import CoClient
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, NotFound
from reviews.enums import CalibrationState, TrialState
from reviews.marking import total
from reviews.models import CalibrationRound, Trial, TrialMark
from reviews.queries.calibration import still_marking, trial_marks
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.scorecard import values_of
from reviews.services.assignments import check_practice
from reviews.services.calibration.discussion import to_the_panel
from reviews.services.marks import MarkEntry
from reviews.services.own_marks import ChangedElsewhere, checked_form, lacking, store_marks
from reviews.services.results import PLACES
from reviews.services.submission import Unfinished

JOINED: Final = (
    "file__case__centre__settings",
    "file__case__client",
    "file__round__checklist",
    "file__round__centre",
)


class TrialChanged(ChangedElsewhere):
    code = "trial_changed"


class TrialLocked(Conflict):
    code = "trial_locked"


@transaction.atomic
def save_trial(
    *, trial_id: UUID, version: int, entries: Iterable[MarkEntry], comment: str, user: User, now: datetime
) -> Trial:
    """Store the marks and the next version, whole or not at all: nobody waits for another who marks in the round.

    Of two who save one form, and of one who saves it while the marking ends, the version and state of its own row let
    one through.

    :param version: the version they built on.
    :raises NotFound: it is not theirs; :raises TrialLocked: it was handed in, or the marking is over.
    :raises TrialChanged: another device saved since; :raises MarksInvalid: what cannot be taken, each named.
    """
    held, clients = _held(trial_id, user=user)
    standard = standard_of(held.file.round.checklist)
    given, said = checked_form(entries, comment, standard=standard, clients=clients)
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
    held = _locked(trial_id, user=user)
    standard = standard_of(held.file.round.checklist)
    stored = trial_marks(held, standard)
    if version != held.version:
        raise _changed(held, standard)
    check_practice(case=held.file.case, reviewer=user)
    found = lacking(standard.sheet, stored, case=held.file.case)
    if found:
        raise Unfinished(found)
    held.state, held.submitted_at = TrialState.SUBMITTED, now
    held.total = round(total(standard.sheet, values_of(stored)).score, PLACES)
    held.save(update_fields=["state", "submitted_at", "total"])
    record(actor=user.actor, action="reviews.trial_handed_in", subject=held, at=now)
    if not still_marking(held.file.round):
        to_the_panel(held.file.round, actor=user.actor, now=now)
    return held


def _held(trial_id: UUID, *, user: User) -> tuple[Trial, frozenset[str]]:
    """As it stood a moment ago, nobody waiting for another, and the names of the clients, for whom most cases need no
    statement of their own: a form saves itself every few seconds.
    """
    more = CoClient.objects.filter(case=OuterRef("file__case"))
    rows = Trial.objects.held_by(user).select_related(*JOINED).annotate(more_clients=Exists(more))
    found = rows.filter(public_id=trial_id).first()
    if found is None:
        raise NotFound(_("There is no such file for you to mark."))
    _require_open(found)
    case = found.file.case
    return found, client_names(case) if vars(found)["more_clients"] else frozenset({case.client.name})


def _locked(trial_id: UUID, *, user: User) -> Trial:
    """Held until the transaction ends, with its round.

    The round first: of two who hand in the last two files, one finds the other's and calls the panel.
    """
    found, _clients = _held(trial_id, user=user)
    CalibrationRound.objects.select_for_update().get(pk=found.file.round_id)
    row = Trial.objects.select_for_update(of=("self",)).select_related(*JOINED).get(pk=found.pk)
    _require_open(row)
    return row


def _require_open(row: Trial) -> None:
    if row.locked:
        raise TrialLocked(_("You have handed in these marks, and they cannot be changed."))
    if not row.open or row.file.round.state != CalibrationState.MARKING:
        raise TrialLocked(_("The marking of this round is over."))


def _changed(held: Trial, standard: Standard) -> TrialChanged:
    now_stored = Trial.objects.select_related("file__round").get(pk=held.pk)
    _require_open(now_stored)
    return TrialChanged(version=now_stored.version, marks=trial_marks(held, standard), comment=now_stored.comment)
