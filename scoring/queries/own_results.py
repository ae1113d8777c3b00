"""What a lawyer or a firm may know of their own results over time, and nothing that moves with another's."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from qa_service.common.periods import Period
from qa_service.common.shares import ENOUGH
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.calculation import mean
from scoring.enums import SourceKind
from scoring.models import CaseScore, ClosedPeriod
from scoring.queries.closing import bands_published

QUARTERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class OwnQuarter:
    """Graded cases of one quarter at one centre; `mean` is 0 to 100, None of fewer than five.

    `band` is what was published when the centre closed the quarter, on `published_on` there.
    """

    period: Period
    centre: str
    n: int
    mean: Decimal | None
    band: tuple[int, int] | None
    published_on: date | None

    @property
    def place(self) -> str:
        """`above`, `within` or `below` the middle band; empty where one of the two is missing."""
        if self.mean is None or self.band is None:
            return ""
        low, high = self.band
        return "below" if self.mean < low else "above" if self.mean > high else "within"


def own_quarters(scores: QuerySet[CaseScore], *, today: date, now: datetime) -> list[OwnQuarter]:
    """Of the last eight quarters, the latest first, those in which a case of theirs was graded; three queries."""
    first = _quarters_before(today, QUARTERS_SHOWN - 1)
    rows = scores.order_by().filter(score__isnull=False, closed_on__gte=first)
    found: dict[tuple[date, int], list[Decimal]] = defaultdict(list)
    for closed_on, centre_id, score in rows.values_list("closed_on", "centre", "score"):
        if score is not None:
            found[Period.quarter_of(closed_on).start, centre_id].append(score)
    centres = Organisation.objects.in_bulk({centre_id for _start, centre_id in found})
    bands = bands_published(centres, until=now)
    return [
        _quarter(Period.quarter_of(start), centres[centre_id], found[start, centre_id], bands)
        for start, centre_id in sorted(found, key=lambda key: (-key[0].toordinal(), centres[key[1]].path))
    ]


def _quarter(
    period: Period, centre: Organisation, scores: list[Decimal], bands: dict[tuple[int, Period], ClosedPeriod]
) -> OwnQuarter:
    closed = bands.get((centre.pk, period))
    band = None
    if closed is not None and closed.band_low is not None and closed.band_high is not None:
        band = (closed.band_low, closed.band_high)
    return OwnQuarter(
        period=period,
        centre=centre.name,
        n=len(scores),
        mean=mean(scores) if len(scores) >= ENOUGH else None,
        band=band,
        published_on=today_at(closed.centre, closed.closed_at) if closed else None,
    )


def _quarters_before(day: date, quarters: int) -> date:
    """The first day of the quarter so many before that of the day."""
    count = day.year * 4 + (day.month - 1) // 3 - quarters
    return Period.quarter(count // 4, count % 4 + 1).start


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """One of a firm's people: graded cases, and how near their own marks come to the readers'; means 0 to 100.

    None where there is nothing to take a mean of; `assessed` cases had a self-assessment that counts.
    """

    name: str
    n: int
    mean: Decimal | None
    assessed: int
    accuracy: Decimal | None

    @property
    def small(self) -> bool:
        return self.n < ENOUGH


def own_people(scores: QuerySet[CaseScore], period: Period) -> list[OwnPerson]:
    """By name, in no order of merit; one query. A firm reads each of these cases by itself, too."""
    rows = scores.order_by().filter(closed_on__gte=period.start, closed_on__lt=period.end)
    names: dict[int, str] = {}
    figures: dict[int, list[Decimal]] = defaultdict(list)
    accuracies: dict[int, list[Decimal]] = defaultdict(list)
    told = rows.values_list("lawyer", "lawyer__name", "score", "derivation")
    for lawyer_id, name, score, derivation in told.iterator():
        names[lawyer_id] = name
        if score is not None:
            figures[lawyer_id].append(score)
        accuracies[lawyer_id] += _accuracies(derivation)
    people = [
        OwnPerson(name, len(figures[pk]), _mean(figures[pk]), len(accuracies[pk]), _mean(accuracies[pk]))
        for pk, name in names.items()
    ]
    return sorted(people, key=lambda each: each.name)


def together(people: Iterable[OwnPerson]) -> tuple[int, Decimal | None]:
    """Of how many cases the firm's self-assessment counts, and how accurate it was."""
    parts = [(each.assessed, each.accuracy) for each in people if each.accuracy is not None]
    n = sum(assessed for assessed, _accuracy in parts)
    total = sum((assessed * accuracy for assessed, accuracy in parts), Decimal(0))
    return n, total / n if n else None


def _accuracies(derivation: str) -> Iterable[Decimal]:
    lines = json.loads(derivation)["lines"]
    return [
        Decimal(line["value"])
        for line in lines
        if line["source"] == SourceKind.SELF_ASSESSMENT and line["value"] is not None
    ]


def _mean(figures: list[Decimal]) -> Decimal | None:
    return mean(figures) if figures else None
