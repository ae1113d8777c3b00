"""Erasing one person because they ask: what may go goes at once, what must stay is named with its reason and day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from qa_service.cases.models import Client
from qa_service.cases.services import hold_person
from qa_service.common.keeping import Ground, Part, Rule, at_place, erase
from qa_service.privacy.enums import Cause, Stay
from qa_service.privacy.queries.people import parts_about_people, standing_rows
from qa_service.privacy.queries.terms import kept_by
from qa_service.privacy.rooms import HOLDS
from qa_service.privacy.services.counting import count_erased
from qa_service.privacy.services.naming import erase_what_names, known_by


@dataclass(frozen=True, slots=True)
class Line:
    """So many rows of a rule went, or stay: `why` is empty for what went, `until` the last day where one is known."""

    rule: str
    rows: int
    why: str = ""
    until: date | None = None

    def stored(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else ""
        return {"rule": self.rule, "rows": self.rows, "why": self.why, "until": until}


@transaction.atomic
def erase_person(*, client: Client, day: date, now: datetime) -> tuple[Line, ...]:
    """Done again it finds nothing more than what waited meanwhile. Rows and figures stay, words go."""
    hold_person(client)  # cases, too, are written over
    held = _held(client, day=day)
    gone: Counter[str] = Counter()
    stays: dict[tuple[str, Stay], Line] = {}
    # What names the person goes with the words by which they are known, so those come last.
    for rule, part in sorted(parts_about_people(), key=lambda pair: bool(pair[1].naming)):
        keys = list(standing_rows(part, client).values_list("pk", flat=True))
        if not keys:
            continue
        why = _why_it_stays(rule, held)
        if why is None:
            gone[rule.key] += _erase(rule, part, keys, day=day, now=now)
        elif not part.of_trade:
            line = _stay(rule, part, keys, why, client=client)
            stays[rule.key, why] = _joined(stays.get((rule.key, why)), line)
    return (*(Line(rule, rows) for rule, rows in gone.items()), *stays.values())


def _held(client: Client, *, day: date) -> frozenset[Stay]:
    return frozenset(
        Stay.PAPER if hold.paper else Stay.UNDER_WAY
        for hold in HOLDS
        if hold.rows(day).filter(**{hold.client: client.pk}).exists()
    )


def _why_it_stays(rule: Rule, held: frozenset[Stay]) -> Stay | None:
    if rule.ground is Ground.STOP:
        return Stay.STOP
    if rule.term is None or rule.ground.is_duty:
        return Stay.DUTY
    if Stay.UNDER_WAY in held:
        return Stay.UNDER_WAY
    return Stay.PAPER if rule.bound_first and Stay.PAPER in held else None


def _erase(rule: Rule, part: Part, keys: list[Any], *, day: date, now: datetime) -> int:
    erase_what_names(known_by(part, keys), day=day, now=now)
    places = part.all().filter(pk__in=keys).annotate(of_place=at_place(part)).values_list("pk", "of_place")
    by_centre = Counter(dict(places).values())
    erase(part, keys, now=now)
    count_erased(day=day, rule=rule.key, cause=Cause.REQUEST, by_centre=by_centre)
    return len(keys)


def _stay(rule: Rule, part: Part, keys: list[Any], why: Stay, *, client: Client) -> Line:
    until = None
    days = kept_by(rule, client.centre).days
    if why is Stay.DUTY and part.since and days is not None:
        newest = (
            part.all().filter(pk__in=keys).annotate(counts_from=F(part.since)).aggregate(at=Max("counts_from"))["at"]
        )
        if newest is not None:
            until = (newest.date() if isinstance(newest, datetime) else newest) + timedelta(days=days)
    return Line(rule.key, len(keys), why, until)


def _joined(one: Line | None, other: Line) -> Line:
    if one is None:
        return other
    days = [line.until for line in (one, other) if line.until]
    return Line(one.rule, one.rows + other.rows, one.why, max(days) if days else None)
