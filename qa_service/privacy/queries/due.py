"""Which rows are over on a day: by the term that holds at their centre, and with nothing of the person under way."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from qa_service.common.keeping import Hold, Part, Rule, at_place, over, standing
from qa_service.organisations.models import CentreSettings
from qa_service.privacy.models import RetentionTerm
from qa_service.privacy.rooms import HOLDS


def zones_in_use() -> list[str]:
    """The service's own zone first: rows of no centre are looked at by its clock."""
    known = CentreSettings.objects.order_by().values_list("time_zone", flat=True).distinct()
    return [settings.TIME_ZONE, *sorted(set(known) - {settings.TIME_ZONE})]


def due_rows(rule: Rule, part: Part, *, zone: str, day: date) -> QuerySet[Any]:
    """What of a table is over on this day in this zone and still stands, held back or not; `of_place` is the centre."""
    rows: QuerySet[Any] = part.all().annotate(of_place=at_place(part)).filter(standing(part))
    return rows.filter(_in_zone(part, zone), _over(rule, part, zone=zone, day=day))


def free_rows(rule: Rule, part: Part, *, zone: str, day: date) -> QuerySet[Any]:
    """The same without what is held back."""
    rows = due_rows(rule, part, zone=zone, day=day)
    for hold in holds_of(rule, part):
        rows = rows.exclude(is_held(hold, part, day=day))
    return rows


def holds_of(rule: Rule, part: Part) -> tuple[Hold, ...]:
    if not part.person:
        return ()
    return tuple(hold for hold in HOLDS if rule.bound_first or not hold.paper)


def is_held(hold: Hold, part: Part, *, day: date) -> Exists:
    return Exists(hold.rows(day).filter(**{hold.client: OuterRef(part.person)}))


def _in_zone(part: Part, zone: str) -> Q:
    ours = zone == settings.TIME_ZONE
    if not part.place:
        return Q() if ours else Q(pk__in=[])
    there = Q(**{f"{part.place}__settings__time_zone": zone})
    return there | Q(**{f"{part.place}__isnull": True}) if ours else there


def _over(rule: Rule, part: Part, *, zone: str, day: date) -> Q:
    """One condition for each term in use: the default, and what places have set, the nearest above a row counting."""
    clock = ZoneInfo(zone)
    if rule.term is None:
        return Q(pk__in=[])
    found, taken = Q(pk__in=[]), Q(pk__in=[])
    for path, days in _terms_set(rule, part):
        below = Q(**{f"{part.place}__path__startswith": path})
        found |= below & ~taken & over(part, days=days, today=day, zone=clock)
        taken |= below
    return found | (~taken & over(part, days=rule.term.days, today=day, zone=clock))


def _terms_set(rule: Rule, part: Part) -> Iterator[tuple[str, int]]:
    """The deepest places first, so that what they take is not taken again by those above."""
    if not part.place:
        return
    terms = RetentionTerm.objects.filter(rule=rule.key).values_list("organisation__path", "days")
    yield from sorted(terms, key=lambda term: (-len(term[0]), term[0]))
