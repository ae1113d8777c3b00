"""Guards that nothing else would miss: each by itself, the pure ones without a database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from qa_service.accounts.enums import Role
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Client, ContactPlan
from qa_service.common.errors import Conflict
from qa_service.common.workdays import Calendar
from surveys import services
from surveys.enums import (
    Channel,
    ConsentWay,
    ConversationState,
    Direction,
    MessageState,
    OptOutSource,
    RecoveryAct,
    StaffReason,
)
from surveys.limits import Allowed, Counted, CountryLimit, Limit, limit_reached
from surveys.models import Conversation, Message, OptOut, Response
from surveys.recovery import MOST_ATTEMPTS
from surveys.services.answering.interviews import begin_interview
from surveys.services.contact.numbers import NewNumber, take_number
from surveys.services.delivering.flights import Flight, NotSent
from surveys.services.inviting.rungs import hand_over
from surveys.services.matters.recoveries import RecoveryMoved
from surveys.sms import twilio
from surveys.sms.base import Receipt, Sms
from surveys.sms.memory import Memory
from surveys.timing import Hours, next_office_hour
from tests import factories
from tests.factories import NOW
from tests.fakes.twilio import Fake
from tests.surveys.faces import rows
from tests.surveys.factories import asked, invited
from tests.surveys.recovering import office, step, unhappy

SHANGHAI = ZoneInfo("Asia/Shanghai")


# --- without a database ----------------------------------------------------------------------------------------------


@dataclass
class Carrier(Memory):
    """One through which several texts fly at once."""

    name: str = "carrier"
    valid: list[int] = field(default_factory=list)

    def send(self, sms: Sms) -> Receipt:
        self.valid.append(sms.valid_for)
        return Receipt(sid=sms.reference)


@pytest.mark.parametrize(
    ("valid_for", "waited", "left"), [(60, 0.0, [60]), (60, 45.9, [15]), (60, 59.0, [1]), (60, 60.0, []), (0, 0.0, [])]
)
def test_the_time_a_text_spent_in_its_group_is_taken_off_the_time_it_may_be_on_its_way(
    valid_for: int, waited: float, left: list[int]
) -> None:
    carrier = Carrier()
    flight = Flight(carrier, began=100.0, last_moment=1000.0, monotonic=lambda: 100.0 + waited)

    (outcome,) = flight.fly([Sms(reference="r", to="+85251234567", body="", valid_for=valid_for)])

    assert carrier.valid == left
    assert isinstance(outcome, NotSent) is not bool(left)


def test_a_country_has_a_month_s_limit_of_its_own() -> None:
    allowed = Allowed(a_day=100, a_month=100, countries={852: CountryLimit(50, 3)})

    reached = [limit_reached(allowed, Counted(day={}, month={852: sent}), country=852) for sent in (2, 3)]

    assert reached == [None, Limit.COUNTRY_MONTH]


def test_offices_work_on_a_saturday_that_makes_up_for_a_holiday() -> None:
    saturday = date(2026, 11, 21)
    hours = Hours(zone=SHANGHAI)
    friday_night = datetime(2026, 11, 20, 13, tzinfo=UTC)
    plain, made_up = (Calendar(frozenset({2026}), days) for days in ({}, {saturday: True}))

    assert next_office_hour(friday_night, hours=hours, calendar=plain).date() == date(2026, 11, 23)
    assert next_office_hour(friday_night, hours=hours, calendar=made_up) == datetime.combine(
        saturday, time(9), tzinfo=SHANGHAI
    )


# --- with one --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_number_that_the_gateway_has_come_to_refuse_is_not_texted_at_the_last_look(gateway: Memory) -> None:
    conversation = invited()
    assert conversation.recipient is not None
    gateway.refused = {conversation.recipient.phone: "export_not_assessed"}

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (Message.objects.get().state, gateway.outbox) == (MessageState.SUPPRESSED, [])
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.NUMBER_REFUSED)


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "lifted"), [("word", 1), ("provider", 1), ("web", 0), ("staff", 0)])
def test_start_lifts_what_the_number_itself_said_by_whichever_way(source: str, lifted: int) -> None:
    OptOut.objects.create(phone_index="x", source=OptOutSource(source), at=NOW)

    assert services.opt_in(phone_index="x", now=NOW) == lifted


@pytest.mark.django_db
def test_what_is_urgent_stays_on_the_telephone_list_where_no_way_is_open() -> None:
    conversation = asked()
    ContactPlan.objects.update(sms_allowed=False, phone_allowed=False, visit_allowed=False, letter_allowed=False)

    for reason, channel in ((StaffReason.SILENT, Channel.NONE), (StaffReason.DANGER, Channel.TELEPHONE)):
        hand_over(conversation, reason=reason, now=NOW)
        assert conversation.channel == channel


@pytest.mark.django_db
def test_the_distance_between_two_texts_counts_from_when_the_first_left() -> None:
    asked()
    # It was due on the first day, and a provider that was away took it two days later.
    Message.objects.update(sent_at=NOW + timedelta(days=2))

    early, late = (services.remind(now=NOW + timedelta(days=days)) for days in (3, 5))

    assert ((early.by_text, early.put_off), (late.by_text, late.put_off)) == ((0, 1), (1, 0))


@pytest.mark.django_db
def test_neither_link_nor_code_of_the_old_number_opens_anything_once_it_is_corrected() -> None:
    conversation = asked()
    Conversation.objects.update(link_digest="l", code_digest="c")
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)

    take_number(conversation, NewNumber("+85251234567", NumberOwner.CLIENT), told_by_client=True, user=user, now=NOW)

    assert Conversation.objects.values_list("link_digest", "code_digest").get() == (None, None)
    assert Message.objects.filter(direction=Direction.OUT).exists()


@pytest.mark.django_db
def test_a_client_is_in_one_clerk_s_hands_for_half_an_hour() -> None:
    conversation = invited(settings={"sms_enabled": False})
    first, second = (factories.user(Role.FOLLOW_UP, at=conversation.case.centre) for _clerk in range(2))
    begin_interview(user=first, conversation=conversation, now=NOW)

    with pytest.raises(Conflict):
        begin_interview(user=second, conversation=conversation, now=NOW + timedelta(minutes=29))

    begin_interview(user=second, conversation=conversation, now=NOW + timedelta(minutes=30))


@pytest.mark.django_db
def test_the_lawyer_is_asked_nothing_while_nobody_has_spoken_with_the_client() -> None:
    place = office()
    alert = unhappy(place)
    for act in (RecoveryAct.TAKE, *[RecoveryAct.MISS] * MOST_ATTEMPTS, RecoveryAct.VERIFY):
        step(place.staff, alert, act)

    with pytest.raises(RecoveryMoved):
        services.put_to_lawyer(
            user=place.staff, alert=alert, consented_on=NOW.date(), consent_by=ConsentWay.TELEPHONE, text="请说明。",
            now=NOW,
        )  # fmt: skip


@pytest.mark.django_db
def test_who_wants_to_be_left_alone_is_texted_on_neither_of_their_numbers() -> None:
    conversation = asked()
    Conversation.objects.update(state=ConversationState.STOPPED)
    Client.objects.update(phone_index="of today")
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)

    services.note_afterwards(user=user, conversation=conversation, heard=(), leave_alone=True, now=NOW)

    assert set(OptOut.objects.values_list("phone_index", flat=True)) == {conversation.phone_index, "of today"}


@pytest.mark.django_db
def test_an_answer_on_the_web_after_the_closing_day_is_stamped_late() -> None:
    _talk, key = rows.asked()

    with time_machine.travel(NOW + timedelta(days=22), tick=False):
        rows.go_through(rows.begin(key), key, rows.SATISFIED)

    response = Response.objects.get()
    assert (response.finished_at, response.late) == (NOW + timedelta(days=22), True)


@pytest.mark.django_db
@pytest.mark.parametrize(("valid_for", "said"), [(1234, 1234), (40_000, 36_000), (0, 1)])
def test_the_provider_is_told_how_long_a_text_may_be_on_its_way(provider: Fake, valid_for: int, said: int) -> None:
    twilio.gateway().send(Sms(reference="r", to="+85251234567", body="您好", valid_for=valid_for))

    assert [int(kept.request["ValidityPeriod"]) for kept in provider.messages] == [said]
