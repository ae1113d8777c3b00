"""Appeals (申诉) against a rectification: lodged by the lawyer, or entered from paper, and answered by others."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.audit.services import record
from qa_service.cases.queries import client_names
from qa_service.cases.services import ask_for_marks
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotIndependent, NotPermitted
from qa_service.documents.quotable import why_not_quotable
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.queries import review_evidence
from scoring.enums import AppealState, NoticeKind, NoticeState
from scoring.models import Appeal, Notice
from scoring.queries.concerned import accounts_concerned
from scoring.queries.notices import appeal_keyed_in_here, took_part
from scoring.services.delivery import appeal_until, held_notice
from scoring.services.procedure import StepNotDue, require_independent, require_reason
from scoring.services.withdrawal import take_back
from scoring.wording import APPEAL_ANSWERED, APPEAL_LODGED

APPEAL_ANSWER_WORKDAYS = 15
MOST_READERS = 3


class AppealTooLate(Conflict):
    code = "appeal_too_late"


class CannotReread(InvalidInput):
    """Nobody can be asked to read the file once more."""

    code = "cannot_reread"


class AnswerNotQuotable(InvalidInput):
    """The written answer prints the reasons, and could not print them so, or would name the client."""

    code = "answer_not_quotable"


@transaction.atomic
def lodge_appeal(*, notice: Notice, person: User, text: str, now: datetime) -> Appeal:
    """The lawyer's appeal to a rectification, within ten working days of its delivery.

    Where the calendar does not reach so far it is taken all the same, and a sweep sets the day for its answer.

    :raises AppealTooLate: the time is over.
    :raises InvalidInput: no words, or a single sign.
    :raises Conflict: an appeal was lodged already.
    """
    if notice.lawyer_id is None or person.lawyer_id != notice.lawyer_id or notice.kind != NoticeKind.RECTIFICATION:
        raise NotPermitted(_("Only the lawyer concerned can appeal, and only to a rectification."))
    held = held_notice(notice)
    appeal = _lodge(held, person, text, came_on=today_at(held.issuer, now), now=now)
    record(actor=person.actor, action="scoring.appeal_lodged", subject=appeal, at=now)
    return appeal


@transaction.atomic
def key_in_appeal(*, notice: Notice, person: User, text: str, received_on: date | None, now: datetime) -> Appeal:
    """Enter the appeal that a lawyer without an account, or with none any more, handed in, in their own words.

    What came in time counts as in time, whenever somebody types it in.

    :raises StepNotDue: the lawyer was told on their own home and appeals there, or was not told yet.
    :raises InvalidInput: no words; no day, or one before the lawyer was served or after today.
    :raises NotIndependent, AppealTooLate, Conflict: as for the lawyer's own.
    """
    held = held_notice(notice)
    require_independent(held.proposal, person)
    if held.delivered_on is None or not appeal_keyed_in_here(held):
        raise StepNotDue(_("Enter an appeal here only for a lawyer who was told and has no account."))
    came_on = required_day(
        received_on,
        first=held.delivered_on,
        last=today_at(held.issuer, now),
        field="received_on",
        missing=_("Enter the day on which the appeal was received."),
        outside=_("The day of receipt lies before the day on which the lawyer was served, or after today."),
    )
    appeal = _lodge(held, person, text, came_on=came_on, received_on=came_on, now=now)
    details = {"received_on": str(came_on)}
    record(actor=person.actor, action="scoring.appeal_keyed_in", subject=appeal, details=details, at=now)
    return appeal


def _lodge(
    held: Notice, person: User, text: str, *, came_on: date, received_on: date | None = None, now: datetime
) -> Appeal:
    words = require_reason(
        text, _("Say in words why the notice is appealed: an appeal is lodged once and not replaced."), field="text"
    )
    if held.state != NoticeState.ISSUED:
        raise StepNotDue(_("This notice is not in force."))
    until = appeal_until(held)
    if until is not None and came_on > until:
        raise AppealTooLate(_("The time to appeal ended on %(day)s.") % {"day": until})
    if held.appeals.exists():
        raise Conflict(_("An appeal was lodged already."), code="appeal_lodged_already")
    appeal = Appeal.objects.create(
        notice=held,
        lodged_by=person,
        lodged_at=now,
        received_on=received_on,
        text=words,
        due_on=workdays_if_known(came_on, APPEAL_ANSWER_WORKDAYS),
    )
    notify(
        users=people_with(Role.SUPERVISOR, held.issuer),
        text=APPEAL_LODGED,
        params={"label": held.label},
        url=f"/scoring/notices/{held.public_id}",
        now=now,
    )
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, person: User, upheld: bool, answer: str, reread: bool = False, now: datetime
) -> None:
    """Answer an appeal, with reasons; an upheld one takes the notice back.

    :param reread: the marks themselves are in question: file review is asked for a further reader, and what they come
        to then weighs the case, its standings and any new proposal.
    :raises NotIndependent: the person marked, told the lawyer, decided or issued.
    :raises StepNotDue: it was answered already, or the notice is no longer in force.
    :raises CannotReread: it is not upheld, or three people have read the file.
    :raises InvalidInput: no reasons; :raises AnswerNotQuotable: reasons that the written answer could not print.
    """
    notice = held_notice(appeal.notice)
    said = require_answerable(notice, person, answer)
    readers = require_rereadable(notice, upheld=upheld) if reread else 0
    state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    # The notice is held, so that the appeal is still what it was found to be.
    Appeal.objects.filter(pk=appeal.pk).update(state=state, answer=said, decided_by=person, decided_at=now)
    record(actor=person.actor, action="scoring.appeal_decided", subject=appeal, details={"state": state.value}, at=now)
    if readers:
        ask_for_marks(case_id=notice.the_case.pk, readers=readers, actor=person.actor, now=now)
    notify(
        users=accounts_concerned(notice),
        text=APPEAL_ANSWERED,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )
    if upheld:
        take_back(notice, person, _("An appeal was upheld: %(answer)s") % {"answer": said}, now=now)


def require_rereadable(notice: Notice, *, upheld: bool) -> int:
    """How many are to read the file in all. :raises CannotReread: see `decide_appeal`."""
    if not upheld:
        raise CannotReread(_("The file is read once more only where the appeal is upheld."), field="reread")
    review = review_evidence([notice.the_case.pk]).get(notice.the_case.pk)
    if review is None or review.readers >= MOST_READERS:
        raise CannotReread(_("Three people have read this file already. Decide on their marks."), field="reread")
    return review.readers + 1


def require_answerable(notice: Notice, person: User, answer: str) -> str:
    """The reasons, where this person may answer the notice's appeal with them; else raises as `decide_appeal` does."""
    require_independent(notice.proposal, person)
    if took_part(notice, person):
        raise NotIndependent(_("You took part in the decision. Somebody who did not must answer the appeal."))
    if not notice.appeals.filter(state=AppealState.LODGED).exists():
        raise StepNotDue(_("This appeal was answered already."))
    said = require_reason(answer, _("Give the reasons of the answer."), field="answer")
    unfit = why_not_quotable(said, clients=client_names(notice.proposal.the_case))
    if unfit:
        raise AnswerNotQuotable(unfit, field="answer")
    return said
