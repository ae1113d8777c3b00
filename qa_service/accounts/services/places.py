"""Growing the tree: whoever is above a node adds what belongs under it."""

from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import parents_for
from qa_service.common.errors import NotPermitted
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.services import found_organisation


def add_organisation(
    *, kind: OrganisationKind, code: str, name: str, parent: Organisation, user: User, now: datetime
) -> Organisation:
    """Add a bureau, centre or station. A centre comes with its settings: nobody is asked before its first day is set.

    :raises NotPermitted: the parent is not the user's to add to.
    :raises CodeTaken: the code belongs to another organisation.
    :raises InvalidInput: such a node does not stand there.
    """
    if not parents_for(user).filter(pk=parent.pk).exists():
        raise NotPermitted(_("You may not add anything there."), field="parent")
    return found_organisation(kind=kind, code=code, name=name, parent=parent, actor=user.actor, now=now)
