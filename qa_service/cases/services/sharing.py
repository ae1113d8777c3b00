"""Lifting what comparing numbers found, once it has ended: nobody else has the number any more."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from qa_service.audit.actors import Actor
from qa_service.audit.services import record_many
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.queries import with_a_case
from qa_service.cases.services.contact import allow_unshared, reachable_again

SWEEP = 500
ACTOR = Actor.system("cases.lift_ended_bans")


@transaction.atomic
def lift_ended_bans(*, limit: int = SWEEP, now: datetime) -> int:
    """Allow texts again by the rule of the intake, which looks only at the numbers of its own rows; how many people.

    A number may also have been corrected, a client taken off or erased. Asked twice, the second time under the locks,
    which whoever compares numbers takes as well. What somebody holds is left for another time.
    """
    found = list(_alone().values_list("pk", flat=True)[:limit])
    if not found:
        return 0
    held = list(ContactPlan.objects.select_for_update(skip_locked=True).filter(pk__in=found).order_by("pk"))
    still = set(_alone().filter(pk__in=[plan.pk for plan in held]).values_list("pk", flat=True))
    lifted = allow_unshared(plan for plan in held if plan.pk in still)
    for plan in lifted:
        plan.revision += 1
    ContactPlan.objects.bulk_update(lifted, ["reason", "sms_allowed", "found_shared", "revision"])
    record_many(actor=ACTOR, acts=[reachable_again(plan.client_id) for plan in lifted], at=now)
    return len(lifted)


def _alone() -> QuerySet[ContactPlan]:
    """Plans of clients whose number was found shared, and whom no other client of the centre has it in common with."""
    others = Client.objects.filter(centre=OuterRef("client__centre"), phone_index=OuterRef("client__phone_index"))
    sharing = with_a_case(others.exclude(pk=OuterRef("client")))
    banned = ContactPlan.objects.filter(found_shared=True, client__erased_at=None).exclude(client__phone_index="")
    return banned.filter(~Exists(sharing)).order_by("pk")
