"""The scanned file beside the scorecard in a real browser: turned, enlarged, searched and cited, wide and narrow."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext

from reviews.models import Assignment, ScanPage
from tests.browser.test_workspace import reader_of, signed_in, workspace
from tests.reviews.factories import assignment
from tests.reviews.scanning import scanned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row(settings, tmp_path) -> Assignment:
    settings.MEDIA_ROOT = tmp_path / "files"
    row = assignment()
    scanned(row.case, [f"leaf {number} of the file" for number in range(1, 13)], unnumbered=1)
    return row


@pytest.fixture
def desk(chromium: Browser, live_server, row: Assignment) -> Iterator[BrowserContext]:
    context = signed_in(chromium, live_server, reader_of(row))
    yield context
    context.close()


@pytest.mark.parametrize("width", [375, 768])
def test_it_fits_narrow_screens(chromium, live_server, row, width):
    context = signed_in(chromium, live_server, reader_of(row))
    page = workspace(context, live_server, row)
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".workspace-tabs a").last.click()
    assert page.locator("#scorecard-title").is_visible()
    context.close()


def test_without_scripts_the_pages_are_links_beside_the_form(chromium, live_server, row):
    context = signed_in(chromium, live_server, reader_of(row), java_script_enabled=False)
    page = workspace(context, live_server, row)
    with context.expect_page() as opened:
        page.locator("#leaf-after").click()
    apart = opened.value

    assert apart.locator("#viewer").get_attribute("data-page") == "1"
    assert apart.url.split("?")[0] == live_server.url + reverse("reviews:read-scans", args=[row.review.public_id])
    assert ScanPage.objects.count() == 12
    context.close()
