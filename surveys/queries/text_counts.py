"""What centres have sent so far, by day, month and country."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from qa_service.organisations.models import CentreSettings
from surveys.limits import Allowed, Counted
from surveys.models import TextCount
from surveys.models.sending import ALL_COUNTRIES


def allowed_by(settings: CentreSettings) -> Allowed:
    return Allowed(a_day=settings.texts_a_day, a_month=settings.texts_a_month, countries=settings.countries)


def today_there(settings: CentreSettings, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.time_zone)).date()


def text_counts(centres: Collection[int], *, day: date) -> Mapping[int, Counted]:
    """By the key of the centre: texts of the day, and of its month up to it."""
    counts = {centre: Counted(day={}, month={}) for centre in centres}
    rows = TextCount.objects.filter(centre__in=centres, day__range=(day.replace(day=1), day))
    sums = (
        rows.exclude(country=ALL_COUNTRIES)
        .values("centre", "country")
        .annotate(month=Sum("texts"), today=Sum("texts", filter=Q(day=day)))
    )
    for row in sums:
        counts[row["centre"]].month[row["country"]] = row["month"]
        counts[row["centre"]].day[row["country"]] = row["today"] or 0
    return counts


def text_counts_now(settings: Iterable[CentreSettings], *, now: datetime) -> Mapping[int, Counted]:
    """The same for centres in different zones, each on its own day."""
    days: dict[date, list[int]] = defaultdict(list)
    for own in settings:
        days[today_there(own, now)].append(own.centre_id)
    return {key: counted for day, centres in days.items() for key, counted in text_counts(centres, day=day).items()}
