"""Who may decide about marks: nobody who gave them, and nobody with a tie to who handled the case."""

from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from reviews.queries.readers import held_as_reader
from reviews.queries.reviewers import ties


def require_independent(*, case: Case, user: User) -> None:
    """:raises NotIndependent: the person held the file as its reader, handled the case, or is tied to who did."""
    if ties(case=case, person=user):
        raise NotIndependent(_("A person with a tie to the lawyer or firm cannot decide."))
    if held_as_reader([case.pk]).filter(reviewer=user).exists():
        raise NotIndependent(_("This is decided by people who did not mark."))
