"""Whom no text reaches, from the closed case to what is weighed: by telephone, and by a sheet of paper."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case, EvidenceChange
from surveys import queries, services
from surveys.enums import Channel, Mode
from surveys.models import Alert, Conversation
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.surveys.faces.test_telephone import UNHAPPY, address, record, signed_in
from tests.surveys.factories import invited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "fonts")]


@pytest.fixture
def today() -> Any:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def clerk_of(conversation: Conversation) -> Browser:
    return signed_in(Role.FOLLOW_UP, at=conversation.case.centre)


def recorded(browser: Browser, conversation: Conversation) -> str:
    """回访记录表, as it is read back."""
    return text_of(browser.post(address("print-record", conversation)).content)


def weighed(case: Case) -> list[tuple[Any, ...]]:
    return [(item.q1, item.q2, item.mode) for item in queries.client_answers([case.pk])]


def test_a_telephone_interview_goes_from_the_closed_case_to_the_evidence() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "not_consented"})
    browser = clerk_of(conversation)
    EvidenceChange.objects.all().delete()

    listed = browser.get(reverse("surveys:telephone-list"), {"when": "now"}).content.decode()
    browser.post(address("interview-take", conversation))
    number = browser.post(address("interview-number", conversation)).content.decode()
    record(browser, conversation, "no_answer")
    browser.post(address("interview-take", conversation))
    done = record(browser, conversation, "reached", UNHAPPY, note="说本地话")

    assert (conversation.case.number in listed, conversation.recipient.phone in number) == (True, True)
    assert done.url == reverse("surveys:telephone-list")
    assert weighed(conversation.case) == [(1, "never", Mode.TELEPHONE)]
    assert EvidenceChange.objects.filter(case=conversation.case).exists()
    assert Alert.objects.get().kind == "recovery"
    sheet = recorded(browser, conversation)
    assert ("回访记录表" in sheet, "无人接听" in sheet, "非常不满意" in sheet) == (True, True, True)
    assert services.full_answer(Conversation.objects.get()) is not None


def test_a_paper_form_goes_from_the_closed_case_to_the_evidence() -> None:
    conversation = invited(
        plan={"sms_allowed": False, "reason": "not_consented", "phone_allowed": False, "visit_allowed": False}
    )
    browser = clerk_of(conversation)
    EvidenceChange.objects.all().delete()

    stands_on = conversation.channel
    form = text_of(browser.post(address("print-form", conversation)).content)
    code = re.findall(r"[A-Z2-9]{8}", form)[0]
    browser.post(reverse("surveys:errand-record", args=[conversation.public_id]), {"outcome": "sent"})
    found = browser.post(reverse("surveys:telephone-find"), {"given": code.lower()})
    browser.post(address("interview-take", conversation), {"mode": "paper"})
    record(browser, conversation, "reached", {"q1": "4", "q2": "always"}, mode="paper", identity="")

    assert stands_on == Channel.PAPER
    assert found.url == address("interview", conversation) + "?mode=paper"
    assert weighed(conversation.case) == [(4, "always", Mode.PAPER)]
    assert EvidenceChange.objects.filter(case=conversation.case).exists()
    assert "回访记录表" in recorded(browser, conversation)
