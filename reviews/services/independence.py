"""Who may decide about marks: nobody who gave them, marked the file for practice, or has a tie to who handled it.

Where the centre has nobody left, the supervisors above it decide: its objections and vetoes lie open to them too.
"""

from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from reviews.queries.readers import held_as_reader
from reviews.queries.reviewers import calibrated_by, ties


def require_independent(*, case: Case, user: User) -> None:
    """:raises NotIndependent: the person held the file as its reader, knows it from calibration, or is tied to it."""
    if ties(case=case, person=user):
        raise NotIndependent(_("A person with a tie to the lawyer or firm cannot decide."))
    if held_as_reader([case.pk]).filter(reviewer=user).exists():
        raise NotIndependent(_("This is decided by people who did not mark."))
    if user.pk in calibrated_by(case):
        raise NotIndependent(
            _("You marked this file for calibration or sat on its panel. Somebody else must decide, or the bureau.")
        )
