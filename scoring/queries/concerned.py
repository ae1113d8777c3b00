"""Whom a proposal or a notice concerns: the lawyer, or who answers for a body (its responsible person, 负责人)."""

from django.db.models import Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import firms_of, reads_here, users_of_lawyers
from scoring.models import Notice, Proposal

HEADS_OF_STATIONS = Grant.objects.filter(role=Role.MANAGER)
HEADS_OF_FIRMS = Grant.objects.filter(role=Role.FIRM)


def accounts_concerned(about: Proposal | Notice) -> QuerySet[User]:
    """The lawyer's accounts; of a firm those of its heads, of a station those of its managers."""
    if about.lawyer_id is not None:
        return users_of_lawyers([about.lawyer_id])
    heads = Grant.objects.none()
    if about.station_id is not None:
        heads = HEADS_OF_STATIONS.filter(organisation=about.station_id)
    elif about.firm_id is not None:
        heads = HEADS_OF_FIRMS.filter(firm=about.firm_id)
    return User.objects.filter(is_active=True, pk__in=heads.values("user"))


def told_here(about: Proposal | Notice) -> bool:
    """Whether whoever it concerns is told on a home of their own."""
    if about.lawyer_id is not None:
        return reads_here(about.lawyer_id)
    return accounts_concerned(about).exists()


def body_told_here() -> Q:
    """The same as a condition on notices about bodies alone."""
    stations = HEADS_OF_STATIONS.filter(user__is_active=True).values("organisation")
    firms = HEADS_OF_FIRMS.filter(user__is_active=True).values("firm")
    return Q(lawyer=None) & (Q(station__in=stations) | Q(station=None, firm__in=firms))


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
