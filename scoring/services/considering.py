"""Putting cases before the rules: at once when their evidence changed, all of late when a rule came into force."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from qa_service.organisations.queries import earliest_day
from scoring.models import Rule, RuleTakenUp, ToConsider
from scoring.queries.proposals import scores_to_consider

BATCH = 2000


def consider(case_ids: Iterable[int], *, now: datetime) -> None:
    """Have the rules look at these cases at once. One upsert; in order, so that no two writers lock up."""
    come = earliest_day(now)
    rows = [ToConsider(case_id=case_id, due_on=come) for case_id in sorted(set(case_ids))]
    ToConsider.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["case"], update_fields=["due_on"]
    )


@transaction.atomic
def take_up_new_rules(*, now: datetime) -> int:
    """Put what was weighed of late before rules that came into force since; returns how many rules did."""
    fresh = list(Rule.objects.filter(taken_up=None))
    if fresh:
        RuleTakenUp.objects.bulk_create([RuleTakenUp(rule=rule, at=now) for rule in fresh], ignore_conflicts=True)
        consider(scores_to_consider(now=now).values_list("case_id", flat=True), now=now)
    return len(fresh)
