"""Whoever decides about marks is asked at the instant of deciding whether they may: `bars_to_deciding` says who."""

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from reviews.queries.independence import bars_to_deciding


def require_independent(*, case: Case, user: User) -> None:
    """:raises NotIndependent: the person held the file as its reader, or may not read it (`bars_to_deciding`)."""
    barred = bars_to_deciding([case], user=user).get(case.pk)
    if barred:
        raise NotIndependent(barred.why)
