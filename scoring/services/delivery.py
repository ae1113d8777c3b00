"""When a notice reached the lawyer. Who has no account is served on paper: until then no time to appeal has begun."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import who_read_here
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, NotPermitted
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from scoring.enums import HANDED_OVER, NoticeKind, NoticeState
from scoring.models import Notice
from scoring.queries.concerned import accounts_concerned, body_told_here, concerns, told_here
from scoring.services.measures import begin_measure
from scoring.services.notice_content import APPEAL_WORKDAYS
from scoring.services.procedure import StepNotDue, give_rectification, locked, require_independent
from scoring.wording import NOTICE_ISSUED

DELIVERER = Actor.system("delivery")
A_SWEEP = 200


class NoticeNotToServe(Conflict):
    """This notice waits for no paper."""

    code = "notice_not_to_serve"


def appeal_until(notice: Notice) -> date | None:
    """The last day to appeal: ten working days after delivery (`domain` 4.9); None where it cannot be counted yet.

    Served on paper, a notice is delivered on the day of receipt. On the lawyer's home it is delivered when they say
    that they have read it; until they do, on the day on which it stood before them. Who first reads it after that time
    has passed opens no new one.
    """
    if notice.delivered_on is None:
        return None
    of_delivery = workdays_if_known(notice.delivered_on, APPEAL_WORKDAYS)
    read_on = today_at(notice.issuer, notice.acknowledged_at) if notice.acknowledged_at else None
    if of_delivery is None or read_on is None or notice.served_by_id is not None or read_on > of_delivery:
        return of_delivery
    return workdays_if_known(read_on, APPEAL_WORKDAYS)


def delivered_at_issue(notice: Notice, *, now: datetime) -> date | None:
    """The day of issue for a lawyer who has an account; None for who has none."""
    return today_at(notice.issuer, now) if told_here(notice) else None


@transaction.atomic
def serve_notice(*, notice: Notice, served_on: date | None, person: User, now: datetime) -> Notice:
    """Enter the day on which a lawyer without an account was handed a paper on a sanction.

    With a rectification their time to appeal begins.

    :raises NoticeNotToServe: it reached them already, they have an account, or it is praise or not in force.
    :raises InvalidInput: no day, or one before the issue or after today.
    :raises NotIndependent: see `require_independent`.
    """
    row = held_notice(notice)
    require_independent(row.proposal, person)
    in_force = row.state == NoticeState.ISSUED and row.kind in HANDED_OVER
    if not in_force or row.issued_at is None or row.delivered_on is not None:
        raise NoticeNotToServe(
            _("The lawyer has already received this notice, or it need not be handed over on paper.")
        )
    if told_here(row):
        raise NoticeNotToServe(_("The lawyer has an account now and is told there within minutes."))
    row.delivered_on = required_day(
        served_on,
        first=today_at(row.issuer, row.issued_at),
        last=today_at(row.issuer, now),
        field="served_on",
        missing=_("Enter the day on which the lawyer received the paper."),
        outside=_("The day of receipt lies before the issue of the notice or after today."),
    )
    row.served_by = person
    row.save(update_fields=["delivered_on", "served_by"])
    _take_effect(row, now=now)
    details = {"label": row.label, "served_on": str(row.delivered_on), "appeal_until": str(appeal_until(row) or "")}
    record(actor=person.actor, action="scoring.notice_served", subject=row, details=details, at=now)
    return row


def deliver_to_new_accounts(*, now: datetime) -> int:
    """Notices of lawyers and bodies that got an account after the issue and were handed no paper; returns how many.

    A lawyer's time to appeal begins with that. What was served on paper before stays as it was.
    """
    waiting = Notice.objects.filter(state=NoticeState.ISSUED, delivered_on=None)
    here = who_read_here(waiting.order_by().values_list("lawyer_id", flat=True).distinct())
    reached = Q(lawyer__in=here) | body_told_here()
    return sum(_deliver(row, now=now) for row in waiting.filter(reached).order_by("pk")[:A_SWEEP])


@transaction.atomic
def _deliver(notice: Notice, *, now: datetime) -> bool:
    row = held_notice(notice)
    if row.state != NoticeState.ISSUED or row.delivered_on is not None:
        return False
    row.delivered_on = today_at(row.issuer, now)
    row.save(update_fields=["delivered_on"])
    _take_effect(row, now=now)
    details = {"label": row.label, "delivered_on": str(row.delivered_on)}
    record(actor=DELIVERER, action="scoring.notice_delivered", subject=row, details=details, at=now)
    tell_of_notice(row, now=now)
    return True


def _take_effect(notice: Notice, *, now: datetime) -> None:
    """A rectification does, once it reached the lawyer; a decision says why."""
    if notice.kind == NoticeKind.RECTIFICATION:
        begin_measure(notice, now=now)
        give_rectification(notice)


def tell_of_notice(notice: Notice, *, now: datetime) -> None:
    """On the lawyer's own home."""
    notify(
        users=accounts_concerned(notice),
        text=NOTICE_ISSUED,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )


def held_notice(notice: Notice) -> Notice:
    """The notice, held until the transaction ends, with its proposal and so with the other papers about it."""
    locked(notice.proposal_id)
    rows = Notice.objects.select_for_update(of=("self",)).select_related("issuer__settings", "proposal__case")
    return rows.get(pk=notice.pk)


@transaction.atomic
def acknowledge_notice(*, notice: Notice, person: User, now: datetime) -> None:
    """已阅: the lawyer has read it, which is not agreement. Twice is refused."""
    if not concerns(person, notice):
        raise NotPermitted(_("Only whom the notice concerns can acknowledge it."))
    seen = Notice.objects.filter(pk=notice.pk, acknowledged_at=None, state=NoticeState.ISSUED)
    if not seen.update(acknowledged_at=now):
        raise StepNotDue(_("This notice was acknowledged already, or is not in force."))
    record(actor=person.actor, action="scoring.notice_acknowledged", subject=notice, at=now)
