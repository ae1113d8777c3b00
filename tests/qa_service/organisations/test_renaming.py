"""Places and firms get new names; what was issued keeps the former one, and nobody is lost by it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.actors import Actor
from qa_service.audit.models import Entry
from qa_service.cases.services.registry import Registry
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import CentreSettings, Firm, FormerName, Organisation
from qa_service.organisations.queries import firms_by_name, issuer_name, namesakes
from qa_service.organisations.services import rename
from scoring.enums import RuleCode
from scoring.queries.notices import verified
from tests import factories
from tests.scoring.deciding import issued

pytestmark = pytest.mark.django_db

CLERK = Actor("user:1", "某人")


def called(subject, name):
    rename(subject=subject, name=name, actor=CLERK, now=factories.NOW)


def test_a_manager_renames_a_firm_on_its_page_and_the_former_name_is_shown(client):
    centre = factories.centre()
    firm = factories.firm(centre, name="旧名律师事务所")
    manager = factories.user(Role.MANAGER, at=centre)
    client.force_login(manager)

    answer = client.post(reverse("accounts:rename-firm", args=[firm.public_id]), {"name": "新名律师事务所"})

    firm.refresh_from_db()
    listed = client.get(answer.url).content.decode()
    entry = Entry.objects.get(action="organisations.renamed")
    assert (answer.url, firm.name) == (reverse("accounts:firms"), "新名律师事务所")
    assert "旧名律师事务所" in listed.split("<tbody")[1]
    assert (entry.actor_id, entry.details) == (f"user:{manager.pk}", {"name": ["旧名律师事务所", "新名律师事务所"]})


def test_an_export_that_uses_the_former_name_still_finds_the_firm_and_the_station():
    centre = factories.centre()
    firm = factories.firm(centre, name="甲所")
    station = factories.organisation("station", centre, name="城关工作站")

    called(firm, "乙所")
    called(station, "东城工作站")

    register = Registry(centre=centre, actor=CLERK, now=factories.NOW)
    assert register.firm("甲所") == register.firm("乙所") == firm.pk
    assert register.station("城关工作站") == register.station("东城工作站") == station.pk


def test_who_has_a_name_today_goes_before_who_had_it():
    centre = factories.centre()
    first, second = factories.firm(centre, name="甲所"), factories.firm(centre, name="乙所")

    called(first, "丙所")
    called(second, "甲所")

    assert firms_by_name(centre) == {"甲所": second.pk, "乙所": second.pk, "丙所": first.pk}


def test_colleagues_at_another_centre_stay_colleagues_when_one_centre_renames_their_firm():
    here = factories.firm(factories.centre(), name="甲所")
    there = factories.firm(factories.centre(), name="甲所")

    called(here, "甲所（临江）")

    assert namesakes([here.pk])[here.pk] == namesakes([there.pk])[there.pk] == {here.pk, there.pk}


@pytest.mark.usefixtures("fonts")
def test_a_notice_keeps_the_name_under_which_it_was_issued():
    place, notice = issued(RuleCode.S2)
    before = verified(notice.verify_code).issuer

    called(place.centre, "临江市法律援助中心")

    assert issuer_name(place.centre.pk) == "临江市法律援助中心" != before
    assert verified(notice.verify_code).issuer == before


def test_a_centre_that_signs_with_a_name_of_its_choice_goes_on_doing_so():
    centre = factories.centre()
    CentreSettings.objects.filter(centre=centre).update(issuer_name="临江县司法局")

    called(centre, "临江市法律援助中心")

    assert issuer_name(centre.pk) == "临江县司法局"


def test_a_name_given_up_and_taken_again_stands_once_on_record():
    firm = factories.firm(factories.centre(), name="甲所")

    for name in ("乙所", "甲所", "乙所"):
        called(firm, name)

    assert sorted(FormerName.objects.values_list("name", flat=True)) == ["乙所", "甲所"]


@pytest.mark.parametrize("name", ["", "  ", "甲所", "长" * 101])
def test_no_name_the_same_name_and_one_too_long_are_refused(name):
    firm = factories.firm(factories.centre(), name="甲所")

    with pytest.raises(InvalidInput):
        called(firm, name)


@pytest.mark.parametrize("name", ["甲\x07所", "甲\n所", "甲\u202e所", "甲\u200b所", "\u2028甲所", "%00", "007"])
def test_a_name_with_signs_that_nobody_sees_or_without_a_letter_is_refused(name):
    firm, centre = factories.firm(factories.centre(), name="甲所"), factories.centre()

    for subject in (firm, centre):
        with pytest.raises(InvalidInput) as refused:
            called(subject, name)
        assert refused.value.field == "name"


@pytest.mark.usefixtures("context_kept")
def test_another_s_name_at_the_centre_is_refused_and_the_form_says_so(client):
    centre = factories.centre()
    firm = factories.firm(centre, name="甲所")
    factories.firm(centre, name="乙所")
    client.force_login(factories.user(Role.OPERATOR, at=centre))

    answer = client.post(reverse("accounts:rename-firm", args=[firm.public_id]), {"name": "乙所"})

    assert answer.status_code == 422
    assert "乙所" in answer.context["form"].errors["name"][0]
    with pytest.raises(Conflict):
        called(firm, "乙所")


def test_programs_rename_places_and_firms(client):
    city = factories.organisation("bureau", code="city")
    centre = factories.centre(city, code="here")
    firm = factories.firm(centre)
    client.force_login(factories.user(Role.OPERATOR, at=city))

    def patch(url, name):
        return client.patch(url, {"name": name}, content_type="application/json")

    place = patch(reverse("api-organisation", args=["here"]), "新中心")
    office = patch(reverse("api-firm", args=[firm.public_id]), "新所")
    again = patch(reverse("api-firm", args=[firm.public_id]), "新所")

    assert (place.status_code, place.json()["name"]) == (200, "新中心")
    assert (office.status_code, office.json()["former_names"]) == (200, [firm.name])
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "name")
    assert client.get(reverse("api-firms")).json()["results"][0]["name"] == "新所"


def test_a_manager_does_not_rename_the_bureau_above(client):
    city = factories.organisation("bureau")
    client.force_login(factories.user(Role.MANAGER, at=factories.centre(city)))

    assert client.post(reverse("accounts:rename-place", args=[city.public_id]), {"name": "新"}).status_code == 404


def test_the_command_renames_a_place_by_its_code():
    factories.centre(code="here", name="旧中心")
    said = io.StringIO()

    call_command("centre", "rename", "here", "新中心", stdout=said)

    assert Organisation.objects.get(code="here").name == "新中心"
    assert "旧中心" in said.getvalue()
    with pytest.raises(CommandError, match="nowhere"):
        call_command("centre", "rename", "nowhere", "新中心")


def test_renaming_one_firm_leaves_the_others(client):
    centre = factories.centre()
    firm, other = factories.firm(centre), factories.firm(centre)

    called(firm, "新所")

    assert Firm.objects.get(pk=other.pk).name == other.name
