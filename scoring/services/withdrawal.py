"""Taking a notice back: its number stays used, and its page says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from scoring.enums import IN_EFFECT, NoticeKind, NoticeState, ProposalState
from scoring.models import Notice, Proposal
from scoring.queries.concerned import accounts_concerned
from scoring.queries.notices import appeal_waits
from scoring.services.delivery import held_notice
from scoring.services.measures import end_measures
from scoring.services.next_files import release_next_files
from scoring.services.procedure import (
    StepNotDue,
    end_rectification,
    require_another,
    require_ground,
    require_independent,
    require_reason,
)
from scoring.wording import NOTICE_TO_COME_ANEW, NOTICE_WITHDRAWN


@transaction.atomic
def withdraw_notice(*, notice: Notice, person: User, reason: str, anew: bool = False, now: datetime) -> None:
    """Take a notice back, saying why; its number stays used, its page says so. One that never got its file, too.

    A decision and the notice that carries it out are taken back together.

    :param anew: only what the paper says is wrong: the decision stands, and another notice is issued in its place.
    :raises NotIndependent: see `require_independent`; :raises FourEyes: the person decided it.
    :raises InvalidInput: no reason, or a single sign.
    :raises StepNotDue: it is withdrawn already, it decides an appeal, or an appeal waits, which others answer; see
        also `why_not_anew`.
    """
    held = held_notice(notice)
    said = require_withdrawable(held, person, reason, anew=anew)
    if not anew:
        take_back(held, person, said, now=now)
        return
    _take_back(held, person, said, text=NOTICE_TO_COME_ANEW, now=now)
    Proposal.objects.filter(pk=held.proposal_id).update(state=ProposalState.ACCEPTED, closed_at=None)
    record(actor=person.actor, action="scoring.notice_to_be_issued_anew", subject=held.proposal, at=now)


def require_withdrawable(notice: Notice, person: User, reason: str, *, anew: bool = False) -> str:
    """The reason, where this person may take the notice back for it; else raises as `withdraw_notice` does."""
    require_independent(notice.proposal, person)
    if notice.kind == NoticeKind.APPEAL_DECISION:
        raise StepNotDue(_("The decision on an appeal is final: it is not withdrawn."))
    refusal = _(
        "The person who decided may not withdraw the notice. Ask another manager of the centre or the supervising "
        "bureau."
    )
    if notice.kind == NoticeKind.SUPERVISION:
        refusal = _("The person who decided may not withdraw the letter. Ask another supervisor of the bureau.")
    require_another(notice.proposal, person, refusal)
    said = require_reason(reason, _("Say why the notice is withdrawn."))
    if appeal_waits(notice):
        # An appeal is not ended by the side it is made against: whoever upholds it takes the notice back.
        raise StepNotDue(
            _(
                "An appeal against this notice waits. People who took no part in the marks or the decision answer it; "
                "if they uphold it, the notice is withdrawn."
            )
        )
    if notice.state == NoticeState.WITHDRAWN:
        raise StepNotDue(_("This notice is not in force."))
    if anew:
        if why := why_not_anew(notice):
            raise StepNotDue(why)
        require_ground(notice.proposal)
    return said


def why_not_anew(notice: Notice) -> str:
    """Why no other notice can be issued in the place of this one; empty where one can while its ground stands."""
    if notice.kind not in IN_EFFECT or notice.proposal.state != ProposalState.CARRIED_OUT:
        return _("Only a notice that carries out a decision is issued anew.")
    if notice.appeals.exists():
        return _("An appeal against this notice was answered: it stands as it was issued, or falls with its decision.")
    if notice.measures.exists():
        return _("What this notice brought with it in assignments has begun: it stands, or falls with its decision.")
    return ""


def take_back(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    """Within the transaction of whoever may decide it, the notice held: it, and the decision behind or before it.

    :raises StepNotDue: it is withdrawn already.
    """
    together = Notice.objects.filter(proposal=notice.proposal_id).exclude(kind=NoticeKind.APPEAL_DECISION)
    standing = list(together.exclude(state=NoticeState.WITHDRAWN).order_by("pk"))
    if notice.pk not in {each.pk for each in standing}:
        raise StepNotDue(_("This notice is not in force."))
    for each in standing:
        _take_back(each, person, reason, now=now)
    end_rectification(notice.proposal)
    # Decided and never carried out: with its decision it ends.
    unfinished = Proposal.objects.filter(pk=notice.proposal_id, state=ProposalState.ACCEPTED)
    unfinished.update(state=ProposalState.DECLINED, closed_at=now)


def _take_back(notice: Notice, person: User, reason: str, *, text: str = NOTICE_WITHDRAWN, now: datetime) -> None:
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.WITHDRAWN, withdrawn_at=now, withdrawn_by=person, withdrawal_reason=reason
    )
    if notice.kind in IN_EFFECT:
        release_next_files(notice, now=now)
        end_measures(notice, person, reason, now=now)
    record(
        actor=person.actor, action="scoring.notice_withdrawn", subject=notice, details={"label": notice.label}, at=now
    )
    # One that the printing sweep issued this moment was told of, too.
    if Notice.objects.filter(pk=notice.pk, issued_at=None).exists():
        return  # nobody was told that there is one
    notify(
        users=accounts_concerned(notice),
        text=text,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )
