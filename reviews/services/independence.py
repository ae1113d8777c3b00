"""Who may decide about marks: nobody who gave them, and nobody who could not have read the file.

That is who has a tie to it, marked it for practice, was refused by its lawyer, or is of the county in a city-wide
review. Asked at the instant of deciding. Where the centre has nobody left, the supervisors above it decide: its
objections and vetoes lie open to them too.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from reviews.enums import ConflictReason
from reviews.queries.readers import held_as_reader
from reviews.queries.reviewers import bars_to_reading

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


def require_independent(*, case: Case, user: User) -> None:
    """:raises NotIndependent: the person held the file as its reader, or may not read it (`bars_to_reading`)."""
    bars = bars_to_reading(case=case, reader=user)
    if set(bars) - OTHER_BARS.keys():
        raise NotIndependent(_("A person with a tie to the lawyer or firm cannot decide."))
    if held_as_reader([case.pk]).filter(reviewer=user).exists():
        raise NotIndependent(_("This is decided by people who did not mark."))
    if bars:
        raise NotIndependent(OTHER_BARS[bars[0]])
