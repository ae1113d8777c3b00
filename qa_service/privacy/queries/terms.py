"""What is kept at a place, and for how long."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.common.keeping import Rule
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.privacy.models import RetentionTerm
from qa_service.privacy.rooms import RULES, is_local

READERS = (*STAFF_ROLES, Role.OPERATOR)
SETTERS = (Role.MANAGER, Role.SUPERVISOR)
PLACES = (OrganisationKind.BUREAU, OrganisationKind.CENTRE)


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule as it holds at a place. `days` is empty where the record stays, `set_at` where the default holds."""

    rule: Rule
    days: int | None
    set_at: Organisation | None

    @property
    def local(self) -> bool:
        return is_local(self.rule)

    @property
    def own(self) -> bool:
        return self.set_at is not None


def places_read_by(user: User) -> QuerySet[Organisation]:
    """Bureaux and centres in the user's subtrees."""
    return organisations_reached(user, *READERS).filter(kind__in=PLACES)


def places_set_by(user: User) -> QuerySet[Organisation]:
    """Supervisors set for their bureau and what lies below, managers for their centre."""
    of_bureau = within(user, "path", Role.SUPERVISOR)
    of_centre = within(user, "path", Role.MANAGER) & Q(kind=OrganisationKind.CENTRE)
    places: QuerySet[Organisation] = Organisation.objects.filter(of_bureau | of_centre, kind__in=PLACES)
    return places


def kept_at(place: Organisation) -> tuple[Kept, ...]:
    """Every rule in the order of the rooms, with the term that holds at the place; one query."""
    nearest: dict[str, RetentionTerm] = {}
    for term in _terms_above(place):
        nearest[term.rule] = term
    return tuple(_kept(rule, nearest.get(rule.key)) for rule in RULES)


def kept_by(rule: Rule, place: Organisation) -> Kept:
    """The same of one rule."""
    return _kept(rule, _terms_above(place).filter(rule=rule.key).last())


def _kept(rule: Rule, term: RetentionTerm | None) -> Kept:
    if rule.term is None:
        return Kept(rule, None, None)
    return Kept(rule, term.days, term.organisation) if term else Kept(rule, rule.term.days, None)


def _terms_above(place: Organisation) -> QuerySet[RetentionTerm]:
    """The nearest last."""
    steps = range(Organisation.steplen, len(place.path) + 1, Organisation.steplen)
    paths = [place.path[:length] for length in steps]
    terms = RetentionTerm.objects.filter(organisation__path__in=paths).select_related("organisation")
    return terms.order_by("organisation__path")
