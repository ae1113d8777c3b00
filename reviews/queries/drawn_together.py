"""A draw over several centres: what it would take of each, and which samples came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Rule
from reviews.giving import give_out
from reviews.models import Sample
from reviews.queries.previews import handled_in, previewed_sample
from reviews.queries.reviewers import case_facts, facts_for_giving, reviewers_of
from reviews.sampling import Plan


@dataclass(frozen=True, slots=True)
class CentrePlan:
    """`plan` is None where this centre cannot be drawn from so, and `refused` says why.

    `own_left_out`: the reader or their firm handled cases of it, which are no part of the plan. `nobodys`: how many of
    the files nobody may read as things stand, in a city-wide review.
    """

    centre: Organisation
    plan: Plan | None
    refused: str = ""
    own_left_out: bool = False
    nobodys: int = 0


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
            own = handled_in(user, centre=centre, period=period)
            found.append(CentrePlan(centre, plan, own_left_out=own, nobodys=nobodys_files(centre, plan, now=now)))
        except DomainError as error:
            found.append(CentrePlan(centre, None, str(error.message)))
    return found


def nobodys_files(centre: Organisation, plan: Plan, *, now: datetime) -> int:
    """How many of the files nobody may read in a city-wide review, as they would be given out.

    Room that is lacking comes again.
    """
    cases = case_facts(Case.objects.filter(pk__in=[draw.case_id for draw in plan.draws]))
    given = give_out(
        cases=[replace(case, not_from=centre.pk) for case in cases.values()],
        reviewers=list(facts_for_giving(reviewers_of(centre), today=today_at(centre, now)).values()),
    )
    return sum(choice.user_id is None and not choice.full for choice in given.values())


def samples_drawn_with(sample: Sample, user: User) -> QuerySet[Sample]:
    """Those of the same act, this one among them, that the person may see: of one seed, person and moment."""
    same = {"seed": sample.seed, "drawn_by": sample.drawn_by_id, "drawn_at": sample.drawn_at}
    return Sample.objects.visible_to(user).filter(**same).select_related("centre").order_by("centre__path")
