"""The figures of reviewing with their words, made once: pages and programs read the same."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.queries import ClosedCases
from qa_service.common.plainly import uncompiled
from reviews.queries.overview.progress import PersonsFiles, ProgressOfAll, people_with_files, progress_of
from reviews.queries.overview.readers import AgreementOfAll, agreement_of_all
from reviews.queries.overview.results import (
    GradesLine,
    ListUsed,
    LossesOfList,
    chosen_list,
    grades_by_type,
    lists_used,
    losses_of,
)


@dataclass(frozen=True, slots=True)
class Overview:
    """`used` are the lists by which files were marked; `chosen` is that of the losses, none where nothing was."""

    as_of: datetime
    progress: ProgressOfAll
    people: tuple[PersonsFiles, ...]
    grades: tuple[GradesLine, ...]
    used: tuple[ListUsed, ...]
    chosen: ListUsed | None
    losses: LossesOfList | None
    agreement: AgreementOfAll

    @property
    def overdue(self) -> int:
        return sum(each.overdue for each in self.people)

    @property
    def finding(self) -> str:
        """The first sentence of the page."""
        whole = self.progress.whole
        counted = {"drawn": whole.drawn, "given": whole.given, "read": whole.read, "released": whole.released}
        return (
            _("Files drawn: %(drawn)s; given out: %(given)s; read: %(read)s; released: %(released)s.") % counted
            if whole.drawn
            else _("No file of this selection has been drawn.")
        )


@uncompiled()
def overview_of(user: User, cases: ClosedCases, *, checklist: UUID | None, now: datetime) -> Overview:
    """:param checklist: of which list the items are; where it was not used, or none is given, of the most used"""
    used = lists_used(user, cases)
    chosen = chosen_list(used, checklist)
    return Overview(
        as_of=now,
        progress=progress_of(user, cases),
        people=people_with_files(user, cases, now=now),
        grades=grades_by_type(user, cases),
        used=used,
        chosen=chosen,
        losses=losses_of(user, cases, chosen.checklist) if chosen else None,
        agreement=agreement_of_all(user, cases, chosen.checklist if chosen else None),
    )
