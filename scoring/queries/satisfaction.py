"""How many clients were satisfied, as it was counted in batches: the same to whoever reads the report."""

from django.db.models import Exists, OuterRef, Q, Sum

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import Handlers, handlers_among_staff
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from scoring.models import RatedCase, SatisfactionBatch

# Who reads single clients' answers.
HEARING_ROLES = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


def kept_apart(centre: Organisation) -> Handlers:
    """Whose clients are in no figure: who reads every other answer at the centre would subtract those."""
    return handlers_among_staff(centre, *HEARING_ROLES)


def satisfaction_counted(centre: Organisation, period: Period) -> tuple[int, int]:
    """Ratings and how many of them satisfied, as they were released, whatever became of the answers since.

    A batch that holds a case of somebody who joined the staff after its release is left out, and left out whole.
    """
    apart = kept_apart(centre)
    theirs = Q(case__lawyer__in=apart.lawyers) | Q(case__firm__in=apart.firms)
    batches = SatisfactionBatch.objects.filter(
        centre__path__startswith=centre.path, quarter__gte=period.start, quarter__lt=period.end
    ).exclude(Exists(RatedCase.objects.filter(theirs, batch=OuterRef("pk"))))
    sums = batches.aggregate(rated=Sum("n"), satisfied=Sum("satisfied"))
    return sums["rated"] or 0, sums["satisfied"] or 0
