"""Centres that ask while a case runs take in cases under way; everything else goes by closed cases alone."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case, EvidenceChange
from qa_service.cases.queries import awaiting_release, cases_to_ask
from qa_service.organisations.models import Organisation
from tests import factories
from tests.qa_service.cases.county import bring_in
from tests.qa_service.cases.test_api import CASE, NUMBER

pytestmark = pytest.mark.django_db
OPEN = {**CASE, "closed_on": None, "assigned_on": "2026-05-03", "hearing_on": "2026-12-08"}
CLOSED = {**CASE, "assigned_on": "2026-05-03"}


@pytest.fixture(autouse=True)
def _a_day_in_november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-22T02:00:00Z", tick=False)


@pytest.fixture
def centre() -> Organisation:
    live = {"takes_open_cases": True, "go_live_on": date(2026, 10, 1)}
    return factories.centre(code="linjiang", settings=live)


@pytest.fixture
def api(centre: Organisation) -> APIClient:
    client = APIClient()
    client.force_authenticate(factories.user(Role.MANAGER, at=centre))
    return client


def put(api: APIClient, case: dict[str, Any]) -> Any:
    return api.put(f"/api/v1/centres/linjiang/cases/{NUMBER}", case, format="json")


def test_a_case_without_a_closing_date_is_kept_as_one_under_way(api: APIClient):
    answer = put(api, OPEN)

    assert (answer.status_code, answer.data["created"]) == (201, True)
    assert (answer.data["case"]["closed_on"], answer.data["case"]["hearing_on"]) == (None, "2026-12-08")
    case = Case.with_open.get()
    assert (case.assigned_on, case.survey_released_at) == (date(2026, 5, 3), None)
    assert not Case.objects.exists()


def test_a_centre_that_takes_none_refuses_it_as_before(api: APIClient, centre: Organisation):
    centre.settings.takes_open_cases = False
    centre.settings.save()

    answer = put(api, OPEN)

    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (422, "not a closed case")
    assert not Case.with_open.exists()


def test_the_same_rows_of_a_file_are_let_in_and_the_closed_ones_beside_them(centre: Organisation):
    job = bring_in(centre)

    assert (job.new_count, job.refused_count) == (273, 8)
    assert Case.objects.count() == 272
    assert Case.with_open.filter(closed_on=None).count() == 1


def test_its_closing_makes_it_a_closed_case_whose_client_is_asked(api: APIClient):
    put(api, OPEN)

    answer = put(api, {**CLOSED, "hearing_on": "2026-12-08"})

    assert (answer.data["created"], answer.data["changed"]) == (False, True)
    case = Case.objects.get()
    assert (case.closed_on, case.hearing_on, case.revision) == (date(2026, 11, 10), None, 2)
    assert list(cases_to_ask(now=timezone.now())) == [case]
    assert EvidenceChange.objects.filter(case=case).exists()


@pytest.mark.parametrize("closed_on", ["2026-09-30", "2026-10-31"])
def test_one_that_closed_before_go_live_or_whose_closing_came_late_waits_for_a_manager(api: APIClient, closed_on: str):
    put(api, OPEN)

    put(api, {**CLOSED, "closed_on": closed_on})

    assert list(awaiting_release()) == [Case.objects.get()]


def test_a_closed_case_is_not_opened_again_by_an_empty_cell(api: APIClient):
    put(api, CLOSED)

    answer = put(api, OPEN)

    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (422, "not a closed case")
    assert Case.objects.get().closed_on == date(2026, 11, 10)


def test_a_later_hearing_and_saying_the_same_again(api: APIClient):
    put(api, OPEN)

    assert put(api, OPEN).data["changed"] is False
    assert put(api, {**OPEN, "hearing_on": "2027-01-12"}).data["changed"] is True
    assert Case.with_open.get().hearing_on == date(2027, 1, 12)
    assert not EvidenceChange.objects.exists()


def test_a_hearing_in_a_closed_case_changes_nothing_of_it(api: APIClient):
    put(api, CLOSED)

    assert put(api, {**CLOSED, "hearing_on": "2026-12-08"}).data["changed"] is False
    assert put(api, CLOSED).data["changed"] is False


def test_whoever_handles_a_case_may_bring_its_first_closing_date_but_not_another(centre: Organisation):
    firm = factories.firm(centre, name=CASE["firm_name"])
    lawyer = factories.lawyer(firm, name=CASE["lawyer_name"], licence_number=CASE["licence_number"])
    api = APIClient()
    api.force_authenticate(factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=lawyer))
    put(api, OPEN)

    assert put(api, CLOSED).status_code == 200
    assert put(api, {**CLOSED, "closed_on": "2026-11-11"}).status_code == 403


def test_the_consent_to_texts_of_a_case_under_way_counts_from_its_assignment(api: APIClient):
    put(api, OPEN)

    assert Case.with_open.get().client.contact_plan.expires_on == date(2026, 10, 30)  # 180 days


def test_staff_find_it_where_they_ask_for_cases_under_way(api: APIClient, centre: Organisation):
    under_way, closed = factories.open_case(centre), factories.case(centre)
    browser = Browser()
    browser.force_login(factories.user(Role.FOLLOW_UP, at=centre))

    def listed(**chosen: str) -> list[str]:
        rows = api.get("/api/v1/cases", chosen).data["results"]
        page = browser.get(reverse("cases:list"), chosen).content.decode()
        assert all(row["number"] in page for row in rows)
        return [row["number"] for row in rows]

    assert listed() == [closed.number]
    assert listed(under_way="true") == [under_way.number]
    assert listed(under_way="false") == [closed.number]
    page = browser.get(reverse("cases:detail", args=[under_way.public_id]))
    assert page.status_code == 200
    clients = reverse("cases:clients", args=[under_way.public_id])
    assert clients in page.content.decode()
    assert browser.get(clients).status_code == 200


@pytest.mark.parametrize("word", ["a", "True", "1 "])
def test_what_is_no_choice_is_said_beside_the_box_and_closed_cases_are_listed(centre: Organisation, word: str):
    under_way, closed = factories.open_case(centre), factories.case(centre)
    browser = Browser()
    browser.force_login(factories.user(Role.FOLLOW_UP, at=centre))

    page = browser.get(reverse("cases:list"), {"under_way": word})

    shown = page.content.decode()
    assert page.status_code == 200
    assert 'class="field-error"' in shown
    assert (closed.number in shown, under_way.number in shown) == (True, False)


@pytest.mark.usefixtures("context_kept")
def test_whoever_handles_it_is_not_shown_its_record(centre: Organisation):
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    case = factories.open_case(centre, firm=firm, lawyer=lawyer)
    browser = Browser()
    browser.force_login(factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=lawyer))

    assert browser.get(reverse("cases:detail", args=[case.public_id])).context["kept_from_reader"] is True


def test_no_row_is_released_while_under_way_and_none_keeps_a_hearing_when_closed(centre: Organisation):
    for wrong in (
        {"survey_released_at": factories.NOW},
        {"closed_on": date(2026, 11, 20), "hearing_on": date(2027, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.open_case(centre, **wrong)
