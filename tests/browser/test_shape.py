"""Where things stand on a page: beside what they belong to, and no line of one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from tests import factories
from tests.browser.test_workspace import signed_in
from tests.surveys.faces.rows import asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MIDDLES = "all => all.map(each => { const b = each.getBoundingClientRect(); return b.top + b.height / 2; })"


@pytest.fixture
def centre():
    return factories.centre(name="临江县法律援助中心")


@pytest.fixture
def page(chromium: Browser, live_server, settings, centre):
    settings.DEMO = True
    context = signed_in(chromium, live_server, factories.user(Role.MANAGER, at=centre))
    yield context.new_page()
    context.close()


def middles(page: Page, what: str) -> list[float]:
    found: list[float] = page.eval_on_selector_all(what, MIDDLES)
    return found


def test_what_waits_stands_beside_the_middle_of_its_number(page, live_server, centre):
    for _number in range(2):
        factories.case(centre, survey_released_at=None)
    page.goto(live_server.url)

    numbers, titles = middles(page, ".waiting-count"), middles(page, ".waiting-title:last-child")

    assert numbers
    assert [abs(number - title) <= 2 for number, title in zip(numbers, titles, strict=True)] == [True] * len(numbers)


def test_taking_a_role_away_stands_in_the_line_of_that_role(page, live_server, centre):
    factories.user(Role.REVIEWER, Role.OBSERVER, Role.FOLLOW_UP, at=centre)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server.url + reverse("accounts:people"))
        rows = page.locator(".held:has(form)")

        assert rows.count() == 3
        for row in rows.all():
            said, away = row.locator("> span").bounding_box(), row.locator("button").bounding_box()
            assert said is not None
            assert away is not None
            assert away["x"] > said["x"]
            assert away["y"] < said["y"] + said["height"]


def test_the_tools_of_the_client_s_form_stand_beside_a_long_name(chromium, live_server, centre):
    now = timezone.now()
    until = {"invited_at": now, "closes_at": now + timedelta(days=21), "late_until": now + timedelta(days=60)}
    _conversation, key = asked(factories.case(centre), **until)
    page = chromium.new_context(viewport={"width": 320, "height": 568}, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/s/{key}")
    page.locator("main button").first.click()
    page.locator("fieldset").wait_for()

    assert page.locator(".name").inner_text() == centre.name
    assert max(abs(middle - middles(page, ".name")[0]) for middle in middles(page, ".tool:not([hidden])")) <= 3
    page.context.close()
