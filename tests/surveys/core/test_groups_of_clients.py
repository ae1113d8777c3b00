"""A case with many clients: a few of them are asked, each once, each on a telephone of their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case, Client, CoClient
from qa_service.cases.services import unsettle_surveys
from qa_service.common.periods import Period
from qa_service.common.tokens import lot_of
from surveys import services
from surveys.drawing import Ticket, draw
from surveys.enums import PassedOver
from surveys.figures.funnel import Way
from surveys.models import Conversation, DrawnClient
from surveys.queries.figures.behind import Figure, behind
from surveys.queries.figures.funnel import response_funnel
from surveys.queries.figures.scope import Choice
from surveys.queries.period import follow_up_of_period
from surveys.services.inviting.draws import draw_clients
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import case_to_ask, questionnaires

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published():
    questionnaires()


def group(people: int, *, numbers: list[str] | None = None, **fields: Any) -> Case:
    """A case whose export names one person, and to which staff have added the others."""
    case = case_to_ask(people_helped=people, **fields)
    for place in range(people - 1):
        own: dict[str, Any] = {"phone": numbers[place]} if numbers else {}
        join(case, factories.client(case.centre, **own))
    return case


def join(case: Case, client: Client) -> CoClient:
    unsettle_surveys(cases=Case.objects.filter(pk=case.pk))
    return CoClient.objects.create(case=case, client=client, added_at=NOW)


def asked(case: Case) -> set[int | None]:
    return set(Conversation.objects.filter(case=case).values_list("recipient", flat=True))


def test_three_of_twenty_five_are_asked_and_the_draw_says_what_became_of_the_others():
    case = group(25)

    first = services.invite_due(now=NOW)
    again = services.invite_due(now=NOW + timedelta(hours=1))
    later = services.invite_due(now=NOW + timedelta(days=31))

    assert (first.by_text, again.by_text, later.by_text) == (3, 0, 0)
    told = follow_up_of_period(centre_path=case.centre.path, period=Period.quarter_of(case.day_closed))
    assert (told.eligible, told.cases) == (3, 1)
    chosen = DrawnClient.objects.filter(case=case, passed_over="").values_list("client", flat=True)
    assert set(chosen) == asked(case)
    assert DrawnClient.objects.filter(case=case, passed_over=PassedOver.ENOUGH, most=3).count() == 22


def test_the_service_can_draw_again_what_it_drew():
    case = group(9)
    services.invite_due(now=NOW)

    people = Client.objects.filter(pk__in=DrawnClient.objects.values("client"))
    lots = [
        Ticket(person.pk, lot_of(f"{case.public_id}:{person.public_id}:closing"), person.phone_index)
        for person in people
    ]

    assert {each.client_id for each in draw(lots, most=3) if each.chosen} == asked(case)


def test_how_many_are_asked_is_the_centres_own():
    case = group(9, settings={"clients_asked_a_case": 5})

    services.invite_due(now=NOW)

    assert len(asked(case)) == 5


def test_a_group_that_left_one_number_is_asked_on_it_once():
    case = group(4, numbers=["+8617000000001"] * 3)

    for days in (0, 31, 62):
        services.invite_due(now=NOW + timedelta(days=days))

    numbers = list(Conversation.objects.filter(case=case).values_list("phone_index", flat=True))
    assert len(numbers) == len(set(numbers)) == 2
    assert DrawnClient.objects.filter(case=case, passed_over=PassedOver.NUMBER).count() == 2


def test_two_children_whose_guardian_is_one_person_are_not_both_asked():
    guardian = {
        "sms_allowed": False, "reason": "minor", "guardian_only": True, "guardian_name": "某母",
        "guardian_phone": "+8617099999999", "guardian_relation": "parent", "guardian_cleared": True,
    }  # fmt: skip
    case = case_to_ask(plan=guardian)
    join(case, factories.client(case.centre, plan=guardian))

    services.invite_due(now=NOW)

    assert len(asked(case)) == 1


def test_a_telephone_corrected_to_that_of_another_client_is_not_rung_for_both():
    case = group(3)
    draw_clients(case=case, wave="closing", now=NOW)
    one, other, third = Client.objects.filter(pk__in=DrawnClient.objects.values("client"))
    other.phone, other.phone_index = one.phone, one.phone_index
    other.save()

    for days in (0, 31, 62):
        services.invite_due(now=NOW + timedelta(days=days))

    assert asked(case) in ({one.pk, third.pk}, {other.pk, third.pk})


def test_who_joins_after_the_first_was_asked_fills_the_places_that_are_left():
    case = case_to_ask()
    services.invite_due(now=NOW)
    for _each in range(6):
        join(case, factories.client(case.centre))

    services.invite_due(now=NOW + timedelta(days=1))

    assert case.client_id in asked(case)
    assert len(asked(case)) == 3


def test_who_was_taken_off_before_is_not_asked():
    case = group(3)
    draw_clients(case=case, wave="closing", now=NOW)
    gone = case.co_clients.first()
    gone.taken_off_at = NOW
    gone.save()

    services.invite_due(now=NOW)

    assert asked(case) == {case.client_id, case.co_clients.last().client_id}


def test_a_text_that_waits_is_held_back_when_its_person_is_taken_off():
    evening = NOW.replace(hour=14)  # ten at night in Shanghai
    case = group(2)
    services.invite_due(now=evening)
    for row in case.co_clients.all():
        row.taken_off_at = evening
        row.save()

    while services.deliver_next(now=NOW + timedelta(days=1)):
        pass

    states = {row.recipient_id: row.messages.get().state for row in Conversation.objects.filter(case=case)}
    assert states.pop(case.client_id) == "accepted"
    assert list(states.values()) == ["suppressed"]


def test_everybody_left_of_a_group_is_asked_when_the_others_are_taken_off():
    case = group(2)
    case.co_clients.update(taken_off_at=NOW)

    services.invite_due(now=NOW)

    assert asked(case) == {case.client_id}


def test_a_client_of_two_groups_is_asked_about_one_and_waits_with_the_other():
    first, second = group(1), group(1)
    person = factories.client(first.centre)
    for case in (first, second):
        join(case, person)

    services.invite_due(now=NOW)
    assert Conversation.objects.filter(recipient=person).count() == 1
    services.invite_due(now=NOW + timedelta(days=30))

    assert Conversation.objects.filter(recipient=person).count() == 2


@pytest.mark.usefixtures("kept_for_ever")
def test_what_the_lot_said_cannot_be_changed():
    group(2)
    services.invite_due(now=NOW)
    row = DrawnClient.objects.first()

    for act in (lambda: DrawnClient.objects.filter(pk=row.pk).update(passed_over="enough"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_each_client_hears_only_their_own_conversation():
    """Two answers to one case: two responses, two receipts, each counted once."""
    case = group(2)
    services.invite_due(now=NOW)
    while services.deliver_next(now=NOW):
        pass

    for mark, row in enumerate(Conversation.objects.filter(case=case).order_by("pk"), start=4):
        services.receive_text(gateway="memory", sid=f"G{mark}", sender=row.recipient.phone, body=str(mark), now=NOW)

    values = [row.response.answers.get().choice.value for row in Conversation.objects.order_by("pk")]
    assert values == ["4", "5"]


def one_drawn_waits() -> Case:
    """One of three was asked about an earlier case a while ago."""
    earlier = case_to_ask()
    services.invite_due(now=NOW)
    case = group(1, at=earlier.centre)
    for person in (earlier.client, factories.client(earlier.centre)):
        join(case, person)
    services.invite_due(now=NOW + timedelta(hours=1))
    return case


def test_the_funnel_counts_a_drawn_client_who_waits_as_asked_about_another_matter_and_never_as_silent():
    case = one_drawn_waits()
    user, later = factories.user(Role.MANAGER, at=case.centre), NOW + timedelta(days=2)

    found = response_funnel(user=user, now=later).whole

    closed, begun = (step.count for step in found.steps[:2])
    lost = {each.loss: each.count for each in found.losses}
    assert (closed, begun, lost["another_case"], lost.get("silent")) == (4, 3, 1, None)
    behind_it = behind(user=user, choice=Choice(), figure=Figure(Way.ALL, loss="another_case"), after=None, now=later)
    assert [row.number for row in behind_it.rows] == [case.number]


def test_a_drawn_client_of_one_s_own_case_stands_in_nobody_s_own_funnel():
    case = one_drawn_waits()
    handler, later = factories.user(Role.MANAGER, Role.LAWYER, at=case.centre, of=case.lawyer), NOW + timedelta(days=2)

    found = response_funnel(user=handler, now=later).whole
    figure = Figure(Way.ALL, loss="another_case")
    behind_it = behind(user=handler, choice=Choice(), figure=figure, after=None, now=later)

    assert (found.first, "another_case" in {each.loss for each in found.losses}, behind_it.rows) == (1, False, ())
