"""A manager decides on a page whether, when and how clients are asked while a case runs, and sees what came of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import Occasion
from surveys.models import Conversation, MidCasePlan
from tests import factories
from tests.factories import NOW
from tests.surveys.core.test_mid_case import SAFETY, TODAY, close, published, sweep, under_way
from tests.surveys.factories import questionnaires, reply

pytestmark = pytest.mark.django_db
PAGE = "surveys:mid-case"
ASSIGNED = {
    "occasion": "after-assignment",
    "after-assignment-questionnaire_key": "client-assigned",
    "after-assignment-days": "12",
    "after-assignment-remind_after_days": "3",
    "after-assignment-closes_after_days": "14",
    "after-assignment-ways": ["text", "visit"],
    "after-assignment-starts_on": "2026-11-20",
}


@pytest.fixture(autouse=True)
def _a_friday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def centre() -> Organisation:
    questionnaires()
    live = {"takes_open_cases": True, "go_live_on": date(2026, 10, 1), "sms_enabled": True}
    return factories.centre(settings=live | {"first_contact_delay_days": 0})


def signed_in(*roles: Role, at: Organisation) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    return browser


def test_a_manager_publishes_a_plan_as_it_was_typed(centre: Organisation):
    browser = signed_in(Role.MANAGER, at=centre)
    offered = browser.get(reverse(PAGE)).content.decode()
    assert "未开启" in offered
    assert 'value="2026-11-20"' in offered

    answer = browser.post(reverse(PAGE), ASSIGNED, follow=True)

    plan = MidCasePlan.objects.get()
    assert (plan.occasion, plan.days, plan.contact_days, plan.ways) == (
        "after-assignment",
        12,
        [0, 3],
        ["text", "visit"],
    )
    assert "第1版" in answer.content.decode()


def test_the_hearing_plan_asks_for_no_first_day_and_a_wrong_term_is_told_beside_its_field(centre: Organisation):
    browser = signed_in(Role.MANAGER, at=centre)
    hearing = {name.replace("after-assignment", "before-hearing"): value for name, value in ASSIGNED.items()}
    hearing |= {"occasion": "before-hearing", "before-hearing-days": "31"}

    refused = browser.post(reverse(PAGE), hearing)
    assert refused.status_code == 422
    assert "3至30" in refused.content.decode()

    browser.post(reverse(PAGE), hearing | {"before-hearing-days": "7"})
    assert MidCasePlan.objects.get().starts_on == TODAY


def test_a_centre_without_open_cases_is_told_so_and_led_to_its_settings(centre: Organisation):
    centre.settings.takes_open_cases = False
    centre.settings.save()
    browser = signed_in(Role.MANAGER, at=centre)

    assert reverse("accounts:centre-settings", args=[centre.public_id]) in browser.get(reverse(PAGE)).content.decode()
    assert browser.post(reverse(PAGE), ASSIGNED).status_code == 422
    assert not MidCasePlan.objects.exists()


def test_ending_it_leaves_the_plan_as_a_record(centre: Organisation):
    published(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    browser.post(reverse(PAGE), {"occasion": "after-assignment", "end": "1"})

    assert MidCasePlan.objects.get().ended_at is not None
    assert browser.post(reverse(PAGE), {"occasion": "nothing"}).status_code == 422


def test_whom_nobody_asks_before_their_plan_is_confirmed_is_listed_with_the_way_there(centre: Organisation):
    published(centre)
    case = under_way(centre, plan=SAFETY)

    page = signed_in(Role.MANAGER, at=centre).get(reverse(PAGE)).content.decode()

    assert case.number in page
    assert reverse("cases:contact-plan", args=[case.client.public_id]) in page


def test_another_centre_is_none_of_a_managers(centre: Organisation):
    browser = signed_in(Role.MANAGER, at=factories.centre())

    assert browser.get(reverse(PAGE), {"place": str(centre.public_id)}).status_code == 404
    assert browser.post(f"{reverse(PAGE)}?place={centre.public_id}", ASSIGNED).status_code == 404


def test_the_page_costs_as_many_queries_for_many_waiting_as_for_one(centre: Organisation):
    published(centre)
    under_way(centre, plan=SAFETY)
    browser = signed_in(Role.MANAGER, at=centre)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            browser.get(reverse(PAGE))
        return len(caught)

    cost()
    one = cost()
    for _case in range(5):
        under_way(centre, plan=SAFETY)
    assert cost() == one


# --- the funnel -----------------------------------------------------------------------------------------------------
def asked_about(centre: Organisation, *ratings: str) -> list[Case]:
    published(centre)
    cases = [under_way(centre) for _rating in ratings]
    sweep()
    while services.deliver_next(now=NOW):
        pass
    for case, rating in zip(cases, ratings, strict=True):
        if rating:
            reply(Conversation.objects.get(case=case), rating)
    return cases


def steps(centre: Organisation, **chosen: str) -> dict[str, int]:
    api = APIClient()
    api.force_authenticate(factories.user(Role.MANAGER, at=centre))
    answer = api.get("/api/v1/surveys/funnel", chosen)
    assert answer.status_code == 200, answer.json()
    return {step["code"]: step["count"] for step in answer.data["ways"][0]["steps"]}


def test_the_funnel_counts_each_wave_by_itself(centre: Organisation):
    asked_about(centre, "5", "2", "")
    factories.case(centre, closed_on=TODAY)

    during = steps(centre, wave="after-assignment")
    assert (during["begun"], during["answered"], "closed" in during) == (3, 2, False)
    assert steps(centre)["answered"] == 0
    assert steps(centre)["closed"] == 1
    assert steps(centre, wave="before-hearing")["begun"] == 0


def test_it_stays_counted_there_once_the_case_has_closed_and_by_the_day_it_began(centre: Organisation):
    (case,) = asked_about(centre, "5")
    close(case, on=TODAY + timedelta(days=60))

    assert steps(centre, wave="after-assignment", period="2026-Q4")["answered"] == 1
    assert steps(centre, wave="after-assignment", period="2027-Q1")["begun"] == 0
    assert steps(centre, period="2027-Q1")["begun"] == 0


def test_what_was_given_up_is_no_follow_up(centre: Organisation):
    published(centre)
    case = under_way(centre)
    sweep()
    close(case)
    services.give_up_overtaken(now=NOW)

    assert steps(centre, wave=Occasion.AFTER_ASSIGNMENT.value)["begun"] == 0


def test_the_pages_and_files_of_a_wave_and_what_is_behind_a_number(centre: Organisation):
    (case,) = asked_about(centre, "5")
    browser = signed_in(Role.MANAGER, at=centre)
    chosen = {"wave": "after-assignment"}

    page = browser.get(reverse("surveys:funnel"), chosen).content.decode()
    assert "指派后" in page
    assert "wave=after-assignment" in page
    behind = browser.get(reverse("surveys:funnel-behind"), chosen | {"way": "all", "step": "answered"})
    assert case.number in behind.content.decode()
    assert browser.get(reverse("surveys:funnel"), {"wave": "nothing"}).status_code == 404


# --- for programs ---------------------------------------------------------------------------------------------------
TERMS = {
    "questionnaire_key": "client-hearing",
    "days": 7,
    "remind_after_days": 0,
    "closes_after_days": 5,
    "ways": ["telephone", "text"],
}


def test_a_program_publishes_reads_and_ends_a_plan(centre: Organisation):
    api = APIClient()
    api.force_authenticate(factories.user(Role.MANAGER, at=centre))
    address = f"/api/v1/centres/{centre.code}/mid-case-plans/before-hearing"
    assert api.get(address).status_code == 404

    versions = [api.put(address, TERMS, format="json").data["version"] for _time in range(2)]
    changed = api.put(address, TERMS | {"days": 10}, format="json").data

    assert (versions, changed["version"], changed["ways"]) == ([1, 1], 2, ["text", "telephone"])
    assert api.get(address).data == changed
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_a_program_is_told_by_name_what_is_wrong(centre: Organisation):
    api = APIClient()
    api.force_authenticate(factories.user(Role.MANAGER, at=centre))
    address = f"/api/v1/centres/{centre.code}/mid-case-plans/before-hearing"

    refused = api.put(address, TERMS | {"days": 31}, format="json")

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "days")
    assert api.put(address.replace("before", "after"), TERMS, format="json").status_code == 404
