"""The figures of reviewing with their words, made once: pages and programs read the same."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.cases.queries import ClosedCases
from reviews.queries.overview.progress import PersonsFiles, ProgressOfAll, people_with_files, progress_of


@dataclass(frozen=True, slots=True)
class Overview:
    as_of: datetime
    progress: ProgressOfAll
    people: tuple[PersonsFiles, ...]

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


def overview_of(user: User, cases: ClosedCases, *, now: datetime) -> Overview:
    return Overview(as_of=now, progress=progress_of(user, cases), people=people_with_files(user, cases, now=now))
