"""The report counts satisfied clients in batches: no difference between two of its dates tells what one client said."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, models, transaction
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, CoClient
from qa_service.common.periods import Period
from qa_service.organisations.models import Firm, Organisation
from scoring.models import RatedCase, SatisfactionBatch
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.satisfaction import release_client_satisfaction
from surveys.models import Answer, Conversation, Response
from surveys.services.inviting.invitations import fresh_link
from tests import factories
from tests.at_once import at_once
from tests.factories import NOW
from tests.qa_service.privacy.asking_person import asks, granted
from tests.scoring.factories import LATER, answered, scheme
from tests.surveys import factories as surveys

pytestmark = pytest.mark.django_db
AUTUMN = Period.quarter(2026, 4)
SUMMER = Period.quarter(2026, 3)


@pytest.fixture
def firm() -> Firm:
    scheme()
    return factories.firm(factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0}))


def rated(firm: Firm, *marks: int, since: datetime = NOW, **fields: object) -> list[Case]:
    """Cases whose clients gave these marks, one after the other."""
    given = {"at": firm.centre, "firm": firm, "lawyer": factories.lawyer(firm)} | fields
    return [answered(mark, now=since + timedelta(minutes=at), **given) for at, mark in enumerate(marks)]


def told(centre: Organisation, period: Period = AUTUMN) -> tuple[int, int]:
    voice = rewards_and_sanctions(centre=centre, period=period, label="", now=LATER).voice
    assert voice is not None
    return voice.rated, voice.satisfied


def conversation_on(case: Case) -> Conversation:
    return Conversation.objects.select_related("recipient__centre").get(case=case)


def disown(case: Case) -> None:
    conversation = conversation_on(case)
    key = fresh_link(conversation).rsplit("/", 1)[-1]
    conversation.save(update_fields=["link_digest"])
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        Browser().post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"})
    assert not Response.objects.filter(conversation=conversation).exists()


def erase(case: Case) -> None:
    granted(asks(conversation_on(case).recipient))


def close_in_another_quarter(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(closed_on=date(2026, 9, 30))


def correct(case: Case) -> None:
    answer = Answer.objects.get(response__conversation__case=case)
    answer.choice = answer.question.choices.get(value="5")
    answer.save()


def find_that_another_answered(case: Case) -> None:
    Response.objects.filter(conversation__case=case).update(answerer="other")


EVENTS: tuple[Callable[[Case], None], ...] = (
    disown, erase, close_in_another_quarter, correct, find_that_another_answered,
)  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_becomes_of_an_answer_later_moves_nothing_that_was_counted(
    firm: Firm, event: Callable[[Case], None]
) -> None:
    """Counted anew, five and four of the marks 1, 5, 5, 5, 5, 5 would become five and five: the first was a 1."""
    first, *_others = rated(firm, 1, 5, 5, 5, 5, 5)
    release_client_satisfaction(now=LATER)
    assert told(firm.centre) == (5, 4)

    event(first)
    release_client_satisfaction(now=LATER)

    assert (told(firm.centre), told(firm.centre, SUMMER)) == ((5, 4), (0, 0))
    assert told(firm.centre, Period.year(2026)) == (5, 4)


def test_a_batch_with_the_client_of_somebody_who_joins_the_staff_is_left_out_whole(firm: Firm) -> None:
    """They now read what the other four said."""
    others = factories.firm(firm.centre)
    rated(others, 1, 2, 3, 4, 5, 5, 5, 5, 5)
    (own,) = rated(firm, 1, since=LATER)
    release_client_satisfaction(now=LATER)
    assert told(firm.centre) == (10, 7)

    joined = factories.user(Role.MANAGER, at=firm.centre, of=own.lawyer)
    release_client_satisfaction(now=LATER)
    assert told(firm.centre) == (5, 3)

    joined.grants.all().delete()
    assert told(firm.centre) == (10, 7)


def test_a_case_that_was_counted_is_not_counted_again_whoever_answers_about_it(firm: Firm) -> None:
    first, *_others = rated(firm, 1, 5, 5, 5, 5)
    release_client_satisfaction(now=LATER)
    further = CoClient.objects.create(case=first, client=factories.client(firm.centre), added_at=NOW)
    late = surveys.asked(NOW, at=firm.centre)
    surveys.reply(late, "1", now=NOW)
    Conversation.objects.filter(pk=late.pk).update(case=first, recipient=further.client)
    rated(firm, 1, 1, 1, 1)

    assert release_client_satisfaction(now=LATER) == 0
    assert told(firm.centre) == (5, 4)

    rated(firm, 5)
    assert release_client_satisfaction(now=LATER) == 1
    assert told(firm.centre) == (10, 5)


def test_what_several_clients_of_a_case_said_goes_into_one_batch(firm: Firm) -> None:
    first, second = rated(firm, 1, 4)
    Conversation.objects.filter(case=second).update(case=first)
    rated(firm, 5, 5, 5, 5)

    assert release_client_satisfaction(now=LATER) == 1

    batch = SatisfactionBatch.objects.get()
    assert (batch.n, batch.people, batch.satisfied, batch.number) == (6, 5, 5, 1)
    assert (batch.centre, batch.quarter) == (firm.centre, AUTUMN.start)
    assert RatedCase.objects.filter(batch=batch).count() == 5
    (entry,) = Entry.objects.filter(action="scoring.satisfaction_released")
    assert (entry.actor_id, entry.details) == ("system:client_satisfaction", {"quarter": "2026-10-01", "people": 5})


def test_five_answers_of_two_centres_or_of_two_quarters_are_no_batch(firm: Firm) -> None:
    rated(firm, 5, 5, 5, 5)
    rated(firm, 5, closed_on=date(2026, 9, 30))
    other = factories.firm(factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0}))
    rated(other, 5)

    assert release_client_satisfaction(now=LATER) == 0
    assert not SatisfactionBatch.objects.exists()


def test_the_database_keeps_what_was_counted_and_refuses_a_small_batch(firm: Firm, kept_for_ever: None) -> None:
    rated(firm, 1, 5, 5, 5, 5)
    release_client_satisfaction(now=LATER)
    batch, case = SatisfactionBatch.objects.get(), RatedCase.objects.earliest("pk")
    changes: list[tuple[models.Model, dict[str, object]]] = [
        (batch, {"satisfied": 5}), (batch, {"n": 6}), (batch, {"quarter": SUMMER.start}), (case, {"batch": batch}),
    ]  # fmt: skip

    for row, change in changes:
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**change)
    for row in (case, batch):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete(using="default")
    of = partial(SatisfactionBatch.objects.create, centre=firm.centre, quarter=AUTUMN.start, released_at=LATER)
    for n, people, satisfied in ((5, 4, 4), (5, 6, 5), (5, 5, 6)):
        with pytest.raises(IntegrityError), transaction.atomic():
            of(number=2, n=n, people=people, satisfied=satisfied)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_count_every_answer_once(firm: Firm) -> None:
    rated(firm, 1, 5, 5, 5, 5)

    raised = at_once(*[partial(release_client_satisfaction, now=LATER)] * 2)

    assert raised == []
    assert SatisfactionBatch.objects.count() == 1
    assert told(firm.centre) == (5, 4)
