"""Opening accounts, giving and taking roles. Who may do so is decided in `people`; founding and the demo come here."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

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
    email: str = "",
    organisation: Organisation | None = None,
    lawyer: Lawyer | None = None,
    password_is_temporary: bool = False,
    now: datetime,
) -> User:
    """Make an account that holds no role yet.

    :raises Conflict: the user name is taken, or the lawyer has an account.
    :raises InvalidInput: the password is too weak.
    """
    _refuse_taken(username=username, lawyer=lawyer)
    user = User(
        username=username,
        display_name=display_name,
        email=email,
        organisation=organisation,
        lawyer=lawyer,
        password_is_temporary=password_is_temporary,
    )
    _set_password(user, password, field="password")
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody opened the same at this moment
        _refuse_taken(username=username, lawyer=lawyer)
        raise
    details = {"lawyer": lawyer.pk} if lawyer else {}
    record(actor=actor, action="accounts.opened", subject=user, details=details, at=now)
    return user


def _refuse_taken(*, username: str, lawyer: Lawyer | None) -> None:
    if User.objects.filter(username=username).exists():
        raise Conflict(_("The user name “%(name)s” is taken.") % {"name": username}, field="username")
    if lawyer is not None:
        refuse_second_account(lawyer)


def refuse_second_account(lawyer: Lawyer) -> None:
    """:raises Conflict: another account is this lawyer's."""
    if User.objects.filter(lawyer=lawyer).exists():
        raise Conflict(_("This lawyer already has an account."), field="licence_number", code="lawyer_has_account")


def _set_password(user: User, password: str, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidInput(" ".join(weak.messages), field=field) from weak
    user.set_password(password)


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor, temporary: bool = False, now: datetime) -> None:
    """Set a new password and end every token and session that the old one opened.

    :raises InvalidInput: the password is too weak.
    """
    _set_password(user, password, field="password")
    user.password_is_temporary = temporary
    user.save(update_fields=["password", "password_is_temporary"])
    AuthToken.objects.filter(user=user).delete()
    record(actor=actor, action="accounts.password_changed", subject=user, details={"temporary": temporary}, at=now)


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
def change_preferences(
    *,
    user: User,
    now: datetime,
    language: str | None = None,
    shortcuts_enabled: bool | None = None,
    email: str | None = None,
) -> User:
    """Change what is given; the record names the fields, never the address."""
    given = {"language": language, "shortcuts_enabled": shortcuts_enabled, "email": email}
    changed = [name for name, value in given.items() if value is not None and value != getattr(user, name)]
    for name in changed:
        setattr(user, name, given[name])
    if changed:
        user.save(update_fields=changed)
        record(
            actor=user.actor, action="accounts.preferences_changed", subject=user, details={"fields": changed}, at=now
        )
    return user
