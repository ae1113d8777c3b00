"""What an organ answers: saved, sent once, or keyed in; what it is as evidence; what is missing stays missing."""

from datetime import timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import EvidenceChange, RiskFlag
from qa_service.common.errors import InvalidInput
from surveys import queries, services
from surveys.enums import ConversationState, ErrandOutcome, Mode
from surveys.models import Contact, Response, SignedOpinion
from surveys.opinion import is_low, known_marks
from surveys.queries.forms import LinkUnknown
from surveys.services.inviting.refusals import AlreadyAnswered, ConversationOver
from surveys.services.organs.organ_mails import link_token
from tests import factories
from tests.factories import NOW
from tests.surveys.organs.rows import GOOD, POOR, asked, asking_centre, given, keyed_in, sent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def saved(conversation, answers, *, send=True, now=NOW, **fields):
    return services.save_opinion(
        key=link_token(conversation), answers=given(answers), language="zh-hans", send=send, now=now, **fields
    )


def flags() -> list[str]:
    return list(RiskFlag.objects.values_list("kind", flat=True))


# --- the rule


@pytest.mark.parametrize(
    ("values", "marks", "low"),
    [
        (GOOD, (5, 4, 5, 5, 3), False),
        (POOR, (2, 1, 2, 3), True),
        ({"q1": "2"}, (2,), True),
        ({"q1": "1", "q2": "5", "q3": "5", "q4": "5", "q5": "5"}, (1, 5, 5, 5, 5), False),
        ({"q1": "2", "q2": "2", "q3": "3"}, (2, 2, 3), False),
        (dict.fromkeys(GOOD, "unknown"), (), False),
        ({}, (), False),
        ({"q6": "1", "q9": "1"}, (), False),
    ],
)
def test_low_is_a_mean_of_the_known_items_of_no_more_than_two(values, marks, low):
    assert known_marks(values) == marks
    assert is_low(marks) is low


@examples(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_low_never_turns_on_a_single_item_that_the_others_outweigh(marks):
    assert is_low(marks) == (sum(marks) / len(marks) <= 2)


# --- by link


def test_an_opinion_that_is_sent_is_evidence_of_its_case():
    conversation = asked()

    response = saved(conversation, GOOD, signed_by="王书记员")

    conversation.refresh_from_db()
    opinion = queries.organ_opinions([conversation.case_id])[0]
    assert (opinion.q1, opinion.q2, opinion.q3, opinion.q4, opinion.q5, opinion.mode) == (5, 4, 5, 5, 3, Mode.WEB)
    assert (conversation.state, response.answerer, response.late) == (ConversationState.FINISHED, "organ", False)
    assert SignedOpinion.objects.get().signed_by == "王书记员"
    assert EvidenceChange.objects.filter(case=conversation.case).exists()
    assert flags() == []


def test_what_is_saved_and_not_sent_is_no_opinion_and_may_be_changed():
    conversation = asked()

    saved(conversation, {"q1": "1"}, send=False)
    saved(conversation, {"q1": "3", "q2": "4"}, send=False)

    assert queries.organ_opinions([conversation.case_id]) == []
    kept = Response.objects.get().answers.order_by("question__position")
    assert list(kept.values_list("question__code", "choice__value")) == [("q1", "3"), ("q2", "4")]
    assert flags() == []


def test_what_is_saved_and_never_sent_ends_without_an_answer():
    conversation = asked()
    saved(conversation, POOR, send=False)

    services.expire(now=NOW + 60 * DAY)

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.EXPIRED
    assert queries.organ_opinions([conversation.case_id]) == []
    assert flags() == []


def test_an_opinion_is_sent_once():
    conversation = asked()
    saved(conversation, GOOD)

    with pytest.raises(services.FormOver):
        saved(conversation, POOR)

    assert queries.organ_opinions([conversation.case_id])[0].q1 == 5


def test_an_item_without_an_answer_keeps_it_from_being_sent_and_is_named():
    conversation = asked()

    with pytest.raises(services.OpinionIncomplete) as refused:
        saved(conversation, {"q1": "5", "q4": "unknown"})

    assert refused.value.missing == ("q2", "q3", "q5")
    assert Response.objects.count() == 0


def test_what_the_organ_does_not_know_is_left_out_and_counts_as_answered():
    conversation = asked()

    saved(conversation, dict.fromkeys(GOOD, "unknown") | {"q3": "4"})

    opinion = queries.organ_opinions([conversation.case_id])[0]
    assert [opinion.q1, opinion.q2, opinion.q3, opinion.q4, opinion.q5] == [None, None, 4, None, None]


def test_a_low_opinion_puts_the_file_before_the_sample():
    conversation = asked()

    saved(conversation, POOR)

    assert flags() == [FlagKind.ORGAN_LOW]


def test_a_late_opinion_is_taken_and_stamped_and_then_no_more():
    first, second = asked(), asked()

    response = saved(first, GOOD, now=NOW + 50 * DAY)
    with pytest.raises(services.FormOver):
        saved(second, GOOD, now=NOW + 91 * DAY)

    assert response.late


def test_a_key_of_an_organ_opens_no_client_s_form_and_the_reverse():
    conversation = asked()

    with pytest.raises(LinkUnknown):
        services.start_web_response(key=link_token(conversation), language="zh-hans", now=NOW)
    with pytest.raises(LinkUnknown):
        services.save_opinion(key="a" * 12, answers={}, language="zh-hans", send=False, now=NOW)


def test_neither_marks_nor_remarks_nor_who_signed_stand_in_the_record():
    conversation = asked()

    services.save_opinion(
        key=link_token(conversation),
        answers=given(POOR, remark="庭前未阅卷"),
        signed_by="王书记员",
        language="zh-hans",
        send=True,
        now=NOW,
    )

    kept = str(list(Entry.objects.values_list("details", "actor_label")))
    assert [word for word in ("庭前未阅卷", "王书记员") if word in kept] == []


# --- from paper


def test_a_sheet_is_keyed_in_with_who_signed_it_and_the_day_it_came():
    conversation = asked()
    sent(conversation)

    response = keyed_in(conversation, {"q1": "4", "q5": "2"})

    opinion = queries.organ_opinions([conversation.case_id])[0]
    assert (opinion.q1, opinion.q2, opinion.q5, opinion.mode) == (4, None, 2, Mode.PAPER)
    assert (response.signature.signed_by, response.signature.received_on) == ("民一庭（章）", NOW.date())
    assert Contact.objects.get().outcome == "reached"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"signed_by": " "}, "signed_by"),
        ({"signed_by": "长" * 61}, "signed_by"),
        ({"received_on": None}, "received_on"),
        ({"received_on": NOW.date() + DAY}, "received_on"),
        ({"received_on": NOW.date() - DAY}, "received_on"),
        ({"answers": {"q1": "6"}}, "q1"),
        ({"answers": {}}, "q1"),
    ],
)
def test_a_sheet_without_what_it_needs_is_refused_and_nothing_is_kept(fields, field):
    conversation = asked()

    with pytest.raises(InvalidInput) as refused:
        keyed_in(conversation, **fields)

    assert refused.value.field == field
    assert (Response.objects.count(), SignedOpinion.objects.count()) == (0, 0)


def test_the_second_who_keys_a_sheet_in_is_told_and_the_first_stands():
    conversation = asked()
    keyed_in(conversation, GOOD)

    with pytest.raises(AlreadyAnswered):
        keyed_in(conversation, POOR)

    assert queries.organ_opinions([conversation.case_id])[0].q1 == 5
    assert flags() == []


def test_a_sheet_takes_the_place_of_what_was_saved_by_link():
    conversation = asked()
    saved(conversation, {"q1": "1", "q2": "1"}, send=False)

    keyed_in(conversation, {"q1": "4"})

    opinion = queries.organ_opinions([conversation.case_id])[0]
    assert (opinion.q1, opinion.q2, Response.objects.count()) == (4, None, 1)


def test_a_sheet_that_came_in_time_is_in_time_however_late_it_is_keyed_in():
    conversation = asked()
    sent(conversation)

    response = keyed_in(conversation, now=NOW + 50 * DAY, received_on=(NOW + 45 * DAY).date())

    response.refresh_from_db()
    assert not response.late


# --- no answer


def test_a_unit_that_declines_is_asked_no_more():
    conversation = asked()
    user = factories.user()

    services.end_asking(user=user, conversation=conversation, outcome=ErrandOutcome.REFUSED, now=NOW)

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.STOPPED
    with pytest.raises(ConversationOver):
        keyed_in(conversation)


def test_a_letter_that_came_back_reached_nobody_and_a_sheet_may_still_come():
    conversation = asked()
    user = factories.user()

    services.end_asking(user=user, conversation=conversation, outcome=ErrandOutcome.RETURNED, now=NOW)

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.UNREACHABLE
    assert keyed_in(conversation).receipt


def test_what_was_answered_is_over():
    conversation = asked()
    keyed_in(conversation)

    for outcome in (ErrandOutcome.REFUSED, ErrandOutcome.RETURNED):
        with pytest.raises(ConversationOver):
            services.end_asking(user=factories.user(), conversation=conversation, outcome=outcome, now=NOW)


@pytest.mark.parametrize("outcome", [ErrandOutcome.SENT, ErrandOutcome.DECEASED])
def test_other_ends_are_none_of_an_organ_s(outcome):
    with pytest.raises(InvalidInput):
        services.end_asking(user=factories.user(), conversation=asked(), outcome=outcome, now=NOW)


def test_the_source_applies_once_the_letter_has_left_or_an_answer_came():
    centre = asking_centre()
    gone = asked(centre)
    sent(gone)
    waiting, answered = asked(centre), asked(centre)
    saved(answered, GOOD)

    found = queries.asked_organs([row.case_id for row in (waiting, gone, answered)])

    assert found == {gone.case_id, answered.case_id}
