"""The organ's page in a real browser: accessible, without sideways scroll, without JavaScript, by keyboard alone."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from surveys.models import Response
from surveys.services.organs.organ_mails import link_token
from tests.browser.looking import sideways, violations
from tests.surveys.organs.rows import GOOD, asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server) -> str:
    now = timezone.now()
    conversation = asked(now=now, closed_on=now.date(), accepted_on=now.date().replace(day=1))
    return f"{live_server.url}/o/{link_token(conversation)}"


def send(page: Page) -> None:
    page.locator('button.button[value="send"]').click()


def tick_all(page: Page) -> None:
    for code, value in GOOD.items():
        page.locator(f'input[name="value-{code}"][value="{value}"]').check()


def pages(page: Page, address: str, url: str) -> Iterator[str]:
    """Every kind of page, stopping at each."""
    page.clock.install()
    page.goto(address)
    yield "form"
    send(page)
    page.locator("[data-errors]").wait_for()
    yield "error"
    tick_all(page)
    page.clock.fast_forward(2100)  # a second press within two seconds is a slip of the finger
    page.locator('button.button[value="save"]').click()
    page.locator(".kept").wait_for()
    yield "saved"
    send(page)
    page.wait_for_url("**/done")
    yield "done"
    page.goto(address)
    yield "sent already"
    page.goto(f"{url}/o/")
    yield "code"
    page.goto(f"{url}/o/{'x' * 12}")
    yield "unknown"


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_none_scrolls_sideways(live_server, phone, address, width):
    page = phone.new_page()
    page.set_viewport_size({"width": width, "height": 800})

    found = {kind: (violations(page), sideways(page)) for kind in pages(page, address, live_server.url)}

    assert {kind: faults for kind, (faults, _far) in found.items() if faults} == {}
    assert {kind: far for kind, (_faults, far) in found.items() if any(each > 0 for each in far.values())} == {}


def test_large_type_keeps_what_is_ticked_and_reflows(phone, address):
    page = phone.new_page()
    page.goto(address)
    page.locator('input[name="value-q1"][value="5"]').check()

    page.locator('button[value="large"]').click()
    page.locator("html.large").wait_for()

    assert page.locator('input[name="value-q1"][value="5"]').is_checked()
    assert max(sideways(page).values()) <= 0


def test_it_is_answered_without_javascript(chromium, address):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 375, "height": 667})
    page = context.new_page()
    page.goto(address)
    tick_all(page)
    page.fill("textarea", "准备充分")
    send(page)
    page.wait_for_url("**/done")
    context.close()

    assert Response.objects.get().answers.count() == len(GOOD) + 1


def test_it_is_answered_by_keyboard_alone(phone, address):
    page = phone.new_page()
    page.goto(address)
    page.locator('input[name="value-q1"]').first.focus()
    for _item in GOOD:
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    for _field in ("remark", "signed by"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done")

    assert Response.objects.get().answers.count() == len(GOOD)


def test_the_page_is_light_and_asks_no_other_host(live_server, phone, address):
    page = phone.new_page()
    fetched: list[tuple[str, int]] = []
    page.on("response", lambda answer: fetched.append((answer.url, len(answer.body()))))

    page.goto(address, wait_until="networkidle")

    assert len(fetched) <= 5
    assert sum(size for _url, size in fetched) <= 60_000
    assert [url for url, _size in fetched if not url.startswith((live_server.url, "data:"))] == []
