"""The pages of asking that staff use, and the demo's telephones, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from surveys import services
from surveys.enums import Answerer, Channel, Mode, StaffReason
from surveys.models import Conversation
from tests import factories
from tests.browser.looking import sideways, violations
from tests.surveys.faces.rows import SATISFIED, asked, begin, go_through
from tests.surveys.faces.test_handset import key_of, texted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def centre():
    return factories.centre()


@pytest.fixture
def to_call(centre) -> Conversation:
    person = factories.client(centre, plan={"sms_allowed": False, "needs_safety_check": True, "note": "说本地话，耳背"})
    return asked(
        factories.case(centre, client=person),
        channel=Channel.TELEPHONE,
        staff_reason=StaffReason.NO_TEXT_ALLOWED,
        urgent=True,
        invited_at=timezone.now(),
        closes_at=timezone.now() + timedelta(days=21),
        late_until=timezone.now() + timedelta(days=60),
    )[0]


@pytest.fixture
def page(chromium: Browser, live_server, centre) -> Iterator[Page]:
    signing = Signing()
    user = factories.user(Role.FOLLOW_UP, Role.MANAGER, at=centre)
    signing.force_login(user)
    context = chromium.new_context(viewport={"width": 320, "height": 800}, locale="zh-CN")
    context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": signing.cookies["sessionid"].value, "url": live_server.url}]
    )
    made = context.new_page()
    made.user = user
    yield made
    context.close()


def unhappy(centre) -> None:
    """A client who told us on the form that it went badly and that money was asked for."""
    now = timezone.now()
    _conversation, key = asked(
        factories.case(centre),
        invited_at=now,
        closes_at=now + timedelta(days=21),
        late_until=now + timedelta(days=60),
    )
    go_through(begin(key), key, [
        ("q1", "1"), *SATISFIED[1:5], ("q6", "yes"), ("q6who", "lawyer"), ("q7", "no"), ("q8", "both"), ("q9", "delay"),
        ("q10", "yes"), ("q11", ""),
    ])  # fmt: skip


def staff_pages(page: Page, live_server, conversation: Conversation) -> Iterator[str]:
    page.goto(live_server.url + reverse("surveys:overview"))
    yield "overview"
    page.goto(live_server.url + reverse("surveys:release-list"))
    yield "release"
    page.goto(live_server.url + reverse("surveys:alerts"))
    yield "alerts"
    page.locator("table a").first.click()
    page.wait_for_load_state()
    yield "alert"
    page.goto(live_server.url + reverse("surveys:telephone-list"))
    yield "telephone list"
    page.goto(live_server.url + reverse("surveys:errand-list"))
    yield "errand list"
    page.goto(live_server.url + reverse("surveys:errand", args=[conversation.public_id]))
    yield "errand"
    page.goto(live_server.url + reverse("surveys:papers"))
    yield "papers"
    page.goto(live_server.url + reverse("surveys:interview", args=[conversation.public_id]))
    yield "not taken"
    services.begin_interview(user=page.user, conversation=conversation, now=timezone.now())
    page.reload()
    yield "interview"
    page.locator("#call button").last.click()
    page.locator("#error-summary").wait_for()
    yield "interview with a fault"
    told_twice(conversation, page.user)
    page.goto(live_server.url + reverse("surveys:interview", args=[conversation.public_id]))
    yield "told twice"
    page.locator("#afterwards-form textarea").fill("她说那个人又来了")
    page.locator("#afterwards-form button").click()
    page.locator("section .alert").wait_for()
    yield "told after the end, with nothing ticked"


def told_twice(conversation: Conversation, user: User) -> None:
    """An interview, and what a colleague kept beside it."""
    said = {code: services.AnswerInput(value=value) for code, value in SATISFIED if value}
    given: dict[str, Any] = {
        "user": user,
        "conversation": conversation,
        "answerer": Answerer.CLIENT,
        "now": timezone.now(),
    }
    services.record_interview(**given, answers=said)
    other = said | {"q1": services.AnswerInput(value="4")}
    services.keep_second_entry(**given, answers=other, mode=Mode.TELEPHONE, note="她后来打来电话说还可以")


# Faults are of a layout or of a language: each of both is looked at once.
@pytest.mark.parametrize(("width", "language"), [(320, "zh-hans"), (1280, "en")])
def test_every_staff_page_is_accessible_and_none_scrolls_sideways(live_server, page, centre, to_call, width, language):
    factories.case(centre, survey_released_at=None)
    unhappy(centre)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + reverse("surveys:overview"))
    page.locator(f'button[name="language"][value="{language}"]').click()
    page.wait_for_load_state()

    found = {kind: (violations(page), sideways(page)) for kind in staff_pages(page, live_server, to_call)}

    assert {kind: faults for kind, (faults, _widths) in found.items() if faults} == {}
    assert {kind: widths for kind, (_faults, widths) in found.items() if max(widths.values()) > 0} == {}


def test_the_interview_is_keyed_in_by_keyboard(live_server, page, to_call):
    services.begin_interview(user=page.user, conversation=to_call, now=timezone.now())
    page.goto(live_server.url + reverse("surveys:interview", args=[to_call.public_id]))

    page.locator("#outcome-1").focus()
    page.keyboard.press("1")
    page.locator("#identity-1").focus()
    page.keyboard.press("1")
    for code, key in [("q1", "1"), ("q2", "1"), ("q3", "1"), ("q4", "2"), ("q5", "1"), ("q6", "1"), ("q7", "1")]:
        page.locator(f'input[name="value-{code}"]').first.focus()
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**" + reverse("surveys:telephone-list"))

    kept = {answer.question.code: answer.choice.value for answer in to_call.response.answers.exclude(choice=None)}
    assert (kept["q1"], kept["q4"], kept["q7"]) == ("5", "sometimes", "yes")


def test_the_list_is_walked_with_j_and_k_and_a_person_taken_with_enter(live_server, page, centre, to_call):
    younger, _key = asked(
        factories.case(centre), channel=Channel.TELEPHONE, invited_at=timezone.now(), closes_at=to_call.closes_at
    )
    page.goto(live_server.url + reverse("surveys:telephone-list"))

    page.locator("#calls tbody button").first.focus()
    for key in ("j", "k", "j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**" + reverse("surveys:interview", args=[younger.public_id]))

    younger.refresh_from_db()
    assert younger.held_by_id == page.user.pk


@pytest.mark.parametrize("width", [320, 1280])
def test_the_demo_s_telephones_are_accessible_and_look_for_texts_by_themselves(live_server, page, settings, width):
    settings.DEMO = True
    settings.SMS_GATEWAY = "handset"
    message = texted()
    page.set_viewport_size({"width": width, "height": 800})
    address = live_server.url + reverse("surveys:handset")
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.goto(address)
    found = violations(page)

    page.clock.install()
    page.goto(address + f"{key_of(message)}/")
    page.locator("#body").fill("我还在写")
    services.reply_from_handset(key=key_of(message), body="再想想", now=timezone.now())
    page.clock.fast_forward(2100)
    page.locator(".bubble.in").wait_for(timeout=8000)

    assert found + violations(page) == []
    assert page.locator("#body").input_value() == "我还在写"
    assert told == []
    assert max(sideways(page).values()) <= 0
