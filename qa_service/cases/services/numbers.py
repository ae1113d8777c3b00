"""A client's number, corrected by whoever learnt another one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import ContactReason, NumberOwner
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import weightier
from qa_service.cases.queries import with_a_case
from qa_service.cases.services.erased import refuse_erased
from qa_service.cases.services.holding import cases_of
from qa_service.cases.services.settling import unsettle_surveys
from qa_service.common import phones
from qa_service.common.encryption import blind_index
from qa_service.common.errors import InvalidInput

OWN = (NumberOwner.CLIENT, NumberOwner.GUARDIAN)


@transaction.atomic
def correct_phone(
    *, client: Client, phone: str, owner: NumberOwner, told_by_client: bool, actor: Actor, now: datetime
) -> Client:
    """Replace the number; an export that still has the old one is understood as the same person.

    No text goes to it before somebody has confirmed the plan with the person, unless they gave it themselves; to a
    number that is somebody else's, or that others have too, none goes at all.

    :raises PersonErased: there is nobody left to correct.
    :raises InvalidInput: no telephone number, the one already known, or one under which the person stands twice.
    """
    given = _parsed(phone)
    index = blind_index(given)
    # Two clients of a case on one telephone are one to ask: with a number of their own they are two. The cases come
    # first: who draws among a case's clients holds the case, and refers to the clients when that ends.
    unsettle_surveys(cases=cases_of(client))
    row = Client.objects.select_for_update(of=("self",)).select_related("centre__settings").get(pk=client.pk)
    refuse_erased(row)
    if index == row.phone_index:
        raise InvalidInput(_("This is the number that is already known."), field="new_phone")
    others = Client.objects.filter(centre_id=row.centre_id, phone_index=index)
    if others.filter(name_index=row.name_index).exists():
        raise InvalidInput(_("The same person stands in the list with this number already."), field="new_phone")
    row.former_phone_index = row.phone_index or row.former_phone_index
    row.phone, row.phone_index, row.phone_masked = given, index, phones.mask(given)
    row.phone_owner, row.updated_at = owner, now
    row.save(update_fields=["phone", "phone_index", "phone_masked", "former_phone_index", "phone_owner", "updated_at"])
    sharing = [row.pk, *with_a_case(others.exclude(pk=row.pk)).values_list("pk", flat=True)]
    for plan in ContactPlan.objects.select_for_update().filter(client__in=sharing).order_by("pk"):
        own = plan.client_id == row.pk
        if (own and owner not in OWN) or len(sharing) > 1:
            # Whose number it was before is texted again once nobody else has it; here a person has to look.
            plan.found_shared = (plan.sms_allowed or plan.found_shared) and not own
            plan.reason = weightier(plan.reason, ContactReason.NUMBER_SHARED)
            plan.sms_allowed = False
        elif not told_by_client:
            today = now.astimezone(ZoneInfo(row.centre.settings.time_zone)).date()
            plan.confirmed_on, plan.expires_on = None, today - timedelta(days=1)
        plan.revision += 1
        plan.save(update_fields=["reason", "sms_allowed", "found_shared", "confirmed_on", "expires_on", "revision"])
    record(actor=actor, action="cases.phone_corrected", subject=row, details={"owner": owner}, at=now)
    return row


def _parsed(text: str) -> str:
    try:
        return phones.parse(text)
    except phones.NotATelephoneNumber:
        raise InvalidInput(_("This is not a telephone number."), field="new_phone") from None
