"""The manager's release list and the overview of what was asked."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case
from qa_service.organisations.enums import OrganisationKind
from surveys.enums import OptOutSource
from surveys.queries import waiting_for
from surveys.services.contact.opt_outs import opt_out
from tests import factories
from tests.surveys.faces.rows import SATISFIED, asked, begin, go_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "context_kept")]


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


def test_a_manager_releases_the_chosen_cases_and_no_others(centre):
    chosen = factories.case(centre, survey_released_at=None)
    left = factories.case(centre, survey_released_at=None)
    browser = signed_in(Role.MANAGER, at=centre)

    response = browser.post(reverse("surveys:release"), {"cases": [str(chosen.public_id)]}, follow=True)

    chosen.refresh_from_db()
    left.refresh_from_db()
    assert (chosen.survey_released_at, left.survey_released_at) == (factories.NOW, None)
    assert "已放行 1 件案件" in response.content.decode()
    assert left.number in response.content.decode()


def test_cases_to_release_wait_on_the_home_of_their_manager_alone(centre):
    for _number in range(2):
        factories.case(centre, survey_released_at=None)
    factories.case(factories.centre(), survey_released_at=None)
    address = reverse("surveys:release-list")

    def waiting(person):
        return {block.url: block.count for block in waiting_for(person, factories.NOW)}.get(address)

    assert waiting(factories.user(Role.MANAGER, at=centre)) == 2
    assert waiting(factories.user(Role.FOLLOW_UP, at=centre)) is None


def test_a_manager_releases_all_that_the_page_shows(centre):
    cases = [factories.case(centre, survey_released_at=None) for _number in range(3)]
    released = factories.case(centre)
    foreign = factories.case(factories.centre(), survey_released_at=None)
    shown = [str(case.public_id) for case in cases]
    browser = signed_in(Role.MANAGER, at=centre)

    given = {"all": "shown", "sure": "1"}
    browser.post(reverse("surveys:release"), given | {"shown": [*shown, str(released.public_id), "nonsense"]})
    browser.post(reverse("surveys:release"), given | {"shown": [str(foreign.public_id)]})

    left = Case.objects.filter(survey_released_at=None)
    assert list(left) == [foreign]


def test_a_whole_page_is_released_by_a_second_press_after_what_it_does_was_said(centre):
    cases = [factories.case(centre, survey_released_at=None) for _number in range(3)]
    browser = signed_in(Role.MANAGER, at=centre)
    shown = {"all": "shown", "shown": [str(case.public_id) for case in cases]}

    asked_again = browser.post(reverse("surveys:release"), shown).content.decode()
    before = Case.objects.filter(survey_released_at=None).count()
    given = re.findall(r'name="shown" value="([^"]+)"', asked_again)
    browser.post(reverse("surveys:release"), {"all": "shown", "sure": "1", "shown": given})

    assert "电话回访：3" in asked_again
    assert "放行 3 件案件" in asked_again
    assert (before, Case.objects.filter(survey_released_at=None).count()) == (3, 0)


def test_cases_of_other_centres_are_neither_shown_nor_released(centre):
    foreign = factories.case(factories.centre(), survey_released_at=None)
    browser = signed_in(Role.MANAGER, at=centre)

    seen = browser.get(reverse("surveys:release-list")).content.decode()
    browser.post(reverse("surveys:release"), {"cases": [str(foreign.public_id)]})

    foreign.refresh_from_db()
    assert (foreign.number in seen, foreign.survey_released_at) == (False, None)


@pytest.mark.parametrize(
    ("set_up", "settings_of_centre", "plan", "way"),
    [
        ("memory", {"sms_enabled": True}, {}, "短信（可回复）"),
        ("", {"sms_enabled": True}, {}, "电话回访 · 没有开通短信服务"),
        ("memory", {"sms_enabled": False}, {}, "电话回访 · 不可发短信"),
        ("memory", {"sms_enabled": True}, {"expires_on": factories.NOW.date() - timedelta(days=1)}, "电话回访 · "),
        ("memory", {"sms_enabled": True}, {"sms_allowed": False, "reason": "in_custody"}, "信函 · "),
        ("memory", {"sms_enabled": True}, {"sms_allowed": False, "phone_allowed": False}, "上门 · "),
    ],
)
def test_the_list_says_the_way_in_which_the_client_would_be_asked_today(
    settings, set_up, settings_of_centre, plan, way
):
    settings.SMS_GATEWAY = set_up
    at = factories.centre(settings=settings_of_centre)
    factories.case(at, survey_released_at=None, client=factories.client(at, plan=plan))

    seen = signed_in(Role.MANAGER, at=at).get(reverse("surveys:release-list")).content.decode()

    assert way in re.sub(r"<[^>]*>", "", seen)


def test_a_client_who_wanted_no_more_texts_would_not_get_one(centre, settings):
    settings.SMS_GATEWAY = "memory"
    centre.settings.sms_enabled = True
    centre.settings.save()
    case = factories.case(centre, survey_released_at=None)
    browser = signed_in(Role.MANAGER, at=centre)
    before = browser.get(reverse("surveys:release-list")).content.decode()

    opt_out(phone_index=case.client.phone_index, source=OptOutSource.STAFF, now=factories.NOW)
    after = browser.get(reverse("surveys:release-list")).content.decode()

    assert ("短信（可回复）" in before, "短信（可回复）" in after) == (True, False)


@pytest.mark.parametrize("given", [{}, {"cases": ["nonsense"]}])
def test_nothing_chosen_releases_nothing(centre, given):
    case = factories.case(centre, survey_released_at=None)

    response = signed_in(Role.MANAGER, at=centre).post(reverse("surveys:release"), given)

    case.refresh_from_db()
    assert (response.status_code, case.survey_released_at) == (302, None)


def test_looking_at_the_list_releases_nothing(centre):
    case = factories.case(centre, survey_released_at=None)

    signed_in(Role.MANAGER, at=centre).get(reverse("surveys:release-list"))

    case.refresh_from_db()
    assert case.survey_released_at is None


@pytest.mark.parametrize("role", [Role.FOLLOW_UP, Role.SUPERVISOR, Role.REVIEWER])
def test_only_a_manager_releases(centre, role):
    assert signed_in(role, at=centre).post(reverse("surveys:release")).status_code == 403


@pytest.mark.parametrize("rows", [1, 5])
def test_the_release_list_costs_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, rows):
    for _number in range(rows):
        factories.case(centre, survey_released_at=None)
    browser = signed_in(Role.MANAGER, at=centre)

    with django_assert_max_num_queries(7):
        browser.get(reverse("surveys:release-list"))


def test_the_overview_counts_from_asking_to_answering(centre):
    _silent, _key = asked(factories.case(centre))
    _begun, key = asked(factories.case(centre))
    begin(key)
    _answered, key = asked(factories.case(centre))
    go_through(begin(key), key, SATISFIED)

    response = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("surveys:overview"))

    steps = [(step.count, step.of_first) for step in response.context["content"].whole.steps]
    assert [count for count, _share in steps] == [3, 3, 3, 2, 2, 2, 1]
    assert [share for _count, share in steps][-2:] == [Decimal("66.7"), Decimal("33.3")]


def test_the_overview_narrows_to_a_centre_and_a_quarter():
    bureau = factories.organisation(OrganisationKind.BUREAU)
    one, other = factories.centre(bureau), factories.centre(bureau)
    for place in (one, other, other):
        asked(factories.case(place))
    browser = signed_in(Role.SUPERVISOR, at=bureau)
    address = reverse("surveys:overview")

    eligible = [
        browser.get(address, chosen).context["content"].whole.first
        for chosen in (
            {},
            {"period": "2026-Q4"},
            {"period": "2026-Q3"},
            {"centre": one.code},
            {"centre": other.code, "period": "2026-Q4"},
        )
    ]

    assert eligible == [3, 3, 0, 1, 2]
