"""Who was reached and who answered, group by group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qa_service.accounts.models import User
from qa_service.common.plainly import uncompiled
from surveys.enums import OPEN_STATES
from surveys.figures.funnel import Reach
from surveys.figures.heard import Counted, Dimension, age_group, dimension, merged
from surveys.queries.figures.funnel import REACH, reach_of, with_invitation
from surveys.queries.figures.scope import EVERYTHING, Choice, followups

AGE = "age"
# What a follow-up is grouped by, and where that stands.
DIMENSIONS = {
    "case_type": "case__case_type",
    AGE: "recipient__birth_year",
    "gender": "recipient__gender",
    "group": "recipient__group",
    "township": "recipient__township",
    "language": "recipient__contact_plan__language",
    "barrier": "recipient__contact_plan__reason",
}
COUNTS = ("begun", "arrived", "answered")


@dataclass(frozen=True, slots=True)
class WhoIsHeard:
    """Of follow-ups that are over; `still_open` may yet be answered and count for nothing here."""

    as_of: datetime
    reach: Reach
    still_open: int
    dimensions: tuple[Dimension, ...]


def who_is_heard(*, user: User, choice: Choice = EVERYTHING, now: datetime) -> WhoIsHeard:
    """One query a dimension, and two."""
    rows = followups(user, choice)
    over = rows.exclude(state__in=OPEN_STATES)
    year = timezone.localdate(now).year
    with uncompiled():
        return WhoIsHeard(
            as_of=now,
            reach=reach_of(over),
            still_open=rows.filter(state__in=OPEN_STATES).count(),
            dimensions=tuple(
                dimension(code, merged(_counted(with_invitation(over), code, column, year=year)))
                for code, column in DIMENSIONS.items()
            ),
        )


def _counted(rows: QuerySet[Any], code: str, column: str, *, year: int) -> Iterable[Counted]:
    counts = {name: REACH[name] for name in COUNTS}
    for group, *counted in rows.order_by().values_list(column).annotate(**counts):
        yield Counted(age_group(group, year=year) if code == AGE else group or "", *counted)
