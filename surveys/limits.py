"""How many texts a centre may send: by day, by month, by country (pure).

Each text is counted at the moment it is handed over. What is above a limit waits for the next day or month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qa_service.organisations.countries import CountryLimit


class Limit(StrEnum):
    """Which one holds a text back: written into its row as the code of why it waits."""

    DAY = "limit_day"
    MONTH = "limit_month"
    COUNTRY_DAY = "limit_country_day"
    COUNTRY_MONTH = "limit_country_month"

    @property
    def lasts_a_month(self) -> bool:
        return self in (Limit.MONTH, Limit.COUNTRY_MONTH)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a centre allows. A country that is not among `countries` is not texted at all."""

    a_day: int
    a_month: int
    countries: Mapping[int, CountryLimit]


@dataclass(slots=True)
class Counted:
    """Texts of one centre so far: of the day and of the month with it, by dialling code."""

    day: dict[int, int]
    month: dict[int, int]

    def add(self, country: int) -> None:
        self.day[country] = self.day.get(country, 0) + 1
        self.month[country] = self.month.get(country, 0) + 1


def limit_reached(allowed: Allowed, counted: Counted, *, country: int) -> Limit | None:
    """The limit that another text to this country would exceed; the longer one first, since it decides the wait."""
    own = allowed.countries.get(country, CountryLimit())
    if sum(counted.month.values()) >= allowed.a_month:
        return Limit.MONTH
    if own.a_month is not None and counted.month.get(country, 0) >= own.a_month:
        return Limit.COUNTRY_MONTH
    if sum(counted.day.values()) >= allowed.a_day:
        return Limit.DAY
    if own.a_day is not None and counted.day.get(country, 0) >= own.a_day:
        return Limit.COUNTRY_DAY
    return None


def admitted(texts: Iterable[tuple[int, bool]], *, allowed: Allowed, counted: Counted) -> list[Limit | None]:
    """For each text, a country and whether it goes whatever the limits: None where it goes, else what holds it.

    Those that go are added to `counted`.
    """
    verdicts: list[Limit | None] = []
    for country, always in texts:
        limit = None if always else limit_reached(allowed, counted, country=country)
        if limit is None:
            counted.add(country)
        verdicts.append(limit)
    return verdicts


def room(allowed: Allowed, counted: Counted) -> int:
    """How many texts may still go today, countries apart."""
    return max(
        0,
        min(allowed.a_day - sum(counted.day.values()), allowed.a_month - sum(counted.month.values())),
    )


def first_day_after(limit: Limit, *, today: date) -> date:
    """When what the limit holds back may go."""
    if not limit.lasts_a_month:
        return today + timedelta(days=1)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
