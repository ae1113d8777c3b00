"""A record that was printed and bound is confirmed by a person; what was never printed cannot be."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from surveys.models import BoundRecord
from surveys.services.answering.papers import print_record
from tests import factories
from tests.qa_service.privacy.kept import interviewed
from tests.surveys import factories as asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
BY_TELEPHONE = {"sms_allowed": False, "reason": "not_consented"}


def browser(person):
    signed_in = Browser(headers={"accept-language": "en"})
    signed_in.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


@pytest.fixture
def keyed():
    return interviewed(asking.invited(plan=BY_TELEPHONE).case)


def printed(response, clerk):
    print_record(user=clerk, public_id=response.conversation.public_id, now=asking.NOW)


def test_a_record_is_confirmed_once_it_was_printed_and_leaves_the_list(keyed):
    response, clerk = keyed
    staff, number = browser(clerk), response.conversation.case.number
    ticked = {"records": [str(response.public_id)]}

    refused = staff.post(reverse("surveys:records-bound"), ticked)
    assert refused.status_code == 422
    assert f"Never printed, so it cannot be bound: {number}." in refused.content.decode()
    assert not BoundRecord.objects.exists()

    printed(response, clerk)
    assert staff.post(reverse("surveys:records-bound"), ticked).status_code == 302
    bound = BoundRecord.objects.get()
    assert (bound.response, bound.bound_by) == (response, clerk)
    assert number not in staff.get(reverse("surveys:records-to-bind")).content.decode()
    assert Entry.objects.filter(action="surveys.record_bound", subject_id=str(response.pk)).count() == 1
    assert staff.post(reverse("surveys:records-bound"), ticked).status_code == 302
    assert Entry.objects.filter(action="surveys.record_bound").count() == 1


def test_another_centre_s_staff_see_and_confirm_nothing(keyed):
    response, clerk = keyed
    printed(response, clerk)
    stranger = browser(factories.user(Role.MANAGER, at=factories.centre()))

    assert response.conversation.case.number not in stranger.get(reverse("surveys:records-to-bind")).content.decode()
    stranger.post(reverse("surveys:records-bound"), {"records": [str(response.public_id), "no id"]})
    assert not BoundRecord.objects.exists()


def test_a_program_reads_the_list_and_confirms(keyed):
    response, clerk = keyed
    program, door = browser(clerk), reverse("api-records-to-bind")

    (row,) = program.get(door).json()["results"]
    assert (row["id"], row["printed"]) == (str(response.public_id), False)
    early = program.post(door, {"records": [row["id"]]}, content_type="application/json")
    assert (early.status_code, early.json()["code"]) == (422, "never_printed")
    printed(response, clerk)
    assert program.post(door, {"records": [row["id"]]}, content_type="application/json").json() == {"bound": 1}
    assert program.get(door).json()["results"] == []
