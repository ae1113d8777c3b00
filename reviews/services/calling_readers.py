"""Telling managers that a file needs another reader, and no longer once it does not."""

from datetime import datetime

from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.cases.models import Case
from qa_service.notifications.services import notify, settle_notices
from reviews.enums import ReaderOrder

NEEDED = {
    ReaderOrder.SECOND: gettext_noop("The file %(case)s needs a second reader."),
    ReaderOrder.THIRD: gettext_noop("The file %(case)s needs a third reader: the two who read it differ."),
}


def call_for_reader(case: Case, order: ReaderOrder, *, now: datetime) -> None:
    """Once a need: what was told of the file before is settled by it."""
    stop_calling(case, now=now)
    notify(
        users=people_with(Role.MANAGER, case.centre),
        text=NEEDED[order],
        params={"case": case.number, "of": str(case.public_id)},
        url="/reviews/assignments?needs=reader",
        now=now,
    )


def stop_calling(case: Case, *, now: datetime) -> None:
    """A reader is named, or none is needed any more."""
    settle_notices(users=people_with(Role.MANAGER, case.centre), texts=NEEDED.values(), of=str(case.public_id), now=now)
