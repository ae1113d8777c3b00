"""A case has one voice, however many of its clients answer; nobody's answer can be solved for."""

from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.cases.models import Case, CoClient
from qa_service.organisations.models import Firm, Lawyer
from scoring.calculation import in_whole_batches, recompute, stored, unlinked
from scoring.models import CaseVoice, ClientVoiceBatch
from scoring.queries.schemes import rules_by, scheme_in_force
from scoring.services.scores import rescore_changed
from scoring.services.voice import release_client_voice
from surveys import services
from surveys.models import Conversation
from tests import factories
from tests.factories import NOW
from tests.scoring.factories import LATER, scheme
from tests.surveys.factories import case_to_ask, questionnaires

_sids = count(1)


@pytest.fixture
def firm() -> Firm:
    scheme()
    questionnaires()
    return factories.firm(factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0}))


def group(firm: Firm, lawyer: Lawyer, *marks: int) -> Case:
    """A case with as many clients as there are marks, each of whom answered with theirs."""
    case = case_to_ask(at=firm.centre, firm=firm, lawyer=lawyer)
    for _mark in marks[1:]:
        CoClient.objects.create(case=case, client=factories.client(firm.centre), added_at=NOW)
    answer(case, *marks)
    return case


def answer(case: Case, *marks: int) -> None:
    services.invite_due(now=NOW)
    while services.deliver_next(now=NOW):
        pass
    rows = Conversation.objects.filter(case=case).select_related("recipient").order_by("pk")
    for mark, row in zip(marks, rows, strict=False):
        sid = f"V{next(_sids)}"
        services.receive_text(gateway="memory", sid=sid, sender=row.recipient.phone, body=str(mark), now=NOW)
    rescore_changed(now=NOW)


@pytest.mark.django_db
def test_several_answers_are_one_voice_their_mean(firm: Firm) -> None:
    group(firm, factories.lawyer(firm), 5, 1, 4)

    voice = CaseVoice.objects.current().get()

    assert voice.score == stored(Decimal(100 + 0 + 85) / 3)


@pytest.mark.django_db
def test_what_a_voice_of_several_was_made_of_gives_the_same_bytes_again(firm: Firm) -> None:
    group(firm, factories.lawyer(firm), 5, 1, 4)

    derivation = CaseVoice.objects.current().get().derivation

    assert recompute(derivation, rules_by(scheme_in_force())).decode() == derivation


@pytest.mark.django_db
def test_three_answers_to_one_case_and_four_to_others_are_a_batch_of_five_cases(firm: Firm) -> None:
    lawyer = factories.lawyer(firm)
    group(firm, lawyer, 5, 1, 4)
    for mark in (5, 4, 3):
        group(firm, lawyer, mark)
    assert release_client_voice(now=LATER) == 0

    group(firm, lawyer, 2)

    assert release_client_voice(now=LATER) == 1
    batch = ClientVoiceBatch.objects.get()
    assert (batch.n, batch.clients) == (5, 5)


@pytest.mark.django_db
def test_five_cases_that_one_person_answered_are_no_batch(firm: Firm) -> None:
    """Five representatives, none of whom answered, and the same further client in all five."""
    lawyer = factories.lawyer(firm)
    person = factories.client(firm.centre)
    for _each in range(5):
        case = case_to_ask(at=firm.centre, firm=firm, lawyer=lawyer)
        CoClient.objects.create(case=case, client=person, added_at=NOW)
        Conversation.objects.all().update(invited_at=NOW.replace(year=2025))
        services.invite_due(now=NOW)
        row = Conversation.objects.get(case=case, recipient=person)
        sid = f"V{next(_sids)}"
        services.receive_text(gateway="memory", sid=sid, sender=person.phone, body="1", now=NOW)
        assert row.response is not None
    rescore_changed(now=NOW)

    assert CaseVoice.objects.current().count() == 5
    assert release_client_voice(now=LATER) == 0


@pytest.mark.django_db
def test_a_client_who_answers_after_the_batch_moves_nothing_in_it(firm: Firm) -> None:
    lawyer = factories.lawyer(firm)
    case = case_to_ask(at=firm.centre, firm=firm, lawyer=lawyer)
    CoClient.objects.create(case=case, client=factories.client(firm.centre), added_at=NOW)
    answer(case, 5)
    for mark in (5, 4, 3, 2):
        group(firm, lawyer, mark)
    release_client_voice(now=LATER)
    before = ClientVoiceBatch.objects.values().get()

    late = Conversation.objects.filter(case=case).order_by("pk").last()
    services.receive_text(gateway="memory", sid="late", sender=late.recipient.phone, body="1", now=NOW)
    rescore_changed(now=NOW)
    release_client_voice(now=LATER)

    assert ClientVoiceBatch.objects.values().get() == before


@pytest.mark.parametrize(
    ("groups", "lots"),
    [
        ([], 0),
        ([{1}, {2}, {3}], 3),
        ([{1}, {1}, {2}], 2),
        ([{1}, {2}, {1, 2}], 1),
        ([{1, 2}, {2, 3}, {3, 4}, {9}], 2),
    ],
)
def test_groups_that_share_a_member_count_as_one(groups: list[set[int]], lots: int) -> None:
    assert unlinked(groups) == lots


@given(st.lists(st.frozensets(st.integers(1, 9), min_size=1, max_size=3), max_size=9), st.randoms())
def test_no_order_of_the_groups_changes_how_many_there_are(groups, shuffle) -> None:
    counted = unlinked(groups)
    shuffle.shuffle(groups)

    assert unlinked(groups) == counted <= len(groups)


def test_five_people_of_one_case_are_no_batch_and_five_cases_of_one_person_neither() -> None:
    one_case = [((f"client {number}", "case 1"), True) for number in range(5)]
    one_person = [(("client 1", f"case {number}"), True) for number in range(5)]
    apart = [((f"client {number}", f"case {number}"), True) for number in range(5)]

    batches = [in_whole_batches(given, 5) for given in (one_case, one_person, apart)]

    assert batches == [[], [], [[True] * 5]]
