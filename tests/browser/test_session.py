"""Sessions end while somebody types: a bar says so beforehand, and what was typed is sent after signing in again."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from reviews.models import Objection
from tests import factories
from tests.browser.looking import sideways, violations
from tests.browser.test_workspace import left_alone_for_an_hour, signed_in
from tests.reviews.factories import GOOD, account_of, released

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "第三项扣分与卷内第 12 页不符：会见笔录齐全。\n请复核。"


@pytest.fixture
def result():
    return released(factories.case(factories.centre()), **GOOD)


@pytest.fixture
def context(chromium: Browser, live_server, result):
    made = signed_in(chromium, live_server, account_of(result.case.lawyer))
    yield made
    made.close()


@pytest.mark.parametrize("ended", ["unused", "cookie gone"])
def test_an_objection_typed_while_the_session_ended_is_lodged(context, live_server, result, ended):
    page = context.new_page()
    page.goto(live_server.url + reverse("reviews:result", args=[result.public_id]))
    page.locator("[name=items]").first.check()
    page.fill("#statement", WORDS)
    if ended == "unused":
        left_alone_for_an_hour(context)
    else:
        context.clear_cookies(name="sessionid")

    page.click("#objection button")
    found = {"door": violations(page)}
    shown(page, f"door-{ended[:6]}")
    narrow = {"door": sideways(page)}
    page.fill("[name=username]", account_of(result.case.lawyer).username)
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button")
    found["send"] = violations(page)
    shown(page, f"send-{ended[:6]}")
    narrow["send"] = sideways(page)
    before = Objection.objects.count()
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url("**" + reverse("reviews:result", args=[result.public_id]))

    assert {kind: faults for kind, faults in found.items() if faults} == {}
    assert {kind for kind, widths in narrow.items() if max(widths.values()) > 0} == set()
    assert before == 0
    assert Objection.objects.get().statement.replace("\r\n", "\n") == WORDS


def test_a_bar_says_before_it_ends_that_it_will_and_one_press_keeps_it(context, live_server):
    page, other = context.new_page(), context.new_page()
    bar = page.locator("#session-ending")
    for each in (page, other):
        each.clock.install()
        each.goto(live_server.url + reverse("accounts:preferences"))

    page.clock.fast_forward("23:00")
    expect(bar).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(bar).to_contain_text("即将自动退出登录")
    assert violations(page) == []
    shown(page, "bar")
    page.get_by_role("button", name="保持登录").click()
    expect(bar).to_be_hidden()

    page.clock.fast_forward("24:30")
    expect(bar).to_be_visible()
    other.reload()  # use in another window counts
    expect(bar).to_be_hidden()

    page.clock.fast_forward("24:30")
    page.fill("[name=email]", "a@example.org")  # so does typing
    expect(bar).to_be_hidden()

    left_alone_for_an_hour(context)
    page.clock.fast_forward("29:30")
    expect(bar).to_contain_text("您已自动退出登录")
    assert page.locator("[name=email]").input_value() == "a@example.org"


def shown(page, name: str) -> None:
    """A picture for whoever wants to look, where SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")
