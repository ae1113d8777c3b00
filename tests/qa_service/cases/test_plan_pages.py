"""The page on which a contact plan is seen, confirmed, tightened and loosened."""

import re

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PLAIN = {
    "reason": "none", "phone_allowed": "on", "visit_allowed": "on", "letter_allowed": "on", "language": "zh-hans",
    "revision": "1",
}  # fmt: skip
GUARDIAN = {"guardian_name": "李秀英", "guardian_phone": "13900000001", "guardian_relation": "parent"}


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre()


def signed_in(*roles: Role, at) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    return browser


def page(person: Client, name: str = "contact-plan") -> str:
    return reverse(f"cases:{name}", args=[person.public_id])


def plan_of(person: Client) -> ContactPlan:
    return ContactPlan.objects.get(client=person)


def test_the_case_leads_to_the_plan(centre):
    case = factories.case(centre)

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("cases:detail", args=[case.public_id])).content.decode()

    assert page(case.client) in seen


def test_a_clerk_makes_the_plan_safer(centre):
    person = factories.client(centre)

    response = signed_in(Role.FOLLOW_UP, at=centre).post(
        page(person), PLAIN | {"reason": "safety", "safe_from": "10:00", "safe_until": "11:30", "code_word": "石榴"}
    )

    plan = plan_of(person)
    assert response.status_code == 302
    assert (plan.sms_allowed, plan.needs_safety_check, plan.letter_allowed) == (False, True, False)
    assert (str(plan.safe_from), plan.code_word, plan.revision) == ("10:00:00", "石榴", 2)


def test_what_protects_is_loosened_by_a_manager_alone_and_with_a_reason(centre):
    person = factories.client(centre, plan={"sms_allowed": False, "reason": "safety", "needs_safety_check": True})
    given = PLAIN | {"confirmed": "on", "why": "已离婚并搬走"}

    refused = signed_in(Role.FOLLOW_UP, at=centre).post(page(person), given)
    without = signed_in(Role.MANAGER, at=centre).post(page(person), given | {"why": ""})
    allowed = signed_in(Role.MANAGER, at=centre).post(page(person), given)

    assert [refused.status_code, without.status_code, allowed.status_code] == [403, 422, 302]
    assert "已离婚并搬走" in refused.content.decode()
    assert plan_of(person).sms_allowed


def test_the_second_of_two_sees_what_stands_and_loses_nothing(centre):
    person = factories.client(centre)
    first, second = signed_in(Role.FOLLOW_UP, at=centre), signed_in(Role.FOLLOW_UP, at=centre)

    first.post(page(person), PLAIN | {"note": "耳背"})
    told = second.post(page(person), PLAIN | {"note": "只说客家话"})
    seen = told.content.decode()
    again = second.post(page(person), PLAIN | {"note": "耳背，只说客家话", "revision": "2"})

    assert (told.status_code, again.status_code) == (409, 302)
    assert [word in seen for word in ("耳背", "只说客家话", 'name="revision" value="2"')] == [True] * 3
    assert plan_of(person).note == "耳背，只说客家话"


def test_confirming_takes_one_press_and_dates_the_plan(centre):
    person = factories.client(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    browser.post(page(person, "contact-plan-confirm"))

    assert plan_of(person).confirmed_on == factories.NOW.date()
    assert "2027-05-19" in browser.get(page(person)).content.decode()


def test_nobody_is_said_to_have_asked_somebody_who_has_died(centre):
    person = factories.client(centre)
    browser, confirm = signed_in(Role.FOLLOW_UP, at=centre), page(person, "contact-plan-confirm")

    before = browser.get(page(person)).content.decode()
    ContactPlan.objects.filter(client=person).update(reason=ContactReason.DECEASED, sms_allowed=False)
    after = browser.get(page(person)).content.decode()

    assert (confirm in before, confirm in after) == (True, False)


def test_a_guardian_s_number_is_masked_and_each_look_is_recorded(centre):
    person = factories.client(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    uncleared = browser.post(page(person), PLAIN | GUARDIAN)
    browser.post(page(person), PLAIN | GUARDIAN | {"guardian_cleared": "on"})

    hidden = browser.get(page(person)).content.decode()
    shown = browser.post(page(person, "contact-plan-guardian")).content.decode()

    assert uncleared.status_code == 422
    assert ["+8613900000001" in seen for seen in (hidden, shown)] == [False, True]
    assert Entry.objects.get(action="cases.phone_revealed").details["whose"] == "guardian"


def test_a_guardian_s_number_left_empty_is_kept_and_goes_with_the_guardian(centre):
    person = factories.client(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(page(person), PLAIN | GUARDIAN | {"guardian_cleared": "on"})

    kept = {**GUARDIAN, "guardian_phone": "", "guardian_cleared": "on", "note": "新", "revision": "2"}
    browser.post(page(person), PLAIN | kept)
    phones = [plan_of(person).guardian_phone]
    browser.post(page(person), PLAIN | {"revision": "3"})
    phones.append(plan_of(person).guardian_phone)

    assert phones == ["+8613900000001", ""]


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "whatever"}, {"language": "tlh"}, {"revision": ""}, {"revision": "-1"}, {"safe_from": "25:99"},
        {"guardian_phone": "不是号码", "guardian_relation": "parent"}, {"code_word": "长" * 41}, {"note": "长" * 501},
        {"safe_from": "12:00", "safe_until": "11:00"}, {"expires_on": "昨天", "confirmed": "on"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_what_was_typed(centre, given):
    person = factories.client(centre)

    response = signed_in(Role.FOLLOW_UP, at=centre).post(page(person), PLAIN | given)

    assert (response.status_code, plan_of(person).revision) == (422, 1)


def test_a_supervisor_looks_and_changes_nothing(centre):
    person = factories.client(centre)
    browser = signed_in(Role.SUPERVISOR, at=centre)

    looked, changed = browser.get(page(person)), browser.post(page(person), PLAIN | {"note": "x"})

    assert (looked.status_code, changed.status_code, plan_of(person).note) == (200, 404, "")
    assert not re.search(r'<form[^>]*class="site-form"', looked.content.decode())


@pytest.mark.parametrize("cases", [1, 5])
def test_the_page_costs_the_same_for_one_case_and_for_several(centre, django_assert_max_num_queries, cases):
    person = factories.client(centre)
    for _number in range(cases):
        factories.case(centre, client=person)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.get(page(person))

    with django_assert_max_num_queries(8):
        browser.get(page(person))
