"""Lawyers and firms hear their clients in batches from which no one client's answer can be told."""

import random
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import DatabaseError, transaction

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant
from qa_service.cases.models import Case
from qa_service.organisations.models import Firm, Lawyer, Organisation
from scoring.calculation import Told
from scoring.models import BatchedAnswer, CaseVoice, ClientVoiceBatch
from scoring.queries.voice import voice_of_firm, voice_of_lawyer
from scoring.services import voice as service
from scoring.services.scores import rescore_changed
from scoring.services.voice import LAWYERS_WAIT, release_client_voice
from surveys.models import Response
from tests import factories
from tests.factories import NOW
from tests.scoring.factories import LATER, answered, voice

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return factories.firm(factories.centre())


def heard(lawyer: Lawyer, firm: Firm, *scores: int) -> list[CaseVoice]:
    return [voice(factories.case(firm.centre, lawyer=lawyer, firm=firm), score) for score in scores]


def test_an_answer_by_text_is_weighed_and_released_with_four_others() -> None:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    firm = factories.firm(at)
    lawyer = factories.lawyer(firm)
    for mark in (5, 4, 3, 2, 1):
        answered(mark, at=at, firm=firm, lawyer=lawyer)
    rescore_changed(now=NOW)

    assert release_client_voice(now=LATER) == 1

    batch = ClientVoiceBatch.objects.get()
    assert (batch.n, batch.clients, batch.mean, batch.lawyer) == (5, 5, Decimal(57), lawyer)


def test_four_clients_are_not_enough(firm: Firm) -> None:
    heard(factories.lawyer(firm), firm, 100, 85, 65, 35)

    assert release_client_voice(now=NOW) == 0


def test_five_cases_of_four_clients_are_not_enough(firm: Firm) -> None:
    lawyer = factories.lawyer(firm)
    rows = heard(lawyer, firm, 100, 85, 65, 35)
    voice(factories.case(firm.centre, lawyer=lawyer, firm=firm, client=rows[0].case.client), 0)

    assert release_client_voice(now=NOW) == 0


@pytest.mark.parametrize("as_a_firm", [False, True])
def test_each_of_the_two_counts_people_by_itself(firm: Firm, as_a_firm: bool) -> None:
    """The search for groups and the release under the lock: either alone keeps five answers of four people back."""
    lawyer = factories.lawyer(firm)
    rows = heard(lawyer, firm, 100, 85, 65, 35)
    voice(factories.case(firm.centre, lawyer=lawyer, firm=firm, client=rows[0].case.client), 0)

    groups = service._groups_of_firms(LATER) if as_a_firm else service._groups_of_lawyers()

    assert list(groups) == []
    assert service._release(lawyer_id=None if as_a_firm else lawyer.pk, firm_id=firm.pk, now=LATER) == 0


def test_new_answers_wait_until_they_are_five_again(firm: Firm) -> None:
    lawyer = factories.lawyer(firm)
    heard(lawyer, firm, 100, 85, 65, 35, 0)
    release_client_voice(now=NOW)
    before = voice_of_lawyer(lawyer.pk)
    heard(lawyer, firm, 0, 0, 0, 0)

    assert release_client_voice(now=LATER) == 0
    assert voice_of_lawyer(lawyer.pk) == before
    heard(lawyer, firm, 35)
    assert release_client_voice(now=LATER) == 1
    assert [batch.n for batch in voice_of_lawyer(lawyer.pk).batches] == [5, 5]


def test_a_firm_hears_nothing_of_a_lawyer_with_few_answers_until_a_year_has_passed(firm: Firm) -> None:
    for _each in range(3):
        heard(factories.lawyer(firm), firm, 85, 65)

    assert release_client_voice(now=NOW) == 0
    assert release_client_voice(now=NOW + LAWYERS_WAIT) == 1

    batch = ClientVoiceBatch.objects.get()
    assert (batch.lawyer, batch.firm, batch.n) == (None, firm, 6)


def test_what_a_firm_hears_of_lawyers_with_few_answers_holds_none_of_this_year(firm: Firm) -> None:
    for score in (100, 85, 65, 35, 0):
        case = factories.case(firm.centre, lawyer=factories.lawyer(firm), firm=firm)
        voice(case, score, at=NOW - timedelta(days=400))
    heard(factories.lawyer(firm), firm, 0)

    release_client_voice(now=NOW)

    assert [batch.n for batch in ClientVoiceBatch.objects.filter(firm=firm)] == [5]


def test_an_answer_that_somebody_else_gave_for_the_client_is_not_weighed() -> None:
    case = answered(1, at=factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0}))
    Response.objects.filter(conversation__case=case).update(answerer="other")
    rescore_changed(now=NOW)

    assert not CaseVoice.objects.exists()


@pytest.mark.parametrize(("score", "shown"), [(100, (80, 100)), (85, (80, 100)), (65, (60, 70)), (0, (0, 40))])
def test_a_batch_tells_its_mean_as_a_step_and_not_that_all_said_the_same(
    firm: Firm, score: int, shown: tuple[int, int]
) -> None:
    lawyer = factories.lawyer(firm)
    heard(lawyer, firm, *[score] * 5)
    release_client_voice(now=NOW)

    found = voice_of_lawyer(lawyer.pk)

    assert found.mean == Told(*shown)
    assert [batch.mean for batch in found.batches] == [Told(*shown)]


def test_the_mean_over_batches_tells_no_more_than_the_batches(firm: Firm) -> None:
    """The exact mean of a batch of 100 and one of 75 would give the first away."""
    lawyer = factories.lawyer(firm)
    heard(lawyer, firm, *[100] * 5)
    release_client_voice(now=NOW)
    heard(lawyer, firm, *[75] * 5)
    release_client_voice(now=LATER)

    assert voice_of_lawyer(lawyer.pk).mean == Told(75, 90)


@pytest.mark.parametrize("seed", range(6))
def test_no_difference_of_two_dates_or_readers_tells_less_than_five_people_apart(seed: int) -> None:
    """Whatever comes in whatever order: every figure is a union of batches that share no answer."""
    dice = random.Random(seed)
    at = factories.centre()
    firms = [factories.firm(at) for _each in range(2)]
    lawyers = [factories.lawyer() for _each in range(3)]
    clients = [factories.client(at) for _each in range(12)]
    now = NOW
    for _step in range(8):
        for _each in range(dice.randint(0, 9)):
            case = factories.case(at, firm=dice.choice(firms), lawyer=dice.choice(lawyers), client=dice.choice(clients))
            voice(case, dice.choice([0, 35, 65, 85, 100]), at=now)
        now += timedelta(days=dice.choice([1, 90, 400]))
        release_client_voice(now=now)

    batches: dict[int, set[int]] = {}
    for case_id, batch_id in BatchedAnswer.objects.values_list("case_id", "batch_id"):
        batches.setdefault(batch_id, set()).add(case_id)
    people = {
        batch: set(Case.objects.filter(pk__in=cases).values_list("client", flat=True))
        for batch, cases in batches.items()
    }

    assert batches
    assert all(one.isdisjoint(other) for one, other in combinations(batches.values(), 2))
    assert min(len(each) for each in people.values()) >= 5
    # What a lawyer or a firm is told about is exactly a set of those batches.
    told = [voice_of_lawyer(lawyer.pk) for lawyer in lawyers] + [voice_of_firm([each.pk]) for each in firms]
    sizes = {batch.pk: batch.n for batch in ClientVoiceBatch.objects.all()}
    assert {batch: len(cases) for batch, cases in batches.items()} == sizes
    assert all(shown.n == sum(batch.n for batch in shown.batches) for shown in told)


def test_a_batch_cannot_be_changed(firm: Firm) -> None:
    heard(factories.lawyer(firm), firm, 1, 2, 3, 4, 5)
    release_client_voice(now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        ClientVoiceBatch.objects.update(mean=99)


def test_one_answer_is_read_by_those_who_oversee_the_case_and_by_nobody_concerned(firm: Firm) -> None:
    centre: Organisation = firm.centre
    lawyer = factories.lawyer(firm)
    heard(lawyer, firm, 85)
    own = factories.user(Role.LAWYER, of=lawyer)
    readers = {
        "manager": factories.user(Role.MANAGER, at=centre),
        "manager elsewhere": factories.user(Role.MANAGER, at=factories.centre()),
        "head of firm": factories.user(Role.FIRM, heads=firm),
        "follow-up": factories.user(Role.FOLLOW_UP, at=centre),
        "manager of the same firm": factories.user(Role.MANAGER, at=centre, of=factories.lawyer(firm)),
        "manager who heads the firm": factories.user(Role.MANAGER, Role.FIRM, at=centre, heads=firm),
    }

    seen = {name: CaseVoice.objects.visible_to(user).count() for name, user in readers.items()}
    Grant.objects.create(user=own, role=Role.MANAGER, organisation=centre)

    assert seen == dict.fromkeys(readers, 0) | {"manager": 1}
    assert not CaseVoice.objects.visible_to(own).exists()
