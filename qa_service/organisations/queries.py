"""Reading the ground: the calendar, centres and their settings."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from qa_service.common.workdays import Calendar, CalendarYearMissing, add_workdays, year_wanted
from qa_service.organisations.enums import FirmKind, OrganisationKind
from qa_service.organisations.models import (
    CalendarDay,
    CalendarYear,
    CentreSettings,
    Firm,
    FormerName,
    Membership,
    Organisation,
)


def calendar() -> Calendar:
    """All imported years: some thirty rows each, two queries."""
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    exceptions = dict(CalendarDay.objects.values_list("day", "is_workday"))
    return Calendar(years=years, exceptions=exceptions)


def days_off(*, since: date) -> frozenset[date]:
    """The public holidays that are known from this day on; one query."""
    rows = CalendarDay.objects.filter(day__gte=since, is_workday=False)
    return frozenset(rows.values_list("day", flat=True))


def workdays_if_known(start: date, count: int) -> date | None:
    """The last day of a term of `count` working days that begins on `start`; None where the calendar ends before it.

    Nobody who marks, objects, is heard or gives files out can mend a missing calendar: what they do is kept, and a
    sweep sets the day when the official notice of holidays is there.
    """
    try:
        return add_workdays(start, count, calendar())
    except CalendarYearMissing:
        return None


def today_at(centre: Organisation, moment: datetime) -> date:
    """The day of the moment where the centre is. Fetch `settings` with the centre where there are many."""
    own = getattr(centre, "settings", None)
    return localdate(moment, ZoneInfo(own.time_zone)) if own else localdate(moment)


def day_of_lawyer(lawyer_id: int, moment: datetime) -> date:
    """The day where the lawyer practises: at the centre of the firm that they joined last."""
    held = Membership.objects.filter(lawyer=lawyer_id).select_related("firm__centre__settings")
    last = held.order_by("starts_on", "pk").last()
    return today_at(last.firm.centre, moment) if last else localdate(moment)


def earliest_day(moment: datetime) -> date:
    """The day that has come at every centre, wherever it is."""
    return min(_days(moment).values(), default=localdate(moment))


def latest_day(moment: datetime) -> date:
    """The day that has come at some centre."""
    return max(_days(moment).values(), default=localdate(moment))


def day_of_all(rows: QuerySet[Any], centre: str, moment: datetime) -> date:
    """The day where all of the rows are, `centre` being the path to it; the service's own where they share none."""
    zones = set(rows.order_by().values_list(f"{centre}__settings__time_zone", flat=True).distinct())
    zone = zones.pop() if len(zones) == 1 else None
    return localdate(moment, ZoneInfo(zone)) if zone else localdate(moment)


def _days(moment: datetime) -> dict[str, date]:
    """What day it is in each zone that a centre keeps."""
    return {zone: localdate(moment, ZoneInfo(zone)) for zone in _zones()}


def _zones() -> list[str]:
    return list(CentreSettings.objects.order_by().values_list("time_zone", flat=True).distinct())


def from_midnight_there(moment: datetime, centre: str, column: str) -> Q:
    """A condition on rows: `column` lies after the day of the moment at their centre; `centre` is the path to it."""
    zones = _zones()
    if len(zones) <= 1:
        return Q(**{f"{column}__gte": _next_midnight(moment, next(iter(zones), ""))})
    found = Q(pk__in=[])
    for zone in zones:
        found |= Q(**{f"{centre}__settings__time_zone": zone, f"{column}__gte": _next_midnight(moment, zone)})
    return found


def _next_midnight(moment: datetime, zone: str) -> datetime:
    there = ZoneInfo(zone or settings.TIME_ZONE)
    return datetime.combine(localdate(moment, there) + timedelta(days=1), time.min, there)


def on_the_day_there(moment: datetime, centre: str, condition: Callable[[date], Q]) -> Q:
    """A condition on rows that depends on what day it is at their centre; `centre` is the path of fields to it."""
    days = _days(moment)
    if len(set(days.values())) <= 1:
        return condition(next(iter(days.values()), localdate(moment)))
    wanted = Q(pk__in=[])
    for zone, day in days.items():
        wanted |= Q(**{f"{centre}__settings__time_zone": zone}) & condition(day)
    return wanted


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


def issuer_name(organisation_id: int) -> str:
    """What a centre signs its papers with: the name it set for that, else its own; a bureau, its own.

    :raises Organisation.DoesNotExist: there is none.
    """
    node = Organisation.objects.select_related("settings").get(pk=organisation_id)
    settings = getattr(node, "settings", None)
    return (settings.issuer_name if settings else "") or node.name


def holds_demo_data() -> bool:
    """Whether the invented county was loaded here, which forbids gateways that reach real telephones."""
    return CentreSettings.objects.filter(is_demo=True).exists()


def firms_by_name(centre: Organisation) -> dict[str, int]:
    """The firms of a centre by each name they have or had; who has a name today goes before who had it."""
    former = FormerName.objects.filter(firm__centre=centre).values_list("name", "firm_id")
    named = Firm.objects.filter(centre=centre).values_list("name", "pk")
    return dict((*former, *named))


def stations_by_name(centre: Organisation) -> dict[str, int]:
    """As `firms_by_name`, the stations below a centre."""
    stations = Organisation.objects.filter(path__startswith=centre.path, kind=OrganisationKind.STATION)
    former = FormerName.objects.filter(organisation__in=stations).values_list("name", "organisation_id")
    return dict((*former, *stations.values_list("name", "pk")))


def memberships_on(lawyer_id: int, *, day: date) -> QuerySet[Membership]:
    """Where a lawyer practises on that day, with the firm and its centre."""
    held = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), lawyer=lawyer_id, starts_on__lte=day)
    return held.select_related("firm__centre").order_by("starts_on", "pk")


def namesakes(firm_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The rows that mean the same firm, by each of the given: every centre has a row of its own, found by its names.

    A name that one centre's row has given up still is the firm's at another. Two centres may call their own staff by
    one name, which makes no colleagues of them.
    """
    wanted = set(firm_ids)
    if not wanted:
        return {}
    names = _names(wanted)
    bearers: dict[str, set[int]] = defaultdict(set)
    every = set().union(*names.values())
    firms = Firm.objects.filter(name__in=every).exclude(kind=FirmKind.CENTRE_STAFF)
    former = FormerName.objects.filter(name__in=every, firm__isnull=False).exclude(firm__kind=FirmKind.CENTRE_STAFF)
    for firm_id, name in (*firms.values_list("pk", "name"), *former.values_list("firm_id", "name")):
        bearers[name].add(firm_id)
    return {
        firm_id: frozenset().union({firm_id}, *(bearers[name] for name in own if firm_id in bearers[name]))
        for firm_id, own in names.items()
    }


def _names(firm_ids: set[int]) -> dict[int, set[str]]:
    """The names each firm has or had."""
    names: dict[int, set[str]] = defaultdict(set)
    former = FormerName.objects.filter(firm__in=firm_ids).values_list("firm_id", "name")
    for firm_id, name in (*Firm.objects.filter(pk__in=firm_ids).values_list("pk", "name"), *former):
        if firm_id is not None:
            names[firm_id].add(name)
    return names
