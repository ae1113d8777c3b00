"""Reading the ground: the calendar, centres and their settings."""

from qa_service.common.workdays import Calendar
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CalendarDay, CalendarYear, CentreSettings, Organisation


def calendar() -> Calendar:
    """All imported years: some thirty rows each, two queries."""
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    exceptions = dict(CalendarDay.objects.values_list("day", "is_workday"))
    return Calendar(years=years, exceptions=exceptions)


def centre_by_code(code: str) -> Organisation:
    """:raises Organisation.DoesNotExist: when no centre has the code."""
    centre: Organisation = Organisation.objects.get(code=code, kind=OrganisationKind.CENTRE)
    return centre


def issuer_name(centre_id: int) -> str:
    """What a centre signs its papers with: the name it set for that, else its own.

    :raises CentreSettings.DoesNotExist: when the centre was never set up.
    """
    settings = CentreSettings.objects.select_related("centre").get(centre_id=centre_id)
    return settings.issuer_name or settings.centre.name


def holds_demo_data() -> bool:
    """Whether the invented county was loaded here, which forbids gateways that reach real telephones."""
    return CentreSettings.objects.filter(is_demo=True).exists()
