"""Whose data was erased stays erased: nothing is written about them any more."""

from django.utils.translation import gettext as _

from qa_service.cases.models import Client
from qa_service.common.errors import Conflict


class PersonErased(Conflict):
    code = "person_erased"


def refuse_erased(client: Client) -> None:
    """:raises PersonErased: after their time, or because they asked for it."""
    if client.erased_at is not None:
        raise PersonErased(_("The data of this person was erased here. Nothing is written about them any more."))
