"""Opening accounts, giving and taking roles."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import Firm, Lawyer, Organisation


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    password: str,
    actor: Actor,
    organisation: Organisation | None = None,
    lawyer: Lawyer | None = None,
    now: datetime,
) -> User:
    """Make an account that holds no role yet.

    :raises Conflict: the user name is taken.
    :raises InvalidInput: the password is too weak.
    """
    if User.objects.filter(username=username).exists():
        raise Conflict(_("The user name “%(name)s” is taken.") % {"name": username}, field="username")
    user = User(username=username, display_name=display_name, organisation=organisation, lawyer=lawyer)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidInput(" ".join(weak.messages), field="password") from weak
    user.set_password(password)
    user.save()
    record(actor=actor, action="accounts.opened", subject=user, at=now)
    return user


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    actor: Actor,
    organisation: Organisation | None = None,
    firm: Firm | None = None,
    now: datetime,
) -> Grant:
    """Give a role at a node or a firm. Giving it twice is refused.

    :raises Conflict: the role is already held there.
    """
    grant, created = Grant.objects.get_or_create(user=user, role=role, organisation=organisation, firm=firm)
    if not created:
        raise Conflict(_("This person already holds the role there."), code="role_already_held")
    details = {"role": role, "organisation": organisation and organisation.pk, "firm": firm and firm.pk}
    record(actor=actor, action="accounts.role_granted", subject=user, details=details, at=now)
    return grant


@transaction.atomic
def withdraw_role(*, grant: Grant, actor: Actor, now: datetime) -> None:
    """Take a role away; it ends with the person's current request."""
    details = {"role": grant.role, "organisation": grant.organisation_id, "firm": grant.firm_id}
    record(actor=actor, action="accounts.role_withdrawn", subject=grant.user, details=details, at=now)
    grant.delete()


@transaction.atomic
def change_preferences(*, user: User, language: str, shortcuts_enabled: bool) -> User:
    user.language = language
    user.shortcuts_enabled = shortcuts_enabled
    user.save(update_fields=["language", "shortcuts_enabled"])
    return user
