"""Asking the lawyer about what a client said: only with the client's recorded consent, and only in the agreed words."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.accounts.queries import users_of_lawyers
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at
from surveys.enums import ConsentWay, RecoveryState
from surveys.models import Alert, LawyerQuestion
from surveys.services.matters.recoveries import LONGEST_NOTE, RecoveryMoved, locked

PUT = gettext_noop("The centre has a question about one of your cases.")
REPLIED = gettext_noop("A lawyer has replied to a question of the centre.")
# Between speaking with the client, who may agree, and telling them what came of it.
WHILE_OPEN = frozenset({RecoveryState.CONTACTED, RecoveryState.VERIFIED, RecoveryState.FIXED})


class QuestionOver(Conflict):
    """Asked, answered or withdrawn already."""

    code = "lawyer_question_over"


@transaction.atomic
def put_to_lawyer(
    *, user: User, alert: Alert, consented_on: date, consent_by: ConsentWay, text: str, now: datetime
) -> LawyerQuestion:
    """Ask the lawyer of the case, once, in words the client agreed to.

    :raises RecoveryMoved: nobody has spoken with the client yet, or the matter is past it.
    :raises QuestionOver: the lawyer was asked already.
    :raises InvalidInput: no words, too many, or a day of consent before the answer or still to come.
    """
    row = locked(alert)
    if row.state not in WHILE_OPEN or row.reached_at is None:
        raise RecoveryMoved(_("Speak with the client first: the lawyer is asked only if the client agrees."))
    if LawyerQuestion.objects.filter(recovery=row).exists():
        raise QuestionOver(_("The lawyer has been asked about this matter already."))
    words = _words(text)
    centre = row.alert.case.centre
    require_day(consented_on, since=today_at(centre, row.alert.raised_at), today=today_at(centre, now))
    question = LawyerQuestion.objects.create(
        recovery=row, consented_on=consented_on, consent_by=consent_by, text=words, put_by=user, put_at=now
    )
    notify(users=users_of_lawyers([row.alert.case.lawyer_id]), text=PUT, url=_address(question), now=now)
    _recorded(question, user, "surveys.lawyer_asked", {"consent": consent_by}, now)
    return question


@transaction.atomic
def withdraw_question(*, user: User, alert: Alert, now: datetime) -> LawyerQuestion:
    """The client took their consent back: from now on the lawyer sees nothing of it.

    :raises QuestionOver: never asked, or the lawyer has replied.
    """
    row = locked(alert)
    changed = LawyerQuestion.objects.filter(recovery=row, replied_at=None, withdrawn_at=None).update(withdrawn_at=now)
    if not changed:
        raise QuestionOver(_("There is no open question to the lawyer."))
    question = LawyerQuestion.objects.get(recovery=row)
    _recorded(question, user, "surveys.lawyer_question_withdrawn", {}, now)
    return question


@transaction.atomic
def reply_to_centre(*, user: User, question: LawyerQuestion, text: str, now: datetime) -> LawyerQuestion:
    """The lawyer's answer, given once.

    :raises QuestionOver: answered already, or the consent was taken back meanwhile.
    :raises InvalidInput: no words, or too many.
    """
    row = (
        LawyerQuestion.objects.select_for_update(of=("self",))
        .select_related("recovery__alert__case")
        .get(pk=question.pk)
    )
    if row.replied_at is not None or row.withdrawn_at is not None:
        raise QuestionOver(_("This question takes no more replies."))
    row.reply, row.replied_at = _words(text), now
    row.save(update_fields=["reply", "replied_at"])
    notify(users=[row.put_by], text=REPLIED, url=f"/surveys/alerts/{row.recovery.alert.public_id}/", now=now)
    _recorded(row, user, "surveys.lawyer_replied", {}, now)
    return row


def require_day(day: date, *, since: date, today: date) -> None:
    """:raises InvalidInput: consent lies between the client's answer and today."""
    if not since <= day <= today:
        raise InvalidInput(_("The day of consent lies between the client's answer and today."), field="consented_on")


def _words(text: str) -> str:
    words = text.strip().replace("\x00", "")
    if not words:
        raise InvalidInput(_("Please write the text."), field="text")
    if len(words) > LONGEST_NOTE:
        raise InvalidInput(_("Please shorten this to %(limit)s characters.") % {"limit": LONGEST_NOTE}, field="text")
    return words


def _address(question: LawyerQuestion) -> str:
    return f"/surveys/questions/{question.public_id}/"


def _recorded(question: LawyerQuestion, user: User, action: str, more: dict[str, str], now: datetime) -> None:
    # With the matter, as everything that follows from an answer; the words stay in the question.
    details = {"alert": str(question.recovery.alert.public_id), **more}
    record(actor=user.actor, action=action, subject=question.recovery.alert, details=details, at=now)
