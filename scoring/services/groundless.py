"""A rectification stands until somebody withdraws it, also when its ground is gone: those who may are told."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from scoring.enums import Grade, NoticeKind, NoticeState
from scoring.models import Notice
from scoring.policy import CaseFacts
from scoring.wording import GROUND_GONE

WATCH = Actor.system("grounds")


def watch_grounds(facts: Iterable[CaseFacts], *, now: datetime) -> None:
    """Mark rectifications whose case no longer fails, and tell managers and bureau once; unmark those it does again."""
    failed = {each.case_id: each.grade == Grade.FAIL for each in facts}
    standing = Notice.objects.filter(case__in=failed, kind=NoticeKind.RECTIFICATION)
    standing = standing.exclude(state=NoticeState.WITHDRAWN)
    standing.filter(case__in=[pk for pk, fails in failed.items() if fails]).update(ground_gone_at=None)
    gone = standing.filter(case__in=[pk for pk, fails in failed.items() if not fails], ground_gone_at=None)
    for notice in gone.select_related("issuer").order_by("pk"):
        _mark(notice, standing, now=now)


def _mark(notice: Notice, standing: QuerySet[Notice], *, now: datetime) -> None:
    if not standing.filter(pk=notice.pk, ground_gone_at=None).update(ground_gone_at=now):
        return  # withdrawn, or marked by another worker, this moment
    record(actor=WATCH, action="scoring.ground_gone", subject=notice, details={"label": notice.label}, at=now)
    people = people_with(Role.MANAGER, notice.issuer) | people_with(Role.SUPERVISOR, notice.issuer)
    notify(
        users=people.distinct(),
        text=GROUND_GONE,
        params={"label": notice.label},
        url=f"/scoring/notices/{notice.public_id}",
        now=now,
    )
