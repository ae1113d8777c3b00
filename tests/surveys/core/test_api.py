from datetime import time, timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import Client
from surveys import services
from surveys.enums import AlertKind, Channel
from surveys.models import Alert, Contact, Conversation, Response, SecondEntry
from surveys.services.answering.answers import RESPONDENT, raise_alert
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
    beside = client.post(address(conversation, "/second-entry"), interview(q1="5"))

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "already_answered"
    assert (beside.status_code, beside.json()["mode"], SecondEntry.objects.count()) == (201, "telephone", 1)
    assert Response.objects.get().answers.count() == 10


def test_a_program_tells_what_else_was_learnt_in_a_call() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)
    number = {"new_phone": "139 0000 0001", "phone_owner": "family"}

    ownerless = client.post(address(conversation, "/calls"), {"outcome": "invalid", "new_phone": "13900000001"})
    client.post(address(conversation, "/hold"))
    call = client.post(address(conversation, "/calls"), {"outcome": "no_answer", "heard": ["danger"], **number})
    told = client.post(address(conversation, "/interview"), interview() | {"identity": "township", "heard": ["money"]})

    assert (ownerless.status_code, call.status_code, told.status_code) == (400, 201, 201)
    assert {alert.kind for alert in Alert.objects.all()} >= {AlertKind.DANGER, AlertKind.MONEY}
    assert Client.objects.get(pk=conversation.recipient_id).phone == "+8613900000001"
    assert Contact.objects.order_by("pk").last().identity == "township"


def test_an_interview_without_an_answer_names_the_question() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    refused = signed_in(Role.FOLLOW_UP, conversation).post(address(conversation, "/interview"), interview(q3=""))

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "q3")
    assert Response.objects.count() == 0


@pytest.mark.parametrize("door", ["/interview", "/second-entry"])
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ([{"question": "q99", "text": "他打了我"}], "unknown_question"),
        ([{"question": "q1", "value": "1"}], "answered_twice"),
    ],
)
def test_no_answer_of_a_program_is_lost_without_a_word(door: str, more: list[dict[str, str]], code: str) -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)
    if door == "/second-entry":
        client.post(address(conversation, "/interview"), interview())
    body = interview()

    refused = client.post(address(conversation, door), body | {"answers": [*body["answers"], *more]})

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["field"] == more[0]["question"]


def test_a_second_entry_that_says_nothing_is_not_kept() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)
    client.post(address(conversation, "/interview"), interview())

    refused = client.post(address(conversation, "/second-entry"), interview() | {"answers": []})

    assert (refused.status_code, SecondEntry.objects.count()) == (422, 0)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0001-01-01", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59"])
def test_no_call_is_promised_at_the_ends_of_the_calendar(moment: str) -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)

    client.post(address(conversation, "/hold"))
    refused = client.post(address(conversation, "/calls"), {"outcome": "call_back", "call_back_at": moment})

    assert refused.status_code in {400, 422}
    assert "call_back_at" in refused.content.decode()


def test_a_call_that_reached_nobody_is_counted_by_whoever_took_the_person() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client, call = signed_in(Role.FOLLOW_UP, conversation), {"outcome": "no_answer"}

    not_taken = client.post(address(conversation, "/calls"), call)
    client.post(address(conversation, "/hold"))
    answer = client.post(address(conversation, "/calls"), call)

    conversation.refresh_from_db()
    assert (not_taken.status_code, not_taken.json()["code"]) == (409, "held_by_someone")
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


@pytest.mark.parametrize(
    ("path", "channel"),
    [
        ("/api/v1/surveys/conversations", Channel.TELEPHONE),
        ("/api/v1/surveys/telephone-list", Channel.TELEPHONE),
        ("/api/v1/surveys/errands", Channel.VISIT),
    ],
)
def test_a_list_of_many_costs_what_a_list_of_one_does(path: str, channel: Channel) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    Conversation.objects.update(channel=channel)
    client = signed_in(Role.FOLLOW_UP, conversation)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    questionnaires()
    for _number in range(5):
        case_to_ask(at=conversation.case.centre, plan={"sms_allowed": False, "reason": "minor"})
    services.invite_due(now=factories.NOW)
    Conversation.objects.update(channel=channel)
    with CaptureQueriesContext(connection) as many:
        listed = client.get(path).json()["results"]

    assert (len(listed), len(many)) == (6, len(one))


# --- matters that clients raised, and the numbers to ring ------------------------------------------------------------

ALERTS = "/api/v1/surveys/alerts"


def raised(kind: AlertKind, **plan: object) -> Alert:
    conversation = invited(plan=plan)
    return raise_alert(conversation=conversation, kind=kind, actor=RESPONDENT, now=factories.NOW)


def test_a_matter_is_listed_taken_on_and_closed_in_that_order() -> None:
    alert = raised(AlertKind.DANGER)
    client = signed_in(Role.FOLLOW_UP, alert.conversation)
    address = f"{ALERTS}/{alert.public_id}"

    listed = client.get(ALERTS).json()["results"]
    too_early = client.post(f"{address}/close")
    taken = client.post(f"{address}/acknowledge")
    again = client.post(f"{address}/acknowledge")
    closed = client.post(f"{address}/close")

    assert [(row["id"], row["kind"], row["state"]) for row in listed] == [(str(alert.public_id), "danger", "open")]
    assert (too_early.status_code, too_early.json()["code"]) == (409, "alert_moved")
    assert (taken.status_code, taken.json()["state"], again.status_code) == (200, "acknowledged", 409)
    assert (closed.json()["state"], client.get(address).json()["state"]) == ("closed", "closed")
    assert client.get(ALERTS).json()["results"] == []
    assert [row["id"] for row in client.get(f"{ALERTS}?show=closed").json()["results"]] == [str(alert.public_id)]
    steps = Entry.objects.filter(action__startswith="surveys.alert_").order_by("pk")
    assert [entry.action.rpartition("_")[2] for entry in steps] == ["raised", "acknowledged", "closed"]


def test_a_sealed_matter_is_not_there_for_who_may_not_see_it() -> None:
    alert = raised(AlertKind.MONEY)
    caller = signed_in(Role.FOLLOW_UP, alert.conversation)
    address = f"{ALERTS}/{alert.public_id}"

    assert caller.get(ALERTS).json()["results"] == []
    assert [caller.get(address).status_code, *(caller.post(f"{address}/{act}").status_code for act in ACTS)] == [
        404
    ] * 4
    assert signed_in(Role.MANAGER, alert.conversation).get(address).json()["sealed"] is True


ACTS = ("acknowledge", "close", "number")


def test_an_unhappy_clients_matter_is_not_closed_past_its_steps() -> None:
    alert = raised(AlertKind.RECOVERY)

    refused = signed_in(Role.MANAGER, alert.conversation).post(f"{ALERTS}/{alert.public_id}/acknowledge")

    assert (refused.status_code, refused.json()["code"]) == (409, "alert_moved")


def test_matters_are_filtered_and_a_wrong_filter_is_named() -> None:
    alert = raised(AlertKind.DANGER)
    client = signed_in(Role.MANAGER, alert.conversation)

    assert len(client.get(f"{ALERTS}?kind=danger").json()["results"]) == 1
    assert client.get(f"{ALERTS}?kind=explain&show=late").json()["results"] == []
    wrong = client.get(f"{ALERTS}?kind=anything")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["kind"])


def test_the_list_of_matters_costs_the_same_for_one_and_for_many(django_assert_max_num_queries) -> None:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    for _number in range(7):
        raise_alert(conversation=invited(at=at), kind=AlertKind.DANGER, actor=RESPONDENT, now=factories.NOW)
    client = APIClient()
    client.force_authenticate(factories.user(Role.MANAGER, at=at))

    with django_assert_max_num_queries(5):
        assert len(client.get(ALERTS).json()["results"]) == 7


@time_machine.travel(factories.NOW, tick=False)
def test_a_number_is_shown_to_who_holds_the_person_and_each_look_is_recorded() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})
    client = signed_in(Role.FOLLOW_UP, conversation)
    colleague = signed_in(Role.MANAGER, conversation)

    before = client.post(address(conversation, "/number"))
    held = client.post(address(conversation, "/hold"))
    shown = client.post(address(conversation, "/number"))
    taken = colleague.post(address(conversation, "/hold"))
    let_go = client.delete(address(conversation, "/hold"))

    assert (before.status_code, before.json()["code"]) == (409, "held_by_someone")
    assert (held.status_code, shown.status_code, taken.status_code, let_go.status_code) == (200, 200, 409, 204)
    assert shown.json() == {"phone": conversation.recipient.phone}
    assert shown.headers["Cache-Control"] == "no-store"
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 1
    assert colleague.post(address(conversation, "/hold")).status_code == 200


@pytest.mark.parametrize(
    ("may_call", "plan", "status"),
    [
        (None, {}, 200),
        (True, {}, 200),
        (False, {}, 409),
        (True, {"phone_allowed": False}, 409),
        (True, {"reason": "in_custody", "sms_allowed": False}, 409),
        (True, {"safe_from": time(3), "safe_until": time(4)}, 409),
    ],
)
def test_the_number_of_a_matter_is_shown_only_where_somebody_may_ring(may_call, plan, status) -> None:
    alert = raised(AlertKind.DANGER, **plan)
    Alert.objects.filter(pk=alert.pk).update(may_call=may_call)
    client = signed_in(Role.FOLLOW_UP, alert.conversation)

    with time_machine.travel(factories.NOW, tick=False):
        answer = client.post(f"{ALERTS}/{alert.public_id}/number")

    assert answer.status_code == status
    assert Entry.objects.filter(action="cases.phone_revealed").count() == (status == 200)
    assert (alert.conversation.recipient.phone in answer.content.decode()) is (status == 200)


def test_where_the_guardian_alone_is_spoken_with_their_number_is_shown() -> None:
    alert = raised(AlertKind.DANGER, guardian_only=True, guardian_phone="+8613911112222")

    answer = signed_in(Role.MANAGER, alert.conversation).post(f"{ALERTS}/{alert.public_id}/number")

    assert answer.json() == {"phone": "+8613911112222"}


@pytest.mark.parametrize(("kind", "status"), [(AlertKind.DANGER, 200), (AlertKind.EXPLAIN, 409)])
def test_at_night_a_number_is_shown_for_danger_alone(kind: AlertKind, status: int) -> None:
    alert = raised(kind)

    with time_machine.travel(factories.NOW + timedelta(hours=13), tick=False):  # 23:00 there
        answer = signed_in(Role.MANAGER, alert.conversation).post(f"/api/v1/surveys/alerts/{alert.public_id}/number")

    assert answer.status_code == status
