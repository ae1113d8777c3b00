"""One person giving roles to another: each role at a place where the giver may give it, nobody to themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import held_places, may_manage, may_take, paths_of_lawyer
from qa_service.accounts.scope import may_give
from qa_service.accounts.services.accounts import (
    change_password,
    grant_role,
    open_account,
    refuse_second_account,
    withdraw_role,
)
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.organisations.models import Firm, Lawyer, Organisation


@dataclass(frozen=True, slots=True)
class Giving:
    """A role and where: a node of the tree, for the head of a firm the firm, for a lawyer the licence number.

    A licence number beside another role says that this reviewer or observer practises, too.
    """

    role: Role
    organisation: Organisation | None = None
    firm: Firm | None = None
    licence_number: str = ""


@transaction.atomic
def open_person(
    *, username: str, display_name: str, password: str, email: str = "", giving: Giving, giver: User, now: datetime
) -> User:
    """Open an account with its first role. Its owner is asked to choose a password of their own.

    :raises NotPermitted: the giver may not give this role there.
    :raises Conflict: the user name is taken, or the lawyer has an account.
    :raises InvalidInput: the place is not named, nobody has the licence number, or the password is weak.
    """
    lawyer = _lawyer(giving, giver) if giving.licence_number else None
    _refuse_giving(giving, lawyer=lawyer, giver=giver)
    user = open_account(
        username=username,
        display_name=display_name,
        password=password,
        email=email,
        organisation=_opened_at(giving, giver),
        lawyer=lawyer,
        password_is_temporary=True,
        actor=giver.actor,
        now=now,
    )
    _grant(user, giving, giver, now)
    return user


@transaction.atomic
def give(*, person: User, giving: Giving, giver: User, now: datetime) -> Grant:
    """Give one more role.

    :raises NotPermitted: to oneself, or a role the giver may not give there.
    :raises Conflict: it is held already, or the account or the licence number is another lawyer's.
    :raises InvalidInput: the place is not named, or nobody has the licence number.
    """
    if person == giver:
        raise NotPermitted(_("Nobody gives roles to themselves."))
    _refuse_closed(person)
    lawyer = person.lawyer
    if giving.licence_number and (lawyer is None or lawyer.licence_number != giving.licence_number):
        lawyer = _link(person, giving, giver, now=now)
    _refuse_giving(giving, lawyer=lawyer, giver=giver)
    return _grant(person, giving, giver, now)


@transaction.atomic
def take(*, person: User, grant: Grant, giver: User, now: datetime) -> None:
    """:raises NotPermitted: one's own role, or one the giver could not have given."""
    if not may_take(giver, grant, person):
        raise NotPermitted(_("You may not take this role away."))
    withdraw_role(grant=grant, actor=giver.actor, now=now)


@transaction.atomic
def set_first_password(*, person: User, password: str, giver: User, now: datetime) -> None:
    """For somebody who forgot theirs: they are asked for one of their own when they sign in.

    :raises NotPermitted: the person holds something that the giver could not have given.
    :raises Conflict: the account is closed.
    :raises InvalidInput: the password is too weak.
    """
    _refuse_closed(person)
    if not may_manage(giver, person):
        raise NotPermitted(_("This person holds a role that you may not give. Ask whoever gave it."))
    change_password(user=person, password=password, actor=giver.actor, temporary=True, now=now)


def _refuse_closed(person: User) -> None:
    if not person.is_active:
        raise Conflict(_("This account is closed. Open it again first."), code="account_closed")


def _grant(user: User, giving: Giving, giver: User, now: datetime) -> Grant:
    organisation = None if giving.role in {Role.LAWYER, Role.FIRM} else giving.organisation
    firm = giving.firm if giving.role == Role.FIRM else None
    return grant_role(user=user, role=giving.role, organisation=organisation, firm=firm, actor=giver.actor, now=now)


def _link(person: User, giving: Giving, giver: User, *, now: datetime) -> Lawyer:
    if person.lawyer is not None:
        raise Conflict(_("This account belongs to another lawyer."), field="licence_number")
    lawyer = _lawyer(giving, giver)
    refuse_second_account(lawyer)
    person.lawyer = lawyer
    person.save(update_fields=["lawyer"])
    details = {"lawyer": lawyer.pk}
    record(actor=giver.actor, action="accounts.lawyer_linked", subject=person, details=details, at=now)
    return lawyer


def _lawyer(giving: Giving, giver: User) -> Lawyer:
    """The lawyer by licence number, if one of the giver's centres knows them: elsewhere is none of their business."""
    known = Lawyer.objects.prefetch_related("memberships__firm__centre")
    lawyer = known.filter(licence_number=giving.licence_number).first()
    if lawyer is None or not any(
        may_give(held_places(giver), role=Role.LAWYER, paths=[path]) for path in paths_of_lawyer(lawyer)
    ):
        text = _("No lawyer with this licence number is known at your centres. Import one of their cases first.")
        raise InvalidInput(text, field="licence_number", code="lawyer_unknown")
    return lawyer


def _refuse_giving(giving: Giving, *, lawyer: Lawyer | None, giver: User) -> None:
    if may_give(held_places(giver), role=giving.role, paths=_paths(giving, lawyer)):
        return
    if giving.role == Role.LAWYER:
        text = _("This lawyer works for other centres, too: the operator of the bureau above them gives this role.")
        raise NotPermitted(text, field="role")
    raise NotPermitted(_("You may not give this role there."), field="role")


def _paths(giving: Giving, lawyer: Lawyer | None) -> frozenset[str]:
    """Everywhere the role would let its holder look.

    :raises InvalidInput: the place is not named.
    """
    if giving.role == Role.LAWYER:
        if lawyer is None:
            raise InvalidInput(_("Give the lawyer's licence number."), field="licence_number")
        return paths_of_lawyer(lawyer)
    if giving.role == Role.FIRM:
        if giving.firm is None:
            raise InvalidInput(_("Choose the firm."), field="firm")
        return frozenset({giving.firm.centre.path})
    if giving.organisation is None:
        raise InvalidInput(_("Choose the place."), field="organisation")
    return frozenset({giving.organisation.path})


def _opened_at(giving: Giving, giver: User) -> Organisation | None:
    """Where whoever manages accounts finds this one again."""
    if giving.firm is not None:
        return giving.firm.centre
    return giving.organisation or next((grant.organisation for grant in giver.held if grant.organisation), None)
