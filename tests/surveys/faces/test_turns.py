"""Who is asked about a case is stated, and who waits is shown with the day, never dropped."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case, CoClient
from surveys import services
from surveys.enums import Standing
from surveys.models import Conversation
from surveys.queries.turns import turns_of_case, waiting_for_turn
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import case_to_ask, questionnaires

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def _published():
    questionnaires()


def staff(case: Case, *roles: Role, **fields):
    browser = Browser()
    browser.force_login(factories.user(*(roles or (Role.MANAGER,)), at=case.centre, **fields))
    return browser


def with_two_more(first: Case) -> list[Case]:
    days = [first.day_closed + timedelta(days=later) for later in (2, 1)]
    return [factories.case(first.centre, client=first.client, closed_on=day) for day in days]


def test_each_waits_for_its_own_day_in_the_order_of_closing():
    first = case_to_ask()
    last, middle = with_two_more(first)
    services.invite_due(now=NOW)

    rows = waiting_for_turn(user=factories.user(Role.MANAGER, at=first.centre), now=SOON)

    assert [(row.case_id, row.before, row.not_before) for row in rows] == [
        (middle.pk, 0, NOW + timedelta(days=30)),
        (last.pk, 1, NOW + timedelta(days=60)),
    ]


def test_what_the_list_promises_is_what_the_sweep_does():
    first = case_to_ask()
    with_two_more(first)
    services.invite_due(now=NOW)
    user = factories.user(Role.MANAGER, at=first.centre)
    promised = [(row.case_id, row.not_before) for row in waiting_for_turn(user=user, now=SOON)]

    for case_id, moment in promised:
        before = services.invite_due(now=moment - timedelta(minutes=1))
        services.invite_due(now=moment)
        assert before.by_text == 0
        assert Conversation.objects.filter(case=case_id, invited_at=moment).exists()


def test_the_same_number_elsewhere_makes_wait_too():
    first = case_to_ask()
    second = case_to_ask()
    second.client.phone, second.client.phone_index = first.client.phone, first.client.phone_index
    second.client.save()
    services.invite_due(now=NOW)

    rows = waiting_for_turn(user=factories.user(Role.MANAGER, at=second.centre), now=SOON)

    assert [row.case_id for row in rows] == [second.pk]


def test_nobody_sees_who_waits_in_another_centre_or_of_their_own_cases():
    first = case_to_ask()
    with_two_more(first)
    for case in Case.objects.filter(client=first.client):
        Case.objects.filter(pk=case.pk).update(lawyer=first.lawyer)
    services.invite_due(now=NOW)

    elsewhere = factories.user(Role.MANAGER, at=factories.centre())
    own = factories.user(Role.MANAGER, at=first.centre, of=first.lawyer)

    assert [waiting_for_turn(user=user, now=SOON) for user in (elsewhere, own)] == [[], []]
    browser = Browser()
    browser.force_login(own)
    answer = browser.get(reverse("surveys:case", args=[first.public_id]))
    assert answer.status_code == 404


def test_every_client_of_a_case_is_told_how_they_stand():
    case = case_to_ask(settings={"clients_asked_a_case": 2})
    for _each in range(3):
        CoClient.objects.create(case=case, client=factories.client(case.centre), added_at=NOW)
    before = [turn.standing for turn in turns_of_case(case, now=NOW)]
    services.invite_due(now=NOW)

    after = sorted(turn.standing.value for turn in turns_of_case(case, now=NOW))

    assert before == [Standing.TO_DRAW] * 4
    assert after == [Standing.ASKED.value] * 2 + [Standing.NOT_DRAWN.value] * 2


def test_the_pages_and_endpoints_say_it():
    first = case_to_ask()
    _last, middle = with_two_more(first)
    services.invite_due(now=NOW)
    browser = staff(first)
    with time_machine.travel(SOON, tick=False):
        listed = browser.get(reverse("surveys:waiting")).content.decode()
        of_case = browser.get(reverse("surveys:case", args=[middle.public_id])).content.decode()
        program = browser.get(reverse("api-waiting")).json()
        turns = browser.get(reverse("api-case-turns", args=[middle.public_id])).json()

    assert middle.number in listed
    assert "本人，或与其共用号码的人，30日内已有其他事项的回访开始（无论是否已联系上）" in listed
    assert "2026-12-20" in listed
    assert "2026-12-20" in of_case
    assert [row["before"] for row in program] == [0, 1]
    assert [(row["standing"], row["on"]) for row in turns] == [("another_matter", "2026-12-20")]


def test_the_list_costs_the_same_for_many():
    first = case_to_ask()
    with_two_more(first)
    services.invite_due(now=NOW)
    user = factories.user(Role.MANAGER, at=first.centre)
    browser = Browser()
    browser.force_login(user)

    def cost() -> int:
        with time_machine.travel(SOON, tick=False), CaptureQueriesContext(connection) as asked:
            browser.get(reverse("surveys:waiting"))
        return len(asked)

    cost()
    few = cost()
    for _each in range(3):
        with_two_more(first)
    assert cost() == few
