"""Taking a notice back: its number stays used, its page says so, and an open appeal is settled by it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import users_of_lawyers
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput
from qa_service.notifications.services import notify
from scoring.enums import AppealState, NoticeState
from scoring.models import Appeal, Notice
from scoring.services.next_files import release_next_files
from scoring.services.procedure import StepNotDue, require_independent
from scoring.wording import NOTICE_WITHDRAWN


@transaction.atomic
def withdraw_notice(*, notice: Notice, person: User, reason: str, now: datetime) -> None:
    """Take a notice back, saying why; its number stays used, its page says so, and an open appeal is settled by it.

    :raises StepNotDue: it is not issued, or withdrawn already.
    """
    require_independent(notice.proposal, person)
    if not reason.strip():
        raise InvalidInput(_("Say why the notice is withdrawn."), field="reason")
    take_back(notice, person, reason, now=now)


def take_back(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    """Within the transaction of whoever may decide it.

    :raises StepNotDue: it is not issued, or withdrawn already.
    """
    withdrawn = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUED).update(
        state=NoticeState.WITHDRAWN, withdrawn_at=now, withdrawn_by=person, withdrawal_reason=reason.strip()
    )
    if not withdrawn:
        raise StepNotDue(_("This notice is not in force."))
    _settle_appeal(notice, person, reason, now=now)
    release_next_files(notice, now=now)
    record(
        actor=person.actor, action="scoring.notice_withdrawn", subject=notice, details={"label": notice.label}, at=now
    )
    notify(
        users=users_of_lawyers([notice.lawyer_id]),
        text=NOTICE_WITHDRAWN,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )


def _settle_appeal(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    """What is no longer in force is not appealed against: the lawyer reads the reason of the withdrawal."""
    for appeal in Appeal.objects.select_for_update().filter(notice=notice, state=AppealState.LODGED):
        appeal.state, appeal.answer = AppealState.SETTLED, reason.strip()
        appeal.decided_by, appeal.decided_at = person, now
        appeal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        record(actor=person.actor, action="scoring.appeal_settled", subject=appeal, at=now)
