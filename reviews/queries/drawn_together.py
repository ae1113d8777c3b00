"""A draw over several centres: what it would take of each, and which samples came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.common.errors import DomainError
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.models import Sample
from reviews.queries.previews import handled_in, previewed_sample
from reviews.sampling import Plan


@dataclass(frozen=True, slots=True)
class CentrePlan:
    """`plan` is None where this centre cannot be drawn from so, and `refused` says why.

    `own_left_out`: the reader or their firm handled cases of it, which are no part of the plan.
    """

    centre: Organisation
    plan: Plan | None
    refused: str = ""
    own_left_out: bool = False


def previewed_together(
    *,
    user: User,
    centres: Iterable[Organisation],
    period: Period,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
    now: datetime,
) -> list[CentrePlan]:
    """What `previewed_sample` tells of each; writes nothing. The number of queries grows with the centres alone."""
    chosen = list(rules)
    found = []
    for centre in centres:
        try:
            plan = previewed_sample(
                user=user, centre=centre, period=period, seed=seed, rate=rate, rules=chosen, twice=twice, now=now
            )
            found.append(CentrePlan(centre, plan, own_left_out=handled_in(user, centre=centre, period=period)))
        except DomainError as error:
            found.append(CentrePlan(centre, None, str(error.message)))
    return found


def samples_drawn_with(sample: Sample, user: User) -> QuerySet[Sample]:
    """Those of the same act, this one among them, that the person may see: of one seed, person and moment."""
    same = {"seed": sample.seed, "drawn_by": sample.drawn_by_id, "drawn_at": sample.drawn_at}
    return Sample.objects.visible_to(user).filter(**same).select_related("centre").order_by("centre__path")
