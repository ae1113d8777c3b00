"""Bringing a year in and looking at its cases, in a real browser, wide and narrow, in Chinese."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case
from tests import factories
from tests.browser.looking import sideways, violations
from tests.qa_service.cases.county import CSV, bring_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def centre() -> Any:
    return factories.centre()


@pytest.fixture
def page(chromium: Browser, live_server: Any, centre: Any) -> Iterator[Page]:
    signing = Signing()
    signing.force_login(factories.user(Role.MANAGER, Role.OPERATOR, at=centre))
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", base_url=live_server.url)
    context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": signing.cookies["sessionid"].value, "url": live_server.url}]
    )
    yield context.new_page()
    context.close()


def test_a_manager_previews_and_confirms_a_file(page: Page) -> None:
    page.goto(reverse("cases:import"))
    page.set_input_files("input[type=file]", CSV)
    page.get_by_role("button", name="检查文件").click()

    assert Case.objects.count() == 0
    assert page.get_by_text("约三万").is_visible()

    page.locator("main form button").first.click()

    assert page.locator("h1").inner_text() == "导入完成"
    assert Case.objects.count() == 272


@pytest.mark.parametrize("name", ["list", "import", "unconfirmed", "job", "detail"])
def test_the_pages_of_cases_fit_every_width_and_can_be_read_by_all(page: Page, centre: Any, name: str) -> None:
    job = bring_in(centre, dry_run=name == "job")
    if name == "job":
        page.goto(reverse("cases:import-job", args=[job.public_id]))
    elif name == "detail":
        flagged = Case.objects.filter(client__contact_plan__reason="safety")[0]
        page.goto(reverse("cases:detail", args=[flagged.public_id]))
    else:
        page.goto(reverse(f"cases:{name}"))

    assert violations(page) == []
    assert set(sideways(page).values()) == {0}
