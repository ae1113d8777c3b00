"""A client's name, put right because the person asked for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.intake import Problem, cells
from qa_service.cases.models import Client
from qa_service.cases.services.erased import refuse_erased
from qa_service.common.encryption import blind_index
from qa_service.common.errors import InvalidInput

LONGEST_NAME = 100


@transaction.atomic
def correct_name(*, client: Client, name: str, actor: Actor, now: datetime) -> Client:
    """Replace the name; an export that still has the old one is understood as the same person.

    :raises PersonErased: there is nobody left to correct.
    :raises InvalidInput: no name, the one already known, or one under which the person stands twice.
    """
    given = _read(name)
    index = blind_index(given)
    row = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    refuse_erased(row)
    if index == row.name_index:
        raise InvalidInput(_("This is the name that is already known."), field="new_name")
    if Client.objects.filter(centre_id=row.centre_id, name_index=index, phone_index=row.phone_index).exists():
        raise InvalidInput(_("Somebody of this name stands in the list with this number already."), field="new_name")
    row.former_name_index, row.name, row.name_index, row.updated_at = row.name_index, given, index, now
    row.save(update_fields=["former_name_index", "name", "name_index", "updated_at"])
    record(actor=actor, action="cases.name_corrected", subject=row, at=now)
    return row


def _read(name: str) -> str:
    try:
        given = cells.name("client_name", name, LONGEST_NAME)
    except Problem:
        raise InvalidInput(_("This cannot be a name."), field="new_name") from None
    if not given:
        raise InvalidInput(_("Give the name as it should be."), field="new_name")
    return given
