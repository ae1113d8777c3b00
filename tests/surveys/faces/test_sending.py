"""The page and the endpoint that say how sending stands."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from surveys import services
from surveys.models import Conversation, SendingWarning
from surveys.sms.base import SmsError, Verdict
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import case_to_ask, questionnaires

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def above_the_limit(gateway: Memory) -> Any:
    """A centre that has sent its two texts of the day; two more wait."""
    questionnaires()
    centre = factories.centre(
        settings={"sms_enabled": True, "first_contact_delay_days": 0, "texts_a_day": 2, "texts_a_month": 9}
    )
    for number in range(4):
        case_to_ask(at=centre, client=factories.client(centre, phone=f"+8525000000{number}"))
    services.invite_due(now=NOW)
    services.deliver(most=8, now=NOW)
    return centre


def page(user: Any, language: str = "en") -> str:
    browser = Client(headers={"Accept-Language": language})
    browser.force_login(user)
    answer = browser.get("/surveys/sending/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_says_what_waits_and_until_when(gateway: Memory) -> None:
    centre = above_the_limit(gateway)
    services.watch_sending(now=NOW)
    shown = page(factories.user(Role.FOLLOW_UP, at=centre))

    assert "2 of 2" in shown
    assert "2 of 9" in shown
    assert "The day's limit is reached" in shown.replace("&#x27;", "'")
    assert "2026-11-21 00:00" in shown
    assert "A limit of texts is reached: 2" in shown


def test_the_page_speaks_chinese(gateway: Memory) -> None:
    shown = page(factories.user(Role.MANAGER, at=above_the_limit(gateway)), "zh-hans")

    assert "已达每日上限" in shown
    assert "2／2" in shown


def test_an_operator_sees_that_the_provider_refuses_us(gateway: Memory) -> None:
    gateway.faults = [SmsError(Verdict.HALT, "20003")]
    centre = above_the_limit(gateway)
    services.watch_sending(now=NOW)

    shown = page(factories.user(Role.OPERATOR, at=centre))

    assert "The text service refuses us, so every text waits." in shown
    assert "2026-11-20 10:10" in shown
    assert "Text service · The text service refuses us" in shown


def test_another_centre_s_sending_is_nobody_s_business(gateway: Memory) -> None:
    centre = above_the_limit(gateway)
    services.watch_sending(now=NOW)

    shown = page(factories.user(Role.MANAGER, at=factories.centre()))

    assert centre.name not in shown
    assert "There was none." in shown


def test_the_endpoint_says_the_same(gateway: Memory) -> None:
    centre = above_the_limit(gateway)
    services.watch_sending(now=NOW)
    program = APIClient()
    program.force_authenticate(factories.user(Role.MANAGER, at=centre))

    stands = program.get("/api/v1/surveys/sending").json()["results"]
    warned = program.get("/api/v1/surveys/sending/warnings").json()["results"]

    assert stands == [
        {
            "centre": centre.code, "today": 2, "texts_a_day": 2, "month": 2, "texts_a_month": 9,
            "text_countries": "86, 852, 853, 886",
            "held": [{"code": "limit_day", "why": "已达每日上限", "number": 2, "until": "2026-11-21T00:00:00+08:00"}],
        }
    ]  # fmt: skip
    assert [(row["kind"], row["centre"], row["number"]) for row in warned] == [("limit", centre.code, 2)]
    assert SendingWarning.objects.count() == 1


def test_a_page_of_many_centres_costs_what_one_does(gateway: Memory, django_assert_num_queries: Any) -> None:
    bureau = factories.organisation("bureau")
    supervisor = factories.user(Role.SUPERVISOR, at=bureau)
    questionnaires()

    def another() -> None:
        centre = factories.centre(bureau, settings={"sms_enabled": True, "first_contact_delay_days": 0})
        case_to_ask(at=centre)
        services.invite_due(now=NOW)
        services.deliver(most=1, now=NOW)

    another()
    browser = Client()
    browser.force_login(supervisor)
    browser.get("/surveys/sending/")
    with django_assert_num_queries(13, exact=False):
        browser.get("/surveys/sending/")
    for _ in range(5):
        another()
    with django_assert_num_queries(13, exact=False):
        browser.get("/surveys/sending/")

    assert Conversation.objects.count() == 6


@pytest.mark.parametrize(("gateway_set", "told"), [("aliyun", True), ("memory", False), ("", False)])
def test_where_the_provider_keeps_its_words_the_operator_reads_it(settings: Any, gateway_set: str, told: bool) -> None:
    centre = factories.centre()
    settings.SMS_GATEWAY = gateway_set

    seen = page(factories.user(Role.OPERATOR, at=centre))

    assert ("keeps the words of what was sent for its own term" in seen) is told
