"""Who may decide about marks: nobody who gave them, and nobody who could not have read the file.

That is who has a tie to it, marked it for practice, was refused by its lawyer, or is of the county in a city-wide
review. Where the centre has nobody left, the supervisors above it decide: its objections and vetoes lie open to them
too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from reviews.conflicts import bars_deciding
from reviews.enums import ConflictReason
from reviews.queries.readers import held_as_reader
from reviews.queries.reviewers import case_facts, reviewer_facts

# What is no tie to the lawyer or firm, and how it is said.
OTHER_BARS: Final[dict[ConflictReason, Any]] = {
    ConflictReason.CALIBRATED: _(
        "You marked this file for calibration or sat on its panel. Somebody else must decide, or the bureau."
    ),
    ConflictReason.OBJECTED_TO: _(
        "An objection of this lawyer to you was upheld. Somebody else must decide, or the bureau."
    ),
    ConflictReason.SAME_COUNTY: _(
        "In a city-wide review nobody of the county whose file it is decides about its marks: the bureau does."
    ),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`why` somebody decides nothing about a file, in words. Who is `tied` to it does nothing else about it either."""

    why: Any
    tied: bool


def bars_to_deciding(cases: Iterable[Case], *, user: User) -> dict[int, Bar]:
    """Why the person decides nothing about the marks of these files, by the case; of others they may.

    A fixed number of queries, whatever theirs, and none for no case.
    """
    asked = {case.pk: case for case in cases}
    if not asked:
        return {}
    person, facts = reviewer_facts([user])[user.pk], case_facts(asked.values())
    held = set(held_as_reader(asked).filter(reviewer=user).values_list("case_id", flat=True))
    found = {pk: _bar(bars_deciding(person, facts[pk]), held=pk in held) for pk in asked}
    return {pk: bar for pk, bar in found.items() if bar}


def _bar(bars: tuple[ConflictReason, ...], *, held: bool) -> Bar | None:
    if set(bars) - OTHER_BARS.keys():
        return Bar(_("A person with a tie to the lawyer or firm cannot decide."), tied=True)
    if held:
        return Bar(_("This is decided by people who did not mark."), tied=False)
    return Bar(OTHER_BARS[bars[0]], tied=False) if bars else None
