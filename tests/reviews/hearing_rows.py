"""Rows of observed hearings, each made through the services that make them in life."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor
from reviews.models import Checklist, Hearing, Observation
from reviews.queries.checklists import standard_of
from reviews.services.hearings import plan_hearings, record_hearing, save_observation, submit_observation
from reviews.services.marks import MarkEntry
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists, manager

HEARD_ON = date(2026, 12, 8)
UNTIL = date(2026, 12, 31)


def heard(hearing: Hearing) -> datetime:
    """On the day of the hearing, when it is over."""
    return datetime.combine(hearing.held_on, time(9), UTC)


def observer(at: Organisation, **fields: Any) -> User:
    return factories.user(Role.OBSERVER, at=at, **fields)


def planned(at: Organisation, *, seed: str = "s", by: User | None = None, **fields: Any) -> Hearing:
    """One hearing to come, drawn with every other; observed by those who are there."""
    if not Checklist.objects.exists():
        checklists()
    case = factories.open_case(at, **({"hearing_on": HEARD_ON} | fields))
    plan_hearings(centre=at, until=UNTIL, seed=seed, rate=Decimal(1), user=by or manager(at), now=NOW)
    return Hearing.objects.get(case=case)


def entries(hearing: Hearing, **anchors: Anchor) -> list[MarkEntry]:
    """Full unless said otherwise, each deduction with its reason."""
    return [
        MarkEntry(item=code, anchor=anchors.get(code, Anchor.FULL))
        if anchors.get(code, Anchor.FULL) == Anchor.FULL
        else MarkEntry(item=code, anchor=anchors[code], reason_code="other", comment="见笔记")
        for code in standard_of(hearing.checklist).items
    ]


def saved(row: Observation, **anchors: Anchor) -> Observation:
    row.refresh_from_db()
    user = User.objects.get(pk=row.observer_id)
    return save_observation(
        observation_id=row.public_id,
        version=row.version,
        entries=entries(row.hearing, **anchors),
        comment="",
        user=user,
        now=NOW,
    )


def handed_in(row: Observation, **anchors: Anchor) -> Observation:
    kept = saved(row, **anchors)
    user = User.objects.get(pk=row.observer_id)
    return submit_observation(observation_id=row.public_id, version=kept.version, user=user, now=heard(row.hearing))


def recorded(hearing: Hearing, *, by: User, note: str = "一致。", **anchors: Anchor) -> Hearing:
    return record_hearing(hearing=hearing, entries=entries(hearing, **anchors), note=note, user=by, now=NOW)
