"""How many texts a centre sends in a day and a month, to which countries, and who hears when something is odd."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, parse

from qa_service.accounts.enums import Role
from qa_service.common.phones import country_code
from qa_service.notifications.models import Notification
from qa_service.notifications.services import rendered
from qa_service.organisations.countries import CountryLimit, NotCountries, read_countries
from qa_service.organisations.models import CentreSettings, Organisation
from surveys import services
from surveys.enums import Channel, MessageKind, MessageState, StaffReason, WarningKind
from surveys.limits import Allowed, Counted, Limit, admitted, first_day_after
from surveys.models import Conversation, Message, SendingWarning, TextCount
from surveys.sms.base import SmsError, Verdict
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.fakes.twilio import Fake
from tests.surveys.factories import case_to_ask, questionnaires, reply

TOMORROW = NOW + timedelta(days=1)


# --- the list of countries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("86", {86: CountryLimit()}),
        ("86, 852, 853", {86: CountryLimit(), 852: CountryLimit(), 853: CountryLimit()}),
        ("＋８６，852=50/1000、 853", {86: CountryLimit(), 852: CountryLimit(50, 1000), 853: CountryLimit()}),
        ("852 = 50 / 1000", {852: CountryLimit(50, 1000)}),
        ("", {}),
    ],
)
def test_countries_are_read_as_people_write_them(said: str, read: dict[int, CountryLimit]) -> None:
    assert read_countries(said) == read


@pytest.mark.parametrize(
    ("said", "entry"),
    [("86, 86", "86"), ("999", "999"), ("China", "China"), ("852=50", "852=50"), ("852=-1/2", "852=-1/2"), ("0", "0")],
)
def test_what_is_no_country_is_named(said: str, entry: str) -> None:
    with pytest.raises(NotCountries) as wrong:
        read_countries(said)
    assert wrong.value.entry == entry
    with pytest.raises(ValidationError):
        CentreSettings(text_countries=said).clean_fields(exclude=["centre"])


@given(st.sampled_from(sorted(COUNTRY_CODE_TO_REGION_CODE)), st.integers(min_value=10_000_000, max_value=99_999_999))
def test_the_country_of_a_number_is_the_one_the_library_finds(code: int, rest: int) -> None:
    number = f"+{code}{rest}"

    assert country_code(number) == parse(number, None).country_code


# --- the rule ---------------------------------------------------------------------------------------------------------


@given(
    st.integers(min_value=1, max_value=6),
    st.integers(min_value=1, max_value=9),
    st.lists(st.tuples(st.sampled_from([86, 852, 853]), st.integers(min_value=0, max_value=9)), max_size=40),
)
def test_no_limit_is_ever_exceeded_and_none_holds_back_without_need(
    a_day: int, a_month: int, asked: list[tuple[int, int]]
) -> None:
    allowed = Allowed(a_day, a_month, {86: CountryLimit(), 852: CountryLimit(2, 3), 853: CountryLimit()})
    counted = Counted(day={}, month={})
    texts = [(country, draw == 0) for country, draw in asked]

    verdicts = admitted(texts, allowed=allowed, counted=counted)

    gone = [country for (country, _always), verdict in zip(texts, verdicts, strict=True) if verdict is None]
    always = sum(always for _country, always in texts)
    assert len(gone) <= min(a_day, a_month) + always
    assert counted.day == {country: gone.count(country) for country in set(gone)}
    assert gone.count(852) <= 2 + sum(always for country, always in texts if country == 852)
    if None not in verdicts[-1:] and verdicts:
        assert len(gone) >= min(a_day, a_month) or gone.count(852) >= 2


@pytest.mark.parametrize(
    ("limit", "today", "then"),
    [
        (Limit.DAY, date(2026, 11, 30), date(2026, 12, 1)),
        (Limit.COUNTRY_DAY, date(2026, 12, 31), date(2027, 1, 1)),
        (Limit.MONTH, date(2026, 1, 31), date(2026, 2, 1)),
        (Limit.COUNTRY_MONTH, date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_day_s_limit_ends_with_the_day_and_a_month_s_with_the_month(limit: Limit, today: date, then: date) -> None:
    assert first_day_after(limit, today=today) == then


# --- the centre -------------------------------------------------------------------------------------------------------


def a_centre(**settings: Any) -> Organisation:
    questionnaires()
    return factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0} | settings)


def invite(at: Organisation, count: int, *, code: str = "+8525", now: datetime = NOW) -> None:
    first = Conversation.objects.count()
    for number in range(first, first + count):
        case_to_ask(at=at, client=factories.client(at, phone=f"{code}{number:07d}"), survey_released_at=now)
    services.invite_due(now=now)


def deliver(now: datetime = NOW) -> None:
    while services.deliver(most=8, now=now).deliveries:
        pass


def waiting() -> list[tuple[str, datetime]]:
    rows = Message.objects.filter(state=MessageState.QUEUED).order_by("pk")
    return list(rows.values_list("error_code", "not_before"))


MIDNIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)  # where the centre is


@pytest.mark.django_db
def test_the_first_text_above_the_day_s_limit_waits_for_the_next_day_and_is_not_lost(gateway: Memory) -> None:
    invite(a_centre(texts_a_day=3), 4)

    deliver()
    held, sent_today = waiting(), len(gateway.outbox)
    deliver(TOMORROW)

    assert (sent_today, held) == (3, [(Limit.DAY, MIDNIGHT)])
    assert (len(gateway.outbox), waiting()) == (4, [])


@pytest.mark.django_db
def test_the_first_text_above_the_month_s_limit_waits_for_the_next_month(gateway: Memory) -> None:
    invite(a_centre(texts_a_month=3), 4)

    deliver()
    deliver(TOMORROW)
    held, in_november = waiting(), len(gateway.outbox)
    deliver(NOW + timedelta(days=12))

    assert (in_november, held) == (3, [(Limit.MONTH, datetime(2026, 11, 30, 16, tzinfo=UTC))])
    assert len(gateway.outbox) == 4


@pytest.mark.django_db
def test_a_country_with_limits_of_its_own_holds_up_no_other(gateway: Memory) -> None:
    centre = a_centre(text_countries="86, 852=1/10")
    invite(centre, 2)
    invite(centre, 2, code="+86170000")

    deliver()

    assert sorted(sms.to[:4] for sms in gateway.outbox) == ["+852", "+861", "+861"]
    assert waiting() == [(Limit.COUNTRY_DAY, MIDNIGHT)]


@pytest.mark.django_db
def test_one_centre_s_limit_is_not_another_s(gateway: Memory) -> None:
    invite(a_centre(texts_a_day=1), 2)
    invite(a_centre(texts_a_day=5), 2)

    deliver()

    assert len(gateway.outbox) == 3


@pytest.mark.django_db
def test_whoever_says_stop_is_told_so_whatever_the_limit(gateway: Memory) -> None:
    centre = a_centre(texts_a_day=2)
    invite(centre, 3)
    deliver()
    conversation = Conversation.objects.order_by("pk")[0]

    reply(conversation, "T")
    deliver()

    assert Message.objects.get(kind=MessageKind.STOPPED).state == MessageState.ACCEPTED
    assert TextCount.objects.get(country=0).texts == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verdict", "counted"),
    [(Verdict.OK_TO_RETRY, 0), (Verdict.HALT, 0), (Verdict.PERMANENT, 0), (Verdict.UNKNOWN, 1)],
)
def test_only_a_text_that_left_or_may_have_left_is_counted(gateway: Memory, verdict: Verdict, counted: int) -> None:
    invite(a_centre(), 1)
    gateway.faults = [SmsError(verdict, "code")]

    deliver()

    assert dict(TextCount.objects.values_list("country", "texts")) == {0: counted, 852: counted}


@pytest.mark.django_db
def test_a_limit_that_is_raised_lets_what_waits_go_the_same_day(gateway: Memory) -> None:
    centre = a_centre(texts_a_day=1)
    invite(centre, 4)
    deliver()
    nothing = services.resume_held(now=NOW)
    CentreSettings.objects.filter(centre=centre).update(texts_a_day=3)

    brought = services.resume_held(now=NOW)
    deliver()

    assert (nothing, brought, len(gateway.outbox)) == (0, 2, 3)
    assert waiting() == [(Limit.DAY, MIDNIGHT)]


@pytest.mark.django_db
def test_a_country_s_limit_that_is_raised_does_too(gateway: Memory) -> None:
    centre = a_centre(text_countries="852=1/10")
    invite(centre, 2)
    deliver()
    nothing = services.resume_held(now=NOW)
    CentreSettings.objects.filter(centre=centre).update(text_countries="852=2/10")

    services.resume_held(now=NOW)
    deliver()

    assert (nothing, len(gateway.outbox)) == (0, 2)


@pytest.mark.django_db
def test_the_day_is_the_centre_s_own(gateway: Memory) -> None:
    """At 17:30 UTC it is the next day in Shanghai; there the day's limit begins anew."""
    centre = a_centre(texts_a_day=1, contact_closes="23:59")
    invite(centre, 1)
    deliver(NOW)
    evening = MIDNIGHT - timedelta(minutes=30)
    invite(centre, 1, now=evening)
    deliver(evening)

    assert waiting() == [(Limit.DAY, MIDNIGHT)]
    assert TextCount.objects.get(country=0).day == date(2026, 11, 20)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_no_text_above_the_limit(provider: Fake) -> None:
    invite(a_centre(texts_a_day=11), 30)

    workers = [threading.Thread(target=swept_elsewhere) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (len(provider.messages), TextCount.objects.get(country=0).texts) == (11, 11)
    assert len(waiting()) == 19


def swept_elsewhere() -> None:
    while services.deliver(most=3, now=NOW).deliveries:
        pass
    connections.close_all()


# --- countries that are not texted ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_client_with_a_number_of_another_country_is_telephoned(gateway: Memory) -> None:
    invite(a_centre(), 1, code="+44790")

    deliver()

    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.COUNTRY)
    assert gateway.outbox == []


@pytest.mark.django_db
def test_a_country_that_was_taken_off_the_list_meanwhile_is_heeded_at_sending(gateway: Memory) -> None:
    invite(a_centre(), 1)
    CentreSettings.objects.update(text_countries="86")

    deliver()

    message, conversation = Message.objects.get(), Conversation.objects.get()
    assert (message.state, message.error_code, gateway.outbox) == (MessageState.SUPPRESSED, "country_not_texted", [])
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.COUNTRY)


# --- who hears of it --------------------------------------------------------------------------------------------------


def told(user: Any) -> list[str]:
    with override("en"):
        return [rendered(row) for row in Notification.objects.filter(user=user).order_by("pk")]


@pytest.mark.django_db
def test_a_file_full_of_foreign_numbers_sends_nothing_and_is_told_of_once(gateway: Memory) -> None:
    centre = a_centre()
    manager, operator = (factories.user(role, at=centre) for role in (Role.MANAGER, Role.OPERATOR))
    elsewhere = factories.user(Role.MANAGER, at=factories.centre())
    invite(centre, 20, code="+24390")

    deliver()
    services.watch_sending(now=NOW)
    services.watch_sending(now=NOW)

    assert gateway.outbox == []
    sentence = (
        f"Clients of {centre.name} in one day with numbers of countries that it does not text: 20. "
        "Look at what was imported."
    )
    assert told(manager) == told(operator) == [sentence]
    assert told(elsewhere) == []
    assert SendingWarning.objects.get().kind == WarningKind.PUMPING


@pytest.mark.django_db
def test_a_few_foreign_numbers_are_no_matter() -> None:
    invite(a_centre(), 19, code="+24390")

    assert services.watch_sending(now=NOW) == 0


@pytest.mark.django_db
def test_a_limit_that_is_reached_is_told_to_those_who_can_raise_it_and_again_the_next_day(gateway: Memory) -> None:
    centre = a_centre(texts_a_day=1)
    manager = factories.user(Role.MANAGER, at=centre)
    invite(centre, 4)
    deliver()

    services.watch_sending(now=NOW)
    services.watch_sending(now=NOW)
    deliver(TOMORROW)
    services.watch_sending(now=TOMORROW)

    assert told(manager) == [
        f"A limit of {centre.name} is reached. Texts that wait: 3.",
        f"A limit of {centre.name} is reached. Texts that wait: 2.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("verdict", "code"), [(Verdict.PERMANENT, "21408"), (Verdict.HALT, "30450")])
def test_a_provider_that_suspects_pumping_is_told_to_the_operator(gateway: Memory, verdict: Verdict, code: str) -> None:
    centre = a_centre()
    manager, operator = (factories.user(role, at=centre) for role in (Role.MANAGER, Role.OPERATOR))
    invite(centre, 1)
    gateway.faults = [SmsError(verdict, code)]
    deliver()

    services.watch_sending(now=NOW)

    sentence = (
        "Texts that the text service refused for their country, or because it suspects that somebody makes us text: 1."
    )
    assert (sentence in told(operator), told(manager)) == (True, [])


@pytest.mark.django_db
def test_a_provider_that_refuses_us_is_told_to_the_operator(gateway: Memory) -> None:
    centre = a_centre()
    operator = factories.user(Role.OPERATOR, at=centre)
    invite(centre, 1)
    gateway.faults = [SmsError(Verdict.HALT, "20003")]
    deliver()

    services.watch_sending(now=NOW)

    assert told(operator) == ["The text service refuses every text, so sending rests. Look at its account."]


@pytest.mark.django_db
@pytest.mark.parametrize(("filtered", "of", "expected"), [(5, 10, 1), (4, 10, 0), (5, 300, 0)])
def test_carriers_that_filter_more_than_one_text_in_fifty_are_told_of(filtered: int, of: int, expected: int) -> None:
    centre = a_centre()
    operator = factories.user(Role.OPERATOR, at=centre)
    invite(centre, filtered)
    deliver()
    for sid in Message.objects.values_list("sid", flat=True):
        services.record_status(gateway="memory", sid=str(sid), status="undelivered", error_code="30007", now=NOW)
    TextCount.objects.filter(country=0).update(texts=of)

    services.watch_sending(now=NOW)

    assert len(told(operator)) == expected
