"""Reading the ground: the calendar, centres and their settings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from qa_service.common.workdays import Calendar, year_wanted
from qa_service.organisations.enums import FirmKind, OrganisationKind
from qa_service.organisations.models import CalendarDay, CalendarYear, CentreSettings, Firm, Organisation


def calendar() -> Calendar:
    """All imported years: some thirty rows each, two queries."""
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    exceptions = dict(CalendarDay.objects.values_list("day", "is_workday"))
    return Calendar(years=years, exceptions=exceptions)


def calendar_year_wanted(*, today: date) -> int | None:
    """The year that terms in working days will soon need and that nobody has imported; one query."""
    return year_wanted(today, set(CalendarYear.objects.values_list("year", flat=True)))


def bureau_above(organisation: Organisation) -> Organisation | None:
    """The nearest bureau that an organisation stands under; None where the tree has none above it."""
    steps = range(Organisation.steplen, len(organisation.path) + 1, Organisation.steplen)
    paths = [organisation.path[:length] for length in steps]
    above: Organisation | None = (
        Organisation.objects.filter(path__in=paths, kind=OrganisationKind.BUREAU).order_by("-depth").first()
    )
    return above


def issuer_name(centre_id: int) -> str:
    """What a centre signs its papers with: the name it set for that, else its own.

    :raises CentreSettings.DoesNotExist: when the centre was never set up.
    """
    settings = CentreSettings.objects.select_related("centre").get(centre_id=centre_id)
    return settings.issuer_name or settings.centre.name


def holds_demo_data() -> bool:
    """Whether the invented county was loaded here, which forbids gateways that reach real telephones."""
    return CentreSettings.objects.filter(is_demo=True).exists()


def namesakes(firm_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The rows that mean the same firm, by each of the given: every centre has a row of its own, found by its name.

    Two centres may call their own staff by one name, which makes no colleagues of them.
    """
    wanted = set(firm_ids)
    if not wanted:
        return {}
    named = dict(Firm.objects.filter(pk__in=wanted).values_list("pk", "name"))
    rows: dict[str, set[int]] = defaultdict(set)
    firms = Firm.objects.filter(name__in=set(named.values())).exclude(kind=FirmKind.CENTRE_STAFF)
    for firm_id, name in firms.values_list("pk", "name"):
        rows[name].add(firm_id)
    return {firm_id: frozenset(rows[name] if firm_id in rows[name] else {firm_id}) for firm_id, name in named.items()}
