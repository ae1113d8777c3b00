"""Files that wait for a person: the desk's to check and overdue, a lawyer's to hand in and put right."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.waiting import Waiting
from reviews.enums import DESK, MANAGING, FileState, Queue
from reviews.queries.file_lists import (
    FileLine,
    file_line,
    files_at_desk,
    files_of_handlers,
    open_pleas,
    outstanding,
    queue,
)


def files_waiting(user: User, now: datetime) -> Sequence[Waiting]:
    """Blocks of a home; those with nothing in them are left out by who shows them."""
    found: list[Waiting] = []
    if user.has_role(*DESK):
        found += _for_desk(user, now)
    if user.has_role(Role.LAWYER) and user.lawyer_id:
        found += _for_lawyer(user, now)
    return found


def _for_desk(user: User, now: datetime) -> Sequence[Waiting]:
    url, seen = reverse("reviews:files"), files_at_desk(user)
    pleas = open_pleas(user).count() if user.has_role(*MANAGING) else 0
    return (
        Waiting(_("Files to check"), _count(seen, Queue.TO_CHECK, now), f"{url}?queue=to_check"),
        Waiting(_("Overdue files"), _count(seen, Queue.OVERDUE, now), f"{url}?queue=overdue"),
        Waiting(_("Reasons for lateness to decide"), pleas, url, urgent=True),
    )


def _count(cases: QuerySet[Case], wanted: Queue, now: datetime) -> int:
    return queue(cases, wanted, now=now).order_by().count()


def _for_lawyer(user: User, now: datetime) -> Sequence[Waiting]:
    """The first day that runs out is named: the countdown stands beside each file of the list."""
    url, own = reverse("reviews:my-files"), files_of_handlers(user).filter(lawyer=user.lawyer_id)
    lines = [file_line(case, now=now) for case in outstanding(own)]
    out = [line for line in lines if line.state == FileState.RETURNED]
    awaited = [line for line in lines if line.state == FileState.AWAITED and not line.overdue]
    return (
        Waiting(_("Files overdue"), sum(line.overdue for line in lines), url, urgent=True),
        Waiting(_("Files sent back to you"), len(out), url, urgent=True, detail=_first(out)),
        Waiting(_("Files to hand in"), len(awaited), url, detail=_first(awaited)),
    )


def _first(lines: Sequence[FileLine]) -> object:
    days = [line.due_on for line in lines if line.due_on]
    return format_lazy("{} {}", _("The first is due by"), min(days).isoformat()) if days else ""
