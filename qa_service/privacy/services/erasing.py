"""The erasing of each night: rule by rule, table by table, a batch at a time, going on where it was broken off.

A batch, its counts and how far it got are one transaction. Whatever runs it twice at once finds the other's sweep
locked and leaves it alone; run again on the same day it finds nothing over.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count
from django.utils.timezone import localdate

from qa_service.common.keeping import Part, Rule, erase
from qa_service.privacy.enums import Cause
from qa_service.privacy.models import HeldBack, Sweep
from qa_service.privacy.queries.due import due_rows, free_rows, holds_of, is_held, zones_in_use
from qa_service.privacy.rooms import RULES
from qa_service.privacy.services.counting import count_erased
from qa_service.privacy.services.naming import erase_what_names, known_by

BATCH = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: what it was about, and how many rows it erased."""

    rule: str
    erased: int


def apply_retention(*, now: datetime) -> Step | None:
    """Erase one batch of what is over today; None when nothing is left to do, or somebody else is at it."""
    for zone in zones_in_use():
        day = localdate(now, ZoneInfo(zone))
        if Sweep.objects.filter(zone=zone, day=day, finished_at__isnull=False).exists():
            continue
        step = _step(zone, day, now=now)
        if step is not None:
            return step
    return None


@transaction.atomic
def _step(zone: str, day: date, *, now: datetime) -> Step | None:
    sweep = _held(zone, day, now=now)
    if sweep is None or sweep.finished_at is not None:
        return None
    place = _at_work(sweep)
    if place is None:
        sweep.finished_at = now
        sweep.save(update_fields=["finished_at"])
        HeldBack.objects.filter(zone=zone, day__lt=day).delete()
        return None
    rule, part = place
    # Most nights nothing of most tables is over; what holds rows back is then not worth asking.
    something_over = bool(sweep.after) or due_rows(rule, part, zone=zone, day=day).exists()
    found = _next_free(sweep, rule, part) if something_over else {}
    if not found:
        if something_over:
            _note_held_back(sweep, rule, part)
        _move_on(sweep)
        return Step(rule.key, 0)
    _erase(rule, part, found, day=day, now=now)
    sweep.after = str(list(found)[-1])
    sweep.save(update_fields=["after"])
    return Step(rule.key, len(found))


def _next_free(sweep: Sweep, rule: Rule, part: Part) -> dict[Any, int | None]:
    """The next batch behind where the sweep stands: its keys, and to which centre each belongs."""
    rows = free_rows(rule, part, zone=sweep.zone, day=sweep.day).order_by("pk")
    if sweep.after:
        rows = rows.filter(pk__gt=sweep.after)
    return dict(rows.values_list("pk", "of_place")[:BATCH])


def _erase(rule: Rule, part: Part, found: dict[Any, int | None], *, day: date, now: datetime) -> None:
    """Who is known by the words that go is named nowhere else afterwards."""
    erase_what_names(known_by(part, found), day=day, now=now)
    erase(part, list(found), now=now)
    count_erased(day=day, rule=rule.key, cause=Cause.TERM, by_centre=Counter(found.values()))


def _held(zone: str, day: date, *, now: datetime) -> Sweep | None:
    """Today's sweep, for us alone; None while somebody else has it."""
    Sweep.objects.get_or_create(zone=zone, day=day, defaults={"started_at": now})
    skip = connection.features.has_select_for_update_skip_locked
    return Sweep.objects.select_for_update(skip_locked=skip).filter(zone=zone, day=day).first()


def _places() -> Iterator[tuple[str, int]]:
    for rule in RULES:
        if rule.term is not None:
            yield from ((rule.key, number) for number in range(len(rule.parts)))


def _at_work(sweep: Sweep) -> tuple[Rule, Part] | None:
    """The rule and table the sweep is at, the first where it has just begun; None behind the last."""
    places = list(_places())
    if not sweep.rule:
        sweep.rule, sweep.part = places[0]
        sweep.save(update_fields=["rule", "part"])
    if (sweep.rule, sweep.part) not in places:
        return None
    rule = next(each for each in RULES if each.key == sweep.rule)
    return rule, rule.parts[sweep.part]


def _move_on(sweep: Sweep) -> None:
    places = list(_places())
    place = places.index((sweep.rule, sweep.part)) + 1
    sweep.rule, sweep.part = places[place] if place < len(places) else ("done", 0)
    sweep.after = ""
    sweep.save(update_fields=["rule", "part", "after"])


def _note_held_back(sweep: Sweep, rule: Rule, part: Part) -> None:
    """What of the table is over and had to stay, by what holds it; one query."""
    holds = holds_of(rule, part)
    if not holds:
        return
    rows = due_rows(rule, part, zone=sweep.zone, day=sweep.day)
    counts = {
        f"held_{number}": Count("pk", filter=is_held(hold, part, day=sweep.day)) for number, hold in enumerate(holds)
    }
    for each in rows.order_by().values("of_place").annotate(**counts):
        for number, hold in enumerate(holds):
            if each["of_place"] is not None and each[f"held_{number}"]:
                _add_held(sweep, rule, hold.key, each["of_place"], each[f"held_{number}"])


def _add_held(sweep: Sweep, rule: Rule, hold: str, centre_id: int, number: int) -> None:
    row, made = HeldBack.objects.get_or_create(
        zone=sweep.zone, day=sweep.day, centre_id=centre_id, rule=rule.key, hold=hold, defaults={"count": number}
    )
    if not made:
        row.count += number
        row.save(update_fields=["count"])
