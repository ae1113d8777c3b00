"""The menu in the head of every page: where much lies open to somebody, each place is found under its room."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from qa_service.accounts.enums import Role
from tests import factories
from tests.browser.looking import violations
from tests.browser.test_workspace import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOMS = "header details[name=site-room]"
TOPS = "all => all.map(each => Math.round(each.getBoundingClientRect().top))"


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def page(request: pytest.FixtureRequest, chromium: Browser, live_server, settings) -> Iterator[Page]:
    settings.DEMO = True
    manager = factories.user(Role.MANAGER, Role.OPERATOR, at=factories.centre())
    context = signed_in(chromium, live_server, manager, java_script_enabled=request.param, base_url=live_server.url)
    page = context.new_page()
    page.goto(reverse("scoring:notices"))
    yield page
    context.close()


@pytest.mark.parametrize("page", [True], indirect=True)
def test_the_rooms_stand_in_one_line_and_one_at_a_time_opens_within_the_window(page):
    for width in (1280, 900, 768):
        page.set_viewport_size({"width": width, "height": 800})
        rooms = page.locator(f"{ROOMS} > summary")

        assert len(set(rooms.evaluate_all(TOPS))) == 1, width
        for room in rooms.all():
            room.click()
            listed = page.locator(f"{ROOMS}[open] a")
            boxes = [door.bounding_box() for door in listed.all()]
            assert page.locator(f"{ROOMS}[open]").count() == 1
            assert [box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes if box] == [True] * len(boxes)
    assert violations(page) == []
    page.mouse.click(400, 700)
    assert page.locator(f"{ROOMS}[open]").count() == 0


def test_a_place_is_reached_by_the_keyboard_and_says_that_one_is_there(page):
    expect(page.locator(f"{ROOMS} > summary[aria-current=true]")).to_have_text("文书")
    page.locator(f"{ROOMS} > summary", has_text="结果").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(f"{ROOMS}[open] a").first).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/scoring/glance")
    assert page.locator("header a[aria-current=page]").first.get_attribute("href") == reverse("scoring:glance")
    expect(page.locator(f"{ROOMS} > summary[aria-current=true]")).to_have_text("结果")


@pytest.mark.parametrize("page", [True], indirect=True)
def test_an_open_room_shuts_by_escape_and_when_the_keyboard_goes_on(page):
    room = page.locator(f"{ROOMS} > summary").first
    room.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(room).to_be_focused()
    assert page.locator(f"{ROOMS}[open]").count() == 0

    room.press("Enter")
    page.locator("main a, main button").first.focus()
    assert page.locator(f"{ROOMS}[open]").count() == 0


def test_on_a_telephone_every_place_stands_under_its_room(page):
    page.set_viewport_size({"width": 320, "height": 568})
    doors = page.locator("header nav a:visible")
    assert doors.count() == 0

    page.locator("header summary").first.press("Enter")

    boxes = [door.bounding_box() for door in doors.all()]
    assert len(boxes) > 24
    assert [box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes if box] == [True] * len(boxes)
    expect(page.get_by_role("list", name="文书").get_by_role("link")).to_have_text(["通报与通知书", "报告"])
