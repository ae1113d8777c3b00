"""The erasing of each night: rule by rule, table by table, a batch at a time, going on where it was broken off.

A batch, its counts and how far it got are one transaction. Whatever runs it twice at once finds the other's sweep
locked and leaves it alone; run again on the same day it finds nothing over.
"""

from collections import Counter
from collections.abc import Sequence
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


Place = tuple[Rule, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: what it was about, how many rows it erased, and the rules of tables before it with nothing over."""

    rule: str
    erased: int
    passed: tuple[str, ...] = ()


def apply_retention(*, now: datetime) -> Step | None:
    """Erase one batch of what is over today; None when nothing is left to do, or somebody else is at it."""
    for zone in zones_in_use():
        day = localdate(now, ZoneInfo(zone))
        sweep, _new = Sweep.objects.get_or_create(zone=zone, day=day, defaults={"started_at": now})
        step = _step(sweep, now=now) if sweep.finished_at is None else None
        if step is not None:
            return step
    return None


def _step(seen: Sweep, *, now: datetime) -> Step | None:
    """Most nights nothing of most tables is over: those are looked at with nothing held, and passed all in one."""
    places = _places()
    at = _place_of(seen, places)
    there = next((place for place in range(at, len(places)) if _something_over(seen, places, place)), len(places))
    with transaction.atomic():
        sweep = _held(seen)
        if sweep is None:
            return None
        if at == len(places):
            _finish(sweep, now=now)
            return None
        passed = tuple(rule.key for rule, _part in places[at:there])
        if passed:
            _move_to(sweep, places, there)
        return _batch(sweep, places, there, passed, now=now)


def _something_over(seen: Sweep, places: Sequence[Place], place: int) -> bool:
    """What holds rows back is worth asking only then."""
    if place == _place_of(seen, places) and seen.after:
        return True
    rule, number = places[place]
    return due_rows(rule, rule.parts[number], zone=seen.zone, day=seen.day).exists()


def _batch(sweep: Sweep, places: Sequence[Place], place: int, passed: tuple[str, ...], *, now: datetime) -> Step:
    if place == len(places):
        return Step("", 0, passed)
    rule, number = places[place]
    part = rule.parts[number]
    found = _next_free(sweep, rule, part)
    if not found:
        _note_held_back(sweep, rule, part)
        _move_to(sweep, places, place + 1)
        return Step(rule.key, 0, passed)
    _erase(rule, part, found, day=sweep.day, now=now)
    sweep.after = str(list(found)[-1])
    sweep.save(update_fields=["after"])
    return Step(rule.key, len(found), passed)


def _finish(sweep: Sweep, *, now: datetime) -> None:
    sweep.finished_at = now
    sweep.save(update_fields=["finished_at"])
    HeldBack.objects.filter(zone=sweep.zone, day__lt=sweep.day).delete()


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


def _held(seen: Sweep) -> Sweep | None:
    """The sweep as it was seen, for us alone; None while somebody else has it, or where somebody went on with it."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = Sweep.objects.select_for_update(skip_locked=skip)
    return rows.filter(pk=seen.pk, rule=seen.rule, part=seen.part, after=seen.after, finished_at=None).first()


def _places() -> list[Place]:
    """All tables of all rules, in order."""
    return [(rule, number) for rule in RULES if rule.term is not None for number in range(len(rule.parts))]


def _place_of(sweep: Sweep, places: Sequence[Place]) -> int:
    """At which of them it is, the first where it has just begun; their number where it is behind the last."""
    if not sweep.rule:
        return 0
    known = {(rule.key, number): place for place, (rule, number) in enumerate(places)}
    return known.get((sweep.rule, sweep.part), len(places))


def _move_to(sweep: Sweep, places: Sequence[Place], place: int) -> None:
    sweep.rule, sweep.part = "done", 0
    if place < len(places):
        rule, sweep.part = places[place]
        sweep.rule = rule.key
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
