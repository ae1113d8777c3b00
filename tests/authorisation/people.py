"""A small country, and one person for each role in each relation to centre A."""

from dataclasses import dataclass

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Organisation
from tests import factories

RELATIONS = ("own", "same", "child", "parent", "sibling", "other")
NODE_ROLES = (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER, Role.REVIEWER, Role.OBSERVER, Role.FOLLOW_UP)


@dataclass(frozen=True)
class Country:
    """Two cities; the first holds centres A and B, A a station; the second holds D."""

    city: Organisation
    centre_a: Organisation
    station: Organisation
    centre_b: Organisation
    centre_d: Organisation
    firm_a: Firm
    other_firm_a: Firm
    lawyer_a: Lawyer
    people: dict[tuple[str, str], User]
    # Holds every role there is.
    everybody: User


def build_country() -> Country:
    city, far_city = factories.organisation(OrganisationKind.BUREAU), factories.organisation(OrganisationKind.BUREAU)
    centre_a, centre_b = factories.centre(city, code="A"), factories.centre(city, code="B")
    centre_d = factories.centre(far_city, code="D")
    station = factories.organisation(OrganisationKind.STATION, centre_a)
    nodes = {"own": centre_a, "same": centre_a, "child": station, "parent": city, "sibling": centre_b}
    nodes["other"] = centre_d
    people: dict[tuple[str, str], User] = {
        (role, relation): factories.user(role, at=nodes[relation], organisation=nodes[relation])
        for role in NODE_ROLES
        for relation in RELATIONS
    }
    firm_a, other_firm_a = factories.firm(centre_a), factories.firm(centre_a)
    firms = {
        "own": firm_a,
        "same": other_firm_a,
        "sibling": factories.firm(centre_b),
        "other": factories.firm(centre_d),
    }
    lawyer_a = factories.lawyer(firm_a)
    for relation, firm in firms.items():
        lawyer = lawyer_a if relation == "own" else factories.lawyer(firm_a if relation == "same" else firm)
        people[Role.LAWYER, relation] = factories.user(Role.LAWYER, of=lawyer)
        people[Role.FIRM, relation] = factories.user(Role.FIRM, heads=firm)
    everybody = factories.user(*Role, at=centre_a, of=factories.lawyer(firm_a), heads=firm_a)
    return Country(city, centre_a, station, centre_b, centre_d, firm_a, other_firm_a, lawyer_a, people, everybody)
