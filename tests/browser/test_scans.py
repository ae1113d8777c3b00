"""The scanned file beside the scorecard in a real browser: turned, enlarged, searched and cited, wide and narrow."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, expect

from reviews.models import Assignment, ScanPage
from tests.browser.looking import come_to_rest, violations
from tests.browser.test_workspace import reader_of, saved, signed_in, workspace
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


def test_pages_are_turned_by_keys_and_cited_into_the_item_without_losing_a_mark(desk, live_server, row):
    page = workspace(desk, live_server, row)
    viewer = page.locator("#viewer")
    page.locator('label[for="A2-partly"]').click()
    for number in ("1", "2"):
        page.keyboard.press("]")
        expect(viewer).to_have_attribute("data-page", number)
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    page.keyboard.press("[")
    expect(viewer).to_have_attribute("data-page", "1")
    page.locator("#item-A2 .cite-page").click()

    assert page.locator("#A2-page").input_value() == "2、1"
    page.locator("details.veto summary").first.click()
    page.locator("details.veto .cite-page").first.click()
    assert page.locator("details.veto [name=page]").first.input_value() == "1"
    assert page.locator("#A2-partly").is_checked()
    saved(page)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.type("leaf 12")
    page.keyboard.press("Enter")
    page.locator(".leaf-hits a").click()
    expect(viewer).to_have_attribute("data-page", "11")
    page.locator("#zoom-200").click()
    expect(page.locator(".leaf-picture")).to_have_class("leaf-picture zoom-200")
    assert page.evaluate("document.querySelector('.leaf-picture').naturalHeight") == 1754
    # All of it in sight.
    page.set_viewport_size({"width": 1280, "height": 8000})
    page.mouse.move(0, 0)
    come_to_rest(page)
    assert violations(page) == []


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
