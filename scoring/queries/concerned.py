"""Whom a proposal or a notice concerns: the lawyer, or who answers for a body (its responsible person, 负责人)."""

from django.db.models import Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import firms_of, reads_here, users_of_lawyers
from scoring.models import Notice, Proposal


def accounts_concerned(about: Proposal | Notice) -> QuerySet[User]:
    """The lawyer's accounts; of a firm those of its heads, of a station those of its managers."""
    if about.lawyer_id is not None:
        return users_of_lawyers([about.lawyer_id])
    heads = Grant.objects.none()
    if about.station_id is not None:
        heads = Grant.objects.filter(role=Role.MANAGER, organisation=about.station_id)
    elif about.firm_id is not None:
        heads = Grant.objects.filter(role=Role.FIRM, firm=about.firm_id)
    return User.objects.filter(is_active=True, pk__in=heads.values("user"))


def told_here(about: Proposal | Notice) -> bool:
    """Whether whoever it concerns is told on a home of their own."""
    if about.lawyer_id is not None:
        return reads_here(about.lawyer_id)
    return accounts_concerned(about).exists()


def concerns(user: User, about: Notice) -> bool:
    """Whether the person is whom it concerns: the lawyer, or who answers for the body."""
    if about.lawyer_id is not None:
        return user.lawyer_id == about.lawyer_id
    if about.station_id is not None:
        return any(held.role == Role.MANAGER and held.organisation_id == about.station_id for held in user.held)
    return about.firm_id in firms_of(user)


def of_whom(user: User) -> Q:
    """A condition on notices: the person is whom they concern."""
    mine = Q(lawyer__isnull=True, firm__in=firms_of(user))
    mine |= Q(station__in=[held.organisation_id for held in user.held if held.role == Role.MANAGER])
    return mine | Q(lawyer=user.lawyer_id) if user.lawyer_id else mine
