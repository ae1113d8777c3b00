"""Looking a person up, and handing out what is held of them: each look is recorded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Client
from qa_service.common import phones
from qa_service.common.errors import InvalidInput
from qa_service.privacy.models import PersonRequest
from qa_service.privacy.queries.people import Dossier, Found, held_of, named_in_case, with_number


@transaction.atomic
def look_up(*, user: User, phone: str = "", name: str = "", case_number: str = "", now: datetime) -> list[Found]:
    """Who it is, by number (their own or their guardian's), or by name and case number.

    Nobody is also recorded, without what was typed.

    :raises InvalidInput: neither, or no telephone number.
    """
    if phone.strip():
        found, action = with_number(user, _parsed(phone)), "privacy.number_looked_up"
    elif name.strip() and case_number.strip():
        found, action = named_in_case(user, name, case_number), "privacy.person_looked_up"
    else:
        raise InvalidInput(_("Give the telephone number, or the name and the case number."), field="phone")
    if not found:
        record(actor=user.actor, action=action, details={"found": 0}, at=now)
    record_many(actor=user.actor, acts=[Act(action, Client._meta.label, str(each.client.pk)) for each in found], at=now)
    return found


@transaction.atomic
def copy_for(*, user: User, request: PersonRequest, form: str, now: datetime) -> Dossier:
    """All that is held of the person, number and name in full; who took it away is recorded.

    :param form: `page` or `data`.
    """
    details = {"form": form, "request": request.pk}
    record(actor=user.actor, action="privacy.copied", subject=request.client, details=details, at=now)
    return held_of(request.client, reader=user)


def _parsed(text: str) -> str:
    try:
        return phones.parse(text)
    except phones.NotATelephoneNumber:
        raise InvalidInput(_("This is not a telephone number."), field="phone") from None
