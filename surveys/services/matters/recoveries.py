"""What is done about an unhappy client: opened by the answer, carried on step by step, signed off by somebody else."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.services import clear_risk_flag, evidence_changed
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from surveys import recovery as rules
from surveys.enums import AlertState, Concern, Finding, RecoveryAct, RecoveryEnd, RecoveryState
from surveys.models import Alert, Recovery, RecoveryStep
from surveys.queries.recoveries import handlers_of, may_sign
from surveys.services.inviting.second_question import ask_again, end_question

LONGEST_NOTE = 2000
NOTED = frozenset({RecoveryAct.VERIFY, RecoveryAct.FIX, RecoveryAct.TELL, RecoveryAct.SEND_BACK})
OURSELVES = Actor.system("surveys.recovery")


class RecoveryMoved(Conflict):
    """The step does not follow from where the matter stands now."""

    code = "recovery_moved"


class NotYoursToSign(NotPermitted):
    code = "not_yours_to_sign"


@dataclass(frozen=True, slots=True)
class StepInput:
    """What goes with a step: words for most, a finding for the verification."""

    note: str = ""
    finding: Finding | None = None

    def __repr__(self) -> str:
        return "StepInput(…)"


def open_recovery(*, alert: Alert, concern: Concern, now: datetime) -> Recovery:
    """Begin, or hear more: the web form may tell what a rating by text left open. Called in the answer's transaction.

    Who asks not to be called is let be, unless they have been spoken with already.
    """
    row, created = Recovery.objects.get_or_create(alert=alert, defaults={"concern": concern})
    if not created and concern and row.concern != concern:
        row.concern = concern
        row.save(update_fields=["concern"])
    row.alert = alert
    if RecoveryAct.LET_BE in rules.open_acts(row.standing):
        _move(row, RecoveryAct.LET_BE, by=None, note="", now=now)
    return row


@transaction.atomic
def take_step(*, user: User, alert: Alert, act: RecoveryAct, given: StepInput, now: datetime) -> Recovery:
    """One step of a person.

    :raises RecoveryMoved: the step does not follow from where the matter stands now.
    :raises NotYoursToSign: only somebody who handled no part of it signs it off or sends it back.
    :raises InvalidInput: words or the finding are missing, or the words are too many.
    """
    row = locked(alert)
    if act in (RecoveryAct.LET_BE, RecoveryAct.CONVERT):
        raise RecoveryMoved(_("This step is not taken by hand."))
    require_open(row, act)
    _require_right(row, user, act)
    note = _checked(act, given)
    if act is RecoveryAct.VERIFY:
        row.finding = given.finding or ""
    if act is RecoveryAct.MISS:
        row.attempts += 1
    if act is RecoveryAct.REACH:
        row.reached_at = now
    if act is RecoveryAct.TELL:
        row.told_at = now
    if act is RecoveryAct.ASK:
        row.turn += 1
        row.asked_again = ask_again(alert=row.alert, turn=row.turn, now=now)
    _move(row, act, by=user, note=note, now=now)
    return row


def close_as_complaint(*, row: Recovery, user: User, now: datetime) -> None:
    """The complaint's own procedure takes over. The row is locked by the caller."""
    require_open(row, RecoveryAct.CONVERT)
    _move(row, RecoveryAct.CONVERT, by=user, note="", now=now)
    if row.asked_again_id is not None:
        end_question(row.asked_again_id, now=now)


def locked(alert: Alert) -> Recovery:
    """:raises RecoveryMoved: the matter is none of an unhappy client."""
    row = Recovery.objects.select_for_update(of=("self",)).filter(pk=alert.pk).first()
    if row is None:
        raise RecoveryMoved(_("This matter has no steps of this kind."))
    # Read under the lock: beside the row it would be as it was before the wait, and be written back so.
    related = "case__centre__settings", "conversation__recipient"
    row.alert = Alert.objects.select_related(*related).get(pk=row.pk)
    return row


def require_open(row: Recovery, act: RecoveryAct) -> None:
    if act not in rules.open_acts(row.standing):
        raise RecoveryMoved(_("This matter has moved on meanwhile, or the step before is missing. Look at it again."))


def _require_right(row: Recovery, user: User, act: RecoveryAct) -> None:
    if act in rules.SIGNING:
        if not may_sign(row, user):
            raise NotYoursToSign(_("A supervisor who handled no part of this matter signs it off."))
    elif not user.has_role(*handlers_of(row.alert)):
        raise NotYoursToSign(_("The centre's staff handle this matter; the bureau signs it off."))


def _checked(act: RecoveryAct, given: StepInput) -> str:
    note = given.note.strip().replace("\x00", "")
    if len(note) > LONGEST_NOTE:
        limit = {"limit": LONGEST_NOTE}
        raise InvalidInput(_("Please shorten this to %(limit)s characters.") % limit, field="note")
    if act in NOTED and not note:
        raise InvalidInput(_("Write down what was found or done."), field="note")
    if act is RecoveryAct.VERIFY and given.finding is None:
        raise InvalidInput(_("Say what looking into it showed."), field="finding")
    return note


def _move(row: Recovery, act: RecoveryAct, *, by: User | None, note: str, now: datetime) -> None:
    """Write the step, the state of the matter and of its alert; they never disagree."""
    row.state = rules.STEPS[RecoveryState(row.state), act]
    if row.state == RecoveryState.CLOSED:
        row.ended_as = _end(row, act)
        row.signed_by = by if act is RecoveryAct.SIGN_OFF else None
    row.save()
    RecoveryStep.objects.create(recovery=row, act=act, at=now, by=by, note=note)
    _mirror(row, act, by=by, now=now)
    actor = by.actor if by else OURSELVES
    if row.state == RecoveryState.CLOSED and row.finding == Finding.MISTAKEN:
        clear_risk_flag(case_id=row.alert.case_id, kind=FlagKind.BAD_RATING, actor=actor, now=now)
    record(
        actor=actor,
        action=f"surveys.recovery_{act.value}",
        subject=row.alert,
        details={"alert": str(row.alert.public_id), "state": row.state},
        at=now,
    )


def _end(row: Recovery, act: RecoveryAct) -> RecoveryEnd:
    fixed = {RecoveryAct.LET_BE: RecoveryEnd.NO_CONTACT, RecoveryAct.CONVERT: RecoveryEnd.COMPLAINT}
    return fixed.get(act) or rules.end_of(row.standing)


def _mirror(row: Recovery, act: RecoveryAct, *, by: User | None, now: datetime) -> None:
    """The list of all matters reads the alert: open, taken on, closed."""
    alert = row.alert
    if act is RecoveryAct.TAKE:
        alert.state, alert.acknowledged_by, alert.acknowledged_at = AlertState.ACKNOWLEDGED, by, now
    elif row.state == RecoveryState.CLOSED:
        alert.state, alert.closed_at = AlertState.CLOSED, now
    alert.updated_at = now
    alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "closed_at", "updated_at"])
    if row.state == RecoveryState.CLOSED:
        evidence_changed(alert.case_id)  # a commendation may have waited for it; last, as everywhere
