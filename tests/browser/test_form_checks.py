"""The client's form in a real browser, by its twenty checks; the number of each stands in the name of its test.

 1 no fault of accessibility          8 no GET stops or lodges; no POST without   15 progress: text, bar and step agree
 2 the staff's pages: see               the page's token, nor of any page: see    16 the language is switched whole
   `test_workspace`, `test_narrow`      `authorisation.test_tokens`               17 dead ends are friendly
                                     9 without JavaScript
 3 no sideways scroll                 10 by keyboard alone                        18 titles and headers tell nothing
 4 nor in large type or at 200 %      11 an empty page sent                       19 light, and no other host
 5 targets are big enough             12 back shows what was answered             20 the confirmation
 6 type is big enough                 13 resumed where left
 7 following a link writes nothing    14 one response, whatever is pressed twice

1, 3, 5, 6, 15, 16 and 18 are looked at on every page of one walk: `test_checks_of_every_page`.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Answer, Conversation, Response
from tests.browser.form import (
    Walk,
    answer,
    begin,
    dead_ends,
    finish,
    in_english,
    pages_of_the_form,
    press_next,
    url,
)
from tests.browser.looking import sideways
from tests.surveys.faces.rows import CENTRE_NAME, CLIENT_NAME, OFFICE_PHONE, SATISFIED, asked, everything, go_through
from tests.surveys.faces.rows import begin as started

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTS = ("WhatsApp/2", "Twitterbot/1.0", "GoogleImageProxy", "MicroMessenger", "facebookexternalhit/1.1")
SCALE = ("非常满意", "基本满意", "不记得了")


@pytest.fixture
def conversation_and_key() -> tuple[Conversation, str]:
    now = timezone.now()
    return asked(invited_at=now, closes_at=now + timedelta(days=21), late_until=now + timedelta(days=60))


@pytest.fixture
def conversation(conversation_and_key: tuple[Conversation, str]) -> Conversation:
    return conversation_and_key[0]


@pytest.fixture
def key(conversation_and_key: tuple[Conversation, str]) -> str:
    return conversation_and_key[1]


def answered_elsewhere(key: str, answers: list[tuple[str, str]]) -> None:
    """Without a browser, which takes half a second a page; the whole way in one: see 1, 9 and 10."""
    go_through(started(key), key, answers)


# Faults are of a layout or of a language: each of both is looked at once.
@pytest.mark.parametrize(("width", "language"), [(320, "zh-hans"), (1280, "en")])
def test_checks_of_every_page_1_3_5_6_15_16_17_18(live_server, phone, conversation, key, width, language):
    page, walk = phone.new_page(), Walk(language)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url(live_server, "form", key))
    if language == "en":
        in_english(page)
    page.on("response", walk.headers_of)

    for kind in pages_of_the_form(page, live_server, key, passing=walk.pass_by):
        walk.look_at(page, kind)
    statuses = {}
    for kind, response in dead_ends(page, live_server, conversation, key):
        statuses[kind] = response.status
        walk.look_at(page, kind)
        walk.look_at_dead_end(page, kind, secrets=[conversation.case.number, conversation.case.lawyer.name])

    assert walk.found == {}
    assert len(walk.progress) == 14  # twelve questions, the first of them seen twice more
    assert statuses == {
        "used": 200, "stopped": 200, "expired": 410, "unknown": 404, "malformed": 404, "too many tries": 429,
    }  # fmt: skip


def test_check_4_no_page_scrolls_sideways_in_large_type_nor_at_200_percent(live_server, phone, key):
    page = phone.new_page()
    page.goto(url(live_server, "form", key))
    page.get_by_role("button", name="大字").click()
    page.locator("html.large").wait_for()
    found = {}

    for kind in pages_of_the_form(page, live_server, key):
        found[kind] = sideways(page)
        page.evaluate("document.documentElement.style.fontSize = '250%'")  # twice the root of the form, which is 125 %
        found[f"{kind} at 200 %"] = sideways(page)
        page.evaluate("document.documentElement.style.fontSize = ''")

    assert {kind: widths for kind, widths in found.items() if max(widths.values()) > 0} == {}


def test_check_7_following_a_link_by_get_or_head_changes_no_row(live_server, phone, key):
    page, address = phone.new_page(), url(live_server, "form", key)
    before = everything()

    for agent in BOTS:
        phone.request.get(address, headers={"user-agent": agent})
        phone.request.head(address, headers={"user-agent": agent})
    phone.request.get(address, headers={"sec-purpose": "prefetch;prerender"})
    for _visit in range(2):
        page.goto(address)
        page.goto(url(live_server, "form-question", key, "q1"))
        page.goto(url(live_server, "form-done", key))

    assert everything() == before


def test_check_8_no_get_stops_anything_and_no_post_goes_without_the_page_s_token(live_server, phone, key):
    page = phone.new_page()
    before = everything()

    looked = page.goto(url(live_server, "form-stop", key))
    refused = [phone.request.post(url(live_server, name, key)) for name in ("form-stop", "form")]
    unchanged = everything() == before
    page.goto(url(live_server, "form", key))
    page.locator("summary").click()
    page.get_by_role("button", name="请不要再联系我").click()

    assert looked is not None
    assert (looked.status, [answer.status for answer in refused], unchanged) == (405, [403, 403], True)
    expect(page.locator("h1")).to_have_text("我们不会再联系您")


def test_check_9_the_whole_form_without_javascript(live_server, chromium, key):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    page = context.new_page()

    begin(page, live_server, key)
    finish(page)

    assert page.locator("h1").inner_text() == "已收到，谢谢"
    assert [response.answers.count() for response in Response.objects.all()] == [8]
    context.close()


def focus_is_seen(page: Page) -> bool:
    """It has an outline, and nothing lies over it."""
    seen: bool = page.evaluate(
        """() => { const at = document.activeElement, box = at.getBoundingClientRect();
                   const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                   return at !== document.body && parseFloat(getComputedStyle(at).outlineWidth) > 0
                     && (at.contains(top) || top.contains(at)); }"""
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


def test_check_10_the_whole_form_by_keyboard(live_server, phone, key):
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


def test_check_11_an_empty_page_sent_moves_the_focus_to_the_error_and_its_link_to_the_first_answer(
    live_server, phone, key
):
    page = phone.new_page()
    begin(page, live_server, key)

    with page.expect_response("**/q/q1") as sent:
        press_next(page)
    page.locator("[data-errors]").wait_for()
    summary_focused = page.evaluate("document.activeElement.matches('[data-errors]')")
    page.locator("[data-errors] a").click()

    assert (sent.value.status, summary_focused) == (422, True)
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "choice-1"


def test_check_12_back_and_the_browser_s_own_back_show_the_stored_answer(live_server, phone, key):
    page = phone.new_page()
    chosen = page.locator('input[name="value"]:checked')
    begin(page, live_server, key)
    answer(page, "q1", "4")
    page.wait_for_url("**/q/q2")

    page.get_by_role("link", name="上一题").click()
    page.wait_for_url("**/q/q1")
    expect(chosen).to_have_value("4")
    page.go_back()
    page.go_back()

    assert page.url.endswith("/q/q1")
    expect(chosen).to_have_value("4")


def test_check_13_what_was_left_at_the_fifth_question_goes_on_there_on_another_phone(live_server, chromium, phone, key):
    page = phone.new_page()
    answered_elsewhere(key, SATISFIED[:3])
    begin(page, live_server, key, first="q4")
    answer(page, *SATISFIED[3])
    page.wait_for_url("**/q/q5")
    page.close()
    another = chromium.new_context(viewport={"width": 375, "height": 667})

    begin(another.new_page(), live_server, key, first="q5")

    another.close()


def test_check_14_a_double_tap_and_a_page_sent_again_leave_one_response_and_its_confirmation(live_server, phone, key):
    page = phone.new_page()
    answered_elsewhere(key, SATISFIED[:-1])
    begin(page, live_server, key, first="q11")
    # As a browser sends a page again that it had kept.
    token = page.locator("#answer [name=csrfmiddlewaretoken]").get_attribute("value")
    address = page.url

    page.locator("form button.button").dblclick()
    page.wait_for_url("**/done")
    receipt = Response.objects.get().receipt
    again = phone.request.post(address, form={"csrfmiddlewaretoken": token or "", "text": "again"})

    assert (again.url, receipt in again.text()) == (page.url, True)
    assert Response.objects.get().receipt == receipt
    assert {kept.text for kept in Answer.objects.all()} == {""}


def test_check_16_switching_the_language_keeps_the_page_and_what_is_chosen(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    answer(page, "q1", "4")
    page.wait_for_url("**/q/q2")
    page.locator('input[value="sometimes"]').check()

    in_english(page)
    expect(page.locator('input[name="value"]:checked')).to_have_value("sometimes")
    page.get_by_role("link", name="Previous question").click()
    page.wait_for_url("**/q/q1")
    expect(page.locator('input[name="value"]:checked')).to_have_value("4")
    page.get_by_role("button", name="中文").click()

    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert page.url.endswith("/q/q1")


def test_check_18_before_start_nothing_tells_whose_service_this_is(live_server, phone, conversation, key):
    page = phone.new_page()
    page.goto(url(live_server, "form", key))
    told = [CENTRE_NAME, CLIENT_NAME, "法律", "援助", "律师", "12348", conversation.case.number]

    before = [word for word in told if word in page.content()]
    press_next(page)
    page.wait_for_url("**/q/q1")

    assert before == []
    assert CENTRE_NAME in page.locator("header").inner_text()


def test_check_19_a_question_page_is_light_and_asks_no_other_host(live_server, phone, key):
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


def test_check_20_the_confirmation_is_safe_to_reload_and_shows_what_to_quote_and_no_answer(live_server, phone, key):
    page = phone.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    answered_elsewhere(key, SATISFIED[:-1])
    begin(page, live_server, key, first="q11")
    answer(page, *SATISFIED[-1])
    page.wait_for_url("**/done")
    before = everything()

    page.reload()

    seen = page.locator("body").inner_text()
    assert (everything() == before, told) == (True, [])
    assert Response.objects.get().receipt in seen
    assert page.locator(f'a[href="tel:{OFFICE_PHONE}"]').count() == 1
    assert [word for word in SCALE if word in page.content()] == []
