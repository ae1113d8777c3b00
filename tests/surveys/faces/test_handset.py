"""The demo's telephones."""

import re

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.encryption import blind_index
from surveys.enums import ConversationState, Direction, MessageKind, MessageState
from surveys.models import Message
from tests import factories
from tests.surveys.faces.rows import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.SMS_GATEWAY = "handset"
    with time_machine.travel(factories.NOW, tick=False):
        yield


def texted(body: str = "请评价服务 https://qa.example.org/s/abc 拒收回复T") -> Message:
    conversation, _key = asked()
    phone = conversation.recipient.phone
    return Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        kind=MessageKind.INVITATION,
        gateway="handset",
        phone=phone,
        phone_index=blind_index(phone),
        body=body,
        state=MessageState.DELIVERED,
        not_before=factories.NOW,
        created_at=factories.NOW,
    )


def key_of(message: Message) -> str:
    return message.phone_index[:16]


@pytest.mark.usefixtures("demo")
def test_a_phone_shows_its_texts_with_links_to_press():
    message = texted()

    seen = Browser().get(reverse("surveys:handset-phone", args=[key_of(message)])).content.decode()

    assert '<a href="https://qa.example.org/s/abc" rel="nofollow">' in seen
    assert message.phone in seen


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.FOLLOW_UP, 200), (Role.MANAGER, 200), (Role.OPERATOR, 200), (Role.SUPERVISOR, 403), (Role.REVIEWER, 403),
        (Role.OBSERVER, 403), (Role.LAWYER, 403), (Role.FIRM, 403),
    ],
)  # fmt: skip
def test_no_lawyer_and_no_reader_of_files_holds_a_clients_phone(role, status):
    page, centre = reverse("surveys:handset-phone", args=[key_of(texted())]), factories.centre()
    firm = factories.firm(centre)
    of, heads = factories.lawyer(firm) if role == Role.LAWYER else None, firm if role == Role.FIRM else None
    person = factories.user(role, at=centre, of=of, heads=heads)
    browser = Browser()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answered = browser.post(f"{page}reply", {"body": "5"})

    assert browser.get(page).status_code == status
    assert answered.status_code == (302 if status == 200 else 403)
    assert (reverse("surveys:handset") in browser.get(reverse("home")).content.decode()) is (status == 200)


@pytest.mark.usefixtures("demo")
def test_who_is_not_signed_in_is_a_client_and_finds_the_phones():
    assert reverse("surveys:handset") in Browser().get(reverse("accounts:sign-in")).content.decode()


@pytest.mark.usefixtures("demo")
def test_what_a_text_says_is_never_markup():
    message = texted(body="<script>alert(1)</script>")

    seen = Browser().get(reverse("surveys:handset-phone", args=[key_of(message)])).content.decode()

    assert "<script>alert" not in seen
    assert "&lt;script&gt;" in seen


@pytest.mark.usefixtures("demo")
def test_an_answer_from_the_page_is_heard_like_any_text():
    message = texted()
    browser = Browser()
    before = browser.get(reverse("surveys:handset")).content.decode()

    response = browser.post(reverse("surveys:handset-reply", args=[key_of(message)]), {"body": "退订"})

    assert response.url == reverse("surveys:handset-phone", args=[key_of(message)])
    after = browser.get(reverse("surveys:handset")).content.decode()
    # Also where the last word was the service's.
    assert ["未回复" in page for page in (before, after)] == [True, False]
    message.conversation.refresh_from_db()
    assert message.conversation.state == ConversationState.STOPPED
    bubbles = re.findall(r'class="bubble (in|out)"', browser.get(response.url).content.decode())
    assert bubbles[:2] == ["out", "in"]


@pytest.mark.usefixtures("demo")
def test_with_no_text_yet_the_page_says_when_the_first_comes():
    seen = Browser().get(reverse("surveys:handset")).content.decode()

    assert "还没有发出短信" in seen


def test_outside_the_demo_there_is_no_such_page():
    browser = Browser()

    statuses = [
        browser.get(reverse("surveys:handset")).status_code,
        browser.get(reverse("surveys:handset-phone", args=["0" * 16])).status_code,
        browser.post(reverse("surveys:handset-reply", args=["0" * 16]), {"body": "5"}).status_code,
    ]

    assert statuses == [404, 404, 404]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("phones", [1, 3])
def test_the_list_costs_the_same_for_one_phone_and_for_several(django_assert_num_queries, phones):
    for _number in range(phones):
        texted()

    with django_assert_num_queries(1):
        Browser().get(reverse("surveys:handset"))
