"""The client's form in a real browser: on small phones, by keyboard, without JavaScript, in both languages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from surveys.models import Answer, Response
from tests.browser.looking import sideways, violations
from tests.surveys.faces.rows import OFFICE_PHONE, SATISFIED, asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    cache.clear()
    context = chromium.new_context(viewport={"width": 320, "height": 568}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def key() -> str:
    now = timezone.now()
    return asked(invited_at=now, closes_at=now + timedelta(days=21), late_until=now + timedelta(days=60))[1]


def url(live_server, name: str, *args: str) -> str:
    return f"{live_server.url}{reverse(f'surveys:{name}', args=args)}"


def press_next(page: Page) -> None:
    page.locator("form button.button").first.click()


def begin(page: Page, live_server, key: str) -> None:
    page.goto(url(live_server, "form", key))
    press_next(page)
    page.wait_for_url("**/q/q1")


def answer(page: Page, code: str, value: str) -> None:
    page.wait_for_url(f"**/q/{code}")
    if value:
        page.locator(f'input[name="value"][value="{value}"]').check()
    press_next(page)


def finish(page: Page) -> None:
    for code, value in SATISFIED:
        answer(page, code, value)
    page.wait_for_url("**/done")


def pages_of_the_form(page: Page, live_server, key: str) -> Iterator[str]:
    """Walk through every kind of page, stopping at each."""
    page.goto(url(live_server, "form", key))
    yield "start"
    page.locator("summary").click()
    yield "not me"
    begin(page, live_server, key)
    yield "question"
    press_next(page)
    page.locator("[data-errors]").wait_for()
    yield "error"
    answer(page, "q1", "1")
    for code, value in [*SATISFIED[1:7], ("q8", "service"), ("q9", "other")]:
        answer(page, code, value)
    page.wait_for_url("**/q/q10")
    yield "call back"
    answer(page, "q10", "yes")
    page.wait_for_url("**/q/q11")
    yield "text"
    press_next(page)
    page.wait_for_url("**/done")
    yield "done"
    page.goto(url(live_server, "form-code"))
    yield "code"
    press_next(page)
    page.locator("[data-errors]").wait_for()
    yield "wrong code"
    page.goto(url(live_server, "form", "x" * 12))
    yield "unknown"


# Faults are of a layout or of a language: each of both is looked at once.
@pytest.mark.parametrize(("width", "language"), [(320, "zh-hans"), (1280, "en")])
def test_every_page_is_accessible_and_none_scrolls_sideways(live_server, phone, key, width, language):
    page = phone.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url(live_server, "form", key))
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.locator('html[lang="en"]').wait_for()

    found = {kind: (violations(page), sideways(page)) for kind in pages_of_the_form(page, live_server, key)}

    assert {kind: faults for kind, (faults, _widths) in found.items() if faults} == {}
    assert {kind: widths for kind, (_faults, widths) in found.items() if max(widths.values()) > 0} == {}


def test_no_page_scrolls_sideways_in_large_type(live_server, phone, key):
    page = phone.new_page()
    page.goto(url(live_server, "form", key))
    page.get_by_role("button", name="大字").click()
    page.locator("html.large").wait_for()

    found = {kind: sideways(page) for kind in pages_of_the_form(page, live_server, key)}

    assert {kind: widths for kind, widths in found.items() if max(widths.values()) > 0} == {}


def test_twice_the_type_still_fits_the_smallest_phone(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)

    page.evaluate("document.documentElement.style.fontSize = '250%'")

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_cards_and_type_are_big_enough_for_old_eyes(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)

    cards = page.eval_on_selector_all(".card, .button", "all => all.map(e => e.getBoundingClientRect().height)")
    targets = page.eval_on_selector_all(
        ".tool:not([hidden]), .help a", "all => all.map(e => e.getBoundingClientRect().height)"
    )
    sizes = page.eval_on_selector_all(
        "h1, .hint, .card span, .button, .progress-text, .help",
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))",
    )
    tools = page.eval_on_selector_all(".tool", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")

    assert (min(cards) >= 60, min(targets) >= 44, min(sizes) >= 18, min(tools) >= 16) == (True, True, True, True)


def test_the_whole_form_without_javascript(live_server, chromium, key):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    page = context.new_page()

    begin(page, live_server, key)
    finish(page)

    assert page.locator("h1").inner_text() == "已收到，谢谢"
    assert [response.answers.count() for response in Response.objects.all()] == [8]
    context.close()


def focus_is_seen(page: Page) -> bool:
    seen: bool = page.evaluate(
        """() => { const style = getComputedStyle(document.activeElement);
                   return document.activeElement !== document.body && parseFloat(style.outlineWidth) > 0; }"""
    )
    return seen


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; at each stop it must be seen."""
    for _step in range(20):
        page.keyboard.press("Tab")
        assert focus_is_seen(page)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_the_whole_form_by_keyboard(live_server, phone, key):
    page = phone.new_page()
    page.goto(url(live_server, "form", key))
    tab_to(page, "form button.button")
    page.keyboard.press("Enter")

    for code, value in SATISFIED:
        page.wait_for_url(f"**/q/{code}")
        if value:
            tab_to(page, 'input[name="value"]')
            page.keyboard.press("Space")
            while page.locator('input[name="value"]:checked').get_attribute("value") != value:
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")  # the form's first button is Next, not a tool in the head of the page
        else:
            tab_to(page, "form button.button")
            page.keyboard.press("Enter")

    page.wait_for_url("**/done")
    kept = {answer.question.code: answer.choice.value for answer in Answer.objects.exclude(choice=None)}
    assert kept == {code: value for code, value in SATISFIED if value}


def test_an_empty_submit_moves_the_focus_to_the_error_and_its_link_to_the_first_answer(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)

    press_next(page)
    page.locator("[data-errors]").wait_for()
    summary_focused = page.evaluate("document.activeElement.matches('[data-errors]')")
    page.locator("[data-errors] a").click()

    assert summary_focused
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "choice-1"


def test_the_browser_s_own_back_shows_the_stored_answer(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    answer(page, "q1", "4")
    page.wait_for_url("**/q/q2")

    page.go_back()

    assert page.locator('input[name="value"]:checked').get_attribute("value") == "4"


def test_a_double_tap_sends_one_response(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    for code, value in SATISFIED[:-1]:
        answer(page, code, value)
    page.wait_for_url("**/q/q11")

    page.locator("form button.button").dblclick()
    page.wait_for_url("**/done")

    assert Response.objects.count() == 1
    page.reload()
    assert Response.objects.get().receipt in page.content()
    assert OFFICE_PHONE in page.content()


def test_a_question_page_is_light_and_asks_no_other_host(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.goto(url(live_server, "form-question", key, "q2"))
    page.wait_for_load_state("networkidle")

    # The whole page as a first visit costs it, although a browser keeps style and script.
    files = sum(
        len(phone.request.get(address).body())
        for address in page.eval_on_selector_all(
            "link[rel=stylesheet], script[src]", "all => all.map(e => e.href || e.src)"
        )
    )
    assert files + len(page.content().encode()) < 60_000
    assert len([address for address in requests if not address.startswith("data:")]) <= 5
    assert {address for address in requests if not address.startswith((live_server.url, "data:"))} == set()


def test_nothing_breaks_the_policy_of_the_page(live_server, phone, key):
    page = phone.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))

    begin(page, live_server, key)
    finish(page)

    assert told == []


def test_switching_to_english_leaves_no_chinese_behind(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    page.get_by_role("button", name="English").click()
    page.locator('html[lang="en"]').wait_for()

    seen = page.locator("main").inner_text()

    assert [sign for sign in seen if "一" <= sign <= "鿿"] == []
    assert page.get_by_role("button", name="中文").count() == 1
