"""The panel: it sees all marks once the marking is over, agrees on one for each item with a reason, and closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.notifications.services import notify
from reviews.enums import OPEN_ROUNDS, CalibrationState, TrialState
from reviews.models import AgreedMark, CalibrationFile, CalibrationRound, Trial
from reviews.queries.checklists import anchors_of, standard_of
from reviews.queries.reviewers import ties
from reviews.services.words import require_quotable, whole

REASON_LIMIT: Final = 500
NOTE_LIMIT: Final = 2000
CALLED_OFF_LIMIT: Final = 200


class RoundNotOpen(Conflict):
    code = "round_not_open"


class AgreementChanged(Conflict):
    """Somebody else saved first; `version` is the one to build on."""

    code = "agreement_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            _("Somebody else has saved this file since. What you typed is here; saved again, it stands."),
            version=version,
        )
        self.version = version


class NotAllAgreed(Conflict):
    code = "not_all_agreed"


@dataclass(frozen=True, slots=True)
class AgreedEntry:
    """What the panel says of one item; an item of which it says nothing yet has no anchor."""

    item: str
    anchor: str
    reason: str


@transaction.atomic
def end_marking(*, round_: CalibrationRound, user: User, now: datetime) -> CalibrationRound:
    """What was not handed in is missing from now on, and the panel sees the rest.

    :raises RoundNotOpen: the marking is over; :raises NotAllAgreed: of some file nobody has handed in anything.
    """
    held = _held(round_, CalibrationState.MARKING)
    handed_in = Trial.objects.filter(file__round=held, state=TrialState.SUBMITTED)
    if held.files.exclude(pk__in=handed_in.values("file")).exists():
        raise NotAllAgreed(_("Of one file nobody has handed in marks yet."))
    to_the_panel(held, actor=user.actor, now=now)
    return held


def to_the_panel(round_: CalibrationRound, *, actor: Actor, now: datetime) -> None:
    """In the transaction that ended the marking, which holds the round."""
    Trial.objects.filter(file__round=round_, state=TrialState.OPEN).update(state=TrialState.MISSING)
    round_.state = CalibrationState.DISCUSSION
    round_.save(update_fields=["state"])
    record(actor=actor, action="reviews.calibration_marked", subject=round_, at=now)
    notify(
        users=_panel(round_),
        text=gettext_noop("The marks of the calibration round %(name)s are in: the panel may talk them over."),
        params={"name": round_.name},
        url=f"/reviews/calibrations/{round_.public_id}",
        now=now,
    )


@transaction.atomic
def agree_on_file(
    *, file: CalibrationFile, version: int, entries: Iterable[AgreedEntry], note: str, user: User, now: datetime
) -> CalibrationFile:
    """Store what the panel agreed on so far, and the record of its discussion.

    :param version: the version that was built on.
    :raises RoundNotOpen: the panel has not begun, or has closed; :raises AgreementChanged: somebody saved since.
    :raises InvalidInput: an anchor the item does not have, a mark without a reason, a text too long or naming a client.
    :raises NotPermitted: the person does not sit on the panel, or has a tie to the case.
    """
    held = _held(file.round, CalibrationState.DISCUSSION)
    _require_on_panel(held, user)
    row = CalibrationFile.objects.select_related("case__client").get(pk=file.pk)
    _require_untied(row.case, user)
    if version != row.version:
        raise AgreementChanged(row.version)
    clients = client_names(row.case)
    said = whole(note, limit=NOTE_LIMIT, field="note")
    require_quotable(said, clients=clients, field="note")
    standard = standard_of(held.checklist)
    given = {entry.item: entry for entry in entries if entry.anchor}
    rows = []
    for code, entry in given.items():
        item = standard.items.get(code)
        if item is None or entry.anchor not in anchors_of(item):
            raise InvalidInput(_("Choose one of the anchors."), field=f"{code}.anchor")
        reason = whole(entry.reason, limit=REASON_LIMIT, field=f"{code}.reason")
        if not reason:
            message = _("Say at %(item)s why the panel agreed on this mark.") % {"item": code}
            raise InvalidInput(message, field=f"{code}.reason")
        require_quotable(reason, clients=clients, field=f"{code}.reason")
        rows.append(AgreedMark(file=row, item=item, anchor=entry.anchor, reason=reason))
    AgreedMark.objects.filter(file=row).exclude(item__code__in=list(given)).delete()
    AgreedMark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["file", "item"], update_fields=["anchor", "reason"]
    )
    row.version, row.note = version + 1, said
    row.save(update_fields=["version", "note"])
    record(actor=user.actor, action="reviews.calibration_agreed", subject=row, details={"items": len(rows)}, at=now)
    return row


@transaction.atomic
def close_round(*, round_: CalibrationRound, user: User, now: datetime) -> CalibrationRound:
    """Everything of it stands from now on; each reader is told how near they came.

    :raises RoundNotOpen: it is not with the panel; :raises NotAllAgreed: an item or the record of a file is open.
    :raises NotPermitted: the person does not sit on the panel, or has a tie to one of the files.
    """
    held = _held(round_, CalibrationState.DISCUSSION)
    _require_on_panel(held, user)
    expected = len(standard_of(held.checklist).items)
    lacking = []
    for file in held.files.select_related("case").order_by("pk"):
        _require_untied(file.case, user)
        if not file.note or AgreedMark.objects.filter(file=file).count() < expected:
            lacking.append(file.case.number)
    if lacking:
        message = _("Items without an agreed mark, or no record of the discussion: %(cases)s.")
        raise NotAllAgreed(message % {"cases": str(_(", ")).join(lacking)})
    _end(held, CalibrationState.CLOSED, user=user, now=now)
    notify(
        users=_readers(held),
        text=gettext_noop("The calibration round %(name)s is closed: see how near you came to what the panel agreed."),
        params={"name": held.name},
        url="/reviews/my-calibrations",
        now=now,
    )
    return held


@transaction.atomic
def call_off(*, round_: CalibrationRound, reason: str, user: User, now: datetime) -> CalibrationRound:
    """Nothing comes of it, and nobody marks any more.

    :raises InvalidInput: no reason is given; :raises RoundNotOpen: it is closed or was called off.
    """
    held = _held(round_, *OPEN_ROUNDS)
    why = whole(reason, limit=CALLED_OFF_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why the round is called off."), field="reason")
    for file in held.files.select_related("case__client"):
        require_quotable(why, clients=client_names(file.case), field="reason")
    held.reason = why
    _end(held, CalibrationState.CANCELLED, user=user, now=now)
    return held


def _held(round_: CalibrationRound, *states: CalibrationState) -> CalibrationRound:
    row = CalibrationRound.objects.select_for_update(of=("self",)).select_related("checklist").get(pk=round_.pk)
    if row.state not in states:
        raise RoundNotOpen(_("The round is no longer, or not yet, at this step."))
    return row


def _end(row: CalibrationRound, state: CalibrationState, *, user: User, now: datetime) -> None:
    row.state, row.closed_by, row.closed_at = state, user, now
    row.save(update_fields=["state", "reason", "closed_by", "closed_at"])
    record(actor=user.actor, action=f"reviews.calibration_{state}", subject=row, at=now)


def _require_on_panel(round_: CalibrationRound, user: User) -> None:
    """Who opened the round chose them, and none of them marks in it: nobody settles what they marked themself."""
    if not round_.panelists.filter(person=user).exists():
        raise NotPermitted(_("The panel of the round settles its marks, and nobody else."))


def _require_untied(case: Case, user: User) -> None:
    if ties(case=case, person=user):
        raise NotPermitted(_("You have a tie to the lawyer or firm of this case. Somebody else must see to it."))


def _panel(round_: CalibrationRound) -> Sequence[User]:
    return list(User.objects.filter(pk__in=round_.panelists.values("person")))


def _readers(round_: CalibrationRound) -> Sequence[User]:
    return list(User.objects.filter(pk__in=Trial.objects.filter(file__round=round_).values("reviewer")))
