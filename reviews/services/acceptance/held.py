"""One file, held against everybody else until the transaction ends, and the one way to write an act on its record."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here, users_of_lawyers
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.acceptance import CHECK_WORKDAYS, Event, NotNow, Progress, progress
from reviews.enums import FileAct, FileState
from reviews.models import FileAcceptance, FileEvent
from reviews.services.assignments import require_untied
from reviews.services.words import require_quotable, whole

WORDS_LIMIT = 500
# Acts from which something runs against the lawyer: of these the record says whether they were told.
TOLD = frozenset({FileAct.RETURNED, FileAct.REMINDED})


class FileChanged(Conflict):
    """Somebody else acted on the file since it was shown. `version` is the one to look at."""

    code = "file_changed"


class HowToldMissing(InvalidInput):
    """The lawyer has no account to be told on, and nobody said how else they were told."""

    code = "how_told_missing"


class FileNotNow(Conflict):
    """What was asked does not follow the state the file is in."""

    code = "file_not_now"

    def __init__(self, row: FileAcceptance) -> None:
        message = _("This file is in the state “%(state)s”: that cannot be done with it now.")
        super().__init__(message % {"state": FileState(row.state).label})


@dataclass
class HeldFile:
    """A case with the state of its file and every act so far; `today` is the day at its centre."""

    case: Case
    row: FileAcceptance
    events: list[FileEvent]
    today: date
    now: datetime
    user: User

    @cached_property
    def clients(self) -> frozenset[str]:
        return client_names(self.case)

    def progress(self, *more: Event) -> Progress:
        return progress([*(Event(FileAct(e.act), e.happened_on, e.due_on) for e in self.events), *more])

    def quotable(self, text: str, *, limit: int = WORDS_LIMIT, field: str) -> str:
        """What the form of the file prints. :raises InvalidInput: too long, unprintable, or it names a client."""
        said = whole(text, limit=limit, field=field)
        require_quotable(said, clients=self.clients, field=field)
        return said

    @cached_property
    def told_here(self) -> bool:
        """Whether what the lawyer is told here reaches them."""
        return reads_here(self.case.lawyer_id)

    def require_told(self, how: str, *, field: str) -> None:
        """:raises HowToldMissing: see there."""
        if not self.told_here and not how:
            raise HowToldMissing(
                _(
                    "The lawyer has no account, so this service cannot tell them. Tell them by telephone, on paper or "
                    "by message, and write how. Nothing was saved."
                ),
                field=field,
            )

    def tell_lawyer(self, text: str, **params: Any) -> None:
        notify(
            users=users_of_lawyers([self.case.lawyer_id]),
            text=text,
            params={"case": self.case.number, **params},
            url=f"/reviews/my-files/{self.case.public_id}",
            now=self.now,
        )


def held_file(case: Case, *, version: int, user: User, now: datetime) -> HeldFile:
    """The file, held.

    :param version: the one the person saw; 0 where nobody had acted yet.
    :raises NotTheirsToGive: `user` handled the case or has a tie to who did; :raises FileChanged: see there.
    """
    held = Case.objects.locked().select_related("centre__settings").get(pk=case.pk)
    require_untied(case=held, user=user)
    row, _created = FileAcceptance.objects.get_or_create(case=held)
    if row.version != version:
        raise FileChanged(
            _("Somebody else acted on this file since it was shown to you. Look at it again."), version=row.version
        )
    return HeldFile(held, row, list(row.events.all()), today_at(held.centre, now), now, user)


def write(
    held: HeldFile,
    act: FileAct,
    *,
    on: date,
    due_on: date | None = None,
    days_late: int | None = None,
    words: str = "",
    told_how: str = "",
) -> FileEvent:
    """Put an act on the record and set the state by it. :raises FileNotNow: see there."""
    row = held.row
    try:
        found = held.progress(Event(act, on, due_on))
    except NotNow as wrong:
        raise FileNotNow(row) from wrong
    event = FileEvent.objects.create(
        acceptance=row,
        number=len(held.events) + 1,
        act=act,
        happened_on=on,
        due_on=due_on,
        days_late=days_late,
        words=words,
        told_here=held.told_here if act in TOLD else None,
        told_how=told_how,
        recorded_by=held.user,
        recorded_at=held.now,
    )
    held.events.append(event)
    _set_state(held, found)
    details = {"case": held.case.number, "day": on.isoformat()}
    record(actor=held.user.actor, action=f"reviews.file_{act}", subject=row, details=details, at=held.now)
    if act != FileAct.REMINDED:
        evidence_changed(held.case.pk)
    return event


def _set_state(held: HeldFile, found: Progress) -> None:
    row = held.row
    row.state, row.handed_in_on, row.counts_on = found.state, found.handed_in_on, found.counts_on
    row.correct_by, row.returns, row.reminders = found.correct_by, found.returns, found.reminders
    row.desk_days = found.desk_days
    row.accepted_on = found.accepted_on
    row.accepted_by = held.user if found.state == FileState.ACCEPTED else None
    row.check_by = None
    if found.state == FileState.TO_CHECK and found.handed_in_on is not None:
        row.check_by = workdays_if_known(found.handed_in_on, CHECK_WORKDAYS)
    row.version += 1
    row.save()


def take_over(held: HeldFile) -> None:
    """Where the case system says that the file came in and nobody entered it here: put that on the record first."""
    came = held.case.filed_on
    if held.row.state == FileState.AWAITED and came is not None and came <= held.today:
        write(held, FileAct.HANDED_IN, on=came)
