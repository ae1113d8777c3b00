"""A person leaves, or comes back. The account stays: what they did goes on bearing their name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from qa_service.accounts.models import User
from qa_service.accounts.queries import may_manage
from qa_service.accounts.services.accounts import change_password
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, NotPermitted


class AccountClosed(Conflict):
    code = "account_closed"


@transaction.atomic
def close_account(*, person: User, closer: User, now: datetime) -> None:
    """End the account's sessions and tokens at once; nobody signs in to it again until it is opened again.

    Somebody who may give everything the person holds stays behind, so the last administrator cannot be closed.

    :raises NotPermitted: one's own account, or one with a role that the closer could not have given.
    :raises AccountClosed: it is closed already.
    """
    kept = _locked(person, closer)
    if not kept.is_active:
        raise AccountClosed(_("This account was already closed."))
    # The sessions' seal is made from the password: without one none of them is valid, opened again or not.
    kept.set_unusable_password()
    kept.is_active = person.is_active = False
    kept.closed_at = now
    kept.save(update_fields=["password", "is_active", "closed_at"])
    AuthToken.objects.filter(user=kept).delete()
    record(actor=closer.actor, action="accounts.closed", subject=kept, at=now)


@transaction.atomic
def reopen_account(*, person: User, password: str, opener: User, now: datetime) -> None:
    """Let a person in again, with the roles they kept and a first password to be replaced by one of their own.

    :raises NotPermitted: as for closing; :raises Conflict: it is open; :raises InvalidInput: the password is weak.
    """
    kept = _locked(person, opener)
    if kept.is_active:
        raise Conflict(_("This account is open."), code="account_open")
    kept.is_active = person.is_active = True
    kept.closed_at = None
    kept.save(update_fields=["is_active", "closed_at"])
    change_password(user=kept, password=password, actor=opener.actor, temporary=True, now=now)
    record(actor=opener.actor, action="accounts.reopened", subject=kept, at=now)


def _locked(person: User, by: User) -> User:
    """The person's row. Both are locked, in one order: two administrators do not close each other at one moment."""
    rows = {row.pk: row for row in User.objects.select_for_update().filter(pk__in=[person.pk, by.pk]).order_by("pk")}
    if person == by:
        raise NotPermitted(_("Nobody closes their own account: another administrator does."), code="own_account")
    if not rows[by.pk].is_active or not may_manage(by, rows[person.pk]):
        raise NotPermitted(_("This person holds a role that you may not give. Ask whoever gave it."))
    return rows[person.pk]
