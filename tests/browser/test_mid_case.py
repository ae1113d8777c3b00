"""The page on which a manager plans asking while a case runs, in a real browser."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from surveys import services
from surveys.enums import Occasion
from surveys.mid_case import default_terms
from tests import factories
from tests.browser.looking import sideways, violations
from tests.surveys.core.test_mid_case import SAFETY
from tests.surveys.factories import questionnaires

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages(chromium: Browser, url: str) -> Iterator[tuple[str, Page]]:
    """Off, in force with somebody who waits for a word, and refused."""
    now = timezone.now()
    questionnaires(now)
    today = timezone.localdate()
    centre = factories.centre(settings={"takes_open_cases": True, "go_live_on": date(2026, 1, 1)})
    manager = factories.user(Role.MANAGER, at=centre)
    factories.open_case(
        centre,
        client=factories.client(centre, plan=SAFETY),
        accepted_on=today - timedelta(days=12),
        assigned_on=today - timedelta(days=10),
    )
    signing = Signing()
    signing.force_login(manager)
    context = chromium.new_context(locale="zh-CN")
    cookie = signing.cookies[project.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    page = context.new_page()
    page.goto(url + reverse("surveys:mid-case"))
    yield "off", page
    occasion = Occasion.AFTER_ASSIGNMENT
    terms = default_terms(occasion, today=today - timedelta(days=30))
    services.publish_mid_case_plan(centre=centre, occasion=occasion, terms=terms, user=manager, now=now)
    page.goto(url + reverse("surveys:mid-case"))
    yield "in force", page
    for box in page.locator("#id_after-assignment-ways input").all() or page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="发布为新版本").click()
    page.locator("#error-summary").wait_for()
    yield "refused", page
    context.close()


def test_the_page_is_free_of_faults_and_fits_each_width(chromium: Browser, live_server) -> None:
    found = {name: (violations(page), sideways(page)) for name, page in pages(chromium, live_server.url)}

    assert {name: faults for name, (faults, _wide) in found.items() if faults} == {}
    assert {name: wide for name, (_faults, wide) in found.items() if max(wide.values()) > 0} == {}
