"""Whom a proposal or a notice concerns: the lawyer, or who answers for a body (its responsible person, 负责人).

Of a station and of a centre that is its managers."""

from typing import Any

from django.db.models import Q, QuerySet

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import firms_of, reads_here, users_of_lawyers
from scoring.enums import Subject
from scoring.models import Notice, Proposal

HEADS_OF_PLACES = Grant.objects.filter(role=Role.MANAGER)
HEADS_OF_FIRMS = Grant.objects.filter(role=Role.FIRM)


def accounts_concerned(about: Proposal | Notice) -> QuerySet[User]:
    """The lawyer's accounts; of a firm those of its heads, of a station or a centre those of its managers."""
    if about.lawyer_id is not None:
        return users_of_lawyers([about.lawyer_id])
    heads, place = Grant.objects.none(), _place(about)
    if place is not None:
        heads = HEADS_OF_PLACES.filter(organisation=place)
    elif about.firm_id is not None:
        heads = HEADS_OF_FIRMS.filter(firm=about.firm_id)
    return User.objects.filter(is_active=True, pk__in=heads.values("user"))


def _place(about: Proposal | Notice) -> int | None:
    """The station or the centre that it is about."""
    proposal = about.proposal if isinstance(about, Notice) else about
    return proposal.centre_id if proposal.subject == Subject.CENTRE else about.station_id


def told_here(about: Proposal | Notice) -> bool:
    """Whether whoever it concerns is told on a home of their own."""
    if about.lawyer_id is not None:
        return reads_here(about.lawyer_id)
    return accounts_concerned(about).exists()


def body_told_here() -> Q:
    """The same as a condition on notices about bodies alone."""
    places = HEADS_OF_PLACES.filter(user__is_active=True).values("organisation")
    firms = HEADS_OF_FIRMS.filter(user__is_active=True).values("firm")
    told = Q(station__in=places) | Q(station=None, firm__in=firms) | _of_centres(places)
    return Q(lawyer=None) & told


def _of_centres(places: Any) -> Q:
    return Q(proposal__subject=Subject.CENTRE, proposal__centre__in=places)


def concerns(user: User, about: Notice) -> bool:
    """Whether the person is whom it concerns: the lawyer, or who answers for the body."""
    if about.lawyer_id is not None:
        return user.lawyer_id == about.lawyer_id
    place = _place(about)
    if place is not None:
        return any(held.role == Role.MANAGER and held.organisation_id == place for held in user.held)
    return about.firm_id in firms_of(user)


def of_whom(user: User) -> Q:
    """A condition on notices: the person is whom they concern."""
    mine = Q(lawyer__isnull=True, firm__in=firms_of(user))
    places = [held.organisation_id for held in user.held if held.role == Role.MANAGER]
    mine |= Q(station__in=places) | _of_centres(places)
    return mine | Q(lawyer=user.lawyer_id) if user.lawyer_id else mine
