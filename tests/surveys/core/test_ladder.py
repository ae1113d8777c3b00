"""The lower rungs: telephone, visit, letter, paper form; from one to the next by itself."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import ContactReason, NumberOwner
from qa_service.cases.models import ContactPlan
from qa_service.common.errors import InvalidInput
from surveys import services, timing
from surveys.enums import Channel, ConversationState, ErrandOutcome, PhoneOutcome, StaffReason
from surveys.ladder import Person, next_rung, rungs_left, staff_rungs
from surveys.models import Conversation, OptOut
from surveys.services.contact.numbers import NewNumber
from tests import factories
from tests.factories import NOW
from tests.surveys import factories as rows

DAY = timedelta(days=1)
PEOPLE = st.builds(
    Person,
    sms_allowed=st.booleans(),
    phone_allowed=st.booleans(),
    visit_allowed=st.booleans(),
    paper_allowed=st.booleans(),
    has_number=st.booleans(),
    in_custody=st.booleans(),
)


@pytest.mark.parametrize(
    ("person", "rungs"),
    [
        ({}, [Channel.TELEPHONE, Channel.VISIT, Channel.PAPER]),
        ({"has_number": False}, [Channel.VISIT, Channel.PAPER]),
        ({"phone_allowed": False, "visit_allowed": False}, [Channel.PAPER]),
        ({"paper_allowed": False}, [Channel.TELEPHONE, Channel.VISIT]),
        ({"in_custody": True}, [Channel.LETTER, Channel.VISIT]),
        ({"in_custody": True, "visit_allowed": False}, [Channel.LETTER]),
        ({"phone_allowed": False, "visit_allowed": False, "paper_allowed": False}, []),
    ],
)
def test_the_rungs_of_staff_follow_the_contact_plan(person, rungs):
    assert list(staff_rungs(Person(sms_allowed=False, **person))) == rungs


@given(person=PEOPLE, start=st.sampled_from(Channel))
def test_falling_ends_and_never_stands_on_a_closed_rung_or_twice_on_one(person, start):
    stood = [start]
    while stood[-1] is not Channel.NONE:
        stood.append(next_rung(after=stood[-1], person=person))

    below = stood[1:-1]
    assert len(set(below)) == len(below)
    assert set(below) <= set(staff_rungs(person))


@given(person=PEOPLE, on=st.sampled_from(Channel))
def test_the_rungs_left_are_those_one_falls_through(person, on):
    count, at = 1, on
    while (at := next_rung(after=at, person=person)) is not Channel.NONE:
        count += 1

    assert rungs_left(on=on, person=person) == (count if on in staff_rungs(person) else 1)


@pytest.mark.parametrize(
    ("days", "left", "share"), [(21, 3, 7), (21, 2, 10.5), (10, 3, 10 / 3), (7, 3, 3), (3, 2, None), (21, 1, None)]
)
def test_each_rung_has_an_equal_share_of_the_time_left_and_three_days_at_least(days, left, share):
    lapses = timing.rung_lapses_at(since=NOW, closes_at=NOW + days * DAY, rungs_left=left)

    assert lapses == (None if share is None else NOW + share * DAY)


def on_the_telephone(**plan) -> Conversation:
    return rows.invited(plan={"sms_allowed": False} | plan)


def clerk(conversation: Conversation):
    return factories.user(Role.FOLLOW_UP, at=conversation.case.centre)


def standing(conversation: Conversation) -> tuple[str, str]:
    conversation.refresh_from_db()
    return conversation.channel, conversation.state


@pytest.mark.django_db
def test_a_rung_that_nobody_finished_gives_way_by_itself_down_to_the_paper_form():
    conversation = on_the_telephone()
    seen = []
    for day in range(21):
        services.lapse(now=NOW + day * DAY)
        services.lapse(now=NOW + day * DAY)
        seen.append(standing(conversation)[0])

    # Invited in the morning, closing at midnight after day 21: 21.6 days in three equal shares.
    assert [seen.count(channel) for channel in ("telephone", "visit", "paper")] == [8, 7, 6]
    changes = Entry.objects.filter(action="surveys.rung_changed").order_by("pk")
    assert [(entry.details["from"], entry.details["to"], entry.details["why"]) for entry in changes] == [
        ("telephone", "visit", "lapsed"),
        ("visit", "paper", "lapsed"),
    ]


@pytest.mark.django_db
def test_a_promised_call_is_waited_for():
    conversation = on_the_telephone()
    services.record_call(
        user=clerk(conversation),
        conversation=conversation,
        outcome=PhoneOutcome.CALL_BACK,
        call_back_at=NOW + 10 * DAY,
        now=NOW,
    )

    services.lapse(now=NOW + 8 * DAY)
    kept = standing(conversation)[0]
    services.lapse(now=NOW + 10 * DAY)

    assert (kept, standing(conversation)[0]) == ("telephone", "visit")


@pytest.mark.django_db
def test_an_urgent_matter_stays_on_the_telephone_list():
    conversation = on_the_telephone()
    Conversation.objects.update(urgent=True, staff_reason=StaffReason.TALK)

    services.lapse(now=NOW + 8 * DAY)

    assert standing(conversation) == ("telephone", "awaiting")


@pytest.mark.django_db
def test_the_last_rung_stays_until_closing():
    conversation = on_the_telephone(phone_allowed=False, needs_safety_check=True)

    services.lapse(now=NOW + 20 * DAY)

    assert (standing(conversation)[0], conversation.lapses_at) == ("visit", None)


@pytest.mark.django_db
def test_silence_after_the_last_text_of_who_may_not_be_telephoned_becomes_a_visit():
    conversation = rows.asked(plan={"phone_allowed": False})
    for day in (0, 3, 8, 11, 12):
        services.remind(now=NOW + day * DAY)
        services.deliver_next(now=NOW + day * DAY)

    assert standing(conversation) == ("visit", "awaiting")
    assert conversation.staff_reason == StaffReason.SILENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plan", "stands_on"),
    [
        ({}, ("visit", "awaiting")),
        ({"visit_allowed": False}, ("paper", "awaiting")),
        ({"visit_allowed": False, "needs_safety_check": True}, ("none", "unreachable")),
    ],
)
def test_a_number_that_does_not_exist_gives_way_at_once(plan, stands_on):
    conversation = on_the_telephone(**plan)

    services.record_call(user=clerk(conversation), conversation=conversation, outcome=PhoneOutcome.INVALID, now=NOW)

    assert standing(conversation) == stands_on


@pytest.mark.django_db
def test_calls_that_nobody_answers_give_way_to_a_visit():
    conversation = on_the_telephone()
    for _call in range(5):
        services.record_call(
            user=clerk(conversation), conversation=conversation, outcome=PhoneOutcome.NO_ANSWER, now=NOW
        )

    assert standing(conversation) == ("visit", "awaiting")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcomes", "stands_on"),
    [
        (["not_the_person"], "telephone"),
        (["not_the_person", "no_answer", "not_the_person"], "visit"),
        # Another number was learnt in between: the calls to the former one say nothing of it.
        (["not_the_person", "invalid", "not_the_person"], "telephone"),
    ],
)
def test_who_answers_for_somebody_else_twice_is_rung_no_more(outcomes, stands_on):
    conversation = on_the_telephone()
    learnt = NewNumber(phone="13900000001", owner=NumberOwner.FAMILY)

    for day, outcome in enumerate(outcomes):
        services.record_call(
            user=clerk(conversation),
            conversation=conversation,
            outcome=PhoneOutcome(outcome),
            number=learnt if outcome == "invalid" else None,
            now=NOW + day * DAY,
        )

    assert standing(conversation) == (stands_on, "awaiting")


def errand(conversation: Conversation, outcome: ErrandOutcome, **given):
    return services.record_errand(
        user=clerk(conversation), conversation=conversation, outcome=outcome, **({"now": NOW} | given)
    )


def to_visit(**plan) -> Conversation:
    return on_the_telephone(phone_allowed=False, **plan)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcomes", "stands_on"),
    [
        (["nobody_home"], ("visit", "awaiting")),
        (["nobody_home", "nobody_home"], ("paper", "awaiting")),
        (["moved"], ("paper", "awaiting")),
        (["sent"], ("paper", "awaiting")),
        (["sent", "returned"], ("none", "unreachable")),
        (["refused"], ("visit", "stopped")),
        (["deceased"], ("visit", "unreachable")),
    ],
)
def test_what_became_of_a_visit_decides_what_follows(outcomes, stands_on):
    conversation = to_visit()

    for outcome in outcomes:
        errand(conversation, ErrandOutcome(outcome))

    assert standing(conversation) == stands_on


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["telephone", "visit"])
def test_of_somebody_who_has_died_nobody_asks_the_family_again(by):
    conversation = on_the_telephone(phone_allowed=by == "telephone")
    another = factories.case(conversation.case.centre, client=conversation.recipient)

    if by == "telephone":
        services.record_call(
            user=clerk(conversation), conversation=conversation, outcome=PhoneOutcome.DECEASED, now=NOW
        )
    else:
        errand(conversation, ErrandOutcome.DECEASED)
    services.invite_due(now=NOW + 31 * DAY)

    assert standing(conversation) == (by, "unreachable")
    assert standing(Conversation.objects.get(case=another)) == ("none", "unreachable")
    assert ContactPlan.objects.get(client=conversation.recipient).reason == ContactReason.DECEASED


@pytest.mark.django_db
def test_what_else_somebody_who_has_died_was_asked_ends_too():
    conversation = on_the_telephone()
    another = factories.case(conversation.case.centre, client=conversation.recipient)
    services.invite_due(now=NOW + 31 * DAY)

    services.record_call(
        user=clerk(conversation),
        conversation=Conversation.objects.get(case=another),
        outcome=PhoneOutcome.DECEASED,
        now=NOW + 31 * DAY,
    )

    assert standing(conversation) == ("telephone", "unreachable")


@pytest.mark.django_db
def test_a_form_that_was_sent_is_waited_for_and_one_that_came_back_is_not():
    conversation = on_the_telephone(reason="in_custody")

    errand(conversation, ErrandOutcome.SENT)
    sent = (*standing(conversation), conversation.sent_out_at)
    errand(conversation, ErrandOutcome.RETURNED)

    assert sent == ("letter", "awaiting", NOW)
    assert (*standing(conversation), conversation.sent_out_at) == ("visit", "awaiting", None)


@pytest.mark.django_db
def test_another_visit_is_promised_for_a_time_still_to_come():
    conversation = to_visit()

    with pytest.raises(InvalidInput):
        errand(conversation, ErrandOutcome.COME_AGAIN, again_at=NOW - DAY)
    errand(conversation, ErrandOutcome.COME_AGAIN, again_at=NOW + DAY)

    conversation.refresh_from_db()
    assert conversation.call_back_at == NOW + DAY


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", [ErrandOutcome.NOBODY_HOME, ErrandOutcome.COME_AGAIN])
def test_nobody_opens_the_door_to_a_letter(outcome):
    conversation = on_the_telephone(reason="in_custody")

    with pytest.raises(InvalidInput):
        errand(conversation, outcome, again_at=NOW + DAY)


@pytest.mark.django_db
def test_what_stands_on_the_telephone_list_is_no_errand():
    with pytest.raises(services.ConversationOver):
        errand(on_the_telephone(), ErrandOutcome.MOVED)


@pytest.mark.django_db
def test_who_declines_at_the_door_without_a_number_stops_nobody_else():
    conversation = rows.invited(client=factories.client(factories.centre(), phone=""))
    Conversation.objects.update(phone_index="")

    errand(conversation, ErrandOutcome.REFUSED)

    assert OptOut.objects.count() == 0


@pytest.mark.django_db
def test_a_sheet_of_paper_does_not_go_to_a_home_where_somebody_is_to_be_feared():
    conversation = on_the_telephone(needs_safety_check=True)
    for day in range(21):
        services.lapse(now=NOW + day * DAY)

    assert standing(conversation) == ("visit", ConversationState.AWAITING)
