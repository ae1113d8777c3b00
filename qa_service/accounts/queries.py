"""Who may reach what: the pieces every `visible_to(user)` is made of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from qa_service.accounts.enums import FOUNDING_ROLES, Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.scope import GIVING_ROLES, Held, may_give
from qa_service.audit.actors import Actor
from qa_service.common.waiting import Waiting
from qa_service.organisations.enums import FirmKind, OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Membership, Organisation
from qa_service.organisations.queries import calendar_year_wanted

NOTHING = Q(pk__in=[])


def account_with_roles(pk: int) -> User | None:
    """Read by one query, which brings `held` with it; by another for whoever has no role at all."""
    grants = tuple(Grant.objects.filter(user=pk).select_related("user", "organisation"))
    user = grants[0].user if grants else User.objects.filter(pk=pk).first()
    if user is not None:
        user.held = grants
    return user


def reached_paths(user: User | AnonymousUser, *roles: Role | str) -> list[str]:
    """Tree paths of the nodes where the user holds one of the roles."""
    if not isinstance(user, User):
        return []
    return sorted({grant.organisation.path for grant in user.held if grant.organisation and grant.role in roles})


def within(user: User | AnonymousUser, path_field: str, *roles: Role | str) -> Q:
    """A condition on rows whose organisation path (`path_field`, e.g. `centre__path`) lies in the user's subtrees."""
    condition = NOTHING
    for path in reached_paths(user, *roles):
        condition = condition | Q(**{f"{path_field}__startswith": path})
    return condition


def firms_of(user: User | AnonymousUser) -> list[int]:
    """Firms the user heads."""
    if not isinstance(user, User):
        return []
    return [grant.firm_id for grant in user.held if grant.role == Role.FIRM and grant.firm_id]


def own_work(user: User | AnonymousUser, *, lawyer: str = "case__lawyer", firm: str = "case__firm") -> Q:
    """A condition on rows about cases that the user, or a firm of theirs, handled; the fields hold lawyer and firm.

    What a client said is kept from them whatever other hat they wear (design, rule 4): `exclude` these rows. The
    centre's own staff are colleagues of whoever must ask its clients, so of theirs only the own cases count.
    """
    condition = Q(**{f"{firm}__in": firms_of(user)})
    lawyer_id = getattr(user, "lawyer_id", None)
    if lawyer_id:
        condition |= Q(**{lawyer: lawyer_id}) | Q(**{f"{firm}__in": _firms_joined([lawyer_id])})
    return condition


def person_behind(actor: Actor) -> User | None:
    """Who stands in the record as this actor; none for the system and its commands."""
    kind, _colon, key = actor.id.partition(":")
    return User.objects.filter(pk=key).first() if kind == "user" and key.isdecimal() else None


def _firms_joined(lawyer_ids: Iterable[int]) -> QuerySet[Membership, int]:
    memberships = Membership.objects.filter(lawyer__in=lawyer_ids).exclude(firm__kind=FirmKind.CENTRE_STAFF)
    return memberships.values_list("firm_id", flat=True)


def organisations_reached(user: User | AnonymousUser, *roles: Role | str) -> QuerySet[Organisation]:
    """Nodes in the user's subtrees."""
    reached: QuerySet[Organisation] = Organisation.objects.filter(within(user, "path", *roles)).order_by("path")
    return reached


def people_with(role: Role | str, organisation: Organisation) -> QuerySet[User]:
    """People whose role at the node, or above it, reaches the organisation."""
    paths = _down_to(organisation)
    return User.objects.filter(is_active=True, grants__role=role, grants__organisation__path__in=paths).distinct()


def people_over(role: Role | str, organisations: Iterable[Organisation]) -> dict[int, set[int]]:
    """The same for many organisations in one query: by each person's id, the ids of those that the role reaches."""
    below: dict[str, set[int]] = defaultdict(set)
    for organisation in organisations:
        for path in _down_to(organisation):
            below[path].add(organisation.pk)
    grants = Grant.objects.filter(role=role, user__is_active=True, organisation__path__in=list(below))
    reached: dict[int, set[int]] = defaultdict(set)
    for user_id, path in grants.values_list("user_id", "organisation__path"):
        reached[user_id] |= below[path]
    return dict(reached)


def _down_to(organisation: Organisation) -> list[str]:
    """Paths of the nodes from the root down to this one."""
    steps = range(Organisation.steplen, len(organisation.path) + 1, Organisation.steplen)
    return [organisation.path[:length] for length in steps]


def without_the_role(role: Role, *, person: str, path: str) -> Q:
    """A condition on rows: the person holds the role over the organisation no more, or their account was closed.

    :param person: the field of the row that holds them; :param path: the one that holds the organisation's path.
    """
    reaching = Grant.objects.filter(user=OuterRef(person), role=role, organisation__isnull=False).annotate(
        place=ExpressionWrapper(OuterRef(path), output_field=CharField())
    )
    held = Exists(reaching.filter(place__startswith=F("organisation__path")))
    return Q(**{f"{person}__is_active": False}) | ~Q(held)


@dataclass(frozen=True, slots=True)
class Handlers:
    """Lawyers, and firms whole, whose clients' answers are kept from somebody who otherwise reads the centre's."""

    lawyers: frozenset[int]
    firms: frozenset[int]


def handlers_among_staff(organisation: Organisation, *roles: Role | str) -> Handlers:
    """Whose work `own_work` keeps from people who hold one of the roles over the organisation; three queries."""
    staff = User.objects.none()
    for role in roles:
        staff |= people_with(role, organisation)
    lawyers = frozenset(staff.exclude(lawyer=None).values_list("lawyer_id", flat=True))
    headed = Grant.objects.filter(user__in=staff.values("pk"), role=Role.FIRM, firm__isnull=False)
    firms = frozenset(_firms_joined(lawyers)) | frozenset(headed.values_list("firm_id", flat=True))
    return Handlers(lawyers=lawyers, firms=firms)


def users_of_lawyers(lawyer_ids: Iterable[int]) -> QuerySet[User]:
    return User.objects.filter(is_active=True, lawyer_id__in=list(lawyer_ids))


def accounts_of_handlers(handled: Iterable[tuple[int, int]]) -> dict[tuple[int, int], frozenset[int]]:
    """Who is told of work on a case: by its lawyer and firm, the lawyer's account and those of the firm's heads."""
    pairs = set(handled)
    lawyers = _lawyers_reading_here().filter(lawyer_id__in={lawyer for lawyer, _firm in pairs})
    heads = Grant.objects.filter(role=Role.FIRM, user__is_active=True, firm_id__in={firm for _lawyer, firm in pairs})
    of_lawyer, of_firm = defaultdict(set), defaultdict(set)
    for lawyer_id, user_id in lawyers.values_list("lawyer_id", "pk"):
        of_lawyer[lawyer_id].add(user_id)
    for firm_id, user_id in heads.values_list("firm_id", "user_id"):
        of_firm[firm_id].add(user_id)
    return {(lawyer, firm): frozenset(of_lawyer[lawyer] | of_firm[firm]) for lawyer, firm in pairs}


def reads_here(lawyer_id: int) -> bool:
    """Whether the lawyer has an account to read as a lawyer, so that what is told here reaches them."""
    return bool(who_read_here([lawyer_id]))


def who_read_here(lawyer_ids: Iterable[int]) -> frozenset[int]:
    """Those of the lawyers who are told on a home of their own."""
    found = _lawyers_reading_here().filter(lawyer_id__in=list(lawyer_ids))
    return frozenset(found.values_list("lawyer_id", flat=True))


def lawyer_reads_here(lawyer: str) -> Exists:
    """A condition on rows: their lawyer is told on a home of their own. `lawyer` is the path of fields to them."""
    return Exists(_lawyers_reading_here().filter(lawyer=OuterRef(lawyer)))


def _lawyers_reading_here() -> QuerySet[User]:
    """Accounts through which lawyers read their results: one for another role alone shows none."""
    return User.objects.filter(is_active=True, lawyer__isnull=False, grants__role=Role.LAWYER)


def people_seen_by(user: User) -> QuerySet[User]:
    """Accounts opened in the viewer's subtrees, or holding a role there."""
    opened = within(user, "organisation__path", *GIVING_ROLES)
    holding = Grant.objects.filter(
        within(user, "organisation__path", *GIVING_ROLES) | within(user, "firm__centre__path", *GIVING_ROLES)
    )
    members = Membership.objects.filter(within(user, "firm__centre__path", *GIVING_ROLES))
    reached = opened | Q(pk__in=holding.values("user")) | Q(lawyer__in=members.values("lawyer"))
    found = User.objects.filter(reached).order_by("username").select_related("organisation", "lawyer")
    return found.prefetch_related("grants__organisation", "grants__firm__centre", "lawyer__memberships__firm__centre")


def held_places(user: User) -> tuple[Held, ...]:
    """The user's roles at nodes of the tree."""
    return tuple(Held(grant.role, grant.organisation.path) for grant in user.held if grant.organisation)


def places_for_roles(user: User) -> QuerySet[Organisation]:
    """Nodes at which the user may give some role."""
    return organisations_reached(user, *GIVING_ROLES)


def firms_for_heads(user: User) -> QuerySet[Firm]:
    """Firms whose head the user may name."""
    return Firm.objects.filter(within(user, "centre__path", Role.OPERATOR, Role.MANAGER)).order_by("name", "pk")


def tree_seen_by(user: User) -> QuerySet[Organisation]:
    """Nodes whose people or settings are the user's to see, in the order of the tree."""
    return organisations_reached(user, *GIVING_ROLES).select_related("settings")


def centres_set_by(user: User) -> QuerySet[Organisation]:
    """Centres whose settings the user may change."""
    return organisations_reached(user, *FOUNDING_ROLES).filter(kind=OrganisationKind.CENTRE)


def places_renamed_by(user: User) -> QuerySet[Organisation]:
    """Nodes whose name the user may change: operators' and managers' own and what lies below."""
    return organisations_reached(user, *FOUNDING_ROLES)


def parents_for(user: User) -> QuerySet[Organisation]:
    """Nodes under which the user may add one: an operator under bureaux and centres, a manager under centres."""
    bureaux = within(user, "path", Role.OPERATOR) & Q(kind=OrganisationKind.BUREAU)
    centres = within(user, "path", *FOUNDING_ROLES) & Q(kind=OrganisationKind.CENTRE)
    found: QuerySet[Organisation] = Organisation.objects.filter(bureaux | centres).order_by("path")
    return found


def paths_of_lawyer(lawyer: Lawyer) -> frozenset[str]:
    """Every centre that knows the lawyer; use with `memberships__firm__centre` fetched."""
    return frozenset(membership.firm.centre.path for membership in lawyer.memberships.all())


def paths_of_grant(grant: Grant, person: User) -> frozenset[str]:
    """Where a role reaches: its node, its firm's centre, or all the centres that know the lawyer."""
    if grant.organisation:
        return frozenset({grant.organisation.path})
    if grant.firm:
        return frozenset({grant.firm.centre.path})
    known = paths_of_lawyer(person.lawyer) if person.lawyer else frozenset()
    return known or (frozenset({person.organisation.path}) if person.organisation else frozenset())


def may_take(giver: User, grant: Grant, person: User) -> bool:
    """Whether the giver could have given this role there, and so may take it away."""
    return person != giver and may_give(held_places(giver), role=grant.role, paths=paths_of_grant(grant, person))


def may_manage(giver: User, person: User) -> bool:
    """Whether the giver is above everything the person holds, and so may give them a new first password."""
    return person != giver and all(may_take(giver, grant, person) for grant in person.grants.all())


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """The room's blocks on a person's home."""
    year = calendar_year_wanted(today=localdate(now)) if user.has_role(Role.OPERATOR) else None
    if year is None:
        return []
    title = format_lazy(gettext_lazy("Working-day calendar of {year} to import"), year=year)
    detail = gettext_lazy("manage.py import_calendar FILE. Without it no term in working days can be counted.")
    return [Waiting(title, 1, reverse("accounts:centres"), urgent=True, detail=detail)]
