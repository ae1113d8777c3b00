"""A role reaches the subtree of the node it is held at, and nothing else."""

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant
from qa_service.accounts.queries import people_with
from qa_service.accounts.services import grant_role, withdraw_role
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, Client
from qa_service.common.errors import Conflict
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    city = factories.organisation(OrganisationKind.BUREAU, name="市司法局")
    here, there = factories.centre(city), factories.centre(city)
    return {"city": city, "here": here, "there": there}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP])
def test_staff_see_the_cases_of_their_subtree_only(county, role):
    own, other = factories.case(county["here"]), factories.case(county["there"])
    at_centre = factories.user(role, at=county["here"])
    at_city = factories.user(role, at=county["city"])

    assert set(Case.objects.visible_to(at_centre)) == {own}
    assert set(Case.objects.visible_to(at_city)) == {own, other}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.REVIEWER, Role.OBSERVER])
def test_other_roles_see_no_case_by_their_role_alone(county, role):
    factories.case(county["here"])

    assert set(Case.objects.visible_to(factories.user(role, at=county["city"]))) == set()


def test_a_lawyer_sees_their_own_cases_and_no_client(county):
    firm = factories.firm(county["here"])
    mine, colleague = factories.lawyer(firm), factories.lawyer(firm)
    own = factories.case(county["here"], firm=firm, lawyer=mine)
    factories.case(county["here"], firm=firm, lawyer=colleague)
    person = factories.user(Role.LAWYER, of=mine)

    assert set(Case.objects.visible_to(person)) == {own}
    assert set(Client.objects.visible_to(person)) == set()


def test_an_account_that_lost_the_lawyer_role_sees_nothing(county):
    firm = factories.firm(county["here"])
    mine = factories.lawyer(firm)
    factories.case(county["here"], firm=firm, lawyer=mine)

    assert set(Case.objects.visible_to(factories.user(of=mine))) == set()


def test_the_head_of_a_firm_sees_the_firms_cases(county):
    firm = factories.firm(county["here"])
    own = factories.case(county["here"], firm=firm)
    factories.case(county["here"])

    assert set(Case.objects.visible_to(factories.user(Role.FIRM, heads=firm))) == {own}


def test_neighbouring_subtrees_whose_paths_look_alike_stay_apart():
    root = factories.organisation(OrganisationKind.BUREAU)
    nodes = [factories.centre(root) for _ in range(12)]
    cases = [factories.case(node) for node in nodes]

    for node, case in zip(nodes, cases, strict=True):
        assert list(Case.objects.visible_to(factories.user(Role.MANAGER, at=node))) == [case]
    assert len({len(Organisation.objects.get(pk=node.pk).path) for node in nodes}) == 1


def test_people_with_a_role_are_those_whose_node_is_the_organisation_or_above_it(county):
    here = factories.user(Role.MANAGER, at=county["here"])
    above = factories.user(Role.MANAGER, at=county["city"])
    factories.user(Role.MANAGER, at=county["there"])

    assert set(people_with(Role.MANAGER, county["here"])) == {here, above}


def test_giving_and_taking_a_role_is_recorded_and_not_repeated(county):
    manager = factories.user(Role.MANAGER, at=county["here"])
    person = factories.user()

    grant = grant_role(
        user=person, role=Role.REVIEWER, organisation=county["here"], actor=manager.actor, now=factories.NOW
    )
    with pytest.raises(Conflict):
        grant_role(user=person, role=Role.REVIEWER, organisation=county["here"], actor=manager.actor, now=factories.NOW)
    withdraw_role(grant=grant, actor=manager.actor, now=factories.NOW)

    assert not Grant.objects.filter(user=person).exists()
    assert list(Entry.objects.order_by("pk").values_list("action", "actor_id")) == [
        ("accounts.role_granted", f"user:{manager.pk}"),
        ("accounts.role_withdrawn", f"user:{manager.pk}"),
    ]
