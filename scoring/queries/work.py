"""What waits for people who decide, and for lawyers who are heard."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.waiting import Waiting
from qa_service.organisations.queries import today_at
from scoring.enums import NOTICED, REFERRING, NoticeState, ProposalState, TaskState
from scoring.models import DECIDING_ROLES, CorrectiveTask, Notice, Proposal
from scoring.queries.concerned import of_whom
from scoring.queries.notices import appeals_to_answer, groundless_notices, notices_to_serve
from scoring.queries.passing import passed_on
from scoring.queries.proposals import statements_to_give
from scoring.queries.tasks import tasks_late


def waiting_decisions(user: User, now: datetime) -> list[Waiting]:
    """Blocks of the home: for managers and supervisors, then for a lawyer."""
    blocks = _deciding(user, now) if user.has_role(*DECIDING_ROLES) else []
    return blocks + (_lawyers(user, now) if user.lawyer_id else _bodies(user))


def _bodies(user: User) -> list[Waiting]:
    """Praise of a firm or a station, for whoever answers for it."""
    unread = Notice.objects.visible_to(user).filter(
        of_whom(user), lawyer=None, state=NoticeState.ISSUED, acknowledged_at=None
    )
    found = unread.count() if user.held else 0
    return [Waiting(_("Notices to read"), found, reverse("scoring:notices"))] if found else []


def _deciding(user: User, now: datetime) -> list[Waiting]:
    seen = Proposal.objects.visible_to(user)
    queue = reverse("scoring:proposals")
    tasks, listed = CorrectiveTask.objects.filter(proposal__in=seen), reverse("scoring:tasks")
    to_decide = seen.filter(state__in=(ProposalState.PROPOSED, ProposalState.HEARING)).count()
    to_issue = seen.filter(state=ProposalState.ACCEPTED).filter(code__in=NOTICED).count()
    to_refer = seen.filter(state=ProposalState.ACCEPTED, code__in=REFERRING, referral__sent_on=None).count()
    unprinted = Notice.objects.visible_to(user).filter(state=NoticeState.ISSUING, refused_at__isnull=False).count()
    return [
        Waiting(_("Proposals to decide"), to_decide, f"{queue}?state=to_decide"),
        *_passed_on(user, seen, queue),
        Waiting(_("Notices to issue"), to_issue, f"{queue}?state=to_issue"),
        Waiting(_("Referrals to send"), to_refer, f"{queue}?state=to_refer"),
        Waiting(_("Notices that could not be printed"), unprinted, reverse("scoring:notices"), urgent=True),
        Waiting(
            _("Notices to hand over on paper"),
            notices_to_serve(user).count(),
            f"{reverse('scoring:notices')}?to_serve=1",
            detail=_("These lawyers have no account: their time to appeal begins when they hold the paper."),
        ),
        Waiting(
            _("Reports on corrective tasks to check"),
            tasks.filter(state=TaskState.REPORTED).count(),
            f"{listed}?state=reported",
        ),
        Waiting(_("Corrective tasks overdue"), tasks_late(tasks, now=now).count(), f"{listed}?state=late", urgent=True),
        _groundless(user),
        _appeals(user),
    ]


def _passed_on(user: User, seen: QuerySet[Proposal], queue: str) -> list[Waiting]:
    """The bureau's: what a centre cannot decide or carry out waits for nobody else."""
    if not user.has_role(Role.SUPERVISOR):
        return []
    found = passed_on(seen).count()
    return [Waiting(_("Steps that centres passed on"), found, f"{queue}?state=passed_on", urgent=True)]


def _groundless(user: User) -> Waiting:
    found = list(groundless_notices(user))
    listed = f"{reverse('scoring:notices')}?groundless=1"
    url = reverse("scoring:notice", args=[found[0].public_id]) if len(found) == 1 else listed
    return Waiting(_("Notices whose ground is gone"), len(found), url, urgent=True)


def _appeals(user: User) -> Waiting:
    mine = appeals_to_answer(user)
    one = len(mine) == 1
    url = reverse("scoring:notice", args=[mine[0].notice.public_id]) if one else reverse("scoring:notices")
    return Waiting(_("Appeals to decide"), len(mine), url, urgent=True)


def _lawyers(user: User, now: datetime) -> list[Waiting]:
    own = reverse("scoring:my-results")
    asked = list(statements_to_give(user))
    first = reverse("scoring:statement", args=[asked[0].proposal.public_id]) if len(asked) == 1 else own
    unread = Notice.objects.visible_to(user).filter(of_whom(user), state=NoticeState.ISSUED, acknowledged_at=None)
    open_tasks = CorrectiveTask.objects.filter(lawyer=user.lawyer_id, state=TaskState.OPEN)
    tasks = list(open_tasks.select_related("proposal__centre__settings").order_by("due_on"))
    late = any(task.due_on < today_at(task.proposal.centre, now) for task in tasks)
    at = reverse("scoring:my-task", args=[tasks[0].public_id]) if len(tasks) == 1 else own
    return [
        Waiting(_("Proposals that wait for your statement"), len(asked), first, urgent=True),
        Waiting(_("Notices to read"), unread.count(), reverse("scoring:notices")),
        Waiting(_("Corrective tasks"), len(tasks), at, urgent=late),
    ]
