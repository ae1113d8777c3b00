import pytest
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from surveys import services
from surveys.models import Conversation, Response
from tests import factories
from tests.surveys.factories import case_to_ask, invited, questionnaires

pytestmark = pytest.mark.django_db

ANSWERS = {"q1": "2", "q2": "always", "q3": "yes", "q4": "always", "q5": "yes", "q6": "no", "q7": "no"}
ANSWERS |= {"q8": "service", "q9": "delay", "q10": "yes"}


def signed_in(role: Role, conversation: Conversation) -> APIClient:
    client = APIClient()
    client.force_authenticate(factories.user(role, at=conversation.case.centre))
    return client


def address(conversation: Conversation, rest: str = "") -> str:
    return f"/api/v1/surveys/conversations/{conversation.public_id}{rest}"


def interview(**changes: str) -> dict[str, object]:
    answers = [{"question": code, "value": value} for code, value in (ANSWERS | changes).items()]
    return {"answerer": "client", "mode": "telephone", "answers": answers}


def test_an_interview_is_keyed_in_once() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)

    first = client.post(address(conversation, "/interview"), interview())
    second = client.post(address(conversation, "/interview"), interview())

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "already_answered"
    assert Response.objects.get().answers.count() == 10


def test_an_interview_without_an_answer_names_the_question() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    refused = signed_in(Role.FOLLOW_UP, conversation).post(address(conversation, "/interview"), interview(q3=""))

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "q3")
    assert Response.objects.count() == 0


def test_a_call_that_reached_nobody_is_counted() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    answer = signed_in(Role.FOLLOW_UP, conversation).post(address(conversation, "/calls"), {"outcome": "no_answer"})

    conversation.refresh_from_db()
    assert (answer.status_code, conversation.call_attempts) == (201, 1)


def test_another_centre_sees_nothing() -> None:
    conversation = invited()
    client = APIClient()
    client.force_authenticate(factories.user(Role.MANAGER, at=factories.centre()))

    assert client.get(address(conversation)).status_code == 404
    assert client.get("/api/v1/surveys/conversations").json()["results"] == []
    assert client.post(address(conversation, "/calls"), {"outcome": "no_answer"}).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OPERATOR, Role.OBSERVER])
def test_other_roles_are_refused(role: Role) -> None:
    conversation = invited()

    assert signed_in(role, conversation).get("/api/v1/surveys/conversations").status_code == 403


def test_a_lawyer_is_refused_even_for_the_own_case() -> None:
    conversation = invited()
    client = APIClient()
    client.force_authenticate(factories.user(Role.LAWYER, of=conversation.case.lawyer))

    assert client.get(address(conversation)).status_code == 403


def test_the_funnel_counts_each_step() -> None:
    conversation = invited()
    services.deliver_next(now=factories.NOW)

    funnel = signed_in(Role.MANAGER, conversation).get("/api/v1/surveys/funnel").json()

    assert funnel == {
        "eligible": 1, "texted": 1, "delivered": 0, "opened": 0, "answered": 0, "stopped": 0, "by_staff": 0,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/surveys/conversations", "/api/v1/surveys/telephone-list"])
def test_a_list_of_many_costs_what_a_list_of_one_does(path: str, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    questionnaires()
    for _number in range(5):
        case_to_ask(at=conversation.case.centre, plan={"sms_allowed": False, "reason": "minor"})
    services.invite_due(now=factories.NOW)
    with CaptureQueriesContext(connection) as many:
        listed = client.get(path).json()["results"]

    assert (len(listed), len(many)) == (6, len(one))
