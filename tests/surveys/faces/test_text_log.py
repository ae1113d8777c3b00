"""The log of texts: what became of each, in words, and nothing that tells what a client wrote."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from surveys import services
from surveys.enums import ConversationState, MessageState, Refusal
from surveys.models import Conversation, Message
from surveys.queries.text_log import GROUPS, MEANS
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, case_to_ask, invited, questionnaires, reply

pytestmark = pytest.mark.django_db
LOG, API = "/surveys/sending/texts", "/api/v1/surveys/sending/texts"


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def shown(user: User, query: str = "", language: str = "en") -> str:
    answer = browser(user, language).get(f"{LOG}{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def listed(user: User, query: str = "") -> list[dict[str, Any]]:
    program = APIClient(headers={"Accept-Language": "en"})
    program.force_authenticate(user)
    answer = program.get(f"{API}{query}")
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def follow_up(conversation: Any) -> User:
    return factories.user(Role.FOLLOW_UP, at=conversation.case.centre)


def test_every_state_of_a_text_has_words_and_stands_in_one_group() -> None:
    outbound = set(MessageState) - {MessageState.RECEIVED}

    assert set(MEANS) == outbound
    assert sorted(state for states in GROUPS.values() for state in states) == sorted(outbound)


def test_a_text_of_unknown_outcome_is_explained_and_so_is_a_number_that_does_not_exist(gateway: Memory) -> None:
    conversation = asked()
    Message.objects.update(state=MessageState.UNKNOWN)
    unclear = shown(follow_up(conversation))
    Message.objects.update(state=MessageState.UNDELIVERED, error_code="30005")

    assert "it may have left or not. Its own list is looked at" in unclear
    assert "The number does not exist" in shown(follow_up(conversation))
    assert "号码不存在" in shown(follow_up(conversation), language="zh-hans")


def test_every_reason_not_to_send_has_a_sentence_of_its_own_in_both_languages() -> None:
    conversation = asked()
    for language in ("en", "zh-hans"):
        told = []
        for refusal in Refusal:
            Message.objects.update(state=MessageState.SUPPRESSED, error_code=refusal)
            page = shown(follow_up(conversation), language=language)
            with override(language):
                told.append(str(refusal.label))
            assert told[-1] in page
            assert refusal.value not in page
        assert len(set(told)) == len(Refusal)
        assert all(sentence.isascii() == (language == "en") for sentence in told)


def test_a_text_whose_turn_comes_after_the_answer_is_not_said_to_be_unwanted(gateway: Memory) -> None:
    conversation = invited()
    Conversation.objects.update(state=ConversationState.FINISHED)
    services.deliver(most=1, now=NOW)

    page = shown(follow_up(conversation), language="zh-hans")
    assert "回访在此之前已经结束" in page
    assert "不得联系" not in page


def test_a_code_without_words_stands_as_it_is() -> None:
    conversation = asked()
    Message.objects.update(state=MessageState.FAILED, error_code="isv.OUT_OF_SERVICE")

    assert "Code: isv.OUT_OF_SERVICE" in shown(follow_up(conversation))


def test_neither_words_nor_numbers_nor_what_a_client_wrote_stand_in_it() -> None:
    conversation = asked()
    before = shown(follow_up(conversation)), listed(follow_up(conversation))
    reply(conversation, "律师收了我的红包")

    after = shown(follow_up(conversation)), listed(follow_up(conversation))
    body, phone = Message.objects.values_list("body", "phone")[0]
    assert Message.objects.count() > 1
    assert after[1] == before[1]
    assert [after[0].count(each) for each in (body, phone, phone[-4:], "红包")] == [0] * 4


@pytest.mark.parametrize("hat", ["lawyer", "firm"])
def test_texts_about_a_case_that_the_reader_or_their_firm_handled_are_not_listed(hat: str) -> None:
    conversation = asked()
    case = conversation.case
    reader = factories.user(
        Role.MANAGER,
        Role.LAWYER if hat == "lawyer" else Role.FIRM,
        at=case.centre,
        of=case.lawyer if hat == "lawyer" else None,
        heads=None if hat == "lawyer" else case.firm,
    )

    assert (case.number in shown(reader), listed(reader)) == (False, [])


def test_it_is_narrowed_by_state_and_case() -> None:
    conversation = asked()
    user = follow_up(conversation)
    Message.objects.update(state=MessageState.DELIVERED)

    number = conversation.case.number
    met = [len(listed(user, query)) for query in ("?state=arrived", "?state=unclear", f"?case_number={number}")]
    assert met == [1, 0, 1]
    assert [number in shown(user, query) for query in ("?state=arrived", "?state=nonsense", f"?case={number}")] == [
        True
    ] * 3
    assert "No text fits" in shown(user, "?state=unclear")


@pytest.mark.usefixtures("context_kept")
def test_it_is_turned_over_from_the_newest_to_the_oldest_without_counting() -> None:
    centre = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    user = factories.user(Role.MANAGER, at=centre)
    numbers = [case_to_ask(at=centre).number for _each in range(52)]
    _invite_all()

    first = browser(user).get(LOG)
    older = first.context["older"]
    second = shown(user, f"?older={older}")

    assert [row.case_number in second for row in first.context["rows"]] == [False] * 50
    assert sum(number in second for number in numbers) == 2
    assert ("Older texts" in second, "Older texts" in first.content.decode()) == (False, True)
    assert "the newest first" in shown(user, "?older=nonsense")


def _invite_all() -> None:
    questionnaires()
    services.invite_due(now=NOW)


@pytest.mark.parametrize("address", [LOG, API])
def test_the_list_costs_the_same_for_one_and_for_many(address: str) -> None:
    centre = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    user = factories.user(Role.MANAGER, at=centre)
    costs = []
    for more in (1, 29):
        for _each in range(more):
            case_to_ask(at=centre)
        _invite_all()
        client = browser(user)
        client.get(address)
        with CaptureQueriesContext(connection) as met:
            assert client.get(address).status_code == 200
        costs.append(len(met))

    assert Message.objects.count() == 30
    assert costs[0] == costs[1]


def test_before_anything_was_sent_it_says_so() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    assert "Nobody has been texted yet." in shown(follow_up(conversation))
