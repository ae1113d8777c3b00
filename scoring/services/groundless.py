"""A notice stands until somebody withdraws it, also when its ground is gone: those who may are told."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from scoring.enums import SETTLED_GRADES, Grade, NoticeKind, NoticeState
from scoring.models import Notice, Proposal
from scoring.policy import FOR_COMPLAINTS, CaseFacts
from scoring.wording import DECISION_GROUND_GONE, GROUND_GONE, PRAISE_GROUND_GONE

WATCH = Actor.system("grounds")
GRADE_OF_KIND = {NoticeKind.COMMENDATION: Grade.EXCELLENT, NoticeKind.RECTIFICATION: Grade.FAIL}
TOLD = {
    NoticeKind.COMMENDATION: PRAISE_GROUND_GONE,
    NoticeKind.RECTIFICATION: GROUND_GONE,
    NoticeKind.DECISION: DECISION_GROUND_GONE,
}


def watch_grounds(facts: Iterable[CaseFacts], *, now: datetime) -> None:
    """Mark notices whose case lost the grade they speak of, and unmark those whose case has it again.

    Managers and bureau are told once.
    """
    # A case that waits for another reader has no grade at this moment, which is no other grade.
    grades = {each.case_id: each.grade for each in facts if each.grade in SETTLED_GRADES}
    standing = Notice.objects.filter(case__in=grades).exclude(state=NoticeState.WITHDRAWN)
    # What was rectified for complaints says nothing of the grade.
    standing = standing.exclude(proposal__trigger__startswith=FOR_COMPLAINTS)
    for kind, wanted in GRADE_OF_KIND.items():
        of_kind = standing.filter(kind=kind)
        kept = [pk for pk, grade in grades.items() if grade == wanted]
        of_kind.filter(case__in=kept).update(ground_gone_at=None)
        for notice in (
            of_kind.exclude(case__in=kept).filter(ground_gone_at=None).select_related("issuer").order_by("pk")
        ):
            _mark(notice, standing, now=now)


def watch_decision(proposal: Proposal, *, now: datetime) -> None:
    """Mark the paper of a decision that was overtaken before it was carried out: it says what holds no longer."""
    standing = proposal.papers.filter(kind=NoticeKind.DECISION).exclude(state=NoticeState.WITHDRAWN)
    for notice in standing.select_related("issuer"):
        _mark(notice, standing, now=now)


def _mark(notice: Notice, standing: QuerySet[Notice], *, now: datetime) -> None:
    if not standing.filter(pk=notice.pk, ground_gone_at=None).update(ground_gone_at=now):
        return  # withdrawn, or marked by another worker, this moment
    record(actor=WATCH, action="scoring.ground_gone", subject=notice, details={"label": notice.label}, at=now)
    people = people_with(Role.MANAGER, notice.issuer) | people_with(Role.SUPERVISOR, notice.issuer)
    notify(
        users=[user for user in people.distinct() if Notice.objects.visible_to(user).filter(pk=notice.pk).exists()],
        text=TOLD[NoticeKind(notice.kind)],
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )
