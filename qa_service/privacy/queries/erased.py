"""What was erased and what is held back, as counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from qa_service.accounts.models import User
from qa_service.privacy.models import Erased, HeldBack, Sweep
from qa_service.privacy.queries.terms import READERS
from qa_service.privacy.rooms import HOLDS, rules_by_key


@dataclass(frozen=True, slots=True)
class Held:
    """So many rows of a rule at a centre are over and stand, because of what `hold` says."""

    day: Any
    centre: Any
    rule: Any
    hold: Any
    paper: bool
    count: int


def erased_seen_by(user: User) -> QuerySet[Any]:
    """The newest first."""
    rows = Erased.objects.visible_to(user, *READERS).select_related("centre")
    return rows.order_by("-day", F("centre__path").asc(nulls_first=True), "rule", "cause", "pk")


def held_back_seen_by(user: User) -> list[Held]:
    """As the last sweep found it, in the order of the tree; at most one line a centre, rule and hold."""
    holds = {hold.key: hold for hold in HOLDS}
    rules = rules_by_key()
    rows = HeldBack.objects.visible_to(user, *READERS).select_related("centre").order_by("centre__path", "rule", "hold")
    return [
        Held(
            day=row.day,
            centre=row.centre,
            rule=rules[row.rule].title,
            hold=holds[row.hold].label,
            paper=holds[row.hold].paper,
            count=row.count,
        )
        for row in rows
        if row.rule in rules and row.hold in holds
    ]


def last_sweep() -> Sweep | None:
    """The last that went through to its end."""
    return Sweep.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()


def title_of(rule: str) -> str:
    """The rule in words; one of an older version by its name."""
    known = rules_by_key().get(rule)
    return str(known.title) if known else rule
