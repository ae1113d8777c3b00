"""Of which place and which days a report is, and for whom it is made."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work
from qa_service.cases.models import Case
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at


@dataclass(frozen=True, slots=True)
class Scope:
    """Cases of a centre, or of all centres below a bureau, closed in the half-open period, as of now.

    `reader` None: the same for everybody who may read it.
    """

    place: Organisation
    period: Period
    now: datetime
    reader: User | None = None

    @property
    def is_centre(self) -> bool:
        return self.place.kind == OrganisationKind.CENTRE

    @property
    def cases(self) -> ClosedCases:
        return ClosedCases(period=self.period, below=self.place.path)

    @property
    def first_day(self) -> date:
        return self.period.start

    @property
    def last_day(self) -> date:
        return self.period.end - timedelta(days=1)

    @property
    def as_of(self) -> date:
        return today_at(self.place, self.now)

    @property
    def year_before(self) -> "Scope":
        """The same days a year earlier; of a leap day, the day before it."""
        before = Period(_a_year_back(self.period.start), _a_year_back(self.period.end))
        return Scope(self.place, before, self.now, self.reader)

    def reader_handled_some(self) -> bool:
        """Whether the reader or their firm handled cases of it."""
        if self.reader is None:
            return False
        return Case.objects.filter(self.cases.of(), own_work(self.reader, lawyer="lawyer", firm="firm")).exists()


def _a_year_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
