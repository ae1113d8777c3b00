"""A client who was sent a link, and the way through the form."""

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from qa_service.cases.models import Case
from surveys import services
from surveys.enums import Channel
from surveys.models import Conversation, Questionnaire
from surveys.services.inviting.invitations import offer_link
from tests import factories
from tests.scenes import scene
from tests.surveys.published import published

CENTRE_NAME = "临江县法律援助中心"
OFFICE_PHONE = "0739-5550100"
CLIENT_NAME = "赵金凤"
# The shortest way of a satisfied client: eight questions.
SATISFIED = [
    ("q1", "5"), ("q2", "always"), ("q3", "yes"), ("q4", "always"), ("q5", "yes"), ("q6", "no"), ("q7", "yes"),
    ("q11", ""),
]  # fmt: skip


@scene
def asked(case: Case | None = None, **fields: Any) -> tuple[Conversation, str]:
    """A conversation by link, and the key that stands in it."""
    published(now=factories.NOW)
    if case is None:
        centre = factories.centre(name=CENTRE_NAME, settings={"office_phone": OFFICE_PHONE})
        case = factories.case(centre, client=factories.client(centre, name=CLIENT_NAME))
    defaults = {
        "channel": Channel.SMS_LINK,
        "wave": "closing",
        "questionnaire": Questionnaire.objects.get(key="client-closing"),
        "phone_index": case.client.phone_index,
        "invited_at": factories.NOW,
        "closes_at": datetime(2026, 12, 11, 16, tzinfo=UTC),
        "late_until": datetime(2027, 1, 19, 16, tzinfo=UTC),
        "created_at": factories.NOW,
        "updated_at": factories.NOW,
    }
    conversation = Conversation.objects.create(case=case, recipient=case.client, **(defaults | fields))
    return conversation, offer_link(conversation).rsplit("/", 1)[1]


def page(key: str, code: str) -> str:
    return reverse("surveys:form-question", args=[key, code])


def begin(key: str) -> Browser:
    """A phone on which Start was pressed."""
    browser = Browser()
    browser.post(reverse("surveys:form", args=[key]))
    return browser


def press(browser: Browser, key: str, code: str, value: str, **typed: str) -> Any:
    return browser.post(page(key, code), {"value": value, **typed})


def answer(browser: Browser, key: str, code: str, value: str, **typed: str) -> Any:
    """The same, and what it asks for has been seen to."""
    response = press(browser, key, code, value, **typed)
    services.act_on_forms(now=timezone.now())
    return response


def go_through(browser: Browser, key: str, answers: list[tuple[str, str]]) -> Any:
    """Answer page after page; returns the last response."""
    response = None
    for code, value in answers:
        response = answer(browser, key, code, value)
    return response


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that asking could touch, to compare before and after."""
    models = [
        model
        for label in ("surveys", "cases", "audit", "notifications")
        for model in apps.get_app_config(label).get_models()
    ]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}
